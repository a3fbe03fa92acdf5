/* One request decided.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DECIDE_H
#define FA_DECIDE_H

#include "fa_credential.h"
#include "fa_identity.h"
#include "fa_policy.h"
#include "fa_request.h"
#include "fa_verdict.h"

typedef struct fa_decision {
    fa_verdict verdict;          /* zero, so that nothing decided is refused */
    const fa_identity *identity; /* who is asking; NULL: nobody known */
    const fa_scheme *presented;  /* of the credential that came, or NULL */
    fa_credential credential;    /* that came; good until the request ends */
    fa_verdict found;            /* whether it can be a credential at all */
    fa_ask *asks;                /* the limits that it was weighed by */
    size_t ask_count;            /* of them */
    const fa_demand *failed;     /* the demand not met, or NULL */
    const char *owner;           /* of the resource, as found; or NULL */
    const char *reason;          /* for the log, nothing of a secret; or NULL */
} fa_decision;

/**
 * Decide a request: may it in, who is asking, do they have what is demanded,
 * and not too often.
 *
 * Knows nothing of httpd and logs nothing. The first refusal
 * ends it; identity is then set only where the caller was identified before.
 *
 * decision  receives the outcome, its verdict too; in request->pool
 */
fa_verdict fa_decide(const fa_request *request, const fa_policy *policy,
                     fa_decision *decision);

#endif
