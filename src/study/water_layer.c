/* Layer water: what no last leg crosses, so that a map shows why a circle ends at a shore. Barrier
 * polygons that meet the network's extent, at the bottom of the project. O(points). */
#include <math.h>

#include "net/network.h"
#include "study/rows.h"
#include "study/water_layer.h"

/* Polygon p as a geometry of its own that borrows the points; ring_end is scratch for its rings. */
static hsd_geometry part_of(const hsd_geometry *all, size_t p, size_t *ring_end, size_t *one) {
    const size_t first_ring = p ? all->polygon_end[p - 1] : 0;
    const size_t first_point = first_ring ? all->ring_end[first_ring - 1] : 0;
    const size_t rings = all->polygon_end[p] - first_ring;
    for (size_t r = 0; r < rings; r++) ring_end[r] = all->ring_end[first_ring + r] - first_point;
    *one = rings;
    return (hsd_geometry){HSD_GEOMETRY_POLYGON,
                          ring_end[rings - 1],
                          rings,
                          1,
                          all->points + first_point,
                          ring_end,
                          one};
}

static bool meets(const hsd_geometry *polygon, hsd_box_e7 box) {
    double west = 180, east = -180, south = 90, north = -90;
    for (size_t i = 0; i < polygon->ring_end[0]; i++) {
        west = fmin(west, polygon->points[i].lon);
        east = fmax(east, polygon->points[i].lon);
        south = fmin(south, polygon->points[i].lat);
        north = fmax(north, polygon->points[i].lat);
    }
    return west * 1e7 <= box.max_lon_e7 && east * 1e7 >= box.min_lon_e7 &&
           south * 1e7 <= box.max_lat_e7 && north * 1e7 >= box.min_lat_e7;
}

hsd_status hsd_write_water(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    const hsd_geometry *all = run->request->barriers ? &run->own_barriers : run->network->barriers;
    if (!all || all->polygon_count == 0) return HSD_OK;
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "polygon");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_FILL, HSD_COLOUR_BARRIER,
                    hsd_word_text(HSD_WORD_WATER, run->lang));
    hsd_layer_spec spec = {.name = "water",
                           .geometry = HSD_GEOMETRY_POLYGON,
                           .fields = f.list,
                           .field_count = f.count,
                           .title = hsd_word_text(HSD_WORD_WATER, run->lang),
                           .description = "Barriers: no first or last leg crosses them",
                           .style = &style.style,
                           .background = true};
    hsd_status status = hsd_dataset_layer(file, &spec, err);
    if (status != HSD_OK) return status;
    size_t *ring_end = hsd_alloc(all->ring_count, sizeof *ring_end, err);
    if (!ring_end) return HSD_E_MEMORY;
    for (size_t p = 0; status == HSD_OK && p < all->polygon_count; p++) {
        size_t one;
        hsd_geometry part = part_of(all, p, ring_end, &one);
        if (!meets(&part, run->info.extent)) continue;
        hsd_row r = {.count = 0};
        hsd_row_int(&r, (int64_t)p + 1);
        status = hsd_row_write(file, &r, &part, err);
    }
    hsd_free(ring_end);
    return status;
}
