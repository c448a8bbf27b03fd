/* Times and polygons of a circle run. Every pair of a profile and an origin is one task (by
 * timetable every origin: its percentiles are read from the same trees); tasks run
 * in parallel in batches, results go to their own places, so nothing depends on the number of
 * threads. What needs all surfaces (hinterlands, overlaps, the raster) takes them after each batch,
 * in order. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "hourshed/export.h"
#include "net/network.h"
#include "study/circle_run.h"

/* ---- One task
 * --------------------------------------------------------------------------------------- */

typedef struct scratch {
    hsd_origin_trees trees;
    hsd_zone_time *zone_times;
    double *shares;
    uint32_t *point_ms;
} scratch;

typedef struct batch {
    hsd_circle_run *run;
    scratch *scratches;    /* one a worker */
    hsd_surface *surfaces; /* one a profile of a task of the batch, kept when wanted later */
    size_t profiles;       /* of one task */
    size_t first;          /* task number of the batch's first */
    bool keep;
} batch;

/* Masses within each cut-off; with several profiles also which sub-points, for core and fringe. */
static hsd_status count_masses(const hsd_circle_run *run, const hsd_profile_run *profile,
                               const hsd_reading *reading, scratch *s, hsd_origin_result *result,
                               hsd_error *err) {
    const hsd_place_table *people = &run->population;
    size_t cutoffs = run->cutoff_count, masses = people->mass_count;
    hsd_status status = hsd_zone_set_read(profile->population, reading, run->cutoffs_ms, cutoffs,
                                          s->zone_times, s->shares, err);
    if (status != HSD_OK) return status;
    result->masses = hsd_calloc(cutoffs * masses, sizeof(double), err);
    if (!result->masses) return HSD_E_MEMORY;
    for (size_t z = 0; z < people->place_count; z++)
        for (size_t c = 0; c < cutoffs; c++)
            for (size_t m = 0; m < masses; m++)
                result->masses[c * masses + m] +=
                    s->shares[z * cutoffs + c] * people->places[z].masses[m];
    if (run->profile_count < 2) return HSD_OK;
    size_t points = hsd_zone_set_point_count(profile->population);
    result->reached = hsd_alloc(points * cutoffs, 1, err);
    if (!result->reached) return HSD_E_MEMORY;
    hsd_zone_set_point_read(profile->population, reading, s->point_ms);
    for (size_t i = 0; i < points; i++)
        for (size_t c = 0; c < cutoffs; c++)
            result->reached[i * cutoffs + c] = s->point_ms[i] <= run->cutoffs_ms[c];
    return HSD_OK;
}

static hsd_status zone_times(const hsd_circle_run *run, const hsd_profile_run *profile,
                             const hsd_reading *reading, hsd_origin_result *result,
                             hsd_error *err) {
    size_t count = run->zones.place_count, cutoffs = run->cutoff_count;
    result->zones = hsd_calloc(count, sizeof *result->zones, err);
    result->zone_shares = hsd_calloc(count * cutoffs, sizeof(double), err);
    if (!result->zones || !result->zone_shares) return HSD_E_MEMORY;
    return hsd_zone_set_read(profile->zones, reading, run->cutoffs_ms, cutoffs, result->zones,
                             result->zone_shares, err);
}

/* Everything that is read off one origin's times under one profile, or at one percentile. */
static hsd_status measure(hsd_circle_run *run, size_t p, size_t o, const hsd_reading *reading,
                          scratch *s, hsd_surface *surface, hsd_error *err) {
    const uint32_t limit = run->cutoffs_ms[run->cutoff_count - 1];
    const hsd_circle_options options = {.max_vertices = run->request->max_vertices};
    hsd_profile_run *profile = &run->profiles[p];
    hsd_origin_result *result = &profile->results[o];
    result->circles = hsd_calloc(run->cutoff_count, sizeof *result->circles, err);
    if (!result->circles) return HSD_E_MEMORY;
    hsd_status status = hsd_surface_read(profile->lattice, reading, limit, run->run, surface, err);
    if (status == HSD_OK)
        status = hsd_circles_read(run->network, profile->locator, reading, surface, run->cutoffs_ms,
                                  run->cutoff_count, &options, result->circles, err);
    if (status == HSD_OK && profile->zones) status = zone_times(run, profile, reading, result, err);
    if (status == HSD_OK && profile->population)
        status = count_masses(run, profile, reading, s, result, err);
    return status;
}

/* At how many of the window's instants each zone is within the largest cut-off. */
static hsd_status window_shares(const hsd_circle_run *run, const scratch *s,
                                hsd_origin_result *result, hsd_error *err) {
    const hsd_zone_set *zones = run->profiles[0].zones;
    if (!zones || !run->transit) return HSD_OK;
    result->window_shares = hsd_calloc(run->zones.place_count, sizeof(double), err);
    if (!result->window_shares) return HSD_E_MEMORY;
    for (size_t z = 0; z < run->zones.place_count; z++)
        result->window_shares[z] = hsd_transit_trees_share(
            &s->trees.transit, hsd_zone_set_feet(zones, z), run->cutoffs_ms[run->cutoff_count - 1]);
    return HSD_OK;
}

static hsd_status run_task(batch *b, size_t task, int worker, hsd_error *err) {
    hsd_circle_run *run = b->run;
    scratch *s = &b->scratches[worker];
    const size_t first = task / run->origins.count, o = task % run->origins.count;
    if (!run->profiles[first].results[o].ok) return HSD_OK;
    hsd_status status = HSD_OK;
    for (size_t k = 0; status == HSD_OK && k < b->profiles; k++) {
        hsd_reading reading;
        hsd_surface surface = {0};
        status = hsd_origin_trees_read(&s->trees, first + k, o, &reading, err);
        if (status != HSD_OK) break;
        hsd_origin_result *result = &run->profiles[first + k].results[o];
        result->counters = hsd_origin_trees_counters(&s->trees, first + k);
        status = measure(run, first + k, o, &reading, s, &surface, err);
        if (status == HSD_OK && k == 0) status = window_shares(run, s, result, err);
        if (status == HSD_OK && b->keep)
            b->surfaces[(task - b->first) * b->profiles + k] = surface;
        else
            hsd_surface_finish(&surface);
    }
    if (status != HSD_OK) hsd_fail_prefix(err, status, "origin %s", run->origins.origins[o].id);
    return status;
}

static hsd_status run_tasks(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    batch *b = context;
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++)
        status = run_task(b, b->first + i, worker, err);
    return status;
}

/* ---- After a batch: what takes surfaces
 * ---------------------------------------------------------------- */

hsd_status hsd_circle_write_raster(const hsd_circle_run *run, hsd_error *err) {
    const hsd_surface *s = &run->first;
    if (!s->ms) {
        hsd_log(run->run, HSD_LOG_WARNING, "no raster: the first origin joins no street");
        return HSD_OK;
    }
    const uint32_t limit = run->cutoffs_ms[run->cutoff_count - 1];
    size_t count = (size_t)s->width * s->height;
    float *minutes = hsd_alloc(count, sizeof *minutes, err);
    if (!minutes) return HSD_E_MEMORY;
    for (uint32_t row = 0; row < s->height;
         row++) /* the surface's rows go north, a raster's south */
        for (uint32_t x = 0; x < s->width; x++) {
            uint32_t ms = s->ms[(size_t)row * s->width + x];
            minutes[(size_t)(s->height - 1 - row) * s->width + x] =
                ms > limit ? NAN : (float)(ms / 60000.0);
        }
    hsd_status status =
        hsd_raster_write(run->request->raster, run->request->overwrite, s->centre_lon,
                         s->centre_lat, s->i0 * s->cell_m, (s->j0 + (double)s->height) * s->cell_m,
                         s->cell_m, s->width, s->height, minutes, err);
    hsd_free(minutes);
    return status;
}

static hsd_status take_surfaces(batch *b, size_t count, hsd_error *err) {
    hsd_circle_run *run = b->run;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < count * b->profiles; i++) {
        const size_t task = b->first + i / b->profiles;
        const size_t p = task / run->origins.count + i % b->profiles, o = task % run->origins.count;
        hsd_surface *surface = &b->surfaces[i];
        if (status == HSD_OK && surface->ms && run->profiles[p].contest)
            status = hsd_contest_add(run->profiles[p].contest, surface, (uint32_t)o, err);
        if (run->request->raster && p == 0 && o == 0) {
            run->first = *surface; /* written when all is computed */
            *surface = (hsd_surface){0};
        }
        hsd_surface_finish(surface);
    }
    return status;
}

/* ---- All tasks
 * ------------------------------------------------------------------------------------------- */

static void finish_scratches(scratch *scratches, int workers) {
    for (int w = 0; scratches && w < workers; w++) {
        hsd_origin_trees_finish(&scratches[w].trees);
        hsd_free(scratches[w].zone_times);
        hsd_free(scratches[w].shares);
        hsd_free(scratches[w].point_ms);
    }
    hsd_free(scratches);
}

static scratch *make_scratches(const hsd_circle_run *run, int workers, hsd_error *err) {
    size_t people = run->population.place_count, points = 0;
    for (size_t p = 0; p < run->profile_count; p++)
        if (run->profiles[p].population) {
            size_t count = hsd_zone_set_point_count(run->profiles[p].population);
            points = count > points ? count : points;
        }
    scratch *scratches = hsd_calloc((size_t)workers, sizeof *scratches, err);
    for (int w = 0; scratches && w < workers; w++) {
        scratch *s = &scratches[w];
        hsd_status status = hsd_origin_trees_init(&s->trees, run, err);
        s->zone_times = hsd_alloc(people, sizeof *s->zone_times, err);
        s->shares = hsd_alloc(people * run->cutoff_count, sizeof *s->shares, err);
        s->point_ms = hsd_alloc(points, sizeof *s->point_ms, err);
        if (status == HSD_OK && s->zone_times && s->shares && s->point_ms) continue;
        finish_scratches(scratches, workers);
        return NULL;
    }
    return scratches;
}

static hsd_status make_contests(hsd_circle_run *run, hsd_error *err) {
    hsd_status status = HSD_OK;
    if (!run->request->hinterland && !run->request->overlap) return status;
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++)
        status = hsd_contest_create(run->origins.count, &run->profiles[p].contest, err);
    return status;
}

/* A batch's progress as a part of the whole; a run can be cancelled between any two tasks. */
typedef struct part {
    const hsd_run *run;
    double before, share;
} part;

static bool part_progress(void *user, const char *what, double fraction) {
    const part *p = user;
    if (!p->run || !p->run->progress) return true;
    return p->run->progress(p->run->user, what, p->before + p->share * fraction);
}

static hsd_status run_batch(batch *b, size_t count, size_t tasks, hsd_error *err) {
    part p = {b->run->run, (double)b->first / (double)tasks, (double)count / (double)tasks};
    hsd_run inner = {.threads = p.run ? p.run->threads : 0, .progress = part_progress, .user = &p};
    return hsd_parallel_for(&inner, "circles", count, 1, run_tasks, b, err);
}

hsd_status hsd_circle_compute(hsd_circle_run *run, hsd_error *err) {
    hsd_status status = hsd_circle_prepare(run, err);
    if (status == HSD_OK) status = make_contests(run, err);
    if (status == HSD_OK) {
        run->trees = hsd_calloc(1, sizeof *run->trees, err);
        status = run->trees ? hsd_origin_trees_init(run->trees, run, err) : HSD_E_MEMORY;
    }
    if (status != HSD_OK) return status;
    int workers = hsd_thread_count(run->run);
    const size_t profiles = run->transit ? run->profile_count : 1;
    size_t tasks = run->profile_count / profiles * run->origins.count, size = (size_t)workers * 4;
    batch b = {.run = run,
               .scratches = make_scratches(run, workers, err),
               .surfaces = hsd_calloc(size * profiles, sizeof *b.surfaces, err),
               .profiles = profiles};
    b.keep = run->request->hinterland || run->request->overlap || run->request->raster;
    if (!b.scratches || !b.surfaces) status = HSD_E_MEMORY;
    for (b.first = 0; status == HSD_OK && b.first < tasks; b.first += size) {
        size_t count = tasks - b.first < size ? tasks - b.first : size;
        status = run_batch(&b, count, tasks, err);
        if (status == HSD_OK)
            status = take_surfaces(&b, count, err);
        else
            for (size_t i = 0; i < count * profiles; i++) hsd_surface_finish(&b.surfaces[i]);
    }
    finish_scratches(b.scratches, workers);
    hsd_free(b.surfaces);
    return status;
}
