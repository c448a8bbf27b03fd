/* What a zip archive says of itself, before anything of it is unpacked. Private to read/. */
#ifndef READ_GTFS_ZIP_H
#define READ_GTFS_ZIP_H

#include "hourshed/base.h"

/* Refuses archives that are cut off or encrypted, whose names leave the folder (absolute, "..",
 * backslashes, drives) or stand twice, or that unpack to more than 100 times their size and 4 GB.
 * path as GDAL's virtual file system takes it; messages begin with name. */
hsd_status hsd_gtfs_zip_check(const char *path, const char *name, hsd_error *err);
#endif
