/* Readings of 60 trees whose seeds lapse on Porto's walking network, as a window of departures by
 * transit leaves them: milliseconds of the trees, of the surface at the median, its circle and its
 * stretches of streets, within 30 and 60 minutes (30 alone with HOURSHED_BENCH=quick). Checks 200
 * points against the trees asked one by one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/random.h"
#include "hourshed/circles.h"

enum { TREES = 60, STOPS = 400, POINTS = 200, CAP_MS = 20 * 60000 };

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

#define MUST(call)                                                                                 \
    do {                                                                                           \
        hsd_error error = {HSD_OK, ""};                                                            \
        hsd_error *err = &error;                                                                   \
        if ((call) != HSD_OK) {                                                                    \
            fprintf(stderr, "%s: %s\n", #call, error.message);                                     \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static hsd_lonlat somewhere(hsd_random *random) {
    const double lon = -8.68 + 0.14 * hsd_random_unit(random);
    return (hsd_lonlat){lon, 41.12 + 0.1 * hsd_random_unit(random)};
}

/* The way without a ride first; then stops, each alighted at some minutes after the one before: the
 * same ride for all departures, less what one waits at the start. */
static size_t sow(const hsd_locator *locator, hsd_seed *seeds) {
    hsd_random random = {5};
    hsd_feet feet = {0};
    size_t count = 0;
    for (int k = 0; k <= STOPS; k++) {
        const hsd_lonlat at = k ? somewhere(&random) : (hsd_lonlat){-8.61, 41.15};
        const uint32_t ride = 180000 + (uint32_t)(hsd_random_unit(&random) * 2700000);
        MUST(hsd_locate(locator, at.lon, at.lat, &feet, err));
        if (feet.count > 0) seeds[count++] = (hsd_seed){feet.feet[0], k ? ride : 0, 0};
    }
    hsd_feet_finish(&feet);
    return count;
}

static void depart(const hsd_seed *seeds, size_t count, int minute, hsd_seed *out) {
    for (size_t s = 0; s < count; s++) {
        out[s] = seeds[s];
        if (s == 0) continue;
        const uint32_t headway = 10 + (uint32_t)(s % 20);
        out[s].extra_ms += (headway - (uint32_t)minute % headway) * 60000;
        out[s].until_ms = out[s].extra_ms + out[s].foot.leg_ms + CAP_MS;
    }
}

static int ascending(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int wrong_points(const hsd_locator *locator, const hsd_reading *reading) {
    hsd_random random = {11};
    hsd_feet feet = {0};
    int wrong = 0;
    for (int k = 0; k < POINTS; k++) {
        const hsd_lonlat at = somewhere(&random);
        uint32_t ms[TREES];
        MUST(hsd_locate(locator, at.lon, at.lat, &feet, err));
        for (int t = 0; t < TREES; t++) ms[t] = hsd_tree_feet_ms(reading->parts[0].trees[t], &feet);
        qsort(ms, TREES, sizeof *ms, ascending);
        wrong += hsd_reading_feet_ms(reading, &feet) != ms[reading->parts[0].rank];
    }
    hsd_feet_finish(&feet);
    return wrong;
}

static hsd_status add_length(void *context, const hsd_piece *piece, hsd_error *err) {
    (void)err;
    *(double *)context += 1e-3 * (piece->out_m > piece->in_m ? piece->out_m - piece->in_m
                                                             : piece->in_m - piece->out_m);
    return HSD_OK;
}

static int read_all(const hsd_network *network, const hsd_locator *locator, hsd_tree **trees,
                    const hsd_seed *seeds, size_t count, uint32_t limit) {
    const hsd_reading reading = {
        .parts = {{(const hsd_tree *const *)trees, TREES, hsd_percentile_rank(50, TREES)}},
        .part_count = 1};
    const hsd_lattice_options where = {-8.61, 41.15, hsd_lattice_cell_m(locator, limit)};
    const hsd_circle_options checks = {.check_points = 1000};
    hsd_seed *own = malloc(count * sizeof *own);
    if (!own) return 1;
    uint64_t labels = 0, nodes = 0;
    double t0 = now_ms(), km = 0;
    for (int t = 0; t < TREES; t++) {
        size_t settled;
        depart(seeds, count, t, own);
        MUST(hsd_tree_grow(trees[t], HSD_FROM, own, count, limit, err));
        hsd_search_settled(hsd_tree_search(trees[t]), &settled);
        labels += hsd_search_counters_get(hsd_tree_search(trees[t])).settled;
        nodes += settled;
    }
    free(own);
    double t1 = now_ms();
    hsd_lattice *lattice;
    hsd_surface surface;
    hsd_circle circle;
    MUST(hsd_lattice_create(locator, &where, &lattice, err));
    MUST(hsd_surface_read(lattice, &reading, limit, NULL, &surface, err));
    double t2 = now_ms();
    hsd_surface_finish(&surface);
    MUST(hsd_surface_read(lattice, &reading, limit, NULL, &surface, err));
    double t3 = now_ms();
    MUST(hsd_circles_read(network, locator, &reading, &surface, &limit, 1, &checks, &circle, err));
    double t4 = now_ms();
    MUST(hsd_reading_pieces(&reading, limit, add_length, &km, err));
    double t5 = now_ms();
    const int wrong = wrong_points(locator, &reading);
    printf(
        "%2u min: 60 trees %.0f ms (%.2f labels a node, %llu nodes a tree)  surface %u x %u %.0f "
        "ms (again %.0f)  circle %.0f ms, %.1f km2  stretches %.0f ms, %.0f km  %d of %d points "
        "wrong\n",
        limit / 60000, t1 - t0, (double)labels / (double)nodes, (unsigned long long)(nodes / TREES),
        surface.width, surface.height, t2 - t1, t3 - t2, t4 - t3, circle.area_km2, t5 - t4, km,
        wrong, POINTS);
    hsd_circle_finish(&circle);
    hsd_surface_finish(&surface);
    hsd_lattice_destroy(lattice);
    return wrong;
}

int main(int argc, char **argv) {
    const char *data = getenv("HOURSHED_DATA"), *quick = getenv("HOURSHED_BENCH");
    const char *source = argc > 1 ? argv[1] : ".";
    char path[4096], profile_path[4096];
    if (data)
        snprintf(path, sizeof path, "%s/porto/porto_portugal.osm.pbf", data);
    else
        snprintf(path, sizeof path, "%s/../shared/data/porto/porto_portugal.osm.pbf", source);
    snprintf(profile_path, sizeof profile_path, "%s/geodata/profiles/walk.yaml", source);
    struct stat info;
    if (stat(path, &info) != 0) {
        printf("%s is not there: skipped\n", path);
        return 77;
    }
    hsd_road_table table;
    hsd_profile profile;
    hsd_network *network;
    hsd_locator *locator;
    hsd_tree *trees[TREES];
    static hsd_seed seeds[STOPS + 1];
    MUST(hsd_read_osm(path, NULL, &table, err));
    MUST(hsd_read_profile(profile_path, &profile, err));
    MUST(hsd_network_build(&table, &profile, 1, NULL, NULL, &network, err));
    MUST(hsd_locator_create(network, 0, NULL, &locator, err));
    for (int t = 0; t < TREES; t++) MUST(hsd_tree_create(locator, &trees[t], err));
    const size_t count = sow(locator, seeds);
    int wrong = read_all(network, locator, trees, seeds, count, 30 * 60000);
    if (!quick || strcmp(quick, "quick") != 0)
        wrong += read_all(network, locator, trees, seeds, count, 60 * 60000);
    for (int t = 0; t < TREES; t++) hsd_tree_destroy(trees[t]);
    hsd_locator_destroy(locator);
    hsd_network_destroy(network);
    hsd_profile_finish(&profile);
    hsd_road_table_finish(&table);
    return wrong != 0;
}
