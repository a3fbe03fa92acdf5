/* Credentials taken out of a request before its handler sees them.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_strip.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_pairs.h"
#include "fah_state.h"

/* In the outermost request's notes: what was withheld, under names that no
 * header can have. */
#define WITHHELD       "fastauth: "
#define WITHHELD_QUERY "fastauth:?"

const char *fah_withheld_header(request_rec *r, const char *name)
{
    return apr_table_get(fah_outermost(r)->notes,
                         apr_pstrcat(r->pool, WITHHELD, name, NULL));
}

const char *fah_original_query(request_rec *r)
{
    const char *withheld =
        apr_table_get(fah_outermost(r)->notes, WITHHELD_QUERY);

    if (!withheld || !r->args)
        return withheld ? withheld : r->args;
    return apr_pstrcat(r->pool, withheld, "&", r->args, NULL);
}

static void withhold_header(request_rec *r, const char *name)
{
    const char *value = apr_table_get(r->headers_in, name);

    if (!value || fah_withheld_header(r, name))
        return;
    apr_table_set(fah_outermost(r)->notes,
                  apr_pstrcat(r->pool, WITHHELD, name, NULL), value);
}

static void strip_cookie(request_rec *r, const char *name)
{
    const char *cookies = apr_table_get(r->headers_in, "Cookie");
    const char *left;

    if (!cookies)
        return;
    withhold_header(r, "Cookie");
    left = fa_cookie_without(r->pool, cookies, name);
    if (*left)
        apr_table_setn(r->headers_in, "Cookie", left);
    else
        apr_table_unset(r->headers_in, "Cookie");
}

/* A URL that mod_proxy has made already carries the query too. */
static void strip_proxied(request_rec *r, const char *name)
{
    char *mark = r->filename && strncmp(r->filename, "proxy:", 6) == 0
                     ? strchr(r->filename, '?')
                     : NULL;
    const char *left;

    if (!mark)
        return;
    left = fa_query_without(r->pool, mark + 1, name);
    r->filename = apr_pstrcat(
        r->pool,
        apr_pstrmemdup(r->pool, r->filename, (apr_size_t)(mark - r->filename)),
        *left ? "?" : "", left, NULL);
}

static void strip_query(request_rec *r, const char *name)
{
    request_rec *outermost = fah_outermost(r);
    char *left;

    strip_proxied(r, name);
    if (!r->args)
        return;
    if (!apr_table_get(outermost->notes, WITHHELD_QUERY))
        apr_table_set(outermost->notes, WITHHELD_QUERY, r->args);
    left = fa_query_without(r->pool, r->args, name);
    r->args = *left ? left : NULL;
}

static void strip_header(request_rec *r, const char *name)
{
    withhold_header(r, name);
    apr_table_unset(r->headers_in, name);
}

static void strip_token(request_rec *r, const fa_policy *policy)
{
    const apr_array_header_t *sources = policy->token_sources;

    if (!sources)
        strip_header(r, "Authorization");
    for (int i = 0; sources && i < sources->nelts; i++) {
        const fa_token_source *source =
            &APR_ARRAY_IDX(sources, i, fa_token_source);

        switch (source->place) {
        case FA_TOKEN_HEADER:
            strip_header(r, "Authorization");
            break;
        case FA_TOKEN_COOKIE:
            strip_cookie(r, source->name);
            break;
        case FA_TOKEN_QUERY:
            strip_query(r, source->name);
            break;
        }
    }
}

static void strip_scheme(request_rec *r, const fa_policy *policy,
                         const fa_scheme *scheme)
{
    switch (scheme->kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        strip_token(r, policy);
        break;
    case FA_BASIC:
        strip_header(r, "Authorization");
        break;
    case FA_API_KEY_HEADER:
        strip_header(r, scheme->parameter);
        break;
    case FA_API_KEY_QUERY:
        strip_query(r, scheme->parameter);
        break;
    case FA_API_KEY_COOKIE:
        strip_cookie(r, scheme->parameter);
        break;
    }
}

void fah_strip_credentials(request_rec *r, const fa_policy *policy)
{
    if (!fa_schemes_in_force(policy->schemes))
        return;
    for (int i = 0; i < policy->schemes->list->nelts; i++)
        strip_scheme(r, policy,
                     &APR_ARRAY_IDX(policy->schemes->list, i, fa_scheme));
}
