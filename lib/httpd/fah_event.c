/* What the security log is told of a request.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_log.h"

#include <string.h>

#include <apr_strings.h>

#include "fah_count.h"
#include "fah_reply.h"
#include "fah_require.h"

/* Whom a client's request has logged in, in the outermost request's pool. */
#define LOGGED_IN "fastauth: logged in"

/* mod_unique_id's, else httpd's own where its logs have one. */
static const char *request_id(const request_rec *r)
{
    const char *id = apr_table_get(r->subprocess_env, "UNIQUE_ID");

    return id ? id : r->log_id;
}

/* A line about one of the requests that a client's became. */
static void write_event(request_rec *r, fa_event *event)
{
    request_rec *outermost = fah_outermost(r);

    event->time = apr_time_now();
    event->request_id = request_id(outermost);
    event->server = fah_server_name(r->pool, outermost->server);
    event->client = outermost->useragent_ip;
    event->method = r->method;
    event->path = r->uri ? ap_escape_uri(r->pool, r->uri) : NULL;
    fah_log_write(r, fah_server_of(outermost->server)->log, event);
}

static void log_refusal(request_rec *r, const fah_state *state, bool enforced)
{
    const fa_decision *decision = &state->decision;
    fa_event event;

    fa_event_refused(state->policy, decision, enforced, &event);
    /* httpd's Require has another name for it. */
    if (decision->failed && !event.limit)
        event.directive = fah_demand_name(decision->failed);
    write_event(r, &event);
}

/* A bad credential is a guess wherever it is tried, be it in a part of a page
 * that is sent without that part. */
static bool is_guess(const fah_state *state)
{
    return state && state->headers &&
           (state->decision.verdict == FA_BAD_CREDENTIAL ||
            state->decision.verdict == FA_EXPIRED_CREDENTIAL ||
            state->decision.verdict == FA_RATE_EXCEEDED);
}

static void log_guess(request_rec *r)
{
    for (; r; r = r->next) {
        const fah_state *own = fah_state_own(r);

        if (own && !is_guess(own))
            own = own->below;
        if (is_guess(own)) {
            log_refusal(r, own, true);
            return;
        }
    }
}

/* Asked when all is over: httpd makes many requests of one, and what one of
 * them was refused may not be what the client was answered. */
int fah_log_outcome(request_rec *r)
{
    bool has_log = fah_server_of(r->server)->log != NULL;
    bool reported = false;

    for (request_rec *each = r; each && !(each != r && fah_is_part(each));
         each = each->next) {
        const fah_state *refusal = fah_refusal_of(each);
        const fah_state *state = fah_state_own(each);

        if (!has_log)
            continue;
        if (refusal) {
            log_refusal(each, refusal, true);
            return DECLINED;
        }
        if (state && state->reported && !reported) {
            log_refusal(each, state->reported, false);
            reported = true;
        }
    }
    if (has_log)
        log_guess(r);
    return DECLINED;
}

void fah_log_login(request_rec *r, const char *user)
{
    request_rec *outermost = fah_outermost(r);
    const fa_policy *policy = fah_policy_of(r);
    void *before = NULL;
    fa_event event = {
        .kind = FA_EVENT_LOGIN_SUCCESS,
        .verdict = FA_ALLOWED,
        .enforced = true,
        .description = "A password was verified.",
        .subject = user,
        .authenticated = true,
        .scheme = "basic",
        .location = &policy->schemes->section,
    };

    if (!fah_server_of(outermost->server)->log)
        return;
    apr_pool_userdata_get(&before, LOGGED_IN, outermost->pool);
    if (before && strcmp(before, user) == 0)
        return;
    apr_pool_userdata_setn(apr_pstrdup(outermost->pool, user), LOGGED_IN, NULL,
                           outermost->pool);
    write_event(r, &event);
}
