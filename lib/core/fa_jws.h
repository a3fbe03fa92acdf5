/* JSON Web Signature, compact serialisation (RFC 7515 section 7.1).
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_JWS_H
#define FA_JWS_H

#include <stdbool.h>
#include <stddef.h>

#include <apr_pools.h>

#include "fa_key.h"

/* Longest token and longest decoded header, in bytes. */
#define FA_JWS_MAX        8192
#define FA_JWS_HEADER_MAX 1024

/* A token taken apart; nothing in it is believed before fa_jws_verify. */
typedef struct fa_jws {
    const char *alg;          /* from the header; any text */
    const char *kid;          /* from the header, or NULL; <= FA_KID_MAX */
    const char *typ;          /* from the header, or NULL */
    const char *signed_text;  /* the two first segments as received */
    size_t signed_size;       /* bytes */
    const char *payload;      /* decoded, with a NUL behind it */
    size_t payload_size;      /* bytes, without that NUL */
    unsigned char *signature; /* decoded */
    size_t signature_size;    /* bytes */
} fa_jws;

/**
 * Take a token apart.
 *
 * Refused: a length of 0 or over FA_JWS_MAX, other than three non-empty
 * segments of strict base64url, a header that is no JSON object or too long,
 * alg that is no string, kid or typ that are there and no strings, a kid over
 * FA_KID_MAX or with control characters, and any of crit, b64, zip, enc.
 * jwk, jku, x5u and x5c are not looked at: no key comes from a token.
 *
 * jws  receives the parts, in pool
 *
 * Returns NULL, or why it was refused: a fixed text, nothing of the token.
 */
const char *fa_jws_split(apr_pool_t *pool, const char *token, size_t length,
                         fa_jws *jws);

/* Whether key, whose algorithm must be the header's, signed it. */
bool fa_jws_verify(const fa_jws *jws, const fa_key *key);

#endif
