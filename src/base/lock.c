/* Locks by flock: they belong to the open file, so that a program that opens a file twice keeps
 * itself out, too, and they are gone when it is closed or its process is killed. Who held it may
 * have removed the file between our opening and locking it: what we hold then is no longer what the
 * name stands for, and we begin again. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool still_named(int file, const char *path) {
    struct stat held, named;
    return fstat(file, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

hsd_status hsd_file_open_locked(const char *path, FILE **out, hsd_error *err) {
    enum { MOST_TRIES = 8 };
    *out = NULL;
    for (int i = 0; i < MOST_TRIES; i++) {
        const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file < 0) return hsd_fail(err, HSD_E_WRITE, "%s: %s", path, strerror(errno));
        if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            close(file);
            break;
        }
        if (!still_named(file, path)) {
            close(file);
            continue;
        }
        *out = fdopen(file, "r+b");
        if (*out) return HSD_OK;
        close(file);
        return hsd_fail(err, HSD_E_MEMORY, "%s: out of memory", path);
    }
    return hsd_fail(err, HSD_E_WRITE, "%s is in use by another run", path);
}

bool hsd_file_empty(FILE *file) {
    return fflush(file) == 0 && ftruncate(fileno(file), 0) == 0 && fseeko(file, 0, SEEK_SET) == 0;
}
