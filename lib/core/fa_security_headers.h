/* Headers that keep browsers from doing more than an API needs.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_SECURITY_HEADERS_H
#define FA_SECURITY_HEADERS_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_section.h"

/* SecurityHeaders. */
typedef struct fa_security_headers {
    bool on;
    apr_int64_t hsts_s; /* seconds of Strict-Transport-Security; -1: none */
    const char *frame;  /* X-Frame-Options; NULL: none */
    const char *csp;    /* Content-Security-Policy; NULL: none */
    fa_section section; /* where it stands */
} fa_security_headers;

/* Two years: what the list of preloaded hosts asks for, and less is of use. */
#define FA_HSTS_S 63072000

/**
 * The headers of an answer where nobody else has set them.
 *
 * headers  may be NULL
 * tls      whether the client sees TLS: HSTS means nothing without (RFC 6797
 *          section 7.2)
 *
 * Returns a table in pool, empty where they are off.
 */
apr_table_t *fa_security_headers_of(apr_pool_t *pool,
                                    const fa_security_headers *headers,
                                    bool tls);

/* Whether a second one of this name would take away what the first says. Two
 * Content-Security-Policies both hold. */
bool fa_security_header_is_single(const char *name);

/* A sentence for people (const char *), added to lines. */
void fa_security_headers_describe(apr_pool_t *pool,
                                  const fa_security_headers *headers,
                                  apr_array_header_t *lines);

#endif
