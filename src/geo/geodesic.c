/* Lengths and areas on the WGS84 ellipsoid, through PROJ's geodesic.h (Karney, Algorithms for
 * geodesics, J. Geodesy 87, 2013): 15 nm. */
#include <geodesic.h>
#include <math.h>

#include "hourshed/geo.h"

static struct geod_geodesic wgs84(void) {
    struct geod_geodesic g;
    geod_init(&g, 6378137.0, 1 / 298.257223563);
    return g;
}

double hsd_geodesic_m(double lon1, double lat1, double lon2, double lat2) {
    if (lon1 == lon2 && lat1 == lat2) return 0;
    struct geod_geodesic g = wgs84();
    double length;
    geod_inverse(&g, lat1, lon1, lat2, lon2, &length, NULL, NULL);
    return length;
}

double hsd_geometry_area_m2(const hsd_geometry *geometry) {
    if (!geometry || geometry->type != HSD_GEOMETRY_POLYGON) return 0;
    struct geod_geodesic g = wgs84();
    double sum = 0;
    size_t point = 0, ring = 0;
    for (size_t p = 0; p < geometry->polygon_count; p++) {
        for (bool outer = true; ring < geometry->polygon_end[p]; ring++, outer = false) {
            struct geod_polygon polygon;
            geod_polygon_init(&polygon, 0);
            for (; point + 1 < geometry->ring_end[ring]; point++)
                geod_polygon_addpoint(&g, &polygon, geometry->points[point].lat,
                                      geometry->points[point].lon);
            point = geometry->ring_end[ring];
            double area;
            geod_polygon_compute(&g, &polygon, 0, 1, &area, NULL);
            sum += outer ? fabs(area) : -fabs(area); /* whatever the winding */
        }
    }
    return sum;
}
