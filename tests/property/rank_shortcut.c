/* Rankings over random networks with restrictions, one-way streets and random links: every time
 * by Bellman-Ford over the states of a traveller and every measure from its formula, by loops over
 * pairs of zones; then the shortcut against a search an origin and set and against rows handed in
 * by another engine, and one thread against eight. rank_shortcut CASES [SEED] runs longer. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "random_network.h"
#include "random_overlay.h"
#include "scenario/resolve.h"

enum { ZONES = 9, CUTOFFS = 2, PAIRS = ZONES * ZONES, SLOWINGS = 12 };

static int cases = 150;
static uint64_t seed = 20260923;
static uint64_t moved, rows_checked, searched_rows;

typedef struct world {
    random_network *streets;
    hsd_locator *locator;
    random_overlay overlay;
    hsd_proposal_table table;
    hsd_effects effects;
    hsd_slowing slowings[SLOWINGS];
    hsd_proposal proposals[OVERLAY_LINKS];
    hsd_link_row links[OVERLAY_LINKS];
    hsd_place places[ZONES];
    hsd_lonlat at[ZONES];
    size_t ring;
    hsd_place_table zones;
    hsd_foot feet[ZONES];
    bool joined[ZONES];
    double people[ZONES], gdp[ZONES], income[ZONES];
    uint32_t cutoffs[CUTOFFS];
    hsd_flow flows[12];
    hsd_rank_options options;
} world;

/* Links that share a pole are one proposal. */
static void part_links(world *w) {
    uint32_t of[OVERLAY_LINKS], number[OVERLAY_LINKS], count = 0;
    hsd_resolved *r = &w->overlay.resolved;
    for (uint32_t l = 0; l < w->overlay.link_count; l++) of[l] = l;
    for (size_t i = 0; i < r->added_count; i++)
        for (size_t k = 0; k < i; k++) {
            hsd_added *a = &w->overlay.added[i], *b = &w->overlay.added[k];
            if (a->from_pole != b->from_pole && a->from_pole != b->to_pole &&
                a->to_pole != b->from_pole && a->to_pole != b->to_pole)
                continue;
            uint32_t from = of[a->link], to = of[b->link];
            for (uint32_t l = 0; l < w->overlay.link_count; l++)
                if (of[l] == from) of[l] = to;
        }
    for (uint32_t l = 0; l < w->overlay.link_count; l++) {
        number[l] = UINT32_MAX;
        for (uint32_t k = 0; k < l; k++)
            if (of[k] == of[l]) number[l] = number[k];
        if (number[l] == UINT32_MAX) number[l] = count++;
        w->links[l] = (hsd_link_row){.proposal = number[l]};
    }
    for (size_t i = 0; i < r->added_count; i++) {
        hsd_added *a = &w->overlay.added[i];
        a->proposal = number[a->link];
        w->overlay.poles[a->from_pole].proposal = w->overlay.poles[a->to_pole].proposal =
            a->proposal;
    }
    static char name[] = "some";
    for (uint32_t p = 0; p < count; p++) w->proposals[p] = (hsd_proposal){.name = name};
    w->table = (hsd_proposal_table){.proposals = w->proposals,
                                    .proposal_count = count,
                                    .links = w->links,
                                    .link_count = w->overlay.link_count};
    r->table = &w->table;
    r->storage = &w->effects;
}

/* Now and then a proposal makes streets slower or faster: its sets are searched. */
static void change_speeds(world *w, hsd_random *random) {
    if (overlay_below(random, 3)) return;
    uint32_t proposal = overlay_below(random, (uint32_t)w->table.proposal_count);
    for (size_t i = 0; i < SLOWINGS; i++)
        w->slowings[i] =
            (hsd_slowing){proposal, overlay_below(random, 2 * w->streets->network->edge_count),
                          0.3 + 2 * hsd_random_unit(random)};
    w->effects.slowings.data = w->slowings;
    w->effects.slowings.count = SLOWINGS;
}

static void make_zones(world *w, hsd_random *random) {
    static char id[] = "z";
    const hsd_network *n = w->streets->network;
    w->ring = 1;
    hsd_feet feet = {0};
    for (size_t z = 0; z < ZONES; z++) {
        hsd_point_e7 p = n->points[overlay_below(random, n->point_count)];
        w->at[z] = (hsd_lonlat){p.lon_e7 / 1e7 + (hsd_random_unit(random) - 0.5) * 1e-3,
                                p.lat_e7 / 1e7 + (hsd_random_unit(random) - 0.5) * 1e-3};
        if (z == 4) w->at[z] = (hsd_lonlat){p.lon_e7 / 1e7 + 1, p.lat_e7 / 1e7}; /* joins nothing */
        w->places[z] = (hsd_place){
            .id = id, .geometry = {HSD_GEOMETRY_POINT, 1, 1, 0, &w->at[z], &w->ring, NULL}};
        assert_int_equal(hsd_locate(w->locator, w->at[z].lon, w->at[z].lat, &feet, NULL), HSD_OK);
        w->joined[z] = feet.reason == HSD_SNAP_OK;
        if (w->joined[z]) w->feet[z] = feet.feet[0];
        w->people[z] = overlay_below(random, 4) ? 1.0 + overlay_below(random, 1000) : 0;
        w->gdp[z] = (double)overlay_below(random, 50);
        w->income[z] = z == 2 ? NAN : (double)overlay_below(random, 9);
    }
    hsd_feet_finish(&feet);
    w->people[overlay_below(random, ZONES)] = 77;
    w->zones = (hsd_place_table){.places = w->places, .place_count = ZONES};
    for (size_t f = 0; f < 12; f++)
        w->flows[f] = (hsd_flow){overlay_below(random, ZONES), overlay_below(random, ZONES),
                                 overlay_below(random, 100)};
}

static void world_make(world *w, hsd_random *random) {
    memset(w, 0, sizeof *w);
    w->streets = random_network_create(random);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(w->streets->network, 0, &options, &w->locator, NULL),
                     HSD_OK);
    random_overlay_make(&w->overlay, w->streets->network, random);
    for (size_t i = 0; i < w->overlay.resolved.added_count; i++) w->overlay.added[i].access = false;
    part_links(w);
    change_speeds(w, random);
    make_zones(w, random);
    w->cutoffs[0] = 1 + overlay_below(random, 600000);
    w->cutoffs[1] = w->cutoffs[0] + 1 + overlay_below(random, 600000);
    w->options = (hsd_rank_options){.cutoffs_ms = w->cutoffs,
                                    .cutoff_count = CUTOFFS,
                                    .horizon_ms = 1 + overlay_below(random, 1200000),
                                    .sets = HSD_RANK_ALONE | HSD_RANK_TOGETHER | HSD_RANK_WITHOUT |
                                            HSD_RANK_PAIRS | HSD_RANK_SHAPLEY,
                                    .population = w->people,
                                    .gdp = w->gdp,
                                    .income = w->income,
                                    .flows = w->flows,
                                    .flow_count = 12};
}

static void world_finish(world *w) {
    hsd_locator_destroy(w->locator);
    random_network_destroy(w->streets);
}

/* ---- The formulas ---- */

/* t[i * ZONES + j] with the proposals of bits; beyond every cut-off and H: never. */
static void times_of(const world *w, uint32_t bits, uint32_t *t) {
    uint8_t links[OVERLAY_LINKS] = {0};
    for (uint32_t l = 0; l < w->overlay.link_count; l++)
        links[l] = bits >> w->links[l].proposal & 1;
    hsd_foot feet[ZONES];
    size_t count = 0, of[ZONES];
    for (size_t z = 0; z < ZONES; z++)
        if (w->joined[z]) {
            of[count] = z;
            feet[count++] = w->feet[z];
        }
    for (size_t i = 0; i < PAIRS; i++) t[i] = HSD_UNREACHABLE;
    uint8_t active[OVERLAY_LINKS];
    for (uint32_t p = 0; p < OVERLAY_LINKS; p++) active[p] = bits >> p & 1;
    hsd_network *view;
    assert_int_equal(hsd_scenario_network(&w->overlay.resolved, active, &view, NULL), HSD_OK);
    states *s = states_create(view ? view : w->streets->network, &w->overlay, links, feet, count);
    for (size_t i = 0; i < count; i++) {
        const uint64_t cost = feet[i].leg_ms;
        states_search(s, &i, &cost, 1);
        for (size_t j = 0; j < count; j++)
            t[of[i] * ZONES + of[j]] = i == j ? 0 : states_time(s, j, HSD_UNREACHABLE - 1);
    }
    states_destroy(s);
    hsd_network_destroy(view);
}

typedef struct figures {
    double access[CUTOFFS], gdp[CUTOFFS], gini[CUTOFFS], palma[CUTOFFS], saving, trips;
} figures;

static double capped(uint32_t ms, const world *w) {
    return fmin(ms, w->options.horizon_ms) / 60000.0;
}

/* Half the mean difference between two people over the mean: the same as by trapezoids. */
static double gini_of(const world *w, const double *x) {
    double sum = 0, people = 0, held = 0;
    for (size_t i = 0; i < ZONES; i++) {
        people += w->people[i];
        held += w->people[i] * x[i];
        for (size_t j = 0; j < ZONES; j++) sum += w->people[i] * w->people[j] * fabs(x[i] - x[j]);
    }
    return held > 0 ? sum / (2 * people * held) : NAN;
}

/* Everybody in a row by income; quantiles of whole people, as R's quantile type 7. */
static double palma_of(const world *w, const double *x) {
    static double row[ZONES * 1100];
    size_t count = 0;
    for (double income = 0; income < 9; income++)
        for (size_t z = 0; z < ZONES; z++)
            for (int k = 0; w->income[z] == income && k < (int)w->people[z]; k++)
                row[count++] = income;
    if (count == 0) return NAN;
    double cuts[2];
    for (int q = 0; q < 2; q++) {
        double h = (double)(count - 1) * (q ? 0.9 : 0.4);
        size_t low = (size_t)h, high = low + 1 < count ? low + 1 : low;
        cuts[q] = row[low] + (h - (double)low) * (row[high] - row[low]);
    }
    double poor = 0, poor_x = 0, rich = 0, rich_x = 0;
    for (size_t z = 0; z < ZONES; z++) {
        if (w->income[z] <= cuts[0] + 1e-12) {
            poor += w->people[z];
            poor_x += w->people[z] * x[z];
        } else if (w->income[z] > cuts[1] + 1e-12) {
            rich += w->people[z];
            rich_x += w->people[z] * x[z];
        }
    }
    return rich_x / rich / (poor_x / poor);
}

static figures figures_of(const world *w, const uint32_t *t0, const uint32_t *t1) {
    figures f = {0};
    double people = 0, partner = 0;
    for (size_t i = 0; i < ZONES; i++) people += w->people[i];
    for (size_t c = 0; c < CUTOFFS; c++) {
        double x[ZONES] = {0};
        for (size_t i = 0; i < ZONES; i++)
            for (size_t j = 0; j < ZONES; j++) {
                int in =
                    (t1[i * ZONES + j] <= w->cutoffs[c]) - (t0[i * ZONES + j] <= w->cutoffs[c]);
                f.access[c] += w->people[i] * w->people[j] * in / people;
                f.gdp[c] += w->people[i] * w->gdp[j] * in / people;
                if (t1[i * ZONES + j] <= w->cutoffs[c]) x[i] += w->people[j];
            }
        f.gini[c] = gini_of(w, x);
        f.palma[c] = palma_of(w, x);
    }
    for (size_t i = 0; i < ZONES; i++)
        for (size_t j = 0; j < ZONES; j++) {
            if (i == j) continue;
            double both = w->people[i] * w->people[j];
            partner += both;
            f.saving += both * (capped(t0[i * ZONES + j], w) - capped(t1[i * ZONES + j], w));
        }
    f.saving /= partner;
    for (size_t k = 0; k < 12; k++) {
        size_t pair = w->flows[k].from * ZONES + w->flows[k].to;
        if (w->flows[k].from != w->flows[k].to)
            f.trips += w->flows[k].trips * (capped(t0[pair], w) - capped(t1[pair], w));
    }
    return f;
}

/* ---- Comparing ---- */

static void near(double found, double expected, const char *what, uint64_t at) {
    rows_checked++;
    if (!isfinite(found) && !isfinite(expected)) return;
    if (!(fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("case %llu, %s: %.17g, expected %.17g", (unsigned long long)at, what, found,
                 expected);
}

static void row_agrees(const hsd_rank_row *row, const figures *before, const figures *after,
                       uint64_t at) {
    for (size_t c = 0; c < CUTOFFS; c++) {
        near(row->access_gain[c], after->access[c], "access_gain", at);
        near(row->gdp_gain[c], after->gdp[c], "gdp_gain", at);
        near(row->gini[c], after->gini[c], "gini", at);
        near(row->gini_change[c], after->gini[c] - before->gini[c], "gini_change", at);
        near(row->palma[c], after->palma[c], "palma", at);
        near(row->palma_change[c], after->palma[c] - before->palma[c], "palma_change", at);
    }
    near(row->mean_saving_min, after->saving, "mean_saving_min", at);
    near(row->person_minutes, after->trips, "person_minutes", at);
}

static uint32_t bits_of(const hsd_rank_row *row, uint32_t n) {
    const uint32_t all = (1u << n) - 1;
    switch (row->set) {
    case HSD_RANK_ALONE:
        return 1u << row->first;
    case HSD_RANK_TOGETHER:
        return all;
    case HSD_RANK_WITHOUT:
        return all & ~(1u << row->first);
    default:
        return 1u << row->first | 1u << row->second;
    }
}

/* What proposal p adds, summed over all orders in which the proposals may come. */
static double added_in_orders(const figures *of_set, uint32_t n, uint32_t p, size_t cutoff,
                              uint32_t there, double *orders) {
    if (there == (1u << n) - 1) {
        ++*orders;
        return 0;
    }
    double sum = 0;
    for (uint32_t next = 0; next < n; next++) {
        if (there >> next & 1) continue;
        double before = *orders;
        sum += added_in_orders(of_set, n, p, cutoff, there | 1u << next, orders);
        if (next == p)
            sum += (*orders - before) *
                   (of_set[there | 1u << p].access[cutoff] - of_set[there].access[cutoff]);
    }
    return sum;
}

static void zones_agree(const world *w, const hsd_ranking *ranking, const uint32_t *t0, uint32_t p,
                        const uint32_t *t1, uint64_t at) {
    for (uint32_t z = 0; z < ZONES; z++) {
        const hsd_rank_zone *row = NULL;
        for (size_t k = 0; k < ranking->zone_count; k++)
            if (ranking->zones[k].proposal == p && ranking->zones[k].zone == z)
                row = &ranking->zones[k];
        double before[CUTOFFS] = {0}, after[CUTOFFS] = {0}, saved = 0, weight = 0;
        for (size_t j = 0; j < ZONES; j++) {
            uint32_t a = t0[z * ZONES + j], b = t1[z * ZONES + j];
            for (size_t c = 0; c < CUTOFFS; c++) {
                if (a <= w->cutoffs[c]) before[c] += w->people[j];
                if (b <= w->cutoffs[c]) after[c] += w->people[j];
            }
            if (j == z) continue;
            saved += w->people[j] * (capped(a, w) - capped(b, w));
            if (a <= w->options.horizon_ms || b <= w->options.horizon_ms) weight += w->people[j];
        }
        if (!row) { /* nothing changes, or nobody lives there and nobody leaves from it */
            bool asked = w->people[z] > 0;
            for (size_t k = 0; k < 12; k++) asked = asked || w->flows[k].from == z;
            for (size_t c = 0; asked && c < CUTOFFS; c++) near(after[c], before[c], "zone", at);
            continue;
        }
        for (size_t c = 0; c < CUTOFFS; c++) {
            near(row->people_before[c], before[c], "people_before", at);
            near(row->people_after[c], after[c], "people_after", at);
        }
        near(row->mean_saving_min, weight > 0 ? saved / weight : NAN, "zone saving", at);
    }
}

static void ranking_of(const world *w, hsd_rank_engine engine, int threads, hsd_ranking *out) {
    hsd_rank_options options = w->options;
    options.engine = engine;
    const hsd_run run = {.threads = threads};
    hsd_error err;
    if (hsd_rank_make(w->locator, &w->overlay.resolved, &w->zones, &options, &run, out, &err))
        fail_msg("%s", err.message);
}

/* ---- Another engine: rows of the times found by Bellman-Ford, now and then said to be the same.
 */

typedef struct matrices {
    const world *w;
    const uint32_t (*t)[PAIRS];
    bool to;
    uint32_t bits;
    uint64_t same;
} matrices;

static hsd_status put_in_force(void *context, const uint8_t *active, uint32_t limit_ms,
                               hsd_error *err) {
    matrices *m = context;
    (void)limit_ms, (void)err;
    m->bits = 0;
    for (uint32_t p = 0; active && p < m->w->table.proposal_count; p++)
        m->bits |= (uint32_t)active[p] << p;
    return HSD_OK;
}

static hsd_status matrix_row(void *context, size_t zone, void *kept, int worker, uint32_t *ms,
                             bool *same, hsd_error *err) {
    matrices *m = context;
    (void)worker, (void)err;
    *same = m->bits != 0;
    for (size_t j = 0; j < ZONES; j++) {
        const size_t pair = m->to ? j * ZONES + zone : zone * ZONES + j;
        *same = *same && m->t[m->bits][pair] == m->t[0][pair];
    }
    if (m->bits == 0) *(uint64_t *)kept = zone;
    assert_int_equal(*(uint64_t *)kept, zone);
    if (*same) __atomic_add_fetch(&m->same, 1, __ATOMIC_RELAXED);
    for (size_t j = 0; !*same && j < ZONES; j++)
        ms[j] = m->t[m->bits][m->to ? j * ZONES + zone : zone * ZONES + j];
    return HSD_OK;
}

static void ranking_from(const world *w, const uint32_t (*t)[PAIRS], bool to, int threads,
                         hsd_ranking *out) {
    matrices m = {.w = w, .t = t, .to = to};
    const hsd_rank_source source = {.context = &m,
                                    .proposal_count = w->table.proposal_count,
                                    .to = to,
                                    .kept_bytes = sizeof(uint64_t),
                                    .begin = put_in_force,
                                    .row = matrix_row};
    const hsd_run run = {.threads = threads};
    hsd_error err;
    if (hsd_rank_make_from(&source, &w->zones, &w->options, &run, out, &err))
        fail_msg("%s", err.message);
    uint64_t skipped = 0;
    for (size_t r = 0; r < out->row_count; r++)
        if (out->rows[r].set == HSD_RANK_ALONE) skipped += out->rows[r].origins_skipped;
    assert_in_range(skipped, 0, m.same);
}

/* Gains, savings and trips are sums over pairs, whichever end a row has. */
static void turned_rows_agree(const hsd_ranking *turned, const hsd_ranking *ranking, uint64_t at) {
    assert_int_equal(turned->row_count, ranking->row_count);
    for (size_t r = 0; r < turned->row_count; r++) {
        const hsd_rank_row *x = &turned->rows[r], *y = &ranking->rows[r];
        for (size_t c = 0; c < CUTOFFS; c++)
            near(x->access_gain[c], y->access_gain[c], "gain to zones", at);
        near(x->mean_saving_min, y->mean_saving_min, "saving to zones", at);
        near(x->person_minutes, y->person_minutes, "trips to zones", at);
    }
}

static void same_rows(const hsd_ranking *a, const hsd_ranking *b, uint64_t at) {
    assert_int_equal(a->row_count, b->row_count);
    for (size_t r = 0; r < a->row_count; r++) {
        const hsd_rank_row *x = &a->rows[r], *y = &b->rows[r];
        /* the measures of a row lie one after the other: access to palma, saving, trips, changes */
        if (memcmp(x->access_gain, y->access_gain, (6 * CUTOFFS + 2) * sizeof(double)) ||
            x->pairs_changed != y->pairs_changed)
            fail_msg("case %llu: row %zu differs", (unsigned long long)at, r);
    }
    assert_int_equal(a->zone_count, b->zone_count);
    for (size_t z = 0; z < a->zone_count; z++)
        assert_memory_equal(a->zones[z].people_before, b->zones[z].people_before,
                            2 * CUTOFFS * sizeof(double));
}

static void a_ranking_follows_the_formulas(void **state) {
    (void)state;
    for (int k = 0; k < cases; k++) {
        uint64_t at = seed + (uint64_t)k;
        hsd_random random = {at};
        static world w;
        world_make(&w, &random);
        uint32_t n = (uint32_t)w.table.proposal_count;
        static uint32_t t[1 << OVERLAY_LINKS][PAIRS];
        static figures of_set[1 << OVERLAY_LINKS];
        for (uint32_t b = 0; b < 1u << n; b++) times_of(&w, b, t[b]);
        for (uint32_t b = 0; b < 1u << n; b++) of_set[b] = figures_of(&w, t[0], t[b]);
        hsd_ranking ranking, searched, threaded, given, turned;
        ranking_of(&w, HSD_RANK_AUTO, 1, &ranking);
        for (size_t r = 0; r < ranking.row_count; r++) {
            const hsd_rank_row *row = &ranking.rows[r];
            uint32_t bits = row->set == HSD_RANK_SHAPLEY ? UINT32_MAX : bits_of(row, n);
            const hsd_effects *e = &w.effects;
            assert_int_equal(row->searched,
                             e->slowings.count && bits >> w.slowings[0].proposal & 1);
            searched_rows += row->searched;
            if (row->set == HSD_RANK_SHAPLEY) {
                for (size_t c = 0; c < CUTOFFS; c++) {
                    double orders = 0;
                    double sum = added_in_orders(of_set, n, row->first, c, 0, &orders);
                    near(row->access_gain[c], sum / orders, "shapley", at);
                }
                continue;
            }
            row_agrees(row, &of_set[0], &of_set[bits], at);
            for (size_t i = 0; i < PAIRS; i++) moved += t[bits][i] != t[0][i];
            for (size_t c = 0; row->set == HSD_RANK_PAIRS && c < CUTOFFS; c++)
                near(row->synergy[c],
                     of_set[bits].access[c] - of_set[1u << row->first].access[c] -
                         of_set[1u << row->second].access[c],
                     "synergy", at);
        }
        for (uint32_t p = 0; p < n; p++) zones_agree(&w, &ranking, t[0], p, t[1u << p], at);
        ranking_of(&w, HSD_RANK_SEARCH, 2, &searched);
        ranking_of(&w, HSD_RANK_AUTO, 8, &threaded);
        same_rows(&ranking, &searched, at);
        same_rows(&ranking, &threaded, at);
        ranking_from(&w, (const uint32_t(*)[PAIRS])t, false, 1 + k % 3, &given);
        ranking_from(&w, (const uint32_t(*)[PAIRS])t, true, 1, &turned);
        same_rows(&ranking, &given, at);
        turned_rows_agree(&turned, &ranking, at);
        hsd_ranking_finish(&given);
        hsd_ranking_finish(&turned);
        assert_true(w.effects.slowings.count || ranking.scenario_searches == 0);
        assert_int_equal(ranking.pole_searches, w.overlay.resolved.pole_count);
        assert_in_range(ranking.baseline_searches, 0, ZONES);
        hsd_ranking_finish(&ranking);
        hsd_ranking_finish(&searched);
        hsd_ranking_finish(&threaded);
        world_finish(&w);
    }
    printf("%llu figures checked, %llu times of pairs changed\n", (unsigned long long)rows_checked,
           (unsigned long long)moved);
    assert_true(moved > (uint64_t)cases * 10 && searched_rows > (uint64_t)cases / 2);
}

static void a_failed_allocation_is_said_and_nothing_leaks(void **state) {
    (void)state;
    hsd_random random = {seed};
    static world w;
    world_make(&w, &random);
    const hsd_run run = {.threads = 1};
    for (int engine = HSD_RANK_AUTO; engine <= HSD_RANK_SEARCH; engine += 2) {
        w.options.engine = (hsd_rank_engine)engine;
        w.options.sets = engine == HSD_RANK_SEARCH ? HSD_RANK_ALONE : 31;
        for (uint64_t n = 1;; n += 1 + n / 40) {
            hsd_ranking ranking;
            hsd_memory_fail_at(n);
            hsd_status status = hsd_rank_make(w.locator, &w.overlay.resolved, &w.zones, &w.options,
                                              &run, &ranking, NULL);
            hsd_memory_fail_at(0);
            if (status == HSD_OK) {
                hsd_ranking_finish(&ranking);
                break;
            }
            assert_int_equal(status, HSD_E_MEMORY);
        }
    }
    world_finish(&w);
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ranking_follows_the_formulas),
        cmocka_unit_test(a_failed_allocation_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
