/* The journal of a matrix: what it keeps, whom it lets in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "study/matrix_journal.h"

enum { ROWS = 6, VALUES = 3 };
static const hsd_journal_shape shape = {{7}, ROWS, VALUES};
static char path[64];

static int make_folder(void **state) {
    (void)state;
    static char folder[] = "/tmp/hourshed-journal-XXXXXX";
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/j", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    *strrchr(path, '/') = '\0';
    return rmdir(path);
}

static hsd_journal *open_ok(bool fresh) {
    hsd_journal *j = NULL;
    hsd_error err = {HSD_OK, ""};
    if (hsd_journal_open(path, &shape, fresh, &j, &err) != HSD_OK) fail_msg("%s", err.message);
    return j;
}

static void add(hsd_journal *j, uint32_t first, uint32_t rows) {
    uint32_t ms[ROWS * VALUES];
    for (uint32_t i = 0; i < rows * VALUES; i++) ms[i] = first * VALUES + i;
    assert_int_equal(hsd_journal_add(j, ms, rows, NULL), HSD_OK);
}

static void assert_refused(hsd_status status, const char *message) {
    hsd_journal *j = NULL;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_journal_open(path, &shape, false, &j, &err), status);
    assert_null(j);
    if (!strstr(err.message, message)) fail_msg("\"%s\" has no \"%s\"", err.message, message);
}

/* Adds up all values; stops at a row. */
typedef struct visit {
    uint64_t stop, sum;
} visit;
static hsd_status see(void *context, uint64_t row, const uint32_t *ms, hsd_error *err) {
    visit *v = context;
    if (row == v->stop) return hsd_fail(err, HSD_E_WRITE, "disk full");
    for (int i = 0; i < VALUES; i++) v->sum += ms[i];
    return HSD_OK;
}

static void a_visitor_that_fails_takes_nothing_from_it(void **state) {
    (void)state;
    hsd_journal *j = open_ok(true);
    add(j, 0, 2);
    add(j, 2, 4);
    for (uint64_t stop = 0; stop < ROWS; stop++) {
        visit v = {stop, 0};
        assert_int_equal(hsd_journal_read(j, see, &v, NULL), HSD_E_WRITE);
        assert_int_equal(hsd_journal_rows(j), ROWS);
        assert_int_equal(hsd_journal_blocks(j), 2);
    }
    visit v = {ROWS, 0};
    assert_int_equal(hsd_journal_read(j, see, &v, NULL), HSD_OK);
    assert_int_equal(v.sum, 17 * 18 / 2);
    hsd_journal_close(j);
}

static void a_torn_block_is_written_over(void **state) {
    (void)state;
    hsd_journal *j = open_ok(true);
    add(j, 0, 2);
    add(j, 2, 2);
    hsd_journal_close(j);
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, -40, SEEK_END), 0); /* in the second block */
    assert_int_equal(fputc(0xff, file), 0xff);
    fclose(file);
    j = open_ok(false);
    assert_int_equal(hsd_journal_rows(j), 2);
    add(j, 2, 4);
    visit v = {ROWS, 0};
    assert_int_equal(hsd_journal_read(j, see, &v, NULL), HSD_OK);
    assert_int_equal(v.sum, 17 * 18 / 2);
    hsd_journal_close(j);
}

static void two_runs_do_not_share_it(void **state) {
    (void)state;
    hsd_journal *j = open_ok(true);
    add(j, 0, 2);
    assert_refused(HSD_E_WRITE, "is in use by another run");
    const pid_t child = fork();
    if (child == 0) {
        hsd_journal *other = NULL;
        _exit(hsd_journal_open(path, &shape, true, &other, NULL) == HSD_E_WRITE ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    add(j, 2, 4);
    hsd_journal_close(j);
    j = open_ok(false); /* the other one, though fresh, has emptied nothing */
    assert_int_equal(hsd_journal_rows(j), ROWS);
    hsd_journal_remove(j);
    assert_int_not_equal(access(path, F_OK), 0);
    hsd_journal_close(open_ok(false));
}

static void other_files_and_machines_are_named(void **state) {
    (void)state;
    hsd_journal_close(open_ok(true));
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, 8, SEEK_SET), 0);
    for (int i = 0; i < 8; i++) assert_int_equal(fputc(i == 7, file), i == 7);
    fclose(file);
    assert_refused(HSD_E_ARGUMENT, "is of a machine of another byte order");
    file = fopen(path, "wb");
    assert_true(fputs("from_id,to_id\n", file) >= 0);
    fclose(file);
    assert_refused(HSD_E_ARGUMENT, "is no journal of a matrix");
    unlink(path);
}

static void what_will_not_fit_is_refused_at_once(void **state) {
    (void)state;
    const hsd_journal_shape huge = {{7}, UINT64_C(1000000000000000), 100000};
    hsd_journal *j = NULL;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_journal_open(path, &huge, false, &j, &err), HSD_E_WRITE);
    assert_non_null(strstr(err.message, "400000000000.0 GB are still to come"));
    assert_int_not_equal(access(path, F_OK), 0);
}

static void an_allocation_that_fails_is_told(void **state) {
    (void)state;
    for (uint64_t n = 1; n <= 2; n++) {
        hsd_journal *j = NULL;
        hsd_memory_fail_at(n);
        assert_int_equal(hsd_journal_open(path, &shape, true, &j, NULL), HSD_E_MEMORY);
        hsd_memory_fail_at(0);
        assert_null(j);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visitor_that_fails_takes_nothing_from_it),
        cmocka_unit_test(a_torn_block_is_written_over),
        cmocka_unit_test(two_runs_do_not_share_it),
        cmocka_unit_test(other_files_and_machines_are_named),
        cmocka_unit_test(what_will_not_fit_is_refused_at_once),
        cmocka_unit_test(an_allocation_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder) != 0;
}
