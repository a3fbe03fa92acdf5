/* fastauth-status, and our part of mod_status' page.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <string.h>

#include <apr_optional_hooks.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_status.h>

#include "fah_answer.h"
#include "fah_count.h"

static const char *render(const fa_status *status, fa_status_format format)
{
    switch (format) {
    case FA_STATUS_PAGE:
        return fa_status_page(status);
    case FA_STATUS_JSON:
        return fa_status_json(status);
    case FA_STATUS_PROMETHEUS:
        return fa_status_prometheus(status);
    case FA_STATUS_UNKNOWN:
        break;
    }
    return NULL;
}

static int answer(request_rec *r, fa_status_format format, const char *text)
{
    if (format == FA_STATUS_PAGE)
        apr_table_setn(r->headers_out, "Content-Security-Policy",
                       fa_status_page_policy(r->pool));
    apr_table_setn(r->headers_out, "Vary", "Accept");
    return fah_answer(r, fa_status_type(format), text, strlen(text));
}

int fah_show_status(request_rec *r)
{
    fa_status_format format;
    const fa_status *status;
    const char *text;

    if (!r->handler || strcmp(r->handler, "fastauth-status") != 0)
        return DECLINED;
    apr_table_setn(r->err_headers_out, "Cache-Control", "no-store");
    if (!fah_is_read(r))
        return HTTP_METHOD_NOT_ALLOWED;
    format = fa_status_choose(r->pool, r->args,
                              apr_table_get(r->headers_in, "Accept"));
    if (format == FA_STATUS_UNKNOWN)
        return HTTP_BAD_REQUEST;
    status = fah_counted(r->pool);
    text = status ? render(status, format) : NULL;
    return text ? answer(r, format, text) : HTTP_SERVICE_UNAVAILABLE;
}

static int add_to_status(request_rec *r, int flags)
{
    const fa_status *status = fah_counted(r->pool);

    if (!status)
        return DECLINED;
    ap_rputs(fa_status_brief(status, flags & AP_STATUS_SHORT ? FA_STATUS_LINES
                                     : flags & AP_STATUS_NOTABLE
                                         ? FA_STATUS_LIST
                                         : FA_STATUS_TABLE),
             r);
    return OK;
}

void fah_register_status(apr_pool_t *pool)
{
    (void)pool;
    APR_OPTIONAL_HOOK(ap, status_hook, add_to_status, NULL, NULL,
                      APR_HOOK_MIDDLE);
}
