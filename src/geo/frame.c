/* Local equal-area frames: PROJ's laea on WGS84, one context each, so that threads do not meet. */
#include <math.h>
#include <proj.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/text.h"
#include "hourshed/geo.h"

struct hsd_frame {
    PJ_CONTEXT *context;
    PJ *projection;
};

void hsd_frame_destroy(hsd_frame *frame) {
    if (!frame) return;
    proj_destroy(frame->projection);
    proj_context_destroy(frame->context);
    hsd_free(frame);
}

hsd_status hsd_frame_create(double lon, double lat, hsd_frame **out, hsd_error *err) {
    *out = NULL;
    if (!(fabs(lon) <= 180) || !(fabs(lat) <= 90))
        return hsd_fail(err, HSD_E_ARGUMENT, "frame centre %g, %g is not a lon, lat on the globe",
                        lon, lat);
    hsd_frame *frame = hsd_calloc(1, sizeof *frame, err);
    if (!frame) return HSD_E_MEMORY;
    char lon_text[32], lat_text[32], definition[160];
    /* an operation, not a CRS: no look-up in proj.db */
    snprintf(definition, sizeof definition, "+proj=laea +lon_0=%s +lat_0=%s +ellps=WGS84",
             hsd_double_text(lon, lon_text), hsd_double_text(lat, lat_text));
    frame->context = proj_context_create();
    if (frame->context) {
        proj_log_level(frame->context, PJ_LOG_NONE);
        frame->projection = proj_create(frame->context, definition);
    }
    if (!frame->projection) {
        hsd_frame_destroy(frame);
        return hsd_fail(err, HSD_E_INTERNAL, "PROJ cannot make the frame \"%s\"", definition);
    }
    *out = frame;
    return HSD_OK;
}

void hsd_frame_forward(hsd_frame *frame, double lon, double lat, double *x_m, double *y_m) {
    PJ_COORD c = proj_coord(proj_torad(lon), proj_torad(lat), 0, 0);
    c = proj_trans(frame->projection, PJ_FWD, c);
    *x_m = c.xy.x;
    *y_m = c.xy.y;
}

void hsd_frame_inverse(hsd_frame *frame, double x_m, double y_m, double *lon, double *lat) {
    PJ_COORD c = proj_coord(x_m, y_m, 0, 0);
    c = proj_trans(frame->projection, PJ_INV, c);
    *lon = proj_todeg(c.lp.lam);
    *lat = proj_todeg(c.lp.phi);
}
