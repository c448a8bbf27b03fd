/* The lines of a timetable as they are drawn: what runs on a date from stop to stop, each section
 * once. line_sections.c finds them, line_shapes.c their course, transit_lines.c writes and draws.
 */
#ifndef STUDY_LINE_SECTIONS_H
#define STUDY_LINE_SECTIONS_H

#include "base/memory.h"
#include "hourshed/read.h"

/* Between two stops at which trips call one after the other, either way round. */
typedef struct hsd_line_section {
    uint32_t from, to; /* stops: from < to */
    uint32_t kind;     /* hsd_ride_kind */
    uint32_t trip;     /* the first that calls at both and has a shape, else the first of all */
    uint32_t call;     /* of the timetable: where that trip leaves */
    uint32_t first_line, line_count; /* into lines, ascending */
    uint64_t trips; /* of the date, both ways; those that pass its stops without a call included */
    double metres;  /* straight */
    size_t first_point, point_count; /* its course, into points */
} hsd_line_section;

typedef struct hsd_line_sections {
    HSD_ARRAY(hsd_line_section) list; /* ascending from, to, kind */
    HSD_ARRAY(uint32_t) lines;
    HSD_ARRAY(hsd_lonlat) points;
} hsd_line_sections;

/* Those of trips of the date with an end in the box (degrees). A section without a shape that
 * others go along by at most a fifth more is theirs: its trips pass there. */
hsd_status hsd_line_sections_make(const hsd_timetable *timetable, int32_t date,
                                  const hsd_lonlat box[2], hsd_line_sections *out, hsd_error *err);
void hsd_line_sections_finish(hsd_line_sections *sections);

/* Fills points: along the shape of the section's trip, else straight. Of make. */
hsd_status hsd_line_shapes(const hsd_timetable *timetable, hsd_line_sections *sections,
                           hsd_error *err);
#endif
