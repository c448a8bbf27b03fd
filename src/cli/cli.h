/* The program's own helpers: options, output to people, exit codes. cli/ alone prints, reads argv
 * and exits, and knows the library by its public headers only. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "hourshed/hourshed.h"

/* Exit codes (design 5.11). */
enum {
    CLI_OK = 0,
    CLI_INTERNAL = 1,
    CLI_USAGE = 2,
    CLI_INPUT = 3,
    CLI_OUTPUT = 4,
    CLI_SOME_FAILED = 5,
    CLI_INTERRUPTED = 130
};

typedef struct cli_option {
    const char *name;     /* NULL with help: a heading */
    char letter;          /* 0: none */
    const char *argument; /* NULL: a flag */
    const char *help;
    int key; /* the command's own number, > 0 */
} cli_option;

/* Options that every command has. */
typedef struct cli_common {
    bool overwrite, quiet, json, verbose;
    int threads;
    const char *lang, *format, *output;
} cli_common;

typedef struct cli_command cli_command;
/* What a command is parsed into; `request` is the command's own. */
typedef struct cli_call {
    const cli_command *command;
    cli_common common;
    const char *positional; /* the one argument without a dash */
    void *request;
} cli_call;

struct cli_command {
    const char *name, *positional, *summary; /* positional NULL: options only; "[X]": or not */
    const char *usage;                       /* what cannot be left out; NULL: the positional */
    const char *details;                     /* after the options: what comes out, an example */
    const cli_option *options[6];            /* one after another; each ends with name, help NULL */
    bool writes;                             /* takes -o, --format, --overwrite, --lang */
    /* An option of its own; false with cli_usage's message when the value is bad. */
    bool (*take)(cli_call *call, int key, const char *value);
    int (*run)(int argc, char **argv);
};

extern const cli_command cli_build, cli_info, cli_check, cli_circle, cli_compare, cli_rank,
    cli_matrix, cli_access, cli_delineate, cli_plot, cli_template, cli_study, cli_rerun,
    cli_export_gtfs;

/* Parses argv[1..]; exits by itself for --help and bad usage (status 2), as programs do. */
void cli_parse(cli_call *call, int argc, char **argv);
void cli_print_help(const cli_command *command, const cli_option *const *lists, size_t count);
/* "hourshed NAME: message" on standard error; for values: cli_bad(call, "minutes", value, "...").
 */
bool cli_bad(const cli_call *call, const char *option, const char *value, const char *expected);

/* Run settings with a progress line on terminals, log lines, and cancelling by signals. */
hsd_run cli_run(cli_call *call);
void cli_catch_signals(void);
void cli_progress_end(void);
/* Prints the error and gives the exit code. */
int cli_failed(const cli_call *call, const hsd_error *err);
/* The same where many things may be wrong at once: each on a line of its own. */
int cli_failed_issues(const cli_call *call, const hsd_issues *issues, const hsd_error *err);

/* What a run found, as a table or JSON; the exit code. */
int cli_circle_tell(const cli_call *call, const hsd_circle_report *report);
int cli_compare_tell(const cli_call *call, const hsd_compare_report *report);
int cli_rank_tell(const cli_call *call, const hsd_rank_report *report);
int cli_matrix_tell(const cli_call *call, const hsd_matrix_report *report);
int cli_access_tell(const cli_call *call, const hsd_access_report *report);
int cli_delineate_tell(const cli_call *call, const hsd_delineate_report *report);
int cli_check_tell(const cli_call *call, const hsd_check_counts *counts);

/* Its timetable, if it has one; the trips of one of its days. */
void cli_print_timetable(const hsd_network *network);
void cli_print_date(const hsd_network *network, int32_t date);

/* Values. */
bool cli_number(const char *text, double *out);
bool cli_lonlat(const char *text, hsd_lonlat *out);
/* Comma-separated; the array grows and is the caller's (free). */
bool cli_numbers(const char *text, double **values, size_t *count);
bool cli_append(const char *value, const char ***list, size_t *count);
/* One word of a NULL-ended list; the index or -1. */
int cli_choose(const char *value, const char *const *words);

/* The name of a datum; false when there is none such. */
bool cli_datum(const cli_call *call, const char *option, const char *value, const char **out);

/* A table of texts with right-aligned numbers; knows that Chinese characters are two columns wide.
 */
typedef struct cli_table cli_table;
cli_table *cli_table_create(const char *const *titles, size_t columns);
void cli_table_text(cli_table *table, const char *text);
void cli_table_number(cli_table *table, double value, int decimals); /* not finite: "-" */
void cli_table_print(cli_table *table);                              /* and frees it */
/* Columns of a terminal that a UTF-8 text takes. */
int cli_width(const char *text);
/* A text as a JSON string on standard output. */
void cli_json_text(const char *text);
void cli_json_number(double value);
#endif
