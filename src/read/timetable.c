/* Timetables on the heap: one block holds all arrays, so that one free ends them. Kinds and days as
 * texts. O(bytes). */
#include "read/timetable.h"

#include "base/calendar.h"
#include "base/text.h"

const char *hsd_ride_kind_name(hsd_ride_kind kind) {
    static const char *const names[HSD_RIDE_KINDS] = {"bus",        "tram",  "metro", "rail",
                                                      "high_speed", "ferry", "other"};
    return kind < HSD_RIDE_KINDS ? names[kind] : "other";
}

typedef struct part {
    const void **array;
    size_t count, size;
} part;

enum { PARTS = 11, ALIGNMENT = 16 };

/* False: more than memory can hold. */
static bool bytes_of(const part *p, size_t *bytes) {
    return !__builtin_mul_overflow(p->count, p->size, bytes) && *bytes <= PTRDIFF_MAX - ALIGNMENT &&
           ((*bytes = (*bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT), true);
}

hsd_status hsd_timetable_alloc(hsd_timetable *t, hsd_error *err) {
#define PART(array, count) {(const void **)(void *)&t->array, (count), sizeof *t->array}
    size_t words, total = 0, bytes;
    const bool fits = !__builtin_mul_overflow(t->service_count, t->day_words, &words);
    const part parts[PARTS] = {
        PART(feeds, t->feed_count),
        PART(stops, t->stop_count),
        PART(lines, t->line_count),
        PART(trips, t->trip_count),
        PART(calls, t->call_count),
        PART(headways, t->headway_count),
        PART(transfers, t->transfer_count),
        PART(shapes, t->shape_count),
        PART(shape_points, t->shape_point_count),
        PART(service_days, fits ? words : SIZE_MAX),
        PART(strings, t->string_size),
    };
#undef PART
    for (size_t i = 0; i < PARTS; i++)
        if (!bytes_of(&parts[i], &bytes) || __builtin_add_overflow(total, bytes, &total))
            return hsd_fail(err, HSD_E_MEMORY, "the timetable is larger than memory can hold");
    char *block = hsd_calloc(total, 1, err);
    if (!block) return HSD_E_MEMORY;
    t->storage = block;
    for (size_t i = 0; i < PARTS; i++) {
        *parts[i].array = block;
        bytes_of(&parts[i], &bytes);
        block += bytes;
    }
    return HSD_OK;
}

void hsd_timetable_finish(hsd_timetable *timetable) {
    if (!timetable) return;
    hsd_free(timetable->storage);
    *timetable = (hsd_timetable){0};
}

bool hsd_day_parse(const char *text, int32_t *day) {
    int year, month, day_of_month;
    if (!hsd_parse_date(text, &year, &month, &day_of_month)) return false;
    *day = hsd_day_of_date(year, month, day_of_month);
    return true;
}

static void digits(char *at, int value, int count) {
    for (int i = count - 1; i >= 0; i--, value /= 10) at[i] = (char)('0' + value % 10);
}

void hsd_day_text(int32_t day, char buffer[11]) {
    int year, month, day_of_month;
    hsd_date_of_day(day, &year, &month, &day_of_month);
    digits(buffer, year < 0 ? 0 : year, 4);
    digits(buffer + 5, month, 2);
    digits(buffer + 8, day_of_month, 2);
    buffer[4] = buffer[7] = '-';
    buffer[10] = '\0';
}
