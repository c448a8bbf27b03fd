/* The summary: what a scenario changes for an origin, a cut-off and a profile, in sentences that
 * can be pasted; also where nothing changes, and why. Every number is one of the layers'. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "study/compare_transit.h"
#include "study/rows.h"
#include "study/sentences.h"

enum { MOST_VALUES = 12, MOST_PLACES = 8 };

/* One origin, profile, scenario and (but for pairs) cut-off, with the values said of it. */
typedef struct speaker {
    const hsd_compare_run *run;
    hsd_summary_visit visit;
    void *context;
    size_t p, o, s, c;
    hsd_sentence_value values[MOST_VALUES];
    size_t count;
    hsd_text lists[2]; /* places, English and Chinese */
    char profile[2][64];
} speaker;

static void say_text(speaker *k, const char *key, const char *en, const char *zh) {
    k->values[k->count++] = (hsd_sentence_value){key, HSD_SAY_TEXT, en, zh, 0};
}
static void say(speaker *k, const char *key, double number) {
    k->values[k->count++] = (hsd_sentence_value){key, HSD_SAY_AMOUNT, NULL, NULL, number};
}
static void say_count(speaker *k, const char *key, double number) {
    k->values[k->count++] = (hsd_sentence_value){key, HSD_SAY_COUNT, NULL, NULL, number};
}
static void say_minutes(speaker *k, const char *key, uint32_t ms) {
    say(k, key, ms < HSD_UNREACHABLE ? ms / 60000.0 : NAN);
}

static void say_origin(speaker *k, const char *key, size_t origin) {
    const hsd_origin *o = &k->run->circle.origins.origins[origin];
    say_text(k, key, hsd_shown_name(o->name, o->name_en, "en"), o->name);
}

/* By timetable "transit, median". */
static void say_profile(speaker *k) {
    const hsd_profile_run *profile = &k->run->circle.profiles[k->p];
    if (!profile->transit) {
        say_text(k, "profile", profile->name, NULL);
        return;
    }
    static const char *const ranks[2][2] = {{"transit, median", "公共交通，中位数"},
                                            {"transit, percentile %g", "公共交通，第 %g 百分位"}};
    const bool median = profile->percentile == 50;
    for (int i = 0; i < 2; i++)
        snprintf(k->profile[i], sizeof k->profile[i], ranks[!median][i], profile->percentile);
    say_text(k, "profile", k->profile[0], k->profile[1]);
}

static void begin(speaker *k) {
    const hsd_compare_run *run = k->run;
    k->count = 0;
    say_text(k, "scenario", hsd_compare_shown(run, k->s, "en"), hsd_compare_shown(run, k->s, "zh"));
    say_profile(k);
    say_origin(k, "origin", k->o);
    k->values[k->count++] = (hsd_sentence_value){"minutes", HSD_SAY_PLAIN, NULL, NULL,
                                                 hsd_cutoff_minutes(&run->circle, k->c)};
}

static hsd_status tell(speaker *k, hsd_sentence sentence, hsd_error *err) {
    hsd_text text[2] = {{0}, {0}};
    hsd_sentence_add(&text[0], sentence, "en", k->values, k->count);
    hsd_sentence_add(&text[1], sentence, "zh", k->values, k->count);
    hsd_status status = HSD_OK;
    if (text[0].failed || text[1].failed)
        status = hsd_fail(err, HSD_E_MEMORY, "out of memory: sentences");
    else
        status = k->visit(k->context, k->s, k->o, k->p, k->c, text[0].data, text[1].data, err);
    hsd_text_finish(&text[0]);
    hsd_text_finish(&text[1]);
    return status;
}

/* ---- People and areas ---- */

static bool first_mass(const speaker *k, const char **en, const char **zh) {
    const hsd_place_table *people = &k->run->circle.population;
    if (!people->mass_count) return false;
    bool persons = strcmp(people->mass_names[0], "population") == 0;
    *en = persons ? hsd_word_text(HSD_WORD_PEOPLE, "en") : people->mass_names[0];
    *zh = persons ? hsd_word_text(HSD_WORD_PEOPLE, "zh") : people->mass_names[0];
    return true;
}

static hsd_status tell_people(speaker *k, hsd_error *err) {
    const hsd_compare_run *run = k->run;
    const char *en, *zh;
    hsd_status status = HSD_OK;
    if (!first_mass(k, &en, &zh)) return status;
    size_t at = k->c * run->circle.population.mass_count;
    double gained = hsd_change_mass(run, k->p, k->o, k->s, k->c, HSD_CHANGE_GAINED, 0);
    double lost = hsd_change_mass(run, k->p, k->o, k->s, k->c, HSD_CHANGE_LOST, 0);
    if (gained >= 0.5) {
        begin(k);
        say_text(k, "mass", en, zh);
        say_count(k, "gained", gained);
        say_count(k, "before", hsd_scene_result_at(run, k->p, k->o, 0)->masses[at]);
        say_count(k, "after", hsd_scene_times(run, k->p, k->o, k->s)->masses[at]);
        status = tell(k, HSD_SENTENCE_PEOPLE, err);
    }
    if (status == HSD_OK && lost >= 0.5) {
        begin(k);
        say_text(k, "mass", en, zh);
        say_count(k, "lost", lost);
        status = tell(k, HSD_SENTENCE_LOST_PEOPLE, err);
    }
    return status;
}

static hsd_status tell_areas(speaker *k, hsd_error *err) {
    const hsd_circle *before = &hsd_scene_result_at(k->run, k->p, k->o, 0)->circles[k->c];
    const hsd_circle *after = &hsd_scene_times(k->run, k->p, k->o, k->s)->circles[k->c];
    const hsd_scene_result *result = hsd_scene_result_at(k->run, k->p, k->o, k->s);
    hsd_status status = HSD_OK;
    if (result->same) return status;
    if (result->changes[k->c].gained_km2 >= 0.05) {
        begin(k);
        say(k, "gained", result->changes[k->c].gained_km2);
        say(k, "before", before->area_km2);
        say(k, "after", after->area_km2);
        say(k, "road", fmax(0, after->reached_km - before->reached_km));
        status = tell(k, HSD_SENTENCE_AREA, err);
    }
    if (status == HSD_OK && result->changes[k->c].lost_km2 >= 0.05) {
        begin(k);
        say(k, "lost", result->changes[k->c].lost_km2);
        status = tell(k, HSD_SENTENCE_LOST_AREA, err);
    }
    return status;
}

/* ---- Places ---- */

static const char *place_name(const hsd_place *place, const char *lang) {
    const char *name = hsd_shown_name(place->name, place->name_en, lang);
    return name && name[0] ? name : place->id;
}

/* "A, B and 3 more": those whose point comes in (or falls out). */
static size_t list_places(speaker *k, const uint32_t *from, const uint32_t *to) {
    const hsd_circle_run *c = &k->run->circle;
    uint32_t cutoff = c->cutoffs_ms[k->c];
    size_t found = 0;
    for (size_t i = 0; i < 2; i++) {
        k->lists[i].length = 0;
        hsd_text_add(&k->lists[i], "");
    }
    for (size_t z = 0; z < c->zones.place_count; z++) {
        const hsd_place *place = &c->zones.places[z];
        if (!(from[z] > cutoff && to[z] <= cutoff) || found++ >= MOST_PLACES) continue;
        hsd_text_addf(&k->lists[0], "%s%s", found > 1 ? ", " : "", place_name(place, "en"));
        hsd_text_addf(&k->lists[1], "%s%s", found > 1 ? "、" : "", place_name(place, "zh"));
    }
    if (found > MOST_PLACES) {
        hsd_text_addf(&k->lists[0], " and %zu more", found - MOST_PLACES);
        hsd_text_addf(&k->lists[1], "等 %zu 处", found);
    }
    return found;
}

static hsd_status tell_places(speaker *k, hsd_error *err) {
    const uint32_t *before = hsd_scene_result_at(k->run, k->p, k->o, 0)->zone_ms;
    const uint32_t *after = hsd_scene_times(k->run, k->p, k->o, k->s)->zone_ms;
    hsd_status status = HSD_OK;
    for (size_t lost = 0; before && status == HSD_OK && lost < 2; lost++) {
        if (!list_places(k, lost ? after : before, lost ? before : after)) continue;
        if (k->lists[0].failed || k->lists[1].failed)
            return hsd_fail(err, HSD_E_MEMORY, "out of memory: names of places");
        begin(k);
        say_text(k, "places", k->lists[0].data, k->lists[1].data);
        status = tell(k, lost ? HSD_SENTENCE_LOST_PLACES : HSD_SENTENCE_PLACES, err);
    }
    return status;
}

size_t hsd_compare_most_saved(const hsd_compare_run *run, size_t p, size_t o, size_t s) {
    const uint32_t *before = hsd_scene_result_at(run, p, o, 0)->zone_ms;
    const uint32_t *after = hsd_scene_times(run, p, o, s)->zone_ms;
    uint32_t most = 0;
    size_t best = SIZE_MAX;
    for (size_t z = 0; before && z < run->circle.zones.place_count; z++) {
        bool counts = before[z] < HSD_UNREACHABLE && after[z] < before[z];
        if (!counts || before[z] - after[z] <= most) continue;
        most = before[z] - after[z];
        best = z;
    }
    return best;
}

/* "To B one takes the line L from C to D": of the largest saving, by timetable. */
static hsd_status tell_ride(speaker *k, const hsd_place *place, hsd_error *err) {
    const hsd_scene *scene = hsd_scene_of(k->run, k->p, k->s);
    const hsd_ridden *ride = &hsd_scene_result_at(k->run, k->p, k->o, k->s)->saving_ride;
    if (!scene->transit || !hsd_ridden_line(scene, ride)) return HSD_OK;
    begin(k);
    say_text(k, "place", place_name(place, "en"), place_name(place, "zh"));
    say_text(k, "line", hsd_ridden_line(scene, ride), NULL);
    say_text(k, "board", hsd_ridden_stop(scene, ride->from_stop), NULL);
    say_text(k, "alight", hsd_ridden_stop(scene, ride->to_stop), NULL);
    return tell(k,
                k->run->circle.request->direction == HSD_TO ? HSD_SENTENCE_RIDE_TO
                                                            : HSD_SENTENCE_RIDE_FROM,
                err);
}

static hsd_status tell_saving(speaker *k, hsd_error *err) {
    const hsd_circle_run *c = &k->run->circle;
    const uint32_t *before = hsd_scene_result_at(k->run, k->p, k->o, 0)->zone_ms;
    const uint32_t *after = hsd_scene_times(k->run, k->p, k->o, k->s)->zone_ms;
    const size_t best = hsd_compare_most_saved(k->run, k->p, k->o, k->s);
    if (best == SIZE_MAX) return HSD_OK;
    const uint32_t most = before[best] - after[best];
    if (most < 3000) return HSD_OK; /* 0.05 minutes: it would read 0.0 */
    const hsd_place *place = &c->zones.places[best];
    begin(k);
    say(k, "saving", most / 60000.0);
    say_minutes(k, "before", before[best]);
    say_minutes(k, "after", after[best]);
    say_text(k, "place", place_name(place, "en"), place_name(place, "zh"));
    const bool to = c->request->direction == HSD_TO;
    hsd_status status = tell(k, to ? HSD_SENTENCE_SAVING_TO : HSD_SENTENCE_SAVING_FROM, err);
    return status == HSD_OK ? tell_ride(k, place, err) : status;
}

/* ---- Nothing ---- */

static bool has_links(const speaker *k) {
    return hsd_scene_of(k->run, k->p, k->s)->overlay != NULL;
}

static bool crosses(const uint32_t *before, const uint32_t *after, size_t count, uint32_t cutoff) {
    for (size_t i = 0; before && i < count; i++)
        if ((before[i] <= cutoff) != (after[i] <= cutoff)) return true;
    return false;
}

/* Something that a sentence says crosses the cut-off. */
static bool anything(const speaker *k) {
    const hsd_compare_run *run = k->run;
    const hsd_scene_result *result = hsd_scene_result_at(run, k->p, k->o, k->s);
    const hsd_scene_result *before = hsd_scene_result_at(run, k->p, k->o, 0);
    if (result->same) return false;
    const hsd_change *change = &result->changes[k->c];
    return change->gained_km2 >= 0.05 || change->lost_km2 >= 0.05 ||
           crosses(before->zone_ms, result->zone_ms, run->circle.zones.place_count,
                   run->circle.cutoffs_ms[k->c]) ||
           (run->circle.population.mass_count &&
            (hsd_change_mass(run, k->p, k->o, k->s, k->c, HSD_CHANGE_GAINED, 0) >= 0.5 ||
             hsd_change_mass(run, k->p, k->o, k->s, k->c, HSD_CHANGE_LOST, 0) >= 0.5));
}

/* Once, of the largest cut-off, where nothing crosses any. */
static hsd_status tell_nothing(speaker *k, hsd_error *err) {
    const hsd_scene_result *result = hsd_scene_result_at(k->run, k->p, k->o, k->s);
    begin(k);
    if (!result->same) return tell(k, HSD_SENTENCE_NONE_CROSSES, err);
    if (k->run->scenarios[k->s - 1].proposal_count == 0)
        return tell(k, HSD_SENTENCE_NO_PROPOSAL, err);
    if (k->run->circle.transit) return tell(k, HSD_SENTENCE_NO_TRAIN_USED, err);
    return tell(k, has_links(k) ? HSD_SENTENCE_NO_LINK_USED : HSD_SENTENCE_NO_ROAD_USED, err);
}

/* ---- Pairs ---- */

static hsd_status tell_pair(speaker *k, size_t other, uint32_t before, uint32_t after,
                            hsd_error *err) {
    const hsd_circle_run *c = &k->run->circle;
    bool to = c->request->direction == HSD_TO;
    for (k->c = 0; k->c < c->cutoff_count; k->c++) {
        uint32_t cutoff = c->cutoffs_ms[k->c];
        if ((before <= cutoff) == (after <= cutoff)) continue;
        bool in = after <= cutoff;
        begin(k);
        say_origin(k, "from", to ? other : k->o);
        say_origin(k, "to", to ? k->o : other);
        say_minutes(k, "before", before);
        say_minutes(k, "after", after);
        hsd_sentence in_kind = before < HSD_UNREACHABLE ? HSD_SENTENCE_PAIR_IN
                               : c->transit             ? HSD_SENTENCE_PAIR_SERVED
                                                        : HSD_SENTENCE_PAIR_JOINED;
        hsd_sentence out_kind = after < HSD_UNREACHABLE ? HSD_SENTENCE_PAIR_OUT
                                : c->transit            ? HSD_SENTENCE_PAIR_UNSERVED
                                                        : HSD_SENTENCE_PAIR_CUT;
        return tell(k, in ? in_kind : out_kind, err); /* the smallest cut-off says it */
    }
    return HSD_OK;
}

static hsd_status tell_pairs(speaker *k, hsd_error *err) {
    const hsd_compare_run *run = k->run;
    const uint32_t *before = hsd_scene_city_ms(hsd_scene_result_at(run, k->p, k->o, 0));
    const uint32_t *after = hsd_scene_city_ms(hsd_scene_result_at(run, k->p, k->o, k->s));
    hsd_status status = HSD_OK;
    for (size_t i = 0; before && status == HSD_OK && i < run->circle.origins.count; i++)
        if (i != k->o) status = tell_pair(k, i, before[i], after[i], err);
    return status;
}

static hsd_status tell_origin(speaker *k, hsd_error *err) {
    hsd_status status = HSD_OK;
    bool any = false;
    for (k->c = 0; status == HSD_OK && k->c < k->run->circle.cutoff_count; k->c++) {
        any = any || anything(k);
        status = tell_people(k, err);
        if (status == HSD_OK) status = tell_areas(k, err);
        if (status == HSD_OK) status = tell_places(k, err);
    }
    k->c = k->run->circle.cutoff_count - 1;
    if (status == HSD_OK && !any) status = tell_nothing(k, err);
    if (status == HSD_OK) status = tell_saving(k, err);
    return status == HSD_OK ? tell_pairs(k, err) : status;
}

hsd_status hsd_summary_tell(const hsd_compare_run *run, hsd_summary_visit visit, void *context,
                            hsd_error *err) {
    speaker k = {.run = run, .visit = visit, .context = context};
    hsd_status status = HSD_OK;
    for (k.s = 1; k.s < run->scene_count; k.s++)
        for (k.o = 0; k.o < run->circle.origins.count; k.o++)
            for (k.p = 0; status == HSD_OK && k.p < run->circle.profile_count; k.p++)
                if (hsd_run_result(&run->circle, k.p, k.o)->ok) status = tell_origin(&k, err);
    hsd_text_finish(&k.lists[0]);
    hsd_text_finish(&k.lists[1]);
    return status;
}

/* ---- The layer ---- */

typedef struct writer {
    hsd_dataset *file;
    const hsd_compare_run *run;
    int64_t id;
} writer;

static hsd_status write_sentence(void *context, size_t s, size_t o, size_t p, size_t c,
                                 const char *en, const char *zh, hsd_error *err) {
    writer *w = context;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, ++w->id);
    hsd_row_text(&r, hsd_scene_name(w->run, s));
    hsd_row_text(&r, w->run->circle.origins.origins[o].id);
    hsd_row_text(&r, w->run->circle.profiles[p].name);
    hsd_row_real(&r, hsd_cutoff_minutes(&w->run->circle, c));
    hsd_row_text(&r, en);
    hsd_row_text(&r, zh);
    return hsd_row_write(w->file, &r, NULL, err);
}

hsd_status hsd_write_summary(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "sentence");
    hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "scenario");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "cut-off, minutes");
    hsd_fields_add(&f, "text_en", HSD_FIELD_TEXT, "the sentence in English");
    hsd_fields_add(&f, "text_zh", HSD_FIELD_TEXT, "the sentence in Chinese");
    hsd_status status =
        hsd_layer_start(file, &run->circle, "summary", HSD_WORD_SUMMARY, HSD_GEOMETRY_NONE, &f,
                        NULL, false, "What changes, in sentences to paste", err);
    writer w = {file, run, 0};
    return status == HSD_OK ? hsd_summary_tell(run, write_sentence, &w, err) : status;
}
