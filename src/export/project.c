/* A QGIS project as QGIS 3.22 reads it from qgis_projects: every layer with its style, in order,
 * hidden ones switched off, in Web Mercator (what background maps come in) with lengths and areas
 * measured on the ellipsoid. QGIS resolves "./name" against the folder of the GeoPackage that holds
 * the project, so sources carry the file's final name and the file may move with its folder, not be
 * renamed. The archive is written by hand: a zip of one file with a fixed date, so that bytes
 * repeat. O(layers). */
#include <math.h>
#include <string.h>

#include <zlib.h>

#include "export/gdal_scope.h"
#include "export/styles.h"

static const double EARTH_RADIUS_M = 6378137.0;
static const double MERCATOR_LIMIT = 85.0;

typedef struct extent {
    double min_x, min_y, max_x, max_y;
} extent;

static double mercator_x(double lon) {
    return EARTH_RADIUS_M * lon * M_PI / 180;
}

static double mercator_y(double lat) {
    lat = fmax(-MERCATOR_LIMIT, fmin(MERCATOR_LIMIT, lat));
    return EARTH_RADIUS_M * asinh(tan(lat * M_PI / 180));
}

/* Of the visible views with a box of their own; else of the visible layers with rows, else of all;
 * when all are empty what is asked for; with a margin. Else the whole world. */
static extent view_extent(const hsd_box_e7 *view, const hsd_styled_layer *layers, size_t count) {
    extent e = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int pass = 0; pass < 3 && e.min_x > e.max_x; pass++) {
        for (size_t i = 0; i < count; i++) {
            const hsd_styled_layer *layer = &layers[i];
            if (layer->min_lon > layer->max_lon || (layer->hidden && pass < 2)) continue;
            if ((!layer->framed && pass == 0) || (layer->background && pass < 2)) continue;
            e.min_x = fmin(e.min_x, mercator_x(layer->min_lon));
            e.max_x = fmax(e.max_x, mercator_x(layer->max_lon));
            e.min_y = fmin(e.min_y, mercator_y(layer->min_lat));
            e.max_y = fmax(e.max_y, mercator_y(layer->max_lat));
        }
    }
    if (e.min_x > e.max_x && view)
        e = (extent){mercator_x(view->min_lon_e7 / 1e7), mercator_y(view->min_lat_e7 / 1e7),
                     mercator_x(view->max_lon_e7 / 1e7), mercator_y(view->max_lat_e7 / 1e7)};
    if (e.min_x > e.max_x)
        return (extent){mercator_x(-180), mercator_y(-80), mercator_x(180), mercator_y(80)};
    double margin = 0.04 * fmax(e.max_x - e.min_x, e.max_y - e.min_y);
    if (!(margin > 50)) margin = 1000; /* a single point */
    return (extent){e.min_x - margin, e.min_y - margin, e.max_x + margin, e.max_y + margin};
}

static void number_element(hsd_text *out, const char *name, double value) {
    char buffer[32];
    hsd_text_addf(out, "<%s>%s</%s>", name, hsd_double_text(value, buffer), name);
}

static void extent_element(hsd_text *out, const char *name, double min_x, double min_y,
                           double max_x, double max_y) {
    hsd_text_addf(out, "<%s>", name);
    number_element(out, "xmin", min_x);
    number_element(out, "ymin", min_y);
    number_element(out, "xmax", max_x);
    number_element(out, "ymax", max_y);
    hsd_text_addf(out, "</%s>\n", name);
}

static const char mercator[] =
    "<spatialrefsys><srsid>3857</srsid><srid>3857</srid><authid>EPSG:3857</authid>"
    "<description>WGS 84 / Pseudo-Mercator</description>"
    "<projectionacronym>merc</projectionacronym><ellipsoidacronym>EPSG:7030</ellipsoidacronym>"
    "<geographicflag>false</geographicflag></spatialrefsys>";
static const char wgs84[] =
    "<spatialrefsys><srsid>3452</srsid><srid>4326</srid><authid>EPSG:4326</authid>"
    "<description>WGS 84</description><projectionacronym>longlat</projectionacronym>"
    "<ellipsoidacronym>EPSG:7030</ellipsoidacronym><geographicflag>true</geographicflag>"
    "</spatialrefsys>";

static void element(hsd_text *out, const char *name, const char *value) {
    hsd_text_addf(out, "<%s>", name);
    if (value) hsd_text_add_xml(out, value);
    hsd_text_addf(out, "</%s>\n", name);
}

static const char *shown_name(const hsd_styled_layer *layer) {
    return layer->title && layer->title[0] ? layer->title : layer->name;
}

static bool is_styled(const hsd_styled_layer *layer) {
    return layer->geometry != HSD_GEOMETRY_NONE && layer->style &&
           layer->style->kind != HSD_STYLE_NONE && layer->style->class_count > 0;
}

static void source(hsd_text *out, const char *file_name, const hsd_styled_layer *layer) {
    hsd_text_add(out, "./");
    hsd_text_add_xml(out, file_name);
    hsd_text_add(out, "|layername=");
    hsd_text_add_xml(out, layer->name);
    if (!layer->filter) return;
    hsd_text_add(out, "|subset=");
    hsd_text_add_xml(out, layer->filter);
}

static void tree(hsd_text *out, const char *file_name, const hsd_styled_layer *layers,
                 size_t count) {
    hsd_text_add(out, "<layer-tree-group>\n");
    for (size_t i = 0; i < count; i++) {
        hsd_text_addf(
            out,
            "<layer-tree-layer id=\"hourshed_layer_%zu\" providerKey=\"ogr\" expanded=\"%d\" "
            "checked=\"%s\" name=\"",
            i, !layers[i].hidden, layers[i].hidden ? "Qt::Unchecked" : "Qt::Checked");
        hsd_text_add_xml(out, shown_name(&layers[i]));
        hsd_text_add(out, "\" source=\"");
        source(out, file_name, &layers[i]);
        hsd_text_add(out, "\"/>\n");
    }
    hsd_text_add(out, "<custom-order enabled=\"0\"/>\n</layer-tree-group>\n");
}

static void map_layer(hsd_text *out, const char *file_name, const hsd_styled_layer *layer,
                      size_t number) {
    static const char *const kinds[] = {"No geometry", "Point", "Line", "Polygon"};
    static const char *const wkb[] = {"NoGeometry", "Point", "MultiLineString", "MultiPolygon"};
    bool labels = is_styled(layer) && layer->style->label_field && layer->style->label_field[0];
    hsd_text_addf(
        out,
        "<maplayer type=\"vector\" geometry=\"%s\" wkbType=\"%s\" labelsEnabled=\"%d\" "
        "styleCategories=\"AllStyleCategories\" simplifyDrawingHints=\"1\" "
        "simplifyDrawingTol=\"1\" simplifyLocal=\"1\" simplifyMaxScale=\"1\" "
        "hasScaleBasedVisibilityFlag=\"0\" readOnly=\"0\">\n<id>hourshed_layer_%zu</id>\n",
        kinds[layer->geometry], wkb[layer->geometry], labels, number);
    if (layer->min_lon <= layer->max_lon)
        extent_element(out, "extent", layer->min_lon, layer->min_lat, layer->max_lon,
                       layer->max_lat);
    hsd_text_add(out, "<datasource>");
    source(out, file_name, layer);
    hsd_text_add(out, "</datasource>\n");
    element(out, "layername", shown_name(layer));
    element(out, "title", shown_name(layer));
    element(out, "abstract", layer->description);
    if (layer->geometry != HSD_GEOMETRY_NONE) hsd_text_addf(out, "<srs>%s</srs>\n", wgs84);
    hsd_text_add(out, "<provider encoding=\"UTF-8\">ogr</provider>\n"
                      "<flags><Identifiable>1</Identifiable><Removable>1</Removable>"
                      "<Searchable>1</Searchable><Private>0</Private></flags>\n");
    if (is_styled(layer)) hsd_qml_elements(out, layer);
    if (layer->form) hsd_qml_form(out, layer);
    hsd_text_add(out, "<layerOpacity>1</layerOpacity>\n</maplayer>\n");
}

static void canvas(hsd_text *out, extent e) {
    char numbers[4][32];
    hsd_text_add(out, "<mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\">"
                      "<units>meters</units>\n");
    extent_element(out, "extent", e.min_x, e.min_y, e.max_x, e.max_y);
    hsd_text_addf(out, "<rotation>0</rotation><destinationsrs>%s</destinationsrs></mapcanvas>\n",
                  mercator);
    hsd_text_addf(out,
                  "<ProjectViewSettings UseProjectScales=\"0\" rotation=\"0\"><Scales/>"
                  "<DefaultViewExtent xmin=\"%s\" ymin=\"%s\" xmax=\"%s\" ymax=\"%s\">%s"
                  "</DefaultViewExtent></ProjectViewSettings>\n",
                  hsd_double_text(e.min_x, numbers[0]), hsd_double_text(e.min_y, numbers[1]),
                  hsd_double_text(e.max_x, numbers[2]), hsd_double_text(e.max_y, numbers[3]),
                  mercator);
}

static const char properties[] =
    "<properties>\n"
    "<Gui><CanvasColorBluePart type=\"int\">255</CanvasColorBluePart>"
    "<CanvasColorGreenPart type=\"int\">255</CanvasColorGreenPart>"
    "<CanvasColorRedPart type=\"int\">255</CanvasColorRedPart></Gui>\n"
    "<Measure><Ellipsoid type=\"QString\">EPSG:7030</Ellipsoid></Measure>\n"
    "<Measurement><AreaUnits type=\"QString\">km2</AreaUnits>"
    "<DistanceUnits type=\"QString\">km</DistanceUnits></Measurement>\n"
    "<Paths><Absolute type=\"bool\">false</Absolute></Paths>\n"
    "<SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>\n"
    "</properties>\n";

void hsd_project_document(hsd_text *out, const char *title, const char *file_name,
                          const hsd_box_e7 *view, const hsd_styled_layer *layers, size_t count) {
    char stamp[32];
    hsd_stamp_text(stamp);
    stamp[19] = '\0'; /* without fraction and zone, as QGIS writes it */
    hsd_text_addf(out,
                  "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
                  "<qgis version=\"3.22.0\" saveDateTime=\"%s\" saveUser=\"hourshed\" "
                  "saveUserFull=\"hourshed\" projectname=\"",
                  stamp);
    hsd_text_add_xml(out, title);
    hsd_text_add(out, "\">\n<homePath path=\"\"/>\n");
    element(out, "title", title);
    hsd_text_addf(out, "<projectCrs>%s</projectCrs>\n", mercator);
    tree(out, file_name, layers, count);
    canvas(out, view_extent(view, layers, count));
    hsd_text_add(out, "<projectlayers>\n");
    for (size_t i = 0; i < count; i++) map_layer(out, file_name, &layers[i], i);
    hsd_text_add(out, "</projectlayers>\n<layerorder>\n");
    for (size_t i = 0; i < count; i++)
        hsd_text_addf(out, "<layer id=\"hourshed_layer_%zu\"/>\n", i);
    hsd_text_add(out, "</layerorder>\n");
    hsd_text_add(out, properties);
    hsd_text_add(out, "</qgis>\n");
}
