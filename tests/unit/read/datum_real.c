/* 672 stations that come in GCJ-02 and in WGS84 by another program, to six decimals (0.06 m):
 * read in their datum they stand where that program put them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hourshed/read.h"

static char path[3200];

static bool find_data(void) {
    const char *folder = getenv("HOURSHED_DATA"), *root = getenv("HSD_SOURCE_ROOT");
    const bool given = folder && *folder;
    snprintf(path, sizeof path, "%s%s/china_rail_2016/stations.csv", given ? folder : root,
             given ? "" : "/../shared/data");
    return access(path, R_OK) == 0;
}

static hsd_place_table stations(const char *lon, const char *lat, const char *datum) {
    const hsd_place_fields fields = {
        .id = "station_code", .lon = lon, .lat = lat, .assume_crs = "EPSG:4326", .datum = datum};
    hsd_place_table t;
    hsd_error err = {0};
    if (hsd_read_places(path, &fields, NULL, &t, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_int_equal(t.place_count, 672);
    return t;
}

static void stations_read_in_gcj02_stand_where_their_wgs84_says(void **state) {
    (void)state;
    hsd_place_table shown = stations("gcj02_lon", "gcj02_lat", NULL),
                    read = stations("gcj02_lon", "gcj02_lat", "gcj02"),
                    known = stations("wgs84_lon", "wgs84_lat", "wgs84");
    double most_m = 0, most_back_m = 0;
    size_t shifted = 0;
    for (size_t i = 0; i < read.place_count; i++) {
        const hsd_lonlat g = shown.places[i].geometry.points[0],
                         p = read.places[i].geometry.points[0],
                         w = known.places[i].geometry.points[0];
        const hsd_lonlat back = hsd_datum_from_wgs84(HSD_GCJ02, p);
        const double off_m = hsd_geodesic_m(p.lon, p.lat, w.lon, w.lat),
                     back_m = hsd_geodesic_m(back.lon, back.lat, g.lon, g.lat);
        most_m = off_m > most_m ? off_m : most_m;
        most_back_m = back_m > most_back_m ? back_m : most_back_m;
        shifted += hsd_geodesic_m(g.lon, g.lat, w.lon, w.lat) > 100;
    }
    printf("at most %.3f m from the WGS84 column; there and back %.6f m\n", most_m, most_back_m);
    assert_true(most_m <= 0.2);
    assert_true(most_back_m <= 0.001);
    assert_true(shifted > 600);
    hsd_place_table_finish(&shown);
    hsd_place_table_finish(&read);
    hsd_place_table_finish(&known);
}

int main(void) {
    if (!find_data()) {
        printf("skipped: no real data at %s (set HOURSHED_DATA)\n", path);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stations_read_in_gcj02_stand_where_their_wgs84_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
