/* Text in a font that can draw it: the first of a list of plain sans-serifs that is installed, and
 * for characters it lacks (Chinese) whatever font has them. */
#ifndef FIGURES_FONT_H
#define FIGURES_FONT_H

#include <cairo.h>

#include "hourshed/base.h"

typedef struct hsd_fonts hsd_fonts;
hsd_status hsd_fonts_create(hsd_fonts **out, hsd_error *err);
void hsd_fonts_destroy(hsd_fonts *fonts);

typedef enum hsd_weight { HSD_WEIGHT_REGULAR, HSD_WEIGHT_BOLD } hsd_weight;

/* Width of a line of UTF-8 in pixels. */
double hsd_font_width(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                      double size);
/* Draws it from x on the base line y, in the colour that is set; halo_px > 0: first an outline of
 * that width in the halo's colour. */
void hsd_font_draw(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                   double size, double x, double y, uint32_t rgba, double halo_px,
                   uint32_t halo_rgba);
/* The largest size down to 70 % of `size` at which text fits; at that, shortened with an ellipsis
 * where it still does not. buffer receives the text to draw. */
double hsd_font_fit(const hsd_fonts *fonts, cairo_t *cairo, const char *text, hsd_weight weight,
                    double size, double width, char *buffer, size_t buffer_size);
#endif
