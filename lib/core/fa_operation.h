/* Operations that a section names (APIOperation), and what each demands.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_OPERATION_H
#define FA_OPERATION_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_demand.h"
#include "fa_section.h"
#include "fa_template.h"

/* One APIOperation line. */
typedef struct fa_operation {
    apr_int64_t methods;            /* bits 1 << fa_method */
    const fa_template *path;        /* PATH; NULL: the section's own */
    const fa_demands *demands;      /* scope=, owner=...; NULL: none */
    const char *id;                 /* operationId, or NULL */
    const char *summary;            /* or NULL */
    const apr_array_header_t *tags; /* const char *, or NULL */
    const char *example;            /* a path that it is for, or NULL */
    bool deprecated;
    fa_section section; /* where it stands */
} fa_operation;

/* Whether an operation is told from others of its section by its PATH; in a
 * <LocationMatch> that is only what is printed. */
bool fa_operation_is_by_path(const fa_operation *operation);

/* What one section says of operations. Grows while the configuration is read.
 */
typedef struct fa_operation_set {
    bool none;                /* APIOperation none: it is in no document */
    apr_array_header_t *list; /* const fa_operation *, as written */
    /* Operations with a PATH in a <Location>: the most specific decides. */
    fa_matcher *by_path;
    size_t depth; /* segments of that <Location>, which PATH follows */
    /* Operations of every path of the section. */
    const fa_operation *always[FA_METHOD_NUMBERS];
    bool demands; /* whether any of them demands anything */
} fa_operation_set;

/* What the sections that a request falls into say of operations. */
typedef struct fa_operations {
    const apr_array_header_t *sets; /* fa_operations_in, parents' first */
} fa_operations;

typedef struct fa_operations_in {
    fa_operation_set *set;
    unsigned dropped; /* kinds of demands that a later section's `none` drops */
} fa_operations_in;

/* The set of a section that has said nothing yet is made by the first call of
 * either; operations may be NULL, and is the section's own, never a merged one.
 * The result lives in pool.
 *
 * fa_operations_add returns NULL, or the line that it contradicts: the same
 * method and the same template; that one stays, and no more is to be asked of
 * a configuration that says both. */
const fa_operation *fa_operations_add(apr_pool_t *pool,
                                      const fa_operations **operations,
                                      const fa_operation *operation);
void fa_operations_hide(apr_pool_t *pool, const fa_operations **operations);

/* A section's own set, or NULL. */
fa_operation_set *fa_operations_own(const fa_operations *operations);

/* A child section's operations beside its parent's, of whose demands it drops
 * some kinds (bits 1 << fa_demand_kind). Either may be NULL. */
const fa_operations *fa_operations_merge(apr_pool_t *pool,
                                         const fa_operations *parent,
                                         const fa_operations *child,
                                         unsigned dropped);

/**
 * What the operations that a request is one of demand, on top of its sections:
 * of each section that of every path, and the most specific of its own path
 * (fa_matcher_find).
 *
 * path           as httpd chose the sections by it; where it has escapes
 *                still, the operations of the decoded one count too
 * method_number  httpd's
 *
 * Returns const fa_demand * in pool, or NULL for none.
 */
const apr_array_header_t *fa_operations_demands(apr_pool_t *pool,
                                                const fa_operations *operations,
                                                const char *path,
                                                int method_number);

/* Whether an operation is among those that a request is one of. */
bool fa_operations_have(const fa_operations *operations,
                        const fa_operation *operation, const char *path,
                        int method_number);

/* Whether any of them demands anything of anybody. */
bool fa_operations_demand(const fa_operations *operations);

/* The first demand that dropping some kinds would take away, or NULL: of those
 * operations that again (may be NULL) does not say once more. */
const fa_demand *fa_operations_lose(const fa_operations *operations,
                                    unsigned dropped,
                                    const fa_operations *again);

/* Whether both are of the same lines. */
bool fa_operations_same(const fa_operations *a, const fa_operations *b);

#endif
