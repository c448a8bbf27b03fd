/* Hourshed: map pictures, drawn with cairo. */
#ifndef HOURSHED_FIGURES_H
#define HOURSHED_FIGURES_H

#include "hourshed/geo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hsd_map hsd_map;
typedef struct hsd_map_options {
    uint32_t width_px, height_px; /* 0: 1200 x 900 */
    const char *title, *subtitle; /* UTF-8; a font that can draw Chinese is chosen */
    const char *footer;           /* sources, at the foot */
    bool dark;
} hsd_map_options;
HSD_API hsd_status hsd_map_create(const hsd_map_options *options, hsd_map **out, hsd_error *err);
HSD_API void hsd_map_destroy(hsd_map *map);

typedef struct hsd_map_style {
    uint32_t fill_rgba, line_rgba; /* 0xRRGGBBAA; alpha 0: not drawn */
    double line_px, point_px;
    const char *legend; /* entry in the legend; NULL: none */
} hsd_map_style;
/* Drawn in the order added. The geometry is copied. label: at a point, or a polygon's largest part.
 */
HSD_API hsd_status hsd_map_add(hsd_map *map, const hsd_geometry *geometry,
                               const hsd_map_style *style, const char *label, hsd_error *err);
/* The extent shown: of everything added unless set here (degrees). */
HSD_API void hsd_map_frame(hsd_map *map, double min_lon, double min_lat, double max_lon,
                           double max_lat);
/* .png or .svg by ending. Projects to a local equal-area frame; legend, scale bar, north arrow. */
HSD_API hsd_status hsd_map_write(const hsd_map *map, const char *path, bool overwrite,
                                 hsd_error *err);

/* Maps side by side on one page, each with its own title, under a common one (NULL: none), all with
 * the extent of the first (set or found over all of them): before and after. The legend stands
 * once. The page is as wide as all of them and as high as the highest; footers of the maps
 * themselves are not drawn. */
HSD_API hsd_status hsd_map_write_row(const hsd_map *const *maps, size_t count, const char *title,
                                     const char *footer, const char *path, bool overwrite,
                                     hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
