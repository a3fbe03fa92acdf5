/* What a token says, read from its claims (RFC 7519 section 4).
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CLAIMS_H
#define FA_CLAIMS_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <jansson.h>

#include "fa_identity.h"
#include "fa_verdict.h"

/* Where an issuer keeps the identity: paths for fa_json_at (const char *), of
 * which the first one present counts. A NULL list means the usual names. */
typedef struct fa_claim_names {
    const apr_array_header_t *user;
    const apr_array_header_t *scopes;
    const apr_array_header_t *roles;
    const apr_array_header_t *permissions;
} fa_claim_names;

/* The usual names: user=sub,user_id scopes=scope,scopes,scp roles=roles,role
 * permissions=permissions. */
const fa_claim_names *fa_claim_names_usual(apr_pool_t *pool);

/**
 * Judge exp, nbf and iat (RFC 7519 sections 4.1.4 to 4.1.6). exp must be there;
 * each must be a number of seconds from 0 to 2^53.
 *
 * leeway_s  seconds of clock skew granted to each
 * now       microseconds UTC
 * reason    receives a fixed sentence where the verdict is not FA_ALLOWED
 *
 * Returns FA_ALLOWED, FA_EXPIRED_CREDENTIAL or FA_BAD_CREDENTIAL.
 */
fa_verdict fa_claims_in_time(const json_t *claims, apr_int64_t leeway_s,
                             apr_time_t now, const char **reason);

/**
 * Judge aud (section 4.1.3): a string or an array of strings, one of which is
 * ours. A token for somebody else is refused also where we have no name.
 *
 * audience  const char *, or NULL for none
 *
 * Returns NULL, or why not: a fixed sentence.
 */
const char *fa_claims_for_us(const json_t *claims,
                             const apr_array_header_t *audience);

/**
 * Fill in user, scopes, roles and permissions. sub, where it is there, must be
 * a string that fa_identity_is_user, other user claims may be integers. A list
 * is a space-delimited string or an array of strings; anything else is empty.
 *
 * identity  receives them, in pool
 *
 * Returns NULL, or why not: a fixed sentence.
 */
const char *fa_claims_identify(apr_pool_t *pool, const json_t *claims,
                               const fa_claim_names *names,
                               fa_identity *identity);

#endif
