/* Networks of stops alone: the table they are built from, and the same network with more stops.
 *
 * A proposal adds stations, and in such a network a station is a vertex: what is within a leg of it
 * is nobody's else. So the network is built anew over a longer table of stops, under the profiles
 * its metrics tell of (without streets a profile is its rule of legs) and behind its own barriers.
 * Stops keep their rows, so vertices keep their numbers: the new ones come after them. Where trips
 * begin is a place of its own, too: who takes no train goes from there in a straight line.
 * O(stops). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "net/network.h"

hsd_status hsd_stop_table(const hsd_timetable *t, hsd_road_table *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    out->nodes = hsd_alloc(t->stop_count, sizeof *out->nodes, err);
    out->node_source = hsd_alloc(t->stop_count, sizeof *out->node_source, err);
    if (!out->nodes || !out->node_source) {
        hsd_road_table_finish(out);
        return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < t->stop_count; i++) {
        const hsd_stop_row *stop = &t->stops[i];
        if (stop->is_station) continue;
        out->nodes[out->node_count] =
            (hsd_point_e7){(int32_t)lround(stop->lon * 1e7), (int32_t)lround(stop->lat * 1e7)};
        out->node_source[out->node_count++] = (int64_t)i + 1;
    }
    return HSD_OK;
}

/* ---- More stops --------------------------------------------------------------------------------
 */

static hsd_status profile_of(const hsd_network *network, const hsd_metric *metric, hsd_profile *out,
                             hsd_error *err) {
    snprintf(out->name, sizeof out->name, "%s", metric->name);
    snprintf(out->mode, sizeof out->mode, "%s", network->graphs[metric->graph].mode);
    out->respects_oneway = metric->respects_oneway;
    out->respects_turns = metric->respects_turns;
    out->max_speed_mh = metric->max_speed_mh;
    out->leg_rule = metric->leg_rule;
    out->leg_speed_mh = metric->leg_speed_mh;
    out->leg_detour_ppm = metric->leg_detour_ppm;
    out->leg_cap_m = metric->leg_cap_m;
    for (; out->use_count < metric->word_count && out->use_count < HSD_MAX_MODES; out->use_count++)
        snprintf(out->uses[out->use_count], sizeof out->uses[0], "%s",
                 network->strings + metric->words[out->use_count]);
    out->classes = hsd_calloc(metric->class_count, sizeof *out->classes, err);
    if (!out->classes) return HSD_E_MEMORY;
    for (; out->class_count < metric->class_count; out->class_count++) {
        const hsd_class_rule *rule = &metric->classes[out->class_count];
        hsd_class_speed *speed = &out->classes[out->class_count];
        snprintf(speed->road_class, sizeof speed->road_class, "%s", network->strings + rule->name);
        speed->speed_mh = rule->speed_mh;
        speed->factor_ppm = rule->factor_ppm;
        speed->stop = rule->flags & HSD_CLASS_STOP;
        speed->needs_yes = rule->flags & HSD_CLASS_NEEDS_YES;
    }
    return HSD_OK;
}

static hsd_status profiles_of(const hsd_network *network, hsd_profile *out, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t m = 0; status == HSD_OK && m < network->metric_count; m++) {
        status = hsd_network_require(network, m, err);
        if (status == HSD_OK) status = profile_of(network, &network->metrics[m], &out[m], err);
    }
    return status;
}

static hsd_status add_places(hsd_road_table *table, const hsd_lonlat *places, size_t count,
                             hsd_error *err) {
    const size_t total = table->node_count + count;
    hsd_point_e7 *nodes = hsd_alloc(total, sizeof *nodes, err);
    int64_t *sources = hsd_alloc(total, sizeof *sources, err);
    if (!nodes || !sources) {
        hsd_free(nodes);
        hsd_free(sources);
        return HSD_E_MEMORY;
    }
    memcpy(nodes, table->nodes, table->node_count * sizeof *nodes);
    memcpy(sources, table->node_source, table->node_count * sizeof *sources);
    for (size_t i = 0; i < count; i++) {
        nodes[table->node_count + i] = (hsd_point_e7){(int32_t)lround(places[i].lon * 1e7),
                                                      (int32_t)lround(places[i].lat * 1e7)};
        sources[table->node_count + i] = -(int64_t)i - 1;
    }
    hsd_free(table->nodes);
    hsd_free(table->node_source);
    table->nodes = nodes;
    table->node_source = sources;
    table->node_count = total;
    return HSD_OK;
}

hsd_status hsd_network_with_stops(const hsd_network *base, const hsd_timetable *stops,
                                  const hsd_lonlat *places, size_t place_count, const hsd_run *run,
                                  hsd_network **out, hsd_error *err) {
    *out = NULL;
    if (base->edge_count > 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "a network of %u edges takes no more stops: expected one of stops alone",
                        base->edge_count);
    hsd_road_table table = {0};
    const hsd_build_options options = {.barriers = base->barriers};
    hsd_profile *profiles = hsd_calloc(base->metric_count, sizeof *profiles, err);
    hsd_status status = profiles ? profiles_of(base, profiles, err) : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_stop_table(stops, &table, err);
    if (status == HSD_OK && place_count > 0) status = add_places(&table, places, place_count, err);
    if (status == HSD_OK)
        status = hsd_network_build(&table, profiles, base->metric_count, &options, run, out, err);
    hsd_road_table_finish(&table);
    for (size_t m = 0; profiles && m < base->metric_count; m++) hsd_profile_finish(&profiles[m]);
    hsd_free(profiles);
    return status;
}
