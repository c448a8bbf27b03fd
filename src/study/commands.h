/* The commands that a study can run and a result can be run again by: one table, with the options
 * of each, where its request keeps what every run has, and how it is called. */
#ifndef STUDY_COMMANDS_H
#define STUDY_COMMANDS_H

#include "study/options.h"

typedef union hsd_any_request {
    hsd_circle_request circle;
    hsd_compare_request compare;
    hsd_rank_request rank;
    hsd_check_request check;
    hsd_matrix_request matrix;
    hsd_access_request access;
    hsd_delineate_request delineate;
} hsd_any_request;

/* Hears of a run: what it found, the report set; issues when it failed, to take over or leave. */
typedef struct hsd_listener {
    void (*told)(void *user, hsd_run_step step);
    void (*failed)(void *user, hsd_issues *issues); /* may be NULL */
    void *user;
} hsd_listener;

typedef struct hsd_command {
    const char *name;
    const hsd_option_table *options;
    size_t output, network, overwrite;        /* offsets in its request */
    void (*preset)(hsd_any_request *request); /* what a study's request begins with; NULL: zeros */
    hsd_status (*run)(const hsd_any_request *request, const hsd_run *run,
                      const hsd_listener *listener, hsd_error *err); /* listener NULL: nobody */
} hsd_command;

enum { HSD_COMMANDS = 7 };
extern const hsd_command hsd_commands[HSD_COMMANDS];
extern const char *const hsd_command_names[HSD_COMMANDS + 1]; /* in the order of the table; NULL */
const hsd_command *hsd_command_find(const char *name);        /* NULL: none */

static inline const char **hsd_command_output(const hsd_command *command,
                                              hsd_any_request *request) {
    return (const char **)((char *)request + command->output);
}
static inline const char **hsd_command_network(const hsd_command *command,
                                               hsd_any_request *request) {
    return (const char **)((char *)request + command->network);
}
static inline bool *hsd_command_overwrite(const hsd_command *command, hsd_any_request *request) {
    return (bool *)((char *)request + command->overwrite);
}
#endif
