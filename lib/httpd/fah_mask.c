/* Credentials in a query never reach a log or the status page.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_mask.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <scoreboard.h>

#include "fah_state.h"

/* Text with the value of each name=value behind `?` or `&` replaced; NULL where
 * there is none. */
static char *masked(apr_pool_t *pool, const char *text, bool is_query,
                    const char *name)
{
    size_t length = strlen(name);
    const char *from = is_query ? text : strchr(text, '?');
    const char *done = text;
    char *result = "";

    if (!from)
        return NULL;
    from += is_query ? 0 : 1;
    for (; from; from = strpbrk(from, "& "), from = from ? from + 1 : NULL) {
        if (strncmp(from, name, length) != 0 || from[length] != '=')
            continue;
        from += length + 1;
        result = apr_pstrcat(
            pool, result, apr_pstrmemdup(pool, done, (apr_size_t)(from - done)),
            "***", NULL);
        done = from + strcspn(from, "& ");
        from = done;
        if (!*from)
            break;
    }
    return done == text ? NULL : apr_pstrcat(pool, result, done, NULL);
}

static bool mask_line(request_rec *r, const char *name)
{
    char *line =
        r->the_request ? masked(r->pool, r->the_request, false, name) : NULL;

    if (line)
        r->the_request = line;
    return line != NULL;
}

/* All that httpd may show: where the URL has a password, not the line but what
 * was parsed of it. */
static bool mask_shown(request_rec *r)
{
    const apr_array_header_t *names = fah_server_of(r->server)->query_names;
    bool changed = false;

    for (int i = 0; names && i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);
        char *query = r->parsed_uri.query
                          ? masked(r->pool, r->parsed_uri.query, true, name)
                          : NULL;

        changed = mask_line(r, name) || changed;
        if (query)
            r->parsed_uri.query = query;
    }
    return changed;
}

/* A path that httpd itself refuses, with the whole URL in the error log. */
static bool is_malformed(const request_rec *r)
{
    const core_server_config *core =
        ap_get_core_module_config(r->server->module_config);
    unsigned flags =
        AP_NORMALIZE_NOT_ABOVE_ROOT | AP_NORMALIZE_DECODE_UNRESERVED;

    if (core->merge_slashes != AP_CORE_CONFIG_OFF)
        flags |= AP_NORMALIZE_MERGE_SLASHES;
    return r->parsed_uri.path &&
           !ap_normalize_path(apr_pstrdup(r->pool, r->parsed_uri.path), flags);
}

static void mask_malformed(request_rec *r)
{
    const apr_array_header_t *names = fah_server_of(r->server)->query_names;

    for (int i = 0; names && i < names->nelts; i++) {
        char *url = masked(r->pool, r->unparsed_uri, false,
                           APR_ARRAY_IDX(names, i, const char *));

        if (url)
            r->unparsed_uri = url;
    }
}

/* In the request's notes until the status page has taken the line. */
#define LINE  "fastauth: line"
#define QUERY "fastauth: query"

int fah_mask_status(request_rec *r)
{
    char *line = r->the_request, *query = r->parsed_uri.query;

    if (r->main || r->prev || !mask_shown(r))
        return DECLINED;
    if (is_malformed(r))
        mask_malformed(r);
    apr_table_setn(r->notes, LINE, line);
    if (query)
        apr_table_setn(r->notes, QUERY, query);
    return DECLINED;
}

/* A section that does not read a name leaves it to its handler. */
int fah_unmask(request_rec *r, int lookup)
{
    const char *line = apr_table_get(r->notes, LINE);
    const char *query = apr_table_get(r->notes, QUERY);

    if (lookup || !line)
        return DECLINED;
    r->the_request = apr_pstrdup(r->pool, line);
    if (query)
        r->parsed_uri.query = apr_pstrdup(r->pool, query);
    apr_table_unset(r->notes, LINE);
    apr_table_unset(r->notes, QUERY);
    return DECLINED;
}

void fah_mask_request(request_rec *r, const fa_policy *policy)
{
    request_rec *sent = fah_outermost(r);
    const apr_array_header_t *list =
        policy->schemes ? policy->schemes->list : NULL;
    const apr_array_header_t *sources = policy->token_sources;
    bool changed = false;

    for (int i = 0; list && i < list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(list, i, fa_scheme);

        if (scheme->kind == FA_API_KEY_QUERY)
            changed = mask_line(sent, scheme->parameter) || changed;
    }
    for (int i = 0; sources && i < sources->nelts; i++) {
        const fa_token_source *source =
            &APR_ARRAY_IDX(sources, i, fa_token_source);

        if (source->place == FA_TOKEN_QUERY)
            changed = mask_line(sent, source->name) || changed;
    }
    if (changed)
        r->the_request = sent->the_request;
}

int fah_mask_log(request_rec *r)
{
    const apr_array_header_t *names = fah_server_of(r->server)->query_names;

    for (request_rec *to = fah_outermost(r); to; to = to->next) {
        /* httpd has just written it there as it came. */
        if (mask_shown(to))
            ap_update_child_status(r->connection->sbh, SERVER_BUSY_LOG, to);
        for (int i = 0; to->args && names && i < names->nelts; i++) {
            char *args = masked(r->pool, to->args, true,
                                APR_ARRAY_IDX(names, i, const char *));

            if (args)
                to->args = args;
        }
    }
    return DECLINED;
}
