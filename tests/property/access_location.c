/* Location, cumulative and interaction measures on random tables of costs with holes: what must
 * hold whatever the numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access/pairs.h"
#include "base/random.h"

#define SEED 20240917
enum { TABLES = 400, MOST = 24 };

typedef struct world {
    hsd_cost_table table;
    size_t origins, targets;
    double mass[MOST];
    uint32_t same[MOST];
    double minutes[MOST][MOST]; /* INFINITY: no way */
} world;

static uint32_t below(hsd_random *random, uint32_t n) {
    return (uint32_t)(hsd_random_next(random) % n);
}

/* Whole minutes make ties and cut-offs that are met exactly; whole masses make sums exact. */
static void make_world(world *w, hsd_random *random) {
    hsd_cost_pair pairs[MOST * MOST];
    size_t count = 0;
    *w = (world){.origins = 1 + below(random, MOST), .targets = 1 + below(random, MOST)};
    for (size_t i = 0; i < w->origins; i++) {
        w->same[i] = i < w->targets ? (uint32_t)i : HSD_NO_ROW;
        for (size_t j = 0; j < w->targets; j++) {
            const bool way = below(random, 4) > 0;
            w->minutes[i][j] = way ? 1.0 + below(random, 90) : INFINITY;
            pairs[count++] = (hsd_cost_pair){(uint32_t)i, (uint32_t)j, {w->minutes[i][j]}};
        }
    }
    for (size_t k = count; k > 1; k--) { /* in any order */
        const size_t other = below(random, (uint32_t)k);
        const hsd_cost_pair kept = pairs[k - 1];
        pairs[k - 1] = pairs[other];
        pairs[other] = kept;
    }
    for (size_t j = 0; j < w->targets; j++) w->mass[j] = below(random, 5) ? below(random, 1000) : 0;
    assert_int_equal(hsd_cost_table_from_pairs(w->origins, w->targets, pairs, count, 1, w->same,
                                               &w->table, NULL),
                     HSD_OK);
    w->table.skip_self = below(random, 2);
}

static bool is_counted(const world *w, size_t i, size_t j) {
    return w->minutes[i][j] < INFINITY && !(w->table.skip_self && w->same[i] == j);
}

static void assert_close(double a, double b) {
    if (!(fabs(a - b) <= 1e-12 * fabs(b)) && !(isnan(a) && isnan(b)) && a != b)
        fail_msg("%.17g, expected %.17g", a, b);
}

static hsd_decay random_decay(hsd_random *random) {
    static const char *const texts[] = {"exponential:0.05", "power:1.5",     "linear:50",
                                        "logistic:30:8",    "gaussian:20",   "dai:60",
                                        "half_life:15",     "none",          "stepped:20=0.5:40=0",
                                        "taper:40:20",      "steps_to:30=1", "polynomial:1:-0.02"};
    hsd_decay decay;
    const size_t which = below(random, sizeof texts / sizeof *texts);
    assert_int_equal(hsd_decay_parse(texts[which], &decay, NULL), HSD_OK);
    return decay;
}

/* ---- Tables ---- */

static void a_table_holds_each_way_and_nothing_else(void **state) {
    (void)state;
    hsd_random random = {SEED};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        for (size_t i = 0; i < w.origins; i++) {
            hsd_pairs at = hsd_pairs_of(&w.table, i);
            for (size_t j = 0; j < w.targets; j++) {
                if (!is_counted(&w, i, j)) continue;
                assert_true(hsd_pairs_next(&at));
                assert_int_equal(at.target, j);
                assert_true(w.table.costs[0][at.pair] == w.minutes[i][j]);
            }
            assert_false(hsd_pairs_next(&at));
        }
        hsd_cost_table_finish(&w.table);
    }
}

static void a_table_transposed_twice_is_itself(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        hsd_cost_table once = {0}, twice = {0};
        assert_int_equal(hsd_cost_table_transpose(&w.table, &once, NULL), HSD_OK);
        assert_int_equal(hsd_cost_table_transpose(&once, &twice, NULL), HSD_OK);
        for (size_t j = 0; j < w.targets; j++)
            for (size_t p = once.first[j]; p < once.first[j + 1]; p++)
                assert_true(once.costs[0][p] == w.minutes[once.target[p]][j]);
        assert_int_equal(twice.pair_count, w.table.pair_count);
        assert_memory_equal(twice.first, w.table.first, (w.origins + 1) * sizeof *twice.first);
        assert_memory_equal(twice.same, w.table.same, w.origins * sizeof *twice.same);
        for (size_t p = 0; p < twice.pair_count; p++) {
            assert_int_equal(twice.target[p], w.table.target[p]);
            assert_true(twice.costs[0][p] == w.table.costs[0][p]);
        }
        assert_int_equal(twice.skip_self, w.table.skip_self);
        hsd_cost_table_finish(&w.table);
        hsd_cost_table_finish(&once);
        hsd_cost_table_finish(&twice);
    }
}

/* ---- Location ---- */

static void potentials_scale_with_masses_and_means_do_not(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        const double factor = 0.1 + 50 * hsd_random_unit(&random);
        const hsd_decay decay = random_decay(&random);
        double more[MOST], a[MOST], b[MOST], lost_a[MOST], lost_b[MOST];
        for (size_t j = 0; j < w.targets; j++) more[j] = factor * w.mass[j];
        assert_int_equal(hsd_access_gravity(&w.table, w.mass, &decay, 0, a, NULL), HSD_OK);
        assert_int_equal(hsd_access_gravity(&w.table, more, &decay, 0, b, NULL), HSD_OK);
        for (size_t i = 0; i < w.origins; i++) assert_close(b[i], factor * a[i]);
        assert_int_equal(hsd_access_potential(&w.table, w.mass, 1.3, 0, a, NULL), HSD_OK);
        assert_int_equal(hsd_access_potential(&w.table, more, 1.3, 0, b, NULL), HSD_OK);
        for (size_t i = 0; i < w.origins; i++) assert_close(b[i], factor * a[i]);
        const hsd_unreachable_rule rule = (hsd_unreachable_rule)below(&random, 3);
        assert_int_equal(hsd_access_mean_time(&w.table, w.mass, rule, 70, a, lost_a, NULL), HSD_OK);
        assert_int_equal(hsd_access_mean_time(&w.table, more, rule, 70, b, lost_b, NULL), HSD_OK);
        for (size_t i = 0; i < w.origins; i++) {
            assert_close(b[i], a[i]);
            if (!isnan(lost_a[i])) assert_true(fabs(lost_a[i] - lost_b[i]) < 1e-12);
        }
        hsd_cost_table_finish(&w.table);
    }
}

/* Against plain sums over the matrix, in which no way is an explicit infinity. */
static void what_cannot_be_reached_never_counts_as_zero_minutes(void **state) {
    (void)state;
    hsd_random random = {SEED + 3};
    int holes = 0;
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        double drop[MOST], infinite[MOST], cap[MOST], missing[MOST], all[MOST];
        const hsd_decay none = {.kind = HSD_DECAY_NONE};
        hsd_access_mean_time(&w.table, w.mass, HSD_UNREACHED_DROP, 0, drop, missing, NULL);
        hsd_access_mean_time(&w.table, w.mass, HSD_UNREACHED_INFINITE, 0, infinite, NULL, NULL);
        hsd_access_mean_time(&w.table, w.mass, HSD_UNREACHED_CAP, 90, cap, NULL, NULL);
        hsd_access_gravity(&w.table, w.mass, &none, 0, all, NULL);
        for (size_t i = 0; i < w.origins; i++) {
            double sum = 0, reached = 0, lost = 0;
            for (size_t j = 0; j < w.targets; j++) {
                if (w.table.skip_self && w.same[i] == j) continue;
                if (w.minutes[i][j] < INFINITY) {
                    sum += w.minutes[i][j] * w.mass[j];
                    reached += w.mass[j];
                } else {
                    lost += w.mass[j];
                }
            }
            assert_close(all[i], reached);
            assert_close(drop[i], reached > 0 ? sum / reached : NAN);
            assert_close(missing[i], reached + lost > 0 ? lost / (reached + lost) : NAN);
            assert_close(cap[i], reached + lost > 0 ? (sum + 90 * lost) / (reached + lost) : NAN);
            assert_close(infinite[i], lost > 0 ? INFINITY : drop[i]);
            holes += lost > 0 && reached > 0;
        }
        hsd_cost_table_finish(&w.table);
    }
    assert_true(holes > TABLES);
}

/* Points all over the globe, radii from 1 km to beyond its half: as by geodesics alone. */
static void proximity_is_that_of_geodesics(void **state) {
    (void)state;
    hsd_random random = {SEED + 4};
    int within = 0, without = 0;
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        hsd_lonlat points[MOST];
        const double spread = pow(10, -2 + 4.2 * hsd_random_unit(&random));
        const double lat = 170 * hsd_random_unit(&random) - 85;
        for (size_t i = 0; i < MOST; i++)
            points[i] = (hsd_lonlat){
                fmin(179, spread * hsd_random_unit(&random)) * (below(&random, 2) ? 1 : -1),
                fmax(-90, fmin(90, lat + spread * (hsd_random_unit(&random) - 0.5)))};
        const double radius_km = spread * 111 * hsd_random_unit(&random) + 1e-3;
        double out[MOST], near[MOST];
        assert_int_equal(hsd_access_performance(&w.table, w.mass, points, points, 45, radius_km,
                                                out, near, NULL),
                         HSD_OK);
        for (size_t i = 0; i < w.origins; i++) {
            double sum = 0, reached = 0;
            for (size_t j = 0; j < w.targets; j++) {
                if (w.table.skip_self && w.same[i] == j) continue;
                if (w.minutes[i][j] <= 45) reached += w.mass[j];
                const bool is_near = hsd_geodesic_m(points[i].lon, points[i].lat, points[j].lon,
                                                    points[j].lat) <= radius_km * 1000;
                if (is_near) sum += w.mass[j];
                within += is_near;
                without += !is_near;
            }
            assert_true(near[i] == sum);
            assert_close(out[i], sum > 0 ? 100 * reached / sum : NAN);
        }
        hsd_cost_table_finish(&w.table);
    }
    assert_true(within > 10 * TABLES && without > 10 * TABLES);
}

/* ---- Cumulative ---- */

static void farther_cut_offs_hold_more_and_agree_with_gravity_and_intervals(void **state) {
    (void)state;
    hsd_random random = {SEED + 5};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        double before[MOST] = {0}, out[MOST], other[MOST];
        for (int cut = 0; cut <= 95; cut += 1 + (int)below(&random, 20)) {
            const double cutoff = cut;
            assert_int_equal(hsd_access_cumulative(&w.table, w.mass, &cutoff, out, NULL), HSD_OK);
            const hsd_decay binary = {.kind = HSD_DECAY_BINARY, .p = {cutoff}, .count = 1};
            assert_int_equal(hsd_access_gravity(&w.table, w.mass, &binary, 0, other, NULL), HSD_OK);
            assert_memory_equal(out, other, w.origins * sizeof *out);
            for (int s = HSD_SUMMARY_MEDIAN; s <= HSD_SUMMARY_MAX; s++) {
                assert_int_equal(hsd_access_interval(&w.table, w.mass, cutoff, cutoff, 7,
                                                     (hsd_summary)s, s % 2, other, NULL),
                                 HSD_OK);
                assert_memory_equal(out, other, w.origins * sizeof *out);
            }
            for (size_t i = 0; i < w.origins; i++) assert_true(out[i] >= before[i]);
            memcpy(before, out, sizeof before);
        }
        hsd_cost_table_finish(&w.table);
    }
}

static void an_interval_is_a_summary_of_its_cut_offs(void **state) {
    (void)state;
    hsd_random random = {SEED + 6};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        const double low = below(&random, 40), step = (1 + below(&random, 40)) / 8.0;
        const uint32_t count = 1 + below(&random, 30);
        double at[32][MOST], median[MOST], mean[MOST];
        for (uint32_t k = 0; k < count; k++) {
            const double cutoff = low + k * step;
            hsd_access_cumulative(&w.table, w.mass, &cutoff, at[k], NULL);
        }
        const double high = low + (count - 0.5) * step;
        hsd_access_interval(&w.table, w.mass, low, high, step, HSD_SUMMARY_MEDIAN, false, median,
                            NULL);
        hsd_access_interval(&w.table, w.mass, low, high, step, HSD_SUMMARY_MEAN, false, mean, NULL);
        for (size_t i = 0; i < w.origins; i++) {
            double sum = 0;
            for (uint32_t k = 0; k < count; k++) sum += at[k][i];
            assert_close(mean[i], sum / count);
            const uint32_t half = count / 2;
            assert_close(median[i], count % 2 ? at[half][i] : (at[half - 1][i] + at[half][i]) / 2);
        }
        hsd_cost_table_finish(&w.table);
    }
}

/* The cost of n opportunities is where cumulative opportunities first come to n. */
static void closest_and_balancing_are_where_cumulative_comes_to_enough(void **state) {
    (void)state;
    hsd_random random = {SEED + 7};
    int found = 0;
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        const double need = 1 + below(&random, 4000);
        double demand[MOST], closest[MOST], balancing[2][MOST];
        for (size_t i = 0; i < w.origins; i++) demand[i] = need;
        assert_int_equal(hsd_access_closest(&w.table, w.mass, need, closest, NULL), HSD_OK);
        for (int strict = 0; strict < 2; strict++)
            assert_int_equal(
                hsd_access_balancing(&w.table, w.mass, demand, 1, strict, balancing[strict], NULL),
                HSD_OK);
        double first[2][MOST];
        for (size_t i = 0; i < w.origins; i++) first[0][i] = first[1][i] = INFINITY;
        for (int cut = 90; cut >= 0; cut--) {
            const double cutoff = cut;
            double within[MOST];
            hsd_access_cumulative(&w.table, w.mass, &cutoff, within, NULL);
            for (size_t i = 0; i < w.origins; i++) {
                if (within[i] >= need) first[0][i] = cutoff;
                if (within[i] > need) first[1][i] = cutoff;
            }
        }
        for (size_t i = 0; i < w.origins; i++) {
            assert_true(closest[i] == first[0][i]);
            for (int strict = 0; strict < 2; strict++)
                assert_close(balancing[strict][i],
                             first[strict][i] < INFINITY ? first[strict][i] : NAN);
            found += first[1][i] < INFINITY;
        }
        hsd_cost_table_finish(&w.table);
    }
    assert_true(found > TABLES);
}

/* ---- Interaction ---- */

static void shares_of_huff_sum_to_one(void **state) {
    (void)state;
    hsd_random random = {SEED + 8};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        double shares[MOST * MOST];
        const double a = 2 * hsd_random_unit(&random), b = 4 * hsd_random_unit(&random);
        assert_int_equal(hsd_access_huff(&w.table, w.mass, a, b, 0, shares, NULL), HSD_OK);
        for (size_t i = 0; i < w.origins; i++) {
            double sum = 0;
            bool any = false;
            for (size_t j = 0; j < w.targets; j++) any |= is_counted(&w, i, j) && w.mass[j] > 0;
            for (hsd_pairs at = hsd_pairs_of(&w.table, i); hsd_pairs_next(&at);)
                sum += shares[at.pair];
            if (any) assert_close(sum, 1);
        }
        hsd_cost_table_finish(&w.table);
    }
}

static void a_city_that_doubles_loses_no_hinterland(void **state) {
    (void)state;
    hsd_random random = {SEED + 9};
    int kept = 0, won = 0;
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        const uint32_t grown = below(&random, (uint32_t)w.targets);
        const double exponent = 1 + hsd_random_unit(&random);
        uint32_t before[MOST], after[MOST];
        double strength[2][MOST];
        assert_int_equal(hsd_access_field(&w.table, w.mass, exponent, 0, strength[0], before, NULL),
                         HSD_OK);
        w.mass[grown] *= 2;
        assert_int_equal(hsd_access_field(&w.table, w.mass, exponent, 0, strength[1], after, NULL),
                         HSD_OK);
        for (size_t i = 0; i < w.origins; i++) {
            if (before[i] == grown) assert_int_equal(after[i], grown);
            if (after[i] != grown) assert_int_equal(after[i], before[i]);
            if (before[i] != HSD_NO_ROW) assert_true(strength[1][i] >= strength[0][i]);
            kept += before[i] == grown;
            won += before[i] != grown && after[i] == grown;
        }
        hsd_cost_table_finish(&w.table);
    }
    assert_true(kept > 50 && won > 50);
}

static void linkage_is_the_same_from_either_side(void **state) {
    (void)state;
    hsd_random random = {SEED + 10};
    for (int n = 0; n < TABLES; n++) {
        world w;
        make_world(&w, &random);
        hsd_cost_table back = {0};
        double from[MOST], forth[MOST], there[MOST], sum = 0, again = 0;
        for (size_t i = 0; i < w.origins; i++) from[i] = below(&random, 100);
        assert_int_equal(hsd_cost_table_transpose(&w.table, &back, NULL), HSD_OK);
        hsd_access_linkage(&w.table, from, w.mass, 1, 1.7, NULL, forth, NULL);
        hsd_access_linkage(&back, w.mass, from, 1, 1.7, NULL, there, NULL);
        for (size_t i = 0; i < w.origins; i++) sum += forth[i];
        for (size_t j = 0; j < w.targets; j++) again += there[j];
        assert_close(again, sum);
        hsd_cost_table_finish(&w.table);
        hsd_cost_table_finish(&back);
    }
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_holds_each_way_and_nothing_else),
        cmocka_unit_test(a_table_transposed_twice_is_itself),
        cmocka_unit_test(potentials_scale_with_masses_and_means_do_not),
        cmocka_unit_test(what_cannot_be_reached_never_counts_as_zero_minutes),
        cmocka_unit_test(proximity_is_that_of_geodesics),
        cmocka_unit_test(farther_cut_offs_hold_more_and_agree_with_gravity_and_intervals),
        cmocka_unit_test(an_interval_is_a_summary_of_its_cut_offs),
        cmocka_unit_test(closest_and_balancing_are_where_cumulative_comes_to_enough),
        cmocka_unit_test(shares_of_huff_sum_to_one),
        cmocka_unit_test(a_city_that_doubles_loses_no_hinterland),
        cmocka_unit_test(linkage_is_the_same_from_either_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
