/* The working state of a delineation: centres and candidates as the origins and zones of a circle
 * run. delineate.c holds the order of steps, delineate_rules.c the rules, delineate_inputs.c and
 * delineate_official.c what is read, delineate_people.c who lives where, delineate_measure.c times
 * and members, delineate_layers.c and delineate_tables.c the result file, delineate_report.c what
 * is told. */
#ifndef STUDY_DELINEATE_RUN_H
#define STUDY_DELINEATE_RUN_H

#include "geo/neighbours.h"
#include "hourshed/access.h"
#include "study/circle_run.h"
#include "study/delineate_rules.h"

/* At most so many columns come of them. */
enum { HSD_MAX_OFFICIALS = 6, HSD_MAX_RULES = 16, HSD_MAX_RULE_CUTOFFS = 8 };

/* A list of members that somebody else has drawn up. */
typedef struct hsd_official {
    char name[56];
    uint8_t *flags; /* centre x candidate */
} hsd_official;

/* Who lives in the candidates: a sub-point of the population's places (or of the candidates
 * themselves) each. */
typedef struct hsd_residents {
    uint32_t *candidate; /* HSD_NO_ROW: in none */
    double *weight;
    size_t count;
    bool apart; /* of --population; else sub-points of the candidates */
} hsd_residents;

/* What became of a candidate under a rule. */
typedef enum hsd_fate {
    HSD_FATE_RULE,    /* in or out by the rule alone */
    HSD_FATE_CORE,    /* in: it is the centre's own */
    HSD_FATE_FILLED,  /* in: an enclave */
    HSD_FATE_DROPPED, /* out: an exclave */
} hsd_fate;

typedef struct hsd_delineate_run {
    const hsd_delineate_request *request;
    const hsd_run *run;
    hsd_circle_request circle_request;
    hsd_circle_run circle; /* cutoffs_ms: those of rules and request, then the horizon */
    hsd_member_rules rules;
    double *minutes;              /* what the circle is asked for */
    const char **masses, **texts; /* and of the candidates */
    const char *people;           /* the field that counts them; NULL: nobody is counted */
    size_t core_text;             /* which of the texts names the core */
    size_t cutoff_count;          /* without the horizon */
    uint32_t horizon_ms;
    bool polygons; /* candidates have borders */
    hsd_official officials[HSD_MAX_OFFICIALS];
    size_t official_count;
    hsd_residents residents;
    double *population, *area_km2; /* of candidates; population NULL: nobody is counted */
    hsd_neighbours neighbours;
    uint8_t *core;                     /* centre x candidate */
    hsd_served *served;                /* centre x candidate; of centres that join the network */
    double *shares;                    /* what served points to */
    uint8_t *by_rule, *members, *fate; /* centre x rule x candidate */
    uint32_t *best;                    /* of a candidate: its centre; HSD_NO_ROW: none */
} hsd_delineate_run;

static inline size_t hsd_delineate_centres(const hsd_delineate_run *run) {
    return run->circle.origins.count;
}
static inline size_t hsd_delineate_candidates(const hsd_delineate_run *run) {
    return run->circle.zones.place_count;
}
static inline bool hsd_delineate_ok(const hsd_delineate_run *run, size_t centre) {
    return hsd_run_result(&run->circle, 0, centre)->ok;
}
/* Of a centre: the first candidate's in served, core, an official's flags. */
static inline size_t hsd_of_centre(const hsd_delineate_run *run, size_t centre) {
    return centre * hsd_delineate_candidates(run);
}
/* Of a centre and rule: the first candidate's in by_rule, members, fate. */
static inline size_t hsd_of_rule(const hsd_delineate_run *run, size_t centre, size_t rule) {
    return (centre * run->rules.count + rule) * hsd_delineate_candidates(run);
}
static inline const char *hsd_centre_name(const hsd_delineate_run *run, size_t centre) {
    const hsd_origin *o = &run->circle.origins.origins[centre];
    return hsd_shown_name(o->name, o->name_en, run->circle.lang);
}
static inline const char *hsd_candidate_name(const hsd_delineate_run *run, size_t candidate) {
    const hsd_place *p = &run->circle.zones.places[candidate];
    return p->name[0] ? hsd_shown_name(p->name, p->name_en, run->circle.lang) : p->id;
}

/* Rules, request, network, places: everything that can be wrong before the first search. */
hsd_status hsd_delineate_read(hsd_delineate_run *run, hsd_error *err);
/* delineate_official.c: the lists to compare with; and SIZE_MAX: no centre has the id. */
hsd_status hsd_delineate_officials(hsd_delineate_run *run, hsd_error *err);
size_t hsd_centre_of_id(const hsd_delineate_run *run, const char *id, size_t length);
/* delineate_people.c: after the locators are made. */
hsd_status hsd_delineate_people(hsd_delineate_run *run, hsd_error *err);
/* Times of every centre; members by every rule; each candidate's best centre. */
hsd_status hsd_delineate_measure(hsd_delineate_run *run, hsd_error *err);
/* Members of a circle: how many, how large, how many people; NAN: nobody is counted. */
typedef struct hsd_circle_size {
    size_t members;
    double area_km2, population;
} hsd_circle_size;
hsd_circle_size hsd_delineate_size(const hsd_delineate_run *run, const uint8_t *members);
/* In how many circles under a rule a candidate is. */
size_t hsd_delineate_circles(const hsd_delineate_run *run, size_t rule, size_t candidate);

hsd_status hsd_delineate_write(const hsd_delineate_run *run, hsd_error *err);
hsd_status hsd_delineate_write_tables(const hsd_delineate_run *run, hsd_error *err);
hsd_status hsd_delineate_report_make(const hsd_delineate_run *run, hsd_delineate_report *out,
                                     hsd_error *err);
#endif
