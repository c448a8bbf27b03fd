/* Matrices as OMX (HDF5; github.com/osPlanning/omx/wiki/Specification): numbers in two dimensions
 * under /data, ids under /lookup, each of its own length or of one dimension by a DIM attribute.
 * Nothing is believed of sizes before it is held against what the file holds: deflate packs no more
 * than a thousandfold. Read by blocks of rows, whole chunks at a time. The one file here with
 * HDF5's types; HDF5 knows no threads, so one reading at a time. O(rows x columns). */
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "read/matrix.h"
#include "read/message.h"

enum { BLOCK_VALUES = 1 << 20, MAX_TEXT = 1 << 16 };
static const double most_packed = 2000, always_allowed = 1e6;

typedef struct names {
    HSD_ARRAY(const char *) list; /* in text, once all are there */
    HSD_ARRAY(char) text;
} names;

typedef struct omx {
    hsd_matrix_reading *r;
    const char *name; /* of the file, for messages */
    hid_t file;
    hsize_t rows, columns;
    names lookups;
} omx;

/* ---- HDF5 --------------------------------------------------------------------------------------
 */

/* HDF5 prints its errors unless told not to; between these it does not. At exit: as in export/. */
typedef struct quiet {
    H5E_auto2_t print;
    void *data;
} quiet;

static quiet be_quiet(void) {
    quiet before = {NULL, NULL};
    H5dont_atexit(); /* of use before anything else */
    H5Eget_auto2(H5E_DEFAULT, &before.print, &before.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
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

static hsd_status unreadable(const omx *o, const char *what, hsd_status code) {
    char why[120] = "", clip[HSD_CLIP_SIZE];
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, why);
    return hsd_fail(o->r->err, code, "%s: %s cannot be read: %s", o->name, hsd_clip(what, clip),
                    why[0] ? why : "HDF5 says no more");
}

/* The dataset's lengths where it has so many dimensions; false: it has not. */
static bool lengths_of(hid_t data, int dimensions, hsize_t *out) {
    const hid_t space = H5Dget_space(data);
    const bool fits = space >= 0 && H5Sget_simple_extent_type(space) == H5S_SIMPLE &&
                      H5Sget_simple_extent_ndims(space) == dimensions &&
                      H5Sget_simple_extent_dims(space, out, NULL) == dimensions;
    if (space >= 0) H5Sclose(space);
    return fits;
}

static H5T_class_t class_of(hid_t data, size_t *size) {
    const hid_t type = H5Dget_type(data);
    const H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
    *size = type >= 0 ? H5Tget_size(type) : 0;
    if (type >= 0) H5Tclose(type);
    return class;
}

/* The first number of an attribute; false: there is none. */
static bool number_attribute(hid_t object, const char *name, hsize_t count, double *out) {
    if (H5Aexists(object, name) <= 0) return false;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) return false;
    const hid_t space = H5Aget_space(attribute), type = H5Aget_type(attribute);
    const H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
    const bool ok = space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)count &&
                    (class == H5T_INTEGER || class == H5T_FLOAT) &&
                    H5Aread(attribute, H5T_NATIVE_DOUBLE, out) >= 0;
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    H5Aclose(attribute);
    return ok;
}

/* ---- Groups ------------------------------------------------------------------------------------
 */

typedef bool (*fits_fn)(hid_t data);

static bool is_matrix(hid_t data) {
    size_t size;
    hsize_t lengths[2];
    const H5T_class_t class = class_of(data, &size);
    return (class == H5T_INTEGER || class == H5T_FLOAT) && lengths_of(data, 2, lengths);
}

static bool is_lookup(hid_t data) {
    size_t size;
    hsize_t length;
    const H5T_class_t class = class_of(data, &size);
    return (class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_STRING) &&
           lengths_of(data, 1, &length);
}

/* Datasets of the file itself: what is linked from elsewhere is not followed. */
static bool is_fit(hid_t group, const char *name, fits_fn fits) {
    H5L_info_t link;
    if (H5Lget_info(group, name, &link, H5P_DEFAULT) < 0) return false;
    if (link.type != H5L_TYPE_HARD && link.type != H5L_TYPE_SOFT) return false;
    const hid_t data = H5Dopen2(group, name, H5P_DEFAULT);
    if (data < 0) return false;
    const bool ok = fits(data);
    H5Dclose(data);
    return ok;
}

static hsd_status add_name(const omx *o, hid_t group, hsize_t at, fits_fn fits, names *out) {
    const ssize_t length =
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, at, NULL, 0, H5P_DEFAULT);
    if (length <= 0 || length > MAX_TEXT) return HSD_OK;
    const size_t size = (size_t)length + 1, begin = out->text.count;
    if (!hsd_array_reserve(&out->text, begin + size, o->r->err)) return HSD_E_MEMORY;
    char *name = out->text.data + begin;
    H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, at, name, size, H5P_DEFAULT);
    if (!hsd_utf8_valid(name, size - 1) || !is_fit(group, name, fits)) return HSD_OK;
    out->text.count += size;
    return hsd_array_push(&out->list, NULL, o->r->err) ? HSD_OK : HSD_E_MEMORY;
}

/* Names of the datasets of a group that fit, in their order; none where there is no group. */
static hsd_status list_group(const omx *o, const char *path, fits_fn fits, names *out) {
    hsd_status status = HSD_OK;
    const hid_t group = H5Gopen2(o->file, path, H5P_DEFAULT);
    H5G_info_t info;
    if (group < 0) return HSD_OK;
    if (H5Gget_info(group, &info) < 0) info.nlinks = 0;
    for (hsize_t i = 0; i < info.nlinks && status == HSD_OK; i++)
        status = add_name(o, group, i, fits, out);
    H5Gclose(group);
    const char *at = out->text.data;
    for (size_t i = 0; i < out->list.count; i++, at += strlen(at) + 1) out->list.data[i] = at;
    return status;
}

static void finish_names(names *n) {
    hsd_array_finish(&n->list);
    hsd_array_finish(&n->text);
}

static hid_t open_in(const omx *o, const char *group, const char *name) {
    const hid_t parent = H5Gopen2(o->file, group, H5P_DEFAULT);
    const hid_t data = parent >= 0 ? H5Dopen2(parent, name, H5P_DEFAULT) : -1;
    if (parent >= 0) H5Gclose(parent);
    return data;
}

/* ---- Sizes -------------------------------------------------------------------------------------
 */

/* Chunks no larger than the dataset, as every writer must have them that did not leave room to
 * grow: HDF5 1.10 takes a chunk's size on trust and reads past the end of one that unpacks to less.
 */
static bool chunks_fit(hid_t list, hid_t data, double room) {
    hsize_t chunk[2] = {0, 1}, lengths[2] = {0, 1}, most[2] = {0, 1};
    const hid_t space = H5Dget_space(data);
    const int rank = H5Pget_chunk(list, 2, chunk);
    bool fit = space >= 0 && (rank == 1 || rank == 2) &&
               H5Sget_simple_extent_ndims(space) == rank &&
               H5Sget_simple_extent_dims(space, lengths, most) == rank &&
               (double)chunk[0] * (double)chunk[1] <= room;
    for (int i = 0; i < rank && fit; i++) fit = chunk[i] <= lengths[i] || most[i] != lengths[i];
    if (space >= 0) H5Sclose(space);
    return fit;
}

/* Raw data must lie in this file, and all of it where it is not packed. */
static hsd_status check_storage(const omx *o, hid_t data, const char *name, double bytes) {
    char clip[HSD_CLIP_SIZE];
    const double held = (double)H5Dget_storage_size(data);
    const hid_t list = H5Dget_create_plist(data);
    const H5D_layout_t layout = list >= 0 ? H5Pget_layout(list) : H5D_LAYOUT_ERROR;
    const bool chunks = layout == H5D_CHUNKED,
               inside = chunks || layout == H5D_COMPACT ||
                        (layout == H5D_CONTIGUOUS && H5Pget_external_count(list) == 0);
    const double room = chunks ? most_packed * held + always_allowed : held;
    const bool fit = !chunks || chunks_fit(list, data, room);
    if (list >= 0) H5Pclose(list);
    if (!inside)
        return hsd_fail(o->r->err, HSD_E_FORMAT, "%s: the numbers of \"%s\" are in another file",
                        o->name, hsd_clip(name, clip));
    if (bytes > room)
        return hsd_fail(o->r->err, HSD_E_FORMAT,
                        "%s: \"%s\" says it is %.0f bytes large, and the file holds %.0f of it",
                        o->name, hsd_clip(name, clip), bytes, held);
    if (!fit)
        return hsd_fail(o->r->err, HSD_E_FORMAT, "%s: the chunks of \"%s\" are larger than it",
                        o->name, hsd_clip(name, clip));
    return HSD_OK;
}

static hsd_status check_matrix(omx *o, const char *name, bool first) {
    char clip[HSD_CLIP_SIZE];
    hsize_t lengths[2] = {0, 0};
    size_t size = 0;
    const hid_t data = open_in(o, "/data", name);
    if (data < 0) return unreadable(o, name, HSD_E_FORMAT);
    lengths_of(data, 2, lengths);
    class_of(data, &size);
    if (first && o->rows == 0) {
        o->rows = lengths[0];
        o->columns = lengths[1];
    }
    hsd_status status = HSD_OK;
    if (lengths[0] == 0 || lengths[1] == 0 || lengths[0] >= HSD_NO_ROW || lengths[1] >= HSD_NO_ROW)
        status = hsd_fail(o->r->err, HSD_E_FORMAT, "%s: matrix \"%s\" is %.0f x %.0f", o->name,
                          hsd_clip(name, clip), (double)lengths[0], (double)lengths[1]);
    else if (lengths[0] != o->rows || lengths[1] != o->columns)
        status = hsd_fail(o->r->err, HSD_E_FORMAT,
                          "%s: matrix \"%s\" is %.0f x %.0f, and the file's are %.0f x %.0f",
                          o->name, hsd_clip(name, clip), (double)lengths[0], (double)lengths[1],
                          (double)o->rows, (double)o->columns);
    else
        status =
            check_storage(o, data, name, (double)lengths[0] * (double)lengths[1] * (double)size);
    H5Dclose(data);
    return status;
}

static hsd_status read_shape(omx *o) {
    double shape[2];
    if (H5Aexists(o->file, "SHAPE") <= 0) return HSD_OK; /* the matrices say it too */
    if (!number_attribute(o->file, "SHAPE", 2, shape) ||
        !(shape[0] >= 1 && shape[0] < HSD_NO_ROW) || !(shape[1] >= 1 && shape[1] < HSD_NO_ROW))
        return hsd_fail(o->r->err, HSD_E_FORMAT,
                        "%s: SHAPE is not two whole numbers, of rows and columns", o->name);
    o->rows = (hsize_t)shape[0];
    o->columns = (hsize_t)shape[1];
    return HSD_OK;
}

static hsd_status choose_matrices(omx *o) {
    names found = {0};
    hsd_matrix_columns columns = {.from = -1, .to = -1};
    hsd_status status = H5Lexists(o->file, "data", H5P_DEFAULT) > 0
                            ? list_group(o, "/data", is_matrix, &found)
                            : hsd_fail(o->r->err, HSD_E_FORMAT,
                                       "%s: no group /data, which every OMX file has", o->name);
    const hsd_matrix_header header = {o->name, found.list.data, found.list.count, "matrix",
                                      "matrices"};
    if (status == HSD_OK && found.list.count == 0)
        status =
            hsd_fail(o->r->err, HSD_E_FORMAT,
                     "%s: /data has no matrix: numbers in two dimensions were expected", o->name);
    if (status == HSD_OK) status = hsd_matrix_choose_costs(o->r, &header, NULL, &columns);
    if (status == HSD_OK) status = read_shape(o);
    for (size_t i = 0; i < o->r->names.count && status == HSD_OK; i++)
        status = check_matrix(o, o->r->names.data[i], i == 0);
    finish_names(&found);
    return status;
}

/* ---- Ids ---------------------------------------------------------------------------------------
 */

static hsd_status add_id(const omx *o, hsd_matrix_ids *ids, const char *lookup, hsize_t at,
                         const char *text, size_t length) {
    char clip[HSD_CLIP_SIZE], shown[HSD_CLIP_SIZE];
    uint32_t row;
    if (length == 0 || !hsd_utf8_valid(text, length))
        return hsd_fail(o->r->err, HSD_E_FORMAT, "%s: id %.0f of lookup \"%s\" is %s", o->name,
                        (double)at + 1, hsd_clip(lookup, clip),
                        length ? "not UTF-8 text" : "empty");
    hsd_status status = hsd_matrix_id(ids, text, length, &row, o->r->err);
    if (status != HSD_OK || row == at) return status;
    return hsd_fail(o->r->err, HSD_E_FORMAT, "%s: id \"%s\" stands twice in lookup \"%s\"", o->name,
                    hsd_clip(ids->pool.text.data + ids->texts.data[row], shown),
                    hsd_clip(lookup, clip));
}

static hsd_status add_numbers(const omx *o, hid_t data, H5T_class_t class, const char *lookup,
                              hsize_t count, hsd_matrix_ids *ids) {
    int64_t *values = hsd_alloc((size_t)count, sizeof *values, o->r->err);
    if (!values) return HSD_E_MEMORY;
    double *reals = (double *)values;
    const bool whole = class == H5T_INTEGER;
    hsd_status status = HSD_OK;
    if (H5Dread(data, whole ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                values) < 0)
        status = unreadable(o, lookup, HSD_E_FORMAT);
    for (hsize_t i = 0; i < count && status == HSD_OK; i++) {
        char text[32] = "";
        if (whole)
            snprintf(text, sizeof text, "%lld", (long long)values[i]);
        else if (isfinite(reals[i]))
            hsd_double_text(reals[i], text);
        status = add_id(o, ids, lookup, i, text, strlen(text));
    }
    hsd_free(values);
    return status;
}

static size_t trimmed(const char *text, size_t size) {
    size_t length = strnlen(text, size);
    while (length > 0 && text[length - 1] == ' ') length--;
    return length;
}

/* Texts of one length, or pointers to texts that HDF5 made and takes back. */
static hsd_status add_texts(const omx *o, hid_t data, hid_t type, const char *lookup, hsize_t count,
                            hsd_matrix_ids *ids) {
    const bool pointers = H5Tis_variable_str(type) > 0;
    const size_t size = pointers ? sizeof(char *) : H5Tget_size(type);
    char *block = hsd_calloc((size_t)count, size, o->r->err);
    if (!block) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    const bool read = H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0;
    if (!read) status = unreadable(o, lookup, HSD_E_FORMAT);
    for (hsize_t i = 0; i < count && status == HSD_OK; i++) {
        const char *text = block + i * size;
        size_t length = trimmed(text, pointers ? 0 : size);
        if (pointers) {
            memcpy(&text, block + i * size, sizeof text);
            length = text ? trimmed(text, MAX_TEXT) : 0;
        }
        status = add_id(o, ids, lookup, i, text, length);
    }
    const hid_t space = pointers && read ? H5Dget_space(data) : -1;
    if (space >= 0) {
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, block);
        H5Sclose(space);
    }
    hsd_free(block);
    return status;
}

static hsd_status add_ids(const omx *o, hid_t data, const char *lookup, hsize_t count,
                          hsd_matrix_ids *ids) {
    char clip[HSD_CLIP_SIZE];
    hsize_t length = 0;
    size_t size = 0;
    const H5T_class_t class = class_of(data, &size);
    lengths_of(data, 1, &length);
    if (length != count)
        return hsd_fail(o->r->err, HSD_E_FORMAT,
                        "%s: lookup \"%s\" has %.0f ids, and the matrices are %.0f x %.0f", o->name,
                        hsd_clip(lookup, clip), (double)length, (double)o->rows,
                        (double)o->columns);
    if (size > MAX_TEXT)
        return hsd_fail(o->r->err, HSD_E_FORMAT, "%s: ids of lookup \"%s\" are %zu bytes long",
                        o->name, hsd_clip(lookup, clip), size);
    hsd_status status = check_storage(o, data, lookup, (double)length * (double)size);
    if (status != HSD_OK) return status;
    if (class != H5T_STRING) return add_numbers(o, data, class, lookup, count, ids);
    const hid_t type = H5Dget_type(data);
    if (type < 0) return unreadable(o, lookup, HSD_E_FORMAT);
    status = add_texts(o, data, type, lookup, count, ids);
    H5Tclose(type);
    return status;
}

static hsd_status add_numbering(const omx *o, hsize_t count, hsd_matrix_ids *ids) {
    hsd_status status = HSD_OK;
    for (hsize_t i = 0; i < count && status == HSD_OK; i++) {
        char text[32];
        uint32_t row;
        const int length = snprintf(text, sizeof text, "%llu", (unsigned long long)i + 1);
        status = hsd_matrix_id(ids, text, (size_t)length, &row, o->r->err);
    }
    return status;
}

/* lookup NULL: 1, 2, 3 ... dimension: 0 of rows, 1 of columns, which is what a lookup's DIM says
 * where it is not of both. */
static hsd_status read_ids(const omx *o, const char *lookup, int dimension, hsd_matrix_ids *ids) {
    const hsize_t count = dimension ? o->columns : o->rows;
    double dim;
    if (!lookup) return add_numbering(o, count, ids);
    const hid_t data = open_in(o, "/lookup", lookup);
    if (data < 0) return unreadable(o, lookup, HSD_E_FORMAT);
    const bool other = number_attribute(data, "DIM", 1, &dim) && dim != dimension;
    hsd_status status = other ? add_numbering(o, count, ids) : add_ids(o, data, lookup, count, ids);
    H5Dclose(data);
    return status;
}

static hsd_status find_lookup(const omx *o, const char *name, const char **out) {
    char clip[HSD_CLIP_SIZE], known[120] = "", shown[HSD_CLIP_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < o->lookups.list.count; i++) {
        *out = o->lookups.list.data[i];
        if (strcmp(*out, name) == 0) return HSD_OK;
        const int more = snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "",
                                  hsd_clip(*out, shown));
        if (more > 0 && (size_t)more < sizeof known - length) length += (size_t)more;
        known[length] = '\0';
    }
    return hsd_fail(o->r->err, HSD_E_ARGUMENT, "%s: no lookup \"%s\"; there are: %s", o->name,
                    hsd_clip(name, clip), length ? known : "none");
}

static hsd_status choose_lookups(const omx *o, const char **from, const char **to) {
    const hsd_matrix_fields *f = o->r->fields;
    const size_t count = o->lookups.list.count;
    const char *rows = f->from ? f->from : f->lookup, *columns = f->to ? f->to : f->lookup;
    const char *own[2] = {NULL, NULL};
    *from = *to = NULL;
    hsd_status status = rows ? find_lookup(o, rows, from) : HSD_OK;
    if (status == HSD_OK && columns) status = find_lookup(o, columns, to);
    if (status != HSD_OK || rows || columns) return status;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(o->lookups.list.data[i], "from_id") == 0) own[0] = o->lookups.list.data[i];
        if (strcmp(o->lookups.list.data[i], "to_id") == 0) own[1] = o->lookups.list.data[i];
    }
    if (own[0] && own[1]) {
        *from = own[0];
        *to = own[1];
    } else if (count == 1) {
        *from = *to = o->lookups.list.data[0];
    } else if (count > 1) {
        hsd_log(o->r->run, HSD_LOG_WARNING,
                "%s: it has %zu lookups of ids and none is named: zones are numbered 1, 2, 3 ...",
                o->name, count);
    }
    return HSD_OK;
}

static hsd_status read_lookups(omx *o) {
    const char *from, *to;
    hsd_status status = list_group(o, "/lookup", is_lookup, &o->lookups);
    if (status == HSD_OK) status = choose_lookups(o, &from, &to);
    if (status == HSD_OK) status = read_ids(o, from, 0, &o->r->from);
    if (status == HSD_OK) status = read_ids(o, to, 1, &o->r->to);
    return status;
}

/* ---- Numbers -----------------------------------------------------------------------------------
 */

/* Rows to read at once: whole chunks, so that none is unpacked twice. */
static hsize_t block_rows(const omx *o, hid_t data) {
    hsize_t rows = BLOCK_VALUES / o->columns, chunk[2] = {1, 1};
    const hid_t list = H5Dget_create_plist(data);
    if (list >= 0 && H5Pget_layout(list) == H5D_CHUNKED) H5Pget_chunk(list, 2, chunk);
    if (list >= 0) H5Pclose(list);
    if (rows < chunk[0]) rows = chunk[0];
    if (chunk[0] > 0) rows -= rows % chunk[0];
    return rows == 0 ? 1 : rows < o->rows ? rows : o->rows;
}

static bool read_block(hid_t data, hsize_t row, hsize_t rows, hsize_t columns, double *out) {
    const hsize_t start[2] = {row, 0}, size[2] = {rows, columns};
    const hid_t memory = H5Screate_simple(2, size, NULL), space = H5Dget_space(data);
    const bool ok = memory >= 0 && space >= 0 &&
                    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                    H5Dread(data, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, out) >= 0;
    if (memory >= 0) H5Sclose(memory);
    if (space >= 0) H5Sclose(space);
    return ok;
}

static hsd_status read_costs(const omx *o, hid_t data, size_t cost) {
    hsd_matrix_reading *r = o->r;
    const size_t costs = r->names.count, columns = (size_t)o->columns;
    const hsize_t step = block_rows(o, data);
    double none = NAN, *block = hsd_alloc((size_t)step * columns, sizeof *block, r->err);
    if (!block) return HSD_E_MEMORY;
    number_attribute(data, "NA", 1, &none);
    hsd_status status = HSD_OK;
    for (hsize_t row = 0; row < o->rows && status == HSD_OK; row += step) {
        const hsize_t rows = o->rows - row < step ? o->rows - row : step;
        if (!read_block(data, row, rows, o->columns, block)) {
            status = unreadable(o, r->names.data[cost], HSD_E_FORMAT);
            break;
        }
        double *out = r->costs.data + (size_t)row * columns * costs + cost;
        for (size_t i = 0; i < (size_t)rows * columns; i++, out += costs)
            *out = block[i] == none ? INFINITY : hsd_matrix_cost(r, cost, block[i]);
        status = hsd_progress(
            r->run, "reading the matrix",
            ((double)cost + (double)(row + rows) / (double)o->rows) / (double)costs, r->err);
    }
    hsd_free(block);
    return status;
}

static hsd_status read_pairs(const omx *o) {
    hsd_matrix_reading *r = o->r;
    const size_t rows = (size_t)o->rows, columns = (size_t)o->columns, costs = r->names.count;
    if (rows > SIZE_MAX / columns / costs / sizeof(double))
        return hsd_fail(r->err, HSD_E_MEMORY, "%s: %zu x %zu is more than memory can hold", o->name,
                        rows, columns);
    const size_t pairs = rows * columns;
    if (!hsd_array_reserve(&r->pair_from, pairs, r->err) ||
        !hsd_array_reserve(&r->pair_to, pairs, r->err) ||
        !hsd_array_reserve(&r->costs, pairs * costs, r->err))
        return HSD_E_MEMORY;
    for (size_t i = 0; i < pairs; i++) {
        r->pair_from.data[i] = (uint32_t)(i / columns);
        r->pair_to.data[i] = (uint32_t)(i % columns);
    }
    r->pair_from.count = r->pair_to.count = pairs;
    r->costs.count = pairs * costs;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < costs && status == HSD_OK; i++) {
        const hid_t data = open_in(o, "/data", r->names.data[i]);
        status = data >= 0 ? read_costs(o, data, i) : unreadable(o, r->names.data[i], HSD_E_FORMAT);
        if (data >= 0) H5Dclose(data);
    }
    return status;
}

/* ---- The file ----------------------------------------------------------------------------------
 */

/* STRONG: closing the file closes what is left open in it. Locks are for writers, and some file
 * systems have none. */
static hid_t open_file(const char *path) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
#if H5_VERSION_GE(1, 10, 7)
    H5Pset_file_locking(access, false, true);
#endif
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (access >= 0) H5Pclose(access);
    return file;
}

static hsd_status read_file(omx *o) {
    const char *path = o->r->path;
    if (!hsd_path_exists(path)) return hsd_fail(o->r->err, HSD_E_OPEN, "%s: no such file", path);
    o->file = open_file(path);
    if (o->file < 0 && H5Fis_hdf5(path) == 0)
        return hsd_fail(o->r->err, HSD_E_FORMAT,
                        "%s: not an HDF5 file, as OMX files are; is it cut off or another format?",
                        o->name);
    if (o->file < 0) return unreadable(o, "the file", HSD_E_OPEN);
    hsd_status status = choose_matrices(o);
    if (status == HSD_OK) status = read_lookups(o);
    return status == HSD_OK ? read_pairs(o) : status;
}

hsd_status hsd_matrix_read_omx(hsd_matrix_reading *r) {
    omx o = {.r = r, .name = hsd_base_name(r->path), .file = -1};
    const quiet before = be_quiet();
    hsd_status status = read_file(&o);
    if (o.file >= 0) H5Fclose(o.file);
    be_loud(before);
    finish_names(&o.lookups);
    return status;
}
