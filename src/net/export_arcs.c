/* The arcs of a graph as CSV, for programs that check ours. Rows are sorted by what nodes are
 * called, not by their numbers, so the file does not depend on the order of nodes. O(arcs log
 * arcs). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "net/network.h"

typedef struct row {
    int64_t from, to;
    uint32_t from_copy, to_copy, ms;
    bool from_free, to_free;
} row;

static int in_order(const void *a, const void *b) {
    const row *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->from_copy != y->from_copy) return x->from_copy < y->from_copy ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->to_copy != y->to_copy) return x->to_copy < y->to_copy ? -1 : 1;
    return (x->ms > y->ms) - (x->ms < y->ms);
}

/* "17" the free copy, "17#2" another; "17!1" an end at a closed vertex, "17!1#2" a copy of that. */
static void write_name(FILE *file, int64_t source, uint32_t copy, bool is_free) {
    uint32_t end = is_free ? copy : copy >> 16, state = is_free ? 0 : copy & 0xFFFF;
    fprintf(file, "%" PRId64, source);
    if (end) fprintf(file, "!%u", end);
    if (state) fprintf(file, "#%u", state);
}

static bool write_rows(const char *path, const row *rows, size_t count) {
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    fputs("from_node,to_node,time_ms,from_source,to_source\n", file);
    for (size_t i = 0; i < count; i++) {
        write_name(file, rows[i].from, rows[i].from_copy, rows[i].from_free);
        fputc(',', file);
        write_name(file, rows[i].to, rows[i].to_copy, rows[i].to_free);
        fprintf(file, ",%u,%" PRId64 ",%" PRId64 "\n", rows[i].ms, rows[i].from, rows[i].to);
    }
    bool ok = !ferror(file);
    return fclose(file) == 0 && ok;
}

hsd_status hsd_network_export_arcs(const hsd_network *network, size_t metric, const char *path,
                                   bool overwrite, hsd_error *err) {
    hsd_status status = hsd_network_require(network, metric, err);
    if (status != HSD_OK) return status;
    const hsd_metric *m = &network->metrics[metric];
    const hsd_graph *g = &network->graphs[m->graph];
    row *rows = hsd_alloc(g->arc_count, sizeof *rows, err);
    if (!rows) return HSD_E_MEMORY;
    size_t count = 0;
    for (uint32_t a = 0; a < g->arc_count; a++) {
        if (m->arc_ms[a] >= HSD_UNREACHABLE) continue;
        uint32_t from = g->tail[a], to = g->head[a];
        rows[count++] = (row){network->vertex_source[g->node_vertex[from]],
                              network->vertex_source[g->node_vertex[to]],
                              g->node_copy[from],
                              g->node_copy[to],
                              m->arc_ms[a],
                              g->node_free[from],
                              g->node_free[to]};
    }
    if (count > 1) qsort(rows, count, sizeof *rows, in_order);
    hsd_output output;
    status = hsd_output_begin(path, overwrite, &output, err);
    if (status == HSD_OK) {
        if (!write_rows(output.temp_path, rows, count))
            status = hsd_fail(err, HSD_E_WRITE, "%s cannot be written: %s", path, strerror(errno));
        if (status == HSD_OK) status = hsd_output_commit(&output, err);
        hsd_output_finish(&output);
    }
    hsd_free(rows);
    return status;
}
