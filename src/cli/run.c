/* hourshed run: everything a study says. */
#include <stdio.h>

#include "cli/cli.h"

enum { OUTPUT = 1 };

static const cli_option options[] = {
    {"output", 'o', "FILE", "Where the result of a study of one run goes, instead of what it says",
     OUTPUT},
    {NULL, 0, NULL, NULL, 0}};

static bool take(cli_call *call, int key, const char *value) {
    (void)key;
    call->common.output = value;
    return true;
}

static void print_step(void *user, const hsd_run_step *step) {
    const cli_call *call = user;
    cli_progress_end();
    if (!call->common.quiet && !call->common.json) printf("%s: %s\n", step->command, step->output);
    if (step->circle) cli_print_circle(call, step->circle);
    if (step->compare) cli_print_compare(call, step->compare);
    if (step->rank) cli_print_rank(call, step->rank);
    if (step->check) cli_print_check(call, step->check);
}

static int run(int argc, char **argv) {
    cli_call call = {.command = &cli_run_study};
    cli_parse(&call, argc, argv);
    hsd_run_request request = {.study = call.positional,
                               .output = call.common.output,
                               .overwrite = call.common.overwrite,
                               .step = print_step,
                               .user = &call};
    hsd_run settings = cli_run(&call);
    hsd_error err;
    hsd_status status = hsd_study_run(&request, &settings, &err);
    cli_progress_end();
    return status == HSD_OK ? CLI_OK : cli_failed(&call, &err);
}

const cli_command cli_run_study = {
    .name = "run",
    .positional = "STUDY.yaml",
    .summary = "Everything a study says: network, comparisons, rankings, in one file",
    .details = "The format is described in docs/study-yaml.md: keys are the commands' long "
               "options. Inputs "
               "are found from the study's folder, outputs go to this one.\n\n"
               "Example:\n"
               "  hourshed run geodata/studies/shenzhen-zhongshan/study.yaml -o gba.gpkg\n",
    .options = options,
    .take = take,
    .run = run};
