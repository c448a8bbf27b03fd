/* Sets that do more than add links (closures, speeds, waits, links to stop on): the metric of the
 * set, its links over it, and a search an origin and set. Also every set, when asked to, as a check
 * of the shortcut. */
#include <string.h>

#include "base/parallel.h"
#include "compare/rank_job.h"

typedef struct set_search {
    hsd_rank_job *job;
    uint32_t set;
    hsd_network *view; /* NULL: the metric stands */
    hsd_locator *adapted;
    const hsd_locator *locator; /* that of the metric */
    hsd_pole_times *own_times;
    hsd_overlay *overlay;
    hsd_scenario_place *place;
    hsd_zone_set *own_set, *link_set;
    const hsd_zone_set *points;
    hsd_scenario_tree **trees; /* one a worker */
} set_search;

static hsd_status find_metric(set_search *s, hsd_error *err) {
    hsd_rank_job *job = s->job;
    size_t n = job->sets.proposal_count;
    uint8_t *active = hsd_calloc(n, 1, err);
    if (!active) return HSD_E_MEMORY;
    for (uint32_t p = 0; p < n; p++) active[p] = hsd_rank_set_holds(&job->sets.list[s->set], p);
    hsd_status status = hsd_scenario_network(job->resolved, active, &s->view, err);
    hsd_free(active);
    s->locator = job->locator;
    s->points = job->set;
    if (status != HSD_OK || !s->view) return status;
    status = hsd_locator_adapt(job->locator, s->view, &s->adapted, err);
    s->locator = s->adapted;
    if (status == HSD_OK)
        status = hsd_zone_set_create(s->adapted, &job->points, job->run, &s->own_set, err);
    s->points = s->own_set;
    return status;
}

static hsd_status lay_links(set_search *s, hsd_error *err) {
    hsd_rank_job *job = s->job;
    const hsd_resolved *r = job->resolved;
    uint8_t *links = hsd_calloc(r->table->link_count, 1, err);
    if (!links) return HSD_E_MEMORY;
    bool any = false;
    for (size_t i = 0; i < r->added_count; i++)
        if (hsd_rank_set_holds(&job->sets.list[s->set], r->added[i].proposal))
            links[r->added[i].link] = any = true;
    hsd_status status = HSD_OK;
    if (any && s->adapted)
        status = hsd_pole_times_create(s->adapted, r, job->limit_ms, job->run, &s->own_times, err);
    if (status == HSD_OK && any)
        status =
            hsd_overlay_create(s->own_times ? s->own_times : job->times, links, &s->overlay, err);
    hsd_free(links);
    if (status == HSD_OK)
        status = hsd_scenario_place_create(s->locator, s->overlay, &s->place, err);
    const hsd_locator *stops = status == HSD_OK ? hsd_scenario_place_links(s->place) : NULL;
    if (stops) status = hsd_zone_set_create(stops, &job->points, job->run, &s->link_set, err);
    return status;
}

static bool joined(const set_search *s, size_t zone) {
    return hsd_zone_set_reason(s->points, zone) == HSD_SNAP_OK ||
           (s->link_set && hsd_zone_set_reason(s->link_set, zone) == HSD_SNAP_OK);
}

static hsd_status search_origin(set_search *s, hsd_rank_worker *worker, hsd_scenario_tree *tree,
                                size_t k, hsd_error *err) {
    hsd_rank_job *job = s->job;
    size_t origin = job->block_first + k, zone = job->origins[origin];
    if (!joined(s, zone)) {
        worker->skipped[s->set]++;
        return HSD_OK;
    }
    const hsd_feet *feet = hsd_zone_set_feet(s->points, zone);
    hsd_seed *seeds = hsd_calloc(feet->count, sizeof *seeds, err);
    if (!seeds) return HSD_E_MEMORY;
    for (size_t i = 0; i < feet->count; i++) seeds[i].foot = feet->feet[i];
    const hsd_lonlat at = job->points.places[zone].geometry.points[0];
    const uint32_t no_cost = 0;
    bool changed;
    hsd_status status = hsd_scenario_tree_grow(tree, HSD_FROM, &at, &no_cost, 1, seeds, feet->count,
                                               job->limit_ms, &changed, err);
    hsd_free(seeds);
    if (status != HSD_OK) return status;
    worker->scenario_searches++;
    if (!changed && !s->view) {
        worker->skipped[s->set]++;
        return HSD_OK;
    }
    for (size_t j = 0; j < job->zone_count; j++)
        worker->after[j] = hsd_scenario_tree_zone_ms(tree, s->points, s->link_set, j);
    worker->after[zone] = 0;
    return hsd_rank_record(job, worker, origin, s->set, job->block_ms + k * job->zone_count, err);
}

static hsd_status some_origins(void *context, size_t begin, size_t end, int worker,
                               hsd_error *err) {
    set_search *s = context;
    hsd_rank_worker *w = &s->job->workers[worker];
    hsd_status status = HSD_OK;
    double start = hsd_rank_clock();
    if (!s->trees[worker]) status = hsd_scenario_tree_create(s->place, &s->trees[worker], err);
    for (size_t k = begin; status == HSD_OK && k < end; k++)
        status = search_origin(s, w, s->trees[worker], k, err);
    w->sets_s += hsd_rank_clock() - start;
    return status;
}

hsd_status hsd_rank_search(hsd_rank_job *job, uint32_t set, size_t count, hsd_error *err) {
    set_search s = {.job = job, .set = set};
    s.trees = hsd_calloc(job->worker_count, sizeof *s.trees, err);
    hsd_status status = s.trees ? find_metric(&s, err) : HSD_E_MEMORY;
    if (status == HSD_OK) status = lay_links(&s, err);
    if (status == HSD_OK)
        status = hsd_parallel_for(job->run, "ranking", count, 1, some_origins, &s, err);
    for (size_t w = 0; s.trees && w < job->worker_count; w++) hsd_scenario_tree_destroy(s.trees[w]);
    hsd_free(s.trees);
    hsd_zone_set_destroy(s.link_set);
    hsd_zone_set_destroy(s.own_set);
    hsd_scenario_place_destroy(s.place);
    hsd_overlay_destroy(s.overlay);
    hsd_pole_times_destroy(s.own_times);
    hsd_locator_destroy(s.adapted);
    hsd_network_destroy(s.view);
    return status;
}
