/* Reading proposals files in tests: what must pass, what must be refused, and the issues. */
#ifndef TESTS_READ_PROPOSALS_H
#define TESTS_READ_PROPOSALS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include "files.h"

#include <cmocka.h>

#include "hourshed/read.h"

#define LINE "{\"type\":\"LineString\",\"coordinates\":[[113.0,22.0],[113.01,22.0]]}"

static const char *const link_fields[] = {
    "proposal:t", "name:t",    "kind:t",     "class:t",  "speed_kmh:r", "minutes:r", "length_km:r",
    "oneway:t",   "modes:t",   "wait_min:r", "toll:r",   "cost:r",      "year:i",    "status:t",
    "opened:t",   "connect:t", "bridge:t",   "tunnel:t", "access:t",    "note:t",    NULL};
#define ROW "LINESTRING(113 22,113.01 22)"

static hsd_issues issues; /* of the last reading */

static inline hsd_status read_source(const hsd_proposal_source *source, hsd_proposal_table *t,
                                     hsd_error *err) {
    hsd_issues_finish(&issues);
    *err = (hsd_error){0};
    return hsd_read_proposals(source, NULL, t, &issues, err);
}

static inline void must_with(const hsd_proposal_source *source, hsd_proposal_table *t) {
    hsd_error err;
    if (read_source(source, t, &err) != HSD_OK) fail_msg("%s", err.message);
}

static inline void must(const char *path, hsd_proposal_table *t) {
    must_with(&(hsd_proposal_source){.path = path}, t);
}

static inline bool issue_holds(bool error, const char *text) {
    for (size_t i = 0; i < issues.count; i++)
        if (issues.list[i].error == error && strstr(issues.list[i].text, text)) return true;
    return false;
}

static inline void print_issues(void) {
    for (size_t i = 0; i < issues.count; i++) print_message("issue: %s\n", issues.list[i].text);
}

static inline void remarked(const char *text) {
    if (issue_holds(false, text)) return;
    print_issues();
    fail_msg("no remark \"%s\"", text);
}

static inline void refused_with(const hsd_proposal_source *source, hsd_status want,
                                const char *what) {
    hsd_proposal_table t;
    hsd_error err;
    hsd_status status = read_source(source, &t, &err);
    if (status != want || !strstr(err.message, what)) {
        print_issues();
        fail_msg("status %d, \"%s\"; expected %d, \"%s\"", (int)status, err.message, (int)want,
                 what);
    }
    assert_null(t.proposals);
    assert_null(t.links);
    assert_int_equal(t.link_count, 0);
}

static inline void refused(const char *path, const char *what) {
    refused_with(&(hsd_proposal_source){.path = path}, HSD_E_FORMAT, what);
}

static inline const char *links(files *f, const char *name, const char *const *rows) {
    layer_spec spec = {"GPKG", "links", "EPSG:4326", wkbUnknown, link_fields, rows, NULL};
    return files_layers(f, name, &spec, 1);
}

/* A lone feature of GeoJSON: a plain line layer. */
static inline const char *one(files *f, const char *feature) {
    const char *const features[] = {feature, NULL};
    return files_geojson(f, "one.geojson", features);
}

static inline int end(void **state) {
    hsd_issues_finish(&issues);
    return files_end(state);
}

#endif
