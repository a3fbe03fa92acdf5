/* What has happened, counted in memory that all processes share.
 * Layer: memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_count.h"

#include "fa_verdict.h"

/* A cache line, in bytes and in cells. */
#define LINE_BYTES ((size_t)64)
#define LINE_CELLS (LINE_BYTES / sizeof(uint64_t))

static size_t many_of(fa_count_kind kind, size_t sections, size_t limits)
{
    switch (kind) {
    case FA_COUNT_VERDICT:
    case FA_COUNT_REPORTED:
        return FA_VERDICT_COUNT;
    case FA_COUNT_SECTION_ALLOWED:
    case FA_COUNT_SECTION_REFUSED:
    case FA_COUNT_SECTION_REPORTED:
        return sections + 1;
    case FA_COUNT_LIMIT_ADMITTED:
    case FA_COUNT_LIMIT_REFUSED:
        return limits + 1;
    case FA_COUNT_CACHE_HIT:
    case FA_COUNT_CACHE_MISS:
    case FA_COUNT_LOG_DROPPED:
    case FA_COUNT_KINDS:
        break;
    }
    return 1;
}

size_t fa_counts_plan(fa_counts *counts, unsigned processes, unsigned sections,
                      unsigned limits)
{
    size_t cells = 0;

    *counts = (fa_counts){.processes = processes > 0 ? processes : 1};
    for (int kind = 0; kind < FA_COUNT_KINDS; kind++) {
        counts->first[kind] = cells;
        counts->many[kind] = many_of((fa_count_kind)kind, sections, limits);
        cells += counts->many[kind];
    }
    counts->stride = (cells + LINE_CELLS - 1) / LINE_CELLS * LINE_CELLS;
    /* The line before the rows counts who has joined; one more to align. */
    return 2 * LINE_BYTES +
           counts->processes * counts->stride * sizeof(uint64_t);
}

void fa_counts_open(fa_counts *counts, void *memory)
{
    uintptr_t start = (uintptr_t)memory;
    size_t skipped = (LINE_BYTES - start % LINE_BYTES) % LINE_BYTES;

    counts->rows = (void *)((unsigned char *)memory + skipped + LINE_BYTES);
}

void fa_counts_join(fa_counts *counts)
{
    uint64_t turn;

    if (!counts->rows)
        return;
    turn = atomic_fetch_add_explicit(counts->rows - LINE_CELLS, 1,
                                     memory_order_relaxed);
    counts->mine = counts->rows + turn % counts->processes * counts->stride;
}

void fa_count(const fa_counts *counts, fa_count_kind kind, unsigned number)
{
    if (!counts->mine)
        return;
    if (number >= counts->many[kind])
        number = 0;
    atomic_fetch_add_explicit(&counts->mine[counts->first[kind] + number], 1,
                              memory_order_relaxed);
}

uint64_t fa_count_sum(const fa_counts *counts, fa_count_kind kind,
                      unsigned number)
{
    uint64_t sum = 0;

    if (!counts->rows || number >= counts->many[kind])
        return 0;
    for (unsigned i = 0; i < counts->processes; i++)
        sum += atomic_load_explicit(
            &counts->rows[i * counts->stride + counts->first[kind] + number],
            memory_order_relaxed);
    return sum;
}
