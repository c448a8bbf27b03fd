/* Proposals files: what a row says, right and wrong. 0.001 degrees are 111 m. */
#include <math.h>

#include "proposals.h"

/* A lone link, "WKT|..." as link_fields says. */
static void link_refused(files *f, const char *row, const char *what) {
    const char *const rows[] = {ROW "|p||||50|", row, NULL};
    refused(links(f, "bad.gpkg", rows), what);
}

static void the_schema_is_sound(void **state) {
    (void)state;
    size_t count;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    bool seen[HSD_LAYER_COUNT] = {false};
    for (size_t i = 0; i < count; i++) {
        const hsd_proposal_field *f = &fields[i];
        assert_true(f->help[0] && f->help_zh[0] && f->min < f->max);
        if (i && fields[i - 1].layer != f->layer) assert_false(seen[f->layer]); /* together */
        seen[f->layer] = true;
        bool stands = !f->preset || !f->words;
        for (size_t k = 0; f->words && f->words[k]; k++)
            stands = stands || strcmp(f->words[k], f->preset) == 0;
        assert_true(stands);
        for (size_t k = 0; k < count; k++)
            if (k != i && fields[k].layer == f->layer)
                assert_string_not_equal(fields[k].name, f->name);
    }
    static const char *const every[] = {"proposal", "status", "opened", "note"};
    for (int l = 0; l < HSD_LAYER_COUNT; l++)
        for (size_t e = 0; e < 4; e++) {
            bool found = false;
            for (size_t i = 0; i < count; i++)
                found = found || ((int)fields[i].layer == l && !strcmp(fields[i].name, every[e]));
            assert_true(found);
        }
    assert_string_equal(hsd_proposal_layer_name(HSD_LAYER_SPEED_CHANGES), "speed_changes");
    assert_int_equal(hsd_proposal_geometry(HSD_LAYER_CLOSURES), HSD_GEOMETRY_POLYGON);
    assert_int_equal(hsd_proposal_geometry(HSD_LAYER_SERVICES), HSD_GEOMETRY_NONE);
}

/* The man page as text: \[u4E2D] becomes the character. */
static char *man_page(void) {
    char path[300], *page = calloc(1, 100000);
    const char *root = getenv("HSD_SOURCE_ROOT");
    snprintf(path, sizeof path, "%s/docs/man/hourshed-proposals.5", root ? root : ".");
    FILE *file = fopen(path, "rb");
    if (!file || !page) fail_msg("%s: not there", path);
    size_t n = 0;
    unsigned code;
    for (int c; (c = fgetc(file)) != EOF && n < 99990;) {
        if (c == '\\' && fscanf(file, "[u%4x]", &code) == 1)
            n += (size_t)snprintf(page + n, 4, "%c%c%c", 0xE0 | (int)(code >> 12),
                                  0x80 | (int)(code >> 6 & 63), 0x80 | (int)(code & 63));
        else
            page[n++] = (char)c;
    }
    fclose(file);
    return page;
}

static void every_field_and_its_other_names_stand_in_the_man_page(void **state) {
    (void)state;
    char *page = man_page();
    size_t count;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    for (size_t i = 0; i < count; i++) {
        const hsd_proposal_field *f = &fields[i];
        if (!strstr(page, f->name)) fail_msg("field %s", f->name);
        if (f->layer == HSD_LAYER_STATIONS || f->layer == HSD_LAYER_SERVICES) continue;
        for (const char *const *name = f->aliases; name && *name; name++)
            if (!strstr(page, *name)) fail_msg("%s of field %s", *name, f->name);
        for (const char *const *word = f->words; word && *word; word++)
            if (!strstr(page, **word == '-' ? *word + 1 : *word)) fail_msg("word %s", *word);
    }
    free(page);
}

static void every_field_of_a_link_is_read(void **state) {
    const char *const rows[] = {
        "LINESTRING Z(113 22 5,113.01 22 6,113.01 22.01 7)|桥|伶仃|ferry|bridge|90|12.5|3.1|-1|"
        "car;coach|15|66|460|2030|planned|2024-06-30|crossings|yes|no|yes|draft",
        NULL};
    hsd_proposal_table t;
    must(links(*state, "a.gpkg", rows), &t);
    assert_int_equal(t.link_count, 1);
    const hsd_link_row *l = &t.links[0];
    assert_int_equal(l->proposal, 0);
    assert_int_equal(l->feature_id, 1);
    assert_int_equal(l->part, 0);
    assert_string_equal(l->name, "伶仃");
    assert_int_equal(l->kind, HSD_KIND_FERRY);
    assert_string_equal(l->road_class, "bridge");
    assert_true(l->speed_kmh == 90 && l->minutes == 12.5 && l->length_km == 3.1);
    assert_int_equal(l->oneway, -1);
    assert_string_equal(l->modes, "car;coach");
    assert_true(l->wait_min == 15 && l->toll == 66 && l->cost == 460);
    assert_int_equal(l->connect, HSD_CONNECT_CROSSINGS);
    assert_true(l->bridge && !l->tunnel && l->access);
    assert_int_equal(l->line.type, HSD_GEOMETRY_LINE);
    assert_int_equal(l->line.ring_count, 1);
    assert_int_equal(l->line.point_count, 3);
    assert_true(l->line.points[2].lon == 113.01 && l->line.points[2].lat == 22.01);
    assert_int_equal(t.proposal_count, 1);
    assert_string_equal(t.proposals[0].name, "桥");
    assert_string_equal(t.proposals[0].status, "planned");
    assert_string_equal(t.proposals[0].opened, "2024-06-30");
    assert_true(t.proposals[0].year == 2030 && t.proposals[0].cost == 460);
    assert_int_equal(t.proposals[0].rows, 1);
    assert_string_equal(t.links_name, "links");
    assert_int_equal(issues.errors, 0);
    remarked("links feature 1: minutes and speed_kmh are both given: minutes win");
    hsd_proposal_table_finish(&t);
}

static void what_is_not_given_has_its_preset(void **state) {
    const char *const rows[] = {ROW "|p|  |||60|||||||||||||||", NULL};
    hsd_proposal_table t;
    must(links(*state, "e.gpkg", rows), &t);
    const hsd_link_row *l = &t.links[0];
    assert_null(l->name);
    assert_null(l->road_class);
    assert_null(l->modes);
    assert_int_equal(l->kind, HSD_KIND_ROAD);
    assert_int_equal(l->connect, HSD_CONNECT_ENDS);
    assert_int_equal(l->oneway, 0);
    assert_false(l->bridge || l->tunnel || l->access);
    assert_true(isnan(l->minutes) && isnan(l->length_km) && isnan(l->wait_min));
    assert_true(isnan(l->toll) && isnan(l->cost) && isnan(t.proposals[0].cost));
    assert_true(isnan(t.proposals[0].year));
    assert_null(t.proposals[0].status);
    assert_null(t.proposals[0].opened);
    assert_int_equal(issues.count, 0);
    hsd_proposal_table_finish(&t);
}

static void chinese_and_other_usual_field_names_are_understood(void **state) {
    hsd_proposal_table t;
    must(one(*state, "\"名称\":\"深中\",\"设计时速\":100,\"长度km\":1.5,\"等级\":\"高速\","
                     "\"单向\":\"正向\",\"状态\":\"在建\",\"造价\":7,\"开通\":\"2024\",\"项目\":"
                     "\"x\"|" LINE),
         &t);
    const hsd_link_row *l = &t.links[0];
    assert_string_equal(l->name, "深中");
    assert_true(l->speed_kmh == 100 && l->length_km == 1.5 && l->cost == 7);
    assert_string_equal(l->road_class, "高速");
    assert_int_equal(l->oneway, 1);
    assert_string_equal(t.proposals[0].name, "x");
    assert_string_equal(t.proposals[0].status, "在建");
    assert_string_equal(t.proposals[0].opened, "2024");
    hsd_proposal_table_finish(&t);
    must(one(*state, "\"Name\":\"A\",\"MAXSPEED\":\"50\",\"highway\":\"primary\"|" LINE), &t);
    assert_string_equal(t.links[0].name, "A");
    assert_string_equal(t.links[0].road_class, "primary");
    assert_true(t.links[0].speed_kmh == 50);
    assert_string_equal(t.links_name, "one");
    hsd_proposal_table_finish(&t);
}

/* A shapefile that does not say its encoding. */
static const char *silent_shapefile(files *f, const char *encoding, const char *const *fields,
                                    const char *const *rows) {
    static char path[200];
    char option[40], cpg[200];
    snprintf(option, sizeof option, "ENCODING=%s", encoding);
    const char *const options[] = {option, NULL};
    layer_spec spec = {"ESRI Shapefile", "x", "EPSG:32649", wkbLineString, fields, rows, options};
    snprintf(path, sizeof path, "%s", files_layers(f, "gbk.shp", &spec, 1));
    snprintf(cpg, sizeof cpg, "%s", path);
    memcpy(cpg + strlen(cpg) - 3, "cpg", 3);
    if (unlink(cpg) != 0) abort();
    return path;
}

static const char *gbk_shapefile(files *f) {
    static const char *const rows[] = {"LINESTRING(500000 0,501000 0)|沿江大桥|80|规划",
                                       "LINESTRING(500000 9,501000 9)|滨海路|60|", NULL};
    static const char *const fields[] = {"名称:t", "时速:r", "备用:t", NULL};
    return silent_shapefile(f, "GBK", fields, rows);
}

static void a_gbk_shapefile_without_cpg_needs_its_encoding_alone(void **state) {
    hsd_proposal_table t;
    const char *path = gbk_shapefile(*state);
    must_with(&(hsd_proposal_source){.path = path, .encoding = "GBK"}, &t);
    assert_int_equal(t.link_count, 2);
    assert_int_equal(t.proposal_count, 2);
    assert_string_equal(t.proposals[0].name, "沿江大桥"); /* bytes: e6 b2, e6 bb */
    assert_string_equal(t.proposals[1].name, "滨海路");
    assert_string_equal(t.links[0].name, "沿江大桥");
    assert_true(t.links[0].speed_kmh == 80 && t.links[1].speed_kmh == 60);
    assert_true(fabs(t.links[0].line.points[0].lon - 111) < 1e-9); /* the middle of zone 49 */
    remarked("gbk: fields not read: 备用");
    hsd_proposal_table_finish(&t);
    refused_with(&(hsd_proposal_source){.path = path, .encoding = "GBKK"}, HSD_E_ARGUMENT,
                 "unknown encoding \"GBKK\"");
}

static void a_shapefile_that_hides_its_encoding_is_known_by_its_fields(void **state) {
    hsd_proposal_table t;
    must(gbk_shapefile(*state), &t);
    assert_string_equal(t.proposals[0].name, "沿江大桥");
    assert_true(t.links[0].speed_kmh == 80);
    remarked("gbk.shp does not say its encoding: read as GBK, for its field \"名称\"");
    hsd_proposal_table_finish(&t);
    const char *const fields[] = {"路名:t", "时速:r", NULL}, *const latin[] = {
                                                                 "name:t", "maxspeed:r",
                                                                 "observação:t", NULL};
    const char *const rows[] = {"LINESTRING(500000 0,501000 0)|江|80", NULL},
                      *const streets[] = {"LINESTRING(500000 0,501000 0)|São João|80|é", NULL};
    must(silent_shapefile(*state, "UTF-8", fields, rows), &t);
    assert_string_equal(t.proposals[0].name, "江");
    remarked("read as UTF-8, for its field \"路名\"");
    hsd_proposal_table_finish(&t);
    refused(silent_shapefile(*state, "ISO-8859-1", latin, streets),
            "gbk feature 0: field \"name\" is not UTF-8"); /* no field says what it is */
    remarked("fields not read: ");
}

static void a_map_wins_over_names(void **state) {
    hsd_proposal_table t;
    const char *path = one(*state, "\"name\":\"wrong\",\"名称\":\"also wrong\",\"title\":\"right\","
                                   "\"v\":70,\"speed_kmh\":5|" LINE);
    must_with(&(hsd_proposal_source){.path = path, .map = "name=title, SPEED_KMH = v"}, &t);
    assert_string_equal(t.links[0].name, "right");
    assert_true(t.links[0].speed_kmh == 70);
    remarked("one: fields not read: name, 名称, speed_kmh");
    hsd_proposal_table_finish(&t);
    /* a field that the map uses serves nothing else */
    must_with(&(hsd_proposal_source){.path = path, .map = "class=name"}, &t);
    assert_string_equal(t.links[0].road_class, "wrong");
    assert_string_equal(t.links[0].name, "also wrong");
    hsd_proposal_table_finish(&t);
}

static void a_wrong_map_says_what_there_is(void **state) {
    const char *path = one(*state, "\"名称\":\"x\",\"v\":70|" LINE);
    refused_with(&(hsd_proposal_source){.path = path, .map = "speed=v"}, HSD_E_ARGUMENT,
                 "fields: links has no \"speed\"; there are: proposal, name, kind, class, "
                 "speed_kmh");
    refused_with(&(hsd_proposal_source){.path = path, .map = "name=名称,speed_kmh=w"},
                 HSD_E_ARGUMENT, "one has no field \"w\"; there are: 名称, v");
    refused_with(&(hsd_proposal_source){.path = path, .map = "name"}, HSD_E_ARGUMENT,
                 "pairs such as name=");
    refused_with(&(hsd_proposal_source){.path = path, .map = "name=v,"}, HSD_E_ARGUMENT,
                 "pairs such as name=");
    refused_with(&(hsd_proposal_source){.path = path, .map = "name=v,NAME=名称"}, HSD_E_ARGUMENT,
                 "fields: \"NAME\" is given twice");
}

static void names_cut_to_ten_bytes_are_understood(void **state) {
    files *f = *state;
    const char *const rows[] = {"LINESTRING(113 21.9,113 22.1)|border|20|45", NULL};
    const char *const fields[] = {"proposal:t", "typical_mi:r", "high_min:r", NULL};
    layer_spec spec = {"ESRI Shapefile", "waits", "EPSG:4326", wkbLineString, fields, rows, NULL};
    hsd_proposal_table t;
    must(files_layers(f, "waits.shp", &spec, 1), &t);
    assert_int_equal(t.wait_count, 1);
    assert_true(t.waits[0].minutes[1] == 20 && t.waits[0].minutes[2] == 45);
    assert_int_equal(issues.count, 0);
    hsd_proposal_table_finish(&t);
    must(one(f, "\"设计时\":50|" LINE), &t); /* ten bytes hold three of 设计时速 */
    assert_true(t.links[0].speed_kmh == 50);
    hsd_proposal_table_finish(&t);
}

static void fields_that_are_not_read_are_listed_once(void **state) {
    hsd_proposal_table t;
    const char *const features[] = {"\"minutes\":1,\"Shape_Leng\":5,\"id\":1,\"颜色\":\"红\"|" LINE,
                                    "\"minutes\":1,\"note\":\"n\",\"id\":2|" LINE, NULL};
    must(files_geojson(*state, "i.geojson", features), &t);
    assert_int_equal(issues.remarks, 1);
    assert_string_equal(issues.list[0].text, "i: fields not read: Shape_Leng, 颜色");
    hsd_proposal_table_finish(&t);
}

static void words_may_be_said_in_several_ways(void **state) {
    static const struct {
        const char *properties;
        int oneway;
        bool bridge;
    } rows[] = {
        {"\"oneway\":\"F\",\"bridge\":\"T\"", 1, true},
        {"\"oneway\":\"T\",\"bridge\":\"F\"", -1, false},
        {"\"oneway\":\"B\",\"bridge\":true", 0, true},
        {"\"oneway\":true,\"bridge\":\"是\"", 1, true},
        {"\"oneway\":\"YES\",\"bridge\":0", 1, false},
        {"\"oneway\":-1,\"bridge\":1", -1, true},
        {"\"oneway\":\"双向\",\"bridge\":\"否\"", 0, false},
        {"\"oneway\":\"反向\",\"bridge\":\"\"", -1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[400];
        snprintf(text, sizeof text, "\"minutes\":1,\"kind\":\"公路\",%s|" LINE, rows[i].properties);
        hsd_proposal_table t;
        must(one(*state, text), &t);
        assert_int_equal(t.links[0].oneway, rows[i].oneway);
        assert_int_equal(t.links[0].bridge, rows[i].bridge);
        hsd_proposal_table_finish(&t);
    }
}

static void bad_values_name_layer_feature_and_field(void **state) {
    files *f = *state;
    link_refused(f, ROW "|p||||0",
                 "links feature 2: field \"speed_kmh\" is 0; speed_kmh above 0 "
                 "and at most 400 was expected");
    link_refused(f, ROW "|p||||401", "field \"speed_kmh\" is 401");
    link_refused(f, ROW "|p||||-5", "field \"speed_kmh\" is -5");
    link_refused(f, ROW "|p|||||0", "field \"minutes\" is 0; minutes above 0 and at most 1440");
    link_refused(f, ROW "|p|||||1441", "field \"minutes\" is 1441");
    link_refused(f, ROW "|p|||||5|0", "field \"length_km\" is 0");
    link_refused(f, ROW "|p|||||5|3000", "length_km is 3000, but the line is drawn 1.03 km long");
    link_refused(f, ROW "|p|||||5||||-1", "field \"wait_min\" is -1; wait_min of at least 0");
    link_refused(f, ROW "|p||bus||50", "field \"kind\" is \"bus\"; road, rail, ferry or walk was");
    link_refused(f, ROW "|p||||50|||maybe", "field \"oneway\" is \"maybe\"; no, yes or -1 was");
    link_refused(f, ROW "|p||||50|||||||||||sides",
                 "field \"connect\" is \"sides\"; ends, crossings or junctions was expected");
    link_refused(f, ROW "|p||||50||||||||||24-6",
                 "field \"opened\" is \"24-6\"; YYYY-MM-DD, YYYY-MM or YYYY was expected");
    link_refused(f, ROW "|p||||50||||||||||2024-02-30", "field \"opened\" is \"2024-02-30\"");
    link_refused(f, ROW "|p||||50||||car;;bus", "modes is \"car;;bus\": an empty word");
    link_refused(f, ROW "|p|", "links feature 2: neither class, speed_kmh nor minutes");
    refused(one(f, "\"speed_kmh\":\"60 km/h\"|" LINE),
            "one feature 0: field \"speed_kmh\" is \"60 km/h\"; a number");
    refused(one(f, "\"时速\":\"nan\"|" LINE), "one feature 0: field \"时速\" is \"nan\"; a number");
    refused(one(f, "\"minutes\":1e999|" LINE), "one feature 0: field \"minutes\"");
}

static void bad_shapes_name_layer_and_feature(void **state) {
    files *f = *state;
#define REST "|p||||50"
    link_refused(f, "POINT(113 22)" REST, "links feature 2: a point; a line was expected");
    link_refused(f, "POLYGON((0 0,1 0,1 1,0 0))" REST, "feature 2: a polygon; a line was expected");
    link_refused(f, REST, "links feature 2: no geometry; a line was expected");
    link_refused(f, "LINESTRING EMPTY" REST, "links feature 2: no geometry; a line");
    link_refused(f, "LINESTRING(113 22,113 22,113 22)" REST,
                 "links feature 2: a line without length: all its points are equal");
    link_refused(f, "LINESTRING(22 113,22 114)" REST,
                 "links feature 2: coordinates 22,113 are not longitude,latitude");
    link_refused(f, "GEOMETRYCOLLECTION(LINESTRING(0 0,1 1),POINT(0 0))" REST, "mixed");
    const char *const bow[] = {"POLYGON((0 0,1 1,1 0,0 1,0 0))|p|1", NULL};
    const char *const flat[] = {"LINESTRING(0 0,1 1)|p|1", NULL};
    const char *const fields[] = {"proposal:t", "factor:r", NULL};
    layer_spec speeds = {"GPKG", "speed_changes", "EPSG:4326", wkbUnknown, fields, bow, NULL};
    refused(files_layers(f, "bow.gpkg", &speeds, 1),
            "speed_changes feature 1: not a valid polygon: ");
    speeds.rows = flat;
    refused(files_layers(f, "flat.gpkg", &speeds, 1),
            "speed_changes feature 1: a line; a polygon was expected");
}

static void parts_that_continue_each_other_are_one_line(void **state) {
    const char *const rows[] = {
        /* out of order, with a repeated point and a part without length */
        "MULTILINESTRING((113.02 22,113.03 22),(113 22,113.01 22,113.01 22),"
        "(113.01 22,113.02 22),(113.5 22,113.5 22))|a|||||5",
        "MULTILINESTRING((113 23,113.01 23),(113.01 23,113 23))|ring|||||5", NULL};
    hsd_proposal_table t;
    must(links(*state, "m.gpkg", rows), &t);
    assert_int_equal(t.link_count, 2);
    const hsd_geometry *g = &t.links[0].line;
    assert_int_equal(g->ring_count, 1);
    assert_int_equal(g->point_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(g->points[i].lon - 113 - 0.01 * (double)i) < 1e-9);
    assert_int_equal(t.links[1].line.point_count, 3);
    assert_true(t.links[1].line.points[1].lon == 113.01);
    hsd_proposal_table_finish(&t);
}

static void parts_apart_are_links_of_their_own(void **state) {
    files *f = *state;
    const char *const rows[] = {
        "MULTILINESTRING((113 22,113.01 22),(113.1 22,113.11 22))|a|n|||50||||car||2|10", /* apart
                                                                                           */
        "MULTILINESTRING((113 22,113.01 22),(113.02 22,113.01 22))|b||||50|||||||10", /* head on */
        "MULTILINESTRING((113 22,113.01 22),(113.01 22,113.02 22),(113.01 22,113.01 23))|c||||50",
        NULL}; /* a fork */
    hsd_proposal_table t;
    must(links(f, "p.gpkg", rows), &t);
    assert_int_equal(t.link_count, 2 + 2 + 3);
    for (uint32_t i = 0; i < 7; i++) {
        static const uint32_t part[] = {0, 1, 0, 1, 0, 1, 2}, feature[] = {1, 1, 2, 2, 3, 3, 3};
        assert_int_equal(t.links[i].part, part[i]);
        assert_int_equal(t.links[i].feature_id, feature[i]);
        assert_int_equal(t.links[i].line.point_count, 2);
    }
    assert_string_equal(t.links[1].name, "n");
    assert_string_equal(t.links[1].modes, "car");
    assert_true(t.links[1].toll == 2 && t.links[1].speed_kmh == 50);
    assert_true(t.proposals[0].cost == 10); /* once a feature */
    assert_true(t.links[0].cost == 10 && isnan(t.links[1].cost));
    assert_int_equal(t.proposals[0].rows, 1);
    hsd_proposal_table_finish(&t);
    link_refused(f, "MULTILINESTRING((113 22,113.01 22),(113.1 22,113.11 22))|a|||||5",
                 "links feature 2: minutes of a line in 2 parts that do not continue each other");
    link_refused(f, "MULTILINESTRING((113 22,113.01 22),(113.1 22,113.11 22))|a||||50||5",
                 "links feature 2: length_km of a line in 2 parts");
}

static void dates_come_as_text_numbers_or_dates(void **state) {
    hsd_proposal_table t;
    const char *const of_dates[] = {"\"minutes\":1,\"opened\":\"2024-06-30\"|" LINE, NULL};
    must(files_geojson(*state, "d.geojson", of_dates), &t); /* GDAL makes it a date field */
    assert_string_equal(t.proposals[0].opened, "2024-06-30");
    hsd_proposal_table_finish(&t);
    const char *const of_times[] = {"\"minutes\":1,\"opened\":\"2024-06-30T15:00:00Z\"|" LINE,
                                    NULL};
    must(files_geojson(*state, "t.geojson", of_times), &t);
    assert_string_equal(t.proposals[0].opened, "2024-06-30");
    hsd_proposal_table_finish(&t);
    const char *const of_years[] = {"\"minutes\":1,\"opened\":2024|" LINE, NULL};
    must(files_geojson(*state, "y.geojson", of_years), &t);
    assert_string_equal(t.proposals[0].opened, "2024");
    hsd_proposal_table_finish(&t);
}

static void lengths_that_hardly_can_be_are_remarked(void **state) {
    const char *const rows[] = {ROW "|p||||60||1.03", ROW "|p||||60||5", ROW "|p||||60||0.5",
                                ROW "|p||||60||6", NULL};
    hsd_proposal_table t;
    must(links(*state, "l.gpkg", rows), &t); /* drawn 1.032 km */
    remarked(
        "links feature 2 and 1 more: length_km is more than three times the length it is drawn");
    remarked("links feature 3: length_km is less than the straight line between its ends");
    hsd_proposal_table_finish(&t);
}

static void issues_may_be_nobodys(void **state) {
    hsd_proposal_table t;
    hsd_error err = {0};
    const hsd_proposal_source source = {.path = one(*state, "\"minutes\":0|" LINE)};
    assert_int_equal(hsd_read_proposals(&source, NULL, &t, NULL, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "one feature 0: field \"minutes\" is 0"));
    assert_null(t.links);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_is_sound),
        cmocka_unit_test(every_field_and_its_other_names_stand_in_the_man_page),
        cmocka_unit_test(every_field_of_a_link_is_read),
        cmocka_unit_test(what_is_not_given_has_its_preset),
        cmocka_unit_test(chinese_and_other_usual_field_names_are_understood),
        cmocka_unit_test(a_gbk_shapefile_without_cpg_needs_its_encoding_alone),
        cmocka_unit_test(a_shapefile_that_hides_its_encoding_is_known_by_its_fields),
        cmocka_unit_test(a_map_wins_over_names),
        cmocka_unit_test(a_wrong_map_says_what_there_is),
        cmocka_unit_test(names_cut_to_ten_bytes_are_understood),
        cmocka_unit_test(fields_that_are_not_read_are_listed_once),
        cmocka_unit_test(words_may_be_said_in_several_ways),
        cmocka_unit_test(bad_values_name_layer_feature_and_field),
        cmocka_unit_test(bad_shapes_name_layer_and_feature),
        cmocka_unit_test(parts_that_continue_each_other_are_one_line),
        cmocka_unit_test(parts_apart_are_links_of_their_own),
        cmocka_unit_test(dates_come_as_text_numbers_or_dates),
        cmocka_unit_test(lengths_that_hardly_can_be_are_remarked),
        cmocka_unit_test(issues_may_be_nobodys),
    };
    return cmocka_run_group_tests(tests, files_begin, end) != 0;
}
