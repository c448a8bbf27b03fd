/* Days of the Gregorian calendar, and how far a time zone is from UTC on one of them. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Days since 1970-01-01 of a date, and back (proleptic, any sign). The month is 1 to 12. */
int32_t hsd_day_of_date(int year, int month, int day);
void hsd_date_of_day(int32_t day, int *year, int *month, int *day_of_month);
int hsd_days_in_month(int year, int month);
int hsd_weekday(int32_t day); /* 0: Monday ... 6: Sunday */

/* Seconds a zone ("Asia/Shanghai") is ahead of UTC at noon by its own clock on a day since
 * 1970-01-01. Reads the system's zone file (TZDIR, else /usr/share/zoneinfo) each time: ask once a
 * zone and day. False: no such zone, a name that is no plain path below that folder, or a broken
 * file. Safe in threads. */
bool hsd_zone_offset_s(const char *name, int32_t day, int32_t *seconds);
#endif
