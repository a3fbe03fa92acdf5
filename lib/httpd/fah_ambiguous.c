/* A request about to be proxied, whose path must mean one thing.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_ambiguous.h"

#include <string.h>

#include <apr_strings.h>
#include <http_protocol.h>

#include "fa_path.h"
#include "fah_walk.h"

static bool is_proxied(const request_rec *r)
{
    return r->proxyreq != PROXYREQ_NONE ||
           (r->handler && strncmp(r->handler, "proxy", 5) == 0);
}

/* Whether a proxy's URL leads to a backend that is told REQUEST_URI, as CGI is:
 * fcgi, scgi, uwsgi, over TCP or a socket (unix:PATH|fcgi://...), or a balancer
 * whose members may be any. */
static bool tells_request_uri(const char *url)
{
    static const char *const schemes[] = {
        "fcgi:", "scgi:", "uwsgi:", "balancer:"};
    const char *socket;

    if (!url || strncmp(url, "proxy:", 6) != 0)
        return false;
    url += 6;
    socket = strncasecmp(url, "unix:", 5) == 0 ? strchr(url, '|') : NULL;
    if (socket)
        url = socket + 1;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    }
    return false;
}

/* Whether the backend gets the path as the client sent it. */
static bool gets_raw_path(const request_rec *r)
{
    return apr_table_get(r->notes, "proxy-nocanon") ||
           tells_request_uri(r->filename) || tells_request_uri(r->handler);
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

/* `post` is a method of its own to httpd, whose <Limit POST> it passes by; a
 * backend may take it for POST. */
static bool is_method_in_other_case(const request_rec *r)
{
    char *upper = apr_pstrdup(r->pool, r->method);

    ap_str_toupper(upper);
    return strcmp(upper, r->method) != 0 &&
           ap_method_number_of(upper) != M_INVALID;
}

bool fah_path_is_ambiguous(request_rec *r)
{
    const fah_server *server = fah_server_of(r->server);
    const char *raw;

    if (!is_proxied(r) || !server->guards ||
        (server->said->allow_ambiguous_path &&
         *server->said->allow_ambiguous_path))
        return false;
    if (fa_path_is_ambiguous(r->uri) || is_other_when_decoded(r) ||
        is_method_in_other_case(r))
        return true;
    if (!gets_raw_path(r) || !r->unparsed_uri)
        return false;
    raw =
        apr_pstrmemdup(r->pool, r->unparsed_uri, strcspn(r->unparsed_uri, "?"));
    return fa_path_is_ambiguous(raw) || fa_path_has_dots(raw);
}
