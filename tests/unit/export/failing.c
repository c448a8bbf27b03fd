/* Outputs that cannot be written: the status, the message, and that nothing stands under the name.
 */
#include "support.h"

#include "sample.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static void an_existing_file_is_kept_without_overwrite(void **state) {
    folder *f = *state;
    hsd_error err = {0};
    FILE *file = fopen(in_folder(f, "a.gpkg"), "w");
    fputs("precious", file);
    fclose(file);
    hsd_dataset_options options = {0};
    assert_int_equal(sample_write(f->name, &options, 10, &err), HSD_E_WRITE);
    assert_non_null(strstr(err.message, "--overwrite"));
    char *text = NULL;
    assert_int_equal(hsd_read_text(f->name, 100, &text, NULL, NULL), HSD_OK);
    assert_string_equal(text, "precious");
    hsd_free(text);
    options.overwrite = true;
    assert_int_equal(sample_write(f->name, &options, 10, &err), HSD_OK);
    GDALClose(open_vector(f->name));
    assert_int_equal(entry_count(f->path), 1);
}

static void nothing_stands_under_the_name_before_commit(void **state) {
    folder *f = *state;
    static const char *const names[] = {"a.gpkg", "folder", "a.sqlite", "s"};
    static const char *const formats[] = {"GPKG", "CSV", "SQLite", "ESRI Shapefile"};
    for (size_t i = 0; i < 4; i++) {
        hsd_dataset *dataset = NULL;
        hsd_dataset_options options = {.format = formats[i]};
        assert_int_equal(hsd_dataset_create(in_folder(f, names[i]), &options, &dataset, NULL),
                         HSD_OK);
        assert_int_equal(sample_edges(dataset, 5000, NULL), HSD_OK);
        assert_false(hsd_path_exists(f->name));
        hsd_dataset_destroy(dataset);
        assert_int_equal(entry_count(f->path), 0);
    }
}

/* What the second interrupt does: the program ends at once, with the layer half written. */
static void an_interrupt_leaves_no_folder_behind(void **state) {
    folder *f = *state;
    static const char *const names[] = {"a.gpkg", "folder", "a.sqlite", "a.gdb", "s"};
    static const char *const formats[] = {"GPKG", "CSV", "SQLite", "OpenFileGDB", "ESRI Shapefile"};
    for (size_t i = 0; i < 5; i++) {
        if (!GDALGetDriverByName(formats[i])) continue;
        hsd_dataset *dataset = NULL;
        hsd_dataset_options options = {.format = formats[i]};
        assert_int_equal(hsd_dataset_create(in_folder(f, names[i]), &options, &dataset, NULL),
                         HSD_OK);
        assert_int_equal(sample_origins(dataset, NULL), HSD_OK);
        assert_int_equal(sample_edges(dataset, 5000, NULL), HSD_OK);
        assert_int_equal(entry_count(f->path), 1);
        hsd_output_remove_all();
        assert_int_equal(entry_count(f->path), 0);
        hsd_dataset_destroy(dataset);
        assert_int_equal(entry_count(f->path), 0);
    }
}

/* Root may write anywhere but below a file. */
static void a_folder_that_cannot_be_written_is_an_error(void **state) {
    folder *f = *state;
    FILE *file = fopen(in_folder(f, "file"), "w");
    fclose(file);
    static const char *const formats[] = {"GPKG", "CSV", "SQLite", "GeoJSON"};
    for (size_t i = 0; i < 4; i++) {
        hsd_error err = {0};
        hsd_dataset_options options = {.format = formats[i]};
        assert_int_equal(sample_write(in_folder(f, "file/a.gpkg"), &options, 10, &err),
                         HSD_E_WRITE);
        assert_non_null(strstr(err.message, "file/a.gpkg"));
        assert_int_equal(sample_write(in_folder(f, "no/a.gpkg"), &options, 10, &err), HSD_E_WRITE);
    }
    float cell = 1;
    assert_int_equal(
        hsd_raster_write(in_folder(f, "file/a.tif"), false, 0, 0, 0, 0, 100, 1, 1, &cell, NULL),
        HSD_E_WRITE);
    assert_int_equal(entry_count(f->path), 1);
}

static int redirect(const char *path) {
    fflush(stderr);
    int saved = dup(2), file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(file, 2);
    close(file);
    return saved;
}

/* A full disk at any point: a limit on file size makes the write fail where a full disk would. */
static void a_full_disk_is_an_error_and_leaves_nothing(void **state) {
    folder *f = *state;
    static const char *const formats[] = {"GPKG", "CSV", "SQLite", "FlatGeobuf", "ESRI Shapefile"};
    static const char *const names[] = {"a.gpkg", "b", "c.sqlite", "d.fgb", "e"};
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_IGN);
    char said[160];
    snprintf(said, sizeof said, "%s.stderr", f->path);
    int saved = redirect(said);
    int failures = 0;
    for (size_t i = 0; i < 5; i++)
        for (rlim_t kb = 4; kb <= 1024; kb *= 4) {
            small = (struct rlimit){kb * 1024, old.rlim_max};
            hsd_error err = {0};
            hsd_dataset_options options = {.format = formats[i]};
            in_folder(f, names[i]);
            setrlimit(RLIMIT_FSIZE, &small);
            hsd_status status = sample_write(f->name, &options, 20000, &err);
            setrlimit(RLIMIT_FSIZE, &old);
            if (status == HSD_OK) continue; /* a small format under a large limit */
            failures++;
            assert_int_equal(status, HSD_E_WRITE);
            assert_non_null(strstr(err.message, names[i]));
            assert_int_equal(entry_count(f->path), 0);
        }
    enum { SIDE = 600 };
    float *cells = malloc(sizeof *cells * SIDE * SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) cells[i] = (float)((int64_t)i * 7919 % 100003) / 997;
    for (rlim_t kb = 1; kb <= 256; kb *= 4) {
        small = (struct rlimit){kb * 1024, old.rlim_max};
        in_folder(f, "r.tif");
        setrlimit(RLIMIT_FSIZE, &small);
        hsd_status status =
            hsd_raster_write(f->name, false, 0, 0, 0, 0, 100, SIDE, SIDE, cells, NULL);
        setrlimit(RLIMIT_FSIZE, &old);
        assert_int_equal(status, HSD_E_WRITE);
        assert_int_equal(entry_count(f->path), 0);
    }
    free(cells);
    fflush(stderr);
    dup2(saved, 2);
    close(saved);
    assert_true(failures >= 15);
    char *text = NULL; /* and GDAL's complaints did not reach the terminal */
    assert_int_equal(hsd_read_text(said, 100000, &text, NULL, NULL), HSD_OK);
    assert_string_equal(text, "");
    hsd_free(text);
    unlink(said);
}

/* A commit is refused if the name has come into being meanwhile. */
static void a_name_taken_while_writing_is_not_taken_over(void **state) {
    folder *f = *state;
    hsd_dataset *dataset = NULL;
    hsd_error err = {0};
    assert_int_equal(hsd_dataset_create(in_folder(f, "a.gpkg"), NULL, &dataset, &err), HSD_OK);
    assert_int_equal(sample_origins(dataset, &err), HSD_OK);
    FILE *file = fopen(f->name, "w");
    fclose(file);
    assert_int_equal(hsd_dataset_commit(dataset, &err), HSD_E_WRITE);
    hsd_dataset_destroy(dataset);
    assert_int_equal(entry_count(f->path), 1);
}

/* Another program's write-ahead log would be replayed into the new file. */
static void a_file_open_elsewhere_with_unsaved_changes_is_not_replaced(void **state) {
    folder *f = *state;
    hsd_error err = {0};
    hsd_dataset_options options = {.overwrite = true};
    assert_int_equal(sample_write(in_folder(f, "a.gpkg"), &options, 1, &err), HSD_OK);
    FILE *file = fopen(in_folder(f, "a.gpkg-wal"), "w");
    fputs("frames", file);
    fclose(file);
    assert_int_equal(sample_write(in_folder(f, "a.gpkg"), &options, 1, &err), HSD_E_WRITE);
    assert_non_null(strstr(err.message, "close it there first"));
    unlink(in_folder(f, "a.gpkg-wal"));
    assert_int_equal(sample_write(in_folder(f, "a.gpkg"), &options, 1, &err), HSD_OK);
}

static void an_unknown_format_or_option_is_refused_with_what_there_is(void **state) {
    folder *f = *state;
    hsd_error err = {0};
    hsd_dataset_options options = {.format = "Paper"};
    assert_int_equal(sample_write(in_folder(f, "a"), &options, 1, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "\"Paper\""));
    assert_non_null(strstr(err.message, "GPKG"));
    options.format = "PostgreSQL"; /* known to GDAL, not a file */
    assert_int_equal(sample_write(in_folder(f, "a"), &options, 1, &err), HSD_E_ARGUMENT);
    const char *config[] = {"SEPARATR=TAB", NULL};
    options = (hsd_dataset_options){.format = "CSV", .config = config};
    assert_int_equal(sample_write(in_folder(f, "a"), &options, 1, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "SEPARATR"));
    config[0] = "SEPARATOR";
    assert_int_equal(sample_write(in_folder(f, "a"), &options, 1, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "KEY=VALUE"));
    assert_int_equal(sample_write("", &options, 1, &err), HSD_E_ARGUMENT);
    assert_int_equal(entry_count(f->path), 0);
}

static void every_failed_allocation_is_told_and_leaves_nothing(void **state) {
    folder *f = *state;
    hsd_dataset_options options = {.title = "t", .provenance = "{}", .overwrite = true};
    in_folder(f, "a.gpkg");
    int refused = 0;
    for (uint64_t n = 1;; n++) {
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        hsd_status status = sample_write(f->name, &options, 30, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        refused++;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_true(err.message[0] != '\0');
        assert_int_equal(entry_count(f->path), 0);
        assert_true(n < 2000);
    }
    assert_true(refused > 50);
    assert_int_equal(entry_count(f->path), 1);
    unlink(f->name);
    options.format = "CSV";
    in_folder(f, "b");
    for (uint64_t n = 1;; n++) {
        hsd_memory_fail_at(n);
        hsd_status status = sample_write(f->name, &options, 30, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(entry_count(f->path), 0);
        assert_true(n < 2000);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_existing_file_is_kept_without_overwrite),
        CASE(nothing_stands_under_the_name_before_commit),
        CASE(an_interrupt_leaves_no_folder_behind),
        CASE(a_folder_that_cannot_be_written_is_an_error),
        CASE(a_full_disk_is_an_error_and_leaves_nothing),
        CASE(a_name_taken_while_writing_is_not_taken_over),
        CASE(a_file_open_elsewhere_with_unsaved_changes_is_not_replaced),
        CASE(an_unknown_format_or_option_is_refused_with_what_there_is),
        CASE(every_failed_allocation_is_told_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
