/* Every measure in every scene, then inequality over its values and sums of them. Means are over
 * people where the places have them. Values that are not finite (nothing to be reached) are left
 * out of the sums and counted. O(scenes x measures x pairs). */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "study/access_run.h"

/* ---- Measures ---- */

static const char *name_of(const hsd_access_run *run, size_t measure) {
    return hsd_measure_get_info(run->measures.data[measure])->name;
}

/* Of a scenario what the baseline did not warn of in the same words. */
static hsd_status warn_of(hsd_access_run *run, size_t s, size_t m, const char *warning,
                          hsd_error *err) {
    if (s == 0) return hsd_access_warn(run, err, "%s", warning);
    const char *before = hsd_access_measured(run, 0, m)->warning;
    if (before && strcmp(before, warning) == 0) return HSD_OK;
    return hsd_access_warn(run, err, "%s: %s", run->scenes[s].name, warning);
}

static hsd_status measure_scene(hsd_access_run *run, size_t s, hsd_measure_bench *bench,
                                hsd_error *err) {
    hsd_access_scene *scene = &run->scenes[s];
    const size_t measures = run->measures.count, inequality = run->inequality.count;
    scene->measured = hsd_calloc(measures, sizeof *scene->measured, err);
    scene->unequal = hsd_calloc(measures * inequality, sizeof *scene->unequal, err);
    if (!scene->measured || !scene->unequal) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t m = 0; status == HSD_OK && m < measures; m++) {
        hsd_measured *out = &scene->measured[m];
        status = hsd_measure_evaluate_at(run->measures.data[m], bench, &run->from.columns,
                                         &run->to.columns, out, err);
        if (status != HSD_OK) return status;
        if (status == HSD_OK && out->warning && s < run->shown)
            status = warn_of(run, s, m, out->warning, err);
        for (size_t q = 0; status == HSD_OK && out->values && q < inequality; q++) {
            hsd_measured *unequal = &scene->unequal[m * inequality + q];
            const char *name = hsd_measure_column(run->inequality.data[q]);
            status = hsd_measure_inequality(run->inequality.data[q], out->values,
                                            &hsd_access_side_of(run, out)->columns, unequal, err);
            if (status != HSD_OK) return hsd_fail_prefix(err, status, "of %s", name_of(run, m));
            if (unequal->warning && s == 0)
                status =
                    hsd_access_warn(run, err, "%s of %s: %s", name,
                                    hsd_measure_column(run->measures.data[m]), unequal->warning);
        }
        if (status == HSD_OK)
            status = hsd_progress(
                run->run, "measures",
                (double)(s * measures + m + 1) / (double)(run->scene_count * measures), err);
    }
    return status;
}

hsd_status hsd_access_compute(hsd_access_run *run, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++) {
        hsd_cost_table *table = &run->scenes[s].table;
        status = hsd_access_table(run, s, table, err);
        hsd_measure_bench bench = {.table = table, .run = run->run};
        if (status == HSD_OK) status = measure_scene(run, s, &bench, err);
        hsd_measure_bench_finish(&bench);
        if (!hsd_access_has_pairs(run) || s >= run->shown) hsd_cost_table_finish(table);
    }
    return status;
}

/* ---- Sums ---- */

enum { MEAN, LEAST, MOST, SUM, WITHOUT_VALUE, SUMS };
static const char *const sum_names[SUMS] = {"mean", "min", "max", "sum", "without_value"};

/* people NULL: each counts once. */
static void sum_up(const double *values, const double *people, size_t count, double out[SUMS]) {
    double weight = 0, weighted = 0;
    out[LEAST] = out[MOST] = NAN;
    out[SUM] = out[WITHOUT_VALUE] = 0;
    for (size_t i = 0; i < count; i++) {
        const double w = people ? people[i] : 1;
        if (!isfinite(values[i])) {
            out[WITHOUT_VALUE]++;
            continue;
        }
        weight += w;
        weighted += w * values[i];
        out[SUM] += values[i];
        out[LEAST] = fmin(out[LEAST], values[i]); /* of NAN and a number: the number */
        out[MOST] = fmax(out[MOST], values[i]);
    }
    out[MEAN] = weight > 0 ? weighted / weight : NAN;
}

static void sums_of(const hsd_access_run *run, size_t scene, size_t measure, double out[SUMS]) {
    const hsd_measured *m = hsd_access_measured(run, scene, measure);
    const hsd_access_side *side = hsd_access_side_of(run, m);
    sum_up(m->values, side->people, side->columns.count, out);
}

static bool same_group(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Where one scene has zones without a value, all tell how many: scenes have the same lines. */
static bool is_without(const hsd_access_run *run, size_t measure) {
    bool without = false;
    for (size_t s = 0; !without && s < run->shown; s++) {
        double sums[SUMS];
        sums_of(run, s, measure, sums);
        without = sums[WITHOUT_VALUE] > 0;
    }
    return without;
}

static bool has_statistic(const hsd_measured *m, const char *name) {
    for (size_t i = 0; i < m->statistic_count; i++)
        if (!m->statistics[i].group && strcmp(m->statistics[i].name, name) == 0) return true;
    return false;
}

/* The same statistic of the baseline; NAN: it has none. */
static double before(const hsd_measured *baseline, const hsd_statistic *of) {
    for (size_t i = 0; i < baseline->statistic_count; i++)
        if (strcmp(baseline->statistics[i].name, of->name) == 0 &&
            same_group(baseline->statistics[i].group, of->group))
            return baseline->statistics[i].value;
    return NAN;
}

typedef struct teller {
    const hsd_access_run *run;
    hsd_access_visit visit;
    void *context;
} teller;

static hsd_status tell_statistics(const teller *t, hsd_access_figure figure,
                                  const hsd_measured *measured, const hsd_measured *baseline,
                                  hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < measured->statistic_count; i++) {
        const hsd_statistic *s = &measured->statistics[i];
        figure.statistic = s->name;
        figure.group = s->group;
        figure.value = s->value;
        figure.change = figure.scene ? s->value - before(baseline, s) : NAN;
        status = t->visit(t->context, &figure, err);
    }
    return status;
}

static hsd_status tell_measure(const teller *t, size_t scene, size_t m, hsd_error *err) {
    const hsd_access_run *run = t->run;
    const hsd_measured *measured = hsd_access_measured(run, scene, m),
                       *baseline = hsd_access_measured(run, 0, m);
    hsd_access_figure figure = {.scene = scene, .measure = m};
    hsd_status status = HSD_OK;
    if (measured->values) {
        double now[SUMS], old[SUMS];
        sums_of(run, scene, m, now);
        sums_of(run, 0, m, old);
        for (int k = 0; status == HSD_OK && k < SUMS; k++) {
            if (k == WITHOUT_VALUE && !is_without(run, m)) continue;
            if (has_statistic(measured, sum_names[k])) continue; /* the measure's own */
            figure.statistic = sum_names[k];
            figure.value = now[k];
            figure.change = scene ? now[k] - old[k] : NAN;
            status = t->visit(t->context, &figure, err);
        }
    }
    if (status == HSD_OK) status = tell_statistics(t, figure, measured, baseline, err);
    const size_t inequality = run->inequality.count;
    figure.inequality = true;
    for (size_t q = 0; status == HSD_OK && measured->values && q < inequality; q++)
        status = tell_statistics(t, figure, &run->scenes[scene].unequal[m * inequality + q],
                                 &run->scenes[0].unequal[m * inequality + q], err);
    return status;
}

hsd_status hsd_access_figures(const hsd_access_run *run, hsd_access_visit visit, void *context,
                              hsd_error *err) {
    const teller t = {run, visit, context};
    hsd_status status = HSD_OK;
    for (size_t s = 0; status == HSD_OK && s < run->shown; s++)
        for (size_t m = 0; status == HSD_OK && m < run->measures.count; m++)
            status = tell_measure(&t, s, m, err);
    return status;
}
