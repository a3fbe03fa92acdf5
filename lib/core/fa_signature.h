/* Does this signature, by this key, cover these bytes?
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_SIGNATURE_H
#define FA_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "fa_key.h"

/**
 * Verify a signature of RFC 7518 section 3 or RFC 8037 section 3.1 with the
 * key's own algorithm. An ECDSA signature is r and s as two integers of fixed
 * size; an HMAC must be whole.
 *
 * False for whatever goes wrong. Compares in constant time, leaves OpenSSL's
 * error queue empty.
 */
bool fa_signature_verify(const fa_key *key, const void *message, size_t size,
                         const unsigned char *signature, size_t signature_size);

#endif
