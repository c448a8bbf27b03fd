/* What a network says about itself. */
#include <string.h>

#include "net/network.h"

hsd_status hsd_network_info_get(const hsd_network *network, hsd_network_info *out, hsd_error *err) {
    (void)err; /* the heads were checked when it was opened */
    *out = network->info;
    return HSD_OK;
}

int hsd_network_profile(const hsd_network *network, const char *mode, const char *name) {
    for (size_t m = 0; m < network->metric_count; m++) {
        const hsd_metric *metric = &network->metrics[m];
        if (mode && strcmp(network->graphs[metric->graph].mode, mode) != 0) continue;
        if (!name || strcmp(metric->name, name) == 0) return (int)m;
    }
    return -1;
}
