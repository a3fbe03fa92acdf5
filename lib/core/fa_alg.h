/* Signature algorithms of JSON Web Signature: RFC 7518 section 3.1, RFC 8037.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_ALG_H
#define FA_ALG_H

#include <stdbool.h>
#include <stddef.h>

/* Key types as JWK calls them (RFC 7518 section 6.1). */
typedef enum { FA_KEY_OCT, FA_KEY_RSA, FA_KEY_EC, FA_KEY_OKP } fa_key_type;

typedef struct fa_alg {
    const char *name;   /* as in a token's header: "RS256" */
    fa_key_type type;   /* the only kind of key it goes with */
    const char *digest; /* OpenSSL's name; NULL for EdDSA */
    size_t digest_size; /* bytes; 0 for EdDSA */
    const char *curve;  /* EC: OpenSSL's group name; EdDSA: "ED25519" */
    size_t coordinate;  /* EC: bytes of r and of s in a signature; else 0 */
    bool pss;           /* RSASSA-PSS, salt as long as the digest */
} fa_alg;

/* The algorithm of that exact name, case and all, or NULL. There is no "none":
 * it is no algorithm here. */
const fa_alg *fa_alg_named(const char *name);

/* All names, space-delimited, for messages. */
#define FA_ALG_NAMES                                                           \
    "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 " \
    "EdDSA"

#endif
