/* Layers of areas: circles, bands, hinterlands, overlaps. */
#include "base/memory.h"
#include "study/transit_layers.h"

static const char *direction_name(const hsd_circle_run *run) {
    if (run->transit && run->transit->plan.day_return) return "to and back";
    return run->request->direction == HSD_TO ? "to" : "from";
}

void hsd_circle_fields(hsd_fields *f, const hsd_circle_run *run, const char *scenario) {
    hsd_fields_add(f, "id", HSD_FIELD_TEXT,
                   scenario ? "scenario/origin/profile/cut-off" : "origin/profile/cut-off");
    if (scenario) hsd_fields_add(f, "scenario", HSD_FIELD_TEXT, scenario);
    hsd_fields_add(f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(f, "origin", HSD_FIELD_TEXT, "name of the origin");
    hsd_fields_add(f, "origin_en", HSD_FIELD_TEXT, "English name of the origin");
    hsd_fields_add(f, "profile", HSD_FIELD_TEXT,
                   "profile; core: inside under all, fringe: under some");
    hsd_fields_percentile(f, run);
    hsd_fields_add(f, "direction", HSD_FIELD_TEXT, "from the origin, or to it");
    hsd_fields_add(f, "cutoff_min", HSD_FIELD_REAL, "cut-off, minutes, inclusive");
    hsd_fields_add(f, "area_km2", HSD_FIELD_REAL, "ellipsoidal area, square kilometres");
    hsd_fields_add(f, "reached_km", HSD_FIELD_REAL,
                   "road reached where the mode may stop, kilometres");
    hsd_fields_add(f, "missed_pct", HSD_FIELD_REAL, "of it outside the polygon, percent");
    hsd_fields_add(f, "excess_pct", HSD_FIELD_REAL,
                   "not reached but inside, percent of the reached length");
    hsd_fields_add(f, "point_error_pct", HSD_FIELD_REAL,
                   "land points whose membership differs from t <= cut-off, percent");
    hsd_fields_add(f, "check_points", HSD_FIELD_INT, "points that was measured on");
    hsd_fields_add(f, "vertices", HSD_FIELD_INT, "vertices of the polygon");
    hsd_fields_add(f, "data_end", HSD_FIELD_BOOL, "the data end before the circle does");
    hsd_fields_masses(f, &run->population);
    if (run->request->population)
        hsd_fields_add(f, "mass_rule", HSD_FIELD_TEXT, "how masses were counted");
}

static const char *const mass_rule =
    "points: t <= cut-off; polygons and cells: share of land sub-points "
    "with t <= cut-off";

void hsd_area_head(hsd_row *r, const hsd_circle_run *run, const char *scenario, size_t o,
                   const char *profile, size_t c, const char *kind, hsd_error *err) {
    const hsd_origin *origin = &run->origins.origins[o];
    hsd_row_key(r, hsd_asprintf(err, "%s%s%s/%s/%g%s%s", scenario ? scenario : "",
                                scenario ? "/" : "", origin->id, profile,
                                hsd_cutoff_minutes(run, c), kind ? "/" : "", kind ? kind : ""));
    if (scenario) hsd_row_text(r, scenario);
    hsd_row_text(r, origin->id);
    hsd_row_text(r, origin->name);
    hsd_row_text(r, origin->name_en[0] ? origin->name_en : NULL);
    hsd_row_text(r, profile);
    hsd_row_percentile(r, run, profile);
    hsd_row_text(r, direction_name(run));
    hsd_row_real(r, hsd_cutoff_minutes(run, c));
}

hsd_status hsd_write_circle_row(hsd_dataset *file, const hsd_circle_run *run, const char *scenario,
                                size_t p, size_t o, size_t c, const hsd_circle *circle,
                                const double *masses, hsd_error *err) {
    double reached = circle->reached_km > 0 ? circle->reached_km : NAN;
    hsd_row r = {.count = 0};
    hsd_area_head(&r, run, scenario, o, run->profiles[p].name, c, NULL, err);
    hsd_row_real(&r, circle->area_km2);
    hsd_row_real(&r, circle->reached_km);
    hsd_row_real(&r, 100 * circle->missed_km / reached);
    hsd_row_real(&r, 100 * circle->excess_km / reached);
    hsd_row_real(&r, 100 * circle->point_error);
    hsd_row_int(&r, circle->check_points);
    hsd_row_int(&r, circle->vertices);
    hsd_row_int(&r, circle->data_end);
    size_t count = run->population.mass_count;
    for (size_t m = 0; m < count; m++) hsd_row_real(&r, masses[c * count + m]);
    if (run->request->population) hsd_row_text(&r, mass_rule);
    return hsd_row_write(file, &r, circle->polygon.point_count ? &circle->polygon : NULL, err);
}

static hsd_status core_rows(hsd_dataset *file, const hsd_circle_run *run, size_t o, size_t c,
                            hsd_error *err) {
    size_t masses = run->population.mass_count;
    hsd_geometry parts[2] = {{0}, {0}};
    double *counted = hsd_calloc(2 * masses, sizeof *counted, err);
    hsd_status status = counted ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && masses) hsd_circle_core_masses(run, o, c, counted, counted + masses);
    if (status == HSD_OK) status = hsd_circle_core(run, o, c, &parts[0], &parts[1], err);
    for (int k = 0; status == HSD_OK && k < 2; k++) {
        hsd_row r = {.count = 0};
        hsd_area_head(&r, run, NULL, o, k ? "fringe" : "core", c, NULL, err);
        hsd_row_real(&r, hsd_geometry_area_m2(&parts[k]) / 1e6);
        for (int i = 0; i < 5; i++)
            hsd_row_null(&r); /* measured for each profile, not for overlays */
        hsd_row_int(&r, (int64_t)parts[k].point_count);
        hsd_row_null(&r);
        for (size_t m = 0; m < masses; m++)
            hsd_row_real(&r, k ? counted[masses + m] - counted[m] : counted[m]);
        if (run->request->population) hsd_row_text(&r, mass_rule);
        status = hsd_row_write(file, &r, parts[k].point_count ? &parts[k] : NULL, err);
    }
    hsd_geometry_finish(&parts[0]);
    hsd_geometry_finish(&parts[1]);
    hsd_free(counted);
    return status;
}

hsd_status hsd_write_circles(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_circle_fields(&f, run, NULL);
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(run, cutoffs);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_FILL, "cutoff_min", cutoffs, shown,
                        hsd_word_text(HSD_WORD_MINUTES, run->lang));
    hsd_percentile_views views;
    hsd_status status = hsd_percentile_views_make(&views, run, HSD_WORD_CIRCLES, err);
    if (status == HSD_OK)
        status = hsd_layer_start_views(
            file, run, "circles", HSD_WORD_CIRCLES, HSD_GEOMETRY_POLYGON, &f, &style.style, false,
            "All that is reached within the cut-off, door to door", views.list, views.count, err);
    hsd_percentile_views_finish(&views);
    /* large circles first, so that small ones lie on top */
    for (size_t c = run->cutoff_count; status == HSD_OK && c-- > 0;)
        for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
            bool all = true;
            for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
                all = all && hsd_run_result(run, p, o)->ok;
                const hsd_origin_result *result = hsd_run_result(run, p, o);
                if (result->ok)
                    status = hsd_write_circle_row(file, run, NULL, p, o, c, &result->circles[c],
                                                  result->masses, err);
            }
            if (status == HSD_OK && all && run->profile_count > 1)
                status = core_rows(file, run, o, c, err);
        }
    return status;
}

hsd_status hsd_write_bands(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "origin/profile/cut-off");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_percentile(&f, run);
    hsd_fields_add(&f, "over_min", HSD_FIELD_REAL, "more than, minutes");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "up to and including, minutes");
    hsd_fields_add(&f, "area_km2", HSD_FIELD_REAL, "ellipsoidal area, square kilometres");
    hsd_fields_masses(&f, &run->population);
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(run, cutoffs);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_FILL, "cutoff_min", cutoffs, shown,
                        hsd_word_text(HSD_WORD_MINUTES, run->lang));
    hsd_status status =
        hsd_layer_start(file, run, "bands", HSD_WORD_BANDS, HSD_GEOMETRY_POLYGON, &f, &style.style,
                        true, "Between one cut-off and the next", err);
    size_t masses = run->population.mass_count;
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; o < run->origins.count; o++)
            for (size_t c = 0; status == HSD_OK && c < run->cutoff_count; c++) {
                const hsd_origin_result *result = hsd_run_result(run, p, o);
                if (!result->ok) break;
                hsd_geometry band;
                status = hsd_circle_band(&result->circles[c], c ? &result->circles[c - 1] : NULL,
                                         &band, err);
                if (status != HSD_OK) break;
                hsd_row r = {.count = 0};
                hsd_row_key(&r, hsd_asprintf(err, "%s/%s/%g", run->origins.origins[o].id,
                                             run->profiles[p].name, hsd_cutoff_minutes(run, c)));
                hsd_row_text(&r, run->origins.origins[o].id);
                hsd_row_text(&r, run->profiles[p].name);
                hsd_row_percentile(&r, run, run->profiles[p].name);
                hsd_row_real(&r, c ? hsd_cutoff_minutes(run, c - 1) : 0);
                hsd_row_real(&r, hsd_cutoff_minutes(run, c));
                hsd_row_real(&r, hsd_geometry_area_m2(&band) / 1e6);
                for (size_t m = 0; m < masses; m++)
                    hsd_row_real(&r, result->masses[c * masses + m] -
                                         (c ? result->masses[(c - 1) * masses + m] : 0));
                status = hsd_row_write(file, &r, band.point_count ? &band : NULL, err);
                hsd_geometry_finish(&band);
            }
    return status;
}

/* ---- hinterland, overlap ---- */

hsd_status hsd_write_hinterland(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "origin/profile");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "nearest origin; ties: the first");
    hsd_fields_add(&f, "origin", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_percentile(&f, run);
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "largest cut-off, minutes");
    hsd_fields_add(&f, "area_km2", HSD_FIELD_REAL, "ellipsoidal area, square kilometres");
    size_t count = run->origins.count;
    const char **names = hsd_alloc(count, sizeof *names, err);
    if (!names) return HSD_E_MEMORY;
    for (size_t o = 0; o < count; o++) names[o] = run->origins.origins[o].id;
    hsd_style_set style;
    hsd_style_by_name(&style, HSD_LOOK_FILL, "origin_id", names, count);
    hsd_free(names);
    hsd_status status = hsd_layer_start(
        file, run, "hinterland", HSD_WORD_HINTERLAND, HSD_GEOMETRY_POLYGON, &f, &style.style, false,
        "Each place within the largest cut-off to its nearest origin", err);
    size_t last = run->cutoff_count - 1;
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; status == HSD_OK && o < count; o++) {
            if (!hsd_run_result(run, p, o)->ok) continue;
            hsd_geometry polygon;
            status =
                hsd_contest_hinterland(run->profiles[p].contest, (uint32_t)o, run->cutoffs_ms[last],
                                       run->request->max_vertices, &polygon, err);
            if (status != HSD_OK) break;
            const hsd_origin *origin = &run->origins.origins[o];
            hsd_row r = {.count = 0};
            hsd_row_key(&r, hsd_asprintf(err, "%s/%s", origin->id, run->profiles[p].name));
            hsd_row_text(&r, origin->id);
            hsd_row_text(&r, hsd_shown_name(origin->name, origin->name_en, run->lang));
            hsd_row_text(&r, run->profiles[p].name);
            hsd_row_percentile(&r, run, run->profiles[p].name);
            hsd_row_real(&r, hsd_cutoff_minutes(run, last));
            hsd_row_real(&r, hsd_geometry_area_m2(&polygon) / 1e6);
            status = hsd_row_write(file, &r, polygon.point_count ? &polygon : NULL, err);
            hsd_geometry_finish(&polygon);
        }
    return status;
}

hsd_status hsd_write_overlap(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "count/profile/cut-off");
    hsd_fields_add(&f, "origins", HSD_FIELD_INT, "reached by at least this many origins");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_percentile(&f, run);
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "cut-off, minutes");
    hsd_fields_add(&f, "area_km2", HSD_FIELD_REAL, "ellipsoidal area, square kilometres");
    double counts[HSD_STYLE_CLASSES_MAX];
    size_t most =
        run->origins.count < HSD_STYLE_CLASSES_MAX ? run->origins.count : HSD_STYLE_CLASSES_MAX;
    for (size_t k = 0; k < most; k++) counts[k] = (double)(k + 1);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_FILL, "origins", counts, most, "+");
    hsd_status status = hsd_layer_start(
        file, run, "overlap", HSD_WORD_OVERLAP, HSD_GEOMETRY_POLYGON, &f, &style.style, false,
        "Reached by at least 1, 2, 3 ... origins: circles within circles", err);
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t c = 0; c < run->cutoff_count; c++)
            for (size_t k = 1; status == HSD_OK && k <= run->origins.count; k++) {
                hsd_geometry polygon;
                status =
                    hsd_contest_overlap(run->profiles[p].contest, (uint32_t)k, run->cutoffs_ms[c],
                                        run->request->max_vertices, &polygon, err);
                if (status != HSD_OK) break;
                if (polygon.point_count == 0) { /* nor by more */
                    hsd_geometry_finish(&polygon);
                    break;
                }
                hsd_row r = {.count = 0};
                hsd_row_key(&r, hsd_asprintf(err, "%zu/%s/%g", k, run->profiles[p].name,
                                             hsd_cutoff_minutes(run, c)));
                hsd_row_int(&r, (int64_t)k);
                hsd_row_text(&r, run->profiles[p].name);
                hsd_row_percentile(&r, run, run->profiles[p].name);
                hsd_row_real(&r, hsd_cutoff_minutes(run, c));
                hsd_row_real(&r, hsd_geometry_area_m2(&polygon) / 1e6);
                status = hsd_row_write(file, &r, &polygon, err);
                hsd_geometry_finish(&polygon);
            }
    return status;
}
