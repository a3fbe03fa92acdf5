/* What a caller is told of limits, as Structured Fields write it.
 * Tests of fa_ratelimit. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_error.h"
#include "fa_ratelimit.h"

#define SECOND INT64_C(1000000)

/* One limit that a request was weighed by. */
typedef struct weighed {
    const char *line; /* RateLimit's words; NULL ends the row */
    bool within;
    fa_rate_state state;
} weighed;

static const struct {
    weighed asks[3];
    const char *policy, *state; /* "" where nothing is told */
    int retry_after_s;
    const char *violated;
} rows[] = {
    {{{NULL, false, {0}}}, "", "", 0, "[]"},
    {{{"100/1h name=api", true, {50, 0, 30 * SECOND}}},
     "\"api\";q=100;w=3600",
     "\"api\";r=50;t=30",
     0,
     "[]"},
    /* A name that nobody gave is what was written. */
    {{{"5/1m", true, {4, 0, 59 * SECOND + 1}}},
     "\"5/1m\";q=5;w=60",
     "\"5/1m\";r=4;t=60",
     0,
     "[]"},
    {{{"5/1m", true, {4, 0, 1}}},
     "\"5/1m\";q=5;w=60",
     "\"5/1m\";r=4;t=1",
     0,
     "[]"},
    {{{"5/1m cost=2", true, {5, 0, 0}}},
     "\"5/1m\";q=5;w=60",
     "\"5/1m\";r=5;t=0",
     0,
     "[]"},
    {{{"1000000000/100d", true, {999999999, 0, 8640000 * SECOND}}},
     "\"1000000000/100d\";q=1000000000;w=8640000",
     "\"1000000000/100d\";r=999999999;t=8640000",
     0,
     "[]"},
    /* Refused: seconds are rounded up, and never 0. */
    {{{"5/1m name=a", false, {0, 1, 1}}},
     "\"a\";q=5;w=60",
     "\"a\";r=0;t=1",
     1,
     "[\"a\"]"},
    {{{"5/1m name=a", false, {0, 29 * SECOND, 29 * SECOND}}},
     "\"a\";q=5;w=60",
     "\"a\";r=0;t=29",
     29,
     "[\"a\"]"},
    {{{"5/1m name=a cost=3", false, {1, 29 * SECOND + 1, 2 * SECOND}}},
     "\"a\";q=5;w=60",
     "\"a\";r=1;t=2",
     30,
     "[\"a\"]"},
    /* Several: a list, in their order; the longest wait is the one that
     * helps. */
    {{{"5/1m name=a", false, {0, 7 * SECOND, 7 * SECOND}},
      {"9/1h name=b", true, {3, 0, 100 * SECOND}},
      {"7/1h name=c", false, {0, 60 * SECOND, 60 * SECOND}}},
     "\"a\";q=5;w=60, \"b\";q=9;w=3600, \"c\";q=7;w=3600",
     "\"a\";r=0;t=7, \"b\";r=3;t=100, \"c\";r=0;t=60",
     60,
     "[\"a\",\"c\"]"},
    {{{"7/1h name=c", false, {0, 60 * SECOND, 60 * SECOND}},
      {"5/1m name=a", false, {0, 7 * SECOND, 7 * SECOND}}},
     "\"c\";q=7;w=3600, \"a\";q=5;w=60",
     "\"c\";r=0;t=60, \"a\";r=0;t=7",
     60,
     "[\"c\",\"a\"]"},
    /* A failure throttle is told of to whom it refuses, and to nobody else. */
    {{{"5/1m on=failure", true, {4, 0, 59 * SECOND}}}, "", "", 0, "[]"},
    {{{"5/1m on=failure", true, {4, 0, 59 * SECOND}},
      {"9/1h name=b", true, {3, 0, 100 * SECOND}}},
     "\"b\";q=9;w=3600",
     "\"b\";r=3;t=100",
     0,
     "[]"},
    {{{"9/1h name=b", true, {3, 0, 100 * SECOND}},
      {"5/1m on=failure", false, {0, 1, 59 * SECOND}}},
     "\"b\";q=9;w=3600, \"5/1m\";q=5;w=60",
     "\"b\";r=3;t=100, \"5/1m\";r=0;t=59",
     1,
     "[\"5/1m\"]"},
    {{{"5/1m on=failure", true, {4, 0, 59 * SECOND}},
      {"9/1h name=b", false, {0, 5 * SECOND, 5 * SECOND}}},
     "\"b\";q=9;w=3600",
     "\"b\";r=0;t=5",
     5,
     "[\"b\"]"},
    /* A String is printable ASCII (RFC 9651 section 3.3.3); JSON is UTF-8. */
    {{{"5/1m \"name=a b;c, d=\\\\\"", false, {0, SECOND, SECOND}}},
     "\"a b;c, d=\\\\\";q=5;w=60",
     "\"a b;c, d=\\\\\";r=0;t=1",
     1,
     "[\"a b;c, d=\\\\\"]"},
    {{{"5/1m name=say\"hi\"", false, {0, SECOND, SECOND}}},
     "\"say\\\"hi\\\"\";q=5;w=60",
     "\"say\\\"hi\\\"\";r=0;t=1",
     1,
     "[\"say\\\"hi\\\"\"]"},
    {{{"5/1m name=caf\xc3\xa9", false, {0, SECOND, SECOND}}},
     "\"caf\?\?\";q=5;w=60",
     "\"caf\?\?\";r=0;t=1",
     1,
     "[\"caf\xc3\xa9\"]"},
};

static fa_decision decision_of(const weighed *asks, size_t room)
{
    fa_decision decision = {.verdict = FA_RATE_EXCEEDED};

    decision.asks = apr_pcalloc(unit_pool, room * sizeof(fa_ask));
    while (decision.ask_count < room && asks[decision.ask_count].line) {
        const weighed *from = &asks[decision.ask_count];
        const fa_limits *limits =
            unit_policy(apr_pstrcat(unit_pool, "RateLimit ", from->line, NULL))
                ->limits;
        fa_ask *ask = &decision.asks[decision.ask_count++];

        ask->limit = APR_ARRAY_IDX(limits->list, 0, const fa_limit *);
        ask->within = from->within;
        ask->state = from->state;
    }
    return decision;
}

START_TEST(fields_are_structured)
{
    fa_decision decision =
        decision_of(rows[_i].asks, UNIT_COUNT(rows[_i].asks));
    fa_ratelimit fields;

    ck_assert(fa_ratelimit_of(unit_pool, &decision, &fields) ==
              (*rows[_i].policy != '\0'));
    ck_assert_str_eq(fields.policy, rows[_i].policy);
    ck_assert_str_eq(fields.state, rows[_i].state);
    ck_assert_int_eq(fields.retry_after_s, rows[_i].retry_after_s);
    ck_assert_str_eq(fa_ratelimit_violated(unit_pool, &decision),
                     rows[_i].violated);
}
END_TEST

/* An error page that costs nothing tells nothing of its limit. */
START_TEST(free_is_not_told)
{
    static const weighed asks[] = {{"5/1m name=a", true, {0}},
                                   {"9/1h name=b", true, {8, 0, SECOND}},
                                   {NULL, false, {0}}};
    fa_decision decision = decision_of(asks, UNIT_COUNT(asks));
    fa_ratelimit fields;

    decision.asks[0].free = true;
    ck_assert(fa_ratelimit_of(unit_pool, &decision, &fields));
    ck_assert_str_eq(fields.policy, "\"b\";q=9;w=3600");
    ck_assert_str_eq(fields.state, "\"b\";r=8;t=1");
    decision.ask_count = 1;
    ck_assert(!fa_ratelimit_of(unit_pool, &decision, &fields));
}
END_TEST

/* A list of Strings with two Integers each, read as RFC 9651 section 4.2 says.
 * Returns how many. */
static int read_list(const char *text, const char *first, const char *second)
{
    const char *const keys[] = {first, second};
    int members = 0;

    while (*text) {
        ck_assert_msg(*text == '"', "%s", text);
        for (text++; *text != '"'; text++) {
            ck_assert_msg(*text >= ' ' && *text <= '~', "%s", text);
            text += *text == '\\';
            ck_assert(*text);
        }
        text++;
        for (size_t i = 0; i < UNIT_COUNT(keys); i++) {
            size_t digits;

            ck_assert_msg(strncmp(text, keys[i], strlen(keys[i])) == 0, "%s",
                          text);
            text += strlen(keys[i]);
            digits = strspn(text, "0123456789");
            ck_assert(digits >= 1 && digits <= 15);
            text += digits;
        }
        members++;
        if (*text) {
            ck_assert_msg(strncmp(text, ", ", 2) == 0 && text[2], "%s", text);
            text += 2;
        }
    }
    return members;
}

START_TEST(fields_are_read_back)
{
    fa_decision decision =
        decision_of(rows[_i].asks, UNIT_COUNT(rows[_i].asks));
    fa_ratelimit fields;
    int told = 0;

    for (size_t i = 0; i < decision.ask_count; i++)
        told += !decision.asks[i].limit->on_failure || !decision.asks[i].within;
    fa_ratelimit_of(unit_pool, &decision, &fields);
    ck_assert_int_eq(read_list(fields.policy, ";q=", ";w="), told);
    ck_assert_int_eq(read_list(fields.state, ";r=", ";t="), told);
}
END_TEST

/* The problem of draft-ietf-httpapi-ratelimit-headers section 7 names them. */
START_TEST(problem_names_the_violated_policies)
{
    fa_decision decision =
        decision_of(rows[_i].asks, UNIT_COUNT(rows[_i].asks));
    const char *type;
    const char *body = fa_error_body(
        unit_pool, unit_policy("RateLimitStatus 403"), &decision, &type);
    json_t *problem = json_loads(body, 0, NULL);
    json_t *violated = json_loads(rows[_i].violated, 0, NULL);

    ck_assert_str_eq(type, "application/problem+json");
    ck_assert_msg(problem != NULL, "%s", body);
    ck_assert_str_eq(
        unit_text(problem, "type"),
        "https://iana.org/assignments/http-problem-types#quota-exceeded");
    ck_assert_int_eq(json_integer_value(json_object_get(problem, "status")),
                     403);
    ck_assert(
        json_equal(json_object_get(problem, "violated-policies"), violated));
    json_decref(problem);
    json_decref(violated);
}
END_TEST

int main(void)
{
    TCase *fields = unit_case("fields");

    tcase_add_test(fields, free_is_not_told);
    tcase_add_loop_test(fields, fields_are_structured, 0, UNIT_ROWS(rows));
    tcase_add_loop_test(fields, fields_are_read_back, 0, UNIT_ROWS(rows));
    tcase_add_loop_test(fields, problem_names_the_violated_policies, 0,
                        UNIT_ROWS(rows));
    return unit_run("t_ratelimit", fields, NULL);
}
