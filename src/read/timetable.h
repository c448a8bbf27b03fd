/* The one block behind a timetable made on the heap. Private to read/ and scenario/. */
#ifndef READ_TIMETABLE_H
#define READ_TIMETABLE_H

#include "hourshed/read.h"

/* Arrays of zeros for the counts of the table (day_words too), in one block that is its storage;
 * hsd_timetable_finish frees it. */
hsd_status hsd_timetable_alloc(hsd_timetable *timetable, hsd_error *err);
#endif
