/* A dataset in the making: shared by the files of this stage. The only header here with GDAL types.
 */
#ifndef EXPORT_DATASET_H
#define EXPORT_DATASET_H

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/gdal_scope.h"
#include "export/styles.h"

typedef enum hsd_container {
    HSD_CONTAINER_GEOPACKAGE, /* one file, with styles, project and provenance */
    HSD_CONTAINER_FILE,       /* one file of several layers */
    HSD_CONTAINER_FOLDER      /* a file a layer */
} hsd_container;

/* A layer's description, kept until the styles are written; rows are not. */
typedef struct hsd_kept_layer {
    hsd_styled_layer styled;
    hsd_style style;
    hsd_style_class *classes;
    hsd_layer_view *views;
    size_t view_count;
    hsd_field *fields;
    hsd_form_field *form; /* NULL: none; its choices lie in dataset->choices */
    size_t field_count;
    size_t style_field; /* index of the style's field; field_count: none */
} hsd_kept_layer;

struct hsd_dataset {
    char *path, *title, *provenance;
    char extension[16]; /* of the driver, without dot */
    bool overwrite, failed, has_view;
    hsd_box_e7 view;
    hsd_container container;
    GDALDriverH driver;
    char **dataset_options, **layer_options; /* GDAL string lists */
    hsd_output output;                       /* GeoPackage */
    char *stage;                             /* others: a folder beside the path */
    GDALDatasetH gdal;
    OGRLayerH layer;
    OGRFeatureH feature; /* reused from row to row */
    OGRSpatialReferenceH wgs84;
    hsd_datum datum;               /* of the geometry as it is written */
    HSD_ARRAY(hsd_lonlat) shifted; /* that of a row, in it */
    /* Of the layer being written: where the driver put each field of the spec. */
    HSD_ARRAY(int) columns;
    bool lonlat_columns; /* points of a table */
    bool lonlat_fields;  /* the spec's own, of points in another datum: they follow the geometry */
    int lon_column, lat_column;
    HSD_ARRAY(hsd_kept_layer) layers;
    HSD_ARRAY(char *) texts; /* what the kept layers point to */
    HSD_ARRAY(hsd_choice *) choices;
};

/* ---- formats.c */
/* The driver by name or by the path's ending, what container it makes, and the options sorted. */
hsd_status hsd_dataset_format(hsd_dataset *dataset, const hsd_dataset_options *options,
                              hsd_error *err);

/* ---- stage.c: outputs of several files */
hsd_status hsd_stage_begin(hsd_dataset *dataset, hsd_error *err);
/* Path inside the stage for a layer (NULL: the dataset's own name); the caller frees. */
char *hsd_stage_path(const hsd_dataset *dataset, const char *layer, hsd_error *err);
hsd_status hsd_stage_commit(hsd_dataset *dataset, hsd_error *err);
void hsd_stage_discard(hsd_dataset *dataset);

/* ---- geometry.c */
/* An OGR geometry of the layer's type (lines and polygons always multi); NULL when GDAL has no
 * room.
 */
OGRGeometryH hsd_ogr_geometry(const hsd_geometry *geometry);

/* ---- kept_layer.c */
/* The layer's place in layers holds what was kept so far even when it fails, for destroy. */
hsd_status hsd_keep_layer(hsd_dataset *dataset, const hsd_layer_spec *spec, hsd_error *err);
/* Layers may have moved while more came: styles and forms are linked when all are there. */
void hsd_link_styles(hsd_dataset *dataset);

/* ---- geopackage.c */
/* Titles, provenance, styles and the project, inside the open transaction. */
hsd_status hsd_geopackage_finish(hsd_dataset *dataset, hsd_gdal_scope *scope, hsd_error *err);
#endif
