/* A class of a regular expression (PCRE), read from its text.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_class.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <apr_lib.h>

/* What a class can name, as pairs: from a to z, from A to Z... */
static const struct {
    const char *name, *ranges;
} kinds[] = {
    {"d", "09"},         {"w", "azAZ09__"},     {"s", "\t\r  "},
    {"alnum", "azAZ09"}, {"alpha", "azAZ"},     {"blank", "\t\t  "},
    {"digit", "09"},     {"graph", "!~"},       {"lower", "az"},
    {"print", " ~"},     {"punct", "!/:@[`{~"}, {"space", "\t\r  "},
    {"upper", "AZ"},     {"word", "azAZ09__"},  {"xdigit", "09afAF"},
};

static void add_range(fa_class *to, unsigned low, unsigned high)
{
    for (unsigned byte = low; byte <= high; byte++)
        to->has[byte] = true;
}

static bool add_kind(fa_class *to, const char *name, size_t size, bool negated)
{
    fa_class kind = {.is_open = negated};
    const char *ranges = NULL;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i].name) == size &&
            memcmp(kinds[i].name, name, size) == 0)
            ranges = kinds[i].ranges;
    }
    if (!ranges)
        return false;
    for (; *ranges; ranges += 2)
        add_range(&kind, (unsigned char)ranges[0], (unsigned char)ranges[1]);
    for (size_t i = 0; i < 256; i++)
        to->has[i] = to->has[i] || kind.has[i] != negated;
    return true;
}

static bool add_letter(fa_class *to, char letter)
{
    char name = (char)apr_tolower(letter);

    return add_kind(to, &name, 1, apr_isupper(letter) != 0);
}

bool fa_class_is_named(char letter)
{
    return letter && strchr("dDwWsS", letter);
}

void fa_class_of_letter(char letter, fa_class *read)
{
    *read = (fa_class){.is_open = apr_isupper(letter) != 0};
    add_letter(read, letter);
}

bool fa_class_escaped(const char **at, unsigned char *byte)
{
    static const char letters[] = "nrtfe", bytes[] = "\n\r\t\f\033";
    const char *text = *at;
    const char *letter = *text ? strchr(letters, *text) : NULL;

    if (text[0] == 'x' && apr_isxdigit(text[1]) && apr_isxdigit(text[2])) {
        char hex[] = {text[1], text[2], '\0'};

        *byte = (unsigned char)strtoul(hex, NULL, 16);
        *at += 3;
        return true;
    }
    if (!*text || (apr_isalnum(*text) && !letter))
        return false;
    *byte = (unsigned char)(letter ? bytes[letter - letters] : *text);
    *at += 1;
    return true;
}

static bool read_byte(const char **at, unsigned char *byte)
{
    const char *text = *at;

    if (text[0] == '[' && text[1] && strchr(":.=", text[1]))
        return false;
    if (*text == '\\') {
        ++*at;
        return fa_class_escaped(at, byte);
    }
    *byte = (unsigned char)*text;
    *at += *text != '\0';
    return *text != '\0';
}

/* [:alpha:] and [:^alpha:], of which at is behind the colon. */
static bool add_posix(const char **at, fa_class *to)
{
    bool negated = **at == '^';
    const char *name = *at + negated;
    const char *end = strstr(name, ":]");

    if (!end || end - name < 2)
        return false;
    *at = end + 2;
    return add_kind(to, name, (size_t)(end - name), negated);
}

static bool add_item(const char **at, fa_class *to)
{
    unsigned char low, high;

    if ((*at)[0] == '[' && (*at)[1] == ':') {
        *at += 2;
        return add_posix(at, to);
    }
    if ((*at)[0] == '\\' && fa_class_is_named((*at)[1])) {
        *at += 2;
        return add_letter(to, (*at)[-1]);
    }
    if (!read_byte(at, &low))
        return false;
    high = low;
    if ((*at)[0] == '-' && (*at)[1] && (*at)[1] != ']') {
        ++*at;
        if (!read_byte(at, &high) || high < low)
            return false;
    }
    add_range(to, low, high);
    return true;
}

static void add_other_case(fa_class *to)
{
    for (int upper = 'A'; upper <= 'Z'; upper++) {
        int lower = upper - 'A' + 'a';

        to->has[upper] = to->has[lower] = to->has[upper] || to->has[lower];
    }
}

bool fa_class_read(const char **at, bool folds_case, fa_class *read)
{
    const char *rest = *at;
    fa_class made = {.is_open = *rest == '^'};

    rest += made.is_open;
    do { /* a bracket that comes first is one of the class */
        if (!add_item(&rest, &made))
            return false;
    } while (*rest != ']');
    if (folds_case)
        add_other_case(&made);
    for (size_t i = 0; made.is_open && i < 256; i++)
        made.has[i] = !made.has[i];
    *at = rest + 1;
    *read = made;
    return true;
}

int fa_class_choose(const fa_class *from)
{
    /* What URLs escape or servers argue about comes late. */
    static const char usual[] =
        "1abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ234567890"
        "-_~.@:+,=!$&'()* \"#<>?[]^`{|}%;\\/";

    if (from->is_open && from->has['x'])
        return 'x';
    for (const char *order = usual; *order; order++) {
        if (from->has[(unsigned char)*order])
            return (unsigned char)*order;
    }
    return -1;
}
