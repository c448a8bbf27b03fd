/* A picture that is drawn when it is written: what maps and charts share. */
#ifndef FIGURES_PICTURE_H
#define FIGURES_PICTURE_H

#include <cairo.h>

#include "base/text.h"

typedef struct hsd_picture {
    uint32_t width, height;
    const char *title; /* NULL: none */
    const void *content;
    hsd_status (*draw)(const void *content, cairo_t *cairo, hsd_error *err);
    void (*describe)(const void *content, hsd_text *out); /* in words, for an SVG; may be NULL */
} hsd_picture;

/* .png or .svg by ending, whole or not at all. */
hsd_status hsd_picture_write(const hsd_picture *picture, const char *path, bool overwrite,
                             hsd_error *err);
#endif
