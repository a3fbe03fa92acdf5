/* A key is loaded only where it is sound and fits its algorithm.
 * Tests of fa_key, fa_alg and fa_weak_secrets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include "fa_weak_secrets.h"

static const char *const alg_names[] = {
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
    "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
};

static const char *const no_algs[] = {
    "none",     "None",    "NONE",   "nOnE",  "",       "hs256", "HS256 ",
    " HS256",   "HS",      "HS2567", "RS1",   "ES256K", "EDDSA", "Ed25519",
    "RSA-OAEP", "A256GCM", "dir",    "ES521", "HS224",
};

START_TEST(algorithm_is_found_by_its_exact_name)
{
    const fa_alg *alg = unit_alg(alg_names[_i]);

    ck_assert_str_eq(alg->name, alg_names[_i]);
    ck_assert_ptr_nonnull(strstr(FA_ALG_NAMES, alg->name));
    if (alg->digest)
        ck_assert_uint_eq(
            alg->digest_size,
            (size_t)EVP_MD_get_size(EVP_get_digestbyname(alg->digest)));
}
END_TEST

START_TEST(other_names_are_no_algorithm)
{
    ck_assert_ptr_null(fa_alg_named(no_algs[_i]));
}
END_TEST

static const char *from_secret(const char *alg, const char *kid,
                               const char *secret, size_t size)
{
    const fa_key *key = NULL;
    const char *problem =
        fa_key_from_secret(unit_pool, unit_alg(alg), kid, secret, size, &key);

    ck_assert((problem == NULL) == (key != NULL));
    return problem;
}

START_TEST(secret_is_copied_and_knows_its_algorithm)
{
    char secret[64];
    const fa_key *key = NULL;

    memcpy(secret, unit_secret, sizeof(secret));
    ck_assert_ptr_null(fa_key_from_secret(unit_pool, unit_alg("HS512"), "2026",
                                          secret, sizeof(secret), &key));
    memset(secret, 0, sizeof(secret));
    ck_assert_mem_eq(key->secret, unit_secret, sizeof(unit_secret));
    ck_assert_uint_eq(key->secret_size, sizeof(unit_secret));
    ck_assert_str_eq(key->kid, "2026");
    ck_assert_str_eq(key->alg->name, "HS512");
    ck_assert_ptr_null(key->public_key);
}
END_TEST

START_TEST(secret_shorter_than_its_hash_is_refused)
{
    for (size_t i = 0; i < 3; i++) {
        const fa_alg *alg = unit_alg(alg_names[i]);

        for (size_t size = 0; size < alg->digest_size; size++)
            ck_assert_ptr_nonnull(
                from_secret(alg->name, NULL, (const char *)unit_secret, size));
        ck_assert_ptr_null(from_secret(
            alg->name, NULL, (const char *)unit_secret, alg->digest_size));
    }
}
END_TEST

static const char *const bad_secrets[] = {
    "a-string-secret-at-least-256-bits-long",
    "your-256-bit-secret-your-256-bit-secret",
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----",
    "\n -----BEGIN CERTIFICATE-----\nMCowBQYDK2VwAyEAMCowBQYDK2Vw\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

START_TEST(bad_secret_is_refused_and_not_told)
{
    const char *secret = bad_secrets[_i];
    const char *problem = from_secret("HS256", NULL, secret, strlen(secret));

    ck_assert_msg(problem != NULL, "'%s' was taken", secret);
    ck_assert_ptr_null(strstr(problem, apr_pstrmemdup(unit_pool, secret, 12)));
}
END_TEST

START_TEST(zeroes_are_no_secret)
{
    static const char zeroes[64];

    ck_assert_ptr_nonnull(from_secret("HS256", NULL, zeroes, 32));
    ck_assert_ptr_nonnull(from_secret("HS512", NULL, zeroes, 64));
}
END_TEST

START_TEST(secret_is_not_for_public_key_algorithms)
{
    for (size_t i = 3; i < UNIT_COUNT(alg_names); i++)
        ck_assert_ptr_nonnull(
            from_secret(alg_names[i], NULL, (const char *)unit_secret, 64));
}
END_TEST

static const char *const bad_kids[] = {"", "a\nb", "\x7f", "\x01"};

START_TEST(bad_kid_is_refused)
{
    ck_assert_ptr_nonnull(
        from_secret("HS256", bad_kids[_i], (const char *)unit_secret, 64));
}
END_TEST

START_TEST(kid_has_at_most_128_bytes)
{
    const char *secret = (const char *)unit_secret;

    ck_assert_ptr_null(
        from_secret("HS256", unit_repeat("k", FA_KID_MAX), secret, 64));
    ck_assert_ptr_nonnull(
        from_secret("HS256", unit_repeat("k", FA_KID_MAX + 1), secret, 64));
}
END_TEST

START_TEST(published_secrets_are_known)
{
    json_t *corpus = unit_corpus("jwt/weak_secrets_wallarm.json");
    const json_t *row;
    size_t i, known = 0;

    ck_assert_str_eq(unit_text(corpus, "encoding"), "utf-8");
    json_array_foreach(json_object_get(corpus, "cases"), i, row)
    {
        size_t size = json_string_length(row);

        ck_assert_ptr_nonnull(
            from_secret("HS256", NULL, json_string_value(row), size));
        known +=
            size >= 32 && fa_secret_is_published(json_string_value(row), size);
    }
    ck_assert_uint_ge(known, 876);
}
END_TEST

START_TEST(good_secrets_are_not_published)
{
    unsigned char secret[32] = {0};

    for (unsigned i = 1; i < 10000; i++) {
        memcpy(secret, &i, sizeof(i));
        ck_assert(!fa_secret_is_published(secret, sizeof(secret)));
    }
    ck_assert(!fa_secret_is_published(unit_secret, sizeof(unit_secret)));
}
END_TEST

static const char *from_pem(const char *alg, const char *pem)
{
    const fa_key *key = NULL;
    const char *problem =
        fa_key_from_pem(unit_pool, unit_alg(alg), NULL, pem, strlen(pem), &key);

    ck_assert((problem == NULL) == (key != NULL));
    return problem;
}

START_TEST(public_key_goes_with_its_algorithms_only)
{
    const fa_alg *key_alg = unit_alg(alg_names[_i]);
    EVP_PKEY *key = unit_private_key(key_alg);

    for (size_t i = 0; key && i < UNIT_COUNT(alg_names); i++) {
        const fa_alg *alg = unit_alg(alg_names[i]);
        bool same = unit_private_key(alg) == key;

        ck_assert_msg((from_pem(alg->name, unit_public_pem(key)) == NULL) ==
                          same,
                      "%s with a key for %s", alg->name, key_alg->name);
    }
}
END_TEST

START_TEST(certificate_gives_its_key)
{
    const char *rsa = unit_certificate_pem(unit_private_key(unit_alg("RS256")));
    const char *ec = unit_certificate_pem(unit_private_key(unit_alg("ES256")));

    ck_assert_ptr_null(from_pem("RS256", rsa));
    ck_assert_ptr_null(from_pem("ES256", ec));
    ck_assert_ptr_nonnull(from_pem("ES384", ec));
}
END_TEST

START_TEST(private_key_is_refused_without_a_prompt)
{
    EVP_PKEY *key = unit_private_key(unit_alg("ES256"));
    const char *plain = from_pem("ES256", unit_private_pem(key, NULL));
    const char *encrypted = from_pem("ES256", unit_private_pem(key, "pass"));
    const char *old =
        from_pem("ES256", "-----BEGIN EC PRIVATE KEY-----\n"
                          "Proc-Type: 4,ENCRYPTED\n"
                          "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEE"
                          "FF\n\nAAAA\n-----END EC PRIVATE KEY-----\n");

    ck_assert_ptr_nonnull(strstr(plain, "private"));
    ck_assert_ptr_nonnull(strstr(encrypted, "private"));
    ck_assert_ptr_nonnull(strstr(old, "encrypted"));
}
END_TEST

START_TEST(one_block_and_nothing_after_it)
{
    const char *pem = unit_public_pem(unit_private_key(unit_alg("EdDSA")));
    static const char *const behind[] = {"x", "#", "\n\nx", "-----BEGIN",
                                         "-----BEGIN X-----\n-----END X-----"};
    static const char *const white[] = {"", "\n", "\r\n\r\n", " \t\n "};

    for (size_t i = 0; i < UNIT_COUNT(behind); i++)
        ck_assert_ptr_nonnull(
            from_pem("EdDSA", apr_pstrcat(unit_pool, pem, behind[i], NULL)));
    ck_assert_ptr_nonnull(
        from_pem("EdDSA", apr_pstrcat(unit_pool, pem, pem, NULL)));
    for (size_t i = 0; i < UNIT_COUNT(white); i++)
        ck_assert_ptr_null(
            from_pem("EdDSA", apr_pstrcat(unit_pool, pem, white[i], NULL)));
}
END_TEST

static const char *const no_pems[] = {
    "",
    "\n",
    "secret",
    "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
     "-----END EC PARAMETERS-----\n"),
    "{\"kty\":\"OKP\"}",
};

START_TEST(anything_else_is_no_pem)
{
    ck_assert_ptr_nonnull(from_pem("EdDSA", no_pems[_i]));
}
END_TEST

START_TEST(bytes_behind_the_key_in_its_der_are_refused)
{
    /* An Ed25519 key (RFC 8410 section 10.1), and the same and two bytes. */
    const char *whole = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf"
                        "6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                        "-----END PUBLIC KEY-----\n";
    const char *longer = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEz"
                         "f6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuEFAA==\n"
                         "-----END PUBLIC KEY-----\n";

    ck_assert_ptr_null(from_pem("EdDSA", whole));
    ck_assert_ptr_nonnull(from_pem("EdDSA", longer));
}
END_TEST

START_TEST(short_rsa_key_is_refused)
{
    ck_assert_ptr_nonnull(
        from_pem("RS256", unit_public_pem(unit_new_rsa(1024))));
    ck_assert_ptr_nonnull(
        from_pem("RS256", unit_public_pem(unit_new_rsa(2040))));
}
END_TEST

/* Its parameters may say another hash or salt than PS256 does. */
START_TEST(rsa_key_for_pss_alone_is_refused)
{
    const char *pem = unit_public_pem(unit_new_key("RSA-PSS"));

    ck_assert_ptr_nonnull(from_pem("PS256", pem));
    ck_assert_ptr_nonnull(from_pem("RS256", pem));
}
END_TEST

START_TEST(foreign_curve_is_refused)
{
    static const char *const curves[] = {"secp256k1", "secp224r1",
                                         "brainpoolP256r1"};

    for (size_t i = 0; i < UNIT_COUNT(curves); i++)
        ck_assert_ptr_nonnull(
            from_pem("ES256", unit_public_pem(unit_new_ec(curves[i]))));
    ck_assert_ptr_nonnull(
        from_pem("EdDSA", unit_public_pem(unit_new_key("ED448"))));
    ck_assert_ptr_nonnull(
        from_pem("EdDSA", unit_public_pem(unit_new_key("X25519"))));
}
END_TEST

int main(void)
{
    TCase *key = unit_case("key");

    unit_make_keys();
    tcase_add_loop_test(key, algorithm_is_found_by_its_exact_name, 0,
                        UNIT_ROWS(alg_names));
    tcase_add_loop_test(key, other_names_are_no_algorithm, 0,
                        UNIT_ROWS(no_algs));
    tcase_add_test(key, secret_is_copied_and_knows_its_algorithm);
    tcase_add_test(key, secret_shorter_than_its_hash_is_refused);
    tcase_add_loop_test(key, bad_secret_is_refused_and_not_told, 0,
                        UNIT_ROWS(bad_secrets));
    tcase_add_test(key, zeroes_are_no_secret);
    tcase_add_test(key, secret_is_not_for_public_key_algorithms);
    tcase_add_loop_test(key, bad_kid_is_refused, 0, UNIT_ROWS(bad_kids));
    tcase_add_test(key, kid_has_at_most_128_bytes);
    tcase_add_test(key, good_secrets_are_not_published);
    tcase_add_loop_test(key, public_key_goes_with_its_algorithms_only, 0,
                        UNIT_ROWS(alg_names));
    tcase_add_test(key, certificate_gives_its_key);
    tcase_add_test(key, private_key_is_refused_without_a_prompt);
    tcase_add_test(key, one_block_and_nothing_after_it);
    tcase_add_loop_test(key, anything_else_is_no_pem, 0, UNIT_ROWS(no_pems));
    tcase_add_test(key, bytes_behind_the_key_in_its_der_are_refused);
    tcase_add_test(key, short_rsa_key_is_refused);
    tcase_add_test(key, rsa_key_for_pss_alone_is_refused);
    tcase_add_test(key, foreign_curve_is_refused);
    if (unit_has_corpus())
        tcase_add_test(key, published_secrets_are_known);
    else
        unit_skip("t_key: published secrets", UNIT_CORPUS_ABSENT);
    return unit_run("t_key", key, NULL);
}
