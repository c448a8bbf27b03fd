/* Runs measures_*.case files: small tables of costs and columns of zones in words, with the values
 * that a paper, a package or hand work gives (tests/cases/README.md). A value is held to half a
 * unit of its last printed digit. Prints every expectation that does not hold, with file and line.
 *
 * run_measures --list prints what measures there are and of which function: for the table of
 * docs/measures.md. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "hourshed/access.h"

enum { MAX_ZONES = 32, MAX_PAIRS = 1200, MAX_COLUMNS = 24, MAX_WORDS = 1300, NAME = 64 };

typedef struct zones {
    size_t count;
    char ids[MAX_ZONES][NAME];
    const char *id_list[MAX_ZONES];
    char names[MAX_COLUMNS][NAME], text_names[MAX_COLUMNS][NAME];
    const char *name_list[MAX_COLUMNS], *text_name_list[MAX_COLUMNS];
    double values[MAX_COLUMNS][MAX_ZONES];
    const double *value_list[MAX_COLUMNS];
    char texts[MAX_COLUMNS][MAX_ZONES][NAME];
    const char *text_cells[MAX_COLUMNS][MAX_ZONES];
    const char *const *text_list[MAX_COLUMNS];
    size_t column_count, text_count;
    hsd_lonlat points[MAX_ZONES];
    double areas[MAX_ZONES];
    bool has_points, has_areas;
    hsd_zone_columns view;
} zones;

typedef struct world {
    zones from, to; /* `zones` sets both */
    hsd_cost_pair pairs[MAX_PAIRS];
    size_t pair_count, cost_count;
    hsd_cost_table table;
    bool built;
    const char *file;
    int line, failures, checks;
} world;

static void complain(world *w, const char *format, ...) HSD_PRINTF(2, 3);
static void complain(world *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", w->file, w->line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    w->failures++;
}

static void give_up(world *w, const char *what) {
    complain(w, "%s", what);
    exit(1);
}

/* ---- Words and numbers ---- */

static int split(char *line, char **word, int room) {
    int count = 0;
    for (char *s = strtok(line, " \t\n"); s && count < room; s = strtok(NULL, " \t\n"))
        word[count++] = s;
    return count;
}

static double number(world *w, const char *text) {
    double x;
    if (strcmp(text, "inf") == 0) return INFINITY;
    if (strcmp(text, "nan") == 0) return NAN;
    if (!hsd_parse_double(text, &x)) give_up(w, "a number was expected");
    return x;
}

/* Half a unit of the last digit, at least what doubles can tell apart; "~" behind a number that was
 * cut instead of rounded: a whole one. */
static double tolerance_of(const char *text, bool cut) {
    const char *point = strchr(text, '.');
    const double unit = point ? pow(10, -(double)strspn(point + 1, "0123456789")) : 1;
    return fmax(cut ? unit : unit / 2, 1e-12 * fabs(atof(text))) * (1 + 1e-9);
}

/* "*": anything. */
static void expect(world *w, const char *what, size_t at, double found, char *text) {
    if (strcmp(text, "*") == 0) return;
    w->checks++;
    const size_t length = strlen(text);
    const bool cut = text[length - 1] == '~';
    if (cut) text[length - 1] = '\0';
    const double wanted = number(w, text);
    const bool same = isnan(wanted)   ? isnan(found) != 0
                      : isinf(wanted) ? found == wanted
                                      : fabs(found - wanted) <= tolerance_of(text, cut);
    if (!same) complain(w, "%s, value %zu: %.12g, expected %s", what, at + 1, found, text);
}

static void expect_all(world *w, const char *what, const double *found, size_t count, char **word,
                       int words) {
    if ((size_t)words != count)
        complain(w, "%s: %zu values, %d are expected", what, count, words);
    else
        for (size_t i = 0; i < count; i++) expect(w, what, i, found[i], word[i]);
}

/* ---- The world ---- */

static void name_zones(zones *z, char **word, int count) {
    z->count = (size_t)count;
    for (int i = 0; i < count; i++) snprintf(z->ids[i], NAME, "%s", word[i]);
}

static void add_column(world *w, zones *z, char **word, int count) {
    if ((size_t)count != z->count + 1 || z->column_count == MAX_COLUMNS)
        give_up(w, "a column has a name and a value a zone");
    const size_t c = z->column_count++;
    snprintf(z->names[c], NAME, "%s", word[0]);
    for (size_t i = 0; i < z->count; i++) z->values[c][i] = number(w, word[i + 1]);
}

static void add_text(world *w, zones *z, char **word, int count) {
    if ((size_t)count != z->count + 1 || z->text_count == MAX_COLUMNS)
        give_up(w, "a text column has a name and a text a zone");
    const size_t c = z->text_count++;
    snprintf(z->text_names[c], NAME, "%s", word[0]);
    for (size_t i = 0; i < z->count; i++)
        snprintf(z->texts[c][i], NAME, "%s", strcmp(word[i + 1], "-") == 0 ? "" : word[i + 1]);
}

static size_t zone_of(world *w, const zones *z, const char *id) {
    for (size_t i = 0; i < z->count; i++)
        if (strcmp(z->ids[i], id) == 0) return i;
    give_up(w, "no such zone");
    return 0;
}

/* One way: "12", or costs "12/3.5". */
static void add_way(world *w, size_t i, size_t j, char *text) {
    if (w->pair_count == MAX_PAIRS) give_up(w, "too many pairs");
    hsd_cost_pair *pair = &w->pairs[w->pair_count++];
    *pair = (hsd_cost_pair){.origin = (uint32_t)i, .target = (uint32_t)j};
    size_t costs = 0;
    for (char *at = text, *end; at; at = end) {
        end = strchr(at, '/');
        if (end) *end++ = '\0';
        if (costs == HSD_MAX_COSTS) give_up(w, "too many costs");
        pair->costs[costs++] = number(w, at);
    }
    if (w->cost_count && w->cost_count != costs)
        give_up(w, "pairs have different numbers of costs");
    w->cost_count = costs;
}

/* row ORIGIN COST ...; "-": no way; "40/2+20/9": two ways */
static void add_row(world *w, char **word, int count) {
    const size_t i = zone_of(w, &w->from, word[0]);
    if ((size_t)count != w->to.count + 1) give_up(w, "a row has a cost a target");
    for (size_t j = 0; j < w->to.count; j++) {
        if (strcmp(word[j + 1], "-") == 0) continue;
        for (char *way = word[j + 1], *end; way; way = end) {
            end = strchr(way, '+');
            if (end) *end++ = '\0';
            add_way(w, i, j, way);
        }
    }
}

/* grid N: zones 1, 2 ... at the corners of squares of side 1, straight lines between them as costs
 */
static void add_grid(world *w, char **word) {
    const size_t n = (size_t)atoi(word[0]);
    if (n * n > MAX_ZONES || n * n * n * n > MAX_PAIRS) give_up(w, "the grid is too large");
    w->from.count = w->to.count = n * n;
    for (size_t i = 0; i < n * n; i++) {
        snprintf(w->from.ids[i], NAME, "%zu", i + 1);
        snprintf(w->to.ids[i], NAME, "%zu", i + 1);
        for (size_t j = 0; j < n * n; j++) {
            const double dx = (double)(i / n) - (double)(j / n),
                         dy = (double)(i % n) - (double)(j % n);
            w->pairs[w->pair_count++] = (hsd_cost_pair){(uint32_t)i, (uint32_t)j, {hypot(dx, dy)}};
        }
    }
    w->cost_count = 1;
}

static void view_zones(zones *z) {
    for (size_t i = 0; i < z->count; i++) z->id_list[i] = z->ids[i];
    for (size_t c = 0; c < z->column_count; c++) {
        z->name_list[c] = z->names[c];
        z->value_list[c] = z->values[c];
    }
    for (size_t c = 0; c < z->text_count; c++) {
        z->text_name_list[c] = z->text_names[c];
        for (size_t i = 0; i < z->count; i++) z->text_cells[c][i] = z->texts[c][i];
        z->text_list[c] = z->text_cells[c];
    }
    z->view = (hsd_zone_columns){.count = z->count,
                                 .ids = z->id_list,
                                 .names = z->name_list,
                                 .values = z->value_list,
                                 .column_count = z->column_count,
                                 .text_names = z->text_name_list,
                                 .texts = z->text_list,
                                 .text_count = z->text_count,
                                 .points = z->has_points ? z->points : NULL,
                                 .area_km2 = z->has_areas ? z->areas : NULL};
}

static void build(world *w) {
    view_zones(&w->from);
    view_zones(&w->to);
    if (w->built) return;
    uint32_t same[MAX_ZONES];
    for (size_t i = 0; i < w->from.count; i++) {
        same[i] = HSD_NO_ROW;
        for (size_t j = 0; j < w->to.count; j++)
            if (strcmp(w->from.ids[i], w->to.ids[j]) == 0) same[i] = (uint32_t)j;
    }
    hsd_error err = {HSD_OK, ""};
    if (!w->cost_count) w->cost_count = 1;
    if (hsd_cost_table_from_pairs(w->from.count, w->to.count, w->pairs, w->pair_count,
                                  w->cost_count, same, &w->table, &err) != HSD_OK)
        give_up(w, err.message);
    w->table.origin_ids = w->from.id_list;
    w->table.target_ids = w->to.id_list;
    w->built = true;
}

static void start_case(world *w) {
    if (w->built) hsd_cost_table_finish(&w->table);
    world fresh = {.file = w->file, .line = w->line, .failures = w->failures, .checks = w->checks};
    *w = fresh;
}

/* ---- Expectations ---- */

static hsd_measure *parse_one(world *w, const char *text, hsd_measure ***list) {
    hsd_error err = {HSD_OK, ""};
    size_t count = 0;
    if (hsd_measures_parse(text, NULL, list, &count, &err) != HSD_OK) give_up(w, err.message);
    if (count != 1) give_up(w, "one measure a line");
    return (*list)[0];
}

static hsd_measured evaluate(world *w, const char *text) {
    hsd_measure **list;
    hsd_measured out;
    hsd_error err = {HSD_OK, ""};
    const hsd_measure *m = parse_one(w, text, &list);
    build(w);
    if (hsd_measure_evaluate(m, &w->table, &w->from.view, &w->to.view, &out, &err) != HSD_OK)
        give_up(w, err.message);
    hsd_measures_destroy(list, 1);
    return out;
}

static void expect_labels(world *w, const hsd_measured *m, char **word, int count) {
    const zones *of = m->passive ? &w->to : &w->from, *what = m->passive ? &w->from : &w->to;
    if (!m->labels || (size_t)count != of->count) give_up(w, "a label a zone");
    for (int i = 0; i < count; i++) {
        const char *found = m->labels[i] == HSD_NO_ROW ? "-" : what->ids[m->labels[i]];
        w->checks++;
        if (strcmp(found, word[i]) != 0)
            complain(w, "label %d: %s, expected %s", i + 1, found, word[i]);
    }
}

static void expect_statistic(world *w, const char *what, const hsd_measured *m, const char *name,
                             char *text) {
    char own[2 * NAME];
    for (size_t s = 0; s < m->statistic_count; s++) {
        const hsd_statistic *at = &m->statistics[s];
        snprintf(own, sizeof own, "%s%s%s", at->name, at->group ? "@" : "",
                 at->group ? at->group : "");
        if (name && strcmp(own, name) != 0) continue;
        expect(w, what, s, at->value, text);
        return;
    }
    complain(w, "%s: no statistic %s", what, name ? name : "");
}

/* measure TEXT [second|labels|statistic NAME] | ... and pairs TEXT | ... */
static void expect_measure(world *w, char **word, int words, char **value, int values) {
    hsd_measured m = evaluate(w, word[0]);
    const size_t count = m.passive ? w->to.count : w->from.count;
    const char *which = words > 1 ? word[1] : "";
    if (strcmp(which, "statistic") == 0 && words == 3 && values == 1)
        expect_statistic(w, word[0], &m, word[2], value[0]);
    else if (strcmp(which, "labels") == 0)
        expect_labels(w, &m, value, values);
    else if (strcmp(which, "second") == 0 && m.second)
        expect_all(w, word[0], m.second, count, value, values);
    else if (words == 1 && m.values)
        expect_all(w, word[0], m.values, count, value, values);
    else if (words == 1 && m.pairs)
        expect_all(w, word[0], m.pairs, w->table.pair_count, value, values);
    else
        complain(w, "not understood: %s %s", word[0], which);
    hsd_measured_finish(&m);
}

/* keep NAME TEXT: what it measures becomes a column */
static void keep(world *w, char **word) {
    hsd_measured m = evaluate(w, word[1]);
    zones *z = m.passive ? &w->to : &w->from;
    if (!m.values || z->column_count == MAX_COLUMNS) give_up(w, "no values of zones to keep");
    const size_t c = z->column_count++;
    snprintf(z->names[c], NAME, "%s", word[0]);
    memcpy(z->values[c], m.values, z->count * sizeof *m.values);
    hsd_measured_finish(&m);
}

/* inequality TEXT of COLUMN [NAME[@GROUP]] | VALUE */
static void expect_inequality(world *w, char **word, int words, char **value, int values) {
    hsd_measure **list;
    hsd_measured out;
    hsd_error err = {HSD_OK, ""};
    if (words < 3 || strcmp(word[1], "of") != 0 || values != 1)
        give_up(w, "inequality TEXT of COLUMN [NAME] | VALUE");
    const hsd_measure *m = parse_one(w, word[0], &list);
    view_zones(&w->from);
    const double *x = NULL;
    for (size_t c = 0; c < w->from.column_count; c++)
        if (strcmp(w->from.names[c], word[2]) == 0) x = w->from.values[c];
    if (!x) give_up(w, "no such column");
    if (hsd_measure_inequality(m, x, &w->from.view, &out, &err) != HSD_OK) give_up(w, err.message);
    expect_statistic(w, word[0], &out, words > 3 ? word[3] : NULL, value[0]);
    hsd_measured_finish(&out);
    hsd_measures_destroy(list, 1);
}

/* decay TEXT | 0 5 10 -> 1 .75 .5 */
static void expect_decay(world *w, const char *text, char **value, int values) {
    hsd_decay decay;
    hsd_error err = {HSD_OK, ""};
    if (hsd_decay_parse(text, &decay, &err) != HSD_OK) give_up(w, err.message);
    int half = 0;
    while (half < values && strcmp(value[half], "->") != 0) half++;
    if (half == 0 || values != 2 * half + 1) give_up(w, "as many values as costs, -> between them");
    for (int i = 0; i < half; i++)
        expect(w, text, (size_t)i, hsd_decay_value(&decay, number(w, value[i])),
               value[half + 1 + i]);
}

/* refused TEXT | part of the message: when it is parsed, or when it is asked of this table */
static void expect_refusal(world *w, const char *text, const char *part) {
    hsd_measure **list = NULL;
    size_t count = 0;
    hsd_error err = {HSD_OK, ""};
    hsd_measured out;
    hsd_status status = hsd_measures_parse(text, NULL, &list, &count, &err);
    if (status == HSD_OK) {
        build(w);
        status =
            hsd_measure_get_info(list[0])->shape == HSD_MEASURE_INEQUALITY
                ? hsd_measure_inequality(list[0], w->from.values[0], &w->from.view, &out, &err)
                : hsd_measure_evaluate(list[0], &w->table, &w->from.view, &w->to.view, &out, &err);
        if (status == HSD_OK) hsd_measured_finish(&out);
        hsd_measures_destroy(list, count);
    }
    w->checks++;
    if (status == HSD_OK)
        complain(w, "%s was not refused", text);
    else if (!strstr(err.message, part))
        complain(w, "%s: refused with \"%s\", expected \"%s\"", text, err.message, part);
}

/* ---- Lines ---- */

static void take_setting(world *w, char **word, int count) {
    const char *what = word[0];
    char **rest = word + 1;
    if (strcmp(what, "case") == 0) {
        start_case(w);
    } else if (strcmp(what, "zones") == 0) {
        name_zones(&w->from, rest, count - 1);
        name_zones(&w->to, rest, count - 1);
    } else if (strcmp(what, "origins") == 0) {
        name_zones(&w->from, rest, count - 1);
    } else if (strcmp(what, "targets") == 0) {
        name_zones(&w->to, rest, count - 1);
    } else if (strcmp(what, "column") == 0) {
        add_column(w, &w->from, rest, count - 1);
        add_column(w, &w->to, rest, count - 1);
    } else if (strcmp(what, "of-origins") == 0) {
        add_column(w, &w->from, rest, count - 1);
    } else if (strcmp(what, "of-targets") == 0) {
        add_column(w, &w->to, rest, count - 1);
    } else if (strcmp(what, "text") == 0) {
        add_text(w, &w->from, rest, count - 1);
        add_text(w, &w->to, rest, count - 1);
    } else if (strcmp(what, "row") == 0) {
        add_row(w, rest, count - 1);
    } else if (strcmp(what, "grid") == 0) {
        add_grid(w, rest);
    } else if (strcmp(what, "point") == 0 && count == 4) {
        for (int side = 0; side < 2; side++) {
            zones *z = side ? &w->to : &w->from;
            z->points[zone_of(w, z, rest[0])] =
                (hsd_lonlat){number(w, rest[1]), number(w, rest[2])};
            z->has_points = true;
        }
    } else if (strcmp(what, "area") == 0 && (size_t)count == w->from.count + 1) {
        for (size_t i = 0; i < w->from.count; i++)
            w->from.areas[i] = w->to.areas[i] = number(w, rest[i]);
        w->from.has_areas = w->to.has_areas = true;
    } else if (strcmp(what, "keep") == 0 && count == 3) {
        keep(w, rest);
    } else {
        complain(w, "not understood: %s", what);
    }
}

static void take_line(world *w, char *line) {
    char *word[MAX_WORDS], *value[MAX_WORDS];
    line[strcspn(line, "#\n")] = '\0';
    char *bar = strchr(line, '|'), *part = NULL;
    if (bar) {
        *bar++ = '\0';
        bar += strspn(bar, " \t");
        for (size_t n = strlen(bar); n && isspace((unsigned char)bar[n - 1]);) bar[--n] = '\0';
        part = strdup(bar);
    }
    const int words = split(line, word, MAX_WORDS);
    const int values = bar ? split(bar, value, MAX_WORDS) : 0;
    if (words == 0) {
        free(part);
        return;
    }
    const char *what = word[0];
    if (!bar || words < 2)
        take_setting(w, word, words);
    else if (strcmp(what, "measure") == 0 || strcmp(what, "pairs") == 0)
        expect_measure(w, word + 1, words - 1, value, values);
    else if (strcmp(what, "inequality") == 0)
        expect_inequality(w, word + 1, words - 1, value, values);
    else if (strcmp(what, "decay") == 0)
        expect_decay(w, word[1], value, values);
    else if (strcmp(what, "refused") == 0)
        expect_refusal(w, word[1], part);
    else
        complain(w, "not understood: %s", what);
    free(part);
}

int main(int argc, char **argv) {
    static world w;
    static char line[65536];
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < hsd_measure_count(); i++)
            printf("%s %s %s\n", hsd_measure_at(i)->name, hsd_measure_at(i)->function,
                   hsd_measure_at(i)->reference);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        if (!file) {
            perror(argv[i]);
            return 1;
        }
        w.file = argv[i];
        w.line = 0;
        while (fgets(line, sizeof line, file)) {
            w.line++;
            take_line(&w, line);
        }
        fclose(file);
        start_case(&w);
    }
    printf("%d expectations, %d failed\n", w.checks, w.failures);
    return w.failures || w.checks == 0;
}
