/* Sentences of a summary, in English and Chinese: templates with {keys}, filled from numbers. */
#ifndef STUDY_SENTENCES_H
#define STUDY_SENTENCES_H

#include "base/text.h"

typedef enum hsd_sentence {
    HSD_SENTENCE_PEOPLE,      /* scenario gained mass minutes origin before after profile */
    HSD_SENTENCE_AREA,        /* minutes origin gained before after road profile */
    HSD_SENTENCE_PLACES,      /* minutes origin places profile */
    HSD_SENTENCE_LOST_PEOPLE, /* minutes origin lost mass profile */
    HSD_SENTENCE_LOST_AREA,   /* minutes origin lost road profile */
    HSD_SENTENCE_LOST_PLACES, /* minutes origin places profile */
    HSD_SENTENCE_SAVING_FROM, /* origin saving place before after profile */
    HSD_SENTENCE_SAVING_TO,
    HSD_SENTENCE_RIDE_FROM, /* place line board alight profile */
    HSD_SENTENCE_RIDE_TO,
    HSD_SENTENCE_PAIR_IN,       /* from to minutes before after profile */
    HSD_SENTENCE_PAIR_JOINED,   /* from to minutes after profile: no way before */
    HSD_SENTENCE_PAIR_OUT,      /* from to minutes before after profile */
    HSD_SENTENCE_PAIR_SERVED,   /* the same, by transit */
    HSD_SENTENCE_PAIR_CUT,      /* from to minutes before profile: no way after */
    HSD_SENTENCE_PAIR_UNSERVED, /* the same, by transit */
    HSD_SENTENCE_NO_LINK_USED,  /* scenario minutes origin profile */
    HSD_SENTENCE_NO_ROAD_USED,
    HSD_SENTENCE_NO_TRAIN_USED,
    HSD_SENTENCE_NONE_CROSSES, /* times change, but nothing comes in or falls out */
    HSD_SENTENCE_NO_PROPOSAL,  /* the scenario is empty */
    HSD_SENTENCE_COUNT
} hsd_sentence;

typedef struct hsd_sentence_value {
    const char *key;
    enum {
        HSD_SAY_TEXT,   /* en, zh */
        HSD_SAY_COUNT,  /* people: whole, "12,345", "1.23 million"; 1.23万 */
        HSD_SAY_AMOUNT, /* kilometres, minutes: one decimal below 100 */
        HSD_SAY_PLAIN   /* a cut-off: as it was given */
    } kind;
    const char *en, *zh; /* zh NULL: en */
    double number;
} hsd_sentence_value;

/* Appends one sentence; a key without a value stays as it is. lang as in words.h. */
void hsd_sentence_add(hsd_text *out, hsd_sentence sentence, const char *lang,
                      const hsd_sentence_value *values, size_t count);
/* Numbers as people write them; buffers of 40. */
const char *hsd_say_count(double value, const char *lang, char *buffer);
const char *hsd_say_amount(double value, char *buffer);
#endif
