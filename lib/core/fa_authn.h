/* Step 3 of a decision: who is asking.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_AUTHN_H
#define FA_AUTHN_H

#include "fa_decide.h"

/* Find the credential that came, and believe nothing of it: decision receives
 * credential and presented. What cannot be a credential shows in fa_identify.
 */
fa_verdict fa_present(const fa_request *request, const fa_policy *policy,
                      fa_decision *decision);

/**
 * Identify the caller by one of the schemes in force.
 *
 * decision  presented; receives identity (NULL: anonymous) and reason
 *
 * Returns FA_ALLOWED where the caller is known, or need not be; else the
 * refusal.
 */
fa_verdict fa_identify(const fa_request *request, const fa_policy *policy,
                       fa_decision *decision);

#endif
