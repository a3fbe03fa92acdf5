/* A request about to be proxied, whose path must mean one thing.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_ambiguous.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_path.h"
#include "fah_walk.h"

static bool is_proxied(const request_rec *r)
{
    return r->proxyreq != PROXYREQ_NONE ||
           (r->handler && strncmp(r->handler, "proxy", 5) == 0);
}

static bool starts(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

/* Whether the backend gets the path as the client sent it: mod_proxy's nocanon,
 * or REQUEST_URI of the protocols that CGI's variables go over. */
static bool gets_raw_path(const request_rec *r)
{
    static const char *const urls[] = {
        "proxy:fcgi:", "proxy:scgi:", "proxy:uwsgi:"};

    if (apr_table_get(r->notes, "proxy-nocanon"))
        return true;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        if (starts(r->filename, urls[i]) || starts(r->handler, urls[i]))
            return true;
    }
    return false;
}

/* With mapping=encoded the sections were chosen by a path full of escapes:
 * <Location /users/@me> is not what /users/%40me was compared with. */
static bool is_other_when_decoded(request_rec *r)
{
    char *decoded = apr_pstrdup(r->pool, r->uri);

    if (!fa_path_is_encoded(decoded))
        return false;
    if (ap_unescape_url_keep2f(decoded, 1) != OK)
        return true;
    return !fa_policy_same(fah_policy_at(r->pool, r->server, r->uri),
                           fah_policy_at(r->pool, r->server, decoded));
}

bool fah_path_is_ambiguous(request_rec *r)
{
    const fah_server *server = fah_server_of(r->server);
    const char *raw;

    if (!is_proxied(r) || !server->guards ||
        (server->said->allow_ambiguous_path &&
         *server->said->allow_ambiguous_path))
        return false;
    if (fa_path_is_ambiguous(r->uri) || is_other_when_decoded(r))
        return true;
    if (!gets_raw_path(r) || !r->unparsed_uri)
        return false;
    raw =
        apr_pstrmemdup(r->pool, r->unparsed_uri, strcspn(r->unparsed_uri, "?"));
    return fa_path_is_ambiguous(raw) || fa_path_has_dots(raw);
}
