/* The store made, found again, locked and looked over.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_store_layout.h"

#include <errno.h>
#include <string.h>

#include <apr_siphash.h>

/* Another number for another layout. */
#define MAGIC 0x6661737430303031

#define SMALL_SLOT  192
#define LARGE_SLOT  304
#define UNUSED_PART 16

_Static_assert((sizeof(fa_bucket) + FA_STORE_SLOTS * SMALL_SLOT) /
                       FA_STORE_SLOTS <=
                   FA_STORE_SMALL,
               "a small slot costs what is promised");
_Static_assert((sizeof(fa_bucket) + FA_STORE_SLOTS * LARGE_SLOT) /
                       FA_STORE_SLOTS <=
                   FA_STORE_LARGE,
               "a large slot costs what is promised");

static size_t round_up(size_t size)
{
    return (size + 63) / 64 * 64;
}

fa_bucket *fa_bucket_at(fa_store *store, const fa_table *table, uint64_t index)
{
    return (fa_bucket *)((unsigned char *)store + table->offset +
                         index * table->stride);
}

fa_slot *fa_slot_at(fa_bucket *bucket, const fa_table *table, int index)
{
    return (fa_slot *)(bucket->slots + (size_t)index * table->slot_size);
}

static bool make_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t how;
    bool made;

    if (pthread_mutexattr_init(&how) != 0)
        return false;
    /* Robust, and no priority inheritance, which would cost a system call. */
    made = pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED) == 0 &&
           pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST) == 0 &&
           pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_NONE) == 0 &&
           pthread_mutex_init(lock, &how) == 0;
    pthread_mutexattr_destroy(&how);
    return made;
}

static size_t stride_of(size_t slot_size)
{
    return round_up(sizeof(fa_bucket) + FA_STORE_SLOTS * slot_size);
}

/* Of a kind's memory, bytes for a class of slots that no limit uses now: at
 * least a bucket, for a limit that a graceful restart adds. */
static size_t unused_part(size_t part)
{
    size_t bucket = stride_of(LARGE_SLOT);

    return part / UNUSED_PART > bucket ? part / UNUSED_PART : bucket;
}

static bool make_table(fa_store *store, fa_table *table, size_t offset,
                       size_t bytes, size_t slot_size)
{
    table->offset = offset;
    table->slot_size = slot_size;
    table->stride = stride_of(slot_size);
    table->buckets = bytes / table->stride;
    for (uint64_t i = 0; i < table->buckets; i++) {
        if (!make_lock(&fa_bucket_at(store, table, i)->lock))
            return false;
    }
    return table->buckets > 0;
}

fa_store *fa_store_create(void *memory, size_t size,
                          bool uses[FA_STORE_KINDS][2],
                          const unsigned char secret[FA_STORE_KEY_SIZE])
{
    static const size_t quarters[FA_STORE_KINDS] = {1, 1, 2};
    fa_store *store = memory;
    size_t offset = round_up(sizeof *store), room = size - offset;

    if (size < FA_STORE_SIZE_MIN)
        return NULL;
    memcpy(store->secret, secret, sizeof store->secret);
    for (int kind = 0; kind < FA_STORE_KINDS; kind++) {
        size_t part = room / 4 * quarters[kind];
        size_t small = uses[kind][0] == uses[kind][1] ? part / 2
                       : uses[kind][0]                ? part - unused_part(part)
                                                      : unused_part(part);

        small = small / 64 * 64;
        part = part / 64 * 64;
        if (!make_table(store, &store->tables[kind][0], offset, small,
                        SMALL_SLOT) ||
            !make_table(store, &store->tables[kind][1], offset + small,
                        part - small, LARGE_SLOT))
            return NULL;
        offset += part;
    }
    store->size = size;
    store->magic = MAGIC;
    return store;
}

fa_store *fa_store_attach(void *memory, size_t size)
{
    fa_store *store = memory;

    return store->magic == MAGIC && store->size == size ? store : NULL;
}

uint64_t fa_store_key(const fa_store *store, const void *text, size_t size)
{
    uint64_t key = apr_siphash24(text, size, store->secret);

    return key ? key : 1;
}

bool fa_store_is_large(const fa_rate *rate)
{
    return offsetof(fa_slot, cell) + fa_rate_size(rate) > SMALL_SLOT;
}

/* A killed process leaves no counter like that; should anything, it is marked,
 * and when its limit is asked for next it is one that admits nobody. */
bool fa_slot_is_sound(const fa_slot *slot, const fa_table *table)
{
    const fa_rate rate = {slot->limit, slot->window_us};

    return rate.limit > 0 && rate.limit <= FA_RATE_LIMIT_MAX &&
           rate.window_us > 0 && rate.window_us <= FA_RATE_WINDOW_MAX_US &&
           offsetof(fa_slot, cell) + fa_rate_size(&rate) <= table->slot_size &&
           fa_rate_is_sound(&slot->cell, &rate);
}

static void repair(fa_bucket *bucket, const fa_table *table)
{
    for (int i = 0; i < FA_STORE_SLOTS; i++) {
        fa_slot *slot = fa_slot_at(bucket, table, i);

        if (bucket->tags[i] && !fa_slot_is_sound(slot, table))
            slot->limit = 0;
    }
}

bool fa_bucket_lock(fa_bucket *bucket, const fa_table *table)
{
    int status = pthread_mutex_lock(&bucket->lock);

    if (status == EOWNERDEAD) {
        repair(bucket, table);
        status = pthread_mutex_consistent(&bucket->lock);
    }
    return status == 0;
}

void fa_bucket_unlock(fa_bucket *bucket)
{
    pthread_mutex_unlock(&bucket->lock);
}

uint64_t fa_store_room(const fa_store *store, fa_store_kind kind)
{
    return (store->tables[kind][0].buckets + store->tables[kind][1].buckets) *
           FA_STORE_SLOTS;
}

uint64_t fa_store_dropped(const fa_store *store)
{
    uint64_t dropped = 0;

    for (int kind = 0; kind < FA_STORE_KINDS; kind++) {
        for (int class = 0; class < 2; class ++)
            dropped += atomic_load_explicit(&store->tables[kind][class].dropped,
                                            memory_order_relaxed);
    }
    return dropped;
}

fa_store_fill fa_store_filled(fa_store *store, fa_store_kind kind)
{
    fa_store_fill fill = {0};

    for (int class = 0; class < 2; class ++) {
        fa_table *table = &store->tables[kind][class];

        fill.slots += table->buckets * FA_STORE_SLOTS;
        fill.dropped += atomic_load(&table->dropped);
        for (uint64_t i = 0; i < table->buckets; i++) {
            fa_bucket *bucket = fa_bucket_at(store, table, i);

            if (!fa_bucket_lock(bucket, table))
                continue;
            for (int j = 0; j < FA_STORE_SLOTS; j++)
                fill.used += bucket->tags[j] != 0;
            fa_bucket_unlock(bucket);
        }
    }
    return fill;
}

static bool bucket_is_sound(fa_store *store, const fa_table *table,
                            uint64_t index)
{
    fa_bucket *bucket = fa_bucket_at(store, table, index);
    bool sound = true;

    if (!fa_bucket_lock(bucket, table))
        return false;
    for (int i = 0; sound && i < FA_STORE_SLOTS; i++) {
        if (!bucket->tags[i])
            continue;
        sound = fa_slot_is_sound(fa_slot_at(bucket, table, i), table) &&
                (bucket->tags[i] >> 32) % table->buckets == index;
        for (int j = 0; sound && j < i; j++)
            sound = bucket->tags[i] != bucket->tags[j];
    }
    fa_bucket_unlock(bucket);
    return sound;
}

bool fa_store_validate(fa_store *store)
{
    for (int kind = 0; kind < FA_STORE_KINDS; kind++) {
        for (int class = 0; class < 2; class ++) {
            const fa_table *table = &store->tables[kind][class];

            for (uint64_t i = 0; i < table->buckets; i++) {
                if (!bucket_is_sound(store, table, i))
                    return false;
            }
        }
    }
    return true;
}
