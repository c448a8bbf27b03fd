/* Scenarios by the names of their proposals: "NAME=p1,p2", "NAME=*", a comma in a name doubled. */
#include "hourshed/scenario.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/resolve.h"

void hsd_scenario_finish(hsd_scenario *scenario) {
    hsd_free(scenario->name);
    hsd_free(scenario->proposals);
    *scenario = (hsd_scenario){0};
}

/* The next name of the list, commas undoubled; *at moves behind it, NULL: it was the last. */
static bool next_name(const char **at, hsd_text *out) {
    hsd_text_finish(out);
    *out = (hsd_text){0};
    hsd_text_add(out, "");
    const char *c = *at;
    for (; *c; c++) {
        if (*c == ',' && c[1] != ',') break;
        if (*c == ',') c++;
        hsd_text_add_n(out, c, 1);
    }
    *at = *c ? c + 1 : NULL;
    return !out->failed;
}

static hsd_status unknown(const hsd_proposal_table *table, const char *scenario, const char *name,
                          hsd_error *err) {
    char list[120] = "";
    size_t at = 0, p = 0;
    for (; p < table->proposal_count; p++) {
        const char *next = table->proposals[p].name;
        if (at + strlen(next) + 3 > sizeof list) break;
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", p ? ", " : "", next);
    }
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "scenario %.*s: no proposal is named \"%.*s\"; there %s %s%s",
                    hsd_cut(scenario, 40), scenario, hsd_cut(name, 60), name,
                    table->proposal_count == 1 ? "is" : "are", p ? list : "others",
                    p && p < table->proposal_count ? " ..." : "");
}

static hsd_status add_name(hsd_scenario *s, const hsd_proposal_table *table, const char *name,
                           hsd_error *err) {
    size_t p = 0;
    while (p < table->proposal_count && strcmp(table->proposals[p].name, name) != 0) p++;
    if (p == table->proposal_count) return unknown(table, s->name, name, err);
    size_t i = s->proposal_count;
    for (; i > 0 && s->proposals[i - 1] >= p; i--)
        if (s->proposals[i - 1] == p)
            return hsd_fail(err, HSD_E_ARGUMENT, "scenario %.*s: proposal \"%.*s\" is named twice",
                            hsd_cut(s->name, 40), s->name, hsd_cut(name, 80), name);
    memmove(s->proposals + i + 1, s->proposals + i, (s->proposal_count - i) * sizeof *s->proposals);
    s->proposals[i] = (uint32_t)p;
    s->proposal_count++;
    return HSD_OK;
}

static hsd_status fill(hsd_scenario *s, const char *list, const hsd_proposal_table *table,
                       hsd_error *err) {
    s->proposals = hsd_alloc(table->proposal_count + 1, sizeof *s->proposals, err);
    if (!s->proposals) return HSD_E_MEMORY;
    if (strcmp(list, "*") == 0) {
        for (uint32_t p = 0; p < table->proposal_count; p++) s->proposals[p] = p;
        s->proposal_count = table->proposal_count;
        return HSD_OK;
    }
    hsd_text name = {0};
    hsd_status status = HSD_OK;
    for (const char *at = list[0] ? list : NULL; status == HSD_OK && at;) {
        if (!next_name(&at, &name))
            status = hsd_fail(err, HSD_E_MEMORY, "out of memory: a scenario's names");
        else
            status = add_name(s, table, name.data, err);
    }
    hsd_text_finish(&name);
    return status;
}

hsd_status hsd_scenario_parse(const char *text, const hsd_proposal_table *table, hsd_scenario *out,
                              hsd_error *err) {
    *out = (hsd_scenario){0};
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "scenario \"%.*s\": NAME=proposal,proposal was expected, or NAME=* for all",
                        hsd_cut(text, 80), text);
    out->name = hsd_strndup(text, (size_t)(equals - text), err);
    hsd_status status = out->name ? fill(out, equals + 1, table, err) : HSD_E_MEMORY;
    if (status != HSD_OK) hsd_scenario_finish(out);
    return status;
}
