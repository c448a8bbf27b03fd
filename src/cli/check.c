/* hourshed check: what is wrong with a network. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { MODE = 1, NEAR };

static const cli_option options[] = {
    {"mode", 'm', "NAME", "One mode only; default: every mode of the network", MODE},
    {"near", 0, "METRES", "Dead ends this close to another street are near misses; default: 5",
     NEAR},
    {NULL, 0, NULL, NULL, 0}};

static bool take(cli_call *call, int key, const char *value) {
    hsd_check_request *r = call->request;
    switch (key) {
    case MODE:
        r->mode = value;
        return true;
    case NEAR:
        if (!cli_number(value, &r->near_miss_m) || r->near_miss_m <= 0 || r->near_miss_m > 1000)
            return cli_bad(call, "near", value, "expected metres above 0, at most 1000");
        return true;
    default:
        return false;
    }
}

int cli_check_tell(const cli_call *call, const hsd_check_counts *c) {
    cli_progress_end();
    if (call->common.json)
        printf("{\"islands\":%zu,\"island_km\":%.3f,\"near_misses\":%zu,\"dead_ends\":%zu,"
               "\"one_way_traps\":%zu,\"duplicates\":%zu}\n",
               c->islands, c->island_km, c->near_misses, c->dead_ends, c->one_way_traps,
               c->duplicates);
    else if (!call->common.quiet)
        printf("islands        %zu (%.1f km of streets cut off from the main network)\n"
               "near misses    %zu (dead ends that almost touch another street)\n"
               "dead ends      %zu\n"
               "one-way traps  %zu (streets that can be entered and not left, or left and not "
               "entered)\n"
               "duplicates     %zu (streets drawn twice)\n",
               c->islands, c->island_km, c->near_misses, c->dead_ends, c->one_way_traps,
               c->duplicates);
    return CLI_OK;
}

static int run(int argc, char **argv) {
    hsd_check_request request = {0};
    cli_call call = {.command = &cli_check, .request = &request};
    cli_parse(&call, argc, argv);
    hsd_run settings = cli_run(&call);
    request.network = call.positional;
    request.output = call.common.output;
    request.format = call.common.format;
    request.overwrite = call.common.overwrite;
    request.lang = call.common.lang;
    hsd_check_counts c;
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_check(&request, &settings, &c, &err) != HSD_OK) return cli_failed(&call, &err);
    int code = cli_check_tell(&call, &c);
    if (!call.common.json && !call.common.quiet) printf("\n%s\n", request.output);
    return code;
}

const cli_command cli_check = {
    .name = "check",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn -o FILE",
    .summary = "Find what is wrong with a network: islands, near misses, traps",
    .details = "Layers: islands, near_misses, dead_ends, one_way_traps, duplicates, each with what "
               "to look at.\n\n"
               "Example:\n  hourshed check porto.hsn -o porto-check.gpkg",
    .options = {options},
    .writes = true,
    .take = take,
    .run = run};
