/* Proofs remembered in shared memory, so that a slow hash runs once.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CACHE_H
#define FA_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include <apr_pools.h>
#include <apr_time.h>

#include "fa_digest.h"

/* What is remembered is a 32-byte digest that only this server can make, and
 * until when. A slot holds no digest but a seal: HMAC(key, digest, expiry), so
 * that a slot read while another process writes it, or written by mistake, can
 * only be missed, never believed. That is why there is no lock. */
typedef struct fa_cache {
    unsigned char key[FA_DIGEST_SIZE]; /* of every seal and every digest */
    struct fa_cache_slot *slots;       /* in memory that all processes share */
    size_t buckets;                    /* a power of two */
} fa_cache;

/**
 * A cache over memory that the caller has mapped.
 *
 * memory  size bytes, zeroed, 8-byte aligned; must outlive the cache
 * key     secret, made anew with each configuration: what an older one
 *         remembered is then unknown
 *
 * Returns NULL where size holds no bucket.
 */
fa_cache *fa_cache_create(apr_pool_t *pool, void *memory, size_t size,
                          const unsigned char key[FA_DIGEST_SIZE]);

/**
 * Whether digest was remembered and its time has not come.
 *
 * now  microseconds, of the clock that fa_cache_remember was given
 */
bool fa_cache_has(const fa_cache *cache,
                  const unsigned char digest[FA_DIGEST_SIZE], apr_time_t now);

/* Remember digest until expires (microseconds); in a full bucket what expires
 * first is dropped. */
void fa_cache_remember(fa_cache *cache,
                       const unsigned char digest[FA_DIGEST_SIZE],
                       apr_time_t now, apr_time_t expires);

#endif
