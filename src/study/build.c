/* build: one source of streets and some profiles become a network file. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "hourshed/export.h"
#include "hourshed/study.h"
#include "study/options.h"

static hsd_status check_request(const hsd_build_request *r, hsd_error *err) {
    int sources = (r->osm != NULL) + (r->roads != NULL) + (r->corridor != NULL);
    if (sources != 1)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: one of --osm, --roads and --corridor says where the streets come from",
                        sources ? "several sources" : "no source");
    if (r->as_of && !r->corridor)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--as-of needs --corridor: other sources have no dates");
    const hsd_line_fields *f = &r->road_fields;
    bool fields = f->layer || f->road_class || f->default_class || f->speed_kmh || f->minutes ||
                  f->oneway || f->bridge || f->tunnel || f->name || f->modes || f->encoding ||
                  f->tolerance_m > 0 || f->node_crossings;
    if (fields && !r->roads)
        return hsd_fail(err, HSD_E_ARGUMENT, "fields of a line layer: nothing without --roads");
    if (r->assume_crs && !r->roads && !r->barriers)
        return hsd_fail(err, HSD_E_ARGUMENT, "--assume-crs: nothing without --roads or --barriers");
    if (!r->output || !r->output[0])
        return hsd_fail(err, HSD_E_ARGUMENT, "no network file to write");
    const char *inputs[] = {r->osm, r->roads, r->corridor, r->barriers};
    for (size_t i = 0; i < 4; i++)
        if (hsd_same_file(r->output, inputs[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", r->output);
    return HSD_OK;
}

static hsd_status read_streets(const hsd_build_request *r, const hsd_run *run, hsd_road_table *out,
                               hsd_error *err) {
    if (r->osm) return hsd_read_osm(r->osm, run, out, err);
    if (r->roads) return hsd_read_lines(r->roads, &r->road_fields, run, out, err);
    return hsd_read_corridor(r->corridor, r->as_of, run, out, err);
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
                                 hsd_provenance *provenance, const hsd_run *run, hsd_network **out,
                                 hsd_error *err) {
    hsd_geometry barriers = {0};
    char *configuration = NULL;
    hsd_network *network = NULL;
    hsd_status status = HSD_OK;
    if (r->barriers)
        status = hsd_read_barriers(r->barriers, NULL, r->assume_crs, run, &barriers, err);
    if (status == HSD_OK) {
        configuration = hsd_provenance_configuration(provenance, err);
        if (!configuration) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK) {
        const hsd_build_options options = {.inputs = provenance->records,
                                           .input_count = provenance->input_count,
                                           .configuration = configuration,
                                           .barriers = r->barriers ? &barriers : NULL};
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

hsd_status hsd_study_build(const hsd_build_request *request, const hsd_run *run, hsd_network **out,
                           hsd_error *err) {
    static const char *const street_profiles[] = {"car-osm", "walk"};
    static const char *const corridor_profiles[] = {"car-corridor"};
    if (out) *out = NULL;
    hsd_status status = check_request(request, err);
    if (status != HSD_OK) return status;
    const char *const *names = request->profiles;
    size_t count = request->profile_count;
    if (count == 0) {
        names = request->corridor ? corridor_profiles : street_profiles;
        count = request->corridor ? 1 : 2;
    }
    /* an output that cannot be written is said before minutes of reading, not after */
    hsd_output output;
    status = hsd_output_begin(request->output, request->overwrite, &output, err);
    if (status != HSD_OK) return status;
    hsd_output_finish(&output);

    hsd_provenance provenance;
    hsd_provenance_init(&provenance, "build");
    record_options(request, names, count, &provenance);
    hsd_road_table table = {0};
    hsd_profile *profiles = hsd_calloc(count, sizeof *profiles, err);
    status = profiles ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = read_profiles(names, count, profiles, &provenance, err);
    if (status == HSD_OK) status = hsd_progress(run, "reading", 0, err);
    if (status == HSD_OK) status = read_streets(request, run, &table, err);
    if (status == HSD_OK) {
        for (size_t i = 0; i < table.note_count; i++)
            hsd_log(run, HSD_LOG_INFO, "%s", table.notes[i]);
        if (!table.has_water && !request->barriers)
            hsd_log(run, HSD_LOG_WARNING,
                    "the source says nothing of water: circles may flow over rivers and the sea; "
                    "--barriers FILE holds them back");
        const char *role = request->osm ? "osm" : request->roads ? "roads" : "corridor";
        const char *path = request->osm     ? request->osm
                           : request->roads ? request->roads
                                            : request->corridor;
        status = hsd_provenance_input(&provenance, role, path, err);
    }
    if (status == HSD_OK)
        status = hsd_provenance_input(&provenance, "barriers", request->barriers, err);
    if (status == HSD_OK)
        status = build_and_save(request, profiles, count, &table, &provenance, run, out, err);
    hsd_road_table_finish(&table);
    for (size_t i = 0; profiles && i < count; i++) hsd_profile_finish(&profiles[i]);
    hsd_free(profiles);
    hsd_provenance_finish(&provenance);
    return status;
}
