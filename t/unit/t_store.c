/* Counters in shared memory: as a plain map would have them, whoever is killed.
 * Tests of fa_store and fa_store_layout. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fa_store_layout.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND) /* its ticks are microseconds */
#define HOUR   (3600 * SECOND)
#define NOW    (1000 * HOUR)
#define MIB    ((size_t)1 << 20)
#define KINDS  FA_STORE_KINDS

/* ck_assert tells check's parent each time, which takes longer than what is
 * asserted here millions of times. */
#define MUST_SAY(condition, ...)       \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)
#define MUST(condition) MUST_SAY(condition, "%s", #condition)

static const unsigned char secret[FA_STORE_KEY_SIZE] = "a secret of 16 b";

/* Memory of all children, with pages behind and before it that nobody may
 * touch. */
static void *shared(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t whole = (size + page - 1) / page * page;
    unsigned char *memory = mmap(NULL, whole + 2 * page, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(memory, MAP_FAILED);
    ck_assert_int_eq(mprotect(memory, page, PROT_NONE), 0);
    ck_assert_int_eq(mprotect(memory + page + whole, page, PROT_NONE), 0);
    return memory + page;
}

static fa_store *store_of(size_t size)
{
    bool uses[KINDS][2] = {{true, true}, {true, true}, {true, true}};
    fa_store *store = fa_store_create(shared(size), size, uses, secret);

    ck_assert_ptr_nonnull(store);
    return store;
}

static fa_store_ask ask_of(fa_store_kind kind, uint64_t key,
                           const fa_rate *rate, uint32_t cost)
{
    return (fa_store_ask){.kind = kind, .key = key, .rate = rate, .cost = cost};
}

static bool take(fa_store *store, fa_store_ask *ask, int64_t now)
{
    return fa_store_take(store, ask, 1, now);
}

/* A key of a bucket. */
static uint64_t key_in(uint64_t bucket, uint64_t number)
{
    return bucket << 32 | (number + 1);
}

static fa_table *table_of(fa_store *store, fa_store_kind kind,
                          const fa_rate *rate)
{
    return &store->tables[kind][fa_store_is_large(rate)];
}

static uint64_t dropped(fa_store *store, fa_store_kind kind)
{
    return fa_store_filled(store, kind).dropped;
}

/* --- how it lies in memory ----------------------------------------------- */

static const struct {
    uint32_t limit;
    bool is_large;
} layouts[] = {{1, false},     {36, false},
               {37, false},    {38, false},
               {39, true},     {64, true},
               {65, false},    {255, false},
               {256, false},   {1000, false},
               {65535, false}, {65536, true},
               {100000, true}, {FA_RATE_LIMIT_MAX, true}};

START_TEST(counter_costs_the_bytes_that_are_promised)
{
    fa_store *store = store_of(MIB);

    for (size_t i = 0; i < UNIT_COUNT(layouts); i++) {
        fa_rate rate = {layouts[i].limit, HOUR};
        const fa_table *table = table_of(store, FA_STORE_OTHER, &rate);
        uint64_t bytes = (table->stride + FA_STORE_SLOTS - 1) / FA_STORE_SLOTS;

        printf("%u: %u bytes a key\n", rate.limit, (unsigned)bytes);
        ck_assert(fa_store_is_large(&rate) == layouts[i].is_large);
        ck_assert_uint_le(bytes, layouts[i].is_large ? FA_STORE_LARGE
                                                     : FA_STORE_SMALL);
        ck_assert_uint_le(offsetof(fa_slot, cell) + fa_rate_size(&rate),
                          table->slot_size);
        /* DESIGN.md: 320 bytes, and 208 where 64 < N <= 255. */
        ck_assert_uint_le(bytes,
                          rate.limit > 64 && rate.limit <= 255 ? 208 : 320);
    }
}
END_TEST

/* Each choice of classes in use, by its bits. */
START_TEST(smallest_memory_has_room_for_every_limit)
{
    static const uint32_t limits[2] = {5, 50};
    bool uses[KINDS][2];
    fa_store *store;

    for (int i = 0; i < 2 * KINDS; i++)
        uses[i / 2][i % 2] = _i >> i & 1;
    store = fa_store_create(shared(FA_STORE_SIZE_MIN), FA_STORE_SIZE_MIN, uses,
                            secret);
    ck_assert_ptr_nonnull(store);
    for (fa_store_kind kind = 0; kind < KINDS; kind++) {
        size_t bytes = 0;

        for (int class = 0; class < 2; class ++) {
            fa_rate rate = {limits[class], HOUR};
            fa_store_ask ask = ask_of(kind, 7, &rate, 1);

            ck_assert_int_eq(fa_store_is_large(&rate), class);
            ck_assert(take(store, &ask, NOW));
            bytes += store->tables[kind][class].buckets *
                     store->tables[kind][class].stride;
        }
        ck_assert_uint_le(bytes, FA_STORE_SIZE_MIN / (kind == 2 ? 2 : 4));
        ck_assert_uint_gt(bytes, FA_STORE_SIZE_MIN / (kind == 2 ? 3 : 6));
    }
    ck_assert(fa_store_validate(store));
}
END_TEST

START_TEST(too_little_memory_is_refused)
{
    bool uses[KINDS][2] = {{false}};
    size_t size = FA_STORE_SIZE_MIN - 64;

    ck_assert_ptr_null(fa_store_create(shared(size), size, uses, secret));
}
END_TEST

START_TEST(another_layout_or_size_is_not_attached)
{
    fa_store *store = store_of(MIB);

    ck_assert_ptr_eq(fa_store_attach(store, MIB), store);
    ck_assert_ptr_null(fa_store_attach(store, MIB + 64));
    ck_assert_ptr_null(fa_store_attach(store, MIB - 64));
    store->magic++;
    ck_assert_ptr_null(fa_store_attach(store, MIB));
    ck_assert_ptr_null(fa_store_attach(shared(MIB), MIB));
}
END_TEST

START_TEST(key_depends_on_the_secret_and_every_byte)
{
    fa_store *store = store_of(MIB), *other = store_of(MIB);

    other->secret[3] ^= 1;
    ck_assert_uint_eq(fa_store_key(store, "abc", 3),
                      fa_store_key(store, "abc", 3));
    ck_assert_uint_ne(fa_store_key(store, "abc", 3),
                      fa_store_key(other, "abc", 3));
    ck_assert_uint_ne(fa_store_key(store, "abc", 3),
                      fa_store_key(store, "abd", 3));
    ck_assert_uint_ne(fa_store_key(store, "abc", 3),
                      fa_store_key(store, "abc", 4));
}
END_TEST

/* --- beside a plain map -------------------------------------------------- */

static const fa_rate rates[] = {{1, SECOND},          {5, 10 * SECOND},
                                {38, 60 * SECOND},    {39, 60 * SECOND},
                                {64, HOUR},           {65, 60 * SECOND},
                                {255, HOUR},          {256, SECOND},
                                {65535, 60 * SECOND}, {65536, HOUR}};

#define RATES UNIT_COUNT(rates)

typedef struct plain {
    uint64_t key; /* 0: free */
    const fa_rate *rate;
    int64_t expires;
    fa_rate_cell *cell;
} plain;

/* A map that knows as many counters of a bucket as the store. */
typedef struct map {
    plain *slots[KINDS][2];
    uint64_t buckets[KINDS][2];
    uint64_t dropped[KINDS];
} map;

static map map_of(const fa_store *store)
{
    map made = {0};

    for (int i = 0; i < 2 * KINDS; i++) {
        made.buckets[i / 2][i % 2] = store->tables[i / 2][i % 2].buckets;
        made.slots[i / 2][i % 2] = apr_pcalloc(
            unit_pool, made.buckets[i / 2][i % 2] * 64 * sizeof(plain));
    }
    return made;
}

static plain *bucket_of(map *all, const fa_store_ask *ask)
{
    int class = fa_store_is_large(ask->rate);

    return all->slots[ask->kind][class] +
           64 * ((ask->key >> 32) % all->buckets[ask->kind][class]);
}

static plain *in_map(map *all, const fa_store_ask *ask)
{
    plain *bucket = bucket_of(all, ask);

    for (int i = 0; i < 64; i++) {
        if (bucket[i].key == ask->key)
            return &bucket[i];
    }
    return NULL;
}

/* A free one; else what has expired; else what expires next; never what this
 * request itself asks for. */
static plain *new_in_map(map *all, const fa_store_ask *ask, plain *const *taken,
                         size_t count, int64_t now)
{
    plain *bucket = bucket_of(all, ask), *room = NULL;

    for (int i = 0; i < 64; i++) {
        bool is_taken = false;

        if (!bucket[i].key) {
            room = &bucket[i];
            break;
        }
        for (size_t j = 0; j < count; j++)
            is_taken = is_taken || taken[j] == &bucket[i];
        if (!is_taken && (!room || bucket[i].expires < room->expires))
            room = &bucket[i];
    }
    if (room->key && room->expires > now)
        all->dropped[ask->kind]++;
    free(room->cell);
    *room =
        (plain){ask->key, ask->rate, now, calloc(1, fa_rate_size(ask->rate))};
    return room;
}

static bool take_from_map(map *all, fa_store_ask *asks, size_t count,
                          int64_t now)
{
    plain *found[FA_STORE_ASKS];
    bool within = true;

    for (size_t i = 0; i < count; i++)
        found[i] = in_map(all, &asks[i]);
    for (size_t i = 0; i < count; i++) {
        if (!found[i])
            found[i] = new_in_map(all, &asks[i], found, count, now);
        asks[i].within = fa_rate_look(found[i]->cell, asks[i].rate,
                                      asks[i].cost, now, &asks[i].state);
        within = within && asks[i].within;
    }
    for (size_t i = 0; within && i < count; i++) {
        fa_rate_take(found[i]->cell, asks[i].rate, asks[i].cost, now,
                     &asks[i].permit);
        found[i]->expires = fa_rate_expires(found[i]->cell, asks[i].rate);
        fa_rate_look(found[i]->cell, asks[i].rate, 1, now, &asks[i].state);
    }
    return within;
}

static void give_back_to_map(map *all, const fa_store_ask *ask, int64_t now)
{
    plain *found = in_map(all, ask);

    if (found)
        fa_rate_give_back(found->cell, ask->rate, &ask->permit, now);
}

static void end_map(map *all)
{
    for (int i = 0; i < 2 * KINDS; i++) {
        for (uint64_t j = 0; j < all->buckets[i / 2][i % 2] * 64; j++)
            free(all->slots[i / 2][i % 2][j].cell);
    }
}

/* --- chance, the same at every run -------------------------------------- */

static uint64_t next_of(uint64_t *chance)
{
    uint64_t z = *chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t *chance, uint64_t bound)
{
    return next_of(chance) % bound;
}

static fa_store_ask some_ask(const fa_store *store, uint64_t *chance,
                             uint64_t keys)
{
    struct {
        uint64_t kind, rate, number;
    } name = {below(chance, KINDS), below(chance, RATES), below(chance, keys)};
    const fa_rate *rate = &rates[name.rate];
    uint32_t cost =
        below(chance, 4) ? 1 : (uint32_t)below(chance, rate->limit) + 1;

    return ask_of((fa_store_kind)name.kind,
                  fa_store_key(store, &name, sizeof name), rate, cost);
}

static bool is_among(const fa_store_ask *asks, size_t count, uint64_t key)
{
    for (size_t i = 0; i < count; i++) {
        if (asks[i].key == key)
            return true;
    }
    return false;
}

/* Permits in flight change only what a refused caller is told. */
static bool same(const fa_store_ask *ours, const fa_store_ask *plain_one)
{
    return ours->within == plain_one->within &&
           ours->state.left == plain_one->state.left &&
           ours->state.reset_us == plain_one->state.reset_us &&
           (ours->state.retry_us == plain_one->state.retry_us ||
            (!ours->within && ours->kind == FA_STORE_FAILURE &&
             ours->state.retry_us == 1));
}

/* Keys a rate and kind: few, of which each is met often, and more than there
 * is room for. */
static const uint64_t key_sets[] = {2, 60, 100000};

START_TEST(store_does_what_a_plain_map_does)
{
    fa_store *store = store_of(MIB);
    map all = map_of(store);
    fa_store_ask kept[32] = {{0}};
    uint64_t chance = (uint64_t)_i + 1, refused = 0, drops = 0;
    int64_t now = NOW;

    for (int operation = 0; operation < 100000; operation++) {
        fa_store_ask asks[4], beside[4];
        size_t count = 1 + below(&chance, 4);
        bool within;

        for (size_t i = 0; i < count; i++) {
            do
                asks[i] = some_ask(store, &chance, key_sets[_i]);
            while (is_among(asks, i, asks[i].key));
        }
        memcpy(beside, asks, sizeof asks);
        within = fa_store_take(store, asks, count, now);
        MUST(take_from_map(&all, beside, count, now) == within);
        for (size_t i = 0; i < count; i++)
            MUST_SAY(same(&asks[i], &beside[i]), "operation %d, ask %zu of %zu",
                     operation, i, count);
        refused += !within;

        if (within)
            kept[below(&chance, 32)] = asks[below(&chance, count)];
        if (below(&chance, 3) == 0) {
            fa_store_ask *settled = &kept[below(&chance, 32)];

            if (settled->rate && below(&chance, 2)) {
                fa_store_give_back(store, settled, now);
                give_back_to_map(&all, settled, now);
            }
            else if (settled->rate) {
                fa_store_keep(store, settled);
            }
            settled->rate = NULL;
        }
        switch (below(&chance, 40)) {
        case 0:
            now += (int64_t)below(&chance, SECOND);
            break;
        case 1:
            now += (int64_t)below(&chance, 20 * SECOND);
            break;
        default:
            now += (int64_t)below(&chance, 3);
        }
        if (operation % 5000 == 0)
            MUST(fa_store_validate(store));
    }
    for (fa_store_kind kind = 0; kind < KINDS; kind++) {
        ck_assert_uint_eq(dropped(store, kind), all.dropped[kind]);
        drops += all.dropped[kind];
    }
    ck_assert(fa_store_validate(store));
    ck_assert_uint_gt(refused, 0);
    ck_assert((drops > 1000) == (key_sets[_i] > 1000));
    end_map(&all);
}
END_TEST

/* --- room ---------------------------------------------------------------- */

/* Fill a bucket with counters that expire one after the other. */
static int64_t fill(fa_store *store, uint64_t bucket, const fa_rate *rate)
{
    for (uint64_t i = 0; i < FA_STORE_SLOTS; i++) {
        fa_store_ask ask = ask_of(FA_STORE_OTHER, key_in(bucket, i), rate, 1);

        ck_assert(take(store, &ask, NOW + (int64_t)i));
    }
    return NOW + FA_STORE_SLOTS;
}

START_TEST(new_counters_of_one_request_share_no_slot)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {2, HOUR};
    int64_t now = fill(store, 3, &rate);
    fa_store_ask asks[] = {ask_of(FA_STORE_OTHER, key_in(3, 100), &rate, 1),
                           ask_of(FA_STORE_OTHER, key_in(3, 101), &rate, 2)};

    ck_assert_uint_eq(dropped(store, FA_STORE_OTHER), 0);
    ck_assert(fa_store_take(store, asks, 2, now));
    ck_assert_uint_eq(asks[0].state.left, 1);
    ck_assert_uint_eq(asks[1].state.left, 0);
    ck_assert_uint_eq(dropped(store, FA_STORE_OTHER), 2);
    ck_assert(!fa_store_take(store, asks, 2, now));
    ck_assert(asks[0].within && !asks[1].within);
    ck_assert_uint_eq(asks[0].state.left, 1);
    ck_assert(fa_store_validate(store));
}
END_TEST

/* The one asked for last is the one that expires first. */
START_TEST(counter_makes_no_room_for_another_of_its_request)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {2, HOUR};
    int64_t now = fill(store, 3, &rate);
    fa_store_ask asks[] = {ask_of(FA_STORE_OTHER, key_in(3, 100), &rate, 1),
                           ask_of(FA_STORE_OTHER, key_in(3, 0), &rate, 1)};

    ck_assert(fa_store_take(store, asks, 2, now));
    ck_assert_uint_eq(asks[0].state.left, 1);
    ck_assert_uint_eq(asks[1].state.left, 0);
    ck_assert_uint_eq(dropped(store, FA_STORE_OTHER), 1);
}
END_TEST

START_TEST(as_many_asks_as_there_are_slots_fit_a_full_bucket)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {2, HOUR};
    int64_t now = fill(store, 3, &rate);
    fa_store_ask asks[FA_STORE_ASKS + 1];

    for (uint64_t i = 0; i < FA_STORE_ASKS + 1; i++)
        asks[i] = ask_of(FA_STORE_OTHER, key_in(3, 100 + i), &rate, 1);
    ck_assert(!fa_store_take(store, asks, FA_STORE_ASKS + 1, now));
    ck_assert(fa_store_take(store, asks, FA_STORE_ASKS, now));
    for (size_t i = 0; i < FA_STORE_ASKS; i++)
        ck_assert_uint_eq(asks[i].state.left, 1);
    ck_assert(fa_store_validate(store));
}
END_TEST

START_TEST(what_expired_goes_first_and_is_no_loss)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {2, HOUR}, soon = {2, SECOND};
    int64_t now;
    fa_store_ask ask = ask_of(FA_STORE_OTHER, key_in(3, 200), &soon, 1);

    ck_assert(take(store, &ask, NOW - 10 * SECOND));
    now = fill(store, 3, &rate); /* one more than there is room for */
    ck_assert_uint_eq(dropped(store, FA_STORE_OTHER), 0);
    ask = ask_of(FA_STORE_OTHER, key_in(3, 201), &rate, 1);
    ck_assert(take(store, &ask, now));
    ck_assert_uint_eq(dropped(store, FA_STORE_OTHER), 1);
    ask = ask_of(FA_STORE_OTHER, key_in(3, 1), &rate, 2);
    ck_assert(!take(store, &ask, now)); /* the second to expire is there */
    ask = ask_of(FA_STORE_OTHER, key_in(3, 0), &rate, 2);
    ck_assert(take(store, &ask, now)); /* the first was dropped */
}
END_TEST

START_TEST(kinds_never_displace_each_other)
{
    fa_store *store = store_of(MIB);
    fa_store_kind flooded = (fa_store_kind)_i;
    fa_rate rate = {2, HOUR};

    for (fa_store_kind kind = 0; kind < KINDS; kind++) {
        fa_store_ask ask = ask_of(kind, key_in(1, 5), &rate, 2);

        ck_assert(take(store, &ask, NOW));
    }
    for (uint64_t i = 0; i < 20000; i++) {
        fa_store_ask ask =
            ask_of(flooded, fa_store_key(store, &i, sizeof i), &rate, 1);

        MUST(take(store, &ask, NOW + 1 + (int64_t)i));
    }
    for (fa_store_kind kind = 0; kind < KINDS; kind++) {
        fa_store_ask ask = ask_of(kind, key_in(1, 5), &rate, 1);
        fa_store_fill filled = fa_store_filled(store, kind);

        ck_assert((filled.dropped == 0) == (kind != flooded));
        ck_assert(take(store, &ask, NOW + SECOND) == (kind == flooded));
        ck_assert_uint_le(filled.used, filled.slots);
        if (kind != flooded)
            ck_assert_uint_eq(filled.used, 1);
    }
}
END_TEST

static double cpu_of_takes(fa_store *store, const fa_rate *rate, uint64_t from,
                           uint64_t count)
{
    clock_t start = clock();

    for (uint64_t i = from; i < from + count; i++) {
        fa_store_ask ask =
            ask_of(FA_STORE_OTHER, fa_store_key(store, &i, sizeof i), rate, 1);

        MUST(take(store, &ask, NOW + (int64_t)i));
    }
    return (double)(clock() - start);
}

/* A held counter is met every 1000 keys, and counts to its limit. */
/* A89, A91: whoever chooses the keys, a look-up reads one bucket. */
START_TEST(million_keys_fit_fixed_memory_and_a_held_counter_counts)
{
    fa_store *store = store_of(64 * MIB);
    fa_rate rate = {20, HOUR}, held = {1000, 2 * HOUR};
    double first = 0, later = 0;

    for (uint64_t i = 0; i < 1000; i++) {
        fa_store_ask ask = ask_of(FA_STORE_OTHER, key_in(77, 5), &held, 1);
        double cost = cpu_of_takes(store, &rate, i * 1000, 1000);

        first += i < 50 ? cost : 0;
        later += i >= 950 ? cost : 0;
        MUST(take(store, &ask, NOW + (int64_t)(i + 1) * 1000));
        MUST(ask.state.left == 999 - i);
    }
    for (int i = 0; i < 3; i++) {
        fa_store_ask ask = ask_of(FA_STORE_OTHER, key_in(77, 5), &held, 1);

        ck_assert(!take(store, &ask, NOW + 1000 * 1000 + i));
    }
    ck_assert_uint_gt(dropped(store, FA_STORE_OTHER), 100000);
    /* Coarse: the first ones also pay for memory that nobody touched yet. */
    ck_assert_msg(later < 10 * first + CLOCKS_PER_SEC / 10, "%g us, then %g us",
                  first / 50, later / 50);
    ck_assert(fa_store_validate(store));
}
END_TEST

/* --- in flight ----------------------------------------------------------- */

START_TEST(permit_in_flight_may_come_back_at_once)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {2, MINUTE};
    fa_store_ask first = ask_of(FA_STORE_FAILURE, 9, &rate, 1), second = first;
    fa_store_ask third = first, both = ask_of(FA_STORE_FAILURE, 9, &rate, 2);

    ck_assert(take(store, &first, NOW) && take(store, &second, NOW));
    ck_assert(!take(store, &third, NOW + 1));
    ck_assert_int_eq(third.state.retry_us, 1);
    fa_store_keep(store, &first);
    ck_assert(!take(store, &third, NOW + 2));
    ck_assert_int_eq(third.state.retry_us, 1);
    ck_assert(!take(store, &both, NOW + 2)); /* one of them stays */
    ck_assert_int_eq(both.state.retry_us, MINUTE - 2);
    fa_store_give_back(store, &second, NOW + 3);
    ck_assert(!take(store, &both, NOW + 4));
    ck_assert_int_eq(both.state.retry_us, MINUTE - 4);
    ck_assert(take(store, &third, NOW + 5));
    /* Neither is in flight that was settled, nor what nobody waits for. */
    fa_store_keep(store, &third);
    ck_assert(!take(store, &third, NOW + 6));
    ck_assert_int_eq(third.state.retry_us, MINUTE - 6);
}
END_TEST

START_TEST(permit_free_and_one_in_flight_are_two)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {3, MINUTE};
    fa_store_ask first = ask_of(FA_STORE_FAILURE, 9, &rate, 1), second = first;
    fa_store_ask both = ask_of(FA_STORE_FAILURE, 9, &rate, 2);

    ck_assert(take(store, &first, NOW) && take(store, &second, NOW));
    fa_store_keep(store, &first);
    ck_assert(!take(store, &both, NOW));
    ck_assert_int_eq(both.state.retry_us, 1);
}
END_TEST

/* Whoever is killed settles nothing: that is known once the window is over. */
START_TEST(permit_of_who_was_killed_is_in_flight_for_a_window)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {1, MINUTE};
    fa_store_ask lost = ask_of(FA_STORE_FAILURE, 9, &rate, 1), next = lost;

    ck_assert(take(store, &lost, NOW));
    ck_assert(take(store, &next, NOW + MINUTE));
    fa_store_keep(store, &next);
    ck_assert(!take(store, &next, NOW + MINUTE + 1));
    ck_assert_int_eq(next.state.retry_us, MINUTE - 1);
}
END_TEST

START_TEST(other_kinds_are_never_in_flight)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {1, MINUTE};
    fa_store_ask first = ask_of(FA_STORE_OTHER, 9, &rate, 1), second = first;

    ck_assert(take(store, &first, NOW));
    ck_assert(!take(store, &second, NOW));
    ck_assert_int_eq(second.state.retry_us, MINUTE);
    fa_store_give_back(store, &first, NOW);
    ck_assert(take(store, &second, NOW));
}
END_TEST

/* --- many at once -------------------------------------------------------- */

#define CREW 8

/* Two limits of each kind of cell; the last two are asked for together. */
static const fa_rate crew_rates[] = {
    {50, 2400 * HOUR}, {1000, 2400 * HOUR}, {64, 2400 * HOUR}, {300, HOUR}};

#define CREW_KEYS UNIT_COUNT(crew_rates)

typedef struct tally {
    _Atomic uint32_t tried[CREW_KEYS];
    _Atomic uint32_t admitted[CREW_KEYS];
} tally;

static fa_store_ask crew_ask(size_t key)
{
    /* Two of them in one bucket. */
    return ask_of(FA_STORE_OTHER, key_in(key / 2, key), &crew_rates[key], 1);
}

/* Ask until three times the limit was asked for. */
static void hammer(fa_store *store, tally *sum)
{
    for (size_t key = 0; key < CREW_KEYS; key++) {
        while (atomic_fetch_add(&sum->tried[key], 1) <
               3 * crew_rates[key].limit) {
            fa_store_ask asks[2] = {crew_ask(key), crew_ask(CREW_KEYS - 1)};
            size_t count = key + 2 == CREW_KEYS ? 2 : 1;

            if (!fa_store_take(store, asks, count, NOW))
                continue;
            atomic_fetch_add(&sum->admitted[key], 1);
            if (count == 2)
                atomic_fetch_add(&sum->admitted[CREW_KEYS - 1], 1);
        }
    }
}

static void all_limits_are_exact(fa_store *store, tally *sum)
{
    for (size_t key = 0; key < CREW_KEYS; key++)
        ck_assert_uint_eq(atomic_load(&sum->admitted[key]),
                          crew_rates[key].limit);
    ck_assert(fa_store_validate(store));
}

START_TEST(many_processes_admit_exactly_the_limit)
{
    fa_store *store = store_of(MIB);
    tally *sum = shared(sizeof *sum);
    pid_t crew[CREW];

    for (int i = 0; i < CREW; i++) {
        crew[i] = fork();
        ck_assert_int_ge(crew[i], 0);
        if (crew[i] == 0) {
            hammer(store, sum);
            _exit(0);
        }
    }
    for (int i = 0; i < CREW; i++) {
        int status;

        ck_assert_int_eq(waitpid(crew[i], &status, 0), crew[i]);
        ck_assert_int_eq(status, 0);
    }
    all_limits_are_exact(store, sum);
}
END_TEST

typedef struct job {
    fa_store *store;
    tally *sum;
} job;

static void *work(void *given)
{
    job *mine = given;

    hammer(mine->store, mine->sum);
    return NULL;
}

START_TEST(many_threads_admit_exactly_the_limit)
{
    job shared_job = {store_of(MIB), shared(sizeof(tally))};
    pthread_t crew[CREW];

    for (int i = 0; i < CREW; i++)
        ck_assert_int_eq(pthread_create(&crew[i], NULL, work, &shared_job), 0);
    for (int i = 0; i < CREW; i++)
        ck_assert_int_eq(pthread_join(crew[i], NULL), 0);
    all_limits_are_exact(shared_job.store, shared_job.sum);
}
END_TEST

/* Requests of one to four limits in any order, and permits given back. */
static void *wander(void *given)
{
    job *mine = given;
    uint64_t chance = (uint64_t)(uintptr_t)&chance;

    for (int i = 0; i < 3000; i++) {
        fa_store_ask asks[4];
        size_t count = 1 + below(&chance, 4);

        for (size_t j = 0; j < count; j++) {
            do
                asks[j] = some_ask(mine->store, &chance, 40);
            while (is_among(asks, j, asks[j].key));
        }
        if (fa_store_take(mine->store, asks, count, NOW + i) &&
            below(&chance, 2))
            fa_store_give_back(mine->store, &asks[0], NOW + i);
    }
    return NULL;
}

START_TEST(threads_in_any_order_never_wait_for_each_other)
{
    job shared_job = {store_of(MIB), NULL};
    pthread_t crew[CREW];

    for (int i = 0; i < CREW; i++)
        ck_assert_int_eq(pthread_create(&crew[i], NULL, wander, &shared_job),
                         0);
    for (int i = 0; i < CREW; i++) {
        ck_assert(fa_store_filled(shared_job.store, FA_STORE_OTHER).slots > 0);
        ck_assert_int_eq(pthread_join(crew[i], NULL), 0);
    }
    ck_assert(fa_store_validate(shared_job.store));
}
END_TEST

/* --- killed -------------------------------------------------------------- */

#define KILL_WINDOW (SECOND / 10)
#define SERVED_MAX  2000000

/* What was served: written only after the permits were taken. */
typedef struct served {
    _Atomic uint32_t count;
    struct {
        _Atomic int64_t at; /* 0: killed before it was written */
        _Atomic uint32_t key;
    } rows[SERVED_MAX];
} served;

static const fa_rate kill_rates[] = {
    {20, KILL_WINDOW}, {100, KILL_WINDOW}, {64, KILL_WINDOW}, {3, KILL_WINDOW}};

#define KILL_KEYS UNIT_COUNT(kill_rates)

static fa_store_ask kill_ask(size_t key)
{
    fa_store_kind kind = key == 3 ? FA_STORE_FAILURE : FA_STORE_OTHER;

    return ask_of(kind, key_in(key / 2, key), &kill_rates[key], 1);
}

static int64_t boot_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static void serve(served *log, size_t key, const fa_store_ask *ask)
{
    uint32_t row = atomic_fetch_add(&log->count, 1);

    if (row >= SERVED_MAX)
        return;
    atomic_store(&log->rows[row].key, (uint32_t)key);
    atomic_store(&log->rows[row].at, ask->permit.at);
}

static void serve_until_killed(fa_store *store, served *log, uint64_t chance)
{
    for (;;) {
        size_t first = below(&chance, KILL_KEYS);
        size_t keys[2] = {first, (first + 1) % KILL_KEYS};
        fa_store_ask asks[2] = {kill_ask(keys[0]), kill_ask(keys[1])};
        size_t count = 1 + below(&chance, 2);

        if (!fa_store_take(store, asks, count, boot_time()))
            continue;
        for (size_t i = 0; i < count; i++) {
            if (below(&chance, 3) == 0) {
                fa_store_give_back(store, &asks[i], boot_time());
                continue;
            }
            if (asks[i].kind == FA_STORE_FAILURE)
                fa_store_keep(store, &asks[i]);
            serve(log, keys[i], &asks[i]);
        }
    }
}

static pid_t start_server(fa_store *store, served *log, uint64_t number)
{
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0)
        serve_until_killed(store, log, number);
    return child;
}

static void kill_server(pid_t server)
{
    ck_assert_int_eq(kill(server, SIGKILL), 0);
    ck_assert_int_eq(waitpid(server, NULL, 0), server);
}

static int by_time(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

/* More than the limit in no window: request i + N is a window after i. */
static size_t never_exceeded(const served *log, size_t key)
{
    uint32_t rows = atomic_load(&log->count), limit = kill_rates[key].limit;
    int64_t *times = malloc(sizeof *times * (rows + 1));
    size_t count = 0;

    ck_assert_uint_le(rows, SERVED_MAX);
    for (uint32_t i = 0; i < rows; i++) {
        int64_t at = atomic_load(&log->rows[i].at);

        if (at && atomic_load(&log->rows[i].key) == key)
            times[count++] = at;
    }
    qsort(times, count, sizeof *times, by_time);
    for (size_t i = limit; i < count; i++)
        MUST_SAY(times[i] - times[i - limit] >= KILL_WINDOW,
                 "%u requests within %lld us", limit + 1,
                 (long long)(times[i] - times[i - limit]));
    free(times);
    return count;
}

static unsigned kills(void)
{
    const char *text = getenv("STORE_KILLS");
    unsigned long count = text ? strtoul(text, NULL, 10) : 0;

    return count > 0 && count <= 100000 ? (unsigned)count : 200;
}

START_TEST(killed_processes_never_admit_more)
{
    fa_store *store = store_of(MIB);
    served *log = shared(sizeof *log);
    pid_t crew[CREW];
    uint64_t chance = 1;
    int64_t end;

    for (uint64_t i = 0; i < CREW; i++)
        crew[i] = start_server(store, log, i);
    for (uint64_t i = 0; i < kills(); i++) {
        uint64_t victim = below(&chance, CREW);

        usleep((useconds_t)(1 + below(&chance, 10000)));
        kill_server(crew[victim]);
        crew[victim] = start_server(store, log, CREW + i);
    }
    for (int i = 0; i < CREW; i++)
        kill_server(crew[i]);
    ck_assert(fa_store_validate(store));

    for (size_t key = 0; key < KILL_KEYS; key++)
        ck_assert_uint_gt(never_exceeded(log, key), 5 * kill_rates[key].limit);
    /* What was taken and not served comes back: the whole limit. */
    end = boot_time() + 2 * KILL_WINDOW;
    for (size_t key = 0; key < KILL_KEYS; key++) {
        fa_store_ask ask = kill_ask(key);

        for (uint32_t i = 0; i < kill_rates[key].limit; i++)
            ck_assert(take(store, &ask, end));
        ck_assert(!take(store, &ask, end));
    }
    ck_assert(fa_store_validate(store));
}
END_TEST

/* --- a counter that cannot be, under a dead owner's lock ------------------ */

typedef void damage(fa_slot *slot);

static void full_of_nonsense(fa_slot *slot)
{
    memset(&slot->cell, 0x7f, 64);
}

static void ring_too_long(fa_slot *slot)
{
    slot->cell.ring = 0xffff;
}

static void limit_beyond_the_slot(fa_slot *slot)
{
    slot->limit = 60;
}

static void limit_beyond_all(fa_slot *slot)
{
    slot->limit = UINT32_MAX;
}

static void no_window(fa_slot *slot)
{
    slot->window_us = 0;
}

static void all_ones(fa_slot *slot)
{
    memset(slot, 0xff, 192);
}

static damage *const damages[] = {
    full_of_nonsense, ring_too_long, limit_beyond_the_slot,
    limit_beyond_all, no_window,     all_ones};

/* Someone dies with a lock, having spoiled a counter. */
static void die_with_lock(fa_store *store, const fa_store_ask *ask,
                          damage *spoil)
{
    fa_table *table = table_of(store, ask->kind, ask->rate);
    fa_bucket *bucket =
        fa_bucket_at(store, table, (ask->key >> 32) % table->buckets);
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (!fa_bucket_lock(bucket, table))
            _exit(1);
        for (int i = 0; spoil && i < FA_STORE_SLOTS; i++) {
            if (bucket->tags[i] == ask->key)
                spoil(fa_slot_at(bucket, table, i));
        }
        kill(getpid(), SIGKILL);
    }
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

START_TEST(broken_counter_admits_nobody_for_a_window)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {5, MINUTE};
    fa_store_ask ask = ask_of(FA_STORE_OTHER, key_in(9, 1), &rate, 1);
    fa_store_ask beside = ask_of(FA_STORE_OTHER, key_in(9, 2), &rate, 1);

    ck_assert(take(store, &ask, NOW) && take(store, &beside, NOW));
    die_with_lock(store, &ask, damages[_i]);
    ck_assert(!fa_store_validate(store));
    ck_assert(take(store, &beside, NOW + 1));
    ck_assert_uint_eq(beside.state.left, 3);
    ck_assert(!take(store, &ask, NOW + 1));
    ck_assert_int_eq(ask.state.retry_us, MINUTE);
    ck_assert(fa_store_validate(store));
    ck_assert(!take(store, &ask, NOW + MINUTE));
    ck_assert(take(store, &ask, NOW + MINUTE + 1));
    ck_assert_uint_eq(ask.state.left, 4);
}
END_TEST

START_TEST(sound_counter_outlives_its_owner)
{
    fa_store *store = store_of(MIB);
    fa_rate rate = {2, HOUR};
    fa_store_ask ask = ask_of(FA_STORE_OTHER, key_in(9, 1), &rate, 1);

    ck_assert(take(store, &ask, NOW));
    die_with_lock(store, &ask, NULL);
    ck_assert(fa_store_validate(store));
    ck_assert(take(store, &ask, NOW));
    die_with_lock(store, &ask, NULL);
    fa_store_give_back(store, &ask, NOW);
    die_with_lock(store, &ask, NULL);
    ck_assert(take(store, &ask, NOW));
    ck_assert(!take(store, &ask, NOW));
}
END_TEST

int main(void)
{
    TCase *layout = unit_case("layout"), *model = unit_case("model");
    TCase *room = unit_case("room"), *flight = unit_case("flight");
    TCase *processes = unit_case("processes"), *threads = unit_case("threads");

    tcase_set_timeout(processes, 10 * UNIT_TIMEOUT);
    tcase_add_test(layout, counter_costs_the_bytes_that_are_promised);
    tcase_add_loop_test(layout, smallest_memory_has_room_for_every_limit, 0,
                        1 << 2 * KINDS);
    tcase_add_test(layout, too_little_memory_is_refused);
    tcase_add_test(layout, another_layout_or_size_is_not_attached);
    tcase_add_test(layout, key_depends_on_the_secret_and_every_byte);
    tcase_add_loop_test(model, store_does_what_a_plain_map_does, 0,
                        UNIT_ROWS(key_sets));
    tcase_add_test(room, new_counters_of_one_request_share_no_slot);
    tcase_add_test(room, counter_makes_no_room_for_another_of_its_request);
    tcase_add_test(room, as_many_asks_as_there_are_slots_fit_a_full_bucket);
    tcase_add_test(room, what_expired_goes_first_and_is_no_loss);
    tcase_add_loop_test(room, kinds_never_displace_each_other, 0, KINDS);
    tcase_add_test(room,
                   million_keys_fit_fixed_memory_and_a_held_counter_counts);
    tcase_add_test(flight, permit_in_flight_may_come_back_at_once);
    tcase_add_test(flight, permit_free_and_one_in_flight_are_two);
    tcase_add_test(flight, permit_of_who_was_killed_is_in_flight_for_a_window);
    tcase_add_test(flight, other_kinds_are_never_in_flight);
    tcase_add_test(processes, many_processes_admit_exactly_the_limit);
    tcase_add_test(processes, killed_processes_never_admit_more);
    tcase_add_loop_test(processes, broken_counter_admits_nobody_for_a_window, 0,
                        UNIT_ROWS(damages));
    tcase_add_test(processes, sound_counter_outlives_its_owner);
    tcase_add_test(threads, many_threads_admit_exactly_the_limit);
    tcase_add_test(threads, threads_in_any_order_never_wait_for_each_other);
    return unit_run("t_store", layout, model, room, flight, processes, threads,
                    NULL);
}
