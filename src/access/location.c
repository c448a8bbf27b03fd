/* Location measures: one number an origin from its row of times. Sums run in the order of targets;
 * rows do not know of each other, so nothing depends on threads. O(pairs), and O(origins x targets)
 * for transport performance, where a chord through the sphere spares nearly all geodesics. Formulas
 * and sources: docs/methods.md, 14. */
#include <math.h>

#include "access/pairs.h"
#include "base/memory.h"
#include "base/parallel.h"

/* ---- Mean time ---- */

/* Targets with a mass, counted besides summed: whether any is missing is then exact. */
typedef struct tally {
    size_t count;
    double mass;
} tally;

static void tally_add(tally *t, double mass) {
    t->count += mass > 0;
    t->mass += mass;
}

static hsd_status check_rule(hsd_unreachable_rule rule, double cap_min, hsd_error *err) {
    return rule == HSD_UNREACHED_CAP
               ? hsd_check_number("time of what cannot be reached", cap_min, false, err)
               : HSD_OK;
}

/* What there is to be reached from an origin: all, less the zone itself where it is skipped. */
static tally wanted_from(const hsd_cost_table *table, const double *mass, tally all, size_t i) {
    const uint32_t self = table->skip_self ? hsd_pairs_self(table, i) : HSD_NO_ROW;
    if (self == HSD_NO_ROW) return all;
    const double own = hsd_mass_at(mass, self);
    return (tally){all.count - (own > 0), fmax(0, all.mass - own)};
}

hsd_status hsd_access_mean_time(const hsd_cost_table *table, const double *mass,
                                hsd_unreachable_rule rule, double cap_min, double *out,
                                double *missing, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = check_rule(rule, cap_min, err);
    if (status) return status;
    const double cap = rule == HSD_UNREACHED_CAP ? cap_min : INFINITY;
    tally all = {0};
    for (size_t j = 0; j < table->target_count; j++) tally_add(&all, hsd_mass_at(mass, j));
    for (size_t i = 0; i < table->origin_count; i++) {
        const tally wanted = wanted_from(table, mass, all, i);
        tally reached = {0};
        double sum = 0;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            const double m = hsd_mass_at(mass, at.target);
            tally_add(&reached, m);
            sum += fmin(table->costs[0][at.pair], cap) * m;
        }
        const bool whole = reached.count == wanted.count;
        const double lost = whole ? 0 : fmax(0, wanted.mass - reached.mass);
        if (missing) missing[i] = wanted.count > 0 ? lost / (reached.mass + lost) : NAN;
        if (wanted.count == 0 || (reached.count == 0 && rule == HSD_UNREACHED_DROP))
            out[i] = NAN;
        else if (!whole && rule == HSD_UNREACHED_INFINITE)
            out[i] = INFINITY;
        else if (!whole && rule == HSD_UNREACHED_CAP)
            out[i] = (sum + cap * lost) / (reached.mass + lost);
        else
            out[i] = sum / reached.mass;
    }
    return HSD_OK;
}

void hsd_access_coefficient(const double *values, size_t count, double *out) {
    double sum = 0;
    size_t finite = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) continue;
        sum += values[i];
        finite++;
    }
    const double mean = sum / (double)finite;
    for (size_t i = 0; i < count; i++)
        out[i] = !isfinite(values[i]) ? values[i] : mean != 0 ? values[i] / mean : NAN;
}

/* ---- Potentials ---- */

hsd_status hsd_access_gravity(const hsd_cost_table *table, const double *mass,
                              const hsd_decay *decay, double floor_min, double *out,
                              hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = hsd_check_number("floor", floor_min, false, err);
    if (status) return status;
    for (size_t i = 0; i < table->origin_count; i++) {
        double sum = 0;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            const double f = hsd_decay_value(decay, fmax(table->costs[0][at.pair], floor_min));
            if (!(f < INFINITY)) return hsd_fail_zero_cost(table, i, at.target, err);
            sum += hsd_mass_at(mass, at.target) * f;
        }
        out[i] = sum;
    }
    return HSD_OK;
}

hsd_status hsd_access_potential(const hsd_cost_table *table, const double *mass, double exponent,
                                double floor_min, double *out, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = hsd_check_number("exponent", exponent, false, err);
    if (!status) status = hsd_check_number("floor", floor_min, false, err);
    if (status) return status;
    for (size_t i = 0; i < table->origin_count; i++) {
        double sum = 0;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            const double t = fmax(table->costs[0][at.pair], floor_min);
            if (t <= 0) return hsd_fail_zero_cost(table, i, at.target, err);
            sum += hsd_mass_at(mass, at.target) / pow(t, exponent);
        }
        out[i] = sum;
    }
    return HSD_OK;
}

/* ---- Efficiency ---- */

static hsd_status check_points(const char *what, const hsd_lonlat *points, size_t count,
                               const char *const *ids, hsd_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (fabs(points[i].lon) <= 360 && fabs(points[i].lat) <= 90) continue;
        char label[HSD_ZONE_LABEL];
        return hsd_fail(err, HSD_E_FORMAT, "%s %s has no point on the globe (%g,%g)", what,
                        hsd_zone_label(ids, i, label), points[i].lon, points[i].lat);
    }
    return HSD_OK;
}

static hsd_status check_ends(const hsd_cost_table *table, const hsd_lonlat *from,
                             const hsd_lonlat *to, hsd_error *err) {
    hsd_status status = check_points("origin", from, table->origin_count, table->origin_ids, err);
    return status ? status
                  : check_points("target", to, table->target_count, table->target_ids, err);
}

typedef struct efficiency {
    const hsd_cost_table *table;
    const double *mass;
    const hsd_lonlat *from, *to;
    double ideal_m_min;
    double *out;
} efficiency;

static hsd_status efficiency_rows(void *context, size_t begin, size_t end, int worker,
                                  hsd_error *err) {
    (void)worker;
    (void)err;
    const efficiency *e = context;
    for (size_t i = begin; i < end; i++) {
        const uint32_t self = hsd_pairs_self(e->table, i);
        double sum = 0, masses = 0;
        for (hsd_pairs at = hsd_pairs_of(e->table, i); hsd_pairs_next(&at);) {
            if (at.target == self) continue;
            const hsd_lonlat a = e->from[i], b = e->to[at.target];
            const double length_m = hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat);
            if (length_m < 1) continue;
            const double m = hsd_mass_at(e->mass, at.target);
            sum += e->table->costs[0][at.pair] / (length_m / e->ideal_m_min) * m;
            masses += m;
        }
        e->out[i] = masses > 0 ? sum / masses : NAN;
    }
    return HSD_OK;
}

/* A geodesic a pair is a microsecond or two, all else nothing: the rows go to all threads. */
hsd_status hsd_access_efficiency(const hsd_cost_table *table, const double *mass,
                                 const hsd_lonlat *from, const hsd_lonlat *to, double ideal_kmh,
                                 const hsd_run *run, double *out, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = hsd_check_number("ideal speed", ideal_kmh, true, err);
    if (!status) status = check_ends(table, from, to, err);
    if (status) return status;
    efficiency e = {table, mass, from, to, ideal_kmh * 1000 / 60, out};
    return hsd_parallel_for(run, NULL, table->origin_count, 8, efficiency_rows, &e, err);
}

/* ---- Transport performance ---- */

/* Within a radius or not, by the chord of the two directions on the unit sphere. The ellipsoid's
 * radii of curvature lie between B and C, so a geodesic is between B and C times the angle on the
 * sphere of the same latitudes; only where that leaves it open is it computed. */
static const double CURVATURE_MIN_M = 6335439 * (1 - 1e-6), /* a (1 - e2): meridian, equator */
    CURVATURE_MAX_M = 6399594 * (1 + 1e-6);                 /* a / sqrt(1 - e2): poles */

typedef struct radius {
    double m, inside2, outside2; /* squared chords */
} radius;

static double chord2(double angle) {
    const double half = sin(fmin(angle, M_PI) / 2);
    return 4 * half * half;
}

static void direction_of(hsd_lonlat at, double *v) {
    const double lon = at.lon * (M_PI / 180), lat = at.lat * (M_PI / 180);
    v[0] = cos(lat) * cos(lon);
    v[1] = cos(lat) * sin(lon);
    v[2] = sin(lat);
}

static bool is_within(const radius *r, const double *u, const double *v, hsd_lonlat a,
                      hsd_lonlat b) {
    const double x = u[0] - v[0], y = u[1] - v[1], z = u[2] - v[2];
    const double c2 = x * x + y * y + z * z;
    if (c2 < r->inside2) return true;
    if (c2 > r->outside2) return false;
    return hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat) <= r->m;
}

/* Masses within the radius of each origin: without a way, too. */
static void sum_proximity(const hsd_cost_table *table, const double *mass, const hsd_lonlat *from,
                          const hsd_lonlat *to, const double (*directions)[3], double radius_m,
                          double *out) {
    const radius r = {radius_m, chord2(radius_m / CURVATURE_MAX_M),
                      chord2(radius_m / CURVATURE_MIN_M)};
    for (size_t i = 0; i < table->origin_count; i++) {
        const uint32_t self = table->skip_self ? hsd_pairs_self(table, i) : HSD_NO_ROW;
        double u[3];
        direction_of(from[i], u);
        out[i] = 0;
        for (size_t j = 0; j < table->target_count; j++)
            if (j != self && is_within(&r, u, directions[j], from[i], to[j]))
                out[i] += hsd_mass_at(mass, j);
    }
}

hsd_status hsd_access_performance(const hsd_cost_table *table, const double *mass,
                                  const hsd_lonlat *from, const hsd_lonlat *to, double cutoff_min,
                                  double radius_km, double *out, double *proximity,
                                  hsd_error *err) {
    hsd_status status = hsd_check_number("radius", radius_km, true, err);
    if (!status) status = check_ends(table, from, to, err);
    if (!status) /* and masses, and the cut-off */
        status = hsd_access_cumulative(
            table, mass, (double[]){cutoff_min, INFINITY, INFINITY, INFINITY}, out, err);
    if (status) return status;
    double *near = proximity ? proximity : hsd_alloc(table->origin_count, sizeof *near, err);
    double(*directions)[3] = hsd_alloc(table->target_count, sizeof *directions, err);
    if (near && directions) {
        for (size_t j = 0; j < table->target_count; j++) direction_of(to[j], directions[j]);
        sum_proximity(table, mass, from, to, (const double(*)[3])directions, radius_km * 1000,
                      near);
        for (size_t i = 0; i < table->origin_count; i++)
            out[i] = near[i] > 0 ? 100 * out[i] / near[i] : NAN;
    }
    status = near && directions ? HSD_OK : HSD_E_MEMORY;
    if (!proximity) hsd_free(near);
    hsd_free(directions);
    return status;
}
