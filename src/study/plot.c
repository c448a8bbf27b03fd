/* plot: figures of a result. All figures are drawn to temporary files first, then all of them get
 * their names: the files are there together or not at all. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "hourshed/export.h"
#include "study/plot_run.h"

static const struct {
    const char *name;
    hsd_plot_figure draw;
} figures[] = {{"population", hsd_plot_population},
               {"lorenz", hsd_plot_lorenz},
               {"savings", hsd_plot_savings},
               {"ranking", hsd_plot_ranking},
               {"map", hsd_plot_map},
               {"delineation", hsd_plot_delineation}};
enum { FIGURES = sizeof figures / sizeof figures[0], FORMATS = 2 };
static const char *const formats[FORMATS] = {"svg", "png"};

typedef struct plot {
    hsd_plot_run run;
    bool wanted[FIGURES], format[FORMATS];
    bool as_file;     /* the output is one file, not a folder */
    bool made_folder; /* and no one else has */
    hsd_output outputs[FIGURES * FORMATS];
    size_t figure_of[FIGURES * FORMATS], count;
    char lacks[700];
} plot;

/* ---- What is asked for ---- */

static int ending_of(const char *path) {
    const char *dot = strrchr(path, '.');
    for (int f = 0; dot && f < FORMATS; f++)
        if (hsd_text_equal_nocase(dot + 1, formats[f])) return f;
    return -1;
}

static hsd_status take_formats(plot *p, hsd_error *err) {
    const hsd_plot_request *r = p->run.request;
    const int ending = ending_of(r->output);
    int asked = -1;
    for (int f = 0; r->format && f < FORMATS; f++)
        if (hsd_text_equal_nocase(r->format, formats[f])) asked = f;
    if (r->format && asked < 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "format \"%.40s\": svg or png was expected",
                        r->format);
    if (ending >= 0 && asked >= 0 && asked != ending)
        return hsd_fail(err, HSD_E_ARGUMENT, "format %s, but %.120s is no such file", r->format,
                        r->output);
    p->as_file = ending >= 0;
    for (int f = 0; f < FORMATS; f++)
        p->format[f] = ending >= 0 ? f == ending : asked < 0 || f == asked;
    return HSD_OK;
}

static hsd_status take_figures(plot *p, hsd_error *err) {
    const hsd_plot_request *r = p->run.request;
    for (size_t i = 0; i < r->figure_count; i++) {
        size_t f = 0;
        while (f < FIGURES && strcmp(figures[f].name, r->figures[i]) != 0) f++;
        if (f == FIGURES)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "figure \"%.40s\": population, lorenz, savings, ranking, map or "
                            "delineation was expected",
                            r->figures[i]);
        p->wanted[f] = true;
    }
    for (size_t f = 0; r->figure_count == 0 && f < FIGURES; f++) p->wanted[f] = true;
    return HSD_OK;
}

static hsd_status take_request(plot *p, hsd_error *err) {
    const hsd_plot_request *r = p->run.request;
    if (!r->result || !r->result[0])
        return hsd_fail(err, HSD_E_ARGUMENT, "no result: a GeoPackage that a run wrote is missing");
    if (!r->output || !r->output[0]) return hsd_fail(err, HSD_E_ARGUMENT, "no output");
    if (r->lang && strcmp(r->lang, "en") != 0 && strcmp(r->lang, "zh") != 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "language \"%s\": en or zh", r->lang);
    if (hsd_same_file(r->result, r->output))
        return hsd_fail(err, HSD_E_ARGUMENT, "%.150s is the result itself", r->output);
    hsd_status status = take_formats(p, err);
    return status == HSD_OK ? take_figures(p, err) : status;
}

/* ---- The result ---- */

static const char *text_of(const hsd_yaml *yaml, const hsd_yaml_node *map, const char *key) {
    for (const hsd_yaml_node *n = map && map->shape == HSD_YAML_MAP ? hsd_yaml_first(yaml, map)
                                                                    : NULL;
         n; n = hsd_yaml_next(yaml, n))
        if (strcmp(n->key, key) == 0 && n->shape == HSD_YAML_SCALAR) return n->text;
    return "";
}

/* Whether a list has the name, whole. */
static bool is_listed(const char *list, const char *name, const char *between) {
    const size_t length = strlen(name), apart = strlen(between);
    for (const char *at = list; *at;) {
        const char *end = strstr(at, between);
        const size_t own = end ? (size_t)(end - at) : strlen(at);
        if (own == length && strncmp(at, name, length) == 0) return true;
        if (!end) return false;
        at = end + apart;
    }
    return false;
}

/* "File: a.gpkg. From: cities.csv, points.csv" */
static void write_footer(hsd_plot_run *run) {
    const hsd_yaml_node *inputs = hsd_yaml_first(&run->yaml, hsd_yaml_root(&run->yaml));
    while (inputs && strcmp(inputs->key, "inputs") != 0) inputs = hsd_yaml_next(&run->yaml, inputs);
    char list[300] = "";
    size_t used = 0;
    const bool any = inputs && inputs->shape == HSD_YAML_LIST;
    for (const hsd_yaml_node *n = any ? hsd_yaml_first(&run->yaml, inputs) : NULL; n;
         n = hsd_yaml_next(&run->yaml, n)) {
        const char *name = text_of(&run->yaml, n, "name");
        const char *between = hsd_plot_word_of(run, HSD_PLOT_BETWEEN);
        if (!name[0] || used >= sizeof list || is_listed(list, name, between)) continue;
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? between : "", name);
    }
    if (used >= sizeof list) hsd_text_end_cut(list, sizeof list);
    snprintf(run->footer, sizeof run->footer, hsd_plot_word_of(run, HSD_PLOT_FILE), run->file);
    used = strlen(run->footer);
    if (list[0])
        snprintf(run->footer + used, sizeof run->footer - used, "%s%s",
                 hsd_plot_word_of(run, HSD_PLOT_SOURCES), list);
}

static hsd_status open_result(hsd_plot_run *run, hsd_error *err) {
    const char *path = run->request->result;
    hsd_status status = hsd_dataset_provenance(path, &run->record, err);
    if (status == HSD_OK)
        status = hsd_yaml_parse(run->record, strlen(run->record), run->file, &run->yaml, err);
    if (status != HSD_OK) return status;
    write_footer(run);
    status = hsd_layers_open(path, &run->layers, err);
    if (status == HSD_OK && hsd_layers_has(run->layers, "origins"))
        status = hsd_layers_read(run->layers, "origins", HSD_LAYER_COLUMNS, &run->origins, err);
    return status;
}

/* ---- Drawing ---- */

static hsd_status write_picture(const hsd_plot_run *run, const hsd_plot_picture *picture,
                                const char *path, hsd_error *err) {
    if (picture->chart) return hsd_chart_write(picture->chart, path, true, err);
    if (picture->map_count == 1) return hsd_map_write(picture->maps[0], path, true, err);
    return hsd_map_write_row((const hsd_map *const *)picture->maps, picture->map_count,
                             picture->title, run->footer, path, true, err);
}

static hsd_status write_files(plot *p, size_t figure, const hsd_plot_picture *picture,
                              hsd_error *err) {
    const hsd_plot_request *r = p->run.request;
    hsd_status status = HSD_OK;
    for (size_t f = 0; status == HSD_OK && f < FORMATS; f++) {
        if (!p->format[f]) continue;
        char *path =
            p->as_file ? hsd_strdup(r->output, err)
                       : hsd_asprintf(err, "%s/%s.%s", r->output, figures[figure].name, formats[f]);
        if (!path) return HSD_E_MEMORY;
        hsd_output *output = &p->outputs[p->count];
        status = hsd_output_begin(path, r->overwrite, output, err);
        hsd_free(path);
        if (status != HSD_OK) return status;
        p->figure_of[p->count++] = figure;
        status = write_picture(&p->run, picture, output->temp_path, err);
    }
    return status;
}

static hsd_status draw_figure(plot *p, size_t figure, hsd_error *err) {
    hsd_plot_picture picture = {0};
    hsd_status status = figures[figure].draw(&p->run, &picture, err);
    if (status == HSD_OK && !picture.chart && picture.map_count == 0) {
        if (p->run.request->figure_count)
            status = hsd_fail(err, HSD_E_FORMAT, "%.80s has no figure %s: it would take %s",
                              p->run.file, figures[figure].name, picture.lacks);
        else if (strlen(p->lacks) + strlen(picture.lacks) + 40 < sizeof p->lacks)
            snprintf(p->lacks + strlen(p->lacks), sizeof p->lacks - strlen(p->lacks), "%s%s (%s)",
                     p->lacks[0] ? ", " : "", picture.lacks, figures[figure].name);
    } else if (status == HSD_OK && p->as_file && p->count) {
        status = hsd_fail(err, HSD_E_ARGUMENT,
                          "%.80s gives several figures (%s, %s ...): choose one by --figure, or "
                          "name a folder",
                          p->run.file, figures[p->figure_of[0]].name, figures[figure].name);
    } else if (status == HSD_OK) {
        status = write_files(p, figure, &picture, err);
    }
    hsd_plot_picture_finish(&picture);
    return status;
}

static hsd_status draw_all(plot *p, const hsd_run *run, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t f = 0; status == HSD_OK && f < FIGURES; f++) {
        if (!p->wanted[f]) continue;
        status = hsd_progress(run, "figures", (double)f / FIGURES, err);
        if (status == HSD_OK) status = draw_figure(p, f, err);
    }
    if (status == HSD_OK && p->count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%.60s: nothing to plot; looked for %s", p->run.file,
                          p->lacks);
    return status;
}

/* ---- Files ---- */

static hsd_status commit(plot *p, hsd_plot_report *report, hsd_error *err) {
    report->files = hsd_calloc(p->count, sizeof *report->files, err);
    if (!report->files) return HSD_E_MEMORY;
    for (size_t i = 0; i < p->count; i++) {
        report->files[i].figure = figures[p->figure_of[i]].name;
        if (!(report->files[i].path = hsd_strdup(p->outputs[i].path, err))) return HSD_E_MEMORY;
        report->file_count++;
    }
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < p->count; i++)
        status = hsd_output_commit(&p->outputs[i], err);
    return status;
}

static void finish(plot *p, hsd_status status) {
    for (size_t i = 0; i < p->count; i++) hsd_output_finish(&p->outputs[i]);
    if (p->made_folder && status != HSD_OK) hsd_folder_drop(p->run.request->output);
    hsd_layer_table_finish(&p->run.origins);
    hsd_layers_close(p->run.layers);
    hsd_yaml_finish(&p->run.yaml);
    hsd_free(p->run.record);
}

hsd_status hsd_study_plot(const hsd_plot_request *request, const hsd_run *run, hsd_plot_report *out,
                          hsd_error *err) {
    plot p = {.run = {.request = request, .lang = request->lang ? request->lang : "en"}};
    *out = (hsd_plot_report){0};
    hsd_status status = take_request(&p, err);
    if (status != HSD_OK) return status;
    p.run.file = hsd_base_name(request->result);
    status = open_result(&p.run, err);
    if (status == HSD_OK && !p.as_file)
        status = hsd_folder_make(request->output, &p.made_folder, err);
    if (status == HSD_OK) status = draw_all(&p, run, err);
    if (status == HSD_OK) status = commit(&p, out, err);
    finish(&p, status);
    if (status != HSD_OK) hsd_plot_report_finish(out);
    return status;
}

void hsd_plot_report_finish(hsd_plot_report *report) {
    for (size_t i = 0; i < report->file_count; i++) hsd_free(report->files[i].path);
    hsd_free(report->files);
    *report = (hsd_plot_report){0};
}
