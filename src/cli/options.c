/* Options, through argp of the C library. argp is glibc's: this is the only file that knows it. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"

/* Keys of the options that every command has; a command's own are less. */
enum {
    COMMON = 0x1000,
    KEY_OUTPUT,
    KEY_FORMAT,
    KEY_LANG,
    KEY_OVERWRITE,
    KEY_THREADS,
    KEY_JSON,
    KEY_CONFIG,
    KEY_QUIET,
    KEY_VERBOSE,
    KEY_HELP,
    KEY_USAGE
};
enum {
    LISTS = sizeof((cli_command *)0)->options / sizeof(const cli_option *),
    ALL_LISTS = LISTS + 3
};
enum { ARGP_KEYS = 0x1000 }; /* argp takes lesser ones for letters */

static const cli_option common_heading[] = {{NULL, 0, NULL, "Common options:", 0},
                                            {NULL, 0, NULL, NULL, 0}};
static const cli_option writing_options[] = {
    {"output", 'o', "FILE", "Where the result goes", KEY_OUTPUT},
    {"format", 0, "NAME", "GDAL vector driver; default: by the file's ending, else GPKG",
     KEY_FORMAT},
    {"lang", 0, "LANG", "Language of names and titles in results: en or zh; default: the locale's",
     KEY_LANG},
    {NULL, 0, NULL, NULL, 0}};
static const cli_option common_options[] = {
    {"overwrite", 0, NULL, "Replace files that exist", KEY_OVERWRITE},
    {"threads", 0, "N", "Threads; default: one a core. The result does not depend on it",
     KEY_THREADS},
    {"json", 0, NULL, "Print JSON for programs instead of a table", KEY_JSON},
    {"config", 0, "KEY=VALUE", "A GDAL configuration option", KEY_CONFIG},
    {"quiet", 'q', NULL, "No progress, no table", KEY_QUIET},
    {"verbose", 'v', NULL, "Say what was skipped or mended", KEY_VERBOSE},
    {"help", 'h', NULL, "This text", KEY_HELP},
    {NULL, 0, NULL, NULL, 0}};

/* All lists of a command's options, NULL where there is none. */
static void lists_of(const cli_command *command, const cli_option *lists[ALL_LISTS]) {
    for (size_t i = 0; i < LISTS; i++) lists[i] = command->options[i];
    lists[LISTS] = common_heading;
    lists[LISTS + 1] = command->writes ? writing_options : NULL;
    lists[LISTS + 2] = common_options;
}

bool cli_bad(const cli_call *call, const char *option, const char *value, const char *expected) {
    fprintf(stderr, "hourshed %s: --%s \"%s\": %s\n", call->command->name, option, value, expected);
    return false;
}

static void fail_usage(const cli_call *call) {
    fprintf(stderr, "Try \"hourshed %s --help\".\n", call->command->name);
    exit(CLI_USAGE);
}

static void take_threads(cli_call *call, const char *value) {
    double number;
    if (!cli_number(value, &number) || number < 1 || number > 256 || number != (int)number) {
        cli_bad(call, "threads", value, "expected a whole number from 1 to 256");
        fail_usage(call);
    }
    call->common.threads = (int)number;
}

static void take_config(const cli_call *call, const char *value) {
    hsd_error err = {HSD_OK, ""};
    if (hsd_config_set(value, &err) == HSD_OK) return;
    cli_bad(call, "config", value, "expected KEY=VALUE");
    fail_usage(call);
}

static error_t take_positional(cli_call *call, const char *value, struct argp_state *state) {
    if (!call->command->positional) {
        fprintf(stderr, "hourshed %s: \"%s\" is one argument too many: expected options only\n",
                call->command->name, value);
        fail_usage(call);
    }
    if (call->positional) {
        fprintf(stderr, "hourshed %s: one %s too many: \"%s\"\n", call->command->name,
                call->command->positional, value);
        fail_usage(call);
    }
    call->positional = value;
    (void)state;
    return 0;
}

static void check_end(const cli_call *call) {
    if (call->command->positional && call->command->positional[0] != '[' && !call->positional) {
        fprintf(stderr, "hourshed %s: %s is missing\n", call->command->name,
                call->command->positional);
        fail_usage(call);
    }
    if (call->command->writes && !call->common.output) {
        fprintf(stderr, "hourshed %s: -o FILE is missing: where the result goes\n",
                call->command->name);
        fail_usage(call);
    }
}

/* An option's letter stands for its own key. */
static int key_of_letter(const cli_command *command, int letter) {
    const cli_option *lists[ALL_LISTS];
    lists_of(command, lists);
    for (size_t i = 0; i < ALL_LISTS; i++)
        for (const cli_option *o = lists[i]; o && (o->name || o->help); o++)
            if (o->letter == letter) return o->key;
    return 0;
}

static void print_help(const cli_command *command) {
    const cli_option *lists[ALL_LISTS];
    lists_of(command, lists);
    cli_print_help(command, lists, ALL_LISTS);
    exit(CLI_OK);
}

static error_t take_option(cli_call *call, int key, const char *value) {
    cli_common *common = &call->common;
    switch (key) {
    case KEY_OUTPUT:
        common->output = value;
        return 0;
    case KEY_QUIET:
        common->quiet = true;
        return 0;
    case KEY_VERBOSE:
        common->verbose = true;
        return 0;
    case KEY_OVERWRITE:
        common->overwrite = true;
        return 0;
    case KEY_FORMAT:
        common->format = value;
        return 0;
    case KEY_LANG:
        common->lang = value;
        return 0;
    case KEY_JSON:
        common->json = true;
        return 0;
    case KEY_THREADS:
        take_threads(call, value);
        return 0;
    case KEY_CONFIG:
        take_config(call, value);
        return 0;
    case KEY_HELP:
    case KEY_USAGE:
        print_help(call->command);
        return 0;
    default:
        if (key <= 0 || key >= COMMON) return ARGP_ERR_UNKNOWN;
        if (!call->command->take(call, key, value)) fail_usage(call);
        return 0;
    }
}

static error_t take(int key, char *value, struct argp_state *state) {
    cli_call *call = state->input;
    if (key == ARGP_KEY_ARG) return take_positional(call, value, state);
    if (key == ARGP_KEY_END) check_end(call);
    if (key > 0 && key < ARGP_KEYS)
        return take_option(call, key_of_letter(call->command, key), value);
    if (key < ARGP_KEYS || key >= 0x10000) return ARGP_ERR_UNKNOWN; /* argp's own */
    return take_option(call, key - ARGP_KEYS, value);
}

static struct argp_option *make_options(const cli_command *command) {
    const cli_option *lists[ALL_LISTS];
    size_t count = 0, n = 0;
    lists_of(command, lists);
    for (size_t i = 0; i < ALL_LISTS; i++)
        for (const cli_option *o = lists[i]; o && (o->name || o->help); o++) count++;
    struct argp_option *all = calloc(count + 2, sizeof *all); /* usage, and the end */
    if (!all) exit(CLI_OUTPUT);
    for (size_t i = 0; i < ALL_LISTS; i++)
        for (const cli_option *o = lists[i]; o && (o->name || o->help); o++)
            if (o->name)
                all[n++] = (struct argp_option){.name = o->name,
                                                .key = o->letter ? o->letter : ARGP_KEYS + o->key,
                                                .arg = o->argument,
                                                .doc = o->help};
    all[n] =
        (struct argp_option){.name = "usage", .key = ARGP_KEYS + KEY_USAGE, .doc = "as --help"};
    return all;
}

void cli_parse(cli_call *call, int argc, char **argv) {
    const cli_command *command = call->command;
    struct argp_option *options = make_options(command);
    struct argp argp = {.options = options, .parser = take};
    char name[64];
    snprintf(name, sizeof name, "hourshed %s", command->name);
    argv[0] = name;
    argp_err_exit_status = CLI_USAGE;
    argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, call);
    free(options);
    if (!call->common.lang) {
        const char *locale = getenv("LC_ALL");
        if (!locale || !locale[0]) locale = getenv("LC_MESSAGES");
        if (!locale || !locale[0]) locale = getenv("LANG");
        call->common.lang = locale && strncmp(locale, "zh", 2) == 0 ? "zh" : "en";
    }
}
