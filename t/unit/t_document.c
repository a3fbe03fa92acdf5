/* What the document and the page are written from says what is enforced.
 * Tests of fa_document. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_document.h"

/* An operation of a section: its directives, a line feed between them; those
 * of `<METHOD>` lines hold for that method. */
static fa_documented documented(const char *lines, fa_document *document)
{
    fa_line *line = unit_line("/");
    char *rest = apr_pstrdup(unit_pool, lines), *one;

    while ((one = apr_strtok(rest, "\n", &rest)) != NULL) {
        const char *wrong = NULL;

        if (*one == '<')
            line->methods =
                one[1] == '/' ? -1 : INT64_C(1) << fa_method_number(one + 1);
        else
            wrong = unit_say(line, one);
        ck_assert_msg(!wrong, "%s: %s", one, wrong);
    }
    *document = (fa_document){
        line->server, apr_array_make(unit_pool, 1, sizeof(fa_documented)),
        "http://localhost"};
    return (fa_documented){.path = "/x",
                           .sample = "/x",
                           .method = FA_GET,
                           .policy = line->policy,
                           .id = "x"};
}

static const char *joined(const apr_array_header_t *sentences)
{
    return apr_array_pstrcat(unit_pool, sentences, '|');
}

/* --- needs and limits ----------------------------------------------------- */

static const struct {
    const char *lines, *sentences;
} needs[] = {
    {"", ""},
    {"AuthScheme bearer-jwt", ""},
    {"RequireScope a:b", "The scope a:b."},
    {"RequireScope b a", "All of these scopes: b, a."},
    {"RequireRole admin", "The role admin."},
    {"RequireRole editor admin", "One of these roles: editor, admin."},
    {"RequireRole r\nRequireScope s", "The role r.|The scope s."},
    {"RequireRole r\nRequireRole r", "The role r."},
    {"RequireClaim tenant acme", "The claim tenant with the value acme."},
    {"RequireClaim tenant \"a b\" c",
     "The claim tenant with one of these values: a b, c."},
    {"RequirePermission posts:read", "The permission posts:read."},
    {"RequirePermission b a", "All of these permissions: b, a."},
    {UNIT_MATCH "\nRequireOwner path:user_id", "Only the owner."},
    {UNIT_MATCH "\nRequireOwner query:q hide bypass=admin",
     "Only the owner, or the role admin."},
    {UNIT_MATCH "\nRequireOwner query:q bypass=admin,auditor",
     "Only the owner, or one of these roles: admin, auditor."},
    {"RequireClaim a \xff", "The claim a with the value \\xff."},
    {"RequireAddress 10.0.0.0/8", "A client address in 10.0.0.0/8."},
    {"RequireAddress 10.0.0.0/8 ::1",
     "A client address in one of: 10.0.0.0/8, ::1."},
    {"AuthRequireTLS on", "Over TLS only."},
    {"AuthRequireTLS off", ""},
    {"AuthRequireTLS loopback",
     "Over TLS only, but for clients on the server's own machine."},
    {"AuthReportOnly on\nAuthRequireTLS on\nRequireScope a",
     "Nothing of this is enforced: AuthReportOnly is on.|Over TLS only.|"
     "The scope a."},
    /* For their methods only. */
    {"<DELETE\nRequireScope a", ""},
    {"<GET\nRequireScope a\n</", "The scope a."},
    /* A101: nobody's name is in it. */
    {"RequireClaim sub alice", "A certain sub."},
    {"RequireClaim email alice@example.com bob@example.com",
     "A certain email."},
    {"RequireClaim user_id alice", "A certain user_id."},
    {"RequireClaim upn alice", "A certain upn."},
    {"RequireClaim preferred_username alice", "A certain preferred_username."},
    {"RequireClaim profile.email alice", "A certain profile.email."},
    {"RequireClaim https://example.com/email alice",
     "A certain https://example.com/email."},
    {"RequireClaim login alice", "The claim login with the value alice."},
    {"AuthTokenClaims user=login\nRequireClaim login alice",
     "A certain login."},
};

START_TEST(need_is_a_sentence)
{
    fa_document document;
    const fa_documented one = documented(needs[_i].lines, &document);

    ck_assert_str_eq(joined(fa_document_needs(unit_pool, &document, &one)),
                     needs[_i].sentences);
}
END_TEST

/* A block's own user claim names a user too. */
START_TEST(user_of_an_issuer_is_left_out)
{
    fa_document document;
    const fa_documented one = documented("RequireClaim nick alice", &document);
    fa_claim_names names = {.user = apr_array_make(unit_pool, 1, 8)};
    fa_issuer *issuer;

    APR_ARRAY_PUSH((apr_array_header_t *)names.user, const char *) = "nick";
    ck_assert_ptr_null(
        fa_trust_add(unit_pool, document.server->trust, "https://a", &issuer));
    ck_assert_ptr_nonnull(
        strstr(joined(fa_document_needs(unit_pool, &document, &one)), "alice"));
    issuer->claims = &names;
    ck_assert_str_eq(joined(fa_document_needs(unit_pool, &document, &one)),
                     "A certain nick.");
}
END_TEST

#define USUAL                                                                \
    "At most 30 bad passwords or API keys in 1 minute for each address and " \
    "account.|At most 300 bad passwords or API keys in 1 minute for each "   \
    "address."

static const struct {
    const char *lines, *sentences;
} limits[] = {
    {"", ""},
    {"AuthScheme bearer-jwt", ""},
    {"AuthScheme basic", USUAL},
    {"AuthScheme basic\nRateLimit none", ""},
    {"RateLimit 100/1h", "At most 100 requests in 1 hour for each address."},
    {"RateLimit 1/1d by=user", "At most 1 request in 1 day for each user."},
    {"RateLimit 5/90 by=location",
     "At most 5 requests in 90 seconds for all callers together."},
    {"RateLimit 5/120s by=api-key,ip",
     "At most 5 requests in 2 minutes for each address and API key."},
    {"RateLimit 5/1s by=claim:org",
     "At most 5 requests in 1 second for each value of the claim org."},
    {"RateLimit 5/36h by=header:X-T",
     "At most 5 requests in 36 hours for each value of the header X-T."},
    {"RateLimit 5/1m cost=2",
     "At most 5 requests in 1 minute for each address, each of which counts 2 "
     "times."},
    {"AuthScheme bearer-jwt\nRateLimit 5/1m by=user on=failure",
     "At most 5 bad credentials in 1 minute for each account."},
    {"RateLimit 5/1m\nRateLimit 9/1d",
     "At most 5 requests in 1 minute for each address.|At most 9 requests in 1 "
     "day for each address."},
    {"<POST\nRateLimit 5/1m", ""},
};

START_TEST(limit_is_a_sentence)
{
    fa_document document;
    const fa_documented one = documented(limits[_i].lines, &document);

    ck_assert_str_eq(joined(fa_document_limits(unit_pool, &one)),
                     limits[_i].sentences);
}
END_TEST

/* --- names ---------------------------------------------------------------- */

START_TEST(what_was_not_said_has_a_name)
{
    fa_document document;
    const fa_operation said = {.summary = "Read <it>"};
    fa_documented one = documented("", &document);

    ck_assert_str_eq(fa_document_title(&document), "API");
    ck_assert_str_eq(fa_document_version(&document), "0.0.0");
    ck_assert_str_eq(fa_document_summary(unit_pool, &one), "GET /x");
    one.said = &said;
    ck_assert_str_eq(fa_document_summary(unit_pool, &one), "Read <it>");
    documented("APITitle Orders\nAPIVersion 2", &document);
    ck_assert_str_eq(fa_document_title(&document), "Orders");
    ck_assert_str_eq(fa_document_version(&document), "2");
}
END_TEST

START_TEST(path_is_percent_encoded)
{
    static const char *const paths[][2] = {
        {"/", "/"},
        {"/a/{b_1}/c", "/a/{b_1}/c"},
        {"/a b/%/?#[]", "/a%20b/%25/%3F%23%5B%5D"},
        {"/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@"},
        {"/\xc3\xa9\"<>\\^`|\x7f", "/%C3%A9%22%3C%3E%5C%5E%60%7C%7F"},
    };

    for (size_t i = 0; i < UNIT_COUNT(paths); i++)
        ck_assert_str_eq(fa_document_path(unit_pool, paths[i][0]), paths[i][1]);
}
END_TEST

START_TEST(handler_is_known_by_its_name)
{
    ck_assert_int_eq(fa_endpoint_of(NULL), FA_ENDPOINT_NONE);
    ck_assert_int_eq(fa_endpoint_of("proxy:fastauth-docs"), FA_ENDPOINT_NONE);
    ck_assert_int_eq(fa_endpoint_of("fastauth-openapi"), FA_ENDPOINT_OPENAPI);
    ck_assert_int_eq(fa_endpoint_of("fastauth-docs"), FA_ENDPOINT_DOCS);
    ck_assert_int_eq(fa_endpoint_of("fastauth-status"), FA_ENDPOINT_STATUS);
}
END_TEST

/* --- ways ----------------------------------------------------------------- */

static const struct {
    const char *lines, *names;
} ways[] = {
    {"", ""},
    {"AuthScheme none", ""},
    {"AuthScheme basic bearer-jwt oauth2\nAuthPasswords file",
     "basic|bearer-jwt|oauth2"},
    /* Who cannot bring what is demanded has no way in. */
    {"AuthScheme basic api-key-header bearer-jwt\nAuthPasswords file\n"
     "RequireRole a",
     "api-key-header-X-API-Key|bearer-jwt"},
    {"AuthScheme api-key-header bearer-jwt\nRequireClaim a b", "bearer-jwt"},
    {"AuthScheme basic\nAuthPasswords file\nRequireRole a", "basic"},
    {"AuthScheme api-key-header api-key-query api-key-cookie:sid",
     "api-key-header-X-API-Key|api-key-query-api_key|api-key-cookie-sid"},
    /* Never one name for two things. */
    {"AuthScheme api-key-header:a.b api-key-header:a!b api-key-header:a.21b",
     "api-key-header-a.2Eb|api-key-header-a.21b|api-key-header-a.2E21b"},
    {"AuthScheme bearer-jwt\nAuthTokenSource header cookie:t query:q header",
     "bearer-jwt|bearer-jwt-cookie-t|bearer-jwt-query-q"},
    {"AuthScheme oauth2\nAuthTokenSource query:q", "oauth2-query-q"},
    {"AuthScheme oauth2 bearer-jwt\nAuthTokenSource cookie:t header",
     "oauth2-cookie-t|oauth2|bearer-jwt"},
    {"AuthScheme basic\nAuthTokenSource cookie:t", "basic"},
};

START_TEST(way_has_a_name)
{
    fa_document document;
    const fa_documented one = documented(ways[_i].lines, &document);
    apr_array_header_t *found = fa_document_ways(unit_pool, &one);
    apr_array_header_t *names = apr_array_make(unit_pool, 4, sizeof(char *));

    for (int i = 0; i < found->nelts; i++)
        APR_ARRAY_PUSH(names, const char *) =
            APR_ARRAY_IDX(found, i, fa_way).name;
    ck_assert_str_eq(joined(names), ways[_i].names);
}
END_TEST

/* --- answers -------------------------------------------------------------- */

#define BAD    "The credential is not valid."
#define OLD    "The credential has expired."
#define NOBODY "401 Authentication is required. " BAD
#define TWICE  "400 More than one credential was sent."
#define DOWN   "503 The request cannot be checked at the moment."
#define MANY   "More requests than are allowed here: come again later."
#define OK     "200 What the handler answers."
#define P      " (application/problem+json)"

static const struct {
    const char *lines;
    fa_endpoint endpoint;
    fa_method method;
    const char *answers;
} answers[] = {
    {"", FA_ENDPOINT_NONE, FA_GET, OK},
    {"", FA_ENDPOINT_NONE, FA_POST, OK},
    {"AuthScheme bearer-jwt", FA_ENDPOINT_NONE, FA_GET,
     OK "|" TWICE P "|" NOBODY " " OLD P},
    {"AuthScheme bearer-jwt\nAuthErrorFormat fastopenapi", FA_ENDPOINT_NONE,
     FA_GET,
     OK "|" TWICE " (application/json)|" NOBODY " " OLD " (application/json)"},
    {"AuthScheme bearer-jwt\nAuthErrorFormat httpd", FA_ENDPOINT_NONE, FA_GET,
     OK "|" TWICE " (text/html)|" NOBODY " " OLD " (text/html)"},
    {"RateLimit 1/1m", FA_ENDPOINT_NONE, FA_GET, OK "|429 " MANY P "|" DOWN P},
    {"RateLimit 1/1m\nRateLimitStatus 403\nAuthRequireTLS on", FA_ENDPOINT_NONE,
     FA_GET,
     OK "|403 This resource is served over TLS only. " MANY P "|" DOWN P},
    {"AuthReportOnly on\nAuthScheme bearer-jwt\nRequireScope a",
     FA_ENDPOINT_NONE, FA_GET, OK},
    /* Nobody passes. */
    {"RequireScope a", FA_ENDPOINT_NONE, FA_GET,
     "500 The server's configuration does not allow an answer." P},
    {"RequireScope a\nRequireAddress ::1", FA_ENDPOINT_NONE, FA_GET,
     "403 Requests from this address are not accepted." P
     "|500 The server's configuration does not allow an answer." P},
    {"AuthScheme basic\nAuthPasswords file\nRateLimit none\nRequireRole r",
     FA_ENDPOINT_NONE, FA_GET,
     TWICE P "|" NOBODY P
             "|403 The caller has none of the roles that this resource "
             "requires." P "|" DOWN P},
    /* Nobody comes as far as the mistake. */
    {"RequireAddress 192.0.2.0/24\nRequireAddress 198.51.100.0/24\n"
     "RequireScope a",
     FA_ENDPOINT_NONE, FA_GET,
     "403 Requests from this address are not accepted. "
     "(application/problem+json)"},
    /* Handlers of our own. */
    {"", FA_ENDPOINT_OPENAPI, FA_GET,
     "200 The OpenAPI document. (application/json)|304 The caller's copy is "
     "still the same.|412 A precondition does not hold. (text/html)"},
    {"", FA_ENDPOINT_DOCS, FA_GET,
     "200 The documentation as a page. (text/html)|304 The caller's copy is "
     "still the same.|412 A precondition does not hold. (text/html)"},
    {"", FA_ENDPOINT_DOCS, FA_POST,
     "405 The method is not allowed here. (text/html)"},
    {"AuthScheme api-key-header\nRateLimit none", FA_ENDPOINT_STATUS, FA_GET,
     "200 The counters, in the format asked for. (application/json, text/html, "
     "text/plain)|400 The format is unknown. More than one credential was "
     "sent. (text/html, application/problem+json)|" NOBODY " " OLD P
     "|" DOWN P},
};

START_TEST(answers_are_those_that_can_be_given)
{
    fa_document document;
    fa_documented one = documented(answers[_i].lines, &document);
    apr_array_header_t *found, *texts = apr_array_make(unit_pool, 8, 8);

    one.endpoint = answers[_i].endpoint;
    one.method = answers[_i].method;
    found = fa_document_answers(unit_pool, &one);
    for (int i = 0; i < found->nelts; i++) {
        const fa_answer *answer = &APR_ARRAY_IDX(found, i, fa_answer);

        APR_ARRAY_PUSH(texts, const char *) =
            apr_psprintf(unit_pool, "%d %s%s%s%s", answer->status,
                         answer->description, answer->media_type ? " (" : "",
                         answer->media_type ? answer->media_type : "",
                         answer->media_type ? ")" : "");
        ck_assert_uint_ne(answer->verdicts, 0);
    }
    ck_assert_str_eq(joined(texts), answers[_i].answers);
}
END_TEST

START_TEST(too_many_limits_answer_500)
{
    fa_document document;
    fa_documented one = documented("RateLimit 5/1m", &document);
    apr_array_header_t *found;

    for (int i = 0; i < FA_LIMITS_MAX; i++)
        one.policy =
            fa_policy_merge(unit_pool, one.policy,
                            documented("RateLimit 5/1m", &document).policy);
    found = fa_document_answers(unit_pool, &one);
    ck_assert_int_eq(found->nelts, 1);
    ck_assert_int_eq(APR_ARRAY_IDX(found, 0, fa_answer).status, 500);
}
END_TEST

START_TEST(text_is_utf8)
{
    ck_assert_str_eq(fa_document_text(unit_pool, "\xc3\xa9\n\"<"),
                     "\xc3\xa9\n\"<");
    ck_assert_str_eq(fa_document_text(unit_pool, "a\xff"), "a\\xff");
}
END_TEST

int main(void)
{
    TCase *words = unit_case("words"), *facts = unit_case("facts");

    tcase_add_loop_test(words, need_is_a_sentence, 0, UNIT_ROWS(needs));
    tcase_add_test(words, user_of_an_issuer_is_left_out);
    tcase_add_loop_test(words, limit_is_a_sentence, 0, UNIT_ROWS(limits));
    tcase_add_test(facts, what_was_not_said_has_a_name);
    tcase_add_test(facts, path_is_percent_encoded);
    tcase_add_test(facts, handler_is_known_by_its_name);
    tcase_add_loop_test(facts, way_has_a_name, 0, UNIT_ROWS(ways));
    tcase_add_loop_test(facts, answers_are_those_that_can_be_given, 0,
                        UNIT_ROWS(answers));
    tcase_add_test(facts, too_many_limits_answer_500);
    tcase_add_test(facts, text_is_utf8);
    return unit_run("t_document", words, facts, NULL);
}
