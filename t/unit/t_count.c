/* Nothing is lost, whoever counts at once, and nobody counts for another.
 * Tests of fa_count. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fa_count.h"
#include "fa_verdict.h"

#define SECTIONS 3
#define LIMITS   2

static fa_counts counts;
static unsigned char *memory;
static size_t bytes;

/* Memory that forked processes share, offset so that it is aligned to no
 * cache line; behind it lies what must stay zero. */
static void open_counts(unsigned processes, size_t offset)
{
    bytes = fa_counts_plan(&counts, processes, SECTIONS, LIMITS);
    memory = mmap(NULL, offset + bytes + 64, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    memory += offset;
    fa_counts_open(&counts, memory);
}

static size_t planned(int kind)
{
    return counts.many[kind];
}

START_TEST(nothing_is_counted_before_joining)
{
    fa_counts none = {0};

    fa_count(&none, FA_COUNT_VERDICT, FA_ALLOWED);
    fa_counts_join(&none);
    fa_count(&none, FA_COUNT_VERDICT, FA_ALLOWED);
    ck_assert_uint_eq(fa_count_sum(&none, FA_COUNT_VERDICT, FA_ALLOWED), 0);
    open_counts(2, 0);
    fa_count(&counts, FA_COUNT_VERDICT, FA_ALLOWED);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_VERDICT, FA_ALLOWED), 0);
    fa_counts_join(&counts);
    fa_count(&counts, FA_COUNT_VERDICT, FA_ALLOWED);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_VERDICT, FA_ALLOWED), 1);
}
END_TEST

/* Each number of each kind has a cell of its own, inside the memory. */
START_TEST(every_cell_counts_for_itself)
{
    uint64_t times = 0;

    open_counts(1, 8);
    fa_counts_join(&counts);
    for (int kind = 0; kind < FA_COUNT_KINDS; kind++) {
        for (unsigned i = 0; i < planned(kind); i++) {
            times++;
            for (uint64_t j = 0; j < times; j++)
                fa_count(&counts, (fa_count_kind)kind, i);
        }
    }
    times = 0;
    for (int kind = 0; kind < FA_COUNT_KINDS; kind++) {
        for (unsigned i = 0; i < planned(kind); i++)
            ck_assert_uint_eq(fa_count_sum(&counts, (fa_count_kind)kind, i),
                              ++times);
    }
    ck_assert_uint_eq(times, 2 * FA_VERDICT_COUNT + 3 + 3 * (SECTIONS + 1) +
                                 2 * (LIMITS + 1));
    for (size_t i = bytes; i < bytes + 64; i++)
        ck_assert_uint_eq(memory[i], 0);
}
END_TEST

START_TEST(number_that_was_not_planned_is_others)
{
    open_counts(1, 0);
    fa_counts_join(&counts);
    fa_count(&counts, FA_COUNT_SECTION_ALLOWED, SECTIONS + 1);
    fa_count(&counts, FA_COUNT_LIMIT_REFUSED, ~0u);
    fa_count(&counts, FA_COUNT_LIMIT_REFUSED, LIMITS);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_SECTION_ALLOWED, 0), 1);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_LIMIT_REFUSED, 0), 1);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_LIMIT_REFUSED, LIMITS), 1);
    ck_assert_uint_eq(
        fa_count_sum(&counts, FA_COUNT_SECTION_ALLOWED, SECTIONS + 1), 0);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_LIMIT_ADMITTED, 0), 0);
}
END_TEST

static const size_t offsets[] = {0, 8, 24, 56};

/* No two processes write to one cache line. */
START_TEST(rows_have_lines_of_their_own)
{
    fa_counts other;

    open_counts(3, offsets[_i]);
    for (unsigned i = 0; i < 4; i++) {
        other = counts;
        fa_counts_join(&counts);
        ck_assert_uint_eq((uintptr_t)counts.mine % 64, 0);
        ck_assert_ptr_eq(counts.mine, counts.rows + i % 3 * counts.stride);
        ck_assert_ptr_ne(counts.mine, other.mine);
    }
    ck_assert_uint_ge((uintptr_t)counts.rows - (uintptr_t)memory, 64);
    ck_assert_uint_le((uintptr_t)(counts.rows + 3 * counts.stride),
                      (uintptr_t)memory + bytes);
}
END_TEST

#define CHILDREN 8
#define TIMES    10000

static void count_in_a_child(void)
{
    fa_counts_join(&counts);
    for (int i = 0; i < TIMES; i++) {
        fa_count(&counts, FA_COUNT_VERDICT, FA_RATE_EXCEEDED);
        fa_count(&counts, FA_COUNT_LIMIT_REFUSED, 1);
    }
    _exit(0);
}

/* As many rows as children, fewer, one; zero is taken for one. */
static const unsigned rows[] = {CHILDREN, 3, 1, 0};

START_TEST(processes_are_summed_and_lose_nothing)
{
    open_counts(rows[_i], 8);
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();

        ck_assert_int_ge(child, 0);
        if (child == 0)
            count_in_a_child();
    }
    for (int i = 0; i < CHILDREN; i++) {
        int status;

        ck_assert_int_gt(wait(&status), 0);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_VERDICT, FA_RATE_EXCEEDED),
                      CHILDREN * TIMES);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_LIMIT_REFUSED, 1),
                      CHILDREN * TIMES);
}
END_TEST

static void *count_in_a_thread(void *none)
{
    for (int i = 0; i < TIMES; i++)
        fa_count(&counts, FA_COUNT_CACHE_HIT, 0);
    return none;
}

START_TEST(threads_of_one_process_lose_nothing)
{
    pthread_t threads[4];

    open_counts(1, 0);
    fa_counts_join(&counts);
    for (size_t i = 0; i < UNIT_COUNT(threads); i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, count_in_a_thread, NULL), 0);
    for (size_t i = 0; i < UNIT_COUNT(threads); i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_CACHE_HIT, 0),
                      UNIT_COUNT(threads) * TIMES);
    ck_assert_uint_eq(fa_count_sum(&counts, FA_COUNT_CACHE_MISS, 0), 0);
}
END_TEST

int main(void)
{
    TCase *count = unit_case("count");

    tcase_add_test(count, nothing_is_counted_before_joining);
    tcase_add_test(count, every_cell_counts_for_itself);
    tcase_add_test(count, number_that_was_not_planned_is_others);
    tcase_add_loop_test(count, rows_have_lines_of_their_own, 0,
                        UNIT_ROWS(offsets));
    tcase_add_loop_test(count, processes_are_summed_and_lose_nothing, 0,
                        UNIT_ROWS(rows));
    tcase_add_test(count, threads_of_one_process_lose_nothing);
    return unit_run("t_count", count, NULL);
}
