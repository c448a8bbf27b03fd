/* Measures by name, inside: what the table says of one, what a text made of it.
 *
 * A measure's keys and their defaults stand once, in the text that --explain prints: lines of
 * "KEY=DEFAULT  what it is" (measure_table.c). Parsing reads them there. */
#ifndef ACCESS_MEASURES_H
#define ACCESS_MEASURES_H

#include "base/text.h"
#include "hourshed/access.h"

typedef enum measure_kind {
    MEASURE_MEAN_TIME,
    MEASURE_SIMPLE_MEAN_TIME,
    MEASURE_COEFFICIENT,
    MEASURE_POTENTIAL,
    MEASURE_CUMULATIVE, /* and daily */
    MEASURE_INTERVAL,
    MEASURE_CLOSEST,
    MEASURE_BALANCING,
    MEASURE_GRAVITY,
    MEASURE_2SFCA, /* and e2sfca */
    MEASURE_3SFCA,
    MEASURE_M2SFCA,
    MEASURE_MH3SFCA,
    MEASURE_BFCA,
    MEASURE_I2SFCA,
    MEASURE_AVAILABILITY,
    MEASURE_CONSTRAINED_TOTAL,
    MEASURE_CONSTRAINED_SINGLY,
    MEASURE_EFFICIENCY,
    MEASURE_PERFORMANCE,
    MEASURE_LINKAGE_TOTAL,
    MEASURE_FIELD,
    MEASURE_LINKAGE,
    MEASURE_HUFF,
    MEASURE_BREAKPOINT,
    MEASURE_DOUBLY,
    MEASURE_MEAN,
    MEASURE_GINI,
    MEASURE_PALMA,
    MEASURE_THEIL_T,
    MEASURE_THEIL_L,
    MEASURE_CONCENTRATION,
    MEASURE_CONCENTRATION_CORRECTED,
    MEASURE_CV,
    MEASURE_FGT,
    MEASURE_ATKINSON,
    MEASURE_QUANTILE_RATIO,
    MEASURE_KINDS
} measure_kind;

typedef struct measure_entry {
    hsd_measure_info info;
    measure_kind kind;
    /* Templates, {KEY} stands for its value: the column, where a mass of 1 is "count", and what is
     * computed, in words of its own parameters. */
    const char *column, *line;
} measure_entry;

const measure_entry *hsd_measure_entry(const char *name); /* NULL: none */
/* The line of a key in info.keys or info.variants, from its default on; NULL: there is none. */
const char *hsd_measure_key_line(const char *lines, const char *key, size_t length);

enum { MEASURE_ACTIVE, MEASURE_PASSIVE };
enum { MEASURE_OF_MEAN, MEASURE_OF_SIMPLE_MEAN, MEASURE_OF_POTENTIAL };

struct hsd_measure {
    const measure_entry *entry;
    /* columns; NULL: none, "1": each zone counts once */
    char *mass, *mass2, *demand, *population, *income, *group;
    char *as; /* a column's name by the user's wish */
    hsd_decay decay;
    bool has_decay;
    /* words: the index in the key's list; of variants, in info.variants */
    int direction, self, of, summary, whole, sample, variant;
    hsd_self_time self_time;
    double self_value;
    hsd_unreachable_rule unreachable;
    double cap_min;
    /* NAN: not said */
    double cutoff, cutoff2, cutoff3, cutoff4, from, to, step, n, power, floor, max_cost, alpha,
        total, ideal_kmh, radius, k, exponent, a, b, tolerance, line, epsilon, p, q;
    char *column, *text, *conventions;
};

/* ---- Keys (measure_keys.c) ---- */

typedef struct measure_key measure_key;
const measure_key *hsd_measure_key(const char *name, size_t length); /* NULL: none */
const char *hsd_measure_key_name(const measure_key *key);
bool hsd_measure_key_lists(const measure_key *key); /* "30:45:60" makes several measures */
/* Sets a key of a measure from its text ("": not said); HSD_E_ARGUMENT says what was expected. */
hsd_status hsd_measure_set(hsd_measure *measure, const measure_key *key, const char *value,
                           hsd_error *err);
/* And back: a text that sets the same value; out->failed: out of memory. */
void hsd_measure_value_text(const hsd_measure *measure, const measure_key *key, hsd_text *out);
/* Calls take for each key of a measure, in order; ends at the first failure. */
typedef hsd_status (*measure_key_visit)(void *context, const measure_key *key,
                                        const char *default_text, hsd_error *err);
hsd_status hsd_measure_each_key(const hsd_measure_info *info, measure_key_visit take, void *context,
                                hsd_error *err);
bool hsd_measure_has(const hsd_measure *measure, const char *key); /* a key of its kind */
bool hsd_measure_is_variant(const hsd_measure *measure, const char *name);

/* ---- Words (measure_text.c) ---- */

hsd_status hsd_measure_describe(hsd_measure *measure, hsd_error *err); /* column, text, line */

/* ---- Columns (measure_columns.c) ---- */

/* A column of numbers by name; HSD_E_ARGUMENT names it and those there are. key: whose value the
 * name is, whose: "origins", "targets" or "zones", for messages. */
hsd_status hsd_measure_numbers(const hsd_zone_columns *zones, const char *whose, const char *key,
                               const char *name, const double **out, hsd_error *err);
/* Finite and not negative, an array of the caller's to free: of "1" ones; with `second` the root of
 * the product. */
hsd_status hsd_measure_masses(const hsd_zone_columns *zones, const char *whose, const char *key,
                              const char *name, const char *second, double **out, hsd_error *err);
/* Groups as numbers in the order of their texts; names[*count], the array to be freed, the texts
 * the zones'. HSD_NO_ROW: an empty text. */
hsd_status hsd_measure_groups(const hsd_zone_columns *zones, const char *name, uint32_t **groups,
                              const char ***names, size_t *count, hsd_error *err);

/* ---- Statistics ---- */

hsd_status hsd_measured_add(hsd_measured *measured, const char *name, const char *group,
                            double value, hsd_error *err);
#endif
