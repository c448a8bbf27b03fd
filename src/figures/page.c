/* One page: head, maps in columns of equal width, foot. The maps are drawn in one Lambert azimuthal
 * equal-area frame centred on what they show, as large as the room allows. O(points + labels^2). */
#include <math.h>

#include "figures/map.h"

typedef struct box {
    double min_x, min_y, max_x, max_y;
} box;

static const box nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static void widen(box *b, double x, double y) {
    if (x < b->min_x) b->min_x = x;
    if (x > b->max_x) b->max_x = x;
    if (y < b->min_y) b->min_y = y;
    if (y > b->max_y) b->max_y = y;
}

/* What is shown, in degrees. */
static box degrees_of(const hsd_sheet *sheet) {
    box b = nothing;
    const hsd_map *first = sheet->maps[0];
    if (first->framed) return (box){first->min_lon, first->min_lat, first->max_lon, first->max_lat};
    for (size_t m = 0; m < sheet->count; m++)
        for (size_t i = 0; i < sheet->maps[m]->items.count; i++) {
            const hsd_geometry *geometry = &sheet->maps[m]->items.data[i].geometry;
            for (size_t k = 0; k < geometry->point_count; k++)
                widen(&b, geometry->points[k].lon, geometry->points[k].lat);
        }
    return b;
}

static void widen_metres(const hsd_map_page *page, hsd_lonlat at, box *b) {
    double x, y;
    hsd_frame_forward(page->frame, at.lon, at.lat, &x, &y);
    widen(b, x, y);
}

/* The outline of a box of degrees, in metres of the frame. */
static box metres_of_frame(const hsd_map_page *page, box degrees) {
    enum { STEPS = 32 };
    box b = nothing;
    for (int i = 0; i <= STEPS; i++) {
        double t = (double)i / STEPS;
        double lon = degrees.min_x + t * (degrees.max_x - degrees.min_x);
        double lat = degrees.min_y + t * (degrees.max_y - degrees.min_y);
        const hsd_lonlat sides[] = {
            {lon, degrees.min_y}, {lon, degrees.max_y}, {degrees.min_x, lat}, {degrees.max_x, lat}};
        for (int k = 0; k < 4; k++) widen_metres(page, sides[k], &b);
    }
    return b;
}

static box metres_of_points(const hsd_map_page *page) {
    box b = nothing;
    for (size_t m = 0; m < page->sheet->count; m++)
        for (size_t i = 0; i < page->sheet->maps[m]->items.count; i++) {
            const hsd_geometry *geometry = &page->sheet->maps[m]->items.data[i].geometry;
            for (size_t k = 0; k < geometry->point_count; k++)
                widen_metres(page, geometry->points[k], &b);
        }
    return b;
}

/* As large as fits, with a margin of 4 % where the data decide; a single point gets 2 km. */
static void fit(hsd_map_page *page, box degrees) {
    bool framed = page->sheet->maps[0]->framed;
    box b = framed ? metres_of_frame(page, degrees) : metres_of_points(page);
    double margin = framed ? 0 : 0.04;
    double width = fmax((b.max_x - b.min_x) * (1 + 2 * margin), 1);
    double height = fmax((b.max_y - b.min_y) * (1 + 2 * margin), 1);
    if (width < 10 && height < 10) width = height = 2000;
    page->centre_x_m = (b.min_x + b.max_x) / 2;
    page->centre_y_m = (b.min_y + b.max_y) / 2;
    page->scale = fmin((page->right - page->left) / width, (page->bottom - page->top) / height);
}

hsd_map_theme hsd_page_theme(bool dark) {
    static const hsd_map_theme light = {.page = 0xFFFFFFFF,
                                        .land = 0xF4F2EDFF,
                                        .text = 0x22262BFF,
                                        .faint = 0x6A6F76FF,
                                        .halo = 0xFFFFFFDD};
    static const hsd_map_theme night = {.page = 0x14171CFF,
                                        .land = 0x20252CFF,
                                        .text = 0xECEEF0FF,
                                        .faint = 0x9AA1A9FF,
                                        .halo = 0x14171CDD};
    return dark ? night : light;
}

static hsd_status draw_map(hsd_map_page *page, hsd_error *err) {
    cairo_t *cairo = page->cairo;
    cairo_save(cairo);
    cairo_rectangle(cairo, page->left, page->top, page->right - page->left,
                    page->bottom - page->top);
    hsd_page_colour(cairo, page->theme.land);
    cairo_fill_preserve(cairo);
    cairo_clip(cairo);
    for (size_t i = 0; i < page->map->items.count; i++)
        hsd_page_shape(page, &page->map->items.data[i]);
    hsd_status status = hsd_page_labels(page, err);
    cairo_restore(cairo);
    return status;
}

/* The columns are equally wide: the same extent is then at the same scale. */
static void choose_column(hsd_map_page *page, size_t column) {
    double margin = hsd_page_margin(page), gap = 20 * page->unit;
    double count = (double)page->sheet->count;
    double width = (page->sheet->width - 2 * margin - (count - 1) * gap) / count;
    page->map = page->sheet->maps[column];
    page->left = margin + (double)column * (width + gap);
    page->right = page->left + width;
}

/* All maps begin below the tallest of their own heads. */
static void draw_heads(hsd_map_page *page) {
    double top = hsd_page_head(page, 28 * page->unit);
    page->top = top;
    for (size_t i = 0; page->sheet->own_titles && i < page->sheet->count; i++) {
        choose_column(page, i);
        page->top = fmax(page->top, hsd_page_own_head(page, top));
    }
    page->bottom = page->sheet->height - hsd_page_foot_height(page);
}

static hsd_status draw_with(hsd_map_page *page, hsd_error *err) {
    const hsd_sheet *sheet = page->sheet;
    box degrees = degrees_of(sheet);
    if (degrees.min_x > degrees.max_x) return hsd_fail(err, HSD_E_ARGUMENT, "map: nothing to draw");
    hsd_status status = hsd_frame_create((degrees.min_x + degrees.max_x) / 2,
                                         (degrees.min_y + degrees.max_y) / 2, &page->frame, err);
    if (status != HSD_OK) return status;
    hsd_page_colour(page->cairo, page->theme.page);
    cairo_paint(page->cairo);
    draw_heads(page);
    choose_column(page, 0);
    if (page->bottom - page->top < 20 || page->right - page->left < 20)
        return hsd_fail(
            err, HSD_E_ARGUMENT,
            "map of %u x %u pixels: no room left for the map under its title and legend",
            sheet->width, sheet->height);
    fit(page, degrees);
    for (size_t i = 0; status == HSD_OK && i < sheet->count; i++) {
        choose_column(page, i);
        status = draw_map(page, err);
    }
    hsd_page_foot(page, sheet->height);
    return status;
}

/* Text and lines grow with the page; a narrow or a flat one goes by its mean, within reason. */
static double unit_of(double across, double down) {
    return fmin(sqrt(across * down), 1.3 * fmin(across, down));
}

hsd_status hsd_page_draw(const hsd_sheet *sheet, cairo_t *cairo, hsd_error *err) {
    hsd_fonts *fonts = NULL;
    hsd_status status = hsd_fonts_create(&fonts, err);
    if (status != HSD_OK) return status;
    hsd_map_page page = {.sheet = sheet,
                         .cairo = cairo,
                         .fonts = fonts,
                         .theme = hsd_page_theme(sheet->maps[0]->dark),
                         .unit = unit_of(sheet->width / 1200.0, sheet->height / 900.0)};
    status = draw_with(&page, err);
    hsd_frame_destroy(page.frame);
    /* the context holds the last font it used; let go before the fonts do */
    cairo_set_font_face(cairo, NULL);
    hsd_fonts_destroy(fonts);
    return status;
}
