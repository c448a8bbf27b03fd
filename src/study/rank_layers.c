/* The result file of a ranking: proposals as lines over the zones that they change, then tables.
 * QGIS opens it with the best proposal's zones in view. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "geo/geometry.h"
#include "study/rank_run.h"
#include "study/rows.h"
#include "study/scenario_layers.h"
#include "study/water_layer.h"

static const char *proposal_name(const hsd_rank_run *run, uint32_t proposal) {
    return proposal < run->compare.proposals.proposal_count
               ? run->compare.proposals.proposals[proposal].name
               : NULL;
}

static void column_fields(const hsd_rank_run *run, hsd_fields *f) {
    for (size_t c = 0; c < run->columns.count; c++)
        hsd_fields_add(f, run->columns.data[c].name,
                       run->columns.data[c].whole ? HSD_FIELD_INT : HSD_FIELD_REAL,
                       run->columns.data[c].title);
}

/* row UINT32_MAX: not ranked. */
static void column_values(const hsd_rank_run *run, uint32_t row, hsd_row *r) {
    for (size_t c = 0; c < run->columns.count; c++) {
        double value = row == UINT32_MAX ? NAN : hsd_rank_figure(run, row, c);
        if (run->columns.data[c].whole && isfinite(value))
            hsd_row_int(r, (int64_t)value);
        else
            hsd_row_real(r, value);
    }
}

/* ---- ranking ---- */

static hsd_status write_ranking(hsd_dataset *file, const hsd_rank_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "set/proposal/second");
    hsd_fields_add(&f, "set", HSD_FIELD_TEXT,
                   "alone, together, without (all but this), pair, shapley (a fair share)");
    hsd_fields_add(&f, "rank", HSD_FIELD_INT, "place within the set, from 1");
    hsd_fields_add(&f, "proposal", HSD_FIELD_TEXT, "proposal; empty: all");
    hsd_fields_add(&f, "second", HSD_FIELD_TEXT, "the other one of a pair");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL,
                   "minutes of columns without minutes in their names");
    column_fields(run, &f);
    hsd_fields_add(&f, "status", HSD_FIELD_TEXT, "status of the proposal");
    hsd_fields_add(&f, "opened", HSD_FIELD_TEXT, "when it opens");
    hsd_fields_add(&f, "engine", HSD_FIELD_TEXT,
                   "shortcut (exact, without a search a set) or search");
    hsd_status status =
        hsd_layer_start(file, &run->compare.circle, "ranking", HSD_WORD_RANKING, HSD_GEOMETRY_NONE,
                        &f, NULL, false, "Sets of proposals against the network without any", err);
    for (size_t k = 0; status == HSD_OK && k < run->ranking.row_count; k++) {
        const hsd_rank_row *row = &run->ranking.rows[run->order[k]];
        const char *first = proposal_name(run, row->first),
                   *second = proposal_name(run, row->second);
        const char *set = hsd_rank_set_name(row->set);
        const hsd_proposal *p =
            first && !second ? &run->compare.proposals.proposals[row->first] : NULL;
        hsd_row r = {.count = 0};
        hsd_row_key(&r, hsd_asprintf(err, "%s%s%s%s%s", set, first ? "/" : "", first ? first : "",
                                     second ? "/" : "", second ? second : ""));
        hsd_row_text(&r, set);
        hsd_row_int(&r, run->rank[run->order[k]]);
        hsd_row_text(&r, first);
        hsd_row_text(&r, second);
        hsd_row_real(&r, hsd_cutoff_minutes(&run->compare.circle, run->first_cutoff));
        column_values(run, run->order[k], &r);
        hsd_row_text(&r, p ? p->status : NULL);
        hsd_row_text(&r, p ? p->opened : NULL);
        hsd_row_text(&r, row->searched ? "search" : "shortcut");
        status = hsd_row_write(file, &r, NULL, err);
    }
    return status;
}

/* ---- proposals ---- */

/* First 1, then 3, 10, 30, the rest. */
static void rank_style(hsd_style_set *style, size_t proposals, const char *lang) {
    static const double bounds[] = {1, 3, 10, 30, 1e9};
    hsd_style_plain(style, HSD_LOOK_LINE, HSD_COLOUR_LINK, hsd_word_text(HSD_WORD_PROPOSALS, lang));
    uint32_t colours[5];
    size_t count = 0;
    while (count < 4 && bounds[count] < (double)proposals) count++;
    count++;
    hsd_palette_sequential(count, 0xFF, colours);
    style->style.kind = HSD_STYLE_GRADUATED;
    style->style.field = "rank";
    style->style.class_count = count;
    style->style.width_mm = 1.1;
    style->style.label_field = "label";
    for (size_t c = 0; c < count; c++) {
        double low = c ? bounds[c - 1] + 1 : 1;
        double high = fmin(bounds[c], (double)(proposals > 0 ? proposals : 1));
        snprintf(style->labels[c], sizeof style->labels[c], low < high ? "%g - %g" : "%g", low,
                 high);
        style->classes[c] =
            (hsd_style_class){.value = high, .label = style->labels[c], .rgba = colours[c]};
    }
}

static hsd_status lines_of(const hsd_rank_run *run, uint32_t proposal, hsd_geometry *out,
                           hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < run->compare.proposals.link_count; i++)
        if (run->compare.proposals.links[i].proposal == proposal)
            status = hsd_geometry_append(out, &run->compare.proposals.links[i].line, err);
    const hsd_resolved_rail *rail = &run->compare.rail; /* trains that nobody drew a line for */
    for (size_t e = 0; status == HSD_OK && e < rail->edit_count && out->point_count == 0; e++)
        if (rail->edits[e].proposal == proposal &&
            rail->edits[e].geometry.type == HSD_GEOMETRY_LINE)
            status = hsd_geometry_append(out, &rail->edits[e].geometry, err);
    return status;
}

/* Proposals as they are ranked, the best first; those not ranked alone in order of names. */
static hsd_status sort_proposals(const hsd_rank_run *run, uint32_t **out, hsd_error *err) {
    size_t count = run->compare.proposals.proposal_count, n = 0;
    uint32_t *list = *out = hsd_alloc(count, sizeof *list, err);
    if (!list) return HSD_E_MEMORY;
    for (size_t k = 0; k < run->ranking.row_count; k++)
        if (run->ranking.rows[run->order[k]].set == HSD_RANK_ALONE)
            list[n++] = run->ranking.rows[run->order[k]].first;
    for (uint32_t p = 0; n < count && p < count; p++)
        if (run->alone[p] == UINT32_MAX) list[n++] = p;
    return HSD_OK;
}

static hsd_status write_proposals(hsd_dataset *file, const hsd_rank_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "proposal");
    hsd_fields_add(&f, "rank", HSD_FIELD_INT, "place of the proposal alone");
    hsd_fields_add(&f, "label", HSD_FIELD_TEXT, "place and name");
    hsd_fields_add(&f, "status", HSD_FIELD_TEXT, "status");
    hsd_fields_add(&f, "opened", HSD_FIELD_TEXT, "when it opens");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL,
                   "minutes of columns without minutes in their names");
    column_fields(run, &f);
    hsd_style_set style;
    rank_style(&style, run->compare.proposals.proposal_count, run->compare.circle.lang);
    uint32_t *list;
    hsd_status status = sort_proposals(run, &list, err);
    if (status == HSD_OK)
        status = hsd_layer_start(file, &run->compare.circle, "proposals", HSD_WORD_PROPOSALS,
                                 HSD_GEOMETRY_LINE, &f, &style.style, false,
                                 "Each proposal's links with its figures alone", err);
    for (size_t k = run->compare.proposals.proposal_count; status == HSD_OK && k-- > 0;) {
        uint32_t p = list[k]; /* the best last: it is drawn over the others */
        const hsd_proposal *proposal = &run->compare.proposals.proposals[p];
        bool ranked = run->alone[p] != UINT32_MAX;
        uint32_t rank = ranked ? run->rank[run->alone[p]] : 0;
        char label[256];
        if (ranked)
            snprintf(label, sizeof label, "%u  %s", rank, proposal->name);
        else
            snprintf(label, sizeof label, "%s", proposal->name);
        hsd_geometry line = {0};
        status = lines_of(run, p, &line, err);
        hsd_row r = {.count = 0};
        hsd_row_text(&r, proposal->name);
        if (ranked)
            hsd_row_int(&r, rank);
        else
            hsd_row_null(&r);
        hsd_row_text(&r, label);
        hsd_row_text(&r, proposal->status);
        hsd_row_text(&r, proposal->opened);
        hsd_row_real(&r, hsd_cutoff_minutes(&run->compare.circle, run->first_cutoff));
        column_values(run, run->alone[p], &r);
        if (status == HSD_OK)
            status = hsd_row_write(file, &r, line.point_count ? &line : NULL, err);
        hsd_geometry_finish(&line);
    }
    hsd_free(list);
    return status;
}

/* ---- ranking_zones ---- */

static void people_fields(const hsd_rank_run *run, hsd_fields *f) {
    for (size_t k = 0; k < run->compare.circle.cutoff_count; k++) {
        size_t c = k == 0 ? run->first_cutoff : k <= run->first_cutoff ? k - 1 : k;
        static const char *const names[] = {"people_before", "people_after", "gain"};
        static const char *const titles[] = {"people within reach before", "and after",
                                             "people newly within reach"};
        for (int i = 0; i < 3; i++) {
            char name[64];
            snprintf(name, sizeof name, k ? "%s_%g" : "%s", names[i],
                     hsd_cutoff_minutes(&run->compare.circle, c));
            for (char *p = name; *p; p++)
                if (*p == '.') *p = '_';
            hsd_fields_add(f, name, HSD_FIELD_REAL, titles[i]);
        }
    }
}

static void people_values(const hsd_rank_run *run, const hsd_rank_zone *z, hsd_row *r) {
    for (size_t k = 0; k < run->compare.circle.cutoff_count; k++) {
        size_t c = k == 0 ? run->first_cutoff : k <= run->first_cutoff ? k - 1 : k;
        hsd_row_real(r, z->people_before[c]);
        hsd_row_real(r, z->people_after[c]);
        hsd_row_real(r, z->people_after[c] - z->people_before[c]);
    }
}

/* Up to five classes at 1, 2 and 5 times powers of ten, the largest from `most` down. */
static void gain_style(hsd_style_set *style, hsd_geometry_type type, double most,
                       const char *lang) {
    static const double steps[] = {1, 2, 5, 10};
    hsd_style_plain(style, type == HSD_GEOMETRY_POINT ? HSD_LOOK_POINT : HSD_LOOK_FILL,
                    HSD_COLOUR_ZONE, "");
    double power = most > 0 ? pow(10, floor(log10(most))) : 1;
    size_t top = 0, count = 0;
    while (steps[top] * power < most) top++;
    double bounds[5];
    for (int k = 4; k >= 0; k--) { /* from the top: 5, 2, 1, 0.5, 0.2 ... */
        int at = (int)top - k;
        double scale = power;
        while (at < 0) {
            at += 3;
            scale /= 10;
        }
        bounds[count++] = steps[at] * scale;
    }
    uint32_t colours[5];
    hsd_palette_sequential(count, 0xB0, colours);
    style->style.kind = HSD_STYLE_GRADUATED;
    style->style.field = "shown_gain";
    style->style.class_count = count;
    for (size_t c = 0; c < count; c++) {
        snprintf(style->labels[c], sizeof style->labels[c], "\u2264 %.10g %s", bounds[c],
                 hsd_word_text(HSD_WORD_PEOPLE_MORE, lang));
        style->classes[c] = (hsd_style_class){
            .value = bounds[c], .label = style->labels[c], .rgba = colours[count - 1 - c]};
    }
}

/* The proposal whose zones are in view; UINT32_MAX: none. */
static uint32_t best_proposal(const hsd_rank_run *run) {
    for (size_t k = 0; k < run->ranking.row_count; k++)
        if (run->ranking.rows[run->order[k]].set == HSD_RANK_ALONE)
            return run->ranking.rows[run->order[k]].first;
    return UINT32_MAX;
}

static hsd_status write_zones(hsd_dataset *file, const hsd_rank_run *run, hsd_error *err) {
    const hsd_ranking *ranking = &run->ranking;
    const hsd_place_table *zones = &run->compare.circle.zones;
    uint32_t best = best_proposal(run);
    double most = 0;
    for (size_t i = 0; i < ranking->zone_count; i++) {
        const hsd_rank_zone *z = &ranking->zones[i];
        double gain = z->people_after[run->first_cutoff] - z->people_before[run->first_cutoff];
        if (z->proposal == best && gain > most) most = gain;
    }
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "proposal/zone");
    hsd_fields_add(&f, "proposal", HSD_FIELD_TEXT, "proposal");
    hsd_fields_add(&f, "rank", HSD_FIELD_INT, "its place");
    hsd_fields_add(&f, "zone", HSD_FIELD_TEXT, "zone");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name of the zone");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL,
                   "minutes of columns without minutes in their names");
    people_fields(run, &f);
    hsd_fields_add(&f, "mean_saving_min", HSD_FIELD_REAL,
                   "minutes saved, mean over people within the horizon");
    hsd_fields_add(&f, "shown_gain", HSD_FIELD_REAL, "gain of the best proposal's zones alone");
    hsd_geometry_type type = zones->places[0].geometry.type;
    hsd_style_set style;
    gain_style(&style, type, most, run->compare.circle.lang);
    hsd_status status = hsd_layer_start(
        file, &run->compare.circle, "ranking_zones", HSD_WORD_RANKING_ZONES, type, &f, &style.style,
        false, "Zones from which a proposal changes a time; shown: those of the best one", err);
    for (size_t i = 0; status == HSD_OK && i < ranking->zone_count; i++) {
        const hsd_rank_zone *z = &ranking->zones[i];
        const hsd_place *zone = &zones->places[z->zone];
        hsd_row r = {.count = 0};
        hsd_row_key(&r, hsd_asprintf(err, "%s/%s", proposal_name(run, z->proposal), zone->id));
        hsd_row_text(&r, proposal_name(run, z->proposal));
        hsd_row_int(&r, run->rank[run->alone[z->proposal]]);
        hsd_row_text(&r, zone->id);
        hsd_row_text(&r, hsd_shown_name(zone->name, zone->name_en, run->compare.circle.lang));
        hsd_row_real(&r, hsd_cutoff_minutes(&run->compare.circle, run->first_cutoff));
        people_values(run, z, &r);
        hsd_row_real(&r, z->mean_saving_min);
        double gain = z->people_after[run->first_cutoff] - z->people_before[run->first_cutoff];
        hsd_row_real(&r, z->proposal == best && gain > 0 ? gain : NAN);
        status = hsd_row_write(file, &r, &zone->geometry, err);
    }
    return status;
}

/* ---- break_even ---- */

static hsd_status write_break_even(hsd_dataset *file, const hsd_rank_run *run, hsd_error *err) {
    static const char *const kinds[] = {"already", "impossible", "value"};
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "from_id", HSD_FIELD_TEXT, "zone");
    hsd_fields_add(&f, "to_id", HSD_FIELD_TEXT, "zone");
    hsd_fields_add(&f, "from_name", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "to_name", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "proposal", HSD_FIELD_TEXT, "proposal");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "minutes");
    hsd_fields_add(&f, "before_min", HSD_FIELD_REAL, "minutes without it; empty: no way");
    hsd_fields_add(&f, "after_min", HSD_FIELD_REAL, "minutes with it as drawn");
    hsd_fields_add(&f, "slack_min", HSD_FIELD_REAL,
                   "after less the cut-off; above 0: so many minutes less are needed");
    hsd_fields_add(&f, "result", HSD_FIELD_TEXT,
                   "already (within without it), impossible (even if it takes no time) or value");
    hsd_fields_add(&f, "factor", HSD_FIELD_REAL,
                   "the largest factor on the times of its links that brings the pair within");
    hsd_fields_add(&f, "link_min", HSD_FIELD_REAL, "minutes of all its links at that factor");
    hsd_status status = hsd_layer_start(
        file, &run->compare.circle, "break_even", HSD_WORD_BREAK_EVEN, HSD_GEOMETRY_NONE, &f, NULL,
        false, "How slow each proposal may be to bring one zone within reach of another", err);
    const hsd_place *zones = run->compare.circle.zones.places;
    for (size_t i = 0; status == HSD_OK && i < run->break_count; i++) {
        const hsd_rank_break *b = &run->breaks[i];
        const hsd_place *from = &zones[run->pairs.data[b->pair].from];
        const hsd_place *to = &zones[run->pairs.data[b->pair].to];
        double cutoff = hsd_cutoff_minutes(&run->compare.circle, b->cutoff);
        bool value = b->found.kind == HSD_BREAK_VALUE, way = b->found.after_ms < HSD_UNREACHABLE;
        hsd_row r = {.count = 0};
        hsd_row_int(&r, (int64_t)i + 1);
        hsd_row_text(&r, from->id);
        hsd_row_text(&r, to->id);
        hsd_row_text(&r, hsd_shown_name(from->name, from->name_en, run->compare.circle.lang));
        hsd_row_text(&r, hsd_shown_name(to->name, to->name_en, run->compare.circle.lang));
        hsd_row_text(&r, proposal_name(run, b->proposal));
        hsd_row_real(&r, cutoff);
        hsd_row_minutes(&r, b->found.before_ms);
        hsd_row_minutes(&r, b->found.after_ms);
        hsd_row_real(&r, way ? b->found.after_ms / 60000.0 - cutoff : NAN);
        hsd_row_text(&r, kinds[b->found.kind]);
        hsd_row_real(&r, value ? b->found.factor : NAN);
        hsd_row_real(&r, value ? b->found.link_ms / 60000.0 : NAN);
        status = hsd_row_write(file, &r, NULL, err);
    }
    return status;
}

/* ---- The file ---- */

hsd_status hsd_rank_write(const hsd_rank_run *run, hsd_error *err) {
    hsd_dataset *file = run->compare.circle.file;
    const char *profile = run->compare.circle.profiles[0].name;
    const hsd_resolved *streets = run->compare.circle.transit ? NULL : run->compare.resolved;
    hsd_status status = write_proposals(file, run, err);
    if (status == HSD_OK && !streets) status = hsd_write_rail(file, &run->compare, err);
    if (status == HSD_OK) status = hsd_compare_write_edits(file, &run->compare, err);
    if (status == HSD_OK) status = hsd_snap_start(file, &run->compare.circle, err);
    if (status == HSD_OK) status = hsd_snap_rows(file, &run->compare.circle, err);
    if (status == HSD_OK && streets) status = hsd_write_link_snap(file, streets, profile, err);
    if (status == HSD_OK) status = write_zones(file, run, err);
    if (status == HSD_OK) status = hsd_write_water(file, &run->compare.circle, err);
    if (status == HSD_OK) status = write_ranking(file, run, err);
    if (status == HSD_OK && run->break_count) status = write_break_even(file, run, err);
    return status == HSD_OK ? hsd_dataset_commit(file, err) : status;
}
