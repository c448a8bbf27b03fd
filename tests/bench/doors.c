/* Door to door over a real city: Porto Alegre's streets, buses and trains (the extract has buses
 * from half past eleven to four). Streets and rides are counted and timed apart; the egress table
 * is checked against trees. usage: doors SOURCE_ROOT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "times/departures.h"

enum { MINUTE = 60000, WINDOW = 60, LIMIT = 60 * MINUTE };

static double clock_s(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
/* Of this thread's processor: the machine may be shared. */
static double now_s(void) {
    return clock_s(CLOCK_THREAD_CPUTIME_ID);
}

static void stop_on(hsd_status status, const hsd_error *err) {
    if (status == HSD_OK) return;
    fprintf(stderr, "doors: %s\n", err->message);
    exit(1);
}

typedef struct city {
    hsd_network *network;
    hsd_timetable timetable;
    hsd_place_table hexagons;
    hsd_locator *walk;
    hsd_stop_set *stops;
    hsd_transit *transit;
    hsd_zone_set *zones;
    hsd_egress_table *egress;
    int32_t date;
} city;

static void read_city(city *c, const char *root, const char *data) {
    char path[3][4200], profile_path[4200];
    const char *files[3] = {"poa_osm.pbf", "poa_eptc.zip", "poa_trensurb.zip"};
    for (int i = 0; i < 3; i++)
        snprintf(path[i], sizeof path[i], "%s/porto_alegre/%s", data, files[i]);
    snprintf(profile_path, sizeof profile_path, "%s/geodata/profiles/walk.yaml", root);
    hsd_error err;
    hsd_road_table roads;
    hsd_profile profile;
    stop_on(hsd_read_osm(path[0], NULL, &roads, &err), &err);
    stop_on(hsd_read_profile(profile_path, &profile, &err), &err);
    stop_on(hsd_network_build(&roads, &profile, 1, NULL, NULL, &c->network, &err), &err);
    hsd_road_table_finish(&roads);
    hsd_profile_finish(&profile);
    hsd_issues issues = {0};
    stop_on(hsd_read_gtfs((const char *const[]){path[1], path[2]}, 2, NULL, NULL, &c->timetable,
                          &issues, &err),
            &err);
    hsd_issues_finish(&issues);
    char hexagons[4200];
    snprintf(hexagons, sizeof hexagons, "%s/porto_alegre/poa_hexgrid.csv", data);
    stop_on(hsd_read_places(hexagons, NULL, NULL, &c->hexagons, &err), &err);
    hsd_day_parse("2019-05-13", &c->date);
}

static size_t pairs_of(const hsd_stop_ways *ways, size_t stops) {
    return ways->first[stops];
}

static void join(city *c) {
    const hsd_transit_rules rules = hsd_transit_defaults();
    const hsd_run one = {.threads = 1};
    hsd_error err;
    stop_on(hsd_locator_create(c->network, 0, NULL, &c->walk, &err), &err);
    double start = now_s();
    stop_on(hsd_stop_set_create(&c->timetable, c->walk, c->walk, c->walk, &rules, &one, &c->stops,
                                &err),
            &err);
    const size_t stops = c->stops->stop_count;
    printf("stop set     %zu stops, %zu walks, %zu inside stations: %.3f s on one thread\n", stops,
           pairs_of(&c->stops->walks[HSD_FROM], stops),
           pairs_of(&c->stops->insides[HSD_FROM], stops), now_s() - start);
    start = now_s();
    stop_on(hsd_transit_create(c->stops, &c->timetable, c->date, HSD_FROM, &one, &c->transit, &err),
            &err);
    const hsd_day_info day = hsd_day_info_get(c->transit->days[0]);
    printf("day          %zu patterns, %zu runs, %zu calls: %.3f s\n", day.patterns, day.trips,
           day.calls, now_s() - start);
    stop_on(hsd_zone_set_create(c->walk, &c->hexagons, NULL, &c->zones, &err), &err);
    start = now_s();
    stop_on(hsd_egress_table_create(c->transit, c->zones, &one, &c->egress, &err), &err);
    printf("egress table %zu points: %.3f s on one thread\n", hsd_zone_set_count(c->zones),
           now_s() - start);
}

/* ---- Runs
 * ----------------------------------------------------------------------------------------- */

typedef struct spent {
    double near_s, direct_s, ride_s, read_s, grow_s;
    uint64_t near_settled, direct_settled;
    hsd_raptor_counters rides;
    size_t origins;
} spent;

static uint64_t settled_by(const hsd_tree *tree) {
    return hsd_search_counters_get(hsd_tree_search(tree)).settled;
}

static double timed_grow(hsd_tree *tree, const hsd_seed *seed, uint32_t limit_ms) {
    hsd_error err;
    const double start = now_s();
    stop_on(hsd_tree_grow(tree, HSD_FROM, seed, 1, limit_ms, &err), &err);
    return now_s() - start;
}

/* The streets of an origin by themselves, then all of it: the difference is the rides'. */
static void run_origin(const city *c, hsd_departures *d, hsd_tree *tree, const hsd_seed *seed,
                       const uint32_t *instants, uint32_t *ms, spent *s) {
    hsd_error err;
    const double near_s = timed_grow(tree, seed, 20 * MINUTE + seed->foot.leg_ms);
    s->near_settled += settled_by(tree);
    const double direct_s = timed_grow(tree, seed, LIMIT);
    s->direct_settled += settled_by(tree);
    const double start = now_s();
    stop_on(hsd_departures_ride(d, seed, 1, seed, 1, instants, WINDOW, LIMIT, &err), &err);
    const double rode = now_s();
    stop_on(hsd_egress_table_times(c->egress, d, 50, ms, NULL, &err), &err);
    const hsd_transit_counters counters = hsd_departures_counters(d);
    s->near_s += near_s;
    s->direct_s += direct_s;
    s->ride_s += rode - start - near_s - direct_s;
    s->read_s += now_s() - rode;
    s->rides.rounds += counters.rides.rounds;
    s->rides.patterns += counters.rides.patterns;
    s->rides.calls += counters.rides.calls;
    s->rides.walks += counters.rides.walks;
    s->origins++;
}

static void check_trees(const city *c, hsd_departures *d, const hsd_seed *seed,
                        const uint32_t *instants, const uint32_t *ms, spent *s) {
    static const double percents[] = {50, 10};
    hsd_error err;
    uint32_t of[WINDOW];
    const double start = now_s();
    stop_on(hsd_departures_grow(d, seed, 1, seed, 1, instants, WINDOW, LIMIT, &err), &err);
    s->grow_s += now_s() - start;
    const hsd_reading_part part = hsd_departures_part(d, percents[0]);
    for (size_t z = 0; z < hsd_zone_set_count(c->zones); z++) {
        for (size_t k = 0; k < WINDOW; k++)
            of[k] = hsd_tree_feet_ms(part.trees[k], hsd_zone_set_feet(c->zones, z));
        const uint32_t want = hsd_rank_ms(of, WINDOW, part.rank);
        if (ms[z] == want) continue;
        fprintf(stderr, "doors: hexagon %zu: %u ms by the table, %u by trees\n", z, ms[z], want);
        exit(1);
    }
}

static void run(const city *c, size_t origins, size_t checked) {
    hsd_error err;
    hsd_departures *d;
    hsd_tree *tree;
    spent s = {0};
    uint32_t instants[WINDOW];
    const size_t zones = hsd_zone_set_count(c->zones);
    uint32_t *ms = malloc(zones * sizeof *ms);
    if (ms == NULL) exit(1);
    for (uint32_t i = 0; i < WINDOW; i++) instants[i] = HSD_DAY_MS + (13 * 60 + i) * MINUTE;
    stop_on(hsd_departures_create(c->transit, &d, &err), &err);
    stop_on(hsd_tree_create(c->walk, &tree, &err), &err);
    size_t reached = 0;
    for (size_t i = 0; i < origins; i++) {
        const size_t zone = i * zones / origins;
        const hsd_feet *feet = hsd_zone_set_feet(c->zones, zone);
        if (feet->count == 0) continue;
        const hsd_seed seed = {feet->feet[0], 0, 0};
        run_origin(c, d, tree, &seed, instants, ms, &s);
        for (size_t z = 0; z < zones; z++) reached += ms[z] < HSD_UNREACHABLE;
        if (i % (origins / checked) == 0) check_trees(c, d, &seed, instants, ms, &s);
    }
    const double n = (double)s.origins;
    printf("%zu origins x %d departures, 60 min, %.0f hexagons reached at the median\n", s.origins,
           WINDOW, (double)reached / n);
    printf("an origin    streets: access %.3f ms (%.0f settled), on foot %.3f ms (%.0f settled)\n",
           1e3 * s.near_s / n, (double)s.near_settled / n, 1e3 * s.direct_s / n,
           (double)s.direct_settled / n);
    printf("             rides: %.3f ms (%.0f patterns, %.0f calls, %.0f walks scanned)\n",
           1e3 * s.ride_s / n, (double)s.rides.patterns / n, (double)s.rides.calls / n,
           (double)s.rides.walks / n);
    printf("             all hexagons by the table: %.3f ms; by trees: %.1f ms\n",
           1e3 * s.read_s / n, 1e3 * s.grow_s / (double)checked);
    hsd_tree_destroy(tree);
    hsd_departures_destroy(d);
    free(ms);
}

int main(int argc, char **argv) {
    const char *root = argc > 1 ? argv[1] : ".", *given = getenv("HOURSHED_DATA");
    const char *quick = getenv("HOURSHED_BENCH");
    char data[4096], probe[4200];
    snprintf(data, sizeof data, "%s/../shared/data", root);
    snprintf(probe, sizeof probe, "%s/porto_alegre/poa_eptc.zip", given ? given : data);
    if (access(probe, R_OK) != 0) {
        printf("skipped: no %s\n", probe);
        return 77;
    }
    const int brief = quick && strcmp(quick, "quick") == 0;
    city c = {0};
    read_city(&c, root, given ? given : data);
    join(&c);
    run(&c, brief ? 100 : 1000, brief ? 4 : 20);
    hsd_egress_table_destroy(c.egress);
    hsd_zone_set_destroy(c.zones);
    hsd_transit_destroy(c.transit);
    hsd_stop_set_destroy(c.stops);
    hsd_locator_destroy(c.walk);
    hsd_place_table_finish(&c.hexagons);
    hsd_timetable_finish(&c.timetable);
    hsd_network_destroy(c.network);
    return 0;
}
