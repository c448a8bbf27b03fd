/* A file that one run at a time may write. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdio.h>

#include "hourshed/base.h"

/* Opens it to read and write, makes it where there is none, and holds it until it is closed; a lock
 * falls with its process. HSD_E_WRITE where another run holds it, or it cannot be opened. File
 * systems without locks hold nothing back. */
hsd_status hsd_file_open_locked(const char *path, FILE **out, hsd_error *err);
/* Takes all out of it and goes to its start; false: errno says why. */
bool hsd_file_empty(FILE *file);
#endif
