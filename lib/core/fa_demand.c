/* What a section demands of its callers (Require...).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_demand.h"

#include <string.h>

const char *fa_demand_directive(fa_demand_kind kind)
{
    switch (kind) {
    case FA_DEMAND_ADDRESS:
        return "RequireAddress";
    case FA_DEMAND_SCOPE:
        return "RequireScope";
    case FA_DEMAND_ROLE:
        return "RequireRole";
    case FA_DEMAND_CLAIM:
        return "RequireClaim";
    case FA_DEMAND_PERMISSION:
        return "RequirePermission";
    case FA_DEMAND_OWNER:
        return "RequireOwner";
    }
    return "Require";
}

const char *fa_demand_name(const fa_demand *demand)
{
    if (!demand->of_operation)
        return fa_demand_directive(demand->kind);
    switch (demand->kind) {
    case FA_DEMAND_SCOPE:
        return "APIOperation scope";
    case FA_DEMAND_ROLE:
        return "APIOperation role";
    case FA_DEMAND_PERMISSION:
        return "APIOperation permission";
    case FA_DEMAND_OWNER:
        return "APIOperation owner";
    case FA_DEMAND_CLAIM:
    case FA_DEMAND_ADDRESS:
        break;
    }
    return "APIOperation";
}

static fa_demands *copy(apr_pool_t *pool, const fa_demands *demands)
{
    fa_demands *copied = apr_pcalloc(pool, sizeof *copied);

    if (demands)
        *copied = *demands;
    return copied;
}

const fa_demands *fa_demands_add(apr_pool_t *pool, const fa_demands *demands,
                                 const fa_demand *demand)
{
    fa_demands *more = copy(pool, demands);
    apr_array_header_t *list =
        more->list ? apr_array_copy(pool, more->list)
                   : apr_array_make(pool, 2, sizeof(const fa_demand *));

    APR_ARRAY_PUSH(list, const fa_demand *) = demand;
    more->list = list;
    return more;
}

const fa_demands *fa_demands_drop(apr_pool_t *pool, const fa_demands *demands,
                                  unsigned dropped)
{
    fa_demands *less = copy(pool, demands);

    less->dropped |= dropped;
    return less;
}

static apr_array_header_t *
kept(apr_pool_t *pool, const apr_array_header_t *list, unsigned dropped)
{
    apr_array_header_t *kept =
        apr_array_make(pool, list->nelts, sizeof(const fa_demand *));

    for (int i = 0; i < list->nelts; i++) {
        const fa_demand *demand = APR_ARRAY_IDX(list, i, const fa_demand *);

        if (!(dropped & 1u << demand->kind))
            APR_ARRAY_PUSH(kept, const fa_demand *) = demand;
    }
    return kept;
}

const fa_demands *fa_demands_kept(apr_pool_t *pool, const fa_demands *demands,
                                  unsigned dropped)
{
    fa_demands *less = copy(pool, demands);

    if (less->list)
        less->list = kept(pool, less->list, dropped);
    return less;
}

const fa_demands *fa_demands_merge(apr_pool_t *pool, const fa_demands *parent,
                                   const fa_demands *child)
{
    fa_demands *merged;
    apr_array_header_t *list;

    if (!parent || !child)
        return parent ? parent : child;
    merged = apr_palloc(pool, sizeof *merged);
    merged->dropped = parent->dropped | child->dropped;
    merged->list = child->list;
    if (parent->list) {
        list = kept(pool, parent->list, child->dropped);
        if (child->list)
            apr_array_cat(list, child->list);
        merged->list = list;
    }
    return merged;
}

const fa_demands *fa_demands_less(apr_pool_t *pool, const fa_demands *demands,
                                  const fa_demands *again)
{
    unsigned kinds = again ? again->dropped : 0;
    fa_demands *less;

    if (!demands || !again)
        return demands;
    for (int i = 0; again->list && i < again->list->nelts; i++)
        kinds |= 1u << APR_ARRAY_IDX(again->list, i, const fa_demand *)->kind;
    less = copy(pool, fa_demands_kept(pool, demands, kinds));
    less->dropped &= ~kinds;
    return less;
}

static const fa_demand *find(const fa_demands *demands, unsigned kinds,
                             apr_int64_t methods)
{
    for (int i = 0; demands && demands->list && i < demands->list->nelts; i++) {
        const fa_demand *demand =
            APR_ARRAY_IDX(demands->list, i, const fa_demand *);

        if (kinds & 1u << demand->kind && demand->methods & methods)
            return demand;
    }
    return NULL;
}

const fa_demand *fa_demands_find(const fa_demands *demands, unsigned kinds)
{
    return find(demands, kinds, -1);
}

const fa_demand *fa_demands_for(const fa_demands *demands, unsigned kinds,
                                int method_number)
{
    return find(demands, kinds,
                (apr_int64_t)((apr_uint64_t)1 << method_number));
}

bool fa_methods_have(apr_int64_t methods, int method_number)
{
    return (apr_uint64_t)methods >> method_number & 1;
}

bool fa_demand_is_for(const fa_demand *demand, int method_number)
{
    return fa_methods_have(demand->methods, method_number);
}

bool fa_demands_same(const fa_demands *a, const fa_demands *b)
{
    int count_a = a && a->list ? a->list->nelts : 0;
    int count_b = b && b->list ? b->list->nelts : 0;

    return count_a == count_b &&
           (count_a == 0 || memcmp(a->list->elts, b->list->elts,
                                   (size_t)count_a * sizeof(void *)) == 0);
}

static bool demands_as_much(const fa_demand *a, const fa_demand *b)
{
    return a->kind == b->kind && a->methods == b->methods &&
           strcmp(a->claim ? a->claim : "", b->claim ? b->claim : "") == 0 &&
           strcmp(a->text, b->text) == 0;
}

bool fa_demands_alike(const fa_demands *a, const fa_demands *b)
{
    int count_a = a && a->list ? a->list->nelts : 0;
    int count_b = b && b->list ? b->list->nelts : 0;

    for (int i = 0; i < count_a && count_a == count_b; i++) {
        if (!demands_as_much(APR_ARRAY_IDX(a->list, i, const fa_demand *),
                             APR_ARRAY_IDX(b->list, i, const fa_demand *)))
            return false;
    }
    return count_a == count_b;
}

bool fa_demands_hold(const fa_demands *demands, const fa_demand *demand)
{
    for (int i = 0; demands && demands->list && i < demands->list->nelts; i++) {
        if (demands_as_much(APR_ARRAY_IDX(demands->list, i, const fa_demand *),
                            demand))
            return true;
    }
    return false;
}
