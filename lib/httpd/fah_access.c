/* The hooks that decide: access, user, and the last word.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <string.h>

#include <http_core.h>
#include <http_request.h>

#include "fa_path.h"
#include "fah_count.h"
#include "fah_publish.h"
#include "fah_reply.h"
#include "fah_request.h"
#include "fah_state.h"
#include "fah_strip.h"

/* What a decision comes to: the handler is told, or the caller is refused. */
static int conclude(request_rec *r, fah_state *state)
{
    if (state->decision.verdict == FA_ALLOWED) {
        fah_publish(r, state);
        fah_tell_limits(r, state);
        if (fa_policy_strips_credentials(state->policy))
            fah_strip_credentials(r, state->policy);
        return DECLINED;
    }
    if (!fa_policy_report_only(state->policy))
        return fah_refuse(r, state);
    fah_log_refusal(r, state, false);
    fah_publish(r, state);
    return DECLINED;
}

static fah_state *decide(request_rec *r)
{
    fah_state *state = fah_state_begin(r);
    fa_request view;

    fah_view(r, &view);
    fa_decide(&view, state->policy, &state->decision);
    fah_count_limits(&state->decision);
    return state;
}

/* Nothing of ours is in the way any more. */
static int let_pass(request_rec *r, fah_state *state)
{
    fah_count_outcome(r, state, state->decision.verdict == FA_ALLOWED);
    return DECLINED;
}

/* Before a proxied request leaves, its path must mean one thing. */
static bool path_is_ambiguous(request_rec *r)
{
    const fah_server *server = fah_server_of(r->server);
    bool proxied = r->proxyreq != PROXYREQ_NONE ||
                   (r->handler && strncmp(r->handler, "proxy", 5) == 0);

    if (!proxied || !server->guards ||
        (server->said->allow_ambiguous_path &&
         *server->said->allow_ambiguous_path))
        return false;
    return fa_path_is_ambiguous(r->uri) ||
           (apr_table_get(r->notes, "proxy-nocanon") &&
            fa_path_is_ambiguous(r->unparsed_uri));
}

int fah_check_access(request_rec *r)
{
    const fa_policy *policy = fah_policy_of(r);

    if (path_is_ambiguous(r))
        return fah_refuse_as(r, FA_AMBIGUOUS_PATH, "AuthAmbiguousPath");
    if (!fa_policy_in_force(policy))
        return DECLINED;
    return conclude(r, decide(r));
}

int fah_check_user(request_rec *r)
{
    const fa_policy *policy = fah_policy_of(r);
    fah_state *state = fah_state_current(r);

    if (!fa_schemes_in_force(policy->schemes))
        return DECLINED;
    if (state && state->decision.identity)
        return OK;
    if (fa_policy_report_only(policy))
        return DECLINED;
    return fah_refuse_as(r, FA_NO_CREDENTIAL,
                         "an anonymous caller, and Require asks for a user");
}

int fah_last_word(request_rec *r)
{
    const fa_policy *policy = fah_policy_of(r);
    fah_state *state;

    if (path_is_ambiguous(r))
        return fah_refuse_as(r, FA_AMBIGUOUS_PATH, "AuthAmbiguousPath");
    if (!fa_policy_in_force(policy)) {
        /* An internal redirect brings the headers of where it came from. */
        if (r->prev)
            fah_forget_headers(r, r->headers_in);
        return DECLINED;
    }
    if (ap_satisfies(r) == SATISFY_ANY)
        return fah_refuse_as(r, FA_MISCONFIGURED,
                             "Satisfy Any would let everybody past this "
                             "policy: take it out, or use <RequireAny>");
    state = fah_state_current(r);
    if (!state) {
        int status;

        state = decide(r);
        status = conclude(r, state);
        return status == DECLINED ? let_pass(r, state) : status;
    }
    if (state != fah_state_own(r)) {
        /* httpd skipped the access checks: the same answer, told again. */
        fah_state *again = fah_state_begin(r);

        again->decision = state->decision;
        return conclude(r, again);
    }
    /* Every Require was met: what one of them missed is of no account now. */
    state->unmet = NULL;
    return state->decision.verdict == FA_ALLOWED ||
                   fa_policy_report_only(policy)
               ? let_pass(r, state)
               : fah_refuse(r, state);
}
