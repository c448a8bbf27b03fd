/* delineate: times to every centre, each in parallel; then, without another search, who is a member
 * by which rule, what contiguity changes, whose circle serves a candidate best. People are counted
 * from times at the points where they live (design 5.12). O(centres x (a search + points)). */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "study/delineate_run.h"

/* ---- One centre ---- */

typedef struct scratch {
    hsd_origin_trees trees;
    hsd_zone_time *times; /* of candidates */
    double *areas;        /* candidates x cut-offs */
    uint32_t *ms;         /* of points */
} scratch;

typedef struct measuring {
    hsd_delineate_run *run;
    scratch *scratches; /* one a worker */
} measuring;

static void see_land(const hsd_delineate_run *run, const scratch *s, hsd_served *served) {
    const hsd_zone_set *zones = run->circle.profiles[0].zones;
    const size_t cutoffs = run->cutoff_count;
    for (size_t z = 0; z < hsd_delineate_candidates(run); z++) {
        size_t first;
        const size_t count = hsd_zone_set_points(zones, z, &first);
        served[z].point_ms = served[z].least_ms = s->times[z].point_ms;
        for (size_t k = first; k < first + count; k++)
            if (s->ms[k] < served[z].least_ms) served[z].least_ms = s->ms[k];
        memcpy(served[z].areas, s->areas + z * cutoffs, cutoffs * sizeof(double));
        served[z].mean_min = served[z].reached = NAN;
        for (size_t c = 0; c < cutoffs; c++) served[z].shares[c] = run->people ? 0 : NAN;
    }
}

/* Sums first, in shares, mean_min and reached; then divided. */
static void see_people(const hsd_delineate_run *run, const uint32_t *ms, hsd_served *served) {
    const hsd_residents *people = &run->residents;
    const size_t candidates = hsd_delineate_candidates(run), cutoffs = run->cutoff_count;
    for (size_t z = 0; z < candidates; z++) served[z].mean_min = served[z].reached = 0;
    for (size_t i = 0; i < people->count; i++) {
        if (people->candidate[i] == HSD_NO_ROW || !(people->weight[i] > 0)) continue;
        hsd_served *s = &served[people->candidate[i]];
        if (ms[i] < s->least_ms) s->least_ms = ms[i];
        if (ms[i] > run->horizon_ms) continue;
        s->mean_min += people->weight[i] * ms[i];
        s->reached += people->weight[i];
        for (size_t c = cutoffs; c-- > 0 && ms[i] <= run->circle.cutoffs_ms[c];)
            s->shares[c] += people->weight[i];
    }
    for (size_t z = 0; z < candidates; z++) {
        hsd_served *s = &served[z];
        const double all = run->population[z];
        s->mean_min = s->reached > 0 ? s->mean_min / s->reached / 60000 : NAN;
        s->reached = all > 0 ? s->reached / all : NAN;
        for (size_t c = 0; c < cutoffs; c++) s->shares[c] = all > 0 ? s->shares[c] / all : NAN;
    }
}

static hsd_status measure_centre(hsd_delineate_run *run, size_t centre, scratch *s,
                                 hsd_error *err) {
    const hsd_profile_run *profile = &run->circle.profiles[0];
    hsd_served *served = run->served + hsd_of_centre(run, centre);
    hsd_reading reading;
    hsd_status status = hsd_origin_trees_read(&s->trees, 0, centre, &reading, err);
    if (status == HSD_OK)
        status = hsd_zone_set_read(profile->zones, &reading, run->circle.cutoffs_ms,
                                   run->cutoff_count, s->times, s->areas, err);
    if (status != HSD_OK) return status;
    hsd_zone_set_point_read(profile->zones, &reading, s->ms);
    see_land(run, s, served);
    if (!run->people) return HSD_OK;
    if (run->residents.apart) hsd_zone_set_point_read(profile->population, &reading, s->ms);
    see_people(run, s->ms, served);
    return HSD_OK;
}

static hsd_status measure_some(void *context, size_t begin, size_t end, int worker,
                               hsd_error *err) {
    measuring *m = context;
    for (size_t o = begin; o < end; o++) {
        if (!hsd_delineate_ok(m->run, o)) continue;
        const hsd_status status = measure_centre(m->run, o, &m->scratches[worker], err);
        if (status != HSD_OK)
            return hsd_fail_prefix(err, status, "centre %s", m->run->circle.origins.origins[o].id);
    }
    return HSD_OK;
}

static hsd_status make_scratch(const hsd_delineate_run *run, scratch *s, hsd_error *err) {
    const size_t zones = hsd_zone_set_point_count(run->circle.profiles[0].zones);
    const size_t people = run->residents.count, candidates = hsd_delineate_candidates(run);
    const hsd_status status = hsd_origin_trees_init(&s->trees, &run->circle, err);
    s->times = hsd_alloc(candidates, sizeof *s->times, err);
    s->areas = hsd_alloc(candidates * run->cutoff_count, sizeof *s->areas, err);
    s->ms = hsd_alloc(people > zones ? people : zones, sizeof *s->ms, err);
    return s->times && s->areas && s->ms ? status : HSD_E_MEMORY;
}

static hsd_status measure_all(hsd_delineate_run *run, hsd_error *err) {
    const int workers = hsd_thread_count(run->run);
    measuring m = {run, hsd_calloc((size_t)workers, sizeof *m.scratches, err)};
    hsd_status status = m.scratches ? HSD_OK : HSD_E_MEMORY;
    for (int w = 0; status == HSD_OK && w < workers; w++)
        status = make_scratch(run, &m.scratches[w], err);
    if (status == HSD_OK)
        status = hsd_parallel_for(run->run, "centres", hsd_delineate_centres(run), 1, measure_some,
                                  &m, err);
    for (int w = 0; m.scratches && w < workers; w++) {
        if (m.scratches[w].trees.run) hsd_origin_trees_finish(&m.scratches[w].trees);
        hsd_free(m.scratches[w].times);
        hsd_free(m.scratches[w].areas);
        hsd_free(m.scratches[w].ms);
    }
    hsd_free(m.scratches);
    return status;
}

/* ---- Members ---- */

static void note_fates(const uint8_t *before, const uint8_t *after, size_t count, uint8_t *fate) {
    for (size_t z = 0; z < count; z++)
        if (before[z] != after[z]) fate[z] = after[z] ? HSD_FATE_FILLED : HSD_FATE_DROPPED;
}

static hsd_status apply_rule(hsd_delineate_run *run, size_t centre, size_t r, hsd_error *err) {
    const hsd_member_rule *rule = &run->rules.rules[r];
    const size_t candidates = hsd_delineate_candidates(run), at = hsd_of_rule(run, centre, r);
    const uint8_t *core = run->core + hsd_of_centre(run, centre);
    const hsd_served *served = run->served + hsd_of_centre(run, centre);
    uint8_t *by_rule = run->by_rule + at, *members = run->members + at, *fate = run->fate + at;
    for (size_t z = 0; z < candidates; z++) {
        by_rule[z] = hsd_member_rule_holds(rule, &served[z], run->circle.cutoffs_ms,
                                           run->cutoff_count, run->circle.zones.places[z].masses);
        members[z] = by_rule[z] || core[z];
        fate[z] = core[z] && !by_rule[z] ? HSD_FATE_CORE : HSD_FATE_RULE;
    }
    if (!run->neighbours.on_border) return HSD_OK;
    uint8_t *before = hsd_alloc(candidates, 1, err);
    if (!before) return HSD_E_MEMORY;
    memcpy(before, members, candidates);
    const hsd_status status =
        hsd_members_tidy(members, candidates, (const uint32_t(*)[2])run->neighbours.pairs,
                         run->neighbours.pair_count, core, run->neighbours.on_border, rule->fill,
                         rule->drop && memchr(core, 1, candidates), err);
    note_fates(before, members, candidates, fate);
    hsd_free(before);
    return status;
}

/* Mean time of all its people, those without a way at the horizon; of its point where nobody lives,
 * or nobody is counted. INFINITY: no way. */
static double cost_of(const hsd_delineate_run *run, const hsd_served *s) {
    if (s->reached > 0)
        return s->reached * s->mean_min + (1 - s->reached) * (run->horizon_ms / 60000.0);
    if (s->reached == 0 || s->point_ms > run->horizon_ms) return INFINITY;
    return s->point_ms / 60000.0;
}

static void find_best(hsd_delineate_run *run) {
    for (size_t z = 0; z < hsd_delineate_candidates(run); z++) {
        double least = INFINITY;
        run->best[z] = HSD_NO_ROW;
        for (uint32_t o = 0; o < hsd_delineate_centres(run); o++) {
            if (!hsd_delineate_ok(run, o)) continue;
            const double cost = cost_of(run, &run->served[hsd_of_centre(run, o) + z]);
            if (cost < least) {
                least = cost;
                run->best[z] = o;
            }
        }
    }
}

static hsd_status make_room(hsd_delineate_run *run, hsd_error *err) {
    const size_t candidates = hsd_delineate_candidates(run), cutoffs = run->cutoff_count;
    const size_t pairs = hsd_delineate_centres(run) * candidates;
    run->served = hsd_calloc(pairs, sizeof *run->served, err);
    run->shares = hsd_calloc(pairs, 2 * cutoffs * sizeof(double), err);
    run->by_rule = hsd_calloc(pairs, run->rules.count, err);
    run->members = hsd_calloc(pairs, run->rules.count, err);
    run->fate = hsd_calloc(pairs, run->rules.count, err);
    run->best = hsd_alloc(candidates, sizeof *run->best, err);
    if (!run->served || !run->shares || !run->by_rule || !run->members || !run->fate || !run->best)
        return HSD_E_MEMORY;
    for (size_t i = 0; i < pairs; i++) {
        run->served[i].shares = run->shares + 2 * i * cutoffs;
        run->served[i].areas = run->served[i].shares + cutoffs;
    }
    return HSD_OK;
}

hsd_status hsd_delineate_measure(hsd_delineate_run *run, hsd_error *err) {
    hsd_status status = make_room(run, err);
    if (status == HSD_OK) status = measure_all(run, err);
    for (size_t o = 0; status == HSD_OK && o < hsd_delineate_centres(run); o++)
        for (size_t r = 0; status == HSD_OK && r < run->rules.count; r++)
            if (hsd_delineate_ok(run, o)) status = apply_rule(run, o, r, err);
    if (status == HSD_OK) find_best(run);
    return status;
}

hsd_circle_size hsd_delineate_size(const hsd_delineate_run *run, const uint8_t *members) {
    hsd_circle_size size = {.population = run->people ? 0 : NAN};
    for (size_t z = 0; z < hsd_delineate_candidates(run); z++) {
        if (!members[z]) continue;
        size.members++;
        size.area_km2 += run->area_km2[z];
        if (run->people) size.population += run->population[z];
    }
    return size;
}

size_t hsd_delineate_circles(const hsd_delineate_run *run, size_t rule, size_t candidate) {
    size_t circles = 0;
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        circles += run->members[hsd_of_rule(run, o, rule) + candidate];
    return circles;
}
