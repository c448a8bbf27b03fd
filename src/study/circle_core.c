/* Core and fringe: what is inside under all profiles of a run, and what is inside under some of
 * them (design 5.13). Polygons by overlay, people by the times of their points. */
#include "base/memory.h"
#include "geo/geometry.h"
#include "geo/geos.h"
#include "study/circle_run.h"

static hsd_status replace(hsd_geometry *held, hsd_geometry *made) {
    hsd_geometry_finish(held);
    *held = *made;
    return HSD_OK;
}

/* The union of two geometries: their polygons side by side, then dissolved. */
static hsd_status join(const hsd_geometry *a, const hsd_geometry *b, hsd_geometry *out,
                       hsd_error *err) {
    hsd_geometry both = {.type = HSD_GEOMETRY_POLYGON};
    hsd_status status = hsd_geometry_append(&both, a, err);
    if (status == HSD_OK) status = hsd_geometry_append(&both, b, err);
    if (status == HSD_OK) status = hsd_geos_union(&both, out, err);
    hsd_geometry_finish(&both);
    return status;
}

hsd_status hsd_circle_core(const hsd_circle_run *run, size_t origin, size_t cutoff,
                           hsd_geometry *core, hsd_geometry *fringe, hsd_error *err) {
    const hsd_geometry *first = &hsd_run_result(run, 0, origin)->circles[cutoff].polygon;
    hsd_geometry any = {0}, made;
    *core = *fringe = (hsd_geometry){0};
    hsd_status status = hsd_geos_union(first, core, err);
    if (status == HSD_OK) status = hsd_geos_union(first, &any, err);
    for (size_t p = 1; status == HSD_OK && p < run->profile_count; p++) {
        const hsd_geometry *next = &hsd_run_result(run, p, origin)->circles[cutoff].polygon;
        status = hsd_geos_intersection(core, next, &made, err);
        if (status == HSD_OK) status = replace(core, &made);
        if (status == HSD_OK) status = join(&any, next, &made, err);
        if (status == HSD_OK) status = replace(&any, &made);
    }
    if (status == HSD_OK) status = hsd_geos_difference(&any, core, fringe, err);
    hsd_geometry_finish(&any);
    if (status == HSD_OK) return status;
    hsd_geometry_finish(core);
    hsd_geometry_finish(fringe);
    return status;
}

void hsd_circle_core_masses(const hsd_circle_run *run, size_t origin, size_t cutoff, double *core,
                            double *any) {
    const hsd_place_table *people = &run->population;
    const hsd_zone_set *set = run->profiles[0].population;
    size_t cutoffs = run->cutoff_count;
    for (size_t m = 0; m < people->mass_count; m++) core[m] = any[m] = 0;
    for (size_t z = 0; z < people->place_count; z++) {
        size_t first, count = hsd_zone_set_points(set, z, &first), all = 0, some = 0;
        for (size_t i = first; i < first + count; i++) {
            bool every = true, one = false;
            for (size_t p = 0; p < run->profile_count; p++) {
                const hsd_origin_result *result = hsd_run_result(run, p, origin);
                bool in = result->reached && result->reached[i * cutoffs + cutoff];
                every = every && in;
                one = one || in;
            }
            all += every;
            some += one;
        }
        for (size_t m = 0; count && m < people->mass_count; m++) {
            core[m] += people->places[z].masses[m] * (double)all / (double)count;
            any[m] += people->places[z].masses[m] * (double)some / (double)count;
        }
    }
}
