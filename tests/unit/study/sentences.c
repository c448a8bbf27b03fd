/* study: sentences of a summary, and numbers as people write them in two languages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "study/sentences.h"

static void counts_are_written_as_people_read_them(void **state) {
    (void)state;
    const struct {
        double value;
        const char *en, *zh;
    } cases[] = {{0, "0", "0"},
                 {0.4, "0", "0"},
                 {999.5, "1,000", "1000"},
                 {9999, "9,999", "9999"},
                 {10000, "10,000", "1.00万"},
                 {741671, "741,671", "74.17万"},
                 {999999, "999,999", "100.0万"},
                 {1000000, "1.00 million", "100.0万"},
                 {28217305, "28.22 million", "2821.7万"},
                 {99994999, "99.99 million", "9999.5万"},
                 {100000000, "100.00 million", "1.00亿"},
                 {1412120000, "1412.12 million", "14.12亿"},
                 {-12345, "-12,345", "-1.23万"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[40];
        assert_string_equal(hsd_say_count(cases[i].value, "en", buffer), cases[i].en);
        assert_string_equal(hsd_say_count(cases[i].value, "zh", buffer), cases[i].zh);
    }
}

static void amounts_have_one_decimal_below_a_hundred(void **state) {
    (void)state;
    const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0.0"},        {9.96, "10.0"},      {99.94, "99.9"},
                 {99.95, "100"},    {1234.5, "1,234"},   {1234567.8, "1,234,568"},
                 {-20.04, "-20.0"}, {-2500.6, "-2,501"}, {NAN, "-"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[40];
        assert_string_equal(hsd_say_amount(cases[i].value, buffer), cases[i].text);
    }
}

static const hsd_sentence_value values[] = {{"scenario", HSD_SAY_TEXT, "the Link", "深中通道", 0},
                                            {"origin", HSD_SAY_TEXT, "Zhongshan", "中山", 0},
                                            {"profile", HSD_SAY_TEXT, "car", NULL, 0},
                                            {"mass", HSD_SAY_TEXT, "people", "人口", 0},
                                            {"minutes", HSD_SAY_PLAIN, NULL, NULL, 62.5},
                                            {"gained", HSD_SAY_COUNT, NULL, NULL, 741671},
                                            {"before", HSD_SAY_COUNT, NULL, NULL, 28217305},
                                            {"after", HSD_SAY_COUNT, NULL, NULL, 28958976}};
enum { VALUES = sizeof values / sizeof values[0] };

static void a_sentence_is_filled_in_both_languages(void **state) {
    (void)state;
    hsd_text en = {0}, zh = {0};
    hsd_sentence_add(&en, HSD_SENTENCE_PEOPLE, "en", values, VALUES);
    hsd_sentence_add(&zh, HSD_SENTENCE_PEOPLE, "zh_CN", values, VALUES);
    assert_string_equal(en.data,
                        "With the Link, 741,671 more people lie within 62.5 minutes of Zhongshan "
                        "(car): 28.22 million before, 28.96 million after.");
    assert_string_equal(zh.data, "实施“深中通道”后，中山 62.5 分钟圈内人口新增 "
                                 "74.17万（car）：此前 2821.7万，此后 2895.9万。");
    hsd_text_finish(&en);
    hsd_text_finish(&zh);
}

/* A new sentence that names a key nobody fills would be pasted with its braces. */
static void every_sentence_stands_in_both_languages_with_known_keys(void **state) {
    (void)state;
    static const char *const keys[] = {"scenario", "origin", "profile", "mass",   "minutes", "line",
                                       "board",    "alight", "gained",  "before", "after",   "lost",
                                       "road",     "places", "saving",  "place",  "from",    "to"};
    hsd_sentence_value all[sizeof keys / sizeof keys[0]];
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        all[k] = (hsd_sentence_value){keys[k], HSD_SAY_TEXT, "*", NULL, 0};
    for (int s = 0; s < HSD_SENTENCE_COUNT; s++)
        for (int zh = 0; zh < 2; zh++) {
            hsd_text text = {0};
            hsd_sentence_add(&text, (hsd_sentence)s, zh ? "zh" : "en", all,
                             sizeof all / sizeof all[0]);
            assert_true(text.length > 20);
            assert_null(strchr(text.data, '{'));
            assert_true(zh ? strstr(text.data, "。") != NULL : text.data[text.length - 1] == '.');
            hsd_text_finish(&text);
        }
}

static void a_key_without_a_value_stays(void **state) {
    (void)state;
    hsd_text text = {0};
    hsd_sentence_add(&text, HSD_SENTENCE_LOST_AREA, NULL, values, 3);
    assert_string_equal(text.data,
                        "The {minutes}-minute circle of Zhongshan loses {lost} km² (car).");
    hsd_text_finish(&text);
}

static void a_sentence_that_has_no_room_says_so(void **state) {
    (void)state;
    hsd_text text = {0};
    hsd_memory_fail_at(1);
    hsd_sentence_add(&text, HSD_SENTENCE_PEOPLE, "en", values, VALUES);
    hsd_memory_fail_at(0);
    assert_true(text.failed);
    hsd_text_finish(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_written_as_people_read_them),
        cmocka_unit_test(amounts_have_one_decimal_below_a_hundred),
        cmocka_unit_test(a_sentence_is_filled_in_both_languages),
        cmocka_unit_test(every_sentence_stands_in_both_languages_with_known_keys),
        cmocka_unit_test(a_key_without_a_value_stays),
        cmocka_unit_test(a_sentence_that_has_no_room_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
