#ifndef STUDY_WATER_LAYER_H
#define STUDY_WATER_LAYER_H

#include "study/circle_run.h"

/* The run's barriers as the bottom layer; nothing where there are none. */
hsd_status hsd_write_water(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
#endif
