/* Options, through argp of the C library. argp is glibc's: this is the only file that knows it. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"

enum {
    KEY_OVERWRITE = 0x10000,
    KEY_FORMAT,
    KEY_LANG,
    KEY_THREADS,
    KEY_JSON,
    KEY_CONFIG,
    OWN = 0x1000 /* a command's own keys start here */
};
enum { COMMON = 1000 }; /* argp sorts groups: this one comes last */
enum { LISTS = sizeof((cli_command *)0)->options / sizeof(const cli_option *) };

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
    if (call->command->positional && !call->positional) {
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
    for (size_t i = 0; i < LISTS; i++)
        for (const cli_option *o = command->options[i]; o && (o->name || o->help); o++)
            if (o->letter == letter) return OWN + o->key;
    return 0;
}

static error_t take(int key, char *value, struct argp_state *state) {
    cli_call *call = state->input;
    cli_common *common = &call->common;
    switch (key) {
    case 'o':
        common->output = value;
        return 0;
    case 'q':
        common->quiet = true;
        return 0;
    case 'v':
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
    case ARGP_KEY_ARG:
        return take_positional(call, value, state);
    case ARGP_KEY_END:
        check_end(call);
        return 0;
    default:
        break;
    }
    if (key > 0 && key < OWN) key = key_of_letter(call->command, key);
    if (key < OWN || key >= KEY_OVERWRITE) return ARGP_ERR_UNKNOWN;
    if (!call->command->take(call, key - OWN, value)) fail_usage(call);
    return 0;
}

static const struct argp_option writing_options[] = {
    {"output", 'o', "FILE", 0, "Where the result goes", COMMON},
    {"format", KEY_FORMAT, "NAME", 0,
     "GDAL vector driver; default: by the file's ending, else GPKG", COMMON},
    {"lang", KEY_LANG, "LANG", 0,
     "Language of names and titles in results: en or zh; default: the locale's", COMMON},
    {0}};

static const struct argp_option common_options[] = {
    {"overwrite", KEY_OVERWRITE, NULL, 0, "Replace files that exist", COMMON},
    {"threads", KEY_THREADS, "N", 0,
     "Threads; default: one a core. The result does not depend on it", COMMON},
    {"json", KEY_JSON, NULL, 0, "Print JSON for programs instead of a table", COMMON},
    {"config", KEY_CONFIG, "KEY=VALUE", 0, "A GDAL configuration option", COMMON},
    {"quiet", 'q', NULL, 0, "No progress, no table", COMMON},
    {"verbose", 'v', NULL, 0, "Say what was skipped or mended", COMMON},
    {0}};

static size_t count_options(const cli_option *options) {
    size_t count = 0;
    while (options && (options[count].name || options[count].help)) count++;
    return count;
}

static struct argp_option *make_options(const cli_command *command) {
    size_t own = 0, n = 0;
    for (size_t i = 0; i < LISTS; i++) own += count_options(command->options[i]);
    struct argp_option *all = calloc(own + 16, sizeof *all);
    if (!all) exit(CLI_OUTPUT);
    for (size_t i = 0; i < LISTS; i++)
        for (const cli_option *o = command->options[i]; o && (o->name || o->help); o++) {
            if (!o->name) {
                all[n] = (struct argp_option){.doc = o->help, .group = (int)n + 1};
                n++;
                continue;
            }
            all[n++] = (struct argp_option){
                .name = o->name, .key = OWN + o->key, .arg = o->argument, .doc = o->help};
            if (o->letter) /* a second name: argp shows the letter first */
                all[n++] = (struct argp_option){.key = o->letter, .flags = OPTION_ALIAS};
        }
    all[n++] = (struct argp_option){.doc = "Common options:", .group = COMMON};
    if (command->writes)
        for (const struct argp_option *o = writing_options; o->name; o++) all[n++] = *o;
    for (const struct argp_option *o = common_options; o->name; o++) all[n++] = *o;
    return all;
}

void cli_parse(cli_call *call, int argc, char **argv) {
    const cli_command *command = call->command;
    struct argp_option *options = make_options(command);
    char doc[8192];
    snprintf(doc, sizeof doc, "%s\v%s", command->summary, command->details);
    struct argp argp = {
        .options = options, .parser = take, .args_doc = command->positional, .doc = doc};
    char name[64];
    snprintf(name, sizeof name, "hourshed %s", command->name);
    argv[0] = name;
    argp_err_exit_status = CLI_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, call);
    free(options);
    if (!call->common.lang) {
        const char *locale = getenv("LC_ALL");
        if (!locale || !locale[0]) locale = getenv("LC_MESSAGES");
        if (!locale || !locale[0]) locale = getenv("LANG");
        call->common.lang = locale && strncmp(locale, "zh", 2) == 0 ? "zh" : "en";
    }
}
