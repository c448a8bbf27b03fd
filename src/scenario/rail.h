/* What the parts of rail proposals share. Private to scenario/rail*.c. docs/methods.md, 12. */
#ifndef SCENARIO_RAIL_H
#define SCENARIO_RAIL_H

#include "base/issues.h"
#include "base/text.h"
#include "hourshed/scenario.h"
#include "scenario/rail_minutes.h"

#define HSD_STATION_M 500.0   /* a station lies this near its line */
#define HSD_SAME_PLACE_M 50.0 /* ends that join, stops that are one */

/* ---- Memory that lives as long as its owner ------------------------------------------------ */

typedef HSD_ARRAY(void *) hsd_blocks;
void *hsd_blocks_take(hsd_blocks *blocks, size_t count, size_t size, hsd_error *err); /* zeros */
/* Keeps a text that hsd_asprintf made; NULL (and freed) when out of memory. */
char *hsd_blocks_text(hsd_blocks *blocks, char *text, hsd_error *err);
void hsd_blocks_finish(hsd_blocks *blocks);

/* ---- Trips of a timetable in the making ---------------------------------------------------- */

/* Texts, lines and shapes of the row are those of the pool below. Calls and headways are the
 * base's, or live in the board's blocks. */
typedef struct hsd_board_trip {
    hsd_trip_row row;
    const hsd_call_row *calls;
    const hsd_headway_row *headways;
    bool gone;
} hsd_board_trip;

#define HSD_EVERY_DAY (UINT32_MAX - 1) /* the service of added trips */

typedef struct hsd_board {
    const struct hsd_rail *rail;
    HSD_ARRAY(hsd_board_trip) trips; /* the base's rows first, then added ones */
    hsd_blocks blocks;
    hsd_text texts; /* of added trips; offsets begin behind those of all_stops */
} hsd_board;

/* ---- What a row does ----------------------------------------------------------------------- */

/* Stops that a name means: one byte a row of all_stops. NULL: every one (no section). */
typedef struct hsd_rail_item {
    hsd_service_action action;
    uint32_t proposal;
    int64_t feature_id;
    hsd_proposal_layer layer;
    const char *pattern;      /* of what is changed */
    const uint8_t *from, *to; /* the section; NULL: none */
    bool forward;
    const hsd_service_row *row; /* NULL: a station on a line that runs */
    /* stop: those to be called at */
    struct hsd_rail_target {
        const uint8_t *meant; /* stops that are it */
        const char *name;
        double dwell_s; /* NAN: by kind */
    } * targets;
    size_t target_count;
    /* new */
    uint32_t line; /* into hsd_rail.lines */
    hsd_board_trip *trips;
    size_t trip_count;
} hsd_rail_item;

/* What an item did. */
typedef struct hsd_rail_effect {
    uint32_t added, changed, removed;
    uint32_t chosen;       /* trips its pattern and section choose */
    double runs, runs_now; /* departures on the date: added, changed or removed; there before */
    int64_t saved_s;       /* over all changed trips, end to end */
    char fault[160];       /* why nothing was done; "" */
} hsd_rail_effect;

/* Behind hsd_resolved_rail.storage. */
typedef struct hsd_rail {
    const hsd_timetable *base; /* never NULL: an empty one */
    const hsd_proposal_table *table;
    int32_t date;
    HSD_ARRAY(hsd_stop_row) stops;   /* all_stops */
    HSD_ARRAY(hsd_line_row) lines;   /* of proposals */
    HSD_ARRAY(hsd_shape_row) shapes; /* of proposals; first_point into points */
    HSD_ARRAY(hsd_point_e7) points;
    HSD_ARRAY(hsd_rail_item) items; /* in the order they are applied */
    HSD_ARRAY(hsd_edit) edits;
    uint32_t *station_stop; /* of each row of stations: its stop */
    uint8_t *station_used;
    hsd_text texts; /* strings of all_stops: the base's, then ours */
    hsd_blocks blocks;
    hsd_timetable empty;
    hsd_issues *issues; /* while resolving */
    hsd_error *err;
} hsd_rail;

/* "services feature 3: ..." as an error or a remark. HSD_OK, or HSD_E_MEMORY. */
hsd_status hsd_rail_bad(hsd_rail *rail, hsd_proposal_layer layer, int64_t feature_id,
                        const char *format, ...) HSD_PRINTF(4, 5);
hsd_status hsd_rail_remark(hsd_rail *rail, hsd_proposal_layer layer, int64_t feature_id,
                           const char *format, ...) HSD_PRINTF(4, 5);
/* A text in the pool: its offset; 0 for "" and when the pool failed. */
uint32_t hsd_rail_text(hsd_text *pool, const char *text);
static inline const char *hsd_rail_string(const hsd_rail *rail, uint32_t offset) {
    return rail->texts.data + offset;
}
/* Pieces of a ;-separated list one by one: "" at the end. */
size_t hsd_rail_piece(const char **list, char *buffer, size_t size);
double hsd_rail_apart_m(const hsd_rail *rail, uint32_t stop, uint32_t other);

/* rail_stops.c: stations of proposals as stops. */
hsd_status hsd_rail_stops(hsd_rail *rail);
/* Stops of the base that a text means: id or name, their own or their station's; not stations
 * themselves. *count 0: none. The bytes are kept by the rail. */
hsd_status hsd_rail_meant(hsd_rail *rail, const char *text, uint8_t **out, size_t *count);

/* rail_line.c: one line of a proposal as a graph. */
typedef struct hsd_rail_line hsd_rail_line;
hsd_status hsd_rail_line_create(hsd_rail *rail, uint32_t proposal, const char *name,
                                hsd_rail_line **out);
void hsd_rail_line_destroy(hsd_rail_line *line);
bool hsd_rail_line_there(const hsd_rail_line *line); /* it has a link */
double hsd_rail_line_length_m(const hsd_rail_line *line);
const hsd_link_row *hsd_rail_line_link(const hsd_rail_line *line); /* the first */
size_t hsd_rail_line_links(const hsd_rail_line *line);
double hsd_rail_line_distance_m(const hsd_rail_line *line, hsd_lonlat at);
hsd_status hsd_rail_line_add(hsd_rail_line *line, hsd_lonlat at, uint32_t *anchor, hsd_error *err);
/* After all are added: the order along a line without branches; ring: the first comes again at the
 * end. *ordered false: it branches, or falls apart. */
hsd_status hsd_rail_line_order(hsd_rail_line *line, const uint32_t *anchors, size_t count,
                               uint32_t *order, bool *ring, bool *ordered, hsd_error *err);
/* The shortest way between two anchors: its length, sum of length / design speed (hours; parts
 * without a speed count at usual_kmh), its points added to the array but the first one where the
 * array has some. *length < 0: there is no way. */
typedef struct hsd_rail_way {
    double length_m, hours;
} hsd_rail_way;
typedef HSD_ARRAY(hsd_lonlat) hsd_lonlats;
hsd_status hsd_rail_line_way(hsd_rail_line *line, uint32_t from, uint32_t to, double usual_kmh,
                             double most_kmh, hsd_lonlats *points, hsd_rail_way *out,
                             hsd_error *err);

/* rail_new.c: a row of action new as an item with its trips. */
hsd_status hsd_rail_new(hsd_rail *rail, const hsd_service_row *row);

/* rail_items.c: what changes trips that run. */
hsd_status hsd_rail_changes(hsd_rail *rail);
/* rail_apply.c */
hsd_status hsd_board_begin(hsd_board *board, const hsd_rail *rail, hsd_error *err);
void hsd_board_finish(hsd_board *board);
hsd_status hsd_board_apply(hsd_board *board, const hsd_rail_item *item, hsd_rail_effect *effect,
                           hsd_error *err);
hsd_call_row *hsd_board_calls(hsd_board *board, size_t count, hsd_error *err);
/* rail_table.c */
hsd_status hsd_board_table(const hsd_board *board, hsd_timetable *out, hsd_error *err);
#endif
