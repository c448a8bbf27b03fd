/* What the matrix writer writes the matrix reader reads: every format, long and wide. */
#include <math.h>
#include <stdlib.h>

#include "support.h"

#include "hourshed/export.h"
#include "hourshed/read.h"

enum { MOST = 40 };

typedef struct sample {
    char from[MOST][24], to[MOST][24];
    const char *from_ids[MOST], *to_ids[MOST];
    size_t rows, columns, names;
    uint32_t ms[3][MOST][MOST]; /* HSD_UNREACHABLE: no way */
} sample;

static const char *const names[] = {"time_min", "time_min_p10", "time_min_p90"};

/* format: of ids, one %d; its targets are the origins where square. */
static void fill(sample *s, size_t rows, size_t columns, size_t count, const char *from,
                 const char *to) {
    uint32_t state = 12345;
    *s = (sample){.rows = rows, .columns = columns, .names = count};
    for (size_t i = 0; i < MOST; i++) {
        snprintf(s->from[i], sizeof s->from[i], from, (int)i);
        snprintf(s->to[i], sizeof s->to[i], to, (int)i);
        s->from_ids[i] = s->from[i];
        s->to_ids[i] = s->to[i];
    }
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < rows; i++)
            for (size_t k = 0; k < columns; k++) {
                state = state * 1664525 + 1013904223;
                s->ms[n][i][k] = state >> 28 == 0 && !(n == 0 && i == k) ? HSD_UNREACHABLE
                                                                         : (state >> 8) % 12000000;
            }
}

static hsd_status write_sample(const char *path, const sample *s, hsd_matrix_spec spec,
                               hsd_error *err) {
    spec.from_ids = s->from_ids;
    spec.to_ids = s->to_ids;
    spec.from_count = s->rows;
    spec.to_count = s->columns;
    spec.names = names;
    spec.name_count = s->names;
    hsd_matrix_writer *writer;
    hsd_status status = hsd_matrix_writer_create(path, &spec, &writer, err);
    for (size_t i = 0; i < s->rows && status == HSD_OK; i++) {
        double row[3 * MOST];
        for (size_t n = 0; n < s->names; n++)
            for (size_t k = 0; k < s->columns; k++)
                row[n * s->columns + k] =
                    s->ms[n][i][k] == HSD_UNREACHABLE ? NAN : s->ms[n][i][k] / 60000.0;
        status = hsd_matrix_writer_row(writer, row, err);
    }
    if (status == HSD_OK) status = hsd_matrix_writer_commit(writer, err);
    hsd_matrix_writer_destroy(writer);
    return status;
}

static size_t place_of(const char *const *ids, size_t count, const char *id) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(ids[i], id) == 0) return i;
    fail_msg("id \"%s\" is not one of those written", id);
    return 0;
}

/* Each pair that was read has the milliseconds that were written, and those that were not read had
 * no way. */
static void assert_back(const char *path, const sample *s, const hsd_matrix_fields *fields,
                        bool complete) {
    hsd_matrix_table t;
    hsd_error err = {0};
    static bool seen[MOST][MOST];
    memset(seen, 0, sizeof seen);
    if (hsd_read_matrix(path, fields, NULL, &t, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_int_equal(t.cost_count, s->names);
    for (size_t n = 0; n < s->names; n++) assert_string_equal(t.cost_names[n], names[n]);
    for (size_t i = 0; i < t.pair_count; i++) {
        const size_t from = place_of(s->from_ids, s->rows, t.from_ids[t.from[i]]);
        const size_t to = place_of(s->to_ids, s->columns, t.to_ids[t.to[i]]);
        assert_false(seen[from][to]);
        seen[from][to] = true;
        for (size_t n = 0; n < s->names; n++) {
            const double minutes = t.costs[i * s->names + n];
            const uint32_t ms =
                isfinite(minutes) ? (uint32_t)lround(minutes * 60000) : HSD_UNREACHABLE;
            assert_int_equal(ms, s->ms[n][from][to]);
        }
    }
    for (size_t i = 0; i < s->rows; i++)
        for (size_t k = 0; k < s->columns; k++)
            for (size_t n = 0; n < s->names && !seen[i][k]; n++)
                assert_int_equal(s->ms[n][i][k], HSD_UNREACHABLE);
    if (complete) {
        assert_true(t.complete);
        assert_int_equal(t.pair_count, s->rows * s->columns);
        for (size_t i = 0; i < s->rows; i++) assert_string_equal(t.from_ids[i], s->from_ids[i]);
        for (size_t i = 0; i < s->columns; i++) assert_string_equal(t.to_ids[i], s->to_ids[i]);
    }
    hsd_matrix_table_finish(&t);
}

static void every_format_gives_back_what_it_was_given(void **state) {
    static const char *const files[] = {"m.csv", "m.csv.gz", "m.gpkg", "m.geojson", "m.omx"};
    static const struct {
        size_t rows, columns, names;
        const char *from, *to;
    } cases[] = {{40, 40, 1, "%d", "%d"},           {3, 40, 2, "z%d", "%d"},
                 {40, 7, 3, "区 %d", "a,\"b\" %d"}, {1, 1, 1, "x%d", "y%d"},
                 {5, 5, 1, "-%d0000000000", "+%d"}, {12, 12, 1, "00%d", "00%d"}};
    const hsd_matrix_fields usual = {0};
    static sample s;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        fill(&s, cases[c].rows, cases[c].columns, cases[c].names, cases[c].from, cases[c].to);
        for (size_t i = 0; i < (hsd_omx_available() ? 5 : 4); i++) {
            const char *path = in_folder(*state, files[i]);
            hsd_error err = {0};
            hsd_matrix_spec spec = {.overwrite = true};
            if (write_sample(path, &s, spec, &err) != HSD_OK) fail_msg("%s", err.message);
            assert_back(path, &s, &usual, i == 4);
            spec.all = true;
            assert_int_equal(write_sample(path, &s, spec, NULL), HSD_OK);
            assert_back(path, &s, &usual, true);
        }
    }
}

static void wide_tables_come_back_whole(void **state) {
    const hsd_matrix_fields wide = {.wide = true};
    const hsd_matrix_spec spec = {.overwrite = true, .wide = true};
    static sample s;
    fill(&s, 40, 9, 1, "from;%d", "a,\"b\" %d");
    assert_int_equal(write_sample(in_folder(*state, "m.csv"), &s, spec, NULL), HSD_OK);
    assert_back(in_folder(*state, "m.csv"), &s, &wide, true);
    assert_int_equal(write_sample(in_folder(*state, "m.csv.gz"), &s, spec, NULL), HSD_OK);
    assert_back(in_folder(*state, "m.csv.gz"), &s, &wide, true);
}

static void the_same_matrix_gives_the_same_bytes(void **state) {
    static const char *const files[] = {"a.csv.gz", "a.gpkg", "a.omx"};
    static sample s;
    char before[3][65], after[65];
    const size_t count = hsd_omx_available() ? 3 : 2;
    const hsd_matrix_spec spec = {.overwrite = true, .provenance = "{}"};
    fill(&s, 20, 20, 2, "z%d", "z%d");
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(write_sample(in_folder(*state, files[i]), &s, spec, NULL), HSD_OK);
        assert_int_equal(hsd_sha256_path(in_folder(*state, files[i]), before[i], NULL), HSD_OK);
    }
    sleep(1); /* stamps of times have whole seconds */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(write_sample(in_folder(*state, files[i]), &s, spec, NULL), HSD_OK);
        assert_int_equal(hsd_sha256_path(in_folder(*state, files[i]), after, NULL), HSD_OK);
        assert_string_equal(after, before[i]);
    }
}

static void a_long_provenance_fits_too(void **state) {
    if (!hsd_omx_available()) skip();
    static sample s;
    static char text[200000];
    memset(text, 'x', sizeof text - 1);
    fill(&s, 2, 2, 1, "%d", "%d");
    const hsd_matrix_spec spec = {.provenance = text};
    const hsd_matrix_fields usual = {0};
    const char *path = in_folder(*state, "m.omx");
    assert_int_equal(write_sample(path, &s, spec, NULL), HSD_OK);
    assert_back(path, &s, &usual, true);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(every_format_gives_back_what_it_was_given),
        TEST(wide_tables_come_back_whole),
        TEST(the_same_matrix_gives_the_same_bytes),
        TEST(a_long_provenance_fits_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
