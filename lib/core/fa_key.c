/* Keys from secrets and PEM, held to what their algorithm demands.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_key.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "fa_text.h"
#include "fa_weak_secrets.h"

#define RSA_MIN_BITS 2048  /* RFC 7518 section 3.3 */
#define RSA_MAX_BITS 16384 /* OpenSSL verifies nothing longer */

static const char *begin_key(apr_pool_t *pool, const fa_alg *alg,
                             const char *kid, fa_key **key)
{
    if (kid && (!*kid || strlen(kid) > FA_KID_MAX ||
                fa_text_has_control(kid, strlen(kid))))
        return apr_psprintf(pool,
                            "a kid has 1 to %d bytes and no control character",
                            FA_KID_MAX);
    *key = apr_pcalloc(pool, sizeof(**key));
    (*key)->alg = alg;
    (*key)->kid = kid ? apr_pstrdup(pool, kid) : NULL;
    return NULL;
}

static bool is_one_byte_repeated(const unsigned char *bytes, size_t size)
{
    return size > 0 && !memcmp(bytes, bytes + 1, size - 1);
}

static bool holds_pem(const void *bytes, size_t size)
{
    static const char begin[] = "-----BEGIN ";

    return memmem(bytes, size, begin, sizeof(begin) - 1) != NULL;
}

static const char *secret_problem(apr_pool_t *pool, const fa_alg *alg,
                                  const void *bytes, size_t size)
{
    if (alg->type != FA_KEY_OCT)
        return apr_psprintf(pool, "%s takes a public key, not a secret",
                            alg->name);
    if (size < alg->digest_size)
        return apr_psprintf(pool,
                            "a secret of %s has at least %" APR_SIZE_T_FMT
                            " bytes, this one has %" APR_SIZE_T_FMT,
                            alg->name, alg->digest_size, size);
    if (holds_pem(bytes, size))
        return apr_psprintf(pool, "%s takes a secret, not a key in PEM",
                            alg->name);
    if (is_one_byte_repeated(bytes, size))
        return "the secret is one byte repeated";
    if (fa_secret_is_published(bytes, size))
        return "the secret is a published one: make a new one";
    return NULL;
}

static apr_status_t wipe_secret(void *data)
{
    fa_key *key = data;

    OPENSSL_cleanse((void *)key->secret, key->secret_size);
    return APR_SUCCESS;
}

const char *fa_key_from_secret(apr_pool_t *pool, const fa_alg *alg,
                               const char *kid, const void *bytes, size_t size,
                               const fa_key **key)
{
    fa_key *made;
    const char *problem = secret_problem(pool, alg, bytes, size);

    if (!problem)
        problem = begin_key(pool, alg, kid, &made);
    if (problem)
        return problem;
    made->secret = apr_pmemdup(pool, bytes, size);
    made->secret_size = size;
    apr_pool_cleanup_register(pool, made, wipe_secret, apr_pool_cleanup_null);
    *key = made;
    return NULL;
}

static bool has_sound_exponent(EVP_PKEY *rsa)
{
    BIGNUM *exponent = NULL;
    bool sound;

    sound = EVP_PKEY_get_bn_param(rsa, OSSL_PKEY_PARAM_RSA_E, &exponent) &&
            BN_is_odd(exponent) && !BN_is_one(exponent);
    BN_free(exponent);
    return sound;
}

static const char *rsa_problem(apr_pool_t *pool, const fa_alg *alg,
                               EVP_PKEY *rsa)
{
    int bits;

    if (!EVP_PKEY_is_a(rsa, "RSA"))
        return apr_psprintf(pool, "%s takes an RSA key", alg->name);
    bits = EVP_PKEY_get_bits(rsa);
    if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS)
        return apr_psprintf(pool,
                            "an RSA key has %d to %d bits, this one has %d",
                            RSA_MIN_BITS, RSA_MAX_BITS, bits);
    if (!has_sound_exponent(rsa))
        return "the RSA key's exponent is even or 1";
    return NULL;
}

static const char *curve_problem(apr_pool_t *pool, const fa_alg *alg,
                                 EVP_PKEY *ec)
{
    char group[64];
    size_t length;

    if (!EVP_PKEY_is_a(ec, "EC") ||
        !EVP_PKEY_get_group_name(ec, group, sizeof(group), &length) ||
        strcmp(group, alg->curve) != 0)
        return apr_psprintf(pool, "%s takes an EC key on %s", alg->name,
                            alg->curve);
    return NULL;
}

static const char *type_problem(apr_pool_t *pool, const fa_alg *alg,
                                EVP_PKEY *public_key)
{
    switch (alg->type) {
    case FA_KEY_RSA:
        return rsa_problem(pool, alg, public_key);
    case FA_KEY_EC:
        return curve_problem(pool, alg, public_key);
    case FA_KEY_OKP:
        if (EVP_PKEY_is_a(public_key, alg->curve))
            return NULL;
        return apr_psprintf(pool, "%s takes an Ed25519 key", alg->name);
    case FA_KEY_OCT:
        break;
    }
    return apr_psprintf(pool, "%s takes a secret, not a public key", alg->name);
}

static bool is_valid(EVP_PKEY *public_key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, public_key, NULL);
    bool valid = context && EVP_PKEY_public_check(context) == 1;

    EVP_PKEY_CTX_free(context);
    return valid;
}

static apr_status_t free_public_key(void *data)
{
    EVP_PKEY_free(data);
    return APR_SUCCESS;
}

const char *fa_key_from_evp(apr_pool_t *pool, const fa_alg *alg,
                            const char *kid, EVP_PKEY *public_key,
                            const fa_key **key)
{
    fa_key *made;
    const char *problem = type_problem(pool, alg, public_key);

    if (!problem && !is_valid(public_key))
        problem = "the public key is not a valid one";
    if (!problem)
        problem = begin_key(pool, alg, kid, &made);
    ERR_clear_error();
    if (problem) {
        EVP_PKEY_free(public_key);
        return problem;
    }
    made->public_key = public_key;
    apr_pool_cleanup_register(pool, public_key, free_public_key,
                              apr_pool_cleanup_null);
    *key = made;
    return NULL;
}

/* One block of PEM, as it stands: nothing in it was decrypted. */
typedef struct pem_block {
    char *name;
    char *header;
    unsigned char *der;
    long size;
} pem_block;

static bool only_white_space_left(BIO *bio)
{
    char c;

    while (BIO_read(bio, &c, 1) == 1) {
        if (!strchr(" \t\r\n", c) || c == '\0')
            return false;
    }
    return true;
}

static EVP_PKEY *read_certificate(const unsigned char **der, long size)
{
    X509 *certificate = d2i_X509(NULL, der, size);
    EVP_PKEY *public_key = certificate ? X509_get_pubkey(certificate) : NULL;

    X509_free(certificate);
    return public_key;
}

static const char *read_block(const pem_block *block, EVP_PKEY **public_key)
{
    const unsigned char *at = block->der;
    EVP_PKEY *read = NULL;

    if (*block->header)
        return "the PEM is encrypted: a public key needs no password";
    if (strstr(block->name, "PRIVATE KEY"))
        return "this is a private key: only its public half belongs here";
    if (!strcmp(block->name, "PUBLIC KEY"))
        read = d2i_PUBKEY(NULL, &at, block->size);
    else if (!strcmp(block->name, "RSA PUBLIC KEY")) /* RFC 8017 A.1.1 */
        read = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, block->size);
    else if (!strcmp(block->name, "CERTIFICATE"))
        read = read_certificate(&at, block->size);
    if (!read || at != block->der + block->size) {
        EVP_PKEY_free(read);
        return "the PEM is neither a public key nor a certificate";
    }
    *public_key = read;
    return NULL;
}

static const char *read_pem(BIO *bio, EVP_PKEY **public_key)
{
    pem_block block = {NULL, NULL, NULL, 0};
    const char *problem;

    if (!bio ||
        !PEM_read_bio(bio, &block.name, &block.header, &block.der, &block.size))
        return "there is no key in PEM";
    if (!only_white_space_left(bio))
        problem = "something follows the first key";
    else
        problem = read_block(&block, public_key);
    OPENSSL_free(block.name);
    OPENSSL_free(block.header);
    OPENSSL_clear_free(block.der, (size_t)block.size);
    return problem;
}

const char *fa_key_from_pem(apr_pool_t *pool, const fa_alg *alg,
                            const char *kid, const char *pem, size_t size,
                            const fa_key **key)
{
    EVP_PKEY *public_key = NULL;
    BIO *bio = size <= INT_MAX ? BIO_new_mem_buf(pem, (int)size) : NULL;
    const char *problem = read_pem(bio, &public_key);

    BIO_free(bio);
    ERR_clear_error();
    if (problem)
        return problem;
    return fa_key_from_evp(pool, alg, kid, public_key, key);
}
