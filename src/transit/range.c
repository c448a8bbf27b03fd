/* Range-RAPTOR (Delling, Pajor, Werneck 2012, section 4.2): one search an instant, the latest to
 * leave first (in a mirror: the earliest to arrive), labels kept. Who leaves earlier may still do
 * all that was found, so only what is better by leaving earlier is searched: a label stands until
 * it falls. Deadlines shrink with the instants, so what an earlier search left out for its deadline
 * lies beyond this one's too. The choice over others was measured: docs/adr/0015. */
#include "transit/raptor.h"

hsd_status hsd_raptor_range(hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count,
                            const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                            uint32_t *out_ms, hsd_error *err) {
    const hsd_status status = raptor_check(raptor, access, access_count, instants_ms, count, err);
    if (status != HSD_OK) return status;
    raptor_clear(raptor);
    raptor->traced = false;
    const bool mirrored = raptor->day->options.direction == HSD_TO;
    for (size_t n = 0; n < count; n++) {
        const size_t i = mirrored ? n : count - 1 - n;
        const uint32_t instant = raptor_turn(raptor, instants_ms[i]);
        raptor->instant_ms = instant;
        raptor->deadline_ms = limit_ms < CLOCK_END - instant ? instant + limit_ms : CLOCK_END;
        raptor_search(raptor, access, access_count);
        uint32_t *row = &out_ms[i * raptor->stop_count];
        for (size_t s = 0; s < raptor->stop_count; s++) {
            const uint32_t out = raptor->best_out[s];
            row[s] = out <= raptor->deadline_ms ? out - instant : HSD_UNREACHABLE;
        }
    }
    return HSD_OK;
}
