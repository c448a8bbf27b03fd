/* Strongly connected components (Tarjan 1972), without recursion: a road network is deeper than any
 * stack. O(nodes + arcs). Components are numbered by how many arcs lie inside them, most first;
 * ties go to the one with the lowest vertex, so that the numbers do not depend on the order of
 * nodes. */
#include <stdlib.h>
#include <string.h>

#include "net/build.h"

typedef struct scratch {
    uint32_t *index, *low; /* of discovery; index 0: not seen */
    uint32_t *next;        /* next arc to look at */
    uint32_t *stack, *path;
} scratch;

static void finish(scratch *s) {
    hsd_free(s->index);
    hsd_free(s->low);
    hsd_free(s->next);
    hsd_free(s->stack);
    hsd_free(s->path);
}

/* Everything reached from root; component[] of finished nodes is set, of others HSD_NONE. */
static void tarjan(uint32_t root, const uint32_t *first_out, const uint32_t *head, scratch *s,
                   uint32_t *clock, uint32_t *component, uint32_t *count) {
    uint32_t stacked = 0, depth = 0;
    s->path[depth++] = s->stack[stacked++] = root;
    s->index[root] = s->low[root] = ++*clock;
    s->next[root] = first_out[root];
    while (depth > 0) {
        uint32_t node = s->path[depth - 1];
        if (s->next[node] < first_out[node + 1]) {
            uint32_t to = head[s->next[node]++];
            if (s->index[to] == 0) {
                s->path[depth++] = s->stack[stacked++] = to;
                s->index[to] = s->low[to] = ++*clock;
                s->next[to] = first_out[to];
            } else if (component[to] == HSD_NONE && s->index[to] < s->low[node]) {
                s->low[node] = s->index[to];
            }
            continue;
        }
        depth--;
        if (depth > 0 && s->low[node] < s->low[s->path[depth - 1]])
            s->low[s->path[depth - 1]] = s->low[node];
        if (s->low[node] != s->index[node]) continue;
        uint32_t member;
        do {
            member = s->stack[--stacked];
            component[member] = *count;
        } while (member != node);
        ++*count;
    }
}

typedef struct entry {
    uint32_t component, arcs, vertex;
} entry;

static int larger_first(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->arcs != y->arcs) return x->arcs > y->arcs ? -1 : 1;
    if (x->vertex != y->vertex) return x->vertex < y->vertex ? -1 : 1;
    return (x->component > y->component) - (x->component < y->component);
}

static hsd_status renumber(uint32_t nodes, const uint32_t *first_out, const uint32_t *head,
                           const uint32_t *node_vertex, uint32_t *component, uint32_t count,
                           uint32_t **arcs, hsd_error *err) {
    entry *entries = hsd_calloc(count, sizeof *entries, err);
    uint32_t *number = hsd_alloc(count, sizeof *number, err);
    *arcs = hsd_alloc(count, sizeof **arcs, err);
    hsd_status status = entries && number && *arcs ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        for (uint32_t c = 0; c < count; c++) entries[c] = (entry){c, 0, HSD_NONE};
        for (uint32_t n = 0; n < nodes; n++) {
            entry *e = &entries[component[n]];
            if (node_vertex[n] < e->vertex) e->vertex = node_vertex[n];
            for (uint32_t a = first_out[n]; a < first_out[n + 1]; a++)
                e->arcs += component[head[a]] == component[n];
        }
        if (count > 1) qsort(entries, count, sizeof *entries, larger_first);
        for (uint32_t c = 0; c < count; c++) {
            number[entries[c].component] = c;
            (*arcs)[c] = entries[c].arcs;
        }
        for (uint32_t n = 0; n < nodes; n++) component[n] = number[component[n]];
    }
    hsd_free(entries);
    hsd_free(number);
    return status;
}

hsd_status hsd_components_make(uint32_t node_count, const uint32_t *first_out, const uint32_t *head,
                               const uint32_t *node_vertex, uint32_t *component,
                               uint32_t *component_count, uint32_t **arcs, hsd_error *err) {
    scratch s = {0};
    s.index = hsd_calloc(node_count, sizeof *s.index, err);
    s.low = hsd_alloc(node_count, sizeof *s.low, err);
    s.next = hsd_alloc(node_count, sizeof *s.next, err);
    s.stack = hsd_alloc(node_count, sizeof *s.stack, err);
    s.path = hsd_alloc(node_count, sizeof *s.path, err);
    *component_count = 0;
    *arcs = NULL;
    hsd_status status = s.index && s.low && s.next && s.stack && s.path ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        uint32_t clock = 0;
        for (uint32_t n = 0; n < node_count; n++) component[n] = HSD_NONE;
        for (uint32_t n = 0; n < node_count; n++)
            if (s.index[n] == 0) tarjan(n, first_out, head, &s, &clock, component, component_count);
        status = renumber(node_count, first_out, head, node_vertex, component, *component_count,
                          arcs, err);
    }
    finish(&s);
    return status;
}
