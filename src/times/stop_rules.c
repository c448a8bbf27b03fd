/* transfers.txt as rules between pairs of stops (docs/methods.md, 10): a row that names a station
 * speaks of all its platforms. Of several rows for one pair the one counts that names the fewest
 * stations, then the last. O(pairs log pairs). */
#include <stdlib.h>

#include "times/stop_set.h"

static hsd_status group_platforms(hsd_stop_rules *rules, const hsd_timetable *timetable,
                                  hsd_error *err) {
    const size_t count = timetable->stop_count;
    uint32_t *first = rules->first_platform = hsd_calloc(count + 2, sizeof *first, err);
    rules->platforms = hsd_alloc(count, sizeof *rules->platforms, err);
    if (first == NULL || rules->platforms == NULL) return HSD_E_MEMORY;
    /* shifted by two, so that filling leaves each start where it belongs */
    for (size_t s = 0; s < count; s++)
        if (timetable->stops[s].station != HSD_NO_ROW) first[timetable->stops[s].station + 2]++;
    for (size_t s = 0; s < count; s++) first[s + 2] += first[s + 1];
    for (uint32_t s = 0; s < count; s++)
        if (timetable->stops[s].station != HSD_NO_ROW)
            rules->platforms[first[timetable->stops[s].station + 1]++] = s;
    return HSD_OK;
}

/* The stops a row's end speaks of. */
static size_t stops_of(const hsd_stop_rules *rules, const hsd_timetable *timetable,
                       const uint32_t *end, const uint32_t **out) {
    if (!timetable->stops[*end].is_station) {
        *out = end;
        return 1;
    }
    *out = rules->platforms + rules->first_platform[*end];
    return rules->first_platform[*end + 1] - rules->first_platform[*end];
}

static hsd_status expand(hsd_stop_rules *rules, const hsd_timetable *timetable, uint32_t row,
                         hsd_error *err) {
    const hsd_transfer_row *transfer = &timetable->transfers[row];
    const uint32_t *from, *to;
    const size_t from_count = stops_of(rules, timetable, &transfer->from, &from);
    const size_t to_count = stops_of(rules, timetable, &transfer->to, &to);
    const uint32_t stations =
        timetable->stops[transfer->from].is_station + timetable->stops[transfer->to].is_station;
    const hsd_status status =
        hsd_stop_ways_check(rules->rules.count + from_count * to_count, err); /* 32 bits each */
    if (status != HSD_OK) return status;
    for (size_t f = 0; f < from_count; f++)
        for (size_t t = 0; t < to_count; t++) {
            const hsd_stop_rule rule = {from[f], to[t], stations, row};
            if (!hsd_array_push(&rules->rules, rule, err)) return HSD_E_MEMORY;
        }
    return HSD_OK;
}

static int compare_rules(const void *a, const void *b) {
    const hsd_stop_rule *ra = a, *rb = b;
    if (ra->from != rb->from) return ra->from < rb->from ? -1 : 1;
    if (ra->to != rb->to) return ra->to < rb->to ? -1 : 1;
    if (ra->stations != rb->stations) return ra->stations < rb->stations ? -1 : 1;
    return (ra->row < rb->row) - (ra->row > rb->row);
}

hsd_status hsd_stop_rules_init(hsd_stop_rules *rules, const hsd_timetable *timetable,
                               hsd_error *err) {
    *rules = (hsd_stop_rules){0};
    hsd_status status = group_platforms(rules, timetable, err);
    for (uint32_t row = 0; status == HSD_OK && row < timetable->transfer_count; row++)
        status = expand(rules, timetable, row, err);
    if (status != HSD_OK) return status;
    if (rules->rules.count > 1)
        qsort(rules->rules.data, rules->rules.count, sizeof(hsd_stop_rule), compare_rules);
    size_t kept = 0;
    hsd_stop_rule *data = rules->rules.data;
    for (size_t i = 0; i < rules->rules.count; i++) {
        const hsd_stop_rule *last = kept > 0 ? &data[kept - 1] : NULL;
        if (last == NULL || last->from != data[i].from || last->to != data[i].to)
            data[kept++] = data[i];
    }
    rules->rules.count = kept;
    return HSD_OK;
}

void hsd_stop_rules_finish(hsd_stop_rules *rules) {
    hsd_free(rules->first_platform);
    hsd_free(rules->platforms);
    hsd_array_finish(&rules->rules);
    *rules = (hsd_stop_rules){0};
}

size_t hsd_stop_rules_of(const hsd_stop_rules *rules, uint32_t from, const hsd_stop_rule **first) {
    const hsd_stop_rule *data = rules->rules.data;
    size_t low = 0, high = rules->rules.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (data[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    *first = data != NULL ? data + low : NULL;
    size_t count = 0;
    while (low + count < rules->rules.count && data[low + count].from == from) count++;
    return count;
}

const hsd_stop_rule *hsd_stop_rule_of(const hsd_stop_rules *rules, uint32_t from, uint32_t to) {
    const hsd_stop_rule *of;
    const size_t count = hsd_stop_rules_of(rules, from, &of);
    for (size_t i = 0; i < count; i++)
        if (of[i].to == to) return &of[i];
    return NULL;
}
