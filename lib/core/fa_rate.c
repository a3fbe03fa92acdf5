/* The arithmetic of one limit for one caller.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_rate.h"

#include <stdatomic.h>
#include <string.h>

/* Slices that a window can touch: those within it, and the one that began. */
#define SLICES (FA_RATE_SLICES + 1)

/* What is written before stays before, whatever the compiler would like: a
 * killed process leaves memory as far as it came. */
static void commit_point(void)
{
    atomic_signal_fence(memory_order_seq_cst);
}

static bool has_stamps(const fa_rate *rate)
{
    return rate->limit <= FA_RATE_STAMPS;
}

/* --- up to 64: a ring of times ------------------------------------------- */

/* A stamp is a number of ticks, modulo 2^32. A window is less than 2^31 of
 * them, with room for what is rounded up: a stamp that was in the window when
 * the cell was last looked at, less than a window and two ticks ago, is less
 * than 2^32 old, so that its age is never in doubt. */
static int64_t tick_us(const fa_rate *rate)
{
    return rate->window_us / (INT32_MAX - 3) + 1;
}

static uint32_t tick_at(const fa_rate *rate, int64_t now)
{
    return (uint32_t)(now / tick_us(rate));
}

/* The age in ticks at which a stamp has left the window for certain: where a
 * tick is longer than the clock's, one more for the fraction lost. */
static uint32_t window_ticks(const fa_rate *rate)
{
    int64_t tick = tick_us(rate);

    return (uint32_t)((rate->window_us + tick - 1) / tick + (tick > 1));
}

static uint32_t ring_first(const fa_rate_cell *cell)
{
    return cell->ring >> 16;
}

static uint32_t ring_used(const fa_rate_cell *cell)
{
    return cell->ring & 0xffff;
}

static void set_ring(fa_rate_cell *cell, uint32_t first, uint32_t used)
{
    commit_point();
    cell->ring = first << 16 | used;
    commit_point();
}

static uint32_t *stamp(fa_rate_cell *cell, const fa_rate *rate, uint32_t index)
{
    return &cell->words[(ring_first(cell) + index) % rate->limit];
}

static uint32_t age(fa_rate_cell *cell, const fa_rate *rate, uint32_t index,
                    int64_t now)
{
    return tick_at(rate, now) - *stamp(cell, rate, index);
}

/* Ticks a stamp began to count at, to microseconds until it has left. */
static int64_t leaves_in(fa_rate_cell *cell, const fa_rate *rate,
                         uint32_t index, int64_t now)
{
    int64_t tick = tick_us(rate);
    int64_t ticks = (int64_t)window_ticks(rate) - age(cell, rate, index, now);

    return ticks * tick - now % tick;
}

static void forget_stamps(fa_rate_cell *cell, const fa_rate *rate, int64_t now)
{
    uint32_t used = ring_used(cell), gone = 0;

    /* No stamp is later than last. */
    if (now - cell->last >= rate->window_us + 2 * tick_us(rate))
        gone = used;
    while (gone < used && age(cell, rate, gone, now) >= window_ticks(rate))
        gone++;
    if (gone > 0)
        set_ring(cell, (ring_first(cell) + gone) % rate->limit, used - gone);
    /* Only now: a kill before it leaves ages that last still vouches for. */
    cell->last = now;
    commit_point();
}

static bool look_at_stamps(fa_rate_cell *cell, const fa_rate *rate,
                           uint32_t cost, int64_t now, fa_rate_state *state)
{
    uint32_t used = ring_used(cell);

    state->left = rate->limit - used;
    state->reset_us = used > 0 ? leaves_in(cell, rate, 0, now) : 0;
    state->retry_us = 0;
    if (cost <= state->left)
        return true;
    state->retry_us = leaves_in(cell, rate, cost - state->left - 1, now);
    return false;
}

static void take_stamps(fa_rate_cell *cell, const fa_rate *rate, uint32_t cost,
                        int64_t now)
{
    uint32_t used = ring_used(cell);

    for (uint32_t i = 0; i < cost; i++)
        *stamp(cell, rate, used + i) = tick_at(rate, now);
    set_ring(cell, ring_first(cell), used + cost);
}

/* The newer ones move up over what is given back. Each step leaves as many
 * stamps as before, and none of them older: a kill between costs the caller,
 * not the limit. */
static void give_back_stamps(fa_rate_cell *cell, const fa_rate *rate,
                             const fa_rate_permit *permit)
{
    uint32_t used = ring_used(cell), at = tick_at(rate, permit->at);
    uint32_t found = 0;

    /* It has left; a stamp alike is another's, 2^32 ticks later. */
    if (cell->last - permit->at >= rate->window_us + 2 * tick_us(rate))
        return;
    while (found < used && *stamp(cell, rate, found) != at)
        found++;
    for (uint32_t cost = permit->cost; cost > 0 && found < used; cost--) {
        if (*stamp(cell, rate, found) != at)
            break;
        for (uint32_t i = found; i + 1 < used; i++) {
            *stamp(cell, rate, i) = *stamp(cell, rate, i + 1);
            commit_point();
        }
        set_ring(cell, ring_first(cell), --used);
    }
}

/* --- above 64: counters of slices ---------------------------------------- */

static int64_t slice_us(const fa_rate *rate)
{
    return (rate->window_us + FA_RATE_SLICES - 1) / FA_RATE_SLICES;
}

static size_t counter_size(const fa_rate *rate)
{
    return rate->limit <= UINT8_MAX ? 1 : rate->limit <= UINT16_MAX ? 2 : 4;
}

static uint32_t counter(const fa_rate_cell *cell, const fa_rate *rate,
                        int64_t slice)
{
    size_t index = (size_t)(slice % SLICES);

    switch (counter_size(rate)) {
    case 1:
        return ((const uint8_t *)cell->words)[index];
    case 2:
        return ((const uint16_t *)cell->words)[index];
    default:
        return cell->words[index];
    }
}

static void set_counter(fa_rate_cell *cell, const fa_rate *rate, int64_t slice,
                        uint32_t count)
{
    size_t index = (size_t)(slice % SLICES);

    switch (counter_size(rate)) {
    case 1:
        ((uint8_t *)cell->words)[index] = (uint8_t)count;
        break;
    case 2:
        ((uint16_t *)cell->words)[index] = (uint16_t)count;
        break;
    default:
        cell->words[index] = count;
    }
    commit_point();
}

/* The first slice whose requests still count. */
static int64_t first_slice(const fa_rate_cell *cell)
{
    return cell->last >= SLICES ? cell->last - SLICES + 1 : 0;
}

static void forget_slices(fa_rate_cell *cell, const fa_rate *rate, int64_t now)
{
    int64_t current = now / slice_us(rate);
    int64_t from = cell->last + 1;

    if (current <= cell->last)
        return;
    if (current - from >= SLICES)
        from = current - SLICES + 1;
    /* These are of slices that have left, seen from now on: a kill between
     * finds them zero, and zeroes them again. */
    for (int64_t slice = from; slice <= current; slice++)
        set_counter(cell, rate, slice, 0);
    cell->last = current;
    commit_point();
}

static bool look_at_slices(const fa_rate_cell *cell, const fa_rate *rate,
                           uint32_t cost, int64_t now, fa_rate_state *state)
{
    uint64_t used = 0, freed = 0;

    state->reset_us = state->retry_us = 0;
    for (int64_t slice = first_slice(cell); slice <= cell->last; slice++)
        used += counter(cell, rate, slice);
    state->left = used < rate->limit ? rate->limit - (uint32_t)used : 0;

    for (int64_t slice = first_slice(cell); slice <= cell->last; slice++) {
        int64_t leaves_in = (slice + SLICES) * slice_us(rate) - now;

        freed += counter(cell, rate, slice);
        if (freed > 0 && state->reset_us == 0)
            state->reset_us = leaves_in;
        if (cost <= state->left && freed > 0)
            break;
        if (cost > state->left && state->left + freed >= cost) {
            state->retry_us = leaves_in;
            return false;
        }
    }
    return cost <= state->left;
}

static void give_back_slice(fa_rate_cell *cell, const fa_rate *rate,
                            const fa_rate_permit *permit)
{
    int64_t slice = permit->at / slice_us(rate);
    uint32_t count;

    if (slice < first_slice(cell) || slice > cell->last)
        return;
    count = counter(cell, rate, slice);
    set_counter(cell, rate, slice,
                count > permit->cost ? count - permit->cost : 0);
}

/* --- either --------------------------------------------------------------- */

/* Another process may have read the clock later and come here earlier. */
static int64_t settled(const fa_rate_cell *cell, const fa_rate *rate,
                       int64_t now)
{
    int64_t last = has_stamps(rate) ? cell->last : cell->last * slice_us(rate);

    return now > last ? now : last;
}

static void forget(fa_rate_cell *cell, const fa_rate *rate, int64_t now)
{
    if (has_stamps(rate))
        forget_stamps(cell, rate, now);
    else
        forget_slices(cell, rate, now);
}

size_t fa_rate_size(const fa_rate *rate)
{
    size_t bytes = has_stamps(rate) ? rate->limit * sizeof(uint32_t)
                                    : SLICES * counter_size(rate);

    return sizeof(fa_rate_cell) + (bytes + 7) / 8 * 8;
}

bool fa_rate_look(fa_rate_cell *cell, const fa_rate *rate, uint32_t cost,
                  int64_t now, fa_rate_state *state)
{
    now = settled(cell, rate, now);
    forget(cell, rate, now);
    return has_stamps(rate) ? look_at_stamps(cell, rate, cost, now, state)
                            : look_at_slices(cell, rate, cost, now, state);
}

void fa_rate_take(fa_rate_cell *cell, const fa_rate *rate, uint32_t cost,
                  int64_t now, fa_rate_permit *permit)
{
    now = settled(cell, rate, now);
    if (has_stamps(rate))
        take_stamps(cell, rate, cost, now);
    else
        set_counter(cell, rate, cell->last,
                    counter(cell, rate, cell->last) + cost);
    if (permit)
        *permit = (fa_rate_permit){now, cost};
}

void fa_rate_give_back(fa_rate_cell *cell, const fa_rate *rate,
                       const fa_rate_permit *permit, int64_t now)
{
    forget(cell, rate, settled(cell, rate, now));
    if (has_stamps(rate))
        give_back_stamps(cell, rate, permit);
    else
        give_back_slice(cell, rate, permit);
}

int64_t fa_rate_expires(const fa_rate_cell *cell, const fa_rate *rate)
{
    return has_stamps(rate) ? cell->last + rate->window_us + 2 * tick_us(rate)
                            : (cell->last + SLICES) * slice_us(rate);
}

bool fa_rate_is_sound(const fa_rate_cell *cell, const fa_rate *rate)
{
    fa_rate_cell *look = (fa_rate_cell *)cell;
    uint64_t sum = 0;

    if (cell->last < 0)
        return false;
    if (!has_stamps(rate)) {
        for (int64_t i = 0; i < SLICES; i++)
            sum += counter(cell, rate, i);
        return sum <= rate->limit;
    }
    if (ring_first(cell) >= rate->limit || ring_used(cell) > rate->limit)
        return false;
    for (uint32_t i = 1; i < ring_used(cell); i++) {
        if (age(look, rate, i, cell->last) > age(look, rate, i - 1, cell->last))
            return false;
    }
    return ring_used(cell) == 0 ||
           age(look, rate, 0, cell->last) < window_ticks(rate);
}
