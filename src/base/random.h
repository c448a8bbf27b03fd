/* SplitMix64: seeded points for checks that must be the same everywhere (Steele et al. 2014). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H
#include <stdint.h>
typedef struct hsd_random {
    uint64_t state;
} hsd_random;
static inline uint64_t hsd_random_next(hsd_random *random) {
    uint64_t z = (random->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static inline double hsd_random_unit(hsd_random *random) { /* [0, 1) */
    return (double)(hsd_random_next(random) >> 11) * 0x1.0p-53;
}
#endif
