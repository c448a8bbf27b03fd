/* Inside of the GTFS reader: what its files share. Private to read/. */
#ifndef READ_GTFS_H
#define READ_GTFS_H

#include "read/text_pool.h"
#include "read/timetable.h"

/* ---- One feed's files ------------------------------------------------------------------------ */

typedef struct gtfs_files {
    char *folder;         /* of GDAL's virtual file system, ends in '/' */
    char *name;           /* as the user gave it, for messages */
    char **list;          /* names of the files in it, NULL-ended (CSL) */
    uint64_t bytes, done; /* of all .txt files; read so far */
} gtfs_files;

hsd_status gtfs_files_open(const char *path, gtfs_files *out, hsd_error *err);
void gtfs_files_finish(gtfs_files *files);
bool gtfs_files_has(const gtfs_files *files, const char *file);

/* ---- A feed while it is read ----------------------------------------------------------------- */

/* Nothing is refused for these; each is told once a file, with the first line and how many. */
typedef enum gtfs_remark {
    GTFS_SAME_ROW,
    GTFS_UNKNOWN_ZONE,
    GTFS_DAY_WITH_TIME,
    GTFS_STOPS_LEFT_OUT,
    GTFS_UNUSED_STOP,
    GTFS_UNKNOWN_KIND,
    GTFS_BAD_COLOUR,
    GTFS_NO_SHAPE,
    GTFS_SHORT_SHAPE,
    GTFS_SHORT_TRIP,
    GTFS_TRIP_WITHOUT_DAYS,
    GTFS_INTERPOLATED,
    GTFS_SAME_STOP,
    GTFS_TOO_FAST,
    GTFS_HEADWAY_OVERLAP,
    GTFS_TRANSFER_OF_LINES,
    GTFS_TRANSFER_OF_TRIPS,
    GTFS_TRANSFER_ELSEWHERE,
    GTFS_TRANSFER_UNTIMED,
    GTFS_REMARKS
} gtfs_remark;

enum { GTFS_FILES = 11 };
enum { GTFS_MOST_DAYS = 36525 }; /* a hundred years: what is proposed alone runs 2000 to 2099 */
typedef enum gtfs_file {
    GTFS_AGENCY,
    GTFS_FEED_INFO,
    GTFS_STOPS,
    GTFS_ROUTES,
    GTFS_CALENDAR,
    GTFS_CALENDAR_DATES,
    GTFS_TRIPS,
    GTFS_SHAPES,
    GTFS_STOP_TIMES,
    GTFS_FREQUENCIES,
    GTFS_TRANSFERS
} gtfs_file;
extern const char *const gtfs_file_names[GTFS_FILES];

typedef struct gtfs_count {
    uint64_t count;
    size_t first_line;
} gtfs_count;

typedef struct gtfs_agency {
    uint32_t id, name, zone, line;
} gtfs_agency;

/* Rows begin with their id and are put in the order of ids as soon as their file is read, so that
 * what refers to them needs no second number. */
typedef struct gtfs_stop {
    uint32_t id, name, line;
    uint32_t type;      /* location_type; 2, 3 and 4 stand last and are left out */
    uint32_t parent_id; /* text */
    uint32_t station, change_ms;
    bool called;
    double lon, lat; /* NAN: not said */
} gtfs_stop;

typedef struct gtfs_route {
    uint32_t id, name, long_name, agency, kind, colour, line;
} gtfs_route;

typedef struct gtfs_service {
    uint32_t id;
    uint32_t line;     /* of calendar.txt; 0: dates alone */
    int32_t from, to;  /* of the weekly pattern; none: from > to */
    uint32_t weekdays; /* bit 0: Monday */
    bool used;         /* by a trip */
} gtfs_service;

typedef struct gtfs_exception {
    uint32_t service;
    int32_t day;
    uint32_t line;
    uint32_t type; /* 1 added, 2 removed */
} gtfs_exception;

typedef struct gtfs_trip {
    uint32_t id, headsign, short_name, route, service;
    uint32_t shape; /* text, then row; 0 and HSD_NO_ROW: none */
    uint32_t direction, line;
    uint32_t first_headway, headway_count;
    uint32_t first_call, call_count; /* into the rows, then into the calls */
} gtfs_trip;

#define GTFS_NO_TIME INT32_MIN
typedef struct gtfs_call {
    uint32_t trip, stop, sequence, line, flags;
    int32_t arrival, departure; /* GTFS_NO_TIME */
} gtfs_call;

typedef struct gtfs_shape {
    uint32_t id, line; /* line: of the first trip that names it */
    uint32_t first_point, point_count;
    uint32_t row; /* in the tables of all; HSD_NO_ROW: left out */
} gtfs_shape;

typedef struct gtfs_point {
    uint32_t shape, sequence, line;
    hsd_point_e7 at;
} gtfs_point;

typedef struct gtfs_headway {
    uint32_t trip, line;
    hsd_headway_row row;
} gtfs_headway;

typedef struct gtfs_transfer {
    uint32_t line;
    hsd_transfer_row row;
} gtfs_transfer;

typedef struct gtfs_feed {
    gtfs_files files;
    char *label;   /* the name in messages and before ids: each once */
    gtfs_file now; /* the file being read or checked */
    bool broken;   /* a file could not be read to its end: what needs it would be in error too */
    size_t errors_before, errors[GTFS_FILES];
    gtfs_count counts[GTFS_FILES][GTFS_REMARKS];
    uint32_t zone, publisher, version;
    HSD_ARRAY(gtfs_agency) agencies;
    HSD_ARRAY(gtfs_stop) stops;
    size_t kept_stops; /* the first ones: stops and stations */
    HSD_ARRAY(gtfs_route) routes;
    HSD_ARRAY(gtfs_service) services;
    HSD_ARRAY(gtfs_exception) exceptions;
    HSD_ARRAY(gtfs_trip) trips;
    HSD_ARRAY(gtfs_shape) shapes;
    HSD_ARRAY(gtfs_point) points;
    HSD_ARRAY(gtfs_call) calls;
    HSD_ARRAY(double) distances; /* of calls, NAN: not said; empty without the column */
    HSD_ARRAY(gtfs_headway) headways;
    HSD_ARRAY(gtfs_transfer) transfers;
    hsd_text_index agency_of, stop_of, route_of, service_of, trip_of, shape_of;
    uint32_t last_trip; /* of the calls: rows of a trip stand together as a rule */
    int32_t first_day, day_count;
    HSD_ARRAY(uint64_t) days; /* a row of day_words a service */
    size_t day_words;
    int32_t first_served, last_served;
} gtfs_feed;

/* Tables of the feeds that are done, in their final form but for the days, which wait for the
 * first and the last of all. */
typedef struct gtfs_days {
    int32_t first_day, day_count;
    size_t first_service, service_count, first_word, words; /* words a service */
} gtfs_days;

typedef struct gtfs_reader {
    const hsd_run *run;
    hsd_issues *issues;
    hsd_error *err;
    hsd_datum datum;
    hsd_text_pool pool;
    gtfs_feed feed;
    size_t feed_index, feed_total;
    HSD_ARRAY(hsd_feed_row) feeds;
    HSD_ARRAY(hsd_stop_row) stops;
    HSD_ARRAY(hsd_line_row) lines;
    HSD_ARRAY(hsd_trip_row) trips;
    HSD_ARRAY(hsd_call_row) calls;
    HSD_ARRAY(hsd_headway_row) headways;
    HSD_ARRAY(hsd_transfer_row) transfers;
    HSD_ARRAY(hsd_shape_row) shapes;
    HSD_ARRAY(hsd_point_e7) points;
    HSD_ARRAY(gtfs_days) day_sets;
    HSD_ARRAY(uint64_t) days;
} gtfs_reader;

/* ---- Saying what is wrong (gtfs_say.c) ------------------------------------------------------- */

/* "FEED/FILE, line N: ..." of the file at hand; line 0: of the file as a whole. HSD_OK, so that
 * the next row can be read, unless out of memory. */
hsd_status gtfs_error(gtfs_reader *r, size_t line, const char *format, ...) HSD_PRINTF(3, 4);
/* The same, and the feed is not read on. */
hsd_status gtfs_broken(gtfs_reader *r, size_t line, const char *format, ...) HSD_PRINTF(3, 4);
void gtfs_note_in(gtfs_reader *r, gtfs_file file, gtfs_remark remark, size_t line);
static inline void gtfs_note(gtfs_reader *r, gtfs_remark remark, size_t line) {
    gtfs_note_in(r, r->feed.now, remark, line);
}
hsd_status gtfs_tell_notes(gtfs_reader *r);
static inline bool gtfs_has_errors(const gtfs_reader *r) {
    return r->feed.broken || r->issues->errors > r->feed.errors_before;
}
static inline bool gtfs_is_clean(const gtfs_reader *r, gtfs_file file) {
    return !r->feed.broken && r->feed.errors[file] == 0;
}
static inline const char *gtfs_text(const gtfs_reader *r, uint32_t offset) {
    return offset ? r->pool.text.data + offset : "";
}

/* ---- Rows of a file (gtfs_table.c) ----------------------------------------------------------- */

typedef struct gtfs_cell {
    const char *text; /* zero-ended, without spaces around; "" where the column is not there */
    size_t length;
} gtfs_cell;

typedef struct gtfs_columns {
    const char *const *names;
    size_t count;
    uint32_t needed; /* bits: without them the file is broken */
} gtfs_columns;

typedef struct gtfs_row {
    size_t line;
    const gtfs_cell *cells; /* in the order of the columns asked for */
    uint32_t there;         /* bits: columns the file has */
} gtfs_row;

typedef hsd_status (*gtfs_row_fn)(gtfs_reader *r, const gtfs_row *row);

/* Calls back for each row of the file, in order. A file that is not there has no rows; whether it
 * may be so is the caller's affair. */
hsd_status gtfs_table_read(gtfs_reader *r, gtfs_file file, const gtfs_columns *columns,
                           gtfs_row_fn row);

/* ---- Values (gtfs_values.c) ------------------------------------------------------------------ */

bool gtfs_parse_time(const gtfs_cell *cell, int32_t *seconds); /* H:MM:SS up to 240:00:00 */
/* YYYYMMDD, with or without midnight behind it: some databases write their days so */
bool gtfs_parse_day(const gtfs_cell *cell, int32_t *day);
bool gtfs_parse_count(const gtfs_cell *cell, uint32_t most, uint32_t *out); /* digits alone */
/* A text of the row for the tables. */
hsd_status gtfs_keep(gtfs_reader *r, const gtfs_cell *cell, uint32_t *offset);
/* Finds a row by an id of the row; *out is HSD_NO_ROW and an error is said where there is none. */
hsd_status gtfs_lookup(gtfs_reader *r, const gtfs_row *row, const hsd_text_index *index,
                       size_t cell, const char *what, const char *where, uint32_t *out);
/* An id that every row of its file has once: kept, and the row that has it already, or HSD_NO_ROW.
 * Empty: said, and *offset is 0. */
hsd_status gtfs_own_id(gtfs_reader *r, const gtfs_row *row, size_t cell, const char *what,
                       const hsd_text_index *index, uint32_t *offset, uint32_t *twin);
/* Two rows of one id: alike they are noted, else it is an error. */
hsd_status gtfs_twin(gtfs_reader *r, const gtfs_row *row, const char *what, uint32_t id, bool alike,
                     size_t first_line);
/* Rows by group, then by the bytes of their ids, which are their first member; and the index
 * anew. group NULL: all in one. */
hsd_status gtfs_sort(gtfs_reader *r, void *rows, size_t count, size_t size, hsd_text_index *index,
                     uint32_t (*group)(const void *row));
/* Coordinates of the row, in WGS84; NAN where both cells are empty; errors are said and give NAN.
 */
hsd_status gtfs_coordinates(gtfs_reader *r, const gtfs_row *row, size_t lon, size_t lat,
                            double *out_lon, double *out_lat);
/* A small number with a default for an empty cell; what else stands there is said and gives it
 * too. */
hsd_status gtfs_choice(gtfs_reader *r, const gtfs_row *row, size_t cell, const char *name,
                       uint32_t most, uint32_t otherwise, uint32_t *out);

/* ---- The files, in the order they are read --------------------------------------------------- */

hsd_status gtfs_read_agencies(gtfs_reader *r); /* and feed_info */
hsd_status gtfs_read_stops(gtfs_reader *r);
hsd_status gtfs_read_routes(gtfs_reader *r);
hsd_status gtfs_read_calendars(gtfs_reader *r);
hsd_status gtfs_read_trips(gtfs_reader *r);
hsd_status gtfs_read_shapes(gtfs_reader *r); /* those that trips name */
hsd_status gtfs_read_calls(gtfs_reader *r);
hsd_status gtfs_read_frequencies(gtfs_reader *r);
hsd_status gtfs_read_transfers(gtfs_reader *r);
uint32_t gtfs_ride_kind(uint32_t route_type); /* HSD_RIDE_KINDS: not one we know */

/* Then: calls by trip in their order, times filled in and checked; into r->calls, from where
 * trips' first_call counts. Trips of fewer than two calls get none. */
hsd_status gtfs_order_calls(gtfs_reader *r);
hsd_status gtfs_count_days(gtfs_reader *r);
/* The feed's rows, by id, onto the tables of all. */
hsd_status gtfs_add_feed(gtfs_reader *r);
hsd_status gtfs_tables(gtfs_reader *r, hsd_timetable *out);

#endif
