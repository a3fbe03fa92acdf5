/* A policy in words, for -DDUMP_FASTAUTH.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DESCRIBE_H
#define FA_DESCRIBE_H

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_policy.h"

/* The names of a mask's methods, for people. */
typedef const char *fa_method_names(apr_pool_t *pool, apr_int64_t mask);

/* Sentences (const char *, in pool) that say who may do what under a policy:
 * an empty array for one that says nothing. Names no secret. */
apr_array_header_t *fa_describe(apr_pool_t *pool, const fa_policy *policy,
                                fa_method_names *method_names);

#endif
