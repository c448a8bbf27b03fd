/* Rides from stop to stop on real timetables: one origin to all stops, and a window of 60
 * departures, with counters beside times. A range is checked against single runs, and runs against
 * a plain search written here (earliest arrivals, all trips of the day gone through round by
 * round). Walks are straight lines between stops within 400 m. Departures are
 * from 14:00: the buses of Porto Alegre's feed run from 11:00 to 18:00. usage: transit SOURCE_ROOT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hourshed/transit.h"

enum { WINDOW = 60, DEPART = HSD_DAY_MS + 14 * 3600000, CHANGE_MS = 120000, RIDES = 5 };

static double now_s(void) { /* of this thread's processor: the machine may be shared */
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop_on(hsd_status status, const hsd_error *err) {
    if (status == HSD_OK) return;
    fprintf(stderr, "transit: %s\n", err->message);
    exit(1);
}

static void *get(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (memory == NULL) exit(1);
    return memory;
}

/* ---- Walks ----------------------------------------------------------------------------------- */

typedef struct city {
    hsd_timetable timetable;
    hsd_transfer_rules rules;
    uint32_t *first_walk, *first_none, *change_ms;
    hsd_stop_way *walks;
} city;

static double metres(const hsd_stop_row *a, const hsd_stop_row *b) {
    const double y = (a->lat - b->lat) * 111195;
    const double x = (a->lon - b->lon) * 111195 * cos(a->lat * 0.01745329);
    return sqrt(x * x + y * y);
}

static void make_rules(city *c, double walk_m) {
    const hsd_timetable *t = &c->timetable;
    c->first_walk = get(t->stop_count + 1, sizeof *c->first_walk);
    c->first_none = get(t->stop_count + 1, sizeof *c->first_none);
    c->change_ms = get(t->stop_count, sizeof *c->change_ms);
    for (int fill = 0; fill < 2; fill++) {
        uint32_t count = 0;
        for (uint32_t a = 0; a < t->stop_count; a++) {
            c->first_walk[a] = count;
            for (uint32_t b = 0; b < t->stop_count; b++) {
                if (a == b || fabs(t->stops[a].lat - t->stops[b].lat) * 111195 > walk_m) continue;
                const double m = metres(&t->stops[a], &t->stops[b]);
                if (m > walk_m) continue;
                if (fill) c->walks[count] = (hsd_stop_way){b, (uint32_t)(m * 800)}; /* 4.5 km/h */
                count++;
            }
        }
        c->first_walk[t->stop_count] = count;
        if (!fill) c->walks = get(count, sizeof *c->walks);
    }
    for (uint32_t s = 0; s < t->stop_count; s++) c->change_ms[s] = CHANGE_MS;
    c->rules = (hsd_transfer_rules){.first_walk = c->first_walk,
                                    .walks = c->walks,
                                    .first_inside = c->first_none,
                                    .change_ms = c->change_ms,
                                    .max_rides = RIDES};
}

/* An origin at a stop: it, and all within a walk. */
static size_t access_of(const city *c, uint32_t stop, hsd_stop_way *access) {
    size_t count = 0;
    access[count++] = (hsd_stop_way){stop, 0};
    for (uint32_t w = c->first_walk[stop]; w < c->first_walk[stop + 1]; w++)
        access[count++] = c->walks[w];
    return count;
}

/* ---- The check: every trip of the days around, every round --------------------------------------
 */

static void plain_rounds(const city *c, int32_t date, const hsd_stop_way *access, size_t count,
                         uint32_t *out) {
    const hsd_timetable *t = &c->timetable;
    uint32_t *ready = get(t->stop_count, sizeof *ready), *off = get(t->stop_count, sizeof *off);
    for (size_t s = 0; s < t->stop_count; s++) ready[s] = out[s] = HSD_UNREACHABLE;
    for (size_t i = 0; i < count; i++) ready[access[i].stop] = DEPART + access[i].ms;
    for (int round = 0; round < RIDES; round++) {
        for (size_t s = 0; s < t->stop_count; s++) off[s] = HSD_UNREACHABLE;
        for (size_t i = 0; i < t->trip_count; i++)
            for (int day = -1; day <= 1; day++) {
                if (!hsd_service_runs(t, t->trips[i].service, date + day)) continue;
                const hsd_call_row *call = &t->calls[t->trips[i].first_call];
                bool aboard = false;
                for (uint32_t k = 0; k < t->trips[i].call_count; k++) {
                    const int64_t midnight = (day + 1) * (int64_t)HSD_DAY_MS;
                    const int64_t arrival = midnight + 1000 * (int64_t)call[k].arrival_s;
                    if (aboard && arrival < off[call[k].stop])
                        off[call[k].stop] = (uint32_t)arrival;
                    if (midnight + 1000 * (int64_t)call[k].departure_s >= ready[call[k].stop])
                        aboard = true;
                }
            }
        for (size_t s = 0; s < t->stop_count; s++) ready[s] = HSD_UNREACHABLE;
        for (uint32_t s = 0; s < t->stop_count; s++) {
            if (off[s] == HSD_UNREACHABLE) continue;
            if (off[s] < out[s]) out[s] = off[s];
            if (off[s] + CHANGE_MS < ready[s]) ready[s] = off[s] + CHANGE_MS;
            for (uint32_t w = c->first_walk[s]; w < c->first_walk[s + 1]; w++)
                if (off[s] + c->walks[w].ms < ready[c->walks[w].stop])
                    ready[c->walks[w].stop] = off[s] + c->walks[w].ms;
        }
    }
    free(ready);
    free(off);
}

static void check_run(const city *c, int32_t date, hsd_raptor *raptor, uint32_t stop) {
    hsd_stop_way *access = get(c->timetable.stop_count, sizeof *access);
    uint32_t *out = get(c->timetable.stop_count, sizeof *out);
    hsd_error err;
    const size_t count = access_of(c, stop, access);
    plain_rounds(c, date, access, count, out);
    stop_on(hsd_raptor_run(raptor, access, count, DEPART, HSD_UNREACHABLE, &err), &err);
    for (size_t s = 0; s < c->timetable.stop_count; s++) {
        const uint32_t ms = out[s] == HSD_UNREACHABLE ? out[s] : out[s] - DEPART;
        if (ms != hsd_raptor_out(raptor)[s]) {
            fprintf(stderr, "transit: stop %zu from %u: %u ms, by going through all trips %u\n", s,
                    stop, hsd_raptor_out(raptor)[s], ms);
            exit(1);
        }
    }
    free(access);
    free(out);
}

/* ---- Times ----------------------------------------------------------------------------------- */

typedef enum way { ONE, SINGLES, RANGE } way;
static const char *const way_names[] = {"one departure", "60 single runs", "range of 60"};

static void time_runs(const city *c, const hsd_day *day, const char *name, way how,
                      uint32_t limit_min, uint32_t origins, uint64_t *sum) {
    const size_t stops = c->timetable.stop_count;
    const uint32_t limit = limit_min ? limit_min * 60000 : HSD_UNREACHABLE;
    hsd_stop_way *access = get(stops, sizeof *access);
    uint32_t *out = get(WINDOW * stops, sizeof *out), instants[WINDOW];
    for (uint32_t i = 0; i < WINDOW; i++) instants[i] = DEPART + i * 60000;
    hsd_raptor *raptor;
    hsd_error err;
    stop_on(hsd_raptor_create(day, &c->rules, &raptor, &err), &err);
    hsd_raptor_counters total = {0};
    uint64_t reached = 0;
    double took = 0;
    *sum = 0;
    for (uint32_t o = 0; o < origins; o++) {
        const size_t count = access_of(c, (uint32_t)((uint64_t)stops * o / origins), access);
        const double start = now_s();
        if (how == RANGE)
            stop_on(hsd_raptor_range(raptor, access, count, instants, WINDOW, limit, out, &err),
                    &err);
        for (uint32_t i = 0; how != RANGE && i < (how == ONE ? 1 : WINDOW); i++) {
            stop_on(hsd_raptor_run(raptor, access, count, instants[i], limit, &err), &err);
            memcpy(&out[i * stops], hsd_raptor_out(raptor), stops * sizeof *out);
            const hsd_raptor_counters n = hsd_raptor_counters_get(raptor);
            total.rounds += n.rounds, total.patterns += n.patterns;
            total.calls += n.calls, total.walks += n.walks;
        }
        took += now_s() - start;
        if (how == RANGE) {
            const hsd_raptor_counters n = hsd_raptor_counters_get(raptor);
            total.rounds += n.rounds, total.patterns += n.patterns;
            total.calls += n.calls, total.walks += n.walks;
        }
        for (size_t i = 0; i < (how == ONE ? 1 : WINDOW) * stops; i++)
            if (out[i] < HSD_UNREACHABLE) reached++, *sum += out[i] * (uint64_t)(i + 1);
    }
    printf("%-13s %-14s %4u min: %7.0f stops %7.1f rounds %8.0f patterns %9.0f calls %9.0f walks "
           "%8.3f ms an origin\n",
           name, way_names[how], limit_min, (double)reached / origins,
           (double)total.rounds / origins, (double)total.patterns / origins,
           (double)total.calls / origins, (double)total.walks / origins, 1e3 * took / origins);
    hsd_raptor_destroy(raptor);
    free(access);
    free(out);
}

static int run_city(const char *name, const char *data, const char *const *files, size_t count,
                    const char *date_text, double walk_m, uint32_t origins) {
    char paths[2][4096];
    const char *list[2] = {paths[0], paths[1]};
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", data, files[i]);
        if (access(paths[i], R_OK) != 0) {
            printf("%-13s skipped: no %s\n", name, paths[i]);
            return 0;
        }
    }
    city c = {0};
    hsd_issues issues = {0};
    hsd_error err;
    double start = now_s();
    stop_on(hsd_read_gtfs(list, count, NULL, NULL, &c.timetable, &issues, &err), &err);
    const double read_s = now_s() - start;
    make_rules(&c, walk_m);
    int32_t date;
    if (!hsd_day_parse(date_text, &date)) exit(1);
    const hsd_day_options options = {.date = date};
    hsd_day *day;
    start = now_s();
    stop_on(hsd_day_create(&c.timetable, &options, &day, &err), &err);
    const hsd_day_info info = hsd_day_info_get(day);
    printf(
        "%-13s %zu stops, %u walks; %zu trips in %zu patterns, %zu calls; read in %.2f s, day in "
        "%.1f ms\n",
        name, c.timetable.stop_count, c.first_walk[c.timetable.stop_count], info.trips,
        info.patterns, info.calls, read_s, 1e3 * (now_s() - start));
    hsd_raptor *raptor;
    stop_on(hsd_raptor_create(day, &c.rules, &raptor, &err), &err);
    for (uint32_t i = 0; i < 5; i++)
        check_run(&c, date, raptor, (uint32_t)(c.timetable.stop_count * i / 5));
    hsd_raptor_destroy(raptor);
    for (uint32_t limit = 0; limit <= 90; limit += 90) {
        uint64_t single, range, one;
        time_runs(&c, day, name, ONE, limit, origins, &one);
        time_runs(&c, day, name, SINGLES, limit, origins / 10, &single);
        time_runs(&c, day, name, RANGE, limit, origins / 10, &range);
        if (single != range) {
            fprintf(stderr, "transit: a range is not what its single runs are\n");
            exit(1);
        }
        time_runs(&c, day, name, RANGE, limit, origins, &range);
    }
    hsd_day_destroy(day);
    hsd_issues_finish(&issues);
    hsd_timetable_finish(&c.timetable);
    free(c.first_walk);
    free(c.first_none);
    free(c.change_ms);
    free(c.walks);
    return 1;
}

int main(int argc, char **argv) {
    const char *root = argc > 1 ? argv[1] : ".", *given = getenv("HOURSHED_DATA");
    const uint32_t origins = getenv("HOURSHED_BENCH") ? 100 : 1000; /* --quick */
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/../shared/data", root);
    const char *data = given ? given : folder;
    const char *alegre[] = {"porto_alegre/poa_eptc.zip", "porto_alegre/poa_trensurb.zip"};
    const char *china[] = {"china_rail_2016/china_hsr_2016_gtfs.zip"};
    const int done = run_city("Porto Alegre", data, alegre, 2, "2019-05-15", 400, origins) +
                     run_city("China's rail", data, china, 1, "2016-03-09", 0, origins);
    return done > 0 ? 0 : 77;
}
