/* A chart in the making: what was added, kept in order. Shared by the chart files of this stage. */
#ifndef FIGURES_CHART_H
#define FIGURES_CHART_H

#include "figures/map.h"

typedef enum hsd_chart_kind { HSD_CHART_LINE, HSD_CHART_BARS, HSD_CHART_RANK } hsd_chart_kind;

typedef struct hsd_chart_series {
    hsd_chart_kind kind;
    hsd_chart_point *points; /* bars: x where one begins, y its value, and one more where the last
                                ends; ranked: y alone counts */
    size_t count;
    char **labels; /* ranked: one a bar */
    hsd_chart_style style;
    char *legend;
} hsd_chart_series;

struct hsd_chart {
    uint32_t width, height;
    char *title, *subtitle, *footer, *x_title, *y_title;
    hsd_chart_axis x, y;
    bool square;
    HSD_ARRAY(hsd_chart_series) series;
};

/* Where values stand on the page. */
typedef struct hsd_chart_page {
    hsd_map_page page; /* colours, fonts, the rectangle of the plot */
    const hsd_chart *chart;
    hsd_ticks x, y;
    double min_x, max_x, min_y, max_y;
} hsd_chart_page;

static inline double hsd_chart_x(const hsd_chart_page *p, double x) {
    return p->page.left + (x - p->min_x) / (p->max_x - p->min_x) * (p->page.right - p->page.left);
}
static inline double hsd_chart_y(const hsd_chart_page *p, double y) {
    return p->page.bottom - (y - p->min_y) / (p->max_y - p->min_y) * (p->page.bottom - p->page.top);
}

/* ---- chart_shapes.c */
void hsd_chart_shape(const hsd_chart_page *page, const hsd_chart_series *series);
/* Its sample in the legend: the width it takes. */
double hsd_chart_swatch(const hsd_chart_page *page, const hsd_chart_series *series, double x,
                        double y);
/* ---- chart_page.c */
hsd_status hsd_chart_draw(const void *chart, cairo_t *cairo, hsd_error *err);
void hsd_chart_describe(const void *chart, hsd_text *out);
#endif
