/* A caller is told what to bring, by the standards' own examples.
 * Tests of fa_challenge. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_challenge.h"

/* The challenges of an outcome, a line feed behind each. */
static const char *challenges(const char *schemes, fa_verdict verdict,
                              const char *presented, const char *scopes,
                              const char *realm)
{
    const fa_policy *policy =
        unit_policy(apr_pstrcat(unit_pool, "AuthScheme ", schemes, NULL));
    fa_demand demand = {.kind = FA_DEMAND_SCOPE, .text = scopes};
    fa_decision decision = {.verdict = verdict,
                            .failed = scopes ? &demand : NULL};
    const apr_array_header_t *list = policy->schemes->list, *lines;
    const char *all = "";

    for (int i = 0; presented && i < list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(list, i, fa_scheme);

        if (strcmp(scheme->name, presented) == 0)
            decision.presented = scheme;
    }
    ck_assert(!presented || decision.presented);
    lines = fa_challenges(unit_pool, &decision, policy, realm);
    for (int i = 0; i < lines->nelts; i++)
        all = apr_pstrcat(unit_pool, all, APR_ARRAY_IDX(lines, i, const char *),
                          "\n", NULL);
    return all;
}

#define EVERY                                                           \
    "bearer-jwt basic api-key-header api-key-query api-key-cookie:sid " \
    "oauth2"
#define BASIC   "Basic realm=\"example\", charset=\"UTF-8\"\n"
#define HEADER  "ApiKey realm=\"example\", in=\"header\", name=\"X-API-Key\"\n"
#define QUERY   "ApiKey realm=\"example\", in=\"query\", name=\"api_key\"\n"
#define COOKIE  "ApiKey realm=\"example\", in=\"cookie\", name=\"sid\"\n"
#define OTHERS  BASIC HEADER QUERY COOKIE
#define INVALID "Bearer realm=\"example\", error=\"invalid_token\""
#define OLD     ", error_description=\"The token has expired\"\n"

static const struct {
    const char *schemes;
    fa_verdict verdict;
    const char *presented; /* the scheme of the credential that came */
    const char *scopes;
    const char *lines;
} rows[] = {
    /* RFC 6750 section 3: without a credential no error */
    {"bearer-jwt", FA_NO_CREDENTIAL, NULL, NULL, "Bearer realm=\"example\"\n"},
    {"oauth2", FA_NO_CREDENTIAL, NULL, NULL, "Bearer realm=\"example\"\n"},
    {"bearer-jwt", FA_NO_CREDENTIAL, "bearer-jwt", NULL,
     "Bearer realm=\"example\"\n"},
    {"bearer-jwt", FA_BAD_CREDENTIAL, "bearer-jwt", NULL, INVALID "\n"},
    {"bearer-jwt", FA_EXPIRED_CREDENTIAL, "bearer-jwt", NULL, INVALID OLD},
    {"bearer-jwt", FA_TWO_CREDENTIALS, NULL, NULL,
     "Bearer realm=\"example\", error=\"invalid_request\"\n"},
    {"bearer-jwt", FA_SCOPE_MISSING, "bearer-jwt", "a:read b",
     "Bearer realm=\"example\", error=\"insufficient_scope\", "
     "scope=\"a:read b\"\n"},
    {"oauth2", FA_SCOPE_MISSING, "oauth2", "a",
     "Bearer realm=\"example\", error=\"insufficient_scope\", "
     "scope=\"a\"\n"},
    /* RFC 7617 section 2.1 */
    {"basic", FA_NO_CREDENTIAL, NULL, NULL, BASIC},
    {"basic", FA_BAD_CREDENTIAL, "basic", NULL, BASIC},
    {"api-key-header", FA_BAD_CREDENTIAL, "api-key-header", NULL, HEADER},
    {"api-key-query", FA_EXPIRED_CREDENTIAL, "api-key-query", NULL, QUERY},
    {"api-key-cookie:sid", FA_NO_CREDENTIAL, NULL, NULL, COOKIE},
    /* one line each, one Bearer for both of its schemes */
    {EVERY, FA_NO_CREDENTIAL, NULL, NULL, "Bearer realm=\"example\"\n" OTHERS},
    {EVERY, FA_BAD_CREDENTIAL, "bearer-jwt", NULL, INVALID "\n" OTHERS},
    {EVERY, FA_BAD_CREDENTIAL, "oauth2", NULL, INVALID "\n" OTHERS},
    {EVERY, FA_EXPIRED_CREDENTIAL, "oauth2", NULL, INVALID OLD OTHERS},
    {EVERY, FA_BAD_CREDENTIAL, "basic", NULL,
     "Bearer realm=\"example\"\n" OTHERS},
    {EVERY, FA_EXPIRED_CREDENTIAL, "api-key-header", NULL,
     "Bearer realm=\"example\"\n" OTHERS},
    {EVERY, FA_TWO_CREDENTIALS, NULL, NULL,
     "Bearer realm=\"example\", error=\"invalid_request\"\n"},
    {"basic api-key-query", FA_TWO_CREDENTIALS, NULL, NULL, ""},
    /* A32: to a bearer caller alone */
    {EVERY, FA_SCOPE_MISSING, "oauth2", "a",
     "Bearer realm=\"example\", error=\"insufficient_scope\", "
     "scope=\"a\"\n"},
    {EVERY, FA_SCOPE_MISSING, "basic", "a", ""},
    {EVERY, FA_SCOPE_MISSING, "api-key-cookie", "a", ""},
    {EVERY, FA_SCOPE_MISSING, NULL, "a", ""},
    {EVERY, FA_ROLE_MISSING, "bearer-jwt", NULL, ""},
    {EVERY, FA_CLAIM_REFUSED, "bearer-jwt", NULL, ""},
    {EVERY, FA_ADDRESS_REFUSED, NULL, NULL, ""},
    {EVERY, FA_TLS_REQUIRED, NULL, NULL, ""},
    {EVERY, FA_AMBIGUOUS_PATH, NULL, NULL, ""},
    {EVERY, FA_UNAVAILABLE, "basic", NULL, ""},
    {EVERY, FA_MISCONFIGURED, NULL, NULL, ""},
    {EVERY, FA_UNDECIDED, "bearer-jwt", NULL, ""},
    {EVERY, FA_ALLOWED, "bearer-jwt", NULL, ""},
    {"none", FA_NO_CREDENTIAL, NULL, NULL, ""},
    {"none", FA_TWO_CREDENTIALS, NULL, NULL, ""},
};

START_TEST(challenge_is_due)
{
    ck_assert_str_eq(challenges(rows[_i].schemes, rows[_i].verdict,
                                rows[_i].presented, rows[_i].scopes, "example"),
                     rows[_i].lines);
}
END_TEST

/* A29, A68. */
static const struct {
    const char *realm, *quoted;
} realms[] = {
    {"example", "\"example\""},
    {"", "\"\""},
    {"my \"API\"", "\"my \\\"API\\\"\""},
    {"a\\b", "\"a\\\\b\""},
    {"a\", error=\"x", "\"a\\\", error=\\\"x\""},
    {"a\r\nSet-Cookie: x=y", "\"aSet-Cookie: x=y\""},
    {"a, b", "\"a, b\""},
    {"\xc3\xa4", "\"\xc3\xa4\""},
};

START_TEST(realm_stays_within_its_quotes)
{
    const char *schemes[] = {"bearer-jwt", "basic", "api-key-header"};
    const char *rest[] = {"", ", charset=\"UTF-8\"",
                          ", in=\"header\", name=\"X-API-Key\""};
    const char *name[] = {"Bearer", "Basic", "ApiKey"};

    for (size_t i = 0; i < UNIT_COUNT(schemes); i++)
        ck_assert_str_eq(challenges(schemes[i], FA_NO_CREDENTIAL, NULL, NULL,
                                    realms[_i].realm),
                         apr_pstrcat(unit_pool, name[i], " realm=",
                                     realms[_i].quoted, rest[i], "\n", NULL));
}
END_TEST

START_TEST(bad_key_is_no_invalid_token)
{
    fa_scheme key = {.kind = FA_API_KEY_HEADER}, jwt = {.kind = FA_BEARER_JWT};
    fa_decision decision = {.verdict = FA_BAD_CREDENTIAL};

    ck_assert_ptr_null(fa_oauth_error(&decision));
    decision.presented = &key;
    ck_assert_ptr_null(fa_oauth_error(&decision));
    decision.presented = &jwt;
    ck_assert_str_eq(fa_oauth_error(&decision), "invalid_token");
    decision.verdict = FA_NO_CREDENTIAL;
    ck_assert_ptr_null(fa_oauth_error(&decision));
}
END_TEST

int main(void)
{
    TCase *challenge = unit_case("challenge");

    tcase_add_loop_test(challenge, challenge_is_due, 0, UNIT_ROWS(rows));
    tcase_add_loop_test(challenge, realm_stays_within_its_quotes, 0,
                        UNIT_ROWS(realms));
    tcase_add_test(challenge, bad_key_is_no_invalid_token);
    return unit_run("t_challenge", challenge, NULL);
}
