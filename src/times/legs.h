/* Lines of legs, for legs.c. */
#ifndef TIMES_LEGS_H
#define TIMES_LEGS_H

#include "times/departures.h"

/* Points of the leg being drawn: one like the last is left out. */
bool hsd_legs_add_point(hsd_legs *legs, hsd_lonlat at, hsd_error *err);
bool hsd_legs_add_track(hsd_legs *legs, const hsd_locator *locator, const hsd_track *track,
                        hsd_error *err);
/* A ride between two calls of a trip: along its shape, else straight from stop to stop. */
hsd_status hsd_legs_add_ride(hsd_legs *legs, const hsd_timetable *timetable, uint32_t trip,
                             uint32_t from_call, uint32_t to_call, hsd_error *err);
#endif
