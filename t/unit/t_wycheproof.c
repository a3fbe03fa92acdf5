/* Project Wycheproof, below the claims.
 * Tests of fa_signature, fa_jws, fa_key and fa_keyring. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "fa_jws.h"
#include "fa_keyring.h"
#include "fa_signature.h"

/* How many rows of a file ran, and how many were verified. */
typedef struct tally {
    int ran;
    int verified;
} tally;

static void report(const char *file, tally count)
{
    printf("%s: %d cases, %d verified\n", file, count.ran, count.verified);
    ck_assert_msg(count.ran > 0, "%s: no case ran", file);
}

static int case_of(const json_t *row)
{
    return (int)json_integer_value(json_object_get(row, "tcId"));
}

/* "acceptable" is either; it must only not crash. */
static void judge(const char *file, const json_t *row, bool valid,
                  bool verified, tally *count)
{
    bool either = !strcmp(unit_text(row, "result"), "acceptable");

    ck_assert_msg(either || verified == valid, "%s case %d (%s): %s", file,
                  case_of(row), unit_text(row, "comment"),
                  verified ? "verified" : "refused");
    count->ran++;
    count->verified += verified;
}

static bool is_valid(const json_t *row)
{
    return !strcmp(unit_text(row, "result"), "valid");
}

static bool verifies(const fa_key *key, const json_t *row, const char *name)
{
    size_t size, signature_size;
    unsigned char *message = unit_hex(unit_text(row, "msg"), &size);
    unsigned char *signature = unit_hex(unit_text(row, name), &signature_size);

    return fa_signature_verify(key, message, size, signature, signature_size);
}

/* Secrets of test vectors are short or regular: fa_key_from_secret refuses some
 * of them, so a key is put together here. */
static fa_key *plain_secret(const fa_alg *alg, const unsigned char *bytes,
                            size_t size)
{
    fa_key *key = apr_pcalloc(unit_pool, sizeof(*key));

    key->alg = alg;
    key->secret = bytes;
    key->secret_size = size;
    return key;
}

static const struct {
    const char *file;
    const char *alg;
} macs[] = {
    {"wycheproof/hmac_sha256_test.json", "HS256"},
    {"wycheproof/hmac_sha384_test.json", "HS384"},
    {"wycheproof/hmac_sha512_test.json", "HS512"},
};

START_TEST(hmac_is_whole_and_right)
{
    const fa_alg *alg = fa_alg_named(macs[_i].alg);
    const json_t *group, *row,
        *groups = json_object_get(unit_corpus(macs[_i].file), "testGroups");
    size_t i, j;
    tally count = {0, 0};

    json_array_foreach(groups, i, group)
    {
        bool whole =
            (size_t)json_integer_value(json_object_get(group, "tagSize")) ==
            alg->digest_size * 8;

        json_array_foreach(json_object_get(group, "tests"), j, row)
        {
            size_t size;
            unsigned char *bytes = unit_hex(unit_text(row, "key"), &size);

            judge(macs[_i].file, row, is_valid(row) && whole,
                  verifies(plain_secret(alg, bytes, size), row, "tag"), &count);
        }
    }
    report(macs[_i].file, count);
}
END_TEST

static const struct {
    const char *file;
    const char *alg;
} signatures[] = {
    {"wycheproof/rsa_signature_2048_sha256_test.json", "RS256"},
    {"wycheproof/rsa_signature_2048_sha384_test.json", "RS384"},
    {"wycheproof/rsa_signature_2048_sha512_test.json", "RS512"},
    {"wycheproof/rsa_signature_3072_sha256_test.json", "RS256"},
    {"wycheproof/rsa_signature_4096_sha512_test.json", "RS512"},
    {"wycheproof/rsa_pss_2048_sha256_mgf1_32_test.json", "PS256"},
    {"wycheproof/rsa_pss_2048_sha384_mgf1_48_test.json", "PS384"},
    {"wycheproof/rsa_pss_4096_sha512_mgf1_64_test.json", "PS512"},
    {"wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", "ES256"},
    {"wycheproof/ecdsa_secp384r1_sha384_p1363_test.json", "ES384"},
    {"wycheproof/ecdsa_secp521r1_sha512_p1363_test.json", "ES512"},
    {"wycheproof/ed25519_test.json", "EdDSA"},
};

static const fa_key *from_pem(const fa_alg *alg, const json_t *group)
{
    const char *pem = unit_text(group, "publicKeyPem");
    const fa_key *key = NULL;
    const char *problem =
        fa_key_from_pem(unit_pool, alg, NULL, pem, strlen(pem), &key);

    ck_assert_msg(!problem, "%s: %s", alg->name, problem);
    return key;
}

/* The key of the group again, where it is there as JWK too. */
static void same_as_jwk(const json_t *group, const fa_key *key)
{
    const json_t *jwk = json_object_get(group, "publicKeyJwk");
    const fa_key *same = NULL;
    apr_array_header_t *fallback =
        apr_array_make(unit_pool, 1, sizeof(const fa_alg *));
    const char *problem, *skipped = NULL;

    if (!jwk)
        jwk = json_object_get(group, "keyJwk");
    if (!jwk)
        return;
    APR_ARRAY_PUSH(fallback, const fa_alg *) = key->alg;
    problem = fa_key_from_jwk(unit_pool, jwk, fallback, &same, &skipped);
    ck_assert_msg(same != NULL, "JWK: %s%s", problem ? problem : "",
                  skipped ? skipped : "");
    ck_assert_ptr_eq(same->alg, key->alg);
    ck_assert_int_eq(EVP_PKEY_eq(same->public_key, key->public_key), 1);
}

START_TEST(signature_is_judged_as_wycheproof_says)
{
    const char *file = signatures[_i].file;
    const fa_alg *alg = fa_alg_named(signatures[_i].alg);
    const json_t *group, *row,
        *groups = json_object_get(unit_corpus(file), "testGroups");
    size_t i, j;
    tally count = {0, 0};

    json_array_foreach(groups, i, group)
    {
        const fa_key *key = from_pem(alg, group);

        same_as_jwk(group, key);
        json_array_foreach(json_object_get(group, "tests"), j, row)
            judge(file, row, is_valid(row), verifies(key, row, "sig"), &count);
    }
    report(file, count);
    ck_assert_int_gt(count.verified, 0);
}
END_TEST

static const char *const ps_algs[] = {"PS256", "PS384", "PS512"};

/* Whether the group's hash, mask and salt are those of RFC 7518 section 3.5. */
static bool is_ours(const fa_alg *alg, const json_t *group)
{
    const char *sha = unit_text(group, "sha");
    const char *ours =
        apr_psprintf(unit_pool, "SHA-%d", (int)alg->digest_size * 8);

    return !strcmp(sha, ours) && !strcmp(unit_text(group, "mgfSha"), ours) &&
           (size_t)json_integer_value(json_object_get(group, "sLen")) ==
               alg->digest_size;
}

START_TEST(other_parameters_of_pss_are_refused)
{
    const char *file = "wycheproof/rsa_pss_misc_test.json";
    const fa_alg *alg = fa_alg_named(ps_algs[_i]);
    const json_t *group, *row,
        *groups = json_object_get(unit_corpus(file), "testGroups");
    size_t i, j;
    tally count = {0, 0};

    json_array_foreach(groups, i, group)
    {
        const fa_key *key = from_pem(alg, group);

        json_array_foreach(json_object_get(group, "tests"), j, row)
            judge(file, row, is_valid(row) && is_ours(alg, group),
                  verifies(key, row, "sig"), &count);
    }
    report(file, count);
}
END_TEST

START_TEST(es256_refuses_secp256k1)
{
    const char *file = "wycheproof/ecdsa_secp256k1_sha256_p1363_test.json";
    const json_t *group,
        *groups = json_object_get(unit_corpus(file), "testGroups");
    const fa_alg *alg = fa_alg_named("ES256");
    size_t i;
    tally count = {0, 0};

    json_array_foreach(groups, i, group)
    {
        const char *pem = unit_text(group, "publicKeyPem");
        const json_t *jwk = json_object_get(group, "publicKeyJwk");
        const fa_key *key = NULL;
        const char *skipped = NULL;

        ck_assert_ptr_nonnull(
            fa_key_from_pem(unit_pool, alg, NULL, pem, strlen(pem), &key));
        if (jwk)
            fa_key_from_jwk(unit_pool, jwk, NULL, &key, &skipped);
        ck_assert_ptr_null(key);
        count.ran++;
    }
    report(file, count);
}
END_TEST

/* Rows of json_web_signature_test where a strict reader of JSON Web Tokens does
 * not come to Wycheproof's verdict. */
static const struct {
    int id;
    bool verified;
    const char *why;
} exceptions[] = {
    {367, true, "the same bytes as the valid 357"},
    {370, true, "the same bytes as the valid 357"},
    {372, false, "'?' in the header segment"},
    {373, false, "'?' in the payload segment"},
    {346, false, "the JWK says PS256, the token PS384"},
    {350, false, "the JWK says PS256, the token PS384"},
    {347, false, "ES521 is no algorithm"},
    {351, false, "ES521 is no algorithm"},
    {259, false, "an empty payload is no claims set"},
    {264, false, "an empty payload is no claims set"},
    {268, false, "an empty payload is no claims set"},
    {272, false, "an empty payload is no claims set"},
    {320, false, "an empty payload is no claims set"},
    {325, false, "an empty payload is no claims set"},
};

static bool is_expected(const json_t *row)
{
    for (size_t i = 0; i < UNIT_COUNT(exceptions); i++) {
        if (exceptions[i].id == case_of(row))
            return exceptions[i].verified;
    }
    return is_valid(row);
}

static bool accepts(const fa_keyring *ring, const char *token)
{
    fa_jws jws;
    const fa_key *key;

    if (fa_jws_split(unit_pool, token, strlen(token), &jws))
        return false;
    key = fa_keyring_select(ring, jws.alg, jws.kid);
    return key && fa_jws_verify(&jws, key);
}

/* As JSON text, in unit_pool. */
static const char *dumped(const json_t *json)
{
    char *text = json_dumps(json, 0);
    const char *copy = apr_pstrdup(unit_pool, text);

    free(text);
    return copy;
}

/* A ring of the group's JWK or set; empty where it is refused or left out. */
static fa_keyring *ring_of(const json_t *group)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    const json_t *jwk = json_object_get(group, "public");
    apr_array_header_t *skipped;
    const char *text;

    if (!jwk)
        jwk = json_object_get(group, "private");
    text = dumped(jwk);
    if (!json_object_get(jwk, "keys"))
        text = apr_pstrcat(unit_pool, "{\"keys\":[", text, "]}", NULL);
    fa_keyring_add_set(unit_pool, ring, text, strlen(text), NULL, &skipped);
    return ring;
}

/* A group whose secret is 32 zero bytes: nobody's key, but its rows are about
 * base64. */
static void add_zeroes(fa_keyring *ring, const json_t *group)
{
    static const unsigned char zeroes[32];
    fa_key *key = plain_secret(fa_alg_named("HS256"), zeroes, sizeof(zeroes));

    ck_assert_int_eq(ring->keys->nelts, 0);
    key->kid = unit_text(json_object_get(group, "private"), "kid");
    ck_assert_ptr_null(fa_keyring_add(ring, key));
}

START_TEST(token_is_judged_as_wycheproof_says)
{
    const char *file = "wycheproof/json_web_signature_test.json";
    const json_t *group, *row,
        *groups = json_object_get(unit_corpus(file), "testGroups");
    size_t i, j;
    tally count = {0, 0};

    json_array_foreach(groups, i, group)
    {
        fa_keyring *ring = ring_of(group);

        if (!strcmp(unit_text(group, "comment"), "base64"))
            add_zeroes(ring, group);
        json_array_foreach(json_object_get(group, "tests"), j, row)
        {
            const json_t *jws = json_object_get(row, "jws");
            const char *token = json_string_value(jws);

            if (!token) /* a JSON serialisation */
                token = dumped(jws);
            judge(file, row, is_expected(row), accepts(ring, token), &count);
        }
    }
    report(file, count);
    ck_assert_int_gt(count.verified, 20);
}
END_TEST

static const char *const key_files[] = {
    "wycheproof/json_web_key_test.json",
    "wycheproof/json_web_crypto_test.json",
};

/* Keys vulnerable to ROCA (CVE-2017-15361) are not looked for. */
static bool is_about_roca(const json_t *group)
{
    return strstr(unit_text(group, "comment"), "roca") != NULL;
}

START_TEST(key_is_judged_as_wycheproof_says)
{
    const char *file = key_files[_i];
    const json_t *group, *row,
        *groups = json_object_get(unit_corpus(file), "testGroups");
    size_t i, j;
    tally count = {0, 0};

    json_array_foreach(groups, i, group)
    {
        fa_keyring *ring = ring_of(group);

        if (is_about_roca(group))
            continue;
        json_array_foreach(json_object_get(group, "tests"), j, row)
            judge(file, row, is_valid(row),
                  accepts(ring, unit_text(row, "jws")), &count);
    }
    report(file, count);
    ck_assert_int_gt(count.verified, 0);
}
END_TEST

int main(void)
{
    TCase *low = unit_case("signatures"), *high = unit_case("tokens");

    if (!unit_has_corpus())
        return unit_skip("t_wycheproof", UNIT_CORPUS_ABSENT);
    tcase_add_loop_test(low, hmac_is_whole_and_right, 0, UNIT_ROWS(macs));
    tcase_add_loop_test(low, signature_is_judged_as_wycheproof_says, 0,
                        UNIT_ROWS(signatures));
    tcase_add_loop_test(low, other_parameters_of_pss_are_refused, 0,
                        UNIT_ROWS(ps_algs));
    tcase_add_test(low, es256_refuses_secp256k1);
    tcase_add_test(high, token_is_judged_as_wycheproof_says);
    tcase_add_loop_test(high, key_is_judged_as_wycheproof_says, 0,
                        UNIT_ROWS(key_files));
    return unit_run("t_wycheproof", low, high, NULL);
}
