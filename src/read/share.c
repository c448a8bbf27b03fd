/* Masses of one table given to the zones of another, by the shares overlap.c finds. What lies in no
 * zone is what is left of 1: a source's mass is given out once, whatever the zones look like.
 * O(overlaps x masses). */
#include <math.h>

#include "base/text.h"
#include "read/overlap.h"

static hsd_status check_masses(const hsd_place_table *zones, const hsd_place_table *source,
                               hsd_error *err) {
    for (size_t m = 0; m < source->mass_count; m++)
        for (size_t k = 0; k < zones->mass_count; k++)
            if (hsd_text_equal_nocase(source->mass_names[m], zones->mass_names[k]))
                return hsd_fail(err, HSD_E_ARGUMENT, "the zones have a mass \"%s\" already",
                                source->mass_names[m]);
    for (size_t i = 0; i < source->place_count; i++)
        for (size_t m = 0; m < source->mass_count; m++)
            if (!isfinite(source->places[i].masses[m]))
                return hsd_fail(err, HSD_E_FORMAT, "place %s has no %s", source->places[i].id,
                                source->mass_names[m]);
    return HSD_OK;
}

/* Room for more masses, 0 each; mass_count is told last, so that a failure changes nothing. */
static hsd_status widen(hsd_place_table *zones, const hsd_place_table *source, hsd_error *err) {
    const size_t old = zones->mass_count, all = old + source->mass_count;
    char **names = hsd_realloc(zones->mass_names, all, sizeof *names, err);
    if (!names) return HSD_E_MEMORY;
    zones->mass_names = names;
    for (size_t i = 0; i < zones->place_count; i++) {
        double *masses = hsd_realloc(zones->places[i].masses, all, sizeof *masses, err);
        if (!masses) return HSD_E_MEMORY;
        for (size_t m = old; m < all; m++) masses[m] = 0;
        zones->places[i].masses = masses;
    }
    for (size_t m = 0; m < source->mass_count; m++) {
        names[old + m] = hsd_strdup(source->mass_names[m], err);
        if (names[old + m]) continue;
        while (m > 0) hsd_free(names[old + --m]);
        return HSD_E_MEMORY;
    }
    zones->mass_count = all;
    return HSD_OK;
}

static void give(hsd_place_table *zones, const hsd_place_table *source,
                 const hsd_overlaps *overlaps, double *rest, double *left) {
    const size_t count = source->mass_count, old = zones->mass_count - count;
    for (size_t i = 0; i < overlaps->list.count; i++) {
        const hsd_overlap *o = &overlaps->list.data[i];
        const double *from = source->places[o->source].masses;
        for (size_t m = 0; m < count; m++)
            zones->places[o->zone].masses[old + m] += from[m] * o->share;
        rest[o->source] -= o->share;
    }
    for (size_t m = 0; left && m < count; m++) {
        left[m] = 0;
        for (size_t i = 0; i < source->place_count; i++) /* what is less is rounding */
            if (rest[i] > 1e-9) left[m] += source->places[i].masses[m] * rest[i];
    }
}

hsd_status hsd_places_share(hsd_place_table *zones, const hsd_place_table *source,
                            const hsd_run *run, double *left, hsd_error *err) {
    hsd_status status = check_masses(zones, source, err);
    if (status != HSD_OK) return status;
    hsd_overlaps overlaps;
    status = hsd_overlaps_find(zones, source, run, &overlaps, err);
    if (status != HSD_OK) return status;
    double *rest = hsd_alloc(source->place_count, sizeof *rest, err);
    for (size_t i = 0; rest && i < source->place_count; i++) rest[i] = 1;
    status = rest ? widen(zones, source, err) : HSD_E_MEMORY;
    if (status == HSD_OK) give(zones, source, &overlaps, rest, left);
    hsd_free(rest);
    hsd_overlaps_finish(&overlaps);
    return status;
}
