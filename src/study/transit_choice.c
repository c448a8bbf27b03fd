/* What a run by timetable is asked for, as numbers. Strict: whatever would be passed over is said
 * instead. Options are named as on the command line; studies have the same words as keys. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "study/transit_run.h"

enum { MINUTE_MS = 60000, MOST_INSTANTS = 1440 };

/* ---- Words and numbers ---- */

/* One or two digits; the text behind them, NULL: none. */
static const char *take_digits(const char *text, size_t least, int *out) {
    size_t n = strspn(text, "0123456789");
    if (n < least || n > 2) return NULL;
    *out = atoi(text);
    return text + n;
}

/* HH:MM[:SS], up to 30:00: service days are longer than calendar days. */
bool hsd_transit_clock(const char *text, uint32_t *instant_ms) {
    int hours, minutes, seconds = 0;
    text = take_digits(text, 1, &hours);
    if (text) text = *text == ':' ? take_digits(text + 1, 2, &minutes) : NULL;
    if (text && *text == ':') text = take_digits(text + 1, 2, &seconds);
    if (!text || *text || minutes > 59 || seconds > 59) return false;
    const int32_t s = (hours * 60 + minutes) * 60 + seconds;
    if (s > 30 * 3600) return false;
    *instant_ms = HSD_DAY_MS + (uint32_t)s * 1000;
    return true;
}

void hsd_transit_clock_text(uint32_t instant_ms, char buffer[16]) {
    const bool before = instant_ms < HSD_DAY_MS;
    const uint32_t s = (before ? HSD_DAY_MS - instant_ms : instant_ms - HSD_DAY_MS) / 1000;
    int used = snprintf(buffer, 16, "%s%02u:%02u", before ? "-" : "", s / 3600 % 100, s / 60 % 60);
    if (s % 60) snprintf(buffer + used, 16 - (size_t)used, ":%02u", s % 60);
}

static hsd_status take_clock(const char *option, const char *text, const char *usual, uint32_t *out,
                             hsd_error *err) {
    if (hsd_transit_clock(text ? text : usual, out)) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "%s \"%.40s\": expected HH:MM or HH:MM:SS, from 00:00 to 30:00 (after midnight "
                    "hours count on)",
                    option, text);
}

static hsd_status take_date(const char *text, int32_t *out, hsd_error *err) {
    if (!text)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--date YYYY-MM-DD is missing: the day whose trips run");
    if (hsd_day_parse(text, out)) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "--date \"%.40s\": expected a day as YYYY-MM-DD", text);
}

/* Minutes as milliseconds: below 0 none, 0 the default that stands in *out. */
static hsd_status take_minutes(const char *option, double minutes, double most, uint32_t *out,
                               hsd_error *err) {
    if (!(minutes <= most))
        return hsd_fail(err, HSD_E_ARGUMENT, "%s of %g minutes: at most %g", option, minutes, most);
    if (minutes != 0) *out = minutes < 0 ? 0 : (uint32_t)floor(minutes * MINUTE_MS + 0.5);
    return HSD_OK;
}

/* ---- Boarding times ---- */

static hsd_status bad_board(const char *text, const char *why, hsd_error *err) {
    char kinds[128] = "";
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        snprintf(kinds + strlen(kinds), sizeof kinds - strlen(kinds), "%s%s", k ? ", " : "",
                 hsd_ride_kind_name((hsd_ride_kind)k));
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "--board \"%.60s\": %s; expected none, or KIND=MINUTES,... with minutes from 0 "
                    "to 120 and kinds %s",
                    text, why, kinds);
}

static hsd_status take_one_board(const char *all, const char *item, size_t length,
                                 uint32_t board_ms[HSD_RIDE_KINDS], unsigned *taken,
                                 hsd_error *err) {
    char word[48] = "", why[96];
    double minutes;
    if (length < sizeof word) memcpy(word, item, length);
    char *value = strchr(word, '=');
    if (!value) return bad_board(all, "a KIND=MINUTES is missing", err);
    *value++ = '\0';
    int kind = 0;
    while (kind < HSD_RIDE_KINDS && strcmp(word, hsd_ride_kind_name((hsd_ride_kind)kind)) != 0)
        kind++;
    if (kind == HSD_RIDE_KINDS) {
        snprintf(why, sizeof why, "no kind \"%s\"", word);
        return bad_board(all, why, err);
    }
    if (!hsd_parse_double(value, &minutes) || !(minutes >= 0 && minutes <= 120)) {
        snprintf(why, sizeof why, "minutes \"%s\"", value);
        return bad_board(all, why, err);
    }
    if (*taken >> kind & 1) return bad_board(all, "a kind is named twice", err);
    *taken |= 1u << kind;
    board_ms[kind] = (uint32_t)floor(minutes * MINUTE_MS + 0.5);
    return HSD_OK;
}

static hsd_status take_board(const char *text, uint32_t board_ms[HSD_RIDE_KINDS], hsd_error *err) {
    unsigned taken = 0;
    hsd_status status = HSD_OK;
    if (!text) return HSD_OK;
    if (strcmp(text, "none") == 0) {
        for (int k = 0; k < HSD_RIDE_KINDS; k++) board_ms[k] = 0;
        return HSD_OK;
    }
    for (const char *item = text; status == HSD_OK && item;) {
        const size_t length = strcspn(item, ",");
        status = take_one_board(text, item, length, board_ms, &taken, err);
        item = item[length] ? item + length + 1 : NULL;
    }
    return status;
}

/* ---- Percentiles ---- */

/* The median before all others, the others ascending. */
static int by_headline(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    if ((x == 50) != (y == 50)) return x == 50 ? -1 : 1;
    return (x > y) - (x < y);
}

static hsd_status take_percentiles(const hsd_transit_choice *choice, hsd_transit_plan *plan,
                                   hsd_error *err) {
    enum { MOST = 21 };
    static const double median[] = {50};
    const size_t count = choice->percentile_count ? choice->percentile_count : 1;
    const double *asked = choice->percentile_count ? choice->percentiles : median;
    if (count > MOST)
        return hsd_fail(err, HSD_E_ARGUMENT, "--percentiles: %zu of them; at most %d", count, MOST);
    plan->percentiles = hsd_alloc(count, sizeof *plan->percentiles, err);
    if (!plan->percentiles) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (!(asked[i] >= 0 && asked[i] <= 100))
            return hsd_fail(err, HSD_E_ARGUMENT, "--percentiles: %g; expected 0 to 100", asked[i]);
        plan->percentiles[i] = asked[i];
    }
    qsort(plan->percentiles, count, sizeof *plan->percentiles, by_headline);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || plan->percentiles[i] != plan->percentiles[i - 1])
            plan->percentiles[plan->percentile_count++] = plan->percentiles[i];
    return HSD_OK;
}

/* ---- When ---- */

/* Who goes to a place says when to be there; who leaves one says when to leave. */
static hsd_status check_ends(const hsd_transit_choice *c, hsd_direction direction, hsd_error *err) {
    if (c->day_return && direction != HSD_TO)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--day-return is about a place one goes to: --to LON,LAT or --direction "
                        "to");
    if (c->day_return && c->access && strcmp(c->access, "park") == 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--day-return with --access park: the way back from the car park is not "
                        "computed; take --access car");
    if (!c->day_return && c->depart && direction == HSD_TO)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--depart %.20s in a run to a place: expected --arrive HH:MM, when to be "
                        "there (--depart goes with --from, or with --day-return)",
                        c->depart);
    if (!c->day_return && c->arrive && direction == HSD_FROM)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--arrive %.20s in a run from a place: expected --depart HH:MM, when to "
                        "leave (--arrive goes with --to, or with --direction to)",
                        c->arrive);
    return HSD_OK;
}

static hsd_status take_window(const hsd_transit_choice *c, hsd_transit_plan *plan, hsd_error *err) {
    if (!(c->window_min <= MOST_INSTANTS))
        return hsd_fail(err, HSD_E_ARGUMENT, "--window of %g minutes: at most %d", c->window_min,
                        MOST_INSTANTS);
    plan->instant_count = c->window_min < 0 ? 1 : (size_t)ceil(c->window_min);
    if (c->window_min == 0) plan->instant_count = 60;
    plan->day_return = c->day_return;
    hsd_status status = check_ends(c, plan->direction, err);
    if (status == HSD_OK)
        status = take_clock("--arrive", c->arrive, "09:00", &plan->arrive_ms, err);
    if (status == HSD_OK)
        status = take_clock("--depart", c->depart, c->day_return ? "17:00" : "08:00",
                            &plan->depart_ms, err);
    if (status == HSD_OK && c->day_return && plan->depart_ms < plan->arrive_ms)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--day-return: leaving (--depart) comes before being there (--arrive)");
    return status;
}

/* ---- All of it ---- */

static hsd_status take_rules(const hsd_transit_choice *c, hsd_transit_plan *plan, hsd_error *err) {
    enum { CAP = 600, HOUR = 60 };
    hsd_transit_rules *r = &plan->rules;
    const struct {
        const char *option;
        double minutes, most;
        uint32_t *out;
    } minutes[] = {{"--max-access", c->max_access_min, CAP, &r->access_cap_ms},
                   {"--max-egress", c->max_egress_min, CAP, &r->egress_cap_ms},
                   {"--max-walk", c->max_walk_min, CAP, &r->walk_cap_ms},
                   {"--change", c->change_min, HOUR, &r->change_ms},
                   {"--transfer-penalty", c->transfer_penalty_min, HOUR, &r->penalty_ms},
                   {"--park-min", c->park_min, HOUR, &r->park_ms}};
    *r = hsd_transit_defaults();
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < sizeof minutes / sizeof minutes[0]; i++)
        status = take_minutes(minutes[i].option, minutes[i].minutes, minutes[i].most,
                              minutes[i].out, err);
    if (status == HSD_OK) status = take_board(c->board, r->board_ms, err);
    if (status != HSD_OK) return status;
    const double transfers = c->max_transfers;
    if (!(transfers <= HSD_MAX_RIDES - 1) || (transfers > 0 && transfers != floor(transfers)))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--max-transfers %g: expected a whole number from 0 to %d", transfers,
                        HSD_MAX_RIDES - 1);
    if (transfers != 0) r->max_rides = transfers < 0 ? 1 : (uint32_t)transfers + 1;
    if (c->phases > 60) return hsd_fail(err, HSD_E_ARGUMENT, "--phases %u: at most 60", c->phases);
    r->phase_count = c->phases;
    r->park = c->access && strcmp(c->access, "park") == 0;
    if (c->egress && strcmp(c->egress, "park") == 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--egress park: a parked car stands at the home end; expected walk, car or "
                        "a profile's name");
    if (c->park_min != 0 && !r->park)
        return hsd_fail(err, HSD_E_ARGUMENT, "--park-min: nothing without --access park");
    return HSD_OK;
}

static hsd_status check_idle(const hsd_transit_choice *c, hsd_error *err) {
    const struct {
        bool said;
        const char *option;
    } options[] = {{c->date, "--date"},
                   {c->depart, "--depart"},
                   {c->arrive, "--arrive"},
                   {c->window_min != 0, "--window"},
                   {c->percentile_count, "--percentiles"},
                   {c->access, "--access"},
                   {c->egress, "--egress"},
                   {c->walk, "--walk-profile"},
                   {c->max_access_min != 0, "--max-access"},
                   {c->max_egress_min != 0, "--max-egress"},
                   {c->max_walk_min != 0, "--max-walk"},
                   {c->max_transfers != 0, "--max-transfers"},
                   {c->board, "--board"},
                   {c->change_min != 0, "--change"},
                   {c->transfer_penalty_min != 0, "--transfer-penalty"},
                   {c->park_min != 0, "--park-min"},
                   {c->phases, "--phases"},
                   {c->day_return, "--day-return"}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (options[i].said)
            return hsd_fail(err, HSD_E_ARGUMENT, "%s: nothing without --mode transit",
                            options[i].option);
    return HSD_OK;
}

hsd_status hsd_transit_plan_read(const hsd_transit_choice *choice, const char *mode,
                                 hsd_direction direction, hsd_transit_plan *out, hsd_error *err) {
    *out = (hsd_transit_plan){.direction = direction};
    if (!mode || strcmp(mode, HSD_MODE_TRANSIT) != 0) return check_idle(choice, err);
    hsd_status status = take_date(choice->date, &out->date, err);
    if (status == HSD_OK) status = take_window(choice, out, err);
    if (status == HSD_OK) status = take_rules(choice, out, err);
    if (status == HSD_OK) status = take_percentiles(choice, out, err);
    if (status != HSD_OK) hsd_transit_plan_finish(out);
    return status;
}

uint32_t hsd_transit_plan_reach_ms(const hsd_transit_plan *plan) {
    if (plan->direction == HSD_FROM || plan->instant_count == 0) return HSD_UNREACHABLE - 1;
    return plan->arrive_ms - (uint32_t)(plan->instant_count - 1) * MINUTE_MS;
}

void hsd_transit_plan_finish(hsd_transit_plan *plan) {
    hsd_free(plan->percentiles);
    plan->percentiles = NULL;
    plan->percentile_count = 0;
}
