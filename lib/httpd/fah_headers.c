/* What browsers are told with every answer: CORS, security headers.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <string.h>

#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "fah_cors.h"
#include "fah_state.h"

/* One before mod_cache keeps the answer, one when everybody has spoken. */
#define KEPT_FILTER "FASTAUTH_HEADERS_KEPT"
#define LAST_FILTER "FASTAUTH_HEADERS"

/* The client's own URL decides, as with CORS. */
static const fa_security_headers *security_of(request_rec *r)
{
    const fa_security_headers *asked =
        fah_policy_of(fah_outermost(r))->security_headers;

    return asked ? asked : fah_policy_of(r)->security_headers;
}

/* Whoever has set it keeps it, but of two that would fight one: the
 * administrator's (Header always), else the first. */
static int add(void *context, const char *name, const char *value)
{
    request_rec *r = context;
    const char *kept = apr_table_get(r->err_headers_out, name);
    const char *handlers = apr_table_get(r->headers_out, name);

    if (!kept && !handlers)
        apr_table_setn(r->headers_out, name, value);
    if (!fa_security_header_is_single(name))
        return 1;
    if (kept) {
        apr_table_setn(r->err_headers_out, name, kept);
        apr_table_unset(r->headers_out, name);
    }
    else if (handlers) {
        apr_table_setn(r->headers_out, name, handlers);
    }
    return 1;
}

static apr_status_t headers_filter(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;
    bool tls = strcmp(ap_http_scheme(r), "https") == 0;

    fah_tell_cors(r);
    apr_table_do(add, r, fa_security_headers_of(r->pool, security_of(r), tls),
                 NULL);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, brigade);
}

/* mod_cache answers before sections are known (CacheQuickHandler), with headers
 * that were right when it kept them. */
static bool is_from_cache(const request_rec *r)
{
    return !r->filename && !r->prev &&
           (r->status == HTTP_OK || r->status == HTTP_NOT_MODIFIED);
}

void fah_add_headers(request_rec *r)
{
    const fa_security_headers *security = security_of(r);

    if (r->main || is_from_cache(r) ||
        (!fah_cors_of(r) && !(security && security->on)))
        return;
    ap_add_output_filter(KEPT_FILTER, NULL, r, r->connection);
    ap_add_output_filter(LAST_FILTER, NULL, r, r->connection);
}

void fah_register_headers(void)
{
    /* Behind mod_headers, which is of this type and added before. */
    ap_register_output_filter(KEPT_FILTER, headers_filter, NULL,
                              AP_FTYPE_CONTENT_SET);
    ap_register_output_filter(LAST_FILTER, headers_filter, NULL,
                              AP_FTYPE_PROTOCOL - 1);
}
