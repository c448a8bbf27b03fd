/* Competition over random tables, against the textbook's matrices and against what every measure
 * must keep: access_competition CASES [SEED].
 *  - each kind of catchment equals its formula by plain loops over full matrices, whose shares (G
 * of 3SFCA, H of MH3SFCA, both of BFCA) sum to 1 over the choices they are of;
 *  - sum A D = sum S over supply that is served (2SFCA, 3SFCA), sum C S = sum D that has supply
 * within (i2SFCA); availability and the singly constrained measure add up to the opportunities
 * served, the totally constrained one to its total; availability with alpha 1 is 2SFCA times
 * demand;
 *  - rows and columns of the doubly constrained flows are demand and mass, and every circuit of
 * four flows has the cross ratio of the decay. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "hourshed/access.h"

enum { MOST = 9 };

static int cases = 3000;
static uint64_t seed = 20261122;
static int number;

typedef struct world {
    size_t origins, targets;
    double minutes[MOST][MOST]; /* INFINITY: no way */
    double f[MOST][MOST];       /* decay; 0: no way, or passed over */
    double supply[MOST], demand[MOST], limit;
    hsd_decay decay;
    hsd_cost_table table;
} world;

static double unit(hsd_random *random) {
    return hsd_random_unit(random);
}

static void near(double found, double expected, double scale, const char *what) {
    if (!(fabs(found - expected) <= 1e-10 * (scale + fabs(expected))))
        fail_msg("seed %llu, case %d, %s: %.17g, expected %.17g", (unsigned long long)seed, number,
                 what, found, expected);
}

/* sparse: chance of no way and of zones without supply or demand. */
static void make(world *w, hsd_random *random, double sparse) {
    static const char *const decays[] = {"none",        "exponential:0.05", "power:1",
                                         "gaussian:20", "linear:50",        "binary:30"};
    hsd_cost_pair pairs[MOST * MOST];
    uint32_t same[MOST];
    size_t count = 0;
    w->origins = 1 + (size_t)(unit(random) * MOST);
    w->targets = 1 + (size_t)(unit(random) * MOST);
    const bool self = unit(random) < .5;
    assert_int_equal(hsd_decay_parse(decays[(size_t)(unit(random) * 6)], &w->decay, NULL), HSD_OK);
    for (uint32_t i = 0; i < w->origins; i++) {
        same[i] = i < w->targets ? i : HSD_NO_ROW;
        for (uint32_t j = 0; j < w->targets; j++) {
            w->minutes[i][j] = unit(random) < sparse ? INFINITY : floor(unit(random) * 60);
            if (w->minutes[i][j] < INFINITY)
                pairs[count++] = (hsd_cost_pair){i, j, {w->minutes[i][j]}};
        }
    }
    assert_int_equal(
        hsd_cost_table_from_pairs(w->origins, w->targets, pairs, count, 1, same, &w->table, NULL),
        HSD_OK);
    w->table.skip_self = !self;
    for (size_t i = 0; i < w->origins; i++)
        for (size_t j = 0; j < w->targets; j++)
            w->f[i][j] = w->minutes[i][j] < INFINITY && (self || i != j)
                             ? hsd_decay_value(&w->decay, w->minutes[i][j])
                             : 0;
    for (size_t j = 0; j < w->targets; j++)
        w->supply[j] = unit(random) < sparse ? 0 : floor(unit(random) * 100);
    for (size_t i = 0; i < w->origins; i++)
        w->demand[i] = unit(random) < sparse ? 0 : floor(unit(random) * 1000);
    w->limit = unit(random) < .5 ? 0 : 1 + floor(unit(random) * 60);
}

/* ---- The textbook, in full matrices ---- */

/* Rows over their sums (by: of targets, or NULL); a row without anything stays 0. */
static void share_rows(const world *w, double m[MOST][MOST], const double *by,
                       double out[MOST][MOST]) {
    for (size_t i = 0; i < w->origins; i++) {
        double sum = 0, whole = 0;
        for (size_t j = 0; j < w->targets; j++) sum += (by ? by[j] : 1) * m[i][j];
        for (size_t j = 0; j < w->targets; j++) {
            out[i][j] = sum > 0 ? (by ? by[j] : 1) * m[i][j] / sum : 0;
            whole += out[i][j];
        }
        if (sum > 0) near(whole, 1, 0, "a row of shares");
    }
}

static void share_columns(const world *w, double m[MOST][MOST], double out[MOST][MOST]) {
    for (size_t j = 0; j < w->targets; j++) {
        double sum = 0;
        for (size_t i = 0; i < w->origins; i++) sum += m[i][j];
        for (size_t i = 0; i < w->origins; i++) out[i][j] = sum > 0 ? m[i][j] / sum : 0;
    }
}

static void multiply(const world *w, double a[MOST][MOST], double b[MOST][MOST],
                     double out[MOST][MOST]) {
    for (size_t i = 0; i < w->origins; i++)
        for (size_t j = 0; j < w->targets; j++) out[i][j] = a[i][j] * b[i][j];
}

/* A of origins; crowdedness of targets. within: f, cut at the limit. */
static void textbook(world *w, hsd_catchment_kind kind, bool choice_before,
                     double within[MOST][MOST], double *out) {
    double share[MOST][MOST], u[MOST][MOST], v[MOST][MOST];
    double(*all)[MOST] = choice_before ? w->f : within;
    memcpy(u, within, sizeof u);
    memcpy(v, within, sizeof v); /* 2SFCA */
    if (kind == HSD_CATCHMENT_M2SFCA) {
        multiply(w, within, within, v);
    } else if (kind == HSD_CATCHMENT_3SFCA) {
        share_rows(w, all, NULL, share);
        multiply(w, share, within, u);
        multiply(w, share, within, v);
    } else if (kind == HSD_CATCHMENT_MH3SFCA) {
        share_rows(w, within, w->supply, u);
        multiply(w, u, within, v);
    } else if (kind == HSD_CATCHMENT_BFCA) {
        share_rows(w, within, NULL, u);
        share_columns(w, within, v);
    } else if (kind == HSD_CATCHMENT_I2SFCA) {
        for (size_t j = 0; j < w->targets; j++) out[j] = 0;
        for (size_t i = 0; i < w->origins; i++) {
            double seen = 0;
            for (size_t j = 0; j < w->targets; j++) seen += w->supply[j] * within[i][j];
            for (size_t j = 0; seen > 0 && j < w->targets; j++)
                out[j] += w->demand[i] * within[i][j] / seen;
        }
        return;
    }
    for (size_t i = 0; i < w->origins; i++) out[i] = 0;
    for (size_t j = 0; j < w->targets; j++) {
        double pressure = 0;
        for (size_t i = 0; i < w->origins; i++) pressure += w->demand[i] * u[i][j];
        for (size_t i = 0; pressure > 0 && i < w->origins; i++)
            out[i] += w->supply[j] / pressure * v[i][j];
    }
}

/* Supply with weighed demand, demand with weighed supply within. */
static void served(const world *w, double within[MOST][MOST], double *supply, double *demand) {
    *supply = *demand = 0;
    for (size_t j = 0; j < w->targets; j++) {
        double pressure = 0;
        for (size_t i = 0; i < w->origins; i++) pressure += w->demand[i] * within[i][j];
        if (pressure > 0) *supply += w->supply[j];
    }
    for (size_t i = 0; i < w->origins; i++) {
        double seen = 0;
        for (size_t j = 0; j < w->targets; j++) seen += w->supply[j] * within[i][j];
        if (seen > 0) *demand += w->demand[i];
    }
}

static double sum_products(const double *a, const double *b, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += a[i] * (b ? b[i] : 1);
    return sum;
}

static void catchments_are_their_formulas_and_keep_their_sums(void **state) {
    (void)state;
    hsd_random random = {seed};
    for (number = 0; number < cases; number++) {
        world w;
        make(&w, &random, .2);
        double within[MOST][MOST], supply, demand;
        for (size_t i = 0; i < w.origins; i++)
            for (size_t j = 0; j < w.targets; j++)
                within[i][j] = w.limit > 0 && w.minutes[i][j] > w.limit ? 0 : w.f[i][j];
        served(&w, within, &supply, &demand);
        for (int k = 0; k <= HSD_CATCHMENT_I2SFCA; k++) {
            const hsd_catchment_options o = {.kind = (hsd_catchment_kind)k,
                                             .decay = w.decay,
                                             .max_cost = w.limit,
                                             .choice_before_cutoff = number % 2};
            double found[MOST], expected[MOST], unserved;
            assert_int_equal(
                hsd_access_catchment(&w.table, &o, w.supply, w.demand, found, &unserved, NULL),
                HSD_OK);
            textbook(&w, o.kind, o.choice_before_cutoff, within, expected);
            const bool crowd = o.kind == HSD_CATCHMENT_I2SFCA;
            for (size_t i = 0; i < (crowd ? w.targets : w.origins); i++)
                near(found[i], expected[i], 0, "a catchment");
            if (crowd) near(sum_products(found, w.supply, w.targets), demand, 1, "sum C S");
            if (o.kind == HSD_CATCHMENT_2SFCA || o.kind == HSD_CATCHMENT_3SFCA)
                near(sum_products(found, w.demand, w.origins), supply, 1, "sum A D");
            near(unserved, sum_products(w.supply, NULL, w.targets) - supply, 1, "unserved");
        }
        hsd_cost_table_finish(&w.table);
    }
}

static void opportunities_are_shared_out_without_rest(void **state) {
    (void)state;
    hsd_random random = {seed + 1};
    for (number = 0; number < cases; number++) {
        world w;
        make(&w, &random, .2);
        const double mass = sum_products(w.supply, NULL, w.targets);
        double supply, demand, out[MOST], single[MOST], areas[MOST], unserved;
        served(&w, w.f, &supply, &demand);
        const double alpha = number % 3;
        assert_int_equal(hsd_access_availability(&w.table, &w.decay, alpha, false, w.supply,
                                                 w.demand, out, &unserved, NULL),
                         HSD_OK);
        near(sum_products(out, NULL, w.origins) + unserved, mass, 1, "availability");
        if (alpha > 0) near(unserved, mass - supply, 1, "unserved");
        assert_int_equal(
            hsd_access_constrained(&w.table, &w.decay, w.supply, w.demand, 0, single, NULL),
            HSD_OK);
        near(sum_products(single, NULL, w.origins), supply, 1, "singly constrained");
        const hsd_catchment_options two = {.kind = HSD_CATCHMENT_2SFCA, .decay = w.decay};
        assert_int_equal(
            hsd_access_catchment(&w.table, &two, w.supply, w.demand, areas, NULL, NULL), HSD_OK);
        for (size_t i = 0; i < w.origins; i++) {
            near(single[i], areas[i] * w.demand[i], 0, "2SFCA times demand");
            if (alpha == 1) near(out[i], single[i], 0, "availability, alpha 1");
        }
        assert_int_equal(hsd_access_constrained(&w.table, &w.decay, w.supply, NULL, 77, out, NULL),
                         HSD_OK);
        if (!isnan(out[0])) near(sum_products(out, NULL, w.origins), 77, 1, "total");
        hsd_cost_table_finish(&w.table);
    }
}

static void flows_have_their_rows_and_columns_and_the_shape_of_the_decay(void **state) {
    (void)state;
    hsd_random random = {seed + 2};
    for (number = 0; number < cases; number++) {
        world w;
        make(&w, &random, 0);
        w.table.skip_self = false;
        assert_int_equal(hsd_decay_parse("exponential:0.05", &w.decay, NULL), HSD_OK);
        double demand = 0, mass = 0, flows[MOST * MOST];
        for (size_t i = 0; i < w.origins; i++) demand += w.demand[i] += 1;
        for (size_t j = 0; j < w.targets; j++) mass += w.supply[j] += 1;
        for (size_t j = 0; j < w.targets; j++) w.supply[j] *= demand / mass;
        hsd_error err = {0};
        if (hsd_access_doubly(&w.table, &w.decay, w.supply, w.demand, 0, flows, &err))
            fail_msg("case %d: %s", number, err.message);
        const size_t n = w.targets;
        double column[MOST] = {0};
        for (size_t i = 0; i < w.origins; i++) {
            const double row = sum_products(flows + i * n, NULL, n);
            if (!(fabs(row - w.demand[i]) <= 1.001e-9 * demand))
                fail_msg("case %d, a row: %.17g, expected %.17g", number, row, w.demand[i]);
            for (size_t j = 0; j < n; j++) column[j] += flows[i * n + j];
        }
        for (size_t j = 0; j < n; j++) near(column[j], w.supply[j], 0, "a column");
        for (size_t i = 1; i < w.origins; i++)
            for (size_t j = 1; j < n; j++)
                near(log(flows[0] * flows[i * n + j] / (flows[i * n] * flows[j])),
                     -.05 * (w.minutes[0][0] + w.minutes[i][j] - w.minutes[i][0] - w.minutes[0][j]),
                     1, "a cross ratio");
        hsd_cost_table_finish(&w.table);
    }
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("%d cases, seed %llu\n", cases, (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catchments_are_their_formulas_and_keep_their_sums),
        cmocka_unit_test(opportunities_are_shared_out_without_rest),
        cmocka_unit_test(flows_have_their_rows_and_columns_and_the_shape_of_the_decay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
