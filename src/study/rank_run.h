/* The working state of a ranking run: network, zones and proposals as a comparison has them, whose
 * scenes the sets are. rank.c holds the order of steps, rank_inputs.c what is read, rank_rides.c
 * times by timetable, rank_columns.c the table of figures and its order, rank_layers.c the result
 * file. */
#ifndef STUDY_RANK_RUN_H
#define STUDY_RANK_RUN_H

#include "study/compare_run.h"

/* A number that every row of the ranking has; empty where it is NAN. */
typedef struct hsd_rank_column {
    char name[64];
    const char *title;
    bool whole;         /* a count */
    bool smaller_first; /* the best is the smallest */
} hsd_rank_column;

typedef struct hsd_rank_pair {
    size_t from, to; /* zones */
} hsd_rank_pair;

typedef struct hsd_rank_break {
    size_t pair, cutoff;
    uint32_t proposal;
    hsd_break_even found;
} hsd_rank_break;

typedef struct hsd_rank_run {
    const hsd_rank_request *request;
    const hsd_run *run;
    hsd_compare_request compare_request; /* network, profile, zones, proposals */
    const char *profile_name;
    const char *masses[3];
    hsd_compare_run compare; /* its circle's zones, with masses population, GDP, income; one
                              * profile */
    size_t first_cutoff;     /* the one named first, into the circle's cutoffs_ms */
    double *population, *gdp, *income; /* of zones; NULL: none */
    HSD_ARRAY(hsd_flow) flows;
    HSD_ARRAY(hsd_rank_pair) pairs;
    hsd_ranking ranking;
    hsd_rank_break *breaks;
    size_t break_count;
    double *length_km; /* by proposal: its links; 0: none */

    HSD_ARRAY(hsd_rank_column) columns;
    double *figures; /* rows x columns */
    uint32_t *order; /* rows as they are written */
    uint32_t *rank;  /* by row: from 1, within its set */
    uint32_t *alone; /* by proposal: row of it alone; UINT32_MAX: not ranked */
} hsd_rank_run;

/* "alone", "together", "without", "pair", "shapley" */
const char *hsd_rank_set_name(uint32_t set);
static inline double hsd_rank_figure(const hsd_rank_run *run, size_t row, size_t column) {
    return run->figures[row * run->columns.count + column];
}
/* Whether the least value of a column is its best; "gini_change_60" is of gini_change. */
bool hsd_rank_smaller_first(const char *column);
/* SIZE_MAX: no such column. */
size_t hsd_rank_column_of(const hsd_rank_run *run, const char *name);

/* Reading begins with it: the requests of comparison and circle. */
void hsd_rank_begin(hsd_rank_run *run, const hsd_rank_request *request, const hsd_run *settings);
hsd_status hsd_rank_read(hsd_rank_run *run, hsd_error *err);
/* By timetable: the ranking from rides. */
hsd_status hsd_rank_by_rides(hsd_rank_run *run, const hsd_rank_options *options, hsd_error *err);
void hsd_rank_run_finish(hsd_rank_run *run);
/* Names of columns, before anything is computed: --by must be one of them. */
hsd_status hsd_rank_columns_make(hsd_rank_run *run, hsd_error *err);
hsd_status hsd_rank_columns_fill(hsd_rank_run *run, hsd_error *err);
hsd_status hsd_rank_write(const hsd_rank_run *run, hsd_error *err);
hsd_status hsd_rank_report_make(const hsd_rank_run *run, hsd_rank_report *out, hsd_error *err);
#endif
