/* Rules of membership as data: sets of them in YAML files (docs/rules-yaml.md), each a tree of
 * conditions on what a candidate's times are to a centre. */
#ifndef STUDY_DELINEATE_RULES_H
#define STUDY_DELINEATE_RULES_H

#include "base/text.h"

typedef enum hsd_condition_kind {
    HSD_WHEN_ALL,      /* of the conditions below it */
    HSD_WHEN_ANY,      /* of them */
    HSD_WHEN_SHARE,    /* of its people within `ms` at least `least` */
    HSD_WHEN_AREA,     /* of its land within `ms` at least `least` */
    HSD_WHEN_MEAN,     /* mean time of its people who have a way at most `ms`; they are at least
                        * the share `least` */
    HSD_WHEN_CENTROID, /* its point within `ms` */
    HSD_WHEN_PART,     /* some of it within `ms` */
    HSD_WHEN_COMMUTING /* the number in `field` at least `least` */
} hsd_condition_kind;

typedef struct hsd_condition {
    hsd_condition_kind kind;
    uint32_t ms;
    double minutes, least;
    char *field;
    size_t mass; /* of COMMUTING: which of the candidates' masses; set by the run */
    size_t end;  /* of ALL, ANY: the conditions below it end before this one */
} hsd_condition;

typedef struct hsd_member_rule {
    char name[48];
    char set[64];              /* name of its file, without ending */
    char *about;               /* NULL: none */
    hsd_condition *conditions; /* in preorder: the first is the root */
    size_t condition_count, capacity;
    bool fill, drop; /* enclaves, exclaves */
} hsd_member_rule;

typedef struct hsd_member_rules {
    hsd_member_rule *rules;
    size_t count, capacity;
    char **paths; /* of the sets, as they were found */
    size_t path_count;
} hsd_member_rules;

/* sets: files, or names in the geodata's folder rules; only (none: all): names of rules, in the
 * order of the list. */
hsd_status hsd_member_rules_read(const char *const *sets, size_t set_count, const char *const *only,
                                 size_t only_count, hsd_member_rules *out, hsd_error *err);
void hsd_member_rules_finish(hsd_member_rules *list);
/* Whether some condition asks for people. */
bool hsd_member_rule_counts_people(const hsd_member_rule *rule);

/* What there is to know of a candidate and a centre. */
typedef struct hsd_served {
    uint32_t point_ms; /* of its point */
    uint32_t least_ms; /* of whoever or whatever of it is soonest there */
    double mean_min;   /* of its people with a way within the horizon; NAN: nobody has */
    double reached;    /* share of its people who have; NAN: nobody lives there */
    double *shares;    /* one a cut-off: of its people; NAN: nobody lives there */
    double *areas;     /* one a cut-off: of its land */
} hsd_served;

/* Shares and means that miss the mark by 1e-9 are on it. masses: of the candidate. */
bool hsd_member_rule_holds(const hsd_member_rule *rule, const hsd_served *served,
                           const uint32_t *cutoffs_ms, size_t cutoff_count, const double *masses);

/* In words of a language; and as the YAML (JSON) that was read. Fail as hsd_text does. */
void hsd_member_rule_words(const hsd_member_rule *rule, const char *lang, hsd_text *out);
void hsd_member_rule_definition(const hsd_member_rule *rule, hsd_json *out);
#endif
