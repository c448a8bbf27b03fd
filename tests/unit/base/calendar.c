/* Dates and time zones. Offsets by hand, from the laws of the places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/calendar.h"
#include "base/memory.h"

static void days_and_dates_are_inverse(void **state) {
    (void)state;
    assert_int_equal(hsd_day_of_date(1970, 1, 1), 0);
    assert_int_equal(hsd_day_of_date(2000, 3, 1), 11017);
    assert_int_equal(hsd_day_of_date(1969, 12, 31), -1);
    assert_int_equal(hsd_weekday(0), 3);
    assert_int_equal(hsd_weekday(hsd_day_of_date(2024, 9, 29)), 6);
    assert_int_equal(hsd_weekday(-4), 6);
    int y = 1600, m = 1, d = 1;
    for (int32_t day = hsd_day_of_date(1600, 1, 1); day < 200000; day++) { /* counted on */
        int yy, mm, dd;
        hsd_date_of_day(day, &yy, &mm, &dd);
        if (yy != y || mm != m || dd != d || hsd_day_of_date(y, m, d) != day)
            fail_msg("day %d: %d-%d-%d, expected %d-%d-%d", day, yy, mm, dd, y, m, d);
        if (++d > hsd_days_in_month(y, m)) d = 1, m++;
        if (m > 12) m = 1, y++;
    }
    assert_int_equal(hsd_days_in_month(1900, 2), 28);
    assert_int_equal(hsd_days_in_month(2000, 2), 29);
}

static int32_t offset(const char *zone, int year, int month, int day) {
    int32_t seconds = 1;
    if (!hsd_zone_offset_s(zone, hsd_day_of_date(year, month, day), &seconds))
        fail_msg("no offset of %s", zone);
    return seconds;
}

static void zones_follow_the_laws_of_their_places(void **state) {
    (void)state;
    assert_int_equal(offset("Asia/Shanghai", 2024, 7, 1), 8 * 3600);
    assert_int_equal(offset("Asia/Shanghai", 1988, 7, 1), 9 * 3600); /* summer time then */
    assert_int_equal(offset("Asia/Kolkata", 2024, 7, 1), 19800);
    assert_int_equal(offset("America/Sao_Paulo", 2019, 2, 15), -2 * 3600); /* the last summer */
    assert_int_equal(offset("America/Sao_Paulo", 2019, 2, 17), -3 * 3600);
    assert_int_equal(offset("America/Los_Angeles", 2024, 3, 9), -8 * 3600);
    assert_int_equal(offset("America/Los_Angeles", 2024, 3, 10), -7 * 3600); /* noon of the day */
    assert_int_equal(offset("America/Los_Angeles", 2024, 11, 2), -7 * 3600);
    assert_int_equal(offset("America/Los_Angeles", 2024, 11, 3), -8 * 3600);
    assert_int_equal(offset("UTC", 2024, 11, 3), 0);
    assert_int_equal(offset("Etc/GMT+5", 2024, 11, 3), -5 * 3600);
}

static void years_past_the_table_follow_its_rule(void **state) {
    (void)state; /* 2040: second Sunday of March is the 11th, first of November the 4th */
    assert_int_equal(offset("America/Los_Angeles", 2040, 3, 10), -8 * 3600);
    assert_int_equal(offset("America/Los_Angeles", 2040, 3, 11), -7 * 3600);
    assert_int_equal(offset("America/Los_Angeles", 2040, 11, 3), -7 * 3600);
    assert_int_equal(offset("America/Los_Angeles", 2040, 11, 4), -8 * 3600);
    /* last Sundays: 2040-03-25, 2040-10-28 */
    assert_int_equal(offset("Europe/Berlin", 2040, 3, 24), 3600);
    assert_int_equal(offset("Europe/Berlin", 2040, 3, 25), 7200);
    assert_int_equal(offset("Europe/Berlin", 2040, 10, 27), 7200);
    assert_int_equal(offset("Europe/Berlin", 2040, 10, 28), 3600);
    /* the south: summer over the new year; first Sundays 2040-04-01 and 2040-10-07 */
    assert_int_equal(offset("Australia/Sydney", 2040, 1, 15), 11 * 3600);
    assert_int_equal(offset("Australia/Sydney", 2040, 3, 31), 11 * 3600);
    assert_int_equal(offset("Australia/Sydney", 2040, 4, 1), 10 * 3600);
    assert_int_equal(offset("Australia/Sydney", 2040, 10, 7), 11 * 3600);
    assert_int_equal(offset("Asia/Shanghai", 2040, 7, 1), 8 * 3600);
}

static void names_that_are_no_zone_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",          "../../../etc/passwd", "/etc/localtime", "Asia/",          "Asia",
        "Mars/Base", "Asia//Shanghai",      "zone.tab",       "Asia/Shanghai ", NULL};
    int32_t seconds;
    for (size_t i = 0; bad[i]; i++)
        if (hsd_zone_offset_s(bad[i], 0, &seconds)) fail_msg("\"%s\" passed", bad[i]);
    assert_false(hsd_zone_offset_s(NULL, 0, &seconds));
}

static void write_zone(const char *path, const char *data, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(data, 1, size, file);
    fclose(file);
}

static void a_file_cut_or_changed_anywhere_is_survived(void **state) {
    (void)state;
    static char data[8192], folder[] = "/tmp/hsd_zone_XXXXXX", path[64];
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    assert_non_null(file);
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    assert_true(size > 100 && size < sizeof data);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/Cut", folder);
    setenv("TZDIR", folder, 1);
    int32_t seconds;
    for (size_t cut = 0; cut < size; cut += cut < 200 || cut + 60 > size ? 1 : 37) {
        write_zone(path, data, cut);
        if (hsd_zone_offset_s("Cut", 30000, &seconds)) fail_msg("%zu bytes passed", cut);
    }
    for (size_t at = 0; at < size; at += at < 100 ? 1 : 29) { /* no answer, or a sane one */
        const char was = data[at];
        data[at] = (char)0xFF;
        write_zone(path, data, size);
        if (hsd_zone_offset_s("Cut", 30000, &seconds)) assert_in_range(abs(seconds), 0, 26 * 3600);
        data[at] = was;
    }
    write_zone(path, data, size);
    assert_true(hsd_zone_offset_s("Cut", 30000, &seconds));
    for (uint64_t n = 1; n <= 2; n++) {
        hsd_memory_fail_at(n);
        assert_false(hsd_zone_offset_s("Cut", 30000, &seconds));
    }
    hsd_memory_fail_at(0);
    unsetenv("TZDIR");
    unlink(path);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_are_inverse),
        cmocka_unit_test(zones_follow_the_laws_of_their_places),
        cmocka_unit_test(years_past_the_table_follow_its_rule),
        cmocka_unit_test(names_that_are_no_zone_are_refused),
        cmocka_unit_test(a_file_cut_or_changed_anywhere_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
