/* Secrets that anybody can look up.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_WEAK_SECRETS_H
#define FA_WEAK_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether these bytes are a secret that was published: in wallarm/jwt-secrets
 * or in the documentation of a tool. Knows only those of 32 bytes or more; a
 * shorter one is refused for its length before. Of the secrets it keeps eight
 * bytes of their SHA-256: a chance of 2^-54 to take a good one for published.
 * Where SHA-256 cannot be had: true. */
bool fa_secret_is_published(const void *bytes, size_t size);

#endif
