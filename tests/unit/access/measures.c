/* Measures by name: what texts parse to, what they leave to the caller, what is said of bad ones.
 */
#include <stdio.h>
#include <string.h>

#include "access/measures.h"
#include "base/memory.h"
#include "towns.h"

static hsd_measure *parse(const char *text, const hsd_measure_defaults *defaults,
                          hsd_measure ***list) {
    hsd_error err = {HSD_OK, ""};
    size_t count = 0;
    if (hsd_measures_parse(text, defaults, list, &count, &err) != HSD_OK)
        fail_msg("%s: %s", text, err.message);
    assert_int_equal(count, 1);
    return (*list)[0];
}

static void assert_text(const char *text, const hsd_measure_defaults *defaults,
                        const char *expected) {
    hsd_measure **list;
    assert_string_equal(hsd_measure_text(parse(text, defaults, &list)), expected);
    hsd_measures_destroy(list, 1);
}

static void assert_column(const char *text, const hsd_measure_defaults *defaults,
                          const char *expected) {
    hsd_measure **list;
    assert_string_equal(hsd_measure_column(parse(text, defaults, &list)), expected);
    hsd_measures_destroy(list, 1);
}

static void assert_refused(const char *text, const char *part) {
    hsd_measure **list;
    hsd_error err = {HSD_OK, ""};
    size_t count = 7;
    assert_int_equal(hsd_measures_parse(text, NULL, &list, &count, &err), HSD_E_ARGUMENT);
    assert_null(list);
    assert_int_equal(count, 0);
    if (!strstr(err.message, part)) fail_msg("\"%s\", expected \"%s\"", err.message, part);
    assert_null(strchr(err.message, '\n'));
}

static void a_text_says_every_parameter(void **state) {
    (void)state;
    assert_text("gravity:decay=exponential:0.1,mass=jobs", NULL,
                "gravity:mass=jobs,decay=exponential:0.1,floor=0,direction=active,self=yes,"
                "self_time=as-is");
    assert_text("mean_time", NULL,
                "mean_time:mass=population,unreachable=drop,direction=active,self=no,"
                "self_time=as-is");
    assert_text("coefficient:of=potential,power=2", NULL,
                "coefficient:of=potential,mass=population,unreachable=drop,power=2,floor=0,"
                "direction=active,self=yes,self_time=as-is");
    assert_text(
        "potential:decay=exponential:0.01", NULL,
        "potential:mass=population,floor=0,decay=exponential:0.01,direction=active,self=yes,"
        "self_time=as-is");
    assert_text("theil_t:group=", NULL, "theil_t:population=population,group=,variant=textbook");
}

static void what_a_text_leaves_out_is_the_callers(void **state) {
    (void)state;
    const hsd_measure_defaults d = {.mass = "gdp",
                                    .population = "people",
                                    .income = "wage",
                                    .group = "region",
                                    .direction = HSD_TO,
                                    .self = -1,
                                    .self_time = HSD_SELF_FIXED,
                                    .self_value = 2.5,
                                    .unreachable = HSD_UNREACHED_CAP,
                                    .cap_min = 300,
                                    .as_r = true};
    assert_text("potential", &d,
                "potential:mass=gdp,power=1,floor=0,direction=passive,self=no,self_time=fixed:2.5");
    assert_text("potential:mass=jobs,self=yes,direction=from,self_time=none", &d,
                "potential:mass=jobs,power=1,floor=0,direction=active,self=yes,self_time=none");
    assert_text("simple_mean_time", &d,
                "simple_mean_time:unreachable=cap:300,direction=passive,self=no,"
                "self_time=fixed:2.5");
    assert_text("balancing_cost", &d,
                "balancing_cost:mass=gdp,demand=people,step=1,variant=r,direction=passive,self=no,"
                "self_time=fixed:2.5");
    assert_text("palma", &d, "palma:population=people,income=wage,variant=r");
    assert_text("theil_l", &d, "theil_l:population=people,group=region");
    assert_text("theil_l:group=", &d, "theil_l:population=people,group=");
    assert_text(
        "3sfca:decay=none", &d,
        "3sfca:mass=gdp,demand=people,decay=none,variant=textbook,direction=passive,self=no,"
        "self_time=fixed:2.5");
}

/* A short text of every measure, with what must be said. */
static const char *shortest(const hsd_measure_info *info, char *buffer, size_t size) {
    snprintf(buffer, size, "%s:as=x%s%s%s%s%s%s%s", info->name,
             strstr(info->keys, "decay=?") ? ",decay=stepped:10=0.5:20=0" : "",
             strstr(info->keys, "income=?") ? ",income=wage, net" : "",
             strstr(info->keys, "cutoff=?") ? ",cutoff=30" : "",
             strstr(info->keys, "from=?") ? ",from=30" : "",
             strstr(info->keys, "to=?") ? ",to=60" : "",
             strstr(info->keys, "ideal_kmh=?") ? ",ideal_kmh=130" : "",
             strstr(info->keys, "line=?") ? ",line=0.25" : "");
    return buffer;
}

static void every_measure_reads_back_from_its_own_text(void **state) {
    (void)state;
    const hsd_measure_defaults d = {.mass = "gdp", .group = "region", .self = 1, .as_r = true};
    assert_in_range(hsd_measure_count(), 35, 100);
    for (size_t i = 0; i < hsd_measure_count(); i++) {
        const hsd_measure_info *info = hsd_measure_at(i);
        char buffer[256];
        hsd_measure **first, **second, **third;
        const hsd_measure *a = parse(shortest(info, buffer, sizeof buffer), NULL, &first);
        assert_ptr_equal(hsd_measure_get_info(a), info);
        assert_ptr_equal(hsd_measure_find(info->name), info);
        assert_string_equal(hsd_measure_column(a), "x");
        /* whoever reads it, with whatever defaults */
        const hsd_measure *b = parse(hsd_measure_text(a), &d, &second);
        const hsd_measure *c = parse(hsd_measure_text(b), NULL, &third);
        assert_string_equal(hsd_measure_text(a), hsd_measure_text(b));
        assert_string_equal(hsd_measure_text(b), hsd_measure_text(c));
        assert_string_equal(hsd_measure_conventions(a), hsd_measure_conventions(b));
        assert_null(strchr(hsd_measure_conventions(a), '{'));
        assert_null(strchr(hsd_measure_conventions(a), '\n'));
        hsd_measures_destroy(first, 1);
        hsd_measures_destroy(second, 1);
        hsd_measures_destroy(third, 1);
    }
    assert_null(hsd_measure_at(hsd_measure_count()));
    assert_null(hsd_measure_find("gravty"));
}

static void only_a_word_and_equals_begin_the_next_key(void **state) {
    (void)state;
    assert_text("gravity:mass=jobs, full time,decay=stepped:10=0.5:20=0,as=a:b,c", NULL,
                "gravity:mass=jobs, full time,decay=stepped:10=0.5:20=0,floor=0,direction=active,"
                "self=yes,self_time=as-is,as=a:b,c");
    const hsd_measure_defaults d = {.mass = "jobs,decay=none"};
    hsd_measure **list;
    size_t count;
    hsd_error err;
    assert_int_equal(hsd_measures_parse("gravity:decay=none", &d, &list, &count, &err),
                     HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "such a column cannot be used"));
}

static void a_list_makes_several_measures(void **state) {
    (void)state;
    hsd_measure **list;
    size_t count;
    assert_int_equal(
        hsd_measures_parse("cumulative:cutoff=7.5:45:60,mass=jobs", NULL, &list, &count, NULL),
        HSD_OK);
    assert_int_equal(count, 3);
    assert_string_equal(hsd_measure_column(list[0]), "cumulative_jobs_7_5");
    assert_string_equal(hsd_measure_column(list[2]), "cumulative_jobs_60");
    assert_string_equal(hsd_measure_text(list[1]),
                        "cumulative:mass=jobs,cutoff=45,direction=active,self=yes,self_time=as-is");
    hsd_measures_destroy(list, count);
    assert_int_equal(hsd_measures_parse("fgt:line=5,alpha=0:2,as=p", NULL, &list, &count, NULL),
                     HSD_OK);
    assert_int_equal(count, 2);
    assert_string_equal(hsd_measure_column(list[1]), "p_2");
    assert_string_equal(hsd_measure_text(list[1]),
                        "fgt:population=population,line=5,alpha=2,as=p_2");
    hsd_measures_destroy(list, count);
    assert_refused("cumulative:cutoff=45:30", "out of order");
    assert_refused("fgt:line=1:2,alpha=0:1", "one list a text");
    assert_refused("cumulative:cutoff=30:", "is not a number");
    assert_refused("cumulative:cutoff=1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22:23:"
                   "24:25:26:27:28:29:30:31:32:33:34:35:36:37:38:39:40:41:42:43:44:45:46:47:48:49:"
                   "50:51:52:53:54:55:56:57:58:59:60:61:62:63:64:65",
                   "more than 64 values");
    assert_refused("cumulative_interval:from=1:2,to=5", "from is \"1:2\"");
}

static void columns_say_what_is_in_them(void **state) {
    (void)state;
    assert_column("gravity:decay=exponential:0.1,mass=jobs", NULL, "gravity_jobs");
    assert_column("mean_time", NULL, "mean_time_population_min");
    assert_column("mean_time:mass2=gdp,direction=to", NULL, "mean_time_population_gdp_passive_min");
    assert_column("cumulative:mass=1,cutoff=60", NULL, "cumulative_count_60");
    assert_column("cumulative:mass=人口,cutoff=60", NULL, "cumulative_人口_60");
    assert_column("cumulative:mass=full time,cutoff=60", NULL, "cumulative_full_time_60");
    assert_column("closest:mass=schools,n=3", NULL, "closest_schools_3_min");
    assert_column("potential:power=1.5", NULL, "potential_population_1_5");
    assert_column("potential:decay=exponential:0.01", NULL, "potential_population");
    assert_column("balancing_cost:variant=r", NULL, "balancing_population_r_min");
    assert_column("coefficient:of=simple_mean_time", NULL, "coefficient_simple_mean_time");
    assert_column("theil_t", NULL, "theil_t");
    assert_column("palma:income=i,variant=shares", NULL, "palma_shares");
    assert_column("quantile_ratio", NULL, "p90_p10");
    assert_column("cumulative:cutoff=30,cutoff2=2.5,mass=jobs", NULL, "cumulative_jobs_30_2_5");
}

static void conventions_are_said_in_words(void **state) {
    (void)state;
    hsd_measure **list;
    const hsd_measure *m =
        parse("mean_time:mass2=gdp,unreachable=cap:240,direction=passive", NULL, &list);
    assert_string_equal(
        hsd_measure_conventions(m),
        "weighted mean travel time: mean minutes to the others, weighted by sqrt(population gdp); "
        "passive (what reaches the zone); the zone itself left out; what cannot be reached, or in "
        "longer, counts as 240 min");
    hsd_measures_destroy(list, 1);
    m = parse("2sfca:decay=binary:30,mass=beds,self_time=fixed:5", NULL, &list);
    assert_string_equal(
        hsd_measure_conventions(m),
        "two-step floating catchment area: R = S / sum D f, A = sum R f, f = binary:30, S = beds, "
        "D = population; largest cost none; active (what the zone reaches); the zone itself "
        "counted, at 5 min");
    hsd_measures_destroy(list, 1);
}

/* What a measure does not do is not said of it; every choice that it makes is. */
static void conventions_are_of_what_is_computed(void **state) {
    (void)state;
    static const struct {
        const char *text, *said, *not_said;
    } known[] = {
        {"coefficient:of=potential,power=2,floor=5",
         "sum of population / t^2, t at least 5, over its plain mean", "cannot be reached"},
        {"coefficient:of=simple_mean_time", "what cannot be reached left out", "population"},
        {"potential:floor=5", "t at least 5", "cannot be reached"},
        {"cumulative:cutoff=30,cutoff2=2.5", "within 30 and 2.5 of the next cost", NULL},
        {"linkage_total", "; the zone itself left out", NULL},
        {"linkage", "; the zone itself left out", NULL},
        {"network_efficiency:ideal_kmh=130", "the zone itself and what cannot be reached left out",
         NULL},
        {"field", "of equal ones the first target's", NULL}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        hsd_measure **list;
        const char *line = hsd_measure_conventions(parse(known[i].text, NULL, &list));
        if (!strstr(line, known[i].said)) fail_msg("\"%s\" is not in: %s", known[i].said, line);
        if (known[i].not_said && strstr(line, known[i].not_said))
            fail_msg("\"%s\" is in: %s", known[i].not_said, line);
        hsd_measures_destroy(list, 1);
    }
}

static void bad_texts_are_refused_with_what_was_expected(void **state) {
    (void)state;
    assert_refused("", "there is no measure \"\"");
    assert_refused("gini:populaton=x", "did you mean \"population\"");
    assert_refused("gini:,population=x", "\"\" is not KEY=VALUE");
    assert_refused("gini:population=\xff", "not text in UTF-8");
    assert_refused("cumulative:cutoff=30,", "a number was expected");
    assert_refused("cumulative:cutoff=-1", "a number of at least 0");
    assert_refused("fgt:line=5,alpha=101", "a number from 0 to 100");
    assert_refused("gini:decay=none", "its keys are population, as");
}

static void a_key_without_a_default_may_be_said_to_be_none(void **state) {
    (void)state;
    assert_text("mean:as=", NULL, "mean:population=population,group=");
    assert_refused("mean:population=", "population= is without a value");
}

static void explanations_say_all_and_count_as_snprintf(void **state) {
    (void)state;
    for (size_t i = 0; i < hsd_measure_count(); i++) {
        const hsd_measure_info *info = hsd_measure_at(i);
        char page[4096], cut[100];
        const int length = hsd_measure_explain(info, page, sizeof page);
        assert_in_range(length, 200, sizeof page - 1);
        assert_int_equal(strlen(page), length);
        assert_int_equal(hsd_measure_explain(info, cut, sizeof cut), length);
        assert_int_equal(strlen(cut), sizeof cut - 1);
        assert_int_equal(hsd_measure_explain(info, NULL, 0), length);
        const char *const told[] = {info->name, info->title,     info->title_zh, info->formula,
                                    info->unit, info->reference, info->function};
        for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
            assert_true(*told[k] != '\0');
            assert_non_null(strstr(page, told[k]));
        }
    }
}

/* ---- Evaluating ---- */

static const char *const columns[] = {"population", "jobs"};
static const double *const values[] = {cell_people, cell_jobs};

static hsd_zone_columns cell_zones(void) {
    return (hsd_zone_columns){
        .count = 5, .ids = cell_ids, .names = columns, .values = values, .column_count = 2};
}

static void values_of_passive_measures_are_of_targets(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    const hsd_zone_columns zones = cell_zones();
    hsd_measure **list;
    hsd_measured out;
    const hsd_measure *m = parse("cumulative:cutoff=45,direction=passive", NULL, &list);
    assert_int_equal(hsd_measure_evaluate(m, &table, &zones, &zones, &out, NULL), HSD_OK);
    assert_true(out.passive);
    assert_true(out.values[0] == 5404);
    hsd_measured_finish(&out);
    hsd_measures_destroy(list, 1);
    m = parse("i2sfca:decay=none,mass=jobs", NULL, &list);
    assert_int_equal(hsd_measure_evaluate(m, &table, &zones, &zones, &out, NULL), HSD_OK);
    assert_true(out.passive);
    hsd_measured_finish(&out);
    hsd_measures_destroy(list, 1);
    hsd_cost_table_finish(&table);
}

static void columns_of_another_number_of_zones_are_refused(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    hsd_zone_columns zones = cell_zones(), fewer = cell_zones();
    fewer.count = 4;
    hsd_measure **list;
    hsd_measured out;
    hsd_error err;
    const hsd_measure *m = parse("potential", NULL, &list);
    assert_int_equal(hsd_measure_evaluate(m, &table, &zones, &fewer, &out, &err), HSD_E_ARGUMENT);
    hsd_measures_destroy(list, 1);
    m = parse("gini", NULL, &list);
    assert_int_equal(hsd_measure_evaluate(m, &table, &zones, &zones, &out, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "values of zones"));
    hsd_measures_destroy(list, 1);
    hsd_cost_table_finish(&table);
}

static void what_cannot_be_served_or_reached_is_told(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    const hsd_zone_columns zones = cell_zones();
    hsd_measure **list;
    hsd_measured out;
    /* only e, where nobody lives, reaches e within 5.8 minutes: nobody has its people's jobs */
    static const char *const texts[] = {"2sfca:mass=1,decay=binary:6",
                                        "constrained_singly:mass=1,decay=binary:6"};
    for (int k = 0; k < 2; k++) {
        const hsd_measure *m = parse(texts[k], NULL, &list);
        assert_int_equal(hsd_measure_evaluate(m, &table, &zones, &zones, &out, NULL), HSD_OK);
        assert_non_null(out.warning);
        assert_int_equal(out.statistic_count, 1);
        assert_string_equal(out.statistics[0].name, "unserved");
        assert_true(out.statistics[0].value == 1);
        hsd_measured_finish(&out);
        hsd_measures_destroy(list, 1);
    }
    hsd_cost_table_finish(&table);
}

/* Whatever came before on the bench: tables are kept, never mistaken for each other. */
static void measures_on_one_bench_are_as_they_are_alone(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    const hsd_zone_columns zones = cell_zones();
    static const char *const texts[] = {
        "potential:direction=passive,self_time=fixed:3", "potential:self_time=fixed:3",
        "potential:direction=passive,self_time=fixed:3", "potential:direction=passive",
        "potential:direction=passive,self_time=fixed:7", "potential:self_time=fixed:7",
        "mean_time:direction=passive,self_time=fixed:7", "potential"};
    hsd_measure_bench bench = {.table = &table};
    const size_t *turned = NULL;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        hsd_measure **list;
        hsd_measured alone, kept;
        const hsd_measure *m = parse(texts[k], NULL, &list);
        assert_int_equal(hsd_measure_evaluate(m, &table, &zones, &zones, &alone, NULL), HSD_OK);
        assert_int_equal(hsd_measure_evaluate_at(m, &bench, &zones, &zones, &kept, NULL), HSD_OK);
        assert_memory_equal(alone.values, kept.values, 5 * sizeof *alone.values);
        if (k == 0) turned = bench.turned.first;
        assert_non_null(turned);
        assert_ptr_equal(bench.turned.first, turned);
        hsd_measured_finish(&alone);
        hsd_measured_finish(&kept);
        hsd_measures_destroy(list, 1);
    }
    hsd_measure_bench_finish(&bench);
    hsd_cost_table_finish(&table);
}

static void an_index_that_is_not_defined_says_so(void **state) {
    (void)state;
    const hsd_zone_columns zones = cell_zones();
    static const double some[] = {1, 2, 3, 4, 5}, none[] = {0, 2, 3, 4, 5};
    hsd_measure **list;
    hsd_measured out;
    const hsd_measure *m = parse("theil_l", NULL, &list);
    assert_int_equal(hsd_measure_inequality(m, some, &zones, &out, NULL), HSD_OK);
    assert_null(out.warning);
    hsd_measured_finish(&out);
    assert_int_equal(hsd_measure_inequality(m, none, &zones, &out, NULL), HSD_OK);
    assert_true(isnan(out.statistics[0].value));
    assert_non_null(strstr(out.warning, "not defined"));
    hsd_measured_finish(&out);
    hsd_measures_destroy(list, 1);
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    const hsd_zone_columns zones = cell_zones();
    static const char *const texts[] = {
        "cumulative:cutoff=30:45,mass=jobs,as=x,direction=passive,self_time=fixed:3",
        "2sfca:decay=stepped:10=0.5:80=0,mass=jobs",
        "mean_time:self_time=fixed:1,self=yes",
        "field:mass=jobs",
        "linkage_total",
        "breakpoint"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        int failures = 0;
        for (uint64_t n = 1; n < 400; n++) {
            hsd_measure **list = NULL;
            hsd_measured out = {0};
            size_t count = 0;
            hsd_error err;
            hsd_memory_fail_at(n);
            hsd_status status = hsd_measures_parse(texts[k], NULL, &list, &count, &err);
            if (status == HSD_OK)
                status = hsd_measure_evaluate(list[0], &table, &zones, &zones, &out, &err);
            hsd_memory_fail_at(0);
            hsd_measured_finish(&out);
            hsd_measures_destroy(list, count);
            if (status == HSD_OK) break;
            assert_int_equal(status, HSD_E_MEMORY);
            failures++;
        }
        assert_in_range(failures, 8, 300);
    }
    hsd_cost_table_finish(&table);
}

static void groups_without_memory_are_told(void **state) {
    (void)state;
    const char *const texts[] = {"b", "a", "b", "", "a"};
    const char *const names[] = {"region"};
    const char *const *const lists[] = {texts};
    hsd_zone_columns zones = cell_zones();
    zones.text_names = names;
    zones.texts = lists;
    zones.text_count = 1;
    hsd_measure **list;
    const hsd_measure *m = parse("theil_t:group=region", NULL, &list);
    int failures = 0;
    for (uint64_t n = 1; n < 100; n++) {
        hsd_measured out;
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_measure_inequality(m, cell_jobs, &zones, &out, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) {
            assert_int_equal(out.statistic_count, 7);
            assert_string_equal(out.statistics[3].name, "theil_t_between");
            assert_string_equal(out.statistics[3].group, "a");
            hsd_measured_finish(&out);
            break;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        failures++;
    }
    assert_in_range(failures, 8, 90);
    hsd_measures_destroy(list, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_says_every_parameter),
        cmocka_unit_test(what_a_text_leaves_out_is_the_callers),
        cmocka_unit_test(every_measure_reads_back_from_its_own_text),
        cmocka_unit_test(only_a_word_and_equals_begin_the_next_key),
        cmocka_unit_test(a_list_makes_several_measures),
        cmocka_unit_test(columns_say_what_is_in_them),
        cmocka_unit_test(conventions_are_said_in_words),
        cmocka_unit_test(conventions_are_of_what_is_computed),
        cmocka_unit_test(bad_texts_are_refused_with_what_was_expected),
        cmocka_unit_test(a_key_without_a_default_may_be_said_to_be_none),
        cmocka_unit_test(explanations_say_all_and_count_as_snprintf),
        cmocka_unit_test(values_of_passive_measures_are_of_targets),
        cmocka_unit_test(columns_of_another_number_of_zones_are_refused),
        cmocka_unit_test(what_cannot_be_served_or_reached_is_told),
        cmocka_unit_test(measures_on_one_bench_are_as_they_are_alone),
        cmocka_unit_test(an_index_that_is_not_defined_says_so),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
        cmocka_unit_test(groups_without_memory_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
