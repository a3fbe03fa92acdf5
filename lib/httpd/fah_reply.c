/* Every refusal, through one place.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_reply.h"

#include <string.h>

#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_core.h>
#include <util_filter.h>

#include <apr_strings.h>

#include "fa_authz.h"
#include "fa_challenge.h"
#include "fa_error.h"
#include "fa_ratelimit.h"
#include "fah_count.h"
#include "fah_require.h"

#define PROBLEM_FILTER "FASTAUTH_PROBLEM"
#define PRIVATE_FILTER "FASTAUTH_PRIVATE"

/* When to come again where something is down, in seconds. */
#define RETRY_AFTER_S "5"

/* ap_auth_name() has put a backslash before each quote; all of quoting is done
 * in one place here, and what it does not escape (backslashes) too. */
static const char *realm(request_rec *r)
{
    const char *name = ap_auth_name(r);
    const char *title = fah_server_of(r->server)->said->api_title;
    char *plain, *to;

    if (!name)
        return title ? title : "API";
    plain = to = apr_pstrdup(r->pool, name);
    for (; *name; name++) {
        if (name[0] != '\\' || name[1] != '"')
            *to++ = *name;
    }
    *to = '\0';
    return plain;
}

static const char *where(request_rec *r, const fah_state *state)
{
    const fa_demand *demand = state->decision.failed;

    if (!demand)
        return "";
    return apr_psprintf(r->pool, ", %s %s (%s:%d)", fah_demand_name(demand),
                        demand->text, demand->section.file,
                        demand->section.line);
}

void fah_log_refusal(request_rec *r, const fah_state *state, bool enforced)
{
    const fa_verdict_row *row = fa_verdict_row_of(state->decision.verdict);
    const char *reason = state->decision.reason;

    ap_log_rerror(APLOG_MARK, row->status >= 500 ? APLOG_ERR : APLOG_INFO, 0, r,
                  "%s %d %s: %s%s%s", enforced ? "refused" : "would refuse",
                  row->status, row->word, r->uri ? r->uri : "", where(r, state),
                  reason ? apr_pstrcat(r->pool, ", ", reason, NULL) : "");
}

static void challenge(request_rec *r, const fa_decision *decision,
                      const fa_policy *policy)
{
    apr_array_header_t *lines =
        fa_challenges(r->pool, decision, policy, realm(r));

    /* An ErrorDocument that is refused itself keeps no challenge twice. */
    apr_table_unset(r->err_headers_out, "WWW-Authenticate");
    for (int i = 0; i < lines->nelts; i++)
        apr_table_addn(r->err_headers_out, "WWW-Authenticate",
                       APR_ARRAY_IDX(lines, i, const char *));
}

void fah_tell_limits(request_rec *r, const fah_state *state)
{
    fa_ratelimit fields;

    if (!fa_ratelimit_of(r->pool, &state->decision, &fields))
        return;
    apr_table_setn(r->err_headers_out, "RateLimit-Policy", fields.policy);
    apr_table_setn(r->err_headers_out, "RateLimit", fields.state);
    if (state->decision.verdict == FA_RATE_EXCEEDED)
        apr_table_setn(r->err_headers_out, "Retry-After",
                       apr_itoa(r->pool, fields.retry_after_s));
}

/* Whom the security log names. */
static const fa_identity *who(apr_pool_t *pool, const fa_identity *identity)
{
    fa_identity *named;

    if (!identity)
        return NULL;
    named = apr_pcalloc(pool, sizeof *named);
    named->user = apr_pstrdup(pool, identity->user);
    named->scheme = identity->scheme;
    named->issuer = apr_pstrdup(pool, identity->issuer);
    named->key = apr_pstrdup(pool, identity->key);
    return named;
}

/* A sub-request's pool ends with it: its parent keeps what an answer needs. */
static void tell_parent(const request_rec *r, const fah_state *state)
{
    fah_state *own = fah_state_own(r->main);
    apr_pool_t *pool = r->main->pool;
    fah_state *below = apr_pmemdup(pool, state, sizeof *state);

    below->policy = apr_pmemdup(pool, state->policy, sizeof *state->policy);
    below->uri = NULL;
    below->decision.identity = who(pool, state->decision.identity);
    below->decision.reason = NULL;
    below->decision.credential = (fa_credential){
        .claimed = apr_pstrdup(pool, state->decision.credential.claimed)};
    /* The limits that the body names are the configuration's. */
    below->decision.asks = apr_pmemdup(
        pool, state->decision.asks, state->decision.ask_count * sizeof(fa_ask));
    for (size_t i = 0; i < below->decision.ask_count; i++)
        below->decision.asks[i].caller = NULL;
    below->headers = apr_table_clone(pool, r->err_headers_out);
    below->below = NULL;
    below->reported = NULL;
    /* The last one counts, as for mod_dir. */
    if (own && !own->headers)
        own->below = below;
    else
        ap_set_module_config(r->main->request_config, &fastauth_module, below);
}

void fah_tell_unmet(request_rec *r, const fah_state *state)
{
    apr_table_t *headers = r->err_headers_out;
    fah_state told = *state;

    if (!r->main)
        return;
    told.refused = true;
    told.decision.failed = state->unmet;
    told.decision.verdict = fa_demand_verdict(state->unmet);
    /* Another Require may let it pass yet: then none of this is to be seen. */
    r->err_headers_out = apr_table_make(r->pool, 2);
    challenge(r, &told.decision, told.policy);
    apr_table_setn(r->err_headers_out, "Cache-Control", "no-store");
    tell_parent(r, &told);
    r->err_headers_out = headers;
}

void fah_forget_unmet(request_rec *r, fah_state *state)
{
    fah_state *own = r->main ? fah_state_own(r->main) : NULL;

    state->unmet = NULL;
    if (own && own->headers && own->unmet)
        ap_set_module_config(r->main->request_config, &fastauth_module, NULL);
    else if (own && own->below && own->below->unmet)
        own->below = NULL;
}

/* A refusal becomes ours: counted, and told in the log. */
static void take_up(request_rec *r, fah_state *state)
{
    state->refused = true;
    fah_count_outcome(r, state, true);
    fah_log_refusal(r, state, true);
}

int fah_refuse(request_rec *r, fah_state *state)
{
    int status = fa_error_status(state->policy, state->decision.verdict);

    take_up(r, state);
    challenge(r, &state->decision, state->policy);
    fah_tell_limits(r, state);
    apr_table_setn(r->err_headers_out, "Cache-Control", "no-store");
    if (status == HTTP_SERVICE_UNAVAILABLE)
        apr_table_setn(r->err_headers_out, "Retry-After", RETRY_AFTER_S);
    if (r->main)
        tell_parent(r, state);
    return status;
}

int fah_refuse_as(request_rec *r, fa_verdict verdict, const char *reason)
{
    fah_state *state = fah_state_begin(r);

    state->decision.verdict = verdict;
    state->decision.reason = reason;
    return fah_refuse(r, state);
}

/* --- the body ----------------------------------------------------------- */

static bool is_answered(const request_rec *r, const fah_state *state)
{
    return state && state->refused &&
           r->status == fa_error_status(state->policy, state->decision.verdict);
}

/* The refusal that a request is answered with: its own, or that of a
 * sub-request whose status it took over (mod_dir); NULL: none. */
static const fah_state *answered(request_rec *r)
{
    const fah_state *own = fah_state_own(r);

    if (is_answered(r, own))
        return own;
    return own && is_answered(r, own->below) ? own->below : NULL;
}

/* Puts our body in the place of httpd's page. */
static apr_status_t problem_filter(ap_filter_t *f, apr_bucket_brigade *in)
{
    const fah_state *state = answered(f->r);
    apr_bucket_alloc_t *alloc = f->c->bucket_alloc;
    apr_bucket_brigade *out;
    const char *type, *body;

    if (f->ctx) {
        apr_brigade_cleanup(in);
        return APR_SUCCESS;
    }
    f->ctx = f;
    body = fa_error_body(f->r->pool, state->policy, &state->decision, &type);
    apr_brigade_cleanup(in);
    ap_set_content_type(f->r, type);
    apr_table_unset(f->r->headers_out, "Content-Language");
    out = apr_brigade_create(f->r->pool, alloc);
    APR_BRIGADE_INSERT_TAIL(
        out, apr_bucket_pool_create(body, strlen(body), f->r->pool, alloc));
    APR_BRIGADE_INSERT_TAIL(out, apr_bucket_eos_create(alloc));
    return ap_pass_brigade(f->next, out);
}

/* Whether a stock Require of ours was not met; then that is the decision. */
static bool is_stock_refusal(const request_rec *r, fah_state *state)
{
    if (r->status != HTTP_FORBIDDEN || !state->unmet ||
        state->decision.verdict != FA_ALLOWED)
        return false;
    state->decision.failed = state->unmet;
    state->decision.verdict = fa_demand_verdict(state->unmet);
    return true;
}

const fah_state *fah_refusal_of(request_rec *r)
{
    fah_state *state = fah_state_own(r);

    /* An ErrorDocument was in the place of our body (fah_write_problem). */
    if (state && is_stock_refusal(r, state))
        take_up(r, state);
    return state && state->refused && !state->headers ? state : answered(r);
}

/* mod_dir takes the status of a sub-request, and leaves what goes with it. */
static void take_headers(request_rec *r, const apr_table_t *headers)
{
    static const char *const names[] = {"WWW-Authenticate", "Cache-Control",
                                        "Retry-After", "RateLimit",
                                        "RateLimit-Policy"};
    const apr_array_header_t *all = apr_table_elts(headers);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!apr_table_get(headers, names[i]))
            continue;
        apr_table_unset(r->err_headers_out, names[i]);
        for (int j = 0; j < all->nelts; j++) {
            const apr_table_entry_t *entry =
                &APR_ARRAY_IDX(all, j, apr_table_entry_t);

            if (strcasecmp(entry->key, names[i]) == 0)
                apr_table_addn(r->err_headers_out, entry->key, entry->val);
        }
    }
}

void fah_write_problem(request_rec *r)
{
    fah_state *own = fah_state_own(r);
    const fah_state *state;

    if (own) {
        /* It is answered as our own would be. */
        if (is_stock_refusal(r, own))
            fah_refuse(r, own);
        /* What fails behind the handler (416) has lost its headers. */
        fah_tell_limits(r, own);
    }
    state = answered(r);
    if (state && state->headers) {
        /* Of an unmet Require nothing was said below: it could yet be met. */
        if (state->unmet)
            fah_log_refusal(r, state, true);
        take_headers(r, state->headers);
    }
    if (!state || fa_policy_error_format(state->policy) == FA_ERROR_HTTPD ||
        ap_response_code_string(r, ap_index_of_response(r->status)))
        return;
    ap_add_output_filter(PROBLEM_FILTER, NULL, r, r->connection);
}

/* --- no cache between callers ------------------------------------------- */

void fah_vary_on(request_rec *r, const char *header)
{
    const char *already = apr_table_get(r->headers_out, "Vary");

    if (!ap_find_token(r->pool, already, header))
        apr_table_mergen(r->headers_out, "Vary", header);
}

/* The request headers that decide who is answered. */
static void vary(request_rec *r, const fa_policy *policy)
{
    const apr_array_header_t *sources = policy->token_sources;

    for (int i = 0; i < policy->schemes->list->nelts; i++) {
        const fa_scheme *scheme =
            &APR_ARRAY_IDX(policy->schemes->list, i, fa_scheme);

        switch (scheme->kind) {
        case FA_BEARER_JWT:
        case FA_OAUTH2:
        case FA_BASIC:
            fah_vary_on(r, "Authorization");
            break;
        case FA_API_KEY_HEADER:
            fah_vary_on(r, scheme->parameter);
            break;
        case FA_API_KEY_COOKIE:
            fah_vary_on(r, "Cookie");
            break;
        case FA_API_KEY_QUERY:
            break;
        }
    }
    for (int i = 0; sources && i < sources->nelts; i++) {
        if (APR_ARRAY_IDX(sources, i, fa_token_source).place == FA_TOKEN_COOKIE)
            fah_vary_on(r, "Cookie");
    }
}

static apr_status_t private_filter(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;

    if (!apr_table_get(r->headers_out, "Cache-Control") &&
        !apr_table_get(r->err_headers_out, "Cache-Control"))
        apr_table_setn(r->headers_out, "Cache-Control", "private");
    vary(r, fah_policy_of(r));
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, brigade);
}

void fah_keep_private(request_rec *r)
{
    if (fa_schemes_in_force(fah_policy_of(r)->schemes))
        ap_add_output_filter(PRIVATE_FILTER, NULL, r, r->connection);
}

void fah_register_filters(void)
{
    ap_register_output_filter(PROBLEM_FILTER, problem_filter, NULL,
                              AP_FTYPE_CONTENT_SET);
    /* Before mod_cache looks at the headers (AP_FTYPE_CONTENT_SET - 1). */
    ap_register_output_filter(PRIVATE_FILTER, private_filter, NULL,
                              AP_FTYPE_RESOURCE);
}
