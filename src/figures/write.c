/* Pictures on disk: PNG or SVG by the path's ending, written beside the name and renamed. cairo
 * numbers the surfaces of a process and writes the number into an SVG; it is taken out, so that the
 * same map gives the same bytes. O(pixels or path points). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <cairo-svg.h>

#include "base/file.h"
#include "figures/map.h"
#include "figures/picture.h"

typedef enum kind { KIND_PNG, KIND_SVG } kind;

static cairo_status_t gather(void *closure, const unsigned char *data, unsigned int length) {
    hsd_text *text = closure;
    hsd_text_add_n(text, (const char *)data, length);
    return text->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static hsd_status cairo_failure(hsd_error *err, cairo_status_t status) {
    return hsd_fail(err, status == CAIRO_STATUS_NO_MEMORY ? HSD_E_MEMORY : HSD_E_INTERNAL,
                    "picture: cairo: %s", cairo_status_to_string(status));
}

static hsd_status draw_on(const hsd_picture *picture, cairo_surface_t *surface, hsd_error *err) {
    cairo_t *cairo = cairo_create(surface);
    hsd_status status = picture->draw(picture->content, cairo, err);
    if (status == HSD_OK && cairo_status(cairo) != CAIRO_STATUS_SUCCESS)
        status = cairo_failure(err, cairo_status(cairo));
    cairo_destroy(cairo);
    return status;
}

static hsd_status render_png(const hsd_picture *picture, hsd_text *out, hsd_error *err) {
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)picture->width, (int)picture->height);
    hsd_status status = draw_on(picture, surface, err);
    if (status == HSD_OK) {
        cairo_status_t result = cairo_surface_write_to_png_stream(surface, gather, out);
        if (result != CAIRO_STATUS_SUCCESS) status = cairo_failure(err, result);
    }
    cairo_surface_destroy(surface);
    return status;
}

/* id="surface12" and its like become id="surface" (nothing refers to them). */
static void drop_surface_numbers(hsd_text *svg) {
    static const char mark[] = "id=\"surface";
    char *to = svg->data;
    const char *from = svg->data, *end = svg->data + svg->length;
    while (from < end) {
        const char *found = strstr(from, mark);
        size_t keep = found ? (size_t)(found - from) + sizeof mark - 1 : (size_t)(end - from);
        memmove(to, from, keep);
        to += keep;
        from += keep;
        while (found && from < end && *from >= '0' && *from <= '9') from++;
    }
    *to = '\0';
    svg->length = (size_t)(to - svg->data);
}

/* What the picture shows in words, for those who cannot see it and for programs: glyphs are drawn,
 * not text. After the tag <svg ...>. */
static void insert_words(const hsd_picture *picture, hsd_text *svg) {
    const char *tag = strstr(svg->data, "<svg"), *end = tag ? strchr(tag, '>') : NULL;
    if (!end) return;
    hsd_text words = {0}, whole = {0};
    if (picture->describe) picture->describe(picture->content, &words);
    hsd_text_add_n(&whole, svg->data, (size_t)(end + 1 - svg->data));
    if (picture->title) {
        hsd_text_add(&whole, "\n<title>");
        hsd_text_add_xml(&whole, picture->title);
        hsd_text_add(&whole, "</title>");
    }
    if (words.length) {
        hsd_text_add(&whole, "\n<desc>");
        hsd_text_add_xml(&whole, words.data);
        hsd_text_add(&whole, "</desc>");
    }
    hsd_text_add(&whole, end + 1);
    whole.failed = whole.failed || words.failed;
    hsd_text_finish(&words);
    hsd_text_finish(svg);
    *svg = whole;
}

static hsd_status render_svg(const hsd_picture *picture, hsd_text *out, hsd_error *err) {
    cairo_surface_t *surface =
        cairo_svg_surface_create_for_stream(gather, out, picture->width, picture->height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    hsd_status status = draw_on(picture, surface, err);
    cairo_surface_finish(surface);
    if (status == HSD_OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        status = cairo_failure(err, cairo_surface_status(surface));
    cairo_surface_destroy(surface);
    if (status != HSD_OK || out->failed) return status;
    drop_surface_numbers(out);
    insert_words(picture, out);
    return status;
}

static hsd_status save(const hsd_output *output, const hsd_text *data, hsd_error *err) {
    FILE *file = fopen(output->temp_path, "wb");
    bool ok = file && fwrite(data->data, 1, data->length, file) == data->length;
    int reason = errno;
    if (file && fclose(file) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    return ok ? HSD_OK : hsd_fail(err, HSD_E_WRITE, "%s: %s", output->path, strerror(reason));
}

static hsd_status render(const hsd_picture *picture, kind what, const hsd_output *output,
                         hsd_error *err) {
    hsd_text data = {0};
    hsd_status status =
        what == KIND_PNG ? render_png(picture, &data, err) : render_svg(picture, &data, err);
    if (data.failed) status = hsd_fail(err, HSD_E_MEMORY, "out of memory for a picture");
    if (status == HSD_OK) status = save(output, &data, err);
    hsd_text_finish(&data);
    return status;
}

hsd_status hsd_picture_write(const hsd_picture *picture, const char *path, bool overwrite,
                             hsd_error *err) {
    const char *dot = path ? strrchr(path, '.') : NULL;
    kind what;
    if (dot && hsd_text_equal_nocase(dot, ".png"))
        what = KIND_PNG;
    else if (dot && hsd_text_equal_nocase(dot, ".svg"))
        what = KIND_SVG;
    else
        return hsd_fail(err, HSD_E_ARGUMENT, "picture \"%s\": expected a .png or .svg ending",
                        path ? path : "");
    hsd_output output;
    hsd_status status = hsd_output_begin(path, overwrite, &output, err);
    if (status != HSD_OK) return status;
    status = render(picture, what, &output, err);
    if (status == HSD_OK) status = hsd_output_commit(&output, err);
    hsd_output_finish(&output);
    return status;
}

/* ---- Maps --------------------------------------------------------------------------------------
 */

static hsd_status draw_sheet(const void *sheet, cairo_t *cairo, hsd_error *err) {
    return hsd_page_draw(sheet, cairo, err);
}

static hsd_status write_sheet(const hsd_sheet *sheet, const char *path, bool overwrite,
                              hsd_error *err) {
    const hsd_picture picture = {.width = sheet->width,
                                 .height = sheet->height,
                                 .title = sheet->title,
                                 .content = sheet,
                                 .draw = draw_sheet,
                                 .describe = hsd_page_describe};
    return hsd_picture_write(&picture, path, overwrite, err);
}

hsd_status hsd_map_write(const hsd_map *map, const char *path, bool overwrite, hsd_error *err) {
    hsd_sheet sheet = {.maps = &map,
                       .count = 1,
                       .width = map->width,
                       .height = map->height,
                       .title = map->title,
                       .subtitle = map->subtitle,
                       .footer = map->footer};
    return write_sheet(&sheet, path, overwrite, err);
}

hsd_status hsd_map_write_row(const hsd_map *const *maps, size_t count, const char *title,
                             const char *footer, const char *path, bool overwrite, hsd_error *err) {
    if (count == 0) return hsd_fail(err, HSD_E_ARGUMENT, "a row of no maps: expected at least one");
    hsd_sheet sheet = {
        .maps = maps, .count = count, .title = title, .footer = footer, .own_titles = true};
    if (title && !title[0]) sheet.title = NULL;
    if (footer && !footer[0]) sheet.footer = NULL;
    uint64_t width = 0;
    for (size_t i = 0; i < count; i++) {
        width += maps[i]->width;
        if (maps[i]->height > sheet.height) sheet.height = maps[i]->height;
    }
    if (width > HSD_MAP_LIMIT_PX)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%zu maps side by side are %llu pixels wide: expected at most %d", count,
                        (unsigned long long)width, HSD_MAP_LIMIT_PX);
    sheet.width = (uint32_t)width;
    return write_sheet(&sheet, path, overwrite, err);
}
