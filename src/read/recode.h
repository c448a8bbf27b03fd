/* Text in another encoding to UTF-8. Private to read/. */
#ifndef READ_RECODE_H
#define READ_RECODE_H

#include "hourshed/base.h"

/* Replaces *text (hsd_alloc'd, zero-ended) by its UTF-8; file is for the message. Refuses an
 * encoding the system does not know and bytes that are not in it. */
hsd_status hsd_recode(char **text, size_t *length, const char *encoding, const char *file,
                      hsd_error *err);
/* HSD_E_ARGUMENT where the system does not know the encoding. */
hsd_status hsd_encoding_check(const char *encoding, hsd_error *err);
#endif
