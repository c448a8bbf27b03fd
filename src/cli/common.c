/* What the commands share: values, progress, signals, errors, tables. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- Values ---- */

bool cli_number(const char *text, double *out) {
    /* digits, sign, point, exponent only: no "nan", no "0x", no "1,5" */
    if (!text[0] || strspn(text, "+-.0123456789eE") != strlen(text)) return false;
    char *end;
    double value = strtod(text, &end);
    if (*end || !isfinite(value)) return false;
    *out = value;
    return true;
}

bool cli_lonlat(const char *text, hsd_lonlat *out) {
    char copy[128];
    const char *comma = strchr(text, ',');
    if (!comma || strlen(text) >= sizeof copy) return false;
    snprintf(copy, sizeof copy, "%s", text);
    copy[comma - text] = '\0';
    return cli_number(copy, &out->lon) && cli_number(copy + (comma - text) + 1, &out->lat);
}

bool cli_numbers(const char *text, double **values, size_t *count) {
    while (true) {
        size_t length = strcspn(text, ",");
        char piece[64];
        if (length == 0 || length >= sizeof piece) return false;
        snprintf(piece, sizeof piece, "%.*s", (int)length, text);
        double *grown = realloc(*values, (*count + 1) * sizeof **values);
        if (!grown) return false;
        *values = grown;
        if (!cli_number(piece, &grown[*count])) return false;
        ++*count;
        if (text[length] == '\0') return true;
        text += length + 1;
    }
}

bool cli_append(const char *value, const char ***list, size_t *count) {
    const char **grown = realloc(*list, (*count + 1) * sizeof **list);
    if (!grown) return false;
    grown[(*count)++] = value;
    *list = grown;
    return true;
}

int cli_choose(const char *value, const char *const *words) {
    for (int i = 0; words[i]; i++)
        if (strcmp(value, words[i]) == 0) return i;
    return -1;
}

bool cli_datum(const cli_call *call, const char *option, const char *value, const char **out) {
    static const char *const datums[] = {"wgs84", "gcj02", "bd09", NULL};
    if (cli_choose(value, datums) < 0)
        return cli_bad(call, option, value, "expected wgs84, gcj02 or bd09");
    *out = value;
    return true;
}

/* ---- Progress and signals ---- */

static volatile sig_atomic_t interrupted;

/* Once: the run stops at its next step and cleans up. Twice: at once. */
static void on_signal(int signal_number) {
    (void)signal_number;
    if (interrupted) {
        hsd_output_remove_all();
        _exit(CLI_INTERRUPTED);
    }
    interrupted = 1;
}

void cli_catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file too large is a write error, not a death */
}

static struct {
    bool shown;
    double started, last;
    char what[64];
} progress;

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void cli_progress_end(void) {
    if (progress.shown) fputs("\r\033[K", stderr);
    progress.shown = false;
}

/* "circles            40 %  0:12 left": four times a second at most. */
static void show_progress(const char *what, double fraction) {
    double now = now_s();
    if (strcmp(what, progress.what) != 0) {
        snprintf(progress.what, sizeof progress.what, "%s", what);
        progress.started = now;
        progress.last = 0;
    }
    if (now - progress.last < 0.25) return;
    progress.last = now;
    fprintf(stderr, "\r\033[K%-18s %3.0f %%", what, 100 * fraction);
    double spent = now - progress.started;
    if (fraction > 0.02 && spent > 1) {
        int left = (int)ceil(spent * (1 - fraction) / fraction);
        fprintf(stderr, "  %d:%02d left", left / 60, left % 60);
    }
    fflush(stderr);
    progress.shown = true;
}

static bool on_progress(void *user, const char *what, double fraction) {
    const cli_call *call = user;
    if (!call->common.quiet && isatty(STDERR_FILENO)) show_progress(what, fraction);
    return !interrupted;
}

static void on_log(void *user, hsd_log_level level, const char *message) {
    const cli_call *call = user;
    if (level != HSD_LOG_WARNING && !call->common.verbose) return;
    if (call->common.quiet && level != HSD_LOG_WARNING) return;
    cli_progress_end();
    fprintf(stderr, "hourshed %s: %s%s\n", call->command->name,
            level == HSD_LOG_WARNING ? "warning: " : "", message);
}

hsd_run cli_run(cli_call *call) {
    return (hsd_run){call->common.threads, on_progress, on_log, call};
}

int cli_failed(const cli_call *call, const hsd_error *err) {
    static const int codes[] = {[HSD_OK] = CLI_OK,
                                [HSD_E_ARGUMENT] = CLI_USAGE,
                                [HSD_E_OPEN] = CLI_INPUT,
                                [HSD_E_FORMAT] = CLI_INPUT,
                                [HSD_E_WRITE] = CLI_OUTPUT,
                                [HSD_E_MEMORY] = CLI_OUTPUT,
                                [HSD_E_CANCELLED] = CLI_INTERRUPTED,
                                [HSD_E_INTERNAL] = CLI_INTERNAL};
    cli_progress_end();
    fprintf(stderr, "hourshed %s: %s%s\n", call->command->name,
            err->code == HSD_E_INTERNAL ? "internal error, please report it: " : "", err->message);
    return codes[err->code];
}

int cli_failed_issues(const cli_call *call, const hsd_issues *issues, const hsd_error *err) {
    if (issues->errors == 0 || err->code != HSD_E_FORMAT) return cli_failed(call, err);
    cli_progress_end();
    enum { MOST = 40 }; /* a screen; --verbose shows all that is kept */
    size_t shown = 0;
    for (size_t i = 0; i < issues->count; i++) {
        if (!issues->list[i].error || (shown == MOST && !call->common.verbose)) continue;
        fprintf(stderr, "hourshed %s: %s\n", call->command->name, issues->list[i].text);
        shown++;
    }
    if (issues->errors > shown)
        fprintf(stderr, "hourshed %s: and %zu more%s\n", call->command->name,
                issues->errors - shown, shown == MOST ? "; --verbose shows more" : "");
    fprintf(stderr, "hourshed %s: %zu problem%s; nothing was computed\n", call->command->name,
            issues->errors, issues->errors == 1 ? "" : "s");
    return CLI_INPUT;
}

/* ---- Tables ---- */

typedef struct cell {
    char *text;
    bool number;
} cell;

struct cli_table {
    size_t columns, count;
    cell *cells;
};

/* Two for CJK, Hangul and full-width forms. */
int cli_width(const char *text) {
    int width = 0;
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        if ((*s & 0xC0) == 0x80) continue;
        unsigned code = *s;
        if (*s >= 0xE0 && *s < 0xF0 && s[1] && s[2])
            code = (*s & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        bool wide = *s >= 0xF0 || (code >= 0x1100 && code < 0x1160) ||
                    (code >= 0x2E80 && code < 0xD7A4) || (code >= 0xF900 && code < 0xFB00) ||
                    (code >= 0xFF00 && code < 0xFF61);
        width += wide ? 2 : 1;
    }
    return width;
}

static void add_cell(cli_table *table, const char *text, bool number) {
    cell *grown = realloc(table->cells, (table->count + 1) * sizeof *grown);
    char *copy = strdup(text);
    if (!grown || !copy) exit(CLI_OUTPUT);
    table->cells = grown;
    grown[table->count++] = (cell){copy, number};
}

cli_table *cli_table_create(const char *const *titles, size_t columns) {
    cli_table *table = calloc(1, sizeof *table);
    if (!table) exit(CLI_OUTPUT);
    table->columns = columns;
    for (size_t i = 0; i < columns; i++) add_cell(table, titles[i], false);
    return table;
}

void cli_table_text(cli_table *table, const char *text) {
    add_cell(table, text, false);
}

void cli_table_number(cli_table *table, double value, int decimals) {
    char buffer[64] = "-";
    if (isfinite(value)) snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    add_cell(table, buffer, true);
}

void cli_table_print(cli_table *table) {
    int widths[32] = {0};
    bool numbers[32] = {false};
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;
        int width = cli_width(table->cells[i].text);
        if (width > widths[column]) widths[column] = width;
        numbers[column] = numbers[column] || table->cells[i].number;
    }
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;
        bool last = column + 1 == table->columns;
        int pad = widths[column] - cli_width(table->cells[i].text);
        if (numbers[column])
            printf("%*s%s", pad, "", table->cells[i].text);
        else
            printf("%s%*s", table->cells[i].text, last ? 0 : pad, "");
        fputs(last ? "\n" : "  ", stdout);
        free(table->cells[i].text);
    }
    free(table->cells);
    free(table);
}

void cli_json_text(const char *text) {
    putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

void cli_json_number(double value) {
    if (isfinite(value))
        printf("%.10g", value);
    else
        fputs("null", stdout);
}
