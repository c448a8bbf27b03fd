/* hourshed export-gtfs: a timetable with what is proposed, as a GTFS feed. */
#include <stdio.h>
#include <string.h>

#include "cli/proposal_options.h"

enum { SCENARIO = 1, ONLY_PROPOSED };

static const cli_option options[] = {
    {"scenario", 0, "NAME=p1,p2",
     "These proposals alone; commas in names are doubled; default: all of the file", SCENARIO},
    {"only-proposed", 0, NULL, "Trips of the proposals alone, with the stops they call at",
     ONLY_PROPOSED},
    {NULL, 0, NULL, NULL, 0}};

static bool take(cli_call *call, int key, const char *value) {
    hsd_export_gtfs_request *r = call->request;
    hsd_resolve_options unused = {0};
    if (key >= CLI_PROPOSAL_KEYS)
        return cli_proposal_take(call, &r->proposals, &unused, key, value);
    if (key == SCENARIO) r->scenario = value;
    if (key == ONLY_PROPOSED) r->only_proposed = true;
    return true;
}

static int tell(const cli_call *call, const hsd_export_gtfs_request *r,
                const hsd_export_gtfs_report *report) {
    if (call->common.json) {
        fputs("{\"output\":", stdout);
        cli_json_text(r->output);
        printf(",\"stops\":%zu,\"lines\":%zu,\"trips\":%zu,\"calls\":%zu}\n", report->stops,
               report->lines, report->trips, report->calls);
    } else if (!call->common.quiet) {
        printf("%s: %zu stops, %zu lines, %zu trips, %zu calls\n", r->output, report->stops,
               report->lines, report->trips, report->calls);
    }
    for (size_t i = 0; i < report->issues.count && !call->common.quiet; i++)
        if (!report->issues.list[i].error)
            fprintf(stderr, "hourshed export-gtfs: %s\n", report->issues.list[i].text);
    return CLI_OK;
}

static int run(int argc, char **argv) {
    hsd_export_gtfs_request request = {0};
    cli_call call = {.command = &cli_export_gtfs, .request = &request};
    cli_parse(&call, argc, argv);
    hsd_run settings = cli_run(&call);
    if (call.common.format) {
        cli_bad(&call, "format", call.common.format, "a feed is a zip of CSV tables");
        return CLI_USAGE;
    }
    request.network = call.positional;
    request.output = call.common.output;
    request.overwrite = call.common.overwrite;
    hsd_export_gtfs_report report;
    hsd_error err = {HSD_OK, ""};
    const hsd_status status = hsd_study_export_gtfs(&request, &settings, &report, &err);
    cli_progress_end();
    const int code = status == HSD_OK ? tell(&call, &request, &report)
                                      : cli_failed_issues(&call, &report.issues, &err);
    hsd_issues_finish(&report.issues);
    return code;
}

const cli_command cli_export_gtfs = {
    .name = "export-gtfs",
    .positional = "[NETWORK.hsn]",
    .usage = "[NETWORK.hsn] [--proposals FILE] -o F.zip",
    .summary = "Write a timetable with proposed lines and trains as GTFS",
    .details =
        "Out comes a feed that other programs read: agency, feed_info, stops, routes, trips, "
        "stop_times, calendar, calendar_dates, frequencies (headways), shapes, transfers. Without "
        "a network the proposals are a timetable of their own, on every day from 2000 to 2099.\n\n"
        "Example:\n"
        "  hourshed export-gtfs china.hsn --proposals plan.gpkg --scenario line=Jinan-Qingdao \\\n"
        "    --only-proposed -o jinan-qingdao.zip",
    .options = {options, cli_proposal_options},
    .writes = true,
    .take = take,
    .run = run};
