/* API keys: known by their digest, with what each may do.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_APIKEY_H
#define FA_APIKEY_H

#include <apr_hash.h>
#include <apr_pools.h>
#include <apr_time.h>

#include "fa_digest.h"
#include "fa_identity.h"
#include "fa_verdict.h"

/* Longest API key, in bytes. */
#define FA_APIKEY_MAX 512

/* The keys of one file, never changed once read. */
typedef struct fa_apikeys {
    apr_hash_t *by_digest; /* FA_DIGEST_SIZE bytes -> fa_apikey * */
} fa_apikeys;

/**
 * Read the file that a person writes. One key a line:
 *
 *     DIGEST user=NAME [scopes=S,S] [roles=R,R] [permissions=P,P]
 *            [expires=2027-01-31 or 2027-01-31T12:00:00Z] [id=NAME]
 *
 * DIGEST is the SHA-256 of the key in hexadecimal; a value with spaces stands
 * in double quotes; a day's end is the last second of it, UTC; `#` starts a
 * comment line. id, by which logs and notes call the key, is the digest's first
 * twelve characters where it is not said.
 *
 * keys  receives the keys, in pool
 *
 * Returns NULL, or what was wrong, with the line's number.
 */
const char *fa_apikeys_parse(apr_pool_t *pool, const char *text,
                             const fa_apikeys **keys);

/**
 * Who holds this key. Keys are found by their digest, so that time tells
 * nothing about the ones that exist.
 *
 * now       microseconds UTC
 * identity  receives who is asking, in pool; scheme not filled in
 * reason    receives a fixed sentence where the verdict is not FA_ALLOWED
 *
 * Returns FA_ALLOWED, FA_BAD_CREDENTIAL or FA_EXPIRED_CREDENTIAL.
 */
fa_verdict fa_apikeys_identify(apr_pool_t *pool, const fa_apikeys *keys,
                               const char *key, apr_time_t now,
                               fa_identity **identity, const char **reason);

#endif
