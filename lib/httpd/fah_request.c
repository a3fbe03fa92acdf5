/* A request of httpd's as the core sees it.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_request.h"

#include <time.h>

#include <http_protocol.h>

#include "fa_path.h"
#include "fah_owner.h"
#include "fah_strip.h"

apr_time_t fah_boot_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (apr_time_t)now.tv_sec * APR_USEC_PER_SEC + now.tv_nsec / 1000;
}

static const char *header(void *context, const char *name)
{
    request_rec *r = context;
    const char *withheld = fah_withheld_header(r, name);

    return withheld ? withheld : apr_table_get(r->headers_in, name);
}

static apr_time_t now(void *context)
{
    (void)context;
    return apr_time_now();
}

static fa_verdict check_password(void *context, const fa_passwords *passwords,
                                 const char *user, const char *password)
{
    return fah_check_password(context, passwords, user, password);
}

static const apr_array_header_t *groups(void *context, const void *pattern,
                                        const char *path)
{
    return fah_groups(context, pattern, path);
}

static fa_verdict find_owner(void *context, const char *label,
                             const apr_array_header_t *parts,
                             const char **owner, const char **reason)
{
    return fah_find_owner(context, label, parts, owner, reason);
}

static fa_verdict api_keys(void *context, const fa_apikeys **keys)
{
    request_rec *r = context;
    fa_keyfile *file = fah_server_of(r->server)->said->api_keys;
    const char *wrong;

    if (!file) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "an API key scheme is in force, and no AuthAPIKeys says "
                      "where the keys are");
        return FA_UNAVAILABLE;
    }
    if (fa_keyfile_keys(file, r->pool, apr_time_now(), keys, &wrong) ==
        APR_SUCCESS)
        return FA_ALLOWED;
    if (wrong)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "AuthAPIKeys: %s", wrong);
    return FA_UNAVAILABLE;
}

static fa_verdict take(void *context, fa_ask *asks, size_t count)
{
    return fah_take(context, asks, count);
}

static void settle(void *context, const fa_ask *ask, bool was_good)
{
    fah_settle(context, ask, was_good);
}

/* ProxyPass mapping=encoded leaves escapes in r->uri; else a per cent sign in
 * it was one that the client escaped (%25). */
static fa_escapes escapes_of(const request_rec *r)
{
    if (r->proxyreq == PROXYREQ_NONE || !r->uri || !fa_path_is_encoded(r->uri))
        return FA_ESCAPES_NONE;
    return r->unparsed_uri && !strstr(r->unparsed_uri, "%25")
               ? FA_ESCAPES_RAW
               : FA_ESCAPES_UNCLEAR;
}

void fah_view(request_rec *r, fa_request *view)
{
    static const fa_answers answers = {.header = header,
                                       .now = now,
                                       .check_password = check_password,
                                       .groups = groups,
                                       .find_owner = find_owner,
                                       .api_keys = api_keys,
                                       .take = take,
                                       .settle = settle};

    *view = (fa_request){
        .pool = r->pool,
        .method_number = r->method_number,
        .path = r->uri ? r->uri : "",
        .escapes = escapes_of(r),
        .query = fah_original_query(r),
        .tls = strcmp(ap_http_scheme(r), "https") == 0,
        .trust = fah_server_of(r->server)->said->trust,
        .roles = fah_server_of(r->server)->said->roles,
        .answers = &answers,
        .context = r,
    };
    view->has_address = fa_address_parse(r->useragent_ip, &view->address);
}
