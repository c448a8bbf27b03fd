/* hourshed rerun: run again what a result says it came from, and compare. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

enum { INPUTS = 1, OUTPUT };

static const cli_option options[] = {
    {"inputs", 0, "FOLDER",
     "Look for the inputs here first, then beside the result and in this folder; repeatable",
     INPUTS},
    {"output", 'o', "FILE", "Keep the new result here; otherwise it is gone after the comparison",
     OUTPUT},
    {NULL, 0, NULL, NULL, 0}};

typedef struct rerun_call {
    const char **folders;
    size_t count;
} rerun_call;

static bool take(cli_call *call, int key, const char *value) {
    rerun_call *r = call->request;
    if (key == OUTPUT) {
        call->common.output = value;
        return true;
    }
    return cli_append(value, &r->folders, &r->count);
}

static void print_report(const cli_call *call, const hsd_rerun_report *report) {
    const hsd_differences *d = &report->differences;
    if (call->common.json) {
        printf("{\"equal\":%s,\"total\":%zu,\"differences\":[", report->equal ? "true" : "false",
               d->total);
        for (size_t i = 0; i < d->count; i++) {
            if (i) putchar(',');
            cli_json_text(d->list[i]);
        }
        puts("]}");
        return;
    }
    if (report->version)
        printf("%s was written by version %s; this is %s\n", call->positional, report->version,
               hsd_version());
    for (size_t i = 0; i < d->count; i++) puts(d->list[i]);
    if (d->total > d->count) printf("and %zu more\n", d->total - d->count);
    if (!report->equal)
        printf("not equal: %zu differences\n", d->total);
    else if (!call->common.quiet)
        puts("equal: every layer, row and value");
}

static int run(int argc, char **argv) {
    rerun_call own = {0};
    cli_call call = {.command = &cli_rerun, .request = &own};
    cli_parse(&call, argc, argv);
    hsd_rerun_request request = {.result = call.positional,
                                 .inputs = own.folders,
                                 .input_count = own.count,
                                 .output = call.common.output,
                                 .overwrite = call.common.overwrite};
    hsd_run settings = cli_run(&call);
    hsd_rerun_report report;
    hsd_error err;
    hsd_status status = hsd_study_rerun(&request, &settings, &report, &err);
    cli_progress_end();
    int code = CLI_OK;
    if (status != HSD_OK) {
        code = cli_failed(&call, &err);
    } else {
        print_report(&call, &report);
        code = report.equal ? CLI_OK : CLI_SOME_FAILED;
    }
    hsd_rerun_report_finish(&report);
    free(own.folders);
    return code;
}

const cli_command cli_rerun = {
    .name = "rerun",
    .positional = "RESULT.gpkg",
    .summary = "Run again what a result says it came from, and compare",
    .details =
        "Every input must have the content it had (its hash is in the result); a network that "
        "is gone is built again. Exit status 0: equal; 5: something differs.\n\n"
        "Example:\n"
        "  hourshed rerun bridge.gpkg --inputs data\n",
    .options = {options},
    .take = take,
    .run = run};
