/* What a ranking needs before the first origin: zones and flows in order, the links as a web of
 * poles, the poles' trees (one each, which give the times between poles and from poles to zones),
 * the sets and their plan. */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "compare/rank_job.h"
#include "geo/geometry.h"

/* ---- What was asked ---- */

static hsd_status check_masses(const char *what, const double *masses, const hsd_place_table *zones,
                               hsd_error *err) {
    for (size_t z = 0; masses && z < zones->place_count; z++)
        if (!isfinite(masses[z]) || masses[z] < 0)
            return hsd_fail(err, HSD_E_FORMAT, "zone %s: %s is %s; expected a number, 0 or more",
                            zones->places[z].id, what, isfinite(masses[z]) ? "below 0" : "missing");
    return HSD_OK;
}

static hsd_status check_options(hsd_rank_job *job, const hsd_place_table *zones, hsd_error *err) {
    const hsd_rank_options *o = job->options;
    if (zones->place_count == 0 || zones->place_count >= UINT32_MAX)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu zones: nothing to rank by", zones->place_count);
    if (job->proposal_count == 0) return hsd_fail(err, HSD_E_ARGUMENT, "no proposals to rank");
    if (!o->population || o->cutoff_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "a ranking needs people and a cut-off");
    for (size_t c = 0; c < o->cutoff_count; c++)
        if (o->cutoffs_ms[c] == 0 || o->cutoffs_ms[c] >= HSD_UNREACHABLE ||
            (c && o->cutoffs_ms[c] <= o->cutoffs_ms[c - 1]))
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-offs must ascend from above 0");
    if (job->horizon_ms >= HSD_UNREACHABLE)
        return hsd_fail(err, HSD_E_ARGUMENT, "horizon of %u ms: too far", job->horizon_ms);
    for (size_t f = 0; f < o->flow_count; f++)
        if (o->flows[f].from >= zones->place_count || o->flows[f].to >= zones->place_count ||
            !isfinite(o->flows[f].trips))
            return hsd_fail(err, HSD_E_ARGUMENT, "flow %zu: no such zone, or no number of trips",
                            f + 1);
    hsd_status status = check_masses("population", o->population, zones, err);
    if (status == HSD_OK) status = check_masses("GDP", o->gdp, zones, err);
    double people = 0;
    for (size_t z = 0; z < zones->place_count; z++) people += o->population[z];
    if (status == HSD_OK && !(people > 0))
        return hsd_fail(err, HSD_E_FORMAT, "no zone has people: nothing to rank by");
    return status;
}

/* ---- Zones and flows ---- */

/* Places of the zones' one points: sub-points are not wanted here. */
hsd_status hsd_rank_points(const hsd_place_table *zones, hsd_place_table *out, hsd_error *err) {
    static size_t one = 1; /* a point's only ring; never written to */
    size_t n = zones->place_count;
    hsd_lonlat *at = hsd_calloc(n, sizeof *at, err);
    hsd_place *places = at ? hsd_calloc(n, sizeof *places, err) : NULL;
    *out = (hsd_place_table){.places = places, .place_count = n};
    if (!places) {
        hsd_free(at);
        return HSD_E_MEMORY;
    }
    places[0].masses = (double *)at; /* the block to free */
    for (size_t z = 0; z < n; z++) {
        places[z].id = zones->places[z].id;
        places[z].fault = zones->places[z].fault;
        if (places[z].fault) continue;
        hsd_status status = hsd_geometry_point(&zones->places[z].geometry, &at[z], err);
        if (status != HSD_OK) return status;
        places[z].geometry = (hsd_geometry){HSD_GEOMETRY_POINT, 1, 1, 0, &at[z], &one, NULL};
    }
    return HSD_OK;
}

void hsd_rank_points_finish(hsd_place_table *points) {
    if (points->places) hsd_free(points->places[0].masses);
    hsd_free(points->places);
    *points = (hsd_place_table){0};
}

/* A row to a zone has the trips that end there. */
static hsd_flow flow_at(const hsd_rank_job *job, size_t f) {
    hsd_flow flow = job->options->flows[f];
    return job->source && job->source->to ? (hsd_flow){flow.to, flow.from, flow.trips} : flow;
}

static hsd_status sort_flows(hsd_rank_job *job, hsd_error *err) {
    const hsd_rank_options *o = job->options;
    job->first_flow = hsd_calloc(job->zone_count + 2, sizeof *job->first_flow, err);
    job->flows = hsd_alloc(o->flow_count, sizeof *job->flows, err);
    if (!job->first_flow || !job->flows) return HSD_E_MEMORY;
    size_t *end = job->first_flow + 1; /* counts, then where the next one goes, then ends */
    for (size_t f = 0; f < o->flow_count; f++) end[flow_at(job, f).from + 1]++;
    for (size_t z = 0; z < job->zone_count; z++) end[z + 1] += end[z];
    for (size_t f = 0; f < o->flow_count; f++) {
        const hsd_flow flow = flow_at(job, f);
        job->flows[end[flow.from]++] = flow;
    }
    return HSD_OK;
}

static hsd_status find_origins(hsd_rank_job *job, hsd_error *err) {
    job->origins = hsd_alloc(job->zone_count, sizeof *job->origins, err);
    if (!job->origins) return HSD_E_MEMORY;
    for (size_t z = 0; z < job->zone_count; z++)
        if (job->options->population[z] > 0 || job->first_flow[z + 1] > job->first_flow[z])
            job->origins[job->origin_count++] = z;
    return HSD_OK;
}

/* ---- Proposals ---- */

static hsd_status find_search(hsd_rank_job *job, hsd_error *err) {
    const hsd_resolved *resolved = job->resolved;
    size_t n = job->proposal_count;
    job->search = hsd_calloc(n, 1, err);
    if (!job->search) return HSD_E_MEMORY;
    if (job->source) {
        memset(job->search, 1, n);
        if (job->options->engine == HSD_RANK_SHORTCUT)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "engine shortcut: it is for added streets; by timetable every set is "
                            "searched");
        return HSD_OK;
    }
    for (uint32_t p = 0; p < n; p++)
        job->search[p] =
            job->options->engine == HSD_RANK_SEARCH || !hsd_scenario_only_adds(resolved, p);
    for (size_t i = 0; i < resolved->added_count; i++)
        if (resolved->added[i].access) job->search[resolved->added[i].proposal] = 1;
    for (uint32_t p = 0; job->options->engine == HSD_RANK_SHORTCUT && p < n; p++)
        if (job->search[p])
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "proposal %s does more than add links: engine shortcut cannot rank it",
                            resolved->table->proposals[p].name);
    return HSD_OK;
}

/* Poles at which a piece ends, and pieces as directed links, by proposal. */
static hsd_status make_web(hsd_rank_job *job, hsd_error *err) {
    const hsd_resolved *r = job->resolved;
    size_t n = job->proposal_count, poles = r->pole_count;
    size_t words = 2 * (n + 1) + 2 * poles;
    uint32_t *w = hsd_calloc(words + 2 * r->added_count * 3, sizeof *w, err);
    uint32_t *place_of = hsd_alloc(poles, sizeof *place_of, err);
    job->web_memory = w;
    if (!w || !place_of) {
        hsd_free(place_of);
        return HSD_E_MEMORY;
    }
    uint32_t *first_link = w, *first_pole = w + n + 1, *pole = first_pole + n + 1;
    uint32_t *place = pole + poles, link_count = 0, pole_count = 0;
    hsd_web_link *links = (hsd_web_link *)(void *)(w + words);
    uint8_t *used = (uint8_t *)place_of; /* its first use */
    memset(used, 0, poles);
    for (uint32_t p = 0; p < n; p++) {
        first_link[p] = link_count;
        first_pole[p] = pole_count;
        for (size_t i = 0; i < r->added_count; i++) {
            const hsd_added *a = &r->added[i];
            if (a->proposal != p) continue;
            links[link_count++] = (hsd_web_link){a->from_pole, a->to_pole, a->ms[0]};
            links[link_count++] = (hsd_web_link){a->to_pole, a->from_pole, a->ms[1]};
            if (!used[a->from_pole]) pole[pole_count++] = a->from_pole;
            used[a->from_pole] = 1;
            if (!used[a->to_pole]) pole[pole_count++] = a->to_pole;
            used[a->to_pole] = 1;
        }
    }
    first_link[n] = link_count;
    first_pole[n] = pole_count;
    for (uint32_t p = 0; p < poles; p++) { /* numbers from 0, whatever the places are called */
        place[p] = p;
        for (uint32_t q = 0; q < p; q++)
            if (r->poles[q].place == r->poles[p].place) {
                place[p] = place[q];
                break;
            }
    }
    hsd_free(place_of);
    job->web = (hsd_web){.run = job->run,
                         .set_count = job->sets.count,
                         .pole_count = (uint32_t)poles,
                         .proposal_count = (uint32_t)n,
                         .direct = job->times->ms,
                         .place = place,
                         .links = links,
                         .first_link = first_link,
                         .poles = pole,
                         .first_pole = first_pole};
    return HSD_OK;
}

static hsd_status keep_zone_times(void *context, uint32_t pole, const hsd_tree *tree,
                                  hsd_error *err) {
    (void)err;
    const hsd_rank_job *job = context;
    uint32_t *row = job->pole_zone + pole * job->zone_count, *range = job->pole_range + 2 * pole;
    range[0] = range[1] = 0;
    for (size_t z = 0; z < job->zone_count; z++) {
        row[z] = hsd_tree_feet_ms(tree, hsd_zone_set_feet(job->set, z));
        if (row[z] >= HSD_UNREACHABLE) continue;
        if (range[1] == 0) range[0] = (uint32_t)z;
        range[1] = (uint32_t)z + 1;
    }
    return HSD_OK;
}

static hsd_status grow_poles(hsd_rank_job *job, hsd_error *err) {
    size_t poles = job->resolved->pole_count, most = (size_t)4 << 30;
    size_t bytes = poles * (poles + job->zone_count) * sizeof(uint32_t);
    hsd_log(job->run, HSD_LOG_DEBUG, "%zu ends of links, %zu zones: %zu MB of times between them",
            poles, job->zone_count, bytes >> 20);
    if (bytes > most)
        return hsd_fail(err, HSD_E_MEMORY,
                        "%zu ends of links and %zu zones need %zu MB, more than %zu: rank fewer "
                        "proposals at a time",
                        poles, job->zone_count, bytes >> 20, most >> 20);
    job->pole_zone = hsd_alloc(poles, job->zone_count * sizeof *job->pole_zone, err);
    job->pole_range = hsd_alloc(2 * poles, sizeof *job->pole_range, err);
    if (!job->pole_zone || !job->pole_range) return HSD_E_MEMORY;
    return hsd_pole_times_make(job->locator, job->resolved, job->limit_ms, job->run,
                               keep_zone_times, job, &job->times, err);
}

/* ---- Scratch ---- */

static hsd_status make_workers(hsd_rank_job *job, hsd_error *err) {
    size_t poles = job->source ? 0 : job->resolved->pole_count, zones = job->zone_count;
    job->worker_count = (size_t)hsd_thread_count(job->run);
    job->workers = hsd_calloc(job->worker_count, sizeof *job->workers, err);
    for (size_t w = 0; job->workers && w < job->worker_count; w++) {
        hsd_rank_worker *worker = &job->workers[w];
        worker->after = hsd_alloc(zones, sizeof *worker->after, err);
        worker->moved = hsd_alloc(zones, sizeof *worker->moved, err);
        worker->to_pole = hsd_alloc(poles, sizeof *worker->to_pole, err);
        worker->settled = hsd_alloc(poles, sizeof *worker->settled, err);
        worker->scratch = hsd_alloc(hsd_plan_scratch(&job->plan), sizeof *worker->scratch, err);
        worker->comes = hsd_alloc(2 * poles, sizeof *worker->comes, err);
        worker->together = hsd_alloc(2 * poles, sizeof *worker->together, err);
        worker->skipped = hsd_calloc(job->sets.count, sizeof *worker->skipped, err);
        if (!worker->after || !worker->moved || !worker->to_pole || !worker->settled ||
            !worker->scratch || !worker->comes || !worker->together || !worker->skipped)
            return HSD_E_MEMORY;
    }
    return job->workers ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status make_results(hsd_rank_job *job, hsd_error *err) {
    const hsd_rank_options *o = job->options;
    job->saving_value = o->cutoff_count * (o->gdp ? 2 : 1);
    job->value_count = job->saving_value + 2 + (o->flow_count ? 1 : 0);
    job->results = hsd_calloc(job->origin_count, sizeof *job->results, err);
    job->people_before = hsd_calloc(job->zone_count, o->cutoff_count * sizeof(double), err);
    size_t kept = job->source ? job->source->kept_bytes : 0, most = (size_t)256 << 20;
    size_t row = job->zone_count * sizeof *job->block_ms;
    job->block_size = most / (row + kept);
    if (job->block_size < job->worker_count) job->block_size = job->worker_count;
    if (job->block_size > job->origin_count) job->block_size = job->origin_count;
    job->block_ms = hsd_alloc(job->block_size, row, err);
    job->block_kept = hsd_alloc(job->block_size, kept, err);
    return job->results && job->people_before && job->block_ms && job->block_kept ? HSD_OK
                                                                                  : HSD_E_MEMORY;
}

/* The streets' own: poles, their web, the plan of the sets that only add links. */
static hsd_status prepare_streets(hsd_rank_job *job, const hsd_place_table *zones, hsd_error *err) {
    hsd_status status = hsd_rank_points(zones, &job->points, err);
    if (status == HSD_OK)
        status = hsd_zone_set_create(job->locator, &job->points, job->run, &job->set, err);
    if (status == HSD_OK) status = grow_poles(job, err);
    if (status == HSD_OK) status = make_web(job, err);
    return status == HSD_OK ? hsd_rank_sets_plan(&job->sets, &job->web, &job->plan, err) : status;
}

hsd_status hsd_rank_prepare(hsd_rank_job *job, const hsd_place_table *zones, hsd_error *err) {
    const hsd_rank_options *o = job->options;
    enum { USUAL = HSD_RANK_ALONE | HSD_RANK_TOGETHER | HSD_RANK_WITHOUT };
    job->zone_count = zones->place_count;
    job->horizon_ms = o->horizon_ms ? o->horizon_ms : 120 * 60000;
    hsd_status status = check_options(job, zones, err);
    if (status != HSD_OK) return status;
    job->limit_ms = job->horizon_ms;
    if (o->cutoffs_ms[o->cutoff_count - 1] > job->limit_ms)
        job->limit_ms = o->cutoffs_ms[o->cutoff_count - 1];
    status = sort_flows(job, err);
    if (status == HSD_OK) status = find_origins(job, err);
    if (status == HSD_OK) status = find_search(job, err);
    if (status == HSD_OK)
        status = hsd_rank_sets_make((uint32_t)job->proposal_count, o->sets ? o->sets : USUAL,
                                    job->search, &job->sets, err);
    if (status == HSD_OK && !job->source) status = prepare_streets(job, zones, err);
    if (status == HSD_OK) status = make_workers(job, err);
    return status == HSD_OK ? make_results(job, err) : status;
}

void hsd_rank_job_finish(hsd_rank_job *job) {
    for (size_t o = 0; job->results && o < job->origin_count; o++) {
        hsd_array_finish(&job->results[o].heads);
        hsd_array_finish(&job->results[o].values);
    }
    for (size_t w = 0; job->workers && w < job->worker_count; w++) {
        hsd_rank_worker *worker = &job->workers[w];
        hsd_tree_destroy(worker->tree);
        void *const blocks[] = {worker->after,   worker->moved, worker->to_pole,  worker->settled,
                                worker->scratch, worker->comes, worker->together, worker->skipped};
        for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) hsd_free(blocks[i]);
    }
    hsd_rank_points_finish(&job->points);
    hsd_zone_set_destroy(job->set);
    hsd_pole_times_destroy(job->times);
    hsd_rank_sets_finish(&job->sets);
    hsd_plan_finish(&job->plan);
    void *const blocks[] = {job->origins,   job->first_flow, job->flows,         job->search,
                            job->pole_zone, job->pole_range, job->web_memory,    job->results,
                            job->block_ms,  job->block_kept, job->people_before, job->workers};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) hsd_free(blocks[i]);
}
