/* Trees some of whose seeds lapse: what a directed edge has are labels (time, until), none of which
 * is both as early and as far-reaching as another. A position takes the first label that still
 * serves it: the time there, on the streets and before the point's own leg, is within its until.
 * Where every label serves to the limit there is one of them, the ordinary tree's. Adding and
 * reading are O(labels of the edge). */
#include "times/tree_state.h"

hsd_status hsd_lapse_create(hsd_tree *tree, hsd_error *err) {
    hsd_edge_times *times = tree->times;
    if (times->first_label != NULL) return HSD_OK;
    const size_t count = 2 * (size_t)tree->locator->network->edge_count;
    times->first_label = hsd_alloc(count, sizeof *times->first_label, err);
    if (times->first_label == NULL) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) times->first_label[i] = HSD_NO_LABEL;
    return HSD_OK;
}

/* Labels ascend in ms and in until. The newcomer goes behind those that are not later; one of them
 * may reach as far, one of the same time may reach less far; those behind it that reach no farther
 * are taken out. */
bool hsd_lapse_add(hsd_tree *tree, uint32_t directed, uint32_t ms, uint32_t until_ms,
                   hsd_error *err) {
    hsd_edge_times *times = tree->times;
    uint32_t before = HSD_NO_LABEL, at = times->first_label[directed];
    for (; at != HSD_NO_LABEL && times->labels.data[at].ms <= ms;
         before = at, at = times->labels.data[at].next)
        if (times->labels.data[at].until_ms >= until_ms) return true;
    while (at != HSD_NO_LABEL && times->labels.data[at].until_ms <= until_ms)
        at = times->labels.data[at].next;
    if (before != HSD_NO_LABEL && times->labels.data[before].ms == ms) {
        times->labels.data[before].until_ms = until_ms;
        times->labels.data[before].next = at;
        return true;
    }
    const uint32_t id = (uint32_t)times->labels.count;
    const hsd_edge_label label = {ms, until_ms, at};
    if (!hsd_array_push(&times->labels, label, err)) return false;
    if (before == HSD_NO_LABEL)
        times->first_label[directed] = id;
    else
        times->labels.data[before].next = id;
    return true;
}

uint32_t hsd_lapse_ms(const hsd_tree *tree, uint32_t directed, uint32_t rest_ms) {
    const hsd_edge_label *labels = tree->times->labels.data;
    for (uint32_t i = tree->times->first_label[directed]; i != HSD_NO_LABEL; i = labels[i].next)
        if (labels[i].ms + rest_ms <= labels[i].until_ms) return labels[i].ms + rest_ms;
    return HSD_UNREACHABLE;
}

bool hsd_tree_node_until(const hsd_tree *tree, uint32_t node, uint32_t ms, uint32_t *until_ms) {
    if (!tree->lapses) {
        *until_ms = tree->limit_ms;
        return hsd_search_ms(tree->search, node) == ms;
    }
    const hsd_label *label = hsd_search_first_label(tree->search, node);
    while (label != NULL && label->ms < ms) label = hsd_search_next_label(tree->search, label);
    if (label == NULL || label->ms != ms) return false;
    *until_ms = label->until_ms;
    return true;
}
