/* Theil's T and L with groups (Theil 1967), Atkinson's index (1970) and the poverty measures of
 * Foster, Greer and Thorbecke (1984), over people. docs/methods.md, 16.
 *
 * T and L are one sum in two weights. With p a group's share of the people, s its share of the
 * whole (people times value) and r = x over the group's mean,
 *     T: within s mean(r ln r), between s ln(s / p);
 *     L: within p mean(-ln r), between p ln(p / s);
 * so that within and between add up to the index of all. Zones without groups are one group. O(n).
 */
#include <math.h>

#include "access/inequality.h"
#include "base/memory.h"

typedef enum index_kind { THEIL_T, THEIL_T_AS_R, THEIL_L } index_kind;

typedef struct group_sums {
    double people, whole; /* sum w, sum w x */
    double spread;        /* sum w r ln r, or -ln r */
    double spread_people; /* whom that is the sum of */
} group_sums;

typedef struct theil {
    index_kind kind;
    const double *x, *w;
    size_t count;
    const uint32_t *groups; /* NULL: one */
    size_t group_count;
    group_sums *of; /* [group_count] */
} theil;

/* Which group a zone adds to; NULL: none. */
static group_sums *group_of(const theil *t, size_t zone) {
    if (!hsd_counts(t->x, t->w, zone)) return NULL;
    if (!t->groups) return t->of;
    return t->groups[zone] == HSD_NO_ROW ? NULL : t->of + t->groups[zone];
}

/* a ln b where nothing of nothing is nothing. */
static double times_log(double a, double b) {
    return a == 0 ? 0 : a * log(b);
}

/* Nobody's x may be below 0, nor 0 in L; in R's T with groups 0 ln 0 is NAN, without them whoever
 * has 0 leaves the mean. */
static void add_spread(const theil *t, group_sums *g, size_t zone) {
    const double w = hsd_people(t->w, zone), r = t->x[zone] * (g->people / g->whole);
    const bool zero = t->x[zone] == 0;
    if (zero && t->kind == THEIL_T_AS_R && !t->groups) return;
    g->spread_people += w;
    if (t->x[zone] < 0 || (zero && t->kind != THEIL_T))
        g->spread = NAN;
    else if (t->kind == THEIL_L)
        g->spread -= w * log(r);
    else
        g->spread += w * (zero ? 0 : r * log(r));
}

static void sum_up(const theil *t, hsd_theil_parts *out) {
    double people = 0, whole = 0;
    for (size_t g = 0; g < t->group_count; g++) {
        people += t->of[g].people;
        whole += t->of[g].whole;
    }
    const bool defined = whole > 0 && isfinite(whole);
    out->between = out->within = defined ? 0 : NAN;
    for (size_t g = 0; g < t->group_count; g++) {
        const group_sums *of = &t->of[g];
        const double p = of->people / people, s = of->whole / whole;
        double within = defined ? 0 : NAN, between = within;
        if (defined && of->people > 0) {
            const bool l = t->kind == THEIL_L;
            within = (l ? p : s) * (of->spread / of->spread_people);
            between = l ? p * log(p / s) : times_log(s, s / p);
            if (!(of->spread_people > 0) || isinf(between)) within = between = NAN;
        }
        out->within += within;
        out->between += between;
        if (out->within_of) out->within_of[g] = within;
        if (out->between_of) out->between_of[g] = between;
    }
    out->total = out->within + out->between;
}

static hsd_status run(theil *t, hsd_theil_parts *out, hsd_error *err) {
    if (!t->groups) t->group_count = 1;
    for (size_t i = 0; t->groups && i < t->count; i++)
        if (t->groups[i] != HSD_NO_ROW && t->groups[i] >= t->group_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "zone number %zu: group %u; there are %zu", i + 1,
                            t->groups[i], t->group_count);
    t->of = hsd_calloc(t->group_count, sizeof *t->of, err);
    if (!t->of) return HSD_E_MEMORY;
    for (size_t i = 0; i < t->count; i++) {
        group_sums *g = group_of(t, i);
        if (!g) continue;
        g->people += hsd_people(t->w, i);
        g->whole += hsd_people(t->w, i) * t->x[i];
    }
    for (size_t i = 0; i < t->count; i++) {
        group_sums *g = group_of(t, i);
        if (g) add_spread(t, g, i);
    }
    sum_up(t, out);
    hsd_free(t->of);
    return HSD_OK;
}

hsd_status hsd_theil_t(const double *x, const double *w, size_t count, bool as_r,
                       const uint32_t *groups, size_t group_count, hsd_theil_parts *out,
                       hsd_error *err) {
    theil t = {.kind = as_r ? THEIL_T_AS_R : THEIL_T, .x = x, .w = w, .count = count};
    t.groups = groups;
    t.group_count = group_count;
    return run(&t, out, err);
}

hsd_status hsd_theil_l(const double *x, const double *w, size_t count, const uint32_t *groups,
                       size_t group_count, hsd_theil_parts *out, hsd_error *err) {
    theil t = {.kind = THEIL_L, .x = x, .w = w, .count = count};
    t.groups = groups;
    t.group_count = group_count;
    return run(&t, out, err);
}

/* 1 - (mean (x/mu)^(1-e))^(1/(1-e)); e = 1: 1 - exp(mean ln (x/mu)). From e = 1 on, somebody with
 * nothing makes it 1: the powers and the logarithm go to infinity by themselves. */
double hsd_atkinson(const double *x, const double *w, size_t count, double epsilon) {
    const double mean = hsd_weighted_mean(x, w, count);
    if (!(mean > 0) || isinf(mean) || !(epsilon >= 0)) return NAN;
    double people = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!hsd_counts(x, w, i)) continue;
        if (x[i] < 0) return NAN;
        const double r = x[i] / mean, people_here = hsd_people(w, i);
        people += people_here;
        sum += people_here * (epsilon == 1 ? log(r) : pow(r, 1 - epsilon));
    }
    const double level = sum / people;
    return 1 - (epsilon == 1 ? exp(level) : pow(level, 1 / (1 - epsilon)));
}

double hsd_fgt(const double *x, const double *w, size_t count, double line, double alpha) {
    double people = 0, poor = 0;
    if (!(line > 0) || !(alpha >= 0)) return NAN;
    for (size_t i = 0; i < count; i++) {
        if (!hsd_counts(x, w, i)) continue;
        people += hsd_people(w, i);
        if (x[i] < line) poor += hsd_people(w, i) * pow((line - x[i]) / line, alpha);
    }
    return people > 0 ? poor / people : NAN;
}
