/* What info says of a timetable. */
#ifndef STUDY_INFO_TIMETABLE_H
#define STUDY_INFO_TIMETABLE_H

#include "base/text.h"
#include "hourshed/net.h"

/* The key "timetable" into an open object: feeds, counts, trips of every date; with `date` (a day,
 * or NULL) the key "date" besides, or an error where nothing runs. */
hsd_status hsd_info_timetable(hsd_json *json, const hsd_timetable *timetable, const int32_t *date,
                              hsd_error *err);
#endif
