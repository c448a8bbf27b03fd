/* Layers that every run with proposals has: what each edit did, where each link joined. */
#ifndef STUDY_SCENARIO_LAYERS_H
#define STUDY_SCENARIO_LAYERS_H

#include "hourshed/export.h"
#include "hourshed/scenario.h"

/* Layers edits (lines: links with their gaps, waits), edits_areas (closures, speed changes; none:
 * no such layer) and what edits without a place did (rows of edits without geometry). */
enum { HSD_EDIT_LISTS = 4 };
typedef struct hsd_edit_lists {
    const hsd_proposal_table *table;
    const hsd_edit *lists[HSD_EDIT_LISTS]; /* an edit in several is shown once, as in the first */
    size_t counts[HSD_EDIT_LISTS];
    bool rail; /* columns of trips and stops, too */
} hsd_edit_lists;
hsd_status hsd_write_edits(hsd_dataset *file, const hsd_edit_lists *edits, const char *lang,
                           hsd_error *err);
/* Rows of layer snap (hsd_snap_start, the layer being written): one a pole of a link, role "link
 * end", what it joined and how far. profile: its name. */
hsd_status hsd_write_link_snap(hsd_dataset *file, const hsd_resolved *resolved, const char *profile,
                               hsd_error *err);
#endif
