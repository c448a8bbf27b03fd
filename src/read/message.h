/* Pieces of error messages shared by the readers. Private to read/. */
#ifndef READ_MESSAGE_H
#define READ_MESSAGE_H

#include "hourshed/geo.h"

#define HSD_CLIP_SIZE 56

/* The user's value, made fit to stand in one line of a message: cut at a whole UTF-8 character,
 * control characters and broken UTF-8 as '?'. Returns buffer (HSD_CLIP_SIZE bytes). */
const char *hsd_clip(const char *text, char *buffer);

/* yyyymmdd of YYYY, YYYY-MM or YYYY-MM-DD, the earliest day meant; 0 for no such date. */
uint32_t hsd_day_of(const char *text);

/* Degrees to 1e-7 degrees, rounded half away from zero; the caller has checked the range. */
int32_t hsd_e7_of(double degrees);

/* Finite, longitude within 180, latitude within 90 degrees. */
bool hsd_on_globe(double lon, double lat);

/* A datum by its name, NULL for WGS84; another word is HSD_E_ARGUMENT. */
hsd_status hsd_datum_choose(const char *name, hsd_datum *out, hsd_error *err);

/* Greatest speed believed of a road, km/h; more is taken for a mistake of units. */
#define HSD_GREATEST_KMH 300.0

#endif
