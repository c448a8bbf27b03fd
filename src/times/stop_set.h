/* Stops joined to the streets, for the files of times/. */
#ifndef TIMES_STOP_SET_H
#define TIMES_STOP_SET_H

#include "base/memory.h"
#include "times/locator.h"

/* Which of a stop's feet. */
enum { HSD_END_ACCESS, HSD_END_EGRESS, HSD_END_WALK, HSD_ENDS };

/* ---- Stops near a tree's origin
 * ------------------------------------------------------------------ */

/* The feet of all stops by what they stand on, so that a tree is asked for the stops it touches and
 * not for all. Immutable. */
typedef struct hsd_stop_place {
    uint32_t at; /* edge, or vertex */
    uint32_t stop, foot;
} hsd_stop_place;
typedef struct hsd_stop_finder {
    const hsd_locator *locator;
    const hsd_feet *feet;   /* of each stop */
    hsd_stop_place *places; /* ascending: at, stop, foot */
    size_t place_count;
    uint64_t *bits; /* over edges or vertices: some stop is there */
} hsd_stop_finder;
hsd_status hsd_stop_finder_init(hsd_stop_finder *finder, const hsd_locator *locator,
                                const hsd_feet *feet, size_t stop_count, hsd_error *err);
void hsd_stop_finder_finish(hsd_stop_finder *finder);

/* Scratch, one a thread: the stops found near one or several trees, each with its least time. */
typedef struct hsd_near_stops {
    uint32_t *ms; /* stop_count; HSD_UNREACHABLE unless found */
    HSD_ARRAY(uint32_t) found;
} hsd_near_stops;
hsd_status hsd_near_stops_init(hsd_near_stops *near, size_t stop_count, hsd_error *err);
void hsd_near_stops_finish(hsd_near_stops *near);
/* Forgets what was found before. */
void hsd_near_stops_clear(hsd_near_stops *near);
/* Adds the stops at positions the tree reaches within its limit (legs of the stops' feet count, but
 * not against the limit). The tree's seeds do not lapse. O(touched edges). */
hsd_status hsd_stop_finder_add(const hsd_stop_finder *finder, const hsd_tree *tree,
                               hsd_near_stops *near, hsd_error *err);
/* Ascending stops. */
void hsd_near_stops_sort(hsd_near_stops *near);

/* ---- Rules of changing
 * ---------------------------------------------------------------------------- */

/* Ways between stops: of stop s those in [first[s], first[s + 1]), ascending stop. */
typedef struct hsd_stop_ways {
    uint32_t *first;
    hsd_stop_way *ways;
} hsd_stop_ways;
typedef HSD_ARRAY(hsd_stop_way) hsd_stop_way_array;
/* Of one kind, in all; a feed with more (a million stops at one place) is refused before it fills
 * the memory. */
#define HSD_MOST_STOP_WAYS ((size_t)1 << 27)
hsd_status hsd_stop_ways_check(size_t count, hsd_error *err);

/* One line of transfers.txt for one pair of stops. */
typedef struct hsd_stop_rule {
    uint32_t from, to;
    uint32_t stations; /* how many of its two ends were written as a station */
    uint32_t row;      /* of the timetable's transfers */
} hsd_stop_rule;
typedef struct hsd_stop_rules {
    uint32_t *first_platform, *platforms; /* of each station, ascending */
    HSD_ARRAY(hsd_stop_rule) rules;       /* ascending from, to; each pair once */
} hsd_stop_rules;
hsd_status hsd_stop_rules_init(hsd_stop_rules *rules, const hsd_timetable *timetable,
                               hsd_error *err);
void hsd_stop_rules_finish(hsd_stop_rules *rules);
/* The rules of changes away from a stop, as many as the result. */
size_t hsd_stop_rules_of(const hsd_stop_rules *rules, uint32_t from, const hsd_stop_rule **first);
const hsd_stop_rule *hsd_stop_rule_of(const hsd_stop_rules *rules, uint32_t from, uint32_t to);

/* ---- The set
 * -------------------------------------------------------------------------------------- */

struct hsd_stop_set {
    const hsd_timetable *timetable;
    hsd_transit_rules rules; /* nothing left to a default */
    size_t stop_count;
    const hsd_locator *locators[HSD_ENDS]; /* walk may be NULL */
    int shared[HSD_ENDS];                  /* the end whose feet and finder serve this one */
    hsd_feet *feet[HSD_ENDS];              /* stop_count each; NULL where another's serve */
    hsd_stop_finder finders[HSD_ENDS];
    uint32_t *change_ms;      /* stop_count */
    hsd_stop_ways walks[2];   /* HSD_FROM: away from a stop; HSD_TO: towards it */
    hsd_stop_ways insides[2]; /* the same within stations */
};

static inline const hsd_feet *hsd_stop_feet(const hsd_stop_set *stops, uint32_t stop, int end) {
    return &stops->feet[stops->shared[end]][stop];
}
static inline const hsd_stop_finder *hsd_stop_finder_of(const hsd_stop_set *stops, int end) {
    return &stops->finders[stops->shared[end]];
}
/* What is paid at a stop between the street and the platform: its way in, and the car park. */
uint32_t hsd_stop_end_ms(const hsd_stop_set *stops, uint32_t stop, int end);
/* At most this long along the network, legs apart. */
static inline uint32_t hsd_stop_end_cap_ms(const hsd_stop_set *stops, int end) {
    return end == HSD_END_ACCESS ? stops->rules.access_cap_ms : stops->rules.egress_cap_ms;
}
/* A network of stops alone: every stop is a vertex, and legs are all there is. */
static inline bool hsd_stops_alone(const hsd_locator *locator) {
    return locator->metric->leg_rule == HSD_LEG_NODES && locator->network->edge_count == 0;
}

/* Position of a foot under a tree, its leg left out: the tree's limit does not count the leg. */
static inline uint32_t hsd_tree_place_ms(const hsd_tree *tree, const hsd_foot *foot) {
    hsd_foot place = *foot;
    place.leg_ms = 0;
    return hsd_tree_foot_ms(tree, &place);
}

/* Grows a tree from one position: cost and at most cap_ms along the network. */
hsd_status hsd_tree_grow_place(hsd_tree *tree, hsd_direction direction, const hsd_foot *foot,
                               uint32_t extra_ms, uint32_t cap_ms, hsd_error *err);
#endif
