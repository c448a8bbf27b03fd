/* Stations of proposals as stops: each row is a stop that is there, or one of its own, appended to
 * the timetable's, so that every scenario has the same stops. O(stations x stops). */
#include <math.h>
#include <string.h>

#include "scenario/rail.h"

static double apart_m(hsd_lonlat a, const hsd_stop_row *b) {
    return hsd_geodesic_m(a.lon, a.lat, b->lon, b->lat);
}

double hsd_rail_apart_m(const hsd_rail *rail, uint32_t stop, uint32_t other) {
    const hsd_stop_row *s = &rail->stops.data[stop];
    return apart_m((hsd_lonlat){s->lon, s->lat}, &rail->stops.data[other]);
}

static bool called(const hsd_rail *rail, const hsd_stop_row *stop, const char *text) {
    return strcmp(hsd_rail_string(rail, stop->id), text) == 0 ||
           strcmp(hsd_rail_string(rail, stop->name), text) == 0;
}

static bool means(const hsd_rail *rail, const hsd_stop_row *stop, const char *text) {
    return called(rail, stop, text) ||
           (stop->station != HSD_NO_ROW && called(rail, &rail->stops.data[stop->station], text));
}

hsd_status hsd_rail_meant(hsd_rail *rail, const char *text, uint8_t **out, size_t *count) {
    *count = 0;
    *out = hsd_blocks_take(&rail->blocks, rail->stops.count, 1, rail->err);
    if (!*out) return HSD_E_MEMORY;
    for (size_t i = 0; i < rail->base->stop_count; i++) {
        const hsd_stop_row *stop = &rail->stops.data[i];
        if (stop->is_station || !means(rail, stop, text)) continue;
        (*out)[i] = 1;
        ++*count;
    }
    return HSD_OK;
}

/* The nearest stop of the base that a text means, a platform rather than its station; within:
 * HSD_NO_ROW where none is as near as that. Rows, stations too. */
static uint32_t nearest(const hsd_rail *rail, const char *text, hsd_lonlat at, double within_m) {
    uint32_t best = HSD_NO_ROW;
    double least = INFINITY;
    bool platform = false;
    for (uint32_t i = 0; i < rail->base->stop_count; i++) {
        const hsd_stop_row *stop = &rail->stops.data[i];
        if (fabs(stop->lat - at.lat) * 110000 > within_m || !means(rail, stop, text)) continue;
        const double apart = apart_m(at, stop);
        if (apart > within_m || (platform && stop->is_station)) continue;
        if ((!stop->is_station && !platform) || apart < least) {
            best = i;
            least = apart;
            platform = !stop->is_station;
        }
    }
    return best;
}

/* A stop of an earlier station of proposals, of the same name and place. */
static uint32_t earlier(const hsd_rail *rail, const hsd_station_row *row) {
    for (uint32_t i = (uint32_t)rail->base->stop_count; i < rail->stops.count; i++) {
        const hsd_stop_row *stop = &rail->stops.data[i];
        if (strcmp(hsd_rail_string(rail, stop->name), row->name) == 0 &&
            apart_m(row->at, stop) <= HSD_SAME_PLACE_M)
            return i;
    }
    return HSD_NO_ROW;
}

static uint32_t ms_of(double minutes) {
    return isnan(minutes) ? HSD_NO_ROW : (uint32_t)floor(minutes * 60000 + 0.5);
}

static hsd_status add_stop(hsd_rail *rail, const hsd_station_row *row, uint32_t station,
                           uint32_t *out) {
    const bool alone = rail->base == &rail->empty;
    char *id = hsd_asprintf(rail->err, "%s:%lld", rail->table->proposals[row->proposal].name,
                            (long long)row->feature_id);
    if (!id) return HSD_E_MEMORY;
    const hsd_stop_row stop = {.lon = row->at.lon,
                               .lat = row->at.lat,
                               .id = hsd_rail_text(&rail->texts, id),
                               .name = hsd_rail_text(&rail->texts, row->name),
                               .station = station,
                               .feed = alone ? 0 : HSD_NO_ROW,
                               .access_ms = isnan(row->access_min) ? 0 : ms_of(row->access_min),
                               .park_ms = ms_of(row->park_min),
                               .change_ms = HSD_NO_ROW,
                               .proposal = row->proposal};
    hsd_free(id);
    *out = (uint32_t)rail->stops.count;
    return hsd_array_push(&rail->stops, stop, rail->err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status place_station(hsd_rail *rail, const hsd_station_row *row, uint32_t *out) {
    uint32_t there = row->stop ? nearest(rail, row->stop, row->at, INFINITY)
                               : nearest(rail, row->name, row->at, HSD_SAME_PLACE_M);
    *out = HSD_NO_ROW;
    if (row->stop && there == HSD_NO_ROW)
        return hsd_rail_bad(rail, HSD_LAYER_STATIONS, row->feature_id,
                            "stop \"%.60s\" is not in the timetable; the id or name of one of its "
                            "%zu stops was expected",
                            row->stop, rail->base->stop_count);
    uint32_t station = HSD_NO_ROW;
    if (there != HSD_NO_ROW && rail->stops.data[there].is_station) {
        station = there; /* trains call at platforms: one of its own */
        there = HSD_NO_ROW;
    }
    if (there == HSD_NO_ROW) there = earlier(rail, row);
    if (there == HSD_NO_ROW) return add_stop(rail, row, station, out);
    *out = there;
    return HSD_OK;
}

hsd_status hsd_rail_stops(hsd_rail *rail) {
    const hsd_timetable *base = rail->base;
    const hsd_proposal_table *t = rail->table;
    rail->station_stop =
        hsd_blocks_take(&rail->blocks, t->station_count, sizeof *rail->station_stop, rail->err);
    rail->station_used = hsd_blocks_take(&rail->blocks, t->station_count, 1, rail->err);
    if (!rail->station_stop || !rail->station_used) return HSD_E_MEMORY;
    if (!hsd_array_reserve(&rail->stops, base->stop_count + t->station_count, rail->err))
        return HSD_E_MEMORY;
    if (base->stop_count)
        memcpy(rail->stops.data, base->stops, base->stop_count * sizeof *base->stops);
    rail->stops.count = base->stop_count;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->station_count && status == HSD_OK; i++)
        status = place_station(rail, &t->stations[i], &rail->station_stop[i]);
    return status;
}
