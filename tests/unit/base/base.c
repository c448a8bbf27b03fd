/* base: numbers, text, JSON, arrays, the parallel loop, outputs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/file.h"
#include "base/issues.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/text.h"

static void numbers_are_strict(void **state) {
    (void)state;
    static const char *const good[] = {"1.5", "-8e3", "+.5", "0", "1.", "1E-2"};
    static const double value[] = {1.5, -8000, 0.5, 0, 1, 0.01};
    static const char *const bad[] = {"",   "1,5", "1.5x", "nan", "inf", "0x10", " 1",
                                      "1 ", ".",   "e5",   "1e",  "--1", "1e999"};
    double out;
    for (size_t i = 0; i < 6; i++) {
        assert_true(hsd_parse_double(good[i], &out));
        assert_true(out == value[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(hsd_parse_double(bad[i], &out));
    int64_t whole;
    assert_true(hsd_parse_int("-9223372036854775808", &whole) && whole == INT64_MIN);
    assert_true(hsd_parse_int("9223372036854775807", &whole) && whole == INT64_MAX);
    assert_false(hsd_parse_int("9223372036854775808", &whole));
    assert_false(hsd_parse_int("1.0", &whole));
    assert_false(hsd_parse_int("-", &whole));
}

static void dates_are_real_days(void **state) {
    (void)state;
    int y, m, d;
    assert_true(hsd_parse_date("2024-02-29", &y, &m, &d) && y == 2024 && m == 2 && d == 29);
    assert_false(hsd_parse_date("2023-02-29", &y, &m, &d));
    assert_false(hsd_parse_date("2024-6-30", &y, &m, &d));
    assert_false(hsd_parse_date("2024-13-01", &y, &m, &d));
}

static void utf8_is_checked(void **state) {
    (void)state;
    assert_true(hsd_utf8_valid("\xe6\xb7\xb1", 3));
    assert_false(hsd_utf8_valid("\xc9\xee", 2));         /* GBK */
    assert_false(hsd_utf8_valid("\xc0\x80", 2));         /* overlong */
    assert_false(hsd_utf8_valid("\xed\xa0\x80", 3));     /* surrogate */
    assert_false(hsd_utf8_valid("\xf4\x90\x80\x80", 4)); /* past U+10FFFF */
    assert_false(hsd_utf8_valid("\xe6\xb7", 2));         /* cut */
}

/* 100 times 深 is 300 bytes; of 255, 252 are left for 84 of them beside "...". */
static void messages_are_cut_after_whole_characters(void **state) {
    (void)state;
    char many[301] = "", expected[301] = "";
    hsd_error err;
    for (int i = 0; i < 100; i++) strcat(many, "深");
    strncat(expected, many, 252);
    strcat(expected, "...");
    hsd_fail(&err, HSD_E_FORMAT, "%s", many);
    assert_string_equal(err.message, expected);
    assert_true(hsd_utf8_valid(err.message, strlen(err.message)));
    hsd_fail(&err, HSD_E_FORMAT, "%.252s", many);
    assert_int_equal(strlen(err.message), 252); /* fits: whole */
    hsd_fail_prefix(&err, HSD_E_FORMAT, "a");
    assert_int_equal(strlen(err.message), 255); /* with "a: ", just */
    assert_string_equal(err.message + 252, "深");
    hsd_fail_prefix(&err, HSD_E_FORMAT, "b");
    assert_string_equal(err.message + 252, "...");
    assert_true(hsd_utf8_valid(err.message, strlen(err.message)));
    assert_int_equal(hsd_utf8_cut("a深", 3), 1);
    assert_int_equal(hsd_utf8_cut("a深", 4), 4);
}

static void the_first_of_many_issues_is_cut_after_a_whole_character(void **state) {
    (void)state;
    char many[301] = "";
    hsd_error err;
    hsd_issues issues = {0};
    for (int i = 0; i < 100; i++) strcat(many, "深");
    assert_int_equal(hsd_issues_status(&issues, &err), HSD_OK);
    assert_true(hsd_issues_remark(&issues, &err, "a remark"));
    assert_int_equal(hsd_issues_status(&issues, &err), HSD_OK);
    assert_true(hsd_issues_error(&issues, &err, "%s", many));
    assert_true(hsd_issues_error(&issues, &err, "another"));
    assert_int_equal(hsd_issues_status(&issues, &err), HSD_E_FORMAT);
    assert_true(hsd_utf8_valid(err.message, strlen(err.message)));
    assert_non_null(strstr(err.message, "深... (and 1 more)"));
    assert_string_equal(issues.list[1].text, many); /* the list has all of it */
    hsd_issues_finish(&issues);
}

static void milliseconds_round_half_up_and_clamp(void **state) {
    (void)state;
    assert_int_equal(hsd_ms_of(1000, 3600000), 1000); /* 1 m a ms */
    assert_int_equal(hsd_ms_of(0.5, 3600000), 1);     /* 0.5 ms up */
    assert_int_equal(hsd_ms_of(1e-9, 3600000), 1);    /* some length: at least 1 */
    assert_int_equal(hsd_ms_of(2.4999, 3600000), 2);
    assert_int_equal(hsd_ms_of(0, 3600000), 0);
    assert_int_equal(hsd_ms_of(1e12, 1), HSD_UNREACHABLE);
    assert_int_equal(hsd_ms_of(10, 0), HSD_UNREACHABLE);
    assert_int_equal(hsd_ms_of(NAN, 10), HSD_UNREACHABLE);
    assert_int_equal(hsd_ms_add(HSD_UNREACHABLE, HSD_UNREACHABLE), HSD_UNREACHABLE);
}

static void json_places_commas_and_escapes(void **state) {
    (void)state;
    hsd_json j = {0};
    hsd_json_open(&j, '{');
    hsd_json_key(&j, "a\"b");
    hsd_json_number(&j, 0.1);
    hsd_json_key(&j, "list");
    hsd_json_open(&j, '[');
    hsd_json_int(&j, -3);
    hsd_json_string(&j, "x\ny");
    hsd_json_number(&j, NAN);
    hsd_json_bool(&j, true);
    hsd_json_close(&j);
    hsd_json_key(&j, "none");
    hsd_json_string(&j, NULL);
    hsd_json_close(&j);
    assert_string_equal(j.text.data,
                        "{\"a\\\"b\":0.1,\"list\":[-3,\"x\\ny\",null,true],\"none\":null}");
    hsd_json_finish(&j);
}

static void each_status_has_a_name_of_its_own(void **state) {
    (void)state;
    for (int code = HSD_OK; code <= HSD_E_INTERNAL; code++) {
        assert_string_not_equal(hsd_status_name((hsd_status)code), "unknown");
        for (int other = HSD_OK; other < code; other++)
            assert_string_not_equal(hsd_status_name((hsd_status)code),
                                    hsd_status_name((hsd_status)other));
    }
    assert_string_equal(hsd_status_name(HSD_OK), "ok");
    assert_string_equal(hsd_status_name(HSD_E_CANCELLED), "cancelled");
    assert_string_equal(hsd_status_name((hsd_status)99), "unknown");
}

static void a_prefix_keeps_the_message(void **state) {
    (void)state;
    hsd_error e;
    hsd_fail(&e, HSD_E_FORMAT, "line 3: bad");
    assert_int_equal(hsd_fail_prefix(&e, HSD_E_FORMAT, "file %s", "x"), HSD_E_FORMAT);
    assert_string_equal(e.message, "file x: line 3: bad");
    char longest[400];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    hsd_fail_prefix(&e, HSD_E_FORMAT, "%s", longest);
    assert_int_equal(strlen(e.message), sizeof e.message - 1);
}

typedef struct sums {
    _Atomic uint64_t sum;
    size_t fail_at;
} sums;

static hsd_status add_block(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    sums *s = context;
    (void)worker;
    if (begin <= s->fail_at && s->fail_at < end)
        return hsd_fail(err, HSD_E_FORMAT, "item %zu", s->fail_at);
    if (begin > s->fail_at) return hsd_fail(err, HSD_E_FORMAT, "later than %zu", s->fail_at);
    for (size_t i = begin; i < end; i++) atomic_fetch_add(&s->sum, i);
    return HSD_OK;
}

static void the_parallel_loop_covers_all_and_fails_alike(void **state) {
    (void)state;
    for (int threads = 1; threads <= 8; threads *= 2) {
        hsd_run run = {.threads = threads};
        sums s = {0, SIZE_MAX};
        assert_int_equal(hsd_parallel_for(&run, NULL, 1001, 7, add_block, &s, NULL), HSD_OK);
        assert_true(atomic_load(&s.sum) == 500500);
        sums f = {0, 500};
        hsd_error e;
        assert_int_equal(hsd_parallel_for(&run, NULL, 1001, 7, add_block, &f, &e), HSD_E_FORMAT);
        assert_string_equal(e.message, "item 500");
    }
}

static bool say_stop(void *user, const char *what, double fraction) {
    (void)user;
    (void)what;
    (void)fraction;
    return false;
}

static void progress_can_cancel(void **state) {
    (void)state;
    hsd_run run = {.threads = 2, .progress = say_stop};
    sums s = {0, SIZE_MAX};
    assert_int_equal(hsd_parallel_for(&run, "adding", 100000, 1, add_block, &s, NULL),
                     HSD_E_CANCELLED);
}

static char *temp_folder(void) {
    static char path[64];
    snprintf(path, sizeof path, "/tmp/hourshed-base-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static void write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void outputs_appear_whole_or_not_at_all(void **state) {
    (void)state;
    char *folder = temp_folder(), path[128];
    snprintf(path, sizeof path, "%s/a.csv", folder);
    hsd_output output;
    hsd_error e;
    assert_int_equal(hsd_output_begin(path, false, &output, &e), HSD_OK);
    assert_non_null(strstr(output.temp_path, ".csv"));
    write_text(output.temp_path, "half");
    hsd_output_finish(&output);
    assert_false(hsd_path_exists(path));
    assert_int_equal(rmdir(folder), 0); /* nothing else was left */

    folder = temp_folder();
    snprintf(path, sizeof path, "%s/a.csv", folder);
    assert_int_equal(hsd_output_begin(path, false, &output, &e), HSD_OK);
    write_text(output.temp_path, "whole");
    assert_int_equal(hsd_output_commit(&output, &e), HSD_OK);
    hsd_output_finish(&output);
    char *text;
    assert_int_equal(hsd_read_text(path, 100, &text, NULL, &e), HSD_OK);
    assert_string_equal(text, "whole");
    hsd_free(text);
    assert_int_equal(hsd_output_begin(path, false, &output, &e), HSD_E_WRITE);
    assert_non_null(strstr(e.message, "--overwrite"));
    /* a name that comes into being while the output is written is nobody's to take */
    char meanwhile[160];
    snprintf(meanwhile, sizeof meanwhile, "%s/m.csv", folder);
    assert_int_equal(hsd_output_begin(meanwhile, false, &output, &e), HSD_OK);
    write_text(output.temp_path, "ours");
    write_text(meanwhile, "theirs");
    assert_int_equal(hsd_output_commit(&output, &e), HSD_E_WRITE);
    assert_non_null(strstr(e.message, "--overwrite"));
    hsd_output_finish(&output);
    assert_int_equal(hsd_read_text(meanwhile, 100, &text, NULL, &e), HSD_OK);
    assert_string_equal(text, "theirs");
    hsd_free(text);
    assert_int_equal(hsd_output_begin(meanwhile, true, &output, &e), HSD_OK);
    write_text(output.temp_path, "ours");
    assert_int_equal(hsd_output_commit(&output, &e), HSD_OK);
    hsd_output_finish(&output);
    assert_int_equal(hsd_read_text(meanwhile, 100, &text, NULL, &e), HSD_OK);
    assert_string_equal(text, "ours");
    hsd_free(text);
    unlink(meanwhile);
    char below[160];
    snprintf(below, sizeof below, "%s/b.csv", path); /* a folder that is a file */
    assert_int_equal(hsd_output_begin(below, false, &output, &e), HSD_E_WRITE);
    assert_int_equal(hsd_read_text(path, 3, &text, NULL, &e), HSD_E_FORMAT);
    assert_int_equal(hsd_read_text("/nonexistent/x", 3, &text, NULL, &e), HSD_E_OPEN);
    unlink(path);
    rmdir(folder);
}

static void sha256_is_that_of_the_standard(void **state) {
    (void)state; /* FIPS 180-4 example "abc" */
    hsd_sha256 *hash;
    char hex[65];
    assert_int_equal(hsd_sha256_create(&hash, NULL), HSD_OK);
    hsd_sha256_add(hash, "abc", 3);
    hsd_sha256_end(hash, NULL, hex);
    hsd_sha256_destroy(hash);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void splitmix_is_the_published_sequence(void **state) {
    (void)state; /* seed 1234567, from the reference implementation */
    hsd_random r = {1234567};
    assert_true(hsd_random_next(&r) == 6457827717110365317u);
    assert_true(hsd_random_next(&r) == 3203168211198807973u);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t n = 1; n < 20; n++) {
        hsd_memory_fail_at(n);
        hsd_json j = {0};
        hsd_json_open(&j, '[');
        for (int i = 0; i < 100; i++) hsd_json_string(&j, "some text of a length");
        hsd_json_close(&j);
        bool failed = j.text.failed;
        hsd_json_finish(&j);
        hsd_memory_fail_at(0);
        if (!failed) return;
    }
    fail_msg("the writer never succeeded");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(dates_are_real_days),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(messages_are_cut_after_whole_characters),
        cmocka_unit_test(the_first_of_many_issues_is_cut_after_a_whole_character),
        cmocka_unit_test(milliseconds_round_half_up_and_clamp),
        cmocka_unit_test(json_places_commas_and_escapes),
        cmocka_unit_test(each_status_has_a_name_of_its_own),
        cmocka_unit_test(a_prefix_keeps_the_message),
        cmocka_unit_test(the_parallel_loop_covers_all_and_fails_alike),
        cmocka_unit_test(progress_can_cancel),
        cmocka_unit_test(outputs_appear_whole_or_not_at_all),
        cmocka_unit_test(sha256_is_that_of_the_standard),
        cmocka_unit_test(splitmix_is_the_published_sequence),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
