/* A token's header selects one key or none.
 * Tests of fa_keyring. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include "fa_keyring.h"

static const fa_key *add(fa_keyring *ring, const char *alg, const char *kid)
{
    const fa_key *key = unit_verifier(unit_alg(alg), kid);

    ck_assert_ptr_null(fa_keyring_add(ring, key));
    return key;
}

START_TEST(kid_selects_its_key)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    const fa_key *one = add(ring, "RS256", "one");
    const fa_key *two = add(ring, "RS256", "two");

    ck_assert_ptr_eq(fa_keyring_select(ring, "RS256", "one"), one);
    ck_assert_ptr_eq(fa_keyring_select(ring, "RS256", "two"), two);
}
END_TEST

static const struct {
    const char *alg;
    const char *kid;
} misses[] = {
    {"RS256", "three"},
    {"RS256", ""},
    {"RS256", "ONE"},
    {"RS256", "one "},
    {"RS256", "../../dev/null"},
    {"RS256", "' OR 1=1"},
    {"RS512", "one"},
    {"PS256", "one"},
    {"rs256", "one"},
    {"HS256", "one"},
    {"none", "one"},
    {"", "one"},
    {"ES256", "one"},
    {"RS256", NULL},
    {"none", NULL},
    {"", NULL},
    {"RS384", NULL},
    {"hs256", NULL},
    {"ES256", "hidden"},
};

START_TEST(no_other_header_selects_a_key)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);

    add(ring, "RS256", "one");
    add(ring, "RS256", "two");
    add(ring, "ES256", NULL);
    ck_assert_ptr_null(fa_keyring_select(ring, misses[_i].alg, misses[_i].kid));
}
END_TEST

START_TEST(without_kid_the_only_key_of_the_algorithm_is_selected)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    const fa_key *rs = add(ring, "RS256", "one");
    const fa_key *ps = add(ring, "PS256", NULL);

    ck_assert_ptr_eq(fa_keyring_select(ring, "RS256", NULL), rs);
    ck_assert_ptr_eq(fa_keyring_select(ring, "PS256", NULL), ps);
    add(ring, "PS256", NULL);
    ck_assert_ptr_eq(fa_keyring_select(ring, "RS256", NULL), rs);
    ck_assert_ptr_null(fa_keyring_select(ring, "PS256", NULL));
}
END_TEST

START_TEST(empty_ring_has_no_key)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);

    ck_assert_ptr_null(fa_keyring_select(ring, "RS256", NULL));
    ck_assert_ptr_null(fa_keyring_select(ring, "RS256", "one"));
    ck_assert_ptr_null(fa_keyring_select(ring, "none", NULL));
}
END_TEST

START_TEST(second_key_of_a_kid_is_refused)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    const fa_key *one = add(ring, "RS256", "one");

    ck_assert_ptr_nonnull(
        fa_keyring_add(ring, unit_verifier(unit_alg("HS256"), "one")));
    ck_assert_int_eq(ring->keys->nelts, 1);
    ck_assert_ptr_eq(fa_keyring_select(ring, "RS256", "one"), one);
    ck_assert_ptr_null(fa_keyring_select(ring, "HS256", "one"));
}
END_TEST

/* JWKs to put into a set. */
static const char *rsa(const char *members)
{
    return unit_jwk(unit_private_key(unit_alg("RS256")), members);
}

static const char *ec(const char *members)
{
    return unit_jwk(unit_private_key(unit_alg("ES256")), members);
}

static const char *oct(const char *kid)
{
    return apr_psprintf(
        unit_pool,
        "{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"%s\",\"k\":\"%s\"}", kid,
        unit_base64url(unit_secret, sizeof(unit_secret)));
}

static const char *add_set(fa_keyring *ring, const char *keys, int *left_out)
{
    const char *text = apr_pstrcat(unit_pool, "{\"keys\":[", keys, "]}", NULL);
    apr_array_header_t *skipped = NULL;
    const char *problem =
        fa_keyring_add_set(unit_pool, ring, text, strlen(text), NULL, &skipped);

    ck_assert((problem == NULL) == (skipped != NULL));
    *left_out = skipped ? skipped->nelts : -1;
    return problem;
}

#define JOIN(...) apr_pstrcat(unit_pool, __VA_ARGS__, NULL)

START_TEST(set_gives_its_keys)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    int left_out;

    ck_assert_ptr_null(add_set(
        ring, JOIN(rsa("\"kid\":\"r\""), ",", ec("\"kid\":\"e\""), ",", ec("")),
        &left_out));
    ck_assert_int_eq(left_out, 0);
    ck_assert_int_eq(ring->keys->nelts, 3);
    ck_assert_str_eq(fa_keyring_select(ring, "RS256", "r")->kid, "r");
    ck_assert_ptr_nonnull(fa_keyring_select(ring, "ES256", "e"));
    ck_assert_ptr_null(fa_keyring_select(ring, "ES256", NULL));
    ck_assert_ptr_null(fa_keyring_select(ring, "RS512", NULL));
}
END_TEST

START_TEST(key_of_a_set_outlives_its_text)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    char *text =
        apr_pstrcat(unit_pool, "{\"keys\":[", oct("symmetric"), "]}", NULL);
    apr_array_header_t *skipped;
    size_t size = strlen(text);

    ck_assert_ptr_null(
        fa_keyring_add_set(unit_pool, ring, text, size, NULL, &skipped));
    memset(text, 0, size);
    ck_assert_str_eq(fa_keyring_select(ring, "HS256", "symmetric")->kid,
                     "symmetric");
}
END_TEST

START_TEST(keys_for_something_else_are_left_out_by_name)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    const char *text =
        JOIN("{\"keys\":[", rsa("\"kid\":\"a\\u001b\",\"use\":\"enc\""), ",",
             ec("\"kid\":\"b\""), "]}");
    apr_array_header_t *skipped;

    ck_assert_ptr_null(fa_keyring_add_set(unit_pool, ring, text, strlen(text),
                                          NULL, &skipped));
    ck_assert_int_eq(skipped->nelts, 1);
    ck_assert_str_eq(APR_ARRAY_IDX(skipped, 0, const char *),
                     "key 1 of the set, kid 'a\\x1b': its use is not sig");
    ck_assert_int_eq(ring->keys->nelts, 1);
}
END_TEST

START_TEST(secret_beside_public_keys_is_left_out)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    int left_out;

    /* before it in the set, after it, and in the ring */
    ck_assert_ptr_null(
        add_set(ring, JOIN(oct("s"), ",", ec("\"kid\":\"e\"")), &left_out));
    ck_assert_int_eq(left_out, 1);
    ck_assert_ptr_null(fa_keyring_select(ring, "HS256", "s"));
    ck_assert_ptr_null(fa_keyring_select(ring, "HS256", NULL));
    ck_assert_ptr_null(
        add_set(ring, JOIN(ec("\"kid\":\"f\""), ",", oct("s")), &left_out));
    ck_assert_int_eq(left_out, 1);
    ck_assert_ptr_nonnull(add_set(ring, oct("s"), &left_out));
    ck_assert_int_eq(ring->keys->nelts, 2);
}
END_TEST

START_TEST(set_of_secrets_is_taken)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    int left_out;

    ck_assert_ptr_null(add_set(ring, JOIN(oct("s"), ",", oct("t")), &left_out));
    ck_assert_int_eq(left_out, 0);
    ck_assert_ptr_nonnull(fa_keyring_select(ring, "HS256", "s"));
    ck_assert_ptr_nonnull(fa_keyring_select(ring, "HS256", "t"));
}
END_TEST

START_TEST(wrong_set_leaves_the_ring_as_it_was)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    const fa_key *one = add(ring, "RS256", "one");
    const char *good = ec("\"kid\":\"two\"");
    const char *wrong[] = {
        "",
        "1",
        "{}",
        rsa("\"use\":\"enc\""),
        oct("s"),
        JOIN(good, ",1"),
        JOIN(good, ",{}"),
        JOIN(good, ",", good),
        JOIN(good, ",", rsa("\"kid\":\"one\"")),
        JOIN(good, ",", rsa("\"kid\":7")),
        JOIN(good, ",{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"),
    };

    for (size_t i = 0; i < UNIT_COUNT(wrong); i++) {
        int left_out;

        ck_assert_msg(add_set(ring, wrong[i], &left_out) != NULL,
                      "row %d was taken", (int)i);
        ck_assert_int_eq(ring->keys->nelts, 1);
        ck_assert_ptr_null(fa_keyring_select(ring, "ES256", "two"));
        ck_assert_ptr_null(fa_keyring_select(ring, "ES256", NULL));
        ck_assert_ptr_eq(fa_keyring_select(ring, "RS256", "one"), one);
    }
}
END_TEST

static const char *const no_sets[] = {
    "",
    "[]",
    "{}",
    "{\"keys\":{}}",
    "{\"keys\":[]}",
    "{\"keys\":null}",
    "{\"keys\":[],\"keys\":[]}",
    "{\"Keys\":[]}",
    "not json",
    "{\"keys\":[[]]}",
};

START_TEST(anything_else_is_no_set)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    apr_array_header_t *skipped;

    ck_assert_ptr_nonnull(fa_keyring_add_set(
        unit_pool, ring, no_sets[_i], strlen(no_sets[_i]), NULL, &skipped));
    ck_assert_int_eq(ring->keys->nelts, 0);
}
END_TEST

START_TEST(problem_names_the_key_of_the_set)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    int left_out;
    const char *problem =
        add_set(ring, JOIN(ec(""), ",", rsa("\"kid\":7")), &left_out);

    ck_assert_str_eq(problem, "key 2 of the set: its kid is not a text");
}
END_TEST

int main(void)
{
    TCase *ring = unit_case("keyring");

    unit_make_keys();
    tcase_add_test(ring, kid_selects_its_key);
    tcase_add_loop_test(ring, no_other_header_selects_a_key, 0,
                        UNIT_ROWS(misses));
    tcase_add_test(ring, without_kid_the_only_key_of_the_algorithm_is_selected);
    tcase_add_test(ring, empty_ring_has_no_key);
    tcase_add_test(ring, second_key_of_a_kid_is_refused);
    tcase_add_test(ring, set_gives_its_keys);
    tcase_add_test(ring, key_of_a_set_outlives_its_text);
    tcase_add_test(ring, keys_for_something_else_are_left_out_by_name);
    tcase_add_test(ring, secret_beside_public_keys_is_left_out);
    tcase_add_test(ring, set_of_secrets_is_taken);
    tcase_add_test(ring, wrong_set_leaves_the_ring_as_it_was);
    tcase_add_loop_test(ring, anything_else_is_no_set, 0, UNIT_ROWS(no_sets));
    tcase_add_test(ring, problem_names_the_key_of_the_set);
    return unit_run("t_keyring", ring, NULL);
}
