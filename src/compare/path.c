/* The best path of a foot, put together from streets and added links. */
#include "base/memory.h"
#include "hourshed/compare.h"

void hsd_path_finish(hsd_path *path) {
    hsd_free(path->steps);
    hsd_free(path->points);
    *path = (hsd_path){0};
}
