/* The keys of one issuer, and the one that a token's header selects.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_KEYRING_H
#define FA_KEYRING_H

#include <apr_hash.h>
#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_key.h"

typedef struct fa_keyring {
    apr_array_header_t *keys; /* const fa_key *, in the order they were added */
    apr_hash_t *by_kid;       /* kid -> const fa_key * */
} fa_keyring;

fa_keyring *fa_keyring_create(apr_pool_t *pool);

/* Add a key. Returns NULL, or what was wrong: a kid that is there already. */
const char *fa_keyring_add(fa_keyring *ring, const fa_key *key);

/**
 * Add every key of a JWK set (RFC 7517 section 5) that verifies signatures.
 *
 * Symmetric keys beside asymmetric ones (in the set or in the ring) are
 * skipped, so that no public key can be taken for a secret.
 *
 * fallback  see fa_key_from_jwk
 * skipped   receives a sentence for each JWK left out (const char *), or an
 *           empty array; in pool
 *
 * Returns NULL, or what was wrong; a set without a usable key is wrong.
 */
const char *fa_keyring_add_set(apr_pool_t *pool, fa_keyring *ring,
                               const char *text, size_t size,
                               const apr_array_header_t *fallback,
                               apr_array_header_t **skipped);

/**
 * The key that a token's header selects: with a kid the key of that kid, if its
 * algorithm is the header's; without one the only key of the algorithm.
 *
 * Returns NULL where there is none, or where there would be a choice: a token
 * is never tried over several keys.
 */
const fa_key *fa_keyring_select(const fa_keyring *ring, const char *alg,
                                const char *kid);

#endif
