/* hourshed template: an empty file of proposals to draw in. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { NETWORK = 1 };

static const cli_option options[] = {
    {"network", 'n', "NETWORK.hsn",
     "Offer the road classes of this network and open where it lies; default: those of the profile "
     "car-osm, and the whole world",
     NETWORK},
    {NULL, 0, NULL, NULL, 0}};

static bool take(cli_call *call, int key, const char *value) {
    hsd_template_request *r = call->request;
    if (key != NETWORK) return false;
    r->network = value;
    return true;
}

static int run(int argc, char **argv) {
    hsd_template_request request = {0};
    cli_call call = {.command = &cli_template, .request = &request};
    cli_parse(&call, argc, argv);
    hsd_run settings = cli_run(&call);
    if (call.common.format && strcmp(call.common.format, "GPKG") != 0) {
        cli_bad(&call, "format", call.common.format, "a template is a GeoPackage");
        return CLI_USAGE;
    }
    request.output = call.common.output;
    request.overwrite = call.common.overwrite;
    request.lang = call.common.lang;
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_template(&request, &settings, &err) != HSD_OK) return cli_failed(&call, &err);
    if (call.common.json) {
        fputs("{\"output\":", stdout);
        cli_json_text(request.output);
        fputs("}\n", stdout);
    } else if (!call.common.quiet) {
        printf("%s\nDraw in it with QGIS (Project > Open From > GeoPackage), save, and hand it to "
               "--proposals.\n",
               request.output);
    }
    return CLI_OK;
}

const cli_command cli_template = {
    .name = "template",
    .usage = "-o PROPOSALS.gpkg",
    .summary = "Make an empty file of proposals to draw in with QGIS",
    .details =
        "Layers: links (roads, railways, ferries, ways for walkers), junctions, stations, "
        "services, closures, speed_changes, waits. Their forms have drop-down lists, presets and "
        "checks. Rows with the same word in \"proposal\" are one project.\n\n"
        "In QGIS: Project > Open From > GeoPackage, choose the file; select layer links, toggle "
        "editing, add a line from one road to another, fill in the form, save. Every field is in "
        "hourshed-proposals(5).\n\n"
        "Example:\n"
        "  hourshed template -o proposals.gpkg --network porto.hsn\n"
        "  hourshed compare porto.hsn --proposals proposals.gpkg \\\n"
        "    --from -8.611,41.149 --minutes 30,60 -o after.gpkg",
    .options = {options},
    .writes = true,
    .take = take,
    .run = run};
