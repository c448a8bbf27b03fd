/* The options of hsd_transit_choice that circle, compare and rank share. Texts (dates, times, words
 * of access) are checked by the library, which says the same to studies. */
#include <stdlib.h>

#include "cli/transit_options.h"

enum {
    DATE = CLI_TRANSIT_KEYS,
    DEPART,
    ARRIVE,
    WINDOW,
    PERCENTILES,
    ACCESS,
    EGRESS,
    WALK_PROFILE,
    MAX_ACCESS,
    MAX_EGRESS,
    MAX_WALK,
    MAX_TRANSFERS,
    BOARD,
    CHANGE,
    TRANSFER_PENALTY,
    PARK_MIN,
    PHASES,
    DAY_RETURN
};

const cli_option cli_transit_options[] = {
    {NULL, 0, NULL, "By timetable (--mode transit):", 0},
    {"date", 0, "YYYY-MM-DD", "The day; needed", DATE},
    {"depart", 0, "HH:MM", "From places: leave from then on; default: 08:00", DEPART},
    {"arrive", 0, "HH:MM", "To places: be there by then; default: 09:00", ARRIVE},
    {"window", 0, "MINUTES",
     "Times are those of every minute from --depart on (up to --arrive); default: 60, 0 is one "
     "instant",
     WINDOW},
    {"percentiles", 0, "LIST",
     "Of the window's times: 0 the earliest, 50 the median (default), 90 ... Each has circles of "
     "its own",
     PERCENTILES},
    {"access", 0, "HOW",
     "To the first stop: walk (default), car (somebody drives), park (the car stays), or a "
     "profile's name",
     ACCESS},
    {"egress", 0, "HOW", "From the last stop: walk (default), car, or a profile's name", EGRESS},
    {"walk-profile", 0, "NAME", "Profile of walks between rides; default: the first of mode walk",
     WALK_PROFILE},
    {"max-access", 0, "MINUTES", "Along the streets to a stop; default: 20, by car 30", MAX_ACCESS},
    {"max-egress", 0, "MINUTES", "Along the streets from a stop; default: 20, by car 30",
     MAX_EGRESS},
    {"max-walk", 0, "MINUTES", "Between two rides; default: 10", MAX_WALK},
    {"max-transfers", 0, "N", "At most; default: 4", MAX_TRANSFERS},
    {"board", 0, "KIND=MINUTES,...",
     "From the street to the platform: bus, tram, metro, rail, high_speed, ferry, other; default: "
     "rail=5,high_speed=30,ferry=10. none: no time at all",
     BOARD},
    {"change", 0, "MINUTES",
     "Between two rides at a stop, where the timetable says nothing; "
     "default: 2",
     CHANGE},
    {"transfer-penalty", 0, "MINUTES", "Added for every transfer; default: 0", TRANSFER_PENALTY},
    {"park-min", 0, "MINUTES",
     "With --access park: from the car to the station, where the timetable says nothing; "
     "default: 5",
     PARK_MIN},
    {"phases", 0, "N",
     "Services with a headway run N times, shifted; default: one waits half a headway", PHASES},
    {"day-return", 0, NULL,
     "To a place by --arrive and back from --depart on: the longer of the two", DAY_RETURN},
    {NULL, 0, NULL, NULL, 0}};

/* Minutes from 0 to most. signed_zero: 0 is said as -1, because 0 means the default. */
static bool take_minutes(cli_call *call, const char *name, const char *value, double least,
                         double most, bool signed_zero, const char *expected, double *out) {
    double number;
    if (!cli_number(value, &number) || number < least || number > most)
        return cli_bad(call, name, value, expected);
    *out = signed_zero && number == 0 ? -1 : number;
    return true;
}

static bool take_percentiles(cli_call *call, cli_transit_args *args, const char *value) {
    static const char expected[] = "expected numbers from 0 to 100, e.g. 10,50,90";
    if (!cli_numbers(value, &args->percentiles, &args->percentile_count))
        return cli_bad(call, "percentiles", value, expected);
    for (size_t i = 0; i < args->percentile_count; i++)
        if (!(args->percentiles[i] >= 0 && args->percentiles[i] <= 100))
            return cli_bad(call, "percentiles", value, expected);
    return true;
}

static bool take_text(hsd_transit_choice *choice, int key, const char *value) {
    const struct {
        int key;
        const char **at;
    } texts[] = {{DATE, &choice->date},     {DEPART, &choice->depart},
                 {ARRIVE, &choice->arrive}, {ACCESS, &choice->access},
                 {EGRESS, &choice->egress}, {WALK_PROFILE, &choice->walk},
                 {BOARD, &choice->board}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].key == key) {
            *texts[i].at = value;
            return true;
        }
    return false;
}

static bool take_whole(cli_call *call, hsd_transit_choice *choice, int key, const char *value) {
    double number;
    bool good = cli_number(value, &number) && number == (int)number;
    if (key == PHASES) {
        if (!good || number < 1 || number > 60)
            return cli_bad(call, "phases", value, "expected a whole number from 1 to 60");
        choice->phases = (unsigned)number;
        return true;
    }
    if (!good || number < 0 || number > HSD_MAX_RIDES - 1)
        return cli_bad(call, "max-transfers", value, "expected a whole number from 0 to 15");
    choice->max_transfers = number > 0 ? number : -1;
    return true;
}

bool cli_transit_take(cli_call *call, cli_transit_args *args, int key, const char *value) {
    static const char cap[] = "expected minutes above 0, at most 600";
    static const char hour[] = "expected minutes from 0 to 60";
    const double above = 1.0 / 60000;
    hsd_transit_choice *c = &args->choice;
    switch (key) {
    case WINDOW:
        return take_minutes(call, "window", value, 0, 1440, true, "expected minutes from 0 to 1440",
                            &c->window_min);
    case PERCENTILES:
        return take_percentiles(call, args, value);
    case MAX_ACCESS:
        return take_minutes(call, "max-access", value, above, 600, false, cap, &c->max_access_min);
    case MAX_EGRESS:
        return take_minutes(call, "max-egress", value, above, 600, false, cap, &c->max_egress_min);
    case MAX_WALK:
        return take_minutes(call, "max-walk", value, above, 600, false, cap, &c->max_walk_min);
    case CHANGE:
        return take_minutes(call, "change", value, 0, 60, true, hour, &c->change_min);
    case TRANSFER_PENALTY:
        return take_minutes(call, "transfer-penalty", value, 0, 60, false, hour,
                            &c->transfer_penalty_min);
    case PARK_MIN:
        return take_minutes(call, "park-min", value, 0, 60, true, hour, &c->park_min);
    case MAX_TRANSFERS:
    case PHASES:
        return take_whole(call, c, key, value);
    case DAY_RETURN:
        return c->day_return = true;
    default:
        return take_text(c, key, value);
    }
}

hsd_transit_choice cli_transit_choice(const cli_transit_args *args) {
    hsd_transit_choice choice = args->choice;
    choice.percentiles = args->percentiles;
    choice.percentile_count = args->percentile_count;
    return choice;
}

void cli_transit_finish(cli_transit_args *args) {
    free(args->percentiles);
}
