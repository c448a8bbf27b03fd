/* info: what is inside a network, or what a result was made from, as JSON; the program prints it
 * for people too. A result is known by its first bytes: a GeoPackage is a SQLite database. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "hourshed/export.h"
#include "hourshed/study.h"
#include "net/network.h"
#include "study/info_timetable.h"

static void add_profile(hsd_json *j, const hsd_profile_info *p) {
    static const char *const sources[] = {"none", "class", "tag", "user"};
    hsd_json_open(j, '{');
    hsd_json_key(j, "name");
    hsd_json_string(j, p->name);
    hsd_json_key(j, "mode");
    hsd_json_string(j, p->mode);
    hsd_json_key(j, "nodes");
    hsd_json_int(j, p->nodes);
    hsd_json_key(j, "arcs");
    hsd_json_int(j, p->arcs);
    hsd_json_key(j, "components");
    hsd_json_int(j, p->components);
    hsd_json_key(j, "main_component_share");
    hsd_json_number(j, p->main_component_share);
    hsd_json_key(j, "km_by_speed_source");
    hsd_json_open(j, '{');
    for (int s = 1; s < 4; s++) {
        hsd_json_key(j, sources[s]);
        hsd_json_number(j, p->km[s]);
    }
    hsd_json_close(j);
    hsd_json_close(j);
}

static void add_counts(hsd_json *j, const hsd_network_info *info) {
    const struct {
        const char *key;
        uint32_t value;
    } counts[] = {{"vertices", info->vertices},       {"edges", info->edges},
                  {"points", info->points},           {"restrictions", info->restrictions},
                  {"split_nodes", info->split_nodes}, {"barrier_polygons", info->barrier_polygons}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        hsd_json_key(j, counts[i].key);
        hsd_json_int(j, counts[i].value);
    }
}

static hsd_status add_timetable(hsd_json *j, const hsd_info_request *r, const hsd_network *network,
                                hsd_error *err) {
    const hsd_timetable *timetable;
    int32_t day = 0;
    hsd_status status = hsd_network_timetable(network, &timetable, err);
    if (status != HSD_OK) return status;
    if (r->date && !timetable)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s has no timetable: no trips on %s", r->network,
                        r->date);
    if (r->date && !hsd_day_parse(r->date, &day))
        return hsd_fail(err, HSD_E_ARGUMENT, "date \"%s\": expected YYYY-MM-DD", r->date);
    return timetable ? hsd_info_timetable(j, timetable, r->date ? &day : NULL, err) : HSD_OK;
}

static hsd_status info_json(const hsd_info_request *r, const hsd_network *network,
                            const hsd_network_info *info, char **out, hsd_error *err) {
    hsd_json j = {0};
    hsd_json_open(&j, '{');
    hsd_json_key(&j, "format_version");
    hsd_json_int(&j, info->format_version);
    hsd_json_key(&j, "content_id");
    hsd_json_string(&j, info->content_id);
    add_counts(&j, info);
    hsd_json_key(&j, "length_km");
    hsd_json_number(&j, info->length_km);
    hsd_json_key(&j, "extent");
    hsd_json_open(&j, '[');
    hsd_json_number(&j, info->extent.min_lon_e7 / 1e7);
    hsd_json_number(&j, info->extent.min_lat_e7 / 1e7);
    hsd_json_number(&j, info->extent.max_lon_e7 / 1e7);
    hsd_json_number(&j, info->extent.max_lat_e7 / 1e7);
    hsd_json_close(&j);
    hsd_json_key(&j, "profiles");
    hsd_json_open(&j, '[');
    for (size_t i = 0; i < info->profile_count; i++) add_profile(&j, &info->profiles[i]);
    hsd_json_close(&j);
    hsd_json_key(&j, "inputs");
    hsd_json_open(&j, '[');
    for (size_t i = 0; i < info->input_count; i++) {
        hsd_json_open(&j, '{');
        hsd_json_key(&j, "role");
        hsd_json_string(&j, info->inputs[i].role);
        hsd_json_key(&j, "name");
        hsd_json_string(&j, info->inputs[i].name);
        hsd_json_key(&j, "sha256");
        hsd_json_string(&j, info->inputs[i].sha256);
        hsd_json_close(&j);
    }
    hsd_json_close(&j);
    hsd_json_key(&j, "configuration");
    hsd_json_raw(&j, info->configuration ? info->configuration : "{}");
    hsd_status status = add_timetable(&j, r, network, err);
    hsd_json_close(&j);
    if (status != HSD_OK || j.text.failed) {
        hsd_json_finish(&j);
        if (status != HSD_OK) return status;
        return hsd_fail(err, HSD_E_MEMORY, "out of memory: network description");
    }
    *out = j.text.data;
    return HSD_OK;
}

static hsd_status write_arcs(const hsd_info_request *r, const hsd_network *network,
                             hsd_error *err) {
    if (hsd_same_file(r->arcs, r->network))
        return hsd_fail(err, HSD_E_ARGUMENT, "%s is the network: give the arcs another name",
                        r->arcs);
    int profile = r->profile ? hsd_network_profile(network, NULL, r->profile) : 0;
    if (profile < 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s: no profile \"%s\"; hourshed info lists them",
                        r->network, r->profile);
    hsd_status status = hsd_network_require(network, (size_t)profile, err);
    if (status != HSD_OK) return status;
    return hsd_network_export_arcs(network, (size_t)profile, r->arcs, r->overwrite, err);
}

static bool is_result(const char *path) {
    static const char sqlite[] = "SQLite format 3";
    char head[sizeof sqlite] = "";
    FILE *file = fopen(path, "rb");
    if (file) {
        if (fread(head, 1, sizeof head, file) != sizeof head) head[0] = '\0';
        fclose(file);
    }
    const char *ending = strrchr(path, '.');
    return memcmp(head, sqlite, sizeof sqlite) == 0 ||
           (ending && hsd_text_equal_nocase(ending, ".gpkg"));
}

static hsd_status result_info(const hsd_info_request *r, char **json, hsd_error *err) {
    if (r->verify || r->arcs || r->profile || r->date)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s is a result: verify, arcs, profile and date are of networks",
                        r->network);
    return hsd_dataset_provenance(r->network, json, err);
}

hsd_status hsd_study_info(const hsd_info_request *request, const hsd_run *run,
                          hsd_network **network, char **json, hsd_error *err) {
    (void)run;
    *network = NULL;
    *json = NULL;
    if (is_result(request->network)) return result_info(request, json, err);
    hsd_network *opened;
    hsd_network_info info;
    hsd_status status =
        hsd_network_open(request->network, request->verify ? HSD_OPEN_VERIFY : 0, &opened, err);
    if (status != HSD_OK) return status;
    status = hsd_network_info_get(opened, &info, err);
    if (status == HSD_OK) status = info_json(request, opened, &info, json, err);
    if (status == HSD_OK && request->arcs) status = write_arcs(request, opened, err);
    if (status == HSD_OK) {
        *network = opened;
        return HSD_OK;
    }
    hsd_free(*json);
    *json = NULL;
    hsd_network_destroy(opened);
    return status;
}
