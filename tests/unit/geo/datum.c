/* GCJ-02 and BD-09. Pairs of coordinates are those other programs publish in their own tests
 * (eviltransform: three cities; gcoord: BD-09 of one position in GCJ-02). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/random.h"
#include "hourshed/geo.h"

static double apart_m(hsd_lonlat a, hsd_lonlat b) {
    return hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat);
}

static void assert_near(hsd_lonlat got, hsd_lonlat want, double m) {
    if (!(apart_m(got, want) <= m))
        fail_msg("%.9f,%.9f; expected %.9f,%.9f within %g m", got.lon, got.lat, want.lon, want.lat,
                 m);
}

static void names_are_read_and_written(void **state) {
    (void)state;
    hsd_datum d = HSD_BD09;
    assert_true(hsd_datum_parse("wgs84", &d) && d == HSD_WGS84);
    assert_true(hsd_datum_parse("gcj02", &d) && d == HSD_GCJ02);
    assert_true(hsd_datum_parse("bd09", &d) && d == HSD_BD09);
    assert_false(hsd_datum_parse("gcj-02", &d) || hsd_datum_parse("", &d) ||
                 hsd_datum_parse(NULL, &d));
    assert_int_equal(d, HSD_BD09);
    assert_string_equal(hsd_datum_name(HSD_GCJ02), "gcj02");
}

static void cities_stand_where_other_programs_put_them(void **state) {
    (void)state;
    static const hsd_lonlat cities[][2] = {
        {{121.5272106, 31.1774276}, {121.531541859215, 31.17530398364597}},  /* Shanghai */
        {{113.912316, 22.543847}, {113.9171764808363, 22.540796131694766}},  /* Shenzhen */
        {{116.377817, 39.911954}, {116.38404722455657, 39.91334545536069}}}; /* Beijing */
    for (int i = 0; i < 3; i++) {
        assert_near(hsd_datum_from_wgs84(HSD_GCJ02, cities[i][0]), cities[i][1], 0.01);
        assert_near(hsd_datum_to_wgs84(HSD_GCJ02, cities[i][1]), cities[i][0], 0.01);
    }
    const hsd_lonlat wgs84 = hsd_datum_to_wgs84(HSD_GCJ02, (hsd_lonlat){123, 45});
    assert_near(hsd_datum_from_wgs84(HSD_BD09, wgs84), (hsd_lonlat){123.00636499, 45.00636899},
                0.002);
}

static void abroad_nothing_is_shifted(void **state) {
    (void)state;
    static const hsd_lonlat abroad[] = {{-104.9903, 39.7392},
                                        {153.0251, -27.4698},
                                        {139.767125, 35.681236},
                                        {0, 0},
                                        {180, 90},
                                        {72, 30},
                                        {100, 0.82}};
    for (size_t i = 0; i < sizeof abroad / sizeof *abroad; i++)
        for (hsd_datum d = HSD_WGS84; d <= HSD_BD09; d++) {
            hsd_lonlat to = hsd_datum_to_wgs84(d, abroad[i]),
                       from = hsd_datum_from_wgs84(d, abroad[i]);
            assert_true(from.lon == abroad[i].lon && from.lat == abroad[i].lat);
            assert_true(to.lon == abroad[i].lon && to.lat == abroad[i].lat);
        }
    hsd_lonlat nowhere = hsd_datum_to_wgs84(HSD_GCJ02, (hsd_lonlat){NAN, NAN});
    assert_true(isnan(nowhere.lon));
}

static void ten_thousand_places_come_back_to_a_millimetre(void **state) {
    (void)state;
    hsd_random random = {20261122};
    for (int i = 0; i < 10000; i++) {
        hsd_lonlat p = {72.004 + (137.8347 - 72.004) * hsd_random_unit(&random),
                        0.8293 + (55.8271 - 0.8293) * hsd_random_unit(&random)};
        if (i % 10 == 0) p.lon = 137.8346; /* shifted, it leaves the bounds */
        if (i % 10 == 1) p.lat = 0.82931;
        if (i % 10 == 2) p.lon = 105 + 1e-7 * hsd_random_unit(&random); /* a root is steep here */
        for (hsd_datum d = HSD_GCJ02; d <= HSD_BD09; d++) {
            const hsd_lonlat shown = hsd_datum_from_wgs84(d, p),
                             back = hsd_datum_to_wgs84(d, shown);
            assert_near(back, p, 1e-4);
            assert_near(hsd_datum_from_wgs84(d, back), shown, 1e-4);
            const double far_m = apart_m(p, shown);
            if (!(far_m > 1 && far_m < 2600)) fail_msg("shifted by %g m", far_m);
        }
    }
}

static void geometries_are_converted_point_by_point(void **state) {
    (void)state;
    hsd_lonlat points[] = {{113, 22}, {114, 22}, {114, 23}, {113, 22}};
    size_t ring_end = 4, polygon_end = 1;
    hsd_geometry g = {HSD_GEOMETRY_POLYGON, 4, 1, 1, points, &ring_end, &polygon_end};
    hsd_geometry_from_wgs84(&g, HSD_WGS84);
    assert_true(points[1].lon == 114);
    hsd_geometry_from_wgs84(&g, HSD_BD09);
    assert_true(apart_m(points[1], (hsd_lonlat){114, 22}) > 500);
    assert_true(points[3].lon == points[0].lon && points[3].lat == points[0].lat);
    hsd_geometry_to_wgs84(&g, HSD_BD09);
    assert_near(points[2], (hsd_lonlat){114, 23}, 1e-4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_and_written),
        cmocka_unit_test(cities_stand_where_other_programs_put_them),
        cmocka_unit_test(abroad_nothing_is_shifted),
        cmocka_unit_test(ten_thousand_places_come_back_to_a_millimetre),
        cmocka_unit_test(geometries_are_converted_point_by_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
