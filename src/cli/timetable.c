/* A timetable for people: feeds, counts, and the trips of a usual week with the dates that differ.
 */
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
    printf("stops        %zu, in %zu stations\n", t->stop_count - stations, stations);
    printf("lines        %zu:", t->line_count);
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        if (kinds[k] > 0) printf(" %s %zu", hsd_ride_kind_name((hsd_ride_kind)k), kinds[k]);
    printf("\ntrips        %zu, %zu of them by headway; %zu calls\n", t->trip_count, headways,
           t->call_count);
}

static int ascending(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* What most of these have; ties: the most trips. values is sorted. */
static uint64_t usual_of(uint64_t *values, size_t count) {
    uint64_t best = 0;
    size_t most = 0;
    qsort(values, count, sizeof *values, ascending);
    for (size_t i = 0, same; i < count; i += same) {
        for (same = 0; i + same < count && values[i + same] == values[i];) same++;
        if (same >= most) {
            most = same;
            best = values[i];
        }
    }
    return best;
}

static void print_others(const hsd_timetable *t, const uint64_t *trips, const uint64_t *usual) {
    enum { MOST = 10 };
    size_t others = 0;
    for (int32_t d = 0; d < t->day_count; d++) {
        const int32_t day = t->first_day + d;
        if (trips[d] == usual[weekday_of(day)] || ++others > MOST) continue;
        char text[11];
        hsd_day_text(day, text);
        printf("%s%s %.3s %llu", others == 1 ? "other days   " : ", ", text,
               weekdays[weekday_of(day)], (unsigned long long)trips[d]);
    }
    if (others > MOST) printf(" and %zu more; --json has every date", others - MOST);
    if (others > 0) putchar('\n');
}

static void print_week(const hsd_timetable *t, const uint64_t *trips) {
    uint64_t usual[7] = {0};
    uint64_t *alike = malloc(((size_t)t->day_count + 1) * sizeof *alike);
    if (!alike) return;
    printf("usual week  ");
    for (int w = 0; w < 7; w++) {
        size_t count = 0;
        for (int32_t d = 0; d < t->day_count; d++)
            if (weekday_of(t->first_day + d) == w) alike[count++] = trips[d];
        usual[w] = usual_of(alike, count);
        if (count > 0) printf(" %.3s %llu", weekdays[w], (unsigned long long)usual[w]);
    }
    putchar('\n');
    free(alike);
    print_others(t, trips, usual);
}

void cli_print_timetable(const hsd_network *network) {
    const hsd_timetable *t;
    char first[11], last[11];
    if (hsd_network_timetable(network, &t, NULL) != HSD_OK || !t) return;
    hsd_day_text(t->first_day, first);
    hsd_day_text(t->first_day + t->day_count - 1, last);
    printf("\ntimetable    %s to %s\n", first, last);
    print_counts(t);
    uint64_t *trips = malloc((size_t)t->day_count * sizeof *trips);
    if (trips && hsd_timetable_trips_by_day(t, HSD_NO_ROW, trips, NULL) == HSD_OK)
        print_week(t, trips);
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
