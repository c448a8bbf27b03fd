/* Palettes: short tables of anchors, interpolated in linear steps of sRGB. The sequential one is
 * the darker three quarters of "magma" (van der Walt and Smith 2015): lightness rises steadily,
 * warm hues stay apart from water. Categorical: Okabe and Ito 2008 without its black and yellow,
 * then Tol's muted set. O(n). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/styles.h"

typedef struct colour {
    double r, g, b;
} colour;

static colour split(uint32_t rgb) {
    return (colour){(double)(rgb >> 16 & 255), (double)(rgb >> 8 & 255), (double)(rgb & 255)};
}

static uint32_t join(colour c, uint8_t alpha) {
    uint32_t r = (uint32_t)lround(c.r), g = (uint32_t)lround(c.g), b = (uint32_t)lround(c.b);
    return r << 24 | g << 16 | b << 8 | alpha;
}

static uint32_t between(const uint32_t *anchors, size_t count, double position, uint8_t alpha) {
    double scaled = position * (double)(count - 1);
    size_t i = (size_t)scaled;
    if (i >= count - 1) i = count - 2;
    double t = scaled - (double)i;
    colour a = split(anchors[i]), b = split(anchors[i + 1]);
    return join((colour){a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b)},
                alpha);
}

void hsd_palette_sequential(size_t n, uint8_t alpha, uint32_t *rgba) {
    static const uint32_t anchors[] = {0x3B0F70, 0x721F81, 0xB5367A, 0xE85362, 0xFB8861, 0xFEB77E};
    for (size_t i = 0; i < n; i++) {
        double position = n == 1 ? 0.4 : (double)i / (double)(n - 1);
        rgba[i] = between(anchors, sizeof anchors / sizeof *anchors, position, alpha);
    }
}

void hsd_palette_categorical(size_t n, uint8_t alpha, uint32_t *rgba) {
    static const uint32_t colours[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9,
                                       0x332288, 0x882255, 0x999933, 0x44AA99, 0xCC6677, 0x117733,
                                       0xAA4499, 0x88CCEE, 0x661100, 0x6699CC};
    for (size_t i = 0; i < n; i++)
        rgba[i] = join(split(colours[i % (sizeof colours / sizeof *colours)]), alpha);
}

uint32_t hsd_rgba_alpha(uint32_t rgba, uint8_t alpha) {
    return (rgba & 0xFFFFFF00u) | alpha;
}

uint32_t hsd_rgba_shade(uint32_t rgba, double factor) {
    colour c = split(rgba >> 8);
    c.r = fmin(255, fmax(0, c.r * factor));
    c.g = fmin(255, fmax(0, c.g * factor));
    c.b = fmin(255, fmax(0, c.b * factor));
    return join(c, (uint8_t)(rgba & 255));
}

/* ---- Ready-made styles -------------------------------------------------------------------------
 */

/* Fills let the map beneath and each other's outlines through; the rest is opaque. */
static uint8_t look_alpha(hsd_style_look look) {
    return look == HSD_LOOK_FILL ? 0x78 : 0xFF;
}

static void begin(hsd_style_set *out, hsd_style_look look, hsd_style_kind kind, const char *field) {
    memset(out, 0, sizeof *out);
    out->style = (hsd_style){.kind = kind,
                             .field = field,
                             .classes = out->classes,
                             .outline_only = look == HSD_LOOK_OUTLINE};
    out->style.width_mm = look == HSD_LOOK_OUTLINE ? 0.6 : look == HSD_LOOK_LINE ? 0.4 : 0.26;
    out->style.size_mm = 2.8;
}

void hsd_style_by_cutoff(hsd_style_set *out, hsd_style_look look, const char *field,
                         const double *cutoffs, size_t count, const char *unit) {
    begin(out, look, HSD_STYLE_GRADUATED, field);
    if (count > HSD_STYLE_CLASSES_MAX) count = HSD_STYLE_CLASSES_MAX;
    uint32_t colours[HSD_STYLE_CLASSES_MAX];
    hsd_palette_sequential(count, look_alpha(look), colours);
    for (size_t i = 0; i < count; i++) {
        char number[32];
        snprintf(out->labels[i], sizeof out->labels[i], "%s %s",
                 hsd_double_text(cutoffs[i], number), unit);
        out->classes[i] =
            (hsd_style_class){.value = cutoffs[i], .label = out->labels[i], .rgba = colours[i]};
    }
    out->style.class_count = count;
}

void hsd_style_by_name(hsd_style_set *out, hsd_style_look look, const char *field,
                       const char *const *names, size_t count) {
    if (count > HSD_STYLE_CLASSES_MAX) {
        uint32_t one;
        hsd_palette_categorical(1, look_alpha(look), &one);
        hsd_style_plain(out, look, one, "");
        return;
    }
    begin(out, look, HSD_STYLE_CATEGORIES, field);
    uint32_t colours[HSD_STYLE_CLASSES_MAX];
    hsd_palette_categorical(count, look_alpha(look), colours);
    for (size_t i = 0; i < count; i++)
        out->classes[i] =
            (hsd_style_class){.text = names[i], .label = names[i], .rgba = colours[i]};
    out->style.class_count = count;
}

void hsd_style_plain(hsd_style_set *out, hsd_style_look look, uint32_t rgba, const char *label) {
    begin(out, look, HSD_STYLE_SINGLE, NULL);
    out->classes[0] = (hsd_style_class){.label = label, .rgba = rgba};
    out->style.class_count = 1;
}
