/* The command line and studies: what "hourshed COMMAND --help" lists, and the keys that a study may
 * have for that command, are the same. The program is the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "study/options.h"

static const char *program;

enum { MOST = 128 };
typedef struct listed {
    char key[64]; /* with _ for - */
    bool flag;    /* takes no value */
} listed;

/* The long options that --help lists. */
static size_t read_help(const char *command, listed *out) {
    char line[512];
    size_t count = 0;
    snprintf(line, sizeof line, "'%s' %s --help", program, command);
    FILE *help = popen(line, "r");
    assert_non_null(help);
    while (fgets(line, sizeof line, help)) {
        char *start = line + strspn(line, " ");
        if (start[0] == '-' && start[1] != '-') start += 4; /* "-o, " */
        if (start - line != 6 || strncmp(start, "--", 2) != 0) continue;
        size_t length = strcspn(start += 2, "= \n");
        assert_true(count < MOST && length < sizeof out->key);
        listed *option = &out[count++];
        *option = (listed){.flag = start[length] != '='};
        for (size_t i = 0; i < length; i++) option->key[i] = start[i] == '-' ? '_' : start[i];
    }
    assert_int_equal(pclose(help), 0);
    assert_true(count > 0);
    return count;
}

/* A word between spaces. */
static bool stands_in(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at++)
        if (at > list && at[-1] == ' ' && at[length] == ' ') return true;
    return false;
}

/* Options of the run, not of what is computed; they have no key. */
static const char of_the_run[] = " overwrite threads json config quiet verbose help ";

static void compare_lists(const char *command, const hsd_option_table *table,
                          const char *without_key, const char *without_option) {
    listed options[MOST];
    size_t count = read_help(command, options);
    int faults = 0;
    for (size_t i = 0; i < count; i++) {
        if (stands_in(of_the_run, options[i].key) || stands_in(without_key, options[i].key))
            continue;
        const hsd_option *known = hsd_option_find(table, options[i].key);
        if (known && options[i].flag == (known->type == HSD_OPTION_FLAG)) continue;
        print_error("%s: option --%s has no such key\n", command, options[i].key);
        faults++;
    }
    for (size_t i = 0; i < table->count; i++) {
        bool found = stands_in(without_option, table->options[i].key);
        for (size_t k = 0; k < count; k++) found |= !strcmp(options[k].key, table->options[i].key);
        if (found) continue;
        print_error("%s: key %s has no option\n", command, table->options[i].key);
        faults++;
    }
    assert_int_equal(faults, 0);
}

/* The network is the argument of all but build, where it is the output. */
static void every_option_has_its_key_and_every_key_its_option(void **state) {
    (void)state;
    compare_lists("build", &hsd_build_options_table, " ", " output ");
    compare_lists("circle", &hsd_circle_options_table, " to ", " network "); /* direction: to */
    compare_lists("compare", &hsd_compare_options_table, " to ", " network ");
    compare_lists("rank", &hsd_rank_options_table, " map ", " network "); /* map: fields */
    /* targets: zones; fresh is of the run */
    compare_lists("matrix", &hsd_matrix_options_table, " to targets fresh ", " network ");
    compare_lists("access", &hsd_access_options_table, " to explain list ", " network ");
    compare_lists("delineate", &hsd_delineate_options_table, " to ", " network ");
    compare_lists("check", &hsd_check_options_table, " ", " network ");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_has_its_key_and_every_key_its_option),
    };
    if (argc < 2) return 2;
    program = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
