/* A timetable for people: feeds, counts, and the trips of a usual week with the dates that differ.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

static int weekday_of(int32_t day) {
    return ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
}

static void print_feeds(const hsd_timetable *t) {
    static const char *const titles[] = {"feed",  "time zone", "from",  "to",
                                         "stops", "lines",     "trips", "publisher"};
    cli_table *table = cli_table_create(titles, sizeof titles / sizeof titles[0]);
    for (uint32_t i = 0; i < t->feed_count; i++) {
        const hsd_feed_row *feed = &t->feeds[i];
        char from[11], to[11];
        size_t stops = 0, lines = 0, trips = 0;
        for (size_t s = 0; s < t->stop_count; s++) stops += t->stops[s].feed == i;
        for (size_t l = 0; l < t->line_count; l++) lines += t->lines[l].feed == i;
        for (size_t k = 0; k < t->trip_count; k++) trips += t->lines[t->trips[k].line].feed == i;
        hsd_day_text(feed->first_day, from);
        hsd_day_text(feed->last_day, to);
        cli_table_text(table, t->strings + feed->name);
        cli_table_text(table, t->strings + feed->time_zone);
        cli_table_text(table, from);
        cli_table_text(table, to);
        cli_table_number(table, (double)stops, 0);
        cli_table_number(table, (double)lines, 0);
        cli_table_number(table, (double)trips, 0);
        cli_table_text(table, t->strings + feed->publisher);
    }
    cli_table_print(table);
}

static void print_counts(const hsd_timetable *t) {
    size_t kinds[HSD_RIDE_KINDS] = {0}, stations = 0, headways = 0;
    for (size_t i = 0; i < t->line_count; i++) kinds[t->lines[i].kind]++;
    for (size_t i = 0; i < t->stop_count; i++) stations += t->stops[i].is_station;
    for (size_t i = 0; i < t->trip_count; i++) headways += t->trips[i].headway_count > 0;
    printf("stops        %zu, stations %zu\n", t->stop_count - stations, stations);
    printf("lines        %zu:", t->line_count);
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        if (kinds[k] > 0) printf(" %s %zu", hsd_ride_kind_name((hsd_ride_kind)k), kinds[k]);
    printf("\ntrips        %zu, %zu of them by headway; %zu calls\n", t->trip_count, headways,
           t->call_count);
}

/* ---- Weeks -------------------------------------------------------------------------------------
 */

typedef struct week {
    int32_t from, to; /* days; several weeks where they are alike */
    double trips[7];  /* NAN: the timetable has no such day */
} week;

static week week_at(const hsd_timetable *t, const uint64_t *trips, int32_t monday) {
    const int32_t end = t->first_day + t->day_count - 1;
    week w = {
        monday > t->first_day ? monday : t->first_day, monday + 6 < end ? monday + 6 : end, {0}};
    for (int32_t k = 0; k < 7; k++) {
        const int32_t day = monday + k;
        w.trips[k] = day < t->first_day || day > end ? NAN : (double)trips[day - t->first_day];
    }
    return w;
}

/* Days that only one of the two has do not part them. */
static bool alike(const week *a, const week *b) {
    for (int k = 0; k < 7; k++)
        if (!isnan(a->trips[k]) && !isnan(b->trips[k]) && a->trips[k] != b->trips[k]) return false;
    return true;
}

static void print_week(cli_table *table, const week *w) {
    char day[11];
    hsd_day_text(w->from, day);
    cli_table_text(table, day);
    hsd_day_text(w->to, day);
    cli_table_text(table, day);
    for (int k = 0; k < 7; k++) cli_table_number(table, w->trips[k], 0);
}

/* A line for each run of weeks that have the same trips day by day. */
static void print_weeks(const hsd_timetable *t, const uint64_t *trips) {
    enum { MOST = 16 };
    static const char *const titles[] = {"trips from", "to",  "Mon", "Tue", "Wed",
                                         "Thu",        "Fri", "Sat", "Sun"};
    cli_table *table = cli_table_create(titles, sizeof titles / sizeof titles[0]);
    const int32_t monday = t->first_day - weekday_of(t->first_day);
    week run = week_at(t, trips, monday);
    size_t lines = 0;
    for (int32_t day = monday + 7; day < t->first_day + t->day_count + 7; day += 7) {
        const bool end = day >= t->first_day + t->day_count;
        const week next = end ? run : week_at(t, trips, day);
        if (!end && alike(&run, &next)) {
            for (int k = 0; k < 7; k++)
                if (isnan(run.trips[k])) run.trips[k] = next.trips[k];
            run.to = next.to;
            continue;
        }
        if (++lines <= MOST) print_week(table, &run);
        run = next;
    }
    cli_table_print(table);
    if (lines > MOST) printf("and %zu lines more; --json has every date\n", lines - MOST);
}

void cli_print_timetable(const hsd_network *network) {
    const hsd_timetable *t;
    char first[11], last[11];
    if (hsd_network_timetable(network, &t, NULL) != HSD_OK || !t) return;
    hsd_day_text(t->first_day, first);
    hsd_day_text(t->first_day + t->day_count - 1, last);
    printf("\ntimetable    %s to %s\n", first, last);
    print_counts(t);
    putchar('\n');
    uint64_t *trips = malloc((size_t)t->day_count * sizeof *trips);
    if (trips && hsd_timetable_trips_by_day(t, HSD_NO_ROW, trips, NULL) == HSD_OK)
        print_weeks(t, trips);
    free(trips);
    putchar('\n');
    print_feeds(t);
}

void cli_print_date(const hsd_network *network, int32_t date) {
    const hsd_timetable *t;
    char text[11];
    if (hsd_network_timetable(network, &t, NULL) != HSD_OK || !t) return;
    hsd_day_text(date, text);
    printf("\n%s (a %s): %llu trips\n", text, weekdays[weekday_of(date)],
           (unsigned long long)hsd_timetable_trips(t, HSD_NO_ROW, date));
    for (uint32_t i = 0; i < t->feed_count; i++)
        printf("  %-10s %llu\n", t->strings + t->feeds[i].name,
               (unsigned long long)hsd_timetable_trips(t, i, date));
}
