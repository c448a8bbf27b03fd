/* A date of a timetable, ready to be searched: which trips run (runs.c), as patterns with the times
 * of their trips in columns (patterns.c), in the direction of the search.
 *
 * HSD_TO sees the same trips in a mirror: instants are CLOCK_END - t, sequences reversed, arrivals
 * for departures and boarding for alighting; day.h says so in five small functions. The engine
 * knows one direction only. Invariant: in each pattern every column ascends, and along a run too.
 */
#include "transit/day.h"

hsd_status hsd_day_create(const hsd_timetable *timetable, const hsd_day_options *options,
                          hsd_day **out, hsd_error *err) {
    *out = NULL;
    if (options->phase_count > 0 ? options->phase >= options->phase_count : options->phase > 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "phase %u: there are %u, counted from 0",
                        options->phase, options->phase_count);
    hsd_day *day = hsd_calloc(1, sizeof *day, err);
    if (day == NULL) return HSD_E_MEMORY;
    day->timetable = timetable;
    day->options = *options;
    day_runs runs = {0};
    hsd_status status = day_collect_runs(timetable, options, &runs, err);
    if (status == HSD_OK && runs.count >= UINT32_MAX)
        status = hsd_fail(err, HSD_E_MEMORY, "%zu trips in view of one date: more than %u",
                          runs.count, UINT32_MAX - 1);
    if (status == HSD_OK && !day_group_runs(day, &runs, err)) status = HSD_E_MEMORY;
    hsd_array_finish(&runs);
    if (status != HSD_OK) {
        hsd_day_destroy(day);
        return status;
    }
    *out = day;
    return HSD_OK;
}

void hsd_day_destroy(hsd_day *day) {
    if (day == NULL) return;
    hsd_free(day->runs);
    hsd_free(day->patterns);
    hsd_free(day->pattern_stops);
    hsd_free(day->departures);
    hsd_free(day->arrivals);
    hsd_free(day->first_place);
    hsd_free(day->board_end);
    hsd_free(day->places);
    hsd_free(day);
}

hsd_day_info hsd_day_info_get(const hsd_day *day) {
    return (hsd_day_info){.patterns = day->pattern_count,
                          .headway_patterns = day->headway_count,
                          .trips = day->run_count,
                          .calls = day->time_count};
}
