/* A study: one YAML file that says everything a run needs. The network is a built one, or built on
 * the way; `runs` are commands with their options, whose keys are the commands' long options with _
 * for -; what stands at the top holds for every run that knows it. Paths of inputs are the study
 * file's, paths of outputs those of whoever runs it, as on the command line. All of the file is
 * read and held against the tables before anything runs. docs/study-yaml.md is for its writers. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "study/commands.h"

static const char *const own_keys[] = {"title", "about",   "sources", "network",
                                       "runs",  "command", "profile", NULL};

typedef struct task {
    const hsd_command *command;
    hsd_any_request request;
    const hsd_yaml_node *node; /* for messages */
} task;

typedef struct study {
    const hsd_run_request *request;
    const hsd_run *run;
    hsd_yaml yaml;
    hsd_option_pool pool;
    hsd_option_reader reader;
    char *folder, *name; /* of the file; name without ending */
    bool has_network;
    bool built;              /* the network is to be built, by: */
    hsd_build_request build; /* output: where it is kept; NULL: nowhere */
    const char *network;     /* path of the one to use */
    char *scratch;           /* folder of a network that is not kept */
    task *tasks;
    size_t task_count;
    hsd_issues *issues;
} study;

/* The issues of a run that failed go to the caller. */
static void take_issues(const study *s, hsd_issues *issues) {
    if (!s->issues) return;
    hsd_issues_finish(s->issues);
    *s->issues = *issues;
    *issues = (hsd_issues){0};
}

/* ---- Reading ---- */

static hsd_status read_network(study *s, const hsd_yaml_node *node, hsd_error *err) {
    s->has_network = true;
    if (node->shape == HSD_YAML_SCALAR) {
        static const hsd_option file = {.key = "network", .type = HSD_OPTION_INPUT};
        return hsd_option_read(&s->reader, node, &file, &s->network, err);
    }
    hsd_status status = hsd_yaml_expect(&s->yaml, node, HSD_YAML_MAP, err);
    for (const hsd_yaml_node *n = status == HSD_OK ? hsd_yaml_first(&s->yaml, node) : NULL;
         n && status == HSD_OK; n = hsd_yaml_next(&s->yaml, n)) {
        const hsd_option *option = hsd_option_find(&hsd_build_options_table, n->key);
        static const hsd_option_table *const build[] = {&hsd_build_options_table};
        status = option ? hsd_option_read(&s->reader, n, option, &s->build, err)
                        : hsd_option_unknown(&s->yaml, n, build, 1, NULL, err);
    }
    if (status != HSD_OK) return status;
    s->built = true;
    const hsd_build_request *b = &s->build;
    const int streets = (b->osm != NULL) + (b->roads != NULL) + (b->corridor != NULL);
    if (streets > 1)
        return hsd_yaml_fail(&s->yaml, node, err,
                             "network: only one of osm, roads and corridor was expected");
    if (streets == 0 && b->gtfs_count == 0 && !b->rail.path)
        return hsd_yaml_fail(&s->yaml, node, err,
                             "network: osm, roads, corridor, gtfs or rail was expected");
    return HSD_OK;
}

/* True where some command of the study has the option. */
static bool known_to_any(const study *s, const char *key) {
    for (size_t i = 0; i < s->task_count; i++)
        if (hsd_option_find(s->tasks[i].command->options, key)) return true;
    return false;
}

static hsd_status fill(study *s, task *t, const hsd_yaml_node *node, hsd_error *err) {
    const hsd_option *option = hsd_option_find(t->command->options, node->key);
    if (!option) return HSD_OK;
    return hsd_option_read(&s->reader, node, option, &t->request, err);
}

static bool is_own(const char *key, bool top) {
    if (strcmp(key, "command") == 0) return true;
    if (!top) return false;
    static const char *const keys[] = {"about", "sources", "network", "runs"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return false;
}

static hsd_status unknown(const study *s, const hsd_yaml_node *node, const task *only,
                          hsd_error *err) {
    const hsd_option_table *list[HSD_COMMANDS];
    size_t count = 0;
    for (size_t i = 0; i < s->task_count && count < HSD_COMMANDS; i++)
        if (!only || only == &s->tasks[i]) list[count++] = s->tasks[i].command->options;
    return hsd_option_unknown(&s->yaml, node, list, count, own_keys, err);
}

static hsd_status command_of(const study *s, const hsd_yaml_node *map, task *out, hsd_error *err) {
    static const hsd_option option = {
        .key = "command", .type = HSD_OPTION_WORD, .words = hsd_command_names};
    out->node = map;
    for (const hsd_yaml_node *n = hsd_yaml_first(&s->yaml, map); n; n = hsd_yaml_next(&s->yaml, n))
        if (strcmp(n->key, "command") == 0) {
            int word = 0;
            hsd_status status = hsd_option_read(&s->reader, n, &option, &word, err);
            out->command = &hsd_commands[word];
            if (out->command->preset) out->command->preset(&out->request);
            return status;
        }
    hsd_text list = {0};
    for (size_t i = 0; i < HSD_COMMANDS; i++)
        hsd_text_addf(&list, "%s%s", i ? ", " : "", hsd_command_names[i]);
    const hsd_status status = hsd_yaml_fail(&s->yaml, map, err, "no command; one of %s",
                                            list.failed ? "several" : list.data);
    hsd_text_finish(&list);
    return status;
}

/* Which commands there are: known before any option is read. */
static hsd_status find_tasks(study *s, const hsd_yaml_node *root, hsd_error *err) {
    const hsd_yaml_node *runs = NULL;
    for (const hsd_yaml_node *n = hsd_yaml_first(&s->yaml, root); n; n = hsd_yaml_next(&s->yaml, n))
        if (strcmp(n->key, "runs") == 0) runs = n;
    hsd_status status = runs ? hsd_yaml_expect(&s->yaml, runs, HSD_YAML_LIST, err) : HSD_OK;
    if (status == HSD_OK && runs && runs->count == 0)
        status = hsd_yaml_fail(&s->yaml, runs, err, "runs is an empty list");
    if (status != HSD_OK) return status;
    for (const hsd_yaml_node *n = runs ? hsd_yaml_first(&s->yaml, root) : NULL; n;
         n = hsd_yaml_next(&s->yaml, n))
        if (strcmp(n->key, "command") == 0)
            return hsd_yaml_fail(&s->yaml, n, err,
                                 "command belongs into runs, where there are runs");
    const size_t count = runs ? runs->count : 1;
    s->tasks = hsd_calloc(count, sizeof *s->tasks, err);
    if (!s->tasks) return HSD_E_MEMORY;
    const hsd_yaml_node *item = runs ? hsd_yaml_first(&s->yaml, runs) : root;
    for (; status == HSD_OK && s->task_count < count; s->task_count++) {
        status = hsd_yaml_expect(&s->yaml, item, HSD_YAML_MAP, err);
        if (status == HSD_OK) status = command_of(s, item, &s->tasks[s->task_count], err);
        if (runs) item = hsd_yaml_next(&s->yaml, item);
    }
    return status;
}

static hsd_status read_top(study *s, const hsd_yaml_node *root, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (const hsd_yaml_node *n = hsd_yaml_first(&s->yaml, root); n && status == HSD_OK;
         n = hsd_yaml_next(&s->yaml, n)) {
        if (strcmp(n->key, "network") == 0)
            status = read_network(s, n, err);
        else if (is_own(n->key, true))
            continue;
        else if (!known_to_any(s, n->key))
            status = unknown(s, n, NULL, err);
        for (size_t i = 0; status == HSD_OK && i < s->task_count; i++)
            if (strcmp(n->key, "network") != 0) status = fill(s, &s->tasks[i], n, err);
    }
    return status;
}

/* Measures of somebody else's matrix: on no network. */
static bool of_matrix(const task *t) {
    return t->command->options == &hsd_access_options_table && t->request.access.matrix;
}

static hsd_status check_network(const study *s, hsd_error *err) {
    for (size_t i = 0; i < s->task_count && !s->has_network; i++)
        if (!of_matrix(&s->tasks[i]))
            return hsd_yaml_fail(&s->yaml, s->tasks[i].node, err,
                                 "no network: a .hsn file, or what to build");
    return HSD_OK;
}

static hsd_status read_runs(study *s, const hsd_yaml_node *root, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < s->task_count; i++) {
        task *t = &s->tasks[i];
        if (t->node == root) continue; /* read with the top */
        for (const hsd_yaml_node *n = hsd_yaml_first(&s->yaml, t->node); n && status == HSD_OK;
             n = hsd_yaml_next(&s->yaml, n)) {
            if (is_own(n->key, false)) continue;
            const hsd_option *option = hsd_option_find(t->command->options, n->key);
            if (strcmp(n->key, "network") == 0)
                status =
                    hsd_yaml_fail(&s->yaml, n, err, "network stands at the top: a study has one");
            else if (!option)
                status = unknown(s, n, t, err);
            else
                status = hsd_option_read(&s->reader, n, option, &t->request, err);
        }
    }
    return status;
}

/* ---- Outputs ---- */

static const char **output_of(task *t) {
    return hsd_command_output(t->command, &t->request);
}

static void set_common(study *s, task *t) {
    *hsd_command_network(t->command, &t->request) = of_matrix(t) ? NULL : s->network;
    *hsd_command_overwrite(t->command, &t->request) = s->request->overwrite;
}

static hsd_status check_outputs(study *s, hsd_error *err) {
    if (s->request->output) {
        if (s->task_count != 1)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "%s has %zu runs, each with an output of its own: -o is for studies "
                            "of one",
                            s->yaml.file, s->task_count);
        *output_of(&s->tasks[0]) = s->request->output;
    }
    for (size_t i = 0; i < s->task_count; i++) {
        const char *output = *output_of(&s->tasks[i]);
        if (!output)
            return hsd_yaml_fail(&s->yaml, s->tasks[i].node, err, "no output for this %s",
                                 s->tasks[i].command->name);
        for (size_t k = 0; k < i; k++)
            if (hsd_same_file(output, *output_of(&s->tasks[k])))
                return hsd_yaml_fail(&s->yaml, s->tasks[i].node, err,
                                     "output %s is that of another run too", output);
        hsd_output probe;
        hsd_status status = hsd_output_begin(output, s->request->overwrite, &probe, err);
        if (status != HSD_OK) return status;
        hsd_output_finish(&probe);
    }
    return HSD_OK;
}

/* ---- Running ---- */

static hsd_status build_network(study *s, hsd_error *err) {
    if (!s->built) return HSD_OK;
    if (!s->build.output) {
        s->scratch = hsd_scratch_create(err);
        if (!s->scratch) return HSD_E_WRITE;
        char *path = hsd_asprintf(err, "%s/%s.hsn", s->scratch, s->name);
        if (!path) return HSD_E_MEMORY;
        if (!hsd_array_push(&s->pool.blocks, path, err)) {
            hsd_free(path);
            return HSD_E_MEMORY;
        }
        s->build.output = path;
    }
    s->build.overwrite = s->request->overwrite || s->scratch;
    s->network = s->build.output;
    hsd_issues issues = {0};
    hsd_status status = hsd_study_build(&s->build, s->run, NULL, &issues, err);
    if (status != HSD_OK) take_issues(s, &issues);
    hsd_issues_finish(&issues);
    return status == HSD_OK ? status : hsd_fail_prefix(err, status, "network");
}

typedef struct hearing {
    const study *study;
    task *task;
} hearing;

static void told(void *user, hsd_run_step step) {
    const hearing *h = user;
    step.command = h->task->command->name;
    step.output = *output_of(h->task);
    if (h->study->request->step) h->study->request->step(h->study->request->user, &step);
}

static void failed(void *user, hsd_issues *issues) {
    take_issues(((const hearing *)user)->study, issues);
}

static hsd_status run_task(const study *s, task *t, hsd_error *err) {
    hearing h = {s, t};
    const hsd_listener listener = {told, failed, &h};
    return t->command->run(&t->request, s->run, &listener, err);
}

static hsd_status open_study(study *s, hsd_error *err) {
    const char *path = s->request->study;
    const char *base = hsd_base_name(path), *dot = strrchr(base, '.');
    s->folder = base > path ? hsd_strndup(path, (size_t)(base - path) - (base - path > 1), err)
                            : hsd_strdup(".", err);
    s->name = hsd_strndup(base, dot && dot != base ? (size_t)(dot - base) : strlen(base), err);
    if (!s->folder || !s->name) return HSD_E_MEMORY;
    hsd_status status = hsd_yaml_read(path, &s->yaml, err);
    if (status != HSD_OK) return status;
    s->reader = (hsd_option_reader){&s->yaml, s->folder, &s->pool};
    const hsd_yaml_node *root = hsd_yaml_root(&s->yaml);
    status = hsd_yaml_expect(&s->yaml, root, HSD_YAML_MAP, err);
    if (status == HSD_OK) status = find_tasks(s, root, err);
    if (status == HSD_OK) status = read_top(s, root, err);
    if (status == HSD_OK) status = read_runs(s, root, err);
    if (status == HSD_OK) status = check_network(s, err);
    if (status == HSD_OK) status = check_outputs(s, err);
    return status;
}

hsd_status hsd_study_run(const hsd_run_request *request, const hsd_run *run, hsd_issues *issues,
                         hsd_error *err) {
    study s = {.request = request, .run = run, .issues = issues};
    hsd_status status = open_study(&s, err);
    if (status == HSD_OK) status = build_network(&s, err);
    for (size_t i = 0; status == HSD_OK && i < s.task_count; i++) {
        set_common(&s, &s.tasks[i]);
        status = run_task(&s, &s.tasks[i], err);
        if (status != HSD_OK && s.task_count > 1)
            hsd_fail_prefix(err, status, "%s line %u, %s", s.yaml.file, s.tasks[i].node->line,
                            s.tasks[i].command->name);
    }
    hsd_scratch_remove(s.scratch);
    hsd_option_pool_finish(&s.pool);
    hsd_yaml_finish(&s.yaml);
    hsd_free(s.tasks);
    hsd_free(s.folder);
    hsd_free(s.name);
    return status;
}
