/* Never more than N in any window, and no less than can be: the arithmetic of a
 * limit beside a log of everything that was admitted.
 * Tests of fa_rate. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fa_rate.h"

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)

#define PATTERNS 10000 /* RATE_ROUNDS times as many */
#define STEPS    160

/* The limits at which one kind of cell ends and the next begins. */
static const uint32_t edges[] = {
    1,   2,   3,   5,   36,  37,   63,    64,    65,    66,    100,   254,
    255, 256, 257, 300, 999, 1000, 65534, 65535, 65536, 65537, 99999, 100000};

/* Windows as a configuration has them, and a few that it cannot have. Above
 * 2147 s a stamp's tick is longer than a microsecond. */
static const int64_t windows[] = {SECOND,
                                  10 * SECOND,
                                  60 * SECOND,
                                  2147 * SECOND,
                                  2148 * SECOND,
                                  HOUR,
                                  4295 * SECOND,
                                  DAY,
                                  30 * DAY,
                                  100 * DAY,
                                  1,
                                  2,
                                  63,
                                  64,
                                  65,
                                  1000003,
                                  INT32_MAX - 4,
                                  INT32_MAX - 3,
                                  INT32_MAX,
                                  INT64_C(2) * INT32_MAX,
                                  INT64_C(1) << 31};

/* ck_assert tells check's parent each time, which takes longer than what is
 * asserted here millions of times. */
#define MUST_SAY(condition, ...)       \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)
#define MUST(condition) MUST_SAY(condition, "%s", #condition)

/* --- chance, the same at every run -------------------------------------- */

static uint64_t chance;

static void begin_chance(uint64_t seed)
{
    chance = seed * 2 + 1;
}

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t draw(void)
{
    uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int64_t below(int64_t bound)
{
    return (int64_t)(draw() % (uint64_t)bound);
}

static unsigned rounds(void)
{
    const char *text = getenv("RATE_ROUNDS");
    unsigned long more = text ? strtoul(text, NULL, 10) : 1;

    return more > 0 && more < 100000 ? (unsigned)more : 1;
}

/* --- a cell, and the log beside it -------------------------------------- */

typedef struct entry {
    fa_rate_permit permit;
    bool given_back;
} entry;

typedef struct beside {
    fa_rate rate;
    fa_rate_cell *cell; /* no byte larger than fa_rate_size says */
    fa_rate_cell *copy;
    size_t size;
    entry *log;
    size_t count;
} beside;

static beside begin(fa_rate rate, size_t room)
{
    beside made = {.rate = rate, .size = fa_rate_size(&rate)};

    made.cell = calloc(1, made.size);
    made.copy = malloc(made.size);
    made.log = calloc(room, sizeof *made.log);
    ck_assert(made.cell && made.copy && made.log);
    return made;
}

static void end(beside *made)
{
    free(made->cell);
    free(made->copy);
    free(made->log);
}

/* How much later than the exact log permits may return. */
static int64_t lateness(const fa_rate *rate)
{
    int64_t slice = (rate->window_us + 63) / 64;

    if (rate->limit <= FA_RATE_STAMPS)
        return rate->window_us < INT32_MAX - 3
                   ? 0
                   : 2 * (rate->window_us / (INT32_MAX - 3) + 1);
    return slice + 64 * slice - rate->window_us;
}

/* Permits of the log that were taken after a time. */
static uint64_t taken_after(const beside *made, int64_t time)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < made->count; i++) {
        if (!made->log[i].given_back && made->log[i].permit.at > time)
            sum += made->log[i].permit.cost;
    }
    return sum;
}

/* What a look at a copy, later, says. */
static fa_rate_state look_later(beside *made, uint32_t cost, int64_t now)
{
    fa_rate_state state;
    bool within;

    memcpy(made->copy, made->cell, made->size);
    within = fa_rate_look(made->copy, &made->rate, cost, now, &state);
    MUST(within == (state.retry_us == 0));
    MUST(within == (cost <= state.left));
    MUST(fa_rate_is_sound(made->copy, &made->rate));
    return state;
}

/* Times that are told are exact: nothing a microsecond earlier. */
static void times_are_exact(beside *made, uint32_t cost, int64_t now,
                            const fa_rate_state *state)
{
    if (state->retry_us > 0) {
        MUST(look_later(made, cost, now + state->retry_us).retry_us == 0);
        MUST(look_later(made, cost, now + state->retry_us - 1).retry_us == 1);
    }
    if (state->left == made->rate.limit) {
        MUST(state->reset_us == 0);
        return;
    }
    MUST(state->reset_us > 0);
    MUST(look_later(made, 1, now + state->reset_us).left > state->left);
    MUST(look_later(made, 1, now + state->reset_us - 1).left == state->left);
}

/* One request. The clock may lag a little behind what the cell has seen. */
static bool ask(beside *made, uint32_t cost, int64_t now)
{
    const fa_rate *rate = &made->rate;
    fa_rate_permit permit;
    fa_rate_state state;

    if (!fa_rate_look(made->cell, rate, cost, now, &state)) {
        MUST(fa_rate_is_sound(made->cell, rate));
        MUST_SAY(taken_after(made, now - rate->window_us - lateness(rate)) +
                         cost >
                     rate->limit,
                 "%u/%lld us: refused %u at %lld, and nothing stood in the way",
                 rate->limit, (long long)rate->window_us, cost, (long long)now);
        MUST(state.retry_us > 0);
        return false;
    }
    MUST(fa_rate_is_sound(made->cell, rate));
    fa_rate_take(made->cell, rate, cost, now, &permit);
    MUST(fa_rate_is_sound(made->cell, rate));
    MUST(permit.cost == cost);
    MUST(permit.at >= now);
    made->log[made->count++] = (entry){permit, false};
    MUST_SAY(taken_after(made, permit.at - rate->window_us) <= rate->limit,
             "%u/%lld us: exceeded at %lld", rate->limit,
             (long long)rate->window_us, (long long)permit.at);
    MUST(fa_rate_expires(made->cell, rate) > permit.at + rate->window_us - 1);
    return true;
}

/* A permit of the log comes back, often one that others were taken after. */
static void give_back_some(beside *made, int64_t now)
{
    entry *chosen =
        made->count ? &made->log[below((int64_t)made->count)] : NULL;
    uint32_t before, after;

    if (!chosen || chosen->given_back)
        return;
    before = look_later(made, 1, now).left;
    fa_rate_give_back(made->cell, &made->rate, &chosen->permit, now);
    chosen->given_back = true;
    MUST(fa_rate_is_sound(made->cell, &made->rate));
    after = look_later(made, 1, now).left;
    if (chosen->permit.at > now - made->rate.window_us)
        MUST(after == before + chosen->permit.cost);
    else
        MUST(after >= before);
}

/* --- arrival patterns ---------------------------------------------------- */

static uint32_t some_limit(void)
{
    switch (below(4)) {
    case 0:
        return (uint32_t)(1 + below(64));
    case 1:
        return (uint32_t)(1 + below(100000));
    default:
        return edges[below(UNIT_ROWS(edges))];
    }
}

static uint32_t some_cost(uint32_t limit)
{
    switch (below(8)) {
    case 0:
        return (uint32_t)(1 + below(limit));
    case 1:
        return limit;
    case 2:
    case 3:
        return 1;
    default:
        return limit > 40 ? (uint32_t)(1 + below(limit / 20)) : 1;
    }
}

/* The next arrival, by the pattern. */
static int64_t next(int pattern, const fa_rate *rate, int64_t now)
{
    int64_t window = rate->window_us, slice = (window + 63) / 64, edge;

    switch (pattern) {
    case 0: /* bursts */
        return below(12) ? now : now + below(window + 2);
    case 1: /* at the edges of windows and slices, and beside them */
        edge = below(2) ? window : slice;
        edge = (now / edge + below(3)) * edge + below(3) - 1;
        return edge > now ? edge : now;
    case 2: /* the clock stands still */
        return now;
    case 3: /* gaps, some of them as long as a stamp can count, and longer */
        switch (below(6)) {
        case 0:
            return now + window + below(5) - 2 + (window < 4) * 2;
        case 1:
            return now + 2 * window + below(8);
        case 2:
            return now +
                   (window / (INT32_MAX - 3) + 1) * (UINT32_MAX + below(9) - 4);
        case 3:
            return now + window + 2 * (window / (INT32_MAX - 3) + 1) +
                   below(3) - 1;
        default:
            return now + below(slice + 1);
        }
    case 4: /* evenly, without regard to the limit */
        return now + 1 + slice / 3;
    default: /* by chance */
        return now + below(window / 8 + 2);
    }
}

START_TEST(arrivals_never_exceed_and_are_refused_for_a_reason)
{
    begin_chance((uint64_t)_i);
    for (unsigned round = PATTERNS / 10 * rounds(); round > 0; round--) {
        fa_rate rate = {some_limit(), windows[below(UNIT_ROWS(windows))]};
        int pattern = (int)below(6);
        bool lags = below(8) == 0;
        beside made = begin(rate, STEPS);
        int64_t now = below(3) ? below(100 * DAY) : below(3);

        for (int step = 0; step < STEPS; step++) {
            uint32_t cost = some_cost(rate.limit);
            int64_t seen =
                lags && below(3) == 0 && now > 5 ? now - below(5) : now;
            fa_rate_state state;

            if (below(10) == 0)
                give_back_some(&made, now);
            ask(&made, cost, seen);
            if (step % 4 == 0 && !lags) {
                fa_rate_look(made.cell, &rate, cost, now, &state);
                times_are_exact(&made, cost, now, &state);
            }
            now = next(pattern, &rate, now);
        }
        ck_assert_uint_eq(
            look_later(&made, 1, fa_rate_expires(made.cell, &rate)).left,
            rate.limit);
        end(&made);
    }
}
END_TEST

/* The exact log by itself: what the best limiter would admit. */
static bool exact_admits(int64_t *log, size_t *count, size_t *oldest,
                         const fa_rate *rate, uint32_t cost, int64_t now)
{
    while (*oldest < *count && now - log[*oldest] >= rate->window_us)
        (*oldest)++;
    if ((*count - *oldest + 1) * cost > rate->limit)
        return false;
    log[(*count)++] = now;
    return true;
}

/* Requests evenly at a percentage of the limit, for four windows. Above a
 * thousand a hundredth of the limit goes at once, or it would take too long. */
static void steady(uint32_t limit, int64_t window, int percent)
{
    fa_rate rate = {limit, window};
    uint32_t cost = limit > 1000 && rounds() == 1 ? limit / 100 : 1;
    size_t arrivals = (size_t)limit / cost * 4 + 8, count = 0, oldest = 0;
    size_t exact = 0, ours = 0;
    int64_t *log = calloc(arrivals, sizeof *log), start = below(DAY);
    fa_rate_cell *cell = calloc(1, fa_rate_size(&rate));

    for (size_t i = 0; i < arrivals; i++) {
        int64_t now = start + (int64_t)((long double)i * cost * 100 *
                                        (long double)window / limit / percent);
        fa_rate_state state;

        exact += exact_admits(log, &count, &oldest, &rate, cost, now);
        if (!fa_rate_look(cell, &rate, cost, now, &state))
            continue;
        fa_rate_take(cell, &rate, cost, now, NULL);
        ours++;
    }
    if (percent < 100)
        ck_assert_msg(ours == arrivals, "%u/%lld us: %zu of %zu at %d percent",
                      limit, (long long)window, ours, arrivals, percent);
    ck_assert_msg(ours * 100 >= exact * 95,
                  "%u/%lld us: %zu where an exact log admits %zu", limit,
                  (long long)window, ours, exact);
    free(log);
    free(cell);
}

/* The first ten are what a configuration can have. */
START_TEST(steady_caller_is_served)
{
    begin_chance((uint64_t)_i);
    for (size_t i = 0; i < 10; i++) {
        steady(edges[_i], windows[i], 95);
        steady(edges[_i], windows[i], 105);
    }
    for (int i = 0; i < 40; i++)
        steady(some_limit(), (1 + below(100 * DAY / SECOND)) * SECOND,
               i % 2 ? 95 : 105);
}
END_TEST

/* --- the story of the header -------------------------------------------- */

START_TEST(sixth_of_five_waits_for_the_first_to_leave)
{
    static const int64_t at[] = {0, 1, 2, 3, 4};
    beside made = begin((fa_rate){5, 10 * SECOND}, 8);
    fa_rate_state state;

    for (size_t i = 0; i < UNIT_COUNT(at); i++)
        ck_assert(ask(&made, 1, HOUR + at[i] * SECOND));
    ck_assert(
        !fa_rate_look(made.cell, &made.rate, 1, HOUR + 9 * SECOND, &state));
    ck_assert_uint_eq(state.left, 0);
    ck_assert_int_eq(state.retry_us, SECOND);
    ck_assert_int_eq(state.reset_us, SECOND);
    ck_assert(!ask(&made, 1, HOUR + 10 * SECOND - 1));
    ck_assert(ask(&made, 1, HOUR + 10 * SECOND));
    ck_assert(!ask(&made, 1, HOUR + 10 * SECOND));
    /* Three at once wait for the third to leave. */
    fa_rate_look(made.cell, &made.rate, 3, HOUR + 10 * SECOND, &state);
    ck_assert_int_eq(state.retry_us, 3 * SECOND);
    end(&made);
}
END_TEST

START_TEST(thousandth_in_an_hour_returns_a_slice_late_at_most)
{
    beside made = begin((fa_rate){1000, HOUR}, 1);
    int64_t start = 7 * HOUR + 1;
    fa_rate_state state;

    ck_assert(ask(&made, 1000, start));
    ck_assert(!fa_rate_look(made.cell, &made.rate, 1, start, &state));
    ck_assert_int_ge(state.retry_us, HOUR);
    ck_assert_int_le(state.retry_us, HOUR + HOUR / 64);
    end(&made);
}
END_TEST

START_TEST(permit_is_given_back_from_among_others)
{
    for (uint32_t limit = 4; limit <= 400; limit *= 10) {
        fa_rate rate = {limit, HOUR};
        fa_rate_cell *cell = calloc(1, fa_rate_size(&rate));
        fa_rate_permit first, second, third;
        fa_rate_state state;

        fa_rate_look(cell, &rate, 1, DAY, &state);
        fa_rate_take(cell, &rate, 1, DAY, &first);
        fa_rate_look(cell, &rate, 2, DAY + HOUR / 2, &state);
        fa_rate_take(cell, &rate, 2, DAY + HOUR / 2, &second);
        fa_rate_look(cell, &rate, 1, DAY + HOUR / 2 + SECOND, &state);
        fa_rate_take(cell, &rate, 1, DAY + HOUR / 2 + SECOND, &third);
        fa_rate_give_back(cell, &rate, &second, DAY + HOUR / 2 + SECOND);
        ck_assert(fa_rate_is_sound(cell, &rate));
        fa_rate_look(cell, &rate, 1, DAY + HOUR - 1, &state);
        ck_assert_uint_eq(state.left, limit - 2);
        /* The first has left by itself, and gives back nothing. */
        fa_rate_look(cell, &rate, 1, DAY + HOUR + HOUR / 64, &state);
        ck_assert_uint_eq(state.left, limit - 1);
        fa_rate_give_back(cell, &rate, &first, DAY + HOUR + HOUR / 64);
        fa_rate_look(cell, &rate, 1, DAY + HOUR + HOUR / 64, &state);
        ck_assert_uint_eq(state.left, limit - 1);
        free(cell);
    }
}
END_TEST

/* A stamp comes round after 2^32 ticks, 72 minutes where a tick is 1 us. */
START_TEST(late_permit_gives_back_nothing_of_another)
{
    beside made = begin((fa_rate){1, SECOND}, 2);
    int64_t later = DAY + (INT64_C(1) << 32);

    ck_assert(ask(&made, 1, DAY));
    ck_assert(ask(&made, 1, later));
    fa_rate_give_back(made.cell, &made.rate, &made.log[0].permit, later);
    ck_assert(!ask(&made, 1, later + 1));
    end(&made);
}
END_TEST

/* As long as a stamp lives, and not looked at for as long again: the age of
 * the oldest is the largest that is ever asked for. */
START_TEST(oldest_stamp_is_never_taken_for_a_new_one)
{
    for (int64_t multiple = 1; multiple < 4000; multiple++) {
        int64_t window = multiple * (INT64_C(1) << 31) - 1, now = DAY;
        beside made = begin((fa_rate){2, window}, 2);

        MUST(ask(&made, 1, now));
        now += window;
        MUST(ask(&made, 1, now));
        now += window;
        for (int64_t ticks = 1; ticks < 4; ticks++)
            MUST(look_later(&made, 1, now + ticks * multiple - 1).left >= 1);
        MUST(look_later(&made, 1, now + 4 * multiple).left == 2);
        end(&made);
    }
}
END_TEST

START_TEST(nonsense_is_not_sound)
{
    fa_rate stamps = {3, HOUR}, slices = {100, HOUR};
    fa_rate_cell *cell = calloc(1, fa_rate_size(&slices));
    fa_rate_state state;

    ck_assert(fa_rate_is_sound(cell, &stamps));
    ck_assert(fa_rate_is_sound(cell, &slices));
    cell->last = -1;
    ck_assert(!fa_rate_is_sound(cell, &stamps));
    cell->last = 0;
    memset(cell->words, 0xff, 65);
    ck_assert(!fa_rate_is_sound(cell, &slices));

    memset(cell, 0, fa_rate_size(&slices));
    fa_rate_look(cell, &stamps, 2, DAY, &state);
    fa_rate_take(cell, &stamps, 2, DAY, NULL);
    ck_assert(fa_rate_is_sound(cell, &stamps));
    cell->words[0]++; /* later than last */
    ck_assert(!fa_rate_is_sound(cell, &stamps));
    cell->words[0] -= 2;
    ck_assert(fa_rate_is_sound(cell, &stamps));
    cell->words[1] -= 2; /* the newer one older */
    ck_assert(!fa_rate_is_sound(cell, &stamps));
    cell->words[1] += 2;
    cell->ring = 4; /* more than there can be */
    ck_assert(!fa_rate_is_sound(cell, &stamps));
    cell->ring = 3 << 16; /* from behind the last */
    ck_assert(!fa_rate_is_sound(cell, &stamps));
    free(cell);
}
END_TEST

/* --- killed at any instruction ------------------------------------------- */

/* What is done to a cell in the middle of which a process is killed. */
typedef struct deed {
    const char *name;
    uint32_t cost;  /* taken, or */
    int gives_back; /* the permit at this index given back */
    int64_t after;  /* microseconds since the last permit */
} deed;

static const deed deeds[] = {
    {"one", 1, -1, 1},
    {"three", 3, -1, 0},
    {"after some have left", 2, -1, HOUR - 5 * 60 * SECOND},
    {"after all have left", 5, -1, 3 * HOUR},
    {"the first comes back", 0, 0, 1},
    {"from among others comes back", 0, 1, SECOND},
    {"the last comes back", 0, 2, 0},
    {"comes back when others have left", 0, 2, HOUR - 5 * 60 * SECOND},
};

static void act(fa_rate_cell *cell, const fa_rate *rate, const deed *what,
                const fa_rate_permit *permits, int64_t now)
{
    fa_rate_state state;

    if (what->gives_back >= 0)
        fa_rate_give_back(cell, rate, &permits[what->gives_back], now);
    else if (fa_rate_look(cell, rate, what->cost, now, &state))
        fa_rate_take(cell, rate, what->cost, now, NULL);
}

/* Permits taken that still count, as a later process finds them. */
static uint32_t used(const fa_rate_cell *cell, size_t size, const fa_rate *rate,
                     int64_t now)
{
    fa_rate_cell *copy = malloc(size);
    fa_rate_state state;

    memcpy(copy, cell, size);
    fa_rate_look(copy, rate, 1, now, &state);
    ck_assert(fa_rate_is_sound(copy, rate));
    free(copy);
    return rate->limit - state.left;
}

/* A child that is stopped before it does the deed; 0 where that cannot be. */
static pid_t traced(fa_rate_cell *cell, const fa_rate *rate, const deed *what,
                    const fa_rate_permit *permits, int64_t now)
{
    pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(1);
        raise(SIGSTOP);
        act(cell, rate, what, permits, now);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (!WIFSTOPPED(status))
        return 0;
    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)PTRACE_O_EXITKILL);
    return child;
}

/* Each state of memory that a kill can leave: sound, and never counting less
 * than what was served before. */
static void each_state_is_safe(fa_rate_cell *cell, const fa_rate *rate,
                               const deed *what, const fa_rate_permit *permits,
                               int64_t now)
{
    size_t size = fa_rate_size(rate);
    fa_rate_cell *last = malloc(size), *done = malloc(size);
    pid_t child;
    uint32_t least;
    int status, states = 0;

    memcpy(last, cell, size);
    memcpy(done, cell, size);
    act(done, rate, what, permits, now);
    least = used(cell, size, rate, now);
    if (used(done, size, rate, now) < least)
        least = used(done, size, rate, now);

    child = traced(cell, rate, what, permits, now);
    while (child && ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0) {
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        if (!WIFSTOPPED(status))
            break;
        if (memcmp(last, cell, size) == 0)
            continue;
        memcpy(last, cell, size);
        states++;
        ck_assert_msg(fa_rate_is_sound(cell, rate), "%u, %s: state %d",
                      rate->limit, what->name, states);
        ck_assert_msg(used(cell, size, rate, now) >= least,
                      "%u, %s: state %d counts %u of %u", rate->limit,
                      what->name, states, used(cell, size, rate, now), least);
    }
    if (child) {
        ck_assert_int_gt(states, 0);
        ck_assert_int_eq(memcmp(cell, done, size), 0);
    }
    free(last);
    free(done);
}

START_TEST(kill_at_any_instruction_never_admits_more)
{
    static const uint32_t limits[] = {6, 64, 65, 300, 70000};
    const deed *what = &deeds[_i];
    fa_rate_cell *cell = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(cell, MAP_FAILED);
    for (size_t i = 0; i < UNIT_COUNT(limits); i++) {
        fa_rate rate = {limits[i], HOUR};
        fa_rate_permit permits[3];
        int64_t now = DAY;

        memset(cell, 0, 4096);
        /* Around the end of the ring: three that have left, then three. */
        for (uint32_t j = 0; j < 6; j++) {
            fa_rate_state state;

            now += j == 3 ? 2 * HOUR : 3 * 60 * SECOND;
            ck_assert(fa_rate_look(cell, &rate, 1, now, &state));
            fa_rate_take(cell, &rate, 1, now, &permits[j % 3]);
        }
        each_state_is_safe(cell, &rate, what, permits, now + what->after);
    }
    munmap(cell, 4096);
}
END_TEST

int main(void)
{
    TCase *rate = unit_case("rate");

    tcase_add_loop_test(
        rate, arrivals_never_exceed_and_are_refused_for_a_reason, 0, 10);
    tcase_add_loop_test(rate, steady_caller_is_served, 0, UNIT_ROWS(edges));
    tcase_add_test(rate, sixth_of_five_waits_for_the_first_to_leave);
    tcase_add_test(rate, thousandth_in_an_hour_returns_a_slice_late_at_most);
    tcase_add_test(rate, permit_is_given_back_from_among_others);
    tcase_add_test(rate, late_permit_gives_back_nothing_of_another);
    tcase_add_test(rate, oldest_stamp_is_never_taken_for_a_new_one);
    tcase_add_test(rate, nonsense_is_not_sound);
    tcase_add_loop_test(rate, kill_at_any_instruction_never_admits_more, 0,
                        UNIT_ROWS(deeds));
    return unit_run("t_rate", rate, NULL);
}
