/* The headers of SecurityHeaders, and what its line may be.
 * Tests of fa_security_headers. S43, A67. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_security_headers.h"

#define NOSNIFF  "X-Content-Type-Options: nosniff\n"
#define FRAME    "X-Frame-Options: DENY\n"
#define REFERRER "Referrer-Policy: no-referrer\n"
#define XSS      "X-XSS-Protection: 0\n"
#define ALL      NOSNIFF FRAME REFERRER XSS

static const char *told(const fa_policy *policy, bool tls)
{
    const apr_array_header_t *all = apr_table_elts(
        fa_security_headers_of(unit_pool, policy->security_headers, tls));
    const char *text = "";

    for (int i = 0; i < all->nelts; i++) {
        const apr_table_entry_t *entry =
            &APR_ARRAY_IDX(all, i, apr_table_entry_t);

        text = apr_pstrcat(unit_pool, text, entry->key, ": ", entry->val, "\n",
                           NULL);
    }
    return text;
}

static const struct {
    const char *line, *headers, *over_tls; /* what TLS adds */
} rows[] = {
    {"CORSOrigin *", "", ""},
    {"SecurityHeaders off", "", ""},
    {"SecurityHeaders on", ALL,
     "Strict-Transport-Security: max-age=63072000\n"},
    {"SecurityHeaders On hsts=1d", ALL,
     "Strict-Transport-Security: max-age=86400\n"},
    {"SecurityHeaders on hsts=0", ALL,
     "Strict-Transport-Security: max-age=0\n"},
    {"SecurityHeaders on hsts=off", ALL, ""},
    {"SecurityHeaders on hsts=off frame=sameorigin",
     NOSNIFF "X-Frame-Options: SAMEORIGIN\n" REFERRER XSS, ""},
    {"SecurityHeaders on frame=off hsts=off", NOSNIFF REFERRER XSS, ""},
    {"SecurityHeaders on hsts=off csp=\"default-src 'none'; x\"",
     ALL "Content-Security-Policy: default-src 'none'; x\n", ""},
};

START_TEST(headers_are_these)
{
    const fa_policy *policy = unit_policy(rows[_i].line);

    ck_assert_str_eq(told(policy, false), rows[_i].headers);
    ck_assert_str_eq(
        told(policy, true),
        apr_pstrcat(unit_pool, rows[_i].headers, rows[_i].over_tls, NULL));
}
END_TEST

START_TEST(child_replaces_the_whole_line)
{
    const fa_policy *parent =
        unit_policy("SecurityHeaders on frame=off csp=x hsts=0");

    ck_assert_str_eq(told(fa_policy_merge(unit_pool, parent,
                                          unit_policy("SecurityHeaders on")),
                          false),
                     ALL);
    ck_assert_str_eq(told(fa_policy_merge(unit_pool, parent,
                                          unit_policy("SecurityHeaders off")),
                          true),
                     "");
    ck_assert_str_eq(
        told(fa_policy_merge(unit_pool, parent, unit_policy("")), false),
        NOSNIFF REFERRER XSS "Content-Security-Policy: x\n");
}
END_TEST

START_TEST(two_policies_of_content_both_hold)
{
    ck_assert(!fa_security_header_is_single("content-security-policy"));
    ck_assert(fa_security_header_is_single("X-Frame-Options"));
    ck_assert(fa_security_header_is_single("Strict-Transport-Security"));
}
END_TEST

static const struct {
    const char *line, *wrong;
} misuses[] = {
    {"SecurityHeaders", "on or off first"},
    {"SecurityHeaders yes", "'yes' is not off or on"},
    {"SecurityHeaders hsts=0", "'hsts=0' is not off or on"},
    {"SecurityHeaders off frame=DENY", "beside off stands nothing"},
    {"SecurityHeaders on on", "'on' is none of hsts="},
    {"SecurityHeaders on referrer=x", "'referrer=x' is none of"},
    {"SecurityHeaders on hsts=1x", "hsts=: "},
    {"SecurityHeaders on hsts=-1", "or off"},
    {"SecurityHeaders on hsts=", "hsts=: "},
    {"SecurityHeaders on hsts=1 hsts=1", "said twice"},
    {"SecurityHeaders on frame=ALLOW-FROM", "DENY, SAMEORIGIN or off"},
    {"SecurityHeaders on frame=", "DENY, SAMEORIGIN or off"},
    {"SecurityHeaders on csp=", "nothing behind it"},
    {"SecurityHeaders on csp=\" ; \"", "nothing behind it"},
    {"SecurityHeaders on csp=\"a\x01\"", "printable ASCII"},
    {"SecurityHeaders on csp=\xc3\xbc", "printable ASCII"},
};

START_TEST(wrong_line_is_refused)
{
    const char *wrong = unit_say(unit_line("/"), misuses[_i].line);

    ck_assert_msg(wrong && strstr(wrong, misuses[_i].wrong), "%s: %s",
                  misuses[_i].line, wrong ? wrong : "taken");
}
END_TEST

START_TEST(it_is_said_once)
{
    fa_line *line = unit_line("/");

    ck_assert_ptr_null(unit_say(line, "SecurityHeaders on"));
    ck_assert_ptr_nonnull(
        strstr(unit_say(line, "SecurityHeaders off"), "said already"));
}
END_TEST

int main(void)
{
    TCase *headers = unit_case("security headers");

    tcase_add_loop_test(headers, headers_are_these, 0, UNIT_ROWS(rows));
    tcase_add_test(headers, child_replaces_the_whole_line);
    tcase_add_test(headers, two_policies_of_content_both_hold);
    tcase_add_loop_test(headers, wrong_line_is_refused, 0, UNIT_ROWS(misuses));
    tcase_add_test(headers, it_is_said_once);
    return unit_run("t_security_headers", headers, NULL);
}
