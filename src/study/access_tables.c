/* Cost tables of scenes: times of a network, searched a block of origins at a time, or matrix
 * files. A table always leads from places to places; times that were asked for to the origins are
 * turned round. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "study/access_run.h"

/* ---- Opening ---- */

/* "NAME=FILE": the name, in the pool; *file behind it. */
static hsd_status split_name(hsd_access_run *run, const char *text, const char **name,
                             const char **file, hsd_error *err) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1])
        return hsd_fail(err, HSD_E_ARGUMENT, "scenario matrix \"%.80s\": NAME=FILE was expected",
                        text);
    *file = equals + 1;
    *name = hsd_option_keep(&run->pool, hsd_strndup(text, (size_t)(equals - text), err), err);
    return *name ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status open_matrices(hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    run->scene_count = run->shown = 1 + r->scenario_matrix_count;
    run->scenes = hsd_calloc(run->scene_count, sizeof *run->scenes, err);
    if (!run->scenes || !(run->scenes[0].name = hsd_strdup("baseline", err))) return HSD_E_MEMORY;
    for (size_t s = 1; s < run->scene_count; s++) {
        const char *file = NULL, *name = NULL;
        hsd_status status = split_name(run, r->scenario_matrices[s - 1], &name, &file, err);
        if (status != HSD_OK) return status;
        for (size_t k = 0; k < s; k++)
            if (strcmp(run->scenes[k].name, name) == 0)
                return hsd_fail(err, HSD_E_ARGUMENT, "scenario matrix \"%.60s\": %s", name,
                                k ? "named twice" : "that is --matrix; choose another name");
        if (!hsd_path_exists(file))
            return hsd_fail(err, HSD_E_OPEN, "scenario matrix %.60s: no file %s", name, file);
        if (!(run->scenes[s].name = hsd_strdup(name, err))) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* What a pair is made from, its table, two more where that is turned round and gets other times of
 * zones to themselves, and those that are kept for the layer of pairs. */
hsd_status hsd_access_check_memory(const hsd_access_run *run, double pairs, size_t costs,
                                   double made_from, hsd_error *err) {
    const double asked = run->request->times.memory_mb * 1e6,
                 most = asked > 0 ? asked : (double)hsd_machine_memory(),
                 kept = hsd_access_has_pairs(run) ? (double)run->shown : 1,
                 bytes = pairs * (made_from + (2 + kept) * (4 + 8 * (double)costs));
    hsd_log(run->run, HSD_LOG_INFO, "%.0f pairs: about %.1f GB of tables", pairs, bytes / 1e9);
    if (most == 0 || bytes <= most) return HSD_OK;
    return hsd_fail(err, HSD_E_MEMORY,
                    "tables of %.0f pairs take %.3g GB, more than the %.3g GB %s", pairs,
                    bytes / 1e9, most / 1e9,
                    asked > 0 ? "of --memory"
                              : "of this machine: fewer zones, larger cells of "
                                "--grid");
}

static hsd_status open_times(hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    hsd_status status = hsd_access_ask_scenarios(run, err);
    if (status != HSD_OK) return status;
    run->ask = (hsd_time_rows_ask){.matrix = &run->own.times,
                                   .proposals = &run->own.proposals,
                                   .resolve = &r->resolve,
                                   .scenarios = run->asked.data,
                                   .scenario_count = run->asked.count,
                                   .zone_masses = run->zone_numbers.data,
                                   .zone_mass_count = run->zone_numbers.count,
                                   .zone_masses_may_miss = true, /* see hsd_access_make_sides */
                                   .zone_texts = run->zone_texts.data,
                                   .zone_text_count = run->zone_texts.count};
    status = hsd_time_rows_open(&run->ask, run->run, &run->times, &run->issues, err);
    if (status != HSD_OK) return status;
    if (hsd_time_rows_percentiles(run->times) > 1)
        return hsd_fail(
            err, HSD_E_ARGUMENT, "--percentiles %g,%g: measures have one; a run each for several",
            r->times.circle.transit.percentiles[0], r->times.circle.transit.percentiles[1]);
    const hsd_compare_run *compare = hsd_time_rows_run(run->times);
    run->scene_count = hsd_time_rows_scenes(run->times);
    run->scenes = hsd_calloc(run->scene_count, sizeof *run->scenes, err);
    if (!run->scenes) return HSD_E_MEMORY;
    for (size_t s = 0; s < run->scene_count; s++) {
        run->scenes[s].name = hsd_strdup(s ? compare->scenarios[s - 1].name : "baseline", err);
        if (!run->scenes[s].name) return HSD_E_MEMORY;
    }
    const double pairs =
        (double)hsd_time_rows_origins(run->times) * (double)hsd_time_rows_targets(run->times);
    return hsd_access_check_memory(run, pairs, 1, sizeof(uint32_t), err);
}

hsd_status hsd_access_open(hsd_access_run *run, hsd_error *err) {
    return run->request->matrix ? open_matrices(run, err) : open_times(run, err);
}

/* ---- Tables ---- */

static hsd_status table_of_times(hsd_access_run *run, size_t scene, hsd_cost_table *out,
                                 hsd_error *err) {
    enum { BLOCK = 128 };
    const size_t origins = hsd_time_rows_origins(run->times),
                 targets = hsd_time_rows_targets(run->times);
    uint32_t *ms = hsd_alloc(origins * targets, sizeof *ms, err);
    hsd_status status = ms ? HSD_OK : HSD_E_MEMORY;
    for (size_t first = 0; status == HSD_OK && first < origins; first += BLOCK) {
        const size_t count = origins - first < BLOCK ? origins - first : BLOCK;
        status = hsd_time_rows_read(run->times, scene, first, count, ms + first * targets, err);
        if (status == HSD_OK)
            status = hsd_progress(run->run, "times",
                                  ((double)scene + (double)(first + count) / (double)origins) /
                                      (double)run->scene_count,
                                  err);
    }
    const hsd_access_side *near = run->swapped ? &run->to : &run->from,
                          *far = run->swapped ? &run->from : &run->to;
    hsd_cost_table table = {.origin_ids = near->ids, .target_ids = far->ids};
    if (status == HSD_OK)
        status = hsd_cost_table_from_ms(origins, targets, ms, hsd_time_rows_same(run->times),
                                        &table, err);
    hsd_free(ms);
    if (status == HSD_OK && run->swapped) {
        status = hsd_cost_table_transpose(&table, out, err);
        hsd_cost_table_finish(&table);
    } else if (status == HSD_OK) {
        *out = table;
    }
    return status;
}

hsd_status hsd_access_table(hsd_access_run *run, size_t scene, hsd_cost_table *out,
                            hsd_error *err) {
    *out = (hsd_cost_table){0};
    if (run->times) return table_of_times(run, scene, out, err);
    if (scene == 0) return hsd_access_matrix(run, run->request->matrix, out, err);
    return hsd_access_matrix(run, strchr(run->request->scenario_matrices[scene - 1], '=') + 1, out,
                             err);
}
