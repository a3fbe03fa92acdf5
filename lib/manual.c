/* Prints a file with the reference in it brought up to lib/directives.def.
 * Layer: none: a program of the build, which includes nothing of ours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 79

typedef struct directive {
    const char *name;
    const char *where;
    const char *arguments;
    const char *initial; /* NULL: a container, which has none */
    const char *example; /* one line or more */
    const char *effect;
} directive;

#define FA_IN_SERVER   "server, virtual host"
#define FA_IN_SECTION  "section, and the server as their default"
#define FA_IN_DEMAND   "section, <Limit>, <If>, and the server as their default"
#define FA_IN_LOCATION "Location, LocationMatch"
#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    {#name, where, arguments, initial, example, effect},
#define FA_CONTAINER(name, parse, arguments, example, effect) \
    {#name, FA_IN_SERVER, arguments, NULL, example, effect},
static const directive directives[] = {
#include "directives.def"
};

/* Print text, broken between words. column is where the line stands; all lines
 * after it begin with margin. */
static void print_wrapped(const char *text, size_t column, const char *margin)
{
    while (*text != '\0') {
        size_t word = strcspn(text, " ");

        if (column + 1 + word > COLUMNS) {
            printf("\n%s", margin);
            column = strlen(margin);
        }
        else if (column > strlen(margin)) {
            putchar(' ');
            column++;
        }
        printf("%.*s", (int)word, text);
        column += word;
        text += word + strspn(text + word, " ");
    }
    putchar('\n');
}

static void print_usage(const directive *row, const char *before,
                        const char *margin)
{
    const char *open = row->initial != NULL ? "" : "<";
    const char *close = row->initial != NULL ? "" : ">";

    printf("%s%s%s", before, open, row->name);
    if (strlen(before) + strlen(row->name) + strlen(row->arguments) + 3 >
        COLUMNS) {
        print_wrapped(row->arguments, strlen(before) + strlen(row->name),
                      margin);
        return;
    }
    printf(" %s%s\n", row->arguments, close);
}

static void print_field(const char *label, const char *text)
{
    printf("#     %-9s", label);
    print_wrapped(text, 15, "#              ");
}

/* conf/fastauth.conf: all there is to say, as comments */
static void print_reference(void)
{
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        const directive *row = &directives[i];
        const char *line = row->example;

        printf("#\n");
        print_usage(row, "# ", "#         ");
        print_field("effect", row->effect);
        print_field("where", row->where);
        if (row->initial != NULL) {
            print_field("initial", row->initial);
        }
        for (const char *label = "example"; *line != '\0'; label = "") {
            size_t length = strcspn(line, "\n");

            printf("#     %-9s%.*s\n", label, (int)length, line);
            line += length + (line[length] == '\n');
        }
    }
    printf("#\n");
}

/* README: each with its effect */
static void print_list(void)
{
    printf("\n");
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        const directive *row = &directives[i];

        print_usage(row, "", "        ");
        printf("    ");
        print_wrapped(row->effect, 4, "    ");
    }
    printf("\n");
}

typedef struct part {
    const char *begin, *end;
    void (*print)(void);
} part;

static const part parts[] = {
    {"[reference: `make manual' writes it", "[end of reference]",
     print_reference},
    {"[directives: `make manual' writes it", "[end of directives]", print_list},
};

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    const part *in = NULL;
    int found = 0;
    char line[1024];

    if (file == NULL) {
        fprintf(stderr, "usage: manual FILE (one that can be read)\n");
        return EXIT_FAILURE;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (in != NULL && strstr(line, in->end) != NULL) {
            in = NULL;
        }
        if (in != NULL) {
            continue;
        }
        fputs(line, stdout);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            if (strstr(line, parts[i].begin) != NULL) {
                in = &parts[i];
                in->print();
                found++;
            }
        }
    }
    if (ferror(file) || fclose(file) != 0 || found == 0 || in != NULL) {
        fprintf(stderr,
                "%s: no line with \"%s\", or none with its end after it\n",
                argv[1], parts[0].begin);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
