/* An origin is let in by its exact text or not at all, and is told no more.
 * Tests of fa_cors, fa_cors_origin. S44, A77, A78, A79. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_cors.h"

/* All headers, a line feed behind each. */
static const char *told(const apr_table_t *headers)
{
    const apr_array_header_t *all = apr_table_elts(headers);
    const char *text = "";

    for (int i = 0; i < all->nelts; i++) {
        const apr_table_entry_t *entry =
            &APR_ARRAY_IDX(all, i, apr_table_entry_t);

        ck_assert(fa_cors_is_header(entry->key));
        text = apr_pstrcat(unit_pool, text, entry->key + 15, ": ", entry->val,
                           "\n", NULL);
    }
    return text;
}

static const fa_cors *cors_of(const char *text)
{
    return unit_policy(text)->cors;
}

#define LIST                                                        \
    "CORSOrigin https://a.example http://a.example:8080 app://a.b " \
    "https://[2001:db8::1]:8443"

/* A77: which of these may ask, where those of LIST may. */
static const struct {
    const char *origin;
    bool may;
} origins[] = {
    {"https://a.example", true},
    {"http://a.example:8080", true},
    {"app://a.b", true},
    {"https://[2001:db8::1]:8443", true},
    {NULL, false},
    {"", false},
    {"null", false},
    {"*", false},
    {"https://a.example.evil", false},
    {"https://evila.example", false},
    {"https://a.example:443", false},
    {"https://a.example.", false},
    {"https://a.example/", false},
    {"https://A.example", false},
    {"HTTPS://a.example", false},
    {"http://a.example", false},
    {"http://a.example:80", false},
    {"http://a.example:80800", false},
    {"https://sub.a.example", false},
    {"https://a_example", false},
    {"https://axexample", false},
    {"https://user@a.example", false},
    {"https://a.example, https://b.example", false},
    {"https://a.example,https://a.example", false},
    {"https://a.example https://a.example", false},
    {" https://a.example", false},
    {"https://a.example\t", false},
    {"https://a.exampl", false},
    {"a.example", false},
    {"https://[2001:db8:0::1]:8443", false},
};

START_TEST(origin_is_compared_exactly)
{
    const char *credentials[] = {"", "\nCORSCredentials on"};

    for (size_t i = 0; i < UNIT_COUNT(credentials); i++) {
        const fa_cors *cors =
            cors_of(apr_pstrcat(unit_pool, LIST, credentials[i], NULL));
        fa_cors_asked asked = {origins[_i].origin, "GET", NULL};
        const char *expected =
            origins[_i].may
                ? apr_pstrcat(unit_pool, "Allow-Origin: ", origins[_i].origin,
                              "\n", i ? "Allow-Credentials: true\n" : "", NULL)
                : "";
        const char *before = told(fa_cors_preflight(unit_pool, cors, &asked));

        ck_assert_str_eq(
            told(fa_cors_answer(unit_pool, cors, origins[_i].origin)),
            expected);
        ck_assert_uint_eq(strncmp(before, expected, strlen(expected)) == 0 &&
                              *before != '\0',
                          origins[_i].may);
    }
}
END_TEST

START_TEST(long_origin_is_refused)
{
    const char *origin = apr_pstrcat(unit_pool, "https://a.example",
                                     unit_repeat("x", 8000), NULL);

    ck_assert_str_eq(told(fa_cors_answer(unit_pool, cors_of(LIST), origin)),
                     "");
}
END_TEST

/* An answer to https://a.example. */
static const struct {
    const char *policy, *told;
} answers[] = {
    {"CORSOrigin none", ""},
    {"CORSMethods *\nCORSCredentials on\nCORSExposeHeaders X-A", ""},
    {"CORSOrigin *", "Allow-Origin: *\n"},
    {"CORSOrigin *\nCORSExposeHeaders RateLimit Retry-After",
     "Allow-Origin: *\nExpose-Headers: RateLimit, Retry-After\n"},
    {"CORSOrigin https://a.example\nCORSExposeHeaders none\n"
     "CORSCredentials off",
     "Allow-Origin: https://a.example\n"},
    {"CORSOrigin https://a.example\nCORSExposeHeaders X-A\nCORSCredentials on",
     "Allow-Origin: https://a.example\nAllow-Credentials: true\n"
     "Expose-Headers: X-A\n"},
    {"CORSOrigin https://b.example\nCORSExposeHeaders X-A\nCORSCredentials on",
     ""},
};

START_TEST(answer_tells_no_more)
{
    ck_assert_str_eq(told(fa_cors_answer(unit_pool, cors_of(answers[_i].policy),
                                         "https://a.example")),
                     answers[_i].told);
}
END_TEST

/* A78: a preflight of https://a.example; NULL: it gets nothing. */
static const struct {
    const char *policy, *method, *headers;
    const char *methods, *allowed; /* allowed "": no such header */
} preflights[] = {
    {"", "GET", NULL, "GET, HEAD, POST", ""},
    {"", "HEAD", NULL, "GET, HEAD, POST", ""},
    {"", "POST", "", "GET, HEAD, POST", ""},
    {"", "PUT", NULL, NULL, NULL},
    {"", "get", NULL, NULL, NULL},
    {"", "GET", "x-a", NULL, NULL},
    {"", "GET", " , ", "GET, HEAD, POST", ""},
    {"", "", NULL, NULL, NULL},
    {"", NULL, NULL, NULL, NULL},
    {"", "GET, POST", NULL, NULL, NULL},
    {"CORSMethods PUT DELETE", "DELETE", NULL, "PUT, DELETE", ""},
    {"CORSMethods PUT DELETE", "GET", NULL, NULL, NULL},
    {"CORSMethods PUT DELETE", "delete", NULL, NULL, NULL},
    {"CORSMethods PUT DELETE", "*", NULL, NULL, NULL},
    {"CORSMethods *", "PATCH", NULL, "PATCH", ""},
    {"CORSMethods *", "patch", NULL, "patch", ""},
    {"CORSMethods *", "PA TCH", NULL, NULL, NULL},
    {"CORSMethods *", "PUT\r\nX: y", NULL, NULL, NULL},
    {"CORSHeaders X-A Authorization", "GET", "authorization,x-a",
     "GET, HEAD, POST", "X-A, Authorization"},
    {"CORSHeaders X-A Authorization", "GET", "X-A , \tauthorization",
     "GET, HEAD, POST", "X-A, Authorization"},
    {"CORSHeaders X-A Authorization", "GET", NULL, "GET, HEAD, POST",
     "X-A, Authorization"},
    {"CORSHeaders X-A Authorization", "GET", "x-a,x-b", NULL, NULL},
    {"CORSHeaders X-A Authorization", "GET", "x-a authorization", NULL, NULL},
    {"CORSHeaders X-A", "GET", "x - a", NULL, NULL},
    {"CORSHeaders X-A", "GET", "*", NULL, NULL},
    {"CORSHeaders none", "GET", "x-a", NULL, NULL},
    {"CORSHeaders *", "GET", "x-a,\tx-b , ,x-c", "GET, HEAD, POST",
     "x-a, x-b, x-c"},
    {"CORSHeaders *", "GET", NULL, "GET, HEAD, POST", ""},
    {"CORSHeaders *", "GET", "x a", NULL, NULL},
    {"CORSHeaders *", "GET", "x-a: y", NULL, NULL},
    {"CORSHeaders *", "GET", "x-a,\x80", NULL, NULL},
    {"CORSHeaders *", "GET", "<script>", NULL, NULL},
};

START_TEST(preflight_is_allowed_or_told_nothing)
{
    const fa_cors *cors = cors_of(
        apr_pstrcat(unit_pool, "CORSOrigin https://a.example\n",
                    "CORSExposeHeaders X\n", preflights[_i].policy, NULL));
    fa_cors_asked asked = {"https://a.example", preflights[_i].method,
                           preflights[_i].headers};
    apr_table_t *headers = fa_cors_preflight(unit_pool, cors, &asked);

    if (!preflights[_i].methods) {
        ck_assert_str_eq(told(headers), "");
        return;
    }
    ck_assert_str_eq(
        told(headers),
        apr_pstrcat(unit_pool, "Allow-Origin: https://a.example\n",
                    "Allow-Methods: ", preflights[_i].methods, "\n",
                    *preflights[_i].allowed ? "Allow-Headers: " : "",
                    preflights[_i].allowed, *preflights[_i].allowed ? "\n" : "",
                    "Max-Age: 600\n", NULL));
    asked.origin = "https://b.example";
    ck_assert_str_eq(told(fa_cors_preflight(unit_pool, cors, &asked)), "");
}
END_TEST

/* The Python guide's two: some origins with credentials, any without. */
START_TEST(preflights_of_the_guide)
{
    fa_cors_asked asked = {"https://a.example", "PUT", "authorization,x-a"};

    ck_assert_str_eq(
        told(fa_cors_preflight(unit_pool,
                               cors_of(LIST "\nCORSCredentials on\n"
                                            "CORSMethods *\nCORSHeaders *\n"
                                            "CORSMaxAge 0"),
                               &asked)),
        "Allow-Origin: https://a.example\nAllow-Credentials: true\n"
        "Allow-Methods: PUT\nAllow-Headers: authorization, x-a\nMax-Age: 0\n");
    ck_assert_str_eq(
        told(fa_cors_preflight(unit_pool,
                               cors_of("CORSOrigin *\nCORSMethods *\n"
                                       "CORSHeaders *\nCORSMaxAge 1h"),
                               &asked)),
        "Allow-Origin: *\nAllow-Methods: PUT\n"
        "Allow-Headers: authorization, x-a\nMax-Age: 3600\n");
}
END_TEST

/* A79: what the check of a whole configuration has missed is safe still. */
START_TEST(any_origin_has_no_credentials)
{
    const fa_policy *parent = unit_policy("CORSOrigin *\nCORSMethods PUT");
    const fa_policy *child = unit_policy("CORSCredentials on");
    const fa_cors *both = fa_policy_merge(unit_pool, parent, child)->cors;
    fa_cors_asked asked = {"https://a.example", "PUT", NULL};
    const char *wrong = fa_cors_contradiction(unit_pool, both);

    ck_assert_str_eq(told(fa_cors_answer(unit_pool, both, "https://a.example")),
                     "Allow-Origin: *\n");
    ck_assert_str_eq(told(fa_cors_preflight(unit_pool, both, &asked)),
                     "Allow-Origin: *\nAllow-Methods: PUT\nMax-Age: 600\n");
    ck_assert_ptr_nonnull(wrong);
    ck_assert_ptr_nonnull(strstr(wrong, "CORSOrigin * (unit.conf:1)"));
    ck_assert_ptr_nonnull(strstr(wrong, "CORSCredentials on (unit.conf:1)"));
    ck_assert_ptr_null(fa_cors_contradiction(unit_pool, parent->cors));
    ck_assert_ptr_null(fa_cors_contradiction(unit_pool, child->cors));
    ck_assert_ptr_null(fa_cors_contradiction(unit_pool, NULL));
}
END_TEST

START_TEST(each_directive_of_a_child_replaces_that_one)
{
    const fa_policy *parent = unit_policy(
        LIST "\nCORSMethods PUT\nCORSHeaders X-A\nCORSExposeHeaders X-B\n"
             "CORSCredentials on\nCORSMaxAge 5s");
    static const struct {
        const char *child, *preflight, *answer;
    } rows[] = {
        {"CORSMethods DELETE PUT",
         "Allow-Origin: app://a.b\nAllow-Credentials: true\n"
         "Allow-Methods: DELETE, PUT\nAllow-Headers: X-A\nMax-Age: 5\n",
         "Allow-Origin: app://a.b\nAllow-Credentials: true\n"
         "Expose-Headers: X-B\n"},
        {"CORSHeaders *\nCORSExposeHeaders none",
         "Allow-Origin: app://a.b\nAllow-Credentials: true\n"
         "Allow-Methods: PUT\nMax-Age: 5\n",
         "Allow-Origin: app://a.b\nAllow-Credentials: true\n"},
        {"CORSCredentials off\nCORSMaxAge 6",
         "Allow-Origin: app://a.b\nAllow-Methods: PUT\nAllow-Headers: X-A\n"
         "Max-Age: 6\n",
         "Allow-Origin: app://a.b\nExpose-Headers: X-B\n"},
        {"CORSOrigin https://a.example", "", ""},
        {"CORSOrigin none", "", ""},
    };

    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        const fa_cors *cors =
            fa_policy_merge(unit_pool, parent, unit_policy(rows[i].child))
                ->cors;
        fa_cors_asked asked = {"app://a.b", "PUT", NULL};

        ck_assert_str_eq(told(fa_cors_preflight(unit_pool, cors, &asked)),
                         rows[i].preflight);
        ck_assert_str_eq(told(fa_cors_answer(unit_pool, cors, "app://a.b")),
                         rows[i].answer);
    }
}
END_TEST

START_TEST(it_lets_nobody_in_or_out)
{
    const fa_policy *policy = unit_policy(LIST "\nSecurityHeaders on");

    ck_assert(!fa_policy_in_force(policy));
    ck_assert(fa_cors_in_force(policy->cors));
    ck_assert(!fa_cors_in_force(NULL));
    ck_assert(!fa_cors_in_force(cors_of("CORSOrigin none")));
    ck_assert(!fa_cors_in_force(cors_of("CORSMethods *")));
    ck_assert(!fa_cors_is_header("Access-Contro"));
    ck_assert(fa_cors_is_header("access-control-x"));
}
END_TEST

/* Lines that are wrong, and what is said of them. */
static const struct {
    const char *line, *wrong;
} misuses[] = {
    {"CORSOrigin", "https://app.example.com, or * or none"},
    {"CORSOrigin null", "cannot be let in"},
    {"CORSOrigin * https://a.example", "'*' stands alone"},
    {"CORSOrigin https://a.example none", "'none' stands alone"},
    {"CORSOrigin https://a.example https://a.example", "twice"},
    {"CORSOrigin https://a.example/", "write https://a.example"},
    {"CORSOrigin https://a.example/path", "write https://a.example"},
    {"CORSOrigin https://a.example:443", "write https://a.example"},
    {"CORSOrigin http://a.example:80", "write http://a.example"},
    {"CORSOrigin http://a.example:080", "no origin"},
    {"CORSOrigin http://a.example:65536", "no origin"},
    {"CORSOrigin http://a.example:", "no origin"},
    {"CORSOrigin https://a.example.", "no origin"},
    {"CORSOrigin https://.a.example", "no origin"},
    {"CORSOrigin https://a..example", "no origin"},
    {"CORSOrigin https://A.example", "lower case"},
    {"CORSOrigin HTTPS://a.example", "lower case"},
    {"CORSOrigin https://*.example", "without a wildcard"},
    {"CORSOrigin https://u@a.example", "no origin"},
    {"CORSOrigin https://a.example?x", "no origin"},
    {"CORSOrigin https://b\xc3\xbc.example", "no origin"},
    {"CORSOrigin a.example", "no origin"},
    {"CORSOrigin //a.example", "no origin"},
    {"CORSOrigin https:a.example", "no origin"},
    {"CORSOrigin https://", "no origin"},
    {"CORSOrigin \"\"", "no origin"},
    {"CORSOrigin 1https://a", "no origin"},
    {"CORSOrigin https://[::1", "no origin"},
    {"CORSOrigin https://[]", "no origin"},
    {"CORSOrigin https://[1::2::3]", "no origin"},
    {"CORSOrigin https://[0:0:0:0:0:0:0:1]", "no origin"},
    {"CORSOrigin https://[::1]x", "no origin"},
    {"CORSMethods", "GET PUT DELETE, or *"},
    {"CORSMethods put", "write PUT"},
    {"CORSMethods \"PUT \"", "no method"},
    {"CORSMethods PUT *", "'*' stands alone"},
    {"CORSMethods PUT PUT", "twice"},
    {"CORSMethods PUT,GET", "no method"},
    {"CORSHeaders", "Authorization Content-Type, or * or none"},
    {"CORSHeaders X-A *", "'*' stands alone"},
    {"CORSHeaders X:A", "no header's name"},
    {"CORSHeaders X-*", "no header's name"},
    {"CORSExposeHeaders", "Retry-After, or none"},
    {"CORSExposeHeaders *", "name each header"},
    {"CORSExposeHeaders none X-A", "stands alone"},
    {"CORSCredentials", "off or on"},
    {"CORSCredentials true", "off or on"},
    {"CORSMaxAge", "10m"},
    {"CORSMaxAge 1m 2m", "10m"},
    {"CORSMaxAge 1x", "s, m, h"},
    {"CORSMaxAge 25h", "at most 24h"},
    {"CORSOrigin *\nCORSCredentials on", "name the origins"},
    {"CORSCredentials on\nCORSOrigin *", "name the origins"},
    {"CORSOrigin *\nCORSOrigin none", "said already"},
    {"CORSMethods *\nCORSMethods *", "said already"},
    {"CORSHeaders *\nCORSHeaders *", "said already"},
    {"CORSExposeHeaders none\nCORSExposeHeaders X-A", "said already"},
    {"CORSCredentials off\nCORSCredentials on", "said already"},
    {"CORSMaxAge 1\nCORSMaxAge 1", "said already"},
};

START_TEST(wrong_line_is_refused)
{
    fa_line *line = unit_line("/");
    char *rest = apr_pstrdup(unit_pool, misuses[_i].line), *one;
    const char *wrong = NULL;

    while ((one = apr_strtok(rest, "\n", &rest)) != NULL) {
        ck_assert_ptr_null(wrong);
        wrong = unit_say(line, one);
    }
    ck_assert_msg(wrong && strstr(wrong, misuses[_i].wrong), "%s: %s",
                  misuses[_i].line, wrong ? wrong : "taken");
}
END_TEST

static const char *const good[] = {
    "http://localhost:3000",
    "https://a-b.c_d.example:65535",
    "http://127.0.0.1",
    "http://a.example:443",
    "https://a.example:80",
    "https://xn--bcher-kva.example",
    "chrome-extension://abcdefghijklmnop",
    "http://[::1]:3000",
    "http://[::ffff:102:304]",
};

START_TEST(origin_of_a_browser_is_taken)
{
    const fa_cors *cors =
        cors_of(apr_pstrcat(unit_pool, "CORSOrigin ", good[_i], NULL));

    ck_assert_str_eq(
        told(fa_cors_answer(unit_pool, cors, good[_i])),
        apr_pstrcat(unit_pool, "Allow-Origin: ", good[_i], "\n", NULL));
}
END_TEST

int main(void)
{
    TCase *cors = unit_case("cors");

    tcase_add_loop_test(cors, origin_is_compared_exactly, 0,
                        UNIT_ROWS(origins));
    tcase_add_test(cors, long_origin_is_refused);
    tcase_add_loop_test(cors, answer_tells_no_more, 0, UNIT_ROWS(answers));
    tcase_add_loop_test(cors, preflight_is_allowed_or_told_nothing, 0,
                        UNIT_ROWS(preflights));
    tcase_add_test(cors, preflights_of_the_guide);
    tcase_add_test(cors, any_origin_has_no_credentials);
    tcase_add_test(cors, each_directive_of_a_child_replaces_that_one);
    tcase_add_test(cors, it_lets_nobody_in_or_out);
    tcase_add_loop_test(cors, wrong_line_is_refused, 0, UNIT_ROWS(misuses));
    tcase_add_loop_test(cors, origin_of_a_browser_is_taken, 0, UNIT_ROWS(good));
    return unit_run("t_cors", cors, NULL);
}
