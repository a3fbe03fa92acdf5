/* What a caller is told of limits: draft-ietf-httpapi-ratelimit-headers-11.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_RATELIMIT_H
#define FA_RATELIMIT_H

#include <apr_pools.h>

#include "fa_decide.h"

/* Structured Fields (RFC 9651): lists of a String with parameters. */
typedef struct fa_ratelimit {
    const char *policy; /* "api";q=100;w=3600 */
    const char *state;  /* "api";r=50;t=30 */
    int retry_after_s;  /* seconds, at least 1; 0 where nothing was refused */
} fa_ratelimit;

/**
 * The fields of a decision that was weighed by limits. A failure throttle is
 * told of only to whom it refuses.
 *
 * Returns false where there is nothing to tell; the texts live in pool.
 */
bool fa_ratelimit_of(apr_pool_t *pool, const fa_decision *decision,
                     fa_ratelimit *fields);

/* The names of the limits that refused, as a JSON array; "[]" for none. */
const char *fa_ratelimit_violated(apr_pool_t *pool,
                                  const fa_decision *decision);

#endif
