/* Text in another encoding to UTF-8, by the C library's iconv. A byte sequence that is not in the
 * encoding is an error, never a question mark. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/memory.h"
#include "read/message.h"
#include "read/recode.h"

static hsd_status open_converter(const char *encoding, iconv_t *out, hsd_error *err) {
    char clip[HSD_CLIP_SIZE];
    *out = iconv_open("UTF-8", encoding);
    if (*out != (iconv_t)-1) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "unknown encoding \"%s\"; for instance GBK, GB18030 or UTF-8",
                    hsd_clip(encoding, clip));
}

hsd_status hsd_encoding_check(const char *encoding, hsd_error *err) {
    iconv_t converter;
    hsd_status status = open_converter(encoding, &converter, err);
    if (status == HSD_OK) iconv_close(converter);
    return status;
}

static size_t line_at(const char *text, const char *end) {
    size_t line = 1;
    for (; text < end; text++) line += *text == '\n';
    return line;
}

hsd_status hsd_recode(char **text, size_t *length, const char *encoding, const char *file,
                      hsd_error *err) {
    iconv_t converter;
    hsd_status status = open_converter(encoding, &converter, err);
    if (status != HSD_OK) return status;
    HSD_ARRAY(char) out = {0};
    char *in = *text;
    size_t left = *length;
    while (left > 0 && status == HSD_OK) {
        if (!hsd_array_reserve(&out, out.count + left + 64, err)) {
            status = HSD_E_MEMORY;
            break;
        }
        char *at = out.data + out.count;
        size_t room = out.capacity - out.count - 1;
        size_t done = iconv(converter, &in, &left, &at, &room);
        out.count = (size_t)(at - out.data);
        if (done == (size_t)-1 && errno != E2BIG)
            status = hsd_fail(err, HSD_E_FORMAT, "%s line %zu: not text in %.32s", file,
                              line_at(*text, in), encoding);
    }
    iconv_close(converter);
    if (status == HSD_OK && !hsd_array_push(&out, '\0', err)) status = HSD_E_MEMORY;
    if (status != HSD_OK) {
        hsd_array_finish(&out);
        return status;
    }
    hsd_free(*text);
    *text = out.data;
    *length = out.count - 1;
    return HSD_OK;
}
