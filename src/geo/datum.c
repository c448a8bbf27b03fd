/* GCJ-02 and BD-09: what Chinese map services show instead of WGS84. There is no published
 * standard; the formulas are those everybody took over from the code once known as ChinaMapShift
 * (as eviltransform has it), the way back is the fixed-point iteration of Cai Jun's geoChina
 * (docs/methods.md, 13). With S the shift, a service shows p + S(p) for a true position p inside
 * the bounds, and p itself outside. Back: p = q - S(p), from p = q on; S changes by less than 2 cm
 * a metre, so every round gains two digits. Which of the two q is, the answer tells: what comes
 * from inside the bounds is shifted, wherever it was shown. */
#include <math.h>
#include <string.h>

#include "hourshed/geo.h"

static const double krasovsky_a_m = 6378245;
static const double krasovsky_e2 = 0.00669342162296594323;
static const hsd_lonlat middle = {105, 35}; /* offsets are polynomials and waves about it */
static const hsd_lonlat south_west = {72.004, 0.8293}, north_east = {137.8347, 55.8271};
static const hsd_lonlat baidu_offset = {0.0065, 0.006};
static const double baidu_radius = 0.00002, baidu_angle = 0.000003;

static const char *const names[] = {"wgs84", "gcj02", "bd09"};

bool hsd_datum_parse(const char *text, hsd_datum *out) {
    for (int i = 0; text && i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (hsd_datum)i;
            return true;
        }
    return false;
}

const char *hsd_datum_name(hsd_datum datum) {
    return names[datum];
}

static bool in_bounds(hsd_lonlat p) {
    return p.lon >= south_west.lon && p.lon <= north_east.lon && p.lat >= south_west.lat &&
           p.lat <= north_east.lat;
}

/* A sine of so many half turns a degree. */
static double wave(double amplitude_m, double degrees, double half_turns) {
    return amplitude_m * sin(degrees * half_turns * M_PI);
}

/* GCJ-02 of a position, wherever it lies. */
static hsd_lonlat shift_gcj02(hsd_lonlat p) {
    const double x = p.lon - middle.lon, y = p.lat - middle.lat, root = sqrt(fabs(x));
    const double common = wave(20, x, 6) + wave(20, x, 2);
    const double east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
                          (common + wave(20, x, 1) + wave(40, x, 1.0 / 3) + wave(150, x, 1.0 / 12) +
                           wave(300, x, 1.0 / 30)) *
                              2 / 3;
    const double north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
                           (common + wave(20, y, 1) + wave(40, y, 1.0 / 3) +
                            wave(160, y, 1.0 / 12) + wave(320, y, 1.0 / 30)) *
                               2 / 3;
    /* metres to degrees by the radii of curvature at the latitude */
    const double lat = p.lat * M_PI / 180, w2 = 1 - krasovsky_e2 * sin(lat) * sin(lat);
    const double meridian_m = krasovsky_a_m * (1 - krasovsky_e2) / (w2 * sqrt(w2));
    const double parallel_m = krasovsky_a_m / sqrt(w2) * cos(lat);
    return (hsd_lonlat){p.lon + east_m / parallel_m * 180 / M_PI,
                        p.lat + north_m / meridian_m * 180 / M_PI};
}

/* BD-09 of a position in GCJ-02: waves on its radius and angle, and an offset. */
static hsd_lonlat shift_bd09(hsd_lonlat p) {
    const double radius = hypot(p.lon, p.lat) + wave(baidu_radius, p.lat, 50.0 / 3);
    const double angle = atan2(p.lat, p.lon) + baidu_angle * cos(p.lon * 50 / 3 * M_PI);
    return (hsd_lonlat){radius * cos(angle) + baidu_offset.lon,
                        radius * sin(angle) + baidu_offset.lat};
}

static hsd_lonlat shift(hsd_datum datum, hsd_lonlat p) {
    const hsd_lonlat gcj02 = shift_gcj02(p);
    return datum == HSD_BD09 ? shift_bd09(gcj02) : gcj02;
}

hsd_lonlat hsd_datum_from_wgs84(hsd_datum datum, hsd_lonlat at) {
    return datum == HSD_WGS84 || !in_bounds(at) ? at : shift(datum, at);
}

hsd_lonlat hsd_datum_to_wgs84(hsd_datum datum, hsd_lonlat at) {
    enum { MOST_ROUNDS = 20 };
    static const double close_enough = 1e-10; /* degrees: a hundredth of a millimetre */
    static const double reach = 0.1;          /* no shift is longer */
    const hsd_lonlat low = {south_west.lon - reach, south_west.lat - reach},
                     high = {north_east.lon + reach, north_east.lat + reach};
    if (datum == HSD_WGS84 ||
        !(at.lon >= low.lon && at.lon <= high.lon && at.lat >= low.lat && at.lat <= high.lat))
        return at;
    hsd_lonlat p = at;
    for (int i = 0; i < MOST_ROUNDS; i++) {
        const hsd_lonlat shown = shift(datum, p);
        const double lon = at.lon - shown.lon, lat = at.lat - shown.lat;
        p.lon += lon;
        p.lat += lat;
        if (fmax(fabs(lon), fabs(lat)) < close_enough) break;
    }
    return in_bounds(p) ? p : at;
}

void hsd_geometry_to_wgs84(hsd_geometry *geometry, hsd_datum datum) {
    for (size_t i = 0; datum != HSD_WGS84 && i < geometry->point_count; i++)
        geometry->points[i] = hsd_datum_to_wgs84(datum, geometry->points[i]);
}

void hsd_geometry_from_wgs84(hsd_geometry *geometry, hsd_datum datum) {
    for (size_t i = 0; datum != HSD_WGS84 && i < geometry->point_count; i++)
        geometry->points[i] = hsd_datum_from_wgs84(datum, geometry->points[i]);
}
