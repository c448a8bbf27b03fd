/* The order of nodes: nested dissection by METIS (Karypis and Kumar 1998), in which later searches
 * can contract them. Nodes without neighbours come first; METIS sees the rest, as an undirected
 * graph without loops and copies of edges.
 *
 * METIS draws its random numbers from the C library's rand(), which it seeds: one caller at a time,
 * so that the same graph gets the same order. It also puts its own handler for SIGTERM in place
 * while it works; the signal is held back in this thread until the caller's handler stands again.
 */
#include <metis.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "net/build.h"

static pthread_mutex_t metis_lock = PTHREAD_MUTEX_INITIALIZER;

typedef struct adjacency {
    idx_t count;
    idx_t *first, *list;
    uint32_t *node;  /* of the caller, by number here */
    uint32_t *index; /* and back */
} adjacency;

static void adjacency_finish(adjacency *a) {
    hsd_free(a->first);
    hsd_free(a->list);
    hsd_free(a->node);
    hsd_free(a->index);
}

/* Arcs as slots at both of their ends; loops have none. */
static uint32_t count_slots(uint32_t nodes, uint32_t arcs, const uint32_t *tail,
                            const uint32_t *head, uint32_t *first) {
    for (uint32_t i = 0; i < arcs; i++) {
        if (tail[i] == head[i]) continue;
        first[tail[i] + 1]++;
        first[head[i] + 1]++;
    }
    for (uint32_t n = 0; n < nodes; n++) first[n + 1] += first[n];
    return first[nodes];
}

static void fill_slots(uint32_t nodes, uint32_t arcs, const uint32_t *tail, const uint32_t *head,
                       uint32_t *first, uint32_t *slots) {
    for (uint32_t i = 0; i < arcs; i++) {
        if (tail[i] == head[i]) continue;
        slots[first[tail[i]]++] = head[i];
        slots[first[head[i]]++] = tail[i];
    }
    for (uint32_t n = nodes; n > 0; n--) first[n] = first[n - 1];
    first[0] = 0;
}

/* Numbers nodes that have neighbours and lists each neighbour once. mark: node_count entries. */
static void merge(uint32_t nodes, const uint32_t *first, const uint32_t *slots, uint32_t *mark,
                  adjacency *out) {
    for (uint32_t n = 0; n < nodes; n++) {
        mark[n] = HSD_NONE;
        out->index[n] = HSD_NONE;
        if (first[n] == first[n + 1]) continue;
        out->index[n] = (uint32_t)out->count;
        out->node[out->count++] = n;
    }
    idx_t used = 0;
    for (idx_t i = 0; i < out->count; i++) {
        uint32_t n = out->node[i];
        out->first[i] = used;
        for (uint32_t s = first[n]; s < first[n + 1]; s++) {
            if (mark[slots[s]] == n) continue;
            mark[slots[s]] = n;
            out->list[used++] = (idx_t)out->index[slots[s]];
        }
    }
    out->first[out->count] = used;
}

static hsd_status make_adjacency(uint32_t nodes, uint32_t arcs, const uint32_t *tail,
                                 const uint32_t *head, adjacency *out, hsd_error *err) {
    uint32_t *first = hsd_calloc((size_t)nodes + 1, sizeof *first, err);
    uint32_t *mark = hsd_alloc(nodes, sizeof *mark, err), *slots = NULL;
    hsd_status status = first && mark ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && arcs > INT32_MAX / 2)
        status = hsd_fail(err, HSD_E_MEMORY, "%u arcs are too many to order", arcs);
    if (status == HSD_OK) {
        uint32_t total = count_slots(nodes, arcs, tail, head, first);
        slots = hsd_alloc(total, sizeof *slots, err);
        out->list = hsd_alloc(total, sizeof *out->list, err);
        out->first = hsd_alloc((size_t)nodes + 1, sizeof *out->first, err);
        out->node = hsd_alloc(nodes, sizeof *out->node, err);
        out->index = hsd_alloc(nodes, sizeof *out->index, err);
        if (!slots || !out->list || !out->first || !out->node || !out->index) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK) {
        fill_slots(nodes, arcs, tail, head, first, slots);
        merge(nodes, first, slots, mark, out);
    }
    hsd_free(first);
    hsd_free(mark);
    hsd_free(slots);
    return status;
}

static hsd_status dissect(adjacency *a, idx_t *perm, idx_t *rank, hsd_error *err) {
    idx_t options[METIS_NOPTIONS];
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_SEED] = 1;
    options[METIS_OPTION_NUMBERING] = 0;
    sigset_t held, before;
    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &held, &before);
    pthread_mutex_lock(&metis_lock);
    int status = METIS_NodeND(&a->count, a->first, a->list, NULL, options, perm, rank);
    pthread_mutex_unlock(&metis_lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status == METIS_OK) return HSD_OK;
    if (status == METIS_ERROR_MEMORY)
        return hsd_fail(err, HSD_E_MEMORY, "out of memory: ordering %d nodes", (int)a->count);
    return hsd_fail(err, HSD_E_INTERNAL, "METIS could not order %d nodes: %d", (int)a->count,
                    status);
}

hsd_status hsd_order_make(uint32_t node_count, uint32_t arc_count, const uint32_t *tail,
                          const uint32_t *head, uint32_t *rank, hsd_error *err) {
    adjacency a = {0};
    idx_t *perm = NULL, *iperm = NULL;
    hsd_status status = make_adjacency(node_count, arc_count, tail, head, &a, err);
    if (status == HSD_OK) {
        perm = hsd_alloc((size_t)a.count, sizeof *perm, err);
        iperm = hsd_alloc((size_t)a.count, sizeof *iperm, err);
        if (!perm || !iperm) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK && a.count > 1) status = dissect(&a, perm, iperm, err);
    if (status == HSD_OK) {
        uint32_t alone = 0, others = node_count - (uint32_t)a.count;
        for (uint32_t n = 0; n < node_count; n++)
            rank[n] = a.index[n] == HSD_NONE ? alone++ : others + (uint32_t)iperm[a.index[n]];
    }
    hsd_free(perm);
    hsd_free(iperm);
    adjacency_finish(&a);
    return status;
}
