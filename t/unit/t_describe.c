/* A policy is told in sentences, each with its line.
 * Tests of fa_describe. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_describe.h"

static const char *methods(apr_pool_t *pool, apr_int64_t mask)
{
    return apr_psprintf(pool, "methods %" APR_INT64_T_FMT, mask);
}

/* All sentences, a line feed behind each. */
static const char *told(const fa_policy *policy)
{
    const apr_array_header_t *lines = fa_describe(unit_pool, policy, methods);
    const char *text = "";

    for (int i = 0; i < lines->nelts; i++)
        text = apr_pstrcat(unit_pool, text,
                           APR_ARRAY_IDX(lines, i, const char *), "\n", NULL);
    return text;
}

static const struct {
    const char *policy, *told;
} rows[] = {
    {"", ""},
    {"AuthScheme bearer-jwt basic optional",
     "identified by: bearer-jwt basic optional   (AuthScheme, unit.conf:1)\n"
     "all methods: bad credentials, 30 in 60s by address and user   "
     "(RateLimit, unit.conf:1)\n"
     "all methods: bad credentials, 300 in 60s by address   (RateLimit, "
     "unit.conf:1)\n"},
    {"RateLimit 100/1h by=user,claim:plan\nRateLimit 5/1s by=header:X-Tenant",
     "all methods: 100 in 3600s by user and claim plan   (RateLimit, "
     "unit.conf:1)\n"
     "all methods: 5 in 1s by header X-Tenant   (RateLimit, unit.conf:2)\n"},
    {"RateLimit none", ""},
    {"AuthScheme none", "identified by: none   (AuthScheme, unit.conf:1)\n"},
    {"RequireScope a b\nRequireRole r s\nRequireClaim c v w\n"
     "RequireAddress 10.0.0.0/8 ::1",
     "all methods: with every scope of: a b   (RequireScope, unit.conf:1)\n"
     "all methods: with one role of: r s   (RequireRole, unit.conf:2)\n"
     "all methods: with the claim and one value of: c v w   (RequireClaim, "
     "unit.conf:3)\n"
     "all methods: from one of the networks: 10.0.0.0/8 ::1   "
     "(RequireAddress, unit.conf:4)\n"},
    {UNIT_MATCH "\nRequirePermission p:q r\n"
                "RequireOwner query:owner_of bypass=admin hide",
     "all methods: with every permission of: p:q r   (RequirePermission, "
     "unit.conf:1)\n"
     "all methods: who owns it by: query:owner_of bypass=admin hide   "
     "(RequireOwner, unit.conf:2)\n"},
    {"AuthTokenSource header cookie:c query:q",
     "tokens are looked for in the Authorization header\n"
     "tokens are looked for in the cookie c\n"
     "tokens are looked for in the query parameter q\n"},
    {"AuthPasswords file dbm cache=5m",
     "passwords by: file dbm, remembered for 300s   (AuthPasswords, "
     "unit.conf:1)\n"},
    {"AuthRequireTLS on", "over TLS only\n"},
    {"AuthRequireTLS loopback",
     "over TLS only, but for clients on this machine\n"},
    {"AuthRequireTLS off", ""},
    {"AuthIdentityHeaders X-Auth-",
     "the backend reads the identity in X-Auth-User...\n"},
    {"AuthIdentityHeaders off", ""},
    {"AuthStripCredentials on",
     "the credential is taken out before the handler\n"},
    {"AuthReportOnly on", "REPORT ONLY: nothing of this is enforced\n"},
    {"AuthReportOnly off", ""},
    {"RequireScope none", ""},
    {"CORSOrigin *",
     "pages of any origin may read the answers   (CORSOrigin, unit.conf:1)\n"
     "and use these methods: GET, HEAD, POST\n"},
    {"CORSOrigin https://a https://b\nCORSCredentials on\nCORSMethods *\n"
     "CORSHeaders X-A X-B\nCORSExposeHeaders X-C",
     "pages of https://a, https://b may read the answers, their visitors' "
     "credentials sent along   (CORSOrigin, unit.conf:1)\n"
     "and use these methods: any; send these headers: X-A, X-B; read these "
     "headers: X-C\n"},
    {"CORSOrigin none\nCORSMethods *", ""},
    {"SecurityHeaders on frame=off csp=x",
     "answers have X-Content-Type-Options nosniff, Referrer-Policy "
     "no-referrer, X-XSS-Protection 0, Content-Security-Policy x, "
     "Strict-Transport-Security max-age=63072000   (SecurityHeaders, "
     "unit.conf:1)\n"},
    {"SecurityHeaders off", ""},
};

START_TEST(policy_is_told)
{
    ck_assert_str_eq(told(unit_policy(rows[_i].policy)), rows[_i].told);
}
END_TEST

START_TEST(methods_are_named)
{
    fa_line *line = unit_line("/");

    line->methods = 12;
    unit_say(line, "RequireScope a");
    ck_assert_str_eq(told(line->policy),
                     "methods 12: with every scope of: a   (RequireScope, "
                     "unit.conf:1)\n");
}
END_TEST

int main(void)
{
    TCase *describe = unit_case("describe");

    tcase_add_loop_test(describe, policy_is_told, 0, UNIT_ROWS(rows));
    tcase_add_test(describe, methods_are_named);
    return unit_run("t_describe", describe, NULL);
}
