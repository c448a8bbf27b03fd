/* Layer legs: a trip from door to door at one instant, leg by leg. Minutes of the legs add up to
 * the trip's, and that is the time the circles, zones and tables have for it. */
#include <string.h>

#include "base/memory.h"
#include "geo/geometry.h"
#include "study/transit_layers.h"

/* ---- Who asks, about what ---- */

/* A point of the far end. */
typedef struct place {
    const char *id, *name;
    hsd_feet feet;
} place;

static hsd_status gates_feet(const hsd_locator *far, const hsd_origin *origin, hsd_feet *out,
                             hsd_error *err) {
    HSD_ARRAY(hsd_foot) all = {0};
    hsd_feet feet = {0};
    hsd_status status = HSD_OK;
    for (size_t g = 0; status == HSD_OK && g < origin->gate_count; g++) {
        status = hsd_locate(far, origin->gates[g].at.lon, origin->gates[g].at.lat, &feet, err);
        for (size_t i = 0; status == HSD_OK && i < feet.count; i++)
            if (!hsd_array_push(&all, feet.feet[i], err)) status = HSD_E_MEMORY;
    }
    hsd_feet_finish(&feet);
    *out = (hsd_feet){.feet = all.data, .count = all.count, .capacity = all.capacity};
    return status;
}

static hsd_status point_feet(const hsd_locator *far, const hsd_place *zone, hsd_feet *out,
                             hsd_error *err) {
    hsd_lonlat at;
    hsd_status status = hsd_geometry_point(&zone->geometry, &at, err);
    return status == HSD_OK ? hsd_locate(far, at.lon, at.lat, out, err) : status;
}

/* A zone before an origin of the same id. */
static hsd_status find_place(const hsd_circle_run *run, const hsd_locator *far, const char *id,
                             place *out, hsd_error *err) {
    *out = (place){0};
    for (size_t z = 0; z < run->zones.place_count; z++) {
        const hsd_place *zone = &run->zones.places[z];
        if (strcmp(zone->id, id) != 0) continue;
        out->id = zone->id;
        out->name = hsd_shown_name(zone->name, zone->name_en, run->lang);
        if (!out->name[0]) out->name = zone->id;
        return zone->fault ? HSD_OK : point_feet(far, zone, &out->feet, err);
    }
    for (size_t o = 0; o < run->origins.count; o++) {
        const hsd_origin *origin = &run->origins.origins[o];
        if (strcmp(origin->id, id) != 0) continue;
        out->id = origin->id;
        out->name = hsd_shown_name(origin->name, origin->name_en, run->lang);
        return gates_feet(far, origin, &out->feet, err);
    }
    return hsd_fail(err, HSD_E_ARGUMENT, "--legs: no zone or origin \"%s\"", id);
}

hsd_status hsd_circle_check_leg_ids(const hsd_circle_run *run, hsd_error *err) {
    for (size_t i = 0; i < run->request->leg_count; i++) {
        hsd_leg_ask ask;
        hsd_status status = hsd_leg_ask_parse(run->request->legs[i], &ask, err);
        if (status != HSD_OK) return status;
        bool origin = false, target = false;
        for (size_t o = 0; o < run->origins.count; o++) {
            origin = origin || strcmp(run->origins.origins[o].id, ask.origin) == 0;
            target = target || strcmp(run->origins.origins[o].id, ask.target) == 0;
        }
        for (size_t z = 0; z < run->zones.place_count; z++)
            target = target || strcmp(run->zones.places[z].id, ask.target) == 0;
        if (!origin)
            return hsd_fail(err, HSD_E_ARGUMENT, "--legs \"%s\": no origin has the id \"%s\"",
                            run->request->legs[i], ask.origin);
        if (!target)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "--legs \"%s\": no zone and no origin has the id \"%s\"",
                            run->request->legs[i], ask.target);
    }
    return HSD_OK;
}

/* The sample at the instant asked for; without one, the first that takes as long as the headline
 * percentile. SIZE_MAX: none. */
static size_t choose_sample(const hsd_transit_trees *trees, size_t way, const hsd_leg_ask *ask,
                            const hsd_feet *feet) {
    const hsd_transit_run *run = trees->run;
    const hsd_reading_part part = hsd_departures_part(trees->ways[way], run->plan.percentiles[0]);
    const size_t phases = part.count / run->ways[way].instant_count;
    if (ask->instant_ms != HSD_UNREACHABLE) {
        for (size_t i = 0; i < run->ways[way].instant_count; i++)
            if (run->ways[way].instants_ms[i] == ask->instant_ms) return i * phases;
        return SIZE_MAX;
    }
    const hsd_reading reading = {.parts = {part}, .part_count = 1};
    const uint32_t ms = hsd_reading_feet_ms(&reading, feet);
    if (ms >= HSD_UNREACHABLE) return 0;
    for (size_t k = 0; k < part.count; k++)
        if (hsd_tree_feet_ms(part.trees[k], feet) == ms) return k;
    return 0;
}

/* ---- Rows ---- */

typedef struct trip_writer {
    const hsd_leg_writer *to;
    const hsd_transit_trees *trees;
    size_t way;
    const place *ends[2]; /* where trips begin, where they end */
    char at[16];          /* the instant asked for */
} trip_writer;

hsd_status hsd_legs_start(const hsd_leg_writer *w, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT,
                   w->scenario ? "scenario/from/to/instant/leg" : "from/to/instant/leg");
    if (w->scenario) hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "baseline, or the scenario");
    hsd_fields_add(&f, "from_id", HSD_FIELD_TEXT, "from");
    hsd_fields_add(&f, "to_id", HSD_FIELD_TEXT, "to");
    hsd_fields_add(&f, "instant", HSD_FIELD_TEXT, "leaving, or arriving: the instant asked for");
    hsd_fields_add(&f, "leg", HSD_FIELD_INT, "number of the leg");
    hsd_fields_add(&f, "kind", HSD_FIELD_TEXT,
                   "access, board, wait, ride, change, walk, egress; direct: without a ride; none: "
                   "no trip");
    hsd_fields_add(&f, "line", HSD_FIELD_TEXT, "line");
    hsd_fields_add(&f, "ride_kind", HSD_FIELD_TEXT, "bus, metro, rail ...");
    hsd_fields_add(&f, "trip", HSD_FIELD_TEXT, "trip: its number, else its id");
    hsd_fields_add(&f, "headsign", HSD_FIELD_TEXT, "where it goes");
    hsd_fields_add(&f, "from_stop", HSD_FIELD_TEXT, "stop, or place, where the leg begins");
    hsd_fields_add(&f, "to_stop", HSD_FIELD_TEXT, "where it ends");
    hsd_fields_add(&f, "depart", HSD_FIELD_TEXT, "HH:MM:SS; after midnight hours count on");
    hsd_fields_add(&f, "arrive", HSD_FIELD_TEXT, "HH:MM:SS");
    hsd_fields_add(&f, "minutes", HSD_FIELD_REAL, "of the leg");
    hsd_fields_add(&f, "total_min", HSD_FIELD_REAL, "from the door to the leg's end");
    static const char *const kinds[] = {"access", "walk", "egress", "direct", "ride"};
    hsd_style_set style;
    hsd_style_by_name(&style, HSD_LOOK_LINE, "kind", kinds, sizeof kinds / sizeof kinds[0]);
    style.style.width_mm = 1;
    return hsd_layer_start(w->file, w->run, "legs", HSD_WORD_LEGS, HSD_GEOMETRY_LINE, &f,
                           &style.style, false, "Trips from door to door, leg by leg", err);
}

static void clock_field(hsd_row *r, uint32_t instant_ms, char buffer[16]) {
    const bool before = instant_ms < HSD_DAY_MS;
    const uint32_t s =
        (before ? HSD_DAY_MS - instant_ms + 999 : instant_ms - HSD_DAY_MS) / 1000; /* down */
    snprintf(buffer, 16, "%s%02u:%02u:%02u", before ? "-" : "", s / 3600 % 100, s / 60 % 60,
             s % 60);
    hsd_row_text(r, buffer);
}

static void begin_row(const trip_writer *t, hsd_row *r, size_t leg, hsd_error *err) {
    const char *scenario = t->to->scenario;
    hsd_row_key(r, hsd_asprintf(err, "%s%s%s/%s/%s/%zu", scenario ? scenario : "",
                                scenario ? "/" : "", t->ends[0]->id, t->ends[1]->id, t->at, leg));
    if (scenario) hsd_row_text(r, scenario);
    hsd_row_text(r, t->ends[0]->id);
    hsd_row_text(r, t->ends[1]->id);
    hsd_row_text(r, t->at);
    hsd_row_int(r, (int64_t)leg);
}

static void ride_fields(const trip_writer *t, const hsd_leg *leg, hsd_row *r) {
    const hsd_timetable *table = t->trees->run->timetable;
    if (leg->trip == HSD_NO_ROW) {
        for (int i = 0; i < 4; i++) hsd_row_null(r);
        return;
    }
    const hsd_trip_row *trip = &table->trips[leg->trip];
    const hsd_line_row *line = &table->lines[trip->line];
    hsd_row_text(r, table->strings + line->name);
    hsd_row_text(r, hsd_ride_kind_name((hsd_ride_kind)line->kind));
    hsd_row_text(r, table->strings + (trip->short_name ? trip->short_name : trip->id));
    hsd_row_text(r, trip->headsign ? table->strings + trip->headsign : NULL);
}

static void stop_field(const trip_writer *t, uint32_t stop, int end, hsd_row *r) {
    const hsd_timetable *table = t->trees->run->timetable;
    hsd_row_text(r, stop == HSD_NO_ROW ? t->ends[end]->name
                                       : table->strings + table->stops[stop].name);
}

static hsd_status write_leg(const trip_writer *t, const hsd_legs *legs, size_t i, hsd_error *err) {
    const hsd_leg *leg = &legs->legs[i];
    hsd_row r = {.count = 0};
    char depart[16], arrive[16];
    begin_row(t, &r, i + 1, err);
    hsd_row_text(&r, hsd_leg_kind_name(leg->kind));
    ride_fields(t, leg, &r);
    stop_field(t, leg->from_stop, 0, &r);
    stop_field(t, leg->to_stop, 1, &r);
    clock_field(&r, leg->start_ms, depart);
    clock_field(&r, leg->end_ms, arrive);
    hsd_row_minutes(&r, leg->end_ms - leg->start_ms);
    hsd_row_minutes(&r, leg->end_ms - legs->legs[0].start_ms);
    size_t ring = leg->point_count;
    hsd_geometry line = {
        HSD_GEOMETRY_LINE, ring, 1, 0, legs->points + leg->first_point, &ring, NULL};
    return hsd_row_write(t->to->file, &r, ring > 1 ? &line : NULL, err);
}

static hsd_status write_none(const trip_writer *t, hsd_error *err) {
    hsd_row r = {.count = 0};
    begin_row(t, &r, 0, err);
    hsd_row_text(&r, "none");
    for (int i = 0; i < 4; i++) hsd_row_null(&r);
    hsd_row_text(&r, t->ends[0]->name);
    hsd_row_text(&r, t->ends[1]->name);
    for (int i = 0; i < 4; i++) hsd_row_null(&r);
    return hsd_row_write(t->to->file, &r, NULL, err);
}

/* Trips of an origin that have their rows: one may be asked for with its instant and without. */
typedef struct told {
    const char *target; /* its id, of the table */
    size_t way, sample;
} told;
typedef HSD_ARRAY(told) told_list;

static bool is_told(const told_list *list, const told *one) {
    for (size_t i = 0; i < list->count; i++)
        if (list->data[i].target == one->target && list->data[i].way == one->way &&
            list->data[i].sample == one->sample)
            return true;
    return false;
}

static hsd_status write_trip(trip_writer *t, const hsd_leg_ask *ask, const place *target,
                             const place *origin, told_list *list, hsd_error *err) {
    const hsd_transit_run *run = t->trees->run;
    const bool to = run->ways[t->way].direction == HSD_TO;
    t->ends[0] = to ? target : origin;
    t->ends[1] = to ? origin : target;
    const size_t sample = choose_sample(t->trees, t->way, ask, &target->feet);
    if (sample == SIZE_MAX) return HSD_OK; /* an instant of the other way */
    const told one = {target->id, t->way, sample};
    if (is_told(list, &one)) return HSD_OK;
    if (!hsd_array_push(list, one, err)) return HSD_E_MEMORY;
    const size_t samples = hsd_departures_count(t->trees->ways[t->way]);
    const size_t phases = samples / run->ways[t->way].instant_count;
    hsd_transit_clock_text(run->ways[t->way].instants_ms[sample / phases], t->at);
    hsd_legs legs = {0};
    hsd_status status =
        hsd_departures_legs(t->trees->ways[t->way], sample, &target->feet, &legs, err);
    if (status == HSD_OK && legs.count == 0) status = write_none(t, err);
    for (size_t i = 0; status == HSD_OK && i < legs.count; i++)
        status = write_leg(t, &legs, i, err);
    hsd_legs_finish(&legs);
    return status;
}

hsd_status hsd_legs_of_origin(const hsd_leg_writer *w, const hsd_transit_trees *trees,
                              size_t origin, hsd_error *err) {
    const hsd_circle_run *run = w->run;
    const hsd_origin *o = &run->origins.origins[origin];
    const place here = {.id = o->id, .name = hsd_shown_name(o->name, o->name_en, run->lang)};
    told_list list = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < run->request->leg_count; i++) {
        hsd_leg_ask ask;
        place target = {0};
        status = hsd_leg_ask_parse(run->request->legs[i], &ask, err);
        if (status != HSD_OK || strcmp(ask.origin, o->id) != 0) continue;
        status = find_place(run, hsd_transit_run_far(trees->run), ask.target, &target, err);
        for (size_t way = 0; status == HSD_OK && way < trees->run->way_count; way++) {
            trip_writer t = {.to = w, .trees = trees, .way = way};
            status = write_trip(&t, &ask, &target, &here, &list, err);
        }
        hsd_feet_finish(&target.feet);
    }
    hsd_array_finish(&list);
    return status;
}

hsd_status hsd_write_legs(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    const hsd_leg_writer w = {.file = file, .run = run};
    hsd_status status = hsd_legs_start(&w, err);
    if (status != HSD_OK) return status;
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        hsd_reading reading;
        if (!hsd_run_result(run, 0, o)->ok) continue;
        status = hsd_origin_trees_read(run->trees, 0, o, &reading, err);
        if (status == HSD_OK) status = hsd_legs_of_origin(&w, &run->trees->transit, o, err);
    }
    return status;
}
