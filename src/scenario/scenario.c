/* Scenarios by the names of their proposals. */
#include "hourshed/scenario.h"

#include "base/memory.h"

void hsd_scenario_finish(hsd_scenario *scenario) {
    hsd_free(scenario->name);
    hsd_free(scenario->proposals);
    *scenario = (hsd_scenario){0};
}
