/* The hooks that decide: access, user, and the last word.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <string.h>

#include <http_core.h>
#include <http_request.h>

#include "fah_ambiguous.h"
#include "fah_cors.h"
#include "fah_count.h"
#include "fah_mask.h"
#include "fah_publish.h"
#include "fah_reply.h"
#include "fah_report.h"
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
    fah_report(r, state);
    fah_publish(r, state);
    return DECLINED;
}

static fah_state *decide(request_rec *r)
{
    fah_state *state = fah_state_begin(r);
    fa_request view;

    fah_mask_request(r, state->policy);
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

int fah_check_access(request_rec *r)
{
    const fa_policy *policy = fah_policy_of(r);

    if (fah_is_preflight(r))
        return HTTP_NO_CONTENT;
    if (fah_path_is_ambiguous(r))
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

/* mod_cache answers before any of our hooks (CacheQuickHandler), so it must not
 * keep what a policy guards, whatever the handler says of caching. */
static void keep_from_cache(request_rec *r)
{
    for (; r; r = r->prev ? r->prev : r->main)
        apr_table_setn(r->subprocess_env, "no-cache", "1");
}

int fah_last_word(request_rec *r)
{
    const fa_policy *policy = fah_policy_of(r);
    fah_state *state;

    /* Satisfy Any has let it through. */
    if (fah_is_preflight(r))
        return HTTP_NO_CONTENT;
    if (fah_path_is_ambiguous(r))
        return fah_refuse_as(r, FA_AMBIGUOUS_PATH, "AuthAmbiguousPath");
    if (!fa_policy_in_force(policy)) {
        fah_forget_former(r);
        return DECLINED;
    }
    keep_from_cache(r);
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
    fah_forget_unmet(r, state);
    return state->decision.verdict == FA_ALLOWED ||
                   fa_policy_report_only(policy)
               ? let_pass(r, state)
               : fah_refuse(r, state);
}
