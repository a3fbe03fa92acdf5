/* The ways in which a caller may be identified (AuthScheme).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_scheme.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_pairs.h"
#include "fa_text.h"

#define NAMES                                                           \
    "bearer-jwt, oauth2, api-key-header[:NAME], api-key-query[:NAME], " \
    "api-key-cookie:NAME, basic, none"

typedef enum { PARAMETER_NEVER, PARAMETER_MAY, PARAMETER_MUST } parameter_rule;

static const struct {
    const char *name;
    fa_scheme_kind kind;
    parameter_rule rule;
    const char *usual; /* the parameter where none is said */
} known[] = {
    {"bearer-jwt", FA_BEARER_JWT, PARAMETER_NEVER, NULL},
    {"oauth2", FA_OAUTH2, PARAMETER_NEVER, NULL},
    {"api-key-header", FA_API_KEY_HEADER, PARAMETER_MAY, "X-API-Key"},
    {"api-key-query", FA_API_KEY_QUERY, PARAMETER_MAY, "api_key"},
    {"api-key-cookie", FA_API_KEY_COOKIE, PARAMETER_MUST, NULL},
    {"basic", FA_BASIC, PARAMETER_NEVER, NULL},
};

/* Headers that mean something else to httpd or to us. */
static bool is_taken(const char *header)
{
    static const char *const taken[] = {"Authorization",  "Cookie",
                                        "Host",           "Connection",
                                        "Content-Length", "Transfer-Encoding"};

    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (strcasecmp(taken[i], header) == 0)
            return true;
    }
    return false;
}

static const char *parse_one(apr_pool_t *pool, const char *word,
                             fa_scheme *scheme)
{
    const char *colon = strchr(word, ':');
    size_t size = colon ? (size_t)(colon - word) : strlen(word);

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) != size ||
            strncmp(known[i].name, word, size) != 0)
            continue;
        if (colon ? known[i].rule == PARAMETER_NEVER
                  : known[i].rule == PARAMETER_MUST)
            return apr_psprintf(pool, "'%s': %s %s", word, known[i].name,
                                colon ? "takes no name" : "needs :NAME");
        if (colon && !fa_text_is_token(colon + 1))
            return apr_psprintf(pool, "'%s': the name is no token of HTTP",
                                word);
        if (colon && known[i].kind == FA_API_KEY_QUERY &&
            !fa_query_is_name(colon + 1))
            return apr_psprintf(pool, "'%s': a query would escape that name",
                                word);
        if (colon && known[i].kind == FA_API_KEY_HEADER && is_taken(colon + 1))
            return apr_psprintf(pool, "'%s': that header has another meaning",
                                word);
        scheme->kind = known[i].kind;
        scheme->name = known[i].name;
        scheme->parameter = colon ? colon + 1 : known[i].usual;
        return NULL;
    }
    return apr_psprintf(pool, "'%s' is none of " NAMES, word);
}

static bool same(const fa_scheme *a, const fa_scheme *b)
{
    if (a->kind != b->kind)
        return false;
    return !a->parameter || (a->kind == FA_API_KEY_HEADER
                                 ? strcasecmp(a->parameter, b->parameter) == 0
                                 : strcmp(a->parameter, b->parameter) == 0);
}

/* Whether trying many secrets may find one. A signature is no such secret. */
static bool is_guessable(const fa_schemes *schemes)
{
    for (int i = 0; i < schemes->list->nelts; i++) {
        switch (APR_ARRAY_IDX(schemes->list, i, fa_scheme).kind) {
        case FA_API_KEY_HEADER:
        case FA_API_KEY_QUERY:
        case FA_API_KEY_COOKIE:
        case FA_BASIC:
            return true;
        case FA_BEARER_JWT:
        case FA_OAUTH2:
            break;
        }
    }
    return false;
}

const char *fa_schemes_parse(apr_pool_t *pool, const apr_array_header_t *words,
                             const fa_section *section,
                             const fa_schemes **schemes)
{
    fa_schemes *parsed = apr_pcalloc(pool, sizeof *parsed);

    parsed->section = *section;
    parsed->list = apr_array_make(pool, words->nelts, sizeof(fa_scheme));
    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);
        fa_scheme scheme;
        const char *wrong;

        if (strcmp(word, "none") == 0 && words->nelts > 1)
            return "none stands alone";
        if (strcmp(word, "none") == 0)
            break;
        if (strcmp(word, "optional") == 0) {
            parsed->optional = true;
            continue;
        }
        if ((wrong = parse_one(pool, word, &scheme)) != NULL)
            return wrong;
        for (int j = 0; j < parsed->list->nelts; j++) {
            if (same(&APR_ARRAY_IDX(parsed->list, j, fa_scheme), &scheme))
                return apr_psprintf(pool, "'%s' stands there twice", word);
        }
        APR_ARRAY_PUSH(parsed->list, fa_scheme) = scheme;
    }
    if (parsed->optional && parsed->list->nelts == 0)
        return "optional stands beside a scheme";
    if (is_guessable(parsed))
        parsed->throttles = fa_limits_usual(pool, section);
    *schemes = parsed;
    return NULL;
}

bool fa_schemes_in_force(const fa_schemes *schemes)
{
    return schemes && schemes->list->nelts > 0;
}

const fa_scheme *fa_schemes_find(const fa_schemes *schemes, fa_scheme_kind kind)
{
    for (int i = 0; schemes && i < schemes->list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(schemes->list, i, fa_scheme);

        if (scheme->kind == kind)
            return scheme;
    }
    return NULL;
}

const fa_scheme *fa_schemes_bearer(const fa_schemes *schemes)
{
    for (int i = 0; schemes && i < schemes->list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(schemes->list, i, fa_scheme);

        if (scheme->kind == FA_BEARER_JWT || scheme->kind == FA_OAUTH2)
            return scheme;
    }
    return NULL;
}

const char *fa_schemes_text(apr_pool_t *pool, const fa_schemes *schemes)
{
    const char *text = "";

    if (!fa_schemes_in_force(schemes))
        return "none";
    for (int i = 0; i < schemes->list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(schemes->list, i, fa_scheme);

        text = apr_pstrcat(pool, text, i ? " " : "", scheme->name,
                           scheme->parameter ? ":" : "",
                           scheme->parameter ? scheme->parameter : "", NULL);
    }
    return schemes->optional ? apr_pstrcat(pool, text, " optional", NULL)
                             : text;
}
