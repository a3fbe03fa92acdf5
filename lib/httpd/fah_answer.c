/* What the handlers of this module have in common.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_answer.h"

#include <http_protocol.h>
#include <http_request.h>

bool fah_is_read(request_rec *r)
{
    apr_table_setn(r->err_headers_out, "X-Content-Type-Options", "nosniff");
    /* M_GET is HEAD too. */
    if (r->method_number == M_GET)
        return true;
    ap_allow_methods(r, REPLACE_ALLOW, "GET", NULL);
    return false;
}

int fah_answer(request_rec *r, const char *type, const char *text, size_t size)
{
    ap_set_content_type(r, type);
    ap_set_content_length(r, (apr_off_t)size);
    ap_rwrite(text, (int)size, r);
    return OK;
}
