/* Any bytes as GeoJSON places and as a CSV of points, and as barriers. */
#include <stdint.h>
#include <stdlib.h>

#include <cpl_vsi.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const hsd_place_table *t) {
    for (size_t i = 0; i < t->place_count; i++) {
        const hsd_place *p = &t->places[i];
        if (!p->id || !p->name || !p->name_en) abort();
        const hsd_geometry *g = &p->geometry;
        if (!p->fault && g->point_count == 0) abort(); /* a usable place is somewhere */
        if (g->ring_count && g->ring_end[g->ring_count - 1] != g->point_count) abort();
        for (size_t k = 0; k < t->text_count; k++)
            if (!p->texts[k]) abort();
        for (size_t m = 0; m < t->mass_count; m++)
            if (p->masses[m] < 0) abort(); /* NAN is a missing one */
    }
}

static void read_as(const char *path, const uint8_t *data, size_t size) {
    static const char *const masses[] = {"population"};
    const hsd_place_fields fields = {
        .masses = masses, .mass_count = 1, .texts = masses, .text_count = 1, .datum = "gcj02"};
    VSILFILE *file = VSIFileFromMemBuffer(path, (GByte *)(uintptr_t)data, size, 0);
    if (!file) return;
    VSIFCloseL(file);
    hsd_place_table table;
    hsd_error err = {HSD_OK, ""};
    hsd_status status = hsd_read_places(path, &fields, NULL, &table, &err);
    if (status == HSD_OK) check(&table);
    if (status != HSD_OK && !err.message[0]) abort();
    hsd_place_table_finish(&table);
    hsd_geometry barriers;
    err.message[0] = '\0';
    status = hsd_read_barriers(path, NULL, NULL, "bd09", NULL, &barriers, &err);
    if (status != HSD_OK && !err.message[0]) abort();
    hsd_geometry_finish(&barriers);
    VSIUnlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as("/vsimem/fuzz_places.geojson", data, size);
    read_as("/vsimem/fuzz_places.csv", data, size);
    return 0;
}
