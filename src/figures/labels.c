/* Labels with a halo, placed greedily: dots first, then areas and lines, each in the order they
 * were added (earlier is more important). Round a dot the first of twelve places that is free of
 * other labels, of dots and of the map's edge; in an area about the centroid of its largest part,
 * or a point inside, and never with its middle in a neighbour's; on a line at the middle of its
 * longest part. A label that finds no place is left out. O(labels^2). */
#include <math.h>
#include <string.h>

#include "figures/map.h"
#include "geo/geometry.h"

typedef struct box {
    double left, top, right, bottom;
} box;

typedef struct placing {
    const hsd_map_page *page;
    HSD_ARRAY(box) taken;
    double size;
} placing;

static bool meets(box a, box b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static bool is_free(const placing *p, box wanted) {
    const hsd_map_page *page = p->page;
    if (wanted.left < page->left || wanted.right > page->right || wanted.top < page->top ||
        wanted.bottom > page->bottom)
        return false;
    for (size_t i = 0; i < p->taken.count; i++)
        if (meets(wanted, p->taken.data[i])) return false;
    return true;
}

static bool is_inside(const hsd_map_page *page, hsd_lonlat at) {
    return at.lon >= page->left && at.lon <= page->right && at.lat >= page->top &&
           at.lat <= page->bottom;
}

static hsd_status draw_at(placing *p, const char *text, box where, hsd_error *err) {
    const hsd_map_page *page = p->page;
    if (!hsd_array_push(&p->taken, where, err)) return HSD_E_MEMORY;
    hsd_font_draw(page->fonts, page->cairo, text, HSD_WEIGHT_REGULAR, p->size, where.left,
                  where.bottom - 0.25 * p->size, page->theme.text, 3.2 * page->unit,
                  page->theme.halo);
    return HSD_OK;
}

static hsd_status label_dot(placing *p, const hsd_map_item *item, hsd_error *err) {
    const hsd_map_page *page = p->page;
    hsd_lonlat at = hsd_page_place(page, item->geometry.points[0]);
    if (!is_inside(page, at)) return HSD_OK;
    double dot = (item->style.point_px > 0 ? item->style.point_px : 8) * page->unit / 2;
    double gap = dot + 3.5 * page->unit, tight = 0.6 * dot + 3 * page->unit;
    double width =
        hsd_font_width(page->fonts, page->cairo, item->label, HSD_WEIGHT_REGULAR, p->size);
    double height = 1.15 * p->size;
    /* where the label's left upper corner goes: right, upper right, lower right, the same on the
     * left, above, below; then a line higher or lower, past a neighbour's label */
    const double dx[] = {
        gap,        tight,      tight, -gap - width, -tight - width, -tight - width,
        -width / 2, -width / 2, tight, tight,        -tight - width, -tight - width};
    const double dy[] = {-height / 2,         -height - tight / 2, tight / 2,      -height / 2,
                         -height - tight / 2, tight / 2,           -height - gap,  gap,
                         -1.55 * height,      0.55 * height,       -1.55 * height, 0.55 * height};
    for (size_t i = 0; i < sizeof dx / sizeof *dx; i++) {
        box wanted = {at.lon + dx[i], at.lat + dy[i], at.lon + dx[i] + width,
                      at.lat + dy[i] + height};
        if (is_free(p, wanted)) return draw_at(p, item->label, wanted, err);
    }
    return HSD_OK;
}

/* Whether a place of the page is inside an area of one ring, by even-odd counting. */
static bool covers(const hsd_map_page *page, const hsd_geometry *area, double x, double y) {
    bool inside = false;
    for (size_t i = 1; i < area->point_count; i++) {
        const hsd_lonlat a = hsd_page_place(page, area->points[i - 1]);
        const hsd_lonlat b = hsd_page_place(page, area->points[i]);
        if ((a.lat > y) != (b.lat > y) &&
            x < a.lon + (y - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
            inside = !inside;
    }
    return inside;
}

/* area: where the middle of the label must stay; NULL: anywhere near. */
static hsd_status label_centred(placing *p, const char *text, hsd_lonlat position,
                                const hsd_geometry *area, hsd_error *err) {
    const hsd_map_page *page = p->page;
    hsd_lonlat at = hsd_page_place(page, position);
    double width = hsd_font_width(page->fonts, page->cairo, text, HSD_WEIGHT_REGULAR, p->size);
    double height = 1.15 * p->size;
    static const double shifts[] = {0, -1, 1, -2, 2};
    for (int i = 0; i < 5; i++) {
        double top = at.lat - height / 2 + shifts[i] * height;
        box wanted = {at.lon - width / 2, top, at.lon + width / 2, top + height};
        if (i && area && !covers(page, area, at.lon, top + height / 2)) continue;
        if (is_free(p, wanted)) return draw_at(p, text, wanted, err);
    }
    return HSD_OK;
}

/* Of a polygon geometry the part with the greatest area, as a view of its first ring's points. */
static hsd_geometry largest_part(const hsd_geometry *all, size_t ring_ends[1],
                                 size_t polygon_ends[1]) {
    hsd_geometry best = {0};
    double best_area = -1;
    size_t ring = 0;
    for (size_t part = 0; part < all->polygon_count; part++) {
        size_t begin = ring ? all->ring_end[ring - 1] : 0;
        size_t count = all->ring_end[ring] - begin, one_ring = count, one = 1;
        hsd_geometry outer = {.type = HSD_GEOMETRY_POLYGON,
                              .point_count = count,
                              .ring_count = 1,
                              .polygon_count = 1,
                              .points = all->points + begin,
                              .ring_end = &one_ring,
                              .polygon_end = &one};
        double area = hsd_geometry_area_m2(&outer);
        if (area > best_area) {
            best_area = area;
            best = outer;
            ring_ends[0] = count;
            polygon_ends[0] = 1;
        }
        ring = all->polygon_end[part];
    }
    best.ring_end = ring_ends;
    best.polygon_end = polygon_ends;
    return best;
}

static hsd_status label_area(placing *p, const hsd_map_item *item, hsd_error *err) {
    size_t ring_ends[1], polygon_ends[1];
    hsd_geometry part = largest_part(&item->geometry, ring_ends, polygon_ends);
    hsd_lonlat inside;
    if (part.point_count < 4) return HSD_OK;
    hsd_error why = {HSD_OK, ""};
    const hsd_status found = hsd_geometry_point(&part, &inside, &why);
    if (found == HSD_E_MEMORY) return hsd_fail(err, HSD_E_MEMORY, "%s", why.message);
    /* an area too broken for a point inside gets no label, the map is drawn all the same */
    if (found != HSD_OK) return HSD_OK;
    return label_centred(p, item->label, inside, &part, err);
}

static hsd_status label_line(placing *p, const hsd_map_item *item, hsd_error *err) {
    const hsd_geometry *line = &item->geometry;
    size_t begin = 0, best_begin = 0, best_count = 0;
    for (size_t r = 0; r < line->ring_count; r++) {
        if (line->ring_end[r] - begin > best_count) {
            best_begin = begin;
            best_count = line->ring_end[r] - begin;
        }
        begin = line->ring_end[r];
    }
    if (best_count == 0) return HSD_OK;
    hsd_lonlat a = line->points[best_begin + (best_count - 1) / 2];
    hsd_lonlat b = line->points[best_begin + best_count / 2];
    return label_centred(p, item->label, (hsd_lonlat){(a.lon + b.lon) / 2, (a.lat + b.lat) / 2},
                         NULL, err);
}

/* Labels keep off every dot that is labelled, whoever's it is. */
static hsd_status take_dots(placing *p, hsd_error *err) {
    const hsd_map *map = p->page->map;
    for (size_t i = 0; i < map->items.count; i++) {
        const hsd_map_item *item = &map->items.data[i];
        if (!item->label || item->geometry.type != HSD_GEOMETRY_POINT) continue;
        double half = (item->style.point_px > 0 ? item->style.point_px : 8) * p->page->unit / 2;
        for (size_t k = 0; k < item->geometry.point_count; k++) {
            hsd_lonlat at = hsd_page_place(p->page, item->geometry.points[k]);
            box dot = {at.lon - half, at.lat - half, at.lon + half, at.lat + half};
            if (is_inside(p->page, at) && !hsd_array_push(&p->taken, dot, err)) return HSD_E_MEMORY;
        }
    }
    return HSD_OK;
}

hsd_status hsd_page_labels(const hsd_map_page *page, hsd_error *err) {
    placing p = {.page = page, .size = 14.5 * page->unit};
    hsd_status status = take_dots(&p, err);
    for (size_t i = 0; status == HSD_OK && i < page->map->items.count; i++) {
        const hsd_map_item *item = &page->map->items.data[i];
        if (item->label && item->geometry.point_count && item->geometry.type == HSD_GEOMETRY_POINT)
            status = label_dot(&p, item, err);
    }
    for (size_t i = 0; status == HSD_OK && i < page->map->items.count; i++) {
        const hsd_map_item *item = &page->map->items.data[i];
        if (!item->label || item->geometry.point_count == 0) continue;
        if (item->geometry.type == HSD_GEOMETRY_POLYGON) status = label_area(&p, item, err);
        if (item->geometry.type == HSD_GEOMETRY_LINE) status = label_line(&p, item, err);
    }
    hsd_array_finish(&p.taken);
    return status;
}
