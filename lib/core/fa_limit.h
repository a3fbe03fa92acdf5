/* What a section allows how often (RateLimit).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_LIMIT_H
#define FA_LIMIT_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_rate.h"
#include "fa_section.h"

/* The parts that by= can name; together they make one key. */
typedef enum {
    FA_BY_IP = 1,       /* the client's address, IPv6 by its /64 */
    FA_BY_USER = 2,     /* (issuer or scheme, user); in a failure throttle the
                           name that is claimed, or the key's digest */
    FA_BY_API_KEY = 4,  /* the API key's id */
    FA_BY_LOCATION = 8, /* everybody together */
    FA_BY_CLAIM = 16,   /* the value of a claim */
    FA_BY_HEADER = 32   /* the value of a request header */
} fa_limit_by;

/* Most limits that one request can be weighed by. */
#define FA_LIMITS_MAX 32

/* One RateLimit line. */
typedef struct fa_limit {
    const char *name;    /* in the answer's fields (an sf-string) */
    fa_rate rate;        /* N requests in W */
    uint32_t cost;       /* permits that a request takes, 1 to N */
    unsigned by;         /* fa_limit_by */
    const char *claim;   /* FA_BY_CLAIM */
    const char *header;  /* FA_BY_HEADER */
    bool on_failure;     /* only requests whose credential is bad */
    bool guessable_only; /* on_failure: of passwords and API keys alone */
    apr_int64_t methods; /* of <Limit>, bit 1 << number; -1: all */
    const char *counter; /* what tells its counters from all others */
    bool is_named;       /* counter is name=, and counts for all servers */
    fa_section section;  /* where it stands */
    unsigned number;     /* among the counters (fa_count.h); 0: others */
} fa_limit;

/* All that one section says, or what several come to. */
typedef struct fa_limits {
    const apr_array_header_t *list; /* const fa_limit *; parents' first */
    bool drops_all;                 /* RateLimit none */
    bool drops_failure;             /* RateLimit none on=failure */
} fa_limits;

/**
 * Read RateLimit's words (const char *), N/WINDOW first.
 *
 * limit  receives it, in pool
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_limit_parse(apr_pool_t *pool, const apr_array_header_t *words,
                           const fa_section *section, apr_int64_t methods,
                           const fa_limit **limit);

/* limits (may be NULL) with one more, in pool. */
const fa_limits *fa_limits_add(apr_pool_t *pool, const fa_limits *limits,
                               const fa_limit *limit);

/* limits (may be NULL) that drop what is inherited, in pool: everything, or
 * the failure throttles alone. */
const fa_limits *fa_limits_drop(apr_pool_t *pool, const fa_limits *limits,
                                bool failure_only);

/* A child section's limits on top of its parent's, less what it drops. */
const fa_limits *fa_limits_merge(apr_pool_t *pool, const fa_limits *parent,
                                 const fa_limits *child);

/* Whether both hold the same limits, line by line. */
bool fa_limits_same(const fa_limits *a, const fa_limits *b);

/* Whether a limit of the first is dropped by the `none` of the later. */
bool fa_limits_lose(const fa_limits *limits, const fa_limits *later);

/* The throttles that hold where basic or an API key scheme is in force and
 * nothing else is said: 30 in a minute by address and user, 300 by address.
 * They count passwords and API keys: nobody guesses a signature, and one old
 * token behind a shared address must not shut out the others. */
const fa_limits *fa_limits_usual(apr_pool_t *pool, const fa_section *section);

/* Whether it can be weighed only once the caller is known. */
bool fa_limit_needs_identity(const fa_limit *limit);

#endif
