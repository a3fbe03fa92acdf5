/* What is remembered may be lost, and is never made up.
 * Tests of fa_cache. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fa_cache.h"

#define NOW INT64_C(1000000)

/* A slot is an expiry and a seal: 40 bytes; four of them are a bucket. */
#define SLOT   ((size_t)40)
#define BUCKET (4 * SLOT)

static const unsigned char key[FA_DIGEST_SIZE] =
    "the key of this configuration!";

static fa_cache *cache_over(void *memory, size_t size)
{
    fa_cache *cache = fa_cache_create(unit_pool, memory, size, key);

    ck_assert_ptr_nonnull(cache);
    return cache;
}

/* The digest of a number. Those of bucket 0 have eight zeros first. */
static void digest_of(uint64_t number, unsigned char digest[FA_DIGEST_SIZE])
{
    memset(digest, 0, FA_DIGEST_SIZE);
    memcpy(digest + 8, &number, sizeof number);
}

static bool has(const fa_cache *cache, uint64_t number, apr_time_t now)
{
    unsigned char digest[FA_DIGEST_SIZE];

    digest_of(number, digest);
    return fa_cache_has(cache, digest, now);
}

static void remember(fa_cache *cache, uint64_t number, apr_time_t expires)
{
    unsigned char digest[FA_DIGEST_SIZE];

    digest_of(number, digest);
    fa_cache_remember(cache, digest, NOW, expires);
}

START_TEST(memory_holds_whole_buckets)
{
    static const struct {
        size_t size, buckets;
    } rows[] = {{0, 0},          {BUCKET - 1, 0},    {BUCKET, 1},
                {2 * BUCKET, 2}, {3 * BUCKET, 2},    {4 * BUCKET - 1, 2},
                {4 * BUCKET, 4}, {1024 * 1024, 4096}};
    void *memory = apr_pcalloc(unit_pool, 1024 * 1024);

    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        fa_cache *cache = fa_cache_create(unit_pool, memory, rows[i].size, key);

        ck_assert_uint_eq(cache ? cache->buckets : 0, rows[i].buckets);
    }
}
END_TEST

START_TEST(proof_is_remembered_until_it_expires)
{
    fa_cache *cache = cache_over(apr_pcalloc(unit_pool, BUCKET), BUCKET);

    ck_assert(!has(cache, 1, NOW));
    remember(cache, 1, NOW + 10);
    ck_assert(has(cache, 1, NOW));
    ck_assert(has(cache, 1, NOW + 9));
    ck_assert(!has(cache, 1, NOW + 10));
    ck_assert(!has(cache, 1, INT64_MAX));
    ck_assert(!has(cache, 2, NOW));
}
END_TEST

START_TEST(what_has_expired_is_not_remembered)
{
    fa_cache *cache = cache_over(apr_pcalloc(unit_pool, BUCKET), BUCKET);

    remember(cache, 1, NOW);
    remember(cache, 2, NOW - 1);
    remember(cache, 3, 0);
    remember(cache, 4, -1);
    for (uint64_t i = 0; i < 5; i++)
        ck_assert(!has(cache, i, -10) && !has(cache, i, NOW));
}
END_TEST

/* Every byte of a digest counts. */
START_TEST(like_digest_is_another)
{
    fa_cache *cache = cache_over(apr_pcalloc(unit_pool, BUCKET), BUCKET);
    unsigned char digest[FA_DIGEST_SIZE];

    digest_of(1, digest);
    fa_cache_remember(cache, digest, NOW, NOW + 10);
    for (size_t i = 0; i < sizeof digest; i++) {
        digest[i] ^= 1;
        ck_assert(!fa_cache_has(cache, digest, NOW));
        digest[i] ^= 1;
    }
    ck_assert(fa_cache_has(cache, digest, NOW));
}
END_TEST

START_TEST(other_key_knows_nothing)
{
    unsigned char other[FA_DIGEST_SIZE];
    void *memory = apr_pcalloc(unit_pool, BUCKET);
    fa_cache *cache = cache_over(memory, BUCKET), *after;

    memcpy(other, key, sizeof other);
    other[31] ^= 1;
    after = fa_cache_create(unit_pool, memory, BUCKET, other);
    remember(cache, 1, NOW + 10);
    ck_assert(has(cache, 1, NOW));
    ck_assert(!has(after, 1, NOW));
    /* Both may live in one memory: a graceful restart. */
    remember(after, 1, NOW + 10);
    ck_assert(has(cache, 1, NOW) && has(after, 1, NOW));
}
END_TEST

START_TEST(full_bucket_drops_what_expires_first)
{
    fa_cache *cache = cache_over(apr_pcalloc(unit_pool, BUCKET), BUCKET);

    remember(cache, 1, NOW + 30);
    remember(cache, 2, NOW + 10);
    remember(cache, 3, NOW + 40);
    remember(cache, 4, NOW + 20);
    remember(cache, 5, NOW + 50);
    ck_assert(!has(cache, 2, NOW));
    remember(cache, 6, NOW + 60);
    ck_assert(!has(cache, 4, NOW));
    ck_assert(has(cache, 1, NOW) && has(cache, 3, NOW));
    ck_assert(has(cache, 5, NOW) && has(cache, 6, NOW));
}
END_TEST

/* --- torn and false slots ------------------------------------------------ */

/* The expiry of one proof with the seal of another: what a reader may meet
 * while two processes write. */
START_TEST(torn_slot_is_missed)
{
    unsigned char *memory = apr_pcalloc(unit_pool, BUCKET);
    unsigned char *again = apr_pcalloc(unit_pool, BUCKET);
    fa_cache *cache = cache_over(memory, BUCKET);
    fa_cache *other = cache_over(again, BUCKET);

    remember(cache, 1, NOW + 10);
    remember(other, 2, NOW + 20);
    /* Whichever of the slot's five words came from the other one. */
    for (unsigned mask = 1; mask < 31; mask++) {
        unsigned char torn[SLOT], whole[SLOT];

        memcpy(whole, memory, SLOT);
        memcpy(torn, memory, SLOT);
        for (size_t word = 0; word < 5; word++) {
            if (mask & 1u << word)
                memcpy(torn + 8 * word, again + 8 * word, 8);
        }
        memcpy(memory, torn, SLOT);
        ck_assert_msg(!has(cache, 1, NOW) && !has(cache, 2, NOW), "%u", mask);
        memcpy(memory, whole, SLOT);
    }
    ck_assert(has(cache, 1, NOW));
}
END_TEST

START_TEST(longer_life_is_not_believed)
{
    unsigned char *memory = apr_pcalloc(unit_pool, BUCKET);
    fa_cache *cache = cache_over(memory, BUCKET);
    int64_t later = NOW + 1000;

    remember(cache, 1, NOW + 10);
    memcpy(memory, &later, sizeof later);
    ck_assert(!has(cache, 1, NOW));
}
END_TEST

START_TEST(each_bit_of_a_slot_counts)
{
    unsigned char *memory = apr_pcalloc(unit_pool, BUCKET);
    fa_cache *cache = cache_over(memory, BUCKET);

    remember(cache, 1, NOW + 10);
    for (size_t bit = 0; bit < 8 * SLOT; bit++) {
        memory[bit / 8] ^= (unsigned char)(1u << bit % 8);
        ck_assert_msg(!has(cache, 1, NOW), "bit %d", (int)bit);
        memory[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    ck_assert(has(cache, 1, NOW));
}
END_TEST

START_TEST(any_memory_is_an_empty_cache)
{
    unsigned char *memory = apr_palloc(unit_pool, 16 * BUCKET);
    fa_cache *cache = cache_over(memory, 16 * BUCKET);
    uint32_t random = 1;

    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < 16 * BUCKET; i++) {
            random = random * 1664525 + 1013904223;
            memory[i] = (unsigned char)(random >> 24);
        }
        for (uint64_t i = 0; i < 16; i++)
            ck_assert(!has(cache, i, NOW));
    }
    /* And one in which there is room, in the end. */
    for (uint64_t i = 0; i < 4; i++)
        memset(memory + i * SLOT, 0, 8);
    remember(cache, 1, NOW + 10);
    ck_assert(has(cache, 1, NOW));
}
END_TEST

/* --- many processes ------------------------------------------------------ */

#define PROCESSES 6
#define ROUNDS    60000

/* What one process saw, in memory that all share. */
typedef struct tally {
    uint64_t found, invented;
} tally;

/* Even numbers are remembered by whoever comes by, odd ones by nobody; one
 * process writes nonsense all over the slots. */
static void hammer(fa_cache *cache, unsigned char *memory, size_t size,
                   unsigned process, tally *seen)
{
    uint32_t random = process + 1;

    for (int i = 0; i < ROUNDS; i++) {
        uint64_t number;

        random = random * 1664525 + 1013904223;
        number = (random >> 16) % 64;
        if (process == 0) {
            ((volatile unsigned char *)memory)[(random >> 8) % size] =
                (unsigned char)random;
            continue;
        }
        if (number % 2 == 0)
            remember(cache, number, NOW + 1 + (apr_time_t)(random % 1000));
        seen->found += has(cache, number, NOW) && number % 2 == 0;
        seen->invented += has(cache, number | 1, NOW);
        /* One that has been remembered, in a time that has passed. */
        seen->invented += has(cache, number, NOW + 1001);
    }
}

START_TEST(processes_lose_proofs_and_invent_none)
{
    size_t size = 4 * BUCKET, whole = size + PROCESSES * sizeof(tally);
    unsigned char *memory = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tally *seen = (tally *)(void *)(memory + size);
    fa_cache *cache;
    pid_t children[PROCESSES];
    uint64_t found = 0;

    ck_assert_ptr_ne(memory, MAP_FAILED);
    cache = cache_over(memory, size);
    for (unsigned i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0) {
            hammer(cache, memory, size, i, &seen[i]);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < PROCESSES; i++) {
        int status;

        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
        ck_assert_uint_eq(seen[i].invented, 0);
        found += seen[i].found;
    }
    ck_assert_uint_gt(found, ROUNDS / 10);
    munmap(memory, whole);
}
END_TEST

int main(void)
{
    TCase *cache = unit_case("cache");

    tcase_add_test(cache, memory_holds_whole_buckets);
    tcase_add_test(cache, proof_is_remembered_until_it_expires);
    tcase_add_test(cache, what_has_expired_is_not_remembered);
    tcase_add_test(cache, like_digest_is_another);
    tcase_add_test(cache, other_key_knows_nothing);
    tcase_add_test(cache, full_bucket_drops_what_expires_first);
    tcase_add_test(cache, torn_slot_is_missed);
    tcase_add_test(cache, longer_life_is_not_believed);
    tcase_add_test(cache, each_bit_of_a_slot_counts);
    tcase_add_test(cache, any_memory_is_an_empty_cache);
    tcase_add_test(cache, processes_lose_proofs_and_invent_none);
    return unit_run("t_cache", cache, NULL);
}
