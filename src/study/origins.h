/* The origins of a run: points of the command line or places of a layer, each one point or several
 * gates. One that cannot be used keeps its reason and never ends the batch. */
#ifndef STUDY_ORIGINS_H
#define STUDY_ORIGINS_H

#include "hourshed/study.h"

typedef struct hsd_gate {
    hsd_lonlat at;
    uint32_t extra_ms; /* initial cost */
} hsd_gate;

typedef struct hsd_origin {
    char *id, *name, *name_en;
    hsd_gate *gates;
    size_t gate_count;
    hsd_gate *portals; /* those of --gates where the run starts elsewhere; NULL: none */
    size_t portal_count;
    hsd_geometry geometry; /* of its place: a point or polygons; NONE: of the command line */
    char *fault;           /* NULL: usable */
} hsd_origin;

typedef struct hsd_origin_list {
    hsd_origin *origins;
    size_t count;
} hsd_origin_list;

/* population: what the weighted rule weighs with; NULL unless it was read. */
hsd_status hsd_origins_read(const hsd_circle_request *request, const hsd_place_table *population,
                            const hsd_run *run, hsd_origin_list *out, hsd_error *err);
/* Every place an origin, at its point. */
hsd_status hsd_origins_of_places(const hsd_place_table *places, hsd_origin_list *out,
                                 hsd_error *err);
void hsd_origins_finish(hsd_origin_list *list);
#endif
