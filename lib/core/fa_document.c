/* What a document of a server's operations is written from.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_document.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_error.h"
#include "fa_outcome.h"
#include "fa_text.h"

/* --- names ---------------------------------------------------------------- */

fa_endpoint fa_endpoint_of(const char *handler)
{
    static const struct {
        const char *handler;
        fa_endpoint endpoint;
    } known[] = {{"fastauth-openapi", FA_ENDPOINT_OPENAPI},
                 {"fastauth-docs", FA_ENDPOINT_DOCS},
                 {"fastauth-status", FA_ENDPOINT_STATUS}};

    for (size_t i = 0; handler && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].handler, handler) == 0)
            return known[i].endpoint;
    }
    return FA_ENDPOINT_NONE;
}

const char *fa_document_title(const fa_document *document)
{
    return document->server->api_title ? document->server->api_title : "API";
}

const char *fa_document_version(const fa_document *document)
{
    return document->server->api_version ? document->server->api_version
                                         : "0.0.0";
}

const char *fa_document_text(apr_pool_t *pool, const char *text)
{
    size_t size = strlen(text);

    return fa_text_is_utf8(text, size) ? text
                                       : fa_text_log_value(pool, text, size);
}

const char *fa_document_summary(apr_pool_t *pool, const fa_documented *one)
{
    if (one->said && one->said->summary)
        return one->said->summary;
    return apr_pstrcat(pool, fa_method_name((int)one->method), " ", one->path,
                       NULL);
}

const char *fa_document_path(apr_pool_t *pool, const char *path)
{
    return fa_text_escaped(pool, path, FA_DOCUMENT_PATH_MARKS "{}", '%');
}

/* --- answers -------------------------------------------------------------- */

static apr_array_header_t *words_of(apr_pool_t *pool, const char *text)
{
    char *rest = apr_pstrdup(pool, text), *word;
    apr_array_header_t *words = apr_array_make(pool, 2, sizeof(char *));

    while ((word = apr_strtok(rest, ", ", &rest)) != NULL)
        APR_ARRAY_PUSH(words, const char *) = word;
    return words;
}

static void join(apr_pool_t *pool, fa_answer *answer, const fa_answer *more)
{
    const char *type = answer->media_type;

    answer->verdicts |= more->verdicts;
    answer->description =
        apr_pstrcat(pool, answer->description, " ", more->description, NULL);
    if (!type)
        answer->media_type = more->media_type;
    else if (more->media_type &&
             !fa_text_has_word(words_of(pool, type), more->media_type))
        answer->media_type =
            apr_pstrcat(pool, type, ", ", more->media_type, NULL);
}

/* One more, in its place by status. */
static void add(apr_pool_t *pool, apr_array_header_t *answers,
                const fa_answer *more)
{
    fa_answer *all;
    int place = 0;

    while (place < answers->nelts &&
           APR_ARRAY_IDX(answers, place, fa_answer).status < more->status)
        place++;
    if (place < answers->nelts &&
        APR_ARRAY_IDX(answers, place, fa_answer).status == more->status) {
        join(pool, &APR_ARRAY_IDX(answers, place, fa_answer), more);
        return;
    }
    apr_array_push(answers);
    all = (fa_answer *)answers->elts;
    memmove(all + place + 1, all + place,
            (size_t)(answers->nelts - 1 - place) * sizeof *all);
    all[place] = *more;
}

/* What handlers answer to a GET; they know no other method. */
static const struct {
    fa_endpoint endpoint;
    int status;
    const char *description, *media_type;
} handled[] = {
    {FA_ENDPOINT_NONE, 200, "What the handler answers.", NULL},
    {FA_ENDPOINT_OPENAPI, 200, "The OpenAPI document.", "application/json"},
    {FA_ENDPOINT_OPENAPI, 304, "The caller's copy is still the same.", NULL},
    {FA_ENDPOINT_OPENAPI, 412, "A precondition does not hold.", "text/html"},
    {FA_ENDPOINT_DOCS, 200, "The documentation as a page.", "text/html"},
    {FA_ENDPOINT_DOCS, 304, "The caller's copy is still the same.", NULL},
    {FA_ENDPOINT_DOCS, 412, "A precondition does not hold.", "text/html"},
    {FA_ENDPOINT_STATUS, 200, "The counters, in the format asked for.",
     "application/json, text/html, text/plain"},
    {FA_ENDPOINT_STATUS, 400, "The format is unknown.", "text/html"},
};

static void add_handled(apr_pool_t *pool, apr_array_header_t *answers,
                        const fa_documented *one)
{
    static const fa_answer not_allowed = {
        405, 1u << FA_ALLOWED, "The method is not allowed here.", "text/html"};

    if (one->endpoint != FA_ENDPOINT_NONE && one->method != FA_GET) {
        add(pool, answers, &not_allowed);
        return;
    }
    for (size_t i = 0; i < sizeof handled / sizeof *handled; i++) {
        const fa_answer answer = {handled[i].status, 1u << FA_ALLOWED,
                                  handled[i].description,
                                  handled[i].media_type};

        if (handled[i].endpoint == one->endpoint)
            add(pool, answers, &answer);
    }
}

static const char *refusal_type(const fa_policy *policy)
{
    switch (fa_policy_error_format(policy)) {
    case FA_ERROR_PROBLEM:
        return "application/problem+json";
    case FA_ERROR_FASTOPENAPI:
        return "application/json";
    case FA_ERROR_HTTPD:
        break;
    }
    return "text/html";
}

static void add_refusal(apr_pool_t *pool, apr_array_header_t *answers,
                        const fa_policy *policy, fa_verdict verdict)
{
    const fa_answer answer = {fa_error_status(policy, verdict), 1u << verdict,
                              fa_verdict_row_of(verdict)->detail,
                              refusal_type(policy)};

    add(pool, answers, &answer);
}

/* Something is demanded, and no scheme could bring it; or there are more limits
 * than can be weighed. */
static bool is_misconfigured(const fa_policy *policy, int method)
{
    const fa_limit *limits[FA_LIMITS_MAX];

    if (!fa_outcome_has_address(policy, method))
        return false;
    return (fa_outcome_needs_identity(policy, method) &&
            !fa_schemes_in_force(policy->schemes)) ||
           fa_policy_limits(policy, limits) > FA_LIMITS_MAX;
}

apr_array_header_t *fa_document_answers(apr_pool_t *pool,
                                        const fa_documented *one)
{
    apr_array_header_t *answers = apr_array_make(pool, 6, sizeof(fa_answer));
    unsigned outcomes = fa_outcomes(one->policy, (int)one->method);

    if (fa_policy_report_only(one->policy))
        outcomes = 1u << FA_ALLOWED;
    if (outcomes & 1u << FA_ALLOWED)
        add_handled(pool, answers, one);
    else if (is_misconfigured(one->policy, (int)one->method))
        add_refusal(pool, answers, one->policy, FA_MISCONFIGURED);
    for (int i = FA_ALLOWED + 1; i < FA_VERDICT_COUNT; i++) {
        if (outcomes & 1u << i)
            add_refusal(pool, answers, one->policy, (fa_verdict)i);
    }
    return answers;
}

/* --- ways in -------------------------------------------------------------- */

/* Fit for a component's name. What else a name holds is escaped with a dot, so
 * that two of them are never one. */
static const char *name_of(apr_pool_t *pool, const char *first,
                           const char *second, const char *parameter)
{
    return apr_pstrcat(
        pool, first, second, parameter ? "-" : "",
        parameter ? fa_text_escaped(pool, parameter, "-_", '.') : "", NULL);
}

static void add_way(apr_array_header_t *ways, const fa_way *way)
{
    for (int i = 0; i < ways->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(ways, i, fa_way).name, way->name) == 0)
            return;
    }
    APR_ARRAY_PUSH(ways, fa_way) = *way;
}

/* A bearer token in one of its places. Where both bearer schemes are in force,
 * a token elsewhere than in its own header is the first one's. */
static void add_token(apr_pool_t *pool, apr_array_header_t *ways,
                      const fa_scheme *scheme, const fa_token_source *source,
                      bool is_first)
{
    fa_way way = {scheme, source, scheme->name};

    switch (source ? source->place : FA_TOKEN_HEADER) {
    case FA_TOKEN_HEADER:
        way.source = NULL;
        add_way(ways, &way);
        return;
    case FA_TOKEN_COOKIE:
        way.name = name_of(pool, scheme->name, "-cookie", source->name);
        break;
    case FA_TOKEN_QUERY:
        way.name = name_of(pool, scheme->name, "-query", source->name);
        break;
    }
    if (is_first)
        add_way(ways, &way);
}

static void add_tokens(apr_pool_t *pool, apr_array_header_t *ways,
                       const fa_policy *policy, const fa_scheme *scheme)
{
    const apr_array_header_t *sources = policy->token_sources;
    bool is_first = scheme == fa_schemes_bearer(policy->schemes);

    if (!sources)
        add_token(pool, ways, scheme, NULL, is_first);
    for (int i = 0; sources && i < sources->nelts; i++)
        add_token(pool, ways, scheme,
                  &APR_ARRAY_IDX(sources, i, fa_token_source), is_first);
}

/* All ways that the schemes in force leave. */
static apr_array_header_t *all_ways(apr_pool_t *pool, const fa_policy *policy)
{
    apr_array_header_t *ways = apr_array_make(pool, 2, sizeof(fa_way));
    int count =
        fa_schemes_in_force(policy->schemes) ? policy->schemes->list->nelts : 0;

    for (int i = 0; i < count; i++) {
        const fa_scheme *scheme =
            &APR_ARRAY_IDX(policy->schemes->list, i, fa_scheme);
        const fa_way way = {scheme, NULL,
                            name_of(pool, scheme->name, "", scheme->parameter)};

        switch (scheme->kind) {
        case FA_BEARER_JWT:
        case FA_OAUTH2:
            add_tokens(pool, ways, policy, scheme);
            break;
        case FA_API_KEY_HEADER:
        case FA_API_KEY_QUERY:
        case FA_API_KEY_COOKIE:
        case FA_BASIC:
            add_way(ways, &way);
            break;
        }
    }
    return ways;
}

apr_array_header_t *fa_document_ways(apr_pool_t *pool, const fa_documented *one)
{
    apr_array_header_t *all = all_ways(pool, one->policy);
    apr_array_header_t *good = apr_array_make(pool, 4, sizeof(fa_way));

    for (int i = 0; i < all->nelts; i++) {
        const fa_way *way = &APR_ARRAY_IDX(all, i, fa_way);

        if (fa_outcome_admits(one->policy, (int)one->method, way->scheme->kind))
            APR_ARRAY_PUSH(good, fa_way) = *way;
    }
    return good->nelts > 0 ? good : all;
}
