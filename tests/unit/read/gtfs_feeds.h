/* Small feeds for the tests of the GTFS reader, in GDAL's memory. */
#ifndef TESTS_READ_GTFS_FEEDS_H
#define TESTS_READ_GTFS_FEEDS_H

#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/issues.h"
#include "hourshed/read.h"

typedef struct feed_file {
    const char *name, *text; /* text NULL: the file is not there */
} feed_file;

/* Two trips on one line of four stops of the equator, 0.1, 0.2 and 0.1 degrees apart. */
static const feed_file plain_feed[] = {
    {"agency.txt", "agency_id,agency_name,agency_url,agency_timezone\n"
                   "a,Agency,http://a,Asia/Shanghai\n"},
    {"stops.txt", "stop_id,stop_name,stop_lat,stop_lon\n"
                  "s1,One,0,0\ns2,Two,0,0.1\ns3,Three,0,0.3\ns4,Four,0,0.4\n"},
    {"routes.txt", "route_id,agency_id,route_short_name,route_long_name,route_type\n"
                   "r,a,R1,Long,2\n"},
    {"calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
                     "start_date,end_date\nwd,1,1,1,1,1,0,0,20240930,20241013\n"},
    {"trips.txt", "route_id,service_id,trip_id\nr,wd,t1\nr,wd,t2\n"},
    {"stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                       "t1,08:00:00,08:00:00,s1,1\nt1,08:10:00,08:11:00,s2,2\n"
                       "t1,08:30:00,08:31:00,s3,3\nt1,08:40:00,08:40:00,s4,4\n"
                       "t2,09:00:00,09:00:00,s1,1\nt2,09:40:00,09:40:00,s4,2\n"},
};

static inline void feed_write(const char *folder, const char *name, const char *text) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    VSILFILE *file = VSIFOpenL(path, "wb");
    if (!file || VSIFWriteL(text, 1, strlen(text), file) != strlen(text)) abort();
    VSIFCloseL(file);
}

/* The plain feed with some files in place of its own (count of them) in a folder of that name. */
static inline const char *feed_make(const char *name, const feed_file *changed, size_t count) {
    static char folders[8][100];
    static int next;
    char *folder = folders[next++ % 8];
    snprintf(folder, sizeof folders[0], "/vsimem/gtfs/%s", name);
    VSIRmdirRecursive(folder);
    VSIMkdirRecursive(folder, 0777);
    for (size_t i = 0; i < sizeof plain_feed / sizeof plain_feed[0]; i++) {
        bool own = true;
        for (size_t k = 0; k < count; k++)
            if (strcmp(plain_feed[i].name, changed[k].name) == 0) own = false;
        if (own) feed_write(folder, plain_feed[i].name, plain_feed[i].text);
    }
    for (size_t k = 0; k < count; k++)
        if (changed[k].text) feed_write(folder, changed[k].name, changed[k].text);
    return folder;
}
#define FEED(name, ...)                                                                            \
    feed_make((name), (const feed_file[]){__VA_ARGS__},                                            \
              sizeof((const feed_file[]){__VA_ARGS__}) / sizeof(feed_file))

/* Row of an id, in the feed; fails the test where there is none. */
#define FIND(t, table, key, wanted)                                                                \
    find_row((t), (t)->table, (t)->key, sizeof *(t)->table, (wanted))
static inline size_t find_row(const hsd_timetable *t, const void *rows, size_t count, size_t size,
                              const char *id) {
    for (size_t i = 0; i < count; i++) {
        uint32_t text;
        memcpy(&text, (const char *)rows + i * size, sizeof text);
        if (strcmp(t->strings + text, id) == 0) return i;
    }
    fail_msg("no row \"%s\"", id);
    return 0;
}
#endif
