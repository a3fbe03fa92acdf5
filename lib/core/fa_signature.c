/* Signatures, verified by OpenSSL.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_signature.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

/* Large enough for r and s of P-521 in DER. */
#define DER_MAX 160

static bool verify_hmac(const fa_key *key, const void *message, size_t size,
                        const unsigned char *signature, size_t signature_size)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    size_t mac_size = 0;
    bool same;

    same = EVP_Q_mac(NULL, "HMAC", NULL, key->alg->digest, NULL, key->secret,
                     key->secret_size, message, size, mac, sizeof(mac),
                     &mac_size) &&
           mac_size == key->alg->digest_size && signature_size == mac_size &&
           CRYPTO_memcmp(mac, signature, mac_size) == 0;
    OPENSSL_cleanse(mac, sizeof(mac));
    return same;
}

/* RFC 7518 section 3.5: the salt is as long as the hash, MGF1 uses the same. */
static bool set_pss(EVP_PKEY_CTX *context, const char *digest)
{
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) ==
               1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, digest, NULL) == 1;
}

static bool verify_evp(const fa_key *key, const void *message, size_t size,
                       const unsigned char *signature, size_t signature_size)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    bool verified;

    verified =
        context &&
        EVP_DigestVerifyInit_ex(context, &options, key->alg->digest, NULL, NULL,
                                key->public_key, NULL) == 1 &&
        (!key->alg->pss || set_pss(options, key->alg->digest)) &&
        EVP_DigestVerify(context, signature, signature_size, message, size) ==
            1;
    EVP_MD_CTX_free(context);
    return verified;
}

/* RFC 8017 section 8.2.2 step 1. */
static bool verify_rsa(const fa_key *key, const void *message, size_t size,
                       const unsigned char *signature, size_t signature_size)
{
    if (signature_size != (size_t)EVP_PKEY_get_size(key->public_key))
        return false;
    return verify_evp(key, message, size, signature, signature_size);
}

/* From r and s side by side to the DER that OpenSSL reads; 0 on failure. */
static size_t to_der(const unsigned char *signature, size_t coordinate,
                     unsigned char *der)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, (int)coordinate, NULL);
    BIGNUM *s = BN_bin2bn(signature + coordinate, (int)coordinate, NULL);
    int size = 0;

    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
        r = s = NULL; /* the pair's now */
        size = i2d_ECDSA_SIG(pair, NULL);
        size = size > 0 && size <= DER_MAX ? i2d_ECDSA_SIG(pair, &der) : 0;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return size > 0 ? (size_t)size : 0;
}

/* RFC 7518 section 3.4. */
static bool verify_ecdsa(const fa_key *key, const void *message, size_t size,
                         const unsigned char *signature, size_t signature_size)
{
    unsigned char der[DER_MAX];
    size_t der_size;

    if (signature_size != 2 * key->alg->coordinate)
        return false;
    der_size = to_der(signature, key->alg->coordinate, der);
    return der_size > 0 && verify_evp(key, message, size, der, der_size);
}

static bool verify(const fa_key *key, const void *message, size_t size,
                   const unsigned char *signature, size_t signature_size)
{
    switch (key->alg->type) {
    case FA_KEY_OCT:
        return verify_hmac(key, message, size, signature, signature_size);
    case FA_KEY_RSA:
        return verify_rsa(key, message, size, signature, signature_size);
    case FA_KEY_EC:
        return verify_ecdsa(key, message, size, signature, signature_size);
    case FA_KEY_OKP: /* OpenSSL holds it to 64 bytes */
        return verify_evp(key, message, size, signature, signature_size);
    }
    return false;
}

bool fa_signature_verify(const fa_key *key, const void *message, size_t size,
                         const unsigned char *signature, size_t signature_size)
{
    bool verified = verify(key, message, size, signature, signature_size);

    ERR_clear_error();
    return verified;
}
