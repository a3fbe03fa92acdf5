/* What can become of requests under a policy.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_OUTCOME_H
#define FA_OUTCOME_H

#include "fa_policy.h"
#include "fa_verdict.h"

/* Of a policy whose operations are among its demands (fa_policy_for), and a
 * method (httpd's number). Taken for granted is that the server knows keys to
 * verify tokens by, API keys and users, and that claims demanded do not
 * contradict each other. */

/**
 * The verdicts that fa_decide can come to: bits 1u << fa_verdict, FA_ALLOWED
 * among them unless nobody can be let in. Each of them some request brings
 * about; no request brings about another, but for FA_MISCONFIGURED, which is
 * never among them.
 */
unsigned fa_outcomes(const fa_policy *policy, int method_number);

/* Whether somebody who is identified by a scheme of this kind, which is in
 * force, can be let in: a password brings no scope, an API key no claim. */
bool fa_outcome_admits(const fa_policy *policy, int method_number,
                       fa_scheme_kind kind);

/* Whether something is demanded of the caller's identity: nobody anonymous is
 * let in. */
bool fa_outcome_needs_identity(const fa_policy *policy, int method_number);

/* The limits that some request is weighed by, each counter once: receives const
 * fa_limit *, and returns how many (at most FA_LIMITS_MAX). */
size_t fa_outcome_limits(const fa_policy *policy, int method_number,
                         const fa_limit *limits[FA_LIMITS_MAX]);

/* Whether some client's address is in every RequireAddress list. */
bool fa_outcome_has_address(const fa_policy *policy, int method_number);

#endif
