/* The configuration's life: created, merged, found.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

fah_server *fah_server_of(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &fastauth_module);
}

const fa_policy *fah_policy_of(const request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, &fastauth_module);
}

void *fah_create_section(apr_pool_t *pool, char *path)
{
    (void)path;
    return fa_policy_create(pool);
}

void *fah_merge_sections(apr_pool_t *pool, void *parent, void *child)
{
    return fa_policy_merge(pool, parent, child);
}

void *fah_create_server(apr_pool_t *pool, server_rec *s)
{
    fah_server *server = apr_pcalloc(pool, sizeof *server);

    (void)s;
    server->said = fa_server_create(pool);
    return server;
}

void *fah_merge_servers(apr_pool_t *pool, void *main, void *virtual_host)
{
    fah_server *merged = apr_pcalloc(pool, sizeof *merged);

    merged->said = fa_server_merge(pool, ((fah_server *)main)->said,
                                   ((fah_server *)virtual_host)->said);
    return merged;
}

void fah_seed_hashes(apr_pool_t *pchild, server_rec *s)
{
    (void)pchild;
    (void)s;
    json_object_seed(0);
}
