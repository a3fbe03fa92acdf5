/* How the path of a regular expression is printed, and its named groups.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_sample.h"

#include <stdbool.h>
#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_class.h"
#include "fa_text.h"

/* --- groups --------------------------------------------------------------- */

/* Behind a class, of which at is behind the opening bracket; or NULL. */
static const char *behind_class(const char *at)
{
    at += *at == '^';
    at += *at == ']';
    while (*at && *at != ']') {
        const char *end = NULL;

        if (at[0] == '[' && at[1] == ':')
            end = at + 2 + strspn(at + 2, "^abcdefghijklmnopqrstuvwxyz");
        if (end && end[0] == ':' && end[1] == ']')
            at = end + 2;
        else if (at[0] == '\\' && at[1])
            at += 2;
        else
            at++;
    }
    return *at ? at + 1 : NULL;
}

/* Behind one piece of a pattern that may hide a parenthesis, or show one; NULL
 * where it does not end. */
static const char *behind_piece(const char *at)
{
    const char *end;

    if (at[0] == '[')
        return behind_class(at + 1);
    if (strncmp(at, "(?#", 3) == 0) /* a comment */
        return NULL;
    if (at[0] != '\\')
        return at + 1;
    if (at[1] == 'Q') {
        end = strstr(at, "\\E");
        return end ? end + 2 : NULL;
    }
    return at[1] ? at + 2 : NULL;
}

/* The parenthesis that ends the group whose text begins there, or NULL. */
static const char *end_of_group(const char *at)
{
    size_t depth = 0;

    while (at && *at && (*at != ')' || depth > 0)) {
        depth += *at == '(';
        depth -= *at == ')';
        at = behind_piece(at);
    }
    return at && *at ? at : NULL;
}

/* The text of a named group whose parenthesis is there: NULL where it is none.
 * size receives the name's. */
static const char *text_of_group(const char *at, const char **name,
                                 size_t *size)
{
    char end;

    if (at[0] != '(' || at[1] != '?')
        return NULL;
    at += 2;
    at += at[0] == 'P' && at[1] == '<';
    if (*at != '<' && *at != '\'')
        return NULL;
    end = *at++ == '<' ? '>' : '\'';
    *name = at;
    while (apr_isalnum(*at) || *at == '_')
        at++;
    *size = (size_t)(at - *name);
    return *size > 0 && !apr_isdigit(**name) && *at == end ? at + 1 : NULL;
}

const char *fa_sample_group(apr_pool_t *pool, const char *pattern,
                            const char *name)
{
    while (pattern && *pattern) {
        const char *found, *text, *end;
        size_t size;

        text = text_of_group(pattern, &found, &size);
        if (text && strlen(name) == size && memcmp(name, found, size) == 0) {
            end = end_of_group(text);
            return end ? apr_pstrmemdup(pool, text, (size_t)(end - text))
                       : NULL;
        }
        pattern = behind_piece(pattern);
    }
    return NULL;
}

/* --- what JSON Schema may be told ----------------------------------------- */

/* One byte, or `\d`, that ECMA-262 reads as PCRE does, with its u flag too.
 * PCRE counts bytes here and ECMA-262 characters: what takes any, as `.` or
 * `\D`, takes another number of them. */
static bool skip_common(const char **at, bool in_class, bool *is_class)
{
    const char *text = *at;

    *is_class = *text == '\\' && text[1] && strchr("dw", text[1]);
    if (*text != '\\') {
        *at += 1;
        return apr_isprint(*text) && *text != '[' && (in_class || *text != '.');
    }
    *at += text[1] ? 2 : 1;
    return *is_class || (text[1] && strchr("^$\\.*+?()[]{}|/", text[1])) ||
           (in_class && text[1] == '-');
}

/* [...], of which at is behind the bracket. */
static bool skip_common_class(const char **at)
{
    const char *text = *at;
    bool from, to = false;

    if (*text == ']' || *text == '^')
        return false;
    while (*text != ']') {
        if (!skip_common(&text, true, &from))
            return false;
        if (text[0] != '-' || text[1] == ']')
            continue;
        text++;
        if (from || !skip_common(&text, true, &to) || to)
            return false;
    }
    *at = text + 1;
    return true;
}

/* * + ? {n} {n,} {n,m}, each lazy or not. */
static bool skip_common_repetition(const char **at)
{
    const char *text = *at + 1;

    if (**at == '{') {
        if (!apr_isdigit(*text))
            return false;
        text += strspn(text, "0123456789");
        text += *text == ',';
        text += strspn(text, "0123456789");
        if (*text++ != '}')
            return false;
    }
    *at = text + (*text == '?');
    return true;
}

/* One piece; may_repeat tells whether a repetition may stand there, and
 * receives whether one may stand behind it. */
static bool skip_common_piece(const char **at, bool *may_repeat)
{
    bool could_repeat = *may_repeat, is_class;

    *may_repeat = false;
    switch (**at) {
    case '*':
    case '+':
    case '?':
    case '{':
        return could_repeat && skip_common_repetition(at);
    case '(':
        *at += strncmp(*at, "(?:", 3) == 0 ? 3 : 1;
        return true;
    case '|':
        *at += 1;
        return true;
    case '^':
    case '$':
    case ']':
    case '}':
        return false;
    case '[':
        *at += 1;
        *may_repeat = true;
        return skip_common_class(at);
    default:
        *may_repeat = true;
        return skip_common(at, false, &is_class);
    }
}

/* Whether a group takes any segment, for all that a template can say. */
static bool is_any(const char *text)
{
    static const char *const any[] = {"[^/]+", "[^/]*", ".+", ".*"};

    for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
        size_t size = strlen(any[i]);

        if (strncmp(text, any[i], size) == 0 &&
            (!text[size] || (strchr("?+", text[size]) && !text[size + 1])))
            return true;
    }
    return false;
}

static const char *common_pattern(apr_pool_t *pool, const char *text)
{
    bool may_repeat = false, has_alternatives = strchr(text, '|') != NULL;

    if (is_any(text))
        return NULL;
    for (const char *at = text; *at;) {
        if (!skip_common_piece(&at, &may_repeat))
            return NULL;
    }
    return apr_pstrcat(pool, has_alternatives ? "^(?:" : "^", text,
                       has_alternatives ? ")$" : "$", NULL);
}

fa_parameter fa_sample_parameter(apr_pool_t *pool, const char *name,
                                 const char *text)
{
    fa_parameter made = {name, NULL, NULL};
    const char *sample;

    if (!text)
        return made;
    made.pattern = common_pattern(pool, text);
    sample = fa_sample_of(pool, apr_pstrcat(pool, "/(?:", text, ")", NULL));
    if (sample && sample[1])
        made.example = sample + 1;
    return made;
}

/* --- the path ------------------------------------------------------------- */

/* What may end a pattern: nothing of it is printed. */
static bool is_end(const char *at)
{
    return strcmp(at, "") == 0 || strcmp(at, "$") == 0 ||
           strcmp(at, "/?$") == 0 || strcmp(at, "\\/?$") == 0;
}

static bool read_literal(const char **at, char *byte)
{
    unsigned char escaped;

    if (**at != '\\') {
        *byte = *(*at)++;
        return strchr(".[]{}()*+?|^$", *byte) == NULL;
    }
    ++*at;
    if (!fa_class_escaped(at, &escaped))
        return false;
    *byte = (char)escaped;
    return escaped && !strchr("{}", escaped);
}

/* Read a named group; size receives its name's. Returns the name, or NULL. */
static const char *read_group(apr_pool_t *pool, const char **at,
                              apr_array_header_t *parameters, size_t *size)
{
    const char *found, *name;
    const char *text = text_of_group(*at, &found, size);
    const char *end = text ? end_of_group(text) : NULL;

    if (!end)
        return NULL;
    name = apr_pstrmemdup(pool, found, *size);
    for (int i = 0; i < parameters->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(parameters, i, fa_parameter).name, name) == 0)
            return NULL;
    }
    APR_ARRAY_PUSH(parameters, fa_parameter) = fa_sample_parameter(
        pool, name, apr_pstrmemdup(pool, text, (size_t)(end - text)));
    *at = end + 1;
    return name;
}

const char *fa_sample_path(apr_pool_t *pool, const char *pattern,
                           apr_array_header_t **parameters)
{
    apr_array_header_t *found = apr_array_make(pool, 2, sizeof(fa_parameter));
    char *path = apr_palloc(pool, strlen(pattern) + 2), *to = path;
    const char *at = pattern + 1, *name;
    size_t size;

    if (strncmp(pattern, "^/", 2) != 0 && strncmp(pattern, "^\\/", 3) != 0)
        return NULL;
    while (!is_end(at)) {
        if (*at != '(') {
            if (!read_literal(&at, to++))
                return NULL;
            continue;
        }
        name = read_group(pool, &at, found, &size);
        if (!name)
            return NULL;
        *to++ = '{';
        memcpy(to, name, size);
        to += size;
        *to++ = '}';
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
    if (fa_text_has_control(path, strlen(path)) ||
        !fa_text_is_utf8(path, strlen(path)))
        return NULL;
    *parameters = found;
    return path;
}
