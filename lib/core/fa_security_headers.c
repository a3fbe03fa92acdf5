/* Headers that keep browsers from doing more than an API needs.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_security_headers.h"

#include <apr_strings.h>

apr_table_t *fa_security_headers_of(apr_pool_t *pool,
                                    const fa_security_headers *headers,
                                    bool tls)
{
    apr_table_t *table = apr_table_make(pool, 6);

    if (!headers || !headers->on)
        return table;
    apr_table_setn(table, "X-Content-Type-Options", "nosniff");
    if (headers->frame)
        apr_table_setn(table, "X-Frame-Options", headers->frame);
    apr_table_setn(table, "Referrer-Policy", "no-referrer");
    /* The filter that this turns off could be made to leak. */
    apr_table_setn(table, "X-XSS-Protection", "0");
    if (headers->csp)
        apr_table_setn(table, "Content-Security-Policy", headers->csp);
    if (tls && headers->hsts_s >= 0)
        apr_table_setn(
            table, "Strict-Transport-Security",
            apr_psprintf(pool, "max-age=%" APR_INT64_T_FMT, headers->hsts_s));
    return table;
}

bool fa_security_header_is_single(const char *name)
{
    return strcasecmp(name, "Content-Security-Policy") != 0;
}

void fa_security_headers_describe(apr_pool_t *pool,
                                  const fa_security_headers *headers,
                                  apr_array_header_t *lines)
{
    const apr_array_header_t *all =
        apr_table_elts(fa_security_headers_of(pool, headers, true));
    const char *text = "";

    for (int i = 0; i < all->nelts; i++) {
        const apr_table_entry_t *entry =
            &APR_ARRAY_IDX(all, i, apr_table_entry_t);

        text = apr_pstrcat(pool, text, i ? ", " : "", entry->key, " ",
                           entry->val, NULL);
    }
    if (*text)
        APR_ARRAY_PUSH(lines, const char *) =
            apr_psprintf(pool, "answers have %s   (SecurityHeaders, %s:%d)",
                         text, headers->section.file, headers->section.line);
}
