/* Any bytes as a raster of people. */
#include <stdint.h>
#include <stdlib.h>

#include <cpl_vsi.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char path[] = "/vsimem/fuzz_raster.tif";
    VSILFILE *file = VSIFileFromMemBuffer(path, (GByte *)(uintptr_t)data, size, 0);
    if (!file) return 0;
    VSIFCloseL(file);
    const hsd_box_e7 window = {-100000000, -100000000, 100000000, 100000000};
    hsd_place_table table;
    hsd_error err = {HSD_OK, ""};
    hsd_status status =
        hsd_read_mass_raster(path, "people", NULL, size % 2 ? &window : NULL, NULL, &table, &err);
    if (status != HSD_OK && !err.message[0]) abort();
    for (size_t i = 0; status == HSD_OK && i < table.place_count; i++)
        if (!(table.places[i].masses[0] > 0) || table.places[i].geometry.point_count != 5) abort();
    hsd_place_table_finish(&table);
    VSIUnlink(path);
    return 0;
}
