/* The ways in which a caller may be identified (AuthScheme).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_SCHEME_H
#define FA_SCHEME_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_limit.h"
#include "fa_section.h"

typedef enum {
    FA_BEARER_JWT,
    FA_OAUTH2, /* verified as bearer-jwt is, documented otherwise */
    FA_API_KEY_HEADER,
    FA_API_KEY_QUERY,
    FA_API_KEY_COOKIE,
    FA_BASIC
} fa_scheme_kind;

typedef struct fa_scheme {
    fa_scheme_kind kind;
    const char *name;      /* as in AuthScheme, without parameter */
    const char *parameter; /* API keys: header, parameter or cookie; or NULL */
} fa_scheme;

/* What one AuthScheme says. */
typedef struct fa_schemes {
    apr_array_header_t *list;   /* fa_scheme; empty: AuthScheme none */
    bool optional;              /* a caller without a credential is anonymous */
    const fa_limits *throttles; /* of failures, where nothing else is said:
                                   with basic or API keys, else NULL */
    fa_section section;         /* where it stands */
    unsigned number; /* of that section among the counters; 0: others */
} fa_schemes;

/**
 * Read AuthScheme's words (const char *).
 *
 * Returns NULL, or what was wrong: an unknown or repeated scheme, none beside
 * another, a name that no header or cookie can have.
 */
const char *fa_schemes_parse(apr_pool_t *pool, const apr_array_header_t *words,
                             const fa_section *section,
                             const fa_schemes **schemes);

/* Whether one of these schemes must or may be met: schemes is neither NULL nor
 * none. */
bool fa_schemes_in_force(const fa_schemes *schemes);

/* The first scheme of a kind, or NULL; of bearer-jwt and oauth2, or NULL. */
const fa_scheme *fa_schemes_find(const fa_schemes *schemes,
                                 fa_scheme_kind kind);
const fa_scheme *fa_schemes_bearer(const fa_schemes *schemes);

/* As one would write it after AuthScheme; "none" for NULL. Lives in pool. */
const char *fa_schemes_text(apr_pool_t *pool, const fa_schemes *schemes);

#endif
