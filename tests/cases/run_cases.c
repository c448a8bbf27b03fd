/* Runs .case files: small networks in words, with times worked out by hand (tests/cases/README.md).
 * Prints every expectation that does not hold, with file and line. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hourshed/roads.h"
#include "net/network.h"

enum { MAX_NODES = 32, MAX_WAYS = 64, MAX_TURNS = 16, MAX_WORDS = 24 };

typedef struct world {
    hsd_point_e7 nodes[MAX_NODES];
    int64_t node_source[MAX_NODES];
    uint16_t node_no[MAX_NODES];
    uint8_t node_flags[MAX_NODES];
    char names[MAX_NODES][16];
    size_t node_count;
    hsd_way ways[MAX_WAYS];
    uint32_t way_nodes[MAX_WAYS * 8];
    size_t way_count, way_node_count;
    hsd_restriction turns[MAX_TURNS];
    uint32_t via[MAX_TURNS * 4];
    size_t turn_count, via_count;
    hsd_network *network;
    const char *file;
    int line, failures, checks;
} world;

static void complain(world *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", w->file, w->line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    w->failures++;
}

static size_t node_of(world *w, const char *name) {
    for (size_t i = 0; i < w->node_count; i++)
        if (strcmp(w->names[i], name) == 0) return i;
    complain(w, "no node %s", name);
    exit(1);
}

static uint32_t way_of(world *w, const char *id) {
    for (size_t i = 0; i < w->way_count; i++)
        if (w->ways[i].source_id == atoll(id)) return (uint32_t)i;
    complain(w, "no way %s", id);
    exit(1);
}

/* node A LON LAT [closed] */
static void add_node(world *w, char **word, int count) {
    size_t i = w->node_count++;
    snprintf(w->names[i], sizeof w->names[i], "%s", word[1]);
    w->nodes[i] =
        (hsd_point_e7){(int32_t)lround(atof(word[2]) * 1e7), (int32_t)lround(atof(word[3]) * 1e7)};
    w->node_source[i] = (int64_t)i + 1;
    w->node_no[i] = count > 4 && strcmp(word[4], "closed") == 0;
}

/* way ID A B ... LENGTHm [oneway] [reverse] [kmh=N] [back=N] [minutes=N] */
static void add_way(world *w, char **word, int count) {
    hsd_way *way = &w->ways[w->way_count++];
    *way = (hsd_way){.source_id = atoll(word[1]), .first_node = (uint32_t)w->way_node_count};
    for (int i = 2; i < count; i++) {
        char *end;
        double number = strtod(word[i], &end);
        if (end != word[i] && strcmp(end, "m") == 0)
            way->length_m = number;
        else if (strcmp(word[i], "oneway") == 0)
            way->no[HSD_BACKWARD] = 1;
        else if (strcmp(word[i], "reverse") == 0)
            way->no[HSD_FORWARD] = 1;
        else if (strncmp(word[i], "kmh=", 4) == 0)
            way->speed_mh[0] = way->speed_mh[1] = (uint32_t)lround(atof(word[i] + 4) * 1000);
        else if (strncmp(word[i], "back=", 5) == 0)
            way->speed_mh[1] = (uint32_t)lround(atof(word[i] + 5) * 1000);
        else if (strncmp(word[i], "minutes=", 8) == 0)
            way->time_ms[0] = way->time_ms[1] = (uint32_t)lround(atof(word[i] + 8) * 60000);
        else {
            w->way_nodes[w->way_node_count++] = (uint32_t)node_of(w, word[i]);
            way->node_count++;
        }
    }
    for (int d = 0; d < 2; d++)
        way->speed_source[d] = way->speed_mh[d] || way->time_ms[d] ? HSD_SPEED_TAG : HSD_SPEED_NONE;
}

/* turn no|only FROM at NODE TO, or turn no|only FROM via WAY... TO */
static void add_turn(world *w, char **word, int count) {
    hsd_restriction *turn = &w->turns[w->turn_count++];
    *turn = (hsd_restriction){.source_id = (int64_t)w->turn_count,
                              .from_way = way_of(w, word[2]),
                              .to_way = way_of(w, word[count - 1]),
                              .via_node = UINT32_MAX,
                              .first_via = (uint32_t)w->via_count,
                              .modes = 1,
                              .flags = strcmp(word[1], "only") == 0 ? HSD_RESTRICTION_ONLY : 0};
    if (strcmp(word[3], "at") == 0)
        turn->via_node = (uint32_t)node_of(w, word[4]);
    else
        for (int i = 4; i < count - 1; i++) {
            w->via[w->via_count++] = way_of(w, word[i]);
            turn->via_count++;
        }
}

static void build(world *w) {
    static char road[] = "road", car[] = "car";
    static char *classes[] = {road};
    static char empty[1] = "";
    hsd_road_table table = {.nodes = w->nodes,
                            .node_source = w->node_source,
                            .node_no = w->node_no,
                            .node_flags = w->node_flags,
                            .node_count = w->node_count,
                            .way_nodes = w->way_nodes,
                            .way_node_count = w->way_node_count,
                            .ways = w->ways,
                            .way_count = w->way_count,
                            .restrictions = w->turns,
                            .restriction_count = w->turn_count,
                            .via_ways = w->via,
                            .via_way_count = w->via_count,
                            .strings = empty,
                            .string_size = 1,
                            .classes = classes,
                            .class_count = 1,
                            .modes = {car},
                            .mode_count = 1};
    hsd_class_speed speed = {
        .road_class = "road", .speed_mh = 36000, .factor_ppm = 1000000, .stop = true};
    hsd_profile profile = {.name = "case",
                           .mode = "car",
                           .uses = {"car"},
                           .use_count = 1,
                           .classes = &speed,
                           .class_count = 1,
                           .respects_oneway = true,
                           .respects_turns = true,
                           .uses_tags = true,
                           .leg_speed_mh = 4800,
                           .leg_detour_ppm = 1000000,
                           .leg_cap_m = 500};
    hsd_error err = {HSD_OK, ""};
    if (hsd_network_build(&table, &profile, 1, NULL, NULL, &w->network, &err) != HSD_OK) {
        complain(w, "build: %s", err.message);
        exit(1);
    }
}

/* From the free copy (or every dead end of a closed vertex) to the least copy. */
static uint32_t time_between(world *w, const char *from, const char *to, hsd_direction direction) {
    const hsd_graph *g = &w->network->graphs[0];
    int64_t source = (int64_t)node_of(w, from) + 1, target = (int64_t)node_of(w, to) + 1;
    hsd_node_cost costs[64];
    size_t count = 0;
    bool back = direction == HSD_TO;
    for (uint32_t n = 0; n < g->node_count; n++) {
        int64_t here = w->network->vertex_source[g->node_vertex[n]];
        if (here == (back ? target : source) && (back || g->node_free[n]) && count < 64)
            costs[count++] = (hsd_node_cost){n, 0};
    }
    hsd_search *search = NULL;
    uint32_t best = HSD_UNREACHABLE;
    if (hsd_search_create(w->network, 0, &search, NULL) != HSD_OK ||
        hsd_search_run(search, direction, costs, count, HSD_UNREACHABLE, NULL) != HSD_OK)
        exit(1);
    for (uint32_t n = 0; n < g->node_count; n++) {
        int64_t here = w->network->vertex_source[g->node_vertex[n]];
        if (here != (back ? source : target) || (back && !g->node_free[n])) continue;
        uint32_t ms = hsd_search_ms(search, n);
        if (ms < best) best = ms;
    }
    hsd_search_destroy(search);
    return best;
}

/* time A B SECONDS | time A B never: from A to B, and the same found backward from B */
static void expect_time(world *w, char **word) {
    if (!w->network) build(w);
    bool never = strcmp(word[3], "never") == 0;
    uint32_t expected = never ? HSD_UNREACHABLE : (uint32_t)lround(atof(word[3]) * 1000);
    for (int d = 0; d < 2; d++) {
        uint32_t found = time_between(w, word[1], word[2], d ? HSD_TO : HSD_FROM);
        w->checks++;
        if (found != expected)
            complain(w, "%s to %s (%s): %u ms, expected %u", word[1], word[2],
                     d ? "backward" : "forward", found, expected);
    }
}

/* graph nodes N | graph arcs N */
static void expect_count(world *w, char **word) {
    if (!w->network) build(w);
    const hsd_graph *g = &w->network->graphs[0];
    uint32_t found = strcmp(word[1], "nodes") == 0 ? g->node_count : g->arc_count;
    w->checks++;
    if (found != (uint32_t)atol(word[2]))
        complain(w, "%u %s, expected %s", found, word[1], word[2]);
}

static void start_case(world *w) {
    hsd_network_destroy(w->network);
    world fresh = {.file = w->file, .line = w->line, .failures = w->failures, .checks = w->checks};
    *w = fresh;
}

static void take_line(world *w, char *line) {
    char *word[MAX_WORDS];
    int count = 0;
    line[strcspn(line, "#\n")] = '\0';
    for (char *s = strtok(line, " \t"); s && count < MAX_WORDS; s = strtok(NULL, " \t"))
        word[count++] = s;
    if (count == 0) return;
    if (strcmp(word[0], "case") == 0)
        start_case(w);
    else if (strcmp(word[0], "node") == 0 && count >= 4)
        add_node(w, word, count);
    else if (strcmp(word[0], "way") == 0 && count >= 4)
        add_way(w, word, count);
    else if (strcmp(word[0], "turn") == 0 && count >= 6)
        add_turn(w, word, count);
    else if (strcmp(word[0], "time") == 0 && count == 4)
        expect_time(w, word);
    else if (strcmp(word[0], "graph") == 0 && count == 3)
        expect_count(w, word);
    else
        complain(w, "not understood: %s", word[0]);
}

int main(int argc, char **argv) {
    static world w;
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        char line[512];
        if (!file) {
            perror(argv[i]);
            return 1;
        }
        w.file = argv[i];
        w.line = 0;
        while (fgets(line, sizeof line, file)) {
            w.line++;
            take_line(&w, line);
        }
        fclose(file);
        start_case(&w);
    }
    printf("%d expectations, %d failed\n", w.checks, w.failures);
    return w.failures || w.checks == 0;
}
