/* A timetable as the tables of a GTFS feed. */
#ifndef STUDY_GTFS_TABLES_H
#define STUDY_GTFS_TABLES_H

#include "export/csv_zip.h"
#include "hourshed/study.h"

/* only_proposed: trips of proposals alone, with the stops, lines and services they need. */
hsd_status hsd_gtfs_tables(const hsd_timetable *timetable, bool only_proposed, hsd_csv_zip *zip,
                           hsd_export_gtfs_report *report, hsd_error *err);
#endif
