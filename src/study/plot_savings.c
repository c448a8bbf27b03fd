/* Time saved, as a histogram: over people where zones have them, else over zones; with several
 * origins each zone counts once for each. What does not change has no bar, for it would dwarf all
 * others: it is told in words, as is what had no way before or has none after. O(n). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/styles.h"
#include "study/plot_run.h"

typedef struct savings {
    const hsd_plot_run *run;
    hsd_layer_table zones;
    const double *saving, *before, *after, *people; /* people NULL: zones count */
    hsd_plot_names origins, scenarios;
    const char *profile;
    hsd_ticks bins;
    double most; /* of all bars */
} savings;

/* What one scenario does. */
typedef struct sums {
    double *bins;
    double unchanged, newly, lost;
} sums;

static hsd_plot_filter filter_of(const savings *s, const char *scenario) {
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, hsd_plot_texts(&s->zones, "scenario"), scenario);
    hsd_plot_only(&filter, hsd_plot_texts(&s->zones, "profile"), s->profile);
    hsd_plot_only(&filter, hsd_plot_texts(&s->zones, "origin_id"), s->run->request->origin);
    return filter;
}

static hsd_status choose(savings *s, hsd_error *err) {
    const hsd_plot_request *q = s->run->request;
    const hsd_layer_table *t = &s->zones;
    char *const *origins = hsd_plot_texts(t, "origin_id");
    char *const *scenarios = hsd_plot_texts(t, "scenario");
    char *const *profiles = hsd_plot_texts(t, "profile");
    s->saving = hsd_plot_numbers(t, "saving_min");
    s->before = hsd_plot_numbers(t, "before_min");
    s->after = hsd_plot_numbers(t, "after_min");
    s->profile = t->row_count ? hsd_plot_cell(profiles, 0) : "";
    hsd_status status = hsd_plot_people(s->run, t, "zones", &s->people, err);
    if (status == HSD_OK)
        status = hsd_plot_known(s->run, "origin", q->origin, origins, t->row_count, err);
    if (status == HSD_OK)
        status = hsd_plot_known(s->run, "scenario", q->scenario, scenarios, t->row_count, err);
    if (status == HSD_OK) status = hsd_plot_distinct(origins, t->row_count, &s->origins, err);
    if (status == HSD_OK) status = hsd_plot_distinct(scenarios, t->row_count, &s->scenarios, err);
    if (status != HSD_OK) return status;
    if (q->scenario) s->scenarios.data[0] = q->scenario;
    if (q->scenario || s->scenarios.count == 0) s->scenarios.count = q->scenario ? 1 : 0;
    if (q->origin) s->origins.count = 1;
    if (s->scenarios.count > HSD_PLOT_MOST_LINES) s->scenarios.count = HSD_PLOT_MOST_LINES;
    return HSD_OK;
}

/* Bins that hold the savings of all scenarios, and 0; a bin has its lower edge, not its upper one,
 * so that 60 and 90 minutes stand alike in theirs. false: nothing changes. */
static bool find_bins(savings *s) {
    double least = 0, most = 0;
    for (size_t i = 0; i < s->scenarios.count; i++) {
        const hsd_plot_filter filter = filter_of(s, s->scenarios.data[i]);
        for (size_t r = 0; r < s->zones.row_count; r++) {
            if (!hsd_plot_takes(&filter, r) || !isfinite(s->saving[r])) continue;
            least = fmin(least, s->saving[r]);
            most = fmax(most, s->saving[r]);
        }
    }
    s->bins = hsd_ticks_cover(least, most > 0 ? nextafter(most, INFINITY) : most, 24, true);
    return least < 0 || most > 0;
}

static hsd_status count(savings *s, const char *scenario, sums *out, hsd_error *err) {
    const hsd_plot_filter filter = filter_of(s, scenario);
    *out = (sums){.bins = hsd_calloc(s->bins.count, sizeof *out->bins, err)};
    if (!out->bins) return HSD_E_MEMORY;
    for (size_t r = 0; r < s->zones.row_count; r++) {
        const double w = s->people ? s->people[r] : 1;
        if (!hsd_plot_takes(&filter, r) || !isfinite(w)) continue;
        if (!isfinite(s->saving[r])) {
            if (isfinite(s->after[r])) out->newly += w;
            if (isfinite(s->before[r])) out->lost += w;
        } else if (s->saving[r] == 0) {
            out->unchanged += w;
        } else {
            double *bin = &out->bins[hsd_ticks_bin(&s->bins, s->saving[r])];
            *bin += w;
            s->most = fmax(s->most, *bin);
        }
    }
    return HSD_OK;
}

static void say(const savings *s, const sums *n, char *buffer, size_t size) {
    const struct {
        double value;
        hsd_plot_word word;
    } parts[] = {{n->unchanged, HSD_PLOT_UNCHANGED},
                 {n->newly, HSD_PLOT_NEWLY},
                 {n->lost, HSD_PLOT_NO_LONGER}};
    char number[64];
    for (size_t i = 0; i < 3; i++)
        if (parts[i].value > 0)
            hsd_plot_add(s->run, buffer, size, hsd_plot_word_of(s->run, parts[i].word),
                         hsd_plot_number(s->run, parts[i].value, number, sizeof number));
}

static hsd_status add_bars(const savings *s, const sums *n, size_t scenario, double divisor,
                           hsd_chart *chart, hsd_error *err) {
    uint32_t colours[HSD_PLOT_MOST_LINES];
    hsd_palette_categorical(HSD_PLOT_MOST_LINES, 0xFF, colours);
    const size_t bins = s->bins.count - 1;
    const bool one = s->scenarios.count == 1;
    double *edges = hsd_alloc(bins + 1, sizeof *edges, err);
    if (!edges) return HSD_E_MEMORY;
    for (size_t i = 0; i <= bins; i++) edges[i] = hsd_ticks_at(&s->bins, i);
    for (size_t i = 0; i < bins; i++) n->bins[i] /= divisor;
    char legend[300];
    snprintf(legend, sizeof legend, "%.80s", s->scenarios.data[scenario]);
    if (!one) say(s, n, legend, sizeof legend);
    const hsd_chart_style style = {
        .rgba = colours[scenario], .line_px = one ? 0 : 2, .legend = legend};
    hsd_status status = hsd_chart_add_bars(chart, edges, n->bins, bins, &style, err);
    hsd_free(edges);
    return status;
}

static hsd_status draw(savings *s, sums *all, hsd_plot_picture *out, hsd_error *err) {
    const bool one = s->origins.count == 1;
    char title[200], subtitle[300] = "", y_title[160];
    double divisor;
    const hsd_plot_word counted = s->people ? one ? HSD_PLOT_PEOPLE : HSD_PLOT_PEOPLE_PAIRS
                                  : one     ? HSD_PLOT_ZONES
                                            : HSD_PLOT_PAIRS;
    hsd_plot_unit(s->run, hsd_plot_word_of(s->run, counted), s->most, &divisor, y_title,
                  sizeof y_title);
    snprintf(title, sizeof title, "%s", hsd_plot_word_of(s->run, HSD_PLOT_SAVINGS));
    if (one)
        snprintf(title, sizeof title, hsd_plot_word_of(s->run, HSD_PLOT_SAVINGS_OF),
                 hsd_plot_origin(s->run, s->run->request->origin ? s->run->request->origin
                                                                 : s->origins.data[0]));
    if (s->scenarios.count == 1) say(s, &all[0], subtitle, sizeof subtitle);
    hsd_chart_options options = {.title = title,
                                 .subtitle = subtitle,
                                 .x = {hsd_plot_word_of(s->run, HSD_PLOT_MINUTES_SAVED),
                                       hsd_ticks_at(&s->bins, 0),
                                       hsd_ticks_at(&s->bins, s->bins.count - 1), true},
                                 .y = {.title = y_title}};
    hsd_status status = hsd_plot_chart(s->run, &options, &out->chart, err);
    for (size_t i = 0; status == HSD_OK && i < s->scenarios.count; i++)
        status = add_bars(s, &all[i], i, divisor, out->chart, err);
    return status;
}

hsd_status hsd_plot_savings(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    savings s = {.run = run};
    sums all[HSD_PLOT_MOST_LINES] = {{0}};
    if (!hsd_layers_has(run->layers, "zones"))
        return hsd_plot_lacks(out, "layer zones with minutes before and after");
    hsd_status status = hsd_layers_read(run->layers, "zones", HSD_LAYER_COLUMNS, &s.zones, err);
    if (status == HSD_OK && !hsd_plot_numbers(&s.zones, "saving_min")) {
        hsd_layer_table_finish(&s.zones);
        return hsd_plot_lacks(out, "layer zones with minutes before and after");
    }
    if (status == HSD_OK) status = choose(&s, err);
    const bool any = status == HSD_OK && find_bins(&s);
    for (size_t i = 0; status == HSD_OK && any && i < s.scenarios.count; i++)
        status = count(&s, s.scenarios.data[i], &all[i], err);
    if (status == HSD_OK)
        status = any ? draw(&s, all, out, err)
                     : hsd_plot_lacks(out, "a time in layer zones that changes");
    for (size_t i = 0; i < HSD_PLOT_MOST_LINES; i++) hsd_free(all[i].bins);
    hsd_array_finish(&s.origins);
    hsd_array_finish(&s.scenarios);
    hsd_layer_table_finish(&s.zones);
    return status;
}
