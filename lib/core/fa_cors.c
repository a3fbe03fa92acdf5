/* Which pages of other origins may ask, and what their browsers are told.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_cors.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_text.h"

/* What a form could send too (Fetch section 2.2.1). */
#define SIMPLE_METHODS "GET, HEAD, POST"

const fa_cors *fa_cors_merge(apr_pool_t *pool, const fa_cors *parent,
                             const fa_cors *child)
{
    fa_cors *merged;

    if (!parent || !child)
        return child ? child : parent;
    merged = apr_palloc(pool, sizeof *merged);
#define FA_CORS_LATER(type, name) \
    merged->name = child->name ? child->name : parent->name;
    FA_CORS_FIELDS(FA_CORS_LATER)
#undef FA_CORS_LATER
    return merged;
}

bool fa_cors_same(const fa_cors *a, const fa_cors *b)
{
    return a == b || (a && b && memcmp(a, b, sizeof *a) == 0);
}

static const char *first(const apr_array_header_t *list)
{
    return APR_ARRAY_IDX(list, 0, const char *);
}

static bool is_any(const apr_array_header_t *list)
{
    return list && list->nelts == 1 && strcmp(first(list), "*") == 0;
}

bool fa_cors_in_force(const fa_cors *cors)
{
    return cors && cors->origins && cors->origins->nelts > 0;
}

static bool has_credentials(const fa_cors *cors)
{
    return cors->credentials && *cors->credentials && !is_any(cors->origins);
}

const char *fa_cors_contradiction(apr_pool_t *pool, const fa_cors *cors)
{
    if (!cors || !is_any(cors->origins) || !cors->credentials ||
        !*cors->credentials)
        return NULL;
    return apr_psprintf(pool,
                        "CORSOrigin * (%s:%d) and CORSCredentials on (%s:%d) "
                        "contradict each other, since any page could read what "
                        "its visitor may: name the origins, or leave the "
                        "credentials off",
                        cors->origins_at->file, cors->origins_at->line,
                        cors->credentials_at->file, cors->credentials_at->line);
}

static apr_table_t *of_origin(apr_pool_t *pool, const fa_cors *cors,
                              const char *origin)
{
    apr_table_t *headers = apr_table_make(pool, 6);

    if (!origin || !*origin || !fa_cors_in_force(cors))
        return headers;
    if (is_any(cors->origins))
        apr_table_setn(headers, "Access-Control-Allow-Origin", "*");
    else if (fa_text_has_word(cors->origins, origin))
        apr_table_setn(headers, "Access-Control-Allow-Origin", origin);
    else
        return headers;
    if (has_credentials(cors))
        apr_table_setn(headers, "Access-Control-Allow-Credentials", "true");
    return headers;
}

/* Words with a comma and a space between; NULL for none. */
static const char *commas(apr_pool_t *pool, const apr_array_header_t *words)
{
    const char *text = "";

    for (int i = 0; words && i < words->nelts; i++)
        text = apr_pstrcat(pool, text, i ? ", " : "",
                           APR_ARRAY_IDX(words, i, const char *), NULL);
    return *text ? text : NULL;
}

apr_table_t *fa_cors_answer(apr_pool_t *pool, const fa_cors *cors,
                            const char *origin)
{
    apr_table_t *headers = of_origin(pool, cors, origin);
    const char *exposed = commas(pool, cors->exposed);

    if (exposed && !apr_is_empty_table(headers))
        apr_table_setn(headers, "Access-Control-Expose-Headers", exposed);
    return headers;
}

/* The methods to answer with, or NULL: this one may not be. */
static const char *methods(apr_pool_t *pool, const fa_cors *cors,
                           const char *method)
{
    const char *all =
        cors->methods ? commas(pool, cors->methods) : SIMPLE_METHODS;

    if (!method || !fa_text_is_token(method))
        return NULL;
    if (is_any(cors->methods))
        return method;
    if (cors->methods)
        return fa_text_has_word(cors->methods, method) ? all : NULL;
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
                   strcmp(method, "POST") == 0
               ? all
               : NULL;
}

static bool has_name(const apr_array_header_t *names, const char *name)
{
    for (int i = 0; names && i < names->nelts; i++) {
        if (strcasecmp(APR_ARRAY_IDX(names, i, const char *), name) == 0)
            return true;
    }
    return false;
}

/* The next word of a list (RFC 9110 section 5.6.1), trimmed; NULL at its end.
 */
static char *next_word(char **list)
{
    char *word = apr_strtok(*list, ",", list);
    size_t size;

    if (!word)
        return NULL;
    word += strspn(word, " \t");
    size = strlen(word);
    while (size > 0 && strchr(" \t", word[size - 1]))
        word[--size] = '\0';
    return word;
}

/* The header names to answer with, "" for none; NULL: one of those that were
 * asked for may not be. What is echoed was read as tokens first. */
static const char *names(apr_pool_t *pool, const fa_cors *cors,
                         const char *asked)
{
    const char *all = commas(pool, cors->headers);
    char *list = apr_pstrdup(pool, asked ? asked : ""), *name;
    apr_array_header_t *read = apr_array_make(pool, 8, sizeof(char *));

    while ((name = next_word(&list)) != NULL) {
        if (!*name)
            continue;
        if (!fa_text_is_token(name) ||
            (!is_any(cors->headers) && !has_name(cors->headers, name)))
            return NULL;
        APR_ARRAY_PUSH(read, const char *) = name;
    }
    if (is_any(cors->headers))
        all = commas(pool, read);
    return all ? all : "";
}

apr_table_t *fa_cors_preflight(apr_pool_t *pool, const fa_cors *cors,
                               const fa_cors_asked *asked)
{
    apr_table_t *headers = of_origin(pool, cors, asked->origin);
    const char *allowed = methods(pool, cors, asked->method);
    const char *fields = names(pool, cors, asked->headers);

    if (apr_is_empty_table(headers))
        return headers;
    if (!allowed || !fields) {
        apr_table_clear(headers);
        return headers;
    }
    apr_table_setn(headers, "Access-Control-Allow-Methods", allowed);
    if (*fields)
        apr_table_setn(headers, "Access-Control-Allow-Headers", fields);
    apr_table_setn(
        headers, "Access-Control-Max-Age",
        apr_psprintf(pool, "%" APR_INT64_T_FMT,
                     cors->max_age_s ? *cors->max_age_s : FA_CORS_MAX_AGE_S));
    return headers;
}

bool fa_cors_is_header(const char *name)
{
    return strncasecmp(name, "Access-Control-", 15) == 0;
}

void fa_cors_describe(apr_pool_t *pool, const fa_cors *cors,
                      apr_array_header_t *lines)
{
    const char *exposed, *sent;

    if (!fa_cors_in_force(cors))
        return;
    exposed = commas(pool, cors->exposed);
    sent = is_any(cors->headers) ? "any" : commas(pool, cors->headers);
    APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(
        pool, "pages of %s may read the answers%s   (CORSOrigin, %s:%d)",
        is_any(cors->origins) ? "any origin" : commas(pool, cors->origins),
        has_credentials(cors) ? ", their visitors' credentials sent along" : "",
        cors->origins_at->file, cors->origins_at->line);
    APR_ARRAY_PUSH(lines, const char *) = apr_pstrcat(
        pool, "and use these methods: ",
        is_any(cors->methods) ? "any"
        : cors->methods       ? commas(pool, cors->methods)
                              : SIMPLE_METHODS,
        sent ? "; send these headers: " : "", sent ? sent : "",
        exposed ? "; read these headers: " : "", exposed ? exposed : "", NULL);
}
