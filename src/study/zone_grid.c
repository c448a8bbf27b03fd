/* Zones as cells of a grid over the polygons of a layer. Masses of the layer, and of the population
 * where there is one, are shared into the cells (docs/methods.md, 13); texts are those of the
 * polygon that holds a cell's point. O(cells x polygons near them). */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "geo/geometry.h"
#include "study/output_datum.h"
#include "study/rows.h"
#include "study/zone_index.h"

static hsd_status area_of(const char *path, const hsd_place_table *zones, hsd_geometry *out,
                          hsd_error *err) {
    for (size_t z = 0; z < zones->place_count; z++) {
        const hsd_place *zone = &zones->places[z];
        if (zone->geometry.type != HSD_GEOMETRY_POLYGON)
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s: feature %s is a point; a grid is laid over polygons",
                            hsd_base_name(path), zone->id);
        hsd_status status = hsd_geometry_append(out, &zone->geometry, err);
        if (status != HSD_OK) return status;
    }
    if (zones->place_count) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT, "%s: the layer has no features", hsd_base_name(path));
}

static hsd_status take_names(const hsd_place_table *zones, hsd_place_table *cells, hsd_error *err) {
    cells->text_names = hsd_calloc(zones->text_count, sizeof *cells->text_names, err);
    if (!cells->text_names) return HSD_E_MEMORY;
    for (; cells->text_count < zones->text_count; cells->text_count++) {
        char *name = hsd_strdup(zones->text_names[cells->text_count], err);
        if (!name) return HSD_E_MEMORY;
        cells->text_names[cells->text_count] = name;
    }
    return HSD_OK;
}

static hsd_status take_texts_of(const hsd_zone_index *index, hsd_place *cell, hsd_error *err) {
    const hsd_place_table *zones = index->zones;
    hsd_lonlat at;
    hsd_status status = hsd_geometry_point(&cell->geometry, &at, err);
    if (status != HSD_OK) return status;
    const size_t holder = hsd_zone_index_at(index, at);
    cell->texts = hsd_calloc(zones->text_count, sizeof *cell->texts, err);
    if (!cell->texts) return HSD_E_MEMORY;
    for (size_t t = 0; t < zones->text_count; t++) {
        const char *text = holder == SIZE_MAX ? "" : zones->places[holder].texts[t];
        if (!(cell->texts[t] = hsd_strdup(text, err))) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status take_texts(const hsd_place_table *zones, hsd_place_table *cells, hsd_error *err) {
    hsd_zone_index index = {0};
    hsd_status status = take_names(zones, cells, err);
    if (status == HSD_OK) status = hsd_zone_index_make(zones, &index, err);
    for (size_t c = 0; status == HSD_OK && c < cells->place_count; c++)
        status = take_texts_of(&index, &cells->places[c], err);
    hsd_zone_index_finish(&index);
    return status;
}

static hsd_status check_names(const hsd_circle_run *run, hsd_error *err) {
    for (size_t m = 0; m < run->zones.mass_count; m++)
        for (size_t k = 0; k < run->population.mass_count; k++)
            if (strcmp(run->zones.mass_names[m], run->population.mass_names[k]) == 0)
                return hsd_fail(err, HSD_E_ARGUMENT,
                                "mass \"%s\": both the zones and --population have it; a cell "
                                "would have it twice",
                                run->zones.mass_names[m]);
    return HSD_OK;
}

hsd_status hsd_zones_into_grid(hsd_circle_run *run, hsd_error *err) {
    hsd_grid_spec spec;
    hsd_geometry area = {0};
    hsd_place_table cells = {0};
    if (!run->request->zones)
        return hsd_fail(err, HSD_E_ARGUMENT, "--grid: nothing without a layer of polygons");
    hsd_status status = hsd_grid_parse(run->grid, &spec, err);
    if (status == HSD_OK) status = check_names(run, err);
    if (status == HSD_OK) status = area_of(run->request->zones, &run->zones, &area, err);
    if (status == HSD_OK) status = hsd_grid_places(&spec, &area, true, run->run, &cells, err);
    hsd_geometry_finish(&area);
    if (status == HSD_OK && run->zones.mass_count)
        status = hsd_places_share(&cells, &run->zones, run->run, NULL, err);
    if (status == HSD_OK && run->population.mass_count)
        status = hsd_places_share(&cells, &run->population, run->run, NULL, err);
    if (status == HSD_OK && run->zones.text_count) status = take_texts(&run->zones, &cells, err);
    if (status == HSD_OK) {
        hsd_place_table_finish(&run->zones);
        run->zones = cells;
    } else {
        hsd_place_table_finish(&cells);
    }
    return status;
}

static hsd_status write_cells(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "row and column");
    hsd_fields_masses(&f, &run->zones);
    hsd_status status =
        hsd_layer_start(file, run, "zones", HSD_WORD_ZONES, HSD_GEOMETRY_POLYGON, &f, NULL, false,
                        "Cells of a grid, of equal area but where the border cuts them", err);
    for (size_t z = 0; status == HSD_OK && z < run->zones.place_count; z++) {
        const hsd_place *cell = &run->zones.places[z];
        hsd_row r = {.count = 0};
        hsd_row_text(&r, cell->id);
        for (size_t m = 0; m < run->zones.mass_count; m++) hsd_row_real(&r, cell->masses[m]);
        status = hsd_row_write(file, &r, &cell->geometry, err);
    }
    return status;
}

hsd_status hsd_cells_write(const hsd_circle_run *run, const char *path, const char *record,
                           hsd_error *err) {
    hsd_dataset *file = NULL;
    hsd_dataset_options options = {
        .overwrite = run->request->overwrite, .title = run->grid, .provenance = record};
    hsd_status status = hsd_output_datum(run->request->output_datum, run->run, &options, err);
    if (status == HSD_OK) status = hsd_dataset_create(path, &options, &file, err);
    if (status == HSD_OK) status = write_cells(file, run, err);
    if (status == HSD_OK) status = hsd_dataset_commit(file, err);
    hsd_dataset_destroy(file);
    return status;
}
