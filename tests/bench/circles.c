/* Circles of 20 origins on Porto (8 with HOURSHED_BENCH=quick): milliseconds of each step,
 * vertices, and the measured errors against the limits promised (2 % of the reached length, 1 % of
 * the land points, 2,000 vertices).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/random.h"
#include "geo/geos.h"
#include "hourshed/circles.h"

#define ORIGINS 20

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

typedef struct totals {
    double tree_ms, surface_ms, again_ms, circle_ms, check_ms;
    double worst_missed, worst_excess, worst_points;
    double sum_missed, sum_excess, sum_points;
    uint32_t worst_vertices, circles;
} totals;

static void one_origin(const hsd_network *network, const hsd_locator *locator, hsd_lattice *lattice,
                       hsd_tree *tree, double lon, double lat, const uint32_t *cutoffs,
                       size_t count, totals *sum) {
    hsd_feet feet = {0};
    MUST(hsd_locate(locator, lon, lat, &feet, err));
    if (feet.count == 0) {
        printf("%9.5f %8.5f  %s\n", lon, lat, hsd_snap_reason_text(feet.reason));
        hsd_feet_finish(&feet);
        return;
    }
    hsd_seed seed = {feet.feet[0], 0, 0};
    uint32_t limit = cutoffs[count - 1];
    double t0 = now_ms();
    MUST(hsd_tree_grow(tree, HSD_FROM, &seed, 1, limit, err));
    double t1 = now_ms();
    hsd_surface surface;
    MUST(hsd_surface_make(lattice, tree, limit, NULL, &surface, err));
    double t2 = now_ms();
    hsd_surface_finish(&surface);
    MUST(hsd_surface_make(lattice, tree, limit, NULL, &surface, err));
    double t3 = now_ms();
    hsd_circle circles[4];
    hsd_circle_options options = {.check_points = 1};
    const char *max_vertices = getenv("HOURSHED_BENCH_VERTICES");
    if (max_vertices) options.max_vertices = (uint32_t)atoi(max_vertices);
    MUST(
        hsd_circles_make(network, locator, tree, &surface, cutoffs, count, &options, circles, err));
    double t4 = now_ms();
    for (size_t k = 0; k < count; k++) hsd_circle_finish(&circles[k]);
    options.check_points = 0;
    MUST(
        hsd_circles_make(network, locator, tree, &surface, cutoffs, count, &options, circles, err));
    double t5 = now_ms();
    for (size_t k = 0; k < count; k++) {
        const hsd_circle *c = &circles[k];
        double missed = 100.0 * c->missed_km / c->reached_km;
        double excess = 100.0 * c->excess_km / c->reached_km;
        printf("%9.5f %8.5f %4.0f min %7.1f km2 %7.1f km  missed %5.2f %%  excess %5.2f %%  points "
               "%5.2f %% of %u  %5u vertices %4zu rings%s%s\n",
               lon, lat, c->cutoff_ms / 60000.0, c->area_km2, c->reached_km, missed, excess,
               100.0 * c->point_error, c->check_points, c->vertices, c->polygon.ring_count,
               c->data_end ? "  data end" : "",
               hsd_geos_valid(&c->polygon, NULL, 0) ? "" : "  INVALID");
        if (k > 0 && !hsd_geos_covers(&c->polygon, &circles[k - 1].polygon)) printf("  UNNESTED\n");
        sum->worst_missed = fmax(sum->worst_missed, missed);
        sum->worst_excess = fmax(sum->worst_excess, excess);
        sum->worst_points = fmax(sum->worst_points, 100.0 * c->point_error);
        sum->sum_missed += missed;
        sum->sum_excess += excess;
        sum->sum_points += 100.0 * c->point_error;
        if (c->vertices > sum->worst_vertices) sum->worst_vertices = c->vertices;
        sum->circles++;
    }
    printf("          tree %.0f  surface %.0f (again %.0f; %u x %u)  circles %.0f  point check "
           "%.0f ms\n",
           t1 - t0, t2 - t1, t3 - t2, surface.width, surface.height, t4 - t3, t5 - t4 - (t4 - t3));
    sum->tree_ms += t1 - t0;
    sum->surface_ms += t2 - t1;
    sum->again_ms += t3 - t2;
    sum->circle_ms += t4 - t3;
    sum->check_ms += t5 - t4 - (t4 - t3);
    for (size_t k = 0; k < count; k++) hsd_circle_finish(&circles[k]);
    hsd_surface_finish(&surface);
    hsd_feet_finish(&feet);
}

int main(int argc, char **argv) {
    const char *data = getenv("HOURSHED_DATA");
    const char *source = argc > 1 ? argv[1] : ".";
    char path[4096], profile_path[4096];
    if (data)
        snprintf(path, sizeof path, "%s/porto/porto_portugal.osm.pbf", data);
    else
        snprintf(path, sizeof path, "%s/../shared/data/porto/porto_portugal.osm.pbf", source);
    snprintf(profile_path, sizeof profile_path, "%s/geodata/profiles/car-osm.yaml", source);
    struct stat info;
    if (stat(path, &info) != 0) {
        printf("%s is not there: skipped\n", path);
        return 77;
    }
    hsd_road_table table;
    hsd_profile profile;
    hsd_network *network;
    hsd_locator *locator;
    hsd_lattice *lattice;
    hsd_tree *tree;
    double t0 = now_ms();
    MUST(hsd_read_osm(path, NULL, &table, err));
    MUST(hsd_read_profile(profile_path, &profile, err));
    MUST(hsd_network_build(&table, &profile, 1, NULL, NULL, &network, err));
    double t1 = now_ms();
    MUST(hsd_locator_create(network, 0, NULL, &locator, err));
    const uint32_t cutoffs[2] = {10 * 60000, 15 * 60000};
    hsd_lattice_options options = {-8.6, 41.16, hsd_lattice_cell_m(locator, cutoffs[1])};
    MUST(hsd_lattice_create(locator, &options, &lattice, err));
    MUST(hsd_tree_create(locator, &tree, err));
    printf("read and build %.0f ms, locator %.0f ms, cell %g m\n", t1 - t0, now_ms() - t1,
           options.cell_m);
    totals sum = {0};
    hsd_random random = {7};
    const char *quick = getenv("HOURSHED_BENCH");
    int origins = quick && strcmp(quick, "quick") == 0 ? 8 : ORIGINS;
    for (int k = 0; k < origins; k++) {
        double lon = -8.66 + 0.12 * hsd_random_unit(&random);
        double lat = 41.12 + 0.1 * hsd_random_unit(&random);
        one_origin(network, locator, lattice, tree, lon, lat, cutoffs, 2, &sum);
    }
    double n = sum.circles ? sum.circles : 1;
    printf("%u circles: mean missed %.2f excess %.2f points %.2f %%; worst missed %.2f excess %.2f "
           "points %.2f %%, %u vertices\n",
           sum.circles, sum.sum_missed / n, sum.sum_excess / n, sum.sum_points / n,
           sum.worst_missed, sum.worst_excess, sum.worst_points, sum.worst_vertices);
    printf(
        "all origins: trees %.0f, surfaces %.0f (again %.0f), circles %.0f, point checks %.0f ms\n",
        sum.tree_ms, sum.surface_ms, sum.again_ms, sum.circle_ms, sum.check_ms);
    hsd_tree_destroy(tree);
    hsd_lattice_destroy(lattice);
    hsd_locator_destroy(locator);
    hsd_network_destroy(network);
    hsd_profile_finish(&profile);
    hsd_road_table_finish(&table);
    /* what the program promises of circles of 10 and 15 minutes; the land points have a sampling
     * error of 0.1 % of their own */
    return sum.worst_missed <= 2.0 && sum.worst_excess <= 2.0 && sum.worst_points <= 1.2 &&
                   sum.worst_vertices <= 2000
               ? 0
               : 1;
}
