/* The same styles as SLD 1.1.0 (OGC Symbology Encoding), for readers that are not QGIS. Sizes are
 * pixels of 0.28 mm, as the standard has them. Rules do not overlap: each class is (previous bound,
 * bound], the first one open downwards. O(classes). */
#include <math.h>

#include "export/styles.h"

static void parameter_number(hsd_text *out, const char *name, double value) {
    char buffer[32];
    hsd_text_addf(out, "<se:SvgParameter name=\"%s\">%s</se:SvgParameter>", name,
                  hsd_double_text(value, buffer));
}

static double pixels(double mm, double fallback_mm) {
    return round((mm > 0 ? mm : fallback_mm) / 0.28 * 100) / 100;
}

static void paint(hsd_text *out, const char *element, const char *name, uint32_t rgba) {
    hsd_text_addf(out, "<se:%s><se:SvgParameter name=\"%s\">#%06x</se:SvgParameter>", element, name,
                  rgba >> 8);
    if ((rgba & 255) != 255)
        parameter_number(out, element[0] == 'F' ? "fill-opacity" : "stroke-opacity",
                         round((double)(rgba & 255) / 255 * 1000) / 1000);
}

static void fill(hsd_text *out, uint32_t rgba) {
    paint(out, "Fill", "fill", rgba);
    hsd_text_add(out, "</se:Fill>");
}

static void stroke(hsd_text *out, uint32_t rgba, double width_mm) {
    paint(out, "Stroke", "stroke", rgba);
    parameter_number(out, "stroke-width", pixels(width_mm, 0.3));
    hsd_text_add(out, "<se:SvgParameter name=\"stroke-linejoin\">round</se:SvgParameter>"
                      "</se:Stroke>");
}

static void symbolizer(hsd_text *out, const hsd_styled_layer *layer, uint32_t rgba) {
    const hsd_style *style = layer->style;
    char buffer[32];
    if (layer->geometry == HSD_GEOMETRY_POLYGON) {
        hsd_text_add(out, "<se:PolygonSymbolizer>");
        if (!style->outline_only) fill(out, rgba);
        stroke(out, style->outline_only ? rgba : hsd_rgba_alpha(hsd_rgba_shade(rgba, 0.8), 255),
               style->width_mm);
        hsd_text_add(out, "</se:PolygonSymbolizer>\n");
    } else if (layer->geometry == HSD_GEOMETRY_LINE) {
        hsd_text_add(out, "<se:LineSymbolizer>");
        stroke(out, rgba, style->width_mm);
        hsd_text_add(out, "</se:LineSymbolizer>\n");
    } else {
        hsd_text_add(out, "<se:PointSymbolizer><se:Graphic><se:Mark>"
                          "<se:WellKnownName>circle</se:WellKnownName>");
        fill(out, rgba);
        stroke(out, 0xFFFFFFFFu, style->width_mm);
        hsd_text_addf(out, "</se:Mark><se:Size>%s</se:Size></se:Graphic></se:PointSymbolizer>\n",
                      hsd_double_text(pixels(style->size_mm, 2.5), buffer));
    }
}

static void compare(hsd_text *out, const char *operator, const char * field, const char *text,
                    double value) {
    hsd_text_addf(out, "<ogc:%s><ogc:PropertyName>", operator);
    hsd_text_add_xml(out, field);
    hsd_text_add(out, "</ogc:PropertyName><ogc:Literal>");
    char buffer[32];
    hsd_text_add_xml(out, text ? text : hsd_double_text(value, buffer));
    hsd_text_addf(out, "</ogc:Literal></ogc:%s>", operator);
}

static void filter(hsd_text *out, const hsd_style *style, size_t i) {
    const hsd_style_class *class = &style->classes[i];
    if (style->kind == HSD_STYLE_SINGLE) return;
    bool below = style->kind == HSD_STYLE_GRADUATED && isfinite(class->value);
    bool above = style->kind == HSD_STYLE_GRADUATED && i > 0;
    if (style->kind == HSD_STYLE_GRADUATED && !below && !above) return;
    hsd_text_add(out, "<ogc:Filter>");
    if (below && above) hsd_text_add(out, "<ogc:And>");
    if (above)
        compare(out, "PropertyIsGreaterThan", style->field, NULL, style->classes[i - 1].value);
    if (below) compare(out, "PropertyIsLessThanOrEqualTo", style->field, NULL, class->value);
    if (below && above) hsd_text_add(out, "</ogc:And>");
    if (style->kind == HSD_STYLE_CATEGORIES)
        compare(out, "PropertyIsEqualTo", style->field, class->text, class->value);
    hsd_text_add(out, "</ogc:Filter>\n");
}

static void rule(hsd_text *out, const hsd_styled_layer *layer, size_t i) {
    const hsd_style_class *class = &layer->style->classes[i];
    const char *label = class->label ? class->label : class->text ? class->text : "";
    hsd_text_add(out, "<se:Rule><se:Name>");
    hsd_text_add_xml(out, label);
    hsd_text_add(out, "</se:Name><se:Description><se:Title>");
    hsd_text_add_xml(out, label);
    hsd_text_add(out, "</se:Title></se:Description>\n");
    filter(out, layer->style, i);
    symbolizer(out, layer, class->rgba);
    hsd_text_add(out, "</se:Rule>\n");
}

static void labels(hsd_text *out, const hsd_styled_layer *layer) {
    hsd_text_add(out, "<se:Rule><se:TextSymbolizer><se:Label><ogc:PropertyName>");
    hsd_text_add_xml(out, layer->style->label_field);
    hsd_text_add(out,
                 "</ogc:PropertyName></se:Label>"
                 "<se:Font><se:SvgParameter name=\"font-size\">12</se:SvgParameter></se:Font>");
    if (layer->geometry == HSD_GEOMETRY_LINE)
        hsd_text_add(out, "<se:LabelPlacement><se:LinePlacement/></se:LabelPlacement>");
    else if (layer->geometry == HSD_GEOMETRY_POINT)
        hsd_text_add(out, "<se:LabelPlacement><se:PointPlacement>"
                          "<se:AnchorPoint><se:AnchorPointX>0</se:AnchorPointX>"
                          "<se:AnchorPointY>0</se:AnchorPointY></se:AnchorPoint>"
                          "<se:Displacement><se:DisplacementX>5</se:DisplacementX>"
                          "<se:DisplacementY>5</se:DisplacementY></se:Displacement>"
                          "</se:PointPlacement></se:LabelPlacement>");
    hsd_text_add(out, "<se:Halo><se:Radius>2</se:Radius>");
    fill(out, 0xFFFFFFFFu);
    hsd_text_add(out, "</se:Halo>");
    fill(out, 0x222222FFu);
    hsd_text_add(out, "</se:TextSymbolizer></se:Rule>\n");
}

void hsd_sld_document(hsd_text *out, const hsd_styled_layer *layer) {
    hsd_text_add(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<StyledLayerDescriptor version=\"1.1.0\" "
                 "xmlns=\"http://www.opengis.net/sld\" xmlns:ogc=\"http://www.opengis.net/ogc\" "
                 "xmlns:se=\"http://www.opengis.net/se\" "
                 "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                 "xsi:schemaLocation=\"http://www.opengis.net/sld "
                 "http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd\">\n"
                 "<NamedLayer><se:Name>");
    hsd_text_add_xml(out, layer->name);
    hsd_text_add(out, "</se:Name><UserStyle><se:Name>");
    hsd_text_add_xml(out, layer->name);
    hsd_text_add(out, "</se:Name><se:FeatureTypeStyle>\n");
    /* painted in the order of the rules: the outer, larger circles first */
    size_t count = layer->style->class_count;
    bool reverse = layer->style->kind == HSD_STYLE_GRADUATED;
    for (size_t i = 0; i < count; i++) rule(out, layer, reverse ? count - 1 - i : i);
    if (layer->style->label_field && layer->style->label_field[0]) labels(out, layer);
    hsd_text_add(out, "</se:FeatureTypeStyle></UserStyle></NamedLayer>\n"
                      "</StyledLayerDescriptor>\n");
}
