/* Whose tokens are trusted, by which keys, and what they must say.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_ISSUER_H
#define FA_ISSUER_H

#include <apr_hash.h>
#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_claims.h"
#include "fa_keyring.h"

/* One issuer; NULL members were not said. After fa_trust_settle only audience
 * and type may be NULL: none is ours; JWT or no typ. */
typedef struct fa_issuer {
    const char
        *iss; /* exact bytes (RFC 7519 section 4.1.1); NULL: the server */
    fa_keyring *keys;
    apr_array_header_t *audience; /* const char * */
    const char *type;             /* a token's typ */
    const apr_int64_t *leeway_s;  /* seconds, 0 to FA_LEEWAY_MAX_S */
    fa_claim_names *claims;
} fa_issuer;

#define FA_LEEWAY_MAX_S 60

/* All that one server trusts. */
typedef struct fa_trust {
    fa_issuer *own;              /* keys outside every <AuthIssuer> */
    apr_array_header_t *issuers; /* fa_issuer *, in the order written */
    apr_hash_t *by_iss;          /* iss -> fa_issuer * */
} fa_trust;

fa_trust *fa_trust_create(apr_pool_t *pool);

/* Add the block of an issuer; receives it in issuer. Returns NULL, or what was
 * wrong: an iss that is empty or there already. */
const char *fa_trust_add(apr_pool_t *pool, fa_trust *trust, const char *iss,
                         fa_issuer **issuer);

/* Once all is read: what a block does not say of audience, type, leeway and
 * claims is the server's, what the server does not say is the usual. */
void fa_trust_settle(apr_pool_t *pool, fa_trust *trust);

/* The issuer whose keys may verify a token of this iss (NULL: it has none): the
 * block of that name and no other; the server's own where there is no block. */
const fa_issuer *fa_trust_issuer(const fa_trust *trust, const char *iss);

#endif
