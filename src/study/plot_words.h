/* The words of figures, in English and Chinese. */
#ifndef STUDY_PLOT_WORDS_H
#define STUDY_PLOT_WORDS_H

typedef enum hsd_plot_word {
    HSD_PLOT_POPULATION,    /* titles */
    HSD_PLOT_POPULATION_OF, /* format with an origin */
    HSD_PLOT_POPULATION_BY, /* format with a measure */
    HSD_PLOT_LORENZ,        /* format with a measure */
    HSD_PLOT_SAVINGS,
    HSD_PLOT_SAVINGS_OF, /* format with an origin */
    HSD_PLOT_RANKING,    /* format with a measure */
    HSD_PLOT_MAP,        /* format with an origin */
    HSD_PLOT_MAP_MANY,
    HSD_PLOT_MAP_COMPARE,    /* format with a scenario */
    HSD_PLOT_MAP_METROPOLIS, /* format with a rule */
    HSD_PLOT_DELINEATION,    /* format with a centre */
    HSD_PLOT_MINUTES,        /* axes */
    HSD_PLOT_MINUTES_SAVED,
    HSD_PLOT_PEOPLE,
    HSD_PLOT_PEOPLE_PAIRS,
    HSD_PLOT_ZONES,
    HSD_PLOT_PAIRS,
    HSD_PLOT_PEOPLE_SHARE,
    HSD_PLOT_ZONES_SHARE,
    HSD_PLOT_VALUE_SHARE, /* format with a measure */
    HSD_PLOT_BEFORE,
    HSD_PLOT_AFTER, /* format with a scenario */
    HSD_PLOT_EQUALITY,
    HSD_PLOT_GINI,
    HSD_PLOT_LESS_IS_BETTER,
    HSD_PLOT_AT_CUTOFFS,
    HSD_PLOT_AT_POINTS,
    HSD_PLOT_CENTRES,
    HSD_PLOT_UNCHANGED,    /* format with a number */
    HSD_PLOT_NEWLY,        /* format with a number */
    HSD_PLOT_NO_LONGER,    /* format with a number */
    HSD_PLOT_FIRST_OF,     /* format with two counts */
    HSD_PLOT_MOST_CHANGED, /* format with two counts */
    HSD_PLOT_SET,          /* format with a set of proposals */
    HSD_PLOT_ALL,
    HSD_PLOT_RULE,
    HSD_PLOT_LIST,    /* format with a rule */
    HSD_PLOT_PROFILE, /* format with a profile */
    HSD_PLOT_CIRCLE,  /* format with minutes */
    HSD_PLOT_GAINED,  /* format with minutes */
    HSD_PLOT_LOST,    /* format with minutes */
    HSD_PLOT_FILE,    /* format with a file */
    HSD_PLOT_SOURCES, /* "; sources: " */
    HSD_PLOT_THOUSAND,
    HSD_PLOT_MILLION,
    HSD_PLOT_BILLION,
    HSD_PLOT_BETWEEN, /* between items of a list */
    HSD_PLOT_COMMA,   /* between parts of a name */
    HSD_PLOT_WORDS
} hsd_plot_word;

/* lang: "zh..." is Chinese, all else English. */
const char *hsd_plot_text(hsd_plot_word word, const char *lang);
/* What a column of a ranking means; NULL: not known. */
const char *hsd_plot_column(const char *column, const char *lang);
#endif
