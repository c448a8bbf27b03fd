/* A small result file as a run would write it: nested circles, reached edges, origins and a table.
 * The shapes are drawn here, not computed by the program. */
#ifndef UNIT_EXPORT_SAMPLE_H
#define UNIT_EXPORT_SAMPLE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export/styles.h"
#include "hourshed/export.h"

#define SAMPLE_LON -8.61
#define SAMPLE_LAT 41.15
enum { SAMPLE_SPOKES = 24 };

/* A wavy ring round the centre, counter-clockwise (or clockwise for holes), radius in degrees. */
static inline void sample_ring(hsd_lonlat *out, size_t count, double radius, double wave,
                               int clockwise) {
    for (size_t i = 0; i < count; i++) {
        size_t k = i == count - 1 ? 0 : i;
        double angle = 2 * M_PI * (double)k / (double)(count - 1) * (clockwise ? -1 : 1);
        double r = radius * (1 + wave * sin(5 * angle) + 0.5 * wave * cos(9 * angle));
        out[i] = (hsd_lonlat){SAMPLE_LON + r * cos(angle) / cos(SAMPLE_LAT * M_PI / 180),
                              SAMPLE_LAT + r * sin(angle)};
    }
}

enum { SAMPLE_RING = 181 };

static inline hsd_status sample_circles(hsd_dataset *dataset, hsd_style_look look, int banded,
                                        hsd_error *err) {
    static const double minutes[] = {15, 30, 45, 60};
    static const hsd_field fields[] = {{"id", HSD_FIELD_TEXT, "origin and cut-off"},
                                       {"origin", HSD_FIELD_TEXT, "name of the origin"},
                                       {"minutes", HSD_FIELD_INT, "cut-off (min)"},
                                       {"area_km2", HSD_FIELD_REAL, "area (km2)"},
                                       {"data_end", HSD_FIELD_BOOL, "the data end before it"}};
    hsd_style_set set;
    hsd_style_by_cutoff(&set, look, "minutes", minutes, 4, "min");
    hsd_layer_spec spec = {.name = banded ? "bands" : "circles",
                           .geometry = HSD_GEOMETRY_POLYGON,
                           .fields = fields,
                           .field_count = 5,
                           .title = banded ? "Bands" : "One-hour circles",
                           .description = "all that is reached within the cut-off",
                           .style = &set.style};
    hsd_status status = hsd_dataset_layer(dataset, &spec, err);
    for (int i = 0; status == HSD_OK && i < 4; i++) {
        hsd_lonlat points[2 * SAMPLE_RING];
        size_t ring_end[2] = {SAMPLE_RING, 2 * SAMPLE_RING}, polygon_end[1] = {1};
        double radius = 0.05 * (i + 1);
        sample_ring(points, SAMPLE_RING, radius, 0.12, 0);
        if (banded && i > 0) {
            sample_ring(points + SAMPLE_RING, SAMPLE_RING, radius - 0.05, 0.12, 1);
            polygon_end[0] = 2;
        }
        hsd_geometry geometry = {.type = HSD_GEOMETRY_POLYGON,
                                 .point_count = polygon_end[0] * SAMPLE_RING,
                                 .ring_count = polygon_end[0],
                                 .polygon_count = 1,
                                 .points = points,
                                 .ring_end = ring_end,
                                 .polygon_end = polygon_end};
        char id[32];
        snprintf(id, sizeof id, "porto-%g", minutes[i]);
        hsd_value row[] = {{.kind = HSD_VALUE_TEXT, .text = id},
                           {.kind = HSD_VALUE_TEXT, .text = "Porto's \"centre\" & 市中心"},
                           {.kind = HSD_VALUE_INT, .integer = (int64_t)minutes[i]},
                           {.kind = HSD_VALUE_REAL, .real = i == 3 ? NAN : 12.5 * (i + 1)},
                           {.kind = HSD_VALUE_INT, .integer = i == 3}};
        status = hsd_dataset_row(dataset, row, &geometry, err);
    }
    return status;
}

/* count pieces of streets, spokes of short lines coloured by time. */
static inline hsd_status sample_edges(hsd_dataset *dataset, size_t count, hsd_error *err) {
    static const double minutes[] = {15, 30, 45, 60};
    static const hsd_field fields[] = {{"id", HSD_FIELD_INT, "piece"},
                                       {"edge_id", HSD_FIELD_INT, "edge of the network"},
                                       {"time_in_min", HSD_FIELD_REAL, "time at its start (min)"},
                                       {"time_out_min", HSD_FIELD_REAL, "time at its end (min)"},
                                       {"length_m", HSD_FIELD_REAL, "length (m)"}};
    hsd_style_set set;
    hsd_style_by_cutoff(&set, HSD_LOOK_LINE, "time_out_min", minutes, 4, "min");
    hsd_layer_spec spec = {.name = "reached_edges",
                           .geometry = HSD_GEOMETRY_LINE,
                           .fields = fields,
                           .field_count = 5,
                           .title = "Reached edges",
                           .style = &set.style};
    hsd_status status = hsd_dataset_layer(dataset, &spec, err);
    size_t rings = count / SAMPLE_SPOKES + 1;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        double angle = 2 * M_PI * (double)(i % SAMPLE_SPOKES) / SAMPLE_SPOKES;
        double r0 = 0.19 * (double)(i / SAMPLE_SPOKES) / (double)rings;
        double r1 = 0.19 * (double)(i / SAMPLE_SPOKES + 1) / (double)rings;
        hsd_lonlat points[4];
        for (int k = 0; k < 4; k++) {
            double r = r0 + (r1 - r0) * k / 3, a = angle + 0.06 * sin(40 * r);
            points[k] = (hsd_lonlat){SAMPLE_LON + r * cos(a) / cos(SAMPLE_LAT * M_PI / 180),
                                     SAMPLE_LAT + r * sin(a)};
        }
        size_t ring_end[1] = {4};
        hsd_geometry geometry = {.type = HSD_GEOMETRY_LINE,
                                 .point_count = 4,
                                 .ring_count = 1,
                                 .points = points,
                                 .ring_end = ring_end};
        hsd_value row[] = {{.kind = HSD_VALUE_INT, .integer = (int64_t)i},
                           {.kind = HSD_VALUE_INT, .integer = (int64_t)i * 7},
                           {.kind = HSD_VALUE_REAL, .real = r0 / 0.19 * 60},
                           {.kind = HSD_VALUE_REAL, .real = r1 / 0.19 * 60},
                           {.kind = HSD_VALUE_REAL, .real = (r1 - r0) * 111000}};
        status = hsd_dataset_row(dataset, row, &geometry, err);
    }
    return status;
}

static inline hsd_status sample_origins(hsd_dataset *dataset, hsd_error *err) {
    static const hsd_field fields[] = {{"id", HSD_FIELD_TEXT, "origin"},
                                       {"name", HSD_FIELD_TEXT, "name"},
                                       {"population", HSD_FIELD_INT, "inhabitants"}};
    static const struct {
        const char *id, *name;
        double lon, lat;
    } places[] = {{"a", "Porto", SAMPLE_LON, SAMPLE_LAT},
                  {"b", "Matosinhos", -8.689, 41.182},
                  {"c", "Vila Nova de Gaia", -8.612, 41.124},
                  {"d", "深圳", -8.50, 41.20},
                  {"e", "Gondomar", -8.533, 41.145}};
    hsd_style_set set;
    hsd_style_plain(&set, HSD_LOOK_POINT, HSD_COLOUR_ORIGIN, "Origins");
    set.style.label_field = "name";
    hsd_layer_spec spec = {.name = "origins",
                           .geometry = HSD_GEOMETRY_POINT,
                           .fields = fields,
                           .field_count = 3,
                           .title = "Origins",
                           .style = &set.style};
    hsd_status status = hsd_dataset_layer(dataset, &spec, err);
    for (size_t i = 0; status == HSD_OK && i < sizeof places / sizeof *places; i++) {
        hsd_lonlat point = {places[i].lon, places[i].lat};
        hsd_geometry geometry = {.type = HSD_GEOMETRY_POINT, .point_count = 1, .points = &point};
        hsd_value row[] = {{.kind = HSD_VALUE_TEXT, .text = places[i].id},
                           {.kind = HSD_VALUE_TEXT, .text = places[i].name},
                           {.kind = i == 2 ? HSD_VALUE_NULL : HSD_VALUE_INT, .integer = 231962}};
        status = hsd_dataset_row(dataset, row, &geometry, err);
    }
    return status;
}

static inline hsd_status sample_summary(hsd_dataset *dataset, hsd_error *err) {
    static const hsd_field fields[] = {{"id", HSD_FIELD_TEXT, "measure"},
                                       {"value", HSD_FIELD_REAL, "its value"}};
    hsd_layer_spec spec = {.name = "summary",
                           .geometry = HSD_GEOMETRY_NONE,
                           .fields = fields,
                           .field_count = 2,
                           .title = "Summary",
                           .hidden = true};
    hsd_status status = hsd_dataset_layer(dataset, &spec, err);
    hsd_value row[] = {{.kind = HSD_VALUE_TEXT, .text = "reached_km"},
                       {.kind = HSD_VALUE_REAL, .real = 1234.5}};
    return status == HSD_OK ? hsd_dataset_row(dataset, row, NULL, err) : status;
}

#define SAMPLE_PROVENANCE "{\"command\": \"hourshed circle\", \"place\": \"Porto's 市\"}"

static inline hsd_status sample_write(const char *path, const hsd_dataset_options *options,
                                      size_t edges, hsd_error *err) {
    hsd_dataset *dataset = NULL;
    hsd_status status = hsd_dataset_create(path, options, &dataset, err);
    if (status == HSD_OK) status = sample_origins(dataset, err);
    if (status == HSD_OK) status = sample_circles(dataset, HSD_LOOK_OUTLINE, 0, err);
    if (status == HSD_OK) status = sample_edges(dataset, edges, err);
    if (status == HSD_OK) status = sample_circles(dataset, HSD_LOOK_FILL, 1, err);
    if (status == HSD_OK) status = sample_summary(dataset, err);
    if (status == HSD_OK) status = hsd_dataset_commit(dataset, err);
    hsd_dataset_destroy(dataset);
    return status;
}
#endif
