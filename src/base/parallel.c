/* A parallel loop over blocks. Threads live for the call: starting them costs some 20 microseconds,
 * blocks cost milliseconds, and nothing global outlives the call. Blocks are handed out by a
 * counter in ascending order; every block before a failing one is done, so the failure with the
 * lowest begin is the same for any thread count. The calling thread works too and is the only one
 * that calls back. */
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/parallel.h"

enum { MAX_THREADS = 256 };

typedef struct loop {
    const hsd_run *run;
    const char *what;
    size_t count, grain;
    hsd_parallel_body body;
    void *context;
    _Atomic size_t next, done;
    _Atomic bool cancelled;
    _Atomic size_t failed_begin; /* SIZE_MAX: none */
    pthread_mutex_t lock;        /* guards status and error */
    hsd_status status;
    hsd_error error;
} loop;

typedef struct worker {
    loop *loop;
    int index;
} worker;

static _Thread_local bool inside; /* a loop body is running on this thread */

int hsd_thread_count(const hsd_run *run) {
    long count = run && run->threads > 0 ? run->threads : sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 1) return 1;
    return count > MAX_THREADS ? MAX_THREADS : (int)count;
}

static void note_failure(loop *l, size_t begin, hsd_status status, const hsd_error *error) {
    pthread_mutex_lock(&l->lock);
    if (begin < atomic_load(&l->failed_begin)) {
        atomic_store(&l->failed_begin, begin);
        l->status = status;
        l->error = *error;
    }
    pthread_mutex_unlock(&l->lock);
}

static void work(loop *l, int index, bool reports) {
    inside = true;
    while (!atomic_load(&l->cancelled)) {
        size_t begin = atomic_fetch_add(&l->next, l->grain);
        if (begin >= l->count || begin > atomic_load(&l->failed_begin)) break;
        size_t end = l->count - begin > l->grain ? begin + l->grain : l->count;
        hsd_error error = {HSD_OK, ""};
        hsd_status status = l->body(l->context, begin, end, index, &error);
        if (status != HSD_OK) note_failure(l, begin, status, &error);
        size_t done = atomic_fetch_add(&l->done, end - begin) + (end - begin);
        if (reports && l->run && l->run->progress && l->what &&
            !l->run->progress(l->run->user, l->what, (double)done / (double)l->count))
            atomic_store(&l->cancelled, true);
    }
    inside = false;
}

static void *thread_main(void *argument) {
    worker *w = argument;
    work(w->loop, w->index, false);
    return NULL;
}

static hsd_status run_serially(const hsd_run *run, const char *what, size_t count, size_t grain,
                               hsd_parallel_body body, void *context, hsd_error *err) {
    for (size_t begin = 0; begin < count; begin += grain) {
        size_t end = count - begin > grain ? begin + grain : count;
        hsd_status status = body(context, begin, end, 0, err);
        if (status != HSD_OK) return status;
        if (!inside && what) {
            status = hsd_progress(run, what, (double)end / (double)count, err);
            if (status != HSD_OK) return status;
        }
        if (end == count) break;
    }
    return HSD_OK;
}

hsd_status hsd_parallel_for(const hsd_run *run, const char *what, size_t count, size_t grain,
                            hsd_parallel_body body, void *context, hsd_error *err) {
    if (grain == 0) grain = 1;
    if (count == 0) return HSD_OK;
    size_t blocks = (count - 1) / grain + 1;
    int threads = hsd_thread_count(run);
    if ((size_t)threads > blocks) threads = (int)blocks;
    if (inside || threads == 1) return run_serially(run, what, count, grain, body, context, err);
    loop l = {
        .run = run, .what = what, .count = count, .grain = grain, .body = body, .context = context};
    atomic_store(&l.failed_begin, SIZE_MAX);
    pthread_mutex_init(&l.lock, NULL);
    pthread_t ids[MAX_THREADS];
    worker workers[MAX_THREADS];
    int started = 0;
    for (int i = 1; i < threads; i++) {
        workers[i] = (worker){&l, i};
        if (pthread_create(&ids[i], NULL, thread_main, &workers[i]) != 0) break; /* fewer will do */
        started = i;
    }
    work(&l, 0, true);
    for (int i = 1; i <= started; i++) pthread_join(ids[i], NULL);
    pthread_mutex_destroy(&l.lock);
    if (atomic_load(&l.failed_begin) != SIZE_MAX) {
        if (err) *err = l.error;
        return l.status;
    }
    if (atomic_load(&l.cancelled)) return hsd_fail(err, HSD_E_CANCELLED, "cancelled");
    return HSD_OK;
}

void hsd_log(const hsd_run *run, hsd_log_level level, const char *format, ...) {
    if (!run || !run->log) return;
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    run->log(run->user, level, message);
}

hsd_status hsd_progress(const hsd_run *run, const char *what, double fraction, hsd_error *err) {
    if (run && run->progress && !run->progress(run->user, what, fraction))
        return hsd_fail(err, HSD_E_CANCELLED, "cancelled");
    return HSD_OK;
}
