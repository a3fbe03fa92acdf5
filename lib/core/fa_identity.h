/* Who is asking, as one credential proved it.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_IDENTITY_H
#define FA_IDENTITY_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>
#include <jansson.h>

/* Longest user name, in bytes. */
#define FA_USER_MAX 255

/* Everything in it comes from one credential and lives in the request's pool
 * or, for an API key, at least as long. The word lists hold const char * and
 * may be NULL: the credential carries none. */
typedef struct fa_identity {
    const char *user;                 /* never empty */
    const char *scheme;               /* "bearer-jwt", "basic"... */
    const char *issuer;               /* a token's iss, or NULL */
    const char *key;                  /* kid or API key's id, or NULL */
    const apr_array_header_t *scopes; /* RFC 6749 section 3.3 */
    const apr_array_header_t *roles;
    const apr_array_header_t *permissions;
    const json_t *claims; /* a token's claims, or NULL */
    const char *payload;  /* those as received, or NULL */
} fa_identity;

/* Whether text can name a user: 1 to FA_USER_MAX bytes of UTF-8 without a
 * control character. */
bool fa_identity_is_user(const char *text);

/* Whether the credential carries this very scope, role. */
bool fa_identity_has_scope(const fa_identity *identity, const char *scope);
bool fa_identity_has_role(const fa_identity *identity, const char *role);

/**
 * Whether the claim at name (see fa_json_at) is value, or an array that holds
 * it. A string is compared byte by byte; an integer and a boolean by their
 * JSON text ("42", "true"); nothing else is ever equal.
 */
bool fa_identity_has_claim(const fa_identity *identity, const char *name,
                           const char *value);

#endif
