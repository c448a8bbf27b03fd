/* Which columns a table of places has, before it is read: runs that take a column from whichever of
 * two layers has it. */
#include "read/place_source.h"

hsd_status hsd_places_have(const char *path, const hsd_place_fields *fields,
                           const char *const *names, size_t count, bool *has, hsd_error *err) {
    hsd_place_fields plain = fields ? *fields : (hsd_place_fields){0};
    plain.mass_count = plain.text_count = 0;
    hsd_place_source source;
    hsd_status status = hsd_place_source_open(path, &plain, &source, err);
    if (status != HSD_OK) return status;
    for (size_t i = 0; i < count; i++)
        has[i] = (source.is_csv ? hsd_csv_column(&source.csv, names[i])
                                : hsd_vector_find(&source.vector, names[i])) >= 0;
    hsd_place_source_close(&source);
    return HSD_OK;
}
