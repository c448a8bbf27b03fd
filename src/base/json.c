/* A JSON writer: commas and brackets kept by a small stack. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *hsd_double_text(double value, char *buffer) {
    if (fabs(value) < 1e15 && value == floor(value)) {          /* 10, not 1e+01 */
        snprintf(buffer, 32, "%.0f", value == 0 ? 0.0 : value); /* no -0 */
        return buffer;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, value);
        for (char *c = buffer; *c; c++)
            if (*c == ',') *c = '.'; /* a host program's locale */
        double back;
        if (hsd_parse_double(buffer, &back) && back == value) break;
    }
    return buffer;
}

static void comma(hsd_json *json) {
    if (json->need_comma) hsd_text_add(&json->text, ",");
    json->need_comma = true;
}

void hsd_json_open(hsd_json *json, char bracket) {
    comma(json);
    hsd_text_add_n(&json->text, &bracket, 1);
    if (json->depth < (int)sizeof json->stack)
        json->stack[json->depth++] = bracket;
    else
        json->text.failed = true;
    json->need_comma = false;
}

void hsd_json_close(hsd_json *json) {
    if (json->depth == 0) return;
    hsd_text_add(&json->text, json->stack[--json->depth] == '{' ? "}" : "]");
    json->need_comma = true;
}

void hsd_json_key(hsd_json *json, const char *key) {
    comma(json);
    hsd_text_add_json(&json->text, key);
    hsd_text_add(&json->text, ":");
    json->need_comma = false;
}

void hsd_json_string(hsd_json *json, const char *value) {
    comma(json);
    if (value)
        hsd_text_add_json(&json->text, value);
    else
        hsd_text_add(&json->text, "null");
}

void hsd_json_number(hsd_json *json, double value) {
    char buffer[32];
    comma(json);
    hsd_text_add(&json->text, isfinite(value) ? hsd_double_text(value, buffer) : "null");
}

void hsd_json_int(hsd_json *json, int64_t value) {
    comma(json);
    hsd_text_addf(&json->text, "%lld", (long long)value);
}

void hsd_json_bool(hsd_json *json, bool value) {
    hsd_json_raw(json, value ? "true" : "false");
}

void hsd_json_raw(hsd_json *json, const char *value) {
    comma(json);
    hsd_text_add(&json->text, value);
}

void hsd_json_finish(hsd_json *json) {
    if (!json) return;
    hsd_text_finish(&json->text);
    *json = (hsd_json){0};
}
