/* The arithmetic of one limit for one caller.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_RATE_H
#define FA_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The arithmetic of one limit for one caller: never more than N in any window
 * of length W.
 *
 * The story in numbers, for a limit of 5 in 10 s:
 *
 *   A fixed window that starts anew at 0, 10, 20... admits 5 at 9.9 and 5 at
 *   10.1: ten in 0.2 s. A bucket that refills at 0.5 a second admits 5 at 0 and
 *   4 more by 8: nine in 10 s. Here the five admitted requests are remembered
 *   with their times; a sixth is admitted once the first of them is 10 s old,
 *   and not a tick earlier. Nothing in any 10 s ever exceeds 5.
 *
 *   Remembering 100,000 times for one caller would cost 400 kB. Above 64 the
 *   window is cut into 64 slices, and the admitted requests are counted by
 *   slice: the 64 slices of a window and the one that has begun. What was
 *   admitted in a slice frees when it has left all 65: at most W/64 late, never
 *   early. For 1,000 in an hour that is under a minute late.
 *
 * A refused request takes nothing, so a caller at 105 percent is served 100.
 *
 * A process may be killed at any instruction. Every change is arranged so that
 * what is found afterwards counts a request that was not served rather than
 * serve one that is not counted: stores are made in the order written, the last
 * one commits. */

/* Up to this many requests their times are kept, above they are counted. */
#define FA_RATE_STAMPS 64
#define FA_RATE_SLICES 64

/* Largest limit, and longest window in microseconds: 100 days. */
#define FA_RATE_LIMIT_MAX     1000000000
#define FA_RATE_WINDOW_MAX_US ((int64_t)100 * 86400 * 1000000)

typedef struct fa_rate {
    uint32_t limit;    /* N: 1 to FA_RATE_LIMIT_MAX */
    int64_t window_us; /* W: 1 to FA_RATE_WINDOW_MAX_US */
} fa_rate;

/* One caller's count under one limit. What follows it in memory is as large as
 * fa_rate_size says; all of it zero is a caller who was never seen. */
typedef struct fa_rate_cell {
    int64_t last;     /* stamps: microseconds; slices: number of the slice */
    uint32_t ring;    /* stamps: index of the oldest, how many: 16 bits each */
    uint32_t words[]; /* stamps: ticks; slices: counters of 1, 2 or 4 bytes */
} fa_rate_cell;

/* Where a caller stands after a look. */
typedef struct fa_rate_state {
    uint32_t left;    /* permits that remain in the window */
    int64_t retry_us; /* until the permits asked for are there; 0: they are */
    int64_t reset_us; /* until the next permit returns; 0: none is taken */
} fa_rate_state;

/* A permit taken, to be given back. */
typedef struct fa_rate_permit {
    int64_t at;    /* microseconds */
    uint32_t cost; /* permits */
} fa_rate_permit;

/* Bytes of a cell under a rate, the struct's included. */
size_t fa_rate_size(const fa_rate *rate);

/**
 * Look whether cost permits are to be had, and take none.
 *
 * cell  its lock is held; what has left the window is forgotten
 * cost  1 to rate->limit
 * now   microseconds of a clock that nobody sets; never less than before
 * state receives left and reset_us as they would be, retry_us
 *
 * Returns whether fa_rate_take would be within the limit now.
 */
bool fa_rate_look(fa_rate_cell *cell, const fa_rate *rate, uint32_t cost,
                  int64_t now, fa_rate_state *state);

/**
 * Take cost permits. The caller has looked, under the same lock and now.
 *
 * permit  receives what fa_rate_give_back needs; may be NULL
 */
void fa_rate_take(fa_rate_cell *cell, const fa_rate *rate, uint32_t cost,
                  int64_t now, fa_rate_permit *permit);

/* Give back what was taken, if it still counts. */
void fa_rate_give_back(fa_rate_cell *cell, const fa_rate *rate,
                       const fa_rate_permit *permit, int64_t now);

/* When the cell says nothing any more, in microseconds: it may be dropped. */
int64_t fa_rate_expires(const fa_rate_cell *cell, const fa_rate *rate);

/* Whether what a cell holds can be: for tests and after a crash. */
bool fa_rate_is_sound(const fa_rate_cell *cell, const fa_rate *rate);

#endif
