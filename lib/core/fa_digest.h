/* SHA-256, and HMAC with it.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DIGEST_H
#define FA_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a SHA-256 digest (FIPS 180-4). */
#define FA_DIGEST_SIZE 32

/* SHA-256 of size bytes. False where OpenSSL cannot; digest is then zeros. */
bool fa_digest(const void *bytes, size_t size,
               unsigned char digest[FA_DIGEST_SIZE]);

/* HMAC-SHA-256 (RFC 2104) of size bytes under key. False as above. */
bool fa_digest_keyed(const void *key, size_t key_size, const void *bytes,
                     size_t size, unsigned char digest[FA_DIGEST_SIZE]);

#endif
