/* Keys made at run time, and tokens signed with them.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_KEYS_H
#define UNIT_KEYS_H

#include "unit.h"

#include <openssl/evp.h>

#include "fa_key.h"

/* The bytes behind HS256, HS384 and HS512 here. */
extern const unsigned char unit_secret[64];

/* Make the private keys of every algorithm once, before the tests fork. */
void unit_make_keys(void);

/* The algorithm of that name; a failed test where there is none. */
const fa_alg *unit_alg(const char *name);

/* The private key of an algorithm: borrowed, the same for all of one type and
 * curve. NULL for HS*. */
EVP_PKEY *unit_private_key(const fa_alg *alg);

/* A new private key, freed with unit_pool: of RSA and so many bits, on a curve,
 * or of a type that has no parameter (or defaults for them). */
EVP_PKEY *unit_new_rsa(size_t bits);
EVP_PKEY *unit_new_ec(const char *curve);
EVP_PKEY *unit_new_key(const char *type);

/* PEM of the public half, or of the whole; in unit_pool. */
const char *unit_public_pem(EVP_PKEY *key);
const char *unit_private_pem(EVP_PKEY *key, const char *password);

/* A self-signed certificate in PEM; in unit_pool. */
const char *unit_certificate_pem(EVP_PKEY *key);

/* The public half as JWK, with members (a JSON text without braces, may be "")
 * added to it; in unit_pool. */
const char *unit_jwk(EVP_PKEY *key, const char *members);

/* The key that verifies what unit_sign signs. */
const fa_key *unit_verifier(const fa_alg *alg, const char *kid);

/* A signature of RFC 7518 section 3; in unit_pool. */
unsigned char *unit_sign(const fa_alg *alg, const void *message, size_t size,
                         size_t *signature_size);

/* A token of this header and payload, signed; in unit_pool. */
const char *unit_token(const fa_alg *alg, const char *header,
                       const char *payload);

#endif
