/* A limit's name= means one limit, wherever it stands.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

static bool agrees(server_rec *s, apr_hash_t *by_name, const fa_limit *limit)
{
    const fa_limit *first =
        apr_hash_get(by_name, limit->name, APR_HASH_KEY_STRING);

    if (!first) {
        apr_hash_set(by_name, limit->name, APR_HASH_KEY_STRING, limit);
        return true;
    }
    if (strcmp(first->counter, limit->counter) == 0)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "RateLimit: name=%s (%s:%d) is another limit at %s:%d: one "
                 "name has one N/WINDOW, by= and on=, or choose two names",
                 limit->name, limit->section.file, limit->section.line,
                 first->section.file, first->section.line);
    return false;
}

bool fah_limit_names_agree(apr_pool_t *scratch, server_rec *main_server)
{
    apr_hash_t *by_name = apr_hash_make(scratch);
    bool agree = true;

    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *limits = fah_server_of(s)->said->limits;

        for (int i = 0; limits && i < limits->nelts; i++) {
            const fa_limit *limit = APR_ARRAY_IDX(limits, i, const fa_limit *);

            if (limit->is_named)
                agree = agrees(s, by_name, limit) && agree;
        }
    }
    return agree;
}
