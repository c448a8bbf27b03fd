/* Hourshed: indicators of accessibility and of its inequality, from a table of costs between zones.
 * Every formula stands in docs/methods.md, 14 to 16, under the name it has here, with its source;
 * docs/measures.md lists measure, function, case and reference. Nothing here searches. */
#ifndef HOURSHED_ACCESS_H
#define HOURSHED_ACCESS_H

#include "hourshed/times.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Cost tables -------------------------------------------------------------------------------
 */

enum { HSD_MAX_COSTS = 4 };

/* What it costs to get from origins to targets: pairs by origin, then target, then first cost. A
 * pair that is not there cannot be travelled: it is never zero minutes. The first cost is minutes
 * unless its maker says otherwise; further ones (money) are as they were given. A pair may stand
 * several times where there are several costs (a fast dear way, a slow cheap one), else once; all
 * measures but cumulative take a target by its least first cost, and give 0 for pairs they pass
 * over. Plain data; a view is a shallow copy with another skip_self. */
typedef struct hsd_cost_table {
    size_t origin_count, target_count, pair_count, cost_count;
    size_t *first;                /* origin_count + 1: pairs of an origin */
    uint32_t *target;             /* of a pair */
    double *costs[HSD_MAX_COSTS]; /* of a pair: finite, >= 0 */
    uint32_t *same; /* of an origin: the target that is the same zone; HSD_NO_ROW: none
                     * is; NULL: of all of them */
    bool skip_self; /* measures pass over pairs of a zone with itself */
    const char *const *origin_ids, *const *target_ids; /* borrowed, for messages; may be NULL */
} hsd_cost_table;

typedef struct hsd_cost_pair {
    uint32_t origin, target;
    double costs[HSD_MAX_COSTS];
} hsd_cost_pair;

/* From pairs in any order (sorted in place). A cost that is negative or NAN is HSD_E_FORMAT with
 * the ids of its pair, and so is a pair that stands twice with one cost; an infinite first cost is
 * no way: the pair is left out. same: see hsd_cost_table; copied. *out comes zeroed, or with the
 * ids that messages are to name. */
HSD_API hsd_status hsd_cost_table_from_pairs(size_t origin_count, size_t target_count,
                                             hsd_cost_pair *pairs, size_t pair_count,
                                             size_t cost_count, const uint32_t *same,
                                             hsd_cost_table *out, hsd_error *err);
/* From rows of milliseconds, origin_count x target_count; HSD_UNREACHABLE: no way. *out as above. */
HSD_API hsd_status hsd_cost_table_from_ms(size_t origin_count, size_t target_count,
                                          const uint32_t *ms, const uint32_t *same,
                                          hsd_cost_table *out, hsd_error *err);
/* Origins and targets exchanged, for passive access: who can get here. */
HSD_API hsd_status hsd_cost_table_transpose(const hsd_cost_table *table, hsd_cost_table *out,
                                            hsd_error *err);
/* The cost of a zone to itself, as a table has it, or one of these instead (pairs of a zone with
 * itself are added where there are none). docs/methods.md, 14. */
typedef enum hsd_self_time {
    HSD_SELF_AS_IS,
    HSD_SELF_NONE,  /* the pairs are taken out */
    HSD_SELF_FIXED, /* value: minutes */
    HSD_SELF_RADIUS /* value: km/h; half the radius of the circle of the zone's area, 0.5
                     * sqrt(A/pi)/v
                     */
} hsd_self_time;
/* area_km2: of origins, for RADIUS. Only the first cost changes; others of a new pair are 0. */
HSD_API hsd_status hsd_cost_table_with_self(const hsd_cost_table *table, hsd_self_time rule,
                                            double value, const double *area_km2,
                                            hsd_cost_table *out, hsd_error *err);
HSD_API void hsd_cost_table_finish(hsd_cost_table *table); /* not of views */

/* ---- Decay -------------------------------------------------------------------------------------
 */

typedef enum hsd_decay_kind {
    HSD_DECAY_NONE,        /* 1 wherever there is a way */
    HSD_DECAY_BINARY,      /* binary:C              t <= C */
    HSD_DECAY_EXPONENTIAL, /* exponential:B         exp(-B t) */
    HSD_DECAY_POWER,       /* power:B               min(1, t^-B) */
    HSD_DECAY_LINEAR,      /* linear:C              max(0, 1 - t/C) */
    HSD_DECAY_LOGISTIC,    /* logistic:C:SD         g(0)/g(t), Bauer & Groneberg 2016 */
    HSD_DECAY_STEPPED,     /* stepped:S1=W1:S2=W2...   jumps at the step: f(S1) = W1 (ipea) */
    HSD_DECAY_STEPS_TO, /* steps_to:K1=W1:K2=W2...  first K with t <= K, else 0 (PySAL step_fn) */
    HSD_DECAY_GAUSSIAN, /* gaussian:SIGMA        exp(-t^2 / (2 SIGMA^2)) (PySAL) */
    HSD_DECAY_DAI,      /* dai:C                 Dai 2010; 0 at C and beyond */
    HSD_DECAY_SCALED,   /* scaled:SCALE:ALPHA:MIN   (max(t, MIN)/SCALE)^ALPHA, the sign ALPHA's
                         * own (PySAL gravity) */
    HSD_DECAY_GAUSSIAN_TO, /* gaussian_to:DMAX:F    exp(-t^2 / b), F left at DMAX (R fca; F 0.01) */
    HSD_DECAY_EXPONENTIAL_TO, /* exponential_to:DMAX:F exp(-b t), F left at DMAX (R fca) */
    HSD_DECAY_POWER_TO,       /* power_to:DMAX:F       t^(ln F / ln DMAX) (R fca) */
    HSD_DECAY_HALF_LIFE,      /* half_life:C           2^(-t/C) (R5) */
    HSD_DECAY_LOGISTIC_R5,    /* logistic_r5:C:SD      1 / (1 + exp((t - C) pi / (SD sqrt 3))) */
    HSD_DECAY_TAPER,      /* taper:C:WIDTH         from 1 to 0, straight, WIDTH wide about C (R5) */
    HSD_DECAY_EXP_POWER,  /* exp_power:B:A         exp(B t^A), clipped to 0..1 (tracc; B < 0) */
    HSD_DECAY_POWER_FULL, /* power_full:P:Q:R:B:S  P (Q t + R)^B + S, clipped to 0..1 (tracc) */
    HSD_DECAY_POLYNOMIAL, /* polynomial:A0:A1:...  clipped to 0..1 (tracc) */
    HSD_DECAY_VALUE       /* value                 t itself: a table of weights, not of times */
} hsd_decay_kind;
enum { HSD_DECAY_STEPS = 16 };
typedef struct hsd_decay {
    hsd_decay_kind kind;
    double p[HSD_DECAY_STEPS]; /* parameters in order; of steps: where they are */
    double weights[HSD_DECAY_STEPS];
    size_t count;
} hsd_decay;
/* "exponential:0.1"; HSD_E_ARGUMENT says what was expected: rules of methods.md, 14. */
HSD_API hsd_status hsd_decay_parse(const char *text, hsd_decay *out, hsd_error *err);
/* Back to text, for records; the number of bytes as snprintf. */
HSD_API int hsd_decay_text(const hsd_decay *decay, char *buffer, size_t size);
HSD_API double hsd_decay_value(const hsd_decay *decay, double cost); /* never NAN for cost >= 0 */

/* ---- Location: times and potentials -----------------------------------------------------------
 * out[origin_count] everywhere; mass[target_count]. NAN: not defined there (nothing to be reached,
 * no mass). */

typedef enum hsd_unreachable_rule {
    HSD_UNREACHED_DROP,     /* means over what can be reached; see missing */
    HSD_UNREACHED_INFINITE, /* one that cannot be reached makes the mean infinite */
    HSD_UNREACHED_CAP       /* counts as this many minutes; so do longer ones */
} hsd_unreachable_rule;
/* Sum t M / sum M (Gutierrez and others 1996). mass NULL: every target counts once. missing (may be
 * NULL): share of the mass, that of the zone itself aside where it is skipped, without a way. */
HSD_API hsd_status hsd_access_mean_time(const hsd_cost_table *table, const double *mass,
                                        hsd_unreachable_rule rule, double cap_min, double *out,
                                        double *missing, hsd_error *err);
/* Values over their plain mean; those that are not finite are left out of it and stay so. */
HSD_API void hsd_access_coefficient(const double *values, size_t count, double *out);
/* Sum M f(max(t, floor)): potential (power, exponential), gravity (any decay), Hansen 1959. t = 0
 * with a power above 0 and no floor is infinite for HSD_DECAY_SCALED alone, an error there. */
HSD_API hsd_status hsd_access_gravity(const hsd_cost_table *table, const double *mass,
                                      const hsd_decay *decay, double floor_min, double *out,
                                      hsd_error *err);
/* Sum M / t^a with the plain power (no cap at 1); t below floor counts as floor; t = 0 is an
 * HSD_E_ARGUMENT that names the pair. */
HSD_API hsd_status hsd_access_potential(const hsd_cost_table *table, const double *mass,
                                        double exponent, double floor_min, double *out,
                                        hsd_error *err);
/* Sum (t / t*) M / sum M, t* straight lines at ideal_kmh (Gutierrez, Monzon and Pinero 1998); self
 * pairs and places less than a metre apart are left out. By the threads of run, may be NULL. */
HSD_API hsd_status hsd_access_efficiency(const hsd_cost_table *table, const double *mass,
                                         const hsd_lonlat *from, const hsd_lonlat *to,
                                         double ideal_kmh, const hsd_run *run, double *out,
                                         hsd_error *err);
/* EC transport performance: mass within cutoff over mass within radius, geodesic, times 100.
 * proximity (may be NULL): the lower part. */
HSD_API hsd_status hsd_access_performance(const hsd_cost_table *table, const double *mass,
                                          const hsd_lonlat *from, const hsd_lonlat *to,
                                          double cutoff_min, double radius_km, double *out,
                                          double *proximity, hsd_error *err);

/* ---- Cumulative opportunities ------------------------------------------------------------------
 */

/* Mass of targets with every cost at most its cut-off; one with several ways counts once. */
HSD_API hsd_status hsd_access_cumulative(const hsd_cost_table *table, const double *mass,
                                         const double *cutoffs, double *out, hsd_error *err);
typedef enum hsd_summary {
    HSD_SUMMARY_MEDIAN,
    HSD_SUMMARY_MEAN,
    HSD_SUMMARY_MIN,
    HSD_SUMMARY_MAX
} hsd_summary;
/* Summary over cut-offs low, low + step ... <= high (k step, not added up). whole: cut to integers,
 * as R's package does. */
HSD_API hsd_status hsd_access_interval(const hsd_cost_table *table, const double *mass, double low,
                                       double high, double step, hsd_summary summary, bool whole,
                                       double *out, hsd_error *err);
/* Cost to the closest n opportunities; INFINITY where there are not as many. */
HSD_API hsd_status hsd_access_closest(const hsd_cost_table *table, const double *mass, double n,
                                      double *out, hsd_error *err);
/* The smallest k step at which the mass within is more than (strict, as R's package, and no step
 * beyond the longest cost of the table) or at least the zone's own demand; demand 0: 0; never: NAN
 * (Barboza and others 2021). */
HSD_API hsd_status hsd_access_balancing(const hsd_cost_table *table, const double *mass,
                                        const double *demand, double step, bool strict, double *out,
                                        hsd_error *err);

/* ---- Competition: floating catchment areas and their kin ---------------------------------------
 */

typedef enum hsd_catchment_kind {
    HSD_CATCHMENT_2SFCA, /* with a stepped decay: E2SFCA */
    HSD_CATCHMENT_3SFCA,
    HSD_CATCHMENT_M2SFCA,
    HSD_CATCHMENT_MH3SFCA,
    HSD_CATCHMENT_BFCA,
    HSD_CATCHMENT_I2SFCA /* out: crowdedness, [target_count] */
} hsd_catchment_kind;
typedef struct hsd_catchment_options {
    hsd_catchment_kind kind;
    hsd_decay decay;
    double max_cost; /* inclusive, besides the decay; 0 or INFINITY: none; below 0: nothing
                      * is within */
    bool choice_before_cutoff; /* 3SFCA as PySAL: the chance of choosing a target is over all
                                * targets, also those beyond max_cost */
} hsd_catchment_options;
/* supply[target_count], demand[origin_count]. unserved (may be NULL): supply of targets that nobody
 * with demand has within, which counts for nobody. */
HSD_API hsd_status hsd_access_catchment(const hsd_cost_table *table,
                                        const hsd_catchment_options *options, const double *supply,
                                        const double *demand, double *out, double *unserved,
                                        hsd_error *err);
/* Spatial availability (Soukhov and others 2023), opportunities shared out without rest. A target
 * with a way from places without demand alone: as_r: NAN for them, as R's package; else it is
 * shared by nobody and counted in unserved. */
HSD_API hsd_status hsd_access_availability(const hsd_cost_table *table, const hsd_decay *decay,
                                           double alpha, bool as_r, const double *mass,
                                           const double *demand, double *out, double *unserved,
                                           hsd_error *err);
/* The constrained family (Soukhov and others 2025). demand NULL: constrained in the total alone,
 * V_i = T sum_j O_j f_ij / sum_ij O_j f_ij, total <= 0: T is the sum of masses; NAN for all where
 * nobody has a way. Else at the targets (singly), V_i = sum_j O_j D_i f_ij / sum_k D_k f_kj, total
 * is not read. Passive: of the transposed table, mass the people of origins, demand the
 * opportunities. */
HSD_API hsd_status hsd_access_constrained(const hsd_cost_table *table, const hsd_decay *decay,
                                          const double *mass, const double *demand, double total,
                                          double *out, hsd_error *err);
/* Doubly: Wilson's flows by balancing, flows[pair_count]; totals must agree to 1e-6 of theirs (mass
 * is then scaled to demand's); ends when no row or column is off by more than tolerance (0: 1e-9 of
 * the total), HSD_E_FORMAT where it cannot be. */
HSD_API hsd_status hsd_access_doubly(const hsd_cost_table *table, const hsd_decay *decay,
                                     const double *mass, const double *demand, double tolerance,
                                     double *flows, hsd_error *err);

/* ---- Interaction and hinterland ----------------------------------------------------------------
 */

/* Strength of pairs k m_i m_j / t^exponent, pairs without self; strength (may be NULL)
 * [pair_count], totals [origin_count]. */
HSD_API hsd_status hsd_access_linkage(const hsd_cost_table *table, const double *mass_from,
                                      const double *mass_to, double k, double exponent,
                                      double *strength, double *totals, hsd_error *err);
/* Field strength: max over targets of mass / max(t, floor)^exponent, and which: the hinterland it
 * gives (ties: lowest target; HSD_NO_ROW: none). */
HSD_API hsd_status hsd_access_field(const hsd_cost_table *table, const double *mass,
                                    double exponent, double floor_min, double *strength,
                                    uint32_t *target, hsd_error *err);
/* Huff: shares[pair_count], rows sum to 1. */
HSD_API hsd_status hsd_access_huff(const hsd_cost_table *table, const double *mass, double a,
                                   double b, double floor_min, double *shares, hsd_error *err);
/* Reilly and Converse: how far from the first the border lies, d / (1 + sqrt(m_b / m_a)). */
HSD_API double hsd_access_breakpoint(double distance, double mass_a, double mass_b);

/* ---- Inequality --------------------------------------------------------------------------------
 * x values, w people (NULL: one each); zones without people or without a value (NAN) are left out.
 * NAN where a measure is not defined. */

HSD_API double hsd_quantile(const double *x, const double *w, size_t count, double p); /* Hmisc */
HSD_API hsd_status hsd_gini(const double *x, const double *w, size_t count, double *out,
                            hsd_error *err);
/* Richest tenth over poorest four tenths by income: means of x (R's package), or with shares the
 * sums. Quantiles are over all zones with income, also those without x. */
HSD_API hsd_status hsd_palma(const double *x, const double *w, const double *income, size_t count,
                             bool shares, double *out, hsd_error *err);
/* Theil T. as_r: zones with x = 0 leave the weights too, as R's package; else they add 0. With
 * groups (index of each zone, < group_count; HSD_NO_ROW: left out): within[g], between[g], and
 * there x = 0 as_r makes its group NAN, as in R. Without: one group, all is within. */
typedef struct hsd_theil_parts {
    double total, between, within;
    double *between_of, *within_of; /* [group_count], the caller's; NULL: not wanted */
} hsd_theil_parts;
HSD_API hsd_status hsd_theil_t(const double *x, const double *w, size_t count, bool as_r,
                               const uint32_t *groups, size_t group_count, hsd_theil_parts *out,
                               hsd_error *err);
/* Theil L (mean log deviation): not defined where somebody has x = 0. */
HSD_API hsd_status hsd_theil_l(const double *x, const double *w, size_t count,
                               const uint32_t *groups, size_t group_count, hsd_theil_parts *out,
                               hsd_error *err);
/* Ties of income: as they come (R's package), or averaged. corrected: Erreygers 2009, maximum and
 * minimum over all zones, also those without people. */
HSD_API hsd_status hsd_concentration(const double *x, const double *w, const double *income,
                                     size_t count, bool corrected, bool average_ties, double *out,
                                     hsd_error *err);
/* Standard deviation over mean, of people or (sample) of a sample of people: n - 1. */
HSD_API double hsd_cv(const double *x, const double *w, size_t count, bool sample);
HSD_API double hsd_fgt(const double *x, const double *w, size_t count, double line, double alpha);
HSD_API double hsd_atkinson(const double *x, const double *w, size_t count, double epsilon);
HSD_API double hsd_weighted_mean(const double *x, const double *w, size_t count);

/* ---- Spillover ---------------------------------------------------------------------------------
 */

/* Gutierrez, Condeco-Melhorado and Martin 2010. A zone whose value is not finite in one of the
 * cases is left out of all. full[z]: values of zones under the full plan; without[r * zones + z]:
 * under the plan less what lies in region r; only[...]: the base and r alone (NULL: no first-in);
 * base[z]. region_of zones, weights (NULL: 1). spill[r * regions + s]: gain of the zones of s,
 * weighted mean, by r's part of the plan; first_in the same from only; residual[s]: gain of the
 * full plan less the sum of first-in (NAN without). */
typedef struct hsd_spillover {
    size_t zone_count, region_count;
    const double *base, *full, *without, *only, *weights;
    const uint32_t *region; /* of zones; HSD_NO_ROW: none */
} hsd_spillover;
HSD_API hsd_status hsd_access_spillover(const hsd_spillover *in, double *spill, double *first_in,
                                        double *residual, hsd_error *err);

/* ---- Measures by name --------------------------------------------------------------------------
 * "NAME[:KEY=VALUE,...]", e.g. "gravity:decay=exponential:0.1,mass=jobs". */

typedef enum hsd_measure_shape {
    HSD_MEASURE_ZONES,     /* a value a zone */
    HSD_MEASURE_PAIRS,     /* a value a pair */
    HSD_MEASURE_INEQUALITY /* of values of zones: one or several numbers */
} hsd_measure_shape;

/* What can be asked for, and what --explain prints. */
typedef struct hsd_measure_info {
    const char *name, *title, *title_zh;
    hsd_measure_shape shape;
    const char *formula, *unit, *better; /* better: "more", "less", "" */
    const char *keys;      /* "decay=, mass=, ...": each with its default, a line each */
    const char *variants;  /* NULL: none */
    const char *edges;     /* edge cases, a line each */
    const char *reference; /* paper, section */
    const char *function;  /* of this header */
} hsd_measure_info;
HSD_API size_t hsd_measure_count(void);
HSD_API const hsd_measure_info *hsd_measure_at(size_t index);
HSD_API const hsd_measure_info *hsd_measure_find(const char *name); /* NULL: none */
/* The page that --explain prints; the number of bytes as snprintf. */
HSD_API int hsd_measure_explain(const hsd_measure_info *info, char *buffer, size_t size);

/* Zones as columns: what measures take masses, points, areas and groups from. */
typedef struct hsd_zone_columns {
    size_t count;
    const char *const *ids;
    const char *const *names; /* of columns */
    const double *const *values;
    size_t column_count;
    const char *const *text_names; /* of text columns: groups */
    const char *const *const *texts;
    size_t text_count;
    const hsd_lonlat *points; /* NULL: none */
    const double *area_km2;   /* NULL: none */
} hsd_zone_columns;

/* A measure with its parameters. Its columns are found and its values checked when it is made. */
typedef struct hsd_measure hsd_measure;
typedef struct hsd_measure_defaults { /* what a measure takes where it says nothing itself */
    const char *mass, *population, *income, *group; /* NULL: "population", none ... */
    hsd_direction direction;                        /* FROM: active; TO: passive */
    int self; /* 0: each measure's own, 1: with, -1: without */
    hsd_self_time self_time;
    double self_value;
    hsd_unreachable_rule unreachable;
    double cap_min;
    bool as_r; /* variant "r" wherever there is one */
} hsd_measure_defaults;
/* One text may make several measures: cutoff=30:45:60 makes three. *out is an array of *count
 * pointers, destroyed one by one and released by hsd_measures_destroy. */
HSD_API hsd_status hsd_measures_parse(const char *text, const hsd_measure_defaults *defaults,
                                      hsd_measure ***out, size_t *count, hsd_error *err);
HSD_API void hsd_measures_destroy(hsd_measure **list, size_t count);
HSD_API const hsd_measure_info *hsd_measure_get_info(const hsd_measure *measure);
/* Columns that it reads, by what for; NULL: none. */
typedef enum hsd_measure_role {
    HSD_ROLE_MASS,
    HSD_ROLE_MASS2,
    HSD_ROLE_DEMAND,
    HSD_ROLE_POPULATION,
    HSD_ROLE_INCOME,
    HSD_ROLE_GROUP, /* a text column */
    HSD_ROLES
} hsd_measure_role;
HSD_API const char *hsd_measure_reads(const hsd_measure *measure, hsd_measure_role role);
/* A column's name: "gravity_jobs", "cumulative_jobs_30"; unit in it where it has one. */
HSD_API const char *hsd_measure_column(const hsd_measure *measure);
/* The whole text with every parameter said, for records: parses to the same measure. */
HSD_API const char *hsd_measure_text(const hsd_measure *measure);
/* Its formula in its parameters, its conventions in words: a line, printed and stored. */
HSD_API const char *hsd_measure_conventions(const hsd_measure *measure);

typedef struct hsd_statistic {
    char *name;  /* "gini", "theil_t_between" ... */
    char *group; /* NULL: of all */
    double value;
} hsd_statistic;
/* What a measure gave; the caller finishes it. */
typedef struct hsd_measured {
    double *values; /* ZONES: of origins (passive: of targets) */
    double *second; /* ZONES: mean times: missing share; performance: proximity; else NULL */
    const char *second_name;
    uint32_t *labels; /* ZONES: field: the target of each; else NULL */
    double *pairs;    /* PAIRS: of the table's pairs as it was given */
    bool passive;
    hsd_statistic *statistics; /* unserved supply, sums ...; INEQUALITY: all there is */
    size_t statistic_count;
    char *warning; /* NULL: none */
} hsd_measured;
/* Of ZONES and PAIRS. */
HSD_API hsd_status hsd_measure_evaluate(const hsd_measure *measure, const hsd_cost_table *table,
                                        const hsd_zone_columns *origins,
                                        const hsd_zone_columns *targets, hsd_measured *out,
                                        hsd_error *err);
/* The same for many measures of one table, without making twice what they share: the table turned
 * round, and with other times within zones. Begins as {.table = ..., .run = ...}; is finished
 * before the table, and with the same zones throughout. */
typedef struct hsd_measure_bench {
    const hsd_cost_table *table;
    const hsd_run *run; /* may be NULL */
    hsd_cost_table turned, timed;
    bool timed_is_turned;
    hsd_self_time rule; /* of timed */
    double value;
} hsd_measure_bench;
HSD_API hsd_status hsd_measure_evaluate_at(const hsd_measure *measure, hsd_measure_bench *bench,
                                           const hsd_zone_columns *origins,
                                           const hsd_zone_columns *targets, hsd_measured *out,
                                           hsd_error *err);
HSD_API void hsd_measure_bench_finish(hsd_measure_bench *bench);
/* Of INEQUALITY, over values of zones. */
HSD_API hsd_status hsd_measure_inequality(const hsd_measure *measure, const double *values,
                                          const hsd_zone_columns *zones, hsd_measured *out,
                                          hsd_error *err);
HSD_API void hsd_measured_finish(hsd_measured *measured);

/* ---- Metropolitan circles ----------------------------------------------------------------------
 */

/* Sets of zones compared: of members by a rule with an official list. */
typedef struct hsd_agreement {
    size_t both, model_only, official_only;
    double jaccard, recall, precision; /* by count; NAN: nothing to divide by */
} hsd_agreement;
HSD_API hsd_agreement hsd_members_compare(const uint8_t *model, const uint8_t *official,
                                          size_t count);
/* The same by what zones weigh: area, population. */
typedef struct hsd_agreement_by {
    double both, model_only, official_only;
    double jaccard, recall, precision;
} hsd_agreement_by;
HSD_API hsd_agreement_by hsd_members_compare_by(const uint8_t *model, const uint8_t *official,
                                                const double *weights, size_t count);
/* Contiguity: neighbours as pairs of zones. fill: zones all of whose neighbours' ways out lead
 * through members become members (enclaves); drop: members not connected with `core` over members
 * leave (exclaves). In this order. seed[count]: zones of the core; on_border[count]: zones with a
 * way out of all of them. */
HSD_API hsd_status hsd_members_tidy(uint8_t *members, size_t count, const uint32_t (*pairs)[2],
                                    size_t pair_count, const uint8_t *seed,
                                    const uint8_t *on_border, bool fill, bool drop, hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
