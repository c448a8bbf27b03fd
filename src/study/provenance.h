/* What a run was made from, as JSON: inputs with hashes, the effective configuration, the version.
 * Threads and the output's path stay out: they do not change the content (design 5.7). */
#ifndef STUDY_PROVENANCE_H
#define STUDY_PROVENANCE_H

#include "base/text.h"
#include "hourshed/net.h"

enum { HSD_MAX_INPUTS = 64 };

typedef struct hsd_provenance {
    const char *command;
    hsd_json configuration; /* an open object while options are added */
    hsd_json network;       /* how the network was built; whole, or empty */
    struct {
        char role[24], sha256[65];
        char *name;
    } inputs[HSD_MAX_INPUTS];
    size_t input_count;
    hsd_input_record records[HSD_MAX_INPUTS]; /* views of inputs */
} hsd_provenance;

void hsd_provenance_init(hsd_provenance *provenance, const char *command);
void hsd_provenance_finish(hsd_provenance *provenance);
/* SHA-256 of what a run reads under a path. */
hsd_status hsd_input_hash(const char *role, const char *path, char hex[65], hsd_error *err);
/* Hashes a file or folder; path NULL: nothing to do. */
hsd_status hsd_provenance_input(hsd_provenance *provenance, const char *role, const char *path,
                                hsd_error *err);
/* A network by the content id it was given at build. */
hsd_status hsd_provenance_network(hsd_provenance *provenance, const char *path,
                                  const hsd_network_info *info, hsd_error *err);
/* The record and the configuration alone; the caller frees (hsd_free). NULL: out of memory. */
char *hsd_provenance_json(hsd_provenance *provenance, hsd_error *err);
char *hsd_provenance_configuration(hsd_provenance *provenance, hsd_error *err);
#endif
