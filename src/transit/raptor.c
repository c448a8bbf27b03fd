/* The scratch of a search: made, cleared, run once. What a search is: rounds.c. */
#include "transit/raptor.h"

#include <string.h>

static hsd_status check_ways(const uint32_t *first, const hsd_stop_way *ways, size_t stop_count,
                             const char *what, hsd_error *err) {
    for (size_t s = 0; s < stop_count; s++)
        for (uint32_t i = first[s]; i < first[s + 1]; i++)
            if (ways[i].stop >= stop_count || ways[i].ms > HSD_UNREACHABLE)
                return hsd_fail(err, HSD_E_ARGUMENT,
                                "%s of stop %zu: to stop %u of %zu in %u ms, at most %u", what, s,
                                ways[i].stop, stop_count, ways[i].ms, HSD_UNREACHABLE);
    return HSD_OK;
}

/* Whatever is at most HSD_UNREACHABLE can be added up without a wrap (three terms at a time). */
static hsd_status check_rules(const hsd_transfer_rules *rules, size_t stop_count, hsd_error *err) {
    if (rules->max_rides < 1 || rules->max_rides > HSD_MAX_RIDES)
        return hsd_fail(err, HSD_E_ARGUMENT, "%u rides at most: 1 to %d", rules->max_rides,
                        HSD_MAX_RIDES);
    if (rules->penalty_ms > HSD_UNREACHABLE)
        return hsd_fail(err, HSD_E_ARGUMENT, "transfer penalty %u ms: at most %u",
                        rules->penalty_ms, HSD_UNREACHABLE);
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        if (rules->board_ms[k] > HSD_UNREACHABLE)
            return hsd_fail(err, HSD_E_ARGUMENT, "boarding kind %d takes %u ms: at most %u", k,
                            rules->board_ms[k], HSD_UNREACHABLE);
    for (size_t s = 0; s < stop_count; s++)
        if (rules->change_ms[s] > HSD_UNREACHABLE)
            return hsd_fail(err, HSD_E_ARGUMENT, "change at stop %zu takes %u ms: at most %u", s,
                            rules->change_ms[s], HSD_UNREACHABLE);
    const hsd_status status = check_ways(rules->first_walk, rules->walks, stop_count, "walk", err);
    return status == HSD_OK ? check_ways(rules->first_inside, rules->insides, stop_count,
                                         "way inside the station", err)
                            : status;
}

static bool alloc_scratch(hsd_raptor *r, hsd_error *err) {
    const size_t stops = r->stop_count, labels = stops * (r->max_rides + 1);
    r->labels = hsd_alloc(labels, sizeof *r->labels, err);
    r->sources = hsd_calloc(labels, sizeof *r->sources, err);
    r->best_out = hsd_alloc(stops, sizeof *r->best_out, err);
    r->out_ms = hsd_alloc(stops, sizeof *r->out_ms, err);
    r->state = hsd_calloc(stops, sizeof *r->state, err);
    r->touched = hsd_alloc(stops, sizeof *r->touched, err);
    r->marked = hsd_alloc(stops, sizeof *r->marked, err);
    r->fell = hsd_alloc(stops, sizeof *r->fell, err);
    r->alighted = hsd_alloc(stops, sizeof *r->alighted, err);
    r->queue = hsd_alloc(r->day->pattern_count, sizeof *r->queue, err);
    r->queued_at = hsd_alloc(r->day->pattern_count, sizeof *r->queued_at, err);
    if (!r->labels || !r->sources || !r->best_out || !r->out_ms || !r->state || !r->touched ||
        !r->marked || !r->fell || !r->alighted || !r->queue || !r->queued_at)
        return false;
    for (size_t i = 0; i < labels; i++)
        r->labels[i] =
            (raptor_label){HSD_UNREACHABLE, HSD_UNREACHABLE, HSD_UNREACHABLE, HSD_UNREACHABLE};
    for (size_t s = 0; s < stops; s++) r->best_out[s] = r->out_ms[s] = HSD_UNREACHABLE;
    for (size_t p = 0; p < r->day->pattern_count; p++) r->queued_at[p] = UINT32_MAX;
    return true;
}

hsd_status hsd_raptor_create(const hsd_day *day, const hsd_transfer_rules *rules, hsd_raptor **out,
                             hsd_error *err) {
    *out = NULL;
    const hsd_status status = check_rules(rules, day->timetable->stop_count, err);
    if (status != HSD_OK) return status;
    hsd_raptor *raptor = hsd_calloc(1, sizeof *raptor, err);
    if (raptor == NULL) return HSD_E_MEMORY;
    raptor->day = day;
    raptor->rules = rules;
    raptor->stop_count = day->timetable->stop_count;
    raptor->max_rides = rules->max_rides;
    memcpy(day->options.direction == HSD_FROM ? raptor->board_before_ms : raptor->board_after_ms,
           rules->board_ms, sizeof rules->board_ms);
    if (!alloc_scratch(raptor, err)) {
        hsd_raptor_destroy(raptor);
        return HSD_E_MEMORY;
    }
    *out = raptor;
    return HSD_OK;
}

void hsd_raptor_destroy(hsd_raptor *raptor) {
    if (raptor == NULL) return;
    hsd_free(raptor->labels);
    hsd_free(raptor->sources);
    hsd_free(raptor->best_out);
    hsd_free(raptor->out_ms);
    hsd_free(raptor->state);
    hsd_free(raptor->touched);
    hsd_free(raptor->marked);
    hsd_free(raptor->fell);
    hsd_free(raptor->alighted);
    hsd_free(raptor->queue);
    hsd_free(raptor->queued_at);
    hsd_free(raptor);
}

void raptor_clear(hsd_raptor *raptor) {
    for (size_t i = 0; i < raptor->touched_count; i++) {
        const uint32_t stop = raptor->touched[i];
        memset(&raptor->state[stop], 0, sizeof raptor->state[stop]);
        raptor_label *labels = raptor_labels(raptor, stop);
        for (uint32_t k = 0; k <= raptor->max_rides; k++)
            labels[k] =
                (raptor_label){HSD_UNREACHABLE, HSD_UNREACHABLE, HSD_UNREACHABLE, HSD_UNREACHABLE};
        raptor->best_out[stop] = raptor->out_ms[stop] = HSD_UNREACHABLE;
    }
    raptor->touched_count = 0;
    raptor->counters = (hsd_raptor_counters){0};
}

hsd_status raptor_check(const hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count,
                        const uint32_t *instants_ms, size_t count, hsd_error *err) {
    for (size_t i = 0; i < access_count; i++)
        if (access[i].stop >= raptor->stop_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "access %zu: stop %u, the timetable has %zu", i,
                            access[i].stop, raptor->stop_count);
    for (size_t i = 0; i < count; i++)
        if (instants_ms[i] > CLOCK_END || (i > 0 && instants_ms[i] < instants_ms[i - 1]))
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "instant %zu: %u ms; instants ascend and are at most %u", i,
                            instants_ms[i], CLOCK_END);
    return HSD_OK;
}

hsd_status hsd_raptor_run(hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count,
                          uint32_t instant_ms, uint32_t limit_ms, hsd_error *err) {
    const hsd_status status = raptor_check(raptor, access, access_count, &instant_ms, 1, err);
    if (status != HSD_OK) return status;
    raptor_clear(raptor);
    raptor->traced = true;
    raptor->instant_ms = raptor_turn(raptor, instant_ms);
    raptor->deadline_ms =
        limit_ms < CLOCK_END - raptor->instant_ms ? raptor->instant_ms + limit_ms : CLOCK_END;
    raptor_search(raptor, access, access_count);
    for (size_t i = 0; i < raptor->touched_count; i++) {
        const uint32_t stop = raptor->touched[i], out = raptor->best_out[stop];
        if (out < HSD_UNREACHABLE) raptor->out_ms[stop] = out - raptor->instant_ms;
    }
    return HSD_OK;
}

const uint32_t *hsd_raptor_out(const hsd_raptor *raptor) {
    return raptor->out_ms;
}

hsd_raptor_counters hsd_raptor_counters_get(const hsd_raptor *raptor) {
    return raptor->counters;
}
