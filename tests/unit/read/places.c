/* Places, rasters of masses, barriers, from small files made by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include "files.h"

#include <cmocka.h>

#include "base/memory.h"
#include "hourshed/read.h"

static void must(const char *path, const hsd_place_fields *fields, hsd_place_table *t) {
    hsd_error err = {0};
    if (hsd_read_places(path, fields, NULL, t, &err) != HSD_OK) fail_msg("%s", err.message);
}

static void refused(const char *path, const hsd_place_fields *fields, hsd_status want,
                    const char *what) {
    hsd_place_table t;
    hsd_error err = {0};
    hsd_status status = hsd_read_places(path, fields, NULL, &t, &err);
    if (status != want || !strstr(err.message, what))
        fail_msg("status %d, \"%s\"; expected %d, \"%s\"", (int)status, err.message, (int)want,
                 what);
    assert_null(t.places);
    assert_null(t.mass_names);
}

static const char *const pop[] = {"pop", "gdp"};

static void csv_points_keep_names_and_masses(void **state) {
    hsd_place_table t;
    must(files_text(*state, "o.csv",
                    "\xEF\xBB\xBFid,name,name_en,lon,lat,pop,gdp,initial_min\n"
                    "sz,深圳,Shenzhen,114.05,22.55,17560061,3238.7,\n"
                    "zs,中山,Zhongshan,113.38,22.52,4418060,,2.5\n"),
         &(hsd_place_fields){.masses = pop, .mass_count = 2}, &t);
    assert_int_equal(t.place_count, 2);
    assert_int_equal(t.mass_count, 2);
    assert_string_equal(t.mass_names[1], "gdp");
    const hsd_place *p = &t.places[0];
    assert_string_equal(p->id, "sz");
    assert_string_equal(p->name, "深圳");
    assert_string_equal(p->name_en, "Shenzhen");
    assert_int_equal(p->geometry.type, HSD_GEOMETRY_POINT);
    assert_int_equal(p->geometry.point_count, 1);
    assert_true(p->geometry.points[0].lon == 114.05 && p->geometry.points[0].lat == 22.55);
    assert_true(p->masses[0] == 17560061 && p->masses[1] == 3238.7);
    assert_true(p->initial_min == 0 && !p->fault);
    assert_int_equal(p->feature_id, 1);
    assert_true(isnan(t.places[1].masses[1]));
    assert_true(t.places[1].initial_min == 2.5);
    hsd_place_table_finish(&t);
    hsd_place_table_finish(&t);
}

static void columns_of_a_csv_have_several_names(void **state) {
    hsd_place_table t;
    must(files_text(*state, "a.csv", "Longitude;Latitude\n1;2\n"), NULL, &t);
    assert_true(t.places[0].geometry.points[0].lon == 1 && t.places[0].geometry.points[0].lat == 2);
    assert_string_equal(t.places[0].id, "1");
    assert_string_equal(t.places[0].name, "");
    hsd_place_table_finish(&t);
    must(files_text(*state, "b.csv", "ost\tnord\n1\t2\n"),
         &(hsd_place_fields){.lon = "ost", .lat = "nord"}, &t);
    assert_true(t.places[0].geometry.points[0].lat == 2);
    hsd_place_table_finish(&t);
    /* UTM 49 north: (500000, 0) is where the equator meets the zone's middle, 111 degrees east */
    must(files_text(*state, "c.csv", "x,y\n500000,0\n"),
         &(hsd_place_fields){.assume_crs = "EPSG:32649"}, &t);
    assert_true(fabs(t.places[0].geometry.points[0].lon - 111) < 1e-9);
    assert_true(fabs(t.places[0].geometry.points[0].lat) < 1e-9);
    hsd_place_table_finish(&t);
    must(files_text(*state, "d.csv", "id,WKT\np,\"POLYGON((0 0,0 1,1 1,1 0,0 0))\"\n"), NULL, &t);
    assert_int_equal(t.places[0].geometry.type, HSD_GEOMETRY_POLYGON);
    hsd_place_table_finish(&t);
    must(files_text(*state, "w.csv",
                    "wkt\nPOLYGON EMPTY\n\"POLYGON((0 0,1 1))\"\nMULTIPOINT EMPTY\nPOI\n"),
         NULL, &t);
    assert_string_equal(t.places[0].fault, "empty geometry");
    assert_string_equal(t.places[1].fault, "a ring of fewer than three corners");
    assert_string_equal(t.places[2].fault, "empty geometry");
    assert_string_equal(t.places[3].fault, "geometry \"POI\" is not WKT");
    hsd_place_table_finish(&t);
    /* GBK: C9 EE DB DA is Shenzhen's name */
    must(files_text(*state, "e.csv", "name,lon,lat\n\xC9\xEE\xDB\xDA,1,2\n"),
         &(hsd_place_fields){.encoding = "GBK"}, &t);
    assert_string_equal(t.places[0].name, "深圳");
    hsd_place_table_finish(&t);
    refused(files_text(*state, "f.csv", "name,lon,lat\n\xC9\xEE\xDB\xDA,1,2\n"), NULL, HSD_E_FORMAT,
            "f.csv line 2: not UTF-8");
    refused(files_text(*state, "g.csv", "name,lon,lat\na,1,2\n"),
            &(hsd_place_fields){.encoding = "KLINGON"}, HSD_E_ARGUMENT,
            "unknown encoding \"KLINGON\"");
}

static void further_fields_are_kept_as_texts(void **state) {
    static const char *const two[] = {"region", "code"};
    const hsd_place_fields fields = {.texts = two, .text_count = 2, .masses = pop, .mass_count = 1};
    hsd_place_table t;
    must(files_text(*state, "t.csv",
                    "id,lon,lat,code,region,pop\na,1,2,007,北部,4\nb,1,2,,,5\nc,x,2,1,y,6\n"),
         &fields, &t);
    assert_int_equal(t.text_count, 2);
    assert_string_equal(t.text_names[0], "region");
    assert_string_equal(t.places[0].texts[0], "北部");
    assert_string_equal(t.places[0].texts[1], "007");
    assert_string_equal(t.places[1].texts[0], "");
    assert_non_null(t.places[2].fault);
    assert_string_equal(t.places[2].texts[0], "y");
    hsd_place_table_finish(&t);
    const char *const layer[] = {
        "\"region\":\"S\",\"code\":7,\"pop\":1|{\"type\":\"Point\",\"coordinates\":[0,1]}",
        "\"region\":null,\"code\":8,\"pop\":1|{\"type\":\"Point\",\"coordinates\":[0,1]}", NULL};
    must(files_geojson(*state, "t.geojson", layer), &fields, &t);
    assert_string_equal(t.places[0].texts[0], "S");
    assert_string_equal(t.places[0].texts[1], "7");
    assert_string_equal(t.places[1].texts[0], "");
    hsd_place_table_finish(&t);
    refused(files_text(*state, "u.csv", "id,lon,lat,code,pop\na,1,2,007,4\n"), &fields,
            HSD_E_ARGUMENT, "region");
}

static void a_table_of_masses_needs_no_coordinates(void **state) {
    const char *csv = files_text(*state, "m.csv", "id,pop,gdp\na,3,4\nb,5,\n");
    const hsd_place_fields fields = {.masses = pop, .mass_count = 2, .masses_only = true};
    hsd_place_table t;
    must(csv, &fields, &t);
    assert_int_equal(t.place_count, 2);
    assert_int_equal(t.places[1].geometry.type, HSD_GEOMETRY_POINT);
    assert_true(t.places[1].geometry.points[0].lon == 0 && t.places[1].masses[0] == 5);
    assert_true(isnan(t.places[1].masses[1]) && !t.places[1].fault);
    hsd_place_table_finish(&t);
    refused(csv, &(hsd_place_fields){.masses = pop, .mass_count = 2}, HSD_E_FORMAT,
            "has no geometry");
    /* where there are coordinates they are read */
    must(files_text(*state, "n.csv", "id,lon,lat,pop,gdp\na,1,2,3,4\n"), &fields, &t);
    assert_true(t.places[0].geometry.points[0].lat == 2);
    hsd_place_table_finish(&t);
}

static void one_bad_place_has_a_fault_and_the_rest_stay(void **state) {
    hsd_place_table t;
    must(files_text(*state, "f.csv",
                    "id,lon,lat\na,22.5,113.5\nb,abc,1\nc,,1\nd,nan,1\ne,1,2\nf,200,1\n"),
         NULL, &t);
    assert_int_equal(t.place_count, 6);
    assert_non_null(
        strstr(t.places[0].fault,
               "22.5,113.5 are not longitude,latitude (x is the longitude; swapped, or metres?)"));
    assert_non_null(strstr(t.places[1].fault, "line 3: lon is \"abc\""));
    assert_non_null(strstr(t.places[2].fault, "no coordinates"));
    assert_non_null(strstr(t.places[3].fault, "\"nan\""));
    assert_null(t.places[4].fault);
    assert_non_null(t.places[5].fault);
    assert_int_equal(t.places[0].geometry.type, HSD_GEOMETRY_NONE);
    hsd_place_table_finish(&t);

    const char *const features[] = {
        "\"id\":\"bow\"|{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}",
        "\"id\":\"null\"|null",
        "\"id\":\"empty\"|{\"type\":\"Polygon\",\"coordinates\":[]}",
        "\"id\":\"line\"|{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}",
        "\"id\":\"two\"|{\"type\":\"MultiPoint\",\"coordinates\":[[0,0],[1,1]]}",
        "\"id\":\"one\"|{\"type\":\"MultiPoint\",\"coordinates\":[[3,4]]}",
        "\"id\":\"swap\"|{\"type\":\"Polygon\",\"coordinates\":[[[22,113],[23,113],[23,114],[22,"
        "113]]]}",
        "\"id\":\"mix\"|{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\","
        "\"coordinates\":[0,0]},"
        "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}]}",
        "\"id\":\"good\"|{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[0,3],[3,3],[3,0],[0,"
        "0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]],"
        "[[[5,0],[6,0],[6,1],[5,1],[5,0]]]]}",
        NULL};
    must(files_geojson(*state, "f.geojson", features), NULL, &t);
    assert_int_equal(t.place_count, 9);
    static const char *const faults[] = {"not a valid polygon",
                                         "no geometry",
                                         "no geometry", /* so GDAL reads it */
                                         "a line",
                                         "several points",
                                         NULL,
                                         "not longitude,latitude",
                                         "mixed",
                                         NULL};
    for (size_t i = 0; i < 9; i++) {
        if (!faults[i])
            assert_null(t.places[i].fault);
        else if (!t.places[i].fault || !strstr(t.places[i].fault, faults[i]))
            fail_msg("%s: \"%s\"", t.places[i].id,
                     t.places[i].fault ? t.places[i].fault : "(none)");
    }
    assert_true(t.places[5].geometry.points[0].lat == 4);
    const hsd_geometry *g = &t.places[8].geometry; /* wound the right way, hole and two parts */
    assert_int_equal(g->polygon_count, 2);
    assert_int_equal(g->ring_count, 3);
    assert_int_equal(g->polygon_end[0], 2);
    assert_int_equal(g->ring_end[2], 15);
    assert_true(g->points[1].lon == 3 && g->points[1].lat == 0); /* outer: counter-clockwise */
    assert_true(g->points[6].lon == 1 && g->points[6].lat == 2); /* hole: clockwise */
    hsd_place_table_finish(&t);
}

static void tables_with_errors_are_refused(void **state) {
    files *f = *state;
    const char *good = files_text(f, "g.csv", "id,lon,lat,pop\na,1,2,3\n");
    static const char *const wrong_mass[] = {"pupulation"};
    refused(good, &(hsd_place_fields){.masses = wrong_mass, .mass_count = 1}, HSD_E_ARGUMENT,
            "no column \"pupulation\"; there are: id, lon, lat, pop");
    refused(good, &(hsd_place_fields){.name = "nom"}, HSD_E_ARGUMENT, "no column \"nom\"");
    refused(good, &(hsd_place_fields){.lon = "lon"}, HSD_E_ARGUMENT, "both columns");
    refused(files_text(f, "h.csv", "id,lon,lat\na,1,2\n\na,3,4\n"), NULL, HSD_E_FORMAT,
            "h.csv line 4: id \"a\" stands twice, first in line 2");
    refused(files_text(f, "i.csv", "id,lon,lat\n,1,2\n"), NULL, HSD_E_FORMAT,
            "i.csv line 2: its id is empty");
    refused(files_text(f, "j.csv", "lon,lat,pop,gdp\n1,2,-3,0\n"),
            &(hsd_place_fields){.masses = pop, .mass_count = 2}, HSD_E_FORMAT, "j.csv line 2");
    refused(files_text(f, "k.csv", "lon,lat,pop,gdp\n1,2,3,\"1,5\"\n"),
            &(hsd_place_fields){.masses = pop, .mass_count = 2}, HSD_E_FORMAT, "gdp is \"1,5\"");
    refused(files_text(f, "l.csv", "lon,lat,initial_min\n1,2,-1\n"), NULL, HSD_E_FORMAT,
            "initial_min is -1");
    refused(files_text(f, "m.csv", "id,name\na,b\n"), NULL, HSD_E_FORMAT, "columns lon and lat");
    refused(files_text(f, "n.csv", "lon,lat\n"), NULL, HSD_E_FORMAT, "no features");
    refused(files_text(f, "o.csv", ""), NULL, HSD_E_FORMAT, "empty");
    refused(files_path(f, "nothing.csv"), NULL, HSD_E_OPEN, "nothing.csv");
    refused(files_path(f, "nothing.gpkg"), NULL, HSD_E_OPEN, "no such file");
    refused(files_text(f, "p.gpkg", "not a geopackage"), NULL, HSD_E_OPEN,
            "p.gpkg: cannot be read");
    refused(files_text(f, "q.geojson",
                       "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"pro"),
            NULL, HSD_E_OPEN, "q.geojson");
}

static void layers_know_their_fields_and_systems(void **state) {
    files *f = *state;
    const char *const fields[] = {"id:t", "name:t", "pop:r", "gdp:t", NULL};
    const char *const rows[] = {"POINT(500000 0)|a|甲|10.25|7.5", "POINT(500000 0)|b||| ",
                                "POINT(500000 0)|c|丙|3|", NULL};
    const char *const more[] = {"POINT(1 2)|a|x|1|2", NULL};
    const layer_spec two[] = {{"GPKG", "towns", "EPSG:32649", wkbPoint, fields, rows, NULL},
                              {"GPKG", "others", "EPSG:4326", wkbPoint, fields, more, NULL},
                              {"GPKG", "layer_styles", NULL, wkbNone, fields, NULL, NULL}};
    const char *path = files_layers(f, "t.gpkg", two, 3);
    refused(path, NULL, HSD_E_ARGUMENT, "several layers, name one: towns, others");
    refused(path, &(hsd_place_fields){.layer = "town"}, HSD_E_ARGUMENT,
            "no layer \"town\"; there are: towns, others");
    refused(path, &(hsd_place_fields){.layer = "towns", .id = "code"}, HSD_E_ARGUMENT,
            "no field \"code\"; there are: id, name, pop, gdp");
    refused(path, &(hsd_place_fields){.layer = "towns", .masses = pop, .mass_count = 2},
            HSD_E_FORMAT, "feature 2: field \"gdp\" is \" \"");
    const char *const only_pop[] = {"POP"};
    hsd_place_table t;
    must(path, &(hsd_place_fields){.layer = "towns", .masses = only_pop, .mass_count = 1}, &t);
    assert_int_equal(t.place_count, 3);
    assert_string_equal(t.places[0].name, "甲");
    assert_string_equal(t.places[1].name, "");
    assert_true(t.places[0].masses[0] == 10.25 && isnan(t.places[1].masses[0]));
    assert_true(fabs(t.places[0].geometry.points[0].lon - 111) < 1e-9);
    assert_int_equal(t.places[2].feature_id, 3);
    hsd_place_table_finish(&t);
    must(path, &(hsd_place_fields){.layer = "towns", .id = "fid"}, &t);
    assert_string_equal(t.places[2].id, "3");
    hsd_place_table_finish(&t);

    path = files_layers(f, "one.gpkg", two + 1, 2); /* the styles' table is not counted */
    must(path, NULL, &t);
    assert_int_equal(t.place_count, 1);
    assert_true(t.places[0].geometry.points[0].lon == 1);
    hsd_place_table_finish(&t);

    const layer_spec bare = {"GPKG", "bare", NULL, wkbPoint, fields, more, NULL};
    path = files_layers(f, "bare.gpkg", &bare, 1);
    refused(path, NULL, HSD_E_FORMAT, "has no coordinate system; say which with --assume-crs");
    refused(path, &(hsd_place_fields){.assume_crs = "EPSG:x"}, HSD_E_ARGUMENT,
            "\"EPSG:x\" is no coordinate system");
    must(path, &(hsd_place_fields){.assume_crs = "EPSG:4490"},
         &t); /* latitude first by its authority */
    assert_true(fabs(t.places[0].geometry.points[0].lon - 1) < 1e-6);
    assert_true(fabs(t.places[0].geometry.points[0].lat - 2) < 1e-6);
    hsd_place_table_finish(&t);

    const char *const lines[] = {"LINESTRING(0 0,1 1)|a|x|1|2", NULL};
    const layer_spec drawn = {"GPKG", "drawn", "EPSG:4326", wkbLineString, fields, lines, NULL};
    refused(files_layers(f, "l.gpkg", &drawn, 1), NULL, HSD_E_FORMAT,
            "has lines; points or polygons were expected");
    const layer_spec empty = {"GPKG", "empty", "EPSG:4326", wkbPoint, fields, NULL, NULL};
    refused(files_layers(f, "e.gpkg", &empty, 1), NULL, HSD_E_FORMAT, "no features");
}

/* ---- rasters ---- */

/* 3 x 2 cells of 0.1 degrees (or of 10 km) with their upper left corner at x, y. */
static const char *raster(files *f, const char *name, const char *crs, double x, double y,
                          double cell, const float *values, int bands) {
    const char *path = files_path(f, name);
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path, 3, 2, bands, GDT_Float32, NULL);
    double g[6] = {x, cell, 0, y, 0, -cell};
    GDALSetGeoTransform(d, g);
    if (crs) {
        OGRSpatialReferenceH s = OSRNewSpatialReference(NULL);
        OSRSetFromUserInput(s, crs);
        GDALSetSpatialRef(d, s);
        OSRDestroySpatialReference(s);
    }
    GDALSetRasterNoDataValue(GDALGetRasterBand(d, 1), -99999);
    if (GDALRasterIO(GDALGetRasterBand(d, 1), GF_Write, 0, 0, 3, 2, (void *)(uintptr_t)values, 3, 2,
                     GDT_Float32, 0, 0) != CE_None)
        abort();
    GDALClose(d);
    return path;
}

static void cells_with_people_become_places(void **state) {
    const float values[] = {1, 0, -99999, 2.5f, NAN, 4};
    hsd_place_table t;
    hsd_error err = {0};
    const char *path = raster(*state, "p.tif", "EPSG:4326", 113, 23, 0.1, values, 1);
    assert_int_equal(hsd_read_mass_raster(path, "people", NULL, NULL, NULL, &t, &err), HSD_OK);
    assert_int_equal(t.place_count, 3);
    assert_string_equal(t.mass_names[0], "people");
    assert_string_equal(t.places[1].id, "r1c0");
    assert_true(t.places[1].masses[0] == 2.5);
    const hsd_geometry *g =
        &t.places[1].geometry; /* 113-113.1 east, 22.8-22.9 north, counter-clockwise */
    assert_int_equal(g->point_count, 5);
    double west = 181, east = 0, south = 91, north = 0, twice = 0;
    for (int i = 0; i < 4; i++) {
        west = fmin(west, g->points[i].lon), east = fmax(east, g->points[i].lon);
        south = fmin(south, g->points[i].lat), north = fmax(north, g->points[i].lat);
        twice += g->points[i].lon * g->points[i + 1].lat - g->points[i + 1].lon * g->points[i].lat;
    }
    assert_true(fabs(west - 113) < 1e-9 && fabs(east - 113.1) < 1e-9);
    assert_true(fabs(south - 22.8) < 1e-9 && fabs(north - 22.9) < 1e-9);
    assert_true(fabs(twice / 2 - 0.01) < 1e-9);
    assert_true(g->points[0].lon == g->points[4].lon && g->points[0].lat == g->points[4].lat);
    hsd_place_table_finish(&t);
    /* a window inside the first cell; and one that touches nothing */
    hsd_box_e7 window = {1130200000, 229200000, 1130500000, 229500000};
    assert_int_equal(hsd_read_mass_raster(path, "people", NULL, &window, NULL, &t, &err), HSD_OK);
    assert_int_equal(t.place_count, 1);
    assert_string_equal(t.places[0].id, "r0c0");
    hsd_place_table_finish(&t);
    window = (hsd_box_e7){0, 0, 1, 1};
    assert_int_equal(hsd_read_mass_raster(path, "people", NULL, &window, NULL, &t, &err), HSD_OK);
    assert_int_equal(t.place_count, 0);
    hsd_place_table_finish(&t);
}

static void projected_rasters_are_brought_to_degrees(void **state) {
    const float values[] = {1, 1, 1, 1, 1, 1};
    hsd_place_table t;
    hsd_error err = {0};
    const char *path = raster(*state, "u.tif", "EPSG:32649", 490000, 10000, 10000, values, 1);
    assert_int_equal(hsd_read_mass_raster(path, "people", NULL, NULL, NULL, &t, &err), HSD_OK);
    assert_int_equal(t.place_count, 6);
    const hsd_geometry *g =
        &t.places[1].geometry; /* its lower left corner is (500000, 0): 111 E, 0 N */
    double best = 1;
    for (int i = 0; i < 4; i++) best = fmin(best, hypot(g->points[i].lon - 111, g->points[i].lat));
    assert_true(best < 1e-9);
    hsd_place_table_finish(&t);
    hsd_box_e7 window = {1109990000, -1000, 1110010000,
                         1000}; /* both sides of 111 E and the equator */
    assert_int_equal(hsd_read_mass_raster(path, "people", NULL, &window, NULL, &t, &err), HSD_OK);
    assert_int_equal(t.place_count, 4);
    hsd_place_table_finish(&t);
}

static void raster_refused(const char *path, hsd_status want, const char *what) {
    hsd_place_table t;
    hsd_error err = {0};
    hsd_status status = hsd_read_mass_raster(path, "people", NULL, NULL, NULL, &t, &err);
    if (status != want || !strstr(err.message, what))
        fail_msg("status %d, \"%s\"", (int)status, err.message);
    assert_null(t.places);
}

/* 2001 x 2001 cells of one person: more than 4 million, but not in a small window. */
static void more_cells_than_memory_holds_are_refused_with_a_way_out(void **state) {
    enum { SIDE = 2001 };
    const char *path = files_path(*state, "large.tif");
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path, SIDE, SIDE, 1, GDT_Byte, NULL);
    double at[6] = {113, 0.0001, 0, 23, 0, -0.0001};
    GDALSetGeoTransform(d, at);
    OGRSpatialReferenceH s = OSRNewSpatialReference(NULL);
    OSRSetFromUserInput(s, "EPSG:4326");
    GDALSetSpatialRef(d, s);
    OSRDestroySpatialReference(s);
    assert_int_equal(GDALFillRaster(GDALGetRasterBand(d, 1), 1, 0), CE_None);
    GDALClose(d);
    raster_refused(path, HSD_E_MEMORY, "large.tif: 4004001 cells with people");
    raster_refused(path, HSD_E_MEMORY, "aggregate it");
    hsd_place_table t;
    hsd_error err = {0};
    hsd_box_e7 window = {1130000500, 229998500, 1130002500, 229999500}; /* columns 0-2, rows 0, 1 */
    assert_int_equal(hsd_read_mass_raster(path, "people", NULL, &window, NULL, &t, &err), HSD_OK);
    assert_int_equal(t.place_count, 6);
    hsd_place_table_finish(&t);
}

static void bad_rasters_are_refused(void **state) {
    files *f = *state;
    const float negative[] = {1, 2, 3, 4, -5, 6}, good[] = {1, 1, 1, 1, 1, 1},
                endless[] = {1, 1, INFINITY, 1, 1, 1};
    raster_refused(raster(f, "n.tif", "EPSG:4326", 0, 1, 0.1, negative, 1), HSD_E_FORMAT,
                   "n.tif row 1 column 1: -5");
    raster_refused(raster(f, "i.tif", "EPSG:4326", 0, 1, 0.1, endless, 1), HSD_E_FORMAT,
                   "i.tif row 0 column 2");
    raster_refused(raster(f, "b.tif", "EPSG:4326", 0, 1, 0.1, good, 2), HSD_E_FORMAT,
                   "has 2 bands");
    raster_refused(raster(f, "c.tif", NULL, 0, 1, 0.1, good, 1), HSD_E_FORMAT,
                   "no coordinate system");
    raster_refused(raster(f, "s.tif", "EPSG:4326", 22, 113, 0.1, good, 1), HSD_E_FORMAT,
                   "not longitude,latitude");
    raster_refused(files_text(f, "t.tif", "II*"), HSD_E_OPEN, "t.tif");
    raster_refused(files_path(f, "none.tif"), HSD_E_OPEN, "no such file");
}

/* ---- barriers ---- */

static void barriers_are_united_and_valid(void **state) {
    files *f = *state;
    const char *const features[] = {
        "|{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,1],[0,1],[0,0]]]}",
        "|{\"type\":\"Polygon\",\"coordinates\":[[[1,0],[3,0],[3,1],[1,1],[1,0]]]}",
        "|{\"type\":\"Polygon\",\"coordinates\":[[[10,0],[11,1],[11,0],[10,1],[10,0]]"
        "]}", /* a bow tie: two triangles */
        "|null", NULL};
    hsd_geometry g;
    hsd_error err = {0};
    if (hsd_read_barriers(files_geojson(f, "b.geojson", features), NULL, NULL, NULL, NULL, &g,
                          &err) != HSD_OK)
        fail_msg("%s", err.message);
    assert_int_equal(g.polygon_count, 3);
    double twice = 0; /* 3 square degrees and twice a quarter */
    for (size_t r = 0, i = 0; r < g.ring_count; i = g.ring_end[r++])
        for (; i + 1 < g.ring_end[r]; i++)
            twice += g.points[i].lon * g.points[i + 1].lat - g.points[i + 1].lon * g.points[i].lat;
    assert_true(fabs(twice / 2 - 3.5) < 1e-12);
    hsd_geometry_finish(&g);
    const char *const line[] = {"|{\"type\":\"LineString\",\"coordinates\":[[0,0],[2,0]]}", NULL};
    assert_int_equal(
        hsd_read_barriers(files_geojson(f, "l.geojson", line), NULL, NULL, NULL, NULL, &g, &err),
        HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "l.geojson feature 0: a polygon was expected, not a line"));
    const char *const nothing[] = {"|null", NULL};
    assert_int_equal(
        hsd_read_barriers(files_geojson(f, "n.geojson", nothing), NULL, NULL, NULL, NULL, &g, &err),
        HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "has no polygons"));
}

static void memory_failures_are_reported_and_leak_nothing(void **state) {
    files *f = *state;
    const char *csv =
        files_text(f, "m.csv", "id,name,lon,lat,pop,gdp\na,x,1,2,3,4\nb,y,200,2,3,4\n");
    const float values[] = {1, 0, 0, 2, 0, 0};
    const char *tif = raster(f, "m.tif", "EPSG:4326", 0, 1, 0.1, values, 1);
    for (int which = 0; which < 2; which++) {
        hsd_status status = HSD_E_MEMORY;
        uint64_t n = 1;
        for (; status == HSD_E_MEMORY && n < 500; n++) {
            hsd_place_table t;
            hsd_memory_fail_at(n);
            status = which ? hsd_read_mass_raster(tif, "m", NULL, NULL, NULL, &t, NULL)
                           : hsd_read_places(
                                 csv,
                                 &(hsd_place_fields){
                                     .masses = pop, .mass_count = 2, .texts = pop, .text_count = 2},
                                 NULL, &t, NULL);
            hsd_memory_fail_at(0);
            hsd_place_table_finish(&t);
        }
        assert_int_equal(status, HSD_OK);
        assert_true(n > 15);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_points_keep_names_and_masses),
        cmocka_unit_test(columns_of_a_csv_have_several_names),
        cmocka_unit_test(further_fields_are_kept_as_texts),
        cmocka_unit_test(a_table_of_masses_needs_no_coordinates),
        cmocka_unit_test(one_bad_place_has_a_fault_and_the_rest_stay),
        cmocka_unit_test(tables_with_errors_are_refused),
        cmocka_unit_test(layers_know_their_fields_and_systems),
        cmocka_unit_test(cells_with_people_become_places),
        cmocka_unit_test(projected_rasters_are_brought_to_degrees),
        cmocka_unit_test(more_cells_than_memory_holds_are_refused_with_a_way_out),
        cmocka_unit_test(bad_rasters_are_refused),
        cmocka_unit_test(barriers_are_united_and_valid),
        cmocka_unit_test(memory_failures_are_reported_and_leak_nothing),
    };
    return cmocka_run_group_tests(tests, files_begin, files_end) != 0;
}
