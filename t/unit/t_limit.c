/* RateLimit is read, and wrong words told; sections' limits put together.
 * Tests of fa_limit and fa_parse_limit. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#define SECOND INT64_C(1000000)
#define LONG64 \
    "1234567890123456789012345678901234567890123456789012345678901234"
#define IDENTITY (FA_BY_USER | FA_BY_API_KEY | FA_BY_CLAIM)

static const fa_limit *limit_at(const fa_limits *limits, int index)
{
    ck_assert(limits && limits->list && index < limits->list->nelts);
    return APR_ARRAY_IDX(limits->list, index, const fa_limit *);
}

static int count_of(const fa_limits *limits)
{
    return limits && limits->list ? limits->list->nelts : 0;
}

/* --- what is right ------------------------------------------------------- */

static const struct {
    const char *words;
    uint32_t limit;
    int64_t seconds;
    unsigned by;
    uint32_t cost;
    bool on_failure;
    const char *name;
    const char *part; /* the claim or header */
} right[] = {
    {"100/1h", 100, 3600, FA_BY_IP, 1, false, "100/1h", NULL},
    {"1/1s", 1, 1, FA_BY_IP, 1, false, "1/1s", NULL},
    {"5/10", 5, 10, FA_BY_IP, 1, false, "5/10", NULL},
    {"1000000000/100d", 1000000000, 8640000, FA_BY_IP, 1, false,
     "1000000000/100d", NULL},
    {"3/1m by=ip", 3, 60, FA_BY_IP, 1, false, "3/1m", NULL},
    {"3/1m by=user", 3, 60, FA_BY_USER, 1, false, "3/1m", NULL},
    {"3/1m by=api-key", 3, 60, FA_BY_API_KEY, 1, false, "3/1m", NULL},
    {"3/1m by=location", 3, 60, FA_BY_LOCATION, 1, false, "3/1m", NULL},
    {"3/1m by=claim:org.id", 3, 60, FA_BY_CLAIM, 1, false, "3/1m", "org.id"},
    {"3/1m by=header:X-Tenant", 3, 60, FA_BY_HEADER, 1, false, "3/1m",
     "X-Tenant"},
    {"3/1m by=ip,user", 3, 60, FA_BY_IP | FA_BY_USER, 1, false, "3/1m", NULL},
    {"3/1m by=user,header:A,location", 3, 60,
     FA_BY_USER | FA_BY_HEADER | FA_BY_LOCATION, 1, false, "3/1m", "A"},
    {"3/1m cost=3", 3, 60, FA_BY_IP, 3, false, "3/1m", NULL},
    {"3/1m cost=1 name=api", 3, 60, FA_BY_IP, 1, false, "api", NULL},
    {"3/1m on=failure", 3, 60, FA_BY_IP, 1, true, "3/1m", NULL},
    {"3/1m on=failure by=header:A", 3, 60, FA_BY_HEADER, 1, true, "3/1m", "A"},
    {"3/1m \"name=a \xc3\xa9\\\\\"", 3, 60, FA_BY_IP, 1, false, "a \xc3\xa9\\",
     NULL},
    {"3/1m name=" LONG64, 3, 60, FA_BY_IP, 1, false, LONG64, NULL},
};

START_TEST(limit_is_what_was_written)
{
    fa_line *line = unit_line("/");
    const char *wrong = unit_say(
        line, apr_pstrcat(unit_pool, "RateLimit ", right[_i].words, NULL));
    const fa_limit *limit;
    const char *part;

    ck_assert_msg(!wrong, "%s: %s", right[_i].words, wrong);
    limit = limit_at(line->policy->limits, 0);
    ck_assert_uint_eq(limit->rate.limit, right[_i].limit);
    ck_assert_int_eq(limit->rate.window_us, right[_i].seconds * SECOND);
    ck_assert_uint_eq(limit->by, right[_i].by);
    ck_assert_uint_eq(limit->cost, right[_i].cost);
    ck_assert(limit->on_failure == right[_i].on_failure);
    ck_assert_str_eq(limit->name, right[_i].name);
    ck_assert(limit->is_named == !strchr(limit->name, '/'));
    part = limit->by & FA_BY_CLAIM ? limit->claim : limit->header;
    ck_assert_pstr_eq(part, right[_i].part);
    ck_assert(fa_limit_needs_identity(limit) ==
              (!limit->on_failure && (limit->by & IDENTITY)));
    /* The server knows of it, and of where it stands. */
    ck_assert_int_eq(line->server->limits->nelts, 1);
    ck_assert_str_eq(limit->section.pattern, "/unit");
    ck_assert_int_eq(limit->methods, -1);
}
END_TEST

/* --- what is wrong ------------------------------------------------------- */

static const struct {
    const char *line;
    const char *message; /* part of it */
} wrongs[] = {
    {"RateLimit", "N/WINDOW"},
    {"RateLimit 5", "'5' is no N/WINDOW as in 100/1h"},
    {"RateLimit 0/1h", "N from 1 to 1000000000"},
    {"RateLimit -1/1h", "'-1/1h' is no N/WINDOW"},
    {"RateLimit +1/1h", "'+1/1h' is no N/WINDOW"},
    {"RateLimit \" 1/1h\"", "is no N/WINDOW"},
    {"RateLimit 1000000001/1h", "is no N/WINDOW"},
    {"RateLimit 18446744073709551617/1h", "is no N/WINDOW"},
    {"RateLimit 1.5/1h", "is no N/WINDOW"},
    {"RateLimit /1h", "is no N/WINDOW"},
    {"RateLimit 0x5/1h", "is no N/WINDOW"},
    {"RateLimit 5/1x", "window '1x' needs s, m, h or d"},
    {"RateLimit 5/", "window"},
    {"RateLimit 5/0s", "window '0s' is not from 1s to 100d"},
    {"RateLimit 5/101d", "window '101d' is not from 1s to 100d"},
    {"RateLimit 5/8640001", "is not from 1s to 100d"},
    {"RateLimit 5/1h by=", "by=: '' is none of ip, user, api-key, location"},
    {"RateLimit 5/1h by=ip,", "by=: '' is none of"},
    {"RateLimit 5/1h by=,ip", "by=: '' is none of"},
    {"RateLimit 5/1h by=IP", "by=: 'IP' is none of"},
    {"RateLimit 5/1h by=claim:", "by=: 'claim:' is none of"},
    {"RateLimit 5/1h by=claim", "by=: 'claim' is none of"},
    {"RateLimit 5/1h by=header:", "by=: 'header:' is none of"},
    {"RateLimit 5/1h \"by=header:a b\"", "by=: 'header:a b' is none of"},
    {"RateLimit 5/1h by=ip,ip", "by=: 'ip' stands there twice"},
    {"RateLimit 5/1h by=claim:a,claim:b", "'claim:b' stands there twice"},
    {"RateLimit 5/1h by=ip by=user", "by= is said twice"},
    {"RateLimit 5/1h cost=6", "'cost=6' is no number from 1 to the limit, 5"},
    {"RateLimit 5/1h cost=0", "'cost=0' is no number"},
    {"RateLimit 5/1h cost=", "'cost=' is no number"},
    {"RateLimit 5/1h cost=1x", "'cost=1x' is no number"},
    {"RateLimit 5/1h cost=1 cost=1", "is no number"},
    {"RateLimit 5/1h name=", "1 to 64 bytes"},
    {"RateLimit 5/1h name=a name=b", "one name"},
    {"RateLimit 5/1h name=" LONG64 "5", "1 to 64 bytes"},
    {"RateLimit 5/1h \"name=a\tb\"", "control character"},
    {"RateLimit 5/1h name=a\xff", "UTF-8"},
    {"RateLimit 5/1h on=success", "'on=success' is none of by=, name="},
    {"RateLimit 5/1h 7/1m", "'7/1m' is none of by=, name=, cost=, on=failure"},
    {"RateLimit 5/1h none", "'none' is none of"},
    {"RateLimit 5/1h by=claim:a on=failure", "by=claim cannot stand beside"},
    {"RateLimit none 5/1h", "beside none stands nothing but on=failure"},
    {"RateLimit none on=failure by=ip", "beside none stands nothing but"},
    {"RateLimitStatus", "429 or 403"},
    {"RateLimitStatus 503", "429 or 403"},
    {"RateLimitStatus 429 403", "429 or 403"},
    {"RateLimitStore", "shm:SIZE"},
    {"RateLimitStore shm:", "'' is no size from 1M to 256G"},
    {"RateLimitStore shm:1023K", "'1023K' is no size"},
    {"RateLimitStore shm:257G", "'257G' is no size"},
    {"RateLimitStore shm:99999999999999999999G", "is no size"},
    {"RateLimitStore shm:64MB", "'64MB' is no size"},
    {"RateLimitStore shm:-64M", "'-64M' is no size"},
    {"RateLimitStore shm:64T", "'64T' is no size"},
    {"RateLimitStore shmem", "shm:SIZE"},
    {"RateLimitStore redis://127.0.0.1", "shm or shm:SIZE"},
};

START_TEST(wrong_word_is_told)
{
    fa_line *line = unit_line("/");
    const char *wrong = unit_say(line, wrongs[_i].line);

    ck_assert_msg(wrong && strstr(wrong, wrongs[_i].message), "%s: %s",
                  wrongs[_i].line, wrong);
    ck_assert_ptr_null(line->policy->limits);
    ck_assert_ptr_null(line->policy->limit_status);
    ck_assert_ptr_null(line->server->store_bytes);
    ck_assert_ptr_null(line->server->limits);
}
END_TEST

START_TEST(none_stands_where_it_drops_nothing_of_others)
{
    fa_line *line = unit_line("/");

    line->methods = 1 << UNIT_POST;
    ck_assert_ptr_nonnull(strstr(unit_say(line, "RateLimit none"), "<Limit>"));
    ck_assert_ptr_nonnull(
        strstr(unit_say(line, "RateLimit none on=failure"), "<Limit>"));
    ck_assert_ptr_null(unit_say(line, "RateLimit 1/1h"));
    ck_assert_int_eq(limit_at(line->policy->limits, 0)->methods,
                     1 << UNIT_POST);
    line->methods = -1;
    line->conditional = true;
    ck_assert_ptr_nonnull(strstr(unit_say(line, "RateLimit none"), "<If>"));
    ck_assert_ptr_null(unit_say(line, "RateLimit 2/1h"));
    ck_assert_int_eq(count_of(line->policy->limits), 2);
}
END_TEST

START_TEST(section_has_eight_limits_at_most)
{
    fa_line *line = unit_line("/");

    for (int i = 1; i <= FA_LIMITS_MAX / 4; i++)
        ck_assert_ptr_null(
            unit_say(line, apr_psprintf(unit_pool, "RateLimit %d/1h", i)));
    ck_assert_ptr_nonnull(
        strstr(unit_say(line, "RateLimit 99/1h"), "more than 8 limits"));
    ck_assert_int_eq(count_of(line->policy->limits), FA_LIMITS_MAX / 4);
}
END_TEST

START_TEST(status_and_store_are_said_once)
{
    static const struct {
        const char *line;
        size_t bytes;
    } sizes[] = {{"RateLimitStore shm:1M", (size_t)1 << 20},
                 {"RateLimitStore shm:1048576", (size_t)1 << 20},
                 {"RateLimitStore shm:1024K", (size_t)1 << 20},
                 {"RateLimitStore shm:64M", (size_t)64 << 20},
                 {"RateLimitStore shm:256G", (size_t)256 << 30}};
    fa_line *line;

    for (size_t i = 0; i < UNIT_COUNT(sizes); i++) {
        line = unit_line("/");
        ck_assert_ptr_null(unit_say(line, sizes[i].line));
        ck_assert_uint_eq(*line->server->store_bytes, sizes[i].bytes);
        ck_assert_ptr_nonnull(strstr(unit_say(line, sizes[i].line), "already"));
    }
    line = unit_line("/");
    ck_assert_ptr_null(unit_say(line, "RateLimitStore shm"));
    ck_assert_ptr_null(line->server->store_bytes);
    line->is_virtual = true;
    ck_assert_ptr_nonnull(
        strstr(unit_say(line, "RateLimitStore shm:64M"), "main server's"));

    ck_assert_ptr_null(unit_say(line, "RateLimitStatus 403"));
    ck_assert_int_eq(*line->policy->limit_status, 403);
    ck_assert_ptr_nonnull(
        strstr(unit_say(line, "RateLimitStatus 429"), "already"));
}
END_TEST

/* --- which counter it is ------------------------------------------------- */

static const fa_limit *limit_of(const char *words, const char *kind,
                                const char *pattern, int number,
                                apr_int64_t methods)
{
    fa_line *line = unit_line("/");
    const char *wrong;

    line->section = (fa_section){kind, pattern, "unit.conf", number};
    line->methods = methods;
    wrong = unit_say(line, apr_pstrcat(unit_pool, "RateLimit ", words, NULL));
    ck_assert_msg(!wrong, "%s: %s", words, wrong);
    return limit_at(line->policy->limits, 0);
}

START_TEST(counter_is_another_where_anything_differs_but_the_line)
{
    static const char *const words[] = {"5/1m",
                                        "6/1m",
                                        "5/2m",
                                        "5/1m by=user",
                                        "5/1m by=ip,user",
                                        "5/1m by=claim:a",
                                        "5/1m by=claim:b",
                                        "5/1m by=header:a",
                                        "5/1m by=header:b",
                                        "5/1m on=failure",
                                        "5/1m name=x",
                                        "5/1m name=y"};
    const fa_limit *first = limit_of("5/1m", "Location", "/a", 3, -1);

    for (size_t i = 0; i < UNIT_COUNT(words); i++) {
        for (size_t j = 0; j < UNIT_COUNT(words); j++) {
            const fa_limit *a = limit_of(words[i], "Location", "/a", 3, -1);
            const fa_limit *b = limit_of(words[j], "Location", "/a", 9, -1);

            ck_assert((strcmp(a->counter, b->counter) == 0) == (i == j));
        }
    }
    ck_assert_str_ne(first->counter,
                     limit_of("5/1m", "Location", "/b", 3, -1)->counter);
    ck_assert_str_ne(first->counter,
                     limit_of("5/1m", "Files", "/a", 3, -1)->counter);
    ck_assert_str_ne(first->counter,
                     limit_of("5/1m", "Location", "/a", 3, 4)->counter);
}
END_TEST

START_TEST(named_counter_is_one_wherever_it_stands)
{
    const fa_limit *one = limit_of("5/1m name=x", "Location", "/a", 3, -1);
    const fa_limit *other = limit_of("5/1m name=x", "Files", "b", 4, 4);

    ck_assert_str_eq(one->counter, other->counter);
}
END_TEST

/* --- several sections ---------------------------------------------------- */

/* Two lines at most; "" says nothing. */
static const char *const sections[] = {
    "",
    "RateLimit 1/1h",
    "RateLimit 2/1h on=failure",
    "RateLimit none",
    "RateLimit none on=failure",
    "RateLimit 3/1h\nRateLimit 4/1h on=failure",
    "RateLimit none\nRateLimit 5/1h",
    "RateLimit none on=failure\nRateLimit 6/1h on=failure",
    "RateLimit 7/1h name=x\nRateLimit none",
};

static const char *text_of(const fa_limits *limits)
{
    const char *text = "";

    for (int i = 0; i < count_of(limits); i++)
        text = apr_pstrcat(unit_pool, text, " ", limit_at(limits, i)->name,
                           limit_at(limits, i)->on_failure ? "!" : "", NULL);
    if (limits && limits->drops_all)
        text = apr_pstrcat(unit_pool, text, " none", NULL);
    if (limits && limits->drops_failure)
        text = apr_pstrcat(unit_pool, text, " none!", NULL);
    return text;
}

static const fa_limits *merged(const fa_limits *a, const fa_limits *b)
{
    return fa_limits_merge(unit_pool, a, b);
}

START_TEST(merge_is_associative)
{
    const fa_limits *a = unit_policy(sections[_i])->limits;

    for (size_t i = 0; i < UNIT_COUNT(sections); i++) {
        const fa_limits *b = unit_policy(sections[i])->limits;

        for (size_t j = 0; j < UNIT_COUNT(sections); j++) {
            const fa_limits *c = unit_policy(sections[j])->limits;

            ck_assert_str_eq(text_of(merged(merged(a, b), c)),
                             text_of(merged(a, merged(b, c))));
        }
    }
    ck_assert_str_eq(text_of(merged(a, NULL)), text_of(a));
    ck_assert_str_eq(text_of(merged(NULL, a)), text_of(a));
}
END_TEST

static const struct {
    const char *parent, *child, *both;
} merges[] = {
    {"RateLimit 1/1h", "RateLimit 2/1h", " 1/1h 2/1h"},
    {"RateLimit 1/1h", "RateLimit none", " none none!"},
    {"RateLimit 1/1h", "RateLimit none\nRateLimit 2/1h", " 2/1h none none!"},
    {"RateLimit 1/1h", "RateLimit 2/1h\nRateLimit none", " 2/1h none none!"},
    {"RateLimit 1/1h\nRateLimit 2/1h on=failure", "RateLimit none on=failure",
     " 1/1h none!"},
    {"RateLimit none", "RateLimit 1/1h", " 1/1h none none!"},
    {"RateLimit none on=failure", "RateLimit 1/1h on=failure", " 1/1h! none!"},
};

START_TEST(child_adds_and_none_drops_what_is_inherited)
{
    const fa_limits *parent = unit_policy(merges[_i].parent)->limits;
    const fa_limits *child = unit_policy(merges[_i].child)->limits;
    const char *before = text_of(parent), *after = text_of(child);

    ck_assert_str_eq(text_of(merged(parent, child)), merges[_i].both);
    ck_assert_str_eq(text_of(parent), before);
    ck_assert_str_eq(text_of(child), after);
}
END_TEST

/* --- failure throttles that nobody wrote --------------------------------- */

static const struct {
    const char *policy;
    const char *limits; /* in force */
} usual[] = {
    {"AuthScheme basic", " 30/1m! 300/1m!"},
    {"AuthScheme api-key-header", " 30/1m! 300/1m!"},
    {"AuthScheme api-key-query", " 30/1m! 300/1m!"},
    {"AuthScheme api-key-cookie:k", " 30/1m! 300/1m!"},
    {"AuthScheme bearer-jwt basic", " 30/1m! 300/1m!"},
    {"AuthScheme bearer-jwt", ""},
    {"AuthScheme oauth2", ""},
    {"AuthScheme none", ""},
    {"RateLimit 5/1m", " 5/1m"},
    {"AuthScheme basic\nRateLimit 5/1m", " 5/1m 30/1m! 300/1m!"},
    {"AuthScheme basic\nRateLimit 5/1m on=failure", " 5/1m! 30/1m! 300/1m!"},
    {"AuthScheme basic\nRateLimit none", ""},
    {"AuthScheme basic\nRateLimit none on=failure", ""},
    {"AuthScheme basic\nRateLimit none\nRateLimit 5/1m", " 5/1m"},
};

START_TEST(usual_throttles_hold_unless_dropped)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_policy_limits(unit_policy(usual[_i].policy), limits);
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = apr_pstrcat(unit_pool, text, " ", limits[i]->name,
                           limits[i]->on_failure ? "!" : "", NULL);
    ck_assert_str_eq(text, usual[_i].limits);
}
END_TEST

START_TEST(usual_throttles_are_those_of_the_design)
{
    fa_section section = {"Location", "/unit", "unit.conf", 1};
    const fa_limits *limits = fa_limits_usual(unit_pool, &section);

    ck_assert_int_eq(count_of(limits), 2);
    ck_assert_uint_eq(limit_at(limits, 0)->rate.limit, 30);
    ck_assert_uint_eq(limit_at(limits, 0)->by, FA_BY_IP | FA_BY_USER);
    ck_assert_uint_eq(limit_at(limits, 1)->rate.limit, 300);
    ck_assert_uint_eq(limit_at(limits, 1)->by, FA_BY_IP);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(limit_at(limits, i)->rate.window_us, 60 * SECOND);
        ck_assert(limit_at(limits, i)->on_failure);
        ck_assert(!fa_limit_needs_identity(limit_at(limits, i)));
    }
}
END_TEST

int main(void)
{
    TCase *limit = unit_case("limit"), *several = unit_case("several");

    tcase_add_loop_test(limit, limit_is_what_was_written, 0, UNIT_ROWS(right));
    tcase_add_loop_test(limit, wrong_word_is_told, 0, UNIT_ROWS(wrongs));
    tcase_add_test(limit, none_stands_where_it_drops_nothing_of_others);
    tcase_add_test(limit, section_has_eight_limits_at_most);
    tcase_add_test(limit, status_and_store_are_said_once);
    tcase_add_test(limit,
                   counter_is_another_where_anything_differs_but_the_line);
    tcase_add_test(limit, named_counter_is_one_wherever_it_stands);
    tcase_add_loop_test(several, merge_is_associative, 0, UNIT_ROWS(sections));
    tcase_add_loop_test(several, child_adds_and_none_drops_what_is_inherited, 0,
                        UNIT_ROWS(merges));
    tcase_add_loop_test(several, usual_throttles_hold_unless_dropped, 0,
                        UNIT_ROWS(usual));
    tcase_add_test(several, usual_throttles_are_those_of_the_design);
    return unit_run("t_limit", limit, several, NULL);
}
