/* Hourshed: pictures of maps and charts, drawn with cairo. */
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

/* ---- Charts ------------------------------------------------------------------------------------
 */

/* Multiples of a nice step: 1, 2 or 5 times a power of ten. */
typedef struct hsd_ticks {
    double first; /* a whole number of steps */
    size_t count; /* of ticks, at least 2 */
    int mantissa, exponent;
} hsd_ticks;
/* The fewest that cover min to max in at most `most` steps; of minutes those of a clock. */
HSD_API hsd_ticks hsd_ticks_cover(double min, double max, size_t most, bool minutes);
HSD_API double hsd_ticks_at(const hsd_ticks *ticks, size_t i);
/* Between which two ticks a value lies: [tick, next), below and above all the first and last. */
HSD_API size_t hsd_ticks_bin(const hsd_ticks *ticks, double value);
enum { HSD_TICK_TEXT = 32 };
HSD_API const char *hsd_ticks_text(const hsd_ticks *ticks, double value, char *buffer);

typedef struct hsd_chart hsd_chart;
typedef struct hsd_chart_axis {
    const char *title; /* with its unit */
    double min, max;   /* shown; equal: all that is drawn, and 0 */
    bool minutes;      /* ticks of a clock */
} hsd_chart_axis;
typedef struct hsd_chart_options {
    uint32_t width_px, height_px; /* 0: 1200 x 900 */
    const char *title, *subtitle, *footer;
    hsd_chart_axis x, y;
    bool square; /* one length on both axes */
} hsd_chart_options;
HSD_API hsd_status hsd_chart_create(const hsd_chart_options *options, hsd_chart **out,
                                    hsd_error *err);
HSD_API void hsd_chart_destroy(hsd_chart *chart);

typedef struct hsd_chart_point {
    double x, y;
} hsd_chart_point;
typedef struct hsd_chart_style {
    uint32_t rgba;
    double line_px;     /* of lines; 0: dots alone. Of bars: outlines; 0: filled */
    double point_px;    /* dots of a line; 0: none */
    bool dashed, steps; /* steps: a value holds up to the next x */
    const char *legend; /* NULL: none */
} hsd_chart_style;
/* Drawn in the order added; all is copied. */
HSD_API hsd_status hsd_chart_add_line(hsd_chart *chart, const hsd_chart_point *points, size_t count,
                                      const hsd_chart_style *style, hsd_error *err);
/* A histogram: values[count] between edges[count + 1]. */
HSD_API hsd_status hsd_chart_add_bars(hsd_chart *chart, const double *edges, const double *values,
                                      size_t count, const hsd_chart_style *style, hsd_error *err);
/* Bars from left to right, a row each from the top down, with names at their left and the value at
 * their ends; the y axis is theirs alone, and a chart has such bars once. */
HSD_API hsd_status hsd_chart_add_ranked(hsd_chart *chart, const char *const *labels,
                                        const double *values, size_t count,
                                        const hsd_chart_style *style, hsd_error *err);
/* .png or .svg by ending. An SVG says in <title> and <desc> what titles and legend say. */
HSD_API hsd_status hsd_chart_write(const hsd_chart *chart, const char *path, bool overwrite,
                                   hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
