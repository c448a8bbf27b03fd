/* The tables of options, one a command: the keys of study files and of provenance. */
#include "study/options.h"

#define AT(T, field) .offset = offsetof(T, field)
#define COUNT(T, field) .count_offset = offsetof(T, field)
#define TABLE(list)                                                                                \
    { list, sizeof list / sizeof list[0] }

static const char *const directions[] = {"from", "to", NULL};
static const char *const langs[] = {"en", "zh", NULL};
static const char *const datums[] = {"wgs84", "gcj02", "bd09", NULL};

/* What circle, compare and rank are asked by timetable: a hsd_transit_choice at `at`. */
#define BY_TIMETABLE(at)                                                                           \
    {"date", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, date)},                                 \
        {"depart", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, depart)},                         \
        {"arrive", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, arrive)},                         \
        {"window", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, window_min), .max = 1440,       \
         .zero = -1},                                                                              \
        {"percentiles", HSD_OPTION_NUMBERS, .offset = (at) + offsetof(T, percentiles),             \
         .count_offset = (at) + offsetof(T, percentile_count), .max = 100},                        \
        {"access", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, access)},                         \
        {"egress", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, egress)},                         \
        {"walk_profile", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, walk)},                     \
        {"max_access", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, max_access_min),            \
         .above = true, .max = 600},                                                               \
        {"max_egress", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, max_egress_min),            \
         .above = true, .max = 600},                                                               \
        {"max_walk", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, max_walk_min), .above = true, \
         .max = 600},                                                                              \
        {"max_transfers", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, max_transfers),          \
         .max = HSD_MAX_RIDES - 1, .zero = -1},                                                    \
        {"board", HSD_OPTION_TEXT, .offset = (at) + offsetof(T, board)},                           \
        {"change", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, change_min), .max = 60,         \
         .zero = -1},                                                                              \
        {"transfer_penalty", HSD_OPTION_NUMBER,                                                    \
         .offset = (at) + offsetof(T, transfer_penalty_min), .max = 60},                           \
        {"park_min", HSD_OPTION_NUMBER, .offset = (at) + offsetof(T, park_min), .max = 60,         \
         .zero = -1},                                                                              \
        {"phases", HSD_OPTION_COUNT, .offset = (at) + offsetof(T, phases), .min = 1, .max = 60}, { \
        "day_return", HSD_OPTION_FLAG, .offset = (at) + offsetof(T, day_return)                    \
    }
#define T hsd_transit_choice

/* ---- build ---- */

#define B hsd_build_request
static const hsd_option build[] = {
    {"osm", HSD_OPTION_INPUT, AT(B, osm)},
    {"roads", HSD_OPTION_INPUT, AT(B, roads)},
    {"corridor", HSD_OPTION_INPUT, AT(B, corridor)},
    {"gtfs", HSD_OPTION_INPUTS, AT(B, gtfs), COUNT(B, gtfs_count)},
    {"rail", HSD_OPTION_INPUT, AT(B, rail.path)},
    {"rail_layer", HSD_OPTION_TEXT, AT(B, rail.layer)},
    {"rail_fields", HSD_OPTION_TEXT, AT(B, rail.map)},
    {"rail_status", HSD_OPTION_TEXT, AT(B, rail.status)},
    {"as_of", HSD_OPTION_TEXT, AT(B, as_of), .also = {offsetof(B, rail.as_of)}},
    {"profile", HSD_OPTION_FILES, AT(B, profiles), COUNT(B, profile_count)},
    {"barriers", HSD_OPTION_INPUT, AT(B, barriers)},
    {"assume_crs", HSD_OPTION_TEXT, AT(B, assume_crs),
     .also = {offsetof(B, road_fields.assume_crs), offsetof(B, rail.assume_crs)}},
    {"datum", HSD_OPTION_TEXT, AT(B, datum),
     .also = {offsetof(B, road_fields.datum), offsetof(B, rail.datum)}, .words = datums},
    {"layer", HSD_OPTION_TEXT, AT(B, road_fields.layer)},
    {"class_field", HSD_OPTION_TEXT, AT(B, road_fields.road_class)},
    {"default_class", HSD_OPTION_TEXT, AT(B, road_fields.default_class)},
    {"speed_field", HSD_OPTION_TEXT, AT(B, road_fields.speed_kmh)},
    {"minutes_field", HSD_OPTION_TEXT, AT(B, road_fields.minutes)},
    {"oneway_field", HSD_OPTION_TEXT, AT(B, road_fields.oneway)},
    {"bridge_field", HSD_OPTION_TEXT, AT(B, road_fields.bridge)},
    {"tunnel_field", HSD_OPTION_TEXT, AT(B, road_fields.tunnel)},
    {"name_field", HSD_OPTION_TEXT, AT(B, road_fields.name)},
    {"modes_field", HSD_OPTION_TEXT, AT(B, road_fields.modes)},
    {"encoding", HSD_OPTION_TEXT, AT(B, road_fields.encoding),
     .also = {offsetof(B, rail.encoding)}},
    {"tolerance", HSD_OPTION_NUMBER, AT(B, road_fields.tolerance_m), .max = 1000},
    {"node_crossings", HSD_OPTION_FLAG, AT(B, road_fields.node_crossings)},
    {"output", HSD_OPTION_OUTPUT, AT(B, output)},
};
const hsd_option_table hsd_build_options_table = TABLE(build);

/* ---- circle ---- */

#define C hsd_circle_request
static const char *const edges[] = {"auto", "none", "nearest", "each", NULL};
static const char *const origin_at[] = {"centroid", "weighted", "gates", NULL};

/* Where, how far and by what: what all runs from origins share. */
#define WHERE_AND_HOW_FAR(prefix)                                                                  \
    {"network", HSD_OPTION_INPUT, .offset = prefix + offsetof(C, network)},                        \
        {"from", HSD_OPTION_POINTS, .offset = prefix + offsetof(C, points),                        \
         .count_offset = prefix + offsetof(C, point_count)},                                       \
        {"origins", HSD_OPTION_INPUT, .offset = prefix + offsetof(C, origins)},                    \
        {"origin_layer", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, origin_fields.layer)},    \
        {"origin_id", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, origin_fields.id)},          \
        {"origin_name", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, origin_fields.name)},      \
        {"origin_at", HSD_OPTION_WORD, .offset = prefix + offsetof(C, origin_at),                  \
         .words = origin_at},                                                                      \
        {"gates", HSD_OPTION_INPUT, .offset = prefix + offsetof(C, gates)},                        \
        {"gate_of", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, gate_of)},                     \
        {"direction", HSD_OPTION_WORD, .offset = prefix + offsetof(C, direction),                  \
         .words = directions},                                                                     \
        {"minutes",                                                                                \
         HSD_OPTION_NUMBERS,                                                                       \
         .offset = prefix + offsetof(C, minutes),                                                  \
         .count_offset = prefix + offsetof(C, minute_count),                                       \
         .above = true,                                                                            \
         .max = 10080},                                                                            \
        {"mode", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, mode)},                           \
        {"profile", HSD_OPTION_TEXTS, .offset = prefix + offsetof(C, profiles),                    \
         .count_offset = prefix + offsetof(C, profile_count)},                                     \
        {"barriers", HSD_OPTION_INPUT, .offset = prefix + offsetof(C, barriers)},                  \
        {"min_component", HSD_OPTION_NUMBER,                                                       \
         .offset = prefix + offsetof(C, min_component_percent), .max = 100, .zero = -1},           \
        {"population", HSD_OPTION_INPUT, .offset = prefix + offsetof(C, population)},              \
        {"population_layer", HSD_OPTION_TEXT,                                                      \
         .offset = prefix + offsetof(C, population_fields.layer)},                                 \
        {"mass", HSD_OPTION_TEXTS, .offset = prefix + offsetof(C, population_fields.masses),       \
         .count_offset = prefix + offsetof(C, population_fields.mass_count)},                      \
        {"zones", HSD_OPTION_INPUT, .offset = prefix + offsetof(C, zones)},                        \
        {"zone_layer", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, zone_fields.layer)},        \
        {"zone_id", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, zone_fields.id)},              \
        {"zone_name", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, zone_fields.name)},          \
        {"zone_mass", HSD_OPTION_TEXTS, .offset = prefix + offsetof(C, zone_fields.masses),        \
         .count_offset = prefix + offsetof(C, zone_fields.mass_count)},                            \
        {"encoding", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, origin_fields.encoding),      \
         .also = {prefix + offsetof(C, population_fields.encoding),                                \
                  prefix + offsetof(C, zone_fields.encoding)}},                                    \
        {"assume_crs", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, assume_crs),                \
         .also = {prefix + offsetof(C, origin_fields.assume_crs),                                  \
                  prefix + offsetof(C, population_fields.assume_crs),                              \
                  prefix + offsetof(C, zone_fields.assume_crs)}},                                  \
        {"datum", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, datum), .words = datums},        \
        {"origin_datum", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, origin_fields.datum),     \
         .words = datums},                                                                         \
        {"population_datum", HSD_OPTION_TEXT,                                                      \
         .offset = prefix + offsetof(C, population_fields.datum), .words = datums},                \
        {"zone_datum", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, zone_fields.datum),         \
         .words = datums},                                                                         \
        {"output_datum", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, output_datum),            \
         .words = datums},                                                                         \
        {"lang", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, lang), .words = langs},           \
        {"output", HSD_OPTION_OUTPUT, .offset = prefix + offsetof(C, output)}, {                   \
        "format", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, format)                          \
    }

/* What circle and compare draw besides. */
#define AND_DRAWN(prefix)                                                                          \
    {"edges", HSD_OPTION_WORD, .offset = prefix + offsetof(C, edges), .words = edges},             \
        {"legs", HSD_OPTION_TEXTS, .offset = prefix + offsetof(C, legs),                           \
         .count_offset = prefix + offsetof(C, leg_count)},                                         \
        {"title", HSD_OPTION_TEXT, .offset = prefix + offsetof(C, title)},                         \
        {"cell", HSD_OPTION_NUMBER, .offset = prefix + offsetof(C, cell_m), .min = 1,              \
         .max = 10000},                                                                            \
        {"vertices", HSD_OPTION_COUNT, .offset = prefix + offsetof(C, max_vertices), .min = 16,    \
         .max = 1e6},                                                                              \
    {                                                                                              \
        "map", HSD_OPTION_OUTPUT, .offset = prefix + offsetof(C, map)                              \
    }

static const hsd_option circle[] = {
    WHERE_AND_HOW_FAR(0),
    AND_DRAWN(0),
    BY_TIMETABLE(offsetof(C, transit)),
    {"bands", HSD_OPTION_FLAG, AT(C, bands)},
    {"hinterland", HSD_OPTION_FLAG, AT(C, hinterland)},
    {"overlap", HSD_OPTION_FLAG, AT(C, overlap)},
    {"nodes", HSD_OPTION_FLAG, AT(C, nodes)},
    {"raster", HSD_OPTION_OUTPUT, AT(C, raster)},
};
const hsd_option_table hsd_circle_options_table = TABLE(circle);

/* ---- proposals: what compare and rank share ---- */

static const char *const waits[] = {"typical", "low", "high", NULL};
#define PROPOSALS(T)                                                                               \
    {"proposals", HSD_OPTION_INPUT, AT(T, proposals.path)},                                        \
        {"proposal_layer", HSD_OPTION_TEXT, AT(T, proposals.layer)},                               \
        {"fields", HSD_OPTION_TEXT, AT(T, proposals.map)},                                         \
        {"proposal_encoding", HSD_OPTION_TEXT, AT(T, proposals.encoding)},                         \
        {"proposal_crs", HSD_OPTION_TEXT, AT(T, proposals.assume_crs)},                            \
        {"proposal_datum", HSD_OPTION_TEXT, AT(T, proposals.datum), .words = datums},              \
        {"as_of", HSD_OPTION_TEXT, AT(T, proposals.as_of)},                                        \
        {"status", HSD_OPTION_TEXT, AT(T, proposals.status)},                                      \
        {"tolerance", HSD_OPTION_NUMBER, AT(T, resolve.tolerance_m), .above = true, .max = 1e5},   \
        {"value_of_time", HSD_OPTION_NUMBER, AT(T, resolve.value_of_time), .above = true,          \
         .max = 1e9},                                                                              \
    {                                                                                              \
        "waits", HSD_OPTION_WORD, AT(T, resolve.waits), .words = waits                             \
    }

#define P hsd_compare_request
static const hsd_option compare[] = {
    WHERE_AND_HOW_FAR(offsetof(P, circle)),
    AND_DRAWN(offsetof(P, circle)),
    BY_TIMETABLE(offsetof(P, circle) + offsetof(C, transit)),
    PROPOSALS(P),
    {"scenario", HSD_OPTION_TEXTS, AT(P, scenarios), COUNT(P, scenario_count)},
    {"path", HSD_OPTION_TEXTS, AT(P, paths), COUNT(P, path_count)},
    {"city_of", HSD_OPTION_TEXT, AT(P, city_of)},
    {"faster", HSD_OPTION_NUMBER, AT(P, faster_min), .above = true, .max = 10080},
    {"attribution", HSD_OPTION_FLAG, AT(P, attribution)},
};
const hsd_option_table hsd_compare_options_table = TABLE(compare);

/* ---- rank ---- */

#define R hsd_rank_request
static const char *const engines[] = {"auto", "shortcut", "search", NULL};
static const char *const sets[] = {"alone", "together", "without", "pairs", "shapley", NULL};
static const hsd_option rank[] = {
    {"network", HSD_OPTION_INPUT, AT(R, network)},
    {"mode", HSD_OPTION_TEXT, AT(R, mode)},
    {"profile", HSD_OPTION_TEXT, AT(R, profile)},
    {"direction", HSD_OPTION_WORD, AT(R, direction), .words = directions},
    BY_TIMETABLE(offsetof(R, transit)),
    PROPOSALS(R),
    {"zones", HSD_OPTION_INPUT, AT(R, zones)},
    {"zone_layer", HSD_OPTION_TEXT, AT(R, zone_fields.layer)},
    {"zone_id", HSD_OPTION_TEXT, AT(R, zone_fields.id)},
    {"zone_name", HSD_OPTION_TEXT, AT(R, zone_fields.name)},
    {"encoding", HSD_OPTION_TEXT, AT(R, zone_fields.encoding)},
    {"assume_crs", HSD_OPTION_TEXT, AT(R, assume_crs),
     .also = {offsetof(R, zone_fields.assume_crs)}},
    {"datum", HSD_OPTION_TEXT, AT(R, datum), .words = datums},
    {"zone_datum", HSD_OPTION_TEXT, AT(R, zone_fields.datum), .words = datums},
    {"output_datum", HSD_OPTION_TEXT, AT(R, output_datum), .words = datums},
    {"population", HSD_OPTION_TEXT, AT(R, population_field)},
    {"gdp", HSD_OPTION_TEXT, AT(R, gdp_field)},
    {"income", HSD_OPTION_TEXT, AT(R, income_field)},
    {"flows", HSD_OPTION_INPUT, AT(R, flows)},
    {"minutes", HSD_OPTION_NUMBERS, AT(R, minutes), COUNT(R, minute_count), .above = true,
     .max = 10080},
    {"horizon", HSD_OPTION_NUMBER, AT(R, horizon_min), .above = true, .max = 10080},
    {"sets", HSD_OPTION_BITS, AT(R, sets), .words = sets},
    {"engine", HSD_OPTION_WORD, AT(R, engine), .words = engines},
    {"by", HSD_OPTION_TEXT, AT(R, by)},
    {"break_even", HSD_OPTION_TEXTS, AT(R, break_even), COUNT(R, break_even_count)},
    {"barriers", HSD_OPTION_INPUT, AT(R, barriers)},
    {"min_component", HSD_OPTION_NUMBER, AT(R, min_component_percent), .max = 100, .zero = -1},
    {"title", HSD_OPTION_TEXT, AT(R, title)},
    {"lang", HSD_OPTION_TEXT, AT(R, lang), .words = langs},
    {"output", HSD_OPTION_OUTPUT, AT(R, output)},
    {"format", HSD_OPTION_TEXT, AT(R, format)},
};
const hsd_option_table hsd_rank_options_table = TABLE(rank);

/* ---- matrix ---- */

/* Where in zones times are taken, and zones made on the spot: of a hsd_matrix_request at `at`. */
#define M hsd_matrix_request
static const char *const zone_at[] = {"point", "area", "weighted", NULL};
#define IN_ZONES(at)                                                                               \
    {"zone_at", HSD_OPTION_WORD, .offset = (at) + offsetof(M, zone_at), .words = zone_at}, {       \
        "grid", HSD_OPTION_TEXT, .offset = (at) + offsetof(M, grid)                                \
    }

static const hsd_option matrix[] = {
    WHERE_AND_HOW_FAR(offsetof(M, circle)),
    BY_TIMETABLE(offsetof(M, circle) + offsetof(C, transit)),
    IN_ZONES(0),
    {"cells", HSD_OPTION_OUTPUT, AT(M, cells)},
    {"wide", HSD_OPTION_FLAG, AT(M, wide)},
    {"all", HSD_OPTION_FLAG, AT(M, all)},
    {"journal", HSD_OPTION_OUTPUT, AT(M, journal)},
    {"memory", HSD_OPTION_NUMBER, AT(M, memory_mb), .above = true, .max = 1e6},
};
const hsd_option_table hsd_matrix_options_table = TABLE(matrix);

/* ---- access ---- */

#define A hsd_access_request
static const char *const self_rules[] = {"own", "with", "without", NULL};
static const char *const self_times[] = {"as-is", "none", "fixed", "radius", NULL};
static const char *const unreachable[] = {"drop", "infinite", "cap", NULL};
static const hsd_option access_options[] = {
    WHERE_AND_HOW_FAR(offsetof(A, times.circle)),
    BY_TIMETABLE(offsetof(A, times.circle) + offsetof(C, transit)),
    IN_ZONES(offsetof(A, times)),
    PROPOSALS(A),
    {"scenario", HSD_OPTION_TEXTS, AT(A, scenarios), COUNT(A, scenario_count)},
    {"matrix", HSD_OPTION_INPUT, AT(A, matrix)},
    {"scenario_matrix", HSD_OPTION_NAMED_INPUTS, AT(A, scenario_matrices),
     COUNT(A, scenario_matrix_count)},
    {"matrix_from", HSD_OPTION_TEXT, AT(A, matrix_fields.from)},
    {"matrix_to", HSD_OPTION_TEXT, AT(A, matrix_fields.to)},
    {"matrix_cost", HSD_OPTION_TEXTS, AT(A, matrix_fields.costs),
     COUNT(A, matrix_fields.cost_count)},
    {"matrix_lookup", HSD_OPTION_TEXT, AT(A, matrix_fields.lookup)},
    {"matrix_wide", HSD_OPTION_FLAG, AT(A, matrix_fields.wide)},
    {"matrix_none", HSD_OPTION_NUMBER, AT(A, matrix_fields.unreachable), .max = 1e300, .zero = -1},
    {"matrix_scale", HSD_OPTION_NUMBER, AT(A, matrix_fields.scale), .above = true, .max = 1e9},
    {"measure", HSD_OPTION_TEXTS, AT(A, measures), COUNT(A, measure_count)},
    {"inequality", HSD_OPTION_TEXTS, AT(A, inequality), COUNT(A, inequality_count)},
    {"of", HSD_OPTION_TEXT, AT(A, defaults.mass)},
    {"people", HSD_OPTION_TEXT, AT(A, defaults.population)},
    {"income", HSD_OPTION_TEXT, AT(A, defaults.income)},
    {"group", HSD_OPTION_TEXT, AT(A, defaults.group)},
    {"self", HSD_OPTION_WORD, AT(A, defaults.self), .words = self_rules},
    {"self_time", HSD_OPTION_WORD, AT(A, defaults.self_time), .words = self_times},
    {"self_value", HSD_OPTION_NUMBER, AT(A, defaults.self_value), .max = 1e6},
    {"unreachable", HSD_OPTION_WORD, AT(A, defaults.unreachable), .words = unreachable},
    {"cap", HSD_OPTION_NUMBER, AT(A, defaults.cap_min), .above = true, .max = 1e6},
    {"as_r", HSD_OPTION_FLAG, AT(A, defaults.as_r)},
    {"spillover", HSD_OPTION_TEXT, AT(A, spillover)},
    {"proposal_region", HSD_OPTION_TEXTS, AT(A, proposal_regions), COUNT(A, proposal_region_count)},
    {"pairs", HSD_OPTION_FLAG, AT(A, pairs)},
    {"memory", HSD_OPTION_NUMBER, AT(A, times.memory_mb), .above = true, .max = 1e6},
    {"title", HSD_OPTION_TEXT, AT(A, times.circle.title)},
};
const hsd_option_table hsd_access_options_table = TABLE(access_options);

/* ---- delineate ---- */

#define D hsd_delineate_request
static const hsd_option delineate[] = {
    WHERE_AND_HOW_FAR(offsetof(D, circle)),
    BY_TIMETABLE(offsetof(D, circle) + offsetof(C, transit)),
    {"rules", HSD_OPTION_FILES, AT(D, rules), COUNT(D, rule_set_count)},
    {"rule", HSD_OPTION_TEXTS, AT(D, only), COUNT(D, only_count)},
    {"core", HSD_OPTION_TEXT, AT(D, core)},
    {"official", HSD_OPTION_TEXTS, AT(D, official), COUNT(D, official_count)},
    {"official_list", HSD_OPTION_INPUT, AT(D, official_list)},
    {"horizon", HSD_OPTION_NUMBER, AT(D, horizon_min), .above = true, .max = 10080},
    {"title", HSD_OPTION_TEXT, AT(D, circle.title)},
};
const hsd_option_table hsd_delineate_options_table = TABLE(delineate);

/* ---- check ---- */

#define K hsd_check_request
static const hsd_option check[] = {
    {"network", HSD_OPTION_INPUT, AT(K, network)},
    {"mode", HSD_OPTION_TEXT, AT(K, mode)},
    {"near", HSD_OPTION_NUMBER, AT(K, near_miss_m), .above = true, .max = 1000},
    {"lang", HSD_OPTION_TEXT, AT(K, lang), .words = langs},
    {"output", HSD_OPTION_OUTPUT, AT(K, output)},
    {"format", HSD_OPTION_TEXT, AT(K, format)},
};
const hsd_option_table hsd_check_options_table = TABLE(check);
