/* Steps 1 and 4 of a decision: the way in, and what is demanded.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_authz.h"

#include <apr_strings.h>

static bool tls_is_good(const fa_request *request, const fa_policy *policy)
{
    switch (fa_policy_tls(policy)) {
    case FA_TLS_OFF:
        return true;
    case FA_TLS_ON:
        return request->tls;
    case FA_TLS_UNLESS_LOOPBACK:
        return request->tls || (request->has_address &&
                                fa_address_is_loopback(&request->address));
    }
    return false;
}

static bool address_is_in(const fa_request *request,
                          const apr_array_header_t *networks)
{
    for (int i = 0; request->has_address && i < networks->nelts; i++) {
        if (fa_network_has(&APR_ARRAY_IDX(networks, i, fa_network),
                           &request->address))
            return true;
    }
    return false;
}

/* The demand at index of these kinds and for this method; NULL for others. */
static const fa_demand *demand_at(const fa_request *request,
                                  const apr_array_header_t *list, int index,
                                  unsigned kinds)
{
    const fa_demand *demand = APR_ARRAY_IDX(list, index, const fa_demand *);

    return kinds & 1u << demand->kind &&
                   fa_demand_is_for(demand, request->method_number)
               ? demand
               : NULL;
}

/* The demands of the sections, or NULL. */
static const apr_array_header_t *of_sections(const fa_policy *policy)
{
    return policy->demands ? policy->demands->list : NULL;
}

fa_verdict fa_admit(const fa_request *request, const fa_policy *policy,
                    fa_decision *decision)
{
    const apr_array_header_t *list = of_sections(policy);

    if (!tls_is_good(request, policy)) {
        decision->reason = "AuthRequireTLS";
        return FA_TLS_REQUIRED;
    }
    for (int i = 0; list && i < list->nelts; i++) {
        const fa_demand *demand =
            demand_at(request, list, i, 1u << FA_DEMAND_ADDRESS);

        if (demand && !address_is_in(request, demand->values)) {
            decision->failed = demand;
            return FA_ADDRESS_REFUSED;
        }
    }
    return FA_ALLOWED;
}

bool fa_demand_is_met(const fa_demand *demand, const fa_identity *identity)
{
    bool all = demand->kind == FA_DEMAND_SCOPE;

    for (int i = 0; i < demand->values->nelts; i++) {
        const char *value = APR_ARRAY_IDX(demand->values, i, const char *);
        bool has = false;

        switch (demand->kind) {
        case FA_DEMAND_SCOPE:
            has = fa_identity_has_scope(identity, value);
            break;
        case FA_DEMAND_ROLE:
            has = fa_identity_has_role(identity, value);
            break;
        case FA_DEMAND_CLAIM:
            has = fa_identity_has_claim(identity, demand->claim, value);
            break;
        case FA_DEMAND_ADDRESS:
            return false;
        }
        /* Of scopes the first one missing decides, else the first one held. */
        if (has != all)
            return has;
    }
    return all;
}

fa_verdict fa_demand_verdict(const fa_demand *demand)
{
    switch (demand->kind) {
    case FA_DEMAND_SCOPE:
        return FA_SCOPE_MISSING;
    case FA_DEMAND_ROLE:
        return FA_ROLE_MISSING;
    case FA_DEMAND_CLAIM:
        return FA_CLAIM_REFUSED;
    case FA_DEMAND_ADDRESS:
        return FA_ADDRESS_REFUSED;
    }
    return FA_UNDECIDED;
}

static fa_verdict unidentified(const fa_policy *policy, fa_decision *decision)
{
    if (fa_schemes_in_force(policy->schemes)) {
        decision->reason = "an anonymous caller, and something is demanded";
        return FA_NO_CREDENTIAL;
    }
    decision->reason = "it needs an identity, and no AuthScheme is in force";
    return FA_MISCONFIGURED;
}

/* Every demand of a list that is of an identity is met. */
static fa_verdict meet(const fa_request *request, const fa_policy *policy,
                       const apr_array_header_t *list, fa_decision *decision)
{
    for (int i = 0; list && i < list->nelts; i++) {
        const fa_demand *demand =
            demand_at(request, list, i, FA_DEMANDS_OF_IDENTITY);

        if (!demand)
            continue;
        decision->failed = demand;
        if (!decision->identity)
            return unidentified(policy, decision);
        if (!fa_demand_is_met(demand, decision->identity))
            return fa_demand_verdict(demand);
    }
    decision->failed = NULL;
    return FA_ALLOWED;
}

fa_verdict fa_authorize(const fa_request *request, const fa_policy *policy,
                        fa_decision *decision)
{
    fa_verdict verdict = meet(request, policy, of_sections(policy), decision);

    if (verdict != FA_ALLOWED || !policy->operations)
        return verdict;
    return meet(request, policy,
                fa_operations_demands(request->pool, policy->operations,
                                      request->path, request->method_number),
                decision);
}
