/* The policy of a path that nobody has asked for.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_walk.h"

#include <string.h>

#define CORE_PRIVATE
#include <http_core.h>
#include <http_request.h>

#include <apr_strings.h>

request_rec *fah_walk(apr_pool_t *pool, server_rec *s, const char *path)
{
    conn_rec *c = apr_pcalloc(pool, sizeof *c);
    request_rec *r = apr_pcalloc(pool, sizeof *r);

    c->pool = pool;
    c->base_server = s;
    c->bucket_alloc = apr_bucket_alloc_create(pool);
    c->conn_config = ap_create_conn_config(pool);
    c->notes = apr_table_make(pool, 1);

    r->pool = pool;
    r->connection = c;
    r->server = s;
    r->per_dir_config = s->lookup_defaults;
    r->request_config = ap_create_request_config(pool);
    r->headers_in = apr_table_make(pool, 1);
    r->headers_out = apr_table_make(pool, 1);
    r->err_headers_out = apr_table_make(pool, 1);
    r->trailers_in = apr_table_make(pool, 1);
    r->trailers_out = apr_table_make(pool, 1);
    r->subprocess_env = apr_table_make(pool, 1);
    r->notes = apr_table_make(pool, 1);
    r->method = "GET";
    r->method_number = M_GET;
    r->uri = apr_pstrdup(pool, path);
    ap_run_create_request(r);
    ap_location_walk(r);
    return r;
}

const fa_policy *fah_policy_at(apr_pool_t *pool, server_rec *s,
                               const char *path)
{
    return fah_policy_of(fah_walk(pool, s, path));
}

const char *fah_plain_path(const ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);

    return core->r || core->d_is_fnmatch ? NULL : core->d;
}

const apr_array_header_t *fah_locations(const server_rec *s)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);

    return core->sec_url;
}

const fa_policy *fah_policy_in(const ap_conf_vector_t *section)
{
    return ap_get_module_config(section, &fastauth_module);
}

bool fah_path_is_below(const char *path, const char *top)
{
    size_t size = strlen(top);

    return strncmp(path, top, size) == 0 &&
           (!path[size] || path[size] == '/' ||
            (size > 0 && top[size - 1] == '/'));
}
