/* The timetable a network is built with. */
#ifndef STUDY_BUILD_TIMETABLE_H
#define STUDY_BUILD_TIMETABLE_H

#include "hourshed/study.h"

/* Feeds and rail of the request as one timetable (on the heap); *any is false where it names none.
 * What is wrong goes to issues (HSD_E_FORMAT); what is only odd is logged. */
hsd_status hsd_build_timetable(const hsd_build_request *request, const hsd_run *run,
                               hsd_timetable *out, bool *any, hsd_issues *issues, hsd_error *err);

/* Rows of proposals become rows of the timetable itself: a feed of that name after the `read` ones
 * that are no proposal's. The name gets "-2" ... where one of those has it. O(rows). */
hsd_status hsd_timetable_settle(const hsd_timetable *with_proposals, size_t read,
                                const char *feed_name, hsd_timetable *out, hsd_error *err);
#endif
