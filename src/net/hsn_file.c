/* The .hsn file: a header, a table of sections, the sections, each at a multiple of 64 bytes, so
 * that a mapping serves as it is (docs/hsn-format.md). Opening looks at the header, the table, the
 * heads and the texts; the rest is checked when a profile is first required, once, whatever thread
 * comes first. Nothing in it depends on where or when it was written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "net/closed.h"
#include "net/hsn.h"

static uint64_t aligned(uint64_t offset) {
    return (offset + HSN_ALIGN - 1) / HSN_ALIGN * HSN_ALIGN;
}

static uint64_t header_sum(const hsn_file_header *header, const hsn_file_section *table) {
    hsn_file_header plain = *header;
    plain.checksum = 0;
    uint64_t sums[2] = {hsn_checksum(&plain, sizeof plain),
                        hsn_checksum(table, header->section_count * sizeof *table)};
    return hsn_checksum(sums, sizeof sums);
}

/* ---- Saving
 * --------------------------------------------------------------------------------------------- */

static hsn_file_section *make_table(const hsn_storage *storage, hsn_file_header *header,
                                    hsd_error *err) {
    size_t count = storage->sections.count;
    hsn_file_section *table = hsd_calloc(count, sizeof *table, err);
    if (!table) return NULL;
    uint64_t offset = aligned(sizeof *header + count * sizeof *table);
    for (size_t i = 0; i < count; i++) {
        const hsn_section *s = &storage->sections.data[i];
        table[i] =
            (hsn_file_section){s->kind, s->index, offset, s->size, hsn_checksum(s->data, s->size)};
        offset = aligned(offset + s->size);
    }
    memcpy(header->magic, HSN_MAGIC, sizeof header->magic);
    header->endian_mark = HSN_ENDIAN_MARK;
    header->version = HSN_VERSION;
    header->file_size = offset;
    header->section_count = (uint32_t)count;
    memcpy(header->content_id, storage->content_id, sizeof header->content_id);
    header->checksum = header_sum(header, table);
    return table;
}

static bool pad(FILE *file, uint64_t *offset) {
    static const uint8_t zeros[HSN_ALIGN];
    size_t gap = (size_t)(aligned(*offset) - *offset);
    *offset += gap;
    return fwrite(zeros, 1, gap, file) == gap;
}

static bool write_all(FILE *file, const hsn_file_header *header, const hsn_file_section *table,
                      const hsn_storage *storage) {
    uint64_t offset = sizeof *header + header->section_count * sizeof *table;
    bool ok = fwrite(header, sizeof *header, 1, file) == 1 &&
              fwrite(table, sizeof *table, header->section_count, file) == header->section_count &&
              pad(file, &offset);
    for (size_t i = 0; ok && i < storage->sections.count; i++) {
        const hsn_section *s = &storage->sections.data[i];
        ok = fwrite(s->data, 1, s->size, file) == s->size;
        offset += s->size;
        ok = ok && pad(file, &offset);
    }
    return ok;
}

hsd_status hsd_network_save(const hsd_network *network, const char *path, bool overwrite,
                            hsd_error *err) {
    if (network->adapted)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s: a network adapted to a scenario is not saved",
                        path);
    hsn_storage *storage = network->storage;
    for (size_t m = 0; m < network->metric_count; m++) { /* never hand damage on */
        hsd_status status = hsd_network_require(network, m, err);
        if (status != HSD_OK) return status;
    }
    const hsd_timetable *timetable;
    hsd_status status = hsd_network_timetable(network, &timetable, err);
    if (status != HSD_OK) return status;
    hsd_output output;
    status = hsd_output_begin(path, overwrite, &output, err);
    if (status != HSD_OK) return status;
    hsn_file_header header = {0};
    hsn_file_section *table = make_table(storage, &header, err);
    FILE *file = table ? fopen(output.temp_path, "wb") : NULL;
    if (!table)
        status = HSD_E_MEMORY;
    else if (!file)
        status = hsd_fail(err, HSD_E_WRITE, "%s cannot be written: %s", path, strerror(errno));
    if (status == HSD_OK) {
        bool ok = write_all(file, &header, table, storage);
        int reason = errno;
        if (fclose(file) != 0 && ok) {
            reason = errno;
            ok = false;
        }
        if (!ok)
            status = hsd_fail(err, HSD_E_WRITE, "%s cannot be written: %s", path, strerror(reason));
    }
    if (status == HSD_OK) status = hsd_output_commit(&output, err);
    hsd_free(table);
    hsd_output_finish(&output);
    return status;
}

/* ---- Opening
 * --------------------------------------------------------------------------------------------- */

static hsd_status check_header(const hsn_file_header *header, size_t size, const char *path,
                               hsd_error *err) {
    if (size < sizeof header->magic || memcmp(header->magic, HSN_MAGIC, sizeof header->magic) != 0)
        return hsd_fail(err, HSD_E_FORMAT, "%s is not a hourshed network", path);
    if (size < sizeof *header)
        return hsd_fail(err, HSD_E_FORMAT, "%s is cut off: %zu bytes, not even a header", path,
                        size);
    if (header->endian_mark == __builtin_bswap32(HSN_ENDIAN_MARK))
        return hsd_fail(err, HSD_E_FORMAT,
                        "%s was built on a machine of the other byte order; build it again here",
                        path);
    if (header->endian_mark != HSN_ENDIAN_MARK)
        return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: its header has no byte order", path);
    if (header->version < HSN_OLDEST || header->version > HSN_VERSION)
        return hsd_fail(err, HSD_E_FORMAT,
                        "%s has network format %u, this program reads %d and %d; build it again",
                        path, header->version, HSN_OLDEST, HSN_VERSION);
    if (header->file_size > size)
        return hsd_fail(err, HSD_E_FORMAT, "%s is cut off: %zu bytes of %llu", path, size,
                        (unsigned long long)header->file_size);
    if (header->file_size < size)
        return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: %zu bytes where %llu belong", path, size,
                        (unsigned long long)header->file_size);
    if (header->section_count > (size - sizeof *header) / sizeof(hsn_file_section) ||
        header->section_count > HSN_MAX_SECTIONS)
        return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: no room for %u sections", path,
                        header->section_count);
    const hsn_file_section *table = (const void *)(header + 1);
    if (header_sum(header, table) != header->checksum)
        return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: its header does not have its checksum",
                        path);
    return HSD_OK;
}

/* Sections follow each other without gap or overlap, in the order they are written in. */
static hsd_status read_table(hsn_storage *storage, const char *path, hsd_error *err) {
    const hsn_file_header *header = storage->mapping.data;
    const hsn_file_section *table = (const void *)(header + 1);
    uint64_t offset = aligned(sizeof *header + header->section_count * sizeof *table);
    for (uint32_t i = 0; i < header->section_count; i++) {
        const hsn_file_section *t = &table[i];
        if (t->offset != offset || offset > storage->mapping.size ||
            t->size > storage->mapping.size - offset)
            return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: section \"%s\" %u lies outside it",
                            path, hsn_kind_name(t->kind), t->index);
        offset = aligned(offset + t->size);
        hsn_section section = {
            t->kind, t->index,    (const char *)storage->mapping.data + t->offset,
            t->size, t->checksum, false};
        if (hsn_find(storage, t->kind, t->index))
            return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: section \"%s\" %u stands twice",
                            path, hsn_kind_name(t->kind), t->index);
        if (!hsd_array_push(&storage->sections, section, err)) return HSD_E_MEMORY;
    }
    if (offset != header->file_size)
        return hsd_fail(err, HSD_E_FORMAT, "%s is damaged: its sections do not fill it", path);
    return HSD_OK;
}

/* What pointers are made of must be right before anything else is read. */
static hsd_status check_heads(const hsn_storage *storage, hsd_error *err) {
    for (size_t i = 0; i < storage->sections.count; i++) {
        const hsn_section *s = &storage->sections.data[i];
        bool head = s->kind <= HSN_INPUTS || s->kind == HSN_GRAPH_HEAD ||
                    s->kind == HSN_METRIC_HEAD || s->kind == HSN_TIMETABLE_HEAD;
        if (head && hsn_checksum(s->data, s->size) != s->checksum)
            return hsd_fail(err, HSD_E_FORMAT,
                            "the network file is damaged: section \"%s\" %u does not have its "
                            "checksum",
                            hsn_kind_name(s->kind), s->index);
    }
    return HSD_OK;
}

static hsd_status verify(hsd_network *network, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t m = 0; status == HSD_OK && m < network->metric_count; m++)
        status = hsd_network_require(network, m, err);
    const hsd_timetable *timetable;
    if (status == HSD_OK) status = hsd_network_timetable(network, &timetable, err);
    if (status != HSD_OK) return status;
    hsn_storage copy = {.sections = ((hsn_storage *)network->storage)->sections};
    status = hsn_content_id(&copy, err);
    if (status == HSD_OK && memcmp(copy.content_id, ((hsn_storage *)network->storage)->content_id,
                                   sizeof copy.content_id) != 0)
        status = hsd_fail(err, HSD_E_FORMAT,
                          "the network file is damaged: its contents do not have its content id");
    return status;
}

hsd_status hsd_network_open(const char *path, unsigned flags, hsd_network **out, hsd_error *err) {
    *out = NULL;
    if (flags & ~(unsigned)HSD_OPEN_VERIFY)
        return hsd_fail(err, HSD_E_ARGUMENT, "opening a network: unknown flags %x", flags);
    hsn_storage *storage;
    hsd_status status = hsn_storage_create(&storage, err);
    if (status != HSD_OK) return status;
    status = hsd_map_file(path, &storage->mapping, err);
    if (status == HSD_OK)
        status = check_header(storage->mapping.data, storage->mapping.size, path, err);
    if (status == HSD_OK) status = read_table(storage, path, err);
    if (status != HSD_OK) {
        hsn_storage_destroy(storage);
        return status;
    }
    const hsn_file_header *header = storage->mapping.data;
    memcpy(storage->content_id, header->content_id, sizeof storage->content_id);
    storage->version = header->version;
    status = check_heads(storage, err);
    if (status == HSD_OK)
        status = hsn_view(storage, out, err);
    else
        hsn_storage_destroy(storage);
    if (status == HSD_OK && (flags & HSD_OPEN_VERIFY)) {
        status = verify(*out, err);
        if (status != HSD_OK) {
            hsd_network_destroy(*out);
            *out = NULL;
        }
    }
    return status == HSD_E_FORMAT && err && strncmp(err->message, path, strlen(path)) != 0
               ? hsd_fail_prefix(err, status, "%s", path)
               : status;
}

/* ---- Requiring
 * --------------------------------------------------------------------------------------------- */

static hsd_status check_now(const hsd_network *network, size_t metric, hsd_error *err) {
    hsn_storage *storage = network->storage;
    uint32_t graph = network->metrics[metric].graph;
    hsd_status status = HSD_OK;
    if (!storage->common_checked) {
        status = hsn_check_sums(storage, 0, 0, err);
        if (status == HSD_OK) status = hsn_check_common(network, err);
        storage->common_checked = status == HSD_OK;
    }
    if (status == HSD_OK && !storage->graph_checked[graph]) {
        status = hsn_check_sums(storage, HSN_GRAPH_HEAD, graph, err);
        if (status == HSD_OK) status = hsn_check_graph(network, &network->graphs[graph], err);
        storage->graph_checked[graph] = status == HSD_OK;
    }
    if (status == HSD_OK) status = hsn_check_sums(storage, HSN_METRIC_HEAD, (uint32_t)metric, err);
    if (status == HSD_OK) status = hsn_check_metric(network, &network->metrics[metric], err);
    return status;
}

hsd_status hsd_network_require(const hsd_network *network, size_t metric, hsd_error *err) {
    if (metric >= network->metric_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "profile %zu of a network with %zu", metric,
                        network->metric_count);
    if (network->adapted) return hsd_network_adapted_require(network, metric, err);
    hsn_storage *storage = network->storage;
    if (atomic_load_explicit(&storage->ready[metric], memory_order_acquire)) return HSD_OK;
    pthread_mutex_lock(&storage->lock);
    hsd_status status = HSD_OK;
    if (!atomic_load_explicit(&storage->ready[metric], memory_order_relaxed)) {
        status = check_now(network, metric, err);
        if (status == HSD_OK)
            atomic_store_explicit(&storage->ready[metric], true, memory_order_release);
    }
    pthread_mutex_unlock(&storage->lock);
    return status;
}
