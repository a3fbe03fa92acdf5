/* What can become of requests under a policy.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_outcome.h"

#include <string.h>

#include "fa_address.h"
#include "fa_authz.h"

#define BIT(verdict) (1u << (verdict))

/* The demand at index where it is of these kinds and for the method; NULL for
 * others. */
static const fa_demand *demand_at(const fa_policy *policy, int method,
                                  int index, unsigned kinds)
{
    const fa_demand *demand =
        APR_ARRAY_IDX(policy->demands->list, index, const fa_demand *);

    return kinds & 1u << demand->kind && fa_demand_is_for(demand, method)
               ? demand
               : NULL;
}

static int demand_count(const fa_policy *policy)
{
    return policy->demands && policy->demands->list
               ? policy->demands->list->nelts
               : 0;
}

static bool demands(const fa_policy *policy, int method, unsigned kinds)
{
    return fa_demands_for(policy->demands, kinds, method) != NULL;
}

bool fa_outcome_needs_identity(const fa_policy *policy, int method_number)
{
    return demands(policy, method_number, FA_DEMANDS_OF_IDENTITY);
}

/* --- the way in ----------------------------------------------------------- */

static bool is_in(const fa_demand *demand, const fa_address *address)
{
    for (int i = 0; i < demand->values->nelts; i++) {
        if (fa_network_has(&APR_ARRAY_IDX(demand->values, i, fa_network),
                           address))
            return true;
    }
    return false;
}

static bool meets_all(const fa_policy *policy, int method,
                      const fa_address *address)
{
    for (int i = 0; i < demand_count(policy); i++) {
        const fa_demand *demand =
            demand_at(policy, method, i, 1u << FA_DEMAND_ADDRESS);

        if (demand && !is_in(demand, address))
            return false;
    }
    return true;
}

/* Of two networks one holds the other
 * or they are apart: what several have in common is the narrowest of them, and
 * its first address is in all. */
bool fa_outcome_has_address(const fa_policy *policy, int method)
{
    const unsigned kinds = 1u << FA_DEMAND_ADDRESS;

    for (int i = 0; i < demand_count(policy); i++) {
        const fa_demand *demand = demand_at(policy, method, i, kinds);

        for (int j = 0; demand && j < demand->values->nelts; j++) {
            if (meets_all(
                    policy, method,
                    &APR_ARRAY_IDX(demand->values, j, fa_network).address))
                return true;
        }
    }
    return !demands(policy, method, kinds);
}

/* --- who is asking -------------------------------------------------------- */

/* Whether a bearer token is looked for where a client puts it on purpose. */
static bool takes_explicit_token(const fa_policy *policy)
{
    const apr_array_header_t *sources = policy->token_sources;

    for (int i = 0; sources && i < sources->nelts; i++) {
        if (APR_ARRAY_IDX(sources, i, fa_token_source).place != FA_TOKEN_COOKIE)
            return true;
    }
    return !sources;
}

/* What comes of credentials of one kind, before anything is demanded. */
static unsigned of_scheme(const fa_policy *policy, fa_scheme_kind kind)
{
    const unsigned any = BIT(FA_NO_CREDENTIAL) | BIT(FA_BAD_CREDENTIAL);

    switch (kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        return any | BIT(FA_EXPIRED_CREDENTIAL) |
               (takes_explicit_token(policy) ? BIT(FA_TWO_CREDENTIALS) : 0);
    case FA_API_KEY_HEADER:
    case FA_API_KEY_QUERY:
        return any | BIT(FA_EXPIRED_CREDENTIAL) | BIT(FA_UNAVAILABLE) |
               BIT(FA_TWO_CREDENTIALS);
    case FA_API_KEY_COOKIE:
        return any | BIT(FA_EXPIRED_CREDENTIAL) | BIT(FA_UNAVAILABLE);
    case FA_BASIC:
        return any | BIT(FA_TWO_CREDENTIALS) |
               (policy->passwords ? BIT(FA_UNAVAILABLE) : 0);
    }
    return any;
}

/* The kinds of demands that a credential of a kind can meet. */
static unsigned held_by(fa_scheme_kind kind)
{
    switch (kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        return FA_DEMANDS_OF_IDENTITY;
    case FA_API_KEY_HEADER:
    case FA_API_KEY_QUERY:
    case FA_API_KEY_COOKIE:
        return 1u << FA_DEMAND_SCOPE | 1u << FA_DEMAND_ROLE |
               1u << FA_DEMAND_PERMISSION | 1u << FA_DEMAND_OWNER;
    case FA_BASIC:
        break;
    }
    return 1u << FA_DEMAND_OWNER;
}

/* How a demand can refuse. */
static unsigned refusals_of(const fa_demand *demand)
{
    unsigned set = BIT(fa_demand_verdict(demand));

    if (demand->kind == FA_DEMAND_OWNER && demand->owner->is_query)
        set |= BIT(FA_NOT_FOUND) | BIT(FA_UNAVAILABLE);
    return set;
}

/* Follow callers of one kind through these demands, in their order: set
 * receives the refusals that they can meet. Returns whether some of them get
 * through. */
static bool follow_through(const fa_policy *policy, int method,
                           fa_scheme_kind kind, unsigned demanded,
                           unsigned *set)
{
    for (int i = 0; i < demand_count(policy); i++) {
        const fa_demand *demand = demand_at(policy, method, i, demanded);

        if (!demand)
            continue;
        *set |= refusals_of(demand);
        if (!(held_by(kind) & 1u << demand->kind))
            return false;
    }
    return true;
}

/* As fa_authorize asks: owners last. */
static bool follow(const fa_policy *policy, int method, fa_scheme_kind kind,
                   unsigned *set)
{
    const unsigned owners = 1u << FA_DEMAND_OWNER;

    if (kind == FA_BASIC && !policy->passwords)
        return false;
    return follow_through(policy, method, kind,
                          FA_DEMANDS_OF_IDENTITY & ~owners, set) &&
           follow_through(policy, method, kind, owners, set);
}

bool fa_outcome_admits(const fa_policy *policy, int method_number,
                       fa_scheme_kind kind)
{
    unsigned set = 0;

    return follow(policy, method_number, kind, &set);
}

/* Whether anybody meets all demands; set receives what others meet with. */
static bool identify(const fa_policy *policy, int method, unsigned *set)
{
    const fa_schemes *schemes = policy->schemes;
    bool needs = fa_outcome_needs_identity(policy, method);
    bool passes;

    if (!fa_schemes_in_force(schemes))
        return !needs;
    passes = schemes->optional && !needs;
    for (int i = 0; i < schemes->list->nelts; i++) {
        fa_scheme_kind kind = APR_ARRAY_IDX(schemes->list, i, fa_scheme).kind;

        *set |= of_scheme(policy, kind);
        passes = follow(policy, method, kind, set) || passes;
    }
    return passes;
}

/* --- how often ------------------------------------------------------------ */

/* Whether a request can come to be weighed by a limit. Failures are those of a
 * credential; a caller's own limits are for those who met the demands. */
static bool is_weighed(const fa_limit *limit, const fa_policy *policy,
                       int method, bool passes)
{
    if (!fa_methods_have(limit->methods, method))
        return false;
    if (limit->on_failure)
        return fa_schemes_in_force(policy->schemes);
    return passes || !fa_limit_needs_identity(limit);
}

static size_t weighed(const fa_policy *policy, int method, bool passes,
                      const fa_limit *limits[FA_LIMITS_MAX])
{
    size_t all = fa_policy_limits(policy, limits), count = 0;

    if (all > FA_LIMITS_MAX)
        return 0;
    for (size_t i = 0; i < all; i++) {
        size_t same = 0;

        if (!is_weighed(limits[i], policy, method, passes))
            continue;
        while (same < count &&
               strcmp(limits[same]->counter, limits[i]->counter) != 0)
            same++;
        /* Of one counter in two sections what costs more counts. */
        if (same == count || limits[same]->cost < limits[i]->cost)
            limits[same] = limits[i];
        count += same == count;
    }
    return count;
}

size_t fa_outcome_limits(const fa_policy *policy, int method_number,
                         const fa_limit *limits[FA_LIMITS_MAX])
{
    unsigned set = 0;

    if (!fa_outcome_has_address(policy, method_number))
        return 0;
    return weighed(policy, method_number, identify(policy, method_number, &set),
                   limits);
}

/* --- all together --------------------------------------------------------- */

unsigned fa_outcomes(const fa_policy *policy, int method_number)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    unsigned set = 0;
    bool passes;

    if (fa_policy_tls(policy) != FA_TLS_OFF)
        set |= BIT(FA_TLS_REQUIRED);
    if (demands(policy, method_number, 1u << FA_DEMAND_ADDRESS))
        set |= BIT(FA_ADDRESS_REFUSED);
    if (!fa_outcome_has_address(policy, method_number) ||
        fa_policy_limits(policy, limits) > FA_LIMITS_MAX)
        return set;
    passes = identify(policy, method_number, &set);
    if (weighed(policy, method_number, passes, limits) > 0)
        set |= BIT(FA_RATE_EXCEEDED) | BIT(FA_UNAVAILABLE);
    return passes ? set | BIT(FA_ALLOWED) : set;
}
