/* What the sections that a request falls into say, put together.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_policy.h"

#include <string.h>

#include <apr_strings.h>

fa_policy *fa_policy_create(apr_pool_t *pool)
{
    return apr_pcalloc(pool, sizeof(fa_policy));
}

fa_policy *fa_policy_merge(apr_pool_t *pool, const fa_policy *parent,
                           const fa_policy *child)
{
    fa_policy *merged = apr_palloc(pool, sizeof *merged);

#define FA_POLICY_LATER(type, name) \
    merged->name = child->name ? child->name : parent->name;
    FA_POLICY_FIELDS(FA_POLICY_LATER)
#undef FA_POLICY_LATER
    merged->demands = fa_demands_merge(pool, parent->demands, child->demands);
    merged->limits = fa_limits_merge(pool, parent->limits, child->limits);
    merged->cors = fa_cors_merge(pool, parent->cors, child->cors);
    merged->operations =
        fa_operations_merge(pool, parent->operations, child->operations,
                            child->demands ? child->demands->dropped : 0);
    return merged;
}

fa_policy *fa_policy_less(apr_pool_t *pool, const fa_policy *policy,
                          const fa_policy *again)
{
    fa_policy *left = apr_palloc(pool, sizeof *left);

#define FA_POLICY_LEFT(type, name) \
    left->name = again->name ? NULL : policy->name;
    FA_POLICY_FIELDS(FA_POLICY_LEFT)
#undef FA_POLICY_LEFT
    left->demands = fa_demands_less(pool, policy->demands, again->demands);
    return left;
}

const fa_policy *fa_policy_for(apr_pool_t *pool, const fa_policy *policy,
                               const char *path, int method_number)
{
    fa_policy *whole = apr_pmemdup(pool, policy, sizeof *policy);
    fa_demands own = {
        fa_operations_demands(pool, policy->operations, path, method_number),
        0};

    whole->operations = NULL;
    whole->demands = own.list
                         ? fa_demands_merge(pool, policy->demands,
                                            apr_pmemdup(pool, &own, sizeof own))
                         : policy->demands;
    return whole;
}

bool fa_policy_same(const fa_policy *a, const fa_policy *b)
{
    fa_policy x = *a, y = *b;

    x.demands = y.demands = NULL;
    x.limits = y.limits = NULL;
    x.operations = y.operations = NULL;
    x.said = y.said = NULL;
    x.cors = y.cors = NULL;
    return memcmp(&x, &y, sizeof x) == 0 && fa_cors_same(a->cors, b->cors) &&
           fa_demands_same(a->demands, b->demands) &&
           fa_operations_same(a->operations, b->operations) &&
           fa_limits_same(a->limits, b->limits);
}

static bool same_places(const apr_array_header_t *a,
                        const apr_array_header_t *b)
{
    if (!a || !b || a->nelts != b->nelts)
        return a == b;
    for (int i = 0; i < a->nelts; i++) {
        const fa_token_source *x = &APR_ARRAY_IDX(a, i, fa_token_source);
        const fa_token_source *y = &APR_ARRAY_IDX(b, i, fa_token_source);

        if (x->place != y->place ||
            strcmp(x->name ? x->name : "", y->name ? y->name : "") != 0)
            return false;
    }
    return true;
}

static int limit_status(const fa_policy *policy)
{
    return policy->limit_status ? *policy->limit_status : 0;
}

bool fa_policy_alike(apr_pool_t *scratch, const fa_policy *a,
                     const fa_policy *b)
{
    return strcmp(fa_schemes_text(scratch, a->schemes),
                  fa_schemes_text(scratch, b->schemes)) == 0 &&
           fa_demands_alike(a->demands, b->demands) &&
           fa_limits_same(a->limits, b->limits) &&
           same_places(a->token_sources, b->token_sources) &&
           limit_status(a) == limit_status(b) &&
           fa_policy_tls(a) == fa_policy_tls(b) &&
           fa_policy_error_format(a) == fa_policy_error_format(b) &&
           fa_policy_report_only(a) == fa_policy_report_only(b);
}

static int strength(fa_tls_rule rule)
{
    switch (rule) {
    case FA_TLS_OFF:
        return 0;
    case FA_TLS_UNLESS_LOOPBACK:
        return 1;
    case FA_TLS_ON:
        return 2;
    }
    return 0;
}

static bool loosens_tls(const fa_policy *policy, const fa_policy *later)
{
    return policy->tls && later->tls &&
           strength(*later->tls) < strength(*policy->tls);
}

/* The throttles that hold by themselves, where the section left them. */
static bool loses_throttles(const fa_policy *policy, const fa_limits *later)
{
    return later->drops_failure && policy->schemes &&
           policy->schemes->throttles &&
           !(policy->limits && policy->limits->drops_failure);
}

const char *fa_policy_override(apr_pool_t *scratch, const fa_policy *policy,
                               const fa_policy *later)
{
    const fa_demand *dropped =
        later->demands
            ? fa_demands_find(policy->demands, later->demands->dropped)
            : NULL;

    if (policy->schemes && later->schemes &&
        strcmp(fa_schemes_text(scratch, policy->schemes),
               fa_schemes_text(scratch, later->schemes)) != 0)
        return "AuthScheme";
    if (dropped)
        return fa_demand_directive(dropped->kind);
    if (policy->passwords && later->passwords)
        return "AuthPasswords";
    if (policy->token_sources && later->token_sources)
        return "AuthTokenSource";
    if (loosens_tls(policy, later))
        return "AuthRequireTLS";
    if (fa_policy_in_force(policy) && fa_policy_report_only(later) &&
        !fa_policy_report_only(policy))
        return "AuthReportOnly";
    if (later->limits && (fa_limits_lose(policy->limits, later->limits) ||
                          loses_throttles(policy, later->limits)))
        return "RateLimit";
    return NULL;
}

bool fa_policy_in_force(const fa_policy *policy)
{
    return fa_schemes_in_force(policy->schemes) ||
           fa_demands_find(policy->demands, ~0u) ||
           fa_operations_demand(policy->operations) ||
           (policy->limits && policy->limits->list &&
            policy->limits->list->nelts > 0) ||
           fa_policy_tls(policy) != FA_TLS_OFF;
}

static size_t append(const fa_limit *limits[FA_LIMITS_MAX], size_t count,
                     const fa_limits *more)
{
    for (int i = 0; more && more->list && i < more->list->nelts; i++) {
        if (count < FA_LIMITS_MAX)
            limits[count] = APR_ARRAY_IDX(more->list, i, const fa_limit *);
        count++;
    }
    return count;
}

size_t fa_policy_limits(const fa_policy *policy,
                        const fa_limit *limits[FA_LIMITS_MAX])
{
    size_t count = append(limits, 0, policy->limits);

    if (policy->schemes && !(policy->limits && policy->limits->drops_failure))
        count = append(limits, count, policy->schemes->throttles);
    return count;
}

fa_tls_rule fa_policy_tls(const fa_policy *policy)
{
    return policy->tls ? *policy->tls : FA_TLS_OFF;
}

fa_error_format fa_policy_error_format(const fa_policy *policy)
{
    return policy->error_format ? *policy->error_format : FA_ERROR_PROBLEM;
}

bool fa_policy_report_only(const fa_policy *policy)
{
    return policy->report_only && *policy->report_only != FA_REPORT_OFF;
}

bool fa_policy_reports_in_header(const fa_policy *policy)
{
    return policy->report_only && *policy->report_only == FA_REPORT_HEADER;
}

bool fa_policy_strips_credentials(const fa_policy *policy)
{
    return policy->strip_credentials && *policy->strip_credentials;
}

const char *fa_policy_identity_prefix(const fa_policy *policy)
{
    return policy->identity_prefix && *policy->identity_prefix
               ? policy->identity_prefix
               : NULL;
}
