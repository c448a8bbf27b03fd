/* Seeded points against the polygon, and the edge of the data. */
#include "circles/check.h"

#include <math.h>

#include "base/random.h"

#define SEED 20150606u
#define TRIES 50u /* a land point wanted: how often the sea is hit before giving up */

double hsd_check_points(const hsd_reading *reading, const hsd_region *region, uint32_t cutoff_ms,
                        uint32_t *count) {
    const hsd_locator *locator = hsd_reading_locator(reading);
    uint32_t wanted = *count, found = 0, wrong = 0;
    *count = 0;
    if (region->polygon->point_count == 0) return 0.0;
    double width = region->max_lon - region->min_lon, height = region->max_lat - region->min_lat;
    hsd_random random = {SEED};
    for (uint64_t n = 0; found < wanted && n < (uint64_t)wanted * TRIES; n++) {
        double lon = region->min_lon + width * (1.2 * hsd_random_unit(&random) - 0.1);
        double lat = region->min_lat + height * (1.2 * hsd_random_unit(&random) - 0.1);
        if (hsd_locator_in_water(locator, lon, lat)) continue;
        found++;
        wrong += hsd_region_contains(region, lon, lat) !=
                 hsd_reading_within(reading, lon, lat, cutoff_ms);
    }
    *count = found;
    return found ? (double)wrong / found : 0.0;
}

/* ---- The edge of the data
 * --------------------------------------------------------------------------- A reached dead end
 * (all arcs lead over one edge) within the leg's cap of a side of the data's box: there a road is
 * cut, or nobody knows. Unless there is water on that side: at the nearest point of the side or a
 * cap's width to either hand, on the side or half a cap beyond it. Coasts and piers end for good.
 */

/* out_east, out_north: metres from the place to the side, square to it. */
static bool side_is_water(const hsd_locator *locator, hsd_tangent t, double out_east,
                          double out_north) {
    double cap = locator->leg_cap_m, length = fabs(out_east) + fabs(out_north);
    double e = out_east != 0.0 ? copysign(1.0, out_east) : 0.0;
    double n = out_north != 0.0 ? copysign(1.0, out_north) : 0.0;
    for (int far = 0; far < 2; far++)
        for (int hand = -1; hand <= 1; hand++) {
            double ahead = length + (far ? 0.5 * cap : -0.1), aside = hand * cap;
            double east = e * ahead + n * aside, north = n * ahead + e * aside;
            if (hsd_locator_in_water(locator, t.lon + east / t.m_per_lon,
                                     t.lat + north / t.m_per_lat))
                return true;
        }
    return false;
}

static bool cut_here(const hsd_locator *locator, hsd_point_e7 p) {
    hsd_box_e7 box = locator->network->extent;
    double cap = locator->leg_cap_m;
    hsd_tangent t = hsd_tangent_at(p.lon_e7 * 1e-7, p.lat_e7 * 1e-7);
    const double least = 1e-6; /* a side the place stands on still has a direction */
    double west = ((double)p.lon_e7 - box.min_lon_e7) * 1e-7 * t.m_per_lon + least;
    double east = ((double)box.max_lon_e7 - p.lon_e7) * 1e-7 * t.m_per_lon + least;
    double south = ((double)p.lat_e7 - box.min_lat_e7) * 1e-7 * t.m_per_lat + least;
    double north = ((double)box.max_lat_e7 - p.lat_e7) * 1e-7 * t.m_per_lat + least;
    return (west <= cap && !side_is_water(locator, t, -west, 0.0)) ||
           (east <= cap && !side_is_water(locator, t, east, 0.0)) ||
           (south <= cap && !side_is_water(locator, t, 0.0, -south)) ||
           (north <= cap && !side_is_water(locator, t, 0.0, north));
}

static bool near_side(const hsd_locator *locator, hsd_point_e7 p) {
    hsd_box_e7 box = locator->network->extent;
    hsd_tangent t = hsd_tangent_at(p.lon_e7 * 1e-7, p.lat_e7 * 1e-7);
    double cap = locator->leg_cap_m;
    double x = cap / t.m_per_lon * 1e7, y = cap / t.m_per_lat * 1e7;
    return (double)p.lon_e7 - box.min_lon_e7 <= x || (double)box.max_lon_e7 - p.lon_e7 <= x ||
           (double)p.lat_e7 - box.min_lat_e7 <= y || (double)box.max_lat_e7 - p.lat_e7 <= y;
}

/* All arcs of the node, out and in, lead over one edge (no arc, no road to cut). */
static bool dead_end(const hsd_graph *graph, uint32_t node) {
    uint32_t other = UINT32_MAX;
    bool dead = true;
    for (uint32_t a = graph->first_out[node]; a < graph->first_out[node + 1]; a++) {
        if (other == UINT32_MAX) other = graph->link_edge[graph->arc_first_link[a]] >> 1;
        dead &= graph->link_edge[graph->arc_first_link[a]] >> 1 == other;
    }
    for (uint32_t i = graph->first_in[node]; i < graph->first_in[node + 1]; i++) {
        uint32_t last = graph->arc_first_link[graph->in_arc[i] + 1] - 1;
        if (other == UINT32_MAX) other = graph->link_edge[last] >> 1;
        dead &= graph->link_edge[last] >> 1 == other;
    }
    return dead && other != UINT32_MAX;
}

/* Whatever the reading reaches is settled by one of the trees that come before its rank. */
bool hsd_check_data_end(const hsd_reading *reading, uint32_t cutoff_ms) {
    const hsd_locator *locator = hsd_reading_locator(reading);
    const hsd_reading_part *part = &reading->parts[0];
    for (size_t t = 0; t < part->count - part->rank; t++) {
        const hsd_search *search = hsd_tree_search(part->trees[t]);
        size_t count = 0;
        const uint32_t *settled = hsd_search_settled(search, &count);
        for (size_t k = 0; k < count; k++) {
            const uint32_t node = settled[k];
            if (hsd_search_ms(search, node) > cutoff_ms) continue;
            hsd_point_e7 p = locator->network->vertex_point[locator->graph->node_vertex[node]];
            if (near_side(locator, p) && dead_end(locator->graph, node) &&
                hsd_reading_node_ms(reading, node) <= cutoff_ms && cut_here(locator, p))
                return true;
        }
    }
    return false;
}
