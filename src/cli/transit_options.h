/* What the commands that travel by timetable share: when, how one comes to the stops and changes,
 * which shares of the window count. */
#ifndef CLI_TRANSIT_OPTIONS_H
#define CLI_TRANSIT_OPTIONS_H

#include "cli/cli.h"

enum { CLI_TRANSIT_KEYS = 50, CLI_TRANSIT_END = 100 }; /* the keys of these options */

typedef struct cli_transit_args {
    hsd_transit_choice choice; /* but for the percentiles */
    double *percentiles;
    size_t percentile_count;
} cli_transit_args;

extern const cli_option cli_transit_options[];
/* An option of the table above; false when the value is bad. */
bool cli_transit_take(cli_call *call, cli_transit_args *args, int key, const char *value);
/* What was taken, for a request; lives as long as the args. */
hsd_transit_choice cli_transit_choice(const cli_transit_args *args);
void cli_transit_finish(cli_transit_args *args);
#endif
