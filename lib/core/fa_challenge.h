/* What the caller is told to bring: WWW-Authenticate.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CHALLENGE_H
#define FA_CHALLENGE_H

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_decide.h"

/**
 * The challenges that go with a decision (RFC 9110 section 11.6.1), a header
 * line each: one Bearer for bearer-jwt and oauth2 together (RFC 6750 section
 * 3), Basic with its charset (RFC 7617 section 2.1), ApiKey for every place of
 * an API key. Only a Bearer one carries an error, and only where the refused
 * credential was a token.
 *
 * realm  as configured; quoted here
 *
 * Returns const char * in pool; empty where the verdict has no challenge.
 */
apr_array_header_t *fa_challenges(apr_pool_t *pool, const fa_decision *decision,
                                  const fa_policy *policy, const char *realm);

/* The OAuth error code (RFC 6750 section 3.1) of a decision, or NULL: a bad
 * credential is an invalid token only where it was a token. */
const char *fa_oauth_error(const fa_decision *decision);

#endif
