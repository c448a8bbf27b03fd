/* Rows of times and matrices as calls: under scenarios the times are those of a comparison, on
 * streets and by timetable; allocations that fail, runs that are stopped and go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/memory.h"
#include "study/time_rows.h"

enum { SIDE = 7, ZONES = 23, MOST = 64 };

static char folder[64];

/* Of a file in the folder; the text stays where it is. */
static const char *path(const char *name) {
    static char paths[64][128];
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s/%s", folder, name);
    for (size_t i = 0; i < 64; i++) {
        if (!paths[i][0]) snprintf(paths[i], sizeof paths[i], "%s", wanted);
        if (strcmp(paths[i], wanted) == 0) return paths[i];
    }
    fail_msg("too many files");
    return NULL;
}

static FILE *create(const char *name) {
    FILE *file = fopen(path(name), "wb");
    assert_non_null(file);
    return file;
}

static void write_text(const char *name, const char *text) {
    FILE *file = create(name);
    fputs(text, file);
    fclose(file);
}

/* Streets of 200 m squares; those that run north one-way in turns. */
static void write_town(void) {
    FILE *file = create("a.osm");
    fputs("<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>", file);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            fprintf(file, "<node id='%d' lon='%.4f' lat='%.4f'/>", y * SIDE + x + 1, x * 0.002,
                    y * 0.002);
    for (int i = 0; i < SIDE; i++)
        for (int north = 0; north < 2; north++) {
            fprintf(file, "<way id='%d'>", 100 * (north + 1) + i);
            for (int k = 0; k < SIDE; k++)
                fprintf(file, "<nd ref='%d'/>", north ? k * SIDE + i + 1 : i * SIDE + k + 1);
            fprintf(file, "<tag k='highway' v='residential'/>%s</way>",
                    north && i % 3 == 1 ? "<tag k='oneway' v='yes'/>" : "");
        }
    fputs("</osm>", file);
    fclose(file);
    write_text("car.yaml", "name: car\nmode: car\nclasses: {residential: {speed_kmh: 30}}\n"
                           "leg: {rule: edges, speed_kmh: 6, detour: 1, cap_m: 300}\n");
    file = create("zones.csv");
    fputs("id,lon,lat,population\n", file);
    for (unsigned i = 0, a = 1; i < ZONES; i++) { /* here and there; the last far off */
        a = a * 1103515245u + 12345u;
        const double x = i + 1 == ZONES ? 1 : (a >> 8 & 0xFFF) * 0.012 / 0xFFF;
        a = a * 1103515245u + 12345u;
        fprintf(file, "z%u,%.6f,%.6f,%u\n", i, x, (a >> 8 & 0xFFF) * 0.012 / 0xFFF, i + 1);
    }
    fclose(file);
}

/* A fast road across, with places to stop on it; a ramp; streets closed; all streets slower. */
static void write_proposals(void) {
    write_text("links.geojson",
               "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
               "{\"proposal\":\"across\",\"speed_kmh\":90,\"access\":\"yes\"},\"geometry\":{"
               "\"type\":\"LineString\",\"coordinates\":[[0,0],[0.0063,0.0051],[0.012,0.012]]}},"
               "{\"type\":\"Feature\",\"properties\":{\"proposal\":\"ramp\",\"speed_kmh\":60,"
               "\"access\":\"no\"},\"geometry\":{\"type\":\"LineString\",\"coordinates\":"
               "[[0.012,0],[0.004,0.008]]}}]}");
    write_text("closures.csv", "proposal,roads\nworks,103;203\nmarket,202\n");
    write_text("speed_changes.csv", "proposal,road_class,factor\nslow,residential,0.5\n");
}

static void write_rail(void) {
    mkdir(path("feed"), 0700);
    write_text("feed/agency.txt",
               "agency_name,agency_url,agency_timezone\nA,http://a.example,UTC\n");
    write_text("feed/stops.txt",
               "stop_id,stop_name,stop_lat,stop_lon\nA,A,0.002,0.0003\nB,B,0.01,0.0117\n");
    write_text("feed/routes.txt", "route_id,route_short_name,route_type\nr,R,1\n");
    write_text("feed/calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,"
                                    "sunday,start_date,end_date\nd,1,1,1,1,1,1,1,20240101,"
                                    "20241231\n");
    FILE *trips = create("feed/trips.txt"), *times = create("feed/stop_times.txt");
    fputs("route_id,service_id,trip_id\n", trips);
    fputs("trip_id,stop_sequence,stop_id,arrival_time,departure_time\n", times);
    for (int i = 0; i < 20; i++) {
        const int m = 7 * 60 + i * 10;
        fprintf(trips, "r,d,t%d\n", i);
        fprintf(times, "t%d,1,A,%02d:%02d:00,%02d:%02d:00\nt%d,2,B,%02d:%02d:00,%02d:%02d:00\n", i,
                m / 60, m % 60, m / 60, m % 60, i, (m + 4) / 60, (m + 4) % 60, (m + 4) / 60,
                (m + 4) % 60);
    }
    fclose(trips);
    fclose(times);
    write_text("walk.yaml", "name: walk\nmode: walk\nuses: [walk]\nrespects_oneway: no\n"
                            "classes: {residential: {speed_kmh: 2}}\n"
                            "leg: {rule: edges, speed_kmh: 2, detour: 1, cap_m: 300}\n");
    write_text("services.csv", "proposal,action,of,factor\nfast,speed,R,2\n");
}

static int make_inputs(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-rows-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    write_town();
    write_proposals();
    write_rail();
    const char *profiles[] = {path("car.yaml"), path("walk.yaml")}, *feeds[] = {path("feed")};
    hsd_build_request build = {.osm = path("a.osm"),
                               .gtfs = feeds,
                               .gtfs_count = 1,
                               .profiles = profiles,
                               .profile_count = 2,
                               .output = path("a.hsn")};
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_build(&build, NULL, NULL, NULL, &err) == HSD_OK) return 0;
    fprintf(stderr, "%s\n", err.message);
    return -1;
}

static int remove_inputs(void **state) {
    (void)state;
    char line[128];
    snprintf(line, sizeof line, "rm -r '%s'", folder);
    return system(line);
}

/* ---- What a comparison says ---- */

typedef struct times {
    uint32_t ms[2][MOST][MOST]; /* before, after; origin, zone */
} times;

static uint32_t ms_of(const char *minutes) {
    return minutes[0] ? (uint32_t)(strtod(minutes, NULL) * 60000 + 0.5) : HSD_UNREACHABLE;
}

static size_t zone_of(const char *id) {
    assert_int_equal(id[0], 'z');
    return (size_t)atoi(id + 1);
}

/* Cells of a line without quotes. */
static size_t split(char *line, char **cells, size_t most) {
    size_t count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at && count < most; count++) {
        cells[count] = at;
        at = strchr(at, ',');
        if (at) *at++ = '\0';
    }
    return count;
}

/* Layer zones of a comparison: the rows of one scenario. */
static void read_zones(const char *scenario, times *out) {
    static const char *const wanted[] = {"scenario", "origin_id", "zone_id", "before_min",
                                         "after_min"};
    char line[1024], *cells[32];
    size_t columns[5] = {0};
    FILE *file = fopen(path("compared/zones.csv"), "rb");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    const size_t count = split(line, cells, 32);
    for (size_t w = 0; w < 5; w++)
        while (columns[w] < count && strcmp(cells[columns[w]], wanted[w]) != 0) columns[w]++;
    for (size_t i = 0; i < sizeof out->ms / sizeof(uint32_t); i++)
        ((uint32_t *)out->ms)[i] = HSD_UNREACHABLE;
    size_t rows = 0;
    while (fgets(line, sizeof line, file)) {
        assert_int_equal(split(line, cells, 32), count);
        if (strcmp(cells[columns[0]], scenario) != 0) continue;
        const size_t o = zone_of(cells[columns[1]]), z = zone_of(cells[columns[2]]);
        out->ms[0][o][z] = ms_of(cells[columns[3]]);
        out->ms[1][o][z] = ms_of(cells[columns[4]]);
        rows++;
    }
    fclose(file);
    assert_true(rows >= (ZONES - 1) * ZONES);
}

static const char *const scenario_list[] = {"s=*"};
static const double day[] = {1000};

static hsd_circle_request circle_of(const char *mode) {
    hsd_circle_request circle = {.network = path("a.hsn"),
                                 .mode = mode,
                                 .zones = path("zones.csv"),
                                 .output = path("compared"),
                                 .overwrite = true};
    if (strcmp(mode, "transit") == 0)
        circle.transit = (hsd_transit_choice){.date = "2024-05-14", .depart = "08:00"};
    return circle;
}

/* Every pair before and after, of rows and of a comparison of the same. */
static void agrees_with_compare(const char *mode, const char *proposals, hsd_direction direction) {
    static times expected;
    hsd_error err = {HSD_OK, ""};
    hsd_compare_request compare = {.circle = circle_of(mode),
                                   .proposals = {.path = path(proposals)},
                                   .scenarios = scenario_list,
                                   .scenario_count = 1};
    compare.circle.origins = compare.circle.zones;
    compare.circle.direction = direction;
    compare.circle.cell_m = 400;
    compare.circle.format = "CSV";
    hsd_compare_report report;
    if (strcmp(mode, "car") == 0) { /* farther than any zone */
        compare.circle.minutes = day;
        compare.circle.minute_count = 1;
    }
    if (hsd_study_compare(&compare, NULL, &report, &err) != HSD_OK) fail_msg("%s", err.message);
    hsd_compare_report_finish(&report);
    read_zones("s", &expected);

    hsd_matrix_request matrix = {.circle = circle_of(mode)};
    matrix.circle.direction = direction;
    const hsd_time_rows_ask ask = {.matrix = &matrix,
                                   .proposals = &compare.proposals,
                                   .scenarios = scenario_list,
                                   .scenario_count = 1};
    hsd_time_rows *rows;
    hsd_issues issues;
    if (hsd_time_rows_open(&ask, NULL, &rows, &issues, &err) != HSD_OK) fail_msg("%s", err.message);
    hsd_issues_finish(&issues);
    assert_int_equal(hsd_time_rows_scenes(rows), 2);
    assert_int_equal(hsd_time_rows_origins(rows), ZONES);
    assert_int_equal(hsd_time_rows_targets(rows), ZONES);
    static uint32_t ms[ZONES * ZONES];
    size_t changed = 0, reached = 0;
    for (size_t s = 0; s < 2; s++) {
        for (size_t first = 0; first < ZONES; first += 5) { /* blocks of any size */
            const size_t count = ZONES - first < 5 ? ZONES - first : 5;
            assert_int_equal(hsd_time_rows_read(rows, s, first, count, ms + first * ZONES, &err),
                             HSD_OK);
        }
        for (size_t o = 0; o < ZONES; o++)
            for (size_t z = 0; z < ZONES; z++) {
                const uint32_t found = ms[o * ZONES + z], right = expected.ms[s][o][z];
                if (o == z && o + 1 < ZONES) assert_int_equal(found, 0);
                if (o == z) continue;
                if (found != right)
                    fail_msg("%s, %s, scene %zu, z%zu to z%zu: %u, compare says %u", mode,
                             proposals, s, o, z, found, right);
                reached += found < HSD_UNREACHABLE;
                changed += s == 1 && expected.ms[0][o][z] != right;
            }
    }
    assert_true(reached > ZONES * ZONES && changed > 10); /* else there is nothing to compare */
    hsd_time_rows_destroy(rows);
}

static void under_scenarios_times_are_those_of_a_comparison(void **state) {
    (void)state;
    static const char *const streets[] = {"links.geojson", "closures.csv", "speed_changes.csv"};
    for (size_t i = 0; i < 3; i++)
        for (int to = 0; to < 2; to++)
            agrees_with_compare("car", streets[i], to ? HSD_TO : HSD_FROM);
}

static void by_timetable_they_are_too(void **state) {
    (void)state;
    agrees_with_compare("transit", "services.csv", HSD_FROM);
}

/* ---- Matrices ---- */

static hsd_matrix_request matrix_request(void) {
    hsd_matrix_request request = {.circle = circle_of("car"), .memory_mb = 0.0003};
    request.circle.output = path("m.csv");
    return request;
}

static void an_allocation_that_fails_leaves_no_output(void **state) {
    (void)state;
    hsd_matrix_request request = matrix_request();
    const hsd_run run = {.threads = 1};
    hsd_matrix_report report;
    hsd_error err = {HSD_OK, ""};
    hsd_memory_fail_at(0);
    assert_int_equal(hsd_study_matrix(&request, &run, &report, NULL), HSD_OK);
    assert_int_equal(report.failed_count, 1);
    assert_true(report.blocks >= ZONES / 4);
    hsd_matrix_report_finish(&report);
    const uint64_t count = hsd_memory_fail_at(0);
    assert_true(count > 300);
    for (uint64_t n = 1; n <= count; n += 1 + n / 100) {
        unlink(path("m.csv"));
        unlink(path("m.csv.json"));
        request.fresh = true;
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_study_matrix(&request, &run, &report, &err);
        hsd_memory_fail_at(0);
        hsd_matrix_report_finish(&report);
        if (status != HSD_E_MEMORY) fail_msg("allocation %u: %s", (unsigned)n, err.message);
        assert_int_not_equal(access(path("m.csv"), F_OK), 0);
    }
    unlink(path("m.csv.journal"));
}

/* Stops where half of the rows are there. */
static bool stop_half_way(void *user, const char *what, double fraction) {
    (void)user;
    return strcmp(what, "times") != 0 || fraction < 0.5;
}

static long size_of(const char *name, char *content, size_t most) {
    FILE *file = fopen(path(name), "rb");
    if (!file) return -1;
    const long size = (long)fread(content, 1, most, file);
    fclose(file);
    return size;
}

static void a_run_that_is_stopped_goes_on(void **state) {
    (void)state;
    static char whole[1 << 16], again[1 << 16];
    hsd_matrix_request request = matrix_request();
    hsd_matrix_report report;
    assert_int_equal(hsd_study_matrix(&request, NULL, &report, NULL), HSD_OK);
    hsd_matrix_report_finish(&report);
    const long size = size_of("m.csv", whole, sizeof whole);
    assert_true(size > 1000);

    request.circle.output = path("again.csv");
    const hsd_run stopped = {.threads = 2, .progress = stop_half_way};
    hsd_status status = hsd_study_matrix(&request, &stopped, &report, NULL);
    assert_int_equal(status, HSD_E_CANCELLED);
    assert_int_equal(size_of("again.csv", again, sizeof again), -1);
    request.memory_mb = 1;
    assert_int_equal(hsd_study_matrix(&request, NULL, &report, NULL), HSD_OK);
    assert_true(report.resumed_blocks > 0 && report.resumed_blocks < report.blocks);
    hsd_matrix_report_finish(&report);
    assert_int_equal(size_of("again.csv", again, sizeof again), size);
    assert_memory_equal(again, whole, (size_t)size);
    assert_int_equal(size_of("again.csv.journal", again, sizeof again), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(under_scenarios_times_are_those_of_a_comparison),
        cmocka_unit_test(by_timetable_they_are_too),
        cmocka_unit_test(an_allocation_that_fails_leaves_no_output),
        cmocka_unit_test(a_run_that_is_stopped_goes_on),
    };
    return cmocka_run_group_tests(tests, make_inputs, remove_inputs) != 0;
}
