/* What a token says is judged by a clock, an audience and a user.
 * Tests of fa_claims. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_claims.h"
#include "fa_json.h"
#include "fa_text.h"

#define NOW_S "1795521600"
#define NOW   (INT64_C(1795521600) * APR_USEC_PER_SEC)

/* The object of a text, or NULL where it is none. */
static json_t *object_of(const char *text)
{
    json_t *object = NULL;

    return fa_json_object(unit_pool, text, strlen(text), &object) == APR_SUCCESS
               ? object
               : NULL;
}

static const struct {
    const char *claims;
    apr_int64_t leeway_s;
    fa_verdict verdict;
} times[] = {
    /* A11 and S7: exp has passed at its own second */
    {"{\"exp\":1795521599}", 0, FA_EXPIRED_CREDENTIAL},
    {"{\"exp\":" NOW_S "}", 0, FA_EXPIRED_CREDENTIAL},
    {"{\"exp\":1795521601}", 0, FA_ALLOWED},
    {"{\"exp\":1795521570}", 30, FA_EXPIRED_CREDENTIAL},
    {"{\"exp\":1795521571}", 30, FA_ALLOWED},
    {"{\"exp\":1795521540}", 60, FA_EXPIRED_CREDENTIAL},
    /* A12, S9, S10 */
    {"{}", 0, FA_BAD_CREDENTIAL},
    {"{\"EXP\":9999999999}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":\"9999999999\"}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":null}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":true}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":[]}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":[9999999999]}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":{}}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":-1}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":-1.5}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":-9223372036854775808}", 60, FA_BAD_CREDENTIAL},
    {"{\"exp\":0}", 60, FA_EXPIRED_CREDENTIAL},
    {"{\"exp\":-0.0}", 60, FA_EXPIRED_CREDENTIAL},
    {"{\"exp\":1e300}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":1e11}", 0, FA_ALLOWED},
    {"{\"exp\":9999999999.5}", 0, FA_ALLOWED},
    {"{\"exp\":1795521600.5}", 0, FA_ALLOWED},
    {"{\"exp\":1795521599.5}", 0, FA_EXPIRED_CREDENTIAL},
    {"{\"exp\":9007199254740992}", 60, FA_ALLOWED},
    {"{\"exp\":9007199254740993}", 60, FA_BAD_CREDENTIAL},
    {"{\"exp\":9007199254740994.0}", 60, FA_BAD_CREDENTIAL},
    {"{\"exp\":9223372036854775807}", 60, FA_BAD_CREDENTIAL},
    /* A15, S11 */
    {"{\"exp\":9999999999,\"nbf\":" NOW_S "}", 0, FA_ALLOWED},
    {"{\"exp\":9999999999,\"nbf\":1795521601}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"nbf\":1795521601}", 1, FA_ALLOWED},
    {"{\"exp\":9999999999,\"nbf\":1795521661}", 60, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"iat\":" NOW_S "}", 0, FA_ALLOWED},
    {"{\"exp\":9999999999,\"iat\":1795521601}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"iat\":1795521660}", 60, FA_ALLOWED},
    {"{\"exp\":9999999999,\"iat\":1795521660.5}", 60, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"nbf\":\"0\"}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"nbf\":null}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"nbf\":-1}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"iat\":\"0\"}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"iat\":false}", 0, FA_BAD_CREDENTIAL},
    {"{\"exp\":9999999999,\"iat\":1e300}", 0, FA_BAD_CREDENTIAL},
    /* one that has expired and is of no form says nothing of its age */
    {"{\"exp\":1,\"iat\":\"0\"}", 0, FA_BAD_CREDENTIAL},
};

START_TEST(token_lives_from_nbf_until_exp)
{
    const json_t *claims = object_of(times[_i].claims);
    const char *reason = NULL;
    fa_verdict verdict;

    ck_assert_ptr_nonnull(claims);
    verdict = fa_claims_in_time(claims, times[_i].leeway_s, NOW, &reason);
    ck_assert_msg(verdict == times[_i].verdict, "%s: %s", times[_i].claims,
                  fa_verdict_row_of(verdict)->word);
    ck_assert((reason != NULL) == (verdict != FA_ALLOWED));
}
END_TEST

/* A12: not even read. */
static const char *const unread[] = {
    "{\"exp\":1e309}", "{\"exp\":9223372036854775808}", "{\"exp\":0x7fffffff}",
    "{\"exp\":+1}",    "{\"exp\":01795521601}",         "{\"exp\":Infinity}",
    "{\"exp\":NaN}",   "{\"exp\":1,\"exp\":9999999999}"};

START_TEST(what_is_no_number_is_not_read)
{
    ck_assert_ptr_null(object_of(unread[_i]));
}
END_TEST

/* A96: the clock of a worker may be anywhere. */
START_TEST(any_clock_is_fine)
{
    static const apr_int64_t clocks[] = {0, 1, 2147483648, 4294967296,
                                         9007199254740};
    const char *reason;

    for (size_t i = 0; i < UNIT_COUNT(clocks); i++) {
        for (apr_int64_t step = -1; step <= 1; step++) {
            const json_t *claims = object_of(
                apr_psprintf(unit_pool, "{\"exp\":%" APR_INT64_T_FMT "}",
                             clocks[i] + step + 1));

            ck_assert_int_eq(fa_claims_in_time(claims, 0,
                                               clocks[i] * APR_USEC_PER_SEC,
                                               &reason),
                             step < 0 || clocks[i] + step + 1 <= clocks[i]
                                 ? FA_EXPIRED_CREDENTIAL
                                 : FA_ALLOWED);
        }
    }
}
END_TEST

/* A13. Ours are "us" and "https://api.example.com". */
static const struct {
    const char *claims;
    bool ours;
    bool nobodys; /* good where no audience is configured */
} audiences[] = {
    {"{}", false, true},
    {"{\"aud\":\"us\"}", true, false},
    {"{\"aud\":\"https://api.example.com\"}", true, false},
    {"{\"aud\":[\"us\"]}", true, false},
    {"{\"aud\":[\"them\",\"us\"]}", true, false},
    {"{\"aud\":\"them\"}", false, false},
    {"{\"aud\":\"u\"}", false, false},
    {"{\"aud\":\"us \"}", false, false},
    {"{\"aud\":\"US\"}", false, false},
    {"{\"aud\":\"us them\"}", false, false},
    {"{\"aud\":\"https://api.example.com/\"}", false, false},
    {"{\"aud\":\"https://api.example.com.evil.example\"}", false, false},
    {"{\"aud\":\"\"}", false, false},
    {"{\"aud\":[]}", false, false},
    {"{\"aud\":[\"them\"]}", false, false},
    {"{\"aud\":[1,\"us\"]}", false, false},
    {"{\"aud\":[\"us\",1]}", false, false},
    {"{\"aud\":[\"us\",null]}", false, false},
    {"{\"aud\":[[\"us\"]]}", false, false},
    {"{\"aud\":{\"us\":true}}", false, false},
    {"{\"aud\":null}", false, false},
    {"{\"aud\":1}", false, false},
    {"{\"Aud\":\"us\"}", false, true},
};

START_TEST(token_for_somebody_else_is_refused)
{
    const json_t *claims = object_of(audiences[_i].claims);

    ck_assert_msg(
        !fa_claims_for_us(
            claims, fa_text_words(unit_pool, "https://api.example.com us")) ==
            audiences[_i].ours,
        "%s", audiences[_i].claims);
    ck_assert_msg(!fa_claims_for_us(claims, NULL) == audiences[_i].nobodys,
                  "%s, and no audience", audiences[_i].claims);
}
END_TEST

/* A21, S11, S12. */
static const struct {
    const char *claims;
    const char *user; /* NULL: refused */
} users[] = {
    {"{\"sub\":\"alice\"}", "alice"},
    {"{\"sub\":\"alice\",\"user_id\":7}", "alice"},
    {"{\"user_id\":7}", "7"},
    {"{\"user_id\":\"seven\"}", "seven"},
    {"{\"user_id\":-7}", "-7"},
    {"{\"user_id\":0}", "0"},
    {"{\"user_id\":9223372036854775807}", "9223372036854775807"},
    {"{\"sub\":\"\xd0\xb0lice\"}", "\xd0\xb0lice"},
    {"{\"sub\":\"\\u0430lice\"}", "\xd0\xb0lice"},
    {"{}", NULL},
    {"{\"SUB\":\"alice\"}", NULL},
    {"{\"sub\":\"\"}", NULL},
    {"{\"sub\":\"\",\"user_id\":7}", NULL},
    {"{\"sub\":7}", NULL},
    {"{\"sub\":7,\"user_id\":7}", NULL},
    {"{\"sub\":null,\"user_id\":7}", NULL},
    {"{\"sub\":[\"alice\"]}", NULL},
    {"{\"sub\":{\"a\":1}}", NULL},
    {"{\"sub\":true}", NULL},
    {"{\"sub\":\"alice\\r\\nX-Auth-User: admin\"}", NULL},
    {"{\"sub\":\"alice\\u001b[31m\"}", NULL},
    {"{\"sub\":\"\\u007f\"}", NULL},
    {"{\"user_id\":7.0}", NULL},
    {"{\"user_id\":1e3}", NULL},
    {"{\"user_id\":true}", NULL},
    {"{\"user_id\":\"\"}", NULL},
    {"{\"user_id\":null}", NULL},
};

START_TEST(token_names_its_user)
{
    fa_identity identity = {.user = NULL};
    const char *reason =
        fa_claims_identify(unit_pool, object_of(users[_i].claims),
                           fa_claim_names_usual(unit_pool), &identity);

    ck_assert_msg((reason == NULL) == (users[_i].user != NULL), "%s",
                  users[_i].claims);
    if (users[_i].user)
        ck_assert_str_eq(identity.user, users[_i].user);
    else
        ck_assert_ptr_null(identity.user);
}
END_TEST

START_TEST(user_of_255_bytes_is_the_longest)
{
    const fa_claim_names *names = fa_claim_names_usual(unit_pool);

    for (size_t size = FA_USER_MAX; size <= FA_USER_MAX + 1; size++) {
        fa_identity identity = {.user = NULL};
        const json_t *claims = object_of(apr_pstrcat(
            unit_pool, "{\"sub\":\"", unit_repeat("a", size), "\"}", NULL));

        ck_assert_int_eq(
            !fa_claims_identify(unit_pool, claims, names, &identity),
            size == FA_USER_MAX);
    }
}
END_TEST

/* user=email,org.user: another claim names the user; sub still has its form. */
START_TEST(configured_claim_names_the_user)
{
    static const struct {
        const char *claims;
        const char *user;
    } rows[] = {
        {"{\"sub\":\"1\",\"email\":\"a@b.example\"}", "a@b.example"},
        {"{\"email\":\"a@b.example\"}", "a@b.example"},
        {"{\"sub\":\"1\",\"org\":{\"user\":\"bob\"}}", "bob"},
        {"{\"org.user\":\"x\",\"org\":{\"user\":\"bob\"}}", "x"},
        {"{\"email\":\"a\",\"org\":{\"user\":\"bob\"}}", "a"},
        {"{\"email\":\"\",\"org\":{\"user\":\"bob\"}}", NULL},
        {"{\"sub\":\"alice\"}", NULL},
        {"{\"sub\":1,\"email\":\"a@b.example\"}", NULL},
        {"{\"org\":\"bob\"}", NULL},
    };
    fa_claim_names names = *fa_claim_names_usual(unit_pool);

    names.user = fa_text_words(unit_pool, "email org.user");
    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        fa_identity identity = {.user = NULL};
        const char *reason = fa_claims_identify(
            unit_pool, object_of(rows[i].claims), &names, &identity);

        ck_assert_msg((reason == NULL) == (rows[i].user != NULL), "%s",
                      rows[i].claims);
        if (rows[i].user)
            ck_assert_str_eq(identity.user, rows[i].user);
    }
}
END_TEST

/* A34, S34. */
static const struct {
    const char *claims;
    const char *scopes; /* "-": none carried */
} lists[] = {
    {"{}", "-"},
    {"{\"scope\":\"read write\"}", "read|write"},
    {"{\"scope\":\" read  write \"}", "read|write"},
    {"{\"scope\":\"\"}", ""},
    {"{\"scope\":\"read\\twrite\"}", "read\twrite"},
    {"{\"scope\":\"superadmin:readonly\"}", "superadmin:readonly"},
    {"{\"scope\":[\"read\",\"write\"]}", "read|write"},
    {"{\"scope\":[\"read write\"]}", "read write"},
    {"{\"scope\":[]}", ""},
    {"{\"scopes\":[\"a\"]}", "a"},
    {"{\"scp\":\"a\"}", "a"},
    {"{\"scope\":\"a\",\"scopes\":\"b\",\"scp\":\"c\"}", "a"},
    {"{\"scope\":null,\"scopes\":\"b\"}", "-"},
    {"{\"scope\":1}", "-"},
    {"{\"scope\":true}", "-"},
    {"{\"scope\":{\"read\":true}}", "-"},
    {"{\"scope\":[\"read\",1]}", "-"},
    {"{\"scope\":[1,\"read\"]}", "-"},
    {"{\"scope\":[\"read\",null]}", "-"},
    {"{\"scope\":[[\"read\"]]}", "-"},
    {"{\"Scope\":\"read\"}", "-"},
};

static const char *bars(const apr_array_header_t *words)
{
    return !words         ? "-"
           : words->nelts ? apr_array_pstrcat(unit_pool, words, '|')
                          : "";
}

START_TEST(list_is_spaced_or_an_array)
{
    json_t *claims = object_of(lists[_i].claims);
    fa_identity identity = {.user = NULL};

    json_object_set_new(claims, "sub", json_string("alice"));
    ck_assert_ptr_null(fa_claims_identify(
        unit_pool, claims, fa_claim_names_usual(unit_pool), &identity));
    ck_assert_str_eq(bars(identity.scopes), lists[_i].scopes);
    ck_assert_ptr_null(identity.roles);
    ck_assert_ptr_null(identity.permissions);
}
END_TEST

START_TEST(each_list_has_its_claims)
{
    const json_t *claims = object_of(
        "{\"sub\":\"a\",\"scope\":\"s\",\"role\":\"r\",\"roles\":[\"rs\"],"
        "\"permissions\":\"p q\",\"realm_access\":{\"roles\":[\"x\"]}}");
    fa_claim_names names = *fa_claim_names_usual(unit_pool);
    fa_identity identity = {.user = NULL};

    ck_assert_ptr_null(
        fa_claims_identify(unit_pool, claims, &names, &identity));
    ck_assert_str_eq(bars(identity.scopes), "s");
    ck_assert_str_eq(bars(identity.roles), "rs");
    ck_assert_str_eq(bars(identity.permissions), "p|q");
    names.roles = fa_text_words(unit_pool, "none realm_access.roles role");
    ck_assert_ptr_null(
        fa_claims_identify(unit_pool, claims, &names, &identity));
    ck_assert_str_eq(bars(identity.roles), "x");
}
END_TEST

int main(void)
{
    TCase *claims = unit_case("claims");

    tcase_add_loop_test(claims, token_lives_from_nbf_until_exp, 0,
                        UNIT_ROWS(times));
    tcase_add_loop_test(claims, what_is_no_number_is_not_read, 0,
                        UNIT_ROWS(unread));
    tcase_add_test(claims, any_clock_is_fine);
    tcase_add_loop_test(claims, token_for_somebody_else_is_refused, 0,
                        UNIT_ROWS(audiences));
    tcase_add_loop_test(claims, token_names_its_user, 0, UNIT_ROWS(users));
    tcase_add_test(claims, user_of_255_bytes_is_the_longest);
    tcase_add_test(claims, configured_claim_names_the_user);
    tcase_add_loop_test(claims, list_is_spaced_or_an_array, 0,
                        UNIT_ROWS(lists));
    tcase_add_test(claims, each_list_has_its_claims);
    return unit_run("t_claims", claims, NULL);
}
