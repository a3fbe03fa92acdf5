/* The page for people: how to identify oneself.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_docs_part.h"

#include <string.h>

#include <apr_strings.h>

/* --- what is sent where --------------------------------------------------- */

static const char *token_place(const fa_token_source *source)
{
    if (!source)
        return "header";
    switch (source->place) {
    case FA_TOKEN_HEADER:
        break;
    case FA_TOKEN_COOKIE:
        return "cookie";
    case FA_TOKEN_QUERY:
        return "query parameter";
    }
    return "header";
}

/* What a way sends, and where; name is NULL where that has none. */
typedef struct sending {
    const char *what, *title, *place, *name;
} sending;

static sending sending_of(const fa_way *way)
{
    const char *token =
        way->source && way->source->name ? way->source->name : "Authorization";
    const char *key = way->scheme->parameter;

    switch (way->scheme->kind) {
    case FA_BEARER_JWT:
        return (sending){"a bearer token", "Bearer token",
                         token_place(way->source), token};
    case FA_OAUTH2:
        return (sending){"an OAuth 2.0 access token", "OAuth 2.0 access token",
                         token_place(way->source), token};
    case FA_API_KEY_HEADER:
        return (sending){"an API key", "API key", "header", key};
    case FA_API_KEY_QUERY:
        return (sending){"an API key", "API key", "query parameter", key};
    case FA_API_KEY_COOKIE:
        return (sending){"an API key", "API key", "cookie", key};
    case FA_BASIC:
        break;
    }
    return (sending){"a user name and password", "User name and password", NULL,
                     NULL};
}

static const char *in_place(apr_pool_t *pool, const sending *sent)
{
    if (!sent->name)
        return "";
    return apr_pstrcat(pool, " in the ", sent->place, " <code>",
                       fa_html_escape(pool, fa_document_text(pool, sent->name)),
                       "</code>", NULL);
}

const char *fa_docs_way_link(apr_pool_t *pool, const fa_way *way)
{
    sending sent = sending_of(way);

    return apr_pstrcat(pool, "<a href=\"#way-", fa_html_id(pool, way->name),
                       "\">", sent.what, in_place(pool, &sent), "</a>", NULL);
}

/* --- in full -------------------------------------------------------------- */

/* How it looks on the wire. */
static const char *written(apr_pool_t *pool, const fa_way *way,
                           const sending *sent)
{
    const char *name = fa_html_escape(
        pool, fa_document_text(pool, sent->name ? sent->name : ""));
    bool is_key =
        way->scheme->kind != FA_BEARER_JWT && way->scheme->kind != FA_OAUTH2;

    if (!sent->name)
        return "with HTTP Basic authentication";
    if (strcmp(sent->place, "header") == 0)
        return apr_pstrcat(pool, "as the header <code>", name,
                           is_key ? ": <var>KEY</var>"
                                  : ": Bearer <var>TOKEN</var>",
                           "</code>", NULL);
    if (strcmp(sent->place, "cookie") == 0)
        return apr_pstrcat(pool, "as the cookie <code>", name, "=<var>",
                           is_key ? "KEY" : "TOKEN", "</var></code>", NULL);
    return apr_pstrcat(pool, "percent-encoded in the URL, as <code>?", name,
                       "=<var>", is_key ? "KEY" : "TOKEN",
                       "</var></code>. URLs are kept in logs and histories: "
                       "where there is another way, take that",
                       NULL);
}

static void say_flow(fa_html *page, const fa_api_flow *flow)
{
    static const char *const names[] = {
        [FA_FLOW_AUTHORIZATION_CODE] = "authorization code",
        [FA_FLOW_CLIENT_CREDENTIALS] = "client credentials",
        [FA_FLOW_PASSWORD] = "password",
        [FA_FLOW_IMPLICIT] = "implicit"};
    const struct {
        const char *what, *url;
    } steps[] = {{" Sign in at", flow->authorization},
                 {" Get the token at", flow->token},
                 {" Refresh it at", flow->refresh}};

    fa_html_say(page, "<li>By the ", names[flow->kind], " flow.", NULL);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].url)
            fa_html_say(page, steps[i].what, " <code>",
                        fa_html_escape(page->pool, steps[i].url), "</code>.",
                        NULL);
    }
    fa_html_say(page, "</li>\n", NULL);
}

static void say_flows(fa_html *page, const apr_array_header_t *flows)
{
    if (!flows || flows->nelts == 0)
        return;
    fa_html_say(page, "<p>How to get an OAuth 2.0 access token:</p>\n<ul>\n",
                NULL);
    for (int i = 0; i < flows->nelts; i++)
        say_flow(page, &APR_ARRAY_IDX(flows, i, fa_api_flow));
    fa_html_say(page, "</ul>\n", NULL);
}

static void say_way(fa_html *page, const fa_way *way)
{
    sending sent = sending_of(way);

    fa_html_say(page, "<dt id=\"way-", fa_html_id(page->pool, way->name), "\">",
                sent.title, in_place(page->pool, &sent), "</dt>\n<dd>Send ",
                sent.name ? "it " : "them ", written(page->pool, way, &sent),
                ".</dd>\n", NULL);
}

static bool has_way(const apr_array_header_t *ways, const char *name)
{
    for (int i = 0; i < ways->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(ways, i, fa_way).name, name) == 0)
            return true;
    }
    return false;
}

/* The ways of all operations, each once. */
static apr_array_header_t *all_ways(apr_pool_t *pool,
                                    const fa_document *document)
{
    apr_array_header_t *all = apr_array_make(pool, 4, sizeof(fa_way));

    for (int i = 0; i < document->operations->nelts; i++) {
        const fa_documented *one =
            &APR_ARRAY_IDX(document->operations, i, fa_documented);
        apr_array_header_t *ways = fa_document_ways(pool, one);

        for (int j = 0; j < ways->nelts; j++) {
            const fa_way *way = &APR_ARRAY_IDX(ways, j, fa_way);

            if (!has_way(all, way->name))
                APR_ARRAY_PUSH(all, fa_way) = *way;
        }
    }
    return all;
}

static bool has_oauth2(const apr_array_header_t *ways)
{
    for (int i = 0; i < ways->nelts; i++) {
        if (APR_ARRAY_IDX(ways, i, fa_way).scheme->kind == FA_OAUTH2)
            return true;
    }
    return false;
}

void fa_docs_ways(fa_html *page, const fa_document *document)
{
    apr_array_header_t *ways = all_ways(page->pool, document);

    fa_html_say(page,
                "<section aria-labelledby=\"identify\">\n"
                "<h2 id=\"identify\">How to identify yourself</h2>\n",
                ways->nelts == 0
                    ? "<p>Nothing here asks for a credential.</p>\n"
                    : "<p>Each operation says which of these it takes: send "
                      "one. The example requests read it from a variable of "
                      "your shell: <code>TOKEN</code>, <code>API_KEY</code>, "
                      "or <code>USER</code>, for whose password curl "
                      "asks.</p>\n<dl>\n",
                NULL);
    for (int i = 0; i < ways->nelts; i++)
        say_way(page, &APR_ARRAY_IDX(ways, i, fa_way));
    fa_html_say(page, ways->nelts ? "</dl>\n" : "", NULL);
    if (has_oauth2(ways))
        say_flows(page, document->server->api_flows);
    fa_html_say(page, "</section>\n", NULL);
}
