/* What a profile may use of a table, and how fast: the only place where words of access, one-way
 * bans and speeds of ways are weighed (docs/methods.md, 2). Everything after sees only paces. */
#include <string.h>

#include "net/build.h"

static uint16_t use_mask(const hsd_road_table *table, const hsd_profile *profile) {
    uint16_t mask = 0;
    for (size_t m = 0; m < table->mode_count; m++) {
        bool used = profile->use_count == 0 && strcmp(table->modes[m], profile->mode) == 0;
        for (size_t u = 0; u < profile->use_count; u++)
            used = used || strcmp(table->modes[m], profile->uses[u]) == 0;
        if (used) mask |= (uint16_t)(1u << m);
    }
    return mask;
}

static uint32_t graph_of(const hsd_profile *profiles, const hsd_rules *rules, size_t i) {
    uint32_t next = 0;
    for (size_t j = 0; j < i; j++) {
        if (strcmp(profiles[j].mode, profiles[i].mode) == 0) return rules[j].graph;
        if (rules[j].graph >= next) next = rules[j].graph + 1;
    }
    return next;
}

hsd_status hsd_rules_make(const hsd_road_table *table, const hsd_profile *profiles, size_t count,
                          hsd_rules *out, hsd_error *err) {
    memset(out, 0, count * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        const hsd_profile *profile = &profiles[i];
        out[i].profile = profile;
        out[i].use_mask = use_mask(table, profile);
        out[i].graph = graph_of(profiles, out, i);
        out[i].classes = hsd_calloc(table->class_count, sizeof *out[i].classes, err);
        if (!out[i].classes) {
            hsd_rules_finish(out, i);
            return HSD_E_MEMORY;
        }
        for (size_t c = 0; c < table->class_count; c++)
            for (size_t k = 0; k < profile->class_count && !out[i].classes[c]; k++)
                if (strcmp(table->classes[c], profile->classes[k].road_class) == 0)
                    out[i].classes[c] = &profile->classes[k];
    }
    return HSD_OK;
}

void hsd_rules_finish(hsd_rules *rules, size_t count) {
    for (size_t i = 0; i < count; i++) hsd_free(rules[i].classes);
}

/* Bans that bind: where one-way does not, only those that stand in both directions. */
static uint16_t banned(const hsd_rules *rules, const hsd_way *way, int direction) {
    return rules->profile->respects_oneway ? way->no[direction]
                                           : (uint16_t)(way->no[0] & way->no[1]);
}

uint32_t hsd_speed_times(uint32_t speed_mh, uint32_t factor_ppm) {
    if (factor_ppm == 0) factor_ppm = 1000000; /* zero is the default */
    uint64_t speed = ((uint64_t)speed_mh * factor_ppm + 500000) / 1000000;
    return speed < 1 ? 1 : speed >= HSD_PACE_FIXED ? HSD_PACE_FIXED - 1 : (uint32_t)speed;
}

const hsd_class_rule *hsd_metric_class(const hsd_network *network, const hsd_metric *metric,
                                       const char *road_class) {
    for (size_t i = 0; i < metric->class_count; i++)
        if (strcmp(network->strings + metric->classes[i].name, road_class) == 0)
            return &metric->classes[i];
    return NULL;
}

hsd_passage hsd_rules_passage(const hsd_rules *rules, const hsd_way *way, int direction) {
    const hsd_passage none = {0};
    const hsd_profile *profile = rules->profile;
    const hsd_class_speed *road = rules->classes[way->class_id];
    if (!road || (rules->use_mask & ~banned(rules, way, direction)) == 0) return none;
    if (road->needs_yes && (way->yes[direction] & rules->use_mask) == 0) return none;
    uint8_t source = way->speed_source[direction];
    if (source != HSD_SPEED_USER)
        source = HSD_SPEED_TAG; /* whatever is given comes from somewhere */
    if (way->time_ms[direction] > 0) {
        bool endless = way->time_ms[direction] >= HSD_UNREACHABLE;
        return endless ? none : (hsd_passage){0, way->time_ms[direction], true, source};
    }
    uint32_t given = way->speed_mh[direction];
    if (given > 0 && (profile->uses_tags || source == HSD_SPEED_USER)) {
        if (profile->max_speed_mh > 0 && given > profile->max_speed_mh)
            given = profile->max_speed_mh;
        return (hsd_passage){hsd_speed_times(given, road->factor_ppm), 0, false, source};
    }
    if (road->speed_mh == 0) return none;
    return (hsd_passage){hsd_speed_times(road->speed_mh, road->factor_ppm), 0, false,
                         HSD_SPEED_CLASS};
}

/* ---- Checks -----------------------------------------------------------------------------------
 */

static hsd_status check_ways(const hsd_road_table *table, hsd_error *err) {
    for (size_t w = 0; w < table->way_count; w++) {
        const hsd_way *way = &table->ways[w];
        if (way->first_node > table->way_node_count ||
            way->node_count > table->way_node_count - way->first_node)
            return hsd_fail(err, HSD_E_ARGUMENT, "road table: nodes of way %zu lie outside it", w);
        if (way->class_id >= table->class_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "road table: way %zu has class %u of %zu", w,
                            way->class_id, table->class_count);
        if (way->name > 0 && way->name >= table->string_size)
            return hsd_fail(err, HSD_E_ARGUMENT, "road table: name of way %zu lies outside it", w);
        if (!(way->length_m >= 0) || way->length_m > 1e9)
            return hsd_fail(err, HSD_E_ARGUMENT, "road table: way %zu has a length of %g m", w,
                            way->length_m);
    }
    for (size_t i = 0; i < table->way_node_count; i++)
        if (table->way_nodes[i] >= table->node_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "road table: a way names node %u of %zu",
                            table->way_nodes[i], table->node_count);
    return HSD_OK;
}

hsd_status hsd_table_check(const hsd_road_table *table, hsd_error *err) {
    if (table->node_count >= HSD_NONE || table->way_count >= HSD_NONE / 2 ||
        table->way_node_count >= HSD_NONE / 2)
        return hsd_fail(err, HSD_E_MEMORY, "road table: %zu ways over %zu nodes are too many",
                        table->way_count, table->node_count);
    if (table->mode_count > HSD_MAX_MODES)
        return hsd_fail(err, HSD_E_ARGUMENT, "road table: %zu words of access, at most %d",
                        table->mode_count, HSD_MAX_MODES);
    if (table->string_size > 0 && table->strings[table->string_size - 1] != '\0')
        return hsd_fail(err, HSD_E_ARGUMENT, "road table: names do not end in a zero");
    for (size_t i = 0; i < table->restriction_count; i++) {
        const hsd_restriction *r = &table->restrictions[i];
        bool bad = r->from_way >= table->way_count || r->to_way >= table->way_count;
        if (r->via_count == 0)
            bad = bad || r->via_node >= table->node_count;
        else
            bad = bad || r->first_via > table->via_way_count ||
                  r->via_count > table->via_way_count - r->first_via;
        for (uint32_t v = 0; !bad && v < r->via_count; v++)
            bad = table->via_ways[r->first_via + v] >= table->way_count;
        if (bad)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "road table: restriction %lld names members outside it",
                            (long long)r->source_id);
    }
    return check_ways(table, err);
}

static bool node_closed(const hsd_rules *rules, uint16_t no) {
    return rules->use_mask != 0 && (rules->use_mask & ~no) == 0;
}

hsd_status hsd_rules_check(const hsd_road_table *table, const hsd_rules *rules, size_t count,
                           hsd_error *err) {
    for (size_t i = 0; i < count; i++) {
        const hsd_profile *a = rules[i].profile;
        for (size_t j = 0; j < i; j++) {
            const hsd_profile *b = rules[j].profile;
            if (strcmp(a->name, b->name) == 0)
                return hsd_fail(err, HSD_E_ARGUMENT, "profile \"%s\" is given twice", a->name);
            if (rules[i].graph != rules[j].graph) continue;
            if (a->respects_turns != b->respects_turns)
                return hsd_fail(err, HSD_E_ARGUMENT,
                                "profiles \"%s\" and \"%s\" of mode %s: only one respects turn "
                                "restrictions; give one of them a mode of its own",
                                b->name, a->name, a->mode);
            for (size_t n = 0; table->node_no && n < table->node_count; n++)
                if (table->node_no[n] && node_closed(&rules[i], table->node_no[n]) !=
                                             node_closed(&rules[j], table->node_no[n]))
                    return hsd_fail(err, HSD_E_ARGUMENT,
                                    "profiles \"%s\" and \"%s\" of mode %s: node %lld stops only "
                                    "one of them; give one of them a mode of its own",
                                    b->name, a->name, a->mode, (long long)table->node_source[n]);
        }
    }
    return HSD_OK;
}
