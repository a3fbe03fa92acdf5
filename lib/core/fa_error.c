/* The body of a refusal.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_error.h"

#include <apr_strings.h>

#include "fa_challenge.h"

/* FastOpenAPI's type, and RFC 9457's title for about:blank: the status's own
 * phrase (RFC 9110 section 15). */
static const struct {
    int status;
    const char *title, *type;
} statuses[] = {
    {400, "Bad Request", "bad_request"},
    {401, "Unauthorized", "authentication_error"},
    {403, "Forbidden", "authorization_error"},
    {503, "Service Unavailable", "service_unavailable"},
    {500, "Internal Server Error", "internal_error"},
};

const char *fa_error_body(apr_pool_t *pool, fa_error_format format,
                          const fa_decision *decision, const char **type)
{
    const fa_verdict_row *row = fa_verdict_row_of(decision->verdict);
    const char *error = fa_oauth_error(decision);
    size_t i = 0;

    while (i + 1 < sizeof statuses / sizeof *statuses &&
           statuses[i].status != row->status)
        i++;

    switch (format) {
    case FA_ERROR_PROBLEM:
        *type = "application/problem+json";
        return apr_pstrcat(
            pool, "{\"type\":\"about:blank\",\"title\":\"", statuses[i].title,
            "\",\"status\":", apr_itoa(pool, row->status), ",\"detail\":\"",
            row->detail, error ? "\",\"error\":\"" : "", error ? error : "",
            "\"}\n", NULL);
    case FA_ERROR_FASTOPENAPI:
        *type = "application/json";
        return apr_pstrcat(pool, "{\"error\":{\"type\":\"", statuses[i].type,
                           "\",\"message\":\"", row->detail,
                           "\",\"status\":", apr_itoa(pool, row->status),
                           "}}\n", NULL);
    case FA_ERROR_HTTPD:
        break;
    }
    return NULL;
}
