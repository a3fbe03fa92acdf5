/* The JWS examples of RFC 7520 section 4, with the keys of section 3.
 * Tests of fa_jws, fa_key and fa_keyring. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_jws.h"
#include "fa_keyring.h"

static const struct {
    const char *file;
    const char *alg; /* its JWK may not say */
} examples[] = {
    {"rfc7520/jws_4_1.rsa_v15_signature.json", "RS256"},
    {"rfc7520/jws_4_2.rsa-pss_signature.json", "PS384"},
    {"rfc7520/jws_4_3.ecdsa_signature.json", "ES512"},
    {"rfc7520/jws_4_4.hmac-sha2_integrity_protection.json", "HS256"},
};

static fa_keyring *ring_of(const json_t *jwk, const char *alg)
{
    fa_keyring *ring = fa_keyring_create(unit_pool);
    apr_array_header_t *fallback =
        apr_array_make(unit_pool, 1, sizeof(const fa_alg *));
    const fa_key *key = NULL;
    const char *skipped;

    APR_ARRAY_PUSH(fallback, const fa_alg *) = fa_alg_named(alg);
    ck_assert_ptr_null(
        fa_key_from_jwk(unit_pool, jwk, fallback, &key, &skipped));
    ck_assert_ptr_nonnull(key);
    ck_assert_ptr_null(fa_keyring_add(ring, key));
    return ring;
}

static bool accepts(const fa_keyring *ring, const char *token, fa_jws *jws)
{
    const fa_key *key;

    if (fa_jws_split(unit_pool, token, strlen(token), jws))
        return false;
    key = fa_keyring_select(ring, jws->alg, jws->kid);
    return key && fa_jws_verify(jws, key);
}

START_TEST(example_is_verified)
{
    const json_t *example = unit_corpus(examples[_i].file);
    const json_t *input = json_object_get(example, "input");
    const json_t *key = json_object_get(input, "key");
    const char *token =
        unit_text(json_object_get(example, "output"), "compact");
    fa_jws jws;

    ck_assert(accepts(ring_of(key, examples[_i].alg), token, &jws));
    ck_assert_str_eq(jws.alg, examples[_i].alg);
    ck_assert_str_eq(jws.kid, unit_text(key, "kid"));
    ck_assert_str_eq(jws.payload, unit_text(input, "payload"));
}
END_TEST

START_TEST(example_with_another_byte_is_refused)
{
    const json_t *example = unit_corpus(examples[_i].file);
    const json_t *key =
        json_object_get(json_object_get(example, "input"), "key");
    fa_keyring *ring = ring_of(key, examples[_i].alg);
    char *token = apr_pstrdup(
        unit_pool, unit_text(json_object_get(example, "output"), "compact"));
    fa_jws jws;

    for (size_t i = 0; token[i]; i++) {
        token[i] ^= 0x01;
        ck_assert_msg(!accepts(ring, token, &jws), "byte %d", (int)i);
        token[i] ^= 0x01;
    }
}
END_TEST

static const char *const serialisations[] = {"json", "json_flat"};

START_TEST(json_serialisation_is_refused)
{
    const json_t *output =
        json_object_get(unit_corpus(examples[_i].file), "output");

    for (size_t i = 0; i < UNIT_COUNT(serialisations); i++) {
        char *text = json_dumps(json_object_get(output, serialisations[i]), 0);
        fa_jws jws;

        ck_assert_ptr_nonnull(text);
        ck_assert_ptr_nonnull(
            fa_jws_split(unit_pool, text, strlen(text), &jws));
        free(text);
    }
}
END_TEST

static const struct {
    const char *file;
    const char *alg; /* NULL: left out */
} keys[] = {
    {"rfc7520/jwk_3_1.ec_public_key.json", "ES512"},
    {"rfc7520/jwk_3_2.ec_private_key.json", "ES512"},
    {"rfc7520/jwk_3_3.rsa_public_key.json", "RS256"},
    {"rfc7520/jwk_3_4.rsa_private_key.json", "RS256"},
    {"rfc7520/jwk_3_5.symmetric_key_mac_computation.json", "HS256"},
    {"rfc7520/jwk_3_6.symmetric_key_encryption.json", NULL},
};

START_TEST(key_is_loaded_or_left_out)
{
    const json_t *jwk = unit_corpus(keys[_i].file);
    const fa_key *key = NULL;
    const char *skipped = NULL;

    ck_assert_ptr_null(fa_key_from_jwk(unit_pool, jwk, NULL, &key, &skipped));
    if (!keys[_i].alg) {
        ck_assert_ptr_null(key);
        ck_assert_ptr_nonnull(skipped);
        return;
    }
    ck_assert_str_eq(key->alg->name, keys[_i].alg);
    ck_assert_str_eq(key->kid, unit_text(jwk, "kid"));
}
END_TEST

int main(void)
{
    TCase *rfc7520 = unit_case("rfc7520");
    int all = UNIT_ROWS(examples);

    if (!unit_has_corpus())
        return unit_skip("t_rfc7520", UNIT_CORPUS_ABSENT);
    tcase_add_loop_test(rfc7520, example_is_verified, 0, all);
    tcase_add_loop_test(rfc7520, example_with_another_byte_is_refused, 0, all);
    tcase_add_loop_test(rfc7520, json_serialisation_is_refused, 0, all);
    tcase_add_loop_test(rfc7520, key_is_loaded_or_left_out, 0, UNIT_ROWS(keys));
    return unit_run("t_rfc7520", rfc7520, NULL);
}
