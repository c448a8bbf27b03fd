/* Matrices as OMX 0.2 (HDF5; github.com/osPlanning/omx/wiki/Specification): /data/NAME in 64-bit
 * floats, chunks of whole rows, shuffled and deflated, NAN where there is no way and as the NA
 * attribute; ids under /lookup, one "id" for both dimensions where they are the same, else from_id
 * and to_id with the DIM attribute. Plain integers are written as such, and texts in a fixed
 * length, which PyTables (and so openmatrix and AequilibraE) can read. No times of objects: the
 * same matrix gives the same bytes. The one file here with HDF5's types; HDF5 knows no threads, so
 * one writer at a time. */
#include <errno.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "export/matrix.h"

/* A chunk fits HDF5's cache of 1 MB a dataset, and so is packed once, when its rows are full. */
enum { CHUNK_VALUES = 1 << 15, DEFLATE_LEVEL = 4 };

typedef struct omx_state {
    hsd_output output;
    hid_t file;
    HSD_ARRAY(hid_t) data; /* a dataset a name */
    double *row;
} omx_state;

/* ---- Errors ------------------------------------------------------------------------------------
 */

/* HDF5 prints its errors unless told not to; between these it does not. What it would do at exit is
 * nothing to us, who close all files, and a crash where closing one failed on a full disk. */
typedef struct quiet {
    H5E_auto2_t print;
    void *data;
} quiet;

static quiet be_quiet(void) {
    quiet before = {NULL, NULL};
    H5dont_atexit(); /* of use before anything else */
    H5Eget_auto2(H5E_DEFAULT, &before.print, &before.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    errno = 0;
    return before;
}

static void be_loud(quiet before) {
    H5Eset_auto2(H5E_DEFAULT, before.print, before.data);
}

static herr_t keep_innermost(unsigned n, const H5E_error2_t *error, void *data) {
    (void)n;
    snprintf(data, 120, "%s", error->desc ? error->desc : "");
    return 1;
}

/* HDF5's own words on a disk that failed are a page with the time of day in it. */
static hsd_status failed(const hsd_matrix_writer *w, const char *what, hsd_error *err) {
    const bool disk = errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO;
    char why[120] = "";
    if (disk) snprintf(why, sizeof why, "%s", strerror(errno));
    if (!disk) H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, why);
    return hsd_fail(err, HSD_E_WRITE, "%s: %s cannot be written: %s", w->path, what,
                    why[0] ? why : "HDF5 says no more");
}

/* ---- Attributes and lookups --------------------------------------------------------------------
 */

static bool attribute(hid_t object, const char *name, hid_t type, const hsize_t *length,
                      const void *value) {
    const hid_t space = length ? H5Screate_simple(1, length, NULL) : H5Screate(H5S_SCALAR);
    const hid_t made = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = made >= 0 && H5Awrite(made, type, value) >= 0;
    if (made >= 0) ok &= H5Aclose(made) >= 0;
    if (space >= 0) H5Sclose(space);
    return ok;
}

/* A text of so many bytes, zeros behind it; -1: failed. */
static hid_t text_type(size_t length, bool ascii) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0) return type;
    if (H5Tset_size(type, length ? length : 1) >= 0 && H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 &&
        H5Tset_cset(type, ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8) >= 0)
        return type;
    H5Tclose(type);
    return -1;
}

static bool is_ascii(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80) return false;
    return true;
}

static bool text_attribute(hid_t object, const char *name, const char *text) {
    const hid_t type = text_type(strlen(text), is_ascii(text));
    const bool ok = type >= 0 && attribute(object, name, type, NULL, text);
    if (type >= 0) H5Tclose(type);
    return ok;
}

static hid_t creation_list(hid_t class) {
    const hid_t list = H5Pcreate(class);
    if (list >= 0) H5Pset_obj_track_times(list, false);
    return list;
}

static bool write_dataset(hid_t file, const char *path, hid_t type, const hsize_t *length,
                          const void *values, int dim) {
    const hid_t space = length ? H5Screate_simple(1, length, NULL) : H5Screate(H5S_SCALAR);
    const hid_t list = creation_list(H5P_DATASET_CREATE);
    const hid_t made = H5Dcreate2(file, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    bool ok = made >= 0 && H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    if (ok && dim >= 0) ok = attribute(made, "DIM", H5T_STD_I32LE, NULL, &dim);
    if (made >= 0) ok &= H5Dclose(made) >= 0;
    if (list >= 0) H5Pclose(list);
    if (space >= 0) H5Sclose(space);
    return ok;
}

/* An attribute is kept in the header of its object, which has room for 64 KB: a longer provenance
 * becomes a dataset of the same name. */
static bool write_provenance(hid_t file, const char *text) {
    if (strlen(text) < 60000) return text_attribute(file, "hourshed_provenance", text);
    const hid_t type = text_type(strlen(text), is_ascii(text));
    const bool ok = type >= 0 && write_dataset(file, "hourshed_provenance", type, NULL, text, -1);
    if (type >= 0) H5Tclose(type);
    return ok;
}

/* As a number is printed: no sign but a minus, no zero before it. */
static bool is_plain_integer(const char *text, int64_t *value) {
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (!hsd_parse_int(text, value) || text[0] == '+') return false;
    return digits[0] != '0' || (digits[1] == '\0' && digits == text);
}

static bool all_integers(const char *const *ids, size_t count, int64_t *values, bool *small) {
    *small = true;
    for (size_t i = 0; i < count; i++) {
        if (!is_plain_integer(ids[i], &values[i])) return false;
        *small &= values[i] >= INT32_MIN && values[i] <= INT32_MAX;
    }
    return true;
}

static bool write_integers(hid_t file, const char *path, int64_t *values, size_t count, bool small,
                           int dim) {
    const hsize_t length = count;
    if (!small) return write_dataset(file, path, H5T_NATIVE_INT64, &length, values, dim);
    int32_t *narrow = (int32_t *)values; /* in place, from the front */
    for (size_t i = 0; i < count; i++) {
        const int32_t value = (int32_t)values[i];
        memcpy(narrow + i, &value, sizeof value);
    }
    return write_dataset(file, path, H5T_NATIVE_INT32, &length, narrow, dim);
}

static hsd_status write_texts(hsd_matrix_writer *w, const char *path, const char *const *ids,
                              size_t count, int dim, hsd_error *err) {
    const omx_state *s = w->state;
    const hsize_t rows = count;
    size_t width = 1;
    bool ascii = true;
    for (size_t i = 0; i < count; i++) {
        if (strlen(ids[i]) > width) width = strlen(ids[i]);
        ascii &= is_ascii(ids[i]);
    }
    char *block = hsd_calloc(count, width, err);
    if (!block) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) memcpy(block + i * width, ids[i], strlen(ids[i]));
    const hid_t type = text_type(width, ascii);
    const bool ok = type >= 0 && write_dataset(s->file, path, type, &rows, block, dim);
    if (type >= 0) H5Tclose(type);
    hsd_free(block);
    return ok ? HSD_OK : failed(w, path, err);
}

static hsd_status write_lookup(hsd_matrix_writer *w, const char *path, const char *const *ids,
                               size_t count, int dim, hsd_error *err) {
    const omx_state *s = w->state;
    int64_t *values = hsd_alloc(count, sizeof *values, err);
    bool small = true;
    if (!values) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    if (!all_integers(ids, count, values, &small))
        status = write_texts(w, path, ids, count, dim, err);
    else if (!write_integers(s->file, path, values, count, small, dim))
        status = failed(w, path, err);
    hsd_free(values);
    return status;
}

static bool same_ids(const hsd_matrix_spec *spec) {
    if (spec->from_count != spec->to_count) return false;
    for (size_t i = 0; i < spec->from_count; i++)
        if (strcmp(spec->from_ids[i], spec->to_ids[i]) != 0) return false;
    return true;
}

static hsd_status write_lookups(hsd_matrix_writer *w, hsd_error *err) {
    const hsd_matrix_spec *spec = &w->spec;
    if (same_ids(spec))
        return write_lookup(w, "/lookup/id", spec->from_ids, spec->from_count, -1, err);
    hsd_status status =
        write_lookup(w, "/lookup/from_id", spec->from_ids, spec->from_count, 0, err);
    if (status == HSD_OK)
        status = write_lookup(w, "/lookup/to_id", spec->to_ids, spec->to_count, 1, err);
    return status;
}

/* ---- The file ----------------------------------------------------------------------------------
 */

static bool make_group(hid_t file, const char *path) {
    const hid_t list = creation_list(H5P_GROUP_CREATE);
    const hid_t group = H5Gcreate2(file, path, H5P_DEFAULT, list, H5P_DEFAULT);
    if (group >= 0) H5Gclose(group);
    if (list >= 0) H5Pclose(list);
    return group >= 0;
}

/* STRONG: closing the file closes what is left open in it, whatever failed before. */
static hid_t create_file(const char *path) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = creation_list(H5P_FILE_CREATE);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
    if (access >= 0) H5Pclose(access);
    if (creation >= 0) H5Pclose(creation);
    return file;
}

static hid_t create_data(hid_t file, const char *path, const hsd_matrix_spec *spec) {
    const double none = NAN;
    const hsize_t shape[2] = {spec->from_count, spec->to_count};
    hsize_t chunk[2] = {1, shape[1] < CHUNK_VALUES ? shape[1] : CHUNK_VALUES};
    chunk[0] = CHUNK_VALUES / chunk[1];
    if (chunk[0] > shape[0]) chunk[0] = shape[0];
    const hid_t space = H5Screate_simple(2, shape, NULL);
    const hid_t list = creation_list(H5P_DATASET_CREATE);
    H5Pset_chunk(list, 2, chunk);
    H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &none);
    if (H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0) {
        H5Pset_shuffle(list);
        H5Pset_deflate(list, DEFLATE_LEVEL);
    }
    const hid_t data =
        H5Dcreate2(file, path, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (list >= 0) H5Pclose(list);
    if (space >= 0) H5Sclose(space);
    if (data >= 0) attribute(data, "NA", H5T_NATIVE_DOUBLE, NULL, &none);
    return data;
}

static hsd_status add_data(hsd_matrix_writer *w, const char *name, hsd_error *err) {
    omx_state *s = w->state;
    if (!name[0] || strchr(name, '/') || strcmp(name, ".") == 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s: \"%s\" is no name for a matrix in OMX", w->path,
                        name);
    char *path = hsd_asprintf(err, "/data/%s", name);
    if (!path) return HSD_E_MEMORY;
    const hid_t data = create_data(s->file, path, &w->spec);
    hsd_free(path);
    if (data < 0) return failed(w, name, err);
    if (hsd_array_push(&s->data, data, err)) return HSD_OK;
    H5Dclose(data);
    return HSD_E_MEMORY;
}

static hsd_status fill_file(hsd_matrix_writer *w, hsd_error *err) {
    omx_state *s = w->state;
    const hsd_matrix_spec *spec = &w->spec;
    const int32_t shape[2] = {(int32_t)spec->from_count, (int32_t)spec->to_count};
    const hsize_t two = 2;
    s->file = create_file(s->output.temp_path);
    if (s->file < 0) return failed(w, "the file", err);
    if (!text_attribute(s->file, "OMX_VERSION", "0.2") ||
        !attribute(s->file, "SHAPE", H5T_NATIVE_INT32, &two, shape) ||
        !make_group(s->file, "/data") || !make_group(s->file, "/lookup") ||
        (spec->provenance && !write_provenance(s->file, spec->provenance)))
        return failed(w, "the header", err);
    hsd_status status = write_lookups(w, err);
    for (size_t i = 0; i < spec->name_count && status == HSD_OK; i++)
        status = add_data(w, spec->names[i], err);
    return status;
}

static hsd_status begin(hsd_matrix_writer *w, hsd_error *err) {
    const hsd_matrix_spec *spec = &w->spec;
    if (spec->from_count > INT32_MAX || spec->to_count > INT32_MAX)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s: %zu x %zu is more than OMX can hold", w->path,
                        spec->from_count, spec->to_count);
    omx_state *s = w->state = hsd_calloc(1, sizeof *s, err);
    if (!s) return HSD_E_MEMORY;
    s->file = -1;
    s->row = hsd_alloc(spec->to_count, sizeof *s->row, err);
    if (!s->row) return HSD_E_MEMORY;
    hsd_status status = hsd_output_begin(w->path, spec->overwrite, &s->output, err);
    if (status != HSD_OK) return status;
    const quiet before = be_quiet();
    status = fill_file(w, err);
    be_loud(before);
    return status;
}

static bool write_row(hid_t data, size_t row, size_t count, const double *values) {
    const hsize_t start[2] = {row, 0}, size[2] = {1, count};
    const hid_t memory = H5Screate_simple(2, size, NULL), space = H5Dget_space(data);
    const bool ok = memory >= 0 && space >= 0 &&
                    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                    H5Dwrite(data, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values) >= 0;
    if (memory >= 0) H5Sclose(memory);
    if (space >= 0) H5Sclose(space);
    return ok;
}

static hsd_status row(hsd_matrix_writer *w, const double *values, hsd_error *err) {
    omx_state *s = w->state;
    const size_t count = w->spec.to_count;
    hsd_status status = HSD_OK;
    const quiet before = be_quiet();
    for (size_t i = 0; i < w->spec.name_count && status == HSD_OK; i++) {
        for (size_t t = 0; t < count; t++) {
            const double value = values[i * count + t];
            s->row[t] = isfinite(value) ? value : NAN;
        }
        if (!write_row(s->data.data[i], w->rows, count, s->row))
            status = failed(w, w->spec.names[i], err);
    }
    be_loud(before);
    return status;
}

static hsd_status commit(hsd_matrix_writer *w, hsd_error *err) {
    omx_state *s = w->state;
    const quiet before = be_quiet();
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < s->data.count; i++)
        if (H5Dclose(s->data.data[i]) < 0 && status == HSD_OK)
            status = failed(w, w->spec.names[i], err);
    s->data.count = 0;
    if (H5Fclose(s->file) < 0 && status == HSD_OK) status = failed(w, "the file", err);
    s->file = -1;
    be_loud(before);
    return status == HSD_OK ? hsd_output_commit(&s->output, err) : status;
}

static void finish(hsd_matrix_writer *w) {
    omx_state *s = w->state;
    const quiet before = be_quiet();
    for (size_t i = 0; i < s->data.count; i++) H5Dclose(s->data.data[i]);
    if (s->file >= 0) H5Fclose(s->file);
    be_loud(before);
    hsd_array_finish(&s->data);
    hsd_output_finish(&s->output);
    hsd_free(s->row);
    hsd_free(s);
}

const hsd_matrix_format hsd_matrix_omx = {begin, row, commit, finish};
