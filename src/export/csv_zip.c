/* CSV tables in a zip archive. A table is text in memory until it is packed. O(bytes). */
#include "export/csv_zip.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

hsd_status hsd_csv_zip_begin(const char *path, bool overwrite, hsd_csv_zip *out, hsd_error *err) {
    *out = (hsd_csv_zip){.table = NULL};
    return hsd_output_begin(path, overwrite, &out->output, err);
}

static hsd_status end_table(hsd_csv_zip *zip, hsd_error *err) {
    if (!zip->table) return HSD_OK;
    if (zip->text.failed) return hsd_fail(err, HSD_E_MEMORY, "out of memory for %s", zip->table);
    hsd_status status = HSD_OK;
    if (zip->rows > 1)
        status = hsd_zip_add(&zip->zip, zip->table, zip->text.data, zip->text.length, err);
    zip->rows = 0;
    zip->text.length = 0;
    zip->table = NULL;
    return status;
}

hsd_status hsd_csv_table(hsd_csv_zip *zip, const char *name, const char *titles, hsd_error *err) {
    hsd_status status = end_table(zip, err);
    zip->table = name;
    hsd_text_add(&zip->text, titles);
    hsd_csv_end(zip);
    return status;
}

static void comma(hsd_csv_zip *zip) {
    if (zip->row) hsd_text_add_n(&zip->text, ",", 1);
    zip->row = true;
}

void hsd_csv_text(hsd_csv_zip *zip, const char *text) {
    comma(zip);
    if (!text[strcspn(text, ",\"\r\n")]) {
        hsd_text_add(&zip->text, text);
        return;
    }
    hsd_text_add(&zip->text, "\"");
    for (const char *at = text; *at;) {
        const size_t plain = strcspn(at, "\"");
        hsd_text_add_n(&zip->text, at, plain);
        at += plain;
        if (*at++ != '"') break;
        hsd_text_add(&zip->text, "\"\"");
    }
    hsd_text_add(&zip->text, "\"");
}

void hsd_csv_int(hsd_csv_zip *zip, int64_t value) {
    comma(zip);
    hsd_text_addf(&zip->text, "%lld", (long long)value);
}

void hsd_csv_real(hsd_csv_zip *zip, double value) {
    char number[32];
    comma(zip);
    if (isfinite(value)) hsd_text_add(&zip->text, hsd_double_text(value, number));
}

void hsd_csv_clock(hsd_csv_zip *zip, int32_t seconds) {
    comma(zip);
    hsd_text_addf(&zip->text, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void hsd_csv_end(hsd_csv_zip *zip) {
    hsd_text_add(&zip->text, "\r\n");
    zip->row = false;
    zip->rows++;
}

hsd_status hsd_csv_zip_commit(hsd_csv_zip *zip, hsd_error *err) {
    hsd_status status = end_table(zip, err);
    if (status == HSD_OK) status = hsd_zip_end(&zip->zip, err);
    if (status != HSD_OK) return status;
    FILE *file = fopen(zip->output.temp_path, "wb");
    const size_t size = zip->zip.bytes.count;
    bool ok = file && fwrite(zip->zip.bytes.data, 1, size, file) == size;
    int why = errno;
    if (file && fclose(file) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (!ok)
        return hsd_fail(err, HSD_E_WRITE, "%s: cannot be written: %s", zip->output.path,
                        strerror(why));
    return hsd_output_commit(&zip->output, err);
}

void hsd_csv_zip_finish(hsd_csv_zip *zip) {
    hsd_zip_finish(&zip->zip);
    hsd_text_finish(&zip->text);
    hsd_output_finish(&zip->output);
}
