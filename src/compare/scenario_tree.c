/* The times of one origin under a scenario (docs/methods.md, 8): the tree of its own seeds, and
 * where added links matter the same tree again with their seeds. Places on links one may stop at
 * have a tree of their own over the network of those links, which joins the streets at the stops:
 * an origin may lie on it (then it begins walks over links), and a target too. Two searches an
 * origin, one where no link matters. */
#include "compare/scenario_tree.h"

#include "times/tree.h"

/* ---- Made and ended
 * -------------------------------------------------------------------------------------- */

hsd_status hsd_scenario_tree_create(const hsd_scenario_place *place, hsd_scenario_tree **out,
                                    hsd_error *err) {
    *out = NULL;
    hsd_scenario_tree *tree = hsd_calloc(1, sizeof *tree, err);
    if (tree == NULL) return HSD_E_MEMORY;
    const size_t stops = place->overlay != NULL ? place->overlay->stop_count : 0;
    tree->place = place;
    tree->enter_ms = hsd_alloc(stops, sizeof *tree->enter_ms, err);
    tree->pass_ms = hsd_alloc(stops, sizeof *tree->pass_ms, err);
    tree->begin_ms = hsd_alloc(stops, sizeof *tree->begin_ms, err);
    tree->reach_ms = hsd_alloc(stops, sizeof *tree->reach_ms, err);
    const bool whole = tree->enter_ms && tree->pass_ms && tree->begin_ms && tree->reach_ms;
    hsd_status status = whole ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_tree_create(place->locator, &tree->streets, err);
    if (status == HSD_OK && place->links != NULL)
        status = hsd_tree_create(place->links, &tree->on_links, err);
    if (status != HSD_OK) {
        hsd_scenario_tree_destroy(tree);
        return status;
    }
    *out = tree;
    return HSD_OK;
}

void hsd_scenario_tree_forget_ways(hsd_scenario_tree *tree) {
    for (size_t i = 0; i < tree->way_count; i++) hsd_path_finish(&tree->ways[i]);
    hsd_free(tree->ways);
    tree->ways = NULL;
    tree->way_count = 0;
    tree->bare_grown = false;
}

void hsd_scenario_tree_destroy(hsd_scenario_tree *tree) {
    if (tree == NULL) return;
    hsd_scenario_tree_forget_ways(tree);
    hsd_tree_destroy(tree->streets);
    hsd_tree_destroy(tree->on_links);
    hsd_tree_destroy(tree->bare);
    hsd_tree_destroy(tree->from_pole);
    hsd_array_finish(&tree->seeds);
    hsd_array_finish(&tree->link_seeds);
    hsd_overlay_seeds_finish(&tree->sown);
    hsd_feet_finish(&tree->feet);
    hsd_free(tree->enter_ms);
    hsd_free(tree->pass_ms);
    hsd_free(tree->begin_ms);
    hsd_free(tree->reach_ms);
    hsd_free(tree);
}

const hsd_tree *hsd_scenario_tree_streets(const hsd_scenario_tree *tree) {
    return tree->streets;
}

/* ---- Grown
 * -------------------------------------------------------------------------------------------- */

typedef struct origin {
    hsd_direction direction;
    const hsd_lonlat *gates;
    const uint32_t *gate_extra_ms;
    size_t gate_count;
    uint32_t limit_ms;
} origin;

/* Where the origin itself lies on links: the time from it to each stop by its own link (HSD_TO:
 * from the stop to it). */
static hsd_status begin_on_links(hsd_scenario_tree *tree, const origin *o, hsd_error *err) {
    const hsd_scenario_place *place = tree->place;
    hsd_status status = HSD_OK;
    for (size_t g = 0; status == HSD_OK && g < o->gate_count; g++) {
        status = hsd_locate(place->links, o->gates[g].lon, o->gates[g].lat, &tree->feet, err);
        for (size_t i = 0; status == HSD_OK && i < tree->feet.count; i++) {
            const hsd_seed seed = {tree->feet.feet[i], o->gate_extra_ms ? o->gate_extra_ms[g] : 0,
                                   0};
            if (!hsd_array_push(&tree->link_seeds, seed, err)) status = HSD_E_MEMORY;
        }
    }
    if (status == HSD_OK)
        status = hsd_tree_grow(tree->on_links, o->direction, tree->link_seeds.data,
                               tree->link_seeds.count, o->limit_ms, err);
    if (status != HSD_OK) return status;
    for (uint32_t s = 0; s < place->overlay->stop_count; s++) {
        tree->begin_ms[s] = HSD_UNREACHABLE;
        for (uint32_t i = place->first_end[s]; i < place->first_end[s + 1]; i++) {
            const uint32_t ms = hsd_tree_foot_ms(tree->on_links, &place->ends[i]);
            if (ms < tree->begin_ms[s]) tree->begin_ms[s] = ms;
        }
    }
    return HSD_OK;
}

/* A stop reached from an origin on a link is as one passed by a walk: streets lead on from it. */
static void enter_from_links(hsd_scenario_tree *tree, hsd_direction direction) {
    const hsd_overlay *overlay = tree->place->overlay;
    const size_t n = overlay->stop_count;
    for (size_t s = 0; s < n; s++)
        for (size_t p = 0; p < n; p++) {
            const uint32_t way =
                direction == HSD_FROM ? overlay->between[s * n + p] : overlay->between[p * n + s];
            const uint32_t ms = hsd_ms_add(tree->begin_ms[s], way);
            if (ms < tree->enter_ms[p]) tree->enter_ms[p] = ms;
        }
}

/* The tree of the links one may stop on, once that of the streets stands. */
static hsd_status grow_on_links(hsd_scenario_tree *tree, const origin *o, hsd_error *err) {
    const hsd_scenario_place *place = tree->place;
    hsd_overlay_enter(place->overlay, tree->streets, tree->reach_ms);
    for (uint32_t s = 0; s < place->overlay->stop_count; s++) {
        const uint32_t ms =
            tree->pass_ms[s] < tree->reach_ms[s] ? tree->pass_ms[s] : tree->reach_ms[s];
        if (ms > o->limit_ms) continue;
        for (uint32_t i = place->first_end[s]; i < place->first_end[s + 1]; i++) {
            const hsd_seed seed = {place->ends[i], ms, 0};
            if (!hsd_array_push(&tree->link_seeds, seed, err)) return HSD_E_MEMORY;
        }
    }
    tree->links_reached = tree->link_seeds.count > 0;
    return hsd_tree_grow(tree->on_links, o->direction, tree->link_seeds.data,
                         tree->link_seeds.count, o->limit_ms, err);
}

static hsd_status add_walks(hsd_scenario_tree *tree, const origin *o, hsd_error *err) {
    const hsd_overlay *overlay = tree->place->overlay;
    hsd_status status = HSD_OK;
    hsd_overlay_enter(overlay, tree->streets, tree->enter_ms);
    if (tree->on_links != NULL) {
        status = begin_on_links(tree, o, err);
        if (status == HSD_OK) enter_from_links(tree, o->direction);
    }
    if (status != HSD_OK) return status;
    hsd_overlay_pass(overlay, o->direction, tree->enter_ms, tree->pass_ms);
    for (uint32_t s = 0; tree->on_links != NULL && s < overlay->stop_count; s++)
        if (tree->begin_ms[s] < tree->pass_ms[s]) tree->pass_ms[s] = tree->begin_ms[s];
    status = hsd_overlay_leave(overlay, tree->streets, tree->pass_ms, &tree->sown, err);
    for (size_t i = 0; status == HSD_OK && i < tree->sown.count; i++)
        if (!hsd_array_push(&tree->seeds, tree->sown.seeds[i], err)) status = HSD_E_MEMORY;
    if (status == HSD_OK && tree->sown.count > 0)
        status = hsd_tree_grow(tree->streets, o->direction, tree->seeds.data, tree->seeds.count,
                               o->limit_ms, err);
    if (status == HSD_OK && tree->on_links != NULL) status = grow_on_links(tree, o, err);
    return status;
}

hsd_status hsd_scenario_tree_grow(hsd_scenario_tree *tree, hsd_direction direction,
                                  const hsd_lonlat *gates, const uint32_t *gate_extra_ms,
                                  size_t gate_count, const hsd_seed *seeds, size_t seed_count,
                                  uint32_t limit_ms, bool *changed, hsd_error *err) {
    const hsd_overlay *overlay = tree->place->overlay;
    hsd_scenario_tree_forget_ways(tree);
    tree->links_reached = false;
    tree->seeds.count = tree->link_seeds.count = tree->sown.count = 0;
    tree->own_count = seed_count;
    for (size_t i = 0; i < seed_count; i++)
        if (!hsd_array_push(&tree->seeds, seeds[i], err)) return HSD_E_MEMORY;
    hsd_status status = hsd_tree_grow(tree->streets, direction, seeds, seed_count, limit_ms, err);
    const origin o = {direction, gates, gate_extra_ms, gate_count,
                      hsd_tree_limit_ms(tree->streets)};
    if (status == HSD_OK && overlay != NULL && o.limit_ms > overlay->times->limit_ms)
        return hsd_fail(err, HSD_E_ARGUMENT, "a tree up to %u ms, times between links up to %u ms",
                        o.limit_ms, overlay->times->limit_ms);
    if (status == HSD_OK && overlay != NULL) status = add_walks(tree, &o, err);
    if (changed != NULL) *changed = tree->sown.count > 0 || tree->links_reached;
    return status;
}

/* ---- Read
 * --------------------------------------------------------------------------------------------- */

hsd_status hsd_scenario_tree_points(const hsd_scenario_tree *tree, const hsd_zone_set *set,
                                    const hsd_zone_set *link_set, uint32_t *out_ms,
                                    hsd_error *err) {
    const size_t count = hsd_zone_set_point_count(set);
    hsd_zone_set_point_times(set, tree->streets, out_ms);
    if (link_set == NULL || !tree->links_reached) return HSD_OK;
    if (hsd_zone_set_point_count(link_set) != count)
        return hsd_fail(err, HSD_E_ARGUMENT, "zones have %zu points on streets, %zu on links",
                        count, hsd_zone_set_point_count(link_set));
    uint32_t *link_ms = hsd_alloc(count, sizeof *link_ms, err);
    if (link_ms == NULL) return HSD_E_MEMORY;
    hsd_zone_set_point_times(link_set, tree->on_links, link_ms);
    for (size_t i = 0; i < count; i++)
        if (link_ms[i] < out_ms[i]) out_ms[i] = link_ms[i];
    hsd_free(link_ms);
    return HSD_OK;
}

uint32_t hsd_scenario_tree_zone_ms(const hsd_scenario_tree *tree, const hsd_zone_set *set,
                                   const hsd_zone_set *link_set, size_t zone) {
    const uint32_t ms = hsd_tree_feet_ms(tree->streets, hsd_zone_set_feet(set, zone));
    if (link_set == NULL || !tree->links_reached) return ms;
    const uint32_t link_ms = hsd_tree_feet_ms(tree->on_links, hsd_zone_set_feet(link_set, zone));
    return link_ms < ms ? link_ms : ms;
}

/* ---- Surfaces
 * ----------------------------------------------------------------------------------------- */

static void put_over(hsd_surface *onto, const hsd_surface *from) {
    for (uint32_t j = 0; j < from->height; j++)
        for (uint32_t i = 0; i < from->width; i++) {
            const size_t a = (size_t)j * from->width + i;
            const size_t b = (size_t)(from->j0 + (int32_t)j - onto->j0) * onto->width +
                             (size_t)(from->i0 + (int32_t)i - onto->i0);
            if (from->ms[a] < onto->ms[b]) onto->ms[b] = from->ms[a];
            onto->land[b] = from->land[a];
        }
}

/* The smaller time at each point of the box of both; what neither has is land not reached. */
static hsd_status unite(const hsd_surface *a, const hsd_surface *b, hsd_surface *out,
                        hsd_error *err) {
    const int64_t east = a->i0 + (int64_t)a->width > b->i0 + (int64_t)b->width
                             ? a->i0 + (int64_t)a->width
                             : b->i0 + (int64_t)b->width;
    const int64_t north = a->j0 + (int64_t)a->height > b->j0 + (int64_t)b->height
                              ? a->j0 + (int64_t)a->height
                              : b->j0 + (int64_t)b->height;
    *out = *a;
    if (b->i0 < out->i0) out->i0 = b->i0;
    if (b->j0 < out->j0) out->j0 = b->j0;
    out->width = (uint32_t)(east - out->i0);
    out->height = (uint32_t)(north - out->j0);
    const size_t count = (size_t)out->width * out->height;
    out->ms = hsd_alloc(count, sizeof *out->ms, err);
    out->land = hsd_alloc(count, sizeof *out->land, err);
    if (out->ms == NULL || out->land == NULL) {
        hsd_surface_finish(out);
        return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        out->ms[i] = HSD_UNREACHABLE;
        out->land[i] = 1;
    }
    put_over(out, a);
    put_over(out, b);
    return HSD_OK;
}

hsd_status hsd_scenario_tree_surface(const hsd_scenario_tree *tree, hsd_lattice *lattice,
                                     hsd_lattice *link_lattice, uint32_t limit_ms,
                                     const hsd_run *run, hsd_surface *out, hsd_error *err) {
    if (link_lattice == NULL || !tree->links_reached)
        return hsd_surface_make(lattice, tree->streets, limit_ms, run, out, err);
    hsd_surface streets, links;
    *out = (hsd_surface){0};
    hsd_status status = hsd_surface_make(lattice, tree->streets, limit_ms, run, &streets, err);
    if (status != HSD_OK) return status;
    status = hsd_surface_make(link_lattice, tree->on_links, limit_ms, run, &links, err);
    if (status == HSD_OK && (links.width == 0 || links.height == 0)) {
        *out = streets;
        streets = (hsd_surface){0};
    } else if (status == HSD_OK && (streets.width == 0 || streets.height == 0)) {
        *out = links;
        links = (hsd_surface){0};
    } else if (status == HSD_OK) {
        status = unite(&streets, &links, out, err);
    }
    hsd_surface_finish(&streets);
    hsd_surface_finish(&links);
    return status;
}
