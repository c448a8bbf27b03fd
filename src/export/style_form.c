/* How a person fills in the rows of a layer, as QGIS 3.22 to 4 read it from a style or a project:
 * edit widgets (fieldConfiguration), names (aliases), presets (defaults) and checks (constraints).
 * Nothing is drawn by us: the layout is the one QGIS makes (generatedlayout). The row number (fid)
 * is hidden: QGIS gives it. O(fields + choices). */
#include <string.h>

#include "export/styles.h"

/* What QGIS takes for an empty field in a value map (QgsValueMapFieldFormatter::NULL_VALUE). */
static const char empty_value[] = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}";

void hsd_text_add_preset(hsd_text *out, const char *preset, hsd_field_type type) {
    if (type != HSD_FIELD_TEXT) {
        hsd_text_add(out, preset);
        return;
    }
    hsd_text_add(out, "'");
    for (const char *quote; (quote = strchr(preset, '\'')); preset = quote + 1) {
        hsd_text_add_n(out, preset, (size_t)(quote - preset));
        hsd_text_add(out, "''");
    }
    hsd_text_add(out, preset);
    hsd_text_add(out, "'");
}

static void attribute(hsd_text *out, const char *name, const char *value) {
    hsd_text_addf(out, " %s=\"", name);
    hsd_text_add_xml(out, value);
    hsd_text_add(out, "\"");
}

static void open_widget(hsd_text *out, const char *field, const char *type) {
    hsd_text_add(out, "<field configurationFlags=\"None\"");
    attribute(out, "name", field);
    hsd_text_addf(out, "><editWidget type=\"%s\"><config><Option type=\"Map\">", type);
}

static void close_widget(hsd_text *out) {
    hsd_text_add(out, "</Option></config></editWidget></field>\n");
}

static void flag(hsd_text *out, const char *name, bool value) {
    hsd_text_addf(out, "<Option type=\"bool\" name=\"%s\" value=\"%s\"/>", name,
                  value ? "true" : "false");
}

static void value_map(hsd_text *out, const char *name, const hsd_form_field *form) {
    open_widget(out, name, "ValueMap");
    hsd_text_add(out, "<Option type=\"List\" name=\"map\">\n");
    for (size_t i = 0; i < form->choice_count; i++) {
        const hsd_choice *choice = &form->choices[i];
        const char *label = choice->label ? choice->label : choice->value ? choice->value : "";
        hsd_text_add(out, "<Option type=\"Map\"><Option type=\"QString\"");
        attribute(out, "name", label);
        attribute(out, "value", choice->value ? choice->value : empty_value);
        hsd_text_add(out, "/></Option>\n");
    }
    hsd_text_add(out, "</Option>");
    close_widget(out);
}

static void widget(hsd_text *out, const char *name, const hsd_form_field *form) {
    if (form->choice_count > 0) {
        value_map(out, name, form);
    } else if (form->widget == HSD_WIDGET_KNOWN) {
        open_widget(out, name, "UniqueValues");
        flag(out, "Editable", true);
        close_widget(out);
    } else {
        open_widget(out, name, "TextEdit");
        flag(out, "IsMultiline", form->widget == HSD_WIDGET_LINES);
        flag(out, "UseHtml", false);
        close_widget(out);
    }
}

/* An element for each field that has something to say there. */
static void each(hsd_text *out, const char *element, const hsd_styled_layer *layer,
                 void (*write)(hsd_text *, const hsd_field *, const hsd_form_field *)) {
    hsd_text_addf(out, "<%s>\n", element);
    for (size_t i = 0; i < layer->field_count; i++) write(out, &layer->fields[i], &layer->form[i]);
    hsd_text_addf(out, "</%s>\n", element);
}

static void one_alias(hsd_text *out, const hsd_field *field, const hsd_form_field *form) {
    if (!form->alias) return;
    hsd_text_add(out, "<alias");
    attribute(out, "field", field->name);
    attribute(out, "name", form->alias);
    hsd_text_add(out, "/>\n");
}

static void one_default(hsd_text *out, const hsd_field *field, const hsd_form_field *form) {
    if (!form->preset) return;
    hsd_text expression = {0};
    hsd_text_add_preset(&expression, form->preset, field->type);
    out->failed |= expression.failed;
    hsd_text_add(out, "<default applyOnUpdate=\"0\"");
    attribute(out, "field", field->name);
    attribute(out, "expression", expression.data ? expression.data : "");
    hsd_text_add(out, "/>\n");
    hsd_text_finish(&expression);
}

/* Bits of QgsFieldConstraints::Constraint: 4 is the expression; strength 1: it must hold. */
static void one_constraint(hsd_text *out, const hsd_field *field, const hsd_form_field *form) {
    if (!form->check) return;
    hsd_text_add(out, "<constraint");
    attribute(out, "field", field->name);
    hsd_text_add(out, " constraints=\"4\" notnull_strength=\"0\" unique_strength=\"0\" "
                      "exp_strength=\"1\"/>\n");
}

static void one_expression(hsd_text *out, const hsd_field *field, const hsd_form_field *form) {
    if (!form->check) return;
    hsd_text_add(out, "<constraint");
    attribute(out, "field", field->name);
    attribute(out, "exp", form->check);
    attribute(out, "desc", form->message ? form->message : "");
    hsd_text_add(out, "/>\n");
}

void hsd_qml_form(hsd_text *out, const hsd_styled_layer *layer) {
    hsd_text_add(out, "<fieldConfiguration>\n");
    open_widget(out, "fid", "Hidden");
    close_widget(out);
    for (size_t i = 0; i < layer->field_count; i++)
        widget(out, layer->fields[i].name, &layer->form[i]);
    hsd_text_add(out, "</fieldConfiguration>\n");
    each(out, "aliases", layer, one_alias);
    each(out, "defaults", layer, one_default);
    each(out, "constraints", layer, one_constraint);
    each(out, "constraintExpressions", layer, one_expression);
    hsd_text_add(out, "<editorlayout>generatedlayout</editorlayout>\n");
}
