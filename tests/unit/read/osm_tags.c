/* Tag rules of docs/methods.md section 1, one sentence each; expected values worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "read/osm_tags.h"

#define TAG_MAX 12

/* "highway=primary|oneway=yes" to tags, in a buffer of the caller. */
typedef struct tag_text {
    char text[512];
    hsd_osm_tag list[TAG_MAX];
    size_t count;
} tag_text;

static hsd_osm_tags tags_of(tag_text *t, const char *text) {
    assert_true(strlen(text) < sizeof t->text);
    strcpy(t->text, text);
    t->count = 0;
    for (char *at = t->text; at && *at;) {
        char *end = strchr(at, '|'), *equals = strchr(at, '=');
        if (end) *end++ = 0;
        assert_non_null(equals);
        assert_true(t->count < TAG_MAX);
        *equals = 0;
        t->list[t->count++] = (hsd_osm_tag){at, equals + 1};
        at = end;
    }
    return (hsd_osm_tags){t->list, t->count};
}

static bool counts(const char *text) {
    tag_text t;
    hsd_osm_road road;
    return hsd_osm_read_road(tags_of(&t, text), &road);
}

/* Texts in the road point into a static buffer: one road at a time. */
static hsd_osm_road road_of(const char *text) {
    static tag_text t;
    hsd_osm_road road;
    assert_true(hsd_osm_read_road(tags_of(&t, text), &road));
    return road;
}

/* "cwb" for modes car, walk, bicycle; "-" for none. */
static const char *letters(unsigned modes) {
    static const char *const texts[8] = {"-", "c", "w", "cw", "b", "cb", "wb", "cwb"};
    return texts[modes & 7];
}

#define YES(text) letters(road_of(text).yes[0])
#define NO(text) letters(road_of(text).no[0])
#define NO_FORWARD(text) letters(road_of(text).no[0])
#define NO_BACKWARD(text) letters(road_of(text).no[1])

static void only_highways_and_ferries_count(void **state) {
    (void)state;
    const char *const in[] = {"highway=primary",
                              "highway=footway",
                              "highway=whatever",
                              "route=ferry",
                              "highway=construction|route=ferry",
                              "highway=service|area=no"};
    const char *const out[] = {"",
                               "name=x",
                               "highway=",
                               "highway=construction",
                               "highway=proposed",
                               "highway=abandoned",
                               "highway=razed",
                               "highway=planned",
                               "highway=platform",
                               "highway=rest_area",
                               "highway=services",
                               "highway=elevator",
                               "highway=corridor",
                               "highway=no",
                               "highway=disused",
                               "railway=rail",
                               "route=bus",
                               "highway=pedestrian|area=yes",
                               "route=ferry|area=yes"};
    for (size_t i = 0; i < sizeof in / sizeof *in; i++) assert_true(counts(in[i]));
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        if (counts(out[i])) fail_msg("counted: %s", out[i]);
}

static void class_name_flags_and_layer_are_read(void **state) {
    (void)state;
    hsd_osm_road road = road_of("highway=trunk_link|name=Bridge St|ref=A1|bridge=viaduct|layer=2");
    assert_string_equal(road.class_name, "trunk_link");
    assert_string_equal(road.name, "Bridge St");
    assert_int_equal(road.flags, HSD_WAY_BRIDGE);
    assert_int_equal(road.layer, 2);
    road = road_of("highway=primary|ref=A1|tunnel=yes|bridge=no|layer=-3");
    assert_string_equal(road.name, "A1");
    assert_int_equal(road.flags, HSD_WAY_TUNNEL);
    assert_int_equal(road.layer, -3);
    road = road_of("highway=primary|tunnel=no|layer=1;2");
    assert_string_equal(road.name, "");
    assert_int_equal(road.flags, 0);
    assert_int_equal(road.layer, 0);
    assert_int_equal(road_of("highway=primary|layer=300").layer, 0);
    road = road_of("highway=proposed|route=ferry");
    assert_string_equal(road.class_name, "ferry");
    assert_int_equal(road.flags, HSD_WAY_FERRY);
    assert_int_equal(road_of("highway=primary|route=ferry").flags, 0);
    assert_int_equal(road_of("highway=primary|junction=roundabout").flags, HSD_WAY_ROUNDABOUT);
    assert_int_equal(road_of("highway=primary|junction=circular").flags, HSD_WAY_ROUNDABOUT);
    assert_int_equal(road_of("highway=primary|junction=yes").flags, 0);
}

static void access_goes_from_general_to_particular(void **state) {
    (void)state;
    const struct {
        const char *tags, *yes, *no;
    } cases[] = {
        {"highway=x", "-", "-"},
        {"highway=x|access=no", "-", "cwb"},
        {"highway=x|access=yes", "-", "-"}, /* says nothing new */
        {"highway=x|access=private", "-", "cwb"},
        {"highway=x|access=destination", "-", "-"},
        {"highway=x|access=no|foot=yes", "w", "cb"},
        {"highway=x|foot=yes|access=no", "w", "cb"}, /* the order of tags does not matter */
        {"highway=x|access=no|vehicle=yes", "cb", "w"},
        {"highway=x|vehicle=no|motorcar=yes", "c", "b"},
        {"highway=x|motor_vehicle=no", "-", "c"},
        {"highway=x|motor_vehicle=yes|motorcar=no", "-", "c"},
        {"highway=x|motor_vehicle=no|motorcar=designated", "c", "-"},
        {"highway=x|access=no|motor_vehicle=permissive", "c", "wb"},
        {"highway=x|access=no|motor_vehicle=unknown", "-", "cwb"}, /* keeps the general word */
        {"highway=x|motor_vehicle=yes|motorcar=unknown", "c", "-"},
        {"highway=x|bicycle=designated|foot=designated", "wb", "-"},
        {"highway=x|bicycle=use_sidepath", "-", "b"},
        {"highway=x|vehicle=forestry", "-", "cb"},
        {"highway=x|motor_vehicle=agricultural;forestry", "-", "c"},
        {"highway=x|motor_vehicle=yes;no", "c", "-"},
        {"highway=x|motor_vehicle= destination ;no", "c", "-"},
        {"highway=x|motor_vehicle=delivery", "-", "c"},
        {"highway=x|motor_vehicle=customers", "c", "-"},
        {"highway=x|motor_vehicle=official", "c", "-"},
        {"highway=x|foot=discouraged", "-", "w"},
        {"highway=x|access:conditional=no @ (22:00-06:00)", "-", "-"},
        {"highway=x|hgv=no|psv=yes|bus=yes", "-", "-"},
        {"highway=x|access=Yes|foot=NO", "-", "-"}, /* words are lower case */
        {"highway=x|motorroad=yes", "-", "wb"},
        {"highway=x|motorroad=no", "-", "-"},
        {"highway=x|motorroad=yes|bicycle=yes", "b", "w"},
        {"highway=x|motorroad=yes|foot=yes", "w", "b"},
        {"highway=x|motorroad=yes|vehicle=yes", "c", "wb"}, /* not its own key */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(YES(cases[i].tags), cases[i].yes) != 0 ||
            strcmp(NO(cases[i].tags), cases[i].no) != 0)
            fail_msg("%s: yes %s, no %s", cases[i].tags, YES(cases[i].tags), NO(cases[i].tags));
        hsd_osm_road road = road_of(cases[i].tags);
        assert_int_equal(road.yes[0], road.yes[1]);
        assert_int_equal(road.no[0], road.no[1]);
    }
}

static void every_no_word_bans(void **state) {
    (void)state;
    const char *const words[] = {"no",         "private",   "agricultural", "forestry",
                                 "delivery",   "emergency", "military",     "psv",
                                 "bus",        "hgv",       "use_sidepath", "discouraged",
                                 "restricted", "permit",    "residents"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[64] = "highway=x|motorcar=";
        strcat(text, words[i]);
        if (strcmp(NO(text), "c") != 0) fail_msg("%s does not ban", words[i]);
    }
}

static void a_ferry_takes_cars_only_by_name(void **state) {
    (void)state;
    assert_string_equal(NO("route=ferry"), "c");
    assert_string_equal(NO("route=ferry|access=yes"), "c");
    assert_string_equal(NO("route=ferry|vehicle=yes"), "c");
    assert_string_equal(NO("route=ferry|motor_vehicle=yes"), "-");
    assert_string_equal(YES("route=ferry|motor_vehicle=yes"), "c");
    assert_string_equal(NO("route=ferry|motorcar=designated"), "-");
    assert_string_equal(NO("route=ferry|motor_vehicle=yes|motorcar=no"), "c");
    assert_string_equal(NO("route=ferry|motor_vehicle=yes|foot=no"), "w");
    assert_string_equal(NO("route=ferry|access=no|motorcar=yes"), "wb");
    assert_string_equal(NO("route=ferry|motorcar=yes|bicycle=no"), "b");
}

static void oneway_in_all_its_spellings(void **state) {
    (void)state;
    const struct {
        const char *tags, *forward, *backward;
    } cases[] = {
        {"highway=x|oneway=yes", "-", "cb"},
        {"highway=x|oneway=true", "-", "cb"},
        {"highway=x|oneway=1", "-", "cb"},
        {"highway=x|oneway=-1", "cb", "-"},
        {"highway=x|oneway=reverse", "cb", "-"},
        {"highway=x|oneway=no", "-", "-"},
        {"highway=x|oneway=reversible", "cb", "cb"},
        {"highway=x|oneway=alternating", "cb", "cb"},
        {"highway=x|junction=roundabout", "-", "cb"},
        {"highway=x|junction=circular", "-", "cb"},
        {"highway=x|junction=roundabout|oneway=no", "-", "-"},
        {"highway=x|junction=roundabout|oneway=-1", "cb", "-"},
        {"highway=x|junction=roundabout|oneway=maybe", "-", "cb"},
        {"highway=motorway", "-", "cb"},
        {"highway=motorway|oneway=no", "-", "-"},
        {"highway=motorway|oneway=false", "-", "-"},
        {"highway=motorway|oneway=0", "-", "-"},
        {"highway=motorway_link", "-", "-"},
        {"highway=x|oneway=yes|oneway:bicycle=no", "-", "c"},
        {"highway=x|oneway=-1|oneway:bicycle=no", "c", "-"},
        {"highway=x|oneway=reversible|oneway:bicycle=no", "c", "c"},
        {"highway=x|oneway=yes|oneway:foot=yes", "-", "cwb"},
        {"highway=x|oneway:foot=yes", "-", "w"},
        {"highway=x|oneway:foot=-1", "w", "-"},
        {"highway=x|oneway=yes|cycleway=opposite", "-", "cb"},
        {"route=ferry|motorcar=yes|oneway=yes", "-", "cb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(NO_FORWARD(cases[i].tags), cases[i].forward) != 0 ||
            strcmp(NO_BACKWARD(cases[i].tags), cases[i].backward) != 0)
            fail_msg("%s: forward %s, backward %s", cases[i].tags, NO_FORWARD(cases[i].tags),
                     NO_BACKWARD(cases[i].tags));
}

static void what_is_banned_in_a_direction_is_not_admitted_there(void **state) {
    (void)state;
    hsd_osm_road road = road_of("highway=x|oneway=yes|motorcar=yes|bicycle=yes");
    assert_string_equal(letters(road.yes[HSD_FORWARD]), "cb");
    assert_string_equal(letters(road.yes[HSD_BACKWARD]), "-");
}

static void speeds_in_all_their_units(void **state) {
    (void)state;
    const struct {
        const char *text;
        uint32_t mh;
    } good[] = {
        {"50", 50000},      {"50 km/h", 50000}, {"50km/h", 50000},   {"50 kmh", 50000},
        {"50 kph", 50000},  {"50 KM/H", 50000}, {"30 mph", 48280},   {"30mph", 48280},
        {"70 mph", 112654}, {"5 mph", 8047},    {"5 knots", 9260},   {"walk", 5000},
        {"12.5", 12500},    {"50;30", 50000},   {" 60 ; 40", 60000}, {"300", 300000},
        {"0.001", 1},       {"7.2345", 7235}, /* 7234.5 is rounded up */
    };
    const char *const silent[] = {
        "",      "none", "signals", "RO:urban", "DE:motorway",  "50 ft",
        "fifty", "50,5", "5e1",     "0x32",     "50 km/h zone", "variable",
        ".5",    "5.",   "mph",     "nan",      "+50"};
    const char *const bad[] = {"0", "-5", "-10 mph", "301", "1000", "187 mph", "0.0001"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint32_t mh = 7;
        if (hsd_osm_speed(good[i].text, &mh) != HSD_OSM_NUMBER_GOOD || mh != good[i].mh)
            fail_msg("\"%s\" read as %u m/h", good[i].text, mh);
    }
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        uint32_t mh = 7;
        if (hsd_osm_speed(silent[i], &mh) != HSD_OSM_NUMBER_NONE || mh != 7)
            fail_msg("\"%s\" says something: %u m/h", silent[i], mh);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t mh = 7;
        if (hsd_osm_speed(bad[i], &mh) != HSD_OSM_NUMBER_BAD || mh != 7)
            fail_msg("\"%s\" is in range: %u m/h", bad[i], mh);
    }
}

static void a_direction_has_its_own_speed(void **state) {
    (void)state;
    hsd_osm_road road = road_of("highway=x|maxspeed=50");
    assert_int_equal(road.speed_mh[0], 50000);
    assert_int_equal(road.speed_mh[1], 50000);
    road = road_of("highway=x|maxspeed=50|maxspeed:backward=30");
    assert_int_equal(road.speed_mh[0], 50000);
    assert_int_equal(road.speed_mh[1], 30000);
    road = road_of("highway=x|maxspeed:forward=40");
    assert_int_equal(road.speed_mh[0], 40000);
    assert_int_equal(road.speed_mh[1], 0);
    road = road_of("highway=x|maxspeed=50|maxspeed:forward=signals|maxspeed:backward=-1");
    assert_int_equal(road.speed_mh[0], 50000);
    assert_int_equal(road.speed_mh[1], 50000);
    assert_int_equal(road.bad_speeds, 1);
    road = road_of("highway=x|source:maxspeed=50|maxspeed:conditional=30 @ (07:00-09:00)");
    assert_int_equal(road.speed_mh[0], 0);
}

static void durations_in_all_their_forms(void **state) {
    (void)state;
    const struct {
        const char *text;
        uint32_t ms;
    } good[] = {
        {"00:20", 1200000},   {"1:05", 3900000},   {"12:00", 43200000},   {"1:05:30", 3930000},
        {"00:00:05", 5000},   {"20", 1200000},     {"2.5", 150000},       {"PT1H20M", 4800000},
        {"PT20M", 1200000},   {"PT90M", 5400000},  {"PT45S", 45000},      {"P1D", 86400000},
        {"P1DT2H", 93600000}, {"PT1H5S", 3605000}, {"168:00", 604800000},
    };
    const char *const silent[] = {"",     "1:5",  "1:60",   "01:02:03:04", "20 minutes", "P",
                                  "PT",   "PT1",  "PT1M1H", "P1M",         "P1H",        "PT1D",
                                  "P1DT", "1h20", ":20",    "20:",         "1:05:60",    "PT1.5H"};
    const char *const bad[] = {"0", "00:00", "-5", "168:01", "P8D", "99999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint32_t ms = 7;
        if (hsd_osm_duration(good[i].text, &ms) != HSD_OSM_NUMBER_GOOD || ms != good[i].ms)
            fail_msg("\"%s\" read as %u ms", good[i].text, ms);
    }
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        uint32_t ms = 7;
        if (hsd_osm_duration(silent[i], &ms) != HSD_OSM_NUMBER_NONE || ms != 7)
            fail_msg("\"%s\" says something: %u ms", silent[i], ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t ms = 7;
        if (hsd_osm_duration(bad[i], &ms) != HSD_OSM_NUMBER_BAD || ms != 7)
            fail_msg("\"%s\" is in range: %u ms", bad[i], ms);
    }
}

static void only_ferries_have_a_duration(void **state) {
    (void)state;
    assert_int_equal(road_of("route=ferry|duration=00:20").time_ms, 1200000);
    assert_int_equal(road_of("highway=x|duration=00:20").time_ms, 0);
    hsd_osm_road road = road_of("route=ferry|duration=soon");
    assert_int_equal(road.time_ms, 0);
    assert_int_equal(road.bad_durations, 1);
}

static void barriers_stop_cars_and_access_keys_override(void **state) {
    (void)state;
    const struct {
        const char *tags, *stopped;
    } cases[] = {
        {"highway=crossing", "-"},
        {"access=no", "-"}, /* not on a barrier */
        {"barrier=bollard", "c"},
        {"barrier=block", "c"},
        {"barrier=jersey_barrier", "c"},
        {"barrier=cycle_barrier", "c"},
        {"barrier=full-height_turnstile", "c"},
        {"barrier=planter", "c"},
        {"barrier=gate", "-"},
        {"barrier=lift_gate", "-"},
        {"barrier=toll_booth", "-"},
        {"barrier=wall|access=no", "-"},
        {"barrier=fence", "-"},
        {"barrier=hedge", "-"},
        {"barrier=bollard|motor_vehicle=yes", "-"},
        {"barrier=bollard|access=yes", "-"},
        {"barrier=bollard|access=yes|motorcar=no", "c"},
        {"barrier=bollard|bicycle=no", "cb"},
        {"barrier=gate|access=private", "cwb"},
        {"barrier=gate|access=private|foot=yes", "cb"},
        {"barrier=gate|access=no|bicycle=yes|foot=yes", "c"},
        {"barrier=gate|vehicle=no", "cb"},
        {"barrier=stile|foot=permissive", "c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tag_text t;
        const char *stopped = letters(hsd_osm_node_bans(tags_of(&t, cases[i].tags)));
        if (strcmp(stopped, cases[i].stopped) != 0) fail_msg("%s: %s", cases[i].tags, stopped);
    }
}

static void restrictions_bind_cars_unless_they_say_otherwise(void **state) {
    (void)state;
    const struct {
        const char *tags;
        hsd_osm_turn turn;
    } cases[] = {
        {"type=restriction|restriction=no_left_turn", HSD_OSM_TURN_NO},
        {"type=restriction|restriction=no_u_turn", HSD_OSM_TURN_NO},
        {"type=restriction|restriction=no_entry", HSD_OSM_TURN_NO_ENTRY},
        {"type=restriction|restriction=no_exit", HSD_OSM_TURN_NO_EXIT},
        {"type=restriction|restriction=only_straight_on", HSD_OSM_TURN_ONLY},
        {"type=restriction|restriction=none", HSD_OSM_TURN_NONE},
        {"type=restriction|restriction=give_way", HSD_OSM_TURN_NONE},
        {"type=restriction", HSD_OSM_TURN_NONE},
        {"type=multipolygon|restriction=no_left_turn", HSD_OSM_TURN_NONE},
        {"restriction=no_left_turn", HSD_OSM_TURN_NONE},
        {"type=restriction|restriction:motorcar=no_left_turn", HSD_OSM_TURN_NO},
        {"type=restriction|restriction:motor_vehicle=only_left_turn", HSD_OSM_TURN_ONLY},
        {"type=restriction|restriction=no_left_turn|restriction:motorcar=only_right_turn",
         HSD_OSM_TURN_ONLY},
        {"type=restriction|restriction:motor_vehicle=no_x|restriction:motorcar=only_x",
         HSD_OSM_TURN_ONLY},
        {"type=restriction|restriction=no_left_turn|restriction:motorcar=none", HSD_OSM_TURN_NONE},
        {"type=restriction|restriction:hgv=no_left_turn", HSD_OSM_TURN_NONE},
        {"type=restriction|restriction:conditional=no_left_turn @ (07:00-09:00)",
         HSD_OSM_TURN_NONE},
        {"type=restriction|restriction=no_left_turn|except=bicycle", HSD_OSM_TURN_NO},
        {"type=restriction|restriction=no_left_turn|except=motorcar", HSD_OSM_TURN_NONE},
        {"type=restriction|restriction=no_left_turn|except=psv; motor_vehicle", HSD_OSM_TURN_NONE},
        {"type=restriction|restriction=no_left_turn|except=motorcycle", HSD_OSM_TURN_NO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tag_text t;
        hsd_osm_turn turn = hsd_osm_read_turn(tags_of(&t, cases[i].tags));
        if (turn != cases[i].turn) fail_msg("%s: %d", cases[i].tags, (int)turn);
    }
}

static void water_is_told_from_land(void **state) {
    (void)state;
    const char *const wet[] = {"natural=water", "waterway=riverbank",
                               "waterway=dock", "landuse=reservoir",
                               "landuse=basin", "natural=water|water=river|name=Douro"};
    const char *const dry[] = {"",
                               "natural=coastline",
                               "waterway=river",
                               "waterway=canal",
                               "natural=wetland",
                               "leisure=swimming_pool",
                               "water=lake"};
    tag_text t;
    for (size_t i = 0; i < sizeof wet / sizeof *wet; i++)
        assert_true(hsd_osm_is_water(tags_of(&t, wet[i])));
    for (size_t i = 0; i < sizeof dry / sizeof *dry; i++)
        assert_false(hsd_osm_is_water(tags_of(&t, dry[i])));
    assert_true(hsd_osm_is_coastline(tags_of(&t, "natural=coastline")));
    assert_false(hsd_osm_is_coastline(tags_of(&t, "natural=water")));
    assert_true(hsd_osm_is_bare(tags_of(&t, "type=multipolygon|source=x|created_by=y")));
    assert_false(hsd_osm_is_bare(tags_of(&t, "type=multipolygon|landuse=forest")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_highways_and_ferries_count),
        cmocka_unit_test(class_name_flags_and_layer_are_read),
        cmocka_unit_test(access_goes_from_general_to_particular),
        cmocka_unit_test(every_no_word_bans),
        cmocka_unit_test(a_ferry_takes_cars_only_by_name),
        cmocka_unit_test(oneway_in_all_its_spellings),
        cmocka_unit_test(what_is_banned_in_a_direction_is_not_admitted_there),
        cmocka_unit_test(speeds_in_all_their_units),
        cmocka_unit_test(a_direction_has_its_own_speed),
        cmocka_unit_test(durations_in_all_their_forms),
        cmocka_unit_test(only_ferries_have_a_duration),
        cmocka_unit_test(barriers_stop_cars_and_access_keys_override),
        cmocka_unit_test(restrictions_bind_cars_unless_they_say_otherwise),
        cmocka_unit_test(water_is_told_from_land),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
