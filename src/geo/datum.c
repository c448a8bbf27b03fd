/* To be written. */
#include <math.h>

#include "hourshed/geo.h"

bool hsd_datum_parse(const char *text, hsd_datum *out) {
    (void)text;
    (void)out;
    return false;
}

const char *hsd_datum_name(hsd_datum datum) {
    (void)datum;
    return NULL;
}

hsd_lonlat hsd_datum_to_wgs84(hsd_datum datum, hsd_lonlat at) {
    (void)datum;
    (void)at;
    return (hsd_lonlat){0};
}

hsd_lonlat hsd_datum_from_wgs84(hsd_datum datum, hsd_lonlat at) {
    (void)datum;
    (void)at;
    return (hsd_lonlat){0};
}

void hsd_geometry_to_wgs84(hsd_geometry *geometry, hsd_datum datum) {
    (void)geometry;
    (void)datum;
}

void hsd_geometry_from_wgs84(hsd_geometry *geometry, hsd_datum datum) {
    (void)geometry;
    (void)datum;
}
