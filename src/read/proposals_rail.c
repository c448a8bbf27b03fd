/* Stations and services of a proposals file as rows. What a service may say depends on what it
 * does: a field that does not belong to its action is an issue, for it would do nothing. Hours of a
 * day that end before they begin run past midnight. O(length of the texts). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/proposals.h"

static const char *const actions[] = {"new", "speed", "headway", "stop", "cut"};

const char *hsd_service_action_name(hsd_service_action action) {
    return (unsigned)action < sizeof actions / sizeof actions[0] ? actions[action] : "";
}

static double number(const hsd_proposal_reader *r, const char *name) {
    return hsd_proposal_get(r, name)->number;
}

static int word(const hsd_proposal_reader *r, const char *name) {
    return hsd_proposal_get(r, name)->word;
}

/* ---- Stations ------------------------------------------------------------------------------ */

hsd_status hsd_proposal_station(hsd_proposal_reader *r, uint32_t head) {
    hsd_station_row row = {.proposal = head,
                           .feature_id = OGR_F_GetFID(r->feature),
                           .access_min = number(r, "access_min"),
                           .park_min = number(r, "park_min"),
                           .dwell_min = number(r, "dwell_min")};
    hsd_geometry point;
    hsd_status status = hsd_proposal_shape(r, true, &point);
    if (point.point_count) row.at = point.points[0];
    hsd_geometry_finish(&point);
    if (status == HSD_OK && !hsd_proposal_given(r, "name"))
        status = hsd_proposal_bad(r, "name is empty");
    if (status != HSD_OK) return status;
    if (!hsd_array_push(&r->stations, row, r->err)) return HSD_E_MEMORY;
    hsd_station_row *kept = &r->stations.data[r->stations.count - 1];
    kept->name = hsd_proposal_take(r, "name");
    kept->line = hsd_proposal_take(r, "line");
    kept->stop = hsd_proposal_take(r, "stop");
    return HSD_OK;
}

/* ---- Times of day -------------------------------------------------------------------------- */

/* HH:MM or HH:MM:SS up to 47:59:59, the whole text. */
static bool parse_clock(const char *text, int32_t *seconds) {
    int32_t part[3] = {0, 0, 0};
    int parts = 0;
    for (const char *at = text;; at++) {
        int digits = 0;
        for (; *at >= '0' && *at <= '9' && digits < 3; at++, digits++)
            part[parts] = part[parts] * 10 + (*at - '0');
        if (digits == 0 || digits > 2) return false;
        parts++;
        if (!*at) break;
        if (*at != ':' || parts == 3) return false;
    }
    if (parts < 2 || part[0] > 47 || part[1] > 59 || part[2] > 59) return false;
    *seconds = (part[0] * 60 + part[1]) * 60 + part[2];
    return true;
}

static hsd_status read_clock(hsd_proposal_reader *r, const char *name, const char *preset,
                             int32_t *seconds) {
    const char *text = hsd_proposal_get(r, name)->text;
    char clip[HSD_CLIP_SIZE];
    if (parse_clock(text ? text : preset, seconds)) return HSD_OK;
    return hsd_proposal_bad(r, "%s is \"%s\"; HH:MM was expected", name, hsd_clip(text, clip));
}

static int by_number(const void *a, const void *b) {
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Takes the next word of a ;-separated list off it; NULL: there is none. */
static char *next_word(char **list) {
    char *begin = *list;
    if (!begin) return NULL;
    char *end = strchr(begin, ';');
    *list = end ? end + 1 : NULL;
    if (end) *end = '\0';
    return begin;
}

static size_t words_of(const char *list) {
    size_t count = 1;
    for (const char *at = list; *at; at++) count += *at == ';';
    return count;
}

static hsd_status read_departures(hsd_proposal_reader *r, hsd_service_row *row) {
    char *list = NULL, clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_proposal_list(r, "departures", &list);
    if (status != HSD_OK || !list || r->bad) {
        hsd_free(list);
        return status;
    }
    row->departures_s = hsd_alloc(words_of(list), sizeof *row->departures_s, r->err);
    if (!row->departures_s) status = HSD_E_MEMORY;
    char *rest = list;
    for (char *text; status == HSD_OK && (text = next_word(&rest));)
        if (!parse_clock(text, &row->departures_s[row->departure_count++]))
            status =
                hsd_proposal_bad(r, "departures: \"%s\"; HH:MM was expected", hsd_clip(text, clip));
    if (status == HSD_OK && !r->bad) {
        size_t kept = 0;
        qsort(row->departures_s, row->departure_count, sizeof *row->departures_s, by_number);
        for (size_t i = 0; i < row->departure_count; i++)
            if (i == 0 || row->departures_s[kept - 1] != row->departures_s[i])
                row->departures_s[kept++] = row->departures_s[i];
        row->departure_count = kept;
    }
    hsd_free(list);
    return status;
}

/* ---- Services ------------------------------------------------------------------------------ */

static hsd_status read_minutes(hsd_proposal_reader *r, hsd_service_row *row) {
    char *list = NULL, clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_proposal_list(r, "minutes", &list);
    if (status != HSD_OK || !list || r->bad) {
        hsd_free(list);
        return status;
    }
    row->minutes = hsd_alloc(words_of(list), sizeof *row->minutes, r->err);
    if (!row->minutes) status = HSD_E_MEMORY;
    char *rest = list;
    for (char *text; status == HSD_OK && (text = next_word(&rest));) {
        double *minutes = &row->minutes[row->minute_count++];
        if (!hsd_parse_double(text, minutes) || !(*minutes > 0) || *minutes > 1440)
            status = hsd_proposal_bad(
                r, "minutes: \"%s\"; a number above 0 and at most 1440 was expected",
                hsd_clip(text, clip));
    }
    hsd_free(list);
    return status;
}

#define DOES(action) (1u << HSD_SERVICE_##action)

/* Fields that say something only with some actions. */
static hsd_status check_fields(hsd_proposal_reader *r, hsd_service_action action) {
    static const struct {
        const char *field;
        unsigned actions;
    } rules[] = {
        {"kind", DOES(NEW)},
        {"stations", DOES(NEW) | DOES(STOP)},
        {"headway_min", DOES(NEW) | DOES(HEADWAY)},
        {"departures", DOES(NEW) | DOES(HEADWAY)},
        {"first", DOES(NEW) | DOES(HEADWAY)},
        {"last", DOES(NEW) | DOES(HEADWAY)},
        {"minutes", DOES(NEW) | DOES(SPEED)},
        {"speed_kmh", DOES(NEW) | DOES(SPEED) | DOES(STOP)},
        {"of", ~DOES(NEW)},
        {"from_station", ~DOES(NEW)},
        {"to_station", ~DOES(NEW)},
        {"factor", DOES(SPEED)},
        {"loss_min", DOES(STOP)},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (hsd_proposal_given(r, rules[i].field) && !(rules[i].actions >> action & 1))
            return hsd_proposal_bad(r, "%s says nothing to action %s; leave it empty",
                                    rules[i].field, actions[action]);
    return HSD_OK;
}

/* What the action needs. */
static hsd_status check_needs(hsd_proposal_reader *r, hsd_service_action action) {
    const bool headway = hsd_proposal_given(r, "headway_min"),
               list = hsd_proposal_given(r, "departures");
    const bool trains = action == HSD_SERVICE_NEW || action == HSD_SERVICE_HEADWAY;
    if (trains && headway == list)
        return hsd_proposal_bad(r, "%s headway_min %s departures; one of them was expected",
                                headway ? "both" : "neither", headway ? "and" : "nor");
    if (list && (hsd_proposal_given(r, "first") || hsd_proposal_given(r, "last")))
        return hsd_proposal_bad(r, "first and last go with headway_min, not with departures");
    const int changes = hsd_proposal_given(r, "factor") + hsd_proposal_given(r, "minutes") +
                        hsd_proposal_given(r, "speed_kmh");
    if (action == HSD_SERVICE_SPEED && changes != 1)
        return hsd_proposal_bad(r, "%d of factor, minutes and speed_kmh; one was expected",
                                changes);
    if (action == HSD_SERVICE_STOP && !hsd_proposal_given(r, "stations"))
        return hsd_proposal_bad(r,
                                "stations is empty; those where trains shall stop were expected");
    if (hsd_proposal_given(r, "from_station") != hsd_proposal_given(r, "to_station"))
        return hsd_proposal_bad(r, "%s_station is empty; from_station and to_station go together",
                                hsd_proposal_given(r, "from_station") ? "to" : "from");
    if (!hsd_proposal_given(r, "line") && !hsd_proposal_given(r, "of"))
        return hsd_proposal_bad(r, action == HSD_SERVICE_NEW ? "line is empty"
                                                             : "line and of are empty; one of them "
                                                               "says which trains");
    return HSD_OK;
}

static hsd_ride_kind kind_of(const hsd_proposal_reader *r) {
    static const hsd_ride_kind kinds[] = {HSD_RIDE_HIGH_SPEED, HSD_RIDE_RAIL, HSD_RIDE_METRO,
                                          HSD_RIDE_TRAM,       HSD_RIDE_BUS,  HSD_RIDE_FERRY};
    const int index = word(r, "kind");
    return index < 0 ? HSD_RIDE_KINDS : kinds[index];
}

static hsd_status fill_service(hsd_proposal_reader *r, hsd_service_row *row) {
    enum { DAY_S = 86400 };
    hsd_status status = hsd_proposal_list(r, "stations", &row->stations);
    if (status == HSD_OK) status = read_departures(r, row);
    if (status == HSD_OK) status = read_minutes(r, row);
    if (status == HSD_OK) status = read_clock(r, "first", "06:00", &row->first_s);
    if (status == HSD_OK) status = read_clock(r, "last", "22:00", &row->last_s);
    if (row->last_s < row->first_s) row->last_s += DAY_S;
    if (status == HSD_OK && !r->bad && row->last_s < row->first_s)
        status = hsd_proposal_bad(r, "the last train is before the first, a day later too");
    if (status == HSD_OK && row->action == HSD_SERVICE_SPEED && row->minute_count > 1)
        status = hsd_proposal_bad(r, "minutes: one number was expected, of the whole section");
    row->line = hsd_proposal_take(r, "line");
    row->of = hsd_proposal_take(r, "of");
    row->from_station = hsd_proposal_take(r, "from_station");
    row->to_station = hsd_proposal_take(r, "to_station");
    return status;
}

hsd_status hsd_proposal_service(hsd_proposal_reader *r, uint32_t head) {
    const hsd_service_action action =
        (hsd_service_action)(word(r, "action") < 0 ? 0 : word(r, "action"));
    hsd_service_row row = {.proposal = head,
                           .feature_id = OGR_F_GetFID(r->feature),
                           .action = action,
                           .headway_min = number(r, "headway_min"),
                           .speed_kmh = number(r, "speed_kmh"),
                           .factor = number(r, "factor"),
                           .loss_min = number(r, "loss_min"),
                           .kind = kind_of(r),
                           .forward = word(r, "direction") == 1};
    hsd_status status = r->bad ? HSD_OK : check_fields(r, action);
    if (status == HSD_OK && !r->bad) status = check_needs(r, action);
    if (status != HSD_OK) return status;
    if (!hsd_array_push(&r->services, row, r->err)) return HSD_E_MEMORY;
    return fill_service(r, &r->services.data[r->services.count - 1]);
}
