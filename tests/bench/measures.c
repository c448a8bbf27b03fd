/* Measures of access on a full table of costs: 5,000 zones by 5,000 (1,000 with
 * HOURSHED_BENCH=quick), a tenth of the pairs without a way. Milliseconds of making the table,
 * turning it round, and of each measure by name; nanoseconds a pair. Checks that catchments give
 * out all supply, that half-open sums agree, and prints a checksum a measure. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "hourshed/access.h"

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

#define MUST(call)                                                                                 \
    do {                                                                                           \
        hsd_error error = {HSD_OK, ""};                                                            \
        hsd_error *err = &error;                                                                   \
        if ((call) != HSD_OK) {                                                                    \
            fprintf(stderr, "%s: %s\n", #call, error.message);                                     \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static void *room(size_t count, size_t size) {
    void *block = malloc(count * size);
    if (!block) {
        fprintf(stderr, "no memory for %zu x %zu bytes\n", count, size);
        exit(1);
    }
    return block;
}

static double sum(const double *x, size_t count) {
    double total = 0;
    for (size_t i = 0; i < count; i++) total += isfinite(x[i]) ? x[i] : 0;
    return total;
}

static double one(const char *text, const hsd_cost_table *table, const hsd_zone_columns *zones) {
    const hsd_measure_defaults defaults = {0};
    hsd_measure **list;
    size_t count;
    hsd_measured got;
    MUST(hsd_measures_parse(text, &defaults, &list, &count, err));
    const double start = now_ms();
    MUST(hsd_measure_evaluate(list[0], table, zones, zones, &got, err));
    const double spent = now_ms() - start, total = sum(got.values, zones->count);
    printf("%-58s %8.1f ms %6.2f ns a pair  sum %.9g\n", text, spent,
           spent * 1e6 / (double)table->pair_count, total);
    hsd_measured_finish(&got);
    hsd_measures_destroy(list, count);
    return total;
}

int main(void) {
    const char *bench = getenv("HOURSHED_BENCH");
    const size_t n = bench && strcmp(bench, "quick") == 0 ? 1000 : 5000;
    hsd_random random = {7};
    uint32_t *ms = room(n * n, sizeof *ms), *same = room(n, sizeof *same);
    double *people = room(n, sizeof *people), *jobs = room(n, sizeof *jobs);
    for (size_t i = 0; i < n; i++) {
        same[i] = (uint32_t)i;
        people[i] = floor(5000 * hsd_random_unit(&random)) + 1;
        jobs[i] = floor(3000 * hsd_random_unit(&random));
        for (size_t j = 0; j < n; j++) {
            const double u = hsd_random_unit(&random);
            ms[i * n + j] = i == j ? 300000 : u < 0.1 ? HSD_UNREACHABLE : (uint32_t)(7.2e6 * u);
        }
    }
    hsd_cost_table table = {0}, turned = {0};
    double start = now_ms();
    MUST(hsd_cost_table_from_ms(n, n, ms, same, &table, err));
    const double made = now_ms() - start;
    start = now_ms();
    MUST(hsd_cost_table_transpose(&table, &turned, err));
    printf("%zu zones, %zu pairs, %.0f MB: table %.0f ms, turned round %.0f ms\n", n,
           table.pair_count, (double)table.pair_count * 12e-6, made, now_ms() - start);
    hsd_cost_table_finish(&turned);

    static const char *const names[] = {"population", "jobs"};
    const double *const values[] = {people, jobs};
    const hsd_zone_columns zones = {
        .count = n, .names = names, .values = values, .column_count = 2};
    const char *const measures[] = {"mean_time",
                                    "potential:mass=jobs",
                                    "gravity:mass=jobs,decay=exponential:0.1",
                                    "gravity:mass=jobs,decay=logistic:30:10",
                                    "cumulative:mass=jobs,cutoff=45",
                                    "cumulative:mass=jobs,cutoff=45,direction=passive",
                                    "cumulative_interval:mass=jobs,from=30,to=60",
                                    "closest:mass=jobs,n=10000",
                                    "3sfca:mass=jobs,decay=gaussian:30",
                                    "bfca:mass=jobs,decay=gaussian:30",
                                    "availability:mass=jobs,decay=exponential:0.1",
                                    "linkage_total",
                                    "field:mass=jobs"};
    for (size_t m = 0; m < sizeof measures / sizeof *measures; m++)
        one(measures[m], &table, &zones);

    int wrong = 0;
    const double all = sum(jobs, n),
                 shared = one("availability:mass=jobs,decay=none", &table, &zones);
    wrong += fabs(shared / all - 1) > 1e-9;
    hsd_measure **list;
    size_t count;
    hsd_measured got;
    const hsd_measure_defaults defaults = {0};
    MUST(hsd_measures_parse("2sfca:mass=jobs,decay=binary:30", &defaults, &list, &count, err));
    start = now_ms();
    MUST(hsd_measure_evaluate(list[0], &table, &zones, &zones, &got, err));
    double given = 0;
    for (size_t i = 0; i < n; i++) given += got.values[i] * people[i];
    printf("2sfca: %.1f ms, gives out %.9g of %.9g jobs\n", now_ms() - start, given, all);
    wrong += fabs(given / all - 1) > 1e-9;
    double gini;
    start = now_ms();
    MUST(hsd_gini(got.values, people, n, &gini, err));
    printf("gini: %.3f ms, %.9f\n%d wrong\n", now_ms() - start, gini, wrong);
    hsd_measured_finish(&got);
    hsd_measures_destroy(list, count);
    hsd_cost_table_finish(&table);
    free(ms);
    free(same);
    free(people);
    free(jobs);
    return wrong != 0;
}
