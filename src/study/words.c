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
};

const char *hsd_word_text(hsd_word word, const char *lang) {
    return words[word][lang && strncmp(lang, "zh", 2) == 0];
}
