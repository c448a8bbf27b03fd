/* Title, subtitle and legend above the map, footer, scale bar and north arrow below it: nothing
 * lies over the map. O(items). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures/map.h"

double hsd_page_margin(const hsd_map_page *page) {
    return 36 * page->unit;
}

static double line_of_text(const hsd_map_page *page, const char *text, hsd_weight weight,
                           double size, double x, double room, double y) {
    char fitted[512];
    size = hsd_font_fit(page->fonts, page->cairo, text, weight, size, room, fitted, sizeof fitted);
    hsd_font_draw(page->fonts, page->cairo, fitted, weight, size, x, y + size,
                  weight == HSD_WEIGHT_BOLD ? page->theme.text : page->theme.faint, 0, 0);
    return y + size;
}

/* A title and a subtitle, either may be missing; returns the y below them. */
static double titles(const hsd_map_page *page, const char *title, const char *subtitle, double size,
                     double x, double room, double y) {
    if (title) y = line_of_text(page, title, HSD_WEIGHT_BOLD, size, x, room, y);
    if (!subtitle) return y;
    return line_of_text(page, subtitle, HSD_WEIGHT_REGULAR, 0.57 * size, x, room,
                        title ? y + 0.41 * size : y);
}

/* ---- Legend ------------------------------------------------------------------------------------
 */

enum { LEGEND_ENTRIES = 40 };

static bool is_told(const hsd_map_item *const *entries, size_t count, const char *legend) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i]->legend, legend) == 0) return true;
    return false;
}

/* The same entry may come with many items, and with many maps: each once. */
static size_t gather_entries(const hsd_sheet *sheet, const hsd_map_item *entries[LEGEND_ENTRIES]) {
    size_t count = 0;
    for (size_t m = 0; m < sheet->count; m++)
        for (size_t i = 0; i < sheet->maps[m]->items.count && count < LEGEND_ENTRIES; i++) {
            const hsd_map_item *item = &sheet->maps[m]->items.data[i];
            if (item->legend && !is_told(entries, count, item->legend)) entries[count++] = item;
        }
    return count;
}

static bool leading_number(const hsd_map_item *item, double *number) {
    char *end;
    *number = strtod(item->legend, &end);
    return end != item->legend && isfinite(*number);
}

/* Entries that begin with a number come first, ascending (15 min, 30 min ...: pieces are drawn in
 * no order a reader knows); the rest keep the order of drawing. */
static void sort_entries(const hsd_map_item **entries, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const hsd_map_item *item = entries[i];
        double number, other;
        size_t k = i;
        for (; k > 0 && leading_number(item, &number); k--) {
            if (leading_number(entries[k - 1], &other) && other <= number) break;
            entries[k] = entries[k - 1];
        }
        entries[k] = item;
    }
}

static double legend(const hsd_map_page *page, double y) {
    const hsd_map_item *entries[LEGEND_ENTRIES];
    size_t count = gather_entries(page->sheet, entries);
    if (count == 0) return y;
    sort_entries(entries, count);
    double u = page->unit, size = 14 * u, left = hsd_page_margin(page), x = left;
    y += 16 * u;
    for (size_t i = 0; i < count; i++) {
        const hsd_map_item *item = entries[i];
        double swatch = item->geometry.type == HSD_GEOMETRY_POINT ? 14 * u : 24 * u;
        double width =
            hsd_font_width(page->fonts, page->cairo, item->legend, HSD_WEIGHT_REGULAR, size);
        if (x > left && x + swatch + 8 * u + width > page->sheet->width - left) {
            x = left;
            y += 23 * u;
        }
        hsd_page_swatch(page, item, x, y, swatch, 14 * u);
        hsd_font_draw(page->fonts, page->cairo, item->legend, HSD_WEIGHT_REGULAR, size,
                      x + swatch + 8 * u, y + 12 * u, page->theme.text, 0, 0);
        x += swatch + 8 * u + width + 24 * u;
    }
    return y + 14 * u;
}

void hsd_page_describe(const void *content, hsd_text *out) {
    const hsd_sheet *sheet = content;
    const hsd_map_item *entries[LEGEND_ENTRIES];
    size_t count = gather_entries(sheet, entries);
    sort_entries(entries, count);
    if (sheet->subtitle) hsd_text_add(out, sheet->subtitle);
    for (size_t i = 0; i < count; i++)
        hsd_text_addf(out, "%s%s", out->length ? "; " : "", entries[i]->legend);
    if (sheet->footer) hsd_text_addf(out, "%s%s", out->length ? "; " : "", sheet->footer);
}

double hsd_page_head(const hsd_map_page *page, double top) {
    const hsd_sheet *sheet = page->sheet;
    double left = hsd_page_margin(page);
    double y = titles(page, sheet->title, sheet->subtitle, 29 * page->unit, left,
                      sheet->width - 2 * left, top);
    y = legend(page, y);
    return y > top ? y + 18 * page->unit : y;
}

double hsd_page_own_head(const hsd_map_page *page, double top) {
    double y = titles(page, page->map->title, page->map->subtitle, 21 * page->unit, page->left,
                      page->right - page->left, top);
    return y > top ? y + 10 * page->unit : y;
}

/* ---- Scale bar and north arrow -----------------------------------------------------------------
 */

/* The longest of 1, 2, 5 x 10^k metres that is at most `room` pixels. */
static double round_length_m(double scale, double room) {
    double most = room / scale, length = pow(10, floor(log10(most)));
    return most >= 5 * length ? 5 * length : most >= 2 * length ? 2 * length : length;
}

static void scale_bar(const hsd_map_page *page, double right, double base) {
    cairo_t *cairo = page->cairo;
    double u = page->unit, length_m = round_length_m(page->scale, 170 * u);
    double length = length_m * page->scale, left = right - length;
    char text[32];
    if (length_m >= 1000)
        snprintf(text, sizeof text, "%.0f km", length_m / 1000);
    else
        snprintf(text, sizeof text, length_m >= 1 ? "%.0f m" : "%g m", length_m);
    hsd_page_colour(cairo, page->theme.text);
    cairo_set_line_width(cairo, 1.4 * u);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_MITER);
    cairo_new_path(cairo);
    cairo_move_to(cairo, left, base - 6 * u);
    cairo_line_to(cairo, left, base);
    cairo_line_to(cairo, right, base);
    cairo_line_to(cairo, right, base - 6 * u);
    cairo_move_to(cairo, (left + right) / 2, base - 4 * u);
    cairo_line_to(cairo, (left + right) / 2, base);
    cairo_stroke(cairo);
    double width = hsd_font_width(page->fonts, cairo, text, HSD_WEIGHT_REGULAR, 13 * u);
    hsd_font_draw(page->fonts, cairo, text, HSD_WEIGHT_REGULAR, 13 * u,
                  (left + right) / 2 - width / 2, base - 10 * u, page->theme.text, 0, 0);
}

/* A slender arrowhead, one half filled, and the letter above it; 26 units high. */
static void north_arrow(const hsd_map_page *page, double x, double base) {
    cairo_t *cairo = page->cairo;
    double u = page->unit, top = base - 20 * u, half = 6 * u;
    cairo_new_path(cairo);
    cairo_move_to(cairo, x, top);
    cairo_line_to(cairo, x - half, base);
    cairo_line_to(cairo, x, base - 4.5 * u);
    cairo_close_path(cairo);
    hsd_page_colour(cairo, page->theme.text);
    cairo_fill(cairo);
    cairo_move_to(cairo, x, top);
    cairo_line_to(cairo, x + half, base);
    cairo_line_to(cairo, x, base - 4.5 * u);
    cairo_close_path(cairo);
    cairo_set_line_width(cairo, 1 * u);
    cairo_stroke(cairo);
    double width = hsd_font_width(page->fonts, cairo, "N", HSD_WEIGHT_BOLD, 11 * u);
    hsd_font_draw(page->fonts, cairo, "N", HSD_WEIGHT_BOLD, 11 * u, x - width / 2, top - 4 * u,
                  page->theme.text, 0, 0);
}

double hsd_page_foot_height(const hsd_map_page *page) {
    return 62 * page->unit;
}

void hsd_page_footer(const hsd_map_page *page, double right, double base) {
    const char *footer = page->sheet->footer;
    if (!footer) return;
    char fitted[512];
    double left = hsd_page_margin(page);
    double size = hsd_font_fit(page->fonts, page->cairo, footer, HSD_WEIGHT_REGULAR,
                               12.5 * page->unit, right - left, fitted, sizeof fitted);
    hsd_font_draw(page->fonts, page->cairo, fitted, HSD_WEIGHT_REGULAR, size, left, base,
                  page->theme.faint, 0, 0);
}

void hsd_page_foot(const hsd_map_page *page, double bottom) {
    double u = page->unit, right = page->sheet->width - hsd_page_margin(page);
    double base = bottom - 24 * u;
    scale_bar(page, right, base);
    double bar = round_length_m(page->scale, 170 * u) * page->scale;
    north_arrow(page, right - bar - 26 * u, base);
    hsd_page_footer(page, right - bar - 60 * u, base);
}
