/* A line of the security log is valid and bounded, whatever it is about.
 * Tests of fa_event. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include <apr_encode.h>

#include "fa_event.h"
#include "fa_text.h"

/* 24 November 2026, noon, and 7.9 milliseconds. */
#define AT (UNIT_NOW + 7900)

static apr_status_t release(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

/* An event's line, parsed; released with unit_pool. A failed test where it is
 * not one line of JSON, of UTF-8 without control characters, that has room. */
static const json_t *line_of(const fa_event *event)
{
    /* What is written behind the room is seen (and by ASan). */
    char line[FA_EVENT_LINE_MAX + 8];
    json_error_t error;
    json_t *json;
    size_t size;

    memset(line, 0x55, sizeof line);
    size = fa_event_line(event, line);
    ck_assert_uint_gt(size, 2);
    ck_assert_uint_le(size, FA_EVENT_LINE_MAX);
    for (size_t i = size; i < sizeof line; i++)
        ck_assert_int_eq(line[i], 0x55);
    ck_assert_int_eq(line[size - 1], '\n');
    ck_assert(!fa_text_has_control(line, size - 1));
    ck_assert(fa_text_is_utf8(line, size));
    json = json_loadb(line, size - 1, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "%s: %.*s", error.text, (int)size, line);
    ck_assert(json_is_object(json));
    apr_pool_cleanup_register(unit_pool, json, release, apr_pool_cleanup_null);
    return json;
}

static const char *text_of(const fa_event *event)
{
    char *line = apr_palloc(unit_pool, FA_EVENT_LINE_MAX);
    size_t size = fa_event_line(event, line);

    return apr_pstrmemdup(unit_pool, line, size);
}

/* --- one line, to the letter -----------------------------------------------
 */

static const fa_section place = {"Location", "/api", "conf/httpd.conf", 12};

START_TEST(members_stand_in_their_order)
{
    const fa_event event = {
        .time = AT,
        .kind = FA_EVENT_AUTHZ_FAIL,
        .verdict = FA_SCOPE_MISSING,
        .enforced = true,
        .request_id = "id",
        .server = "main",
        .client = "192.0.2.1",
        .method = "GET",
        .path = "/api/a%20b",
        .location = &place,
        .subject = "alice",
        .authenticated = true,
        .scheme = "bearer-jwt",
        .issuer = "https://login.example.com",
        .key = "2026-11",
        .status = 403,
        .directive = "RequireScope",
        .place = &place,
        .limit = "100/1h",
        .dropped = 7,
    };

    ck_assert_str_eq(
        text_of(&event),
        "{\"datetime\":\"2026-11-24T12:00:00.007Z\",\"event\":\"authz_fail\","
        "\"description\":\"The credential lacks a scope that this resource "
        "requires.\",\"level\":\"CRITICAL\",\"request_id\":\"id\","
        "\"server\":\"main\",\"client\":\"192.0.2.1\",\"method\":\"GET\","
        "\"path\":\"/api/a%20b\",\"location\":\"Location /api\","
        "\"subject\":\"alice\",\"authenticated\":true,"
        "\"scheme\":\"bearer-jwt\",\"issuer\":\"https://login.example.com\","
        "\"key\":\"2026-11\",\"verdict\":\"scope-missing\",\"status\":403,"
        "\"directive\":\"RequireScope\",\"at\":\"conf/httpd.conf:12\","
        "\"limit\":\"100/1h\",\"enforced\":true,\"dropped\":7}\n");
}
END_TEST

START_TEST(what_is_not_known_is_left_out)
{
    const fa_event event = {.kind = FA_EVENT_UNAVAILABLE,
                            .verdict = FA_UNAVAILABLE,
                            .server = "main",
                            .client = "::1",
                            .method = "GET"};

    ck_assert_str_eq(
        text_of(&event),
        "{\"datetime\":\"1970-01-01T00:00:00.000Z\","
        "\"event\":\"sys_unavailable\",\"description\":\"The request "
        "cannot be checked at the moment.\",\"level\":\"WARN\","
        "\"server\":\"main\",\"client\":\"::1\",\"method\":\"GET\","
        "\"verdict\":\"unavailable\",\"enforced\":false}\n");
}
END_TEST

/* --- A65: texts -------------------------------------------------------------
 */

static const struct {
    const char *text, *escaped;
} texts[] = {
    {"", ""},
    {"alice", "alice"},
    {"a\"b\\c/d", "a\\\"b\\\\c/d"},
    {"\r\n\t\x1b[31m\x7f", "\\u000d\\u000a\\u0009\\u001b[31m\\u007f"},
    {"\x01\x08\x0c\x1f", "\\u0001\\u0008\\u000c\\u001f"},
    {"%n%s%1$p", "%n%s%1$p"},
    {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
    {"\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80"},
    /* C1: a terminal's CSI in UTF-8. */
    {"\xc2\x9b"
     "2J\xc2\x80\xc2\x9f\xc2\xa0",
     "\\u009b2J\\u0080\\u009f\xc2\xa0"},
    /* Right to left, and line separators of JavaScript. */
    {"\xe2\x80\xae\xe2\x80\xa8\xe2\x80\xa9\xe2\x81\xa6\xe2\x80\x8e",
     "\\u202e\\u2028\\u2029\\u2066\\u200e"},
    /* No UTF-8: a byte alone, one too many, a longer spelling, a lone
     * surrogate, one that is cut. */
    {"\x9b"
     "2J\xff\xfe",
     "\\ufffd2J\\ufffd\\ufffd"},
    {"\x80", "\\ufffd"},
    {"\xc0\xaf", "\\ufffd\\ufffd"},
    {"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},
    {"a\xe2\x82", "a\\ufffd\\ufffd"},
    {"\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"},
};

START_TEST(texts_are_escaped)
{
    const fa_event event = {.subject = texts[_i].text};
    const char *wanted =
        apr_pstrcat(unit_pool, "\"subject\":\"", texts[_i].escaped,
                    "\",\"authenticated\"", NULL);

    line_of(&event);
    ck_assert_msg(strstr(text_of(&event), wanted) != NULL, "%s in %s", wanted,
                  text_of(&event));
}
END_TEST

/* The subject as it stands in the line, between its quotes. */
static const char *written(const fa_event *event)
{
    const char *start = strstr(text_of(event), "\"subject\":\"") + 11;

    return apr_pstrmemdup(unit_pool, start,
                          (size_t)(strstr(start, "\",\"auth") - start));
}

/* What is repeated, and how many of it fit beside "...". */
static const struct {
    const char *text;
    size_t takes;
} repeated[] = {{"a", 1},    {"\xc3\xa4", 2}, {"\xe2\x82\xac", 3},
                {"\n", 6},   {"\"", 2},       {"\xf0\x9f\x98\x80", 4},
                {"\xff", 6}, {"\xc2\x9b", 6}};

START_TEST(long_text_is_cut_between_characters)
{
    size_t takes = repeated[_i].takes, fit = FA_EVENT_TEXT_MAX / takes;
    fa_event event = {0};
    const char *text;

    event.subject = unit_repeat(repeated[_i].text, fit);
    text = written(&event);
    line_of(&event);
    ck_assert_ptr_null(strstr(text, "..."));
    ck_assert_uint_eq(strlen(text), fit * takes);
    event.subject = unit_repeat(repeated[_i].text, fit + 1);
    text = written(&event);
    line_of(&event);
    ck_assert_str_eq(text + strlen(text) - 3, "...");
    ck_assert_uint_eq(strlen(text),
                      (FA_EVENT_TEXT_MAX - 3) / takes * takes + 3);
    /* And a megabyte of it is no more. */
    event.subject = unit_repeat(repeated[_i].text, 1000000);
    ck_assert_str_eq(written(&event), text);
}
END_TEST

static const char *const fillers[] = {"a", "\n", "\"", "\xff",
                                      "\xf0\x9f\x98\x80"};

/* The longest line that there can be. */
START_TEST(everything_at_once_is_within_the_line)
{
    const char *text = unit_repeat(fillers[_i], 100000);
    const fa_section section = {text, text, text, 2147483647};
    const json_t *json;
    const fa_event event = {
        .time = INT64_MAX,
        .kind = FA_EVENT_RATE_LIMIT,
        .verdict = FA_EXPIRED_CREDENTIAL,
        .description = text,
        .request_id = text,
        .server = text,
        .client = text,
        .method = text,
        .path = text,
        .location = &section,
        .subject = text,
        .scheme = text,
        .issuer = text,
        .key = text,
        .status = 2147483647,
        .directive = text,
        .place = &section,
        .limit = text,
        .dropped = UINT64_MAX,
    };

    /* jansson takes no number that large. */
    ck_assert_ptr_nonnull(strstr(text_of(&event), "18446744073709551615}\n"));
    fa_event small = event;
    small.dropped = 1;
    json = line_of(&small);
    ck_assert_uint_eq(json_object_size(json), 22);
    ck_assert_uint_le(strlen(unit_text(json, "path")), FA_EVENT_PATH_MAX);
    /* Where something stands keeps its line, however long the path. */
    ck_assert_ptr_nonnull(_i == 0 ? strstr(unit_text(json, "at"), ":2147483647")
                                  : "");
}
END_TEST

/* --- what a refusal tells ----------------------------------------------------
 */

START_TEST(every_verdict_is_an_event)
{
    fa_verdict verdict = (fa_verdict)_i;
    fa_scheme basic = {.kind = FA_BASIC, .name = "basic"};
    fa_decision decision = {
        .verdict = verdict, .presented = &basic, .reason = "because"};
    fa_policy *policy = fa_policy_create(unit_pool);
    fa_event event = {.limit = "of before"};
    static const char *const levels[] = {"INFO", "WARN", "CRITICAL"};
    const char *level, *name;
    bool is_level = false;

    decision.credential.claimed = "mallory";
    fa_event_refused(policy, &decision, false, &event);
    ck_assert_int_eq(event.status, fa_verdict_row_of(verdict)->status);
    ck_assert_ptr_null(event.limit);
    ck_assert(!event.enforced && !event.authenticated);
    event.server = event.client = event.method = "x";
    level = unit_text(line_of(&event), "level");
    name = unit_text(line_of(&event), "event");
    for (size_t i = 0; i < UNIT_COUNT(levels); i++)
        is_level = is_level || strcmp(level, levels[i]) == 0;
    ck_assert(is_level);
    ck_assert_str_eq(unit_text(line_of(&event), "subject"), "mallory");
    ck_assert_str_eq(unit_text(line_of(&event), "scheme"), "basic");
    ck_assert_str_eq(unit_text(line_of(&event), "description"), "because");
    /* By its status, each is one of OWASP's. */
    switch (fa_verdict_row_of(verdict)->status) {
    case 400:
        ck_assert_str_eq(name, "input_validation_fail");
        break;
    case 401:
        ck_assert_str_eq(name, "authn_login_fail");
        break;
    case 403:
    case 404:
        ck_assert_str_eq(name, "authz_fail");
        break;
    case 429:
        ck_assert_str_eq(name, "excess_rate_limit_exceeded");
        break;
    case 200:
        ck_assert_str_eq(name, "authn_login_success");
        break;
    default:
        ck_assert_str_eq(name, "sys_unavailable");
    }
}
END_TEST

/* A policy, what was decided, and which directive of which line is named. */
static const struct {
    const char *policy;
    fa_verdict verdict;
    int failed; /* index of the demand not met, or -1 */
    const char *directive;
    int place; /* line of it; 0: none */
    const char *location;
} named[] = {
    {"AuthScheme bearer-jwt", FA_NO_CREDENTIAL, -1, "AuthScheme", 1,
     "Location /unit"},
    {"AuthScheme bearer-jwt\nRequireScope a\nRequireRole b", FA_ROLE_MISSING, 1,
     "RequireRole", 3, "Location /unit"},
    {"RequireAddress ::1", FA_ADDRESS_REFUSED, 0, "RequireAddress", 1,
     "Location /unit"},
    {"AuthRequireTLS on", FA_TLS_REQUIRED, -1, "AuthRequireTLS", 0, NULL},
    {"", FA_AMBIGUOUS_PATH, -1, "AuthAmbiguousPath", 0, NULL},
    {"", FA_MISCONFIGURED, -1, NULL, 0, NULL},
};

START_TEST(directive_that_refused_is_named)
{
    const fa_policy *policy = unit_policy(named[_i].policy);
    fa_decision decision = {.verdict = named[_i].verdict};
    fa_event event;
    const json_t *json;

    if (named[_i].failed >= 0)
        decision.failed = APR_ARRAY_IDX(policy->demands->list, named[_i].failed,
                                        const fa_demand *);
    fa_event_refused(policy, &decision, true, &event);
    ck_assert_pstr_eq(event.directive, named[_i].directive);
    ck_assert_int_eq(event.place ? event.place->line : 0, named[_i].place);
    json = line_of(&event);
    ck_assert_pstr_eq(json_string_value(json_object_get(json, "location")),
                      named[_i].location);
    ck_assert(json_is_true(json_object_get(json, "enforced")));
}
END_TEST

START_TEST(limit_that_refused_is_named)
{
    const fa_policy *policy =
        unit_policy("RateLimit 9/1h name=first\nRateLimit 1/1h name=second");
    fa_ask asks[] = {{.within = true}, {.within = false}};
    fa_decision decision = {
        .verdict = FA_RATE_EXCEEDED, .asks = asks, .ask_count = 2};
    fa_event event;

    for (int i = 0; i < 2; i++)
        asks[i].limit =
            APR_ARRAY_IDX(policy->limits->list, i, const fa_limit *);
    fa_event_refused(policy, &decision, true, &event);
    ck_assert_str_eq(event.limit, "second");
    ck_assert_str_eq(event.directive, "RateLimit");
    ck_assert_int_eq(event.place->line, 2);
    ck_assert_int_eq(event.kind, FA_EVENT_RATE_LIMIT);
    /* RateLimitStatus says what is answered. */
    policy = unit_policy("RateLimit 1/1h\nRateLimitStatus 403");
    fa_event_refused(policy, &decision, true, &event);
    ck_assert_int_eq(event.status, 403);
    /* Refused for another reason, a limit that has no room says nothing. */
    decision.verdict = FA_SCOPE_MISSING;
    fa_event_refused(policy, &decision, true, &event);
    ck_assert_ptr_null(event.limit);
}
END_TEST

START_TEST(proven_caller_is_told_from_a_claimed_one)
{
    const fa_policy *policy = unit_policy("AuthScheme basic bearer-jwt");
    const fa_identity identity = {
        .user = "alice", .scheme = "bearer-jwt", .issuer = "i", .key = "k"};
    fa_decision decision = {.verdict = FA_BAD_CREDENTIAL,
                            .credential = {.claimed = "bob", .user = "bob"}};
    fa_event event;

    fa_event_refused(policy, &decision, true, &event);
    ck_assert_str_eq(event.subject, "bob");
    ck_assert(!event.authenticated && !event.issuer && !event.key);
    decision.identity = &identity;
    fa_event_refused(policy, &decision, true, &event);
    ck_assert_str_eq(event.subject, "alice");
    ck_assert(event.authenticated);
    ck_assert_str_eq(event.issuer, "i");
    ck_assert_str_eq(event.key, "k");
}
END_TEST

/* The name that a Basic credential claims, whatever became of it. */
static const struct {
    const char *encoded, *claimed;
} basics[] = {
    {"YW5uOng=", "ann"},            /* ann:x */
    {"YQ1iChs6eA==", "a\rb\n\x1b"}, /* a CR b LF ESC : x */
    {"/zp4", "\xff"},               /* no UTF-8 */
    {"OmE=", ""},                   /* :a */
    {"YW5u", NULL},                 /* no colon */
    {"%%%", NULL},                  /* no base64 */
};

START_TEST(claimed_name_is_known_whatever_it_is)
{
    const fa_policy *policy =
        unit_policy("AuthScheme basic\nAuthPasswords file");
    unit_server server = {
        .headers = {{"Authorization", apr_pstrcat(unit_pool, "Basic ",
                                                  basics[_i].encoded, NULL)}},
        .password = FA_BAD_CREDENTIAL,
    };
    fa_decision decision;
    fa_event event;

    fa_decide(unit_request(&server), policy, &decision);
    ck_assert_int_eq(decision.verdict, FA_BAD_CREDENTIAL);
    fa_event_refused(policy, &decision, true, &event);
    ck_assert_pstr_eq(event.subject, basics[_i].claimed);
    line_of(&event);
}
END_TEST

/* --- the corpus
 * --------------------------------------------------------------- */

static const char *const files[] = {
    "strings/blns_b64.json",
    "strings/format_strings_fuzzdb.json",
    "strings/integer_overflows_fuzzdb.json",
    "strings/invalid_emails_fuzzdb.json",
    "strings/magic_hashes_fuzzdb.json",
    "strings/null_bytes_fuzzdb.json",
    "strings/terminal_escapes_fuzzdb.json",
    "strings/unicode_corrupted_fuzzdb.json",
    "strings/unicode_naughty_fuzzdb.json",
    "headers/cache_poison_fuzzdb.json",
    "headers/crlf_fuzzdb.json",
    "headers/request_header_names_fuzzdb.json",
    "patt/Auth_Bypass.json",
    "patt/Open-Redirect-payloads.json",
    "patt/crlfinjection.json",
    "patt/deep_traversal.json",
    "patt/directory_traversal.json",
    "patt/dotdotpwn.json",
    "patt/traversals-8-deep-exotic-encoding.json",
};

/* The bytes of a case: blns keeps them in base64. */
static const char *bytes_of(const char *file, const json_t *one)
{
    const char *text = json_string_value(one);

    ck_assert_ptr_nonnull(text);
    return strstr(file, "_b64")
               ? apr_pdecode_base64(unit_pool, text, APR_ENCODE_STRING,
                                    APR_ENCODE_NONE, NULL)
               : text;
}

/* A65: every text of the corpus in every member, whole and cut in two, as bytes
 * that are shown are read from the wrong place. */
START_TEST(corpus_makes_valid_lines)
{
    json_t *corpus = unit_corpus(files[_i]);
    const json_t *cases = json_object_get(corpus, "cases"), *one;
    size_t i;

    ck_assert_uint_gt(json_array_size(cases), 0);
    json_array_foreach(cases, i, one)
    {
        const char *text = bytes_of(files[_i], one);
        const char *half = text + strlen(text) / 2;
        const fa_section section = {"Location", text, half, 1};
        const fa_event event = {
            .time = AT,
            .description = half,
            .request_id = text,
            .server = half,
            .client = text,
            .method = text,
            .path = unit_repeat(text, 100),
            .location = &section,
            .subject = text,
            .scheme = half,
            .issuer = text,
            .key = half,
            .directive = text,
            .place = &section,
            .limit = text,
        };
        const json_t *json = line_of(&event);

        if (fa_text_is_utf8(text, strlen(text)) && strlen(text) < 40)
            ck_assert_str_eq(unit_text(json, "subject"), text);
    }
}
END_TEST

int main(void)
{
    TCase *lines = unit_case("lines"), *refusals = unit_case("refusals");
    TCase *corpus = unit_case("corpus");

    tcase_add_test(lines, members_stand_in_their_order);
    tcase_add_test(lines, what_is_not_known_is_left_out);
    tcase_add_loop_test(lines, texts_are_escaped, 0, UNIT_ROWS(texts));
    tcase_add_loop_test(lines, long_text_is_cut_between_characters, 0,
                        UNIT_ROWS(repeated));
    tcase_add_loop_test(lines, everything_at_once_is_within_the_line, 0,
                        UNIT_ROWS(fillers));
    tcase_add_loop_test(refusals, every_verdict_is_an_event, 0,
                        FA_VERDICT_COUNT);
    tcase_add_loop_test(refusals, directive_that_refused_is_named, 0,
                        UNIT_ROWS(named));
    tcase_add_test(refusals, limit_that_refused_is_named);
    tcase_add_test(refusals, proven_caller_is_told_from_a_claimed_one);
    tcase_add_loop_test(refusals, claimed_name_is_known_whatever_it_is, 0,
                        UNIT_ROWS(basics));
    if (!unit_has_corpus()) {
        unit_skip("t_event: corpus", UNIT_CORPUS_ABSENT);
        return unit_run("t_event", lines, refusals, NULL);
    }
    tcase_add_loop_test(corpus, corpus_makes_valid_lines, 0, UNIT_ROWS(files));
    return unit_run("t_event", lines, refusals, corpus, NULL);
}
