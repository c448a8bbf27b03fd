/* The page of a chart: titles and legend above, the plot with its axes, the footer below. Values
 * are read off against grid lines; nothing lies over the plot. O(series). */
#include <math.h>
#include <string.h>

#include "figures/chart.h"

static bool is_ranked(const hsd_chart *chart) {
    return chart->series.count && chart->series.data[0].kind == HSD_CHART_RANK;
}

/* ---- Ranges ---- */

static void widen(double *min, double *max, double value) {
    *min = fmin(*min, value);
    *max = fmax(*max, value);
}

/* What is drawn, and 0. */
static void find_ranges(hsd_chart_page *p) {
    const hsd_chart *c = p->chart;
    p->min_x = p->max_x = p->min_y = p->max_y = 0;
    for (size_t i = 0; i < c->series.count; i++) {
        const hsd_chart_series *s = &c->series.data[i];
        const size_t points = s->kind == HSD_CHART_BARS ? s->count + 1 : s->count;
        for (size_t k = 0; k < points; k++) {
            const hsd_chart_point at = s->points[k];
            widen(&p->min_x, &p->max_x, s->kind == HSD_CHART_RANK ? at.y : at.x);
            widen(&p->min_y, &p->max_y, s->kind == HSD_CHART_RANK ? 0 : at.y);
        }
    }
}

/* A fixed range stays as it is; another ends at ticks. */
static void settle(const hsd_chart_axis *axis, size_t most, hsd_ticks *ticks, double *min,
                   double *max) {
    const bool fixed = axis->max > axis->min;
    if (fixed) {
        *min = axis->min;
        *max = axis->max;
    }
    *ticks = hsd_ticks_cover(*min, *max, most, axis->minutes);
    if (fixed) return;
    *min = hsd_ticks_at(ticks, 0);
    *max = hsd_ticks_at(ticks, ticks->count - 1);
}

static size_t ticks_in(double pixels, double each) {
    const double count = floor(pixels / each);
    return count < 2 ? 2 : count > 12 ? 12 : (size_t)count;
}

/* ---- Text ---- */

static double width_of(const hsd_chart_page *p, const char *text, double size) {
    return hsd_font_width(p->page.fonts, p->page.cairo, text, HSD_WEIGHT_REGULAR, size);
}

static void write_at(const hsd_chart_page *p, const char *text, double size, double x, double y) {
    hsd_font_draw(p->page.fonts, p->page.cairo, text, HSD_WEIGHT_REGULAR, size, x, y,
                  p->page.theme.faint, 0, 0);
}

static double tick_size(const hsd_chart_page *p) {
    return 13 * p->page.unit;
}

/* Shortened to the room it has; right-aligned where the x is its end. */
static void write_title(const hsd_chart_page *p, const char *title, double x, double room, double y,
                        bool right) {
    char fitted[256];
    const double size = hsd_font_fit(p->page.fonts, p->page.cairo, title, HSD_WEIGHT_REGULAR,
                                     14 * p->page.unit, room, fitted, sizeof fitted);
    write_at(p, fitted, size, right ? x - width_of(p, fitted, size) : x, y);
}

/* ---- Legend ---- */

static double legend(const hsd_chart_page *p, double y) {
    const double u = p->page.unit, size = 14 * u, left = hsd_page_margin(&p->page),
                 right = p->chart->width - left;
    double x = left;
    bool any = false;
    for (size_t i = 0; i < p->chart->series.count; i++) {
        const hsd_chart_series *s = &p->chart->series.data[i];
        if (!s->legend) continue;
        char fitted[256];
        const double fit = hsd_font_fit(p->page.fonts, p->page.cairo, s->legend, HSD_WEIGHT_REGULAR,
                                        size, right - left - 34 * u, fitted, sizeof fitted);
        const double width = width_of(p, fitted, fit);
        if (any && x + 34 * u + width > right) {
            x = left;
            y += 23 * u;
        }
        any = true;
        const double swatch = hsd_chart_swatch(p, s, x, y);
        hsd_font_draw(p->page.fonts, p->page.cairo, fitted, HSD_WEIGHT_REGULAR, fit,
                      x + swatch + 8 * u, y + 12 * u, p->page.theme.text, 0, 0);
        x += swatch + 8 * u + width + 24 * u;
    }
    return any ? y + 14 * u : y;
}

/* ---- Axes ---- */

static bool is_shown(double value, double min, double max) {
    const double hair = 1e-9 * (max - min);
    return value >= min - hair && value <= max + hair;
}

static void rule(const hsd_chart_page *p, double x1, double y1, double x2, double y2, bool strong) {
    cairo_t *cairo = p->page.cairo;
    hsd_page_colour(cairo, strong ? p->page.theme.faint : 0xDFE1E4FFu);
    cairo_set_line_width(cairo, (strong ? 1.2 : 0.8) * p->page.unit);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
    cairo_new_path(cairo);
    cairo_move_to(cairo, x1, y1);
    cairo_line_to(cairo, x2, y2);
    cairo_stroke(cairo);
}

static void x_axis(const hsd_chart_page *p, bool grid) {
    const hsd_map_page *page = &p->page;
    const double u = page->unit, size = tick_size(p);
    char text[HSD_TICK_TEXT];
    for (size_t i = 0; i < p->x.count; i++) {
        const double value = hsd_ticks_at(&p->x, i), x = hsd_chart_x(p, value);
        if (!is_shown(value, p->min_x, p->max_x)) continue;
        if (grid) rule(p, x, page->top, x, page->bottom, false);
        rule(p, x, page->bottom, x, page->bottom + 5 * u, true);
        hsd_ticks_text(&p->x, value, text);
        write_at(p, text, size, x - width_of(p, text, size) / 2, page->bottom + 7 * u + size);
    }
    if (p->chart->x_title)
        write_title(p, p->chart->x_title, page->right, page->right - page->left,
                    page->bottom + 14 * u + 2.2 * size, true);
}

static double widest_tick(const hsd_chart_page *p) {
    double widest = 0;
    char text[HSD_TICK_TEXT];
    for (size_t i = 0; i < p->y.count; i++)
        widest = fmax(
            widest, width_of(p, hsd_ticks_text(&p->y, hsd_ticks_at(&p->y, i), text), tick_size(p)));
    return widest;
}

static void y_axis(const hsd_chart_page *p) {
    const hsd_map_page *page = &p->page;
    const double size = tick_size(p), gap = 8 * page->unit;
    char text[HSD_TICK_TEXT];
    for (size_t i = 0; i < p->y.count; i++) {
        const double value = hsd_ticks_at(&p->y, i), y = hsd_chart_y(p, value);
        if (!is_shown(value, p->min_y, p->max_y)) continue;
        rule(p, page->left, y, page->right, y, false);
        hsd_ticks_text(&p->y, value, text);
        write_at(p, text, size, page->left - gap - width_of(p, text, size), y + 0.36 * size);
    }
    if (p->chart->y_title) {
        const double left = page->left - widest_tick(p) - gap;
        write_title(p, p->chart->y_title, left, page->right - left, page->top - 14 * page->unit,
                    false);
    }
}

static double widest_label(const hsd_chart_page *p, double size) {
    const hsd_chart_series *s = &p->chart->series.data[0];
    double widest = 0;
    for (size_t i = 0; i < s->count; i++) widest = fmax(widest, width_of(p, s->labels[i], size));
    return widest;
}

/* ---- The page ---- */

static void place_ranked(hsd_chart_page *p) {
    hsd_map_page *page = &p->page;
    const double u = page->unit, margin = hsd_page_margin(page),
                 width = p->chart->width - 2 * margin;
    const double row =
        fmin((page->bottom - page->top) / (double)p->chart->series.data[0].count, 44 * u);
    page->bottom = page->top + row * (double)p->chart->series.data[0].count;
    page->left = margin + fmin(widest_label(p, fmin(14 * u, 0.78 * row)), 0.38 * width) + 13 * u;
    page->right -= 70 * u; /* of the longest bar's number */
    settle(&p->chart->x, ticks_in(page->right - page->left, 90 * u), &p->x, &p->min_x, &p->max_x);
    if (p->min_x < 0) page->left += 60 * u;
}

static void place_plot(hsd_chart_page *p) {
    hsd_map_page *page = &p->page;
    const double u = page->unit;
    settle(&p->chart->y, ticks_in(page->bottom - page->top, 64 * u), &p->y, &p->min_y, &p->max_y);
    page->left = hsd_page_margin(page) + widest_tick(p) + 10 * u;
    if (p->chart->square) {
        const double side = fmin(page->right - page->left, page->bottom - page->top);
        const double middle = (page->left + page->right) / 2;
        page->bottom = page->top + side;
        page->left = fmax(page->left, middle - side / 2);
        page->right = page->left + side;
    }
    const double each = (p->chart->square ? 64 : 80) * u;
    settle(&p->chart->x, ticks_in(page->right - page->left, each), &p->x, &p->min_x, &p->max_x);
}

static hsd_status draw_plot(hsd_chart_page *p, hsd_error *err) {
    const hsd_chart *c = p->chart;
    hsd_map_page *page = &p->page;
    const double u = page->unit;
    const bool ranked = is_ranked(c);
    page->top += (c->y_title && !ranked ? 44 : 14) * u;
    page->bottom = c->height - (60 + (c->x_title ? 62 : 34)) * u;
    page->right = c->width - hsd_page_margin(page) - 8 * u;
    page->left = hsd_page_margin(page);
    if (page->bottom - page->top < 40 * u || page->right - page->left < 80 * u)
        return hsd_fail(
            err, HSD_E_ARGUMENT,
            "chart of %u x %u pixels: no room left for the plot under its title and legend",
            c->width, c->height);
    find_ranges(p);
    if (ranked)
        place_ranked(p);
    else
        place_plot(p);
    x_axis(p, ranked || c->square);
    if (!ranked) y_axis(p);
    cairo_save(page->cairo);
    if (!ranked) { /* dots and strokes may stand over the border */
        cairo_rectangle(page->cairo, page->left - 4 * u, page->top - 4 * u,
                        page->right - page->left + 8 * u, page->bottom - page->top + 8 * u);
        cairo_clip(page->cairo);
    }
    for (size_t i = 0; i < c->series.count; i++) hsd_chart_shape(p, &c->series.data[i]);
    cairo_restore(page->cairo);
    if (ranked)
        rule(p, hsd_chart_x(p, 0), page->top, hsd_chart_x(p, 0), page->bottom, true);
    else
        rule(p, page->left, hsd_chart_y(p, fmax(p->min_y, 0)), page->right,
             hsd_chart_y(p, fmax(p->min_y, 0)), true);
    return HSD_OK;
}

hsd_status hsd_chart_draw(const void *content, cairo_t *cairo, hsd_error *err) {
    const hsd_chart *c = content;
    hsd_fonts *fonts = NULL;
    hsd_status status = hsd_fonts_create(&fonts, err);
    if (status != HSD_OK) return status;
    const hsd_sheet sheet = {.width = c->width,
                             .height = c->height,
                             .title = c->title,
                             .subtitle = c->subtitle,
                             .footer = c->footer};
    hsd_chart_page p = {.chart = c,
                        .page = {.sheet = &sheet,
                                 .cairo = cairo,
                                 .fonts = fonts,
                                 .theme = hsd_page_theme(false),
                                 .unit = fmin(c->width / 1200.0, c->height / 400.0)}};
    const double u = p.page.unit;
    hsd_page_colour(cairo, p.page.theme.page);
    cairo_paint(cairo);
    p.page.top = legend(&p, hsd_page_head(&p.page, 28 * u));
    status = draw_plot(&p, err);
    hsd_page_footer(&p.page, c->width - hsd_page_margin(&p.page), c->height - 24 * u);
    /* the context holds the last font it used; let go before the fonts do */
    cairo_set_font_face(cairo, NULL);
    hsd_fonts_destroy(fonts);
    return status;
}

static void add_words(hsd_text *out, const char *words) {
    if (words) hsd_text_addf(out, "%s%s", out->length ? "; " : "", words);
}

void hsd_chart_describe(const void *content, hsd_text *out) {
    const hsd_chart *c = content;
    add_words(out, c->subtitle);
    for (size_t i = 0; i < c->series.count; i++) {
        const hsd_chart_series *s = &c->series.data[i];
        add_words(out, s->legend);
        for (size_t k = 0; s->labels && k < s->count; k++) add_words(out, s->labels[k]);
    }
    add_words(out, c->x_title);
    add_words(out, c->y_title);
    add_words(out, c->footer);
}
