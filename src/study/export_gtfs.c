/* export-gtfs: a network's timetable, that of proposals, or both, as a GTFS feed for other tools.
 * O(timetable). */
#include <string.h>

#include "base/file.h"
#include "hourshed/scenario.h"
#include "study/gtfs_tables.h"

typedef struct exporting {
    const hsd_export_gtfs_request *request;
    const hsd_run *run;
    hsd_network *network;
    const hsd_timetable *base;
    hsd_proposal_table proposals;
    hsd_resolved_rail rail;
    hsd_scenario scenario;
    hsd_timetable own; /* of the scenario */
    hsd_export_gtfs_report *report;
    hsd_error *err;
} exporting;

static hsd_status check_request(const hsd_export_gtfs_request *r, hsd_error *err) {
    if (!r->network && !r->proposals.path)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "nothing to export: a network with a timetable, --proposals, or both");
    if (!r->proposals.path && (r->only_proposed || r->scenario))
        return hsd_fail(err, HSD_E_ARGUMENT, "%s needs --proposals",
                        r->scenario ? "--scenario" : "--only-proposed");
    if (!r->output) return hsd_fail(err, HSD_E_ARGUMENT, "no output: F.zip was expected");
    const char *dot = strrchr(r->output, '.');
    if (!dot || !hsd_text_equal_nocase(dot, ".zip"))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: a feed is a zip; expected a name that ends in .zip", r->output);
    if (hsd_same_file(r->output, r->network) || hsd_same_file(r->output, r->proposals.path))
        return hsd_fail(err, HSD_E_ARGUMENT, "%s is an input: give the feed another name",
                        r->output);
    return HSD_OK;
}

static hsd_status open_base(exporting *x) {
    if (!x->request->network) return HSD_OK;
    hsd_status status = hsd_network_open(x->request->network, 0, &x->network, x->err);
    if (status == HSD_OK) status = hsd_network_timetable(x->network, &x->base, x->err);
    if (status == HSD_OK && !x->base && !x->request->proposals.path)
        status = hsd_fail(x->err, HSD_E_ARGUMENT, "%s has no timetable", x->request->network);
    return status;
}

/* The timetable with the proposals of the scenario, or all. */
static hsd_status apply(exporting *x) {
    const hsd_export_gtfs_request *r = x->request;
    hsd_status status =
        hsd_read_proposals(&r->proposals, x->run, &x->proposals, &x->report->issues, x->err);
    if (status == HSD_OK && r->scenario)
        status = hsd_scenario_parse(r->scenario, &x->proposals, &x->scenario, x->err);
    if (status == HSD_OK)
        status = hsd_rail_resolve(x->base, &x->proposals, INT32_MIN, x->run, &x->rail,
                                  &x->report->issues, x->err);
    if (status != HSD_OK) return status;
    uint8_t *active = hsd_calloc(x->proposals.proposal_count, 1, x->err);
    if (!active) return HSD_E_MEMORY;
    for (size_t p = 0; p < x->proposals.proposal_count && !r->scenario; p++) active[p] = 1;
    for (size_t i = 0; i < x->scenario.proposal_count; i++) active[x->scenario.proposals[i]] = 1;
    status = hsd_scenario_timetable(&x->rail, active, &x->own, x->err);
    hsd_free(active);
    return status;
}

static hsd_status write(exporting *x) {
    const hsd_export_gtfs_request *r = x->request;
    hsd_csv_zip zip;
    hsd_status status = hsd_csv_zip_begin(r->output, r->overwrite, &zip, x->err);
    if (status != HSD_OK) return status;
    status = hsd_gtfs_tables(r->proposals.path ? &x->own : x->base, r->only_proposed, &zip,
                             x->report, x->err);
    if (status == HSD_OK) status = hsd_csv_zip_commit(&zip, x->err);
    hsd_csv_zip_finish(&zip);
    return status;
}

hsd_status hsd_study_export_gtfs(const hsd_export_gtfs_request *request, const hsd_run *run,
                                 hsd_export_gtfs_report *out, hsd_error *err) {
    *out = (hsd_export_gtfs_report){0};
    exporting x = {.request = request, .run = run, .report = out, .err = err};
    hsd_status status = check_request(request, err);
    if (status == HSD_OK) status = open_base(&x);
    if (status == HSD_OK && request->proposals.path) status = apply(&x);
    if (status == HSD_OK) status = write(&x);
    hsd_timetable_finish(&x.own);
    hsd_scenario_finish(&x.scenario);
    hsd_resolved_rail_finish(&x.rail);
    hsd_proposal_table_finish(&x.proposals);
    hsd_network_destroy(x.network);
    return status;
}
