/* Rows of a proposal table: pointed at their proposals, sorted, freed. */
#include <stdlib.h>

#include "base/memory.h"
#include "read/proposals.h"

static void finish_link(hsd_link_row *row) {
    hsd_free(row->name);
    hsd_free(row->road_class);
    hsd_free(row->modes);
    hsd_geometry_finish(&row->line);
}

static void finish_junction(hsd_junction_row *row) {
    hsd_free(row->connect_to);
    hsd_free(row->modes);
}

static void finish_station(hsd_station_row *row) {
    hsd_free(row->name);
    hsd_free(row->line);
    hsd_free(row->stop);
}

static void finish_service(hsd_service_row *row) {
    hsd_free(row->line);
    hsd_free(row->of);
    hsd_free(row->stations);
    hsd_free(row->departures_s);
    hsd_free(row->minutes);
    hsd_free(row->from_station);
    hsd_free(row->to_station);
}

static void finish_closure(hsd_closure_row *row) {
    hsd_geometry_finish(&row->polygon);
    hsd_free(row->roads);
    hsd_free(row->road_class);
    hsd_free(row->modes);
}

static void finish_speed(hsd_speed_row *row) {
    hsd_geometry_finish(&row->polygon);
    hsd_free(row->road_class);
    hsd_free(row->modes);
}

static void finish_wait(hsd_wait_row *row) {
    hsd_geometry_finish(&row->line);
    hsd_free(row->roads);
    hsd_free(row->modes);
}

static void finish_proposal(hsd_proposal *proposal) {
    hsd_free(proposal->name);
    hsd_free(proposal->status);
    hsd_free(proposal->opened);
}

static int by_link(const void *a, const void *b) {
    const hsd_link_row *x = a, *y = b;
    if (x->feature_id != y->feature_id) return x->feature_id < y->feature_id ? -1 : 1;
    return (x->part > y->part) - (x->part < y->part);
}

#define BY_FEATURE(function, type)                                                                 \
    static int function(const void *a, const void *b) {                                            \
        const type *x = a, *y = b;                                                                 \
        return (x->feature_id > y->feature_id) - (x->feature_id < y->feature_id);                  \
    }
BY_FEATURE(by_junction, hsd_junction_row)
BY_FEATURE(by_station, hsd_station_row)
BY_FEATURE(by_service, hsd_service_row)
BY_FEATURE(by_closure, hsd_closure_row)
BY_FEATURE(by_speed, hsd_speed_row)
BY_FEATURE(by_wait, hsd_wait_row)

/* Rows of heads without a proposal go; the others point at it and are sorted. */
#define POINT_ROWS(rows, count, finish, compare)                                                   \
    do {                                                                                           \
        size_t kept = 0;                                                                           \
        for (size_t i = 0; i < (count); i++) {                                                     \
            (rows)[i].proposal = proposal_of[(rows)[i].proposal];                                  \
            if ((rows)[i].proposal == UINT32_MAX)                                                  \
                finish(&(rows)[i]);                                                                \
            else                                                                                   \
                (rows)[kept++] = (rows)[i];                                                        \
        }                                                                                          \
        (count) = kept;                                                                            \
        if (kept) qsort((rows), kept, sizeof *(rows), compare);                                    \
    } while (0)

void hsd_proposal_point_rows(const uint32_t *proposal_of, hsd_proposal_table *t) {
    POINT_ROWS(t->links, t->link_count, finish_link, by_link);
    POINT_ROWS(t->junctions, t->junction_count, finish_junction, by_junction);
    POINT_ROWS(t->stations, t->station_count, finish_station, by_station);
    POINT_ROWS(t->services, t->service_count, finish_service, by_service);
    POINT_ROWS(t->closures, t->closure_count, finish_closure, by_closure);
    POINT_ROWS(t->speeds, t->speed_count, finish_speed, by_speed);
    POINT_ROWS(t->waits, t->wait_count, finish_wait, by_wait);
}

#define FINISH_ALL(rows, count, finish)                                                            \
    do {                                                                                           \
        for (size_t i = 0; i < (count); i++) finish(&(rows)[i]);                                   \
        hsd_free(rows);                                                                            \
    } while (0)

void hsd_proposal_table_finish(hsd_proposal_table *t) {
    if (!t) return;
    FINISH_ALL(t->proposals, t->proposal_count, finish_proposal);
    FINISH_ALL(t->links, t->link_count, finish_link);
    FINISH_ALL(t->junctions, t->junction_count, finish_junction);
    FINISH_ALL(t->stations, t->station_count, finish_station);
    FINISH_ALL(t->services, t->service_count, finish_service);
    FINISH_ALL(t->closures, t->closure_count, finish_closure);
    FINISH_ALL(t->speeds, t->speed_count, finish_speed);
    FINISH_ALL(t->waits, t->wait_count, finish_wait);
    hsd_free(t->links_name);
    *t = (hsd_proposal_table){0};
}
