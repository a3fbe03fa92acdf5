/* Credentials in a query never reach the access log.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <apr_strings.h>

#include "fah_state.h"
#include "fah_strip.h"

/* Text with the value of each name=value behind `?` or `&` replaced. */
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

void fah_mask_line(request_rec *r, const char *name)
{
    char *line =
        r->the_request ? masked(r->pool, r->the_request, false, name) : NULL;

    if (line)
        r->the_request = line;
}

static void mask(request_rec *r, const char *name)
{
    char *args = r->args ? masked(r->pool, r->args, true, name) : NULL;

    fah_mask_line(r, name);
    if (args)
        r->args = args;
}

static void mask_for(request_rec *r, const fa_policy *policy)
{
    const apr_array_header_t *sources = policy->token_sources;

    for (int i = 0; policy->schemes && i < policy->schemes->list->nelts; i++) {
        const fa_scheme *scheme =
            &APR_ARRAY_IDX(policy->schemes->list, i, fa_scheme);

        if (scheme->kind == FA_API_KEY_QUERY)
            mask(r, scheme->parameter);
        /* Read here or not, clients put it there (RFC 6750 section 2.3). */
        if (scheme->kind == FA_BEARER_JWT || scheme->kind == FA_OAUTH2)
            mask(r, "access_token");
    }
    for (int i = 0; sources && i < sources->nelts; i++) {
        if (APR_ARRAY_IDX(sources, i, fa_token_source).place == FA_TOKEN_QUERY)
            mask(r, APR_ARRAY_IDX(sources, i, fa_token_source).name);
    }
}

int fah_mask_log(request_rec *r)
{
    /* From the client's request down: any of them may be what is logged. */
    for (request_rec *from = fah_outermost(r); from; from = from->next) {
        for (request_rec *to = fah_outermost(r); to; to = to->next)
            mask_for(to, fah_policy_of(from));
    }
    return DECLINED;
}
