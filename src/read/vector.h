/* GDAL vector layers for the readers: opening, the coordinate system, fields, geometries. The only
 * reader code that touches OGR's coordinate systems. Private to read/. */
#ifndef READ_VECTOR_H
#define READ_VECTOR_H

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "hourshed/geo.h"

enum { HSD_VECTOR_TABLE_PASSES = 1 }; /* a layer without geometry may be opened */

typedef struct hsd_vector {
    GDALDatasetH dataset;
    OGRLayerH layer;
    OGRCoordinateTransformationH transform; /* NULL: already WGS84, or no geometry */
    const char *file;                       /* borrowed: name without folders */
    const char *layer_name;                 /* of the dataset */
    bool geographic;                        /* the layer's own coordinates are degrees */
    hsd_datum datum;                        /* what its degrees are in, once transformed */
    bool has_geometry;
    const char *encoding_option; /* advised where text is not UTF-8; NULL: --encoding */
} hsd_vector;

/* While any of these run GDAL's own messages are held back (hsd_quiet_begin); the last one becomes
 * the error's text. */
typedef struct hsd_vector_options {
    const char *layer;                        /* NULL: the only one with geometry */
    const char *encoding;                     /* NULL: what the source declares */
    const char *assume_crs;                   /* only used when the layer has none */
    const char *datum;                        /* NULL: "wgs84" */
    const char *crs_option, *encoding_option; /* what messages advise; NULL: the general ones */
    unsigned flags;
    const struct hsd_vector *beside; /* another layer of the file, opened before; may be NULL */
} hsd_vector_options;
hsd_status hsd_vector_open(const char *path, const hsd_vector_options *options, hsd_vector *out,
                           hsd_error *err);
void hsd_vector_close(hsd_vector *vector); /* NULL-safe */

/* The file alone, for `beside`: no layer of it is chosen. */
hsd_status hsd_vector_open_file(const char *path, const char *encoding, hsd_vector *out,
                                hsd_error *err);
/* Its layers, in their order, for those who choose by what there is. */
typedef struct hsd_vector_layer {
    char *name;
    bool drawn, lines; /* has geometry; may have lines */
} hsd_vector_layer;
hsd_status hsd_vector_layers(const hsd_vector *file, hsd_vector_layer **out, size_t *count,
                             hsd_error *err);
void hsd_vector_layers_finish(hsd_vector_layer *layers, size_t count); /* NULL-safe */

/* Index of a field (any case), -1 for NULL; -1 and no error for a name that is not there. */
int hsd_vector_find(const hsd_vector *vector, const char *name);
/* The same; a name that is not there is an error that lists the fields there are. */
hsd_status hsd_vector_need(const hsd_vector *vector, const char *name, int *index, hsd_error *err);
/* The next feature, NULL at the end; a read error half-way is an error. The caller destroys it. */
hsd_status hsd_vector_next(const hsd_vector *vector, OGRFeatureH *feature, hsd_error *err);

/* "FILE feature N: MESSAGE" */
hsd_status hsd_vector_fail(const hsd_vector *vector, OGRFeatureH feature, hsd_error *err,
                           const char *format, ...) HSD_PRINTF(4, 5);
/* Text of a field, borrowed until the feature goes; "" where NULL or index -1. Must be UTF-8. */
hsd_status hsd_vector_text(const hsd_vector *vector, OGRFeatureH feature, int index,
                           const char **out, hsd_error *err);
/* A number, from a numeric or a text field; given = false where it is NULL or empty. */
hsd_status hsd_vector_number(const hsd_vector *vector, OGRFeatureH feature, int index, double *out,
                             bool *given, hsd_error *err);

/* A geometry in WGS84, out of the vector's datum too. Lines: each part a ring; polygons: rings
 * closed and wound as hsd_geometry wants; points: one. What cannot be used leaves out empty and
 * fills fault (HSD_FAULT_SIZE): that is no error. Z, M and curves are flattened. */
enum { HSD_FAULT_SIZE = 200 };
hsd_status hsd_vector_geometry(const hsd_vector *vector, OGRGeometryH geometry, hsd_geometry *out,
                               char *fault, hsd_error *err);

/* WGS84 from a CRS text such as "EPSG:4490" or from an OGR one; *transform is NULL where nothing is
 * to be done. Axes are always x = longitude or easting. */
typedef struct hsd_assumed_crs {
    const char *crs;    /* where there is no own one; NULL: that is refused */
    const char *option; /* how to say it; NULL: --assume-crs */
} hsd_assumed_crs;
hsd_status hsd_crs_transform(OGRSpatialReferenceH own, hsd_assumed_crs assumed, const char *what,
                             OGRCoordinateTransformationH *transform, bool *geographic,
                             hsd_error *err);

/* Between these GDAL prints nothing; the pair may nest. */
void hsd_quiet_begin(void);
void hsd_quiet_end(void);
/* GDAL's last message in one line. */
const char *hsd_gdal_message(char *buffer); /* HSD_FAULT_SIZE */
#endif
