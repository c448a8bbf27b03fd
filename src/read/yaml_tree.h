/* Strict YAML for files people write by hand: profiles, studies. A document is a tree of scalars,
 * lists and maps that remember their lines; a table of fields says what a map may hold. Refused:
 * unknown and repeated keys, anchors, aliases, tags, several documents, bad UTF-8, NULs, files
 * above HSD_YAML_MAX_SIZE. Every message names the file and the line of the offending key. */
#ifndef READ_YAML_TREE_H
#define READ_YAML_TREE_H

#include "hourshed/base.h"

enum {
    HSD_YAML_MAX_SIZE = 4 << 20, /* bytes of a file */
    HSD_YAML_MAX_NODES = 100000, /* of a document */
    HSD_YAML_MAX_ENTRIES = 5000, /* of a map */
    HSD_YAML_MAX_DEPTH = 16
};

typedef enum hsd_yaml_shape { HSD_YAML_SCALAR, HSD_YAML_LIST, HSD_YAML_MAP } hsd_yaml_shape;

/* Indices into the document's nodes; 0 is the root and, as a link, "none". */
typedef struct hsd_yaml_node {
    hsd_yaml_shape shape;
    bool quoted;   /* a scalar in quotes or a block: text, never a number or a truth value */
    uint32_t line; /* where its key stands in a map, else where it begins; from 1 */
    uint32_t first, next, count; /* children, sibling, number of children */
    char *key;                   /* in a map; NULL elsewhere */
    char *text;                  /* of a scalar */
} hsd_yaml_node;

typedef struct hsd_yaml {
    char *file; /* name without folders, for messages */
    hsd_yaml_node *nodes;
    size_t node_count, node_capacity;
} hsd_yaml;

hsd_status hsd_yaml_read(const char *path, hsd_yaml *out, hsd_error *err);
/* From memory; file is the name messages use. */
hsd_status hsd_yaml_parse(const char *data, size_t length, const char *file, hsd_yaml *out,
                          hsd_error *err);
void hsd_yaml_finish(hsd_yaml *yaml); /* NULL-safe */

typedef enum hsd_yaml_type {
    HSD_YAML_TEXT,   /* char *, the target's own (hsd_free); not empty */
    HSD_YAML_CHARS,  /* char[size]: text of 1 to size - 1 bytes */
    HSD_YAML_NUMBER, /* double: min..max; with `above`, more than min */
    HSD_YAML_INT,    /* int64_t: min..max */
    HSD_YAML_BOOL,   /* bool: true, yes, false, no, in lower case without quotes */
    HSD_YAML_WORD,   /* int: index of the text in words */
    HSD_YAML_NESTED, /* a map: fields again, with the same base; offset is not used */
    HSD_YAML_VISIT,  /* anything: visit decides */
    HSD_YAML_REMARK  /* text or a list of texts for the human reader; checked, not kept */
} hsd_yaml_type;

struct hsd_yaml_fields;
typedef struct hsd_yaml_field {
    const char *key;
    hsd_yaml_type type;
    size_t offset; /* of the value in the target struct */
    size_t size;   /* HSD_YAML_CHARS */
    double min, max;
    bool above, required;
    const char *const *words; /* HSD_YAML_WORD: NULL-ended */
    const struct hsd_yaml_fields *nested;
    hsd_status (*visit)(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                        hsd_error *err);
} hsd_yaml_field;

typedef struct hsd_yaml_fields {
    const hsd_yaml_field *fields;
    size_t count;
} hsd_yaml_fields;

/* Fills the target from a map; what the map does not say keeps its value (the defaults). Text set
 * before a failure is the target's to free. */
hsd_status hsd_yaml_fill(const hsd_yaml *yaml, const hsd_yaml_node *map,
                         const hsd_yaml_fields *fields, void *target, hsd_error *err);

/* For visitors. */
const hsd_yaml_node *hsd_yaml_root(const hsd_yaml *yaml);
const hsd_yaml_node *hsd_yaml_first(const hsd_yaml *yaml, const hsd_yaml_node *parent);
const hsd_yaml_node *hsd_yaml_next(const hsd_yaml *yaml, const hsd_yaml_node *node);
hsd_status hsd_yaml_expect(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_yaml_shape shape,
                           hsd_error *err);
/* Text of a scalar, 1 to size - 1 bytes, copied. */
hsd_status hsd_yaml_chars(const hsd_yaml *yaml, const hsd_yaml_node *node, char *out, size_t size,
                          hsd_error *err);
/* "FILE line N: MESSAGE" */
hsd_status hsd_yaml_fail(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_error *err,
                         const char *format, ...) HSD_PRINTF(4, 5);
#endif
