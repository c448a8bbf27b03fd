/* Runs a result again from what it says of itself: the command, its options, its inputs by name and
 * hash. Inputs are looked for beside the result, in the folders given, and in the working folder. A
 * network that is not there is built again from what the result says it was built from, and must
 * come out with the same content id. Then both results are compared, layer by layer. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "study/commands.h"

typedef struct rerun {
    const hsd_rerun_request *request;
    const hsd_run *run;
    char *record; /* JSON, which is YAML too */
    hsd_yaml yaml;
    hsd_option_pool pool;
    char *scratch;
    const hsd_yaml_node *root;
    const char *command;
    char *output; /* of the new run */
} rerun;

/* ---- The record ---- */

static const hsd_yaml_node *member(const rerun *r, const hsd_yaml_node *map, const char *key) {
    if (!map || map->shape != HSD_YAML_MAP) return NULL;
    for (const hsd_yaml_node *n = hsd_yaml_first(&r->yaml, map); n; n = hsd_yaml_next(&r->yaml, n))
        if (strcmp(n->key, key) == 0) return n;
    return NULL;
}

static const char *text_of(const rerun *r, const hsd_yaml_node *map, const char *key) {
    const hsd_yaml_node *n = member(r, map, key);
    return n && n->shape == HSD_YAML_SCALAR ? n->text : "";
}

static hsd_status no_record(const rerun *r, const char *what, hsd_error *err) {
    return hsd_fail(err, HSD_E_FORMAT,
                    "%s: its record of the run has no %s; it cannot be run again",
                    r->request->result, what);
}

static hsd_status check_folders(const rerun *r, hsd_error *err) {
    for (size_t i = 0; i < r->request->input_count; i++)
        if (!hsd_path_exists(r->request->inputs[i]))
            return hsd_fail(err, HSD_E_OPEN, "%s: no such folder to look for inputs in",
                            r->request->inputs[i]);
    return HSD_OK;
}

static hsd_status read_record(rerun *r, hsd_error *err) {
    const char *name = hsd_base_name(r->request->result);
    hsd_status status = hsd_dataset_provenance(r->request->result, &r->record, err);
    if (status == HSD_OK)
        status = hsd_yaml_parse(r->record, strlen(r->record), name, &r->yaml, err);
    if (status != HSD_OK) return status;
    r->root = hsd_yaml_root(&r->yaml);
    r->command = text_of(r, r->root, "command");
    if (!r->command[0]) return no_record(r, "command", err);
    if (!member(r, r->root, "configuration")) return no_record(r, "configuration", err);
    return HSD_OK;
}

/* ---- Inputs ---- */

static const char *pooled(rerun *r, char *text, hsd_error *err) {
    if (text && !hsd_array_push(&r->pool.blocks, text, err)) {
        hsd_free(text);
        return NULL;
    }
    return text;
}

/* The folders to look in: number i; NULL after the last. The caller frees. */
static char *folder_at(const rerun *r, size_t i, hsd_error *err) {
    const char *result = r->request->result, *base = hsd_base_name(result);
    if (i < r->request->input_count) return hsd_strdup(r->request->inputs[i], err);
    i -= r->request->input_count;
    if (i == 0 && base > result) return hsd_strndup(result, (size_t)(base - result), err);
    if (i == (base > result)) return hsd_strdup(".", err);
    return NULL;
}

static bool same_content(const char *path, const char *role, const char *sha256) {
    char hex[65] = "";
    if (strcmp(role, "network") != 0)
        return hsd_input_hash(role, path, hex, NULL) == HSD_OK && strcmp(hex, sha256) == 0;
    hsd_network *network;
    hsd_network_info info;
    if (hsd_network_open(path, 0, &network, NULL) != HSD_OK) return false;
    bool same = hsd_network_info_get(network, &info, NULL) == HSD_OK &&
                strcmp(info.content_id, sha256) == 0;
    hsd_network_destroy(network);
    return same;
}

static void look_at(const rerun *r, const hsd_yaml_node *input, const char *here, const char **path,
                    const char **other) {
    if (!hsd_path_exists(here)) return;
    if (same_content(here, text_of(r, input, "role"), text_of(r, input, "sha256")))
        *path = here;
    else if (!*other && strcmp(hsd_base_name(here), text_of(r, input, "name")) == 0)
        *other = here;
}

/* The path of an input, or NULL: *other is then one of its name with another content, if any. */
static hsd_status find_input(rerun *r, const hsd_yaml_node *input, const char **path,
                             const char **other, hsd_error *err) {
    const char *role = text_of(r, input, "role"), *name = text_of(r, input, "name");
    *path = *other = NULL;
    char *folder;
    hsd_error none = {0};
    for (size_t i = 0; !*path && (folder = folder_at(r, i, &none)); i++) {
        const char *here = pooled(r, folder, err);
        const char *below = here ? pooled(r, hsd_path_join(here, name, err), err) : NULL;
        if (!below) return HSD_E_MEMORY;
        look_at(r, input, below, path, other);
        if (!*path && strcmp(role, "corridor") == 0) look_at(r, input, here, path, other);
    }
    return none.code == HSD_OK ? HSD_OK : hsd_fail(err, HSD_E_MEMORY, "%s", none.message);
}

static hsd_status missing(const rerun *r, const hsd_yaml_node *input, const char *other,
                          hsd_error *err) {
    const char *role = text_of(r, input, "role"), *name = text_of(r, input, "name");
    const char *sha256 = text_of(r, input, "sha256");
    if (other)
        return hsd_fail(err, HSD_E_FORMAT,
                        "%s \"%s\": %s is not the one the result was made from (its hash began "
                        "with %.12s)",
                        role, name, other, sha256);
    return hsd_fail(err, HSD_E_OPEN,
                    "%s \"%s\" (hash %.12s...): neither beside the result nor here; --inputs names "
                    "its folder",
                    role, name, sha256);
}

/* One more path of an option that takes several, in the order of the record. */
static hsd_status add_path(rerun *r, const hsd_option *option, const char *path, void *request,
                           hsd_error *err) {
    char *base = request;
    const char **old;
    size_t count;
    memcpy(&old, base + option->offset, sizeof old);
    memcpy(&count, base + option->count_offset, sizeof count);
    const char **list = hsd_option_keep(&r->pool, hsd_alloc(count + 1, sizeof *list, err), err);
    if (!list) return HSD_E_MEMORY;
    if (count > 0) memcpy(list, old, count * sizeof *list);
    list[count++] = path;
    memcpy(base + option->offset, &list, sizeof list);
    memcpy(base + option->count_offset, &count, sizeof count);
    return HSD_OK;
}

/* The next "NAME=file" of an option gets the path of its file. */
static hsd_status name_path(rerun *r, const hsd_option *option, const char *file, const char *path,
                            void *request, hsd_error *err) {
    const char **list;
    size_t count;
    memcpy(&list, (char *)request + option->offset, sizeof list);
    memcpy(&count, (char *)request + option->count_offset, sizeof count);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(list[i], '=');
        if (strcmp(equals + 1, file) != 0) continue; /* another, or one that has its path */
        list[i] =
            pooled(r, hsd_asprintf(err, "%.*s=%s", (int)(equals - list[i]), list[i], path), err);
        return list[i] ? HSD_OK : HSD_E_MEMORY;
    }
    return no_record(r, option->key, err);
}

/* A profile of the geodata is found by its name; that it is the same, the content id tells. */
static hsd_status set_input(rerun *r, const hsd_option_table *table, const hsd_yaml_node *input,
                            void *request, hsd_error *err) {
    const char *role = text_of(r, input, "role"), *path, *other;
    const hsd_option *option = hsd_option_find(table, role);
    if (option && option->type == HSD_OPTION_FILES) return HSD_OK;
    const bool several = option && option->type == HSD_OPTION_INPUTS,
               named = option && option->type == HSD_OPTION_NAMED_INPUTS;
    if (!option || (option->type != HSD_OPTION_INPUT && !several && !named))
        return hsd_fail(err, HSD_E_FORMAT, "%s: the command %s has no input \"%s\"",
                        r->request->result, r->command, role);
    hsd_status status = find_input(r, input, &path, &other, err);
    if (status == HSD_OK && !path) status = missing(r, input, other, err);
    if (status == HSD_OK && several) return add_path(r, option, path, request, err);
    if (status == HSD_OK && named)
        return name_path(r, option, text_of(r, input, "name"), path, request, err);
    if (status == HSD_OK) memcpy((char *)request + option->offset, &path, sizeof path);
    return status;
}

/* Options and inputs of a record into a request; the network is left out. */
static hsd_status fill_request(rerun *r, const hsd_option_table *table, const hsd_yaml_node *record,
                               void *request, hsd_error *err) {
    const hsd_option_reader reader = {&r->yaml, NULL, &r->pool};
    const hsd_yaml_node *configuration = member(r, record, "configuration");
    const hsd_yaml_node *inputs = member(r, record, "inputs");
    hsd_status status = HSD_OK;
    for (const hsd_yaml_node *n = configuration ? hsd_yaml_first(&r->yaml, configuration) : NULL;
         n && status == HSD_OK; n = hsd_yaml_next(&r->yaml, n)) {
        const hsd_option *option = hsd_option_find(table, n->key);
        if (option)
            status = hsd_option_read(&reader, n, option, request, err);
        else
            status = hsd_fail(err, HSD_E_FORMAT,
                              "%s was written by another version: %s has no option \"%s\"",
                              r->request->result, r->command, n->key);
    }
    for (const hsd_yaml_node *n = inputs ? hsd_yaml_first(&r->yaml, inputs) : NULL;
         n && status == HSD_OK; n = hsd_yaml_next(&r->yaml, n))
        if (strcmp(text_of(r, n, "role"), "network") != 0)
            status = set_input(r, table, n, request, err);
    return status;
}

/* ---- The network ---- */

/* Profiles, or rules, that were files of the user's are found as inputs are; others are names. */
static hsd_status find_files(rerun *r, const hsd_yaml_node *record, const char *role,
                             const char *const **list, size_t count, hsd_error *err) {
    const hsd_yaml_node *inputs = member(r, record, "inputs");
    const char **names = hsd_calloc(count + 1, sizeof *names, err);
    if (!names || !pooled(r, (char *)names, err)) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    size_t next = 0;
    for (size_t i = 0; i < count; i++) names[i] = (*list)[i];
    for (const hsd_yaml_node *n = inputs ? hsd_yaml_first(&r->yaml, inputs) : NULL;
         n && status == HSD_OK && next < count; n = hsd_yaml_next(&r->yaml, n)) {
        const char *path, *other;
        if (strcmp(text_of(r, n, "role"), role) != 0) continue;
        status = find_input(r, n, &path, &other, err);
        if (status == HSD_OK && path) names[next] = path;
        next++;
    }
    *list = names;
    return status;
}

static hsd_status rebuild(rerun *r, const hsd_yaml_node *input, const char **path, hsd_error *err) {
    const hsd_yaml_node *built = member(r, r->root, "network");
    const char *name = text_of(r, input, "name");
    hsd_build_request build = {.overwrite = true};
    hsd_status status = fill_request(r, &hsd_build_options_table, built, &build, err);
    if (status == HSD_OK)
        status = find_files(r, built, "profile", &build.profiles, build.profile_count, err);
    if (status != HSD_OK)
        return hsd_fail_prefix(err, status, "network \"%s\" is not here, nor can it be built",
                               name);
    hsd_log(r->run, HSD_LOG_INFO, "network %s is not here: building it again", name);
    *path = pooled(r, hsd_path_join(r->scratch, name, err), err);
    if (!*path) return HSD_E_MEMORY;
    build.output = *path;
    status = hsd_study_build(&build, r->run, NULL, NULL, err);
    if (status != HSD_OK) return hsd_fail_prefix(err, status, "network \"%s\"", name);
    if (same_content(*path, "network", text_of(r, input, "sha256"))) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT,
                    "network \"%s\", built again, is not the one of the result (content id %.12s): "
                    "another version, or another profile",
                    name, text_of(r, input, "sha256"));
}

static hsd_status find_network(rerun *r, const hsd_option_table *table, void *request,
                               hsd_error *err) {
    const hsd_option *option = hsd_option_find(table, "network");
    const hsd_yaml_node *inputs = member(r, r->root, "inputs");
    for (const hsd_yaml_node *n = inputs ? hsd_yaml_first(&r->yaml, inputs) : NULL; n;
         n = hsd_yaml_next(&r->yaml, n)) {
        if (strcmp(text_of(r, n, "role"), "network") != 0) continue;
        const char *path, *other;
        hsd_status status = find_input(r, n, &path, &other, err);
        if (status == HSD_OK && !path)
            status = member(r, r->root, "network") ? rebuild(r, n, &path, err)
                                                   : missing(r, n, other, err);
        if (status == HSD_OK) memcpy((char *)request + option->offset, &path, sizeof path);
        return status;
    }
    if (hsd_option_find(table, "matrix")) return HSD_OK; /* of somebody else's times */
    return no_record(r, "network", err);
}

/* ---- Running ---- */

static hsd_status run_command(rerun *r, const hsd_command *command, hsd_error *err) {
    hsd_any_request request = {0};
    hsd_status status = fill_request(r, command->options, r->root, &request, err);
    if (status == HSD_OK && command->options == &hsd_delineate_options_table)
        status = find_files(r, r->root, "rules", &request.delineate.rules,
                            request.delineate.rule_set_count, err);
    if (status == HSD_OK) status = find_network(r, command->options, &request, err);
    if (status != HSD_OK) return status;
    *hsd_command_output(command, &request) = r->output;
    *hsd_command_overwrite(command, &request) = r->request->overwrite || !r->request->output;
    return command->run(&request, r->run, NULL, err);
}

static hsd_status run_again(rerun *r, hsd_error *err) {
    const hsd_command *command = hsd_command_find(r->command);
    r->scratch = hsd_scratch_create(err);
    if (!r->scratch) return HSD_E_WRITE;
    r->output = r->request->output
                    ? hsd_strdup(r->request->output, err)
                    : hsd_path_join(r->scratch, hsd_base_name(r->request->result), err);
    if (!r->output) return HSD_E_MEMORY;
    if (hsd_same_file(r->output, r->request->result))
        return hsd_fail(err, HSD_E_ARGUMENT, "output %s is the result to compare with", r->output);
    if (command) return run_command(r, command, err);
    return hsd_fail(err, HSD_E_FORMAT, "%s: no command \"%.40s\" can be run again",
                    r->request->result, r->command);
}

void hsd_rerun_report_finish(hsd_rerun_report *report) {
    hsd_free(report->version);
    hsd_differences_finish(&report->differences);
    *report = (hsd_rerun_report){0};
}

hsd_status hsd_study_rerun(const hsd_rerun_request *request, const hsd_run *run,
                           hsd_rerun_report *out, hsd_error *err) {
    *out = (hsd_rerun_report){0};
    rerun r = {.request = request, .run = run};
    hsd_status status = check_folders(&r, err);
    if (status == HSD_OK) status = read_record(&r, err);
    if (status == HSD_OK) status = run_again(&r, err);
    if (status == HSD_OK)
        status = hsd_dataset_compare(request->result, r.output, &out->differences, err);
    if (status == HSD_OK) {
        const char *version = text_of(&r, r.root, "version");
        out->equal = out->differences.total == 0;
        if (strcmp(version, hsd_version()) != 0) {
            out->version = hsd_strdup(version, err);
            if (!out->version) status = HSD_E_MEMORY;
        }
    }
    if (status != HSD_OK) hsd_rerun_report_finish(out);
    hsd_scratch_remove(r.scratch);
    hsd_option_pool_finish(&r.pool);
    hsd_yaml_finish(&r.yaml);
    hsd_text_release(r.record);
    hsd_free(r.output);
    return status;
}
