/* Steps 2 and 5 of a decision: how often.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_WEIGH_H
#define FA_WEIGH_H

#include "fa_decide.h"

/**
 * Take the permits that need no identity: limits by address, header and
 * location, and the failure throttles of a credential that came, by the account
 * that it claims, before it is verified.
 *
 * decision  receives in asks what was weighed
 *
 * Returns FA_ALLOWED, FA_RATE_EXCEEDED or FA_UNAVAILABLE.
 */
fa_verdict fa_weigh_first(const fa_request *request, const fa_policy *policy,
                          fa_decision *decision);

/* The credential has been verified, or has not: permits of the failure
 * throttles are given back, or stay. */
void fa_weigh_settle(const fa_request *request, fa_decision *decision,
                     fa_verdict verdict);

/* Take the permits that are the caller's own. Those of fa_weigh_first are given
 * back where one of these is refused: all or nothing. */
fa_verdict fa_weigh_caller(const fa_request *request, const fa_policy *policy,
                           fa_decision *decision);

#endif
