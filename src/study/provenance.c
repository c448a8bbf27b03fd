/* Provenance: one JSON object a run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "study/provenance.h"

void hsd_provenance_init(hsd_provenance *provenance, const char *command) {
    memset(provenance, 0, sizeof *provenance);
    provenance->command = command;
    hsd_json_open(&provenance->configuration, '{');
}

void hsd_provenance_finish(hsd_provenance *provenance) {
    for (size_t i = 0; i < provenance->input_count; i++) hsd_free(provenance->inputs[i].name);
    hsd_json_finish(&provenance->configuration);
    hsd_json_finish(&provenance->network);
    provenance->input_count = 0;
}

static void write_inputs(hsd_json *j, const hsd_input_record *inputs, size_t count) {
    hsd_json_open(j, '[');
    for (size_t i = 0; i < count; i++) {
        hsd_json_open(j, '{');
        hsd_json_key(j, "role");
        hsd_json_string(j, inputs[i].role);
        hsd_json_key(j, "name");
        hsd_json_string(j, inputs[i].name);
        hsd_json_key(j, "sha256");
        hsd_json_string(j, inputs[i].sha256);
        hsd_json_close(j);
    }
    hsd_json_close(j);
}

static hsd_status add_input(hsd_provenance *p, const char *role, const char *path, const char *hex,
                            hsd_error *err) {
    if (p->input_count == HSD_MAX_INPUTS)
        return hsd_fail(err, HSD_E_ARGUMENT, "more than %d inputs in one run", HSD_MAX_INPUTS);
    size_t i = p->input_count;
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--; /* "folder/" has a name too */
    char *clean = hsd_strndup(path, length, err);
    const char *name = clean ? hsd_base_name(clean) : "";
    char *real = clean && name[0] == '.' ? realpath(clean, NULL) : NULL; /* "." is no name */
    if (real) name = hsd_base_name(real);
    p->inputs[i].name = clean ? hsd_strdup(name, err) : NULL;
    free(real);
    hsd_free(clean);
    if (!p->inputs[i].name) return HSD_E_MEMORY;
    snprintf(p->inputs[i].role, sizeof p->inputs[i].role, "%s", role);
    snprintf(p->inputs[i].sha256, sizeof p->inputs[i].sha256, "%s", hex);
    p->records[i] = (hsd_input_record){p->inputs[i].role, p->inputs[i].name, p->inputs[i].sha256};
    p->input_count++;
    return HSD_OK;
}

/* Of a corridor's folder what is read counts, not what else lies there. */
static hsd_status corridor_hash(const char *folder, char hex[65], hsd_error *err) {
    static const char *const files[] = {"nodes.csv", "links.csv", "land.geojson"};
    hsd_sha256 *hash;
    hsd_status status = hsd_sha256_create(&hash, err);
    for (size_t i = 0; status == HSD_OK && i < sizeof files / sizeof files[0]; i++) {
        char *path = hsd_path_join(folder, files[i], err), file[65];
        status = path ? HSD_OK : HSD_E_MEMORY;
        if (status == HSD_OK && (i < 2 || hsd_path_exists(path))) {
            status = hsd_sha256_path(path, file, err);
            if (status == HSD_OK) hsd_sha256_add(hash, file, sizeof file);
        }
        hsd_free(path);
    }
    if (status == HSD_OK) hsd_sha256_end(hash, NULL, hex);
    hsd_sha256_destroy(hash);
    return status;
}

hsd_status hsd_input_hash(const char *role, const char *path, char hex[65], hsd_error *err) {
    if (strcmp(role, "corridor") == 0) return corridor_hash(path, hex, err);
    return hsd_sha256_path(path, hex, err);
}

hsd_status hsd_provenance_input(hsd_provenance *provenance, const char *role, const char *path,
                                hsd_error *err) {
    if (!path) return HSD_OK;
    char hex[65];
    hsd_status status = hsd_input_hash(role, path, hex, err);
    return status == HSD_OK ? add_input(provenance, role, path, hex, err) : status;
}

hsd_status hsd_provenance_network(hsd_provenance *provenance, const char *path,
                                  const hsd_network_info *info, hsd_error *err) {
    hsd_json j = {0}; /* how it was built, for those who must build it again */
    hsd_json_open(&j, '{');
    hsd_json_key(&j, "configuration");
    hsd_json_raw(&j, info->configuration[0] ? info->configuration : "{}");
    hsd_json_key(&j, "inputs");
    write_inputs(&j, info->inputs, info->input_count);
    hsd_json_close(&j);
    if (j.text.failed) {
        hsd_json_finish(&j);
        return hsd_fail(err, HSD_E_MEMORY, "out of memory: provenance record");
    }
    hsd_json_finish(&provenance->network);
    provenance->network = j;
    return add_input(provenance, "network", path, info->content_id, err);
}

char *hsd_provenance_configuration(hsd_provenance *provenance, hsd_error *err) {
    hsd_text *text = &provenance->configuration.text;
    if (text->failed) {
        hsd_fail(err, HSD_E_MEMORY, "out of memory: configuration record");
        return NULL;
    }
    return hsd_asprintf(err, "%s}", text->data); /* the object is still open */
}

char *hsd_provenance_json(hsd_provenance *provenance, hsd_error *err) {
    char *configuration = hsd_provenance_configuration(provenance, err);
    if (!configuration) return NULL;
    hsd_json j = {0};
    hsd_json_open(&j, '{');
    hsd_json_key(&j, "program");
    hsd_json_string(&j, "hourshed");
    hsd_json_key(&j, "version");
    hsd_json_string(&j, hsd_version());
    hsd_json_key(&j, "command");
    hsd_json_string(&j, provenance->command);
    hsd_json_key(&j, "configuration");
    hsd_json_raw(&j, configuration);
    hsd_json_key(&j, "inputs");
    write_inputs(&j, provenance->records, provenance->input_count);
    if (provenance->network.text.length) {
        hsd_json_key(&j, "network");
        hsd_json_raw(&j, provenance->network.text.data);
    }
    hsd_json_close(&j);
    hsd_free(configuration);
    if (!j.text.failed) return j.text.data;
    hsd_json_finish(&j);
    hsd_fail(err, HSD_E_MEMORY, "out of memory: provenance record");
    return NULL;
}
