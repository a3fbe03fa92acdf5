/* A key that verifies tokens, with the one algorithm it is for.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_KEY_H
#define FA_KEY_H

#include <stddef.h>

#include <apr_pools.h>
#include <apr_tables.h>
#include <jansson.h>
#include <openssl/evp.h>

#include "fa_alg.h"

/* Made while the configuration is read, never changed after, shared by all
 * threads. The pool it was made in frees the EVP_PKEY and wipes the secret. */
typedef struct fa_key {
    const fa_alg *alg;           /* the only algorithm it verifies */
    const char *kid;             /* NULL where it has none */
    const unsigned char *secret; /* HS*: the bytes; else NULL */
    size_t secret_size;          /* HS*: how many, at least alg->digest_size */
    EVP_PKEY *public_key;        /* RSA, EC, Ed25519; else NULL */
} fa_key;

/* Longest kid, in bytes. */
#define FA_KID_MAX 128

/**
 * A key of HS256, HS384 or HS512 from the bytes of a secret.
 *
 * Refused: shorter than the hash (RFC 7518 section 3.2), a text in PEM, a
 * secret that is published in a list of known ones, one byte repeated.
 *
 * bytes  copied into pool
 * key    receives the key, in pool
 *
 * Returns NULL, or what was wrong; never any part of the secret.
 */
const char *fa_key_from_secret(apr_pool_t *pool, const fa_alg *alg,
                               const char *kid, const void *bytes, size_t size,
                               const fa_key **key);

/**
 * A key of RS*, PS*, ES* or EdDSA from one public key in PEM, or the public key
 * of one X.509 certificate.
 *
 * Refused: a private key, an encrypted one, anything after the first block but
 * white space, a key of another type or curve than alg's, RSA under 2048 bits
 * or over 16384, or with an exponent that is even or 1.
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_key_from_pem(apr_pool_t *pool, const fa_alg *alg,
                            const char *kid, const char *pem, size_t size,
                            const fa_key **key);

/**
 * The same from an EVP_PKEY, which is taken over: the key's pool frees it, or
 * this function where it is refused.
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_key_from_evp(apr_pool_t *pool, const fa_alg *alg,
                            const char *kid, EVP_PKEY *public_key,
                            const fa_key **key);

/**
 * A key from one JSON Web Key (RFC 7517 section 4, RFC 7518 section 6, RFC
 * 8037 section 2).
 *
 * jwk       the object, borrowed; a private key's private members are ignored
 * fallback  alg= of the directive: const fa_alg *, of which the first that fits
 *           the JWK's type and curve is taken where it has no `alg`; may be
 *           NULL. Where neither tells: RS256 for RSA, the curve's own for EC
 *           and OKP; a symmetric key must say.
 * key       receives the key, in pool; NULL for a JWK that is none of ours (use
 *           other than sig, key_ops without verify, a kty or an alg unknown)
 * skipped   receives why, where key receives NULL
 *
 * Returns NULL, or what was wrong with a JWK that should be ours.
 */
const char *fa_key_from_jwk(apr_pool_t *pool, const json_t *jwk,
                            const apr_array_header_t *fallback,
                            const fa_key **key, const char **skipped);

#endif
