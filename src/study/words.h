/* The words that people read in results, in English and Chinese (design 5.10). */
#ifndef STUDY_WORDS_H
#define STUDY_WORDS_H

typedef enum hsd_word {
    HSD_WORD_CIRCLES,
    HSD_WORD_BANDS,
    HSD_WORD_REACHED_EDGES,
    HSD_WORD_REACHED_NODES,
    HSD_WORD_ORIGINS,
    HSD_WORD_SNAP,
    HSD_WORD_ZONES,
    HSD_WORD_OD_TIMES,
    HSD_WORD_HINTERLAND,
    HSD_WORD_OVERLAP,
    HSD_WORD_MINUTES,    /* "min" */
    HSD_WORD_TITLE_FROM, /* format with a name: "Within reach of %s" */
    HSD_WORD_TITLE_TO,
    HSD_WORD_TITLE_MANY_FROM,
    HSD_WORD_TITLE_MANY_TO,
    HSD_WORD_WATER,
    HSD_WORD_PROFILE,
    HSD_WORD_CORE,
    HSD_WORD_FRINGE,
    HSD_WORD_NEAR_MISSES,
    HSD_WORD_ONE_WAY_TRAPS,
    HSD_WORD_ISLANDS,
    HSD_WORD_ISLANDS_ABOUT,          /* the layer's description: streets ... */
    HSD_WORD_ISLANDS_ABOUT_CORRIDOR, /* ... and corridors */
    HSD_WORD_DUPLICATES,
    HSD_WORD_DEAD_ENDS,
    HSD_WORD_EDITS,
    HSD_WORD_EDITS_AREAS,
    HSD_WORD_RANKING,
    HSD_WORD_RANKING_ZONES,
    HSD_WORD_PROPOSALS,
    HSD_WORD_BREAK_EVEN,
    HSD_WORD_TITLE_RANKING, /* format with a count: "%zu proposals, ranked" */
    HSD_WORD_PEOPLE_MORE,   /* unit of a legend: "more people" */
    HSD_WORD_CHANGE,
    HSD_WORD_GAINED,
    HSD_WORD_LOST,
    HSD_WORD_KEPT,
    HSD_WORD_FASTER,
    HSD_WORD_LINKS,
    HSD_WORD_LINES,
    HSD_WORD_STATIONS,
    HSD_WORD_CITIES,
    HSD_WORD_ATTRIBUTION,
    HSD_WORD_PATHS,
    HSD_WORD_SUMMARY,
    HSD_WORD_NEWLY, /* of places that come within the cut-off */
    HSD_WORD_BEFORE,
    HSD_WORD_AFTER, /* format with a scenario's name */
    HSD_WORD_PEOPLE,
    HSD_WORD_ALL_PROPOSALS,
    HSD_WORD_TITLE_COMPARE, /* format with a scenario's name */
    HSD_WORD_TITLE_COMPARE_MANY,
    HSD_WORD_REACHED_STOPS,
    HSD_WORD_TIMETABLE_LINES,
    HSD_WORD_LEGS,
    HSD_WORD_MEDIAN,
    HSD_WORD_EARLIEST,
    HSD_WORD_PERCENTILE,        /* format with a number and its English ending: "90th percentile" */
    HSD_WORD_BY_TRANSIT_FROM,   /* format with day, date, instants, percentile */
    HSD_WORD_BY_TRANSIT_TO,     /* the same */
    HSD_WORD_BY_TRANSIT_RETURN, /* with two spans of instants */
    HSD_WORD_ACCESS,
    HSD_WORD_PAIRS,
    HSD_WORD_MEASURES,
    HSD_WORD_INEQUALITY,
    HSD_WORD_SPILLOVER,
    HSD_WORD_MEMBERS,
    HSD_WORD_METROPOLIS,
    HSD_WORD_CANDIDATES,
    HSD_WORD_RULES,
    HSD_WORD_AGREEMENT,
    HSD_WORD_CIRCLE_OVERLAP,
    HSD_WORD_BOTH,
    HSD_WORD_MODEL_ONLY,
    HSD_WORD_OFFICIAL_ONLY,
    HSD_WORD_NEITHER,
    HSD_WORD_MEMBER,
    HSD_WORD_NO_MEMBER,
    HSD_WORD_TITLE_METROPOLIS,      /* format with a name */
    HSD_WORD_TITLE_METROPOLIS_MANY, /* format with a count */
    HSD_WORD_COUNT
} hsd_word;

/* lang: "en" or "zh" (anything starting with zh); NULL: en. */
const char *hsd_word_text(hsd_word word, const char *lang);
#endif
