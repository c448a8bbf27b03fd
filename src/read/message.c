/* Pieces of error messages and checks that every reader needs. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "read/message.h"

const char *hsd_clip(const char *text, char *buffer) {
    const size_t room = HSD_CLIP_SIZE - 4; /* "..." and the zero */
    size_t length = strlen(text), cut = hsd_utf8_cut(text, room);
    bool whole = length <= room;
    bool valid = hsd_utf8_valid(text, cut);
    for (size_t i = 0; i < cut; i++) {
        unsigned char c = (unsigned char)text[i];
        buffer[i] = c < 0x20 || c == 0x7F || (c >= 0x80 && !valid) ? '?' : text[i];
    }
    memcpy(buffer + cut, whole ? "" : "...", whole ? 1 : 4);
    return buffer;
}

uint32_t hsd_day_of(const char *text) {
    char full[11] = "0000-01-01";
    int year, month, day;
    size_t length = strlen(text);
    if (length != 4 && length != 7 && length != 10) return 0;
    memcpy(full, text, length);
    if (!hsd_parse_date(full, &year, &month, &day) || year == 0) return 0;
    return (uint32_t)(year * 10000 + month * 100 + day);
}

int32_t hsd_e7_of(double degrees) {
    return (int32_t)lround(degrees * 1e7);
}

bool hsd_on_globe(double lon, double lat) {
    return isfinite(lon) && isfinite(lat) && fabs(lon) <= 180 && fabs(lat) <= 90;
}

hsd_status hsd_datum_choose(const char *name, hsd_datum *out, hsd_error *err) {
    char clip[HSD_CLIP_SIZE];
    *out = HSD_WGS84;
    if (!name || hsd_datum_parse(name, out)) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "datum \"%s\": wgs84, gcj02 or bd09 was expected",
                    hsd_clip(name, clip));
}
