/* Layer reached_stops: when one can leave each stop, at each percentile, and the ride one came by.
 * Journeys cost a search a sample, so stops are asked for sample by sample. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "study/circle_map.h"
#include "study/transit_layers.h"
#include "times/departures.h"

typedef struct reached {
    uint32_t stop, ms;
    size_t profile, sample; /* the first one that takes this long; on the way there */
    double share;
    uint32_t trip; /* HSD_NO_ROW: none */
    uint32_t rides;
} reached;
typedef HSD_ARRAY(reached) reached_list;

static void sort(reached_list *list, int (*order)(const void *, const void *)) {
    if (list->count) qsort(list->data, list->count, sizeof *list->data, order);
}

static int by_sample(const void *a, const void *b) {
    const reached *x = a, *y = b;
    return (x->sample > y->sample) - (x->sample < y->sample);
}
static int by_place(const void *a, const void *b) {
    const reached *x = a, *y = b;
    if (x->profile != y->profile) return x->profile < y->profile ? -1 : 1;
    return (x->stop > y->stop) - (x->stop < y->stop);
}

static double share_of(const hsd_transit_trees *trees, uint32_t stop, uint32_t limit) {
    double least = 1;
    for (size_t w = 0; w < trees->run->way_count; w++) {
        const size_t samples = hsd_departures_samples(trees->ways[w]);
        const uint32_t *lane = hsd_departures_lane(trees->ways[w], stop);
        size_t within = 0;
        for (size_t k = 0; k < samples; k++) within += lane[k] <= limit;
        least = fmin(least, (double)within / (double)samples);
    }
    return least;
}

/* Of a day return the longer way; the journey is the one there. */
static bool measure(const hsd_transit_trees *trees, uint32_t stop, double percentile,
                    uint32_t limit, reached *out) {
    *out = (reached){.stop = stop, .trip = HSD_NO_ROW};
    for (size_t w = 0; w < trees->run->way_count; w++) {
        const hsd_departures *way = trees->ways[w];
        const size_t rank = hsd_percentile_rank(percentile, hsd_departures_count(way));
        const uint32_t ms = hsd_departures_stop_ms(way, stop, rank);
        if (ms > limit) return false;
        if (ms > out->ms) out->ms = ms;
        if (w == 0) out->sample = hsd_departures_stop_sample(way, stop, rank);
    }
    out->share = share_of(trees, stop, limit);
    return true;
}

/* At every percentile; all of what the list held before is gone. */
static hsd_status find_reached(const hsd_circle_run *run, const hsd_transit_trees *trees,
                               reached_list *out, hsd_error *err) {
    const hsd_timetable *t = run->transit->timetable;
    const uint32_t limit = run->cutoffs_ms[run->cutoff_count - 1];
    reached one;
    out->count = 0;
    for (size_t p = 0; p < run->profile_count; p++)
        for (uint32_t s = 0; s < t->stop_count; s++) {
            if (t->stops[s].is_station ||
                !measure(trees, s, run->profiles[p].percentile, limit, &one))
                continue;
            one.profile = p;
            if (!hsd_array_push(out, one, err)) return HSD_E_MEMORY;
        }
    return HSD_OK;
}

/* The ride next to the stop: the last one of trips from the origin, the first of trips to it. */
static hsd_status find_rides(const hsd_circle_run *run, const hsd_transit_trees *trees,
                             reached_list *list, hsd_error *err) {
    hsd_departures *d = trees->ways[0];
    hsd_journey journey = {0};
    hsd_status status = HSD_OK;
    sort(list, by_sample);
    for (size_t i = 0; status == HSD_OK && i < list->count; i++) {
        reached *r = &list->data[i];
        status = hsd_departures_run(d, r->sample, err);
        if (status == HSD_OK)
            status = hsd_raptor_journey(d->raptors[r->sample % d->transit->day_count], r->stop,
                                        &journey, err);
        if (status != HSD_OK || journey.count == 0) continue;
        const bool to = run->request->direction == HSD_TO;
        r->trip = journey.rides[to ? 0 : journey.count - 1].trip;
        r->rides = (uint32_t)journey.count;
    }
    hsd_journey_finish(&journey);
    sort(list, by_place);
    return status;
}

static hsd_status write_row(hsd_dataset *file, const hsd_circle_run *run, size_t o,
                            const reached *s, hsd_error *err) {
    const hsd_timetable *t = run->transit->timetable;
    const hsd_stop_row *stop = &t->stops[s->stop];
    const char *profile = run->profiles[s->profile].name;
    const char *feed = stop->feed == HSD_NO_ROW ? "" : t->strings + t->feeds[stop->feed].name;
    hsd_row r = {.count = 0};
    hsd_row_key(&r, hsd_asprintf(err, "%s/%s/%s/%s", run->origins.origins[o].id, profile, feed,
                                 t->strings + stop->id));
    hsd_row_text(&r, run->origins.origins[o].id);
    hsd_row_text(&r, profile);
    hsd_row_percentile(&r, run, profile);
    hsd_row_text(&r, t->strings + stop->id);
    hsd_row_text(&r, t->strings + stop->name);
    hsd_row_text(&r, feed[0] ? feed : NULL);
    hsd_row_minutes(&r, s->ms);
    size_t c = 0;
    while (c + 1 < run->cutoff_count && s->ms > run->cutoffs_ms[c]) c++;
    hsd_row_real(&r, hsd_cutoff_minutes(run, c));
    if (s->trip != HSD_NO_ROW) {
        const hsd_trip_row *trip = &t->trips[s->trip];
        const hsd_line_row *line = &t->lines[trip->line];
        hsd_row_text(&r, t->strings + line->name);
        hsd_row_text(&r, hsd_ride_kind_name((hsd_ride_kind)line->kind));
        hsd_row_text(&r, t->strings + (trip->short_name ? trip->short_name : trip->id));
        hsd_row_text(&r, trip->headsign ? t->strings + trip->headsign : NULL);
        hsd_row_int(&r, s->rides);
    } else {
        for (int i = 0; i < 5; i++) hsd_row_null(&r);
    }
    hsd_row_real(&r, s->share);
    hsd_lonlat at = {stop->lon, stop->lat};
    hsd_geometry point = hsd_point_geometry(&at);
    return hsd_row_write(file, &r, &point, err);
}

static hsd_status start_layer(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "origin/profile/feed/stop");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_percentile(&f, run);
    hsd_fields_add(&f, "stop_id", HSD_FIELD_TEXT, "stop, as in its feed");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name of the stop");
    hsd_fields_add(&f, "feed", HSD_FIELD_TEXT, "feed; empty: of a proposal");
    hsd_fields_add(
        &f, "time_min", HSD_FIELD_REAL,
        "minutes until one can leave the stop (to a place: from when one must be there)");
    hsd_fields_add(&f, "within_min", HSD_FIELD_REAL, "smallest cut-off it lies within, minutes");
    hsd_fields_add(&f, "line", HSD_FIELD_TEXT, "line of the ride next to the stop");
    hsd_fields_add(&f, "kind", HSD_FIELD_TEXT, "kind of that ride");
    hsd_fields_add(&f, "trip", HSD_FIELD_TEXT, "trip: its number, else its id");
    hsd_fields_add(&f, "headsign", HSD_FIELD_TEXT, "where it goes");
    hsd_fields_add(&f, "rides", HSD_FIELD_INT, "rides of the trip");
    hsd_fields_add(&f, "share", HSD_FIELD_REAL,
                   "share of the window's instants at which it is within the largest cut-off");
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    const size_t shown = hsd_cutoffs_shown(run, cutoffs);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_POINT, "time_min", cutoffs, shown,
                        hsd_word_text(HSD_WORD_MINUTES, run->lang));
    style.style.size_mm = 1.4;
    if (run->info.edges == 0) style.style.label_field = "name";
    hsd_percentile_views views;
    hsd_status status = hsd_percentile_views_make(&views, run, HSD_WORD_REACHED_STOPS, err);
    const bool streets = run->info.edges > 0; /* what stops would hide */
    for (size_t v = 0; streets && v < views.count; v++) views.list[v].hidden = true;
    const hsd_layer_spec spec = {.name = "reached_stops",
                                 .geometry = HSD_GEOMETRY_POINT,
                                 .fields = f.list,
                                 .field_count = f.count,
                                 .title = hsd_word_text(HSD_WORD_REACHED_STOPS, run->lang),
                                 .description =
                                     "Stops one can get off at (or board at) within the cut-off",
                                 .style = &style.style,
                                 .background = true, /* lines run on where no streets are drawn */
                                 .hidden = streets,
                                 .views = views.list,
                                 .view_count = views.count};
    if (status == HSD_OK) status = hsd_dataset_layer(file, &spec, err);
    hsd_percentile_views_finish(&views);
    return status;
}

hsd_status hsd_write_stops(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    reached_list list = {0};
    hsd_status status = start_layer(file, run, err);
    if (status != HSD_OK) return status;
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        if (!hsd_run_result(run, 0, o)->ok) continue;
        hsd_reading reading;
        status = hsd_origin_trees_read(run->trees, 0, o, &reading, err);
        if (status == HSD_OK) status = find_reached(run, &run->trees->transit, &list, err);
        if (status == HSD_OK) status = find_rides(run, &run->trees->transit, &list, err);
        for (size_t i = 0; status == HSD_OK && i < list.count; i++)
            status = write_row(file, run, o, &list.data[i], err);
        if (status == HSD_OK)
            status = hsd_progress(run->run, "reached stops",
                                  (double)(o + 1) / (double)run->origins.count, err);
    }
    hsd_array_finish(&list);
    return status;
}

/* ---- In the picture ---- */

static int by_time(const void *a, const void *b) {
    const reached *x = a, *y = b;
    if (x->ms != y->ms) return x->ms < y->ms ? -1 : 1;
    return (x->stop > y->stop) - (x->stop < y->stop);
}

/* known: of stops, those drawn for an origin before. */
static hsd_status draw_reached(const hsd_circle_run *run, hsd_map *map, const reached_list *list,
                               uint8_t *known, hsd_error *err) {
    enum { NAMED = 40 };
    const hsd_timetable *t = run->transit->timetable;
    const hsd_map_style style = {.fill_rgba = HSD_COLOUR_ZONE, .point_px = 4};
    hsd_status status = HSD_OK;
    size_t named = 0;
    for (size_t i = 0; status == HSD_OK && i < list->count; i++) {
        const reached *r = &list->data[i];
        const hsd_stop_row *stop = &t->stops[r->stop];
        if (r->profile > 0 || known[r->stop]) continue;
        known[r->stop] = 1;
        const bool name = named++ < NAMED;
        status = hsd_map_point(map, (hsd_lonlat){stop->lon, stop->lat}, &style,
                               name ? t->strings + stop->name : NULL, err);
    }
    return status;
}

/* Where no streets are drawn the stops are what people know; those first reached have names. */
hsd_status hsd_map_stops(const hsd_circle_run *run, hsd_map *map, hsd_error *err) {
    enum { FEW_ORIGINS = 4 };
    if (!run->transit || run->info.edges > 0 || run->origins.count > FEW_ORIGINS) return HSD_OK;
    hsd_reading reading;
    reached_list list = {0};
    uint8_t *known = hsd_calloc(run->transit->timetable->stop_count, 1, err);
    hsd_status status = known ? HSD_OK : HSD_E_MEMORY;
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        if (!hsd_run_result(run, 0, o)->ok) continue;
        status = hsd_origin_trees_read(run->trees, 0, o, &reading, err);
        if (status == HSD_OK) status = find_reached(run, &run->trees->transit, &list, err);
        if (status != HSD_OK) break;
        sort(&list, by_time);
        status = draw_reached(run, map, &list, known, err);
    }
    hsd_free(known);
    hsd_array_finish(&list);
    return status;
}
