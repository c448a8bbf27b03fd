/* A layer's description outlives the call that gave it: styles and the project are written at
 * commit, from copies of every text. O(fields + classes + choices). */
#include <math.h>
#include <string.h>

#include "export/dataset.h"

static const char *keep(hsd_dataset *dataset, const char *text, bool *ok, hsd_error *err) {
    if (!text || !*ok) return NULL;
    char *copy = hsd_strdup(text, err);
    if (copy && hsd_array_push(&dataset->texts, copy, err)) return copy;
    hsd_free(copy);
    *ok = false;
    return NULL;
}

static bool keep_style(hsd_dataset *dataset, hsd_kept_layer *layer, const hsd_style *style,
                       hsd_error *err) {
    bool ok = true;
    layer->style = *style;
    layer->style.field = keep(dataset, style->field, &ok, err);
    layer->style.label_field = keep(dataset, style->label_field, &ok, err);
    layer->classes = hsd_calloc(style->class_count, sizeof *layer->classes, err);
    if (!layer->classes) return false;
    layer->style.classes = layer->classes;
    for (size_t i = 0; ok && i < style->class_count; i++) {
        layer->classes[i] = style->classes[i];
        layer->classes[i].text = keep(dataset, style->classes[i].text, &ok, err);
        layer->classes[i].label = keep(dataset, style->classes[i].label, &ok, err);
    }
    return ok;
}

static bool keep_fields(hsd_dataset *dataset, hsd_kept_layer *layer, const hsd_layer_spec *spec,
                        hsd_error *err) {
    bool ok = true;
    layer->fields = hsd_calloc(spec->field_count, sizeof *layer->fields, err);
    if (!layer->fields) return false;
    layer->field_count = layer->style_field = spec->field_count;
    for (size_t i = 0; ok && i < spec->field_count; i++) {
        layer->fields[i] = (hsd_field){.name = keep(dataset, spec->fields[i].name, &ok, err),
                                       .type = spec->fields[i].type,
                                       .title = keep(dataset, spec->fields[i].title, &ok, err)};
        if (spec->style && spec->style->field &&
            strcmp(spec->style->field, spec->fields[i].name) == 0)
            layer->style_field = i;
    }
    return ok;
}

static const hsd_choice *keep_choices(hsd_dataset *dataset, const hsd_form_field *field, bool *ok,
                                      hsd_error *err) {
    if (!*ok || field->choice_count == 0) return NULL;
    hsd_choice *choices = hsd_calloc(field->choice_count, sizeof *choices, err);
    *ok = choices && hsd_array_push(&dataset->choices, choices, err);
    if (!*ok) {
        hsd_free(choices);
        return NULL;
    }
    for (size_t i = 0; i < field->choice_count; i++) {
        choices[i].value = keep(dataset, field->choices[i].value, ok, err);
        choices[i].label = keep(dataset, field->choices[i].label, ok, err);
    }
    return choices;
}

static bool keep_form(hsd_dataset *dataset, hsd_kept_layer *layer, const hsd_layer_spec *spec,
                      hsd_error *err) {
    if (!spec->form) return true;
    bool ok = true;
    layer->form = hsd_calloc(spec->field_count, sizeof *layer->form, err);
    if (!layer->form) return false;
    for (size_t i = 0; ok && i < spec->field_count; i++) {
        hsd_form_field *to = &layer->form[i];
        *to = spec->form[i];
        to->alias = keep(dataset, to->alias, &ok, err);
        to->preset = keep(dataset, to->preset, &ok, err);
        to->check = keep(dataset, to->check, &ok, err);
        to->message = keep(dataset, to->message, &ok, err);
        to->choices = keep_choices(dataset, to, &ok, err);
    }
    return ok;
}

static bool keep_views(hsd_dataset *dataset, hsd_kept_layer *layer, const hsd_layer_spec *spec,
                       hsd_error *err) {
    if (spec->view_count == 0) return true;
    bool ok = true;
    layer->views = hsd_calloc(spec->view_count, sizeof *layer->views, err);
    if (!layer->views) return false;
    for (size_t i = 0; ok && i < spec->view_count; i++) {
        layer->views[i] = spec->views[i];
        layer->views[i].title = keep(dataset, spec->views[i].title, &ok, err);
        layer->views[i].filter = keep(dataset, spec->views[i].filter, &ok, err);
    }
    layer->view_count = spec->view_count;
    return ok;
}

hsd_status hsd_keep_layer(hsd_dataset *dataset, const hsd_layer_spec *spec, hsd_error *err) {
    hsd_kept_layer layer = {.styled = {.geometry = spec->geometry,
                                       .hidden = spec->hidden,
                                       .background = spec->background,
                                       .min_value = INFINITY,
                                       .max_value = -INFINITY,
                                       .min_lon = INFINITY,
                                       .min_lat = INFINITY,
                                       .max_lon = -INFINITY,
                                       .max_lat = -INFINITY}};
    if (!hsd_array_push(&dataset->layers, layer, err)) return HSD_E_MEMORY;
    hsd_kept_layer *kept = &dataset->layers.data[dataset->layers.count - 1];
    bool ok = true;
    kept->styled.name = keep(dataset, spec->name, &ok, err);
    kept->styled.title = keep(dataset, spec->title, &ok, err);
    kept->styled.description = keep(dataset, spec->description, &ok, err);
    if (!ok || !keep_fields(dataset, kept, spec, err) || !keep_form(dataset, kept, spec, err) ||
        !keep_views(dataset, kept, spec, err))
        return HSD_E_MEMORY;
    bool styled = spec->geometry != HSD_GEOMETRY_NONE && spec->style &&
                  spec->style->kind != HSD_STYLE_NONE && spec->style->class_count > 0;
    return !styled || keep_style(dataset, kept, spec->style, err) ? HSD_OK : HSD_E_MEMORY;
}

void hsd_link_styles(hsd_dataset *dataset) {
    for (size_t i = 0; i < dataset->layers.count; i++) {
        hsd_kept_layer *layer = &dataset->layers.data[i];
        layer->styled.style = layer->classes ? &layer->style : NULL;
        layer->styled.fields = layer->fields;
        layer->styled.field_count = layer->field_count;
        layer->styled.form = layer->form;
    }
}
