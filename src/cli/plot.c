/* hourshed plot: figures of a result. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

enum {
    FIGURE = 1,
    COLUMN,
    POPULATION,
    ORIGIN,
    SCENARIO,
    RULE,
    WIDTH,
    HEIGHT,
    TITLE,
    OUTPUT,
    FORMAT,
    LANG
};

static const cli_option options[] = {
    {"figure", 0, "NAME",
     "population, lorenz, savings, ranking, map, delineation; repeatable; default: all that the "
     "file has data for",
     FIGURE},
    {"column", 0, "NAME",
     "What lorenz and ranking are of; default: the first measure of which more is better, what the "
     "ranking is ordered by",
     COLUMN},
    {"population", 0, "FIELD", "Column with people; default: the run's own, else population",
     POPULATION},
    {"origin", 0, "ID",
     "Of this origin (or centre) alone; default: all of them; of before and after, the one that "
     "changes most",
     ORIGIN},
    {"scenario", 0, "NAME", "Of this scenario alone; default: all of them; of maps, the first",
     SCENARIO},
    {"rule", 0, "NAME", "Of a delineation; default: its first", RULE},
    {"title", 0, "TEXT", "Instead of the figure's own", TITLE},
    {"width", 0, "PIXELS", "Default: the figure's own", WIDTH},
    {"height", 0, "PIXELS", "Default: the figure's own", HEIGHT},
    {"output", 'o', "PATH",
     "A folder, for NAME.svg and NAME.png of each figure; or FILE.svg, FILE.png of one", OUTPUT},
    {"format", 0, "NAME", "svg or png; default: both, or what the file's ending says", FORMAT},
    {"lang", 0, "LANG", "en or zh; default: the locale's", LANG},
    {NULL, 0, NULL, NULL, 0}};

typedef struct plot_call {
    hsd_plot_request request;
    const char **figures;
    size_t figure_count;
} plot_call;

static bool take_pixels(cli_call *call, const char *option, const char *value, uint32_t *out) {
    double number;
    if (!cli_number(value, &number) || number < 160 || number > 20000 || number != (int)number)
        return cli_bad(call, option, value, "expected whole pixels from 160 to 20000");
    *out = (uint32_t)number;
    return true;
}

static bool take(cli_call *call, int key, const char *value) {
    plot_call *c = call->request;
    hsd_plot_request *r = &c->request;
    const char **const texts[] = {[COLUMN] = &r->column,
                                  [POPULATION] = &r->population_field,
                                  [ORIGIN] = &r->origin,
                                  [SCENARIO] = &r->scenario,
                                  [RULE] = &r->rule,
                                  [TITLE] = &r->title,
                                  [OUTPUT] = &call->common.output,
                                  [FORMAT] = &call->common.format,
                                  [LANG] = &call->common.lang};
    if (key == FIGURE) return cli_append(value, &c->figures, &c->figure_count);
    if (key == WIDTH) return take_pixels(call, "width", value, &r->width_px);
    if (key == HEIGHT) return take_pixels(call, "height", value, &r->height_px);
    *texts[key] = value;
    return true;
}

static void print_report(const cli_call *call, const hsd_plot_report *report) {
    if (!call->common.json) {
        for (size_t i = 0; i < report->file_count; i++) puts(report->files[i].path);
        return;
    }
    fputs("{\"files\":[", stdout);
    for (size_t i = 0; i < report->file_count; i++) {
        fputs(i ? ",{\"figure\":" : "{\"figure\":", stdout);
        cli_json_text(report->files[i].figure);
        fputs(",\"path\":", stdout);
        cli_json_text(report->files[i].path);
        putchar('}');
    }
    puts("]}");
}

static int run(int argc, char **argv) {
    plot_call c = {0};
    cli_call call = {.command = &cli_plot, .request = &c};
    cli_parse(&call, argc, argv);
    c.request.result = call.positional;
    c.request.output = call.common.output;
    c.request.figures = c.figures;
    c.request.figure_count = c.figure_count;
    c.request.format = call.common.format;
    c.request.lang = call.common.lang;
    c.request.overwrite = call.common.overwrite;
    hsd_run settings = cli_run(&call);
    hsd_plot_report report = {0};
    hsd_error err = {HSD_OK, ""};
    int code = CLI_OK;
    if (!call.common.output)
        code = cli_failed(
            &call, &(hsd_error){HSD_E_ARGUMENT, "-o FOLDER is missing: where the figures go"});
    else if (hsd_study_plot(&c.request, &settings, &report, &err) != HSD_OK)
        code = cli_failed(&call, &err);
    cli_progress_end();
    if (code == CLI_OK && !call.common.quiet) print_report(&call, &report);
    hsd_plot_report_finish(&report);
    free(c.figures);
    return code;
}

const cli_command cli_plot = {
    .name = "plot",
    .positional = "RESULT.gpkg",
    .usage = "RESULT.gpkg -o FOLDER",
    .summary = "Draw the figures a paper needs from a result",
    .details =
        "Figures: population (people within reach by minutes, before and after), lorenz (a measure "
        "over people, with its Gini index), savings (a histogram of minutes saved), ranking "
        "(proposals as bars), map (circles; before and after; metropolitan circles), delineation "
        "(members by verdict). They show what the file holds and name it at their foot; the same "
        "file gives the same bytes.\n\n"
        "Examples:\n  hourshed plot change.gpkg -o figures\n"
        "  hourshed plot access.gpkg --figure lorenz --column gravity_jobs -o lorenz.svg",
    .options = {options},
    .take = take,
    .run = run};
