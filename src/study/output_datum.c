/* The datum a result is written in: no coordinate system has a code for those of Chinese map
 * services, so files say WGS84 whatever they hold, and a run says so. */
#include "study/output_datum.h"
#include "base/parallel.h"
#include "read/message.h"

hsd_status hsd_output_datum(const char *name, const hsd_run *run, hsd_dataset_options *options,
                            hsd_error *err) {
    hsd_status status = hsd_datum_choose(name, &options->datum, err);
    if (status == HSD_OK && options->datum != HSD_WGS84)
        hsd_log(run, HSD_LOG_WARNING,
                "the result is in %s: its coordinate system says WGS84 all the same, so programs "
                "that do not know draw it hundreds of metres off",
                hsd_datum_name(options->datum));
    return status;
}
