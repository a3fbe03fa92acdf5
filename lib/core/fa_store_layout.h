/* How the store lies in memory, for the two files that work on it.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_STORE_LAYOUT_H
#define FA_STORE_LAYOUT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fa_store.h"

#define FA_STORE_SLOTS 64

/* One counter. Its tag lies in the bucket: zero, and the slot is free. */
typedef struct fa_slot {
    int64_t expires;   /* microseconds; never earlier than the cell's own */
    int64_t window_us; /* the rate's */
    uint32_t limit;    /* the rate's; 0: the counter was found broken */
    uint32_t pending;  /* permits of which nobody knows yet whether they stay */
    fa_rate_cell cell;
} fa_slot;

/* What follows are FA_STORE_SLOTS slots of the table's size. */
typedef struct fa_bucket {
    pthread_mutex_t lock;
    uint64_t tags[FA_STORE_SLOTS];
    unsigned char slots[];
} fa_bucket;

/* Offsets and fixed widths: any process reads it, wherever it is mapped. */
typedef struct fa_table {
    uint64_t offset; /* of the first bucket, in bytes from the store */
    uint64_t buckets;
    uint64_t stride; /* bytes from one bucket to the next */
    uint64_t slot_size;
    _Atomic uint64_t dropped;
} fa_table;

struct fa_store {
    uint64_t magic;
    uint64_t size;
    unsigned char secret[FA_STORE_KEY_SIZE];
    fa_table tables[FA_STORE_KINDS][2];
};

/* The bucket of a table, the slot of a bucket. */
fa_bucket *fa_bucket_at(fa_store *store, const fa_table *table, uint64_t index);
fa_slot *fa_slot_at(fa_bucket *bucket, const fa_table *table, int index);

/* Whether a slot's counter can be. */
bool fa_slot_is_sound(const fa_slot *slot, const fa_table *table);

/* Lock a bucket; after a holder that died, broken counters are marked. False
 * where the lock cannot be had at all. */
bool fa_bucket_lock(fa_bucket *bucket, const fa_table *table);
void fa_bucket_unlock(fa_bucket *bucket);

#endif
