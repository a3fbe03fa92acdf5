/* Steps 1 and 4 of a decision: the way in, and what is demanded.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_authz.h"

#include <apr_strings.h>

#include "fa_owner.h"
#include "fa_text.h"

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

/* Wildcards are the server's alone: a credential's `posts:*` is that word. */
static bool may(const fa_identity *identity, const fa_roles *roles,
                const char *permission)
{
    return fa_text_has_word(identity->permissions, permission) ||
           fa_roles_permit(roles, identity->roles, permission);
}

bool fa_demand_is_met(const fa_demand *demand, const fa_identity *identity,
                      const fa_roles *roles)
{
    bool all =
        demand->kind == FA_DEMAND_SCOPE || demand->kind == FA_DEMAND_PERMISSION;

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
        case FA_DEMAND_PERMISSION:
            has = may(identity, roles, value);
            break;
        case FA_DEMAND_ADDRESS:
        case FA_DEMAND_OWNER:
            return false;
        }
        /* Of scopes and permissions the first one missing decides, else the
         * first one held. */
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
    case FA_DEMAND_PERMISSION:
        return FA_PERMISSION_MISSING;
    case FA_DEMAND_OWNER:
        return demand->owner->hide ? FA_NOT_FOUND : FA_OWNER_REFUSED;
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

/* Every demand of these kinds in a list is met. */
static fa_verdict meet(const fa_request *request, const fa_policy *policy,
                       const apr_array_header_t *list, unsigned kinds,
                       fa_decision *decision)
{
    for (int i = 0; list && i < list->nelts; i++) {
        const fa_demand *demand = demand_at(request, list, i, kinds);
        fa_verdict verdict;

        if (!demand)
            continue;
        decision->failed = demand;
        if (!decision->identity)
            return unidentified(policy, decision);
        if (demand->kind == FA_DEMAND_OWNER)
            verdict = fa_owner_judge(request, demand->owner, decision);
        else
            verdict =
                fa_demand_is_met(demand, decision->identity, request->roles)
                    ? FA_ALLOWED
                    : fa_demand_verdict(demand);
        if (verdict != FA_ALLOWED)
            return verdict;
    }
    decision->failed = NULL;
    return FA_ALLOWED;
}

fa_verdict fa_authorize(const fa_request *request, const fa_policy *policy,
                        fa_decision *decision)
{
    /* Whose it is may be a database's to say: what is cheap comes first. */
    static const unsigned kinds[] = {FA_DEMANDS_OF_IDENTITY &
                                         ~(1u << FA_DEMAND_OWNER),
                                     1u << FA_DEMAND_OWNER};
    const apr_array_header_t *lists[] = {of_sections(policy), NULL};

    if (policy->operations)
        lists[1] = fa_operations_demands(request->pool, policy->operations,
                                         request->path, request->method_number);
    for (size_t i = 0; i < 4; i++) {
        fa_verdict verdict =
            meet(request, policy, lists[i % 2], kinds[i / 2], decision);

        if (verdict != FA_ALLOWED)
            return verdict;
    }
    return FA_ALLOWED;
}
