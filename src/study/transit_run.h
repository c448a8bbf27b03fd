/* Runs by timetable, what circle, compare and rank share: a choice read into rules, instants and
 * profiles; the stops joined to the streets; the times of an origin as one reading a percentile.
 * transit_choice.c reads, transit_run.c makes and grows. docs/methods.md, 10 and 11. */
#ifndef STUDY_TRANSIT_RUN_H
#define STUDY_TRANSIT_RUN_H

#include "hourshed/study.h"

#define HSD_MODE_TRANSIT "transit"

/* A choice as numbers, before any network is opened. Percentiles ascend, each once, but for the
 * median, which comes first where it is asked for: the first one is the headline of a run. */
typedef struct hsd_transit_plan {
    hsd_direction direction;
    int32_t date;
    hsd_transit_rules rules;
    double *percentiles;
    size_t percentile_count;
    uint32_t arrive_ms, depart_ms; /* instants; of a run to a place the first, else the second; a
                                    * day return has both */
    size_t instant_count;          /* a minute apart */
    bool day_return;
} hsd_transit_plan;
/* mode: what the request says. Not HSD_MODE_TRANSIT: any choice is said to be idle. */
hsd_status hsd_transit_plan_read(const hsd_transit_choice *choice, const char *mode,
                                 hsd_direction direction, hsd_transit_plan *out, hsd_error *err);
void hsd_transit_plan_finish(hsd_transit_plan *plan);
/* The longest trip that is on the clock at every instant (HSD_TO: back to where it begins). */
uint32_t hsd_transit_plan_reach_ms(const hsd_transit_plan *plan);
/* HH:MM[:SS] up to 30:00 as an instant, and back (of 24 h before the date on; "-01:30" is before
 * its midnight): without seconds where there are none. */
bool hsd_transit_clock(const char *text, uint32_t *instant_ms);
void hsd_transit_clock_text(uint32_t instant_ms, char buffer[16]);

/* What the percentiles of a run share. Each percentile is a profile run of its own, so that core
 * (inside under all) and fringe (under some) mean what they mean for profiles. */
typedef struct hsd_transit_run {
    hsd_transit_plan plan;
    const hsd_timetable *timetable;
    int access_profile, egress_profile, walk_profile; /* of the network */
    const hsd_locator *access, *egress, *walk;        /* may be one and the same */
    hsd_stop_set *stops;
    hsd_stop_set *back; /* of a day return whose ends differ: access and egress exchanged; NULL:
                         * the same stops */
    /* One search; of a day return two: there (HSD_TO), back (HSD_FROM). Their near ends are one and
     * the same, and so are the far ends. */
    struct {
        hsd_direction direction;
        hsd_transit *transit;
        uint32_t *instants_ms;
        size_t instant_count;
    } ways[2];
    size_t way_count;
    hsd_locator *own[3];            /* those of access, egress, walk that the run made */
    bool shares_plan, shares_stops; /* a scenario's: borrowed */
} hsd_transit_run;

/* Takes the plan over (also on failure). Timetable, date and profiles: everything that can be
 * wrong. name: the network's, for messages. */
hsd_status hsd_transit_run_open(hsd_transit_run *run, hsd_transit_plan *plan,
                                const hsd_transit_choice *choice, const hsd_network *network,
                                const hsd_network_info *info, const char *name, hsd_error *err);
/* The network has a timetable; proposals may bring one where it has none. */
hsd_status hsd_transit_run_need(const hsd_transit_run *run, const char *name, hsd_error *err);
/* The locators; then stops and trips, which is work. */
hsd_status hsd_transit_run_locate(hsd_transit_run *run, const hsd_network *network,
                                  const hsd_locator_options *options, hsd_error *err);
hsd_status hsd_transit_run_make(hsd_transit_run *run, const hsd_run *settings, hsd_error *err);
/* The same asked of another timetable, of other locators (all borrowed, as is the base; NULL: the
 * base's). same_stops: the timetable's stops and the locators are the base's: shares its set. */
typedef struct hsd_transit_ends {
    const hsd_locator *access, *egress, *walk;
} hsd_transit_ends;
hsd_status hsd_transit_run_adapt(const hsd_transit_run *base, const hsd_timetable *timetable,
                                 const hsd_transit_ends *ends, bool same_stops,
                                 const hsd_run *settings, hsd_transit_run *out, hsd_error *err);
void hsd_transit_run_finish(hsd_transit_run *run);

/* Of a run to a place the far end is where trips begin. */
const hsd_locator *hsd_transit_run_near(const hsd_transit_run *run);
const hsd_locator *hsd_transit_run_far(const hsd_transit_run *run);
int hsd_transit_run_near_profile(const hsd_transit_run *run);
int hsd_transit_run_far_profile(const hsd_transit_run *run);
/* Whether one may go all the way without a ride: the far end's profile is no car. */
bool hsd_transit_run_direct(const hsd_transit_run *run, const hsd_network_info *info);

/* Scratch of one thread. */
typedef struct hsd_transit_trees {
    const hsd_transit_run *run;
    hsd_departures *ways[2];
} hsd_transit_trees;
hsd_status hsd_transit_trees_init(hsd_transit_trees *trees, const hsd_transit_run *run,
                                  hsd_error *err);
void hsd_transit_trees_finish(hsd_transit_trees *trees);
/* near: seeds under the near end's profile; direct: under the far end's, where one may go all the
 * way. */
hsd_status hsd_transit_trees_grow(hsd_transit_trees *trees, const hsd_seed *near, size_t near_count,
                                  const hsd_seed *direct, size_t direct_count, uint32_t limit_ms,
                                  hsd_error *err);
/* The stops alone: for egress tables. */
hsd_status hsd_transit_trees_ride(hsd_transit_trees *trees, const hsd_seed *near, size_t near_count,
                                  const hsd_seed *direct, size_t direct_count, uint32_t limit_ms,
                                  hsd_error *err);
/* After _grow, until the next: what the times of a percentile are read from. */
hsd_reading hsd_transit_trees_reading(const hsd_transit_trees *trees, double percentile);
/* Share of samples with t <= limit at a point's feet; of a day return the lesser of the two. */
double hsd_transit_trees_share(const hsd_transit_trees *trees, const hsd_feet *feet,
                               uint32_t limit_ms);
/* "transit p50": the name of a percentile's profile run. */
void hsd_transit_name(double percentile, char buffer[32]);
#endif
