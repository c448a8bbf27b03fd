/* Shapefiles that do not say their encoding: GDAL hands out their bytes as they are, and Chinese
 * names of fields make no sense. Where they do as UTF-8 or GBK, because the schema or --fields
 * knows one of them, the file is that: bytes that by chance mean one of a few dozen words are not
 * to be feared.
 */
#include <string.h>

#include "base/file.h"
#include "read/proposals.h"

static bool says_encoding(OGRLayerH layer) {
    static const char *const sources[] = {"ENCODING_FROM_CPG", "ENCODING_FROM_LDID"};
    for (size_t i = 0; i < 2; i++)
        if (GDALGetMetadataItem((GDALMajorObjectH)layer, sources[i], "SHAPEFILE")) return true;
    return false;
}

static bool is_silent_shapefile(GDALDatasetH dataset) {
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
    int count = GDALDatasetGetLayerCount(dataset);
    if (!driver || strcmp(driver, "ESRI Shapefile") != 0) return false;
    for (int i = 0; i < count; i++)
        if (says_encoding(GDALDatasetGetLayer(dataset, i))) return false;
    return count > 0;
}

static bool has_other_letters(const char *name) {
    for (; *name; name++)
        if ((unsigned char)*name >= 0x80) return true;
    return false;
}

/* The first field whose name, not all ASCII, the schema or the user knows; NULL: none. */
static const char *known_field(GDALDatasetH dataset, const char *map) {
    int layers = GDALDatasetGetLayerCount(dataset);
    for (int l = 0; l < layers; l++) {
        OGRFeatureDefnH definition = OGR_L_GetLayerDefn(GDALDatasetGetLayer(dataset, l));
        int fields = OGR_FD_GetFieldCount(definition);
        for (int i = 0; i < fields; i++) {
            const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i));
            if (!has_other_letters(name)) continue;
            if (hsd_proposal_knows(name) || (map && strstr(map, name))) return name;
        }
    }
    return NULL;
}

/* Takes the file in an encoding where that makes sense of a field. */
static hsd_status try_encoding(hsd_proposal_reader *r, const char *encoding, bool *taken) {
    hsd_vector other;
    char clip[HSD_CLIP_SIZE];
    if (hsd_vector_open_file(r->source->path, encoding, &other, NULL) != HSD_OK) return HSD_OK;
    const char *field = known_field(other.dataset, r->source->map);
    hsd_status status = HSD_OK;
    *taken = field != NULL;
    if (field) {
        const hsd_vector before = r->file;
        if (!hsd_issues_remark(r->issues, r->err,
                               "%s does not say its encoding: read as %s, for its field \"%s\"",
                               other.file, encoding, hsd_clip(field, clip)))
            status = HSD_E_MEMORY;
        r->file = other;
        other = before;
    }
    hsd_vector_close(&other);
    return status;
}

hsd_status hsd_proposal_open_file(hsd_proposal_reader *r) {
    static const char *const encodings[] = {"UTF-8", "GBK"};
    const char *encoding = r->source->encoding;
    bool taken = false;
    hsd_status status = hsd_vector_open_file(r->source->path, encoding, &r->file, r->err);
    if (status != HSD_OK || encoding || !is_silent_shapefile(r->file.dataset)) return status;
    for (size_t i = 0; i < 2 && status == HSD_OK && !taken; i++)
        status = try_encoding(r, encodings[i], &taken);
    return status;
}
