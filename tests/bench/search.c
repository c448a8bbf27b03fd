/* The bounded search and what is built on it, on real street networks: counters beside times.
 * Answers are checked against a plain binary-heap Dijkstra written here. usage: search SOURCE_ROOT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hourshed/read.h"
#include "hourshed/times.h"
#include "net/network.h"
#include "times/tree.h"

/* Of this thread's processor: the machine may be shared. */
static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop_on(hsd_status status, const hsd_error *err) {
    if (status == HSD_OK) return;
    fprintf(stderr, "search: %s\n", err->message);
    exit(1);
}

/* ---- The check: Dijkstra by the book
 * ------------------------------------------------------------------ */

static void plain_dijkstra(const hsd_graph *g, const uint32_t *arc_ms, uint32_t source,
                           uint32_t limit, uint32_t *label, uint64_t *heap) {
    size_t count = 0;
    for (uint32_t v = 0; v < g->node_count; v++) label[v] = HSD_UNREACHABLE;
    label[source] = 0;
    heap[count++] = source;
    while (count > 0) {
        const uint64_t top = heap[0], last = heap[--count];
        size_t i = 0;
        for (size_t c; (c = 2 * i + 1) < count; i = c) {
            if (c + 1 < count && heap[c + 1] < heap[c]) c++;
            if (heap[c] >= last) break;
            heap[i] = heap[c];
        }
        heap[i] = last;
        const uint32_t v = (uint32_t)top, ms = (uint32_t)(top >> 32);
        if (label[v] != ms) continue;
        for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++) {
            if (arc_ms[a] >= HSD_UNREACHABLE || ms + arc_ms[a] > limit) continue;
            if (ms + arc_ms[a] >= label[g->head[a]]) continue;
            label[g->head[a]] = ms + arc_ms[a];
            const uint64_t key = (uint64_t)(ms + arc_ms[a]) << 32 | g->head[a];
            for (i = count++; i > 0 && heap[(i - 1) / 2] > key; i = (i - 1) / 2)
                heap[i] = heap[(i - 1) / 2];
            heap[i] = key;
        }
    }
}

static void check(const hsd_network *network, hsd_search *search, uint32_t source, uint32_t limit) {
    const hsd_graph *g = &network->graphs[network->metrics[0].graph];
    uint32_t *label = malloc(sizeof *label * g->node_count);
    uint64_t *heap = malloc(sizeof *heap * (g->arc_count + 1));
    if (!label || !heap) exit(1);
    const hsd_node_cost from = {source, 0};
    hsd_error err;
    plain_dijkstra(g, network->metrics[0].arc_ms, source, limit, label, heap);
    stop_on(hsd_search_run(search, HSD_FROM, &from, 1, limit, &err), &err);
    for (uint32_t v = 0; v < g->node_count; v++)
        if (hsd_search_ms(search, v) != label[v]) {
            fprintf(stderr, "search: node %u from %u: %u ms, by the book %u\n", v, source,
                    hsd_search_ms(search, v), label[v]);
            exit(1);
        }
    free(label);
    free(heap);
}

/* ---- Times
 * ------------------------------------------------------------------------------------------- */

/* Origins in the main component, spread over the graph. */
static uint32_t origin_node(const hsd_graph *g, uint32_t i, uint32_t count) {
    uint32_t v = (uint32_t)((uint64_t)g->node_count * i / count);
    while (g->node_component[v] != 0) v = (v + 1) % g->node_count;
    return v;
}

static void run_nodes(const hsd_network *network, const char *name, hsd_direction direction,
                      uint32_t limit, uint32_t runs) {
    const hsd_graph *g = &network->graphs[network->metrics[0].graph];
    hsd_error err;
    hsd_search *search;
    stop_on(hsd_search_create(network, 0, &search, &err), &err);
    for (uint32_t i = 0; direction == HSD_FROM && i < 3; i++)
        check(network, search, origin_node(g, i, 3), limit);
    hsd_search_counters total = {0};
    double best = 1e9;
    for (int round = 0; round < 3; round++) {
        total = (hsd_search_counters){0};
        const double start = now_s();
        for (uint32_t i = 0; i < runs; i++) {
            const hsd_node_cost source = {origin_node(g, i, runs), 0};
            stop_on(hsd_search_run(search, direction, &source, 1, limit, &err), &err);
            const hsd_search_counters c = hsd_search_counters_get(search);
            total.settled += c.settled;
            total.relaxed += c.relaxed;
            total.pushed += c.pushed;
        }
        const double took = now_s() - start;
        if (took < best) best = took;
    }
    printf(
        "%-12s %-4s %5.0f min: %8.0f settled %8.0f relaxed %8.0f pushed %8.3f ms a run, %5.1f ns "
        "a settled node\n",
        name, direction == HSD_FROM ? "from" : "to", limit / 60000.0, (double)total.settled / runs,
        (double)total.relaxed / runs, (double)total.pushed / runs, 1e3 * best / runs,
        1e9 * best / (double)total.settled);
    hsd_search_destroy(search);
}

typedef struct tally {
    size_t pieces;
    double metres;
} tally;

static hsd_status count_piece(void *context, const hsd_piece *piece, hsd_error *err) {
    (void)err;
    tally *t = context;
    t->pieces++;
    t->metres +=
        piece->in_m < piece->out_m ? piece->out_m - piece->in_m : piece->in_m - piece->out_m;
    return HSD_OK;
}

/* Points of the grid, located and grown from: the parts of a circle before its polygon. */
static void run_trees(const hsd_network *network, const char *name, uint32_t limit, uint32_t runs) {
    hsd_error err;
    hsd_locator *locator;
    hsd_tree *tree;
    double took[4] = {0};
    stop_on(hsd_locator_create(network, 0, NULL, &locator, &err), &err);
    stop_on(hsd_tree_create(locator, &tree, &err), &err);
    hsd_feet feet = {0};
    tally total = {0};
    uint32_t found = 0;
    for (uint32_t i = 0; i < runs; i++) {
        const hsd_point_e7 p = network->points[(uint64_t)network->point_count * i / runs];
        double start = now_s();
        stop_on(hsd_locate(locator, p.lon_e7 / 1e7 + 2e-4, p.lat_e7 / 1e7, &feet, &err), &err);
        took[0] += now_s() - start;
        if (feet.count == 0) continue;
        const hsd_seed seed = {feet.feet[0], 0, 0};
        found++;
        start = now_s();
        stop_on(hsd_tree_grow(tree, HSD_FROM, &seed, 1, limit, &err), &err);
        took[1] += now_s() - start;
        start = now_s();
        stop_on(hsd_tree_touch(tree, &err), &err);
        took[2] += now_s() - start;
        start = now_s();
        stop_on(hsd_tree_pieces(tree, limit, count_piece, &total, &err), &err);
        took[3] += now_s() - start;
    }
    if (found == 0) exit(1);
    printf("%-12s tree %5.0f min: locate %.1f us, grow %.3f ms, touch %.3f ms, pieces %.3f ms "
           "(%.0f pieces, %.1f km)\n",
           name, limit / 60000.0, 1e6 * took[0] / runs, 1e3 * took[1] / found,
           1e3 * took[2] / found, 1e3 * took[3] / found, (double)total.pieces / found,
           total.metres / 1000 / found);
    hsd_feet_finish(&feet);
    hsd_tree_destroy(tree);
    hsd_locator_destroy(locator);
}

static int run_extract(const char *root, const char *data, const char *name, const char *file,
                       uint32_t runs) {
    char path[8192], profile_path[8192];
    snprintf(path, sizeof path, "%s/%s", data, file);
    snprintf(profile_path, sizeof profile_path, "%s/geodata/profiles/car-osm.yaml", root);
    if (access(path, R_OK) != 0) {
        printf("%-12s skipped: no %s\n", name, path);
        return 0;
    }
    hsd_error err;
    hsd_road_table table;
    hsd_profile profile;
    hsd_network *network;
    stop_on(hsd_read_osm(path, NULL, &table, &err), &err);
    stop_on(hsd_read_profile(profile_path, &profile, &err), &err);
    stop_on(hsd_network_build(&table, &profile, 1, NULL, NULL, &network, &err), &err);
    hsd_road_table_finish(&table);
    hsd_profile_finish(&profile);
    const hsd_graph *g = &network->graphs[0];
    printf("%-12s %u nodes, %u arcs, %u edges\n", name, g->node_count, g->arc_count,
           network->edge_count);
    const uint32_t limits[] = {600000, 900000, 3600000};
    for (int i = 0; i < 3; i++) {
        run_nodes(network, name, HSD_FROM, limits[i], runs);
        run_nodes(network, name, HSD_TO, limits[i], runs);
        run_trees(network, name, limits[i], runs);
    }
    hsd_network_destroy(network);
    return 1;
}

int main(int argc, char **argv) {
    const char *root = argc > 1 ? argv[1] : ".", *given = getenv("HOURSHED_DATA");
    const char *quick = getenv("HOURSHED_BENCH");
    char data[4096];
    snprintf(data, sizeof data, "%s/../shared/data", root);
    const uint32_t runs = quick && strcmp(quick, "quick") == 0 ? 20 : 100;
    const char *extracts[][2] = {{"porto", "porto/porto_portugal.osm.pbf"},
                                 {"porto alegre", "porto_alegre/poa_osm.pbf"},
                                 {"beijing", "osm_small/beijing_tsinghua.osm"},
                                 {"shanghai", "osm_small/shanghai.osm"}};
    int done = 0;
    for (size_t i = 0; i < sizeof extracts / sizeof *extracts; i++)
        done += run_extract(root, given ? given : data, extracts[i][0], extracts[i][1], runs);
    return done > 0 ? 0 : 77;
}
