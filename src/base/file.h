/* Files: outputs that appear whole or not at all, mappings, hashes. What only POSIX has lives here.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "hourshed/base.h"

/* An output in the making: write to temp_path (beside the final path, same ending so that GDAL
 * knows the format), then commit renames it; abort (or finish without commit) removes it. */
typedef struct hsd_output {
    char *path, *temp_path;
    bool overwrite;
} hsd_output;
/* Fails (HSD_E_WRITE) when path exists and overwrite is false, or its folder cannot be written. */
hsd_status hsd_output_begin(const char *path, bool overwrite, hsd_output *out, hsd_error *err);
hsd_status hsd_output_commit(hsd_output *output, hsd_error *err); /* fsync, rename */
void hsd_output_finish(hsd_output *output); /* removes what was not committed; NULL-safe */

/* A file or folder in the making, for hsd_output_remove_all; path stays the caller's and must stay
 * valid until forgotten (NULL-safe). */
void hsd_temporary_remember(char *path);
void hsd_temporary_forget(const char *path);

/* A folder of the run's own for what lives no longer than it (TMPDIR, else /tmp); removed with all
 * that is in it, by signals too. NULL: err says why. */
char *hsd_scratch_create(hsd_error *err);
void hsd_scratch_remove(char *folder); /* frees the path; takes NULL */

typedef struct hsd_mapping {
    const void *data;
    size_t size;
} hsd_mapping;
hsd_status hsd_map_file(const char *path, hsd_mapping *out, hsd_error *err);
void hsd_unmap(hsd_mapping *mapping);

hsd_status hsd_read_text(const char *path, size_t max_size, char **out, size_t *length,
                         hsd_error *err); /* zero-ended; the caller frees */
const char *hsd_base_name(const char *path);
/* path's directory + "/" + name, or name when it is absolute; the caller frees. */
char *hsd_path_join(const char *folder, const char *name, hsd_error *err);
bool hsd_path_exists(const char *path);
bool hsd_same_file(const char *a, const char *b); /* whether or not they exist yet; NULL: no */
/* Makes a folder where there is none; made: it did. To take an empty one away again: drop. */
hsd_status hsd_folder_make(const char *path, bool *made, hsd_error *err);
void hsd_folder_drop(const char *path);
/* Bytes that still fit on the disk of a file or folder that is there; INFINITY: not known. */
double hsd_free_bytes(const char *path);
int hsd_process_id(void); /* for names of temporaries */
/* Folder of the running program, for data that lie beside it; the caller frees. NULL: not known. */
char *hsd_program_folder(hsd_error *err);

typedef struct hsd_sha256 hsd_sha256;
hsd_status hsd_sha256_create(hsd_sha256 **out, hsd_error *err);
void hsd_sha256_add(hsd_sha256 *hash, const void *data, size_t size);
void hsd_sha256_end(hsd_sha256 *hash, uint8_t digest[32], char hex[65]); /* either may be NULL */
void hsd_sha256_destroy(hsd_sha256 *hash);
/* Of a file, or of a folder: every file below it in name order. */
hsd_status hsd_sha256_path(const char *path, char hex[65], hsd_error *err);

/* SOURCE_DATE_EPOCH, else a fixed 2000-01-01 for stamps inside outputs: the clock never enters
 * data. */
int64_t hsd_stamp_epoch(void);
#endif
