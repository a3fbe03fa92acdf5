/* Steps 1 and 4 of a decision: the way in, and what is demanded.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_AUTHZ_H
#define FA_AUTHZ_H

#include "fa_decide.h"

/* TLS, then the client's address. Needs no credential and reads none. */
fa_verdict fa_admit(const fa_request *request, const fa_policy *policy,
                    fa_decision *decision);

/**
 * Scopes, roles, permissions and claims, in the order in which they were
 * written, and then whose it is.
 *
 * decision  its identity is judged; receives failed, reason and owner
 *
 * Returns FA_ALLOWED; FA_NO_CREDENTIAL for an anonymous caller where something
 * is demanded of an identity; FA_MISCONFIGURED where no scheme could bring
 * one; or what is missing.
 */
fa_verdict fa_authorize(const fa_request *request, const fa_policy *policy,
                        fa_decision *decision);

/* Whether an identity meets one demand of scope, role, permission or claim.
 * roles may be NULL. */
bool fa_demand_is_met(const fa_demand *demand, const fa_identity *identity,
                      const fa_roles *roles);

/* The verdict on a caller who does not meet it. */
fa_verdict fa_demand_verdict(const fa_demand *demand);

#endif
