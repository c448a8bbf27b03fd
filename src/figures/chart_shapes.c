/* Series of a chart as cairo paths: lines, steps, dots, bars; samples for the legend. O(points). */
#include <math.h>
#include <stdio.h>

#include "figures/chart.h"

static void set_stroke(const hsd_chart_page *p, const hsd_chart_style *style) {
    cairo_t *cairo = p->page.cairo;
    const double u = p->page.unit, dash[] = {7 * u, 4 * u};
    hsd_page_colour(cairo, style->rgba);
    cairo_set_line_width(cairo, style->line_px * u);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_join(cairo, style->steps ? CAIRO_LINE_JOIN_MITER : CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, dash, style->dashed ? 2 : 0, 0);
}

static void draw_dot(const hsd_chart_page *p, double x, double y, double px) {
    cairo_new_sub_path(p->page.cairo);
    cairo_arc(p->page.cairo, x, y, px * p->page.unit / 2, 0, 2 * acos(-1));
}

static void draw_line(const hsd_chart_page *p, const hsd_chart_series *s) {
    cairo_t *cairo = p->page.cairo;
    cairo_new_path(cairo);
    for (size_t i = 0; i < s->count && s->style.line_px > 0; i++) {
        const double x = hsd_chart_x(p, s->points[i].x), y = hsd_chart_y(p, s->points[i].y);
        if (i && s->style.steps) cairo_line_to(cairo, x, hsd_chart_y(p, s->points[i - 1].y));
        cairo_line_to(cairo, x, y);
    }
    set_stroke(p, &s->style);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
    for (size_t i = 0; i < s->count && s->style.point_px > 0; i++)
        draw_dot(p, hsd_chart_x(p, s->points[i].x), hsd_chart_y(p, s->points[i].y),
                 s->style.point_px);
    cairo_fill(cairo);
}

/* Filled side by side with a hair between, or one outline over all of them. */
static void draw_bars(const hsd_chart_page *p, const hsd_chart_series *s) {
    cairo_t *cairo = p->page.cairo;
    const double zero = hsd_chart_y(p, 0), hair = p->page.unit;
    const bool outline = s->style.line_px > 0;
    cairo_new_path(cairo);
    for (size_t i = 0; i < s->count; i++) {
        const double left = hsd_chart_x(p, s->points[i].x),
                     right = hsd_chart_x(p, s->points[i + 1].x),
                     top = hsd_chart_y(p, s->points[i].y);
        if (outline) {
            if (i == 0) cairo_move_to(cairo, left, zero);
            cairo_line_to(cairo, left, top);
            cairo_line_to(cairo, right, top);
            if (i + 1 == s->count) cairo_line_to(cairo, right, zero);
        } else if (s->points[i].y > 0) {
            cairo_rectangle(cairo, left + hair / 2, top, fmax(right - left - hair, hair / 2),
                            zero - top);
        }
    }
    set_stroke(p, &s->style);
    if (outline)
        cairo_stroke(cairo);
    else
        cairo_fill(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
}

/* ---- Ranked bars ---- */

static const char *value_text(double value, char *buffer, size_t size) {
    const double large = fabs(value);
    const int decimals = large >= 1000 || value == floor(value) ? 0
                         : large >= 100                         ? 1
                         : large >= 1                           ? 2
                                                                : 4;
    if (large >= 1e12 || (large > 0 && large < 1e-3))
        snprintf(buffer, size, "%.3g", value);
    else
        snprintf(buffer, size, "%.*f", decimals, value);
    return buffer;
}

static void draw_ranked(const hsd_chart_page *p, const hsd_chart_series *s) {
    const hsd_map_page *page = &p->page;
    const double row = (page->bottom - page->top) / (double)s->count,
                 size = fmin(14 * page->unit, 0.78 * row), high = 0.7 * row,
                 zero = hsd_chart_x(p, 0), gap = 6 * page->unit,
                 room = page->left - hsd_page_margin(page) - 2 * gap;
    for (size_t i = 0; i < s->count; i++) {
        const double end = hsd_chart_x(p, s->points[i].y),
                     middle = page->top + ((double)i + 0.5) * row, base = middle + 0.35 * size;
        char fitted[256], number[48];
        cairo_new_path(page->cairo);
        cairo_rectangle(page->cairo, fmin(zero, end), middle - high / 2, fabs(end - zero), high);
        hsd_page_colour(page->cairo, s->style.rgba);
        cairo_fill(page->cairo);
        const double fit = hsd_font_fit(page->fonts, page->cairo, s->labels[i], HSD_WEIGHT_REGULAR,
                                        size, room, fitted, sizeof fitted);
        double width = hsd_font_width(page->fonts, page->cairo, fitted, HSD_WEIGHT_REGULAR, fit);
        hsd_font_draw(page->fonts, page->cairo, fitted, HSD_WEIGHT_REGULAR, fit,
                      page->left - gap - width, base, page->theme.text, 0, 0);
        value_text(s->points[i].y, number, sizeof number);
        width = hsd_font_width(page->fonts, page->cairo, number, HSD_WEIGHT_REGULAR, 0.9 * size);
        hsd_font_draw(page->fonts, page->cairo, number, HSD_WEIGHT_REGULAR, 0.9 * size,
                      s->points[i].y < 0 ? end - gap - width : end + gap, base, page->theme.faint,
                      0, 0);
    }
}

void hsd_chart_shape(const hsd_chart_page *p, const hsd_chart_series *s) {
    if (s->count == 0) return;
    if (s->kind == HSD_CHART_LINE) draw_line(p, s);
    if (s->kind == HSD_CHART_BARS) draw_bars(p, s);
    if (s->kind == HSD_CHART_RANK) draw_ranked(p, s);
}

double hsd_chart_swatch(const hsd_chart_page *p, const hsd_chart_series *s, double x, double y) {
    cairo_t *cairo = p->page.cairo;
    const double u = p->page.unit, width = 26 * u, middle = y + 7 * u;
    cairo_new_path(cairo);
    set_stroke(p, &s->style);
    if (s->kind == HSD_CHART_LINE && s->style.line_px > 0) {
        cairo_move_to(cairo, x, middle);
        cairo_line_to(cairo, x + width, middle);
        cairo_stroke(cairo);
    } else if (s->kind != HSD_CHART_LINE) {
        cairo_rectangle(cairo, x, y, width, 14 * u);
        if (s->style.line_px > 0)
            cairo_stroke(cairo);
        else
            cairo_fill(cairo);
    }
    cairo_set_dash(cairo, NULL, 0, 0);
    if (s->kind == HSD_CHART_LINE && s->style.point_px > 0) {
        draw_dot(p, x + width / 2, middle, s->style.point_px);
        cairo_fill(cairo);
    }
    return width;
}
