/* The body of a refusal.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_error.h"

#include <apr_strings.h>

#include "fa_challenge.h"
#include "fa_ratelimit.h"

/* FastOpenAPI's type, and RFC 9457's title for about:blank: the status's own
 * phrase (RFC 9110 section 15). */
static const struct {
    int status;
    const char *title, *type;
} statuses[] = {
    {400, "Bad Request", "bad_request"},
    {401, "Unauthorized", "authentication_error"},
    {403, "Forbidden", "authorization_error"},
    {404, "Not Found", "not_found"},
    {429, "Too Many Requests", "rate_limit_exceeded"},
    {503, "Service Unavailable", "service_unavailable"},
    {500, "Internal Server Error", "internal_error"},
};

static const char quota[] =
    "https://iana.org/assignments/http-problem-types#quota-exceeded";

int fa_error_status(const fa_policy *policy, fa_verdict verdict)
{
    if (verdict == FA_RATE_EXCEEDED && policy->limit_status)
        return *policy->limit_status;
    return fa_verdict_row_of(verdict)->status;
}

static const char *problem(apr_pool_t *pool, int status, const char *title,
                           const fa_decision *decision)
{
    const char *error = fa_oauth_error(decision);
    bool is_quota = decision->verdict == FA_RATE_EXCEEDED;

    return apr_pstrcat(
        pool, "{\"type\":\"", is_quota ? quota : "about:blank",
        "\",\"title\":\"", is_quota ? "Quota Exceeded" : title,
        "\",\"status\":", apr_itoa(pool, status), ",\"detail\":\"",
        fa_verdict_row_of(decision->verdict)->detail, "\"",
        error ? ",\"error\":\"" : "", error ? error : "", error ? "\"" : "",
        is_quota ? ",\"violated-policies\":" : "",
        is_quota ? fa_ratelimit_violated(pool, decision) : "", "}\n", NULL);
}

const char *fa_error_body(apr_pool_t *pool, const fa_policy *policy,
                          const fa_decision *decision, const char **type)
{
    int status = fa_error_status(policy, decision->verdict);
    size_t i = 0;

    while (i + 1 < sizeof statuses / sizeof *statuses &&
           statuses[i].status != status)
        i++;

    switch (fa_policy_error_format(policy)) {
    case FA_ERROR_PROBLEM:
        *type = "application/problem+json";
        return problem(pool, status, statuses[i].title, decision);
    case FA_ERROR_FASTOPENAPI:
        *type = "application/json";
        return apr_pstrcat(
            pool, "{\"error\":{\"type\":\"", statuses[i].type,
            "\",\"message\":\"", fa_verdict_row_of(decision->verdict)->detail,
            "\",\"status\":", apr_itoa(pool, status), "}}\n", NULL);
    case FA_ERROR_HTTPD:
        break;
    }
    return NULL;
}
