/* A plot in the making. Shared by the plot files of this stage. */
#ifndef STUDY_PLOT_RUN_H
#define STUDY_PLOT_RUN_H

#include "base/text.h"
#include "hourshed/figures.h"
#include "hourshed/study.h"
#include "read/layers.h"
#include "read/yaml_tree.h"
#include "study/plot_words.h"

enum { HSD_PLOT_MOST_LINES = 8, HSD_PLOT_MOST_BARS = 40 };

typedef struct hsd_plot_run {
    const hsd_plot_request *request;
    const char *lang;
    const char *file; /* name without folders */
    hsd_layers *layers;
    hsd_layer_table origins; /* empty where the file has none */
    char *record;            /* JSON, which is YAML too */
    hsd_yaml yaml;
    const char *command;
    char footer[400];
} hsd_plot_run;

/* What a figure is drawn as: a chart, or maps side by side. Neither: the file has no data for it,
 * and `lacks` says what was looked for. */
typedef struct hsd_plot_picture {
    hsd_chart *chart;
    hsd_map *maps[2];
    size_t map_count;
    char title[256]; /* of a row of maps */
    char lacks[160];
} hsd_plot_picture;
void hsd_plot_picture_finish(hsd_plot_picture *picture);

typedef hsd_status (*hsd_plot_figure)(const hsd_plot_run *run, hsd_plot_picture *out,
                                      hsd_error *err);
hsd_status hsd_plot_population(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err);
hsd_status hsd_plot_lorenz(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err);
hsd_status hsd_plot_savings(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err);
hsd_status hsd_plot_ranking(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err);
hsd_status hsd_plot_map(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err);
hsd_status hsd_plot_delineation(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err);

/* Distinct texts in their order; borrowed. */
typedef HSD_ARRAY(const char *) hsd_plot_names;

/* ---- plot_columns.c: what the figures share */

/* HSD_OK and a picture of nothing. */
HSD_PRINTF(2, 3) hsd_status hsd_plot_lacks(hsd_plot_picture *out, const char *format, ...);

static inline const char *hsd_plot_word_of(const hsd_plot_run *run, hsd_plot_word word) {
    return hsd_plot_text(word, run->lang);
}
/* A text, or the first of a list, of the run's record under configuration; NULL: none. */
const char *hsd_plot_option(const hsd_plot_run *run, const char *key);

/* The largest number of a list under configuration; 0: none. */
double hsd_plot_largest(const hsd_plot_run *run, const char *key);
/* The name of an origin in the language of the figures; its id where it has none. */
const char *hsd_plot_origin(const hsd_plot_run *run, const char *id);

/* Rows whose texts are these; a value NULL takes any. */
typedef struct hsd_plot_filter {
    char *const *texts[4];
    const char *values[4];
    size_t count;
} hsd_plot_filter;
void hsd_plot_only(hsd_plot_filter *filter, char *const *texts, const char *value);
bool hsd_plot_takes(const hsd_plot_filter *filter, size_t row);

/* Scenarios of an access result that are asked for, the baseline first; texts of `summary`, which
 * the caller finishes after them. */
hsd_status hsd_plot_access_scenarios(const hsd_plot_run *run, hsd_layer_table *summary,
                                     hsd_plot_names *out, hsd_error *err);
/* What a row of table measures is called, in the language of the figures. */
const char *hsd_plot_title(const hsd_plot_run *run, const hsd_layer_table *measures, size_t row);
/* The column of a measure under a scenario (NULL: baseline): "gravity_bridge"; NULL: none such. */
hsd_status hsd_plot_measure(const hsd_layer_table *access, const char *column, const char *scenario,
                            const double **out, hsd_error *err);

double *hsd_plot_numbers(const hsd_layer_table *table, const char *name); /* NULL: none such */
char **hsd_plot_texts(const hsd_layer_table *table, const char *name);
/* Names of the columns of numbers, for messages. */
void hsd_plot_list_numbers(const hsd_layer_table *table, char *buffer, size_t size);
/* "" where the column is missing or empty there. */
const char *hsd_plot_cell(char *const *texts, size_t row);

/* The column with people: --population, else what the run counted, else population; NULL: none. */
hsd_status hsd_plot_people(const hsd_plot_run *run, const hsd_layer_table *table, const char *layer,
                           const double **out, hsd_error *err);
/* --NAME's value must be among the texts of a column. */
hsd_status hsd_plot_known(const hsd_plot_run *run, const char *option, const char *value,
                          char *const *texts, size_t count, hsd_error *err);

hsd_status hsd_plot_distinct(char *const *texts, size_t count, hsd_plot_names *out, hsd_error *err);

/* A word for large numbers, and what to divide by: "million", 1e6; below 10,000: NULL, 1. */
const char *hsd_plot_scale(const hsd_plot_run *run, double most, double *divisor);
/* "1.23 million" */
const char *hsd_plot_number(const hsd_plot_run *run, double value, char *buffer, size_t size);
/* "people (million)" */
void hsd_plot_unit(const hsd_plot_run *run, const char *what, double most, double *divisor,
                   char *buffer, size_t size);
/* Adds to a list of remarks: "a, b". */
HSD_PRINTF(4, 5)
void hsd_plot_add(const hsd_plot_run *run, char *buffer, size_t size, const char *format, ...);

/* The chart's own options over what the figure says of itself. */
hsd_status hsd_plot_chart(const hsd_plot_run *run, hsd_chart_options *options, hsd_chart **out,
                          hsd_error *err);
#endif
