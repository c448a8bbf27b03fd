/* Scenarios by name; the same result in whatever order rows stand; memory that runs out. */
#include "drawn.h"

static hand h;
static drawn d;

static void parsed(const char *text, size_t count, const uint32_t *proposals) {
    hsd_scenario s;
    hsd_error err = {0};
    if (hsd_scenario_parse(text, &d.table, &s, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_int_equal(s.proposal_count, count);
    for (size_t i = 0; i < count; i++) assert_int_equal(s.proposals[i], proposals[i]);
    hsd_scenario_finish(&s);
}
#define INDEXES(...) ((const uint32_t[]){__VA_ARGS__})

static void a_scenario_is_a_name_and_its_proposals(void **state) {
    (void)state;
    drawn_init(&d); /* a; b; c,d */
    parsed("A=a", 1, INDEXES(0));
    parsed("both=b,a", 2, INDEXES(0, 1));
    parsed("all=*", 3, INDEXES(0, 1, 2));
    parsed("x=c,,d,a", 2, INDEXES(0, 2));
    parsed("none=", 0, NULL);
    hsd_scenario s;
    assert_int_equal(hsd_scenario_parse("2030=a", &d.table, &s, NULL), HSD_OK);
    assert_string_equal(s.name, "2030");
    hsd_scenario_finish(&s);
}

static void refused(const char *text, const char *says) {
    hsd_scenario s;
    hsd_error err = {0};
    assert_int_equal(hsd_scenario_parse(text, &d.table, &s, &err), HSD_E_ARGUMENT);
    assert_null(s.name);
    assert_null(s.proposals);
    if (!strstr(err.message, says)) fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void unknown_and_repeated_names_are_refused(void **state) {
    (void)state;
    drawn_init(&d);
    refused("A=a,bridge", "no proposal is named \"bridge\"; there are a, b, c,d");
    refused("A=a,b,a", "proposal \"a\" is named twice");
    refused("A=c,d", "no proposal is named \"c\"");
    refused("A=a,", "no proposal is named \"\"");
    refused("A", "NAME=proposal");
    refused("=a", "NAME=proposal");
    /* a long name is cut between characters: 13 of 3 bytes in 40 */
    refused("深中通道深中通道深中通道深中通道=x", "scenario 深中通道深中通道深中通道深: no");
}

/* ---- Order -------------------------------------------------------------------------------- */

/* Two shores with a river between them, a street along each. */
static hsd_network *shores(void) {
    hand_init(&h);
    drawn_classes(&h);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 20, 0);
    hand_node(&h, 4, 0, 20);
    hand_node(&h, 5, 20, 20);
    hand_node(&h, 6, 10, -10);
    hand_way(&h, 0, 1, 2, 3, 0);
    hand_way(&h, 0, 4, 5, 0);
    hand_way(&h, 0, 2, 6, 0)->class_id = LANE;
    return hand_build(&h, &h.car, 1);
}

/* All kinds of rows. */
static void rows(void) {
    static const hsd_geometry nothing;
    drawn_init(&d);
    drawn_link(&d, 0, 1, LINE(3, 0, 3, 20));
    drawn_link(&d, 1, 2, LINE(12, 0.1, 12, 20.2))->minutes = 3;
    drawn_link(&d, 0, 3, LINE(3, 10, 12, 10))->oneway = 1; /* from one bridge to the other */
    drawn_link(&d, 2, 4, LINE(2, -5, 10, -5, 18, 1, 18, 20))->connect = HSD_CONNECT_CROSSINGS;
    d.links[3].line = drawn_line(&d, LINE(10, -5, 18, -1, 18, 20));
    drawn_junction(&d, 1, 1, 12, 0.1)->ramp_min = 1;
    drawn_closure(&d, 0, 1, drawn_box(&d, 4, -1, 5, 1));
    drawn_closure(&d, 2, 2, drawn_box(&d, 4.5, -1, 6, 1));
    drawn_speed(&d, 1, 1, 0.7, nothing);
    drawn_speed(&d, 2, 2, 1.3, nothing)->road_class = WORD("road");
    drawn_wait(&d, 1, 1, 4, LINE(8, -1, 8, 1))->direction = 1;
    drawn_wait(&d, 0, 2, 2, LINE(8, -1, 8, 1));
}

static void swap_rows(void *a, void *b, size_t size) {
    char copy[512];
    assert_true(size <= sizeof copy);
    memcpy(copy, a, size);
    memcpy(a, b, size);
    memcpy(b, copy, size);
}
#define SWAP(list, i, k) swap_rows(&(list)[i], &(list)[k], sizeof *(list))

/* What there is of a link, by its feature id, in a word. */
static double fingerprint(const hsd_resolved *r, int64_t feature_id) {
    double sum = 0;
    for (size_t i = 0; i < r->added_count; i++) {
        const hsd_added *a = &r->added[i];
        if (r->table->links[a->link].feature_id != feature_id) continue;
        sum += a->ms[0] + 3.0 * a->ms[1] + a->length_m;
        const hsd_pole *poles[] = {&r->poles[a->from_pole], &r->poles[a->to_pole]};
        for (int e = 0; e < 2; e++)
            for (uint32_t j = 0; j < poles[e]->joint_count; j++) {
                const hsd_joint *joint = &r->joints[poles[e]->first_joint + j];
                sum += (e + 5.0) * (joint->enter_ms + 7.0 * joint->exit_ms) + joint->at.lon * 1e6 +
                       joint->at.lat * 1e7 + joint->edge % 1000 + joint->vertex % 1000;
            }
    }
    return sum;
}

static void the_order_of_rows_does_not_matter(void **state) {
    (void)state;
    hsd_network *n = shores();
    rows();
    hsd_resolved a = drawn_resolved(n, &d, NULL);
    drawn shuffled = d;
    const uint8_t all[] = {1, 1, 1};
    hsd_network *before = NULL;
    assert_int_equal(hsd_scenario_network(&a, all, &before, NULL), HSD_OK);
    SWAP(shuffled.links, 0, 3);
    SWAP(shuffled.links, 1, 2);
    SWAP(shuffled.closures, 0, 1);
    SWAP(shuffled.speeds, 0, 1);
    SWAP(shuffled.waits, 0, 1);
    shuffled.table.links = shuffled.links;
    shuffled.table.closures = shuffled.closures;
    shuffled.table.junctions = shuffled.junctions;
    shuffled.table.speeds = shuffled.speeds;
    shuffled.table.waits = shuffled.waits;
    hsd_resolved b = drawn_resolved(n, &shuffled, NULL);
    assert_int_equal(a.added_count, b.added_count);
    assert_int_equal(a.joint_count, b.joint_count);
    for (int64_t id = 1; id <= 4; id++) assert_near(fingerprint(&a, id), fingerprint(&b, id), 0);
    assert_true(fingerprint(&a, 3) != fingerprint(&a, 1));
    hsd_network *after = NULL;
    assert_int_equal(hsd_scenario_network(&b, all, &after, NULL), HSD_OK);
    const hsd_metric *x = &before->metrics[0], *y = &after->metrics[0];
    assert_memory_equal(x->pace, y->pace, 2 * n->edge_count * sizeof *x->pace);
    assert_memory_equal(x->arc_ms, y->arc_ms, n->graphs[0].arc_count * sizeof *x->arc_ms);
    assert_int_equal(x->closed_count, 1);
    const hsd_closed_part *p = x->closed, *q = y->closed;
    assert_int_equal(p->edge, q->edge);
    assert_int_equal(p->from_segment, q->from_segment);
    assert_int_equal(p->to_segment, q->to_segment);
    assert_true(p->from_fraction == q->from_fraction && p->to_fraction == q->to_fraction);
    /* 36 km/h x 0.7 x 1.3 = 32.76; 1113.195 m in 122329 ms, and 6 min and 2 min for the line */
    assert_int_equal(x->pace[0], HSD_PACE_FIXED | (122329 + 360000));
    assert_int_equal(x->pace[1], HSD_PACE_FIXED | (122329 + 120000));
    hsd_network_destroy(before);
    hsd_network_destroy(after);
    hsd_resolved_finish(&a);
    hsd_resolved_finish(&b);
    hsd_network_destroy(n);
}

/* ---- Memory ------------------------------------------------------------------------------- */

static hsd_status whole_run(const hsd_network *n, hsd_issues *issues, hsd_error *err) {
    hsd_resolved r;
    hsd_scenario s = {0};
    hsd_network *out = NULL;
    hsd_status status = hsd_proposals_resolve(n, 0, &d.table, NULL, NULL, &r, issues, err);
    if (status != HSD_OK) return status;
    status = hsd_scenario_parse("all=*", &d.table, &s, err);
    const uint8_t all[] = {1, 1, 1};
    if (status == HSD_OK) status = hsd_scenario_network(&r, all, &out, err);
    hsd_network_destroy(out);
    hsd_scenario_finish(&s);
    hsd_resolved_finish(&r);
    return status;
}

static void running_out_of_memory_is_said(void **state) {
    (void)state;
    hsd_network *n = shores();
    for (int faulty = 0; faulty < 2; faulty++) {
        rows();
        if (faulty) drawn_link(&d, 0, 9, LINE(5, 5, 6, 6)); /* issues are allocated as well */
        uint64_t failures = 0;
        for (uint64_t k = 1;; k++) {
            hsd_issues issues = {0};
            hsd_error err = {0};
            hsd_memory_fail_at(k);
            const hsd_status status = whole_run(n, &issues, &err);
            hsd_memory_fail_at(0);
            hsd_issues_finish(&issues);
            if (status == (faulty ? HSD_E_FORMAT : HSD_OK)) break;
            assert_int_equal(status, HSD_E_MEMORY);
            assert_int_equal(err.code, HSD_E_MEMORY);
            failures++;
        }
        assert_true(failures > 50);
    }
    hsd_network_destroy(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_a_name_and_its_proposals),
        cmocka_unit_test(unknown_and_repeated_names_are_refused),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
