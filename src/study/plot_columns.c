/* What figures share: columns of a result, who is counted, large numbers in words. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "hourshed/access.h"
#include "study/plot_run.h"

hsd_status hsd_plot_lacks(hsd_plot_picture *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(out->lacks, sizeof out->lacks, format, args);
    va_end(args);
    return HSD_OK;
}

void hsd_plot_picture_finish(hsd_plot_picture *picture) {
    hsd_chart_destroy(picture->chart);
    for (size_t i = 0; i < picture->map_count; i++) hsd_map_destroy(picture->maps[i]);
    *picture = (hsd_plot_picture){0};
}

/* ---- The record ---- */

static bool is_chinese(const hsd_plot_run *run) {
    return run->lang && strncmp(run->lang, "zh", 2) == 0;
}

static const hsd_yaml_node *member(const hsd_yaml *yaml, const hsd_yaml_node *map,
                                   const char *key) {
    if (!map || map->shape != HSD_YAML_MAP) return NULL;
    for (const hsd_yaml_node *n = hsd_yaml_first(yaml, map); n; n = hsd_yaml_next(yaml, n))
        if (strcmp(n->key, key) == 0) return n;
    return NULL;
}

static const hsd_yaml_node *option(const hsd_plot_run *run, const char *key) {
    return member(&run->yaml, member(&run->yaml, hsd_yaml_root(&run->yaml), "configuration"), key);
}

const char *hsd_plot_option(const hsd_plot_run *run, const char *key) {
    const hsd_yaml_node *n = option(run, key);
    if (n && n->shape == HSD_YAML_LIST) n = hsd_yaml_first(&run->yaml, n);
    return n && n->shape == HSD_YAML_SCALAR ? n->text : NULL;
}

double hsd_plot_largest(const hsd_plot_run *run, const char *key) {
    const hsd_yaml_node *list = option(run, key);
    double most = 0, value;
    if (!list || list->shape != HSD_YAML_LIST) return 0;
    for (const hsd_yaml_node *n = hsd_yaml_first(&run->yaml, list); n;
         n = hsd_yaml_next(&run->yaml, n))
        if (n->shape == HSD_YAML_SCALAR && hsd_parse_double(n->text, &value))
            most = fmax(most, value);
    return most;
}

const char *hsd_plot_origin(const hsd_plot_run *run, const char *id) {
    char *const *ids = hsd_plot_texts(&run->origins, "id");
    char *const *names = hsd_plot_texts(&run->origins, "name");
    char *const *english = hsd_plot_texts(&run->origins, "name_en");
    for (size_t r = 0; ids && r < run->origins.row_count; r++) {
        if (strcmp(hsd_plot_cell(ids, r), id) != 0) continue;
        const char *name = hsd_plot_cell(names, r), *other = hsd_plot_cell(english, r);
        if (!is_chinese(run) && other[0]) return other;
        return name[0] ? name : id;
    }
    return id;
}

/* ---- Columns ---- */

void hsd_plot_only(hsd_plot_filter *filter, char *const *texts, const char *value) {
    if (!texts || !value) return;
    filter->texts[filter->count] = texts;
    filter->values[filter->count++] = value;
}

bool hsd_plot_takes(const hsd_plot_filter *filter, size_t row) {
    for (size_t i = 0; i < filter->count; i++)
        if (strcmp(hsd_plot_cell(filter->texts[i], row), filter->values[i]) != 0) return false;
    return true;
}

hsd_status hsd_plot_access_scenarios(const hsd_plot_run *run, hsd_layer_table *summary,
                                     hsd_plot_names *out, hsd_error *err) {
    const char *only = run->request->scenario;
    *summary = (hsd_layer_table){0};
    if (!hsd_layers_has(run->layers, "summary"))
        return hsd_array_push(out, "baseline", err) ? HSD_OK : HSD_E_MEMORY;
    hsd_status status = hsd_layers_read(run->layers, "summary", HSD_LAYER_COLUMNS, summary, err);
    if (status != HSD_OK) return status;
    char *const *texts = hsd_plot_texts(summary, "scenario");
    status = hsd_plot_known(run, "scenario", only, texts, summary->row_count, err);
    if (status == HSD_OK) status = hsd_plot_distinct(texts, summary->row_count, out, err);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || !only || strcmp(out->data[i], only) == 0) out->data[kept++] = out->data[i];
    out->count = kept;
    return status;
}

const char *hsd_plot_title(const hsd_plot_run *run, const hsd_layer_table *measures, size_t row) {
    const char *name = hsd_plot_cell(hsd_plot_texts(measures, "name"), row);
    const hsd_measure_info *info = hsd_measure_find(name);
    if (!info) return hsd_plot_cell(hsd_plot_texts(measures, "title"), row);
    return is_chinese(run) && info->title_zh ? info->title_zh : info->title;
}

hsd_status hsd_plot_measure(const hsd_layer_table *access, const char *column, const char *scenario,
                            const double **out, hsd_error *err) {
    char *name = hsd_asprintf(err, "%s%s%s", column, scenario ? "_" : "", scenario ? scenario : "");
    if (!name) return HSD_E_MEMORY;
    *out = hsd_plot_numbers(access, name);
    hsd_free(name);
    return HSD_OK;
}

double *hsd_plot_numbers(const hsd_layer_table *table, const char *name) {
    const hsd_layer_column *column = hsd_layer_find(table, name);
    return column ? column->numbers : NULL;
}

char **hsd_plot_texts(const hsd_layer_table *table, const char *name) {
    const hsd_layer_column *column = hsd_layer_find(table, name);
    return column ? column->texts : NULL;
}

const char *hsd_plot_cell(char *const *texts, size_t row) {
    return texts && texts[row] ? texts[row] : "";
}

void hsd_plot_list_numbers(const hsd_layer_table *table, char *buffer, size_t size) {
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t c = 0; c < table->column_count && used < size; c++)
        if (table->columns[c].number)
            used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? ", " : "",
                                     table->columns[c].name);
    if (used >= size) hsd_text_end_cut(buffer, size);
}

hsd_status hsd_plot_people(const hsd_plot_run *run, const hsd_layer_table *table, const char *layer,
                           const double **out, hsd_error *err) {
    const char *asked = run->request->population_field;
    *out = asked ? hsd_plot_numbers(table, asked) : NULL;
    if (asked && !*out) {
        char names[110];
        hsd_plot_list_numbers(table, names, sizeof names);
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--population: layer %s has no column \"%.40s\" of numbers; there are: %s",
                        layer, asked, names);
    }
    const char *const told[] = {hsd_plot_option(run, "people"), hsd_plot_option(run, "mass"),
                                hsd_plot_option(run, "population"), "population"};
    for (size_t i = 0; !*out && i < sizeof told / sizeof told[0]; i++)
        if (told[i]) *out = hsd_plot_numbers(table, told[i]);
    return HSD_OK;
}

hsd_status hsd_plot_distinct(char *const *texts, size_t count, hsd_plot_names *out,
                             hsd_error *err) {
    for (size_t r = 0; r < count; r++) {
        const char *text = hsd_plot_cell(texts, r);
        size_t i = 0;
        while (i < out->count && strcmp(out->data[i], text) != 0) i++;
        if (i == out->count && !hsd_array_push(out, text, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

hsd_status hsd_plot_known(const hsd_plot_run *run, const char *option, const char *value,
                          char *const *texts, size_t count, hsd_error *err) {
    hsd_plot_names names = {0};
    if (!value) return HSD_OK;
    hsd_status status = hsd_plot_distinct(texts, count, &names, err);
    bool found = false;
    char list[110] = "";
    size_t used = 0;
    for (size_t i = 0; i < names.count; i++) {
        found = found || strcmp(names.data[i], value) == 0;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                     names.data[i]);
    }
    if (used >= sizeof list) hsd_text_end_cut(list, sizeof list);
    hsd_array_finish(&names);
    if (status != HSD_OK || found) return status;
    return hsd_fail(err, HSD_E_ARGUMENT, "--%s \"%.40s\": %.60s has none such; there are: %s",
                    option, value, run->file, list);
}

/* ---- Numbers in words ---- */

const char *hsd_plot_scale(const hsd_plot_run *run, double most, double *divisor) {
    const bool chinese = is_chinese(run);
    const double large = chinese ? 1e8 : 1e9, middle = chinese ? 1e4 : 1e6;
    *divisor = 1;
    most = fabs(most);
    hsd_plot_word word;
    if (most >= 2 * large) {
        *divisor = large;
        word = HSD_PLOT_BILLION;
    } else if (most >= 2 * middle) {
        *divisor = middle;
        word = HSD_PLOT_MILLION;
    } else if (!chinese && most >= 1e4) {
        *divisor = 1e3;
        word = HSD_PLOT_THOUSAND;
    } else {
        return NULL;
    }
    return hsd_plot_word_of(run, word);
}

const char *hsd_plot_number(const hsd_plot_run *run, double value, char *buffer, size_t size) {
    double divisor;
    const char *word = hsd_plot_scale(run, value, &divisor);
    snprintf(buffer, size, "%.4g%s%s", value / divisor, word ? " " : "", word ? word : "");
    return buffer;
}

void hsd_plot_unit(const hsd_plot_run *run, const char *what, double most, double *divisor,
                   char *buffer, size_t size) {
    const char *word = hsd_plot_scale(run, most, divisor);
    if (!word)
        snprintf(buffer, size, "%s", what);
    else
        snprintf(buffer, size, is_chinese(run) ? "%s（%s）" : "%s (%s)", what, word);
}

void hsd_plot_add(const hsd_plot_run *run, char *buffer, size_t size, const char *format, ...) {
    size_t used = strlen(buffer);
    if (used && used < size)
        used += (size_t)snprintf(buffer + used, size - used, "%s", is_chinese(run) ? "；" : "; ");
    if (used >= size) return;
    va_list args;
    va_start(args, format);
    const int more = vsnprintf(buffer + used, size - used, format, args);
    va_end(args);
    if (more >= 0 && (size_t)more >= size - used) hsd_text_end_cut(buffer, size);
}

hsd_status hsd_plot_chart(const hsd_plot_run *run, hsd_chart_options *options, hsd_chart **out,
                          hsd_error *err) {
    const hsd_plot_request *r = run->request;
    if (r->title) options->title = r->title;
    if (r->width_px) options->width_px = r->width_px;
    if (r->height_px) options->height_px = r->height_px;
    options->footer = run->footer;
    return hsd_chart_create(options, out, err);
}
