/* One issuer's keys verify that issuer's tokens, and no other's.
 * Tests of fa_issuer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_issuer.h"
#include "fa_text.h"

static fa_issuer *add(fa_trust *trust, const char *iss)
{
    fa_issuer *issuer = NULL;
    const char *wrong = fa_trust_add(unit_pool, trust, iss, &issuer);

    ck_assert_msg(!wrong, "%s", wrong);
    return issuer;
}

START_TEST(iss_finds_its_block_and_no_other)
{
    fa_trust *trust = fa_trust_create(unit_pool);
    const fa_issuer *one = add(trust, "https://one.example");
    const fa_issuer *two = add(trust, "https://two.example/");

    ck_assert_ptr_eq(fa_trust_issuer(trust, "https://one.example"), one);
    ck_assert_ptr_eq(fa_trust_issuer(trust, "https://two.example/"), two);
}
END_TEST

/* A14. */
static const char *const others[] = {
    NULL,
    "",
    "https://one.exampl",
    "https://one.example/",
    "https://one.example.evil.example",
    "HTTPS://one.example",
    "https://One.example",
    "https://one.example ",
    " https://one.example",
    "http://one.example",
    "https://one.example#",
    "one.example",
};

START_TEST(every_other_iss_is_the_servers_own)
{
    fa_trust *trust = fa_trust_create(unit_pool);

    ck_assert_ptr_eq(fa_trust_issuer(trust, others[_i]), trust->own);
    add(trust, "https://one.example");
    ck_assert_ptr_eq(fa_trust_issuer(trust, others[_i]), trust->own);
}
END_TEST

START_TEST(block_has_a_name_of_its_own)
{
    fa_trust *trust = fa_trust_create(unit_pool);
    fa_issuer *issuer = NULL;
    const char *wrong;

    add(trust, "https://one.example");
    ck_assert_ptr_nonnull(fa_trust_add(unit_pool, trust, "", &issuer));
    wrong = fa_trust_add(unit_pool, trust, "https://one.example", &issuer);
    ck_assert_ptr_nonnull(wrong);
    ck_assert_ptr_nonnull(strstr(wrong, "'https://one.example'"));
    ck_assert_ptr_null(issuer);
    ck_assert_int_eq(trust->issuers->nelts, 1);
}
END_TEST

START_TEST(what_nobody_says_is_the_usual)
{
    fa_trust *trust = fa_trust_create(unit_pool);
    const fa_issuer *block = add(trust, "one");

    fa_trust_settle(unit_pool, trust);
    for (int i = 0; i < 2; i++) {
        const fa_issuer *issuer = i ? block : trust->own;

        ck_assert_ptr_null(issuer->audience);
        ck_assert_ptr_null(issuer->type);
        ck_assert_int_eq(*issuer->leeway_s, 0);
        ck_assert_str_eq(fa_text_join(unit_pool, issuer->claims->user),
                         "sub user_id");
        ck_assert_str_eq(fa_text_join(unit_pool, issuer->claims->scopes),
                         "scope scopes scp");
        ck_assert_str_eq(fa_text_join(unit_pool, issuer->claims->roles),
                         "roles role");
        ck_assert_str_eq(fa_text_join(unit_pool, issuer->claims->permissions),
                         "permissions");
    }
}
END_TEST

START_TEST(what_a_block_does_not_say_is_the_servers)
{
    static const apr_int64_t five = 5, six = 6;
    fa_trust *trust = fa_trust_create(unit_pool);
    fa_issuer *quiet = add(trust, "quiet"), *loud = add(trust, "loud");

    trust->own->audience = fa_text_words(unit_pool, "us");
    trust->own->type = "at+jwt";
    trust->own->leeway_s = &five;
    trust->own->claims = apr_pcalloc(unit_pool, sizeof(fa_claim_names));
    trust->own->claims->user = fa_text_words(unit_pool, "email");
    loud->audience = fa_text_words(unit_pool, "me");
    loud->type = "JWT";
    loud->leeway_s = &six;
    loud->claims = apr_pcalloc(unit_pool, sizeof(fa_claim_names));
    loud->claims->roles = fa_text_words(unit_pool, "groups");

    /* A virtual host may share its main server's trust: settled twice. */
    for (int i = 0; i < 2; i++) {
        fa_trust_settle(unit_pool, trust);
        ck_assert_ptr_eq(quiet->audience, trust->own->audience);
        ck_assert_str_eq(quiet->type, "at+jwt");
        ck_assert_int_eq(*quiet->leeway_s, 5);
        ck_assert_str_eq(fa_text_join(unit_pool, quiet->claims->user), "email");
        ck_assert_str_eq(fa_text_join(unit_pool, quiet->claims->roles),
                         "roles role");
        ck_assert_str_eq(fa_text_join(unit_pool, loud->audience), "me");
        ck_assert_str_eq(loud->type, "JWT");
        ck_assert_int_eq(*loud->leeway_s, 6);
        ck_assert_str_eq(fa_text_join(unit_pool, loud->claims->user), "email");
        ck_assert_str_eq(fa_text_join(unit_pool, loud->claims->roles),
                         "groups");
        ck_assert_str_eq(fa_text_join(unit_pool, trust->own->claims->roles),
                         "roles role");
    }
}
END_TEST

START_TEST(keys_are_apart)
{
    fa_trust *trust = fa_trust_create(unit_pool);
    const fa_issuer *block = add(trust, "one");

    fa_trust_settle(unit_pool, trust);
    ck_assert_ptr_nonnull(block->keys);
    ck_assert_ptr_ne(block->keys, trust->own->keys);
    ck_assert_ptr_null(trust->own->iss);
}
END_TEST

int main(void)
{
    TCase *issuer = unit_case("issuer");

    tcase_add_test(issuer, iss_finds_its_block_and_no_other);
    tcase_add_loop_test(issuer, every_other_iss_is_the_servers_own, 0,
                        UNIT_ROWS(others));
    tcase_add_test(issuer, block_has_a_name_of_its_own);
    tcase_add_test(issuer, what_nobody_says_is_the_usual);
    tcase_add_test(issuer, what_a_block_does_not_say_is_the_servers);
    tcase_add_test(issuer, keys_are_apart);
    return unit_run("t_issuer", issuer, NULL);
}
