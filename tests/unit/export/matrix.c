/* Matrix files: what is written, that it is read back by GDAL and by plain eyes, and that a file is
 * there whole or not at all. Reading them by our own reader: tests/unit/read/matrix.c. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "support.h"

#include "hourshed/export.h"

static const char *const two_from[] = {"a", "b,1"}, *const three_to[] = {"a", "b,1", "say \"x\""};
static const char *const one_name[] = {"time_min"};
static const double values[] = {0, 1.5, NAN, 60000000 / 60000.0, 12345 / 60000.0, INFINITY};

static hsd_matrix_spec small(void) {
    return (hsd_matrix_spec){.from_ids = two_from,
                             .to_ids = three_to,
                             .from_count = 2,
                             .to_count = 3,
                             .names = one_name,
                             .name_count = 1};
}

static hsd_status write_matrix(const char *path, const hsd_matrix_spec *spec, const double *rows,
                               hsd_error *err) {
    hsd_matrix_writer *writer;
    hsd_status status = hsd_matrix_writer_create(path, spec, &writer, err);
    for (size_t i = 0; i < spec->from_count && status == HSD_OK; i++)
        status = hsd_matrix_writer_row(writer, rows + i * spec->name_count * spec->to_count, err);
    if (status == HSD_OK) status = hsd_matrix_writer_commit(writer, err);
    hsd_matrix_writer_destroy(writer);
    return status;
}

static void assert_text(const char *path, const char *expected) {
    char *text;
    assert_int_equal(hsd_read_text(path, 1 << 20, &text, NULL, NULL), HSD_OK);
    assert_string_equal(text, expected);
    hsd_free(text);
}

static void a_long_table_has_a_line_a_pair_with_a_way(void **state) {
    const char *path = in_folder(*state, "m.csv");
    hsd_matrix_spec spec = small();
    assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
    assert_text(path, "from_id,to_id,time_min\na,a,0\na,\"b,1\",1.5\n\"b,1\",a,1000\n"
                      "\"b,1\",\"b,1\",0.20575\n");
    spec.all = spec.overwrite = true;
    assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
    assert_text(path, "from_id,to_id,time_min\na,a,0\na,\"b,1\",1.5\na,\"say \"\"x\"\"\",\n"
                      "\"b,1\",a,1000\n\"b,1\",\"b,1\",0.20575\n\"b,1\",\"say \"\"x\"\"\",\n");
    assert_int_equal(entry_count(((folder *)*state)->path), 1);
}

static void a_wide_table_has_a_line_an_origin(void **state) {
    const char *path = in_folder(*state, "m.csv");
    hsd_matrix_spec spec = small();
    spec.wide = true;
    assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
    assert_text(path, "from_id,a,\"b,1\",\"say \"\"x\"\"\"\na,0,1.5,\n\"b,1\",1000,0.20575,\n");
}

static void several_values_stand_side_by_side(void **state) {
    static const char *const names[] = {"time_min_p10", "time_min_p90"};
    static const double two[] = {1, 2, NAN, 3, NAN, NAN, 1, 1, 1, 2, 2, 2};
    const char *path = in_folder(*state, "m.csv");
    hsd_matrix_spec spec = small();
    spec.names = names;
    spec.name_count = 2;
    assert_int_equal(write_matrix(path, &spec, two, NULL), HSD_OK);
    assert_text(path, "from_id,to_id,time_min_p10,time_min_p90\na,a,1,3\na,\"b,1\",2,\n"
                      "\"b,1\",a,1,2\n\"b,1\",\"b,1\",1,2\n\"b,1\",\"say \"\"x\"\"\",1,2\n");
    hsd_error err;
    spec.wide = true;
    assert_int_equal(write_matrix(in_folder(*state, "w.csv"), &spec, two, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "a wide table holds one value a pair, not 2"));
}

/* Every millisecond of three hours, and some of the longest times there are. */
static void milliseconds_come_back_from_the_text(void **state) {
    enum { COUNT = 10800000 / 100 };
    static double row[COUNT];
    static char id[COUNT][8];
    static const char *ids[COUNT];
    for (size_t part = 0; part < 3; part++) {
        const uint32_t start = part == 0 ? 0 : part == 1 ? 7654321 : HSD_UNREACHABLE - COUNT;
        for (uint32_t i = 0; i < COUNT; i++) {
            snprintf(id[i], sizeof id[i], "%u", i);
            ids[i] = id[i];
            row[i] = (start + i) / 60000.0;
        }
        const char *path = in_folder(*state, "ms.csv");
        const hsd_matrix_spec spec = {.from_ids = ids,
                                      .to_ids = ids,
                                      .from_count = 1,
                                      .to_count = COUNT,
                                      .names = one_name,
                                      .name_count = 1,
                                      .overwrite = true};
        assert_int_equal(write_matrix(path, &spec, row, NULL), HSD_OK);
        char *text, *at;
        assert_int_equal(hsd_read_text(path, 1 << 26, &text, NULL, NULL), HSD_OK);
        at = strchr(text, '\n');
        if (part == 0)
            assert_memory_equal(at, "\n0,0,0\n0,1,0.00002\n0,2,0.00003\n0,3,0.00005", 41);
        for (uint32_t i = 0; i < COUNT; i++) {
            at = strchr(strchr(at, ',') + 1, ',') + 1;
            char *end;
            if (lround(strtod(at, &end) * 60000) != (long)(start + i) || end - at > 11)
                fail_msg("%u ms written as %.*s", start + i, (int)(end - at), at);
        }
        hsd_free(text);
    }
}

static void numbers_that_are_no_milliseconds_keep_their_digits(void **state) {
    static const char *const ids[] = {"1", "2", "3", "4", "5"}, *const names[] = {"km"};
    static const double row[] = {1.0 / 7, 1e300, -2.5, 0.1, 1e-9};
    const char *path = in_folder(*state, "m.csv");
    const hsd_matrix_spec spec = {.from_ids = ids,
                                  .to_ids = ids,
                                  .from_count = 1,
                                  .to_count = 5,
                                  .names = names,
                                  .name_count = 1,
                                  .wide = true};
    assert_int_equal(write_matrix(path, &spec, row, NULL), HSD_OK);
    assert_text(path, "from_id,1,2,3,4,5\n1,0.14285714285714285,1e+300,-2.5,0.1,1e-09\n");
}

static void a_packed_table_is_the_plain_one_packed(void **state) {
    const char *path = in_folder(*state, "m.csv.gz");
    const hsd_matrix_spec spec = small();
    assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
    char *packed = hsd_asprintf(NULL, "/vsigzip/%s", path), text[200] = "";
    VSILFILE *file = VSIFOpenL(packed, "rb");
    hsd_free(packed);
    assert_non_null(file);
    VSIFReadL(text, 1, sizeof text - 1, file);
    VSIFCloseL(file);
    assert_string_equal(text, "from_id,to_id,time_min\na,a,0\na,\"b,1\",1.5\n\"b,1\",a,1000\n"
                              "\"b,1\",\"b,1\",0.20575\n");
}

static void provenance_lies_beside_a_csv(void **state) {
    folder *f = *state;
    hsd_matrix_spec spec = small();
    hsd_error err;
    spec.provenance = "{\"command\":\"matrix\"}";
    assert_int_equal(write_matrix(in_folder(f, "m.csv"), &spec, values, NULL), HSD_OK);
    assert_text(in_folder(f, "m.csv.json"), "{\"command\":\"matrix\"}\n");
    assert_int_equal(entry_count(f->path), 2);
    unlink(in_folder(f, "m.csv"));
    assert_int_equal(write_matrix(in_folder(f, "m.csv"), &spec, values, &err), HSD_E_WRITE);
    assert_non_null(strstr(err.message, "m.csv.json exists"));
    assert_int_equal(entry_count(f->path), 1);
    spec.overwrite = true;
    assert_int_equal(write_matrix(in_folder(f, "m.csv"), &spec, values, NULL), HSD_OK);
    assert_int_equal(entry_count(f->path), 2);
}

static void a_geopackage_has_the_table_and_its_provenance(void **state) {
    const char *path = in_folder(*state, "m.gpkg");
    hsd_matrix_spec spec = small();
    spec.provenance = "{\"command\":\"matrix\"}";
    assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
    GDALDatasetH gdal = open_vector(path);
    assert_query(gdal, "SELECT count(*) FROM matrix", "4");
    assert_query(gdal,
                 "SELECT group_concat(from_id || '>' || to_id || '=' || time_min, ' ') FROM matrix",
                 "a>a=0.0 a>b,1=1.5 b,1>a=1000.0 b,1>b,1=0.20575");
    GDALClose(gdal);
    char *text;
    assert_int_equal(hsd_dataset_provenance(path, &text, NULL), HSD_OK);
    assert_non_null(strstr(text, "\"matrix\""));
    hsd_text_release(text);
    spec.wide = spec.overwrite = true;
    assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
    gdal = open_vector(path);
    assert_query(gdal, "SELECT count(*) FROM matrix WHERE \"say \"\"x\"\"\" IS NULL", "2");
    assert_query(gdal, "SELECT \"b,1\" FROM matrix WHERE from_id = 'a'", "1.5");
    GDALClose(gdal);
}

static void a_wide_table_holds_as_many_targets_as_a_database_does(void **state) {
    enum { MOST = 1998 };
    static char id[MOST + 1][8];
    static const char *ids[MOST + 1];
    static double row[MOST + 1];
    for (int i = 0; i <= MOST; i++) {
        snprintf(id[i], sizeof id[i], "z%d", i);
        ids[i] = id[i];
        row[i] = i;
    }
    hsd_matrix_spec spec = {.from_ids = ids,
                            .to_ids = ids,
                            .from_count = 1,
                            .to_count = MOST,
                            .names = one_name,
                            .name_count = 1,
                            .wide = true};
    hsd_error err = {0};
    assert_int_equal(write_matrix(in_folder(*state, "m.gpkg"), &spec, row, &err), HSD_OK);
    spec.to_count++;
    assert_int_equal(write_matrix(in_folder(*state, "n.gpkg"), &spec, row, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "1999 targets are too many"));
    assert_int_equal(write_matrix(in_folder(*state, "n.csv"), &spec, row, &err), HSD_OK);
}

static void ids_that_are_no_columns_of_a_wide_table_are_refused(void **state) {
    static const struct {
        const char *file, *ids[3], *message;
    } cases[] = {{"m.gpkg", {"a", "b", "A"}, "\"A\" and \"a\" are one name"},
                 {"m.gpkg", {"a", "From_Id", "b"}, "are one name for columns"},
                 {"m.gpkg", {"a", "fid", "b"}, "the format's own columns"},
                 {"m.shp", {"a", "b", "12345678901"}, "\"12345678901\" is too long"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hsd_matrix_spec spec = small();
        hsd_matrix_writer *writer;
        hsd_error err = {HSD_OK, ""};
        spec.wide = true;
        spec.to_ids = cases[i].ids;
        const char *path = in_folder(*state, cases[i].file);
        assert_int_equal(hsd_matrix_writer_create(path, &spec, &writer, &err), HSD_E_ARGUMENT);
        if (!strstr(err.message, cases[i].message)) fail_msg("%s", err.message);
        assert_int_equal(entry_count(((folder *)*state)->path), 0);
        spec.wide = false;
        assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
        assert_int_equal(write_matrix(in_folder(*state, "w.csv"), &spec, values, NULL), HSD_OK);
        folder_remove(state);
        folder_make(state);
    }
}

static void nothing_stands_before_the_commit_or_after_a_failure(void **state) {
    static const char *const names[] = {"m.csv", "m.csv.gz", "m.gpkg", "m.omx"};
    folder *f = *state;
    for (size_t i = 0; i < (hsd_omx_available() ? 4 : 3); i++) {
        hsd_matrix_spec spec = small();
        hsd_matrix_writer *writer;
        hsd_error err = {0};
        const char *path = in_folder(f, names[i]);
        assert_int_equal(hsd_matrix_writer_create(path, &spec, &writer, &err), HSD_OK);
        assert_false(hsd_path_exists(path));
        assert_int_equal(hsd_matrix_writer_row(writer, values, &err), HSD_OK);
        assert_int_equal(hsd_matrix_writer_commit(writer, &err), HSD_E_INTERNAL);
        assert_non_null(strstr(err.message, "1 of 2 rows"));
        assert_false(hsd_path_exists(path));
        hsd_matrix_writer_destroy(writer);
        assert_int_equal(entry_count(f->path), 0);
        assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
        assert_int_equal(write_matrix(path, &spec, values, &err), HSD_E_WRITE);
        assert_non_null(strstr(err.message, "exists; --overwrite replaces it"));
        spec.overwrite = true;
        assert_int_equal(write_matrix(path, &spec, values, NULL), HSD_OK);
        assert_int_equal(entry_count(f->path), 1);
        unlink(in_folder(f, names[i]));
    }
}

static void what_cannot_be_written_is_said(void **state) {
    hsd_matrix_spec spec = small();
    hsd_error err;
    assert_int_equal(write_matrix("", &spec, values, &err), HSD_E_ARGUMENT);
    assert_int_equal(write_matrix(in_folder(*state, "no/m.csv"), &spec, values, &err), HSD_E_WRITE);
    spec.to_count = 0;
    assert_int_equal(write_matrix(in_folder(*state, "m.csv"), &spec, values, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "0 targets"));
    spec = small();
    spec.format = "OMX";
    const hsd_status status = write_matrix(in_folder(*state, "m"), &spec, values, &err);
    if (hsd_omx_available()) {
        assert_int_equal(status, HSD_OK);
        unlink(in_folder(*state, "m"));
    } else {
        assert_int_equal(status, HSD_E_ARGUMENT);
        assert_non_null(strstr(err.message, "this build has no HDF5"));
    }
    assert_int_equal(entry_count(((folder *)*state)->path), 0);
}

/* 200 x 200 numbers that do not pack, and room for a tenth of them. */
static void a_full_disk_is_named_in_one_line(void **state) {
    enum { SIDE = 200 };
    static const char *const files[] = {"m.csv", "m.csv.gz", "m.omx"};
    static char texts[SIDE][8];
    static double numbers[SIDE * SIDE];
    const char *ids[SIDE];
    for (int i = 0; i < SIDE; i++) {
        snprintf(texts[i], sizeof texts[i], "z%d", i);
        ids[i] = texts[i];
    }
    uint64_t seed = 1;
    for (int i = 0; i < SIDE * SIDE; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        numbers[i] = (double)(seed >> 11) * 0x1p-45;
    }
    hsd_matrix_spec spec = small();
    spec.from_ids = spec.to_ids = ids;
    spec.from_count = spec.to_count = SIDE;
    struct rlimit before, tight;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = (struct rlimit){32768, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < (hsd_omx_available() ? 3 : 2); i++) {
        hsd_error err = {HSD_OK, ""};
        const char *path = in_folder(*state, files[i]);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        const hsd_status status = write_matrix(path, &spec, numbers, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(status, HSD_E_WRITE);
        if (!strstr(err.message, "File too large") || strchr(err.message, '\n'))
            fail_msg("%s", err.message);
        assert_int_equal(entry_count(((folder *)*state)->path), 0);
    }
    signal(SIGXFSZ, SIG_DFL);
}

static void a_failed_allocation_leaves_nothing(void **state) {
    static const char *const names[] = {"m.csv", "m.gpkg", "m.omx"};
    folder *f = *state;
    hsd_matrix_spec spec = small();
    for (size_t i = 0; i < (hsd_omx_available() ? 3 : 2); i++) {
        spec.provenance = i == 0 ? NULL : "{}";
        bool done = false;
        for (uint64_t n = 1; !done; n++) {
            hsd_error err = {0};
            hsd_memory_fail_at(n);
            const hsd_status status = write_matrix(in_folder(f, names[i]), &spec, values, &err);
            done = hsd_memory_fail_at(0) < n;
            if (done) {
                assert_int_equal(status, HSD_OK);
            } else {
                assert_int_equal(status, HSD_E_MEMORY);
                assert_int_equal(entry_count(f->path), 0);
            }
            assert_true(n < 1000);
        }
        unlink(in_folder(f, names[i]));
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(a_long_table_has_a_line_a_pair_with_a_way),
        TEST(a_wide_table_has_a_line_an_origin),
        TEST(several_values_stand_side_by_side),
        TEST(milliseconds_come_back_from_the_text),
        TEST(numbers_that_are_no_milliseconds_keep_their_digits),
        TEST(a_packed_table_is_the_plain_one_packed),
        TEST(provenance_lies_beside_a_csv),
        TEST(a_geopackage_has_the_table_and_its_provenance),
        TEST(a_wide_table_holds_as_many_targets_as_a_database_does),
        TEST(ids_that_are_no_columns_of_a_wide_table_are_refused),
        TEST(nothing_stands_before_the_commit_or_after_a_failure),
        TEST(what_cannot_be_written_is_said),
        TEST(a_full_disk_is_named_in_one_line),
        TEST(a_failed_allocation_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
