/* Any bytes as a proposals file: GeoJSON where they begin with a brace (its "name" is the layer's),
 * else a digit that names the layer and a CSV table with a column WKT. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_vsi.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition) {
    if (!condition) abort();
}

static void check_link(const hsd_proposal_table *t, const hsd_link_row *l) {
    must(l->proposal < t->proposal_count);
    must(l->line.type == HSD_GEOMETRY_LINE && l->line.ring_count == 1 && l->line.point_count >= 2);
    must(l->line.ring_end[0] == l->line.point_count);
    for (size_t i = 0; i < l->line.point_count; i++)
        must(fabs(l->line.points[i].lon) <= 180 && fabs(l->line.points[i].lat) <= 90);
    must(isnan(l->speed_kmh) || (l->speed_kmh > 0 && l->speed_kmh <= 400));
    must(isnan(l->minutes) || (l->minutes > 0 && l->minutes <= 1440));
    must(l->kind == HSD_KIND_RAIL || l->road_class || !isnan(l->speed_kmh) || !isnan(l->minutes));
}

static void check_rail(const hsd_proposal_table *t) {
    for (size_t i = 0; i < t->station_count; i++)
        must(t->stations[i].proposal < t->proposal_count && t->stations[i].name[0] &&
             fabs(t->stations[i].at.lon) <= 180 && fabs(t->stations[i].at.lat) <= 90);
    for (size_t i = 0; i < t->service_count; i++) {
        const hsd_service_row *s = &t->services[i];
        must(s->proposal < t->proposal_count && (s->line || s->of));
        must(s->first_s >= 0 && s->last_s >= s->first_s && s->last_s < 3 * 86400);
        if (s->action == HSD_SERVICE_NEW || s->action == HSD_SERVICE_HEADWAY)
            must((s->headway_min > 0) == (s->departure_count == 0));
        for (size_t k = 1; k < s->departure_count; k++)
            must(s->departures_s[k - 1] < s->departures_s[k]);
        for (size_t k = 0; k < s->minute_count; k++) must(s->minutes[k] > 0);
        must(!s->from_station == !s->to_station);
    }
}

static void check(const hsd_proposal_table *t) {
    must(t->proposal_count > 0 && t->links_name);
    for (size_t i = 0; i < t->proposal_count; i++) {
        must(t->proposals[i].name[0] && t->proposals[i].rows > 0);
        must(i == 0 || strcmp(t->proposals[i - 1].name, t->proposals[i].name) < 0);
    }
    for (size_t i = 0; i < t->link_count; i++) check_link(t, &t->links[i]);
    check_rail(t);
    for (size_t i = 0; i < t->junction_count; i++)
        must(t->junctions[i].proposal < t->proposal_count && t->junctions[i].ramp_min >= 0);
    for (size_t i = 0; i < t->closure_count; i++)
        must(t->closures[i].proposal < t->proposal_count &&
             (t->closures[i].roads || t->closures[i].road_class ||
              t->closures[i].polygon.polygon_count));
    for (size_t i = 0; i < t->speed_count; i++)
        must(t->speeds[i].proposal < t->proposal_count &&
             isnan(t->speeds[i].factor) != isnan(t->speeds[i].speed_kmh));
    for (size_t i = 0; i < t->wait_count; i++)
        must(t->waits[i].proposal < t->proposal_count && t->waits[i].line.ring_count &&
             !isnan(t->waits[i].minutes[0] + t->waits[i].minutes[2]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[80] = "/vsimem/fuzz_proposals.geojson";
    if (size == 0) return 0;
    if (data[0] != '{') {
        int layer = (data[0] - '0') & 7;
        snprintf(path, sizeof path, "/vsimem/%s.csv",
                 layer < HSD_LAYER_COUNT ? hsd_proposal_layer_name((hsd_proposal_layer)layer)
                                         : "plain");
        data++;
        size--;
    }
    VSILFILE *file = VSIFileFromMemBuffer(path, (GByte *)(uintptr_t)data, size, 0);
    if (!file) return 0;
    VSIFCloseL(file);
    const hsd_proposal_source source = {.path = path, .assume_crs = "EPSG:4326"};
    hsd_proposal_table table;
    hsd_issues issues = {0};
    hsd_error err = {0};
    hsd_status status = hsd_read_proposals(&source, NULL, &table, &issues, &err);
    if (status == HSD_OK)
        check(&table);
    else
        must(err.message[0] && !table.links && !table.proposals);
    must(status != HSD_OK || issues.errors == 0);
    hsd_proposal_table_finish(&table);
    hsd_issues_finish(&issues);
    VSIUnlink(path);
    return 0;
}
