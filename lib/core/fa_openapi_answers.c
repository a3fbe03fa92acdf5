/* The OpenAPI document: what is answered.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_openapi_part.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_outcome.h"

/* --- bodies --------------------------------------------------------------- */

static const char *schema_of(const fa_documented *one, const fa_answer *answer,
                             const char *type)
{
    bool is_ours = answer->status == 200;

    if (strcmp(type, "application/problem+json") == 0)
        return FA_OPENAPI_PROBLEM;
    if (strcmp(type, "application/json") != 0)
        return NULL;
    if (!is_ours)
        return FA_OPENAPI_FASTOPENAPI;
    return one->endpoint == FA_ENDPOINT_STATUS ? FA_OPENAPI_STATUS : NULL;
}

static json_t *body(fa_openapi_part *part, const fa_documented *one,
                    const fa_answer *answer, const char *type)
{
    const char *ref = schema_of(one, answer, type);
    bool is_json = strcmp(type, "application/json") == 0;
    json_t *object = json_object();

    fa_openapi_set(
        part, object, "schema",
        ref ? fa_openapi_ref(part, ref)
            : json_pack("{s:s}", "type", is_json ? "object" : "string"));
    return object;
}

static json_t *content(fa_openapi_part *part, const fa_documented *one,
                       const fa_answer *answer)
{
    char *rest = apr_pstrdup(part->pool, answer->media_type), *type;
    json_t *object = json_object();

    while ((type = apr_strtok(rest, ", ", &rest)) != NULL)
        fa_openapi_set(part, object, type, body(part, one, answer, type));
    return object;
}

/* --- headers -------------------------------------------------------------- */

static void add_header(fa_openapi_part *part, json_t *object, const char *ref)
{
    fa_openapi_set(part, object, strrchr(ref, '/') + 1,
                   fa_openapi_ref(part, ref));
}

/* Of requests that pass limits; failures are told of only to who fails. */
static bool tells_limits(const fa_documented *one)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_outcome_limits(one->policy, (int)one->method, limits);

    for (size_t i = 0; i < count; i++) {
        if (!limits[i]->on_failure)
            return true;
    }
    return false;
}

/* Which challenges verdicts bring: with every answer, or with some. */
static void add_challenge(fa_openapi_part *part, json_t *object,
                          const fa_documented *one, unsigned verdicts)
{
    bool bearer = fa_schemes_bearer(one->policy->schemes) != NULL;
    bool due = false, scope = false;

    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        if (!(verdicts & 1u << i))
            continue;
        switch (fa_verdict_row_of((fa_verdict)i)->challenge) {
        case FA_CHALLENGE_NONE:
            break;
        case FA_CHALLENGE_ALL:
            due = true;
            break;
        case FA_CHALLENGE_BEARER:
            due = due || bearer;
            break;
        case FA_CHALLENGE_CALLER:
            scope = scope || bearer;
            break;
        }
    }
    if (due)
        add_header(part, object, FA_OPENAPI_HEADER "WWW-Authenticate");
    else if (scope)
        fa_openapi_set(
            part, object, "WWW-Authenticate",
            json_pack("{s:s,s:{s:s}}", "description",
                      "To a caller whose bearer token lacks a scope: which "
                      "scopes are required.",
                      "schema", "type", "string"));
}

static json_t *headers_of(fa_openapi_part *part, const fa_documented *one,
                          const fa_answer *answer)
{
    const unsigned limit = 1u << FA_RATE_EXCEEDED;
    const unsigned wait = limit | 1u << FA_UNAVAILABLE;
    /* Decided before any permit is taken; all else comes after. */
    const unsigned before = 1u << FA_TLS_REQUIRED | 1u << FA_ADDRESS_REFUSED;
    json_t *object = json_object();

    add_challenge(part, object, one, answer->verdicts);
    if (answer->verdicts & wait)
        add_header(part, object, FA_OPENAPI_HEADER "Retry-After");
    if (answer->verdicts & limit ||
        (answer->verdicts & ~before && tells_limits(one))) {
        add_header(part, object, FA_OPENAPI_HEADER "RateLimit");
        add_header(part, object, FA_OPENAPI_HEADER "RateLimit-Policy");
    }
    return object;
}

/* --- responses ------------------------------------------------------------ */

static json_t *response(fa_openapi_part *part, const fa_documented *one,
                        const fa_answer *answer)
{
    json_t *fields = headers_of(part, one, answer);
    json_t *object = json_object();

    fa_openapi_set(part, object, "description",
                   json_string(answer->description));
    if (json_object_size(fields) > 0)
        fa_openapi_set(part, object, "headers", fields);
    else
        json_decref(fields);
    if (answer->media_type)
        fa_openapi_set(part, object, "content", content(part, one, answer));
    return object;
}

json_t *fa_openapi_responses(fa_openapi_part *part, const fa_documented *one)
{
    apr_array_header_t *answers = fa_document_answers(part->pool, one);
    static const fa_answer handlers = {
        400, 1u << FA_ALLOWED, "What the handler refuses by itself.", NULL};
    bool passes = false, refuses = false;
    json_t *object = json_object();

    for (int i = 0; i < answers->nelts; i++) {
        const fa_answer *answer = &APR_ARRAY_IDX(answers, i, fa_answer);
        bool is_open =
            answer->status == 200 && one->endpoint == FA_ENDPOINT_NONE;

        refuses = refuses || (answer->status >= 400 && answer->status < 500);
        passes = passes || is_open;
        fa_openapi_set(part, object,
                       is_open ? "2XX" : apr_itoa(part->pool, answer->status),
                       response(part, one, answer));
    }
    /* Who refuses nobody leaves that to the handler. */
    if (passes && !refuses)
        fa_openapi_set(part, object, "4XX", response(part, one, &handlers));
    return object;
}
