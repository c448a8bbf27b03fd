/* A map in the making: what was added, kept in order. Shared by the files of this stage. */
#ifndef FIGURES_MAP_H
#define FIGURES_MAP_H

#include <cairo.h>

#include "base/text.h"
#include "figures/font.h"
#include "hourshed/figures.h"

enum { HSD_MAP_LIMIT_PX = 20000 }; /* of a picture, either way */

typedef struct hsd_map_item {
    hsd_geometry geometry;
    hsd_map_style style;
    char *legend, *label;
} hsd_map_item;

struct hsd_map {
    uint32_t width, height;
    char *title, *subtitle, *footer;
    bool dark, framed;
    double min_lon, min_lat, max_lon, max_lat; /* of the frame */
    HSD_ARRAY(hsd_map_item) items;
};

/* The colours of the page. */
typedef struct hsd_map_theme {
    uint32_t page, land, text, faint, halo;
} hsd_map_theme;

/* What one picture shows: a map under its own title, or several side by side under a common one. */
typedef struct hsd_sheet {
    const hsd_map *const *maps; /* the first says extent and colours */
    size_t count;
    uint32_t width, height;
    const char *title, *subtitle, *footer; /* NULL: none */
    bool own_titles;                       /* each map's title stands above it */
} hsd_sheet;

/* Where things stand on the page (pixels) and how degrees get there. */
typedef struct hsd_map_page {
    const hsd_sheet *sheet;
    const hsd_map *map; /* the one being drawn */
    cairo_t *cairo;
    const hsd_fonts *fonts;
    hsd_map_theme theme;
    double unit;                     /* 1 on a page of 1200 x 900 */
    double left, top, right, bottom; /* of the map being drawn */
    hsd_frame *frame;
    double scale; /* pixels a metre */
    double centre_x_m, centre_y_m;
} hsd_map_page;

static inline void hsd_page_colour(cairo_t *cairo, uint32_t rgba) {
    cairo_set_source_rgba(cairo, (rgba >> 24) / 255.0, (rgba >> 16 & 255) / 255.0,
                          (rgba >> 8 & 255) / 255.0, (rgba & 255) / 255.0);
}
/* Pixels of a position, kept within what cairo's fixed-point numbers hold. */
hsd_lonlat hsd_page_place(const hsd_map_page *page, hsd_lonlat position);

/* ---- page.c */
hsd_map_theme hsd_page_theme(bool dark);
hsd_status hsd_page_draw(const hsd_sheet *sheet, cairo_t *cairo, hsd_error *err);
/* ---- shapes.c */
void hsd_page_shape(const hsd_map_page *page, const hsd_map_item *item);
/* A sample of the item's symbol in the legend, in a box of the given size. */
void hsd_page_swatch(const hsd_map_page *page, const hsd_map_item *item, double x, double y,
                     double width, double height);
/* ---- labels.c */
hsd_status hsd_page_labels(const hsd_map_page *page, hsd_error *err);
/* ---- furniture.c: all that is not the map itself */
double hsd_page_margin(const hsd_map_page *page);
/* Title, subtitle and legend of the sheet; returns the y below them. */
double hsd_page_head(const hsd_map_page *page, double top);
/* What it says in words: subtitle, legend, footer of an hsd_sheet. */
void hsd_page_describe(const void *sheet, hsd_text *out);
/* The title and subtitle of the map being drawn, over it; returns the y below them. */
double hsd_page_own_head(const hsd_map_page *page, double top);
/* Footer, scale bar and north arrow, in the strip that ends at `bottom`. */
void hsd_page_foot(const hsd_map_page *page, double bottom);
double hsd_page_foot_height(const hsd_map_page *page);
/* The footer alone, from the margin to `right`, on the base line. */
void hsd_page_footer(const hsd_map_page *page, double right, double base);
#endif
