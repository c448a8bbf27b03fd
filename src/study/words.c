/* A table of words: one row an idea, two languages. */
#include <string.h>

#include "study/words.h"

static const char *const words[HSD_WORD_COUNT][2] = {
    [HSD_WORD_CIRCLES] = {"Circles", "等时圈"},
    [HSD_WORD_BANDS] = {"Bands", "时间带"},
    [HSD_WORD_REACHED_EDGES] = {"Reached roads", "可达道路"},
    [HSD_WORD_REACHED_NODES] = {"Reached junctions", "可达节点"},
    [HSD_WORD_ORIGINS] = {"Origins", "起点"},
    [HSD_WORD_SNAP] = {"Where points joined the network", "接入路网"},
    [HSD_WORD_ZONES] = {"Zones", "分区"},
    [HSD_WORD_OD_TIMES] = {"Travel times", "出行时间"},
    [HSD_WORD_HINTERLAND] = {"Hinterlands", "腹地"},
    [HSD_WORD_OVERLAP] = {"Overlap", "重叠圈"},
    [HSD_WORD_MINUTES] = {"min", "分钟"},
    [HSD_WORD_TITLE_FROM] = {"Within reach of %s", "%s 出发可达范围"},
    [HSD_WORD_TITLE_TO] = {"Who can reach %s", "可到达 %s 的范围"},
    [HSD_WORD_TITLE_MANY_FROM] = {"Within reach of %zu places", "%zu 地出发可达范围"},
    [HSD_WORD_TITLE_MANY_TO] = {"Who can reach %zu places", "可到达 %zu 地的范围"},
    [HSD_WORD_WATER] = {"Water", "水域"},
    [HSD_WORD_PROFILE] = {"profile", "速度方案"},
    [HSD_WORD_CORE] = {"core", "核心圈"},
    [HSD_WORD_FRINGE] = {"fringe", "边缘圈"},
    [HSD_WORD_NEAR_MISSES] = {"Dead ends that almost touch another street", "几乎相接的断头路"},
    [HSD_WORD_ONE_WAY_TRAPS] = {"Streets that can only be entered or only be left",
                                "只进不出或只出不进的道路"},
    [HSD_WORD_ISLANDS] = {"Parts cut off from the main network", "与主路网不相连的部分"},
    [HSD_WORD_ISLANDS_ABOUT] =
        {"Every connected part but the largest: in a street network mostly "
         "a missing piece, or a place without roads to the rest",
         "除最大部分以外的各个连通部分：在街道网中多为缺失路段，或确无道路相通"},
    [HSD_WORD_ISLANDS_ABOUT_CORRIDOR] =
        {"Every connected part but the largest: corridors may be drawn in parts on purpose, where "
         "local roads between them are left out; nobody passes from part to part",
         "除最大部分以外的各个连通部分：走廊网可有意分块绘制，略去其间的地方道路；各部分之间不能通"
         "行"},
    [HSD_WORD_DUPLICATES] = {"Streets drawn twice", "重复绘制的道路"},
    [HSD_WORD_DEAD_ENDS] = {"Dead ends", "断头路端点"},
    [HSD_WORD_EDITS] = {"What each edit did", "方案逐项结果"},
    [HSD_WORD_EDITS_AREAS] = {"Areas closed or changed", "封闭或调速的范围"},
    [HSD_WORD_RANKING] = {"Ranking", "方案排序"},
    [HSD_WORD_RANKING_ZONES] = {"What each proposal changes by zone", "各方案对分区的影响"},
    [HSD_WORD_PROPOSALS] = {"Proposals", "规划方案"},
    [HSD_WORD_BREAK_EVEN] = {"Break-even times", "临界时间"},
    [HSD_WORD_TITLE_RANKING] = {"%zu proposals, ranked", "%zu 个方案排序"},
    [HSD_WORD_PEOPLE_MORE] = {"more people", "人新增可达"},
    [HSD_WORD_CHANGE] = {"What changes", "前后变化"},
    [HSD_WORD_GAINED] = {"gained", "新增"},
    [HSD_WORD_LOST] = {"lost", "减少"},
    [HSD_WORD_KEPT] = {"kept", "保持"},
    [HSD_WORD_FASTER] = {"kept, and faster", "保持且提速"},
    [HSD_WORD_LINKS] = {"Proposed links", "拟建线路"},
    [HSD_WORD_LINES] = {"Proposed lines", "拟建轨道线路"},
    [HSD_WORD_STATIONS] = {"Proposed stations", "拟建车站"},
    [HSD_WORD_CITIES] = {"City to city", "城市之间"},
    [HSD_WORD_ATTRIBUTION] = {"What each link brings", "各线路的作用"},
    [HSD_WORD_PATHS] = {"Best paths", "最短路径"},
    [HSD_WORD_SUMMARY] = {"Summary", "结论"},
    [HSD_WORD_NEWLY] = {"Newly within", "新进入"},
    [HSD_WORD_BEFORE] = {"Before", "实施前"},
    [HSD_WORD_AFTER] = {"After: %s", "实施后：%s"},
    [HSD_WORD_PEOPLE] = {"people", "人口"},
    [HSD_WORD_ALL_PROPOSALS] = {"all proposals", "全部项目"},
    [HSD_WORD_TITLE_COMPARE] = {"Before and after: %s", "前后对比：%s"},
    [HSD_WORD_TITLE_COMPARE_MANY] = {"Before and after: %zu scenarios", "前后对比：%zu 个方案"},
    [HSD_WORD_REACHED_STOPS] = {"Reached stops", "可达车站"},
    [HSD_WORD_TIMETABLE_LINES] = {"Lines that run", "运行线路"},
    [HSD_WORD_LEGS] = {"Trips, leg by leg", "出行分段"},
    [HSD_WORD_MEDIAN] = {"median", "中位数"},
    [HSD_WORD_EARLIEST] = {"earliest", "最短时间"},
    [HSD_WORD_PERCENTILE] = {"%g%s percentile", "第 %g%s 百分位"},
    [HSD_WORD_BY_TRANSIT_FROM] = {"Door to door by transit, %s %s, leaving %s, %s",
                                  "公共交通门到门，%s %s，%s 出发，%s"},
    [HSD_WORD_BY_TRANSIT_TO] = {"Door to door by transit, %s %s, arriving %s, %s",
                                "公共交通门到门，%s %s，%s 到达，%s"},
    [HSD_WORD_BY_TRANSIT_RETURN] =
        {"There and back by transit, %s %s, arriving %s, leaving again %s, the longer way, %s",
         "公共交通当日往返，%s %s，%s 到达，%s 返回，取较长一程，%s"},
};

const char *hsd_word_text(hsd_word word, const char *lang) {
    return words[word][lang && strncmp(lang, "zh", 2) == 0];
}
