/* Names and values as queries and Cookie headers carry them.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_PAIRS_H
#define FA_PAIRS_H

#include <stdbool.h>

#include <apr_pools.h>

/* Whether a parameter can have this name as it stands: a token of HTTP without
 * what a query escapes or splits at (`%`, `&`, `+`, `#`). */
bool fa_query_is_name(const char *name);

/* The values of a query's parameter of exactly this name, as received
 * (application/x-www-form-urlencoded, `&` between). Receives the first value in
 * value, in pool; returns how many there are. */
int fa_query_find(apr_pool_t *pool, const char *query, const char *name,
                  const char **value);

/* The same of the cookies in a Cookie header (RFC 6265 section 4.2.1). */
int fa_cookie_find(apr_pool_t *pool, const char *cookies, const char *name,
                   const char **value);

/* A query, or a Cookie header, without what the one above finds under a name.
 * All other pairs stay in order, byte for byte, and what is between them; ""
 * where nothing is left. Lives in pool. */
char *fa_query_without(apr_pool_t *pool, const char *query, const char *name);
char *fa_cookie_without(apr_pool_t *pool, const char *cookies,
                        const char *name);

#endif
