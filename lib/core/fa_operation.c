/* Operations that a section names (APIOperation), and what each demands.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_operation.h"

#include <string.h>
#include <strings.h>

#include "fa_path.h"

static const fa_operations_in *in(const fa_operations *operations, int index)
{
    return &APR_ARRAY_IDX(operations->sets, index, fa_operations_in);
}

static int count(const fa_operations *operations)
{
    return operations ? operations->sets->nelts : 0;
}

fa_operation_set *fa_operations_own(const fa_operations *operations)
{
    return operations ? in(operations, 0)->set : NULL;
}

/* --- while a section is read ---------------------------------------------- */

static fa_operation_set *own(apr_pool_t *pool, const fa_operations **operations)
{
    fa_operations *made;
    apr_array_header_t *sets;
    fa_operation_set *set;

    if (*operations)
        return fa_operations_own(*operations);
    set = apr_pcalloc(pool, sizeof *set);
    set->list = apr_array_make(pool, 2, sizeof(const fa_operation *));
    set->by_path = fa_matcher_create(pool);
    sets = apr_array_make(pool, 1, sizeof(fa_operations_in));
    *(fa_operations_in *)apr_array_push(sets) = (fa_operations_in){set, 0};
    made = apr_palloc(pool, sizeof *made);
    made->sets = sets;
    *operations = made;
    return set;
}

bool fa_operation_is_by_path(const fa_operation *operation)
{
    return operation->path &&
           strcasecmp(operation->section.kind, "Location") == 0;
}

static const fa_operation *
place(fa_operation_set *set, const fa_operation *operation, fa_method method)
{
    const fa_operation *already;

    if (fa_operation_is_by_path(operation))
        return fa_matcher_add(set->by_path, operation->path, method, operation);
    already = set->always[method];
    if (!already)
        set->always[method] = operation;
    return already;
}

const fa_operation *fa_operations_add(apr_pool_t *pool,
                                      const fa_operations **operations,
                                      const fa_operation *operation)
{
    fa_operation_set *set = own(pool, operations);

    if (fa_operation_is_by_path(operation))
        set->depth = fa_path_segments(operation->section.pattern);
    for (int method = 0; method < FA_METHOD_NUMBERS; method++) {
        const fa_operation *already =
            fa_methods_have(operation->methods, method)
                ? place(set, operation, (fa_method)method)
                : NULL;

        if (already)
            return already;
    }
    set->demands = set->demands || operation->demands;
    APR_ARRAY_PUSH(set->list, const fa_operation *) = operation;
    return NULL;
}

void fa_operations_hide(apr_pool_t *pool, const fa_operations **operations)
{
    own(pool, operations)->none = true;
}

/* --- merged --------------------------------------------------------------- */

const fa_operations *fa_operations_merge(apr_pool_t *pool,
                                         const fa_operations *parent,
                                         const fa_operations *child,
                                         unsigned dropped)
{
    fa_operations *merged;
    apr_array_header_t *sets;

    if (!parent || (!child && !dropped))
        return parent ? parent : child;
    sets = apr_array_make(pool, count(parent) + count(child),
                          sizeof(fa_operations_in));
    apr_array_cat(sets, parent->sets);
    for (int i = 0; i < sets->nelts; i++)
        APR_ARRAY_IDX(sets, i, fa_operations_in).dropped |= dropped;
    if (child)
        apr_array_cat(sets, child->sets);
    merged = apr_palloc(pool, sizeof *merged);
    merged->sets = sets;
    return merged;
}

/* --- a request ------------------------------------------------------------ */

/* Call with the operations of one section that a request is one of: that of
 * every path, and those of its own. */
static void each_matched(const fa_operation_set *set, const char *path,
                         int method, fa_matched *matched, void *context)
{
    if (method >= 0 && method < FA_METHOD_NUMBERS && set->always[method])
        matched(context, set->always[method]);
    fa_matcher_find(set->by_path, fa_path_behind(path, set->depth), method,
                    matched, context);
}

typedef struct gathered {
    apr_pool_t *pool;
    unsigned dropped;
    const fa_demands *all;
} gathered;

static void gather(void *context, const void *value)
{
    gathered *so_far = context;
    const fa_demands *demands = ((const fa_operation *)value)->demands;

    if (demands && so_far->dropped)
        demands = fa_demands_kept(so_far->pool, demands, so_far->dropped);
    so_far->all = fa_demands_merge(so_far->pool, so_far->all, demands);
}

const apr_array_header_t *fa_operations_demands(apr_pool_t *pool,
                                                const fa_operations *operations,
                                                const char *path,
                                                int method_number)
{
    gathered so_far = {pool, 0, NULL};
    /* A proxy may pass on a path that httpd has not decoded (ProxyPass
     * mapping=encoded): what the backend will read counts as well. */
    const char *decoded =
        fa_operations_demand(operations) ? fa_path_decoded(pool, path) : NULL;

    for (int i = 0; i < count(operations); i++) {
        const fa_operations_in *of = in(operations, i);

        so_far.dropped = of->dropped;
        if (of->set->demands)
            each_matched(of->set, path, method_number, gather, &so_far);
        if (of->set->demands && decoded)
            each_matched(of->set, decoded, method_number, gather, &so_far);
    }
    if (!so_far.all || !so_far.all->list || so_far.all->list->nelts == 0)
        return NULL;
    return so_far.all->list;
}

typedef struct sought {
    const fa_operation *operation;
    bool is_there;
} sought;

static void seek(void *context, const void *value)
{
    sought *one = context;

    one->is_there = one->is_there || value == one->operation;
}

bool fa_operations_have(const fa_operations *operations,
                        const fa_operation *operation, const char *path,
                        int method_number)
{
    sought one = {operation, false};

    for (int i = 0; i < count(operations) && !one.is_there; i++)
        each_matched(in(operations, i)->set, path, method_number, seek, &one);
    return one.is_there;
}

bool fa_operations_demand(const fa_operations *operations)
{
    for (int i = 0; i < count(operations); i++) {
        if (in(operations, i)->set->demands)
            return true;
    }
    return false;
}

/* --- sections beside each other ------------------------------------------- */

static bool says_as_much(const fa_operation *a, const fa_operation *b)
{
    const char *path_a = a->path ? a->path->text : "";
    const char *path_b = b->path ? b->path->text : "";

    return a->methods == b->methods && strcmp(path_a, path_b) == 0 &&
           fa_demands_alike(a->demands, b->demands);
}

static bool is_said(const fa_operations *again, const fa_operation *operation)
{
    const fa_operation_set *set = fa_operations_own(again);

    for (int i = 0; set && i < set->list->nelts; i++) {
        if (says_as_much(APR_ARRAY_IDX(set->list, i, const fa_operation *),
                         operation))
            return true;
    }
    return false;
}

const fa_demand *fa_operations_lose(const fa_operations *operations,
                                    unsigned dropped,
                                    const fa_operations *again)
{
    const fa_operation_set *set = fa_operations_own(operations);

    for (int i = 0; dropped && set && i < set->list->nelts; i++) {
        const fa_operation *operation =
            APR_ARRAY_IDX(set->list, i, const fa_operation *);
        const fa_demand *lost = fa_demands_find(operation->demands, dropped);

        if (lost && !is_said(again, operation))
            return lost;
    }
    return NULL;
}

bool fa_operations_same(const fa_operations *a, const fa_operations *b)
{
    if (count(a) != count(b))
        return false;
    for (int i = 0; i < count(a); i++) {
        if (in(a, i)->set != in(b, i)->set ||
            in(a, i)->dropped != in(b, i)->dropped)
            return false;
    }
    return true;
}
