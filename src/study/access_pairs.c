/* Layer pairs: a line a pair that can be travelled, in every scene, with its minutes and the values
 * of measures of pairs. A change is against the same pair of the baseline, which has one of a pair
 * where there are several ways (the first). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "study/access_run.h"
#include "study/rows.h"

bool hsd_access_has_pairs(const hsd_access_run *run) {
    if (run->request->pairs) return true;
    for (size_t m = 0; m < run->measures.count; m++)
        if (!hsd_access_of_zones(run, m)) return true;
    return false;
}

/* Targets of an origin ascend. SIZE_MAX: there is none. */
static size_t find_pair(const hsd_cost_table *table, size_t origin, uint32_t target) {
    size_t low = table->first[origin], high = table->first[origin + 1];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (table->target[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->first[origin + 1] && table->target[low] == target ? low : SIZE_MAX;
}

static hsd_status write_pair(const hsd_access_run *run, size_t scene, size_t origin, size_t pair,
                             int64_t id, hsd_error *err) {
    const hsd_cost_table *table = &run->scenes[scene].table, *base = &run->scenes[0].table;
    const uint32_t target = table->target[pair];
    const hsd_place *a = &run->from.places->places[origin], *b = &run->to.places->places[target];
    const size_t before = scene ? find_pair(base, origin, target) : SIZE_MAX;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, id);
    hsd_row_text(&r, run->scenes[scene].name);
    hsd_row_text(&r, a->id);
    hsd_row_text(&r, b->id);
    hsd_row_text(&r, hsd_shown_name(a->name, a->name_en, run->lang));
    hsd_row_text(&r, hsd_shown_name(b->name, b->name_en, run->lang));
    hsd_row_real(&r, table->costs[0][pair]);
    for (size_t m = 0; m < run->measures.count; m++) {
        const hsd_measured *now = hsd_access_measured(run, scene, m),
                           *old = hsd_access_measured(run, 0, m);
        if (!now->pairs) continue;
        hsd_row_real(&r, now->pairs[pair]);
        if (run->shown > 1)
            hsd_row_real(&r, before == SIZE_MAX ? NAN : now->pairs[pair] - old->pairs[before]);
    }
    const bool drawn = run->from.drawn && run->to.drawn && strcmp(a->id, b->id) != 0;
    hsd_lonlat ends[2] = {{0, 0}, {0, 0}};
    if (drawn) {
        ends[0] = run->from.points[origin];
        ends[1] = run->to.points[target];
    }
    size_t end = 2;
    hsd_geometry line = {.type = HSD_GEOMETRY_LINE,
                         .point_count = 2,
                         .ring_count = 1,
                         .points = ends,
                         .ring_end = &end};
    return hsd_row_write(run->file, &r, drawn ? &line : NULL, err);
}

hsd_status hsd_access_write_pairs(hsd_access_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    char whole[128], name[64];
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "scenario, or baseline");
    hsd_fields_add(&f, "from_id", HSD_FIELD_TEXT, "where from");
    hsd_fields_add(&f, "to_id", HSD_FIELD_TEXT, "where to");
    hsd_fields_add(&f, "from_name", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "to_name", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "time_min", HSD_FIELD_REAL, "minutes; of a matrix its first cost");
    for (size_t m = 0; m < run->measures.count; m++) {
        if (!hsd_access_measured(run, 0, m)->pairs) continue;
        if (f.count + 2 > HSD_MAX_FIELDS)
            return hsd_fail(err, HSD_E_ARGUMENT, "more than %d measures of pairs in one run",
                            (HSD_MAX_FIELDS - 7) / 2);
        snprintf(name, sizeof name, "%.50s", hsd_access_column(run, m, whole)); /* fields: 64 */
        hsd_fields_add(&f, name, HSD_FIELD_REAL, hsd_measure_conventions(run->measures.data[m]));
        if (run->shown > 1) {
            strcat(name, "_change");
            hsd_fields_add(&f, name, HSD_FIELD_REAL, "against the baseline");
        }
    }
    const bool drawn = run->from.drawn && run->to.drawn;
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_LINE, HSD_COLOUR_ZONE,
                    hsd_word_text(HSD_WORD_PAIRS, run->lang));
    hsd_status status = hsd_access_layer(run, "pairs", hsd_word_text(HSD_WORD_PAIRS, run->lang),
                                         drawn ? HSD_GEOMETRY_LINE : HSD_GEOMETRY_NONE, f.list,
                                         f.count, drawn ? &style.style : NULL, true,
                                         "Pairs that can be travelled, scenario by scenario", err);
    int64_t id = 0;
    for (size_t s = 0; status == HSD_OK && s < run->shown; s++)
        for (size_t o = 0; status == HSD_OK && o < run->from.columns.count; o++)
            for (size_t p = run->scenes[s].table.first[o];
                 status == HSD_OK && p < run->scenes[s].table.first[o + 1]; p++)
                status = write_pair(run, s, o, p, ++id, err);
    return status;
}
