/* From features to proposals: every feature gets the name of its proposal, then as_of and status
 * choose among them, then proposals are sorted and rows point at them. A row that says no status or
 * day of its own has those of its proposal (the first status, the earliest day), so that a junction
 * never outlives its link. Nothing depends on the order in the file. O(features log features). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "read/proposals.h"

typedef struct settling {
    hsd_proposal_reader *r;
    uint32_t *order;    /* heads by layer, feature id */
    uint32_t *group;    /* of each head: the proposals before any is left out, by name */
    uint32_t *kept;     /* of each group: index into the table's proposals, UINT32_MAX: none */
    const char **names; /* of the groups */
    size_t count, group_count;
} settling;

/* ---- Names --------------------------------------------------------------------------------- */

typedef struct own_name {
    const char *name;
    uint32_t rank; /* in settling.order */
} own_name;

static int by_text(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static int by_own_name(const void *a, const void *b) {
    const own_name *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

static bool stands_in(const char *const *names, size_t count, const char *name) {
    return count && bsearch(&name, names, count, sizeof *names, by_text);
}

/* "NAME (7)", or "feature 7" without a name; longer until no link has it. */
static char *numbered(const char *name, int64_t id, const char *const *taken, size_t count,
                      hsd_error *err) {
    char *text = name ? hsd_asprintf(err, "%s (%lld)", name, (long long)id)
                      : hsd_asprintf(err, "feature %lld", (long long)id);
    while (text && stands_in(taken, count, text)) {
        char *longer = hsd_asprintf(err, "%s (%lld)", text, (long long)id);
        hsd_free(text);
        text = longer;
    }
    return text;
}

/* Links without a proposal become one each, named after themselves: the first of a name has it
 * bare, unless a link says it is its proposal. */
static hsd_status name_links(settling *s) {
    hsd_proposal_head *heads = s->r->heads.data;
    hsd_error *err = s->r->err;
    const char **said = hsd_alloc(s->count, sizeof *said, err);
    const char **taken = hsd_alloc(s->count, sizeof *taken, err);
    own_name *own = hsd_alloc(s->count, sizeof *own, err);
    size_t said_count = 0, taken_count = 0, own_count = 0;
    hsd_status status = said && taken && own ? HSD_OK : HSD_E_MEMORY;
    for (uint32_t i = 0; i < s->count && status == HSD_OK; i++) {
        const hsd_proposal_head *head = &heads[s->order[i]];
        if (head->layer != HSD_LAYER_LINKS) continue;
        const char *name = head->proposal ? head->proposal : head->name;
        if (head->proposal) said[said_count++] = name;
        if (name) taken[taken_count++] = name;
        if (!head->proposal) own[own_count++] = (own_name){name ? name : "", i};
    }
    if (status == HSD_OK) {
        qsort(said, said_count, sizeof *said, by_text);
        qsort(taken, taken_count, sizeof *taken, by_text);
        qsort(own, own_count, sizeof *own, by_own_name);
    }
    for (size_t i = 0; i < own_count && status == HSD_OK; i++) {
        hsd_proposal_head *head = &heads[s->order[own[i].rank]];
        bool bare = head->name && (i == 0 || strcmp(own[i - 1].name, own[i].name) != 0) &&
                    !stands_in(said, said_count, head->name);
        head->proposal = bare ? hsd_strdup(head->name, err)
                              : numbered(head->name, head->feature_id, taken, taken_count, err);
        if (!head->proposal) status = HSD_E_MEMORY;
    }
    hsd_free(said);
    hsd_free(taken);
    hsd_free(own);
    return status;
}

static void group_heads(settling *s) {
    const hsd_proposal_head *heads = s->r->heads.data;
    for (size_t i = 0; i < s->count; i++) s->names[i] = heads[i].proposal;
    qsort(s->names, s->count, sizeof *s->names, by_text);
    s->group_count = 0;
    for (size_t i = 0; i < s->count; i++)
        if (i == 0 || strcmp(s->names[i], s->names[s->group_count - 1]) != 0)
            s->names[s->group_count++] = s->names[i];
    for (size_t i = 0; i < s->count; i++) {
        const char **at =
            bsearch(&heads[i].proposal, s->names, s->group_count, sizeof *s->names, by_text);
        s->group[i] = (uint32_t)(at - s->names);
    }
}

/* ---- What is left out ---------------------------------------------------------------------- */

/* Whether a list, parted by ; or , of either width, holds the word, in any case. */
static bool list_holds(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *piece = list; *piece;) {
        size_t skip = *piece == ' ' ? 1 : hsd_list_separator(piece), n = 0;
        piece += skip;
        if (skip) continue;
        while (piece[n] && !hsd_list_separator(piece + n)) n++;
        const char *next = piece + n;
        while (n && piece[n - 1] == ' ') n--;
        char text[64];
        if (n == length && n < sizeof text) {
            memcpy(text, piece, n);
            text[n] = '\0';
            if (hsd_text_equal_nocase(text, word)) return true;
        }
        piece = next;
    }
    return false;
}

static hsd_status leave_out(settling *s) {
    const hsd_proposal_source *source = s->r->source;
    hsd_proposal_head *heads = s->r->heads.data;
    uint32_t as_of = source->as_of ? hsd_day_of(source->as_of) : UINT32_MAX;
    struct inherited {
        const char *status;
        uint32_t day;
    } *groups = hsd_calloc(s->group_count, sizeof *groups, s->r->err);
    if (!groups) return HSD_E_MEMORY;
    for (size_t i = 0; i < s->count; i++) {
        const hsd_proposal_head *head = &heads[s->order[i]];
        struct inherited *group = &groups[s->group[s->order[i]]];
        if (!group->status) group->status = head->status;
        if (head->day && (!group->day || head->day < group->day)) group->day = head->day;
    }
    for (size_t i = 0; i < s->count; i++) {
        const struct inherited *group = &groups[s->group[i]];
        const char *status = heads[i].status ? heads[i].status : group->status;
        uint32_t day = heads[i].day ? heads[i].day : group->day;
        heads[i].left_out =
            day > as_of || (source->status && !(status && list_holds(source->status, status)));
    }
    hsd_free(groups);
    return HSD_OK;
}

/* ---- Proposals ----------------------------------------------------------------------------- */

static void move_text(char **from, char **to) {
    if (*to) return;
    *to = *from;
    *from = NULL;
}

static void add_head(hsd_proposal *p, hsd_proposal_head *head) {
    p->rows++;
    move_text(&head->status, &p->status);
    move_text(&head->opened, &p->opened);
    if (isnan(p->year)) p->year = head->year;
    if (!isnan(head->cost)) p->cost = isnan(p->cost) ? head->cost : p->cost + head->cost;
}

/* Groups with a row that is kept become proposals. */
static hsd_status make_proposals(settling *s, hsd_proposal_table *out) {
    hsd_proposal_head *heads = s->r->heads.data;
    size_t count = 0;
    for (size_t g = 0; g < s->group_count; g++) s->kept[g] = UINT32_MAX;
    for (size_t i = 0; i < s->count; i++)
        if (!heads[i].left_out) s->kept[s->group[i]] = 0;
    for (size_t g = 0; g < s->group_count; g++)
        if (s->kept[g] == 0) s->kept[g] = (uint32_t)count++;
    out->proposals = hsd_calloc(count, sizeof *out->proposals, s->r->err);
    if (!out->proposals) return HSD_E_MEMORY;
    for (size_t g = 0; g < s->group_count; g++) {
        if (s->kept[g] == UINT32_MAX) continue;
        hsd_proposal *p = &out->proposals[out->proposal_count++];
        p->year = p->cost = NAN;
        if (!(p->name = hsd_strdup(s->names[g], s->r->err))) return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < s->count; i++) {
        hsd_proposal_head *head = &heads[s->order[i]];
        uint32_t kept = s->kept[s->group[s->order[i]]];
        if (kept != UINT32_MAX && !head->left_out) add_head(&out->proposals[kept], head);
    }
    return HSD_OK;
}

static hsd_status nothing_left(const settling *s) {
    const hsd_proposal_reader *r = s->r;
    const char *file = hsd_base_name(r->source->path);
    size_t out = 0;
    for (size_t i = 0; i < s->count; i++) out += r->heads.data[i].left_out;
    if (s->count == 0)
        return hsd_fail(r->err, HSD_E_FORMAT, "%s has no rows: nothing is proposed", file);
    char clip[HSD_CLIP_SIZE], day[16] = "";
    const char *as_of = r->source->as_of, *status = r->source->status;
    if (as_of) snprintf(day, sizeof day, "day %s", as_of);
    return hsd_fail(r->err, HSD_E_FORMAT,
                    "%s: nothing is left, %zu of %zu rows are left out by %s%s%s%s%s", file, out,
                    s->count, day, as_of && status ? " and " : "", status ? "status \"" : "",
                    status ? hsd_clip(status, clip) : "", status ? "\"" : "");
}

static hsd_status remark_left_out(const settling *s) {
    const hsd_proposal_reader *r = s->r;
    size_t out = 0;
    for (size_t i = 0; i < s->count; i++) out += r->heads.data[i].left_out;
    if (!out) return HSD_OK;
    return hsd_issues_remark(r->issues, r->err, "%zu of %zu rows left out by %s", out, s->count,
                             !r->source->status  ? "their day of opening"
                             : !r->source->as_of ? "their status"
                                                 : "their day of opening or status")
               ? HSD_OK
               : HSD_E_MEMORY;
}

/* ---- In all -------------------------------------------------------------------------------- */

typedef struct order_key {
    int64_t feature_id;
    uint32_t layer, head;
} order_key;

static int by_layer_and_feature(const void *a, const void *b) {
    const order_key *x = a, *y = b;
    if (x->layer != y->layer) return x->layer < y->layer ? -1 : 1;
    if (x->feature_id != y->feature_id) return x->feature_id < y->feature_id ? -1 : 1;
    return (x->head > y->head) - (x->head < y->head);
}

static hsd_status order_heads(settling *s) {
    order_key *keys = hsd_alloc(s->count, sizeof *keys, s->r->err);
    if (!keys) return HSD_E_MEMORY;
    for (size_t i = 0; i < s->count; i++) {
        const hsd_proposal_head *head = &s->r->heads.data[i];
        keys[i] = (order_key){head->feature_id, (uint32_t)head->layer, (uint32_t)i};
    }
    qsort(keys, s->count, sizeof *keys, by_layer_and_feature);
    for (size_t i = 0; i < s->count; i++) s->order[i] = keys[i].head;
    hsd_free(keys);
    return HSD_OK;
}

static void point_rows(const settling *s, hsd_proposal_table *out) {
    const hsd_proposal_head *heads = s->r->heads.data;
    for (size_t i = 0; i < s->count; i++) /* group becomes the proposal of each head */
        s->group[i] = heads[i].left_out ? UINT32_MAX : s->kept[s->group[i]];
    hsd_proposal_point_rows(s->group, out);
}

hsd_status hsd_proposal_settle(hsd_proposal_reader *r, hsd_proposal_table *out) {
    settling s = {.r = r, .count = r->heads.count};
    s.order = hsd_alloc(s.count, sizeof *s.order, r->err);
    s.group = hsd_alloc(s.count, sizeof *s.group, r->err);
    s.kept = hsd_alloc(s.count, sizeof *s.kept, r->err);
    s.names = hsd_alloc(s.count, sizeof *s.names, r->err);
    hsd_status status = s.order && s.group && s.kept && s.names ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = order_heads(&s);
    if (status == HSD_OK) status = name_links(&s);
    if (status == HSD_OK) group_heads(&s);
    if (status == HSD_OK) status = leave_out(&s);
    if (status == HSD_OK) status = remark_left_out(&s);
    if (status == HSD_OK) status = make_proposals(&s, out);
    if (status == HSD_OK && out->proposal_count == 0) status = nothing_left(&s);
    if (status == HSD_OK) point_rows(&s, out);
    hsd_free(s.order);
    hsd_free(s.group);
    hsd_free(s.kept);
    hsd_free(s.names);
    return status;
}
