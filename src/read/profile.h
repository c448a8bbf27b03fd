/* Profiles from memory: for tests and fuzzing. Private to read/. */
#ifndef READ_PROFILE_H
#define READ_PROFILE_H

#include "hourshed/read.h"

/* file: the name messages use. */
hsd_status hsd_profile_parse(const char *data, size_t length, const char *file, hsd_profile *out,
                             hsd_error *err);
#endif
