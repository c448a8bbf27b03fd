/* What a run by timetable is, in a line: under the title of a picture, over its table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "study/transit_layers.h"

/* "median", "earliest", "90th percentile". */
static void percentile_text(double percentile, const char *lang, char *buffer, size_t size) {
    const bool chinese = lang && lang[0] == 'z';
    const int whole = (int)percentile, tens = whole % 100;
    const char *ending = "th";
    if (percentile == 50) {
        snprintf(buffer, size, "%s", hsd_word_text(HSD_WORD_MEDIAN, lang));
    } else if (percentile == 0) {
        snprintf(buffer, size, "%s", hsd_word_text(HSD_WORD_EARLIEST, lang));
    } else {
        if (percentile == whole && (tens < 11 || tens > 13))
            ending = whole % 10 == 1   ? "st"
                     : whole % 10 == 2 ? "nd"
                     : whole % 10 == 3 ? "rd"
                                       : "th";
        snprintf(buffer, size, hsd_word_text(HSD_WORD_PERCENTILE, lang), percentile,
                 chinese ? "" : ending);
    }
}

/* "08:00–08:59", or one instant. */
static void span_text(const hsd_transit_run *run, size_t way, char *buffer, size_t size) {
    char first[16], last[16];
    const uint32_t *instants = run->ways[way].instants_ms;
    const size_t count = run->ways[way].instant_count;
    hsd_transit_clock_text(instants[0], first);
    hsd_transit_clock_text(instants[count - 1], last);
    if (count > 1)
        snprintf(buffer, size, "%s–%s", first, last);
    else
        snprintf(buffer, size, "%s", first);
}

void hsd_transit_caption(const hsd_transit_run *run, const char *lang, char *buffer, size_t size) {
    static const char *const days[2][7] = {
        {"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"},
        {"星期四", "星期五", "星期六", "星期日", "星期一", "星期二", "星期三"}};
    const bool chinese = lang && lang[0] == 'z';
    char date[11], spans[2][40] = {"", ""}, percentile[64];
    hsd_day_text(run->plan.date, date);
    for (size_t w = 0; w < run->way_count; w++) span_text(run, w, spans[w], sizeof spans[w]);
    percentile_text(run->plan.percentiles[0], lang, percentile, sizeof percentile);
    const char *day = days[chinese][((run->plan.date % 7) + 7) % 7]; /* 1970-01-01: a Thursday */
    const hsd_word word = run->plan.day_return            ? HSD_WORD_BY_TRANSIT_RETURN
                          : run->plan.direction == HSD_TO ? HSD_WORD_BY_TRANSIT_TO
                                                          : HSD_WORD_BY_TRANSIT_FROM;
    if (run->plan.day_return)
        snprintf(buffer, size, hsd_word_text(word, lang), day, date, spans[0], spans[1],
                 percentile);
    else
        snprintf(buffer, size, hsd_word_text(word, lang), day, date, spans[0], percentile);
}

/* ---- Views of layers with several percentiles ---- */

hsd_status hsd_percentile_views_make(hsd_percentile_views *views, const hsd_circle_run *run,
                                     hsd_word what, hsd_error *err) {
    *views = (hsd_percentile_views){0};
    if (!run->transit || run->profile_count < 2) return HSD_OK;
    views->list = hsd_calloc(run->profile_count, sizeof *views->list, err);
    views->texts = hsd_calloc(run->profile_count, sizeof *views->texts, err);
    if (!views->list || !views->texts) {
        hsd_percentile_views_finish(views);
        return HSD_E_MEMORY;
    }
    for (size_t p = 0; p < run->profile_count; p++) {
        char percentile[64];
        char(*texts)[96] = views->texts[p];
        percentile_text(run->profiles[p].percentile, run->lang, percentile, sizeof percentile);
        snprintf(texts[0], sizeof texts[0], "%.40s: %.40s", hsd_word_text(what, run->lang),
                 percentile);
        snprintf(texts[1], sizeof texts[1], "\"profile\" = '%s'", run->profiles[p].name);
        views->list[views->count++] =
            (hsd_layer_view){.title = texts[0], .filter = texts[1], .hidden = p > 0};
    }
    return HSD_OK;
}

void hsd_percentile_views_finish(hsd_percentile_views *views) {
    hsd_free(views->list);
    hsd_free(views->texts);
    *views = (hsd_percentile_views){0};
}
