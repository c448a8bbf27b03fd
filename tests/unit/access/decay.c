/* Decays: the values that packages print (R: accessibility, fca; PySAL access), values by hand,
 * what is refused, and no NAN whatever the cost. */
#include "towns.h"

#include <stdlib.h>
#include <string.h>

typedef struct known {
    const char *text;
    double costs[5], values[5];
    size_t count;
    double tolerance;
} known;

static const known table[] = {
    {"none", {0, 7}, {1, 1}, 2, 0},
    {"binary:20", {0, 20, 20.1, 40}, {1, 1, 0, 0}, 4, 0},
    {"binary:0", {0, 1}, {1, 0}, 2, 0},
    {"exponential:0.1", {0, 10}, {1, 0.36787944117144233}, 2, 1e-15},
    {"exponential:0", {0, 1e300}, {1, 1}, 2, 0},
    {"power:0.5", {0, 0.5, 1, 16, 64}, {1, 1, 1, 0.25, 0.125}, 5, 1e-15},
    {"power:0.25", {16, 256}, {0.5, 0.25}, 2, 1e-15},
    {"linear:20", {0, 5, 10, 20, 60}, {1, 0.75, 0.5, 0, 0}, 5, 1e-15},
    {"linear:30", {10}, {0.6667}, 1, 5e-5},
    {"linear:0", {0, 0.1}, {1, 0}, 2, 0},
    {"logistic:20:2", {0, 20}, {1, 0.5}, 2, 5e-5},
    {"logistic:30:10", {30, 15, 45}, {0.502167, 0.942303, 0.062031}, 3, 5e-7},
    {"logistic:30:5", {30, 45}, {0.500009, 0.004315}, 2, 5e-7},
    {"logistic:30:0.001", {0, 29, 30, 31, 1e6}, {1, 1, 0.5, 0, 0}, 5, 1e-15},
    {"stepped:10=0.75:20=0.5:30=0.25:40=0", {0, 10, 20, 30, 40}, {1, 0.75, 0.5, 0.25, 0}, 5, 0},
    {"stepped:25=0.5:50=0", {5, 30, 55, 24.999}, {1, 0.5, 0, 1}, 4, 0},
    {"steps_to:20=1:40=0.68:60=0.22", {20, 40, 60, 70, 0}, {1, 0.68, 0.22, 0, 1}, 5, 0},
    {"gaussian:1", {1, 0}, {0.6065306597, 1}, 2, 5e-11},
    {"gaussian:2", {1}, {0.8824969}, 1, 5e-8},
    {"gaussian:50", {1}, {0.99980001}, 1, 1e-8}, /* printed cut, not rounded */
    {"gaussian:20", {40}, {0.1353352832366127}, 1, 1e-15},
    /* (e^-0.125 - e^-0.5) / (1 - e^-0.5) */
    {"dai:30", {0, 15, 30, 31}, {1, 0.7013665732390044, 0, 0}, 4, 1e-15},
    {"scaled:20:-2:1", {0, 2, 60}, {400, 100, 0.1111111111}, 3, 1e-9},
    {"scaled:60:1:0", {0, 30, 90}, {0, 0.5, 1.5}, 3, 0},
    {"gaussian_to:20:0.01", {0, 20, 10}, {1, 0.01, 0.31622776601683794}, 3, 1e-15},
    {"exponential_to:20:0.01", {0, 20, 10}, {1, 0.01, 0.1}, 3, 1e-15},
    {"exponential_to:20", {20}, {0.01}, 1, 1e-15},
    {"power_to:100:0.01", {100, 10, 0, 0.5}, {0.01, 0.1, 1, 1}, 4, 1e-15},
    {"half_life:30", {0, 30, 60, 90}, {1, 0.5, 0.25, 0.125}, 4, 0},
    {"logistic_r5:30:10", {30, 1e9}, {0.5, 0}, 2, 0},
    /* sd = pi / sqrt 3: 1 / (1 + e) */
    {"logistic_r5:0:1.8137993642342178", {1}, {0.2689414213699951}, 1, 1e-15},
    {"taper:30:10", {0, 25, 30, 32.5, 35}, {1, 1, 0.5, 0.25, 0}, 5, 0},
    {"exp_power:-0.1:1", {10, 0}, {0.36787944117144233, 1}, 2, 1e-15},
    {"exp_power:-1:2", {2}, {0.01831563888873418}, 1, 1e-15},
    {"exp_power:0.1:1", {10}, {1}, 1, 0},
    {"power_full:1:1:1:-1:0", {0, 1, 3}, {1, 0.5, 0.25}, 3, 0},
    {"power_full:2:1:0:-1:-0.5", {1, 2, 4, 8}, {1, 0.5, 0, 0}, 4, 0},
    {"power_full:0:1:0:-1:0.5", {0, 1}, {0.5, 0.5}, 2, 0},
    {"polynomial:1:-0.1:0.0025", {0, 10, 20, 100}, {1, 0.25, 0, 1}, 4, 1e-15},
    {"value", {0, 0.25, 7}, {0, 0.25, 7}, 3, 0},
};
enum { KNOWN = sizeof table / sizeof *table };

static hsd_decay parsed(const char *text) {
    hsd_decay decay;
    hsd_error err;
    if (hsd_decay_parse(text, &decay, &err)) fail_msg("%s", err.message);
    return decay;
}

static void decays_have_the_values_of_the_packages(void **state) {
    (void)state;
    for (size_t k = 0; k < KNOWN; k++) {
        const hsd_decay decay = parsed(table[k].text);
        for (size_t i = 0; i < table[k].count; i++) {
            const double value = hsd_decay_value(&decay, table[k].costs[i]);
            if (!(fabs(value - table[k].values[i]) <= table[k].tolerance))
                fail_msg("%s at %g: %.17g, expected %.17g", table[k].text, table[k].costs[i], value,
                         table[k].values[i]);
        }
    }
}

static void every_kind_is_in_the_table(void **state) {
    (void)state;
    bool seen[HSD_DECAY_VALUE + 1] = {false};
    for (size_t k = 0; k < KNOWN; k++) seen[parsed(table[k].text).kind] = true;
    for (size_t kind = 0; kind <= HSD_DECAY_VALUE; kind++) assert_true(seen[kind]);
}

static void a_decay_written_as_text_reads_as_the_same(void **state) {
    (void)state;
    for (size_t k = 0; k < KNOWN; k++) {
        const hsd_decay decay = parsed(table[k].text);
        char text[256], again[256];
        const int length = hsd_decay_text(&decay, text, sizeof text);
        assert_int_equal(length, strlen(text));
        const hsd_decay back = parsed(text);
        assert_memory_equal(&back, &decay, sizeof decay);
        hsd_decay_text(&back, again, sizeof again);
        assert_string_equal(again, text);
    }
    char text[64], small[8];
    hsd_decay decay = parsed("exponential_to:20");
    hsd_decay_text(&decay, text, sizeof text);
    assert_string_equal(text, "exponential_to:20:0.01"); /* what was left out is said */
    decay = parsed("stepped:10=0.680:20=.22");
    assert_int_equal(hsd_decay_text(&decay, text, sizeof text), 23);
    assert_string_equal(text, "stepped:10=0.68:20=0.22");
    assert_int_equal(hsd_decay_text(&decay, small, sizeof small), 23); /* as snprintf */
    assert_string_equal(small, "stepped");
}

/* Parameters at the ends of what they may be, costs at the ends of what doubles are. */
static void no_cost_gives_nan_and_no_way_counts_nothing(void **state) {
    (void)state;
    static const char *const extreme[] = {
        "exponential:1e308",
        "power:1e308",
        "power:0",
        "linear:1e-320",
        "logistic:1e-320:1e-320",
        "logistic:1e308:1e-300",
        "logistic:1e-300:1e308",
        "gaussian:1e-320",
        "dai:1e-320",
        "dai:1e308",
        "scaled:1e-300:2:0",
        "scaled:1e-300:-2:0",
        "scaled:1:0:0",
        "gaussian_to:1e-320:1e-300",
        "exponential_to:1e-320:0.999999",
        "power_to:1.0000001:1e-300",
        "half_life:1e-320",
        "logistic_r5:0:1e-320",
        "taper:0:1e-320",
        "taper:1e308:1e308",
        "exp_power:-1e308:-1e308",
        "exp_power:0:-1",
        "exp_power:1e308:1e308",
        "power_full:0:1:0:-1:0.5",
        "power_full:-1:1e308:0:1e308:1",
        "power_full:1:0:0:-1:0",
        "polynomial:1:-1:1e308:-1e308",
        "polynomial:0:0:0",
    };
    static const double costs[] = {0, 5e-324, 1e-300, 1e-9, 0.5, 1, 30, 1e9, 1e154, 1.7e308};
    for (size_t k = 0; k < KNOWN + sizeof extreme / sizeof *extreme; k++) {
        const char *text = k < KNOWN ? table[k].text : extreme[k - KNOWN];
        const hsd_decay decay = parsed(text);
        for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
            const double value = hsd_decay_value(&decay, costs[i]);
            if (!(value >= 0)) fail_msg("%s at %g: %g", text, costs[i], value);
            const bool bounded = decay.kind != HSD_DECAY_VALUE && decay.kind != HSD_DECAY_SCALED;
            if (bounded && value > 1) fail_msg("%s at %g: %g", text, costs[i], value);
        }
        assert_near(hsd_decay_value(&decay, INFINITY), 0, 0);
    }
}

static void bad_decays_are_refused_with_what_was_expected(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"", "no decay is called \"\", expected one of none"},
        {"expo:1", "no decay is called \"expo:1\""},
        {"expo:1", "polynomial value"},
        {"binary", "a parameter is missing, expected binary:C"},
        {"binary:", "a parameter is not a number"},
        {"binary:1:2", "too many parameters"},
        {"binary:-1", "a parameter is below 0"},
        {"binary:inf", "a parameter is not a number"},
        {"exponential:nan", "a parameter is not a number"},
        {"exponential:1,5", "a parameter is not a number"},
        {"exponential:-0.1", "a parameter is below 0, expected exponential:B"},
        {"power:-1", "below 0"},
        {"linear:-1", "below 0"},
        {"logistic:30:0", "a parameter is not above 0, expected logistic:C:SD"},
        {"logistic:0:10", "not above 0"},
        {"logistic:30", "a parameter is missing"},
        {"gaussian:0", "not above 0"},
        {"stepped", "a step is missing, expected stepped:S1=W1"},
        {"stepped:10", "a step has no weight"},
        {"stepped:10=", "a step has no weight"},
        {"stepped:10=0.5=1", "a step has two weights"},
        {"stepped:x=0.5", "a step is not a number"},
        {"stepped:10=0.5:10=0.2", "steps do not ascend"},
        {"stepped:20=0.5:10=0.2", "steps do not ascend"},
        {"stepped:0=0.5", "a step is not above 0"},
        {"stepped:10=1.5", "a weight is above 1"},
        {"stepped:10=-0.5", "a weight is below 0"},
        {"steps_to:-1=1", "a step is below 0"},
        {"stepped:1=1:2=1:3=1:4=1:5=1:6=1:7=1:8=1:9=1:10=1:11=1:12=1:13=1:14=1:15=1:16=1:17=1",
         "too many steps"},
        {"scaled:1:2", "a parameter is missing, expected scaled:SCALE:ALPHA:MIN"},
        {"scaled:0:2:0", "not above 0"},
        {"gaussian_to:20:1", "a share is not between 0 and 1"},
        {"power_to:1:0.01", "a parameter is not above 1"},
        {"polynomial", "a parameter is missing"},
        {"none:1", "too many parameters, expected none"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        hsd_decay decay;
        hsd_error err = {0};
        if (hsd_decay_parse(bad[i][0], &decay, &err) != HSD_E_ARGUMENT)
            fail_msg("\"%s\" passed", bad[i][0]);
        if (!strstr(err.message, bad[i][1]))
            fail_msg("\"%s\": %s; lacks \"%s\"", bad[i][0], err.message, bad[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decays_have_the_values_of_the_packages),
        cmocka_unit_test(every_kind_is_in_the_table),
        cmocka_unit_test(a_decay_written_as_text_reads_as_the_same),
        cmocka_unit_test(no_cost_gives_nan_and_no_way_counts_nothing),
        cmocka_unit_test(bad_decays_are_refused_with_what_was_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
