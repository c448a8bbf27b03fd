/* Minutes of trains from speeds: docs/methods.md, 12. */
#ifndef SCENARIO_RAIL_MINUTES_H
#define SCENARIO_RAIL_MINUTES_H

#include "hourshed/read.h"

/* How trains of a kind make use of a design speed. */
typedef struct hsd_train_pace {
    double running_share;     /* of the design speed that is kept under way */
    double speed_change_s2_m; /* 1/a + 1/b: of speeding up and of braking */
    double dwell_s;
} hsd_train_pace;
hsd_train_pace hsd_train_pace_of(hsd_ride_kind kind, double speed_kmh);

/* Seconds from standing to standing over length_m at a design speed. */
double hsd_train_run_s(const hsd_train_pace *pace, double length_m, double speed_kmh);
/* What one more stop costs at full speed, without the dwell. */
double hsd_train_stop_loss_s(const hsd_train_pace *pace, double speed_kmh);
/* Where nobody says one. */
double hsd_train_speed_kmh(hsd_ride_kind kind);
#endif
