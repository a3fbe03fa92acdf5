/* An API key is known by its digest, and a wrong line by its number.
 * Tests of fa_apikey. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_apikey.h"
#include "fa_text.h"

#define NOW (INT64_C(1795521600) * APR_USEC_PER_SEC)

/* The keys here, and their digests (sha256sum). */
#define ALICE "ak_alice_0123456789abcdef"
#define OTHERS \
    "0000000000000000000000000000000000000000000000000000000000000000"

static const char *digest_of(const char *key)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[FA_DIGEST_SIZE];
    char *text = apr_pcalloc(unit_pool, 2 * FA_DIGEST_SIZE + 1);

    ck_assert(fa_digest(key, strlen(key), digest));
    for (size_t i = 0; i < FA_DIGEST_SIZE; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    return text;
}

static const fa_apikeys *parse(const char *text)
{
    const fa_apikeys *keys = NULL;
    const char *wrong = fa_apikeys_parse(unit_pool, text, &keys);

    ck_assert_msg(!wrong, "%s", wrong);
    return keys;
}

static fa_verdict identify(const fa_apikeys *keys, const char *key,
                           apr_time_t now, fa_identity **identity)
{
    const char *reason = NULL;
    fa_verdict verdict;

    *identity = NULL;
    verdict = fa_apikeys_identify(unit_pool, keys, key, now, identity, &reason);
    ck_assert((*identity != NULL) == (verdict == FA_ALLOWED));
    ck_assert((reason == NULL) == (verdict == FA_ALLOWED));
    return verdict;
}

START_TEST(key_tells_all_that_its_line_says)
{
    const fa_apikeys *keys = parse(apr_pstrcat(
        unit_pool,
        "# who may do what\n"
        "\n"
        "   \t\r\n",
        digest_of(ALICE),
        " user=\"Alice Smith\"\tscopes=a:read,b roles=r permissions=p,q "
        "id=\"alice 1\" expires=2027-01-31\r\n",
        digest_of("second"), " user=bob", NULL));
    fa_identity *identity;

    ck_assert_int_eq(identify(keys, ALICE, NOW, &identity), FA_ALLOWED);
    ck_assert_str_eq(identity->user, "Alice Smith");
    ck_assert_str_eq(identity->key, "alice 1");
    ck_assert_str_eq(fa_text_join(unit_pool, identity->scopes), "a:read b");
    ck_assert_str_eq(fa_text_join(unit_pool, identity->roles), "r");
    ck_assert_str_eq(fa_text_join(unit_pool, identity->permissions), "p q");
    ck_assert_ptr_null(identity->issuer);
    ck_assert_ptr_null(identity->claims);

    ck_assert_int_eq(identify(keys, "second", NOW, &identity), FA_ALLOWED);
    ck_assert_str_eq(identity->user, "bob");
    ck_assert_str_eq(identity->key,
                     apr_pstrmemdup(unit_pool, digest_of("second"), 12));
    ck_assert_ptr_null(identity->scopes);
    ck_assert_ptr_null(identity->roles);
    ck_assert_ptr_null(identity->permissions);
}
END_TEST

START_TEST(digest_may_be_in_capitals)
{
    char *digest = apr_pstrdup(unit_pool, digest_of(ALICE));
    fa_identity *identity;

    for (char *at = digest; *at; at++)
        *at = (char)(*at >= 'a' ? *at - 'a' + 'A' : *at);
    ck_assert_int_eq(
        identify(parse(apr_pstrcat(unit_pool, digest, " user=a", NULL)), ALICE,
                 NOW, &identity),
        FA_ALLOWED);
}
END_TEST

/* A48. */
static const char *const near_misses[] = {
    "",
    "ak_alice_0123456789abcde",
    "ak_alice_0123456789abcdef0",
    "AK_ALICE_0123456789ABCDEF",
    "ak_alice_0123456789abcdeF",
    "ak_alice_0123456789abcdef ",
    " ak_alice_0123456789abcdef",
    "ak_alice_0123456789abcdef\n",
    "\"ak_alice_0123456789abcdef\"",
    "ak_alice_0123456789abcdef, ak_alice_0123456789abcdef",
    "ak%5Falice_0123456789abcdef",
    "%00",
    "\xc3\xa4",
    "user=alice",
    OTHERS,
};

START_TEST(what_is_like_a_key_is_none)
{
    const fa_apikeys *keys =
        parse(apr_pstrcat(unit_pool, digest_of(ALICE), " user=alice", NULL));
    fa_identity *identity;

    ck_assert_int_eq(identify(keys, near_misses[_i], NOW, &identity),
                     FA_BAD_CREDENTIAL);
    /* Nor is its digest, which stands in the file. */
    ck_assert_int_eq(identify(keys, digest_of(ALICE), NOW, &identity),
                     FA_BAD_CREDENTIAL);
}
END_TEST

START_TEST(long_key_is_not_even_hashed)
{
    const char *longest = unit_repeat("k", FA_APIKEY_MAX);
    const char *longer = unit_repeat("k", FA_APIKEY_MAX + 1);
    const char *longest_of_all = unit_repeat("k", 10000);
    const fa_apikeys *keys = parse(apr_pstrcat(
        unit_pool, digest_of(longest), " user=a\n", digest_of(longer),
        " user=b\n", digest_of(longest_of_all), " user=c", NULL));
    fa_identity *identity;

    ck_assert_int_eq(identify(keys, longest, NOW, &identity), FA_ALLOWED);
    ck_assert_int_eq(identify(keys, longer, NOW, &identity), FA_BAD_CREDENTIAL);
    ck_assert_int_eq(identify(keys, longest_of_all, NOW, &identity),
                     FA_BAD_CREDENTIAL);
}
END_TEST

static const struct {
    const char *expires;
    apr_int64_t last_s; /* the last second in which the key is good; 0: wrong */
} moments[] = {
    /* date -u -d ... +%s */
    {"2027-01-31", 1801439999},
    {"2026-11-24", 1795564799},
    {"2028-02-29", 1835481599},
    {"2000-02-29", 951868799},
    {"2026-11-24T12:00:00Z", 1795521599},
    {"2026-11-24T00:00:00Z", 1795478399},
    {"2038-01-19T03:14:08Z", 2147483647},
    {"9999-12-31", 253402300799},
    {"2027-02-29", 0},
    {"2100-02-29", 0},
    {"2027-04-31", 0},
    {"2027-13-01", 0},
    {"2027-00-01", 0},
    {"2027-01-00", 0},
    {"2027-01-32", 0},
    {"1969-12-31", 0},
    {"27-01-31", 0},
    {"2027-1-31", 0},
    {"2027-01-31 ", 0},
    {"2027-01-31T", 0},
    {"2027-01-31T12:00:00", 0},
    {"2027-01-31T12:00Z", 0},
    {"2027-01-31T12:00:00+01:00", 0},
    {"2027-01-31T12:00:00.5Z", 0},
    {"2027-01-31T24:00:00Z", 0},
    {"2027-01-31T12:60:00Z", 0},
    {"2027-01-31T12:00:60Z", 0},
    {"2027-01-31t12:00:00z", 0},
    {"2027/01/31", 0},
    {"never", 0},
    {"", 0},
};

START_TEST(key_is_good_to_its_last_second)
{
    const char *line =
        apr_pstrcat(unit_pool, digest_of(ALICE),
                    " user=alice \"expires=", moments[_i].expires, "\"", NULL);
    apr_time_t end = (moments[_i].last_s + 1) * APR_USEC_PER_SEC;
    const fa_apikeys *keys = NULL;
    const char *wrong = fa_apikeys_parse(unit_pool, line, &keys);
    fa_identity *identity;

    ck_assert_msg((wrong == NULL) == (moments[_i].last_s != 0), "%s",
                  moments[_i].expires);
    if (wrong) {
        ck_assert_ptr_nonnull(strstr(wrong, moments[_i].expires));
        return;
    }
    ck_assert_int_eq(identify(keys, ALICE, end - 1, &identity), FA_ALLOWED);
    ck_assert_int_eq(identify(keys, ALICE, end, &identity),
                     FA_EXPIRED_CREDENTIAL);
    ck_assert_int_eq(identify(keys, ALICE, APR_INT64_MAX, &identity),
                     FA_EXPIRED_CREDENTIAL);
}
END_TEST

#define GOOD OTHERS " user=a"

static const struct {
    const char *text;
    const char *wrong;
} mistakes[] = {
    {GOOD "\nx", "line 2: "},
    {"\n#\n\nuser=alice", "line 4: "},
    {ALICE " user=alice", "64 hexadecimal digits"},
    {OTHERS "0 user=a", "64 hexadecimal digits"},
    {"x00000000000000000000000000000000000000000000000000000000000000x user=a",
     "64 hexadecimal digits"},
    {"00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:0 user=a",
     "64 hexadecimal digits"},
    {OTHERS, "user= is missing"},
    {OTHERS " scopes=a", "user= is missing"},
    {OTHERS " # user=a", "behind the digest"},
    {OTHERS " user=", "user= takes"},
    {OTHERS " user=\"\"", "user= takes"},
    {OTHERS " \"user=a\tb\"", "user= takes"},
    {OTHERS " user=\xff", "user= takes"},
    {GOOD " id=", "id= takes"},
    {GOOD " users=b", "user=, scopes="},
    {GOOD " User=b", "user=, scopes="},
    {GOOD " scope=b", "user=, scopes="},
    {GOOD " =b", "user=, scopes="},
    {GOOD " scopes=", "scopes= takes"},
    {GOOD " scopes=a,,b", "scopes= takes"},
    {GOOD " scopes=a,", "scopes= takes"},
    {GOOD " scopes=,a", "scopes= takes"},
    {GOOD " \"scopes=a b\"", "scopes= takes"},
    {GOOD " scopes=\xc3\xa4", "scopes= takes"},
    {GOOD " roles=a\\b", "roles= takes"},
    {GOOD " permissions=", "permissions= takes"},
    {GOOD " \"scopes=a", "not closed"},
    {OTHERS " user=\"alice", "not closed"},
    {GOOD "\n" OTHERS " user=b", "twice"},
};

START_TEST(mistake_is_told_with_its_line)
{
    const fa_apikeys *keys = NULL;
    const char *wrong = fa_apikeys_parse(unit_pool, mistakes[_i].text, &keys);

    ck_assert_ptr_null(keys);
    ck_assert_msg(wrong && strncmp(wrong, "line ", 5) == 0 &&
                      strstr(wrong, mistakes[_i].wrong),
                  "%s: %s", mistakes[_i].text, wrong);
    /* Somebody's key where its digest should be, or beside it. */
    ck_assert_ptr_null(strstr(wrong, ALICE));
}
END_TEST

START_TEST(key_in_the_place_of_an_option_is_not_repeated)
{
    static const char *const lines[] = {GOOD " " ALICE,
                                        GOOD " " ALICE "==", ALICE "=x user=a"};
    const fa_apikeys *keys;

    for (size_t i = 0; i < UNIT_COUNT(lines); i++) {
        const char *wrong = fa_apikeys_parse(unit_pool, lines[i], &keys);

        ck_assert_ptr_nonnull(wrong);
        ck_assert_ptr_null(strstr(wrong, ALICE));
    }
}
END_TEST

START_TEST(file_without_a_key_knows_nobody)
{
    static const char *const files[] = {"", "\n", "# nothing\n", "\r\n\r\n"};
    fa_identity *identity;

    for (size_t i = 0; i < UNIT_COUNT(files); i++)
        ck_assert_int_eq(identify(parse(files[i]), "", NOW, &identity),
                         FA_BAD_CREDENTIAL);
}
END_TEST

START_TEST(one_identity_is_not_anothers)
{
    const fa_apikeys *keys =
        parse(apr_pstrcat(unit_pool, digest_of(ALICE), " user=alice", NULL));
    fa_identity *one, *two;

    identify(keys, ALICE, NOW, &one);
    one->scheme = "api-key-header";
    one->user = "mallory";
    identify(keys, ALICE, NOW, &two);
    ck_assert_ptr_null(two->scheme);
    ck_assert_str_eq(two->user, "alice");
}
END_TEST

int main(void)
{
    TCase *apikey = unit_case("apikey");

    tcase_add_test(apikey, key_tells_all_that_its_line_says);
    tcase_add_test(apikey, digest_may_be_in_capitals);
    tcase_add_loop_test(apikey, what_is_like_a_key_is_none, 0,
                        UNIT_ROWS(near_misses));
    tcase_add_test(apikey, long_key_is_not_even_hashed);
    tcase_add_loop_test(apikey, key_is_good_to_its_last_second, 0,
                        UNIT_ROWS(moments));
    tcase_add_loop_test(apikey, mistake_is_told_with_its_line, 0,
                        UNIT_ROWS(mistakes));
    tcase_add_test(apikey, key_in_the_place_of_an_option_is_not_repeated);
    tcase_add_test(apikey, file_without_a_key_knows_nobody);
    tcase_add_test(apikey, one_identity_is_not_anothers);
    return unit_run("t_apikey", apikey, NULL);
}
