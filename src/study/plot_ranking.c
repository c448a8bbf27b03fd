/* Proposals as ranked bars, in the order of the run; by another column as rank --by would put them,
 * the best first. O(n log n). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/styles.h"
#include "study/plot_run.h"
#include "study/rank_run.h"

typedef struct bar {
    double value;
    char *label;
    size_t order;
} bar;

typedef struct ranking {
    const hsd_plot_run *run;
    hsd_layer_table table;
    const double *values;
    const char *column, *set;
    HSD_ARRAY(bar) bars;
} ranking;

static int by_value(const void *a, const void *b) {
    const bar *p = a, *q = b;
    if (p->value != q->value) return p->value < q->value ? 1 : -1;
    return (p->order > q->order) - (p->order < q->order);
}

static int by_value_upwards(const void *a, const void *b) {
    const bar *p = a, *q = b;
    return p->value == q->value ? by_value(a, b) : -by_value(a, b);
}

static hsd_status choose(ranking *k, hsd_error *err) {
    const char *asked = k->run->request->column, *by = hsd_plot_option(k->run, "by");
    char *const *sets = hsd_plot_texts(&k->table, "set");
    k->column = asked ? asked : by ? by : "access_gain";
    k->values = hsd_plot_numbers(&k->table, k->column);
    if (!k->values) {
        char names[110];
        hsd_plot_list_numbers(&k->table, names, sizeof names);
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--column \"%.40s\": table ranking has no such numbers; there are: %s",
                        k->column, names);
    }
    k->set = k->table.row_count ? hsd_plot_cell(sets, 0) : "";
    for (size_t r = 0; r < k->table.row_count; r++)
        if (strcmp(hsd_plot_cell(sets, r), "alone") == 0) k->set = "alone";
    return HSD_OK;
}

static hsd_status gather(ranking *k, hsd_error *err) {
    char *const *first = hsd_plot_texts(&k->table, "proposal");
    char *const *second = hsd_plot_texts(&k->table, "second");
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, hsd_plot_texts(&k->table, "set"), k->set);
    for (size_t r = 0; r < k->table.row_count; r++) {
        if (!hsd_plot_takes(&filter, r) || !isfinite(k->values[r])) continue;
        const char *a = hsd_plot_cell(first, r), *b = hsd_plot_cell(second, r);
        bar new = {k->values[r], NULL, r};
        new.label = a[0] ? hsd_asprintf(err, "%s%s%s", a, b[0] ? " + " : "", b)
                         : hsd_strdup(hsd_plot_word_of(k->run, HSD_PLOT_ALL), err);
        if (!new.label) return HSD_E_MEMORY;
        if (!hsd_array_push(&k->bars, new, err)) {
            hsd_free(new.label);
            return HSD_E_MEMORY;
        }
    }
    const char *by = hsd_plot_option(k->run, "by");
    if (k->bars.count && (!by || strcmp(by, k->column) != 0))
        qsort(k->bars.data, k->bars.count, sizeof *k->bars.data,
              hsd_rank_smaller_first(k->column) ? by_value_upwards : by_value);
    return HSD_OK;
}

/* "people newly within reach, 60 min" for access_gain and access_gain_60 */
static void name_column(const ranking *k, char *buffer, size_t size) {
    const char *known = hsd_plot_column(k->column, k->run->lang), *tail = strrchr(k->column, '_');
    const double *cutoff = hsd_plot_numbers(&k->table, "cutoff_min");
    char stem[64] = "";
    double minutes = NAN;
    if (!known && tail && (size_t)(tail - k->column) < sizeof stem &&
        hsd_parse_double(tail + 1, &minutes)) {
        memcpy(stem, k->column, (size_t)(tail - k->column));
        known = hsd_plot_column(stem, k->run->lang);
    } else if (known && cutoff && k->table.row_count && !strstr(k->column, "_min") &&
               strncmp(k->column, "length", 6) != 0 && strcmp(k->column, "cost") != 0) {
        minutes = cutoff[0];
    }
    snprintf(buffer, size, "%s", known ? known : k->column);
    if (!known || !isfinite(minutes)) return;
    const size_t used = strlen(buffer);
    if (used >= size) return;
    snprintf(buffer + used, size - used, "%s",
             k->run->lang && k->run->lang[0] == 'z' ? "，" : ", ");
    const size_t more = strlen(buffer);
    snprintf(buffer + more, size - more, hsd_plot_word_of(k->run, HSD_PLOT_CIRCLE), minutes);
}

static hsd_status add_bars(const ranking *k, size_t shown, double divisor, hsd_chart *chart,
                           hsd_error *err) {
    const char **labels = hsd_alloc(shown, sizeof *labels, err);
    double *values = hsd_alloc(shown, sizeof *values, err);
    const hsd_chart_style style = {.rgba = 0x0072B2FFu};
    hsd_status status = labels && values ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < shown; i++) {
        labels[i] = k->bars.data[i].label;
        values[i] = k->bars.data[i].value / divisor;
    }
    if (status == HSD_OK) status = hsd_chart_add_ranked(chart, labels, values, shown, &style, err);
    hsd_free(labels);
    hsd_free(values);
    return status;
}

static hsd_status draw(const ranking *k, hsd_plot_picture *out, hsd_error *err) {
    const size_t all = k->bars.count, shown = all < HSD_PLOT_MOST_BARS ? all : HSD_PLOT_MOST_BARS;
    char name[160], title[256], subtitle[160] = "", x_title[200];
    double most = 0, divisor;
    for (size_t i = 0; i < shown; i++) most = fmax(most, fabs(k->bars.data[i].value));
    name_column(k, name, sizeof name);
    snprintf(title, sizeof title, hsd_plot_word_of(k->run, HSD_PLOT_RANKING), name);
    hsd_plot_unit(k->run, name, most, &divisor, x_title, sizeof x_title);
    if (strcmp(k->set, "alone") != 0)
        hsd_plot_add(k->run, subtitle, sizeof subtitle, hsd_plot_word_of(k->run, HSD_PLOT_SET),
                     k->set);
    if (shown < all)
        hsd_plot_add(k->run, subtitle, sizeof subtitle, hsd_plot_word_of(k->run, HSD_PLOT_FIRST_OF),
                     shown, all);
    const double rows = 240 + 40 * (double)shown;
    hsd_chart_options options = {.height_px = (uint32_t)fmin(rows, 1400),
                                 .title = title,
                                 .subtitle = subtitle,
                                 .x = {.title = x_title}};
    hsd_status status = hsd_plot_chart(k->run, &options, &out->chart, err);
    return status == HSD_OK ? add_bars(k, shown, divisor, out->chart, err) : status;
}

hsd_status hsd_plot_ranking(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    ranking k = {.run = run};
    if (!hsd_layers_has(run->layers, "ranking")) return hsd_plot_lacks(out, "table ranking");
    hsd_status status = hsd_layers_read(run->layers, "ranking", HSD_LAYER_COLUMNS, &k.table, err);
    if (status == HSD_OK) status = choose(&k, err);
    if (status == HSD_OK) status = gather(&k, err);
    if (status == HSD_OK)
        status = k.bars.count
                     ? draw(&k, out, err)
                     : hsd_plot_lacks(out, "numbers in column %.60s of table ranking", k.column);
    for (size_t i = 0; i < k.bars.count; i++) hsd_free(k.bars.data[i].label);
    hsd_array_finish(&k.bars);
    hsd_layer_table_finish(&k.table);
    return status;
}
