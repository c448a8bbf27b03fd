/* Any bytes as a profile: refused or read, and what is read keeps its promises. */
#include <stdint.h>
#include <stdlib.h>

#include "read/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hsd_profile profile;
    hsd_error err = {0};
    hsd_status status = hsd_profile_parse((const char *)data, size, "fuzz.yaml", &profile, &err);
    if (status != HSD_OK && !err.message[0]) abort();
    if (status == HSD_OK) {
        if (profile.class_count == 0 || profile.use_count == 0 || !profile.name[0]) abort();
        if (profile.leg_speed_mh == 0 || profile.leg_detour_ppm < 1000000) abort();
        for (size_t i = 0; i < profile.class_count; i++)
            if (profile.classes[i].speed_mh == 0 || profile.classes[i].factor_ppm == 0) abort();
    }
    hsd_profile_finish(&profile);
    return 0;
}
