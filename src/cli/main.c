/* hourshed: the command. Each sub-command has a file of its own. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const cli_command *const commands[] = {
    &cli_build,   &cli_info,        &cli_check,  &cli_circle, &cli_template,
    &cli_compare, &cli_rank,        &cli_matrix, &cli_access, &cli_delineate,
    &cli_plot,    &cli_export_gtfs, &cli_study,  &cli_rerun};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out) {
    fputs("Usage: hourshed COMMAND [OPTION...]\n"
          "Who can reach what within the hour, by the real network, and how sure that is.\n\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-11s  %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n\"hourshed COMMAND --help\" shows options and an example. Also: --version, "
          "--formats.\n\n"
          "Example: a network, then the half-hour and one-hour circles of a place, for QGIS:\n"
          "  hourshed build porto.hsn --osm porto.osm.pbf\n"
          "  hourshed circle porto.hsn --from -8.611,41.149 --minutes 30,60 -o porto.gpkg\n\n"
          "And what a bridge drawn in QGIS would change:\n"
          "  hourshed template -o proposals.gpkg --network porto.hsn\n"
          "  hourshed compare porto.hsn --proposals proposals.gpkg --from -8.611,41.149 \\\n"
          "    --minutes 30,60 -o change.gpkg\n",
          out);
}

static const cli_command *find_command(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    return NULL;
}

static int no_command(const char *name) {
    fprintf(stderr, "hourshed: no command \"%s\"; expected one of", name);
    for (size_t i = 0; i < COMMANDS; i++) fprintf(stderr, "%s %s", i ? "," : "", commands[i]->name);
    fputs("\nTry \"hourshed --help\".\n", stderr);
    return CLI_USAGE;
}

static int print_formats(void) {
    char *names;
    hsd_error err;
    if (hsd_formats(&names, &err) != HSD_OK) {
        fprintf(stderr, "hourshed: %s\n", err.message);
        return CLI_INTERNAL;
    }
    fputs(names, stdout);
    hsd_text_release(names);
    return CLI_OK;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    cli_catch_signals();
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("hourshed %s\n", hsd_version());
        return CLI_OK;
    }
    if (strcmp(name, "--formats") == 0) return print_formats();
    bool asked =
        strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
    if (asked && argc > 2 && find_command(argv[2])) { /* "hourshed help circle" */
        char help[] = "--help";
        char *arguments[] = {argv[0], help, NULL};
        return find_command(argv[2])->run(2, arguments);
    }
    if (asked) {
        print_help(stdout);
        return CLI_OK;
    }
    const cli_command *command = find_command(name);
    if (command) return command->run(argc - 1, argv + 1);
    if (name[0]) return no_command(name);
    print_help(stderr);
    return CLI_USAGE;
}
