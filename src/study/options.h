/* The options of each command as a table: how a study file names them, how provenance records them,
 * how a rerun reads them back. A key is the command's long option with _ for -. */
#ifndef STUDY_OPTIONS_H
#define STUDY_OPTIONS_H

#include "base/text.h"
#include "hourshed/study.h"
#include "read/yaml_tree.h"
#include "study/provenance.h"

typedef enum hsd_option_type {
    HSD_OPTION_TEXT,   /* const char * */
    HSD_OPTION_INPUT,  /* const char *: a file or folder that is read; provenance keeps its name and
                          hash */
    HSD_OPTION_INPUTS, /* const char *const *, and its size_t count: the same, several */
    HSD_OPTION_NAMED_INPUTS, /* the same, each "NAME=FILE" */
    HSD_OPTION_OUTPUT,       /* const char *: a file that is written; never recorded */
    HSD_OPTION_NUMBER,       /* double, min..max; with `above`, more than min */
    HSD_OPTION_COUNT,        /* unsigned, min..max */
    HSD_OPTION_FLAG,         /* bool */
    HSD_OPTION_WORD,         /* an enum: index of the text in words */
    HSD_OPTION_BITS,         /* unsigned: a list of words, bit i for words[i] */
    HSD_OPTION_TEXTS,        /* const char *const *, and its size_t count */
    HSD_OPTION_FILES,   /* the same: names, or files where they have a folder or an ending .yaml */
    HSD_OPTION_NUMBERS, /* const double *, and its size_t count */
    HSD_OPTION_POINTS   /* const hsd_lonlat *, and its size_t count: [lon, lat] or a list of them */
} hsd_option_type;

typedef struct hsd_option {
    const char *key;
    hsd_option_type type;
    size_t offset, count_offset;
    size_t also[3]; /* TEXT: further places of the same value; 0: none */
    double min, max;
    bool above;
    double zero; /* NUMBER: what 0 is stored as, where the struct's 0 means the default */
    const char *const *words;
} hsd_option;

typedef struct hsd_option_table {
    const hsd_option *options;
    size_t count;
} hsd_option_table;

extern const hsd_option_table hsd_build_options_table, hsd_circle_options_table,
    hsd_compare_options_table, hsd_rank_options_table, hsd_check_options_table,
    hsd_matrix_options_table, hsd_access_options_table, hsd_delineate_options_table;

/* What a filled request points to. */
typedef struct hsd_option_pool {
    HSD_ARRAY(void *) blocks;
} hsd_option_pool;
void hsd_option_pool_finish(hsd_option_pool *pool);
/* Takes the block over, even on failure; NULL then, and for NULL. */
void *hsd_option_keep(hsd_option_pool *pool, void *block, hsd_error *err);

/* NULL when the table has no such key. */
const hsd_option *hsd_option_find(const hsd_option_table *table, const char *key);

typedef struct hsd_option_reader {
    const hsd_yaml *yaml;
    const char *folder; /* inputs with relative paths lie here; NULL: they stay as they are */
    hsd_option_pool *pool;
} hsd_option_reader;
/* One key of a document into the request. */
hsd_status hsd_option_read(const hsd_option_reader *reader, const hsd_yaml_node *node,
                           const hsd_option *option, void *request, hsd_error *err);
/* "key" is unknown: with what was meant, where a known one is near. */
hsd_status hsd_option_unknown(const hsd_yaml *yaml, const hsd_yaml_node *node,
                              const hsd_option_table *const *tables, size_t table_count,
                              const char *const *more, hsd_error *err);

/* Writes every option that says something, but for inputs and outputs, into an open object. */
void hsd_options_record(hsd_json *json, const hsd_option_table *table, const void *request);
/* Hashes every input that is given, but the network, into the record: the role is the key. */
hsd_status hsd_options_inputs(hsd_provenance *provenance, const hsd_option_table *table,
                              const void *request, hsd_error *err);
/* The whole record of a run on a network (NULL: on none), JSON; the caller frees it (hsd_free). */
hsd_status hsd_record_make(const char *command, const hsd_option_table *table, const void *request,
                           const hsd_network_info *network, char **out, hsd_error *err);
#endif
