/* The .hsn file: what is saved is what is opened, and nothing else is. */
#include "hand.h"

#include <unistd.h>

#include "../hand_timetable.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "net/hsn.h"

static hand h;
static hsd_lonlat lake[] = {{0.0021, 0.0021}, {0.0029, 0.0021}, {0.0025, 0.0029}, {0.0021, 0.0021}};
static size_t lake_ring[] = {4}, lake_polygon[] = {1};
static char path[64];
static hand_timetable rides;

/* A line of two trips, one with headways, a transfer, a shape, a station with a platform. */
static void timetable(void) {
    static const hsd_shape_row shape[] = {{0, 2}};
    static const hsd_point_e7 shape_points[] = {{10000, 10000}, {40000, 10000}};
    hand_timetable_init(&rides, 17000, 7);
    const uint32_t s = hand_station(&rides, "S", 0.001, 0.001);
    const uint32_t a = hand_platform(&rides, "a", s), b = hand_stop(&rides, "b", 0.004, 0.001);
    const uint32_t line = hand_line(&rides, "1", HSD_RIDE_BUS), daily = hand_service(&rides, 127);
    for (int i = 0; i < 2; i++) {
        hand_trip(&rides, i ? "t2" : "t1", line, daily);
        hand_call(&rides, a, hand_time(8, 0), hand_time(8, 1));
        hand_call(&rides, b, hand_time(8, 5), hand_time(8, 5));
    }
    hand_headway(&rides, hand_time(6, 0), hand_time(9, 0), 600, 0);
    hand_transfer(&rides, s, b, 2, 300);
    rides.trips[0].shape = 0;
    rides.table.shapes = shape;
    rides.table.shape_points = shape_points;
    rides.table.shape_count = 1;
    rides.table.shape_point_count = 2;
}

/* A town with a bit of everything: junctions, a loop, a bollard, restrictions, water, two modes. */
static void town(void) {
    hand_init(&h);
    for (int i = 0; i < 25; i++) hand_node(&h, i + 1, i % 5, i / 5);
    hsd_way *a = hand_way(&h, 0, 1, 2, 3, 4, 5, 0), *b = hand_way(&h, 0, 11, 12, 13, 14, 15, 0);
    hsd_way *c = hand_way(&h, 5000, 1, 6, 11, 16, 21, 0), *d = hand_way(&h, 0, 3, 8, 13, 18, 23, 0);
    hsd_way *e = hand_way(&h, 0, 5, 10, 15, 0);
    a->name = 1;
    b->speed_mh[0] = 50000;
    d->no[1] = HAND_CAR;
    hand_way(&h, 0, 23, 24, 25, 20, 19, 23, 0);
    hand_restrict(&h, a, 3, d, 0);
    hand_via(&h, hand_restrict(&h, c, 0, e, 0), b);
    h.node_no[hand_find(&h, 18)] = HAND_CAR;
    h.table.water = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON,
                                   .point_count = 4,
                                   .ring_count = 1,
                                   .polygon_count = 1,
                                   .points = lake,
                                   .ring_end = lake_ring,
                                   .polygon_end = lake_polygon};
}

static const hsd_input_record inputs[] = {{"osm", "town.osm", "00ff"}, {"profile", "car.yaml", ""}};

static hsd_status build_town(const hsd_run *run, hsd_network **out, hsd_error *err) {
    hsd_profile profiles[] = {h.car, hand_profile(&h, "walk-test", "walk"),
                              hand_profile(&h, "car-slow", "car")};
    hsd_class_speed slow[3];
    memcpy(slow, h.class_speeds, sizeof slow);
    for (int i = 0; i < 3; i++) slow[i].factor_ppm = 500000;
    profiles[2].classes = slow;
    timetable();
    hsd_build_options options = {inputs, 2, "{\"town\":true}", NULL, &rides.table};
    return hsd_network_build(&h.table, profiles, 3, &options, run, out, err);
}

static hsd_network *built(void) {
    hsd_network *n = NULL;
    hsd_error err = {0};
    town();
    if (build_town(NULL, &n, &err) != HSD_OK) fail_msg("%s", err.message);
    return n;
}

static void saved(void) {
    hsd_network *n = built();
    hsd_error err = {0};
    if (hsd_network_save(n, path, true, &err) != HSD_OK) fail_msg("%s", err.message);
    hsd_network_destroy(n);
}

static int make_path(void **state) {
    (void)state;
    strcpy(path, "/tmp/hsd-unit-hsn-XXXXXX");
    int file = mkstemp(path);
    if (file < 0) return -1;
    close(file);
    return 0;
}

static int drop_path(void **state) {
    (void)state;
    return remove(path);
}

static void what_is_opened_is_what_was_saved(void **state) {
    (void)state;
    saved();
    hsd_network *a = built(), *b = NULL;
    assert_int_equal(hsd_network_open(path, HSD_OPEN_VERIFY, &b, NULL), HSD_OK);
    const hsn_storage *sa = a->storage, *sb = b->storage;
    assert_int_equal(sa->sections.count, sb->sections.count);
    assert_int_equal(sa->sections.count, 21 + 2 * 17 + 3 * 9 + 12);
    for (size_t i = 0; i < sa->sections.count; i++) {
        const hsn_section *x = &sa->sections.data[i], *y = &sb->sections.data[i];
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->index, y->index);
        assert_int_equal(x->size, y->size);
        assert_memory_equal(x->data, y->data, x->size);
        assert_int_equal((uintptr_t)y->data % HSN_ALIGN, 0);
    }
    hsd_network_info info;
    assert_int_equal(hsd_network_info_get(b, &info, NULL), HSD_OK);
    assert_string_equal(info.content_id, a->info.content_id);
    assert_int_equal(info.input_count, 2);
    assert_string_equal(info.inputs[0].name, "town.osm");
    assert_string_equal(info.inputs[0].sha256, "00ff");
    assert_string_equal(info.configuration, "{\"town\":true}");
    assert_int_equal(info.barrier_polygons, 1);
    assert_int_equal(info.format_version, 3);
    assert_string_equal(info.profiles[2].name, "car-slow");
    assert_string_equal(b->strings + b->edges[0].name, "Long Street");
    assert_string_equal(b->classes[b->edges[0].class_id], "road");
    assert_string_equal(b->mode_words[2], "car_permit");
    assert_int_equal(info.restrictions, 2);
    const hsd_metric *slow = &b->metrics[2];
    const hsd_class_rule *lane = hsd_metric_class(b, slow, "lane");
    assert_int_equal(slow->class_count, 3);
    assert_int_equal(lane->speed_mh, 18000);
    assert_int_equal(lane->factor_ppm, 500000);
    assert_int_equal(lane->flags, 0);
    assert_null(hsd_metric_class(b, slow, "strange"));
    assert_int_equal(slow->word_count, 1);
    assert_string_equal(b->strings + slow->words[0], "car");
    assert_true(b->barriers->points[2].lat == 0.0029);
    /* 3 8 13 14 15: two steps north of 110.5743 m at 36 km/h, two east of 111.3195 m at 50 km/h;
     * and all of it at half the speed */
    assert_int_equal(hand_route_ms(b, 0, 3, 15), 2 * 11057 + 2 * 8015);
    assert_int_equal(hand_route_ms(b, 2, 3, 15), 2 * 22115 + 2 * 16030);
    hsd_network_destroy(a);
    hsd_network_destroy(b);
}

static void building_twice_gives_the_same_content_id(void **state) {
    (void)state;
    hsd_network *a = built(), *b = NULL;
    hsd_run eight = {.threads = 8};
    town();
    assert_int_equal(build_town(&eight, &b, NULL), HSD_OK);
    assert_string_equal(a->info.content_id, b->info.content_id);
    hsd_network_destroy(b);
    town();
    h.nodes[7].lon_e7++;
    assert_int_equal(build_town(NULL, &b, NULL), HSD_OK);
    assert_string_not_equal(a->info.content_id, b->info.content_id);
    hsd_network_destroy(a);
    hsd_network_destroy(b);
}

static void an_existing_file_is_kept(void **state) {
    (void)state;
    saved();
    hsd_network *n = built();
    hsd_error err;
    assert_int_equal(hsd_network_save(n, path, false, &err), HSD_E_WRITE);
    assert_int_equal(hsd_network_save(n, "/nowhere/at/all.hsn", true, &err), HSD_E_WRITE);
    hsd_network_destroy(n);
}

/* ---- Damage
 * -----------------------------------------------------------------------------------------------
 */

static uint8_t *bytes;
static size_t size;

static void load(void) {
    saved();
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(size + 100);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
}

static void store(size_t count) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void refused(const char *says) {
    hsd_network *n = NULL;
    hsd_error err = {0};
    assert_int_equal(hsd_network_open(path, 0, &n, &err), HSD_E_FORMAT);
    assert_null(n);
    if (!strstr(err.message, says)) fail_msg("\"%s\" does not say \"%s\"", err.message, says);
    if (strncmp(err.message, path, strlen(path)) != 0)
        fail_msg("\"%s\" names no file", err.message);
}

static void a_truncated_file_is_refused_wherever_it_ends(void **state) {
    (void)state;
    load();
    const hsn_file_header *header = (const void *)bytes;
    const hsn_file_section *table = (const void *)(header + 1);
    for (uint32_t i = 0; i < header->section_count; i++)
        for (int back = 0; back < 2; back++) {
            store((size_t)table[i].offset - (size_t)back);
            refused("is cut off");
        }
    store(size - 1);
    refused("is cut off");
    store(100);
    refused("is cut off");
    store(7);
    refused("is not a hourshed network");
    store(0);
    refused("empty");
    memset(bytes + size, 0, 100);
    store(size + 100);
    refused("is damaged");
    free(bytes);
}

static void other_files_are_refused_by_name(void **state) {
    (void)state;
    load();
    bytes[1] = 'X';
    store(size);
    refused("is not a hourshed network");
    bytes[1] = 'H';
    hsn_file_header *header = (void *)bytes;
    for (uint32_t version = 1; version <= 4; version += 3) {
        header->version = version;
        store(size);
        refused(version == 1 ? "has network format 1, this program reads 2 and 3"
                             : "has network format 4, this program reads 2 and 3");
    }
    header->version = 3;
    header->endian_mark = 0x04030201;
    store(size);
    refused("other byte order");
    header->endian_mark = 0x12345678;
    store(size);
    refused("no byte order");
    free(bytes);
    hsd_network *n = NULL;
    hsd_error err;
    assert_int_equal(hsd_network_open("/nowhere/at/all.hsn", 0, &n, &err), HSD_E_OPEN);
    assert_int_equal(hsd_network_open("/tmp", 0, &n, &err), HSD_E_OPEN);
    assert_int_equal(hsd_network_open(path, 8, &n, &err), HSD_E_ARGUMENT);
}

/* One changed bit anywhere: in the header, the table or a head it is seen at open, elsewhere when
 * the profile is required; padding carries nothing. */
static void one_changed_bit_is_seen(void **state) {
    (void)state;
    load();
    const hsn_file_header *header = (const void *)bytes;
    const hsn_file_section *table = (const void *)(header + 1);
    size_t in_header = sizeof *header + header->section_count * sizeof *table;
    for (size_t at = 0; at < in_header; at += 5) {
        bytes[at] ^= 1u << (at % 8);
        store(size);
        hsd_network *n = NULL;
        assert_int_equal(hsd_network_open(path, 0, &n, NULL), HSD_E_FORMAT);
        bytes[at] ^= 1u << (at % 8);
    }
    for (uint32_t i = 0; i < header->section_count; i++)
        for (int step = 0; step < 3 && table[i].size > 0; step++) {
            size_t at = (size_t)(table[i].offset + (table[i].size - 1) * (unsigned)step / 2);
            bytes[at] ^= 0x10;
            store(size);
            hsd_network *n = NULL;
            hsd_error err = {0};
            hsd_status status = hsd_network_open(path, 0, &n, &err), required = HSD_OK;
            for (size_t m = 0; status == HSD_OK && m < 3; m++) {
                hsd_status one = hsd_network_require(n, m, &err);
                if (required == HSD_OK) required = one;
                /* and it stays refused */
                assert_int_equal(hsd_network_require(n, m, NULL), one);
            }
            const hsd_timetable *found;
            for (int twice = 0; status == HSD_OK && twice < 2; twice++) {
                hsd_status one = hsd_network_timetable(n, &found, &err);
                if (required == HSD_OK) required = one;
                if (one != HSD_OK) assert_null(found);
            }
            assert_int_equal(status == HSD_OK ? required : status, HSD_E_FORMAT);
            assert_non_null(strstr(err.message, "damaged"));
            if (status == HSD_OK) {
                assert_int_equal(hsd_network_save(n, "/tmp/hsd-never.hsn", true, NULL),
                                 HSD_E_FORMAT);
                hsd_network_destroy(n);
            }
            assert_int_equal(hsd_network_open(path, HSD_OPEN_VERIFY, &n, NULL), HSD_E_FORMAT);
            bytes[at] ^= 0x10;
        }
    free(bytes);
}

/* Damage with checksums that fit it: the checks of contents must hold on their own. */
static void mend(void) {
    hsn_file_header *header = (void *)bytes;
    hsn_file_section *table = (void *)(header + 1);
    for (uint32_t i = 0; i < header->section_count; i++)
        table[i].checksum = hsn_checksum(bytes + table[i].offset, table[i].size);
    header->checksum = 0;
    uint64_t sums[2] = {hsn_checksum(header, sizeof *header),
                        hsn_checksum(table, header->section_count * sizeof *table)};
    header->checksum = hsn_checksum(sums, sizeof sums);
}

static void wild_indices_are_seen_without_checksums(void **state) {
    (void)state;
    load();
    static const uint32_t indexed[] = {
        HSN_POINT_EDGE,     HSN_SNAP_ITEMS,     HSN_VERTEX_ITEMS,   HSN_BARRIER_ITEMS,
        HSN_FIRST_OUT,      HSN_HEADS,          HSN_TAILS,          HSN_FIRST_IN,
        HSN_IN_ARC,         HSN_NODE_VERTEX,    HSN_NODE_FREE_COPY, HSN_NODE_COMPONENT,
        HSN_COMPONENT_ARCS, HSN_ARC_FIRST_LINK, HSN_LINK_EDGE,      HSN_LINK_ARC,
        HSN_EDGE_FIRST_USE, HSN_USE_LINK,       HSN_EDGE_MS,        HSN_ARC_MS,
        HSN_LINK_MS,        HSN_EDGES,          HSN_BARRIER_RINGS,  HSN_BARRIER_POLYGONS,
        HSN_CLASSES,        HSN_MODE_WORDS,     HSN_INPUTS,         HSN_VERTEX_POINT,
        HSN_POINTS,         HSN_CLASS_RULES,    HSN_PROFILE_WORDS,  HSN_TIMETABLE_HEAD,
        HSN_FEEDS,          HSN_STOPS,          HSN_TRANSIT_LINES,  HSN_TRIPS,
        HSN_CALLS,          HSN_HEADWAYS,       HSN_TRANSFERS,      HSN_SHAPES,
        HSN_SHAPE_POINTS,   HSN_SERVICE_DAYS};
    hsn_file_section *table = (void *)(bytes + sizeof(hsn_file_header));
    for (size_t k = 0; k < sizeof indexed / sizeof *indexed; k++) {
        hsn_file_section *t = table;
        while (t->kind != indexed[k]) t++;
        assert_true(t->size >= 4);
        /* the last word, but of an edge its first point, and not what nothing says of a row */
        size_t at = (size_t)(t->offset + (t->kind == HSN_EDGES            ? 24
                                          : t->kind == HSN_TIMETABLE_HEAD ? 4
                                          : t->kind == HSN_STOPS          ? t->size - 8
                                                                          : (t->size - 1) / 4 * 4));
        uint8_t before[4];
        memcpy(before, bytes + at, 4);
        memset(bytes + at, 0x7F, 4);
        mend();
        store(size);
        hsd_network *n = NULL;
        hsd_error err = {0};
        hsd_status status = hsd_network_open(path, 0, &n, &err);
        for (size_t m = 0; status == HSD_OK && m < 3; m++) status = hsd_network_require(n, m, &err);
        const hsd_timetable *found;
        if (status == HSD_OK) status = hsd_network_timetable(n, &found, &err);
        if (status != HSD_E_FORMAT) fail_msg("%s passes", hsn_kind_name(t->kind));
        hsd_network_destroy(n);
        memcpy(bytes + at, before, 4);
    }
    free(bytes);
}

static hsn_file_section *section_of(uint32_t kind) {
    hsn_file_section *t = (void *)(bytes + sizeof(hsn_file_header));
    while (t->kind != kind) t++;
    return t;
}

static void refused_by_profile_0(const char *says) {
    mend();
    store(size);
    hsd_network *n = NULL;
    hsd_error err = {0};
    hsd_status status = hsd_network_open(path, 0, &n, &err);
    if (status == HSD_OK) status = hsd_network_require(n, 0, &err);
    assert_int_equal(status, HSD_E_FORMAT);
    if (!strstr(err.message, says)) fail_msg("\"%s\" does not say \"%s\"", err.message, says);
    hsd_network_destroy(n);
}

/* Positions inside an edge are taken off its whole time: a wrong whole would wrap around. */
static void times_and_legs_that_cannot_be_are_refused(void **state) {
    (void)state;
    load();
    uint32_t *edge_ms = (void *)(bytes + section_of(HSN_EDGE_MS)->offset);
    uint32_t *link_ms = (void *)(bytes + section_of(HSN_LINK_MS)->offset);
    uint32_t *arc_ms = (void *)(bytes + section_of(HSN_ARC_MS)->offset);
    uint32_t *times[] = {edge_ms, link_ms, arc_ms};
    const char *const says[] = {"time of an edge", "time of an arc", "time of an arc"};
    for (int i = 0; i < 3; i++)
        for (uint32_t by = 1; by; by = by == 1 ? UINT32_MAX : 0) { /* one more, one less */
            *times[i] += by;
            if (*times[i] <= HSD_UNREACHABLE) refused_by_profile_0(says[i]);
            *times[i] -= by;
        }
    hsn_metric_head *head = (void *)(bytes + section_of(HSN_METRIC_HEAD)->offset);
    uint32_t *legs[] = {&head->leg_speed_mh, &head->leg_detour_ppm, &head->leg_cap_m};
    for (int i = 0; i < 3; i++) {
        const uint32_t before = *legs[i], wild[] = {0, 0xFFFFFFFFu};
        for (int k = 0; k < 2; k++) {
            *legs[i] = wild[k];
            refused_by_profile_0("last leg");
        }
        *legs[i] = before;
    }
    free(bytes);
}

static void a_file_of_format_2_opens_without_a_timetable(void **state) {
    (void)state;
    hsd_network *n = NULL, *old = NULL;
    town();
    assert_int_equal(hsd_network_build(&h.table, &h.car, 1, NULL, NULL, &n, NULL), HSD_OK);
    assert_int_equal(hsd_network_save(n, path, true, NULL), HSD_OK);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    bytes = malloc(1 << 20);
    assert_non_null(bytes);
    size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    ((hsn_file_header *)(void *)bytes)->version = 2;
    mend();
    store(size);
    assert_int_equal(hsd_network_open(path, HSD_OPEN_VERIFY, &old, NULL), HSD_OK);
    hsd_network_info info;
    const hsd_timetable *found = &rides.table;
    assert_int_equal(hsd_network_info_get(old, &info, NULL), HSD_OK);
    assert_int_equal(info.format_version, 2);
    assert_int_equal(info.feeds, 0);
    assert_string_equal(info.content_id, n->info.content_id);
    assert_int_equal(hsd_network_timetable(old, &found, NULL), HSD_OK);
    assert_null(found);
    hsd_network_destroy(old);
    hsd_network_destroy(n);
    free(bytes);
}

static hsd_status require_all(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++) {
        const hsd_timetable *found;
        status = hsd_network_require(context, i % 3, err);
        if (status == HSD_OK) status = hsd_network_timetable(context, &found, err);
        if (status == HSD_OK && found->trip_count != 2) status = HSD_E_INTERNAL;
    }
    return status;
}

static void any_thread_may_come_first(void **state) {
    (void)state;
    saved();
    hsd_run eight = {.threads = 8};
    for (int round = 0; round < 20; round++) {
        hsd_network *n = NULL;
        assert_int_equal(hsd_network_open(path, 0, &n, NULL), HSD_OK);
        assert_int_equal(hsd_parallel_for(&eight, NULL, 64, 1, require_all, n, NULL), HSD_OK);
        hsd_network_destroy(n);
    }
}

static void running_out_of_memory_is_said(void **state) {
    (void)state;
    town();
    hsd_run one = {.threads = 1};
    uint64_t failures = 0;
    for (uint64_t n = 1;; n++) {
        hsd_network *network = NULL;
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        hsd_status status = build_town(&one, &network, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) {
            hsd_network_destroy(network);
            break;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
        assert_null(network);
        failures++;
    }
    assert_true(failures > 100);
    saved();
    for (uint64_t n = 1;; n++) {
        hsd_network *network = NULL;
        hsd_memory_fail_at(n);
        hsd_status status = hsd_network_open(path, HSD_OPEN_VERIFY, &network, NULL);
        hsd_memory_fail_at(0);
        hsd_network_destroy(network);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
    }
    hsd_network *network = built();
    for (uint64_t n = 1;; n++) {
        hsd_memory_fail_at(n);
        hsd_status status = hsd_network_save(network, path, true, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
    }
    hsd_network_destroy(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_opened_is_what_was_saved, make_path, drop_path),
        cmocka_unit_test(building_twice_gives_the_same_content_id),
        cmocka_unit_test_setup_teardown(an_existing_file_is_kept, make_path, drop_path),
        cmocka_unit_test_setup_teardown(a_truncated_file_is_refused_wherever_it_ends, make_path,
                                        drop_path),
        cmocka_unit_test_setup_teardown(other_files_are_refused_by_name, make_path, drop_path),
        cmocka_unit_test_setup_teardown(one_changed_bit_is_seen, make_path, drop_path),
        cmocka_unit_test_setup_teardown(times_and_legs_that_cannot_be_are_refused, make_path,
                                        drop_path),
        cmocka_unit_test_setup_teardown(wild_indices_are_seen_without_checksums, make_path,
                                        drop_path),
        cmocka_unit_test_setup_teardown(a_file_of_format_2_opens_without_a_timetable, make_path,
                                        drop_path),
        cmocka_unit_test_setup_teardown(any_thread_may_come_first, make_path, drop_path),
        cmocka_unit_test_setup_teardown(running_out_of_memory_is_said, make_path, drop_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
