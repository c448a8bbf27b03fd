/* Lattice points by what a change did to them, and the lines between the labels: a coverage in
 * which neighbours share their border. */
#ifndef CIRCLES_LABELS_H
#define CIRCLES_LABELS_H

#include "circles/rings.h"

/* Of two labels that meet the larger one is the inside. */
typedef enum hsd_label {
    HSD_LABEL_NONE,
    HSD_LABEL_LOST,
    HSD_LABEL_GAINED,
    HSD_LABEL_KEPT,   /* not by faster_ms faster */
    HSD_LABEL_FASTER, /* kept, and that */
    HSD_LABEL_COUNT
} hsd_label;

/* A border of two labels is the contour of one of these. */
enum {
    HSD_LABEL_BEFORE,
    HSD_LABEL_AFTER,
    HSD_LABEL_BOTH,   /* the later of the two times */
    HSD_LABEL_SAVING, /* faster_ms less the saving; level 0 */
    HSD_LABEL_FIELDS
};

typedef struct hsd_label_map {
    hsd_field_grid field[HSD_LABEL_FIELDS]; /* of one lattice; inside of the level where the */
    int32_t level[HSD_LABEL_FIELDS];        /* label says so, always */
    uint8_t *label;                         /* the outermost points are HSD_LABEL_NONE */
} hsd_label_map;

/* Kinds of border, as levels of a ring set: inside and outside label, the field it is a contour of.
 */
#define HSD_BORDER_KINDS 10
typedef struct hsd_border_kind {
    uint8_t inside, outside, field;
} hsd_border_kind;
extern const hsd_border_kind hsd_border_kinds[HSD_BORDER_KINDS];

/* The borders of all labels: closed rings, and open lines between junctions where three or four
 * labels meet; the inside on the left. Junctions are numbered from 1. O(points). */
hsd_status hsd_label_borders(const hsd_label_map *map, hsd_ring_set *out, hsd_error *err);

/* Gives speckles, smallest first, to the label most about them until at most `most` junctions are
 * left: small patches at which three labels meet and that hold no water. An island within one label
 * makes no junction and stays. O(points log points) at worst. */
hsd_status hsd_label_dissolve(const hsd_field_grid *grid, uint8_t *label, size_t most,
                              hsd_error *err);
#endif
