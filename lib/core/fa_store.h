/* Counters of callers in memory that all processes share.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_STORE_H
#define FA_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fa_rate.h"

/* The memory is fixed: tables of buckets of 64 slots. A key's hash names its
 * bucket, so a look-up reads one bucket, however full the store is. Three kinds
 * of limits have tables of their own, which never displace each other; each has
 * one of small slots and one of large, so that a caller costs FA_STORE_SMALL or
 * FA_STORE_LARGE bytes.
 *
 * Each bucket has a mutex that survives its holder: whoever is killed leaves
 * memory that the next one finds as fa_rate.h promises. A bucket without room
 * drops what has expired, then what is nearest to expiry, which is counted. */

/* Bytes of memory that one caller of one limit takes: small for limits up to 38
 * and from 65 to 65535, large for all others. */
#define FA_STORE_SMALL 208
#define FA_STORE_LARGE 320

/* Whose tables, and which part of the memory. */
typedef enum {
    FA_STORE_FAILURE, /* throttles of failed logins: a quarter */
    FA_STORE_HEADER,  /* keyed by what a client sends: a quarter */
    FA_STORE_OTHER,   /* a half */
    FA_STORE_KINDS
} fa_store_kind;

/* Smallest and largest memory, in bytes. */
#define FA_STORE_SIZE_MIN ((size_t)1 << 20)
#define FA_STORE_SIZE_MAX ((size_t)1 << 38)

/* Bytes of the key of its hash. */
#define FA_STORE_KEY_SIZE 16

typedef struct fa_store fa_store;

/* One limit that a request is weighed by. */
typedef struct fa_store_ask {
    fa_store_kind kind;
    uint64_t key; /* fa_store_key: whose counter, of which limit */
    const fa_rate *rate;
    uint32_t cost;         /* permits, 1 to rate->limit */
    bool within;           /* receives whether they were to be had */
    fa_rate_state state;   /* receives where the caller stands after */
    fa_rate_permit permit; /* receives what was taken, where it was */
} fa_store_ask;

/* What the store has seen and holds. */
typedef struct fa_store_fill {
    uint64_t slots;   /* room for counters */
    uint64_t used;    /* slots with a counter, expired ones too */
    uint64_t dropped; /* counters that still counted, since it was made */
} fa_store_fill;

/**
 * Make a store in memory.
 *
 * memory  size bytes, zeroed, aligned to 64, that every process maps alike
 * size    at least FA_STORE_SIZE_MIN
 * uses    which classes of slots the limits use, by kind: [0] small, [1] large;
 *         one that is not used has a sixteenth of its kind's memory,
 *         or one bucket
 * secret  random: nobody who does not know it can aim at a bucket
 *
 * Returns the store, which lies in memory, or NULL where a mutex cannot be
 * made.
 */
fa_store *fa_store_create(void *memory, size_t size,
                          bool uses[FA_STORE_KINDS][2],
                          const unsigned char secret[FA_STORE_KEY_SIZE]);

/* The store that is in memory from before, or NULL where that is another
 * layout or size. */
fa_store *fa_store_attach(void *memory, size_t size);

/* The name of a counter: a keyed hash (SipHash) of what tells limits and
 * callers apart. Never 0. */
uint64_t fa_store_key(const fa_store *store, const void *text, size_t size);

/* Whether a rate's counters lie in large slots. */
bool fa_store_is_large(const fa_rate *rate);

/**
 * Take the permits of every ask, or of none.
 *
 * asks   count of them, at most FA_STORE_ASKS; each is filled in
 * now    microseconds of CLOCK_BOOTTIME
 *
 * Returns whether all were within their limit, and so taken. Where a lock
 * cannot be had, nothing is taken and every ask says within.
 */
bool fa_store_take(fa_store *store, fa_store_ask *asks, size_t count,
                   int64_t now);

/* Most limits that one request can be weighed by at once. */
#define FA_STORE_ASKS 64

/* Give back what an ask has taken; or say that it stays: until one of the two,
 * a permit of FA_STORE_FAILURE is in flight, and who is refused for its sake is
 * told to come again at once (retry_us 1). */
void fa_store_give_back(fa_store *store, const fa_store_ask *ask, int64_t now);

void fa_store_keep(fa_store *store, const fa_store_ask *ask);

/* What a kind's tables hold. Takes every bucket's lock in turn. */
fa_store_fill fa_store_filled(fa_store *store, fa_store_kind kind);

/* How many counters a kind's tables have room for. */
uint64_t fa_store_room(const fa_store *store, fa_store_kind kind);

/* Counters of all kinds that were dropped while they still counted, since the
 * store was made. Takes no lock. */
uint64_t fa_store_dropped(const fa_store *store);

/* Walk over everything: whether each counter can be. For tests, and for a
 * build with FA_DEBUG after each change. */
bool fa_store_validate(fa_store *store);

#endif
