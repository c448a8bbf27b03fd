/* delineate: tables of the result file: the rules in words, how each circle agrees with each
 * official list, what circles have in common. */
#include "study/delineate_run.h"
#include "study/rows.h"

static hsd_status start(hsd_dataset *file, const hsd_delineate_run *run, const char *name,
                        hsd_word title, const hsd_fields *f, const char *about, hsd_error *err) {
    return hsd_layer_start(file, &run->circle, name, title, HSD_GEOMETRY_NONE, f, NULL, false,
                           about, err);
}

/* ---- rules ---- */

static hsd_status rule_row(hsd_dataset *file, const hsd_delineate_run *run,
                           const hsd_member_rule *rule, hsd_error *err) {
    hsd_text words = {0};
    hsd_json definition = {0};
    hsd_member_rule_words(rule, run->circle.lang, &words);
    hsd_member_rule_definition(rule, &definition);
    hsd_status status = HSD_OK;
    if (words.failed || definition.text.failed)
        status = hsd_fail(err, HSD_E_MEMORY, "out of memory: table rules");
    hsd_row row = {.count = 0};
    hsd_row_text(&row, rule->name);
    hsd_row_text(&row, rule->set);
    hsd_row_text(&row, words.data);
    hsd_row_text(&row, rule->about);
    hsd_row_text(&row, definition.text.data);
    hsd_row_text(&row, run->polygons || (!rule->fill && !rule->drop)
                           ? NULL
                           : "candidates are points: no enclaves, no exclaves");
    if (status == HSD_OK) status = hsd_row_write(file, &row, NULL, err);
    hsd_text_finish(&words);
    hsd_json_finish(&definition);
    return status;
}

static hsd_status write_rules(hsd_dataset *file, const hsd_delineate_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "rule");
    hsd_fields_add(&f, "rule_set", HSD_FIELD_TEXT, "file it is from");
    hsd_fields_add(&f, "words", HSD_FIELD_TEXT, "when a candidate is a member");
    hsd_fields_add(&f, "about", HSD_FIELD_TEXT, "what the file says of it");
    hsd_fields_add(&f, "definition", HSD_FIELD_TEXT, "the rule as it was read");
    hsd_fields_add(&f, "note", HSD_FIELD_TEXT, "what of it was not applied");
    hsd_status status = start(file, run, "rules", HSD_WORD_RULES, &f,
                              "Rules of membership; none is a national standard", err);
    for (size_t r = 0; status == HSD_OK && r < run->rules.count; r++)
        status = rule_row(file, run, &run->rules.rules[r], err);
    return status;
}

/* ---- agreement ---- */

static void by_fields(hsd_fields *f, const char *what, const char *unit, const char *title) {
    static const char *const parts[] = {"both", "model_only", "official_only"};
    static const char *const ratios[] = {"jaccard", "recall", "precision"};
    char name[64];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s_%s", parts[i], unit);
        hsd_fields_add(f, name, HSD_FIELD_REAL, title);
    }
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s_%s", ratios[i], what);
        hsd_fields_add(f, name, HSD_FIELD_REAL, title);
    }
}

static void by_values(hsd_row *row, const hsd_delineate_run *run, const uint8_t *model,
                      const uint8_t *official, const double *weights) {
    if (!weights) {
        for (size_t i = 0; i < 6; i++) hsd_row_null(row);
        return;
    }
    const hsd_agreement_by a =
        hsd_members_compare_by(model, official, weights, hsd_delineate_candidates(run));
    const double values[] = {a.both,    a.model_only, a.official_only,
                             a.jaccard, a.recall,     a.precision};
    for (size_t i = 0; i < 6; i++) hsd_row_real(row, values[i]);
}

static hsd_status agreement_row(hsd_dataset *file, const hsd_delineate_run *run, size_t o, size_t r,
                                const hsd_official *list, hsd_error *err) {
    const char *centre = run->circle.origins.origins[o].id, *rule = run->rules.rules[r].name;
    const uint8_t *model = run->members + hsd_of_rule(run, o, r);
    const uint8_t *official = list->flags + hsd_of_centre(run, o);
    const hsd_agreement a = hsd_members_compare(model, official, hsd_delineate_candidates(run));
    hsd_row row = {.count = 0};
    hsd_row_key(&row, hsd_asprintf(err, "%s/%s/%s", centre, rule, list->name));
    hsd_row_text(&row, centre);
    hsd_row_text(&row, rule);
    hsd_row_text(&row, list->name);
    hsd_row_int(&row, (int64_t)(a.both + a.model_only));
    hsd_row_int(&row, (int64_t)(a.both + a.official_only));
    hsd_row_int(&row, (int64_t)a.both);
    hsd_row_int(&row, (int64_t)a.model_only);
    hsd_row_int(&row, (int64_t)a.official_only);
    hsd_row_real(&row, a.jaccard);
    hsd_row_real(&row, a.recall);
    hsd_row_real(&row, a.precision);
    by_values(&row, run, model, official, run->polygons ? run->area_km2 : NULL);
    by_values(&row, run, model, official, run->people ? run->population : NULL);
    return hsd_row_write(file, &row, NULL, err);
}

static hsd_status write_agreement(hsd_dataset *file, const hsd_delineate_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "centre/rule/list");
    hsd_fields_add(&f, "centre_id", HSD_FIELD_TEXT, "centre");
    hsd_fields_add(&f, "rule", HSD_FIELD_TEXT, "rule");
    hsd_fields_add(&f, "official", HSD_FIELD_TEXT, "official list");
    hsd_fields_add(&f, "model", HSD_FIELD_INT, "members by the rule");
    hsd_fields_add(&f, "listed", HSD_FIELD_INT, "members by the list");
    hsd_fields_add(&f, "both", HSD_FIELD_INT, "in both");
    hsd_fields_add(&f, "model_only", HSD_FIELD_INT, "by the rule alone");
    hsd_fields_add(&f, "official_only", HSD_FIELD_INT, "on the list alone");
    hsd_fields_add(&f, "jaccard", HSD_FIELD_REAL, "both / (both + model_only + official_only)");
    hsd_fields_add(&f, "recall", HSD_FIELD_REAL, "both / listed");
    hsd_fields_add(&f, "precision", HSD_FIELD_REAL, "both / model");
    by_fields(&f, "area", "km2", "the same by square kilometres");
    by_fields(&f, "population", "people", "the same by people");
    hsd_status status =
        start(file, run, "agreement", HSD_WORD_AGREEMENT, &f,
              "How far each circle agrees with each official list, the centre's own included", err);
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        for (size_t r = 0; hsd_delineate_ok(run, o) && r < run->rules.count; r++)
            for (size_t i = 0; status == HSD_OK && i < run->official_count; i++)
                status = agreement_row(file, run, o, r, &run->officials[i], err);
    return status;
}

/* ---- overlap ---- */

static hsd_status overlap_row(hsd_dataset *file, const hsd_delineate_run *run, size_t a, size_t b,
                              size_t r, uint8_t *both, hsd_error *err) {
    const hsd_origin *origins = run->circle.origins.origins;
    const uint8_t *of_a = run->members + hsd_of_rule(run, a, r);
    const uint8_t *of_b = run->members + hsd_of_rule(run, b, r);
    const size_t candidates = hsd_delineate_candidates(run);
    for (size_t z = 0; z < candidates; z++) both[z] = of_a[z] && of_b[z];
    const hsd_circle_size size = hsd_delineate_size(run, both);
    hsd_row row = {.count = 0};
    hsd_row_key(&row, hsd_asprintf(err, "%s/%s/%s", run->rules.rules[r].name, origins[a].id,
                                   origins[b].id));
    hsd_row_text(&row, run->rules.rules[r].name);
    hsd_row_text(&row, origins[a].id);
    hsd_row_text(&row, origins[b].id);
    hsd_row_int(&row, (int64_t)size.members);
    hsd_row_real(&row, run->polygons ? size.area_km2 : NAN);
    hsd_row_real(&row, size.population);
    hsd_row_real(&row, hsd_members_compare(of_a, of_b, candidates).jaccard);
    return hsd_row_write(file, &row, NULL, err);
}

static hsd_status write_overlap(hsd_dataset *file, const hsd_delineate_run *run, hsd_error *err) {
    const size_t centres = hsd_delineate_centres(run);
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "rule/centre/centre");
    hsd_fields_add(&f, "rule", HSD_FIELD_TEXT, "rule");
    hsd_fields_add(&f, "centre_id", HSD_FIELD_TEXT, "centre");
    hsd_fields_add(&f, "other_id", HSD_FIELD_TEXT, "the other one");
    hsd_fields_add(&f, "members", HSD_FIELD_INT, "candidates in both circles");
    hsd_fields_add(&f, "area_km2", HSD_FIELD_REAL, "their square kilometres");
    hsd_fields_add(&f, "population", HSD_FIELD_REAL, "their people");
    hsd_fields_add(&f, "jaccard", HSD_FIELD_REAL, "members in both / in either");
    uint8_t *both = hsd_alloc(hsd_delineate_candidates(run), 1, err);
    if (!both) return HSD_E_MEMORY;
    hsd_status status = start(file, run, "overlap", HSD_WORD_CIRCLE_OVERLAP, &f,
                              "What each two circles have in common", err);
    for (size_t r = 0; r < run->rules.count; r++)
        for (size_t a = 0; a < centres; a++)
            for (size_t b = a + 1; status == HSD_OK && b < centres; b++)
                if (hsd_delineate_ok(run, a) && hsd_delineate_ok(run, b))
                    status = overlap_row(file, run, a, b, r, both, err);
    hsd_free(both);
    return status;
}

hsd_status hsd_delineate_write_tables(const hsd_delineate_run *run, hsd_error *err) {
    hsd_dataset *file = run->circle.file;
    hsd_status status = write_rules(file, run, err);
    if (status == HSD_OK && run->official_count) status = write_agreement(file, run, err);
    if (status == HSD_OK && hsd_delineate_centres(run) > 1) status = write_overlap(file, run, err);
    return status;
}
