/* The table of commands. A command that writes a result file is a row here, and studies and reruns
 * know it. */
#include "study/commands.h"

#include <string.h>

static void tell(const hsd_listener *listener, hsd_run_step step) {
    if (listener) listener->told(listener->user, step);
}

static void hand_over(const hsd_listener *listener, hsd_status status, hsd_issues *issues) {
    if (status != HSD_OK && listener && listener->failed) listener->failed(listener->user, issues);
}

/* A command whose report is told; and one whose proposals may have issues besides. */
#define RUN(name)                                                                                  \
    static hsd_status run_##name(const hsd_any_request *request, const hsd_run *run,               \
                                 const hsd_listener *listener, hsd_error *err) {                   \
        hsd_##name##_report report;                                                                \
        const hsd_status status = hsd_study_##name(&request->name, run, &report, err);             \
        if (status == HSD_OK) tell(listener, (hsd_run_step){.name = &report});                     \
        hsd_##name##_report_finish(&report);                                                       \
        return status;                                                                             \
    }
#define RUN_WITH_ISSUES(name)                                                                      \
    static hsd_status run_##name(const hsd_any_request *request, const hsd_run *run,               \
                                 const hsd_listener *listener, hsd_error *err) {                   \
        hsd_##name##_report report;                                                                \
        const hsd_status status = hsd_study_##name(&request->name, run, &report, err);             \
        if (status == HSD_OK) tell(listener, (hsd_run_step){.name = &report});                     \
        hand_over(listener, status, &report.issues);                                               \
        hsd_##name##_report_finish(&report);                                                       \
        return status;                                                                             \
    }

RUN(circle)
RUN_WITH_ISSUES(compare)
RUN_WITH_ISSUES(rank)
RUN(matrix)
RUN_WITH_ISSUES(access)
RUN(delineate)

static hsd_status run_check(const hsd_any_request *request, const hsd_run *run,
                            const hsd_listener *listener, hsd_error *err) {
    hsd_check_counts counts;
    const hsd_status status = hsd_study_check(&request->check, run, &counts, err);
    if (status == HSD_OK) tell(listener, (hsd_run_step){.check = &counts});
    return status;
}

/* Commuters arrive in the morning. */
static void to_the_centre(hsd_any_request *request) {
    request->delineate.circle.direction = HSD_TO;
}

#define ROW(name, T, at, preset)                                                                   \
    {                                                                                              \
#name, &hsd_##name##_options_table, offsetof(T, at output), offsetof(T, at network),       \
            offsetof(T, at overwrite), preset, run_##name                                          \
    }
#define HERE
const hsd_command hsd_commands[HSD_COMMANDS] = {
    ROW(circle, hsd_circle_request, HERE, NULL),
    ROW(compare, hsd_compare_request, circle., NULL),
    ROW(rank, hsd_rank_request, HERE, NULL),
    ROW(check, hsd_check_request, HERE, NULL),
    ROW(matrix, hsd_matrix_request, circle., NULL),
    ROW(access, hsd_access_request, times.circle., NULL),
    ROW(delineate, hsd_delineate_request, circle., to_the_centre),
};
const char *const hsd_command_names[HSD_COMMANDS + 1] = {"circle", "compare", "rank",      "check",
                                                         "matrix", "access",  "delineate", NULL};

const hsd_command *hsd_command_find(const char *name) {
    for (size_t i = 0; i < HSD_COMMANDS; i++)
        if (strcmp(hsd_commands[i].name, name) == 0) return &hsd_commands[i];
    return NULL;
}
