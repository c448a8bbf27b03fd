/* What the parts of the reader of proposals share. Private to read/proposals*.c. */
#ifndef READ_PROPOSALS_H
#define READ_PROPOSALS_H

#include "base/issues.h"
#include "hourshed/read.h"
#include "read/message.h"
#include "read/vector.h"

enum { HSD_FIELDS_MAX = 24 }; /* fields of one layer of the schema */

/* One layer of the file. Its vector's `file` is the layer's label, so that every message of
 * vector.c reads "links feature 3: ...". */
typedef struct hsd_proposal_input {
    hsd_proposal_layer layer;
    hsd_vector vector;
    char label[HSD_CLIP_SIZE];
    const hsd_proposal_field *fields; /* of the schema; field_count <= HSD_FIELDS_MAX */
    size_t field_count;
    int column[HSD_FIELDS_MAX]; /* of the source, -1: not there */
    int id;                     /* field "id", -1: not there */
    bool mixed; /* its rows are those of the source layer whose field `layer` says so */
} hsd_proposal_input;

/* A field of the feature at hand. Texts are trimmed and owned, NULL where not given; `word` is an
 * index into the field's closed list, its preset where not given; numbers are NAN. */
typedef struct hsd_proposal_value {
    char *text;
    int word;
    double number;
} hsd_proposal_value;

/* What every feature has, whatever its layer. */
typedef struct hsd_proposal_head {
    hsd_proposal_layer layer;
    int64_t feature_id;
    char *proposal; /* NULL until named after its own name */
    char *name, *status, *opened, *id;
    uint32_t day; /* of opened; 0: not given */
    double year, cost;
    bool left_out; /* by as_of or status */
} hsd_proposal_head;

/* Remarks that many features can have are counted, and made once. */
typedef struct hsd_proposal_count {
    size_t count;
    int64_t first;
} hsd_proposal_count;

typedef struct hsd_proposal_reader {
    const hsd_proposal_source *source;
    hsd_issues *issues;
    hsd_error *err;
    hsd_vector file; /* its layers are the inputs */
    hsd_proposal_input inputs[HSD_LAYER_COUNT];
    size_t input_count;
    HSD_ARRAY(hsd_proposal_head) heads;
    HSD_ARRAY(hsd_link_row) links; /* rows: `proposal` is an index into heads until the end */
    HSD_ARRAY(hsd_junction_row) junctions;
    HSD_ARRAY(hsd_station_row) stations;
    HSD_ARRAY(hsd_service_row) services;
    HSD_ARRAY(hsd_closure_row) closures;
    HSD_ARRAY(hsd_speed_row) speeds;
    HSD_ARRAY(hsd_wait_row) waits;
    const hsd_proposal_input *input; /* the feature at hand */
    OGRFeatureH feature;
    bool bad; /* it has an issue */
    hsd_proposal_value values[HSD_FIELDS_MAX];
    hsd_proposal_count both_times, long_lengths, short_lengths;
} hsd_proposal_reader;

/* proposals_encoding.c: opens r->file; a shapefile that does not say so may be GBK. */
hsd_status hsd_proposal_open_file(hsd_proposal_reader *r);

/* proposals_mixed.c: which layers of the schema a source layer has rows of, by its field `layer`
 * (none: there is no such field, or it is another one); a row that names none of them is an issue
 * then. And to read those of an input alone. */
hsd_status hsd_proposal_mixed_layers(hsd_proposal_reader *r, const hsd_vector *vector,
                                     bool found[HSD_LAYER_COUNT]);
hsd_status hsd_proposal_mixed_filter(const hsd_proposal_input *input, hsd_error *err);

/* proposals_fields.c: which source field is which, and what they say. */
hsd_status hsd_proposal_columns(hsd_proposal_reader *r);
hsd_status hsd_proposal_values(hsd_proposal_reader *r);
void hsd_proposal_values_finish(hsd_proposal_reader *r);
/* Whether a field of the schema has this name or goes by it. */
bool hsd_proposal_knows(const char *name);
/* An error of the feature at hand: "links feature 3: ...". HSD_OK, or HSD_E_MEMORY. */
hsd_status hsd_proposal_bad(hsd_proposal_reader *r, const char *format, ...) HSD_PRINTF(2, 3);
/* Values of the feature at hand by the field's name; take hands the text over (NULL: not given). */
const hsd_proposal_value *hsd_proposal_get(const hsd_proposal_reader *r, const char *name);
char *hsd_proposal_take(hsd_proposal_reader *r, const char *name);

/* proposals_rows.c: the feature at hand as rows of the table; `head` is its index. */
hsd_status hsd_proposal_row(hsd_proposal_reader *r, uint32_t head);
hsd_status hsd_proposal_station(hsd_proposal_reader *r, uint32_t head); /* proposals_rail.c */
hsd_status hsd_proposal_service(hsd_proposal_reader *r, uint32_t head);
/* A list as ;-separated words without spaces around them; an empty word is an issue. */
hsd_status hsd_proposal_list(hsd_proposal_reader *r, const char *name, char **out);
/* The geometry the layer wants; NONE where the feature has none and need not, or has an issue. */
hsd_status hsd_proposal_shape(hsd_proposal_reader *r, bool needed, hsd_geometry *out);
/* Whether a value stands in the field. */
bool hsd_proposal_given(const hsd_proposal_reader *r, const char *name);
/* Bytes of the separator of a list at text, ; or , of either width; 0: none. */
size_t hsd_list_separator(const char *text);

/* proposals_lines.c: parts of a line that continue each other become one, equal neighbours one
 * point, parts without length go; points are equal where they are the same to 1e-7 degrees. No
 * part is left of a line without length. */
hsd_status hsd_proposal_lines(hsd_geometry *line, hsd_error *err);

/* proposals_names.c: names, what is left out; fills the table, which has the rows already. */
hsd_status hsd_proposal_settle(hsd_proposal_reader *r, hsd_proposal_table *out);

/* proposals_table.c: rows point at their proposal, proposal_of[head] (UINT32_MAX: the row goes),
 * and are sorted. */
void hsd_proposal_point_rows(const uint32_t *proposal_of, hsd_proposal_table *table);
#endif
