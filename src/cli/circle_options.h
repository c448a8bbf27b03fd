/* What the commands that start from places share: where from, how far, what is counted. Their
 * request embeds a hsd_circle_request. */
#ifndef CLI_CIRCLE_OPTIONS_H
#define CLI_CIRCLE_OPTIONS_H

#include "cli/transit_options.h"

enum { CLI_CIRCLE_KEYS = CLI_TRANSIT_END }; /* a command's own keys start here */

typedef struct cli_circle_args {
    hsd_circle_request request;
    hsd_lonlat *points;
    double *minutes;
    size_t point_count, minute_count, profile_count, mass_count, zone_mass_count;
    const char **profiles, **masses, **zone_masses, **legs;
    size_t leg_count;
    cli_transit_args transit; /* its options are taken here, too */
    bool from, to, direction;
} cli_circle_args;

extern const cli_option cli_circle_options[];
/* What circle and compare draw besides. */
extern const cli_option cli_drawn_options[];
/* An option of the tables above; false when the value is bad. */
bool cli_circle_take(cli_call *call, cli_circle_args *args, int key, const char *value);
/* Fills the request from what was taken; CLI_OK or CLI_USAGE. */
int cli_circle_check(const cli_call *call, cli_circle_args *args);
void cli_circle_finish(cli_circle_args *args);
#endif
