/* What the caller is told to bring: WWW-Authenticate.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_challenge.h"

#include <apr_strings.h>

#include "fa_text.h"

static bool is_bearer(const fa_scheme *scheme)
{
    return scheme &&
           (scheme->kind == FA_BEARER_JWT || scheme->kind == FA_OAUTH2);
}

const char *fa_oauth_error(const fa_decision *decision)
{
    switch (fa_verdict_row_of(decision->verdict)->challenge) {
    case FA_CHALLENGE_ALL:
        if (!is_bearer(decision->presented))
            return NULL;
        break;
    case FA_CHALLENGE_NONE:
    case FA_CHALLENGE_BEARER:
    case FA_CHALLENGE_CALLER:
        break;
    }
    return fa_verdict_row_of(decision->verdict)->error;
}

static const char *bearer(apr_pool_t *pool, const fa_decision *decision,
                          const char *realm)
{
    const char *error = fa_oauth_error(decision);
    const char *text = apr_pstrcat(pool, "Bearer realm=", realm, NULL);

    if (error)
        text = apr_pstrcat(pool, text, ", error=\"", error, "\"", NULL);
    if (error && decision->verdict == FA_EXPIRED_CREDENTIAL)
        text = apr_pstrcat(
            pool, text, ", error_description=\"The token has expired\"", NULL);
    if (error && decision->verdict == FA_SCOPE_MISSING && decision->failed)
        text = apr_pstrcat(pool, text, ", scope=\"", decision->failed->text,
                           "\"", NULL);
    return text;
}

static const char *challenge(apr_pool_t *pool, const fa_decision *decision,
                             const fa_scheme *scheme, const char *realm)
{
    const char *place = NULL;

    switch (scheme->kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        return bearer(pool, decision, realm);
    case FA_BASIC:
        return apr_pstrcat(pool, "Basic realm=", realm, ", charset=\"UTF-8\"",
                           NULL);
    case FA_API_KEY_HEADER:
        place = "header";
        break;
    case FA_API_KEY_QUERY:
        place = "query";
        break;
    case FA_API_KEY_COOKIE:
        place = "cookie";
        break;
    }
    return apr_pstrcat(pool, "ApiKey realm=", realm, ", in=\"", place,
                       "\", name=\"", scheme->parameter, "\"", NULL);
}

static bool is_due(const fa_decision *decision, const fa_policy *policy,
                   const fa_scheme *scheme)
{
    bool first_bearer = scheme == fa_schemes_bearer(policy->schemes);

    if (is_bearer(scheme) && !first_bearer)
        return false;
    switch (fa_verdict_row_of(decision->verdict)->challenge) {
    case FA_CHALLENGE_NONE:
        return false;
    case FA_CHALLENGE_ALL:
        return true;
    case FA_CHALLENGE_BEARER:
        return first_bearer;
    case FA_CHALLENGE_CALLER:
        return first_bearer && is_bearer(decision->presented);
    }
    return false;
}

apr_array_header_t *fa_challenges(apr_pool_t *pool, const fa_decision *decision,
                                  const fa_policy *policy, const char *realm)
{
    apr_array_header_t *lines = apr_array_make(pool, 2, sizeof(char *));
    const char *quoted = fa_text_quoted(pool, realm);

    if (!fa_schemes_in_force(policy->schemes))
        return lines;
    for (int i = 0; i < policy->schemes->list->nelts; i++) {
        const fa_scheme *scheme =
            &APR_ARRAY_IDX(policy->schemes->list, i, fa_scheme);

        if (is_due(decision, policy, scheme))
            APR_ARRAY_PUSH(lines, const char *) =
                challenge(pool, decision, scheme, quoted);
    }
    return lines;
}
