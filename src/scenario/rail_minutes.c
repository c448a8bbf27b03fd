/* The time model of trains. A train speeds up to a share of its design speed, runs, and brakes; on
 * short hops it brakes before it is there. What the two cost together was fitted on half of the
 * lines of the Chinese timetable of early 2016 and tried on 30 others (tests/real/stop_loss.py,
 * which fails when the constants here are not the fitted ones); the other kinds are usual values,
 * not fitted. docs/methods.md, 12, has the table and the errors. */
#include "scenario/rail_minutes.h"

#include <math.h>

/* Fitted, main lines above SUBURBAN_KMH; stop_loss.py reads these three lines. */
static const double RUNNING_SHARE = 0.80;
static const double SPEED_CHANGE = 9.2;
static const double TRAIN_DWELL_S = 135;

static const double SUBURBAN_KMH = 160; /* trains up to it speed up like a metro's */

hsd_train_pace hsd_train_pace_of(hsd_ride_kind kind, double speed_kmh) {
    switch (kind) {
    case HSD_RIDE_RAIL:
        if (speed_kmh <= SUBURBAN_KMH) return (hsd_train_pace){RUNNING_SHARE, 2.5, 40};
        break;
    case HSD_RIDE_BUS:
    case HSD_RIDE_TRAM:
        return (hsd_train_pace){0.60, 2.5, 20};
    case HSD_RIDE_METRO:
    case HSD_RIDE_OTHER:
        return (hsd_train_pace){0.85, 2.5, 30};
    case HSD_RIDE_FERRY:
        return (hsd_train_pace){0.90, 20, 300};
    case HSD_RIDE_HIGH_SPEED:
    case HSD_RIDE_KINDS:
        break;
    }
    return (hsd_train_pace){RUNNING_SHARE, SPEED_CHANGE, TRAIN_DWELL_S};
}

double hsd_train_run_s(const hsd_train_pace *pace, double length_m, double speed_kmh) {
    const double w = pace->running_share * speed_kmh / 3.6, k = pace->speed_change_s2_m;
    return length_m >= w * w * k / 2 ? length_m / w + w * k / 2 : sqrt(2 * length_m * k);
}

double hsd_train_stop_loss_s(const hsd_train_pace *pace, double speed_kmh) {
    return pace->running_share * speed_kmh / 3.6 * pace->speed_change_s2_m / 2;
}

double hsd_train_speed_kmh(hsd_ride_kind kind) {
    static const double speeds[HSD_RIDE_KINDS] = {
        [HSD_RIDE_BUS] = 40,   [HSD_RIDE_TRAM] = 50,        [HSD_RIDE_METRO] = 80,
        [HSD_RIDE_RAIL] = 160, [HSD_RIDE_HIGH_SPEED] = 300, [HSD_RIDE_FERRY] = 30,
        [HSD_RIDE_OTHER] = 30};
    return kind < HSD_RIDE_KINDS ? speeds[kind] : speeds[HSD_RIDE_OTHER];
}
