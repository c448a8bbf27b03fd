/* The timetable of a network: handed out checked, and which days it serves.
 *
 * A trip runs on the days of its service; a trip with headways runs once for each of their
 * departures, the end not included (docs/methods.md, 10). A day is served when a trip runs. */

#include "net/hsn.h"

static hsd_status check_now(hsn_storage *storage, hsd_error *err) {
    hsd_status status = hsn_check_sums(storage, HSN_TIMETABLE_HEAD, 0, err);
    if (status != HSD_OK) return status;
    status = hsd_timetable_check(&storage->timetable, err);
    return status == HSD_OK ? status : hsd_fail_prefix(err, status, "the network file is damaged");
}

hsd_status hsd_network_timetable(const hsd_network *network, const hsd_timetable **out,
                                 hsd_error *err) {
    hsn_storage *storage = network->storage;
    *out = network->timetable;
    if (!network->timetable || !storage) return HSD_OK; /* tables made by hand: nothing to check */
    if (atomic_load_explicit(&storage->timetable_ready, memory_order_acquire)) return HSD_OK;
    pthread_mutex_lock(&storage->lock);
    hsd_status status = HSD_OK;
    if (!atomic_load_explicit(&storage->timetable_ready, memory_order_relaxed)) {
        status = check_now(storage, err);
        if (status == HSD_OK)
            atomic_store_explicit(&storage->timetable_ready, true, memory_order_release);
    }
    pthread_mutex_unlock(&storage->lock);
    if (status != HSD_OK) *out = NULL;
    return status;
}

/* ---- Trips a day -------------------------------------------------------------------------------
 */

uint64_t hsd_trip_runs(const hsd_timetable *t, const hsd_trip_row *trip) {
    uint64_t runs = trip->headway_count == 0;
    for (uint32_t i = 0; i < trip->headway_count; i++) {
        const hsd_headway_row *row = &t->headways[trip->first_headway + i];
        const uint64_t span = (uint64_t)((int64_t)row->end_s - row->start_s);
        const bool only_one = span == 0 && !row->exact; /* the last is the first, and runs */
        runs += only_one ? 1 : (span + row->headway_s - 1) / row->headway_s;
    }
    return runs;
}

static bool is_of(const hsd_timetable *t, const hsd_trip_row *trip, uint32_t feed) {
    return feed == HSD_NO_ROW || t->lines[trip->line].feed == feed;
}

uint64_t hsd_timetable_trips(const hsd_timetable *t, uint32_t feed, int32_t day) {
    uint64_t trips = 0;
    for (size_t i = 0; i < t->trip_count; i++)
        if (is_of(t, &t->trips[i], feed) && hsd_service_runs(t, t->trips[i].service, day))
            trips += hsd_trip_runs(t, &t->trips[i]);
    return trips;
}

hsd_status hsd_timetable_trips_by_day(const hsd_timetable *t, uint32_t feed, uint64_t *out,
                                      hsd_error *err) {
    uint64_t *of_service = hsd_calloc(t->service_count, sizeof *of_service, err);
    if (!of_service) return HSD_E_MEMORY;
    for (size_t i = 0; i < t->trip_count; i++)
        if (is_of(t, &t->trips[i], feed))
            of_service[t->trips[i].service] += hsd_trip_runs(t, &t->trips[i]);
    for (int32_t d = 0; d < t->day_count; d++) out[d] = 0;
    for (uint32_t s = 0; s < t->service_count; s++)
        for (int32_t d = 0; of_service[s] > 0 && d < t->day_count; d++)
            if (hsd_service_runs(t, s, t->first_day + d)) out[d] += of_service[s];
    hsd_free(of_service);
    return HSD_OK;
}

/* ---- Served days -------------------------------------------------------------------------------
 */

static bool serves(const hsd_timetable *t, int32_t day) {
    for (size_t i = 0; i < t->trip_count; i++)
        if (hsd_service_runs(t, t->trips[i].service, day) && hsd_trip_runs(t, &t->trips[i]) > 0)
            return true;
    return false;
}

static int weekday_of(int64_t day) { /* 0: Monday; 1970-01-01 was a Thursday */
    return (int)(((day + 3) % 7 + 7) % 7);
}

/* The served day of the same weekday that is nearest, the earlier one of two; false: none. */
static bool nearest_alike(const hsd_timetable *t, int32_t day, int32_t *out) {
    bool found = false;
    int64_t best = 0;
    for (int32_t d = 0; d < t->day_count; d++) {
        const int32_t other = t->first_day + d;
        const int64_t apart = other < day ? (int64_t)day - other : (int64_t)other - day;
        if (weekday_of(other) != weekday_of(day) || (found && apart >= best) || !serves(t, other))
            continue;
        found = true;
        best = apart;
        *out = other;
    }
    return found;
}

hsd_status hsd_timetable_served(const hsd_timetable *t, int32_t day, hsd_error *err) {
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    const char *weekday = names[weekday_of(day)];
    if (serves(t, day)) return HSD_OK;
    int32_t first = 0, last = t->day_count - 1, alike;
    while (first < t->day_count && !serves(t, t->first_day + first)) first++;
    while (last > first && !serves(t, t->first_day + last)) last--;
    char asked[11], from[11], to[11], near[11];
    hsd_day_text(day, asked);
    if (first == t->day_count)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "no trip runs on %s (a %s), nor on any other day of the timetable", asked,
                        weekday);
    hsd_day_text(t->first_day + first, from);
    hsd_day_text(t->first_day + last, to);
    if (!nearest_alike(t, day, &alike))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "no trip runs on %s (a %s): the timetable serves %s to %s, and no %s",
                        asked, weekday, from, to, weekday);
    hsd_day_text(alike, near);
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "no trip runs on %s (a %s): the timetable serves %s to %s, the nearest served "
                    "%s is %s",
                    asked, weekday, from, to, weekday, near);
}
