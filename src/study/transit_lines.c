/* Layer timetable_lines, and the same in pictures: what runs on the date around the circles, from
 * stop to stop. Where no streets are drawn it is what holds the circles together. */
#include <string.h>

#include "base/text.h"
#include "study/circle_map.h"
#include "study/line_sections.h"
#include "study/transit_layers.h"

enum { LINE_RGBA = 0x4A5866B0 };

static hsd_status sections_in(const hsd_transit_run *transit, const hsd_bounds *b,
                              hsd_line_sections *out, hsd_error *err) {
    const hsd_lonlat box[2] = {{b->min_lon, b->min_lat}, {b->max_lon, b->max_lat}};
    return hsd_line_sections_make(transit->timetable, transit->plan.date, box, out, err);
}

static hsd_geometry course_of(const hsd_line_sections *sections, const hsd_line_section *s,
                              size_t *ring) {
    *ring = s->point_count;
    return (hsd_geometry){HSD_GEOMETRY_LINE,
                          s->point_count,
                          1,
                          0,
                          sections->points.data + s->first_point,
                          ring,
                          NULL};
}

/* ---- The layer ---- */

/* Names of the lines, each once, as many as are read. */
static char *names_of(const hsd_timetable *t, const hsd_line_sections *sections,
                      const hsd_line_section *s, hsd_error *err) {
    enum { MOST = 12 };
    hsd_text text = {0};
    const uint32_t *lines = sections->lines.data + s->first_line;
    uint32_t shown = 0;
    for (uint32_t i = 0; i < s->line_count && shown <= MOST; i++) {
        const char *name = t->strings + t->lines[lines[i]].name;
        bool known = false;
        for (uint32_t k = 0; k < i && !known; k++)
            known = strcmp(t->strings + t->lines[lines[k]].name, name) == 0;
        if (known) continue;
        hsd_text_addf(&text, "%s%s", shown ? ", " : "", shown == MOST ? "..." : name);
        shown++;
    }
    if (!text.failed) return text.data ? text.data : hsd_strdup("", err);
    hsd_text_finish(&text);
    hsd_fail(err, HSD_E_MEMORY, "out of memory");
    return NULL;
}

/* The colour all its lines have; NULL: they have none, or several. */
static const char *colour_of(const hsd_timetable *t, const hsd_line_sections *sections,
                             const hsd_line_section *s, char buffer[8]) {
    const uint32_t *lines = sections->lines.data + s->first_line;
    const uint32_t colour = t->lines[lines[0]].colour;
    for (uint32_t i = 1; i < s->line_count; i++)
        if (t->lines[lines[i]].colour != colour) return NULL;
    if (colour == HSD_NO_ROW) return NULL;
    snprintf(buffer, 8, "#%06X", colour & 0xFFFFFFu);
    return buffer;
}

static hsd_status write_row(hsd_dataset *file, const hsd_timetable *t,
                            const hsd_line_sections *sections, size_t i, hsd_error *err) {
    const hsd_line_section *s = &sections->list.data[i];
    char colour[8];
    size_t ring;
    const hsd_geometry course = course_of(sections, s, &ring);
    char *names = names_of(t, sections, s, err);
    if (!names) return HSD_E_MEMORY;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, (int64_t)i + 1);
    hsd_row_text(&r, names);
    hsd_row_text(&r, hsd_ride_kind_name((hsd_ride_kind)s->kind));
    hsd_row_text(&r, colour_of(t, sections, s, colour));
    hsd_row_text(&r, t->strings + t->stops[s->from].name);
    hsd_row_text(&r, t->strings + t->stops[s->to].name);
    hsd_row_int(&r, (int64_t)s->trips);
    const hsd_status status = hsd_row_write(file, &r, &course, err);
    hsd_free(names);
    return status;
}

hsd_status hsd_write_timetable_lines(hsd_dataset *file, const hsd_circle_run *run,
                                     const hsd_bounds *b, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "section");
    hsd_fields_add(&f, "lines", HSD_FIELD_TEXT,
                   "lines that call at both its ends, one after the other");
    hsd_fields_add(&f, "kind", HSD_FIELD_TEXT, "kind of ride");
    hsd_fields_add(&f, "colour", HSD_FIELD_TEXT, "of the lines, where they share one: #RRGGBB");
    hsd_fields_add(&f, "from_stop", HSD_FIELD_TEXT, "stop at one end");
    hsd_fields_add(&f, "to_stop", HSD_FIELD_TEXT, "stop at the other");
    hsd_fields_add(&f, "trips", HSD_FIELD_INT,
                   "trips of the date, both ways; those that pass without a call included");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_LINE, LINE_RGBA,
                    hsd_word_text(HSD_WORD_TIMETABLE_LINES, run->lang));
    style.style.width_mm = 0.3;
    const bool streets = run->info.edges > 0; /* which they would lie on */
    const hsd_layer_spec spec = {.name = "timetable_lines",
                                 .geometry = HSD_GEOMETRY_LINE,
                                 .fields = f.list,
                                 .field_count = f.count,
                                 .title = hsd_word_text(HSD_WORD_TIMETABLE_LINES, run->lang),
                                 .description = "What runs on the date around the circles, from "
                                                "stop to stop",
                                 .style = &style.style,
                                 .background = true,
                                 .hidden = streets};
    hsd_line_sections sections = {0};
    hsd_status status = hsd_dataset_layer(file, &spec, err);
    if (status == HSD_OK) status = sections_in(run->transit, b, &sections, err);
    for (size_t i = 0; status == HSD_OK && i < sections.list.count; i++)
        status = write_row(file, run->transit->timetable, &sections, i, err);
    hsd_line_sections_finish(&sections);
    return status;
}

/* ---- The picture ---- */

hsd_status hsd_map_timetable_lines(const hsd_transit_run *transit, const char *lang, hsd_map *map,
                                   const hsd_bounds *b, hsd_error *err) {
    hsd_line_sections sections = {0};
    hsd_map_style style = {.line_rgba = LINE_RGBA,
                           .line_px = 1,
                           .legend = hsd_word_text(HSD_WORD_TIMETABLE_LINES, lang)};
    if (!transit) return HSD_OK;
    hsd_status status = sections_in(transit, b, &sections, err);
    for (size_t i = 0; status == HSD_OK && i < sections.list.count; i++) {
        size_t ring;
        const hsd_geometry course = course_of(&sections, &sections.list.data[i], &ring);
        status = hsd_map_add(map, &course, &style, NULL, err);
        style.legend = NULL;
    }
    hsd_line_sections_finish(&sections);
    return status;
}
