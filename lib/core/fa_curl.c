/* An operation as a command line of curl.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_curl.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_text.h"

/* --- the shell ------------------------------------------------------------ */

/* Within single quotes nothing is special but their end (POSIX, Shell Command
 * Language, 2.2.2). */
static const char *quoted(apr_pool_t *pool, const char *text)
{
    char *word = apr_palloc(pool, 4 * strlen(text) + 3), *to = word;

    *to++ = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            to = apr_cpystrn(to, "'\\'", 4);
        *to++ = *text;
    }
    *to++ = '\'';
    *to = '\0';
    return word;
}

/* Text and a variable behind it, as one word; plainly where nothing in the text
 * is special in double quotes, to an interactive shell either. */
static const char *with_variable(apr_pool_t *pool, const char *text,
                                 const char *variable)
{
    for (const char *c = text; *c; c++) {
        if (!apr_isalnum(*c) && !strchr(" -_.:=", *c))
            return apr_pstrcat(pool, quoted(pool, text), "\"$", variable, "\"",
                               NULL);
    }
    return apr_pstrcat(pool, "\"", text, "$", variable, "\"", NULL);
}

/* --- the credential ------------------------------------------------------- */

/* Where a credential is put. */
typedef enum { NOWHERE, IN_HEADER, IN_QUERY, IN_COOKIE, AS_USER } place;

static place place_of_token(const fa_token_source *source)
{
    if (!source)
        return IN_HEADER;
    switch (source->place) {
    case FA_TOKEN_HEADER:
        return IN_HEADER;
    case FA_TOKEN_COOKIE:
        return IN_COOKIE;
    case FA_TOKEN_QUERY:
        return IN_QUERY;
    }
    return NOWHERE;
}

/* name  receives the header's, parameter's or cookie's */
static place place_of(apr_pool_t *pool, const fa_way *way, const char **name)
{
    switch (way->scheme->kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        *name = way->source && way->source->name ? way->source->name
                                                 : "Authorization: Bearer ";
        return place_of_token(way->source);
    case FA_API_KEY_HEADER:
        *name = apr_pstrcat(pool, way->scheme->parameter, ": ", NULL);
        return IN_HEADER;
    case FA_API_KEY_QUERY:
        *name = way->scheme->parameter;
        return IN_QUERY;
    case FA_API_KEY_COOKIE:
        *name = way->scheme->parameter;
        return IN_COOKIE;
    case FA_BASIC:
        *name = "";
        return AS_USER;
    }
    return NOWHERE;
}

static const char *variable_of(const fa_scheme *scheme)
{
    switch (scheme->kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        return "TOKEN";
    case FA_API_KEY_HEADER:
    case FA_API_KEY_QUERY:
    case FA_API_KEY_COOKIE:
        return "API_KEY";
    case FA_BASIC:
        break;
    }
    return "USER";
}

const char *fa_curl(apr_pool_t *pool, const char *base,
                    const fa_documented *one, const fa_way *way)
{
    const char *name = "", *option = "", *word = "";
    const char *variable = way ? variable_of(way->scheme) : "";
    /* Of braces curl would make many URLs. */
    const char *url = apr_pstrcat(
        pool, base,
        fa_text_escaped(pool, one->sample, FA_DOCUMENT_PATH_MARKS, '%'), NULL);
    const char *address = quoted(pool, url);

    switch (way ? place_of(pool, way, &name) : NOWHERE) {
    case NOWHERE:
        break;
    case IN_HEADER:
        option = " -H ";
        word = with_variable(pool, name, variable);
        break;
    case IN_COOKIE:
        option = " -b ";
        word =
            with_variable(pool, apr_pstrcat(pool, name, "=", NULL), variable);
        break;
    case AS_USER:
        option = " -u ";
        word = with_variable(pool, "", variable);
        break;
    case IN_QUERY:
        address = with_variable(
            pool,
            apr_pstrcat(pool, url, "?",
                        /* What is unreserved: RFC 3986 section 2.3. */
                        fa_text_escaped(pool, name, "-._~", '%'), "=", NULL),
            variable);
        break;
    }
    /* Of brackets in the server's own URL curl would make many. */
    return apr_pstrcat(pool, "curl", strpbrk(base, "[]{}") ? " -g" : "",
                       one->method == FA_GET ? "" : " -X ",
                       one->method == FA_GET ? ""
                                             : fa_method_name((int)one->method),
                       option, word, " ", address, NULL);
}
