/* A table of words: one row an idea, two languages. */
#include <string.h>

#include "study/plot_words.h"

static const char *const words[HSD_PLOT_WORDS][2] = {
    [HSD_PLOT_POPULATION] = {"People within reach, by minutes", "累计可达人口"},
    [HSD_PLOT_POPULATION_OF] = {"People within reach of %s, by minutes", "%s的累计可达人口"},
    [HSD_PLOT_POPULATION_BY] = {"People by %s", "人口按“%s”的累计分布"},
    [HSD_PLOT_LORENZ] = {"Lorenz curve: %s", "洛伦兹曲线：%s"},
    [HSD_PLOT_SAVINGS] = {"Time saved", "节省的时间"},
    [HSD_PLOT_SAVINGS_OF] = {"Time saved: %s", "节省的时间：%s"},
    [HSD_PLOT_RANKING] = {"Proposals by %s", "方案排序：%s"},
    [HSD_PLOT_MAP] = {"Within reach: %s", "等时圈：%s"},
    [HSD_PLOT_MAP_MANY] = {"Within reach of the nearest of %zu places", "%zu 地的等时圈"},
    [HSD_PLOT_MAP_COMPARE] = {"Before and after: %s", "前后对比：%s"},
    [HSD_PLOT_MAP_METROPOLIS] = {"Metropolitan circles by rule %s", "都市圈范围（规则 %s）"},
    [HSD_PLOT_DELINEATION] = {"Who belongs to the circle of %s", "%s都市圈成员"},
    [HSD_PLOT_MINUTES] = {"minutes, door to door", "门到门时间（分钟）"},
    [HSD_PLOT_MINUTES_SAVED] = {"minutes saved", "节省时间（分钟）"},
    [HSD_PLOT_PEOPLE] = {"people", "人口"},
    [HSD_PLOT_PEOPLE_PAIRS] = {"people, once for each origin", "人口，各起点分别计入"},
    [HSD_PLOT_ZONES] = {"zones", "分区数"},
    [HSD_PLOT_PAIRS] = {"pairs of origin and zone", "起点与分区的组合数"},
    [HSD_PLOT_PEOPLE_SHARE] = {"people, from the least to the most, %",
                               "人口累计占比，由低到高（%）"},
    [HSD_PLOT_ZONES_SHARE] = {"zones, from the least to the most, %",
                              "分区累计占比，由低到高（%）"},
    [HSD_PLOT_VALUE_SHARE] = {"of the sum of %s, %%", "“%s”累计占比（%%）"},
    [HSD_PLOT_BEFORE] = {"before", "实施前"},
    [HSD_PLOT_AFTER] = {"after: %s", "实施后：%s"},
    [HSD_PLOT_EQUALITY] = {"equal shares", "绝对平均线"},
    [HSD_PLOT_GINI] = {"Gini %.4f", "基尼系数 %.4f"},
    [HSD_PLOT_LESS_IS_BETTER] = {"less is better: the best off come first",
                                 "数值越小越好，排在前面者最优"},
    [HSD_PLOT_AT_CUTOFFS] = {"counted at the cut-offs (dots); between them the line is a guide "
                             "for the eye",
                             "仅在各时间阈值处统计（圆点），其间连线仅供参考"},
    [HSD_PLOT_AT_POINTS] = {"each zone counts whole, at the minutes of its point",
                            "各分区按其代表点的时间整体计入"},
    [HSD_PLOT_CENTRES] = {"centres", "中心城市"},
    [HSD_PLOT_UNCHANGED] = {"unchanged: %s", "不变：%s"},
    [HSD_PLOT_NEWLY] = {"newly within reach: %s", "新增可达：%s"},
    [HSD_PLOT_NO_LONGER] = {"no longer within reach: %s", "不再可达：%s"},
    [HSD_PLOT_FIRST_OF] = {"the first %zu of %zu", "前 %zu 个，共 %zu 个"},
    [HSD_PLOT_MOST_CHANGED] = {"what changes most: %zu of %zu origins",
                               "变化最大的 %zu 个起点，共 %zu 个"},
    [HSD_PLOT_SET] = {"set: %s", "组合方式：%s"},
    [HSD_PLOT_ALL] = {"(all)", "（全部）"},
    [HSD_PLOT_RULE] = {"rule %s", "规则 %s"},
    [HSD_PLOT_LIST] = {"official list %s", "官方名单 %s"},
    [HSD_PLOT_PROFILE] = {"profile %s", "速度方案 %s"},
    [HSD_PLOT_CIRCLE] = {"%g min", "%g 分钟"},
    [HSD_PLOT_GAINED] = {"gained, %g min", "新增，%g 分钟"},
    [HSD_PLOT_LOST] = {"lost, %g min", "减少，%g 分钟"},
    [HSD_PLOT_FILE] = {"File: %s", "文件：%s"},
    [HSD_PLOT_SOURCES] = {". From: ", "。数据："},
    [HSD_PLOT_THOUSAND] = {"thousand", "千"},
    [HSD_PLOT_MILLION] = {"million", "万"},
    [HSD_PLOT_BILLION] = {"billion", "亿"},
    [HSD_PLOT_BETWEEN] = {", ", "、"},
    [HSD_PLOT_COMMA] = {", ", "，"},
};

static int column_of(const char *lang) {
    return lang && strncmp(lang, "zh", 2) == 0;
}

const char *hsd_plot_text(hsd_plot_word word, const char *lang) {
    return words[word][column_of(lang)];
}

const char *hsd_plot_column(const char *column, const char *lang) {
    static const char *const known[][3] = {
        {"access_gain", "people newly within reach", "新增可达人口"},
        {"gdp_gain", "GDP newly within reach", "新增可达 GDP"},
        {"people_within", "people within reach", "可达人口"},
        {"mean_saving_min", "minutes saved on average", "平均节省时间（分钟）"},
        {"person_minutes", "person minutes saved", "节省的人·分钟"},
        {"gini", "Gini index", "基尼系数"},
        {"gini_change", "change of the Gini index", "基尼系数变化"},
        {"palma", "Palma ratio", "帕尔马比值"},
        {"palma_change", "change of the Palma ratio", "帕尔马比值变化"},
        {"per_km", "gain per kilometre", "每公里增益"},
        {"per_cost", "gain per cost", "单位造价增益"},
        {"loss_without", "loss without it", "缺少该方案的损失"},
        {"synergy", "synergy", "协同效应"},
        {"length_km", "length, km", "长度（公里）"},
        {"cost", "cost", "造价"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], column) == 0) return known[i][1 + column_of(lang)];
    return NULL;
}
