/* Threads behind one function. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include "hourshed/base.h"

int hsd_thread_count(const hsd_run *run); /* >= 1 */

/* Calls body(context, begin, end, worker) over [0, count) in blocks of `grain`, on the threads of
 * run; worker < hsd_thread_count(run) names the scratch to use. Bodies must not depend on which
 * worker or order they get. The failure with the lowest begin is returned, so errors too are the
 * same for any thread count. Progress (what != NULL) is reported from the calling thread;
 * cancelling stops further blocks. A nested call runs serially. */
typedef hsd_status (*hsd_parallel_body)(void *context, size_t begin, size_t end, int worker,
                                        hsd_error *err);
hsd_status hsd_parallel_for(const hsd_run *run, const char *what, size_t count, size_t grain,
                            hsd_parallel_body body, void *context, hsd_error *err);

void hsd_log(const hsd_run *run, hsd_log_level level, const char *format, ...) HSD_PRINTF(3, 4);
/* Reports progress; HSD_E_CANCELLED when the callback says stop. */
hsd_status hsd_progress(const hsd_run *run, const char *what, double fraction, hsd_error *err);
#endif
