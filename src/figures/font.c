/* Fonts through fontconfig and cairo's FreeType backend, or cairo's own choice ("toy" faces) where
 * fontconfig is not there. A line is cut into runs of characters that one font has: no shaping,
 * which Latin and Chinese do not need. Hinting is off, so PNG and SVG have the same widths.
 * O(characters). */
#include <string.h>

#include "base/memory.h"
#include "figures/font.h"

#ifdef HSD_HAVE_FONTCONFIG
#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#endif

/* index 0: the text font; 1: the font for what that lacks */
struct hsd_fonts {
    cairo_font_face_t *faces[2][2]; /* [font][weight] */
#ifdef HSD_HAVE_FONTCONFIG
    FcCharSet *has; /* characters of the text font */
#endif
};

#ifdef HSD_HAVE_FONTCONFIG
static const char *const families[] = {"Source Sans 3",  "Source Sans Pro", "Noto Sans",
                                       "Open Sans",      "Inter",           "DejaVu Sans",
                                       "Liberation Sans"};
static const char *const han_families[] = {"Noto Sans CJK SC", "Source Han Sans SC",
                                           "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
                                           "Droid Sans Fallback"};

static FcPattern *match(const char *const *names, size_t count, hsd_weight weight, FcChar32 need) {
    FcPattern *wanted = FcPatternCreate();
    if (!wanted) return NULL;
    for (size_t i = 0; i < count; i++)
        FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)names[i]);
    FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)"sans-serif");
    FcPatternAddInteger(wanted, FC_WEIGHT,
                        weight == HSD_WEIGHT_BOLD ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcPatternAddBool(wanted, FC_SCALABLE, FcTrue);
    if (need) {
        FcCharSet *set = FcCharSetCreate();
        FcCharSetAddChar(set, need);
        FcPatternAddCharSet(wanted, FC_CHARSET, set);
        FcCharSetDestroy(set);
    }
    FcConfigSubstitute(NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcResult result;
    FcPattern *found = FcFontMatch(NULL, wanted, &result);
    FcPatternDestroy(wanted);
    return found;
}

static cairo_font_face_t *face_of(const FcPattern *pattern) {
    return cairo_ft_font_face_create_for_pattern((FcPattern *)(uintptr_t)pattern);
}

static void find_faces(hsd_fonts *fonts) {
    static const FcChar32 shen = 0x6DF1; /* a common Chinese character stands for them all */
    for (int weight = 0; weight < 2; weight++) {
        hsd_weight w = weight ? HSD_WEIGHT_BOLD : HSD_WEIGHT_REGULAR;
        FcPattern *text = match(families, sizeof families / sizeof *families, w, 0);
        FcPattern *han = match(han_families, sizeof han_families / sizeof *han_families, w, shen);
        FcCharSet *has = NULL;
        if (text && weight == 0 && FcPatternGetCharSet(text, FC_CHARSET, 0, &has) == FcResultMatch)
            fonts->has = FcCharSetCopy(has);
        if (text) fonts->faces[0][weight] = face_of(text);
        if (han) fonts->faces[1][weight] = face_of(han);
        if (text) FcPatternDestroy(text);
        if (han) FcPatternDestroy(han);
    }
}

static bool is_in_text_font(const hsd_fonts *fonts, uint32_t character) {
    return !fonts->has || FcCharSetHasChar(fonts->has, character);
}
#else
static void find_faces(hsd_fonts *fonts) {
    (void)fonts;
}

static bool is_in_text_font(const hsd_fonts *fonts, uint32_t character) {
    (void)fonts;
    (void)character;
    return true;
}
#endif

hsd_status hsd_fonts_create(hsd_fonts **out, hsd_error *err) {
    *out = NULL;
    hsd_fonts *fonts = hsd_calloc(1, sizeof *fonts, err);
    if (!fonts) return HSD_E_MEMORY;
    find_faces(fonts);
    for (int font = 0; font < 2; font++)
        for (int weight = 0; weight < 2; weight++)
            if (!fonts->faces[font][weight])
                fonts->faces[font][weight] = cairo_toy_font_face_create(
                    "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                    weight ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    *out = fonts;
    return HSD_OK;
}

void hsd_fonts_destroy(hsd_fonts *fonts) {
    if (!fonts) return;
    for (int font = 0; font < 2; font++)
        for (int weight = 0; weight < 2; weight++)
            cairo_font_face_destroy(fonts->faces[font][weight]);
#ifdef HSD_HAVE_FONTCONFIG
    if (fonts->has) FcCharSetDestroy(fonts->has);
#endif
    hsd_free(fonts);
}

/* ---- Runs of one font --------------------------------------------------------------------------
 */

/* The character at text (valid UTF-8, or its byte taken as Latin 1); *length its bytes. */
static uint32_t character_at(const char *text, size_t *length) {
    unsigned char first = (unsigned char)text[0];
    size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    uint32_t value = more == 3   ? first & 7u
                     : more == 2 ? first & 15u
                     : more == 1 ? first & 31u
                                 : first;
    for (size_t i = 1; i <= more; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xC0) != 0x80) {
            *length = 1;
            return first;
        }
        value = value << 6 | (next & 63u);
    }
    *length = more + 1;
    return value;
}

/* Copies the next run into buffer; returns its bytes in text and which font it takes. */
static size_t next_run(const hsd_fonts *fonts, const char *text, char *buffer, size_t buffer_size,
                       int *font) {
    size_t run = 0;
    *font = 0;
    while (text[run]) {
        size_t length;
        uint32_t character = character_at(text + run, &length);
        int own = !is_in_text_font(fonts, character);
        if (run > 0 && own != *font && character != ' ') break;
        if (run + length >= buffer_size) break;
        if (run == 0) *font = own;
        run += length;
    }
    memcpy(buffer, text, run);
    buffer[run] = '\0';
    return run;
}

static void select_face(const hsd_fonts *fonts, cairo_t *cairo, int font, hsd_weight weight,
                        double size) {
    cairo_set_font_face(cairo, fonts->faces[font][weight]);
    cairo_set_font_size(cairo, size);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cairo, options);
    cairo_font_options_destroy(options);
}

double hsd_font_width(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                      double size) {
    char run[256];
    double width = 0;
    int font;
    for (size_t length; text[0]; text += length) {
        length = next_run(fonts, text, run, sizeof run, &font);
        if (length == 0) break;
        select_face(fonts, cairo, font, weight, size);
        cairo_text_extents_t extents;
        cairo_text_extents(cairo, run, &extents);
        width += extents.x_advance;
    }
    return width;
}

static void draw_runs(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                      double size, double x, double y, bool as_path) {
    char run[256];
    int font;
    for (size_t length; text[0]; text += length) {
        length = next_run(fonts, text, run, sizeof run, &font);
        if (length == 0) break;
        select_face(fonts, cairo, font, weight, size);
        cairo_text_extents_t extents;
        cairo_text_extents(cairo, run, &extents);
        cairo_move_to(cairo, x, y);
        if (as_path)
            cairo_text_path(cairo, run);
        else
            cairo_show_text(cairo, run);
        x += extents.x_advance;
    }
}

static void set_colour(cairo_t *cairo, uint32_t rgba) {
    cairo_set_source_rgba(cairo, (rgba >> 24) / 255.0, (rgba >> 16 & 255) / 255.0,
                          (rgba >> 8 & 255) / 255.0, (rgba & 255) / 255.0);
}

void hsd_font_draw(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                   double size, double x, double y, uint32_t rgba, double halo_px,
                   uint32_t halo_rgba) {
    if (halo_px > 0) {
        cairo_new_path(cairo);
        draw_runs(fonts, cairo, text, weight, size, x, y, true);
        set_colour(cairo, halo_rgba);
        cairo_set_line_width(cairo, halo_px);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cairo);
    }
    set_colour(cairo, rgba);
    draw_runs(fonts, cairo, text, weight, size, x, y, false);
    cairo_new_path(cairo);
}

double hsd_font_fit(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                    double size, double width, char *buffer, size_t buffer_size) {
    size_t length = strlen(text);
    if (length >= buffer_size) length = buffer_size - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    double natural = hsd_font_width(fonts, cairo, buffer, weight, size);
    if (natural <= width) return size;
    if (natural * 0.7 <= width) return size * width / natural;
    size *= 0.7;
    while (length > 0 && hsd_font_width(fonts, cairo, buffer, weight, size) > width) {
        do length--;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80);
        while (length > 0 && text[length - 1] == ' ') length--;
        if (length + 4 > buffer_size) continue;
        memcpy(buffer + length, "…", 4);
    }
    return size;
}
