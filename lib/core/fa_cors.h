/* Which pages of other origins may ask, and what their browsers are told.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CORS_H
#define FA_CORS_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_section.h"

/* A list of const char *: "*" alone is any, an empty one is none. All are
 * pointers; NULL is "not said here"; a child's directive replaces that one of
 * its parent. */
#define FA_CORS_FIELDS(FIELD)                  \
    FIELD(const apr_array_header_t *, origins) \
    FIELD(const fa_section *, origins_at)      \
    FIELD(const apr_array_header_t *, methods) \
    FIELD(const apr_array_header_t *, headers) \
    FIELD(const apr_array_header_t *, exposed) \
    FIELD(const bool *, credentials)           \
    FIELD(const fa_section *, credentials_at)  \
    FIELD(const apr_int64_t *, max_age_s)

#define FA_CORS_FIELD(type, name) type name;
typedef struct fa_cors {
    FA_CORS_FIELDS(FA_CORS_FIELD)
} fa_cors;
#undef FA_CORS_FIELD

/* How long a browser remembers a preflight where CORSMaxAge says nothing, in
 * seconds; and the most that any browser keeps. */
#define FA_CORS_MAX_AGE_S       600
#define FA_CORS_MAX_AGE_LIMIT_S 86400

/* What a browser asks before it sends a request; NULL where the header is not
 * there. */
typedef struct fa_cors_asked {
    const char *origin;  /* Origin */
    const char *method;  /* Access-Control-Request-Method */
    const char *headers; /* Access-Control-Request-Headers */
} fa_cors_asked;

/* A child section's over its parent's; either may be NULL, neither is changed.
 */
const fa_cors *fa_cors_merge(apr_pool_t *pool, const fa_cors *parent,
                             const fa_cors *child);

/* Whether two are of the same lines; either may be NULL. */
bool fa_cors_same(const fa_cors *a, const fa_cors *b);

/* Whether some origin may ask; cors may be NULL. */
bool fa_cors_in_force(const fa_cors *cors);

/* CORSOrigin * beside CORSCredentials on: any page could read what its visitor
 * may. Returns NULL, or the sentence that says so; cors may be NULL. */
const char *fa_cors_contradiction(apr_pool_t *pool, const fa_cors *cors);

/* Whether a text is an origin as browsers write it (RFC 6454 section 6.2).
 * Returns NULL, or what was wrong. */
const char *fa_cors_origin_is_wrong(apr_pool_t *pool, const char *text);

/**
 * The headers of an answer to a page of this origin (NULL: no Origin came).
 * Where credentials and `*` have come together after all, there are none with
 * credentials.
 *
 * Returns a table in pool, empty for an origin that may not ask. Fetch section
 * 3.2.3.
 */
apr_table_t *fa_cors_answer(apr_pool_t *pool, const fa_cors *cors,
                            const char *origin);

/* The same of the answer to a preflight: empty where origin, method or any
 * header may not be. Origins and methods are compared with case, header names
 * without. */
apr_table_t *fa_cors_preflight(apr_pool_t *pool, const fa_cors *cors,
                               const fa_cors_asked *asked);

/* Whether a header of an answer is CORS': no handler's counts where we speak.
 */
bool fa_cors_is_header(const char *name);

/* Sentences for people (const char *), added to lines. */
void fa_cors_describe(apr_pool_t *pool, const fa_cors *cors,
                      apr_array_header_t *lines);

#endif
