/* Permits taken from the store, and given back.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_store_layout.h"

#include <string.h>
#ifdef FA_DEBUG
#include <stdio.h>
#include <stdlib.h>
#endif

static void exhaust(fa_slot *broken, const fa_rate *rate, int64_t now)
{
    fa_rate_state ignored;

    /* Broken until all of it is written. */
    broken->limit = 0;
    atomic_signal_fence(memory_order_seq_cst);
    memset(&broken->cell, 0, fa_rate_size(rate));
    fa_rate_look(&broken->cell, rate, 1, now, &ignored);
    fa_rate_take(&broken->cell, rate, rate->limit, now, NULL);
    broken->expires = fa_rate_expires(&broken->cell, rate);
    broken->window_us = rate->window_us;
    broken->pending = 0;
    atomic_signal_fence(memory_order_seq_cst);
    broken->limit = rate->limit;
}

static int find(const fa_bucket *bucket, uint64_t key)
{
    for (int i = 0; i < FA_STORE_SLOTS; i++) {
        if (bucket->tags[i] == key)
            return i;
    }
    return -1;
}

/* One ask, with where its counter lies. */
typedef struct fa_place {
    fa_store_ask *ask;
    fa_table *table;
    fa_bucket *bucket;
    fa_slot *slot;
} fa_place;

static void find_bucket(fa_store *store, fa_place *place)
{
    const fa_store_ask *ask = place->ask;

    place->table = &store->tables[ask->kind][fa_store_is_large(ask->rate)];
    /* The upper half chooses: the tag is compared whole. */
    place->bucket = fa_bucket_at(store, place->table,
                                 (ask->key >> 32) % place->table->buckets);
}

/* By address, so that two requests never wait for each other; few enough for
 * the simplest sort. */
static void sort(fa_place *places, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        fa_place moved = places[i];
        size_t to = i;

        for (; to > 0 && places[to - 1].bucket > moved.bucket; to--)
            places[to] = places[to - 1];
        places[to] = moved;
    }
}

static bool is_first_of_bucket(const fa_place *places, size_t index)
{
    return index == 0 || places[index].bucket != places[index - 1].bucket;
}

#ifdef FA_DEBUG
/* Counters that were found broken stay so until they are asked for. */
static void check(fa_bucket *bucket, const fa_table *table)
{
    for (int i = 0; i < FA_STORE_SLOTS; i++) {
        const fa_slot *slot = fa_slot_at(bucket, table, i);

        if (!bucket->tags[i] || !slot->limit || fa_slot_is_sound(slot, table))
            continue;
        fprintf(stderr, "fa_store: counter %d of a bucket cannot be: %u/%lld\n",
                i, slot->limit, (long long)slot->window_us);
        abort();
    }
}
#endif

static void unlock(const fa_place *place)
{
#ifdef FA_DEBUG
    check(place->bucket, place->table);
#endif
    fa_bucket_unlock(place->bucket);
}

static bool lock_all(fa_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_first_of_bucket(places, i) ||
            fa_bucket_lock(places[i].bucket, places[i].table))
            continue;
        for (size_t j = 0; j < i; j++) {
            if (is_first_of_bucket(places, j))
                unlock(&places[j]);
        }
        return false;
    }
    return true;
}

static bool is_taken(const fa_place *places, size_t count, const fa_slot *slot)
{
    for (size_t i = 0; i < count; i++) {
        if (places[i].slot == slot)
            return true;
    }
    return false;
}

/* A slot for a new counter, none of those that this request has already: a free
 * one, an expired one, or the one nearest to expiry. */
static int make_room(const fa_place *places, size_t count, fa_bucket *bucket,
                     fa_table *table, int64_t now)
{
    int64_t first = INT64_MAX;
    int room = 0;

    for (int i = 0; i < FA_STORE_SLOTS; i++) {
        const fa_slot *slot = fa_slot_at(bucket, table, i);

        if (!bucket->tags[i])
            return i;
        if (slot->expires < first && !is_taken(places, count, slot)) {
            first = slot->expires;
            room = i;
        }
    }
    if (first > now)
        atomic_fetch_add(&table->dropped, 1);
    return room;
}

static fa_slot *find_counter(const fa_place *place, int64_t now)
{
    int at = find(place->bucket, place->ask->key);
    fa_slot *found;

    if (at < 0)
        return NULL;
    found = fa_slot_at(place->bucket, place->table, at);
    if (found->limit != place->ask->rate->limit)
        exhaust(found, place->ask->rate, now);
    return found;
}

/* A new counter for a place, in none of the slots that count places have. */
static fa_slot *make_counter(const fa_place *place, const fa_place *places,
                             size_t count, int64_t now)
{
    const fa_store_ask *ask = place->ask;
    fa_bucket *bucket = place->bucket;
    int at = make_room(places, count, bucket, place->table, now);
    fa_slot *made = fa_slot_at(bucket, place->table, at);

    /* No tag while it is neither the one nor the other. */
    bucket->tags[at] = 0;
    atomic_signal_fence(memory_order_seq_cst);
    memset(made, 0, place->table->slot_size);
    made->window_us = ask->rate->window_us;
    made->limit = ask->rate->limit;
    made->expires = now;
    atomic_signal_fence(memory_order_seq_cst);
    bucket->tags[at] = ask->key;
    return made;
}

static bool look_at_all(fa_place *places, size_t count, int64_t now)
{
    bool within = true;

    /* All that are there before any is made: none makes room for another. */
    for (size_t i = 0; i < count; i++)
        places[i].slot = find_counter(&places[i], now);
    for (size_t i = 0; i < count; i++) {
        fa_store_ask *ask = places[i].ask;
        fa_slot *slot = places[i].slot;
        uint32_t used;

        if (!slot)
            slot = make_counter(&places[i], places, count, now);
        places[i].slot = slot;
        ask->within =
            fa_rate_look(&slot->cell, ask->rate, ask->cost, now, &ask->state);
        /* Of who was killed, nobody says what became of it. */
        used = ask->rate->limit - ask->state.left;
        if (slot->pending > used)
            slot->pending = used;
        /* Those in flight may come back at any moment. */
        if (!ask->within && ask->state.left + slot->pending >= ask->cost)
            ask->state.retry_us = 1;
        within = within && ask->within;
    }
    return within;
}

static void take_all(fa_place *places, size_t count, int64_t now)
{
    for (size_t i = 0; i < count; i++) {
        fa_store_ask *ask = places[i].ask;
        fa_slot *slot = places[i].slot;

        /* First: no crash leaves a counter that is dropped before its time. */
        slot->expires = now + 2 * ask->rate->window_us + 2;
        atomic_signal_fence(memory_order_seq_cst);
        fa_rate_take(&slot->cell, ask->rate, ask->cost, now, &ask->permit);
        if (ask->kind == FA_STORE_FAILURE)
            slot->pending += ask->cost;
        slot->expires = fa_rate_expires(&slot->cell, ask->rate);
        fa_rate_look(&slot->cell, ask->rate, 1, now, &ask->state);
    }
}

bool fa_store_take(fa_store *store, fa_store_ask *asks, size_t count,
                   int64_t now)
{
    fa_place places[FA_STORE_ASKS];
    bool within;

    if (count > FA_STORE_ASKS)
        return false;
    for (size_t i = 0; i < count; i++) {
        places[i] = (fa_place){.ask = &asks[i]};
        asks[i].within = false;
        asks[i].state = (fa_rate_state){0};
        find_bucket(store, &places[i]);
    }
    sort(places, count);
    if (!lock_all(places, count)) {
        for (size_t i = 0; i < count; i++)
            asks[i].within = true;
        return false;
    }
    within = look_at_all(places, count, now);
    if (within)
        take_all(places, count, now);
    for (size_t i = 0; i < count; i++) {
        if (is_first_of_bucket(places, i))
            unlock(&places[i]);
    }
    return within;
}

/* What becomes of a permit: it stays, or it is given back. */
static void settle(fa_store *store, const fa_store_ask *ask, bool given_back,
                   int64_t now)
{
    fa_store_ask copy = *ask;
    fa_place place = {.ask = &copy};
    int at;

    find_bucket(store, &place);
    if (!fa_bucket_lock(place.bucket, place.table))
        return;
    at = find(place.bucket, ask->key);
    if (at >= 0) {
        fa_slot *slot = fa_slot_at(place.bucket, place.table, at);

        slot->pending -= slot->pending < ask->cost ? slot->pending : ask->cost;
        if (given_back && slot->limit == ask->rate->limit)
            fa_rate_give_back(&slot->cell, ask->rate, &ask->permit, now);
    }
    unlock(&place);
}

void fa_store_give_back(fa_store *store, const fa_store_ask *ask, int64_t now)
{
    settle(store, ask, true, now);
}

void fa_store_keep(fa_store *store, const fa_store_ask *ask)
{
    settle(store, ask, false, 0);
}
