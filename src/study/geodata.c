/* Where the embedded data lie: the environment's word first, then beside the program as built,
 * beside it as installed, and where the build was told to install. */
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "hourshed/study.h"

static char *under(const char *folder, const char *below, const char *name) {
    char *base = folder ? hsd_path_join(folder, below, NULL) : NULL;
    char *path = base ? hsd_path_join(base, name, NULL) : NULL;
    hsd_free(base);
    if (path && hsd_path_exists(path)) return path;
    hsd_free(path);
    return NULL;
}

hsd_status hsd_geodata_find(const char *name, char **out, hsd_error *err) {
    const char *environment = getenv("HOURSHED_GEODATA");
    char *program = hsd_program_folder(NULL);
    char *found = environment && environment[0] ? under(environment, ".", name) : NULL;
    if (!found) found = under(program, "../geodata", name);
    if (!found) found = under(program, "../share/hourshed", name);
    if (!found) found = under(HSD_GEODATA_DIR, ".", name);
    hsd_free(program);
    *out = found;
    if (found) return HSD_OK;
    return hsd_fail(err, HSD_E_OPEN, "%s: not in the geodata; HOURSHED_GEODATA names its folder",
                    name);
}
