/* Maps are kept as they are added and drawn when written: the frame and the legend depend on all of
 * it. O(points) memory. */
#include <math.h>
#include <string.h>

#include "figures/map.h"

static hsd_status copy_text(char **to, const char *from, hsd_error *err) {
    if (from && from[0] && !(*to = hsd_strdup(from, err))) return HSD_E_MEMORY;
    return HSD_OK;
}

hsd_status hsd_map_create(const hsd_map_options *options, hsd_map **out, hsd_error *err) {
    static const hsd_map_options none = {0};
    if (!options) options = &none;
    *out = NULL;
    uint32_t width = options->width_px ? options->width_px : 1200;
    uint32_t height = options->height_px ? options->height_px : 900;
    if (width < 160 || height < 120 || width > HSD_MAP_LIMIT_PX || height > HSD_MAP_LIMIT_PX)
        return hsd_fail(err, HSD_E_ARGUMENT, "map of %u x %u pixels: expected 160 x 120 to %d x %d",
                        width, height, HSD_MAP_LIMIT_PX, HSD_MAP_LIMIT_PX);
    hsd_map *map = hsd_calloc(1, sizeof *map, err);
    if (!map) return HSD_E_MEMORY;
    map->width = width;
    map->height = height;
    map->dark = options->dark;
    hsd_status status = copy_text(&map->title, options->title, err);
    if (status == HSD_OK) status = copy_text(&map->subtitle, options->subtitle, err);
    if (status == HSD_OK) status = copy_text(&map->footer, options->footer, err);
    if (status != HSD_OK) {
        hsd_map_destroy(map);
        return status;
    }
    *out = map;
    return HSD_OK;
}

static void finish_item(hsd_map_item *item) {
    hsd_geometry_finish(&item->geometry);
    hsd_free(item->legend);
    hsd_free(item->label);
}

void hsd_map_destroy(hsd_map *map) {
    if (!map) return;
    for (size_t i = 0; i < map->items.count; i++) finish_item(&map->items.data[i]);
    hsd_array_finish(&map->items);
    hsd_free(map->title);
    hsd_free(map->subtitle);
    hsd_free(map->footer);
    hsd_free(map);
}

static void *copy_array(const void *from, size_t count, size_t size, bool *ok, hsd_error *err) {
    if (!*ok || count == 0) return NULL;
    void *copy = hsd_alloc(count, size, err);
    if (copy)
        memcpy(copy, from, count * size);
    else
        *ok = false;
    return copy;
}

static bool copy_geometry(hsd_geometry *to, const hsd_geometry *from, hsd_error *err) {
    bool ok = true;
    *to = *from;
    to->points = copy_array(from->points, from->point_count, sizeof *from->points, &ok, err);
    bool rings = from->type == HSD_GEOMETRY_LINE || from->type == HSD_GEOMETRY_POLYGON;
    to->ring_count = rings ? from->ring_count : 0;
    to->ring_end = copy_array(from->ring_end, to->ring_count, sizeof *from->ring_end, &ok, err);
    to->polygon_count = from->type == HSD_GEOMETRY_POLYGON ? from->polygon_count : 0;
    to->polygon_end =
        copy_array(from->polygon_end, to->polygon_count, sizeof *from->polygon_end, &ok, err);
    return ok;
}

hsd_status hsd_map_add(hsd_map *map, const hsd_geometry *geometry, const hsd_map_style *style,
                       const char *label, hsd_error *err) {
    for (size_t i = 0; i < geometry->point_count; i++)
        if (!isfinite(geometry->points[i].lon) || !isfinite(geometry->points[i].lat))
            return hsd_fail(err, HSD_E_ARGUMENT, "map: point %zu is not finite", i);
    hsd_map_item item = {.style = *style};
    hsd_status status = copy_geometry(&item.geometry, geometry, err) ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = copy_text(&item.legend, style->legend, err);
    if (status == HSD_OK) status = copy_text(&item.label, label, err);
    item.style.legend = NULL; /* the copy counts */
    if (status == HSD_OK && !hsd_array_push(&map->items, item, err)) status = HSD_E_MEMORY;
    if (status != HSD_OK) finish_item(&item);
    return status;
}

void hsd_map_frame(hsd_map *map, double min_lon, double min_lat, double max_lon, double max_lat) {
    map->framed = isfinite(min_lon) && isfinite(min_lat) && isfinite(max_lon) &&
                  isfinite(max_lat) && min_lon < max_lon && min_lat < max_lat;
    map->min_lon = min_lon;
    map->min_lat = min_lat;
    map->max_lon = max_lon;
    map->max_lat = max_lat;
}
