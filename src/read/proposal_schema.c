/* What a file of proposals may say: the fields of its seven layers, with their values, ranges,
 * presets, words of help and other names. The one place they stand: the reader, the template and
 * hourshed-proposals(5) follow this table. */
#include <math.h>

#include "hourshed/read.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TEXT .type = HSD_PROPOSAL_TEXT, .min = -INFINITY, .max = INFINITY
#define NUMBER(low, high) .type = HSD_PROPOSAL_REAL, .min = (low), .max = (high)
#define ABOVE(low, high) NUMBER(low, high), .above = true
#define DATE .type = HSD_PROPOSAL_DATE, .min = -INFINITY, .max = INFINITY
#define HELP(english, chinese) .help = (english), .help_zh = (chinese)
#define YES_NO TEXT, .words = LIST("no", "yes"), .preset = "no"

/* Every layer begins with its proposal and ends with these. */
#define PROPOSAL(l)                                                                                \
    {                                                                                              \
        .layer = (l), .name = "proposal", TEXT,                                                    \
        HELP("project the row belongs to; rows of one name are built together",                    \
             "所属项目；同名的行一起建设"),                                                        \
        .aliases = LIST("project", "项目", "项目名称", "方案")                                     \
    }
#define COMMON(l)                                                                                  \
    {.layer = (l),                                                                                 \
     .name = "status",                                                                             \
     TEXT,                                                                                         \
     .words = LIST("idea", "planned", "building", "open"),                                         \
     .any_word = true,                                                                             \
     HELP("how far the project is", "项目进展"),                                                   \
     .aliases = LIST("状态", "进展")},                                                             \
        {.layer = (l),                                                                             \
         .name = "opened",                                                                         \
         DATE,                                                                                     \
         HELP("day of opening: YYYY-MM-DD, YYYY-MM or YYYY",                                       \
              "开通日期：YYYY-MM-DD、YYYY-MM 或 YYYY"),                                            \
         .aliases = LIST("opening", "开通", "开通日期", "开通时间", "通车时间")},                  \
    {                                                                                              \
        .layer = (l), .name = "note", TEXT, HELP("for people; not read", "备注，程序不读"),        \
        .aliases = LIST("remark", "remarks", "comment", "备注", "说明")                            \
    }
#define MODES(l, english, chinese)                                                                 \
    {                                                                                              \
        .layer = (l), .name = "modes", TEXT, HELP(english, chinese),                               \
        .aliases = LIST("mode", "方式", "交通方式")                                                \
    }
#define CLASS(l, english, chinese)                                                                 \
    {                                                                                              \
        .layer = (l), .name = "class", TEXT, HELP(english, chinese),                               \
        .aliases = LIST("highway", "road_class", "fclass", "等级", "道路等级", "公路等级")         \
    }
#define ROADS(l, english, chinese)                                                                 \
    {                                                                                              \
        .layer = (l), .name = "roads", TEXT, HELP(english, chinese),                               \
        .aliases = LIST("road_ids", "way_ids", "道路编号")                                         \
    }
#define SPEED(l, english, chinese)                                                                 \
    {                                                                                              \
        .layer = (l), .name = "speed_kmh", ABOVE(0, 400), HELP(english, chinese),                  \
        .aliases =                                                                                 \
            LIST("speed", "maxspeed", "kmh", "时速", "设计时速", "车速", "速度", "设计速度")       \
    }
#define MINUTES(l, english, chinese)                                                               \
    {                                                                                              \
        .layer = (l), .name = "minutes", ABOVE(0, 1440), HELP(english, chinese),                   \
        .aliases = LIST("time_min", "duration_min", "分钟", "时间分钟", "时长")                    \
    }
#define NAME(l, english, chinese)                                                                  \
    {                                                                                              \
        .layer = (l), .name = "name", TEXT, HELP(english, chinese),                                \
        .aliases = LIST("名称", "名字", "路名", "路线名称")                                        \
    }

#define L HSD_LAYER_LINKS
#define J HSD_LAYER_JUNCTIONS
#define A HSD_LAYER_STATIONS
#define R HSD_LAYER_SERVICES
#define C HSD_LAYER_CLOSURES
#define S HSD_LAYER_SPEED_CHANGES
#define W HSD_LAYER_WAITS

static const hsd_proposal_field fields[] = {
    PROPOSAL(L),
    NAME(L, "name of the link", "名称"),
    {.layer = L,
     .name = "kind",
     TEXT,
     .words = LIST("road", "rail", "ferry", "walk"),
     .preset = "road",
     HELP("what is built", "类别：公路、铁路、轮渡、步行"),
     .aliases = LIST("种类", "类别")},
    CLASS(L, "road class of the profile: gives the speed where none is stated",
          "道路等级（速度方案中的名称）；未填速度时按等级取速度"),
    SPEED(L, "speed, km/h; of rail the design speed", "行驶速度，公里/小时；铁路填设计速度"),
    MINUTES(L, "time of the whole link, minutes; wins over the speed",
            "全程时间，分钟；优先于速度"),
    {.layer = L,
     .name = "length_km",
     ABOVE(0, 5000),
     HELP("length where the line is only a sketch, km; else the line is measured",
          "长度，公里；线形只是示意时填写，否则按线形量算"),
     .aliases = LIST("长度", "长度km", "里程")},
    {.layer = L,
     .name = "oneway",
     TEXT,
     .words = LIST("no", "yes", "-1"),
     .preset = "no",
     HELP("one-way: yes as drawn, -1 against", "单向：yes 顺画线方向，-1 逆画线方向"),
     .aliases = LIST("单向", "单行")},
    MODES(L, "who may use it: car;bicycle;walk ...; empty: by kind and class",
          "可通行的方式：car;bicycle;walk 等；空则按类别和等级"),
    {.layer = L,
     .name = "wait_min",
     NUMBER(0, 1440),
     HELP("mean wait before each use (a ferry), minutes", "每次使用前的平均等候，分钟"),
     .aliases = LIST("wait", "等候", "等候分钟", "候船")},
    {.layer = L,
     .name = "toll",
     NUMBER(0, 1e6),
     HELP("money a use; costs time only with --value-of-time",
          "每次通行费；仅在给出 --value-of-time 时折算成时间"),
     .aliases = LIST("toll_yuan", "收费", "通行费")},
    {.layer = L,
     .name = "cost",
     NUMBER(0, 1e15),
     HELP("what it costs to build, any unit, the same in all rows", "造价，单位自定，各行一致"),
     .aliases = LIST("造价", "投资", "总投资")},
    {.layer = L,
     .name = "year",
     NUMBER(1800, 2200),
     HELP("year of the plan; for information", "规划年份，仅供参考"),
     .aliases = LIST("年份", "规划年份")},
    {.layer = L,
     .name = "connect",
     TEXT,
     .words = LIST("ends", "crossings", "junctions"),
     .preset = "ends",
     HELP("where it joins the roads: its ends, also each crossing at grade, or its junction points "
          "alone",
          "与路网的衔接：端点、所有平交口，或仅互通点"),
     .aliases = LIST("衔接", "连接")},
    {.layer = L, .name = "bridge", YES_NO, HELP("a bridge", "桥梁"), .aliases = LIST("桥梁", "桥")},
    {.layer = L, .name = "tunnel", YES_NO, HELP("a tunnel", "隧道"), .aliases = LIST("隧道")},
    {.layer = L,
     .name = "access",
     YES_NO,
     HELP("one may stop, begin and end trips on it", "可在其上停靠、出发和到达"),
     .aliases = LIST("沿线出入")},
    COMMON(L),

    PROPOSAL(J),
    {.layer = J,
     .name = "connect_to",
     TEXT,
     HELP("class, name or id of the road to join; empty: the nearest that admits it",
          "所接道路的等级、名称或编号；空则接最近的合适道路"),
     .aliases = LIST("接入道路")},
    {.layer = J,
     .name = "ramp_min",
     NUMBER(0, 1440),
     .preset = "0",
     HELP("time of the ramp, each way, minutes", "匝道时间，每个方向，分钟"),
     .aliases = LIST("ramp", "匝道分钟")},
    MODES(J, "who may use the junction; empty: all of the link", "可用的方式；空则同连线"),
    COMMON(J),

    PROPOSAL(A),
    NAME(A, "name of the station", "站名"),
    {.layer = A,
     .name = "line",
     TEXT,
     HELP("line it is on; a line that runs already gets a new station; empty: its proposal's",
          "所在线路；填既有线路则为其加站；空则为本项目线路"),
     .aliases = LIST("线路", "所属线路")},
    {.layer = A,
     .name = "stop",
     TEXT,
     HELP("id or name of the stop of the timetable that it is; empty: a new one",
          "即时刻表中的哪个车站（编号或名称）；空则为新站"),
     .aliases = LIST("stop_id", "既有车站")},
    {.layer = A,
     .name = "access_min",
     NUMBER(0, 120),
     HELP("from the street to the platform, minutes", "从街道到站台，分钟"),
     .aliases = LIST("进站分钟")},
    {.layer = A,
     .name = "park_min",
     NUMBER(0, 120),
     HELP("from the parked car to the street side of the station, minutes", "停车后走到车站，分钟"),
     .aliases = LIST("停车分钟")},
    {.layer = A,
     .name = "dwell_min",
     NUMBER(0, 120),
     HELP("stop of a train, minutes", "停站，分钟"),
     .aliases = LIST("停站分钟")},
    COMMON(A),

    PROPOSAL(R),
    {.layer = R,
     .name = "line",
     TEXT,
     HELP("name of the line", "线路名称"),
     .aliases = LIST("name", "线路", "线路名称", "名称")},
    {.layer = R,
     .name = "action",
     TEXT,
     .words = LIST("new", "speed", "headway", "stop", "cut"),
     .preset = "new",
     HELP("what is done: new trains, or to trains that run already: faster, more often, one more "
          "stop, cut",
          "措施：新开列车，或对既有列车提速、加密、加站、停运"),
     .aliases = LIST("措施", "动作")},
    {.layer = R,
     .name = "kind",
     TEXT,
     .words = LIST("high_speed", "rail", "metro", "tram", "bus", "ferry"),
     HELP("kind of train; empty: high_speed from 250 km/h on, else rail",
          "类型；空则 250 公里/小时及以上为高铁，否则为铁路"),
     .aliases = LIST("类型", "制式")},
    {.layer = R,
     .name = "stations",
     TEXT,
     HELP("names of its stations in order, ;-separated; empty: all of the line",
          "依次停靠的车站，用分号分隔；空则为线路全部车站"),
     .aliases = LIST("车站", "停靠站")},
    {.layer = R,
     .name = "headway_min",
     ABOVE(0, 1440),
     HELP("minutes between trains", "发车间隔，分钟"),
     .aliases = LIST("headway", "发车间隔")},
    {.layer = R,
     .name = "departures",
     TEXT,
     HELP("instead of a headway; HH:MM;HH:MM ...", "发车时刻（代替间隔）；HH:MM;HH:MM ..."),
     .aliases = LIST("发车时刻")},
    {.layer = R,
     .name = "first",
     TEXT,
     HELP("first train, HH:MM; empty: 06:00", "首班，HH:MM；空则 06:00"),
     .aliases = LIST("首班")},
    {.layer = R,
     .name = "last",
     TEXT,
     HELP("last train, HH:MM; empty: 22:00", "末班，HH:MM；空则 22:00"),
     .aliases = LIST("末班")},
    {.layer = R,
     .name = "minutes",
     TEXT,
     HELP("end to end, minutes; or of each run between two stations, ;-separated",
          "全程时间，分钟；或逐区间时间，用分号分隔"),
     .aliases = LIST("time_min", "duration_min", "分钟", "时间分钟", "时长")},
    SPEED(R, "design speed, km/h; gives the minutes where none stand",
          "设计速度，公里/小时；未填时间时据此推算"),
    {.layer = R,
     .name = "direction",
     TEXT,
     .words = LIST("both", "forward"),
     .preset = "both",
     HELP("both ways, or only in the order of the stations", "双向，或仅按车站顺序单向"),
     .aliases = LIST("方向")},
    {.layer = R,
     .name = "of",
     TEXT,
     HELP("trains that run already: id or name of their line, or of the train; * stands for any "
          "characters, G*; empty: line",
          "既有列车：线路编号、名称或车次，* 代表任意字符，如 G*；空则取 line"),
     .aliases = LIST("既有线路", "车次")},
    {.layer = R,
     .name = "from_station",
     TEXT,
     HELP("the change begins here; empty: the whole way", "变化区段起点；空则全程"),
     .aliases = LIST("起点站", "起始站")},
    {.layer = R,
     .name = "to_station",
     TEXT,
     HELP("the change ends here; empty: the whole way", "变化区段终点；空则全程"),
     .aliases = LIST("终点站", "终到站")},
    {.layer = R,
     .name = "factor",
     NUMBER(0.01, 100),
     HELP("times the present speed", "现有速度的倍数"),
     .aliases = LIST("倍数", "系数")},
    {.layer = R,
     .name = "loss_min",
     NUMBER(0, 60),
     HELP("what one more stop costs besides the stop itself, minutes; empty: from the speed",
          "加站的起停损失（不含停站），分钟；空则按速度推算"),
     .aliases = LIST("起停损失")},
    COMMON(R),

    PROPOSAL(C),
    ROADS(C, "source ids of roads to close, ;-separated; with a polygon those of them in it",
          "要关闭的道路编号，用分号分隔；有面时取面内的"),
    {.layer = C,
     .name = "inside",
     TEXT,
     .words = LIST("touch", "within"),
     .preset = "touch",
     HELP("roads that touch the polygon (the part inside is closed), or lie within it whole",
          "与面相交（关闭面内部分），或整条位于面内"),
     .aliases = LIST("范围")},
    {.layer = C,
     .name = "layers",
     TEXT,
     .words = LIST("ground", "all"),
     .preset = "ground",
     HELP("all: bridges over it and tunnels under it too", "all：桥梁和隧道也关闭"),
     .aliases = LIST("层次")},
    CLASS(C, "this road class alone; empty: all", "仅此等级；空则全部"),
    MODES(C, "closed to these alone; empty: to all", "仅对这些方式关闭；空则全部"),
    COMMON(C),

    PROPOSAL(S),
    CLASS(S, "this road class alone; empty: all", "仅此等级；空则全部"),
    {.layer = S,
     .name = "factor",
     NUMBER(0.01, 100),
     HELP("times the present speed; or give speed_kmh", "现有速度的倍数；或填 speed_kmh"),
     .aliases = LIST("倍数", "系数")},
    SPEED(S, "new speed, km/h, instead of a factor", "新速度，公里/小时（代替倍数）"),
    MODES(S, "for these alone; empty: for all", "仅对这些方式；空则全部"),
    COMMON(S),

    PROPOSAL(W),
    ROADS(W, "source ids of roads, ;-separated: these alone of those the line crosses",
          "道路编号，用分号分隔；只取线所穿过的这些道路"),
    {.layer = W,
     .name = "direction",
     TEXT,
     .words = LIST("both", "to_right", "to_left"),
     .preset = "both",
     HELP("who waits: both, or who crosses the line from its left to its right, or from right to "
          "left",
          "等候方向：双向、由线左侧向右侧、由右侧向左侧"),
     .aliases = LIST("方向")},
    {.layer = W,
     .name = "low_min",
     NUMBER(-1440, 1440),
     HELP("wait on a good day, minutes; below 0 takes a wait away; empty: typical_min",
          "顺畅时等候，分钟；负数为减少；空则同 typical_min"),
     .aliases = LIST("low", "最短等候")},
    {.layer = W,
     .name = "typical_min",
     NUMBER(-1440, 1440),
     HELP("usual wait, minutes; below 0 takes a wait away", "通常等候，分钟；负数为减少"),
     .aliases = LIST("typical", "wait_min", "minutes", "等候", "等候分钟")},
    {.layer = W,
     .name = "high_min",
     NUMBER(-1440, 1440),
     HELP("wait on a bad day, minutes; empty: typical_min", "拥堵时等候，分钟；空则同 typical_min"),
     .aliases = LIST("high", "最长等候")},
    MODES(W, "for these alone; empty: for all", "仅对这些方式；空则全部"),
    COMMON(W),
};

static const struct {
    const char *name;
    hsd_geometry_type geometry;
} layers[HSD_LAYER_COUNT] = {
    [HSD_LAYER_LINKS] = {"links", HSD_GEOMETRY_LINE},
    [HSD_LAYER_JUNCTIONS] = {"junctions", HSD_GEOMETRY_POINT},
    [HSD_LAYER_STATIONS] = {"stations", HSD_GEOMETRY_POINT},
    [HSD_LAYER_SERVICES] = {"services", HSD_GEOMETRY_NONE},
    [HSD_LAYER_CLOSURES] = {"closures", HSD_GEOMETRY_POLYGON},
    [HSD_LAYER_SPEED_CHANGES] = {"speed_changes", HSD_GEOMETRY_POLYGON},
    [HSD_LAYER_WAITS] = {"waits", HSD_GEOMETRY_LINE},
};

const char *hsd_proposal_layer_name(hsd_proposal_layer layer) {
    return (unsigned)layer < HSD_LAYER_COUNT ? layers[layer].name : "";
}

hsd_geometry_type hsd_proposal_geometry(hsd_proposal_layer layer) {
    return (unsigned)layer < HSD_LAYER_COUNT ? layers[layer].geometry : HSD_GEOMETRY_NONE;
}

const hsd_proposal_field *hsd_proposal_fields(size_t *count) {
    *count = sizeof fields / sizeof fields[0];
    return fields;
}
