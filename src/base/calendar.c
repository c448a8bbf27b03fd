/* Days and dates: Howard Hinnant, "chrono-compatible low-level date algorithms" (years begin in
 * March, so that the leap day is the last of them; eras of 400 years). O(1). */
#include "base/calendar.h"

int32_t hsd_day_of_date(int year, int month, int day) {
    const int shifted = year - (month <= 2);
    const int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const int year_of_era = shifted - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void hsd_date_of_day(int32_t day, int *year, int *month, int *day_of_month) {
    const int64_t shifted = (int64_t)day + 719468;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int day_of_era = (int)(shifted - era * 146097);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int from_march = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = (int)(year_of_era + era * 400) + (*month <= 2);
}

int hsd_days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

int hsd_weekday(int32_t day) { /* 1970-01-01 was a Thursday */
    return (int)((((int64_t)day + 3) % 7 + 7) % 7);
}
