/* Proofs remembered in shared memory: sealed slots, no lock.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_cache.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include <openssl/crypto.h>

#define WAYS       4
#define SEAL_WORDS (FA_DIGEST_SIZE / sizeof(uint64_t))

/* Words that are read and written whole; together they may be torn. */
struct fa_cache_slot {
    _Atomic int64_t expires; /* microseconds; 0: empty */
    _Atomic uint64_t seal[SEAL_WORDS];
};

fa_cache *fa_cache_create(apr_pool_t *pool, void *memory, size_t size,
                          const unsigned char key[FA_DIGEST_SIZE])
{
    fa_cache *cache = apr_palloc(pool, sizeof *cache);
    size_t fit = size / (WAYS * sizeof(struct fa_cache_slot));

    if (fit == 0)
        return NULL;
    memcpy(cache->key, key, sizeof cache->key);
    cache->slots = memory;
    for (cache->buckets = 1; cache->buckets <= fit / 2; cache->buckets *= 2)
        continue;
    return cache;
}

static struct fa_cache_slot *bucket(const fa_cache *cache,
                                    const unsigned char *digest)
{
    uint64_t hash;

    /* The digest is keyed, so nobody outside can aim at a bucket. */
    memcpy(&hash, digest, sizeof hash);
    return cache->slots + (hash & (cache->buckets - 1)) * WAYS;
}

static bool seal(const fa_cache *cache, const unsigned char *digest,
                 int64_t expires, uint64_t made[SEAL_WORDS])
{
    unsigned char text[FA_DIGEST_SIZE + sizeof expires];

    memcpy(text, digest, FA_DIGEST_SIZE);
    memcpy(text + FA_DIGEST_SIZE, &expires, sizeof expires);
    return fa_digest_keyed(cache->key, sizeof cache->key, text, sizeof text,
                           (unsigned char *)made);
}

static bool sealed(const fa_cache *cache, struct fa_cache_slot *slot,
                   const unsigned char *digest, int64_t expires)
{
    uint64_t expected[SEAL_WORDS], found[SEAL_WORDS];

    for (size_t i = 0; i < SEAL_WORDS; i++)
        found[i] = atomic_load_explicit(&slot->seal[i], memory_order_relaxed);
    return seal(cache, digest, expires, expected) &&
           CRYPTO_memcmp(expected, found, sizeof found) == 0;
}

bool fa_cache_has(const fa_cache *cache,
                  const unsigned char digest[FA_DIGEST_SIZE], apr_time_t now)
{
    struct fa_cache_slot *slot = bucket(cache, digest);

    for (int i = 0; i < WAYS; i++, slot++) {
        int64_t expires =
            atomic_load_explicit(&slot->expires, memory_order_relaxed);

        if (expires > now && sealed(cache, slot, digest, expires))
            return true;
    }
    return false;
}

void fa_cache_remember(fa_cache *cache,
                       const unsigned char digest[FA_DIGEST_SIZE],
                       apr_time_t now, apr_time_t expires)
{
    struct fa_cache_slot *slot = bucket(cache, digest), *oldest = slot;
    int64_t first = INT64_MAX;
    uint64_t made[SEAL_WORDS];

    if (expires <= now || !seal(cache, digest, expires, made))
        return;
    for (int i = 0; i < WAYS; i++, slot++) {
        int64_t when =
            atomic_load_explicit(&slot->expires, memory_order_relaxed);

        if (when < first) {
            first = when;
            oldest = slot;
        }
    }
    for (size_t i = 0; i < SEAL_WORDS; i++)
        atomic_store_explicit(&oldest->seal[i], made[i], memory_order_relaxed);
    atomic_store_explicit(&oldest->expires, expires, memory_order_relaxed);
}
