/* One layer with rows of several: a field `layer` says of each feature which layer of the schema it
 * belongs to, so that a railway with its line, stations and services is one text file (GeoJSON).
 * Rows are read layer by layer through a filter on that field. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read/proposals.h"

static int layer_of(const char *word) {
    for (int l = 0; l < HSD_LAYER_COUNT; l++)
        if (hsd_text_equal_nocase(word, hsd_proposal_layer_name((hsd_proposal_layer)l))) return l;
    return -1;
}

static hsd_status unknown_word(hsd_proposal_reader *r, OGRFeatureH feature, const char *word) {
    char list[160] = "", clip[HSD_CLIP_SIZE];
    size_t length = 0;
    for (int l = 0; l < HSD_LAYER_COUNT; l++)
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", l ? ", " : "",
                                   hsd_proposal_layer_name((hsd_proposal_layer)l));
    bool ok = hsd_issues_error(r->issues, r->err, "feature %lld: layer \"%s\" is none of %s",
                               (long long)OGR_F_GetFID(feature), hsd_clip(word, clip), list);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

/* Layers that features name; with `strict` a word that names none is an issue. */
static hsd_status find_layers(hsd_proposal_reader *r, const hsd_vector *vector, int field,
                              bool strict, bool found[HSD_LAYER_COUNT]) {
    hsd_status status = HSD_OK;
    OGR_L_ResetReading(vector->layer);
    while (status == HSD_OK) {
        OGRFeatureH feature = NULL;
        status = hsd_vector_next(vector, &feature, r->err);
        if (!feature) break;
        const char *word = OGR_F_IsFieldSetAndNotNull(feature, field)
                               ? OGR_F_GetFieldAsString(feature, field)
                               : "";
        const int layer = layer_of(word);
        if (layer >= 0)
            found[layer] = true;
        else if (strict)
            status = unknown_word(r, feature, word);
        OGR_F_Destroy(feature);
    }
    OGR_L_ResetReading(vector->layer);
    return status;
}

hsd_status hsd_proposal_mixed_layers(hsd_proposal_reader *r, const hsd_vector *vector,
                                     bool found[HSD_LAYER_COUNT]) {
    const int field = hsd_vector_find(vector, "layer");
    bool any = false;
    memset(found, 0, HSD_LAYER_COUNT * sizeof found[0]);
    if (field < 0) return HSD_OK;
    hsd_status status = find_layers(r, vector, field, false, found);
    for (int l = 0; l < HSD_LAYER_COUNT; l++) any = any || found[l];
    /* no word of ours: a field of the source's own, such as OpenStreetMap's level of bridges */
    return status == HSD_OK && any ? find_layers(r, vector, field, true, found) : status;
}

hsd_status hsd_proposal_mixed_filter(const hsd_proposal_input *input, hsd_error *err) {
    char filter[64];
    snprintf(filter, sizeof filter, "\"layer\" = '%s'", hsd_proposal_layer_name(input->layer));
    if (OGR_L_SetAttributeFilter(input->vector.layer, input->mixed ? filter : NULL) != OGRERR_NONE)
        return hsd_fail(err, HSD_E_FORMAT, "%s: the layer cannot be read by its field \"layer\"",
                        input->label);
    return HSD_OK;
}
