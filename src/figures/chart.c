/* Charts are kept as they are added and drawn when written: axes and legend depend on all of it.
 * O(points) memory. */
#include <math.h>
#include <string.h>

#include "figures/chart.h"
#include "figures/picture.h"

static hsd_status copy_text(char **to, const char *from, hsd_error *err) {
    if (from && from[0] && !(*to = hsd_strdup(from, err))) return HSD_E_MEMORY;
    return HSD_OK;
}

static hsd_status copy_texts(hsd_chart *chart, const hsd_chart_options *o, hsd_error *err) {
    hsd_status status = copy_text(&chart->title, o->title, err);
    if (status == HSD_OK) status = copy_text(&chart->subtitle, o->subtitle, err);
    if (status == HSD_OK) status = copy_text(&chart->footer, o->footer, err);
    if (status == HSD_OK) status = copy_text(&chart->x_title, o->x.title, err);
    return status == HSD_OK ? copy_text(&chart->y_title, o->y.title, err) : status;
}

hsd_status hsd_chart_create(const hsd_chart_options *options, hsd_chart **out, hsd_error *err) {
    *out = NULL;
    const uint32_t width = options->width_px ? options->width_px : 1200;
    const uint32_t height = options->height_px ? options->height_px : 900;
    if (width < 160 || height < 120 || width > HSD_MAP_LIMIT_PX || height > HSD_MAP_LIMIT_PX)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "chart of %u x %u pixels: expected 160 x 120 to %d x %d", width, height,
                        HSD_MAP_LIMIT_PX, HSD_MAP_LIMIT_PX);
    hsd_chart *chart = hsd_calloc(1, sizeof *chart, err);
    if (!chart) return HSD_E_MEMORY;
    chart->width = width;
    chart->height = height;
    chart->x = options->x;
    chart->y = options->y;
    chart->square = options->square;
    hsd_status status = copy_texts(chart, options, err);
    if (status != HSD_OK) {
        hsd_chart_destroy(chart);
        return status;
    }
    *out = chart;
    return HSD_OK;
}

static void finish_series(hsd_chart_series *s) {
    for (size_t i = 0; s->labels && i < s->count; i++) hsd_free(s->labels[i]);
    hsd_free(s->labels);
    hsd_free(s->points);
    hsd_free(s->legend);
}

void hsd_chart_destroy(hsd_chart *chart) {
    if (!chart) return;
    for (size_t i = 0; i < chart->series.count; i++) finish_series(&chart->series.data[i]);
    hsd_array_finish(&chart->series);
    char *const texts[] = {chart->title, chart->subtitle, chart->footer, chart->x_title,
                           chart->y_title};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) hsd_free(texts[i]);
    hsd_free(chart);
}

/* Takes over what the series holds, also where it fails. */
static hsd_status add(hsd_chart *chart, hsd_chart_series *s, const hsd_chart_style *style,
                      hsd_status status, hsd_error *err) {
    s->style = *style;
    s->style.legend = NULL; /* the copy counts */
    const size_t points = s->kind == HSD_CHART_BARS ? s->count + 1 : s->count;
    for (size_t i = 0; status == HSD_OK && i < points; i++)
        if (!isfinite(s->points[i].x) || !isfinite(s->points[i].y))
            status = hsd_fail(err, HSD_E_ARGUMENT, "chart: value %zu is not finite", i);
    if (status == HSD_OK) status = copy_text(&s->legend, style->legend, err);
    if (status == HSD_OK && !hsd_array_push(&chart->series, *s, err)) status = HSD_E_MEMORY;
    if (status != HSD_OK) finish_series(s);
    return status;
}

hsd_status hsd_chart_add_line(hsd_chart *chart, const hsd_chart_point *points, size_t count,
                              const hsd_chart_style *style, hsd_error *err) {
    hsd_chart_series s = {.kind = HSD_CHART_LINE, .count = count};
    s.points = hsd_alloc(count, sizeof *s.points, err);
    if (s.points && count) memcpy(s.points, points, count * sizeof *points);
    return add(chart, &s, style, s.points ? HSD_OK : HSD_E_MEMORY, err);
}

hsd_status hsd_chart_add_bars(hsd_chart *chart, const double *edges, const double *values,
                              size_t count, const hsd_chart_style *style, hsd_error *err) {
    hsd_chart_series s = {.kind = HSD_CHART_BARS, .count = count};
    s.points = hsd_alloc(count + 1, sizeof *s.points, err);
    for (size_t i = 0; s.points && i <= count; i++)
        s.points[i] = (hsd_chart_point){edges[i], i < count ? values[i] : 0};
    return add(chart, &s, style, s.points ? HSD_OK : HSD_E_MEMORY, err);
}

hsd_status hsd_chart_add_ranked(hsd_chart *chart, const char *const *labels, const double *values,
                                size_t count, const hsd_chart_style *style, hsd_error *err) {
    if (chart->series.count)
        return hsd_fail(err, HSD_E_ARGUMENT, "chart: ranked bars stand alone in one");
    hsd_chart_series s = {.kind = HSD_CHART_RANK, .count = count};
    s.points = hsd_calloc(count, sizeof *s.points, err);
    s.labels = hsd_calloc(count, sizeof *s.labels, err);
    hsd_status status = s.points && s.labels ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        s.points[i].y = values[i];
        if (!(s.labels[i] = hsd_strdup(labels[i], err))) status = HSD_E_MEMORY;
    }
    return add(chart, &s, style, status, err);
}

hsd_status hsd_chart_write(const hsd_chart *chart, const char *path, bool overwrite,
                           hsd_error *err) {
    const hsd_picture picture = {.width = chart->width,
                                 .height = chart->height,
                                 .title = chart->title,
                                 .content = chart,
                                 .draw = hsd_chart_draw,
                                 .describe = hsd_chart_describe};
    return hsd_picture_write(&picture, path, overwrite, err);
}
