/* build: one source of streets, or a timetable, or both, and some profiles become a network file.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "hourshed/export.h"
#include "hourshed/study.h"
#include "net/network.h"
#include "study/build_timetable.h"
#include "study/options.h"

static hsd_status check_feeds(const hsd_build_request *r, hsd_error *err) {
    for (size_t i = 0; i < r->gtfs_count; i++) {
        if (hsd_same_file(r->output, r->gtfs[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", r->output);
        for (size_t k = 0; k < i; k++)
            if (hsd_same_file(r->gtfs[i], r->gtfs[k]))
                return hsd_fail(err, HSD_E_ARGUMENT, "feed %s is given twice", r->gtfs[i]);
    }
    return HSD_OK;
}

static hsd_status check_request(const hsd_build_request *r, hsd_error *err) {
    int sources = (r->osm != NULL) + (r->roads != NULL) + (r->corridor != NULL);
    const bool timetable = r->gtfs_count > 0 || r->rail.path;
    if (sources > 1 || (sources == 0 && !timetable))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: one of --osm, --roads and --corridor says where the streets come "
                        "from; --gtfs or --rail alone make a network of stops",
                        sources ? "several sources" : "no source");
    if (r->as_of && !r->corridor && !r->rail.path)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--as-of needs --corridor or --rail: other sources have no dates");
    const hsd_line_fields *f = &r->road_fields;
    bool fields = f->layer || f->road_class || f->default_class || f->speed_kmh || f->minutes ||
                  f->oneway || f->bridge || f->tunnel || f->name || f->modes ||
                  (f->encoding && !r->rail.path) || f->tolerance_m > 0 || f->node_crossings;
    if (fields && !r->roads)
        return hsd_fail(err, HSD_E_ARGUMENT, "fields of a line layer: nothing without --roads");
    if (r->assume_crs && !r->roads && !r->barriers && !r->rail.path)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--assume-crs: nothing without --roads, --barriers or --rail");
    if (r->datum && r->osm && !r->barriers && !r->rail.path && !r->gtfs_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "--datum: OpenStreetMap is in WGS84");
    if ((r->rail.layer || r->rail.map || r->rail.status) && !r->rail.path)
        return hsd_fail(err, HSD_E_ARGUMENT, "fields of a rail layer: nothing without --rail");
    if (!r->output || !r->output[0])
        return hsd_fail(err, HSD_E_ARGUMENT, "no network file to write");
    const char *inputs[] = {r->osm, r->roads, r->corridor, r->barriers, r->rail.path};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        if (hsd_same_file(r->output, inputs[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", r->output);
    return check_feeds(r, err);
}

static hsd_status read_streets(const hsd_build_request *r, const hsd_run *run, hsd_road_table *out,
                               hsd_error *err) {
    if (r->osm) return hsd_read_osm(r->osm, run, out, err);
    if (r->roads) return hsd_read_lines(r->roads, &r->road_fields, run, out, err);
    return hsd_read_corridor(r->corridor, r->as_of, r->datum, run, out, err);
}

static bool has_streets(const hsd_build_request *r) {
    return r->osm || r->roads || r->corridor;
}

/* "walk" is a name in the geodata; "my/walk.yaml" and "walk.yaml" are files. */
static hsd_status profile_path(const char *name, char **out, hsd_error *err) {
    const char *ending = strrchr(name, '.');
    if (strchr(name, '/') || (ending && strcmp(ending, ".yaml") == 0)) {
        *out = hsd_strdup(name, err);
        return *out ? HSD_OK : HSD_E_MEMORY;
    }
    char file[256];
    snprintf(file, sizeof file, "profiles/%s.yaml", name);
    hsd_status status = hsd_geodata_find(file, out, err);
    return status == HSD_OK ? status : hsd_fail_prefix(err, status, "profile \"%s\"", name);
}

static hsd_status read_profiles(const char *const *names, size_t count, hsd_profile *profiles,
                                hsd_provenance *provenance, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        char *path = NULL;
        status = profile_path(names[i], &path, err);
        if (status == HSD_OK) status = hsd_read_profile(path, &profiles[i], err);
        if (status == HSD_OK) status = hsd_provenance_input(provenance, "profile", path, err);
        hsd_free(path);
    }
    return status;
}

static hsd_status build_and_save(const hsd_build_request *r, const hsd_profile *profiles,
                                 size_t profile_count, const hsd_road_table *table,
                                 const hsd_timetable *timetable, hsd_provenance *provenance,
                                 const hsd_run *run, hsd_network **out, hsd_error *err) {
    hsd_geometry barriers = {0};
    char *configuration = NULL;
    hsd_network *network = NULL;
    hsd_status status = HSD_OK;
    if (r->barriers)
        status = hsd_read_barriers(r->barriers, NULL, r->assume_crs, r->datum, run, &barriers, err);
    if (status == HSD_OK) {
        configuration = hsd_provenance_configuration(provenance, err);
        if (!configuration) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK) {
        const hsd_build_options options = {.inputs = provenance->records,
                                           .input_count = provenance->input_count,
                                           .configuration = configuration,
                                           .barriers = r->barriers ? &barriers : NULL,
                                           .timetable = timetable};
        status = hsd_network_build(table, profiles, profile_count, &options, run, &network, err);
    }
    if (status == HSD_OK) status = hsd_network_save(network, r->output, r->overwrite, err);
    hsd_free(configuration);
    hsd_geometry_finish(&barriers);
    if (status == HSD_OK && out)
        *out = network;
    else
        hsd_network_destroy(network);
    return status;
}

/* The request as it was understood, for the record. */
static void record_options(const hsd_build_request *r, const char *const *names, size_t count,
                           hsd_provenance *provenance) {
    hsd_build_request effective = *r;
    effective.profiles = names;
    effective.profile_count = count;
    if (r->roads && !(r->road_fields.tolerance_m > 0)) effective.road_fields.tolerance_m = 0.1;
    hsd_options_record(&provenance->configuration, &hsd_build_options_table, &effective);
}

/* Profiles of a request that names none. */
static size_t usual_profiles(const hsd_build_request *r, const char *const **names) {
    static const char *const streets[] = {"car-osm", "walk"}, *const corridor[] = {"car-corridor"},
                             *const stops[] = {"station-access"};
    *names = r->corridor ? corridor : has_streets(r) ? streets : stops;
    return r->corridor || !has_streets(r) ? 1 : 2;
}

static hsd_status record_inputs(const hsd_build_request *r, hsd_provenance *provenance,
                                hsd_error *err) {
    hsd_status status = hsd_provenance_input(provenance, "osm", r->osm, err);
    if (status == HSD_OK) status = hsd_provenance_input(provenance, "roads", r->roads, err);
    if (status == HSD_OK) status = hsd_provenance_input(provenance, "corridor", r->corridor, err);
    for (size_t i = 0; status == HSD_OK && i < r->gtfs_count; i++)
        status = hsd_provenance_input(provenance, "gtfs", r->gtfs[i], err);
    if (status == HSD_OK) status = hsd_provenance_input(provenance, "rail", r->rail.path, err);
    if (status == HSD_OK) status = hsd_provenance_input(provenance, "barriers", r->barriers, err);
    return status;
}

/* What a network is made of, read. */
typedef struct sources {
    hsd_road_table table;
    hsd_timetable timetable;
    bool has_timetable;
} sources;

static hsd_status read_sources(const hsd_build_request *r, const hsd_run *run, sources *out,
                               hsd_issues *issues, hsd_error *err) {
    hsd_status status = hsd_progress(run, "reading", 0, err);
    if (status == HSD_OK)
        status = hsd_build_timetable(r, run, &out->timetable, &out->has_timetable, issues, err);
    if (status == HSD_OK)
        status = has_streets(r) ? read_streets(r, run, &out->table, err)
                                : hsd_stop_table(&out->timetable, &out->table, err);
    if (status != HSD_OK) return status;
    for (size_t i = 0; i < out->table.note_count; i++)
        hsd_log(run, HSD_LOG_INFO, "%s", out->table.notes[i]);
    if (!out->table.has_water && !r->barriers)
        hsd_log(run, HSD_LOG_WARNING,
                "the source says nothing of water: circles may flow over rivers and the sea; "
                "--barriers FILE holds them back");
    return HSD_OK;
}

static hsd_status build(const hsd_build_request *r, const char *const *names, size_t count,
                        const hsd_run *run, hsd_network **out, hsd_issues *issues, hsd_error *err) {
    hsd_provenance provenance;
    hsd_provenance_init(&provenance, "build");
    record_options(r, names, count, &provenance);
    sources from = {0};
    hsd_profile *profiles = hsd_calloc(count, sizeof *profiles, err);
    hsd_status status = profiles ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = read_profiles(names, count, profiles, &provenance, err);
    if (status == HSD_OK) status = read_sources(r, run, &from, issues, err);
    if (status == HSD_OK) status = record_inputs(r, &provenance, err);
    if (status == HSD_OK)
        status =
            build_and_save(r, profiles, count, &from.table,
                           from.has_timetable ? &from.timetable : NULL, &provenance, run, out, err);
    hsd_road_table_finish(&from.table);
    hsd_timetable_finish(&from.timetable);
    for (size_t i = 0; profiles && i < count; i++) hsd_profile_finish(&profiles[i]);
    hsd_free(profiles);
    hsd_provenance_finish(&provenance);
    return status;
}

hsd_status hsd_study_build(const hsd_build_request *request, const hsd_run *run, hsd_network **out,
                           hsd_issues *issues, hsd_error *err) {
    if (out) *out = NULL;
    hsd_status status = check_request(request, err);
    if (status != HSD_OK) return status;
    const char *const *names = request->profiles;
    size_t count = request->profile_count;
    if (count == 0) count = usual_profiles(request, &names);
    /* an output that cannot be written is said before minutes of reading, not after */
    hsd_output output;
    status = hsd_output_begin(request->output, request->overwrite, &output, err);
    if (status != HSD_OK) return status;
    hsd_output_finish(&output);
    hsd_issues found = {0};
    status = build(request, names, count, run, out, &found, err);
    if (issues)
        *issues = found;
    else
        hsd_issues_finish(&found);
    return status;
}
