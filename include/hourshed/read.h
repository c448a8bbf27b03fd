/* Hourshed: the input formats, read into plain tables. No other stage knows a format. */
#ifndef HOURSHED_READ_H
#define HOURSHED_READ_H

#include "hourshed/geo.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Streets ------------------------------------------------------------------------------- */

#define HSD_MAX_MODES                                                                              \
    16 /* distinct words of access a network can hold: car, walk, car_permit ... */

enum { HSD_FORWARD = 0, HSD_BACKWARD = 1 };

enum hsd_way_flag {
    HSD_WAY_BRIDGE = 1 << 0,
    HSD_WAY_TUNNEL = 1 << 1,
    HSD_WAY_FERRY = 1 << 2,
    HSD_WAY_ROUNDABOUT = 1 << 3,
    HSD_WAY_SCHEMATIC = 1 << 4 /* geometry is a sketch; length_m rules */
};

typedef enum hsd_speed_source {
    HSD_SPEED_NONE,
    HSD_SPEED_CLASS, /* the profile's default for the class */
    HSD_SPEED_TAG,   /* the source says so: maxspeed, duration, a minutes column */
    HSD_SPEED_USER   /* the user's own field or edit */
} hsd_speed_source;

/* One road of the source, drawn through nodes of the table. Direction 0 is as drawn. */
typedef struct hsd_way {
    int64_t source_id;    /* OSM way id, feature id, or 1-based data line of links.csv */
    uint32_t first_node;  /* into way_nodes */
    uint32_t node_count;  /* >= 2 */
    uint32_t name;        /* offset into strings; 0: none */
    uint16_t class_id;    /* into classes */
    uint16_t flags;       /* enum hsd_way_flag */
    uint16_t yes[2];      /* modes (bits) the source admits by name, per direction */
    uint16_t no[2];       /* modes (bits) the source bans, per direction (one-way streets too) */
    uint32_t speed_mh[2]; /* metres per hour; 0: not given */
    uint32_t time_ms[2];  /* of the whole way; 0: not given. It wins over speed_mh */
    double length_m;      /* of the whole way; 0: measure the geometry */
    uint8_t
        speed_source[2]; /* hsd_speed_source of speed_mh / time_ms: TAG or USER; NONE if neither */
    int8_t layer;
} hsd_way;

enum hsd_restriction_flag { HSD_RESTRICTION_ONLY = 1 };

/* A turn ban or mandate: from way, via node or ways, to way (indices into ways / nodes). */
typedef struct hsd_restriction {
    int64_t source_id;
    uint32_t from_way, to_way;
    uint32_t via_node;             /* UINT32_MAX when via ways are given */
    uint32_t first_via, via_count; /* into via_ways; 0 of them for a via node */
    uint16_t modes;                /* bits it binds */
    uint16_t flags;
} hsd_restriction;

typedef struct hsd_road_table {
    hsd_point_e7 *nodes;  /* node_count; two roads join where they share a node, nowhere else */
    int64_t *node_source; /* OSM node id, or 1-based row */
    uint16_t *node_no;    /* modes that cannot pass this node (bollard, gate) */
    uint8_t *node_flags;  /* enum hsd_node_flag */
    size_t node_count;
    uint32_t *way_nodes;
    size_t way_node_count;
    hsd_way *ways;
    size_t way_count;
    hsd_restriction *restrictions;
    size_t restriction_count;
    uint32_t *via_ways;
    size_t via_way_count;
    char *strings; /* pool of zero-ended names; offset 0 is "" */
    size_t string_size;
    char **classes; /* class names: "motorway", ... */
    size_t class_count;
    char *modes[HSD_MAX_MODES]; /* bit i is modes[i] */
    size_t mode_count;
    hsd_geometry water; /* barrier polygons, disjoint and valid; may be empty */
    bool has_water;     /* the source says where water is, even if there is none */
    char **notes;       /* what was skipped or mended, for the log: bounded */
    size_t note_count;
} hsd_road_table;

enum hsd_node_flag { HSD_NODE_NO_STOP = 1 }; /* nobody joins or leaves the network here */

HSD_API void hsd_road_table_finish(hsd_road_table *table);

/* OpenStreetMap (.osm.pbf .osm .osm.gz .osm.bz2). Modes are car (0), walk (1), bicycle (2). Reads
 * highway=* and route=ferry, and water polygons and coastlines as barriers. */
HSD_API hsd_status hsd_read_osm(const char *path, const hsd_run *run, hsd_road_table *out,
                                hsd_error *err);

/* Any GDAL line layer as streets. Field names; NULL: the field is not there. */
typedef struct hsd_line_fields {
    const char *layer;         /* NULL: the only layer */
    const char *road_class;    /* value -> class name as it stands */
    const char *default_class; /* for features without one; NULL: "road" */
    const char *speed_kmh;
    const char *minutes;
    const char *oneway; /* yes/no/-1/true/1/F/T/B/FT/TF, 正向/反向/双向 */
    const char *bridge; /* truthy: no junction at crossings */
    const char *tunnel;
    const char *name;
    const char *modes;      /* ;-separated words; absent: car, walk, bicycle */
    const char *encoding;   /* e.g. "GBK"; NULL: what the source declares */
    const char *assume_crs; /* e.g. "EPSG:4490"; only used when the layer has none */
    const char *datum;      /* of its coordinates: "gcj02" ...; NULL: "wgs84" */
    double tolerance_m;     /* end points closer than this join; default 0.1 */
    bool node_crossings;    /* make junctions where lines cross */
} hsd_line_fields;
HSD_API hsd_status hsd_read_lines(const char *path, const hsd_line_fields *fields,
                                  const hsd_run *run, hsd_road_table *out, hsd_error *err);

/* A corridor network: a folder with nodes.csv, links.csv and, if there is one, land.geojson (the
 * land mask: barriers are its complement within its box). as_of "YYYY-MM-DD" leaves out links
 * opened later or closed by then; NULL: all but those with closed. datum: of its coordinates; NULL:
 * "wgs84". Columns: docs/corridor-csv.md. */
HSD_API hsd_status hsd_read_corridor(const char *folder, const char *as_of, const char *datum,
                                     const hsd_run *run, hsd_road_table *out, hsd_error *err);

/* ---- Profiles ------------------------------------------------------------------------------ */

typedef enum hsd_leg_rule {
    HSD_LEG_EDGES, /* from the nearest edge where the mode may stop */
    HSD_LEG_NODES  /* the minimum over all nodes within the cap (corridor networks) */
} hsd_leg_rule;

typedef struct hsd_class_speed {
    char road_class[48];
    uint32_t speed_mh;   /* metres per hour, before the factor */
    uint32_t factor_ppm; /* multiplies class and tagged speeds; 1,000,000 = 1 */
    bool stop;           /* the mode may stop (start, end) here */
    bool needs_yes;      /* passable only where the source admits the mode by name */
} hsd_class_speed;

/* Speeds and rules of a mode. Effective speed = (tag or class) x factor, rounded half up to 1 m/h;
 * times given in the source (ferries) are taken as they stand. */
typedef struct hsd_profile {
    char name[48];
    char mode[24];                /* circles and graphs are by mode: car, walk ... */
    char uses[HSD_MAX_MODES][24]; /* words of access this profile may use; default: the mode */
    size_t use_count;
    hsd_class_speed *classes;
    size_t class_count;
    bool respects_oneway;   /* false for walkers */
    bool respects_turns;    /* turn restrictions bind */
    bool uses_tags;         /* false: class speeds only, tagged speeds ignored */
    uint32_t max_speed_mh;  /* caps tagged speeds before the factor; 0: none */
    uint16_t no_stop_flags; /* enum hsd_way_flag: bridges, tunnels, ferries */
    hsd_leg_rule leg_rule;
    uint32_t leg_speed_mh;   /* of the first and last leg */
    uint32_t leg_detour_ppm; /* leg length = straight line x detour */
    uint32_t leg_cap_m;      /* longest straight line of a leg */
} hsd_profile;

HSD_API hsd_status hsd_read_profile(const char *path, hsd_profile *out, hsd_error *err);
HSD_API void hsd_profile_finish(hsd_profile *profile);

/* ---- Timetables ------------------------------------------------------------------------------ */

#define HSD_NO_ROW UINT32_MAX

typedef enum hsd_ride_kind {
    HSD_RIDE_BUS,
    HSD_RIDE_TRAM,
    HSD_RIDE_METRO,
    HSD_RIDE_RAIL,
    HSD_RIDE_HIGH_SPEED,
    HSD_RIDE_FERRY,
    HSD_RIDE_OTHER,
    HSD_RIDE_KINDS
} hsd_ride_kind;
HSD_API const char *hsd_ride_kind_name(hsd_ride_kind kind); /* "bus" ... "high_speed" */

/* Rows have a fixed size and no pointers: they are stored as they are. Texts are offsets into
 * strings (0: ""). Days count from 1970-01-01. Seconds count from the midnight of the service day.
 */
typedef struct hsd_feed_row {
    uint32_t name; /* file name without folder and ending, each once: the namespace of its ids */
    uint32_t time_zone, publisher, version;
    int32_t first_day, last_day; /* with service */
} hsd_feed_row;

typedef struct hsd_stop_row {
    double lon, lat;
    uint32_t id, name;
    uint32_t station;    /* its parent, another row; HSD_NO_ROW */
    uint32_t feed;       /* HSD_NO_ROW: of a proposal */
    uint32_t access_ms;  /* street to platform */
    uint32_t park_ms;    /* from the parked car to the street side of the station; HSD_NO_ROW: not
                            said */
    uint32_t change_ms;  /* between two rides here; HSD_NO_ROW: not said */
    uint32_t is_station; /* 1: groups platforms, no train calls at the row itself */
    uint32_t proposal;   /* of a proposal table; HSD_NO_ROW: of the timetable */
    uint32_t unused;
} hsd_stop_row;

typedef struct hsd_line_row {     /* a route */
    uint32_t id, name, long_name; /* name: the short one, else the long one, else the id */
    uint32_t agency, feed;        /* agency: its name */
    uint32_t kind;                /* hsd_ride_kind */
    uint32_t colour;              /* 0xRRGGBB; HSD_NO_ROW: none */
    uint32_t proposal;
} hsd_line_row;

typedef struct hsd_trip_row {
    uint32_t id, headsign, short_name;
    uint32_t line, service;
    uint32_t first_call, call_count;       /* >= 2 */
    uint32_t shape;                        /* HSD_NO_ROW: none */
    uint32_t direction;                    /* 0 or 1; HSD_NO_ROW: not said */
    uint32_t first_headway, headway_count; /* rows that run it instead of its own times */
    uint32_t proposal;
} hsd_trip_row;

enum { HSD_CALL_NO_BOARDING = 1, HSD_CALL_NO_ALIGHTING = 2, HSD_CALL_INTERPOLATED = 4 };
typedef struct hsd_call_row {
    uint32_t stop;
    int32_t arrival_s, departure_s; /* ascending along the trip */
    uint32_t flags;
} hsd_call_row;

typedef struct hsd_headway_row {
    int32_t start_s, end_s; /* of departures at the first call; end not included when exact */
    uint32_t headway_s;
    uint32_t exact;
} hsd_headway_row;

typedef struct hsd_transfer_row {
    uint32_t from, to; /* stops or stations */
    uint32_t type;     /* 0 to 3 */
    uint32_t min_s;    /* of type 2 */
} hsd_transfer_row;

typedef struct hsd_shape_row {
    uint32_t first_point, point_count;
} hsd_shape_row;

/* One or several feeds in one table: rows by feed, then in the order of ids (bytes) within it;
 * calls of a trip in order. Plain data: read/ and scenario/ make it on the heap (storage), net/
 * keeps it in the network file. */
typedef struct hsd_timetable {
    const hsd_feed_row *feeds;
    const hsd_stop_row *stops;
    const hsd_line_row *lines;
    const hsd_trip_row *trips;
    const hsd_call_row *calls;
    const hsd_headway_row *headways;
    const hsd_transfer_row *transfers;
    const hsd_shape_row *shapes;
    const hsd_point_e7 *shape_points;
    const uint64_t *service_days; /* service_count x day_words: bit i of a row is first_day + i */
    const char *strings;
    size_t feed_count, stop_count, line_count, trip_count, call_count, headway_count;
    size_t transfer_count, shape_count, shape_point_count, service_count, day_words, string_size;
    int32_t first_day, day_count;
    void *storage; /* one hsd_alloc block that owns the arrays; NULL: somebody else does */
} hsd_timetable;
HSD_API void hsd_timetable_finish(hsd_timetable *timetable);
static inline bool hsd_service_runs(const hsd_timetable *t, uint32_t service, int32_t day) {
    const int32_t bit = day - t->first_day;
    return bit >= 0 && bit < t->day_count &&
           (t->service_days[service * t->day_words + (size_t)bit / 64] >> (bit & 63) & 1);
}
/* "2024-09-29" to days since 1970-01-01 and back (buffer of 11 bytes); false: not a date. */
HSD_API bool hsd_day_parse(const char *text, int32_t *day);
HSD_API void hsd_day_text(int32_t day, char buffer[11]);

/* GTFS feeds (.zip files or folders; a zip whose files lie in one folder passes). What is wrong
 * goes to issues: "stop_times.txt, line 12: ..."; with an error among them the result is
 * HSD_E_FORMAT with the first one's text. Memory is bounded by what the tables hold; a zip that
 * unpacks to more than 100 times its size and 4 GB, or whose names leave the folder, is refused.
 * datum: of stops and shapes; NULL: "wgs84", as the standard says. docs/methods.md, 10. */
HSD_API hsd_status hsd_read_gtfs(const char *const *paths, size_t path_count, const char *datum,
                                 const hsd_run *run, hsd_timetable *out, hsd_issues *issues,
                                 hsd_error *err);

/* ---- Places: origins, zones, boundaries, populations ---------------------------------------- */

typedef struct hsd_place {
    char *id;              /* the id field, else the feature id as text */
    char *name;            /* may be "" */
    char *name_en;         /* may be "" */
    hsd_geometry geometry; /* a point or polygon(s); lines are refused */
    double *masses;        /* mass_count of the table; NAN: missing in the source */
    double initial_min;    /* cost at a gate; 0 without the field */
    int64_t feature_id;
    char *fault;  /* NULL, or why this feature cannot be used (empty, self-crossing, ...) */
    char **texts; /* text_count of the fields that were asked for; "" where the source has none */
} hsd_place;

typedef struct hsd_place_table {
    hsd_place *places;
    size_t place_count;
    char **mass_names;
    size_t mass_count;
    char **text_names;
    size_t text_count;
} hsd_place_table;

typedef struct hsd_place_fields {
    const char *layer;         /* NULL: the only layer */
    const char *id;            /* NULL: "id" where there is one, else the feature id */
    const char *name;          /* NULL: "name" where there is one */
    const char *name_en;       /* NULL: "name_en" where there is one */
    const char *const *masses; /* mass_count field names, each must exist */
    size_t mass_count;
    const char *initial_min; /* NULL: "initial_min" where there is one */
    const char *encoding, *assume_crs;
    const char *lon, *lat;    /* columns of a CSV; NULL: lon/lat, longitude/latitude, x/y */
    const char *const *texts; /* text_count further fields, kept as text: groups, regions */
    size_t text_count;
    const char *datum; /* of its coordinates: "gcj02" ...; NULL: "wgs84" */
    bool masses_only;  /* a table without geometry will do: places are then points at 0, 0 */
} hsd_place_fields;
HSD_API hsd_status hsd_read_places(const char *path, const hsd_place_fields *fields,
                                   const hsd_run *run, hsd_place_table *out, hsd_error *err);
/* has[i]: there is a field names[i] (ASCII letters in either case). Masses and texts of fields do
 * not count. */
HSD_API hsd_status hsd_places_have(const char *path, const hsd_place_fields *fields,
                                   const char *const *names, size_t count, bool *has,
                                   hsd_error *err);

/* A raster of counts (GeoTIFF, e.g. WorldPop): each cell with a value above 0 that touches the
 * window becomes a four-cornered place with one mass, `mass_name`. window NULL: all of it. More
 * than 4 million such cells (4 GB in a whole run) are HSD_E_MEMORY. */
HSD_API hsd_status hsd_read_mass_raster(const char *path, const char *mass_name,
                                        const char *assume_crs, const hsd_box_e7 *window,
                                        const hsd_run *run, hsd_place_table *out, hsd_error *err);
HSD_API void hsd_place_table_finish(hsd_place_table *table);

/* ---- Grids of zones: made on the spot ---- */

typedef enum hsd_grid_shape { HSD_GRID_SQUARE, HSD_GRID_HEX } hsd_grid_shape;
typedef struct hsd_grid_spec {
    hsd_grid_shape shape;
    double size_m; /* side of the square, or of the square of the same area as the hexagon */
} hsd_grid_spec;
/* "hex:1km", "square:500m"; HSD_E_ARGUMENT says what was expected. */
HSD_API hsd_status hsd_grid_parse(const char *text, hsd_grid_spec *out, hsd_error *err);
/* Equal-area cells that touch an area (polygons), in a Lambert azimuthal equal-area frame at its
 * middle, or cut by it (clip); ids "R3C-12" by row and column from there, rows from north to south.
 * More than 4 million cells are HSD_E_ARGUMENT. docs/methods.md, 13. */
HSD_API hsd_status hsd_grid_places(const hsd_grid_spec *spec, const hsd_geometry *area, bool clip,
                                   const hsd_run *run, hsd_place_table *out, hsd_error *err);
/* Gives zones the masses of a source: points to the zone they lie in (on a border: the first),
 * polygons (and cells of rasters) by the share of their area in each. The masses of the source
 * become further masses of the zones; left (may be NULL): [source mass_count], what lies in none.
 */
HSD_API hsd_status hsd_places_share(hsd_place_table *zones, const hsd_place_table *source,
                                    const hsd_run *run, double *left, hsd_error *err);

/* ---- Matrices: somebody else's times ---- */

typedef struct hsd_matrix_fields {
    const char *from, *to; /* columns of a long table; NULL: from_id, from, origin..., to_id ... */
    const char *const *costs; /* columns, or names of matrices in an OMX file; none: the one there
                               * is, minutes before money */
    size_t cost_count;
    const char *lookup; /* OMX: the mapping with ids; NULL: the only one, else 1, 2, 3 ... */
    bool wide;          /* CSV: ids in the first column and the first line */
    char delimiter;     /* 0: comma, semicolon or tab, as the first line has it */
    double unreachable; /* a value that says there is no way, besides empty, NA, NULL, inf and, of
                         * minutes, numbers below 0; 0: there is none; -1: 0 is that value */
    double scale;       /* 0: 1; of the first cost: 1/60 for seconds */
} hsd_matrix_fields;
/* Pairs as they stand, in the file's order; ids in order of first appearance. */
typedef struct hsd_matrix_table {
    char **from_ids, **to_ids;
    size_t from_count, to_count;
    char **cost_names;
    size_t cost_count;
    uint32_t *from, *to; /* pair_count */
    double *costs;       /* pair_count x cost_count; INFINITY: no way */
    size_t pair_count;
    bool complete; /* every pair has a row (of wide and OMX: always) */
} hsd_matrix_table;
/* CSV (.csv, .csv.gz, .txt, .tsv), a layer of any GDAL vector driver without regard to geometry, or
 * OMX (.omx; HSD_E_ARGUMENT where this build has no HDF5). */
HSD_API hsd_status hsd_read_matrix(const char *path, const hsd_matrix_fields *fields,
                                   const hsd_run *run, hsd_matrix_table *out, hsd_error *err);
HSD_API void hsd_matrix_table_finish(hsd_matrix_table *matrix);

/* Any polygon layer as barriers (--barriers): unioned, valid, in WGS84. datum: of its coordinates;
 * NULL: "wgs84". */
HSD_API hsd_status hsd_read_barriers(const char *path, const char *layer, const char *assume_crs,
                                     const char *datum, const hsd_run *run, hsd_geometry *out,
                                     hsd_error *err);

/* ---- Proposals: what somebody wants to change -----------------------------------------------
 */

/* The layers of a proposals file. Rail (links of kind rail, stations, services) changes timetables,
 * all else streets. */
typedef enum hsd_proposal_layer {
    HSD_LAYER_LINKS,
    HSD_LAYER_JUNCTIONS,
    HSD_LAYER_STATIONS,
    HSD_LAYER_SERVICES,
    HSD_LAYER_CLOSURES,
    HSD_LAYER_SPEED_CHANGES,
    HSD_LAYER_WAITS,
    HSD_LAYER_COUNT
} hsd_proposal_layer;
HSD_API const char *hsd_proposal_layer_name(hsd_proposal_layer layer); /* "links" ... */

/* One field a layer of proposals may have: the reader, the template and the man page share it. */
typedef struct hsd_proposal_field {
    hsd_proposal_layer layer;
    const char *name;
    enum { HSD_PROPOSAL_TEXT, HSD_PROPOSAL_REAL, HSD_PROPOSAL_DATE } type;
    const char *const *words;   /* closed list of values, NULL-ended; NULL: any */
    bool any_word;              /* words only suggest; others pass */
    const char *preset;         /* value where the field is empty or absent; NULL: none */
    double min, max;            /* of numbers, inclusive */
    bool above;                 /* more than min */
    const char *help, *help_zh; /* one line, with the unit */
    const char *const *aliases; /* other names taken for it, such as 名称; NULL-ended or NULL */
} hsd_proposal_field;
HSD_API const hsd_proposal_field *hsd_proposal_fields(size_t *count);
HSD_API hsd_geometry_type
hsd_proposal_geometry(hsd_proposal_layer layer); /* closures: POLYGON ... */

typedef enum hsd_link_kind {
    HSD_KIND_ROAD,
    HSD_KIND_RAIL,
    HSD_KIND_FERRY,
    HSD_KIND_WALK
} hsd_link_kind;
typedef enum hsd_link_connect {
    HSD_CONNECT_ENDS,      /* both ends and the junction points */
    HSD_CONNECT_CROSSINGS, /* and every road it crosses at grade */
    HSD_CONNECT_JUNCTIONS  /* the junction points alone */
} hsd_link_connect;

/* Numbers that are not given are NAN, texts NULL. Every row: `proposal` is an index, feature_id the
 * source's. */
typedef struct hsd_link_row {
    uint32_t proposal;
    int64_t feature_id;
    uint32_t part; /* of a multi-line, from 0 */
    char *name;
    hsd_link_kind kind;
    char *road_class;                     /* a class of the profile */
    double speed_kmh, minutes, length_km; /* minutes: of the whole link, wins over speed */
    int oneway;                           /* 0 both, 1 as drawn, -1 against */
    char *modes;                          /* ;-separated words; NULL: by kind */
    double wait_min, toll, cost;          /* wait: before each use; toll: money a use */
    hsd_link_connect connect;
    bool bridge, tunnel, access; /* access: one may stop on it */
    hsd_geometry line;           /* one line */
} hsd_link_row;

typedef struct hsd_junction_row {
    uint32_t proposal;
    int64_t feature_id;
    char *connect_to; /* road class, name, or source id of the road to join; NULL: any */
    double ramp_min;  /* 0 */
    char *modes;
    hsd_lonlat at;
} hsd_junction_row;

typedef enum hsd_inside { HSD_INSIDE_TOUCH, HSD_INSIDE_WITHIN } hsd_inside;
typedef struct hsd_closure_row {
    uint32_t proposal;
    int64_t feature_id;
    hsd_geometry polygon; /* NONE: by ids alone */
    hsd_inside inside;    /* edges that touch it, or lie within it */
    bool all_layers;      /* bridges over it and tunnels under it too */
    char *roads;          /* ;-separated source ids of roads; NULL: by polygon alone */
    char *road_class, *modes;
} hsd_closure_row;

typedef struct hsd_speed_row {
    uint32_t proposal;
    int64_t feature_id;
    hsd_geometry polygon; /* NONE: everywhere */
    char *road_class;     /* NULL: every class */
    char *modes;
    double factor;    /* of the speed, > 0; NAN: speed_kmh is given */
    double speed_kmh; /* instead of the present one */
} hsd_speed_row;

typedef struct hsd_wait_row {
    uint32_t proposal;
    int64_t feature_id;
    hsd_geometry line; /* a line across the roads that wait: a border, a port */
    char *roads, *modes;
    int direction;     /* 0 both, 1 from the line's left to its right, -1 from right to left */
    double minutes[3]; /* low, typical, high; added; below 0: a wait that goes away */
} hsd_wait_row;

typedef struct hsd_station_row {
    uint32_t proposal;
    int64_t feature_id;
    char *name, *line; /* line: of the proposal, or one that runs already; NULL: not said */
    char *stop;        /* id or name of the stop of the timetable that it is; NULL: not said */
    double access_min, park_min, dwell_min;
    hsd_lonlat at;
} hsd_station_row;

typedef enum hsd_service_action {
    HSD_SERVICE_NEW,
    HSD_SERVICE_SPEED,
    HSD_SERVICE_HEADWAY,
    HSD_SERVICE_STOP,
    HSD_SERVICE_CUT
} hsd_service_action;
HSD_API const char *hsd_service_action_name(hsd_service_action action); /* "new" ... */
typedef struct hsd_service_row {
    uint32_t proposal;
    int64_t feature_id;
    hsd_service_action action;
    char *line;            /* or NULL */
    char *of;              /* pattern of what runs already; where it is empty, line's text */
    char *stations;        /* ;-separated; NULL: all of the line */
    double headway_min;    /* NAN: departures */
    int32_t *departures_s; /* ascending, each once */
    size_t departure_count;
    int32_t first_s, last_s; /* of a headway: last >= first */
    double *minutes;         /* one: end to end; else of each run */
    size_t minute_count;
    double speed_kmh, factor, loss_min;
    hsd_ride_kind kind;              /* HSD_RIDE_KINDS: not said */
    bool forward;                    /* not back again */
    char *from_station, *to_station; /* both or none */
} hsd_service_row;

typedef struct hsd_proposal {
    char *name;
    char *status, *opened; /* YYYY-MM-DD, YYYY-MM or YYYY: the earliest day meant; of its first row
                            * that has one */
    double year, cost;     /* cost: sum over its links */
    size_t rows;
} hsd_proposal;

typedef struct hsd_proposal_table {
    hsd_proposal *proposals; /* by name (bytes) */
    size_t proposal_count;
    hsd_link_row *links; /* rows of each layer by feature id, then part */
    size_t link_count;
    hsd_junction_row *junctions;
    size_t junction_count;
    hsd_closure_row *closures;
    size_t closure_count;
    hsd_speed_row *speeds;
    size_t speed_count;
    hsd_wait_row *waits;
    size_t wait_count;
    hsd_station_row *stations;
    size_t station_count;
    hsd_service_row *services;
    size_t service_count;
    char *
        links_name; /* the layer's own name, for messages: "links", or that of a plain line layer */
} hsd_proposal_table;

typedef struct hsd_proposal_source {
    const char *path;
    const char *layer; /* of a plain line layer; NULL: the only one */
    const char *map;   /* "name=名称,speed_kmh=时速"; NULL: names and aliases as they stand */
    const char *encoding, *assume_crs;
    const char *datum;  /* of its coordinates: "gcj02" ...; NULL: "wgs84" */
    const char *as_of;  /* YYYY-MM-DD: rows opened later are left out; NULL: all */
    const char *status; /* parted by , or ;: only rows with one of these; NULL: all */
} hsd_proposal_source;
/* Reads all layers; every bad row is an issue that names layer and feature, and when there is an
 * error among them the result is HSD_E_FORMAT with the first one's text (and how many more). A line
 * layer without field `proposal` makes each feature one, named by `name`, else "feature N". A row
 * without a day or status of its own has the earliest day and the first status of its proposal.
 * docs/man/hourshed-proposals.5 has it all. */
HSD_API hsd_status hsd_read_proposals(const hsd_proposal_source *source, const hsd_run *run,
                                      hsd_proposal_table *out, hsd_issues *issues, hsd_error *err);
HSD_API void hsd_proposal_table_finish(hsd_proposal_table *table);

#ifdef __cplusplus
}
#endif
#endif
