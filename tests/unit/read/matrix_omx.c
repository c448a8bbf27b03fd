/* OMX files made by hand with HDF5: what is read of them, what is refused, and that no handle of
 * HDF5 is left open. Files of our own writer: tests/unit/export/matrix_round.c; of h5py:
 * tests/real/omx.py. */
#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"
#include "files.h"
#include "hourshed/read.h"

static const hsd_matrix_fields usual = {0};

/* ---- Files -------------------------------------------------------------------------------------
 */

static hid_t begin(const char *path) {
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0);
    H5Gclose(H5Gcreate2(file, "/data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Gclose(H5Gcreate2(file, "/lookup", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    return file;
}

static void add(hid_t file, const char *path, hid_t type, int dimensions, hsize_t rows,
                hsize_t columns, const void *values) {
    const hsize_t lengths[2] = {rows, columns};
    const hid_t space = H5Screate_simple(dimensions, lengths, NULL);
    const hid_t data = H5Dcreate2(file, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(data >= 0);
    if (values) assert_true(H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(data);
    H5Sclose(space);
}

static void add_attribute(hid_t file, const char *path, const char *name, hid_t type, hsize_t count,
                          const void *values) {
    const hid_t space = count ? H5Screate_simple(1, &count, NULL) : H5Screate(H5S_SCALAR);
    const hid_t made =
        H5Acreate_by_name(file, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(made >= 0 && H5Awrite(made, type, values) >= 0);
    H5Aclose(made);
    H5Sclose(space);
}

static const double six[] = {0, 1.5, -1, 3, NAN, 99};
static const int32_t ids[] = {10, 20, 30};

/* Two rows and three columns of minutes. */
static hid_t begin_small(const char *path) {
    const hid_t file = begin(path);
    add(file, "/data/time", H5T_NATIVE_DOUBLE, 2, 2, 3, six);
    return file;
}

/* ---- Reading -----------------------------------------------------------------------------------
 */

/* HDF5 numbers the handles of a kind one after the other: those given out between two of ours must
 * all be gone. */
typedef struct handles {
    hid_t id[3];
    ssize_t objects; /* of files; and types that are the test's */
} handles;

static handles handles_now(void) {
    const handles now = {
        {H5Screate(H5S_SCALAR), H5Tcopy(H5T_NATIVE_INT), H5Pcreate(H5P_DATASET_CREATE)},
        H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL),
    };
    H5Sclose(now.id[0]);
    H5Tclose(now.id[1]);
    H5Pclose(now.id[2]);
    return now;
}

static void assert_none_left(handles before) {
    const handles now = handles_now();
    assert_int_equal(now.objects, before.objects);
    for (int i = 0; i < 3; i++)
        for (hid_t id = before.id[i]; id <= now.id[i]; id++) assert_false(H5Iis_valid(id) > 0);
}

static void assert_pairs(const char *path, const hsd_matrix_fields *fields, const char *expected) {
    char text[2000] = "";
    size_t length = 0;
    hsd_matrix_table t;
    hsd_error err = {0};
    const handles before = handles_now();
    if (hsd_read_matrix(path, fields, NULL, &t, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_none_left(before);
    for (size_t i = 0; i < t.pair_count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s>%s", i ? " " : "",
                                   t.from_ids[t.from[i]], t.to_ids[t.to[i]]);
        for (size_t k = 0; k < t.cost_count; k++) {
            const double cost = t.costs[i * t.cost_count + k];
            char number[32] = "-";
            if (isfinite(cost)) snprintf(number, sizeof number, "%.10g", cost);
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", k ? "/" : "=",
                                       number);
        }
    }
    assert_string_equal(text, expected);
    assert_true(t.complete);
    hsd_matrix_table_finish(&t);
}

static void assert_refused(const char *path, const hsd_matrix_fields *fields, hsd_status status,
                           const char *message) {
    hsd_matrix_table table;
    hsd_error err = {0};
    const handles before = handles_now();
    assert_int_equal(hsd_read_matrix(path, fields, NULL, &table, &err), status);
    assert_none_left(before);
    if (!strstr(err.message, message)) fail_msg("\"%s\" is not in: %s", message, err.message);
    assert_null(table.from_ids);
}

static void zones_are_numbered_where_there_is_no_lookup(void **state) {
    const char *path = files_path(*state, "m.omx");
    H5Fclose(begin_small(path));
    assert_pairs(path, &usual, "1>1=0 1>2=1.5 1>3=- 2>1=3 2>2=- 2>3=99");
    const hsd_matrix_fields fields = {.unreachable = 99, .scale = 2};
    assert_pairs(path, &fields, "1>1=0 1>2=3 1>3=- 2>1=6 2>2=- 2>3=-");
}

static void missing_values_are_those_of_the_na_attribute(void **state) {
    const char *path = files_path(*state, "m.omx");
    hid_t file = begin_small(path);
    const double none = 99;
    add_attribute(file, "/data/time", "NA", H5T_NATIVE_DOUBLE, 1, &none);
    H5Fclose(file);
    assert_pairs(path, &usual, "1>1=0 1>2=1.5 1>3=- 2>1=3 2>2=- 2>3=-");
    static const int16_t whole[] = {7, -32768, 5, 8};
    const int16_t least = -32768;
    file = begin(path = files_path(*state, "n.omx"));
    add(file, "/data/time", H5T_NATIVE_INT16, 2, 2, 2, whole);
    add_attribute(file, "/data/time", "NA", H5T_NATIVE_INT16, 0, &least);
    H5Fclose(file);
    assert_pairs(path, &usual, "1>1=7 1>2=- 2>1=5 2>2=8");
}

static void several_matrices_are_several_costs(void **state) {
    static const float yuan[] = {1, 2, 3, 4, 5, 6};
    const char *path = files_path(*state, "m.omx");
    const int32_t shape[] = {2, 3};
    hid_t file = begin_small(path);
    add(file, "/data/fare", H5T_NATIVE_FLOAT, 2, 2, 3, yuan);
    add(file, "/data/list", H5T_NATIVE_FLOAT, 1, 3, 0, yuan); /* no matrix */
    add_attribute(file, "/", "SHAPE", H5T_NATIVE_INT32, 2, shape);
    H5Fclose(file);
    assert_pairs(path, &usual, "1>1=0/1 1>2=1.5/2 1>3=-/3 2>1=3/4 2>2=-/5 2>3=99/6");
    static const char *const fare[] = {"fare"};
    const hsd_matrix_fields fields = {.costs = fare, .cost_count = 1};
    assert_pairs(path, &fields, "1>1=1 1>2=2 1>3=3 2>1=4 2>2=5 2>3=6");
    static const char *const hours[] = {"hours"};
    const hsd_matrix_fields other = {.costs = hours, .cost_count = 1};
    assert_refused(path, &other, HSD_E_ARGUMENT, "no matrix \"hours\"; there are: fare, time");
}

static void ids_come_from_lookups(void **state) {
    const char *path = files_path(*state, "m.omx");
    const int32_t dims[] = {0, 1};
    hid_t file = begin_small(path);
    add(file, "/lookup/rows", H5T_NATIVE_INT32, 1, 2, 0, ids);
    add(file, "/lookup/columns", H5T_NATIVE_INT32, 1, 3, 0, ids);
    add_attribute(file, "/lookup/rows", "DIM", H5T_NATIVE_INT32, 0, &dims[0]);
    add_attribute(file, "/lookup/columns", "DIM", H5T_NATIVE_INT32, 0, &dims[1]);
    H5Fclose(file);
    assert_pairs(path, &usual, "1>1=0 1>2=1.5 1>3=- 2>1=3 2>2=- 2>3=99");
    hsd_matrix_fields fields = {.lookup = "columns"};
    assert_pairs(path, &fields, "1>10=0 1>20=1.5 1>30=- 2>10=3 2>20=- 2>30=99");
    fields = (hsd_matrix_fields){.from = "rows", .to = "columns"};
    assert_pairs(path, &fields, "10>10=0 10>20=1.5 10>30=- 20>10=3 20>20=- 20>30=99");
    fields.from = "zones";
    assert_refused(path, &fields, HSD_E_ARGUMENT, "no lookup \"zones\"; there are: columns, rows");
}

static void ids_are_whole_numbers_reals_or_texts(void **state) {
    static const char fixed[] = "a  \0bc\0\0", *const pointers[] = {"北京", "x y"};
    static const double reals[] = {101, 2.5};
    static const double four[] = {1, 2, 3, 4};
    const hid_t text = H5Tcopy(H5T_C_S1), pointer = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 4);
    H5Tset_size(pointer, H5T_VARIABLE);
    H5Tset_cset(pointer, H5T_CSET_UTF8);
    const struct {
        hid_t type;
        const void *values;
        const char *expected;
    } cases[] = {{text, fixed, "a>a=1 a>bc=2 bc>a=3 bc>bc=4"},
                 {pointer, pointers, "北京>北京=1 北京>x y=2 x y>北京=3 x y>x y=4"},
                 {H5T_NATIVE_DOUBLE, reals, "101>101=1 101>2.5=2 2.5>101=3 2.5>2.5=4"},
                 {H5T_NATIVE_INT32, ids, "10>10=1 10>20=2 20>10=3 20>20=4"}};
    for (size_t i = 0; i < 4; i++) {
        const char *path = files_path(*state, "m.omx");
        const hid_t file = begin(path);
        add(file, "/data/time", H5T_NATIVE_DOUBLE, 2, 2, 2, four);
        add(file, "/lookup/zone", cases[i].type, 1, 2, 0, cases[i].values);
        H5Fclose(file);
        assert_pairs(path, &usual, cases[i].expected);
    }
    H5Tclose(text);
    H5Tclose(pointer);
}

static void broken_lookups_are_refused(void **state) {
    static const int32_t twice[] = {10, 20, 10};
    static const double gap[] = {1, NAN, 3};
    static const double nine[9];
    static const char latin[] = "M\xfc\0";
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 1);
    const struct {
        hid_t type;
        hsize_t count;
        const void *values;
        const char *message;
    } cases[] = {{H5T_NATIVE_INT32, 3, twice, "id \"10\" stands twice in lookup \"zone\""},
                 {H5T_NATIVE_INT32, 2, twice, "has 2 ids, and the matrices are 3 x 3"},
                 {H5T_NATIVE_DOUBLE, 3, gap, "id 2 of lookup \"zone\" is empty"},
                 {text, 3, latin, "id 2 of lookup \"zone\" is not UTF-8 text"}};
    for (size_t i = 0; i < 4; i++) {
        const char *path = files_path(*state, "m.omx");
        const hid_t file = begin(path);
        add(file, "/data/time", H5T_NATIVE_DOUBLE, 2, 3, 3, nine);
        add(file, "/lookup/zone", cases[i].type, 1, cases[i].count, 0, cases[i].values);
        H5Fclose(file);
        assert_refused(path, &usual, HSD_E_FORMAT, cases[i].message);
    }
    H5Tclose(text);
}

static void what_is_no_omx_is_refused(void **state) {
    const char *path = files_text(*state, "m.omx", "from,to,time\n1,2,3\n");
    assert_refused(path, &usual, HSD_E_FORMAT, "m.omx: not an HDF5 file");
    assert_refused(files_path(*state, "no.omx"), &usual, HSD_E_OPEN, "no such file");
    path = files_path(*state, "e.omx");
    H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    assert_refused(path, &usual, HSD_E_FORMAT, "e.omx: no group /data");
    path = files_path(*state, "f.omx");
    H5Fclose(begin(path));
    assert_refused(path, &usual, HSD_E_FORMAT, "/data has no matrix");
    path = files_path(*state, "g.omx");
    hid_t file = begin_small(path);
    add(file, "/data/other", H5T_NATIVE_DOUBLE, 2, 3, 2, six);
    H5Fclose(file);
    assert_refused(path, &usual, HSD_E_FORMAT,
                   "matrix \"other\" is 3 x 2, and the file's are 2 x 3");
    path = files_path(*state, "h.omx");
    const int32_t shape[] = {2, 2};
    file = begin_small(path);
    add_attribute(file, "/", "SHAPE", H5T_NATIVE_INT32, 2, shape);
    H5Fclose(file);
    assert_refused(path, &usual, HSD_E_FORMAT,
                   "matrix \"time\" is 2 x 3, and the file's are 2 x 2");
}

/* A few hundred bytes that ask for terabytes. */
static void sizes_are_held_against_what_is_there(void **state) {
    const char *path = files_path(*state, "m.omx");
    hid_t file = begin(path);
    const hsize_t lengths[2] = {2000000, 2000000}, chunk[2] = {1, 1000};
    const hid_t space = H5Screate_simple(2, lengths, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(list, 2, chunk);
    H5Dclose(
        H5Dcreate2(file, "/data/time", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Pclose(list);
    H5Sclose(space);
    H5Fclose(file);
    assert_refused(path, &usual, HSD_E_FORMAT,
                   "\"time\" says it is 32000000000000 bytes large, and the file holds 0 of it");
    path = files_path(*state, "x.omx");
    file = begin(path);
    const hsize_t small[2] = {2, 2};
    const hid_t plain = H5Screate_simple(2, small, NULL), outside = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(outside, "/etc/hostname", 0, 32);
    H5Dclose(H5Dcreate2(file, "/data/time", H5T_NATIVE_DOUBLE, plain, H5P_DEFAULT, outside,
                        H5P_DEFAULT));
    H5Lcreate_external("m.omx", "/data/time", file, "/data/other", H5P_DEFAULT, H5P_DEFAULT);
    H5Pclose(outside);
    H5Sclose(plain);
    H5Fclose(file);
    assert_refused(path, &usual, HSD_E_FORMAT, "the numbers of \"time\" are in another file");
}

/* Any end, and any byte of a small file: an error or a table, no crash and no handle left. */
static void damaged_files_are_errors(void **state) {
    static uint8_t bytes[1 << 16];
    const char *path = files_path(*state, "m.omx");
    const hid_t made = begin_small(path);
    add(made, "/lookup/from_id", H5T_NATIVE_INT32, 1, 2, 0, ids);
    add(made, "/lookup/to_id", H5T_NATIVE_INT32, 1, 3, 0, ids);
    H5Fclose(made);
    FILE *file = fopen(path, "rb");
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(size > 1000 && size < sizeof bytes);
    path = files_path(*state, "cut.omx");
    for (size_t cut = 0; cut < size; cut += 97) {
        file = fopen(path, "wb");
        fwrite(bytes, 1, cut, file);
        fclose(file);
        hsd_matrix_table table;
        hsd_error err = {0};
        const handles before = handles_now();
        assert_int_not_equal(hsd_read_matrix(path, &usual, NULL, &table, &err), HSD_OK);
        assert_none_left(before);
    }
}

static void a_failed_allocation_leaves_no_handle(void **state) {
    const char *path = files_path(*state, "m.omx");
    static const char *const texts[] = {"p", "q"};
    const hid_t pointer = H5Tcopy(H5T_C_S1), file = begin_small(path);
    H5Tset_size(pointer, H5T_VARIABLE);
    add(file, "/lookup/from_id", pointer, 1, 2, 0, texts);
    add(file, "/lookup/to_id", H5T_NATIVE_INT32, 1, 3, 0, ids);
    H5Fclose(file);
    H5Tclose(pointer);
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        hsd_matrix_table table;
        hsd_error err = {0};
        const handles before = handles_now();
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_read_matrix(path, &usual, NULL, &table, &err);
        done = hsd_memory_fail_at(0) < n;
        assert_int_equal(status, done ? HSD_OK : HSD_E_MEMORY);
        assert_none_left(before);
        hsd_matrix_table_finish(&table);
        assert_true(n < 1000);
    }
}

int main(void) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_begin, files_end)
    const struct CMUnitTest tests[] = {
        TEST(zones_are_numbered_where_there_is_no_lookup),
        TEST(missing_values_are_those_of_the_na_attribute),
        TEST(several_matrices_are_several_costs),
        TEST(ids_come_from_lookups),
        TEST(ids_are_whole_numbers_reals_or_texts),
        TEST(broken_lookups_are_refused),
        TEST(what_is_no_omx_is_refused),
        TEST(sizes_are_held_against_what_is_there),
        TEST(damaged_files_are_errors),
        TEST(a_failed_allocation_leaves_no_handle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
