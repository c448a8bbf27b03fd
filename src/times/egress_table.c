/* Ways between stops and the points of zones, found once a run (docs/methods.md, 11): the times of
 * all zones at all departures are then the least of sums, and no tree is grown.
 *
 * The same milliseconds as the trees': a sample's tree gives a point the least over stops s within
 * the cap of out(s) + way(s, point), and the way without a ride; the table has way(s, point) from a
 * tree that starts at the point and runs against the search, and times of one pair are the same sum
 * both ways round (times/tree.c: a trip starts by free copies and ends at any, in both). Inner
 * loop: the samples of a stop lie side by side. Memory: 8 bytes a pair of point and stop; reading
 * is O(pairs x samples). */
#include "base/parallel.h"
#include "times/departures.h"

struct hsd_egress_table {
    const hsd_stop_set *stops;
    const hsd_zone_set *zones;
    hsd_direction direction;
    size_t zone_count;
    size_t *first;      /* zone_count + 1 */
    hsd_stop_way *ways; /* of each zone: ascending stop; what is paid at the stop included */
};

/* ---- Making
 * --------------------------------------------------------------------------------------- */

typedef struct worker_scratch {
    hsd_tree *tree;
    hsd_near_stops near;
} worker_scratch;

typedef struct making {
    const hsd_transit *transit;
    const hsd_zone_set *zones;
    hsd_stop_way_array *ways; /* of each zone */
    worker_scratch *workers;
} making;

static hsd_status find_ways(const making *m, worker_scratch *w, size_t zone, hsd_error *err) {
    const hsd_transit *transit = m->transit;
    hsd_near_stops_clear(&w->near);
    const hsd_status status =
        hsd_transit_far_stops(transit, hsd_zone_set_feet(m->zones, zone), w->tree, &w->near, err);
    if (status != HSD_OK || w->near.found.count == 0) return status;
    hsd_stop_way_array *ways = &m->ways[zone];
    if (!hsd_array_reserve(ways, w->near.found.count, err)) return HSD_E_MEMORY;
    for (size_t i = 0; i < w->near.found.count; i++) {
        const uint32_t stop = w->near.found.data[i];
        ways->data[ways->count++] = (hsd_stop_way){stop, w->near.ms[stop]};
    }
    return HSD_OK;
}

static hsd_status find_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    const making *m = context;
    worker_scratch *w = &m->workers[worker];
    hsd_status status = HSD_OK;
    if (w->tree == NULL) status = hsd_tree_create(hsd_transit_far(m->transit), &w->tree, err);
    if (status == HSD_OK && w->near.ms == NULL)
        status = hsd_near_stops_init(&w->near, m->transit->stops->stop_count, err);
    for (size_t z = begin; status == HSD_OK && z < end; z++) status = find_ways(m, w, z, err);
    return status;
}

static hsd_status find_all(hsd_egress_table *table, making *m, const hsd_run *run, hsd_error *err) {
    const size_t workers = (size_t)hsd_thread_count(run);
    m->ways = hsd_calloc(table->zone_count, sizeof *m->ways, err);
    m->workers = hsd_calloc(workers, sizeof *m->workers, err);
    if (m->ways == NULL || m->workers == NULL) return HSD_E_MEMORY;
    const hsd_status status = hsd_parallel_for(run, "ways between stops and zones",
                                               table->zone_count, 16, find_some, m, err);
    for (size_t w = 0; w < workers; w++) {
        hsd_tree_destroy(m->workers[w].tree);
        hsd_near_stops_finish(&m->workers[w].near);
    }
    return status;
}

static hsd_status pack(hsd_egress_table *table, const making *m, hsd_error *err) {
    for (size_t z = 0; z < table->zone_count; z++)
        table->first[z + 1] = table->first[z] + m->ways[z].count;
    table->ways = hsd_alloc(table->first[table->zone_count], sizeof *table->ways, err);
    if (table->ways == NULL) return HSD_E_MEMORY;
    for (size_t z = 0; z < table->zone_count; z++)
        for (size_t i = 0; i < m->ways[z].count; i++)
            table->ways[table->first[z] + i] = m->ways[z].data[i];
    return HSD_OK;
}

hsd_status hsd_egress_table_create(const hsd_transit *transit, const hsd_zone_set *zones,
                                   const hsd_run *run, hsd_egress_table **out, hsd_error *err) {
    *out = NULL;
    hsd_egress_table *table = hsd_calloc(1, sizeof *table, err);
    if (table == NULL) return HSD_E_MEMORY;
    table->stops = transit->stops;
    table->zones = zones;
    table->direction = transit->direction;
    table->zone_count = hsd_zone_set_count(zones);
    table->first = hsd_calloc(table->zone_count + 1, sizeof *table->first, err);
    making m = {.transit = transit, .zones = zones};
    hsd_status status = table->first != NULL ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = find_all(table, &m, run, err);
    if (status == HSD_OK) status = pack(table, &m, err);
    for (size_t z = 0; m.ways != NULL && z < table->zone_count; z++) hsd_array_finish(&m.ways[z]);
    hsd_free(m.ways);
    hsd_free(m.workers);
    if (status != HSD_OK) {
        hsd_egress_table_destroy(table);
        return status;
    }
    *out = table;
    return HSD_OK;
}

void hsd_egress_table_destroy(hsd_egress_table *table) {
    if (table == NULL) return;
    hsd_free(table->first);
    hsd_free(table->ways);
    hsd_free(table);
}

/* ---- Reading
 * -------------------------------------------------------------------------------------- */

/* No term is above HSD_UNREACHABLE, a quarter of the range: the sums cannot wrap. */
static void lower_lanes(uint32_t *restrict best, const uint32_t *restrict lane, uint32_t way_ms,
                        size_t count) {
    for (size_t k = 0; k < count; k++) {
        const uint32_t ms = lane[k] + way_ms;
        best[k] = ms < best[k] ? ms : best[k];
    }
}

static void read_zone(const hsd_egress_table *table, const hsd_departures *d, size_t zone,
                      uint32_t *best) {
    const size_t samples = hsd_departures_samples(d);
    uint32_t direct_ms = HSD_UNREACHABLE;
    if (d->direct_seeds.count > 0)
        direct_ms = hsd_tree_feet_ms(d->direct, hsd_zone_set_feet(table->zones, zone));
    for (size_t k = 0; k < samples; k++) best[k] = direct_ms;
    for (size_t i = table->first[zone]; i < table->first[zone + 1]; i++) {
        const hsd_stop_way *way = &table->ways[i];
        if (hsd_ms_add(d->least.data[way->stop], way->ms) > d->limit_ms) continue;
        lower_lanes(best, hsd_departures_lane(d, way->stop), way->ms, samples);
    }
}

hsd_status hsd_egress_table_times(const hsd_egress_table *table, const hsd_departures *d,
                                  double percent, uint32_t *out_ms, double *shares,
                                  hsd_error *err) {
    if (d->transit->stops != table->stops || d->transit->direction != table->direction)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "the departures are of other stops or another direction than the table");
    const size_t samples = hsd_departures_samples(d);
    const size_t rank = hsd_percentile_rank(percent, samples);
    uint32_t *best = hsd_alloc(samples, sizeof *best, err);
    if (best == NULL) return HSD_E_MEMORY;
    for (size_t z = 0; z < table->zone_count; z++) {
        read_zone(table, d, z, best);
        size_t within = 0;
        for (size_t k = 0; k < samples; k++) within += best[k] <= d->limit_ms;
        if (shares != NULL) shares[z] = (double)within / (double)samples;
        out_ms[z] = rank < within ? hsd_rank_ms(best, samples, rank) : HSD_UNREACHABLE;
    }
    hsd_free(best);
    return HSD_OK;
}
