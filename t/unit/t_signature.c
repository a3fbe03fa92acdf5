/* A signature is good for its key, its algorithm and its bytes only.
 * Tests of fa_signature. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "fa_base64.h"
#include "fa_signature.h"

static const char *const algs[] = {
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
    "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
};

static const char message[] = "It's a dangerous business, Frodo";
#define MESSAGE_SIZE (sizeof(message) - 1)

/* RFC 7515 appendix A.1 to A.3 and RFC 8037 appendix A.4: the key as JWK. */
static const struct {
    const char *alg;
    const char *jwk;
    const char *text;
    const char *signature;
} vectors[] = {
    {"HS256",
     "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVM"
     "koqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}",
     "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjE"
     "zMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
    {"RS256",
     "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0"
     "l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_Y"
     "pRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA"
     "9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5Ihl"
     "JH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp"
     "oQ\",\"e\":\"AQAB\"}",
     "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh"
     "0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
     "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh"
     "-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLg"
     "rnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"
     "xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgG"
     "Y9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
    {"ES256",
     "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8"
     "Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
     "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh"
     "0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
     "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTU"
     "JqPP3-Kg6NU1Q"},
    {"EdDSA",
     "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPa"
     "piMlrwIaaPcHURo\"}",
     "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
     "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7"
     "sVvpAr_MuM0KAg"},
};

START_TEST(vector_of_the_rfc_is_verified)
{
    json_t *jwk = json_loads(vectors[_i].jwk, 0, NULL);
    const fa_key *key = NULL;
    const char *skipped, *text = vectors[_i].signature;
    unsigned char *signature;
    size_t size;

    ck_assert_ptr_null(fa_key_from_jwk(unit_pool, jwk, NULL, &key, &skipped));
    json_decref(jwk);
    ck_assert_str_eq(key->alg->name, vectors[_i].alg);
    ck_assert_int_eq(
        fa_base64url_decode(unit_pool, text, strlen(text), &signature, &size),
        APR_SUCCESS);
    text = vectors[_i].text;
    ck_assert(fa_signature_verify(key, text, strlen(text), signature, size));
    ck_assert(
        !fa_signature_verify(key, text, strlen(text) - 1, signature, size));
    signature[size - 1] ^= 1;
    ck_assert(!fa_signature_verify(key, text, strlen(text), signature, size));
}
END_TEST

START_TEST(signature_is_good_for_its_bytes)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    const fa_key *key = unit_verifier(alg, NULL);
    char other[MESSAGE_SIZE + 1];
    size_t size;
    unsigned char *signature = unit_sign(alg, message, MESSAGE_SIZE, &size);

    ck_assert(fa_signature_verify(key, message, MESSAGE_SIZE, signature, size));
    for (size_t i = 0; i < MESSAGE_SIZE; i++) {
        memcpy(other, message, sizeof(other));
        other[i] ^= 0x01;
        ck_assert(
            !fa_signature_verify(key, other, MESSAGE_SIZE, signature, size));
    }
    ck_assert(
        !fa_signature_verify(key, message, MESSAGE_SIZE + 1, signature, size));
    ck_assert(!fa_signature_verify(key, message, 0, signature, size));
}
END_TEST

START_TEST(every_bit_of_a_signature_counts)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    const fa_key *key = unit_verifier(alg, NULL);
    size_t size;
    unsigned char *signature = unit_sign(alg, message, MESSAGE_SIZE, &size);

    for (size_t bit = 0; bit < size * 8; bit++) {
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
        ck_assert_msg(
            !fa_signature_verify(key, message, MESSAGE_SIZE, signature, size),
            "bit %d", (int)bit);
        ck_assert_uint_eq(ERR_peek_error(), 0);
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    ck_assert(fa_signature_verify(key, message, MESSAGE_SIZE, signature, size));
}
END_TEST

START_TEST(only_the_exact_length_will_do)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    const fa_key *key = unit_verifier(alg, NULL);
    size_t size;
    unsigned char *signature = unit_sign(alg, message, MESSAGE_SIZE, &size);
    unsigned char *longer = apr_pcalloc(unit_pool, size + 3);

    memcpy(longer, signature, size);
    for (size_t length = 0; length < size; length++)
        ck_assert(!fa_signature_verify(key, message, MESSAGE_SIZE, signature,
                                       length));
    for (size_t more = 1; more <= 2; more++)
        ck_assert(!fa_signature_verify(key, message, MESSAGE_SIZE, longer,
                                       size + more));
    memcpy(longer + 1, signature, size);
    longer[0] = 0;
    ck_assert(
        !fa_signature_verify(key, message, MESSAGE_SIZE, longer, size + 1));
}
END_TEST

START_TEST(signature_of_one_algorithm_is_none_of_another)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    size_t size;
    unsigned char *signature = unit_sign(alg, message, MESSAGE_SIZE, &size);

    for (size_t i = 0; i < UNIT_COUNT(algs); i++) {
        const fa_key *key = unit_verifier(unit_alg(algs[i]), NULL);

        ck_assert_msg(fa_signature_verify(key, message, MESSAGE_SIZE, signature,
                                          size) == (i == (size_t)_i),
                      "%s verified as %s", algs[_i], algs[i]);
    }
}
END_TEST

START_TEST(zeroes_are_no_signature)
{
    static const unsigned char zeroes[512];
    const fa_key *key = unit_verifier(unit_alg(algs[_i]), NULL);

    for (size_t size = 0; size <= sizeof(zeroes); size++)
        ck_assert(
            !fa_signature_verify(key, message, MESSAGE_SIZE, zeroes, size));
}
END_TEST

static const char *const ec_algs[] = {"ES256", "ES384", "ES512"};

/* The DER form of a good signature. */
START_TEST(ecdsa_signature_in_der_is_refused)
{
    const fa_alg *alg = unit_alg(ec_algs[_i]);
    const fa_key *key = unit_verifier(alg, NULL);
    unsigned char der[160];
    size_t size = sizeof(der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    ck_assert_int_eq(EVP_DigestSignInit_ex(context, NULL, alg->digest, NULL,
                                           NULL, unit_private_key(alg), NULL),
                     1);
    ck_assert_int_eq(EVP_DigestSign(context, der, &size,
                                    (const unsigned char *)message,
                                    MESSAGE_SIZE),
                     1);
    EVP_MD_CTX_free(context);
    ck_assert(!fa_signature_verify(key, message, MESSAGE_SIZE, der, size));
}
END_TEST

/* RFC 7518 section 3.4: r and s have their full size; s + n is no other s. */
START_TEST(ecdsa_signature_of_another_size_is_refused)
{
    const fa_alg *alg = unit_alg(ec_algs[_i]);
    const fa_key *key = unit_verifier(alg, NULL);
    size_t size, half;
    unsigned char *good = unit_sign(alg, message, MESSAGE_SIZE, &size);
    unsigned char *wider = apr_pcalloc(unit_pool, size + 2);

    half = size / 2;
    memcpy(wider + 1, good, half);
    memcpy(wider + half + 2, good + half, half);
    ck_assert(
        !fa_signature_verify(key, message, MESSAGE_SIZE, wider, size + 2));
}
END_TEST

static const int salts[] = {0, 20, 31, 33, 48, RSA_PSS_SALTLEN_MAX};

START_TEST(pss_salt_of_another_length_is_refused)
{
    const fa_alg *alg = unit_alg("PS256");
    const fa_key *key = unit_verifier(alg, NULL);
    unsigned char signature[256];
    size_t size = sizeof(signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options;

    ck_assert_int_eq(EVP_DigestSignInit_ex(context, &options, alg->digest, NULL,
                                           NULL, unit_private_key(alg), NULL),
                     1);
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salts[_i]);
    ck_assert_int_eq(EVP_DigestSign(context, signature, &size,
                                    (const unsigned char *)message,
                                    MESSAGE_SIZE),
                     1);
    EVP_MD_CTX_free(context);
    ck_assert(
        !fa_signature_verify(key, message, MESSAGE_SIZE, signature, size));
}
END_TEST

START_TEST(pss_with_another_mgf_is_refused)
{
    const fa_alg *alg = unit_alg("PS256");
    const fa_key *key = unit_verifier(alg, NULL);
    unsigned char signature[256];
    size_t size = sizeof(signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options;

    ck_assert_int_eq(EVP_DigestSignInit_ex(context, &options, alg->digest, NULL,
                                           NULL, unit_private_key(alg), NULL),
                     1);
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    EVP_PKEY_CTX_set_rsa_mgf1_md_name(options, "SHA1", NULL);
    ck_assert_int_eq(EVP_DigestSign(context, signature, &size,
                                    (const unsigned char *)message,
                                    MESSAGE_SIZE),
                     1);
    EVP_MD_CTX_free(context);
    ck_assert(
        !fa_signature_verify(key, message, MESSAGE_SIZE, signature, size));
}
END_TEST

int main(void)
{
    TCase *signature = unit_case("signature");
    int all = UNIT_ROWS(algs);

    unit_make_keys();
    tcase_add_loop_test(signature, vector_of_the_rfc_is_verified, 0,
                        UNIT_ROWS(vectors));
    tcase_add_loop_test(signature, signature_is_good_for_its_bytes, 0, all);
    tcase_add_loop_test(signature, every_bit_of_a_signature_counts, 0, all);
    tcase_add_loop_test(signature, only_the_exact_length_will_do, 0, all);
    tcase_add_loop_test(signature,
                        signature_of_one_algorithm_is_none_of_another, 0, all);
    tcase_add_loop_test(signature, zeroes_are_no_signature, 0, all);
    tcase_add_loop_test(signature, ecdsa_signature_in_der_is_refused, 0,
                        UNIT_ROWS(ec_algs));
    tcase_add_loop_test(signature, ecdsa_signature_of_another_size_is_refused,
                        0, UNIT_ROWS(ec_algs));
    tcase_add_loop_test(signature, pss_salt_of_another_length_is_refused, 0,
                        UNIT_ROWS(salts));
    tcase_add_test(signature, pss_with_another_mgf_is_refused);
    return unit_run("t_signature", signature, NULL);
}
