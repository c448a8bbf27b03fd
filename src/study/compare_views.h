/* What the embedded project shows of layers that hold many origins, scenarios and cut-offs. */
#ifndef STUDY_COMPARE_VIEWS_H
#define STUDY_COMPARE_VIEWS_H

#include "hourshed/export.h"
#include "study/compare_run.h"

enum { HSD_HEADLINES = 5, HSD_MAX_VIEWS = 24 };

typedef struct hsd_views {
    hsd_layer_view list[HSD_MAX_VIEWS];
    char *texts[2 * HSD_MAX_VIEWS]; /* the views' own */
    size_t count;
} hsd_views;
void hsd_views_finish(hsd_views *views);

/* None where one origin, scenario, profile and cut-off are all there is: the layer shows it. */
hsd_status hsd_change_views(const hsd_compare_run *run, hsd_views *out, hsd_error *err);
hsd_status hsd_circle_views(const hsd_compare_run *run, hsd_views *out, hsd_error *err);
/* Zones newly within. */
hsd_status hsd_zone_views(const hsd_compare_run *run, hsd_views *out, hsd_error *err);
#endif
