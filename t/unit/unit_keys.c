/* Keys made at run time, and tokens signed with them.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

const unsigned char unit_secret[64] =
    "A secret of the unit tests, as long as SHA-512 demands of a key.";

static EVP_PKEY *rsa, *p256, *p384, *p521, *ed25519;

void unit_make_keys(void)
{
    if (rsa)
        return;
    rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    p256 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    p384 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
    p521 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521");
    ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (!rsa || !p256 || !p384 || !p521 || !ed25519)
        abort();
}

const fa_alg *unit_alg(const char *name)
{
    const fa_alg *alg = fa_alg_named(name);

    ck_assert_ptr_nonnull(alg);
    return alg;
}

EVP_PKEY *unit_private_key(const fa_alg *alg)
{
    switch (alg->type) {
    case FA_KEY_RSA:
        return rsa;
    case FA_KEY_EC:
        return alg->coordinate == 32   ? p256
               : alg->coordinate == 48 ? p384
                                       : p521;
    case FA_KEY_OKP:
        return ed25519;
    case FA_KEY_OCT:
        break;
    }
    return NULL;
}

static apr_status_t free_key(void *key)
{
    EVP_PKEY_free(key);
    return APR_SUCCESS;
}

static EVP_PKEY *owned(EVP_PKEY *key)
{
    ck_assert_ptr_nonnull(key);
    apr_pool_cleanup_register(unit_pool, key, free_key, apr_pool_cleanup_null);
    return key;
}

EVP_PKEY *unit_new_rsa(size_t bits)
{
    return owned(EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits));
}

EVP_PKEY *unit_new_ec(const char *curve)
{
    return owned(EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve));
}

EVP_PKEY *unit_new_key(const char *type)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *made = NULL;

    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_generate(context, &made), 1);
    EVP_PKEY_CTX_free(context);
    return owned(made);
}

/* The text in a memory BIO, which is freed. */
static const char *text_of(BIO *bio, int written)
{
    char *text;
    long size = BIO_get_mem_data(bio, &text);

    ck_assert_int_eq(written, 1);
    text = apr_pstrmemdup(unit_pool, text, (size_t)size);
    BIO_free(bio);
    return text;
}

const char *unit_public_pem(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return text_of(bio, PEM_write_bio_PUBKEY(bio, key));
}

const char *unit_private_pem(EVP_PKEY *key, const char *password)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return text_of(bio,
                   PEM_write_bio_PKCS8PrivateKey(
                       bio, key, password ? EVP_aes_128_cbc() : NULL, password,
                       password ? (int)strlen(password) : 0, NULL, NULL));
}

const char *unit_certificate_pem(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    X509 *made = X509_new();
    const char *pem;

    ck_assert_int_eq(ASN1_INTEGER_set(X509_get_serialNumber(made), 1), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 60);
    ck_assert_int_eq(X509_set_pubkey(made, key), 1);
    ck_assert_int_gt(X509_sign(made, key, EVP_sha256()), 0);
    pem = text_of(bio, PEM_write_bio_X509(bio, made));
    X509_free(made);
    return pem;
}

static const char *number_of(EVP_PKEY *key, const char *name, int size)
{
    BIGNUM *number = NULL;
    unsigned char *bytes;

    ck_assert_int_eq(EVP_PKEY_get_bn_param(key, name, &number), 1);
    if (size == 0)
        size = BN_num_bytes(number);
    bytes = apr_palloc(unit_pool, (size_t)size);
    ck_assert_int_eq(BN_bn2binpad(number, bytes, size), size);
    BN_free(number);
    return unit_base64url(bytes, (size_t)size);
}

static const char *rsa_jwk(EVP_PKEY *key)
{
    return apr_psprintf(unit_pool, "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"",
                        number_of(key, OSSL_PKEY_PARAM_RSA_N, 0),
                        number_of(key, OSSL_PKEY_PARAM_RSA_E, 0));
}

static const char *ec_jwk(EVP_PKEY *key)
{
    int bits = EVP_PKEY_get_bits(key), size = (bits + 7) / 8;

    return apr_psprintf(
        unit_pool, "\"kty\":\"EC\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\"",
        bits, number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, size),
        number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, size));
}

static const char *okp_jwk(EVP_PKEY *key)
{
    unsigned char x[32];
    size_t size = sizeof(x);

    ck_assert_int_eq(EVP_PKEY_get_raw_public_key(key, x, &size), 1);
    return apr_psprintf(unit_pool,
                        "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"",
                        unit_base64url(x, size));
}

const char *unit_jwk(EVP_PKEY *key, const char *members)
{
    const char *own = EVP_PKEY_is_a(key, "RSA")  ? rsa_jwk(key)
                      : EVP_PKEY_is_a(key, "EC") ? ec_jwk(key)
                                                 : okp_jwk(key);

    return apr_pstrcat(unit_pool, "{", own, *members ? "," : "", members, "}",
                       NULL);
}

const fa_key *unit_verifier(const fa_alg *alg, const char *kid)
{
    const fa_key *key = NULL;
    const char *pem, *problem;

    if (alg->type == FA_KEY_OCT) {
        problem = fa_key_from_secret(unit_pool, alg, kid, unit_secret,
                                     sizeof(unit_secret), &key);
    }
    else {
        pem = unit_public_pem(unit_private_key(alg));
        problem = fa_key_from_pem(unit_pool, alg, kid, pem, strlen(pem), &key);
    }
    ck_assert_msg(!problem, "%s: %s", alg->name, problem);
    return key;
}

static unsigned char *mac(const fa_alg *alg, const void *message, size_t size,
                          size_t *signature_size)
{
    unsigned char *signature = apr_palloc(unit_pool, EVP_MAX_MD_SIZE);

    ck_assert_ptr_nonnull(EVP_Q_mac(
        NULL, "HMAC", NULL, alg->digest, NULL, unit_secret, sizeof(unit_secret),
        message, size, signature, EVP_MAX_MD_SIZE, signature_size));
    return signature;
}

/* From DER to r and s side by side. */
static unsigned char *side_by_side(const fa_alg *alg, const unsigned char *der,
                                   size_t *size)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)*size);
    int half = (int)alg->coordinate;
    unsigned char *joined = apr_palloc(unit_pool, 2 * alg->coordinate);

    ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_r(pair), joined, half), half);
    ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_s(pair), joined + half, half),
                     half);
    ECDSA_SIG_free(pair);
    *size = 2 * alg->coordinate;
    return joined;
}

unsigned char *unit_sign(const fa_alg *alg, const void *message, size_t size,
                         size_t *signature_size)
{
    EVP_MD_CTX *context;
    EVP_PKEY_CTX *options = NULL;
    unsigned char *signature = apr_palloc(unit_pool, 1024);
    size_t written = 1024;

    if (alg->type == FA_KEY_OCT)
        return mac(alg, message, size, signature_size);
    context = EVP_MD_CTX_new();
    ck_assert_int_eq(EVP_DigestSignInit_ex(context, &options, alg->digest, NULL,
                                           NULL, unit_private_key(alg), NULL),
                     1);
    if (alg->pss) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    ck_assert_int_eq(
        EVP_DigestSign(context, signature, &written, message, size), 1);
    EVP_MD_CTX_free(context);
    if (alg->type == FA_KEY_EC)
        signature = side_by_side(alg, signature, &written);
    *signature_size = written;
    return signature;
}

const char *unit_token(const fa_alg *alg, const char *header,
                       const char *payload)
{
    size_t size;
    const char *text =
        apr_pstrcat(unit_pool, unit_base64url(header, strlen(header)), ".",
                    unit_base64url(payload, strlen(payload)), NULL);
    unsigned char *signature = unit_sign(alg, text, strlen(text), &size);

    return apr_pstrcat(unit_pool, text, ".", unit_base64url(signature, size),
                       NULL);
}
