/* The scratch of a search and its one step, shared by the single run, the range and journeys.
 * Instants here are the search's: in a mirror, CLOCK_END less the real one. */
#ifndef TRANSIT_RAPTOR_H
#define TRANSIT_RAPTOR_H

#include "transit/day.h"

/* The least instants at a stop with at most so many rides. To board one must be on the street side
 * (foot) or on the platform (inner); where one alights is the platform (off), then the street
 * (out). A mirrored search is charged for the gates between off and out, any other between foot and
 * boarding. */
typedef struct raptor_label {
    uint32_t foot, inner, off, out;
} raptor_label;

/* From which stop's out and off a foot and an inner label come, the lowest of several; true of
 * labels that are less than with fewer rides. */
typedef struct raptor_source {
    uint32_t foot, inner;
} raptor_source;

struct hsd_raptor {
    const hsd_day *day;
    const hsd_transfer_rules *rules;
    size_t stop_count;
    uint32_t max_rides;
    uint32_t board_before_ms[HSD_RIDE_KINDS], board_after_ms[HSD_RIDE_KINDS];
    raptor_label *labels;   /* stop_count x (max_rides + 1): by stop, then rides */
    raptor_source *sources; /* the same; kept while `traced` */
    uint32_t *best_out;     /* stop_count: out of the last round */
    uint32_t *out_ms;       /* stop_count: the result of a run */
    bool traced;            /* labels are of one run: journeys can be told */
    uint32_t instant_ms, deadline_ms;
    uint8_t *state;      /* stop_count: enum raptor_state */
    uint32_t *touched;   /* stops with any label, in no order that matters */
    uint32_t *marked;    /* stops whose foot or inner fell in the last round, */
    raptor_source *fell; /* stop_count: and what they were before */
    uint32_t *alighted;  /* stops whose off or out fell in this one */
    uint32_t *queue;     /* patterns to scan */
    uint32_t *queued_at; /* pattern_count: from which position; UINT32_MAX: not queued */
    size_t touched_count, marked_count, alighted_count, queue_count;
    hsd_raptor_counters counters;
};

enum raptor_state { STOP_TOUCHED = 1, STOP_MARKED = 2, STOP_OFF = 4, STOP_OUT = 8 };

static inline raptor_label *raptor_labels(const hsd_raptor *raptor, uint32_t stop) {
    return &raptor->labels[(size_t)stop * (raptor->max_rides + 1)];
}
static inline uint32_t raptor_min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}
/* When one can board a vehicle of a kind at a stop, by a label. */
static inline uint32_t raptor_ready(const hsd_raptor *raptor, const raptor_label *label,
                                    uint32_t kind) {
    return raptor_min(label->foot + raptor->board_before_ms[kind], label->inner);
}
/* The first of `count` ascending instants that is not before `ready`. */
static inline uint32_t raptor_first_from(const uint32_t *column, uint32_t count, uint32_t ready) {
    const uint32_t *begin = column;
    for (uint32_t half; count > 1; count -= half) { /* no branch to guess wrong */
        half = count / 2;
        begin += begin[half - 1] < ready ? half : 0;
    }
    return (uint32_t)(begin - column) + (count > 0 && *begin < ready);
}

/* Checks the arguments of a run or range. */
hsd_status raptor_check(const hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count,
                        const uint32_t *instants_ms, size_t count, hsd_error *err);
/* Real instant to that of the search, or back. */
static inline uint32_t raptor_turn(const hsd_raptor *raptor, uint32_t instant_ms) {
    return raptor->day->options.direction == HSD_FROM ? instant_ms : CLOCK_END - instant_ms;
}
/* No labels, no counters. O(touched). */
void raptor_clear(hsd_raptor *raptor);
/* All rounds at raptor->instant_ms, until deadline_ms; labels that are already there stay (they
 * must be valid upper bounds with every consequence drawn up to this deadline or a later one). */
void raptor_search(hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count);
#endif
