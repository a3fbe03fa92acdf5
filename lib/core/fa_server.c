/* What is said once for a server or virtual host.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_server.h"

fa_server *fa_server_create(apr_pool_t *pool)
{
    return apr_pcalloc(pool, sizeof(fa_server));
}

fa_server *fa_server_merge(apr_pool_t *pool, const fa_server *main,
                           const fa_server *virtual_host)
{
    fa_server *merged = apr_palloc(pool, sizeof *merged);

#define FA_SERVER_LATER(type, name) \
    merged->name = virtual_host->name ? virtual_host->name : main->name;
    FA_SERVER_FIELDS(FA_SERVER_LATER)
#undef FA_SERVER_LATER
    return merged;
}
