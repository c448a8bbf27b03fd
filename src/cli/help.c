/* The text of --help: options in the order of their tables, under their headings, wrapped to 79
 * columns; lines of details that begin with a space (examples) stay as they are. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { WIDTH = 79, OPTION_AT = 6, HELP_AT = 29 };

/* Words of a text from column `at` on, further lines indented; the text has no line of its own
 * before. */
static void wrap(const char *text, size_t length, int at, int indent) {
    bool first = true;
    for (size_t i = 0; i < length;) {
        char word[512];
        size_t n = 0;
        while (i < length && text[i] == ' ') i++;
        while (i + n < length && text[i + n] != ' ') n++;
        if (n == 0) break;
        if (n >= sizeof word) n = sizeof word - 1;
        memcpy(word, text + i, n);
        word[n] = '\0';
        int width = cli_width(word);
        if (!first && at + 1 + width > WIDTH) {
            printf("\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            putchar(' ');
            at++;
        }
        fputs(word, stdout);
        at += width;
        first = false;
        i += n;
    }
    putchar('\n');
}

static void print_option(const cli_option *o) {
    char left[128];
    int at = snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument ? "=" : "",
                      o->argument ? o->argument : "");
    if (o->letter)
        printf("  -%c, %s", o->letter, left);
    else
        printf("%*s%s", OPTION_AT, "", left);
    at += OPTION_AT;
    if (at + 2 > HELP_AT)
        printf("\n%*s", HELP_AT, "");
    else
        printf("%*s", HELP_AT - at, "");
    wrap(o->help, strlen(o->help), HELP_AT, HELP_AT);
}

static void print_details(const char *text) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (length == 0 || text[0] == ' ')
            printf("%.*s\n", (int)length, text);
        else
            wrap(text, length, 0, 0);
        text += length + (text[length] == '\n');
    }
}

void cli_print_help(const cli_command *command, const cli_option *const *lists, size_t count) {
    const char *usage = command->usage ? command->usage : command->positional;
    char line[512];
    snprintf(line, sizeof line, "Usage: hourshed %s %s%s[OPTION...]", command->name,
             usage ? usage : "", usage ? " " : "");
    wrap(line, strlen(line), 0, 8);
    printf("%s\n%s", command->summary, lists[0] && !lists[0]->name ? "" : "\n");
    for (size_t i = 0; i < count; i++)
        for (const cli_option *o = lists[i]; o && (o->name || o->help); o++) {
            if (o->name)
                print_option(o);
            else
                printf("\n %s\n", o->help);
        }
    putchar('\n');
    print_details(command->details);
}
