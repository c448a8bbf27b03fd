/* People within reach by minutes. Where the result has the minutes of each zone and its people, the
 * exact step line (a zone counts whole at the minutes of its point); where it has only what stands
 * within the cut-offs, dots, joined for the eye; of measures in minutes, people by the value of
 * their zone. Before is dashed; a colour an origin, or a scenario where there is one origin.
 * O(n log n). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/styles.h"
#include "study/plot_run.h"

typedef struct curve {
    HSD_ARRAY(hsd_chart_point) points;
    char legend[160];
    uint32_t rgba;
    bool dashed;
} curve;

typedef struct population {
    const hsd_plot_run *run;
    hsd_plot_picture *out;
    curve curves[HSD_PLOT_MOST_LINES];
    size_t count;
    bool dots; /* at cut-offs alone */
    double most_x, most_y;
    char title[200], subtitle[400], x_title[160];
} population;

/* Which rows of a layer stand for which line. */
typedef struct rows {
    const hsd_layer_table *table;
    char *const *origins, *const *scenarios, *const *profiles; /* NULL: no such column */
    const double *before, *after;                              /* before NULL: after alone */
    const double *people;
    const char *baseline; /* scenario whose `after` is before; NULL: column before is */
} rows;

/* ---- Curves ---- */

static int by_x(const void *a, const void *b) {
    const hsd_chart_point *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

static void cumulate(curve *c) {
    double sum = 0;
    size_t kept = 0;
    for (size_t i = 0; i < c->points.count; i++) {
        sum += c->points.data[i].y;
        if (kept && c->points.data[kept - 1].x == c->points.data[i].x) kept--;
        c->points.data[kept++] = (hsd_chart_point){c->points.data[i].x, sum};
    }
    c->points.count = kept;
}

static hsd_status add_curve(population *p, const double *x, const double *y, size_t row_count,
                            const hsd_plot_filter *filter, hsd_error *err) {
    curve *c = &p->curves[p->count++];
    if (!p->dots && !hsd_array_push(&c->points, ((hsd_chart_point){0, 0}), err))
        return HSD_E_MEMORY;
    for (size_t r = 0; r < row_count; r++) {
        if (!hsd_plot_takes(filter, r) || !isfinite(x[r]) || (y && !isfinite(y[r]))) continue;
        if (!hsd_array_push(&c->points, ((hsd_chart_point){x[r], y ? y[r] : 1}), err))
            return HSD_E_MEMORY;
        p->most_x = fmax(p->most_x, x[r]);
    }
    if (c->points.count) qsort(c->points.data, c->points.count, sizeof *c->points.data, by_x);
    if (!p->dots) cumulate(c);
    for (size_t i = 0; i < c->points.count; i++) p->most_y = fmax(p->most_y, c->points.data[i].y);
    return HSD_OK;
}

/* "Zhongshan, after: the Link" */
static void name_curve(population *p, const char *origin, const char *scenario, bool before,
                       size_t colour) {
    curve *c = &p->curves[p->count];
    uint32_t colours[HSD_PLOT_MOST_LINES];
    hsd_palette_categorical(HSD_PLOT_MOST_LINES, 0xFF, colours);
    c->rgba = colours[colour];
    c->dashed = before;
    char word[120] = "";
    if (before)
        snprintf(word, sizeof word, "%s", hsd_plot_word_of(p->run, HSD_PLOT_BEFORE));
    else if (scenario)
        snprintf(word, sizeof word, hsd_plot_word_of(p->run, HSD_PLOT_AFTER), scenario);
    snprintf(c->legend, sizeof c->legend, "%s%s%s", origin ? origin : "",
             origin && word[0] ? hsd_plot_word_of(p->run, HSD_PLOT_COMMA) : "", word);
}

/* ---- Lines of a layer: origins by scenarios ---- */

typedef struct choice {
    hsd_plot_names origins, scenarios; /* scenarios: without the baseline */
    const char *profile;
} choice;

static void keep_one(hsd_plot_names *names, const char *only) {
    for (size_t i = 0; only && i < names->count; i++)
        if (strcmp(names->data[i], only) == 0) {
            names->data[0] = only;
            names->count = 1;
        }
}

static void leave_out(population *p, hsd_plot_names *names, size_t most) {
    if (names->count <= most) return;
    hsd_plot_add(p->run, p->subtitle, sizeof p->subtitle,
                 hsd_plot_word_of(p->run, HSD_PLOT_FIRST_OF), most, names->count);
    names->count = most;
}

/* The area between the lines of an origin before and after, to rank origins by; at cut-offs the sum
 * of what is between the dots. */
static double change_of(const population *p, const rows *r, const choice *c, const char *origin) {
    double sum = 0, limit = hsd_plot_largest(p->run, "minutes");
    for (size_t row = 0; !r->baseline && row < r->table->row_count; row++)
        limit = fmax(limit, fmax(r->before[row], r->after[row])); /* fmax passes NAN over */
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, r->origins, origin);
    hsd_plot_only(&filter, r->profiles, c->profile);
    for (size_t row = 0; row < r->table->row_count; row++) {
        const double w = r->people[row];
        if (!hsd_plot_takes(&filter, row) || !isfinite(w)) continue;
        if (r->baseline) {
            const bool before = strcmp(hsd_plot_cell(r->scenarios, row), r->baseline) == 0;
            sum += before ? -w * (double)c->scenarios.count : w;
        } else {
            const double after = isfinite(r->after[row]) ? r->after[row] : limit;
            sum += w * ((isfinite(r->before[row]) ? r->before[row] : limit) - after);
        }
    }
    return fabs(sum);
}

/* The origins that change most come first; the others are told in a number. */
static hsd_status keep_changed(population *p, const rows *r, choice *c, size_t most,
                               hsd_error *err) {
    const size_t count = c->origins.count;
    if (count <= most) return HSD_OK;
    double *changes = hsd_alloc(count, sizeof *changes, err);
    if (!changes) return HSD_E_MEMORY;
    for (size_t o = 0; o < count; o++) changes[o] = change_of(p, r, c, c->origins.data[o]);
    for (size_t o = 1; o < count; o++) {
        const double change = changes[o];
        const char *name = c->origins.data[o];
        size_t k = o;
        for (; k > 0 && changes[k - 1] < change; k--) {
            changes[k] = changes[k - 1];
            c->origins.data[k] = c->origins.data[k - 1];
        }
        changes[k] = change;
        c->origins.data[k] = name;
    }
    hsd_free(changes);
    hsd_plot_add(p->run, p->subtitle, sizeof p->subtitle,
                 hsd_plot_word_of(p->run, HSD_PLOT_MOST_CHANGED), most, count);
    c->origins.count = most;
    return HSD_OK;
}

static hsd_status choose(population *p, const rows *r, choice *c, hsd_error *err) {
    const hsd_plot_request *q = p->run->request;
    const size_t count = r->table->row_count;
    hsd_plot_names profiles = {0};
    hsd_status status = HSD_OK;
    if (r->origins) status = hsd_plot_known(p->run, "origin", q->origin, r->origins, count, err);
    if (status == HSD_OK && r->scenarios)
        status = hsd_plot_known(p->run, "scenario", q->scenario, r->scenarios, count, err);
    if (status == HSD_OK && r->origins)
        status = hsd_plot_distinct(r->origins, count, &c->origins, err);
    if (status == HSD_OK && r->scenarios)
        status = hsd_plot_distinct(r->scenarios, count, &c->scenarios, err);
    if (status == HSD_OK && r->profiles)
        status = hsd_plot_distinct(r->profiles, count, &profiles, err);
    size_t kept = 0;
    for (size_t i = 0; i < c->scenarios.count; i++)
        if (!r->baseline || strcmp(c->scenarios.data[i], r->baseline) != 0)
            c->scenarios.data[kept++] = c->scenarios.data[i];
    c->scenarios.count = kept;
    keep_one(&c->origins, q->origin);
    keep_one(&c->scenarios, q->scenario);
    leave_out(p, &c->scenarios, HSD_PLOT_MOST_LINES - 1);
    if (profiles.count) c->profile = profiles.data[0];
    if (status == HSD_OK && c->scenarios.count) /* colours tell origins apart, or scenarios */
        status = keep_changed(p, r, c, c->scenarios.count > 1 ? 1 : HSD_PLOT_MOST_LINES / 2, err);
    leave_out(p, &c->origins, HSD_PLOT_MOST_LINES);
    if (profiles.count > 1)
        hsd_plot_add(p->run, p->subtitle, sizeof p->subtitle,
                     hsd_plot_word_of(p->run, HSD_PLOT_PROFILE), c->profile);
    hsd_array_finish(&profiles);
    return status;
}

static hsd_status add_origin(population *p, const rows *r, const choice *c, size_t o,
                             hsd_error *err) {
    const char *id = c->origins.count ? c->origins.data[o] : NULL;
    const char *shown = c->origins.count > 1 ? hsd_plot_origin(p->run, id) : NULL;
    const size_t count = r->table->row_count;
    hsd_plot_filter of_origin = {.count = 0};
    hsd_plot_only(&of_origin, r->origins, id);
    hsd_plot_only(&of_origin, r->profiles, c->profile);
    hsd_status status = HSD_OK;
    if (c->scenarios.count) {
        hsd_plot_filter before = of_origin;
        hsd_plot_only(&before, r->scenarios, r->baseline ? r->baseline : c->scenarios.data[0]);
        name_curve(p, shown, NULL, true, c->origins.count > 1 ? o : 0);
        status = add_curve(p, r->baseline ? r->after : r->before, r->people, count, &before, err);
    }
    for (size_t s = 0; status == HSD_OK && s < c->scenarios.count; s++) {
        hsd_plot_filter after = of_origin;
        hsd_plot_only(&after, r->scenarios, c->scenarios.data[s]);
        name_curve(p, shown, c->scenarios.data[s], false, c->origins.count > 1 ? o : s + 1);
        status = add_curve(p, r->after, r->people, count, &after, err);
    }
    if (c->scenarios.count == 0) {
        name_curve(p, shown, NULL, false, o);
        status = add_curve(p, r->after, r->people, count, &of_origin, err);
    }
    return status;
}

static hsd_status add_rows(population *p, const rows *r, hsd_error *err) {
    choice c = {0};
    hsd_status status = choose(p, r, &c, err);
    const size_t origins = c.origins.count ? c.origins.count : 1;
    for (size_t o = 0; status == HSD_OK && o < origins; o++) status = add_origin(p, r, &c, o, err);
    if (c.origins.count == 1)
        snprintf(p->title, sizeof p->title, hsd_plot_word_of(p->run, HSD_PLOT_POPULATION_OF),
                 hsd_plot_origin(p->run, c.origins.data[0]));
    else
        snprintf(p->title, sizeof p->title, "%s", hsd_plot_word_of(p->run, HSD_PLOT_POPULATION));
    hsd_array_finish(&c.origins);
    hsd_array_finish(&c.scenarios);
    return status;
}

/* ---- Where the numbers are ---- */

/* compare: layer zones has a row a scenario, origin, profile and zone. */
static hsd_status of_comparison(population *p, const hsd_layer_table *zones, const double *people,
                                hsd_error *err) {
    const rows r = {.table = zones,
                    .origins = hsd_plot_texts(zones, "origin_id"),
                    .scenarios = hsd_plot_texts(zones, "scenario"),
                    .profiles = hsd_plot_texts(zones, "profile"),
                    .before = hsd_plot_numbers(zones, "before_min"),
                    .after = hsd_plot_numbers(zones, "after_min"),
                    .people = people};
    return add_rows(p, &r, err);
}

static double people_of(char *const *ids, const double *people, size_t count, const char *zone,
                        size_t *hint) {
    for (size_t i = 0; i < count; i++) {
        const size_t at = (*hint + i) % count;
        if (strcmp(hsd_plot_cell(ids, at), zone) != 0) continue;
        *hint = at + 1;
        return people[at];
    }
    return 0;
}

/* circle: od_times has a row an origin and zone, in the order of zones; people are theirs. */
static hsd_status of_circles(population *p, const hsd_layer_table *zones, const double *people,
                             hsd_error *err) {
    hsd_layer_table times;
    hsd_status status = hsd_layers_read(p->run->layers, "od_times", HSD_LAYER_COLUMNS, &times, err);
    if (status != HSD_OK) return status;
    const char *direction = hsd_plot_option(p->run, "direction");
    const bool to = direction && strcmp(direction, "to") == 0;
    char *const *far = hsd_plot_texts(&times, to ? "from_id" : "to_id");
    double *weights = hsd_alloc(times.row_count, sizeof *weights, err);
    size_t hint = 0;
    for (size_t r = 0; weights && r < times.row_count; r++)
        weights[r] = people_of(hsd_plot_texts(zones, "id"), people, zones->row_count,
                               hsd_plot_cell(far, r), &hint);
    const rows r = {.table = &times,
                    .origins = hsd_plot_texts(&times, to ? "to_id" : "from_id"),
                    .profiles = hsd_plot_texts(&times, "profile"),
                    .after = hsd_plot_numbers(&times, "time_min"),
                    .people = weights};
    status = weights ? add_rows(p, &r, err) : HSD_E_MEMORY;
    hsd_free(weights);
    hsd_layer_table_finish(&times);
    return status;
}

static hsd_status look_at_zones(population *p, hsd_error *err) {
    hsd_layer_table zones;
    const double *people = NULL;
    if (!hsd_layers_has(p->run->layers, "zones")) return HSD_OK;
    hsd_status status = hsd_layers_read(p->run->layers, "zones", HSD_LAYER_COLUMNS, &zones, err);
    if (status != HSD_OK) return status;
    /* whom --population means may stand in layer circles */
    if (hsd_plot_people(p->run, &zones, "zones", &people, NULL) != HSD_OK) people = NULL;
    if (people && hsd_plot_numbers(&zones, "before_min"))
        status = of_comparison(p, &zones, people, err);
    else if (people && hsd_layers_has(p->run->layers, "od_times"))
        status = of_circles(p, &zones, people, err);
    hsd_layer_table_finish(&zones);
    if (p->count)
        hsd_plot_add(p->run, p->subtitle, sizeof p->subtitle, "%s",
                     hsd_plot_word_of(p->run, HSD_PLOT_AT_POINTS));
    return status;
}

static hsd_status look_at_cutoffs(population *p, hsd_error *err) {
    hsd_layer_table circles;
    const double *people;
    if (!hsd_layers_has(p->run->layers, "circles")) return HSD_OK;
    hsd_status status =
        hsd_layers_read(p->run->layers, "circles", HSD_LAYER_COLUMNS, &circles, err);
    if (status == HSD_OK) status = hsd_plot_people(p->run, &circles, "circles", &people, err);
    if (status == HSD_OK && people) {
        const rows r = {.table = &circles,
                        .origins = hsd_plot_texts(&circles, "origin_id"),
                        .scenarios = hsd_plot_texts(&circles, "scenario"),
                        .profiles = hsd_plot_texts(&circles, "profile"),
                        .after = hsd_plot_numbers(&circles, "cutoff_min"),
                        .people = people,
                        .baseline = "baseline"};
        p->dots = true;
        status = add_rows(p, &r, err);
        hsd_plot_add(p->run, p->subtitle, sizeof p->subtitle, "%s",
                     hsd_plot_word_of(p->run, HSD_PLOT_AT_CUTOFFS));
    }
    hsd_layer_table_finish(&circles);
    return status;
}

/* ---- A measure in minutes ---- */

static hsd_status add_measure(population *p, const hsd_layer_table *access, const char *column,
                              const char *title, hsd_error *err) {
    hsd_plot_names scenarios = {0};
    hsd_layer_table summary;
    const double *people;
    const hsd_plot_filter all = {.count = 0};
    hsd_status status = hsd_plot_people(p->run, access, "access", &people, err);
    if (status != HSD_OK || !people) return status;
    status = hsd_plot_access_scenarios(p->run, &summary, &scenarios, err);
    leave_out(p, &scenarios, HSD_PLOT_MOST_LINES);
    for (size_t s = 0; status == HSD_OK && s < scenarios.count; s++) {
        const double *x;
        status = hsd_plot_measure(access, column, s ? scenarios.data[s] : NULL, &x, err);
        if (status != HSD_OK || !x) continue;
        name_curve(p, NULL, s ? scenarios.data[s] : NULL, s == 0 && scenarios.count > 1, s);
        status = add_curve(p, x, people, access->row_count, &all, err);
    }
    snprintf(p->x_title, sizeof p->x_title, "%s (min)", title);
    snprintf(p->title, sizeof p->title, hsd_plot_word_of(p->run, HSD_PLOT_POPULATION_BY), title);
    hsd_array_finish(&scenarios);
    hsd_layer_table_finish(&summary);
    return status;
}

static hsd_status look_at_measures(population *p, hsd_error *err) {
    hsd_layer_table measures, access;
    if (!hsd_layers_has(p->run->layers, "access") || !hsd_layers_has(p->run->layers, "measures"))
        return HSD_OK;
    hsd_status status =
        hsd_layers_read(p->run->layers, "measures", HSD_LAYER_COLUMNS, &measures, err);
    if (status != HSD_OK) return status;
    char *const *units = hsd_plot_texts(&measures, "unit");
    char *const *columns = hsd_plot_texts(&measures, "column");
    const char *only = p->run->request->column;
    status = hsd_layers_read(p->run->layers, "access", HSD_LAYER_COLUMNS, &access, err);
    for (size_t r = 0; status == HSD_OK && p->count == 0 && r < measures.row_count; r++) {
        const char *column = hsd_plot_cell(columns, r);
        if (strcmp(hsd_plot_cell(units, r), "min") != 0 || (only && strcmp(column, only) != 0) ||
            !hsd_plot_numbers(&access, column))
            continue;
        status = add_measure(p, &access, column, hsd_plot_title(p->run, &measures, r), err);
    }
    hsd_layer_table_finish(&measures);
    hsd_layer_table_finish(&access);
    return status;
}

/* ---- The chart ---- */

/* The line goes on to the last cut-off: beyond it nothing is known. */
static hsd_status draw_curve(const population *p, curve *c, double divisor, hsd_chart *chart,
                             hsd_error *err) {
    const size_t last = c->points.count;
    if (!p->dots && last && c->points.data[last - 1].x < p->most_x &&
        !hsd_array_push(&c->points, ((hsd_chart_point){p->most_x, c->points.data[last - 1].y}),
                        err))
        return HSD_E_MEMORY;
    for (size_t i = 0; i < c->points.count; i++) c->points.data[i].y /= divisor;
    const hsd_chart_style style = {.rgba = c->rgba,
                                   .line_px = p->dots ? 1.2 : 2.2,
                                   .point_px = p->dots ? 9 : 0,
                                   .dashed = c->dashed,
                                   .steps = !p->dots,
                                   .legend = p->count > 1 ? c->legend : NULL};
    return hsd_chart_add_line(chart, c->points.data, c->points.count, &style, err);
}

static hsd_status draw(population *p, hsd_error *err) {
    char y_title[120];
    double divisor;
    const double cutoff = p->x_title[0] ? 0 : hsd_plot_largest(p->run, "minutes");
    p->most_x = fmax(p->most_x, cutoff);
    /* a comparison knows times far beyond its cut-offs */
    const double shown = cutoff > 0 ? fmin(p->most_x, 2 * cutoff) : p->most_x;
    hsd_plot_unit(p->run, hsd_plot_word_of(p->run, HSD_PLOT_PEOPLE), p->most_y, &divisor, y_title,
                  sizeof y_title);
    hsd_chart_options options = {
        .title = p->title,
        .subtitle = p->subtitle,
        .x = {p->x_title[0] ? p->x_title : hsd_plot_word_of(p->run, HSD_PLOT_MINUTES), 0,
              p->x_title[0] ? 0 : shown, true},
        .y = {.title = y_title}};
    hsd_status status = hsd_plot_chart(p->run, &options, &p->out->chart, err);
    for (size_t i = 0; status == HSD_OK && i < p->count; i++)
        status = draw_curve(p, &p->curves[i], divisor, p->out->chart, err);
    return status;
}

hsd_status hsd_plot_population(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    population p = {.run = run, .out = out};
    hsd_status status = look_at_zones(&p, err);
    if (status == HSD_OK && p.count == 0) status = look_at_cutoffs(&p, err);
    if (status == HSD_OK && p.count == 0) status = look_at_measures(&p, err);
    if (status == HSD_OK && p.most_y > 0)
        status = draw(&p, err);
    else if (status == HSD_OK)
        status = hsd_plot_lacks(out, "people in layer zones or circles, or a measure in minutes "
                                     "with people in layer access");
    for (size_t i = 0; i < p.count; i++) hsd_array_finish(&p.curves[i].points);
    return status;
}
