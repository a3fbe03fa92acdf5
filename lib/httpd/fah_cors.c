/* Requests that pages of other origins make.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_cors.h"

#include <apr_strings.h>

#include "fah_reply.h"
#include "fah_state.h"

#define METHOD  "Access-Control-Request-Method"
#define HEADERS "Access-Control-Request-Headers"

const fa_cors *fah_cors_of(request_rec *r)
{
    const fa_cors *asked = fah_policy_of(fah_outermost(r))->cors;
    const fa_cors *cors = asked ? asked : fah_policy_of(r)->cors;

    return fa_cors_in_force(cors) ? cors : NULL;
}

/* What a preflight is made of, wherever it is asked. */
static bool asks_before(const request_rec *r)
{
    return r->method_number == M_OPTIONS && !r->main &&
           apr_table_get(r->headers_in, "Origin") &&
           apr_table_get(r->headers_in, METHOD);
}

bool fah_is_preflight(request_rec *r)
{
    return asks_before(r) && fah_cors_of(r);
}

static void drop(request_rec *r, apr_table_t *headers)
{
    const apr_array_header_t *all = apr_table_elts(headers);

    for (int i = 0; i < all->nelts;) {
        const char *name = APR_ARRAY_IDX(all, i, apr_table_entry_t).key;

        /* Unsetting moves what is behind; look at the same place again. */
        if (fa_cors_is_header(name))
            apr_table_unset(headers, apr_pstrdup(r->pool, name));
        else
            i++;
    }
}

static int add(void *headers, const char *name, const char *value)
{
    apr_table_setn(headers, name, value);
    return 1;
}

void fah_tell_cors(request_rec *r)
{
    const fa_cors *cors = fah_cors_of(r);
    fa_cors_asked asked = {apr_table_get(r->headers_in, "Origin"),
                           apr_table_get(r->headers_in, METHOD),
                           apr_table_get(r->headers_in, HEADERS)};

    if (!cors)
        return;
    drop(r, r->headers_out);
    drop(r, r->err_headers_out);
    fah_vary_on(r, "Origin");
    /* An ErrorDocument 204 is a request of its own, and still its answer. */
    if (!asks_before(fah_outermost(r))) {
        apr_table_do(add, r->headers_out,
                     fa_cors_answer(r->pool, cors, asked.origin), NULL);
        return;
    }
    fah_vary_on(r, METHOD);
    fah_vary_on(r, HEADERS);
    apr_table_do(add, r->headers_out, fa_cors_preflight(r->pool, cors, &asked),
                 NULL);
}
