/* Which polygons lie side by side. Borders of real layers are seldom the same to the last digit, so
 * they are held against each other on the ground, not vertex by vertex. */
#ifndef GEO_NEIGHBOURS_H
#define GEO_NEIGHBOURS_H

#include "hourshed/geo.h"

#define HSD_NEIGHBOURS_APART_M 2.  /* borders this close are one */
#define HSD_NEIGHBOURS_ALONG_M 10. /* for so long at least: not by a corner alone */

typedef struct hsd_neighbours {
    uint32_t (*pairs)[2]; /* the lower first; ascending, each once */
    size_t pair_count;
    uint8_t *on_border; /* of each polygon: it has a way out of all of them. Holes of the whole (a
                         * lake, a county that is not there) lead nowhere */
} hsd_neighbours;

/* polygons[count]: polygon geometries, which may overlap. */
hsd_status hsd_neighbours_find(const hsd_geometry *const *polygons, size_t count,
                               const hsd_run *run, hsd_neighbours *out, hsd_error *err);
void hsd_neighbours_finish(hsd_neighbours *neighbours);
#endif
