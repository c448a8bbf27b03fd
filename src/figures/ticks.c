/* Nice numbers for axes and bins: multiples of 1, 2 or 5 times a power of ten (Heckbert, "Nice
 * numbers for graph labels", Graphics Gems 1990); of minutes the divisions of a clock. A step is
 * kept as whole number and power, so that the third tick of 0.1 is 0.3 to the last bit. O(log of
 * the range). */
#include <math.h>
#include <stdio.h>

#include "hourshed/figures.h"

enum { LEAST_EXPONENT = -300, MOST_EXPONENT = 300 };

static double scaled(double value, int exponent) {
    return exponent < 0 ? value / pow(10, -exponent) : value * pow(10, exponent);
}

static double multiple(const hsd_ticks *t, double k) {
    return scaled(k * t->mantissa, t->exponent);
}

double hsd_ticks_at(const hsd_ticks *ticks, size_t i) {
    return multiple(ticks, ticks->first + (double)i);
}

const char *hsd_ticks_text(const hsd_ticks *ticks, double value, char *buffer) {
    const int decimals = ticks->exponent < 0 ? -ticks->exponent : 0;
    if (decimals > 9 || fabs(value) >= 1e12)
        snprintf(buffer, HSD_TICK_TEXT, "%g", value);
    else
        snprintf(buffer, HSD_TICK_TEXT, "%.*f", decimals, value == 0 ? 0 : value);
    return buffer;
}

/* The multiples of a step from the last one that is not above min to the first not below max. */
static bool cover(hsd_ticks *t, double min, double max, size_t most) {
    const double step = multiple(t, 1);
    double low = floor(min / step), high = ceil(max / step);
    if (multiple(t, low) > min) low--; /* the division is rounded, the multiples decide */
    if (multiple(t, low + 1) <= min) low++;
    if (multiple(t, high) < max) high++;
    if (multiple(t, high - 1) >= max) high--;
    if (high <= low) high = low + 1;
    if (!(high - low <= (double)most)) return false;
    t->first = low;
    t->count = (size_t)(high - low) + 1;
    return true;
}

static bool cover_clock(hsd_ticks *t, double min, double max, size_t most) {
    static const int steps[] = {1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440};
    if (max - min < 2) return false; /* parts of minutes are decimal */
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        *t = (hsd_ticks){.mantissa = steps[i]};
        if (cover(t, min, max, most)) return true;
    }
    return false;
}

hsd_ticks hsd_ticks_cover(double min, double max, size_t most, bool minutes) {
    static const int mantissas[] = {1, 2, 5};
    hsd_ticks t = {0};
    if (!isfinite(min) || !isfinite(max)) min = max = 0;
    if (most < 2) most = 2;
    const double least = fmax(1e-9 * fmax(fabs(min), fabs(max)), 1e-290);
    if (max - min < least) max = min == 0 ? 1 : min + fabs(min);
    if (minutes && cover_clock(&t, min, max, most)) return t;
    int exponent = (int)floor(log10((max - min) / (double)most));
    if (exponent < LEAST_EXPONENT) exponent = LEAST_EXPONENT;
    for (; exponent <= MOST_EXPONENT; exponent++)
        for (size_t i = 0; i < 3; i++) {
            t = (hsd_ticks){.mantissa = mantissas[i], .exponent = exponent};
            if (cover(&t, min, max, most)) return t;
        }
    return (hsd_ticks){.mantissa = 1, .count = 2};
}

size_t hsd_ticks_bin(const hsd_ticks *ticks, double value) {
    const size_t bins = ticks->count - 1;
    double k = floor(value / multiple(ticks, 1));
    if (multiple(ticks, k) > value) k--;
    if (multiple(ticks, k + 1) <= value) k++;
    const double bin = k - ticks->first;
    return bin < 0 ? 0 : bin >= (double)bins ? bins - 1 : (size_t)bin;
}
