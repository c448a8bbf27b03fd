/* Hourshed: points, boxes, geometries, geodesics and local equal-area frames.
 * Coordinates are WGS84 longitude, latitude in degrees, x first, always. */
#ifndef HOURSHED_GEO_H
#define HOURSHED_GEO_H

#include "hourshed/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hsd_lonlat {
    double lon, lat; /* degrees */
} hsd_lonlat;

/* Degrees x 1e7, as OpenStreetMap stores them: exact, 11 mm at worst. */
typedef struct hsd_point_e7 {
    int32_t lon_e7, lat_e7;
} hsd_point_e7;

typedef struct hsd_box_e7 {
    int32_t min_lon_e7, min_lat_e7, max_lon_e7, max_lat_e7; /* empty when min > max */
} hsd_box_e7;

typedef enum hsd_geometry_type {
    HSD_GEOMETRY_NONE,
    HSD_GEOMETRY_POINT,  /* one point */
    HSD_GEOMETRY_LINE,   /* one or more lines: each ring is one */
    HSD_GEOMETRY_POLYGON /* one or more polygons, each an outer ring and its holes */
} hsd_geometry_type;

/* Flat: points; ring r ends before ring_end[r]; polygon p ends before ring polygon_end[p]. Rings of
 * polygons are closed (last point = first), outer rings counter-clockwise, holes clockwise. */
typedef struct hsd_geometry {
    hsd_geometry_type type;
    size_t point_count, ring_count, polygon_count;
    hsd_lonlat *points;
    size_t *ring_end;
    size_t *polygon_end;
} hsd_geometry;

HSD_API void hsd_geometry_finish(hsd_geometry *geometry); /* frees the arrays, zeroes the struct */

/* Geodesic length in metres on WGS84 (Karney 2013, through PROJ's geodesic.h). */
HSD_API double hsd_geodesic_m(double lon1, double lat1, double lon2, double lat2);

/* Ellipsoidal area of a polygon geometry in square metres, holes subtracted. */
HSD_API double hsd_geometry_area_m2(const hsd_geometry *geometry);

/* Datums of Chinese map services: positions shifted on purpose, inside China's bounds alone. There
 * is no published standard; docs/methods.md, 13 says whose formulas these are. */
typedef enum hsd_datum { HSD_WGS84, HSD_GCJ02, HSD_BD09 } hsd_datum;
HSD_API bool hsd_datum_parse(const char *text, hsd_datum *out); /* "wgs84", "gcj02", "bd09" */
HSD_API const char *hsd_datum_name(hsd_datum datum);
/* To WGS84 by iteration, to within 1 mm; and back, exactly as the services do it. */
HSD_API hsd_lonlat hsd_datum_to_wgs84(hsd_datum datum, hsd_lonlat at);
HSD_API hsd_lonlat hsd_datum_from_wgs84(hsd_datum datum, hsd_lonlat at);
HSD_API void hsd_geometry_to_wgs84(hsd_geometry *geometry, hsd_datum datum);
HSD_API void hsd_geometry_from_wgs84(hsd_geometry *geometry, hsd_datum datum);

/* A local Lambert azimuthal equal-area frame in metres, centred on a point. Not for sharing between
 * threads: make one each. */
typedef struct hsd_frame hsd_frame;
HSD_API hsd_status hsd_frame_create(double lon, double lat, hsd_frame **out, hsd_error *err);
HSD_API void hsd_frame_destroy(hsd_frame *frame);
HSD_API void hsd_frame_forward(hsd_frame *frame, double lon, double lat, double *x_m, double *y_m);
HSD_API void hsd_frame_inverse(hsd_frame *frame, double x_m, double y_m, double *lon, double *lat);

#ifdef __cplusplus
}
#endif
#endif
