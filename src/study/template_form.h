/* The form of one layer of proposals, in one language, from the schema of read/. */
#ifndef STUDY_TEMPLATE_FORM_H
#define STUDY_TEMPLATE_FORM_H

#include "base/memory.h"
#include "hourshed/export.h"
#include "hourshed/read.h"

enum { HSD_TEMPLATE_FIELDS = 32 };

/* A road class and its speed, as the profile has it. */
typedef struct hsd_template_class {
    const char *name;
    uint32_t speed_mh; /* with the factor */
} hsd_template_class;

typedef struct hsd_template_form {
    hsd_field fields[HSD_TEMPLATE_FIELDS];
    hsd_form_field form[HSD_TEMPLATE_FIELDS];
    size_t count;
    HSD_ARRAY(char *) texts;
    HSD_ARRAY(hsd_choice *) choices;
} hsd_template_form;

/* zh: Chinese. finish frees what stands, also after a failure. */
hsd_status hsd_template_form_make(hsd_proposal_layer layer, const hsd_template_class *classes,
                                  size_t class_count, int zh, hsd_template_form *out,
                                  hsd_error *err);
void hsd_template_form_finish(hsd_template_form *form);
#endif
