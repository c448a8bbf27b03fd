/* QGIS styles (QML), written in the form that QGIS 3.22 to 4 read: symbol layers as <Option> maps,
 * with only the settings that differ from QGIS's own defaults. Classes of a graduated style are
 * (previous bound, bound]: QGIS takes the first range that holds a value, so a value on a bound
 * belongs to the class below it, as cut-offs do (design 5.2). O(classes). */
#include <math.h>
#include <string.h>

#include "export/styles.h"

static void add_number(hsd_text *out, double value) {
    char buffer[32];
    hsd_text_add(out, hsd_double_text(value, buffer));
}

static void option(hsd_text *out, const char *name, const char *value) {
    hsd_text_addf(out, "<Option type=\"QString\" name=\"%s\" value=\"%s\"/>", name, value);
}

static void option_number(hsd_text *out, const char *name, double value) {
    char buffer[32];
    option(out, name, hsd_double_text(value, buffer));
}

static void option_colour(hsd_text *out, const char *name, uint32_t rgba) {
    hsd_text_addf(out, "<Option type=\"QString\" name=\"%s\" value=\"%u,%u,%u,%u\"/>", name,
                  rgba >> 24, rgba >> 16 & 255, rgba >> 8 & 255, rgba & 255);
}

static void fill_options(hsd_text *out, const hsd_style *style, uint32_t rgba) {
    option_colour(out, "color", rgba);
    option(out, "style", style->outline_only ? "no" : "solid");
    /* a transparent fill needs an outline one can follow: darker, opaque */
    option_colour(out, "outline_color",
                  style->outline_only ? rgba : hsd_rgba_alpha(hsd_rgba_shade(rgba, 0.8), 255));
    option(out, "outline_style", "solid");
    option_number(out, "outline_width", style->width_mm > 0 ? style->width_mm : 0.3);
    option(out, "outline_width_unit", "MM");
    option(out, "joinstyle", "round");
}

static void line_options(hsd_text *out, const hsd_style *style, uint32_t rgba) {
    option_colour(out, "line_color", rgba);
    option(out, "line_style", "solid");
    option_number(out, "line_width", style->width_mm > 0 ? style->width_mm : 0.3);
    option(out, "line_width_unit", "MM");
    option(out, "capstyle", "round");
    option(out, "joinstyle", "round");
}

static void point_options(hsd_text *out, const hsd_style *style, uint32_t rgba) {
    option(out, "name", "circle");
    option_colour(out, "color", rgba);
    option_colour(out, "outline_color", 0xFFFFFFFFu); /* a rim sets it off from fills and roads */
    option(out, "outline_style", "solid");
    option_number(out, "outline_width", style->width_mm > 0 ? style->width_mm : 0.3);
    option(out, "outline_width_unit", "MM");
    option_number(out, "size", style->size_mm > 0 ? style->size_mm : 2.5);
    option(out, "size_unit", "MM");
}

static void symbol(hsd_text *out, const hsd_styled_layer *layer, size_t number, uint32_t rgba) {
    static const char *const types[] = {"", "marker", "line", "fill"};
    static const char *const classes[] = {"", "SimpleMarker", "SimpleLine", "SimpleFill"};
    hsd_text_addf(out,
                  "<symbol type=\"%s\" clip_to_extent=\"1\" force_rhr=\"0\" alpha=\"1\" "
                  "name=\"%zu\">\n"
                  "<layer enabled=\"1\" pass=\"0\" class=\"%s\" locked=\"0\">"
                  "<Option type=\"Map\">",
                  types[layer->geometry], number, classes[layer->geometry]);
    if (layer->geometry == HSD_GEOMETRY_POLYGON) fill_options(out, layer->style, rgba);
    if (layer->geometry == HSD_GEOMETRY_LINE) line_options(out, layer->style, rgba);
    if (layer->geometry == HSD_GEOMETRY_POINT) point_options(out, layer->style, rgba);
    hsd_text_add(out, "</Option></layer>\n</symbol>\n");
}

static void symbols(hsd_text *out, const hsd_styled_layer *layer) {
    hsd_text_add(out, "<symbols>\n");
    for (size_t i = 0; i < layer->style->class_count; i++)
        symbol(out, layer, i, layer->style->classes[i].rgba);
    hsd_text_add(out, "</symbols>\n<rotation/>\n<sizescale/>\n");
}

static void label_of(hsd_text *out, const hsd_style_class *class) {
    hsd_text_add(out, " label=\"");
    if (class->label)
        hsd_text_add_xml(out, class->label);
    else if (class->text)
        hsd_text_add_xml(out, class->text);
    hsd_text_add(out, "\"");
}

static void categories(hsd_text *out, const hsd_styled_layer *layer) {
    const hsd_style *style = layer->style;
    hsd_text_add(out, "<categories>\n");
    for (size_t i = 0; i < style->class_count; i++) {
        const hsd_style_class *class = &style->classes[i];
        hsd_text_addf(out, "<category render=\"true\" symbol=\"%zu\" type=\"%s\" value=\"", i,
                      class->text ? "string" : "double");
        if (class->text)
            hsd_text_add_xml(out, class->text);
        else
            add_number(out, class->value);
        hsd_text_add(out, "\"");
        label_of(out, class);
        hsd_text_add(out, "/>\n");
    }
    hsd_text_add(out, "</categories>\n");
}

/* Everything up to the first bound is in the first class: down to 0, or further if rows are. */
static void ranges(hsd_text *out, const hsd_styled_layer *layer) {
    const hsd_style *style = layer->style;
    bool any = layer->min_value <= layer->max_value;
    double lower = any ? fmin(0, floor(layer->min_value)) : 0;
    hsd_text_add(out, "<ranges>\n");
    for (size_t i = 0; i < style->class_count; i++) {
        double upper = style->classes[i].value;
        if (!isfinite(upper)) upper = fmax(any ? ceil(layer->max_value) : 0, lower + 1);
        hsd_text_addf(out, "<range render=\"true\" symbol=\"%zu\" lower=\"", i);
        add_number(out, fmin(lower, upper));
        hsd_text_add(out, "\" upper=\"");
        add_number(out, upper);
        hsd_text_add(out, "\"");
        label_of(out, &style->classes[i]);
        hsd_text_add(out, "/>\n");
        lower = upper;
    }
    hsd_text_add(out, "</ranges>\n");
}

static void renderer(hsd_text *out, const hsd_styled_layer *layer) {
    const hsd_style *style = layer->style;
    static const char *const types[] = {"", "singleSymbol", "categorizedSymbol", "graduatedSymbol"};
    /* nested circles overlap: the larger are drawn first, so that no inner one is covered */
    bool ordered = style->kind == HSD_STYLE_GRADUATED && layer->geometry == HSD_GEOMETRY_POLYGON;
    hsd_text_addf(out,
                  "<renderer-v2 type=\"%s\" symbollevels=\"0\" enableorderby=\"%d\" "
                  "forceraster=\"0\" referencescale=\"-1\"",
                  types[style->kind], ordered);
    if (style->kind != HSD_STYLE_SINGLE && style->field) {
        hsd_text_add(out, " attr=\"");
        hsd_text_add_xml(out, style->field);
        hsd_text_add(out, "\"");
    }
    if (style->kind == HSD_STYLE_GRADUATED)
        hsd_text_add(out, " graduatedMethod=\"GraduatedColor\"");
    hsd_text_add(out, ">\n");
    if (style->kind == HSD_STYLE_CATEGORIES) categories(out, layer);
    if (style->kind == HSD_STYLE_GRADUATED) ranges(out, layer);
    symbols(out, layer);
    if (ordered) {
        hsd_text_add(out, "<orderby><orderByClause asc=\"0\" nullsFirst=\"0\">&quot;");
        hsd_text_add_xml(out, style->field);
        hsd_text_add(out, "&quot;</orderByClause></orderby>\n");
    }
    hsd_text_add(out, "</renderer-v2>\n");
}

/* No font family: QGIS then takes its own, which falls back to one with Chinese where it must. */
static void labeling(hsd_text *out, const hsd_styled_layer *layer) {
    /* QgsPalLayerSettings::Placement: ordered round a point, along a line, horizontal in an area */
    static const int placements[] = {0, 6, 2, 4};
    hsd_text_add(out, "<labeling type=\"simple\"><settings calloutType=\"simple\">\n"
                      "<text-style fieldName=\"");
    hsd_text_add_xml(out, layer->style->label_field);
    hsd_text_addf(out,
                  "\" isExpression=\"0\" fontSize=\"9\" fontSizeUnit=\"Point\" "
                  "textColor=\"34,34,34,255\" textOpacity=\"1\" fontWeight=\"50\">"
                  "<text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" "
                  "bufferColor=\"255,255,255,255\" bufferOpacity=\"0.85\" bufferNoFill=\"1\" "
                  "bufferJoinStyle=\"128\"/></text-style>\n"
                  "<placement placement=\"%d\" dist=\"0.6\" distUnits=\"MM\" offsetType=\"1\" "
                  "predefinedPositionOrder=\"TR,TL,BR,BL,R,L,TSR,BSR\" placementFlags=\"10\" "
                  "polygonPlacementFlags=\"2\" priority=\"5\"/>\n"
                  "<rendering drawLabels=\"1\" obstacle=\"%d\" mergeLines=\"1\" "
                  "fontMinPixelSize=\"3\" fontMaxPixelSize=\"10000\"/>\n"
                  "</settings></labeling>\n",
                  placements[layer->geometry], layer->geometry == HSD_GEOMETRY_POINT);
}

static bool has_labels(const hsd_styled_layer *layer) {
    return layer->style && layer->style->label_field && layer->style->label_field[0];
}

void hsd_qml_elements(hsd_text *out, const hsd_styled_layer *layer) {
    renderer(out, layer);
    if (has_labels(layer)) labeling(out, layer);
}

/* Only what stands in the document is named: QGIS leaves the rest of a layer as it is. */
static void add_categories(hsd_text *out, const hsd_styled_layer *layer) {
    hsd_text_addf(out, "%s%s%s", layer->style ? "Symbology|Labeling" : "",
                  layer->style && layer->form ? "|" : "", layer->form ? "Fields|Forms" : "");
}

void hsd_qml_document(hsd_text *out, const hsd_styled_layer *layer) {
    hsd_text_add(out, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
                      "<qgis version=\"3.22.0\" styleCategories=\"");
    add_categories(out, layer);
    hsd_text_addf(out, "\" labelsEnabled=\"%d\">\n", has_labels(layer));
    if (layer->style) hsd_qml_elements(out, layer);
    if (layer->form) hsd_qml_form(out, layer);
    static const int qgis_types[] = {4, 0, 1, 2}; /* QgsWkbTypes::GeometryType */
    hsd_text_addf(out,
                  "<layerOpacity>1</layerOpacity>\n<layerGeometryType>%d</layerGeometryType>\n"
                  "</qgis>\n",
                  qgis_types[layer->geometry]);
}
