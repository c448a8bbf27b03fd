/* Spillovers of infrastructure between regions (Gutierrez, Condeco-Melhorado and Martin 2010): what
 * a region gains by that part of a plan which lies in another. docs/methods.md, 16. Leaving one
 * part out of the plan and putting one alone into the base do not add up to the gain of the whole
 * where parts help, or stand for, each other: the residual says by how much. O(regions * zones). */
#include <math.h>

#include "access/pairs.h"
#include "base/memory.h"

typedef struct spillover {
    const hsd_spillover *in;
    uint8_t *left_out; /* of a zone: no region, or a value that is none somewhere */
    double *weight;    /* of a region: sum over its zones */
} spillover;

static double weight_of(const hsd_spillover *in, size_t zone) {
    return in->weights ? in->weights[zone] : 1;
}

/* A zone whose value is missing or infinite in one of the cases has no gain, in any. */
static void leave_out(spillover *s) {
    const hsd_spillover *in = s->in;
    for (size_t z = 0; z < in->zone_count; z++) {
        bool good = in->region[z] != HSD_NO_ROW && isfinite(in->base[z]) && isfinite(in->full[z]);
        for (size_t r = 0; good && r < in->region_count; r++)
            good = isfinite(in->without[r * in->zone_count + z]) &&
                   (!in->only || isfinite(in->only[r * in->zone_count + z]));
        s->left_out[z] = !good;
        if (good) s->weight[in->region[z]] += weight_of(in, z);
    }
}

/* gain[region]: weighted mean over its zones of more - less; NAN: it has none. */
static void gains(const spillover *s, const double *more, const double *less, double *gain) {
    const hsd_spillover *in = s->in;
    for (size_t r = 0; r < in->region_count; r++) gain[r] = 0;
    for (size_t z = 0; z < in->zone_count; z++)
        if (!s->left_out[z]) gain[in->region[z]] += weight_of(in, z) * (more[z] - less[z]);
    for (size_t r = 0; r < in->region_count; r++)
        gain[r] = s->weight[r] > 0 ? gain[r] / s->weight[r] : NAN;
}

static hsd_status check(const hsd_spillover *in, const double *first_in, hsd_error *err) {
    for (size_t z = 0; z < in->zone_count; z++)
        if (in->region[z] != HSD_NO_ROW && in->region[z] >= in->region_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "zone number %zu: region %u; there are %zu", z + 1,
                            in->region[z], in->region_count);
    if (first_in && !in->only)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "first-in spillovers need the values of the base with each region alone");
    return hsd_check_masses("weight", in->weights, in->zone_count, NULL, err);
}

hsd_status hsd_access_spillover(const hsd_spillover *in, double *spill, double *first_in,
                                double *residual, hsd_error *err) {
    const hsd_status status = check(in, first_in, err);
    if (status) return status;
    const size_t regions = in->region_count;
    spillover s = {.in = in};
    s.left_out = hsd_calloc(in->zone_count, sizeof *s.left_out, err);
    s.weight = hsd_calloc(regions, sizeof *s.weight, err);
    double *alone = hsd_alloc(regions, sizeof *alone, err);
    if (s.left_out && s.weight && alone) {
        leave_out(&s);
        if (residual) gains(&s, in->full, in->base, residual);
        for (size_t r = 0; r < regions; r++) {
            gains(&s, in->full, in->without + r * in->zone_count, spill + r * regions);
            if (in->only) gains(&s, in->only + r * in->zone_count, in->base, alone);
            for (size_t k = 0; k < regions; k++) {
                if (first_in) first_in[r * regions + k] = alone[k];
                if (residual) residual[k] = in->only ? residual[k] - alone[k] : NAN;
            }
        }
    }
    const bool done = s.left_out && s.weight && alone;
    hsd_free(s.left_out);
    hsd_free(s.weight);
    hsd_free(alone);
    return done ? HSD_OK : HSD_E_MEMORY;
}
