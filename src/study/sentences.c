/* Sentences: one row an idea, two languages, keys in braces. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/sentences.h"

static const char *const templates[HSD_SENTENCE_COUNT][2] = {
    [HSD_SENTENCE_PEOPLE] =
        {"With {scenario}, {gained} more {mass} lie within {minutes} minutes of "
         "{origin} ({profile}): {before} before, {after} after.",
         "实施“{scenario}”后，{origin} {minutes} "
         "分钟圈内{mass}新增 {gained}（{profile}）：此前 {before}，此后 "
         "{after}。"},
    [HSD_SENTENCE_AREA] = {"The {minutes}-minute circle of {origin} gains {gained} km² and "
                           "{road} km of road ({profile}): {before} km² before, {after} km² after.",
                           "{origin} {minutes} 分钟圈新增 {gained} 平方公里、可达道路 {road} "
                           "公里（{profile}）：此前 {before} 平方公里，此后 {after} 平方公里。"},
    [HSD_SENTENCE_PLACES] = {"Newly within {minutes} minutes of {origin} ({profile}): {places}.",
                             "新进入{origin} {minutes} 分钟圈（{profile}）：{places}。"},
    [HSD_SENTENCE_LOST_PEOPLE] = {"With {scenario}, {lost} {mass} fall outside {minutes} minutes "
                                  "of {origin} ({profile}).",
                                  "实施“{scenario}”后，{mass} {lost} 退出{origin} {minutes} "
                                  "分钟圈（{profile}）。"},
    [HSD_SENTENCE_LOST_AREA] = {"The {minutes}-minute circle of {origin} loses {lost} km² "
                                "({profile}).",
                                "{origin} {minutes} 分钟圈减少 {lost} 平方公里（{profile}）。"},
    [HSD_SENTENCE_LOST_PLACES] = {"No longer within {minutes} minutes of {origin} ({profile}): "
                                  "{places}.",
                                  "退出{origin} {minutes} 分钟圈（{profile}）：{places}。"},
    [HSD_SENTENCE_SAVING_FROM] = {"The largest saving from {origin} is {saving} minutes, to "
                                  "{place}: {before} before, {after} after ({profile}).",
                                  "从{origin}出发节省最多的是到{place}：{saving} 分钟，由 "
                                  "{before} 分钟缩短为 {after} 分钟（{profile}）。"},
    [HSD_SENTENCE_SAVING_TO] = {"The largest saving to {origin} is {saving} minutes, from {place}: "
                                "{before} before, {after} after ({profile}).",
                                "到{origin}节省最多的是从{place}出发：{saving} 分钟，由 {before} "
                                "分钟缩短为 {after} 分钟（{profile}）。"},
    [HSD_SENTENCE_RIDE_FROM] = {"To {place} one then rides {line} from {board} to {alight} "
                                "({profile}).",
                                "到{place}乘{line}：{board}上车，{alight}下车（{profile}）。"},
    [HSD_SENTENCE_RIDE_TO] = {"From {place} one then rides {line} from {board} to {alight} "
                              "({profile}).",
                              "从{place}出发乘{line}：{board}上车，{alight}下车（{profile}）。"},
    [HSD_SENTENCE_PAIR_IN] = {"From {from} to {to} it takes {after} minutes instead of {before}: "
                              "within {minutes} now ({profile}).",
                              "{from}到{to}由 {before} 分钟缩短为 {after} 分钟，进入 {minutes} "
                              "分钟以内（{profile}）。"},
    [HSD_SENTENCE_PAIR_JOINED] = {"From {from} to {to} there was no way before; now it takes "
                                  "{after} minutes: within {minutes} ({profile}).",
                                  "{from}到{to}此前不通，现需 {after} 分钟，在 {minutes} "
                                  "分钟以内（{profile}）。"},
    [HSD_SENTENCE_PAIR_SERVED] = {"From {from} to {to} there was no connection before; now it "
                                  "takes {after} minutes: within {minutes} ({profile}).",
                                  "{from}到{to}此前无车可达，现需 {after} 分钟，在 {minutes} "
                                  "分钟以内（{profile}）。"},
    [HSD_SENTENCE_PAIR_UNSERVED] = {"From {from} to {to} there is no connection any more; it took "
                                    "{before} minutes, within {minutes} ({profile}).",
                                    "{from}到{to}不再有车可达；此前需 {before} 分钟，在 {minutes} "
                                    "分钟以内（{profile}）。"},
    [HSD_SENTENCE_PAIR_OUT] = {"From {from} to {to} it takes {after} minutes instead of {before}: "
                               "no longer within {minutes} ({profile}).",
                               "{from}到{to}由 {before} 分钟延长为 {after} 分钟，超出 {minutes} "
                               "分钟（{profile}）。"},
    [HSD_SENTENCE_PAIR_CUT] = {"From {from} to {to} there is no way any more; it took {before} "
                               "minutes, within {minutes} ({profile}).",
                               "{from}到{to}不再连通；此前需 {before} 分钟，在 {minutes} "
                               "分钟以内（{profile}）。"},
    [HSD_SENTENCE_NO_LINK_USED] = {"Under {scenario}, nothing changes within {minutes} minutes of "
                                   "{origin} ({profile}): none of its links lies on a best path.",
                                   "“{scenario}”不改变{origin} {minutes} "
                                   "分钟圈（{profile}）：其新增线路不在任何最短路径上。"},
    [HSD_SENTENCE_NO_ROAD_USED] = {"Under {scenario}, nothing changes within {minutes} minutes of "
                                   "{origin} ({profile}): none of the roads it changes lies on a "
                                   "best path.",
                                   "“{scenario}”不改变{origin} {minutes} "
                                   "分钟圈（{profile}）：其变动的道路不在任何最短路径上。"},
    [HSD_SENTENCE_NO_TRAIN_USED] = {"Under {scenario}, nothing changes within {minutes} minutes of "
                                    "{origin} ({profile}): none of its trains or streets lies on a "
                                    "best trip.",
                                    "“{scenario}”不改变{origin} {minutes} "
                                    "分钟圈（{profile}）：其列车和道路不在任何最佳行程上。"},
    [HSD_SENTENCE_NONE_CROSSES] = {"With {scenario}, some times change, but nothing comes within "
                                   "or falls outside {minutes} minutes of {origin} ({profile}).",
                                   "实施“{scenario}”后，部分出行时间有变，但{origin} {minutes} "
                                   "分钟圈无增减（{profile}）。"},
    [HSD_SENTENCE_NO_PROPOSAL] = {"{scenario} has no proposals: nothing changes within {minutes} "
                                  "minutes of {origin} ({profile}).",
                                  "“{scenario}”不含任何方案，{origin} {minutes} "
                                  "分钟圈不变（{profile}）。"},
};

static bool is_chinese(const char *lang) {
    return lang && strncmp(lang, "zh", 2) == 0;
}

/* Whole, with commas between thousands; below 10^15. */
static const char *grouped(double value, char *buffer) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%.0f", fabs(value)), at = 0;
    if (value < 0) buffer[at++] = '-';
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) buffer[at++] = ',';
        buffer[at++] = digits[i];
    }
    buffer[at] = '\0';
    return buffer;
}

const char *hsd_say_count(double value, const char *lang, char *buffer) {
    value = floor(value + 0.5);
    bool chinese = is_chinese(lang);
    if (!isfinite(value) || fabs(value) >= 1e15)
        snprintf(buffer, 40, "-");
    else if (chinese && fabs(value) >= 99995000)
        snprintf(buffer, 40, "%.2f亿", value / 1e8);
    else if (chinese && fabs(value) >= 10000)
        snprintf(buffer, 40, "%.*f万", fabs(value) < 999950 ? 2 : 1, value / 1e4);
    else if (chinese)
        snprintf(buffer, 40, "%.0f", value);
    else if (fabs(value) >= 1e6)
        snprintf(buffer, 40, "%.2f million", value / 1e6);
    else
        grouped(value, buffer);
    return buffer;
}

const char *hsd_say_amount(double value, char *buffer) {
    if (!isfinite(value) || fabs(value) >= 1e15)
        snprintf(buffer, 40, "-");
    else if (fabs(value) < 99.95)
        snprintf(buffer, 40, "%.1f", value);
    else
        grouped(value, buffer);
    return buffer;
}

static void add_value(hsd_text *out, const hsd_sentence_value *v, const char *lang) {
    char buffer[40];
    switch (v->kind) {
    case HSD_SAY_TEXT:
        hsd_text_add(out, is_chinese(lang) && v->zh ? v->zh : v->en);
        return;
    case HSD_SAY_COUNT:
        hsd_text_add(out, hsd_say_count(v->number, lang, buffer));
        return;
    case HSD_SAY_AMOUNT:
        hsd_text_add(out, hsd_say_amount(v->number, buffer));
        return;
    case HSD_SAY_PLAIN:
        hsd_text_add(out, hsd_double_text(v->number, buffer));
        return;
    }
}

void hsd_sentence_add(hsd_text *out, hsd_sentence sentence, const char *lang,
                      const hsd_sentence_value *values, size_t count) {
    const char *at = templates[sentence][is_chinese(lang)];
    for (const char *open = strchr(at, '{'); open; open = strchr(at, '{')) {
        size_t length = strcspn(open + 1, "}");
        size_t i = 0;
        while (i < count &&
               (strlen(values[i].key) != length || strncmp(values[i].key, open + 1, length) != 0))
            i++;
        hsd_text_add_n(out, at, (size_t)(open - at));
        if (i < count)
            add_value(out, &values[i], lang);
        else
            hsd_text_add_n(out, open, length + 2);
        at = open + length + 2;
    }
    hsd_text_add(out, at);
}
