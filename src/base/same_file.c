/* Do two paths name one file? By device and inode where both exist, else by folder and name. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

/* The folder's real path and the name; false when the folder does not exist. */
static bool real_place(const char *path, char folder[PATH_MAX], const char **name) {
    char copy[PATH_MAX];
    *name = hsd_base_name(path);
    size_t length = (size_t)(*name - path);
    if (length >= sizeof copy) return false;
    memcpy(copy, path, length);
    copy[length] = '\0';
    return realpath(length ? copy : ".", folder) != NULL;
}

bool hsd_same_file(const char *a, const char *b) {
    if (!a || !b) return false;
    struct stat x, y;
    bool a_exists = stat(a, &x) == 0, b_exists = stat(b, &y) == 0;
    if (a_exists && b_exists) return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
    if (a_exists != b_exists) return false;
    char folder_a[PATH_MAX], folder_b[PATH_MAX];
    const char *name_a, *name_b;
    return real_place(a, folder_a, &name_a) && real_place(b, folder_b, &name_b) &&
           strcmp(folder_a, folder_b) == 0 && strcmp(name_a, name_b) == 0;
}
