/* The options of hsd_proposal_source and hsd_resolve_options that compare and rank share. */
#include "cli/proposal_options.h"

enum {
    PROPOSALS = CLI_PROPOSAL_KEYS,
    LAYER,
    FIELDS,
    ENCODING,
    CRS,
    DATUM,
    AS_OF,
    STATUS,
    TOLERANCE,
    VALUE_OF_TIME,
    WAITS
};

const cli_option cli_proposal_options[] = {
    {NULL, 0, NULL, "What is proposed:", 0},
    {"proposals", 0, "FILE", "Drawn links, closures, speed changes ...: hourshed-proposals(5)",
     PROPOSALS},
    {"proposal-layer", 0, "NAME", "Layer of a plain line file that has several", LAYER},
    {"fields", 0, "KEY=FIELD,...",
     "What the fields of a line layer are: name=名称,speed_kmh=时速. Also as --map", FIELDS},
    {"proposal-encoding", 0, "NAME", "Text encoding of the proposals; default: --encoding",
     ENCODING},
    {"proposal-crs", 0, "CRS",
     "Coordinate system of proposals that do not say theirs; default: --assume-crs", CRS},
    {"proposal-datum", 0, "NAME", "Datum of the proposals, wgs84, gcj02 or bd09; default: --datum",
     DATUM},
    {"as-of", 0, "YYYY-MM-DD", "Leave out what opens later", AS_OF},
    {"status", 0, "LIST", "Only rows with one of these words, parted by commas", STATUS},
    {"tolerance", 0, "METRES",
     "A link's end joins roads this near; default: 50, corridor networks 1000", TOLERANCE},
    {"value-of-time", 0, "MONEY", "An hour's worth: turns tolls into minutes", VALUE_OF_TIME},
    {"waits", 0, "LEVEL", "Waits at borders: low, typical (default), high", WAITS},
    {NULL, 0, NULL, NULL, 0}};

static bool take_number(cli_call *call, const char *name, const char *value, double most,
                        const char *expected, double *out) {
    double number;
    if (!cli_number(value, &number) || number <= 0 || number > most)
        return cli_bad(call, name, value, expected);
    *out = number;
    return true;
}

bool cli_proposal_take(cli_call *call, hsd_proposal_source *source, hsd_resolve_options *resolve,
                       int key, const char *value) {
    static const char *const waits[] = {"typical", "low", "high", NULL};
    int word;
    switch (key) {
    case PROPOSALS:
        source->path = value;
        return true;
    case LAYER:
        source->layer = value;
        return true;
    case FIELDS:
        source->map = value;
        return true;
    case ENCODING:
        source->encoding = value;
        return true;
    case CRS:
        source->assume_crs = value;
        return true;
    case DATUM:
        return cli_datum(call, "proposal-datum", value, &source->datum);
    case AS_OF:
        source->as_of = value;
        return true;
    case STATUS:
        source->status = value;
        return true;
    case TOLERANCE:
        return take_number(call, "tolerance", value, 1e5, "expected metres above 0, at most 100000",
                           &resolve->tolerance_m);
    case VALUE_OF_TIME:
        return take_number(call, "value-of-time", value, 1e9,
                           "expected money an hour, above 0, at most 1000000000",
                           &resolve->value_of_time);
    default:
        word = cli_choose(value, waits);
        if (word < 0) return cli_bad(call, "waits", value, "expected low, typical or high");
        resolve->waits = (hsd_wait_level)word;
        return true;
    }
}
