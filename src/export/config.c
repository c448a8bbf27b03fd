/* GDAL's configuration options, from the command line. */
#include <cpl_conv.h>
#include <string.h>

#include "base/memory.h"
#include "hourshed/export.h"

hsd_status hsd_config_set(const char *key_value, hsd_error *err) {
    const char *equals = strchr(key_value, '=');
    if (!equals || equals == key_value)
        return hsd_fail(err, HSD_E_ARGUMENT, "option \"%s\": expected KEY=VALUE", key_value);
    char *key = hsd_strndup(key_value, (size_t)(equals - key_value), err);
    if (!key) return HSD_E_MEMORY;
    CPLSetConfigOption(key, equals + 1);
    hsd_free(key);
    return HSD_OK;
}
