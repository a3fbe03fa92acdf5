/* The body of a refusal.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_ERROR_H
#define FA_ERROR_H

#include <apr_pools.h>

#include "fa_decide.h"
#include "fa_policy.h"

/**
 * A problem (RFC 9457) or FastOpenAPI's error, as JSON of fixed sentences under
 * 512 bytes.
 *
 * type  receives the media type
 *
 * Returns the body, or NULL for FA_ERROR_HTTPD.
 */
const char *fa_error_body(apr_pool_t *pool, const fa_policy *policy,
                          const fa_decision *decision, const char **type);

/* The status of an answer: the verdict's, or RateLimitStatus. */
int fa_error_status(const fa_policy *policy, fa_verdict verdict);

#endif
