/* What has happened, counted in memory that all processes share.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_COUNT_H
#define FA_COUNT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Each process adds to a row of its own, which lies in cache lines of its own;
 * whoever reads sums the rows. Where there are more processes than rows, two
 * share one: every addition is atomic, so that nothing is lost. To count is one
 * addition: no lock, no look-up, no allocation. */

/* What is counted, and by what. */
typedef enum {
    FA_COUNT_VERDICT,          /* by fa_verdict: what was answered */
    FA_COUNT_REPORTED,         /* by fa_verdict: what AuthReportOnly let pass */
    FA_COUNT_CACHE_HIT,        /* one: a password that was remembered */
    FA_COUNT_CACHE_MISS,       /* one: a password that a provider was asked */
    FA_COUNT_LOG_DROPPED,      /* one: a line that SecurityLog could not take */
    FA_COUNT_SECTION_ALLOWED,  /* by section */
    FA_COUNT_SECTION_REFUSED,  /* by section */
    FA_COUNT_SECTION_REPORTED, /* by section */
    FA_COUNT_LIMIT_ADMITTED,   /* by limit */
    FA_COUNT_LIMIT_REFUSED,    /* by limit */
    FA_COUNT_KINDS
} fa_count_kind;

/* Most sections and most limits that are counted apart; the others are counted
 * together, as number 0. */
#define FA_COUNT_MAX 512

/* One process's view of the memory. All zero, and nothing is counted. */
typedef struct fa_counts {
    unsigned processes;           /* rows */
    size_t stride;                /* cells from one row to the next */
    size_t first[FA_COUNT_KINDS]; /* cell of a kind's number 0 */
    size_t many[FA_COUNT_KINDS];  /* its numbers */
    _Atomic uint64_t *rows;       /* NULL: no memory */
    _Atomic uint64_t *mine;       /* NULL: this process has not joined */
} fa_counts;

/**
 * Plan the memory, before there is any.
 *
 * processes  rows, at least 1
 * sections   highest number of a section, at most FA_COUNT_MAX
 * limits     highest number of a limit, at most FA_COUNT_MAX
 *
 * Returns the bytes that fa_counts_open needs.
 */
size_t fa_counts_plan(fa_counts *counts, unsigned processes, unsigned sections,
                      unsigned limits);

/* Use memory: zeroed, 8-byte aligned, as large as was planned, shared by all
 * processes that are forked from this one. */
void fa_counts_open(fa_counts *counts, void *memory);

/* Take a row for this process; once, after it was forked. */
void fa_counts_join(fa_counts *counts);

/* Count one. A number that was not planned is counted as 0. From any thread. */
void fa_count(const fa_counts *counts, fa_count_kind kind, unsigned number);

/* The sum over all processes; 0 for what was not planned. */
uint64_t fa_count_sum(const fa_counts *counts, fa_count_kind kind,
                      unsigned number);

#endif
