/* Times between origins and targets by any mode, under the baseline and under scenarios: rows of
 * milliseconds. Matrix, access and delineation take their minutes from here; the times are those of
 * compare and circle (design 5.8). */
#ifndef STUDY_TIME_ROWS_H
#define STUDY_TIME_ROWS_H

#include "study/compare_run.h"

typedef struct hsd_time_rows_ask {
    const hsd_matrix_request *matrix;
    const hsd_proposal_source *proposals; /* NULL, or path NULL: the baseline alone */
    const hsd_resolve_options *resolve;
    const char *const *scenarios; /* "NAME=p1,p2"; none: "all=*" where there are proposals */
    size_t scenario_count;
    const char *const *zone_masses, *const *zone_texts; /* fields that must be there */
    size_t zone_mass_count, zone_text_count;
    bool zone_masses_may_miss; /* NAN then; the caller judges */
} hsd_time_rows_ask;

typedef struct hsd_time_rows hsd_time_rows;
/* Everything that can be wrong, before the first search. issues: of proposals; on HSD_E_FORMAT the
 * errors, too; the caller finishes them. Borrows the ask. */
hsd_status hsd_time_rows_open(const hsd_time_rows_ask *ask, const hsd_run *run, hsd_time_rows **out,
                              hsd_issues *issues, hsd_error *err);
void hsd_time_rows_destroy(hsd_time_rows *rows);
/* Origins, zones (targets: places with masses and texts, its zones table), scenarios, the effective
 * request, info of the network. */
const hsd_compare_run *hsd_time_rows_run(const hsd_time_rows *rows);
/* The request with what was left open filled in, for the record of a run; minutes stay none where
 * none were asked for. Valid while the rows and the pool live. */
hsd_status hsd_time_rows_effective(const hsd_time_rows *rows, hsd_option_pool *pool,
                                   hsd_matrix_request *out, hsd_error *err);
size_t hsd_time_rows_origins(const hsd_time_rows *rows);
size_t hsd_time_rows_targets(const hsd_time_rows *rows);
size_t hsd_time_rows_scenes(const hsd_time_rows *rows);      /* 1 and the scenarios */
size_t hsd_time_rows_percentiles(const hsd_time_rows *rows); /* 1 on streets */
/* Whether the point of either lies in the other: files that are not of one making may have the same
 * ids, as all have that are numbered from 1, and a point of the command line has one. */
hsd_status hsd_same_place(const hsd_geometry *a, const hsd_geometry *b, bool *out, hsd_error *err);
/* same[origins]: the target that is the same zone, by its id and where it lies; HSD_NO_ROW: none.
 */
const uint32_t *hsd_time_rows_same(const hsd_time_rows *rows);
/* Rows of origins [first, first + count) under a scene, in parallel: ms[count x percentiles x
 * targets]. Of a run to its origins: from the target to the origin. A zone to itself: 0 where it
 * joins the network (docs/methods.md, 14). An origin that joins nothing: all HSD_UNREACHABLE. */
hsd_status hsd_time_rows_read(hsd_time_rows *rows, size_t scene, size_t first, size_t count,
                              uint32_t *ms, hsd_error *err);
#endif
