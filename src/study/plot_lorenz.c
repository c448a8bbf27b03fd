/* Lorenz curves of a measure: zones from the least value a head to the most, the share of people
 * that they have across, the share of the sum of value times people up; a curve a scenario, its
 * Gini index in the legend (hsd_gini, the number of table inequality). Lorenz 1905. O(n log n). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/styles.h"
#include "hourshed/access.h"
#include "study/plot_run.h"

typedef struct lorenz {
    const hsd_plot_run *run;
    hsd_layer_table access, measures;
    const double *people; /* NULL: zones count */
    const char *column, *title;
    bool less_is_better;
} lorenz;

typedef struct share {
    double value, people;
} share;

static int by_value(const void *a, const void *b) {
    const share *p = a, *q = b;
    if (p->value != q->value) return p->value > q->value ? 1 : -1;
    return (p->people > q->people) - (p->people < q->people);
}

/* ---- The column ---- */

static bool has_column(const lorenz *l, const char *column) {
    return column[0] && hsd_plot_numbers(&l->access, column);
}

/* Whether row r's measure may be the one: of what was asked for, else of those that are better when
 * they are more, else of all. */
static bool may_be(const lorenz *l, size_t r, bool more) {
    const char *column = hsd_plot_cell(hsd_plot_texts(&l->measures, "column"), r);
    if (!has_column(l, column)) return false;
    if (l->column) return strcmp(l->column, column) == 0;
    return !more || strcmp(hsd_plot_cell(hsd_plot_texts(&l->measures, "better"), r), "less") != 0;
}

/* The measure asked for, else the first whose values stand in the layer and of which more is
 * better: shares of minutes are seldom meant. */
static hsd_status choose_column(lorenz *l, hsd_error *err) {
    char *const *columns = hsd_plot_texts(&l->measures, "column");
    l->column = l->run->request->column;
    if (l->column && !hsd_plot_numbers(&l->access, l->column)) {
        char list[120] = "";
        for (size_t r = 0; r < l->measures.row_count; r++)
            if (has_column(l, hsd_plot_cell(columns, r)))
                hsd_plot_add(l->run, list, sizeof list, "%s", columns[r]);
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--column \"%.40s\": layer access has no such numbers; its measures: %s",
                        l->column, list);
    }
    for (size_t k = 0; k < 2 * l->measures.row_count; k++) {
        const size_t r = k % l->measures.row_count;
        if (!may_be(l, r, k < l->measures.row_count)) continue;
        l->column = hsd_plot_cell(columns, r);
        l->title = hsd_plot_title(l->run, &l->measures, r);
        l->less_is_better =
            strcmp(hsd_plot_cell(hsd_plot_texts(&l->measures, "better"), r), "less") == 0;
        return HSD_OK;
    }
    l->title = l->column;
    return HSD_OK;
}

/* ---- A curve ---- */

static hsd_status gather(const lorenz *l, const double *values, share **out, size_t *count,
                         double *people, double *sum, hsd_error *err) {
    share *shares = *out = hsd_alloc(l->access.row_count, sizeof *shares, err);
    *count = 0;
    *people = *sum = 0;
    if (!shares) return HSD_E_MEMORY;
    for (size_t r = 0; r < l->access.row_count; r++) {
        const double w = l->people ? l->people[r] : 1;
        if (!isfinite(values[r]) || !(w > 0) || !isfinite(w)) continue;
        if (values[r] < 0)
            return hsd_fail(
                err, HSD_E_FORMAT,
                "%.60s: column %.60s has %g in row %zu; a Lorenz curve needs values of 0 "
                "or more",
                l->run->file, l->column, values[r], r + 1);
        shares[(*count)++] = (share){values[r], w};
        *people += w;
        *sum += w * values[r];
    }
    qsort(shares, *count, sizeof *shares, by_value);
    return HSD_OK;
}

static hsd_status add_points(const share *shares, size_t count, double people, double sum,
                             const hsd_chart_style *style, hsd_chart *chart, hsd_error *err) {
    hsd_chart_point *points = hsd_calloc(count + 1, sizeof *points, err);
    if (!points) return HSD_E_MEMORY;
    double across = 0, up = 0;
    for (size_t i = 0; i < count; i++) {
        across += shares[i].people;
        up += shares[i].people * shares[i].value;
        points[i + 1] = (hsd_chart_point){100 * across / people, 100 * up / sum};
    }
    points[count] = (hsd_chart_point){100, 100};
    hsd_status status = hsd_chart_add_line(chart, points, count + 1, style, err);
    hsd_free(points);
    return status;
}

static hsd_status add_curve(const lorenz *l, const double *values, const char *name, uint32_t rgba,
                            hsd_chart *chart, size_t *drawn, hsd_error *err) {
    share *shares;
    size_t count;
    double people, sum, gini = NAN;
    char legend[160];
    hsd_status status = gather(l, values, &shares, &count, &people, &sum, err);
    if (status == HSD_OK) status = hsd_gini(values, l->people, l->access.row_count, &gini, err);
    if (status == HSD_OK && count && sum > 0) {
        snprintf(legend, sizeof legend, "%s%s", name,
                 name[0] ? hsd_plot_word_of(l->run, HSD_PLOT_COMMA) : "");
        const size_t used = strlen(legend);
        snprintf(legend + used, sizeof legend - used, hsd_plot_word_of(l->run, HSD_PLOT_GINI),
                 gini);
        const hsd_chart_style style = {.rgba = rgba, .line_px = 2.2, .legend = legend};
        status = add_points(shares, count, people, sum, &style, chart, err);
        ++*drawn;
    }
    hsd_free(shares);
    return status;
}

static hsd_status add_curves(const lorenz *l, hsd_chart *chart, size_t *drawn, hsd_error *err) {
    hsd_plot_names scenarios = {0};
    hsd_layer_table summary;
    uint32_t colours[HSD_PLOT_MOST_LINES];
    hsd_palette_categorical(HSD_PLOT_MOST_LINES, 0xFF, colours);
    hsd_status status = hsd_plot_access_scenarios(l->run, &summary, &scenarios, err);
    for (size_t s = 0; status == HSD_OK && s < scenarios.count && s < HSD_PLOT_MOST_LINES; s++) {
        const double *values;
        char name[120] = "";
        if (s)
            snprintf(name, sizeof name, hsd_plot_word_of(l->run, HSD_PLOT_AFTER),
                     scenarios.data[s]);
        else if (scenarios.count > 1)
            snprintf(name, sizeof name, "%s", hsd_plot_word_of(l->run, HSD_PLOT_BEFORE));
        status =
            hsd_plot_measure(&l->access, l->column, s ? scenarios.data[s] : NULL, &values, err);
        if (status == HSD_OK && values)
            status = add_curve(l, values, name, colours[s], chart, drawn, err);
    }
    hsd_array_finish(&scenarios);
    hsd_layer_table_finish(&summary);
    return status;
}

/* ---- The chart ---- */

static hsd_status draw(const lorenz *l, hsd_plot_picture *out, hsd_error *err) {
    char title[200], y_title[200], subtitle[240] = "";
    size_t drawn = 0;
    if (strcmp(l->title, l->column) != 0)
        hsd_plot_add(l->run, subtitle, sizeof subtitle, "%s", l->column);
    if (l->less_is_better)
        hsd_plot_add(l->run, subtitle, sizeof subtitle, "%s",
                     hsd_plot_word_of(l->run, HSD_PLOT_LESS_IS_BETTER));
    snprintf(title, sizeof title, hsd_plot_word_of(l->run, HSD_PLOT_LORENZ), l->title);
    snprintf(y_title, sizeof y_title, hsd_plot_word_of(l->run, HSD_PLOT_VALUE_SHARE), l->title);
    hsd_chart_options options = {
        .width_px = 1000,
        .height_px = 1000,
        .title = title,
        .subtitle = subtitle,
        .x = {hsd_plot_word_of(l->run, l->people ? HSD_PLOT_PEOPLE_SHARE : HSD_PLOT_ZONES_SHARE), 0,
              100, false},
        .y = {y_title, 0, 100, false},
        .square = true};
    hsd_status status = hsd_plot_chart(l->run, &options, &out->chart, err);
    const hsd_chart_point diagonal[] = {{0, 0}, {100, 100}};
    const hsd_chart_style equal = {.rgba = 0x8A9097FFu,
                                   .line_px = 1.2,
                                   .dashed = true,
                                   .legend = hsd_plot_word_of(l->run, HSD_PLOT_EQUALITY)};
    if (status == HSD_OK) status = hsd_chart_add_line(out->chart, diagonal, 2, &equal, err);
    if (status == HSD_OK) status = add_curves(l, out->chart, &drawn, err);
    if (status != HSD_OK || drawn) return status;
    hsd_chart_destroy(out->chart);
    out->chart = NULL;
    return hsd_plot_lacks(out, "values above 0 in column %.60s of layer access", l->column);
}

hsd_status hsd_plot_lorenz(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    lorenz l = {.run = run};
    if (!hsd_layers_has(run->layers, "access") || !hsd_layers_has(run->layers, "measures"))
        return hsd_plot_lacks(out, "layer access with a measure");
    hsd_status status = hsd_layers_read(run->layers, "access", HSD_LAYER_COLUMNS, &l.access, err);
    if (status == HSD_OK)
        status = hsd_layers_read(run->layers, "measures", HSD_LAYER_COLUMNS, &l.measures, err);
    if (status == HSD_OK) status = hsd_plot_people(run, &l.access, "access", &l.people, err);
    if (status == HSD_OK) status = choose_column(&l, err);
    if (status == HSD_OK)
        status = l.column ? draw(&l, out, err)
                          : hsd_plot_lacks(out, "a measure of zones in layer access");
    hsd_layer_table_finish(&l.access);
    hsd_layer_table_finish(&l.measures);
    return status;
}
