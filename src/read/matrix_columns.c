/* Which column of a long table is what. Pure. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read/matrix.h"
#include "read/message.h"

static const char *const usual_ids[][2] = {
    {"from_id", "to_id"},
    {"from", "to"},
    {"origin_id", "destination_id"},
    {"origin", "destination"},
    {"orig_id", "dest_id"},
    {"orig", "dest"},
    {"O", "D"},
};
enum { USUAL = sizeof usual_ids / sizeof *usual_ids };

/* Names under which minutes, or times at least, are known; earlier ones come first. */
static const char *const usual_times[] = {"time_min", "travel_time", "minutes",   "total_time",
                                          "duration", "time",        "traveltime"};
enum { USUAL_TIMES = sizeof usual_times / sizeof *usual_times };

static int find(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (hsd_text_equal_nocase(names[i], name)) return (int)i;
    return -1;
}

static hsd_status need(const hsd_matrix_reading *r, const hsd_matrix_header *h, const char *name,
                       int *out) {
    char known[120] = "", clip[HSD_CLIP_SIZE], wanted[HSD_CLIP_SIZE];
    size_t length = 0;
    *out = name ? find(h->names, h->count, name) : -1;
    if (*out >= 0) return HSD_OK;
    for (size_t i = 0; i < h->count; i++) {
        const int more = snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "",
                                  hsd_clip(h->names[i], clip));
        if (more < 0 || (size_t)more >= sizeof known - length) break;
        length += (size_t)more;
    }
    known[length] = '\0';
    if (!name)
        return hsd_fail(r->err, HSD_E_FORMAT,
                        "%s: no %s from_id and to_id (nor from and to, origin and destination, o "
                        "and d): name them; there are: %s",
                        h->file, h->many, known);
    return hsd_fail(r->err, HSD_E_ARGUMENT, "%s: no %s \"%s\"; there are: %s", h->file, h->what,
                    hsd_clip(name, wanted), known);
}

bool hsd_matrix_has_ids(const char *const *names, size_t count) {
    for (size_t i = 0; i < USUAL; i++)
        if (find(names, count, usual_ids[i][0]) >= 0 && find(names, count, usual_ids[i][1]) >= 0)
            return true;
    return false;
}

hsd_status hsd_matrix_choose_ids(const hsd_matrix_reading *r, const hsd_matrix_header *h,
                                 hsd_matrix_columns *c) {
    const hsd_matrix_fields *f = r->fields;
    c->from = c->to = -1;
    for (size_t i = 0; i < USUAL && c->from < 0; i++) {
        const char *from = f->from ? f->from : usual_ids[i][0];
        const char *to = f->to ? f->to : usual_ids[i][1];
        const int a = find(h->names, h->count, from), b = find(h->names, h->count, to);
        if (a < 0 || b < 0) continue;
        c->from = a;
        c->to = b;
    }
    if (c->from >= 0 && c->from != c->to) return HSD_OK;
    if (c->from >= 0)
        return hsd_fail(r->err, HSD_E_ARGUMENT,
                        "%s: \"%s\" cannot be both the origin and the target", h->file,
                        h->names[c->from]);
    hsd_status status = f->from ? need(r, h, f->from, &c->from) : HSD_OK;
    if (status == HSD_OK && f->to) status = need(r, h, f->to, &c->to);
    return status == HSD_OK ? need(r, h, NULL, &c->from) : status;
}

static size_t rank_of(const char *name) {
    const int at = find(usual_times, USUAL_TIMES, name);
    return at < 0 ? USUAL_TIMES : (size_t)at;
}

/* Columns that may be costs, minutes first, else in the file's order. The only one that is left is
 * one whatever it holds, and so is one of a usual name: what is no number there shall be told. */
static hsd_status choose_unnamed(const hsd_matrix_reading *r, const hsd_matrix_header *h,
                                 const bool *may, hsd_matrix_columns *c) {
    size_t found = 0;
    for (size_t i = 0; i < h->count; i++) {
        if ((int)i == c->from || (int)i == c->to) continue;
        if (may && !may[i] && h->count > 3 && rank_of(h->names[i]) == USUAL_TIMES) continue;
        if (found++ >= HSD_MATRIX_UNNAMED_COSTS) continue;
        size_t at = c->cost_count++;
        for (; at > 0 && rank_of(h->names[i]) < rank_of(h->names[c->costs[at - 1]]); at--)
            c->costs[at] = c->costs[at - 1];
        c->costs[at] = (int)i;
    }
    if (found == 0)
        return hsd_fail(r->err, HSD_E_FORMAT, "%s: no %s of numbers besides \"%s\" and \"%s\"",
                        h->file, h->what, h->names[c->from], h->names[c->to]);
    if (found > HSD_MATRIX_UNNAMED_COSTS)
        return hsd_fail(r->err, HSD_E_ARGUMENT,
                        "%s: %zu %s may be costs (%s, %s, %s ...): name those that are", h->file,
                        found, h->many, h->names[c->costs[0]], h->names[c->costs[1]],
                        h->names[c->costs[2]]);
    return HSD_OK;
}

hsd_status hsd_matrix_choose_costs(hsd_matrix_reading *r, const hsd_matrix_header *h,
                                   const bool *may, hsd_matrix_columns *c) {
    hsd_status status = HSD_OK;
    c->cost_count = 0;
    for (size_t i = 0; i < r->fields->cost_count && status == HSD_OK; i++)
        status = need(r, h, r->fields->costs[i], &c->costs[c->cost_count++]);
    if (status == HSD_OK && c->cost_count == 0) status = choose_unnamed(r, h, may, c);
    for (size_t i = 0; i < c->cost_count && status == HSD_OK; i++)
        status = hsd_matrix_add_name(r, h->names[c->costs[i]]);
    return status;
}
