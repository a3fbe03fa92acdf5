/* One request decided: the table of contents of what is promised.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_decide.h"

#include <string.h>

#include "fa_authn.h"
#include "fa_authz.h"
#include "fa_weigh.h"

typedef fa_verdict step(const fa_request *request, const fa_policy *policy,
                        fa_decision *decision);

fa_verdict fa_decide(const fa_request *request, const fa_policy *policy,
                     fa_decision *decision)
{
    static step *const steps[] = {
        fa_admit,        /* TLS and address, before any credential is read */
        fa_present,      /* the credential, nothing of it believed */
        fa_weigh_first,  /* how often: by address, header, claimed account */
        fa_identify,     /* who is asking, by the schemes in force */
        fa_authorize,    /* scopes, roles, claims */
        fa_weigh_caller, /* how often: by what the caller is */
    };

    memset(decision, 0, sizeof *decision);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        fa_verdict verdict = steps[i](request, policy, decision);

        if (verdict != FA_ALLOWED)
            return decision->verdict = verdict;
    }
    return decision->verdict = FA_ALLOWED;
}
