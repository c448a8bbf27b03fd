/* Geometries as cairo paths. Points closer than a fifth of a pixel to the one before are left out:
 * they cannot be seen and make SVG files heavy. O(points). */
#include <math.h>

#include "figures/map.h"

hsd_lonlat hsd_page_place(const hsd_map_page *page, hsd_lonlat position) {
    double x, y;
    hsd_frame_forward(page->frame, position.lon, position.lat, &x, &y);
    double px = (page->left + page->right) / 2 + (x - page->centre_x_m) * page->scale;
    double py = (page->top + page->bottom) / 2 - (y - page->centre_y_m) * page->scale;
    static const double limit = 1e6; /* cairo holds 2^23 */
    if (!(px >= -limit)) px = -limit;
    if (!(py >= -limit)) py = -limit;
    return (hsd_lonlat){fmin(px, limit), fmin(py, limit)};
}

static void add_ring(const hsd_map_page *page, const hsd_lonlat *points, size_t count,
                     bool closed) {
    hsd_lonlat last = {0, 0};
    for (size_t i = 0; i < count; i++) {
        hsd_lonlat here = hsd_page_place(page, points[i]);
        if (i == 0) {
            cairo_move_to(page->cairo, here.lon, here.lat);
        } else {
            bool close = fabs(here.lon - last.lon) < 0.2 && fabs(here.lat - last.lat) < 0.2;
            if (close && i + 1 < count) continue;
            cairo_line_to(page->cairo, here.lon, here.lat);
        }
        last = here;
    }
    if (closed) cairo_close_path(page->cairo);
}

static void add_rings(const hsd_map_page *page, const hsd_geometry *geometry) {
    size_t begin = 0;
    for (size_t r = 0; r < geometry->ring_count; r++) {
        add_ring(page, geometry->points + begin, geometry->ring_end[r] - begin,
                 geometry->type == HSD_GEOMETRY_POLYGON);
        begin = geometry->ring_end[r];
    }
}

/* Paints the path that stands, and forgets it. */
static void paint(const hsd_map_page *page, const hsd_map_style *style, bool area) {
    cairo_t *cairo = page->cairo;
    if (area && (style->fill_rgba & 255)) {
        hsd_page_colour(cairo, style->fill_rgba);
        cairo_fill_preserve(cairo);
    }
    if ((style->line_rgba & 255) && style->line_px > 0) {
        hsd_page_colour(cairo, style->line_rgba);
        cairo_set_line_width(cairo, style->line_px * page->unit);
        cairo_stroke_preserve(cairo);
    }
    cairo_new_path(cairo);
}

static void add_dot(const hsd_map_page *page, double x, double y, double diameter) {
    cairo_new_sub_path(page->cairo);
    cairo_arc(page->cairo, x, y, diameter / 2, 0, 2 * M_PI);
    cairo_close_path(page->cairo);
}

void hsd_page_shape(const hsd_map_page *page, const hsd_map_item *item) {
    cairo_t *cairo = page->cairo;
    cairo_new_path(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
    if (item->geometry.type == HSD_GEOMETRY_POINT) {
        double size = (item->style.point_px > 0 ? item->style.point_px : 8) * page->unit;
        for (size_t i = 0; i < item->geometry.point_count; i++) {
            hsd_lonlat here = hsd_page_place(page, item->geometry.points[i]);
            add_dot(page, here.lon, here.lat, size);
            paint(page, &item->style, true);
        }
        return;
    }
    add_rings(page, &item->geometry);
    paint(page, &item->style, item->geometry.type == HSD_GEOMETRY_POLYGON);
}

void hsd_page_swatch(const hsd_map_page *page, const hsd_map_item *item, double x, double y,
                     double width, double height) {
    cairo_t *cairo = page->cairo;
    cairo_new_path(cairo);
    if (item->geometry.type == HSD_GEOMETRY_POINT) {
        double size = (item->style.point_px > 0 ? item->style.point_px : 8) * page->unit;
        add_dot(page, x + width / 2, y + height / 2, fmin(size, height));
    } else if (item->geometry.type == HSD_GEOMETRY_LINE) {
        cairo_move_to(cairo, x, y + height / 2);
        cairo_line_to(cairo, x + width, y + height / 2);
    } else {
        cairo_rectangle(cairo, x, y, width, height);
    }
    hsd_map_style style = item->style;
    if (item->geometry.type == HSD_GEOMETRY_LINE) /* a hairline shows no colour */
        style.line_px = fmax(style.line_px, 2.2);
    paint(page, &style, item->geometry.type != HSD_GEOMETRY_LINE);
}
