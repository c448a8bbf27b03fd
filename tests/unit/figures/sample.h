/* A map as a run would draw it: water, bands, streets by time, towns with names, in two scripts. */
#ifndef UNIT_FIGURES_SAMPLE_H
#define UNIT_FIGURES_SAMPLE_H

#include <math.h>

#include "hourshed/figures.h"

#define SAMPLE_LON 113.55
#define SAMPLE_LAT 22.55
enum { SAMPLE_RING = 241 };

static inline hsd_lonlat sample_at(double radius_km, double angle) {
    return (hsd_lonlat){SAMPLE_LON + radius_km / 111.2 * cos(angle) / cos(SAMPLE_LAT * M_PI / 180),
                        SAMPLE_LAT + radius_km / 111.2 * sin(angle)};
}

static inline void sample_ring(hsd_lonlat *out, double radius_km, int clockwise) {
    for (int i = 0; i < SAMPLE_RING; i++) {
        double angle = 2 * M_PI * (i % (SAMPLE_RING - 1)) / (SAMPLE_RING - 1);
        if (clockwise) angle = -angle;
        double wave = 1 + 0.14 * sin(4 * angle + 0.5) + 0.06 * cos(11 * angle);
        out[i] = sample_at(radius_km * wave, angle);
    }
}

static inline hsd_status sample_water(hsd_map *map, hsd_error *err) {
    hsd_lonlat points[] = {{113.62, 22.98}, {113.55, 22.80}, {113.58, 22.60}, {113.52, 22.35},
                           {113.56, 22.10}, {113.50, 21.70}, {114.60, 21.70}, {114.30, 22.30},
                           {113.95, 22.42}, {113.82, 22.62}, {113.72, 22.85}, {113.62, 22.98}};
    size_t ring_end = 12, polygon_end = 1;
    hsd_geometry water = {.type = HSD_GEOMETRY_POLYGON,
                          .point_count = 12,
                          .ring_count = 1,
                          .polygon_count = 1,
                          .points = points,
                          .ring_end = &ring_end,
                          .polygon_end = &polygon_end};
    hsd_map_style style = {.fill_rgba = 0xCFDEE6FF, .line_rgba = 0xB4C9D4FF, .line_px = 1};
    return hsd_map_add(map, &water, &style, NULL, err);
}

static inline hsd_status sample_bands(hsd_map *map, hsd_error *err) {
    static const uint32_t colours[] = {0x3B0F7078, 0x9F2E7C78, 0xEE656278, 0xFEB77E78};
    static const char *const legends[] = {"15 min", "30 min", "45 min", "60 min"};
    hsd_status status = HSD_OK;
    for (int i = 3; status == HSD_OK && i >= 0; i--) {
        hsd_lonlat points[2 * SAMPLE_RING];
        size_t ring_end[2] = {SAMPLE_RING, 2 * SAMPLE_RING}, polygon_end = i ? 2 : 1;
        sample_ring(points, 14.0 * (i + 1), 0);
        if (i) sample_ring(points + SAMPLE_RING, 14.0 * i, 1);
        hsd_geometry band = {.type = HSD_GEOMETRY_POLYGON,
                             .point_count = polygon_end * SAMPLE_RING,
                             .ring_count = polygon_end,
                             .polygon_count = 1,
                             .points = points,
                             .ring_end = ring_end,
                             .polygon_end = &polygon_end};
        hsd_map_style style = {.fill_rgba = colours[i],
                               .line_rgba = colours[i] | 0xFF,
                               .line_px = 1.6,
                               .legend = legends[i]};
        status = hsd_map_add(map, &band, &style, NULL, err);
    }
    return status;
}

static inline hsd_status sample_roads(hsd_map *map, hsd_error *err) {
    hsd_map_style style = {.line_rgba = 0x4A4F5660, .line_px = 0.9, .legend = "Roads"};
    hsd_status status = HSD_OK;
    for (int i = 0; status == HSD_OK && i < 36; i++) {
        hsd_lonlat points[40];
        for (int k = 0; k < 40; k++)
            points[k] = sample_at(1.4 * (k + 1), i * M_PI / 18 + 0.12 * sin(0.35 * k + i));
        size_t ring_end = 40;
        hsd_geometry line = {.type = HSD_GEOMETRY_LINE,
                             .point_count = 40,
                             .ring_count = 1,
                             .points = points,
                             .ring_end = &ring_end};
        status = hsd_map_add(map, &line, &style, NULL, err);
    }
    return status;
}

static inline hsd_status sample_towns(hsd_map *map, hsd_error *err) {
    static const struct {
        const char *name;
        double lon, lat;
    } towns[] = {{"Zhongshan 中山", 113.38, 22.52}, {"Shenzhen 深圳", 114.06, 22.54},
                 {"Guangzhou 广州", 113.26, 23.13}, {"Zhuhai 珠海", 113.57, 22.27},
                 {"Macao 澳门", 113.545, 22.195},   {"Dongguan 东莞", 113.75, 23.02},
                 {"Nansha", 113.53, 22.80},         {"Foshan 佛山", 113.12, 23.02},
                 {"Jiangmen 江门", 113.08, 22.58},  {"Ma'an Dao", 113.56, 22.56},
                 {"Cuiheng", 113.55, 22.46}};
    hsd_map_style style = {
        .fill_rgba = 0x1A1A2EFF, .line_rgba = 0xFFFFFFFF, .line_px = 1.5, .point_px = 9};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < sizeof towns / sizeof *towns; i++) {
        hsd_lonlat point = {towns[i].lon, towns[i].lat};
        hsd_geometry geometry = {.type = HSD_GEOMETRY_POINT, .point_count = 1, .points = &point};
        status = hsd_map_add(map, &geometry, &style, towns[i].name, err);
    }
    return status;
}

static inline hsd_status sample_draw(const hsd_map_options *options, const char *path,
                                     int overwrite, hsd_error *err) {
    hsd_map *map = NULL;
    hsd_status status = hsd_map_create(options, &map, err);
    if (status == HSD_OK) status = sample_water(map, err);
    if (status == HSD_OK) status = sample_bands(map, err);
    if (status == HSD_OK) status = sample_roads(map, err);
    if (status == HSD_OK) status = sample_towns(map, err);
    if (status == HSD_OK) status = hsd_map_write(map, path, overwrite, err);
    hsd_map_destroy(map);
    return status;
}
#endif
