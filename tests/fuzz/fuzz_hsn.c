/* Opens any bytes as a network: as they are, and once more with all checksums set right, so that
 * the checks of contents stand alone. What passes is walked from end to end, as engines would. The
 * corpus holds a small town, whole and damaged (tests/unit/net/hsn.c builds it). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "geo/barrier.h"
#include "net/hsn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sink;

static void walk_edges(const hsd_network *n, const hsd_metric *m) {
    for (uint32_t e = 0; e < n->edge_count; e++) {
        const hsd_edge *edge = &n->edges[e];
        uint32_t segments = edge->point_count - 1;
        uint32_t *ms = malloc(segments * sizeof *ms);
        if (!ms) abort();
        for (uint32_t d = 0; d < 2; d++) {
            hsd_edge_segment_ms(n, e, m->pace[2 * e + d], ms);
            sink += ms[segments - 1];
            sink += hsd_edge_prefix_ms(n, e, m->pace[2 * e + d], segments - 1, 0.5);
        }
        free(ms);
        sink += (uint64_t)n->vertex_source[edge->from] + n->vertex_flags[edge->to];
        sink += strlen(n->strings + edge->name) + strlen(n->classes[edge->class_id]);
    }
}

static void walk_graph(const hsd_network *n, const hsd_graph *g, const hsd_metric *m) {
    for (uint32_t i = 0; i < g->node_count; i++) {
        for (uint32_t a = g->first_out[i]; a < g->first_out[i + 1]; a++)
            sink += g->head[a] + m->arc_ms[a] + g->node_free[g->head[a]];
        for (uint32_t j = g->first_in[i]; j < g->first_in[i + 1]; j++)
            sink += g->tail[g->in_arc[j]] + g->node_copy[g->tail[g->in_arc[j]]];
        sink += g->node_vertex[g->node_free_copy[i]];
        sink += g->component_arcs[g->node_component[i]];
    }
    for (uint32_t k = 0; k < 2 * n->edge_count; k++)
        for (uint32_t u = g->edge_first_use[k]; u < g->edge_first_use[k + 1]; u++) {
            uint32_t link = g->use_link[u], arc = g->link_arc[link];
            sink += m->link_ms[link] + m->edge_ms[g->link_edge[link]] + g->arc_first_link[arc];
        }
}

static bool see(void *context, uint32_t item) {
    const hsd_network *n = context;
    sink += (uint64_t)n->points[item].lon_e7 + (uint64_t)n->points[item + 1].lat_e7;
    return true;
}
static double distance(void *context, uint32_t item) {
    const hsd_network *n = context;
    hsd_tangent at = hsd_tangent_at(0.002, 0.002);
    return hsd_tangent_segment_m(&at, n->points[item], n->points[item + 1], NULL);
}
static bool see_near(void *context, uint32_t item, double m) {
    (void)m;
    return see(context, item);
}

static void walk_indexes(hsd_network *n) {
    hsd_box_e7 all = {INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX};
    hsd_tangent at = hsd_tangent_at(0.002, 0.002);
    hsd_rtree_query(&n->snap, all, see, n);
    if (hsd_rtree_nearest(&n->snap, &at, 1e9, distance, see_near, n, NULL) != HSD_OK) abort();
    hsd_barriers barriers = {n->barriers, &n->barrier_index};
    sink += hsd_barriers_contain(&barriers, 0.0025, 0.0023);
    sink += hsd_barriers_cross(&barriers, (hsd_lonlat){0.001, 0.001}, (hsd_lonlat){0.004, 0.004});
}

static void walk_timetable(const hsd_timetable *t) {
    char day[11];
    for (size_t i = 0; i < t->feed_count; i++) {
        sink += strlen(t->strings + t->feeds[i].name) + strlen(t->strings + t->feeds[i].version);
        hsd_day_text(t->feeds[i].last_day, day);
    }
    for (size_t i = 0; i < t->stop_count; i++) {
        const hsd_stop_row *stop = &t->stops[i];
        sink += strlen(t->strings + stop->id) + (uint64_t)(stop->lon + 180);
        if (stop->station != HSD_NO_ROW) sink += t->stops[stop->station].is_station;
    }
    for (size_t i = 0; i < t->trip_count; i++) {
        const hsd_trip_row *trip = &t->trips[i];
        sink += strlen(t->strings + t->lines[trip->line].name) + trip->headway_count;
        for (uint32_t k = 0; k < trip->call_count; k++)
            sink += t->stops[t->calls[trip->first_call + k].stop].access_ms;
        if (trip->shape != HSD_NO_ROW && t->shapes[trip->shape].point_count > 0)
            sink += (uint64_t)t
                        ->shape_points[t->shapes[trip->shape].first_point +
                                       t->shapes[trip->shape].point_count - 1]
                        .lon_e7;
    }
    for (size_t i = 0; i < t->transfer_count; i++) sink += t->stops[t->transfers[i].to].id;
    sink += hsd_timetable_trips(t, HSD_NO_ROW, t->first_day);
    hsd_error err = {0};
    if (hsd_timetable_served(t, t->first_day, &err) != HSD_OK && err.message[0] == '\0') abort();
}

static void open_bytes(const uint8_t *data, size_t size) {
    int file = memfd_create("hsn", MFD_CLOEXEC);
    if (file < 0) abort();
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(file, data + done, size - done);
        if (wrote <= 0) abort();
        done += (size_t)wrote;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    hsd_network *n = NULL;
    hsd_error err = {0};
    if (hsd_network_open(path, 0, &n, &err) == HSD_OK) {
        hsd_network_info info;
        hsd_network_info_get(n, &info, &err);
        sink += strlen(info.configuration) + info.profile_count;
        for (size_t i = 0; i < info.input_count; i++) sink += strlen(info.inputs[i].name);
        for (size_t m = 0; m < n->metric_count; m++) {
            if (hsd_network_require(n, m, &err) != HSD_OK) continue;
            walk_edges(n, &n->metrics[m]);
            walk_graph(n, &n->graphs[n->metrics[m].graph], &n->metrics[m]);
            walk_indexes(n);
        }
        const hsd_timetable *timetable;
        if (hsd_network_timetable(n, &timetable, &err) == HSD_OK && timetable)
            walk_timetable(timetable);
        hsd_network_destroy(n);
    } else if (err.message[0] == '\0' || n) {
        abort();
    }
    close(file);
}

static void mend(uint8_t *bytes, size_t size) {
    hsn_file_header *header = (void *)bytes;
    hsn_file_section *table = (void *)(header + 1);
    if (size < sizeof *header) return;
    if (header->section_count > (size - sizeof *header) / sizeof *table) return;
    for (uint32_t i = 0; i < header->section_count; i++)
        if (table[i].offset <= size && table[i].size <= size - table[i].offset)
            table[i].checksum = hsn_checksum(bytes + table[i].offset, table[i].size);
    header->checksum = 0;
    uint64_t sums[2] = {hsn_checksum(header, sizeof *header),
                        hsn_checksum(table, header->section_count * sizeof *table)};
    header->checksum = hsn_checksum(sums, sizeof sums);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    open_bytes(data, size);
    uint8_t *copy = malloc(size + 1);
    if (!copy) abort();
    if (size > 0) memcpy(copy, data, size);
    mend(copy, size);
    open_bytes(copy, size);
    free(copy);
    return 0;
}
