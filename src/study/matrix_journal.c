/* Blocks appended to a file. A block counts when its checksum holds: what a kill left half written,
 * or a disk has damaged, and all behind it, is written over. Reading and taking up again are one
 * walk over the blocks, a row in memory. O(bytes). */
#include "study/matrix_journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"

enum { VERSION = 1, SUM = 32 };
static const char magic[8] = "HSDROWS";
static const char block_magic[8] = "BLOCK";

typedef struct journal_head {
    char magic[8];
    uint64_t version;
    hsd_journal_shape shape;
} journal_head;

typedef struct block_head {
    char magic[8];
    uint64_t first, count;
} block_head;

struct hsd_journal {
    FILE *file;
    char *path;
    hsd_journal_shape shape;
    uint32_t *row; /* row_values */
    uint64_t rows; /* that count */
    size_t blocks;
    off_t end; /* of the last block that counts */
};

static hsd_status fail_write(const hsd_journal *j, hsd_error *err) {
    return hsd_fail(err, HSD_E_WRITE, "journal %s: %s", j->path,
                    errno ? strerror(errno) : "it cannot be written");
}

uint64_t hsd_journal_rows(const hsd_journal *journal) {
    return journal->rows;
}

size_t hsd_journal_blocks(const hsd_journal *journal) {
    return journal->blocks;
}

uint64_t hsd_journal_bytes(const hsd_journal_shape *shape, uint64_t block_rows) {
    const uint64_t blocks = (shape->rows + block_rows - 1) / block_rows;
    return sizeof(journal_head) + blocks * (sizeof(block_head) + SUM) +
           shape->rows * shape->row_values * sizeof(uint32_t);
}

/* ---- Walking ---- */

/* The next block; *whole false: it is torn, damaged, or there is none. Rows are seen before the
 * checksum is: what the visitor makes of them must wait for the end. */
static hsd_status read_block(hsd_journal *j, hsd_journal_visit visit, void *context, bool *whole,
                             hsd_error *err) {
    block_head head;
    uint8_t sum[SUM], stored[SUM];
    hsd_sha256 *hash;
    *whole = false;
    if (fread(&head, sizeof head, 1, j->file) != 1) return HSD_OK;
    if (memcmp(head.magic, block_magic, sizeof block_magic) != 0 || head.first != j->rows ||
        head.count == 0 || head.count > j->shape.rows - j->rows)
        return HSD_OK;
    hsd_status status = hsd_sha256_create(&hash, err);
    if (status != HSD_OK) return status;
    hsd_sha256_add(hash, &head, sizeof head);
    bool there = true;
    for (uint64_t i = 0; status == HSD_OK && there && i < head.count; i++) {
        const size_t bytes = j->shape.row_values * sizeof *j->row;
        there = bytes == 0 || fread(j->row, bytes, 1, j->file) == 1;
        if (!there) break;
        hsd_sha256_add(hash, j->row, bytes);
        if (visit) status = visit(context, head.first + i, j->row, err);
    }
    hsd_sha256_end(hash, sum, NULL);
    hsd_sha256_destroy(hash);
    if (status != HSD_OK || !there || fread(stored, sizeof stored, 1, j->file) != 1) return status;
    *whole = memcmp(sum, stored, sizeof sum) == 0;
    if (!*whole) return HSD_OK;
    j->rows += head.count;
    j->blocks++;
    j->end = ftello(j->file);
    return HSD_OK;
}

static hsd_status walk(hsd_journal *j, hsd_journal_visit visit, void *context, hsd_error *err) {
    bool whole = true;
    j->rows = j->blocks = 0;
    j->end = sizeof(journal_head);
    if (fseeko(j->file, j->end, SEEK_SET) != 0) return fail_write(j, err);
    hsd_status status = HSD_OK;
    while (status == HSD_OK && whole && j->rows < j->shape.rows)
        status = read_block(j, visit, context, &whole, err);
    return status;
}

/* A visitor that fails, on a full disk, takes nothing from what the journal holds. */
hsd_status hsd_journal_read(hsd_journal *j, hsd_journal_visit visit, void *context,
                            hsd_error *err) {
    const uint64_t rows = j->rows;
    const size_t blocks = j->blocks;
    const off_t end = j->end;
    hsd_status status = walk(j, visit, context, err);
    if (status == HSD_OK && j->rows != rows)
        return hsd_fail(err, HSD_E_WRITE, "journal %s: damaged after row %llu while it was in use",
                        j->path, (unsigned long long)j->rows);
    j->rows = rows;
    j->blocks = blocks;
    j->end = end;
    return status;
}

/* ---- Writing ---- */

hsd_status hsd_journal_add(hsd_journal *j, const uint32_t *ms, uint64_t count, hsd_error *err) {
    block_head head = {.first = j->rows, .count = count};
    uint8_t sum[SUM];
    hsd_sha256 *hash;
    hsd_status status = hsd_sha256_create(&hash, err);
    if (status != HSD_OK) return status;
    memcpy(head.magic, block_magic, sizeof block_magic);
    const size_t bytes = (size_t)(count * j->shape.row_values) * sizeof *ms;
    hsd_sha256_add(hash, &head, sizeof head);
    hsd_sha256_add(hash, ms, bytes);
    hsd_sha256_end(hash, sum, NULL);
    hsd_sha256_destroy(hash);
    errno = 0;
    const bool good = fseeko(j->file, j->end, SEEK_SET) == 0 &&
                      fwrite(&head, sizeof head, 1, j->file) == 1 &&
                      (bytes == 0 || fwrite(ms, bytes, 1, j->file) == 1) &&
                      fwrite(sum, sizeof sum, 1, j->file) == 1 && fflush(j->file) == 0;
    if (!good) return fail_write(j, err);
    j->rows += count;
    j->blocks++;
    j->end = ftello(j->file);
    return HSD_OK;
}

static hsd_status begin_anew(hsd_journal *j, hsd_error *err) {
    journal_head head = {.version = VERSION, .shape = j->shape};
    memcpy(head.magic, magic, sizeof magic);
    errno = 0;
    if (!hsd_file_empty(j->file) || fwrite(&head, sizeof head, 1, j->file) != 1 ||
        fflush(j->file) != 0)
        return fail_write(j, err);
    j->end = sizeof head;
    return HSD_OK;
}

/* ---- Opened and closed ---- */

/* A new file, or one whose header was not whole, is no journal yet; what is no journal is never
 * written over. */
static hsd_status take_up(hsd_journal *j, bool fresh, hsd_error *err) {
    static const uint64_t turned_version = (uint64_t)VERSION << 56; /* VERSION is one byte */
    journal_head head;
    const size_t got = fread(&head, 1, sizeof head, j->file);
    if (got < sizeof head && memcmp(head.magic, magic, got < 8 ? got : 8) == 0)
        return begin_anew(j, err);
    if (got < sizeof head || memcmp(head.magic, magic, sizeof magic) != 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s is there and is no journal of a matrix; --journal names another file",
                        j->path);
    if (fresh) return begin_anew(j, err);
    if (head.version == turned_version)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "journal %s is of a machine of another byte order: go on there, or drop it "
                        "with --fresh",
                        j->path);
    if (head.version != VERSION || memcmp(&head.shape, &j->shape, sizeof head.shape) != 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "journal %s is of another run (other options, inputs or version): remove "
                        "it, or drop it with --fresh",
                        j->path);
    return walk(j, NULL, NULL, err);
}

/* Said at once, not when the disk is full days later. */
static hsd_status check_room(const hsd_journal *j, hsd_error *err) {
    const double row = (double)j->shape.row_values * sizeof *j->row, gb = 1e9;
    const double more = (double)(j->shape.rows - j->rows) * row, room = hsd_free_bytes(j->path);
    if (more <= room) return HSD_OK;
    return hsd_fail(err, HSD_E_WRITE,
                    "journal %s: %.1f GB are still to come, and the disk has %.1f GB: fewer "
                    "places, or --journal on another disk",
                    j->path, more / gb, room / gb);
}

hsd_status hsd_journal_open(const char *path, const hsd_journal_shape *shape, bool fresh,
                            hsd_journal **out, hsd_error *err) {
    hsd_journal *j = hsd_calloc(1, sizeof *j, err);
    *out = NULL;
    if (!j) return HSD_E_MEMORY;
    j->shape = *shape;
    j->path = hsd_strdup(path, err);
    j->row = hsd_alloc(shape->row_values, sizeof *j->row, err);
    hsd_status status = j->path && j->row ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        status = hsd_file_open_locked(path, &j->file, err);
        if (status != HSD_OK) hsd_fail_prefix(err, status, "journal");
    }
    const bool held = status == HSD_OK;
    if (held) status = take_up(j, fresh, err);
    const bool taken = held && status == HSD_OK;
    if (taken) status = check_room(j, err);
    if (status == HSD_OK)
        *out = j;
    else if (taken && j->rows == 0)
        hsd_journal_remove(j);
    else
        hsd_journal_close(j);
    return status;
}

void hsd_journal_close(hsd_journal *j) {
    if (!j) return;
    if (j->file) fclose(j->file);
    hsd_free(j->path);
    hsd_free(j->row);
    hsd_free(j);
}

void hsd_journal_remove(hsd_journal *j) {
    if (j) remove(j->path);
    hsd_journal_close(j);
}
