/* What a section demands of its callers (Require...).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DEMAND_H
#define FA_DEMAND_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_section.h"

typedef enum {
    FA_DEMAND_ADDRESS, /* the only one that needs no identity */
    FA_DEMAND_SCOPE,
    FA_DEMAND_ROLE,
    FA_DEMAND_CLAIM,
    FA_DEMAND_PERMISSION,
    FA_DEMAND_OWNER
} fa_demand_kind;

/* Whose a resource is: RequireOwner, or owner= of an operation. */
typedef struct fa_owner {
    bool is_query;    /* the prepared statement name finds the owner; else the
                         part of the path called name is the owner */
    const char *name; /* a label of DBDPrepareSQL, or a group or parameter */
    const apr_array_header_t *bypass; /* const char *: roles that need not own
                                         it; NULL: none */
    bool hide;                        /* not theirs is 404, not 403 */
    /* What tells the parts of a path: an operation's template and the segments
     * before it, or a <LocationMatch>'s pattern, compiled by the server. */
    const struct fa_template *path;
    size_t depth;
    const void *pattern;
    int parts; /* that have a name: a statement takes as many parameters */
} fa_owner;

/* One Require... line, or a demand of an APIOperation. */
typedef struct fa_demand {
    fa_demand_kind kind;
    const char *claim;                /* FA_DEMAND_CLAIM: its name */
    const fa_owner *owner;            /* FA_DEMAND_OWNER */
    const apr_array_header_t *values; /* const char *; ADDRESS: fa_network */
    const char *text;                 /* the values as written, for people */
    apr_int64_t methods;              /* bit 1 << method_number; -1: all */
    bool of_operation;                /* said by APIOperation */
    fa_section section;               /* where it stands */
    unsigned number; /* of that section among the counters; 0: others */
} fa_demand;

/* All that one section says, or what several come to. */
typedef struct fa_demands {
    const apr_array_header_t *list; /* const fa_demand *; parents' first */
    unsigned dropped;               /* bit 1 << kind: `none` was said */
} fa_demands;

/* Bits of dropped for all kinds that need an identity. */
#define FA_DEMANDS_OF_IDENTITY                                              \
    (1u << FA_DEMAND_SCOPE | 1u << FA_DEMAND_ROLE | 1u << FA_DEMAND_CLAIM | \
     1u << FA_DEMAND_PERMISSION | 1u << FA_DEMAND_OWNER)

/* The directive that makes a demand of this kind: "RequireScope". */
const char *fa_demand_directive(fa_demand_kind kind);

/* What made a demand: its directive, or "APIOperation scope". */
const char *fa_demand_name(const fa_demand *demand);

/* demands with one more; with all kinds in dropped said to be none, of what is
 * inherited. demands may be NULL; the result lives in pool. */
const fa_demands *fa_demands_add(apr_pool_t *pool, const fa_demands *demands,
                                 const fa_demand *demand);
const fa_demands *fa_demands_drop(apr_pool_t *pool, const fa_demands *demands,
                                  unsigned dropped);

/* A child section's demands on top of its parent's, less what it drops. Either
 * may be NULL. */
const fa_demands *fa_demands_merge(apr_pool_t *pool, const fa_demands *parent,
                                   const fa_demands *child);

/* demands (not NULL) less some kinds (bits 1 << kind). */
const fa_demands *fa_demands_kept(apr_pool_t *pool, const fa_demands *demands,
                                  unsigned dropped);

/* What is left of demands where others say their kinds again, be it `none`.
 * Either may be NULL. */
const fa_demands *fa_demands_less(apr_pool_t *pool, const fa_demands *demands,
                                  const fa_demands *again);

/* Whether both hold the same demands, line by line; whether they demand the
 * same, be it of other lines. */
bool fa_demands_same(const fa_demands *a, const fa_demands *b);
bool fa_demands_alike(const fa_demands *a, const fa_demands *b);

/* The first demand of one of these kinds (bits 1 << kind), or NULL. */
const fa_demand *fa_demands_find(const fa_demands *demands, unsigned kinds);

/* Whether a method (httpd's method_number, 0 to 63) is in a mask of 1 <<
 * number. All are in -1. */
bool fa_methods_have(apr_int64_t methods, int method_number);

/* Whether one that demands as much is among them. */
bool fa_demands_hold(const fa_demands *demands, const fa_demand *demand);

/* The first demand of one of these kinds that counts for a method, or NULL. */
const fa_demand *fa_demands_for(const fa_demands *demands, unsigned kinds,
                                int method_number);

/* Whether a demand counts for a method (httpd's method_number). */
bool fa_demand_is_for(const fa_demand *demand, int method_number);

#endif
