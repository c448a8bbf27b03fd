/* Somebody else's times: CSV long and wide, layers, what is refused and how it is said. Files are
 * written by hand here. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <cpl_vsi.h>

#include "base/memory.h"
#include "files.h"
#include "hourshed/read.h"

static const hsd_matrix_fields usual = {0};

static hsd_matrix_table read_ok(const char *path, const hsd_matrix_fields *fields) {
    hsd_matrix_table table;
    hsd_error err = {0};
    if (hsd_read_matrix(path, fields, NULL, &table, &err) != HSD_OK) fail_msg("%s", err.message);
    return table;
}

/* The pairs as "FROM>TO=COST/COST ..."; "-": no way. */
static const char *pairs_of(const hsd_matrix_table *t) {
    static char text[2000];
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < t->pair_count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s>%s", i ? " " : "",
                                   t->from_ids[t->from[i]], t->to_ids[t->to[i]]);
        for (size_t k = 0; k < t->cost_count; k++) {
            const double cost = t->costs[i * t->cost_count + k];
            const char *sign = k ? "/" : "=";
            length +=
                (size_t)(isfinite(cost)
                             ? snprintf(text + length, sizeof text - length, "%s%.10g", sign, cost)
                             : snprintf(text + length, sizeof text - length, "%s-", sign));
        }
    }
    return text;
}

static void assert_pairs(const char *path, const hsd_matrix_fields *fields, const char *expected) {
    hsd_matrix_table table = read_ok(path, fields);
    assert_string_equal(pairs_of(&table), expected);
    hsd_matrix_table_finish(&table);
}

static void assert_refused(const char *path, const hsd_matrix_fields *fields, hsd_status status,
                           const char *message) {
    hsd_matrix_table table;
    hsd_error err = {0};
    assert_int_equal(hsd_read_matrix(path, fields, NULL, &table, &err), status);
    if (!strstr(err.message, message)) fail_msg("\"%s\" is not in: %s", message, err.message);
    assert_null(table.from_ids);
    assert_int_equal(table.pair_count, 0);
}

static void a_long_table_is_read_by_the_usual_names(void **state) {
    static const char *const headers[] = {
        "from_id,to_id,time_min",   "From,To,minutes",     "origin_id,destination_id,x",
        "origin,destination,value", "orig_id,dest_id,t50", "O,D,travel_time",
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s\n1,2,5\n2,1,7.25\n1,10,0\n", headers[i]);
        assert_pairs(files_text(*state, "m.csv", text), &usual, "1>2=5 2>1=7.25 1>10=0");
    }
}

static void ids_come_in_order_of_first_appearance(void **state) {
    hsd_matrix_table t =
        read_ok(files_text(*state, "m.csv", "from,to,min\nz,b,1\na,z,2\nz,z,3\nz,a,4\n"), &usual);
    assert_int_equal(t.from_count, 2);
    assert_int_equal(t.to_count, 3);
    assert_string_equal(t.from_ids[0], "z");
    assert_string_equal(t.from_ids[1], "a");
    assert_string_equal(t.to_ids[0], "b");
    assert_string_equal(t.to_ids[1], "z");
    assert_string_equal(t.to_ids[2], "a");
    assert_false(t.complete);
    hsd_matrix_table_finish(&t);
}

static void a_table_is_complete_when_every_pair_has_a_row(void **state) {
    static const struct {
        const char *text;
        bool complete;
    } cases[] = {{"from,to,t\na,a,1\na,b,2\nb,b,3\nb,a,4\n", true},
                 {"from,to,t\na,a,1\na,b,2\nb,b,3\n", false},
                 {"from,to,t\na,a,1\na,b,2\nb,b,3\nb,b,4\n", false}, /* four rows, three pairs */
                 {"from,to,t\na,a,1\na,b,2\nb,b,3\nb,b,4\nb,a,NA\n", true}};
    for (size_t i = 0; i < 4; i++) {
        hsd_matrix_table t = read_ok(files_text(*state, "m.csv", cases[i].text), &usual);
        assert_int_equal(t.complete, cases[i].complete);
        hsd_matrix_table_finish(&t);
    }
}

static void text_is_read_as_spreadsheets_write_it(void **state) {
    assert_pairs(files_text(*state, "m.csv",
                            "\xEF\xBB\xBF"
                            "from;to;note;time_min\r\n\"a;1\";\"say \"\"b\"\"\";-;1.5\r\n"
                            "\r\n c ;\"two\nlines\";x; 2 \r\n北京;d;\"\";3"),
                 &usual, "a;1>say \"b\"=1.5 c>two\nlines=2 北京>d=3");
    assert_pairs(files_text(*state, "m.tsv", "from\tto\tt\na b\tc\t1\n"), &usual, "a b>c=1");
    assert_pairs(files_text(*state, "m.txt", "from\tto\tt\na,b\tc\t1\n"), &usual, "a,b>c=1");
    assert_pairs(files_text(*state, "m.csv", "from,to,t\ra,b,1\rc,d,2\r"), &usual, "a>b=1 c>d=2");
    hsd_matrix_fields bars = usual;
    bars.delimiter = '|';
    assert_pairs(files_text(*state, "m.csv", "from|to|t\na,b|c|1\n"), &bars, "a,b>c=1");
}

static void what_says_no_way_is_no_way(void **state) {
    const char *path = files_text(*state, "m.csv",
                                  "from,to,t\n1,1,0\n1,2,\n1,3,NA\n1,4,null\n1,5,NaN\n1,6,inf\n1,7,"
                                  "-1\n1,8,999\n1,9,Infinity\n");
    assert_pairs(path, &usual, "1>1=0 1>2=- 1>3=- 1>4=- 1>5=- 1>6=- 1>7=- 1>8=999 1>9=-");
    hsd_matrix_fields fields = {.unreachable = 999};
    assert_pairs(path, &fields, "1>1=0 1>2=- 1>3=- 1>4=- 1>5=- 1>6=- 1>7=- 1>8=- 1>9=-");
    fields.unreachable = -1; /* 0 itself */
    assert_pairs(path, &fields, "1>1=- 1>2=- 1>3=- 1>4=- 1>5=- 1>6=- 1>7=- 1>8=999 1>9=-");
}

static void seconds_become_minutes_by_a_scale(void **state) {
    hsd_matrix_fields fields = {.unreachable = 3600, .scale = 1 / 60.0};
    assert_pairs(files_text(*state, "m.csv", "from,to,s,yuan\n1,1,90,5\n1,2,3600,-3\n"), &fields,
                 "1>1=1.5/5 1>2=-/-3");
}

static void costs_are_those_named_or_all_numbers_minutes_first(void **state) {
    static const char text[] = "yuan,from,remark,to,time_min\n3,a,fast,b,10\n1,a,slow,b,20\n";
    const char *path = files_text(*state, "m.csv", text);
    hsd_matrix_table t = read_ok(path, &usual);
    assert_string_equal(pairs_of(&t), "a>b=10/3 a>b=20/1");
    assert_string_equal(t.cost_names[0], "time_min");
    assert_string_equal(t.cost_names[1], "yuan");
    hsd_matrix_table_finish(&t);
    static const char *const yuan[] = {"Yuan"};
    hsd_matrix_fields fields = {.costs = yuan, .cost_count = 1};
    assert_pairs(path, &fields, "a>b=3 a>b=1");
    fields.costs = NULL;
    fields.cost_count = 0;
    fields.from = "remark";
    fields.to = "from";
    assert_pairs(path, &fields, "fast>a=10/3 slow>a=20/1");
}

static void a_wide_table_has_ids_in_its_first_line_and_column(void **state) {
    hsd_matrix_fields wide = {.wide = true};
    const char *path =
        files_text(*state, "m.csv", "from_id,a,\"b,1\",c\nx,0,1.5,\n\"a\",NA,-1,3\n");
    hsd_matrix_table t = read_ok(path, &wide);
    assert_string_equal(pairs_of(&t), "x>a=0 x>b,1=1.5 x>c=- a>a=- a>b,1=- a>c=3");
    assert_string_equal(t.cost_names[0], "time_min");
    assert_true(t.complete);
    hsd_matrix_table_finish(&t);
}

static void a_packed_table_reads_like_the_plain_one(void **state) {
    const char *path = files_path(*state, "m.csv.gz");
    char packed[200];
    snprintf(packed, sizeof packed, "/vsigzip/%s", path);
    VSILFILE *file = VSIFOpenL(packed, "wb");
    VSIFPrintfL(file, "from,to,t\n");
    for (int i = 0; i < 20000; i++) VSIFPrintfL(file, "%d,%d,%d\n", i, i * 7919 % 20000, i % 97);
    VSIFCloseL(file);
    hsd_matrix_table t = read_ok(path, &usual);
    assert_int_equal(t.pair_count, 20000);
    assert_true(t.costs[19999] == 19999 % 97);
    hsd_matrix_table_finish(&t);
    FILE *plain = fopen(path, "rb+");
    fseek(plain, 0, SEEK_END);
    assert_int_equal(ftruncate(fileno(plain), ftell(plain) / 2), 0);
    fclose(plain);
    assert_refused(path, &usual, HSD_E_FORMAT, "the file is cut off or damaged about here");
}

/* More than the reader's buffer, in lines longer than it, and quoted ones across its end. */
static void long_lines_and_large_files_are_one_stream(void **state) {
    enum { COLUMNS = 150000 };
    const char *path = files_path(*state, "wide.csv");
    FILE *file = fopen(path, "wb");
    fputs("id", file);
    for (int i = 0; i < COLUMNS; i++) fprintf(file, i % 1000 ? ",zone %d" : ",\"zone %d\"", i);
    for (int row = 0; row < 3; row++) {
        fprintf(file, "\nrow %d", row);
        for (int i = 0; i < COLUMNS; i++) fprintf(file, i == row ? ",\"%d.5\"" : ",%d", i + row);
    }
    fclose(file);
    hsd_matrix_fields wide = {.wide = true};
    hsd_matrix_table t = read_ok(path, &wide);
    assert_int_equal(t.pair_count, 3 * COLUMNS);
    for (size_t i = 0; i < t.pair_count; i++) {
        const size_t row = i / COLUMNS, column = i % COLUMNS;
        const double expected = (double)(column + row) + (row == column ? 0.5 : 0);
        if (t.costs[i] != expected) fail_msg("row %zu, column %zu: %g", row, column, t.costs[i]);
    }
    assert_string_equal(t.to_ids[149000], "zone 149000");
    hsd_matrix_table_finish(&t);
}

static void a_layer_reads_without_its_geometry(void **state) {
    static const char *const fields[] = {"from_id:i", "to_id:t", "time_min:r", NULL};
    static const char *const rows[] = {"|1|a|2.5", "|1|b|", "|2|a|-1", NULL};
    const layer_spec specs[] = {
        {"GPKG", "other", "EPSG:4326", wkbPoint, fields, NULL, NULL},
        {"GPKG", "matrix", NULL, wkbNone, fields, rows, NULL},
    };
    assert_pairs(files_layers(*state, "m.gpkg", specs, 2), &usual, "1>a=2.5 1>b=- 2>a=-");
    const layer_spec lines = {"GPKG", "flows", NULL, wkbLineString, fields, rows, NULL};
    assert_pairs(files_layers(*state, "n.gpkg", &lines, 1), &usual, "1>a=2.5 1>b=- 2>a=-");
    const layer_spec two[] = {{"GPKG", "one", NULL, wkbNone, fields, rows, NULL},
                              {"GPKG", "two", NULL, wkbNone, fields, rows, NULL}};
    assert_refused(files_layers(*state, "o.gpkg", two, 2), &usual, HSD_E_FORMAT,
                   "2 of its 2 layers have columns");
    static const char *const texts[] = {"from_id:t", "to_id:t", "time_min:t", NULL};
    static const char *const bad[] = {"|1|a|2.5", "|1|b|2,5", NULL};
    const layer_spec text = {"GPKG", "matrix", NULL, wkbNone, texts, bad, NULL};
    assert_refused(files_layers(*state, "p.gpkg", &text, 1), &usual, HSD_E_FORMAT,
                   "p.gpkg feature 2: field \"time_min\" is \"2,5\"");
}

static void what_is_wrong_is_said_with_its_line(void **state) {
    static const char *const nothing[] = {"hours"};
    const hsd_matrix_fields wide = {.wide = true}, comma = {.delimiter = ','},
                            hours = {.costs = nothing, .cost_count = 1}, start = {.from = "start"},
                            same = {.from = "from", .to = "from"}, scale = {.scale = -1};
    const struct {
        const char *text;
        const hsd_matrix_fields *fields;
        hsd_status status;
        const char *message;
    } cases[] = {
        {"", &usual, HSD_E_FORMAT, "m.csv: empty; a header line was expected"},
        {"\n \n", &usual, HSD_E_FORMAT, "m.csv: empty"},
        {"from,to,t\n", &usual, HSD_E_FORMAT, "no pairs"},
        {"from,to,t\n1,2\n", &usual, HSD_E_FORMAT,
         "m.csv line 2: 2 cells where the header has 3 columns"},
        {"from,to,t\n1,2,12,5\n", &usual, HSD_E_FORMAT, "line 2: 4 cells where"},
        {"from;to;t\n1;2;1\n1;2;12,5\n", &usual, HSD_E_FORMAT,
         "line 3: t is \"12,5\"; a number (decimal point, no unit) was expected"},
        {"from;to;t\n1;2;12,5\n", &usual, HSD_E_FORMAT, "line 2: t is \"12,5\""},
        {"from,to,time_min,remark\n1,2,12 min,x\n", &usual, HSD_E_FORMAT, "time_min is \"12 min\""},
        {"from,to,t,u\n1,2,x,y\n", &usual, HSD_E_FORMAT, "no column of numbers"},
        {"a,b,c\n1,2,3\n", &usual, HSD_E_FORMAT, "there are: a, b, c"},
        {"from,to,t\n1,2,3\n", &hours, HSD_E_ARGUMENT,
         "no column \"hours\"; there are: from, to, t"},
        {"from,to,t\n1,2,3\n", &start, HSD_E_ARGUMENT,
         "no column \"start\"; there are: from, to, t"},
        {"from,to,t\n1,2,3\n", &same, HSD_E_ARGUMENT, "cannot be both"},
        {"from,to,t\n1,2,3\n", &scale, HSD_E_ARGUMENT, "scale of the matrix is -1"},
        {"from,to,t,T\n1,2,3,4\n", &usual, HSD_E_FORMAT, "column \"T\" stands twice"},
        {"from,to,a,b,c,d,e\n1,2,3,4,5,6,7\n", &usual, HSD_E_ARGUMENT,
         "5 columns may be costs (a, b, c ...)"},
        {"from;to;t\n1;2;3\n", &comma, HSD_E_FORMAT,
         "one column only, \"from;to;t\": the delimiter looks like semicolon, not ,"},
        {"from|to|t\n1|2|3\n", &usual, HSD_E_FORMAT, "the delimiter looks like |, not ,"},
        {"from,to,t\n1,2,3\n,2,3\n", &usual, HSD_E_FORMAT, "line 3: from is empty"},
        {"from,to,t\n1,\"\",3\n", &usual, HSD_E_FORMAT, "line 2: to is empty"},
        {"from,to,t\n1,\"2,3\n", &usual, HSD_E_FORMAT, "line 2: a quote that opens"},
        {"from,to,t\n1,a\"b,3\n", &usual, HSD_E_FORMAT, "line 2: a quote where none can stand"},
        {"from,to,t\n1,\xb1\xb1\xbe\xa9,3\n", &usual, HSD_E_FORMAT, "line 2: not UTF-8 text"},
        {"from,to,t\nM\xfcnchen,1,3\n", &usual, HSD_E_FORMAT, "line 2: not UTF-8 text"},
        {",a,b\n1,2,3\n2,3\n", &wide, HSD_E_FORMAT, "line 3: 2 cells where the header has 3"},
        {",a,a\n1,2,3\n", &wide, HSD_E_FORMAT, "line 1: id \"a\" stands twice in the header"},
        {",a,\n1,2,3\n", &wide, HSD_E_FORMAT, "line 1: column 3 of the header has no id"},
        {",a,b\n1,2,3\n1,2,3\n", &wide, HSD_E_FORMAT, "line 3: id \"1\" stands twice in the first"},
        {",a,b\n,2,3\n", &wide, HSD_E_FORMAT, "line 2: the first cell is empty"},
        {",a,b\n1,2,x\n", &wide, HSD_E_FORMAT, "line 2: b is \"x\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(files_text(*state, "m.csv", cases[i].text), cases[i].fields, cases[i].status,
                       cases[i].message);
    assert_refused("/nowhere/m.csv", &usual, HSD_E_OPEN, "/nowhere/m.csv: no such file");
    assert_refused("/nowhere/m.gpkg", &usual, HSD_E_OPEN, "no such file");
    assert_refused("", &usual, HSD_E_ARGUMENT, "empty");
}

static void short_decimals_are_the_nearest_doubles(void **state) {
    static const char *const texts[] = {"0.1",  "123456.789012345", "999999999999999", ".5", "5.",
                                        "0.30", "8.00001",          "1234567890.12345"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[100];
        snprintf(text, sizeof text, "from,to,t\n1,2,%s\n", texts[i]);
        hsd_matrix_table t = read_ok(files_text(*state, "m.csv", text), &usual);
        if (t.costs[0] != strtod(texts[i], NULL)) fail_msg("%s: %.17g", texts[i], t.costs[0]);
        hsd_matrix_table_finish(&t);
    }
}

static void a_failed_allocation_is_an_error_and_no_leak(void **state) {
    const hsd_matrix_fields wide = {.wide = true};
    const char *const paths[] = {
        files_text(*state, "m.csv", "from,to,t,u\n1,\"a\",3,1\n2,b,3,2\n3,c,1,2\n1,b,1,2\n"),
        files_text(*state, "w.csv", "from,a,b,c\n1,\"1\",3,1\n2,4,3,2\n"),
    };
    for (size_t i = 0; i < 2; i++) {
        bool done = false;
        for (uint64_t n = 1; !done; n++) {
            hsd_matrix_table table;
            hsd_error err = {0};
            hsd_memory_fail_at(n);
            const hsd_status status =
                hsd_read_matrix(paths[i], i ? &wide : &usual, NULL, &table, &err);
            done = hsd_memory_fail_at(0) < n;
            assert_int_equal(status, done ? HSD_OK : HSD_E_MEMORY);
            hsd_matrix_table_finish(&table);
            assert_true(n < 1000);
        }
    }
}

static bool stop(void *user, const char *what, double fraction) {
    (void)user;
    (void)what;
    (void)fraction;
    return false;
}

static void reading_can_be_cancelled(void **state) {
    const hsd_run run = {.progress = stop};
    hsd_matrix_table table;
    const char *path = files_text(*state, "m.csv", "from,to,t\n1,2,3\n");
    assert_int_equal(hsd_read_matrix(path, &usual, &run, &table, NULL), HSD_E_CANCELLED);
    hsd_matrix_table_finish(&table);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_begin, files_end)
    const struct CMUnitTest tests[] = {
        TEST(a_long_table_is_read_by_the_usual_names),
        TEST(ids_come_in_order_of_first_appearance),
        TEST(a_table_is_complete_when_every_pair_has_a_row),
        TEST(text_is_read_as_spreadsheets_write_it),
        TEST(what_says_no_way_is_no_way),
        TEST(seconds_become_minutes_by_a_scale),
        TEST(costs_are_those_named_or_all_numbers_minutes_first),
        TEST(a_wide_table_has_ids_in_its_first_line_and_column),
        TEST(a_packed_table_reads_like_the_plain_one),
        TEST(long_lines_and_large_files_are_one_stream),
        TEST(a_layer_reads_without_its_geometry),
        TEST(what_is_wrong_is_said_with_its_line),
        TEST(short_decimals_are_the_nearest_doubles),
        TEST(a_failed_allocation_is_an_error_and_no_leak),
        TEST(reading_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
