/* delineate: lists of members that others have drawn up, as fields of the candidates or as a file
 * of ids. Whatever is neither yes nor no nor an id is an error with its place. O(n log n). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "study/delineate_run.h"

size_t hsd_centre_of_id(const hsd_delineate_run *run, const char *id, size_t length) {
    for (size_t o = 0; o < hsd_delineate_centres(run); o++) {
        const char *own = run->circle.origins.origins[o].id;
        if (strlen(own) == length && strncmp(own, id, length) == 0) return o;
    }
    return SIZE_MAX;
}

/* ---- Candidates by id ---- */

typedef struct named {
    const char *id;
    uint32_t candidate;
} named;

static int by_id(const void *a, const void *b) {
    return strcmp(((const named *)a)->id, ((const named *)b)->id);
}

static hsd_status sort_ids(const hsd_delineate_run *run, named **out, hsd_error *err) {
    const hsd_place_table *zones = &run->circle.zones;
    named *list = *out = hsd_alloc(zones->place_count, sizeof *list, err);
    if (!list) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < zones->place_count; i++) list[i] = (named){zones->places[i].id, i};
    qsort(list, zones->place_count, sizeof *list, by_id);
    return HSD_OK;
}

/* ---- Official lists ---- */

/* 1, 0; -1: neither yes nor no. */
static int truth(const char *text) {
    static const char *const yes[] = {"1", "1.0", "yes", "true", "y", "t", "是"};
    static const char *const no[] = {"", "0", "0.0", "no", "false", "n", "f", "否"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (hsd_text_equal_nocase(text, no[i])) return 0;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (hsd_text_equal_nocase(text, yes[i])) return 1;
    return -1;
}

/* "nanjing;hangzhou": of the circles of these centres. */
static hsd_status flag_centres(const hsd_delineate_run *run, const char *field, size_t candidate,
                               const char *text, uint8_t *flags, hsd_error *err) {
    const hsd_place *place = &run->circle.zones.places[candidate];
    for (const char *at = text;; at++) {
        while (*at == ' ') at++;
        size_t length = strcspn(at, ";");
        const char *next = at + length;
        while (length && at[length - 1] == ' ') length--;
        const size_t centre = hsd_centre_of_id(run, at, length);
        if (centre == SIZE_MAX)
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s: candidate %.60s: %s is \"%.40s\"; yes or no, 1 or 0, or ids of "
                            "centres with ; between them were expected",
                            hsd_base_name(run->request->circle.zones), place->id, field, text);
        flags[hsd_of_centre(run, centre) + candidate] = 1;
        if (!*next) return HSD_OK;
        at = next;
    }
}

static hsd_status flag_field(const hsd_delineate_run *run, const char *field, size_t text,
                             uint8_t *flags, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t z = 0; status == HSD_OK && z < hsd_delineate_candidates(run); z++) {
        const char *value = run->circle.zones.places[z].texts[text];
        const int yes = truth(value);
        if (yes < 0) status = flag_centres(run, field, z, value, flags, err);
        for (size_t o = 0; yes > 0 && o < hsd_delineate_centres(run); o++)
            flags[hsd_of_centre(run, o) + z] = 1;
    }
    return status;
}

static hsd_status flag_line(const hsd_delineate_run *run, const named *ids, char *line,
                            size_t number, uint8_t *flags, hsd_error *err) {
    const char *file = hsd_base_name(run->request->official_list);
    char *end = line + strlen(line);
    while (end > line && strchr(" \t\r", end[-1])) *--end = '\0';
    while (*line == ' ' || *line == '\t') line++;
    if (!*line) return HSD_OK;
    const named key = {line, 0};
    const named *found = bsearch(&key, ids, hsd_delineate_candidates(run), sizeof *ids, by_id);
    if (!found)
        return hsd_fail(err, HSD_E_FORMAT, "%s line %zu: \"%.60s\" is no candidate's id", file,
                        number, line);
    if (flags[found->candidate])
        return hsd_fail(err, HSD_E_FORMAT, "%s line %zu: \"%.60s\" stands there twice", file,
                        number, line);
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        flags[hsd_of_centre(run, o) + found->candidate] = 1;
    return HSD_OK;
}

static hsd_status flag_list(const hsd_delineate_run *run, const named *ids, uint8_t *flags,
                            hsd_error *err) {
    enum { MOST = 16 << 20 };
    char *text;
    size_t length, number = 0;
    hsd_status status = hsd_read_text(run->request->official_list, MOST, &text, &length, err);
    if (status != HSD_OK) return status;
    const char *file = hsd_base_name(run->request->official_list);
    if (!hsd_utf8_valid(text, length) || strlen(text) != length)
        status =
            hsd_fail(err, HSD_E_FORMAT, "%s: a text in UTF-8 was expected, one id a line", file);
    char *line = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
    while (status == HSD_OK && line) {
        char *next = strchr(line, '\n');
        if (next) *next++ = '\0';
        status = flag_line(run, ids, line, ++number, flags, err);
        line = next;
    }
    hsd_free(text);
    return status;
}

/* Columns are called by their names. */
static hsd_status add_official(hsd_delineate_run *run, const char *name, uint8_t **flags,
                               hsd_error *err) {
    hsd_official *o = &run->officials[run->official_count];
    snprintf(o->name, sizeof o->name, "%s", name);
    o->name[hsd_utf8_cut(name, sizeof o->name - 1)] = '\0';
    for (size_t i = 0; i < run->official_count; i++)
        if (hsd_text_equal_nocase(run->officials[i].name, o->name))
            return hsd_fail(err, HSD_E_ARGUMENT, "two official lists are called %s", o->name);
    run->official_count++;
    *flags = o->flags = hsd_calloc(hsd_delineate_centres(run), hsd_delineate_candidates(run), err);
    return o->flags ? HSD_OK : HSD_E_MEMORY;
}

/* A list without members compares with nothing: most likely the wrong field. */
static hsd_status check_official(const hsd_delineate_run *run, const hsd_official *o,
                                 hsd_error *err) {
    const size_t count = hsd_delineate_centres(run) * hsd_delineate_candidates(run);
    for (size_t i = 0; i < count; i++)
        if (o->flags[i]) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT, "official list %s has no member among %zu candidates",
                    o->name, hsd_delineate_candidates(run));
}

static hsd_status read_lists(hsd_delineate_run *run, const named *ids, hsd_error *err) {
    const hsd_delineate_request *r = run->request;
    hsd_status status = HSD_OK;
    uint8_t *flags;
    for (size_t i = 0; status == HSD_OK && i < r->official_count; i++) {
        status = add_official(run, r->official[i], &flags, err);
        if (status == HSD_OK) status = flag_field(run, r->official[i], i, flags, err);
    }
    if (status == HSD_OK && r->official_list) {
        char name[56];
        snprintf(name, sizeof name, "%.55s", hsd_base_name(r->official_list));
        char *dot = strrchr(name, '.');
        if (dot && dot != name) *dot = '\0';
        status = add_official(run, name, &flags, err);
        if (status == HSD_OK) status = flag_list(run, ids, flags, err);
    }
    for (size_t i = 0; status == HSD_OK && i < run->official_count; i++)
        status = check_official(run, &run->officials[i], err);
    return status;
}

hsd_status hsd_delineate_officials(hsd_delineate_run *run, hsd_error *err) {
    named *ids = NULL;
    hsd_status status = sort_ids(run, &ids, err);
    if (status == HSD_OK) status = read_lists(run, ids, err);
    hsd_free(ids);
    return status;
}
