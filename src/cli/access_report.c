/* What access prints: a row a measure and statistic with the baseline and scenarios beside each
 * other, so that a change is read along a line; groups in a table of their own, one statistic after
 * the other; then what each measure decided. All of it stands in the result file, too. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { SCENES = 4, ROWS = 80, GROUP_ROWS = 60 }; /* SCENES: the baseline and three scenarios */

/* Lines of a report come scene by scene, the same ones in each. */
typedef struct sheet {
    const hsd_access_report *report;
    size_t first[SCENES + 1]; /* lines of a scene */
    size_t scenes, left_out;  /* scenarios that are not shown */
} sheet;

static sheet sheet_of(const hsd_access_report *report) {
    sheet s = {.report = report};
    const char *scene = NULL;
    for (size_t i = 0; i < report->line_count; i++) {
        if (scene && strcmp(scene, report->lines[i].scenario) == 0) continue;
        scene = report->lines[i].scenario;
        if (s.scenes < SCENES)
            s.first[s.scenes++] = i;
        else if (s.left_out++ == 0)
            s.first[SCENES] = i;
    }
    if (s.left_out == 0) s.first[SCENES] = report->line_count;
    for (size_t k = s.scenes; k < SCENES; k++) s.first[k] = s.first[SCENES];
    return s;
}

static bool same_line(const hsd_access_line *a, const hsd_access_line *b) {
    if (!a->group != !b->group) return false;
    return strcmp(a->measure, b->measure) == 0 && strcmp(a->statistic, b->statistic) == 0 &&
           (!a->group || strcmp(a->group, b->group) == 0);
}

/* The line of a scene that is line i of the baseline; NULL: it has none. */
static const hsd_access_line *line_in(const sheet *s, size_t scene, size_t i) {
    const hsd_access_line *lines = s->report->lines;
    const size_t begin = s->first[scene], end = s->first[scene + 1], guess = begin + i;
    if (guess < end && same_line(&lines[guess], &lines[i])) return &lines[guess];
    for (size_t k = begin; k < end; k++)
        if (same_line(&lines[k], &lines[i])) return &lines[k];
    return NULL;
}

static int decimals(double value) {
    const double size = fabs(value);
    return size < 1 ? 4 : size < 100 ? 3 : size < 10000 ? 1 : 0;
}

static cli_table *begin_table(const sheet *s, bool groups) {
    const char *titles[3 + 2 * SCENES];
    size_t n = 0;
    titles[n++] = "measure";
    titles[n++] = "statistic";
    if (groups) titles[n++] = "group";
    for (size_t k = 0; k < s->scenes; k++) {
        titles[n++] = s->report->lines[s->first[k]].scenario;
        if (k) titles[n++] = "change";
    }
    return cli_table_create(titles, n);
}

static void add_row(const sheet *s, cli_table *table, size_t i) {
    const hsd_access_line *line = &s->report->lines[i];
    cli_table_text(table, line->measure);
    cli_table_text(table, line->statistic);
    if (line->group) cli_table_text(table, line->group);
    for (size_t k = 0; k < s->scenes; k++) {
        const hsd_access_line *of = line_in(s, k, i);
        const double value = of ? of->value : NAN, change = of ? of->change : NAN;
        cli_table_number(table, value, decimals(value));
        if (k) cli_table_number(table, change, decimals(change == 0 ? value : change));
    }
}

static void end_table(cli_table *table, size_t left, const char *where) {
    cli_table_print(table);
    if (left) printf("and %zu more: %s\n", left, where);
    putchar('\n');
}

static void print_all(const sheet *s) {
    cli_table *table = begin_table(s, false);
    size_t rows = 0;
    for (size_t i = 0; i < s->first[1]; i++) {
        const hsd_access_line *line = &s->report->lines[i];
        if (line->group || strcmp(line->statistic, "sum") == 0) continue;
        if (++rows <= ROWS) add_row(s, table, i);
    }
    end_table(table, rows > ROWS ? rows - ROWS : 0, "tables summary and inequality");
}

static bool is_of(const hsd_access_line *line, const char *statistic) {
    return line->group && strcmp(line->statistic, statistic) == 0;
}

/* Statistic by statistic, each whole or not at all; the first as far as there is room. */
static void print_groups(const sheet *s) {
    const hsd_access_line *lines = s->report->lines;
    const size_t end = s->first[1];
    cli_table *table = NULL;
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < end; i++) {
        bool told = !lines[i].group;
        for (size_t k = 0; !told && k < i; k++) told = is_of(&lines[k], lines[i].statistic);
        if (told) continue;
        size_t rows = 0;
        for (size_t k = i; k < end; k++) rows += is_of(&lines[k], lines[i].statistic);
        const size_t room = shown && shown + rows > GROUP_ROWS ? 0 : GROUP_ROWS - shown;
        const size_t most = rows < room ? rows : room;
        if (!table) table = begin_table(s, true);
        for (size_t k = i, taken = 0; taken < most; k++) {
            if (!is_of(&lines[k], lines[i].statistic)) continue;
            add_row(s, table, k);
            taken++;
        }
        shown += most;
        left += rows - most;
    }
    if (table) end_table(table, left, "table inequality");
}

static void print_tables(const hsd_access_report *report) {
    const sheet s = sheet_of(report);
    if (s.scenes) {
        print_all(&s);
        print_groups(&s);
    }
    if (s.left_out)
        printf("and %zu more scenario%s: tables summary and inequality\n\n", s.left_out,
               s.left_out == 1 ? "" : "s");
    for (size_t i = 0; i < report->convention_count; i++) puts(report->conventions[i]);
}

static void print_texts(const char *key, const char *const *texts, size_t count) {
    printf(",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i) putchar(',');
        cli_json_text(texts[i]);
    }
    putchar(']');
}

static void print_json(const hsd_access_report *report) {
    fputs("{\"figures\":[", stdout);
    for (size_t i = 0; i < report->line_count; i++) {
        const hsd_access_line *l = &report->lines[i];
        fputs(i ? ",{\"scenario\":" : "{\"scenario\":", stdout);
        cli_json_text(l->scenario);
        fputs(",\"measure\":", stdout);
        cli_json_text(l->measure);
        fputs(",\"statistic\":", stdout);
        cli_json_text(l->statistic);
        fputs(",\"group\":", stdout);
        if (l->group)
            cli_json_text(l->group);
        else
            fputs("null", stdout);
        fputs(",\"value\":", stdout);
        cli_json_number(l->value);
        fputs(",\"change\":", stdout);
        cli_json_number(l->change);
        putchar('}');
    }
    putchar(']');
    print_texts("conventions", report->conventions, report->convention_count);
    print_texts("warnings", report->warnings, report->warning_count);
    puts("}");
}

int cli_access_tell(const cli_call *call, const hsd_access_report *report) {
    cli_progress_end();
    if (call->common.json)
        print_json(report);
    else if (!call->common.quiet)
        print_tables(report);
    return CLI_OK;
}
