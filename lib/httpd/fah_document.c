/* fastauth-openapi and fastauth-docs: made once, answered from memory.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_document.h"

#include <string.h>

#include <apr_escape.h>
#include <ap_listen.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#include "fa_digest.h"
#include "fa_docs.h"
#include "fa_openapi.h"
#include "fa_pairs.h"
#include "fah_answer.h"
#include "fah_check.h"
#include "fah_operations.h"
#include "fah_walk.h"

/* One text as it is answered. */
typedef struct representation {
    const char *text;
    size_t size;      /* bytes */
    const char *etag; /* strong: of these bytes */
} representation;

struct fah_document {
    representation json, pretty, page;
    const char *page_policy;
};

/* --- while the configuration is checked ----------------------------------- */

static bool represent(apr_pool_t *pool, const char *text, representation *made)
{
    unsigned char digest[FA_DIGEST_SIZE];

    if (!text || !fa_digest(text, strlen(text), digest))
        return false;
    made->text = apr_pstrdup(pool, text);
    made->size = strlen(text);
    made->etag =
        apr_psprintf(pool, "\"%s\"", apr_pescape_hex(pool, digest, 16, 0));
    return true;
}

/* Whether a handler of ours stands anywhere: then each server has its texts. */
static void look_for_handler(const ap_directive_t *directive, void *context)
{
    const char *args = directive->args;

    if (strstr(args, "fastauth-openapi") || strstr(args, "fastauth-docs"))
        *(bool *)context = true;
}

/* The URL before a path, for people. */
static const char *base_of(apr_pool_t *pool, const server_rec *s)
{
    const apr_array_header_t *servers = fah_server_of(s)->said->api_servers;
    const char *scheme = s->server_scheme ? s->server_scheme : "http";
    const char *host = s->server_hostname ? s->server_hostname : "localhost";
    unsigned port = s->port         ? s->port
                    : s->is_virtual ? s->addrs->host_port
                    : ap_listeners  ? ap_listeners->bind_addr->port
                                    : 0;

    if (servers && servers->nelts > 0)
        return APR_ARRAY_IDX(servers, 0, fa_api_name).name;
    if (port == 0 || (port == 80 && strcmp(scheme, "http") == 0) ||
        (port == 443 && strcmp(scheme, "https") == 0))
        return apr_pstrcat(pool, scheme, "://", host, NULL);
    return apr_psprintf(pool, "%s://%s:%u", scheme, host, port);
}

static bool write_texts(apr_pool_t *pconf, apr_pool_t *scratch, server_rec *s,
                        const apr_array_header_t *operations)
{
    fa_document facts = {fah_server_of(s)->said, operations,
                         base_of(scratch, s)};
    struct fah_document *made = apr_pcalloc(pconf, sizeof *made);

    if (!represent(pconf, fa_openapi(scratch, &facts, false), &made->json) ||
        !represent(pconf, fa_openapi(scratch, &facts, true), &made->pretty) ||
        !represent(pconf, fa_docs_page(scratch, &facts), &made->page)) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                     "the OpenAPI document cannot be written");
        return false;
    }
    made->page_policy = fa_docs_page_policy(pconf);
    fah_server_of(s)->document = made;
    return true;
}

/* Sections that are enforced and in no document. */
static void tell_of_silence(apr_pool_t *scratch, server_rec *s)
{
    const apr_array_header_t *sections = fah_locations(s);
    const char *first = NULL;
    int others = 0;

    for (int i = 0; i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const fa_policy *policy = fah_policy_in(section);

        if (!policy || !fa_policy_in_force(policy) || policy->operations ||
            fah_plain_path(section))
            continue;
        if (!first)
            first = apr_psprintf(scratch, "<%s %s> (%s:%d)", policy->said->kind,
                                 policy->said->pattern, policy->said->file,
                                 policy->said->line);
        else
            others++;
    }
    if (first)
        ap_log_error(
            APLOG_MARK, APLOG_NOTICE, 0, s,
            "enforced, and not in the OpenAPI document: %s%s; name "
            "what it guards by APIOperation",
            first, others ? apr_psprintf(scratch, " and %d more", others) : "");
}

bool fah_documents_are_true(apr_pool_t *pconf, apr_pool_t *scratch,
                            server_rec *main_server)
{
    bool is_served = false, all_good = true;

    fah_each("SetHandler", look_for_handler, &is_served);
    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *operations;
        apr_pool_t *pool;
        bool good;

        apr_pool_create(&pool, scratch);
        good = fah_operations(pool, s, &operations);
        if (good && is_served) {
            tell_of_silence(pool, s);
            good = write_texts(pconf, pool, s, operations);
        }
        all_good = all_good && good;
        apr_pool_destroy(pool);
    }
    return all_good;
}

/* --- the handlers --------------------------------------------------------- */

static int answer(request_rec *r, const representation *what, const char *type)
{
    int status;

    apr_table_setn(r->headers_out, "ETag", what->etag);
    status = ap_meets_conditions(r);
    return status == OK ? fah_answer(r, type, what->text, what->size) : status;
}

/* `pretty`, `pretty=` or `pretty=true` in the query. */
static bool wants_pretty(const request_rec *r)
{
    const char *value;

    return r->args && fa_query_find(r->pool, r->args, "pretty", &value) > 0 &&
           (!*value || strcmp(value, "true") == 0);
}

int fah_show_document(request_rec *r)
{
    bool is_page = r->handler && strcmp(r->handler, "fastauth-docs") == 0;
    const struct fah_document *document;

    if (!is_page &&
        (!r->handler || strcmp(r->handler, "fastauth-openapi") != 0))
        return DECLINED;
    if (!fah_is_read(r))
        return HTTP_METHOD_NOT_ALLOWED;
    document = fah_server_of(r->server)->document;
    if (!document)
        return HTTP_NOT_FOUND;
    if (!is_page)
        return answer(r, wants_pretty(r) ? &document->pretty : &document->json,
                      "application/json");
    apr_table_setn(r->headers_out, "Content-Security-Policy",
                   document->page_policy);
    return answer(r, &document->page, "text/html; charset=utf-8");
}
