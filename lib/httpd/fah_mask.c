/* Credentials in a query never reach a log or the status page.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_mask.h"

#include <string.h>

#include <apr_strings.h>
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
    if (!changed)
        return;
    r->the_request = sent->the_request;
    ap_update_child_status(r->connection->sbh, SERVER_BUSY_WRITE, sent);
}

int fah_mask_log(request_rec *r)
{
    const apr_array_header_t *names = fah_server_of(r->server)->query_names;

    for (request_rec *to = fah_outermost(r); to; to = to->next) {
        for (int i = 0; names && i < names->nelts; i++) {
            const char *name = APR_ARRAY_IDX(names, i, const char *);
            char *args =
                to->args ? masked(r->pool, to->args, true, name) : NULL;

            mask_line(to, name);
            if (args)
                to->args = args;
        }
    }
    return DECLINED;
}
