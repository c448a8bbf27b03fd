/* Which columns a measure reads, and what for. */
#include <string.h>

#include "access/measures.h"

const char *hsd_measure_reads(const hsd_measure *measure, hsd_measure_role role) {
    const char *const columns[HSD_ROLES] = {
        [HSD_ROLE_MASS] = measure->mass,     [HSD_ROLE_MASS2] = measure->mass2,
        [HSD_ROLE_DEMAND] = measure->demand, [HSD_ROLE_POPULATION] = measure->population,
        [HSD_ROLE_INCOME] = measure->income, [HSD_ROLE_GROUP] = measure->group};
    const char *name = columns[role];
    return name && name[0] && strcmp(name, "1") != 0 ? name : NULL;
}
