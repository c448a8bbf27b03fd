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

typedef struct study_call {
    const cli_call *call;
    int code;
} study_call;

static void tell_step(void *user, const hsd_run_step *step) {
    study_call *c = user;
    const cli_call *call = c->call;
    cli_progress_end();
    if (!call->common.quiet && !call->common.json) printf("%s %s\n\n", step->command, step->output);
    int code = CLI_OK;
    if (step->circle) code = cli_circle_tell(call, step->circle);
    if (step->compare) code = cli_compare_tell(call, step->compare);
    if (step->rank) code = cli_rank_tell(call, step->rank);
    if (step->matrix) code = cli_matrix_tell(call, step->matrix);
    if (step->access) code = cli_access_tell(call, step->access);
    if (step->delineate) code = cli_delineate_tell(call, step->delineate);
    if (step->check) code = cli_check_tell(call, step->check);
    if (!call->common.quiet && !call->common.json) putchar('\n');
    if (code != CLI_OK) c->code = code;
}

static int run(int argc, char **argv) {
    cli_call call = {.command = &cli_study};
    cli_parse(&call, argc, argv);
    study_call c = {&call, CLI_OK};
    hsd_run_request request = {.study = call.positional,
                               .output = call.common.output,
                               .overwrite = call.common.overwrite,
                               .step = tell_step,
                               .user = &c};
    hsd_run settings = cli_run(&call);
    hsd_issues issues = {0};
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_run(&request, &settings, &issues, &err) == HSD_OK)
        cli_progress_end();
    else
        c.code = cli_failed_issues(&call, &issues, &err);
    hsd_issues_finish(&issues);
    return c.code;
}

const cli_command cli_study = {
    .name = "run",
    .positional = "STUDY.yaml",
    .summary = "Everything a study says: network, comparisons, rankings, in one file",
    .details = "The format is described in docs/study-yaml.md: keys are the commands' long "
               "options. Inputs "
               "are found from the study's folder, outputs go to this one.\n\n"
               "Example:\n"
               "  hourshed run geodata/studies/shenzhen-zhongshan/study.yaml -o gba.gpkg\n",
    .options = {options},
    .take = take,
    .run = run};
