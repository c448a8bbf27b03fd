/* The empty file of proposals a planner draws in: a layer for each kind of row, with its form. Road
 * classes and the place shown are those of a network where one is given. O(fields + classes). */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "export/styles.h"
#include "hourshed/study.h"
#include "net/network.h"
#include "study/template_form.h"

/* From top to bottom of the map. */
static const struct {
    hsd_proposal_layer layer;
    const char *title[2], *about[2];
} layers[] = {
    {HSD_LAYER_JUNCTIONS,
     {"Junction points of links", "互通点"},
     {"A point on a link where it joins the roads besides its ends, of the same proposal",
      "连线上除端点以外与路网相接的点，与连线属同一项目"}},
    {HSD_LAYER_STATIONS,
     {"Stations", "车站"},
     {"Stops of a proposed line, of the same proposal as its link",
      "规划线路的车站，与线路属同一项目"}},
    {HSD_LAYER_LINKS,
     {"Links: roads, railways, ferries", "连线：公路、铁路、轮渡"},
     {"What is built. A line joins the roads at its ends; give a class, a speed or minutes",
      "拟建的线路。线的两端与路网相接；填写等级、速度或时间"}},
    {HSD_LAYER_WAITS,
     {"Waits at borders and ports", "口岸和港口的等候"},
     {"A line across the roads that wait", "横穿须等候道路的线"}},
    {HSD_LAYER_SPEED_CHANGES,
     {"Speed changes", "速度变化"},
     {"An area in which roads become faster or slower", "道路速度提高或降低的范围"}},
    {HSD_LAYER_CLOSURES,
     {"Closures", "封闭"},
     {"An area in which roads are closed", "道路封闭的范围"}},
    {HSD_LAYER_SERVICES,
     {"Rail services", "列车开行"},
     {"Trains on proposed lines: a table without shapes", "规划线路上的列车：无图形的表"}},
};
_Static_assert(sizeof layers / sizeof layers[0] == HSD_LAYER_COUNT,
               "every layer of proposals has its words");

typedef struct template_run {
    const hsd_template_request *request;
    int zh;
    hsd_network *network;
    hsd_profile profile; /* where there is no network */
    HSD_ARRAY(hsd_template_class) classes;
    hsd_dataset *file;
} template_run;

/* ---- Classes of roads --------------------------------------------------------------------------
 */

static hsd_status classes_of_network(template_run *t, hsd_error *err) {
    hsd_status status = hsd_network_open(t->request->network, 0, &t->network, err);
    if (status == HSD_OK) status = hsd_network_require(t->network, 0, err);
    if (status != HSD_OK) return status;
    const hsd_metric *metric = &t->network->metrics[0];
    for (size_t i = 0; i < metric->class_count; i++) {
        const hsd_class_rule *rule = &metric->classes[i];
        hsd_template_class class = {t->network->strings + rule->name,
                                    hsd_speed_times(rule->speed_mh, rule->factor_ppm)};
        if (!hsd_array_push(&t->classes, class, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status classes_of_profile(template_run *t, hsd_error *err) {
    char *path = NULL;
    hsd_status status = hsd_geodata_find("profiles/car-osm.yaml", &path, err);
    if (status == HSD_OK) status = hsd_read_profile(path, &t->profile, err);
    hsd_text_release(path);
    for (size_t i = 0; status == HSD_OK && i < t->profile.class_count; i++) {
        const hsd_class_speed *c = &t->profile.classes[i];
        hsd_template_class class = {c->road_class, hsd_speed_times(c->speed_mh, c->factor_ppm)};
        if (!hsd_array_push(&t->classes, class, err)) status = HSD_E_MEMORY;
    }
    return status;
}

/* ---- Layers ------------------------------------------------------------------------------------
 */

#define COLOUR_RAIL 0x4A4A4AFFu
#define COLOUR_FERRY 0x0072B2FFu
#define COLOUR_WALK 0xD55E00FFu
#define COLOUR_WAIT 0x882255FFu
#define COLOUR_SLOW 0xE69F0078u

/* By kind, and whatever another program left empty as a road. */
static void style_links(hsd_style_set *set, int zh) {
    static const struct {
        const char *kind, *label[2];
        uint32_t rgba;
    } kinds[] = {{"road", {"road", "公路"}, HSD_COLOUR_LINK},
                 {"rail", {"railway", "铁路"}, COLOUR_RAIL},
                 {"ferry", {"ferry", "轮渡"}, COLOUR_FERRY},
                 {"walk", {"way for walkers", "步行"}, COLOUR_WALK},
                 {"", {"other", "其他"}, HSD_COLOUR_LINK}};
    const char *names[5];
    for (int i = 0; i < 5; i++) names[i] = kinds[i].kind;
    hsd_style_by_name(set, HSD_LOOK_LINE, "kind", names, 5);
    for (int i = 0; i < 5; i++) {
        set->classes[i].label = kinds[i].label[zh];
        set->classes[i].rgba = kinds[i].rgba;
    }
    set->style.width_mm = 0.9;
    set->style.label_field = "proposal";
}

static void style_of(hsd_proposal_layer layer, const char *title, int zh, hsd_style_set *set) {
    switch (layer) {
    case HSD_LAYER_LINKS:
        style_links(set, zh);
        break;
    case HSD_LAYER_JUNCTIONS:
        hsd_style_plain(set, HSD_LOOK_POINT, HSD_COLOUR_LINK, title);
        break;
    case HSD_LAYER_STATIONS:
        hsd_style_plain(set, HSD_LOOK_POINT, COLOUR_RAIL, title);
        set->style.label_field = "name";
        break;
    case HSD_LAYER_CLOSURES:
        hsd_style_plain(set, HSD_LOOK_FILL, hsd_rgba_alpha(HSD_COLOUR_FAULT, 0x78), title);
        break;
    case HSD_LAYER_SPEED_CHANGES:
        hsd_style_plain(set, HSD_LOOK_FILL, COLOUR_SLOW, title);
        break;
    case HSD_LAYER_WAITS:
        hsd_style_plain(set, HSD_LOOK_LINE, COLOUR_WAIT, title);
        set->style.width_mm = 1.2;
        break;
    case HSD_LAYER_SERVICES:
    case HSD_LAYER_COUNT:
        memset(set, 0, sizeof *set);
        break;
    }
}

static hsd_status write_layer(template_run *t, size_t i, hsd_error *err) {
    hsd_proposal_layer layer = layers[i].layer;
    hsd_template_form form;
    hsd_style_set set;
    style_of(layer, layers[i].title[t->zh], t->zh, &set);
    hsd_status status =
        hsd_template_form_make(layer, t->classes.data, t->classes.count, t->zh, &form, err);
    hsd_layer_spec spec = {.name = hsd_proposal_layer_name(layer),
                           .geometry = hsd_proposal_geometry(layer),
                           .fields = form.fields,
                           .field_count = form.count,
                           .title = layers[i].title[t->zh],
                           .description = layers[i].about[t->zh],
                           .style = &set.style,
                           .form = form.form};
    if (status == HSD_OK) status = hsd_dataset_layer(t->file, &spec, err);
    hsd_template_form_finish(&form);
    return status;
}

static hsd_status write_file(template_run *t, hsd_error *err) {
    hsd_dataset_options options = {.format = "GPKG",
                                   .overwrite = t->request->overwrite,
                                   .title = t->zh ? "规划方案" : "Proposals",
                                   .view = t->network ? &t->network->extent : NULL};
    hsd_status status = hsd_dataset_create(t->request->output, &options, &t->file, err);
    for (size_t i = 0; status == HSD_OK && i < HSD_LAYER_COUNT; i++)
        status = write_layer(t, i, err);
    if (status == HSD_OK) status = hsd_dataset_commit(t->file, err);
    hsd_dataset_destroy(t->file);
    return status;
}

static hsd_status check_request(const hsd_template_request *r, hsd_error *err) {
    const char *dot = r->output ? strrchr(r->output, '.') : NULL;
    if (!dot || !hsd_text_equal_nocase(dot, ".gpkg"))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: a template is a GeoPackage; expected a name that ends in .gpkg",
                        r->output ? r->output : "");
    if (hsd_same_file(r->output, r->network))
        return hsd_fail(err, HSD_E_ARGUMENT, "%s is the network: give the template another name",
                        r->output);
    return HSD_OK;
}

hsd_status hsd_study_template(const hsd_template_request *request, const hsd_run *run,
                              hsd_error *err) {
    (void)run; /* over before there is anything to show */
    template_run t = {.request = request};
    t.zh = request->lang && strncmp(request->lang, "zh", 2) == 0;
    hsd_status status = check_request(request, err);
    if (status == HSD_OK)
        status = request->network ? classes_of_network(&t, err) : classes_of_profile(&t, err);
    if (status == HSD_OK) status = write_file(&t, err);
    hsd_array_finish(&t.classes);
    hsd_profile_finish(&t.profile);
    hsd_network_destroy(t.network);
    return status;
}
