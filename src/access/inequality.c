/* Mean, quantiles, Gini, Palma, concentration and variation over people, as R's package
 * `accessibility` defines them (Pereira and Herszenhut 2023), with the textbook's variant where the
 * two differ. docs/methods.md, 16.
 *
 * Gini sorts values and their people, not zones: zones that tie are summed in an order that does
 * not depend on where they stand, so the same people give the same bits. Quantiles need no sort,
 * and so no memory: the value asked for is found by bisection over the ordered bits of a double,
 * each step a sum of the same terms in the same order, which is monotone in floating point, too. */
#include "access/inequality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

double hsd_weighted_mean(const double *x, const double *w, size_t count) {
    double people = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        if (hsd_counts(x, w, i)) {
            people += hsd_people(w, i);
            sum += hsd_people(w, i) * x[i];
        }
    return people > 0 ? sum / people : NAN;
}

double hsd_cv(const double *x, const double *w, size_t count, bool sample) {
    const double mean = hsd_weighted_mean(x, w, count);
    double people = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        if (hsd_counts(x, w, i)) {
            people += hsd_people(w, i);
            squares += hsd_people(w, i) * (x[i] - mean) * (x[i] - mean);
        }
    const double freedom = sample ? people - 1 : people;
    return freedom > 0 && mean != 0 ? sqrt(squares / freedom) / mean : NAN;
}

/* ---- Quantiles ---- */

/* Doubles as integers of the same order (NAN aside), and back. */
static uint64_t key_of(double value) {
    uint64_t bits;
    value += 0.0; /* one zero */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | 1ull << 63;
}

static double value_of(uint64_t key) {
    const uint64_t bits = key >> 63 ? key & ~(1ull << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double people_up_to(const double *x, const double *w, size_t count, double limit) {
    double people = 0;
    for (size_t i = 0; i < count; i++)
        if (x[i] <= limit) people += hsd_people(w, i);
    return people;
}

/* The least value up to which at least `rank` people have no more; the largest where there are not
 * as many. */
static double value_at(const double *x, const double *w, size_t count, double rank, double least,
                       double largest) {
    uint64_t low = key_of(least), high = key_of(largest);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (people_up_to(x, w, count, value_of(middle)) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return value_of(low);
}

double hsd_quantile(const double *x, const double *w, size_t count, double p) {
    double people = 0, least = INFINITY, largest = -INFINITY;
    for (size_t i = 0; i < count; i++)
        if (hsd_counts(x, w, i)) {
            people += hsd_people(w, i);
            least = fmin(least, x[i]);
            largest = fmax(largest, x[i]);
        }
    if (!(people > 0) || !(p >= 0 && p <= 1)) return NAN;
    const double rank = 1 + (people - 1) * p;
    const double low = fmax(floor(rank), 1), part = rank - floor(rank);
    const double below = value_at(x, w, count, low, least, largest);
    if (part == 0) return below;
    const double above = value_at(x, w, count, fmin(low + 1, people), least, largest);
    return (1 - part) * below + part * above;
}

/* ---- Gini ---- */

typedef struct weighted {
    const double *x, *w;
} weighted;

static int by_value(const void *a, const void *b, void *columns) {
    const weighted *of = columns;
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    if (of->x[i] != of->x[k]) return of->x[i] < of->x[k] ? -1 : 1;
    if (!of->w || of->w[i] == of->w[k]) return 0;
    return of->w[i] < of->w[k] ? -1 : 1;
}

double hsd_gini_in(const double *x, const double *w, size_t count, uint32_t *order) {
    weighted columns = {x, w};
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (hsd_counts(x, w, i)) order[used++] = (uint32_t)i;
    qsort_r(order, used, sizeof *order, by_value, &columns);
    double people = 0, held = 0, area = 0; /* not yet over all people and all that is held */
    for (size_t k = 0; k < used; k++) {
        const double here = hsd_people(w, order[k]), before = held;
        people += here;
        held += here * x[order[k]];
        area += (before + held) * here;
    }
    return held > 0 && held < INFINITY ? 1 - area / (held * people) : NAN;
}

hsd_status hsd_gini(const double *x, const double *w, size_t count, double *out, hsd_error *err) {
    uint32_t *order = hsd_alloc(count, sizeof *order, err);
    if (!order) return HSD_E_MEMORY;
    *out = hsd_gini_in(x, w, count, order);
    hsd_free(order);
    return HSD_OK;
}

/* ---- Palma ---- */

hsd_palma_groups hsd_palma_groups_of(const double *income, const double *w, size_t count) {
    return (hsd_palma_groups){hsd_quantile(income, w, count, 0.4),
                              hsd_quantile(income, w, count, 0.9)};
}

double hsd_palma_over(hsd_palma_groups groups, const double *x, const double *w,
                      const double *income, size_t count, bool shares) {
    double poor = 0, poor_x = 0, rich = 0, rich_x = 0;
    for (size_t i = 0; i < count; i++) {
        if (!hsd_counts(x, w, i)) continue;
        const double people = hsd_people(w, i);
        if (income[i] <= groups.poor_max) {
            poor += people;
            poor_x += people * x[i];
        } else if (income[i] > groups.rich_above) {
            rich += people;
            rich_x += people * x[i];
        }
    }
    if (!(rich > 0) || !(poor_x > 0)) return NAN;
    return shares ? rich_x / poor_x : (rich_x / rich) / (poor_x / poor);
}

hsd_status hsd_palma(const double *x, const double *w, const double *income, size_t count,
                     bool shares, double *out, hsd_error *err) {
    if (!income) return hsd_fail(err, HSD_E_ARGUMENT, "the Palma ratio needs incomes of zones");
    *out = hsd_palma_over(hsd_palma_groups_of(income, w, count), x, w, income, count, shares);
    return HSD_OK;
}

/* ---- Concentration ---- */

static int by_income(const void *a, const void *b, void *incomes) {
    const double *income = incomes;
    const size_t i = *(const size_t *)a, k = *(const size_t *)b;
    if (income[i] != income[k]) return income[i] < income[k] ? -1 : 1;
    return i < k ? -1 : i > k;
}

/* 2 sum (R - 1/2) (x - mean) p / mean over zones in order of income, R the people before a zone and
 * half its own; of a tie, if averaged, those before it and half of all in it. */
static double concentration(const double *x, const double *w, const double *income,
                            const size_t *order, size_t count, bool average_ties) {
    double people = 0, sum = 0;
    for (size_t k = 0; k < count; k++) {
        people += hsd_people(w, order[k]);
        sum += hsd_people(w, order[k]) * x[order[k]];
    }
    const double mean = sum / people;
    if (!(mean > 0) || isinf(mean)) return NAN;
    double before = 0, result = 0;
    for (size_t k = 0, end; k < count; k = end) {
        double tied = 0;
        for (end = k;
             end < count && (end == k || (average_ties && income[order[end]] == income[order[k]]));
             end++)
            tied += hsd_people(w, order[end]);
        const double rank = (before + tied / 2) / people;
        for (size_t i = k; i < end; i++)
            result += (rank - 0.5) * (x[order[i]] - mean) * (hsd_people(w, order[i]) / people);
        before += tied;
    }
    return 2 * result / mean;
}

/* Erreygers 2009: 4 mean / (max - min) times the plain index, so that a bounded variable has a
 * bounded index. */
static double erreygers(const double *x, size_t count, double mean) {
    double least = INFINITY, largest = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        least = fmin(least, x[i]);
        largest = fmax(largest, x[i]);
    }
    return largest > least ? 4 * mean / (largest - least) : NAN;
}

hsd_status hsd_concentration(const double *x, const double *w, const double *income, size_t count,
                             bool corrected, bool average_ties, double *out, hsd_error *err) {
    if (!income) return hsd_fail(err, HSD_E_ARGUMENT, "concentration needs incomes of zones");
    size_t *order = hsd_alloc(count, sizeof *order, err), used = 0;
    if (!order) return HSD_E_MEMORY;
    double people = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        if (hsd_counts(x, w, i) && income[i] == income[i]) {
            order[used++] = i;
            people += hsd_people(w, i);
            sum += hsd_people(w, i) * x[i];
        }
    qsort_r(order, used, sizeof *order, by_income, (void *)(uintptr_t)income);
    *out = used > 0 ? concentration(x, w, income, order, used, average_ties) : NAN;
    if (corrected) *out *= erreygers(x, count, sum / people);
    hsd_free(order);
    return HSD_OK;
}
