/* The datum a result is written in. */
#ifndef STUDY_OUTPUT_DATUM_H
#define STUDY_OUTPUT_DATUM_H

#include "hourshed/export.h"

/* Of --output-datum, NULL: WGS84; another than that is told as a warning, for no file says it. */
hsd_status hsd_output_datum(const char *name, const hsd_run *run, hsd_dataset_options *options,
                            hsd_error *err);
#endif
