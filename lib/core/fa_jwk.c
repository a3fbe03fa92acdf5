/* Keys from JSON Web Keys.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_key.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "fa_base64.h"

/* kty: RFC 7518 section 6.1, RFC 8037 section 2. */
static const struct {
    const char *kty;
    fa_key_type type;
} types[] = {
    {"oct", FA_KEY_OCT},
    {"RSA", FA_KEY_RSA},
    {"EC", FA_KEY_EC},
    {"OKP", FA_KEY_OKP},
};

/* crv, and the one algorithm of that curve. */
static const struct {
    const char *crv;
    const char *alg;
} curves[] = {
    {"P-256", "ES256"},
    {"P-384", "ES384"},
    {"P-521", "ES512"},
    {"Ed25519", "EdDSA"},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *text_of(const json_t *jwk, const char *name)
{
    return json_string_value(json_object_get(jwk, name));
}

static bool is_there(const json_t *jwk, const char *name)
{
    return json_object_get(jwk, name) != NULL;
}

static bool find_type(const char *kty, fa_key_type *type)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!strcmp(types[i].kty, kty)) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

/* NULL for a curve that is none of ours. */
static const fa_alg *alg_of_curve(const json_t *jwk)
{
    const char *crv = text_of(jwk, "crv");

    for (size_t i = 0; crv && i < COUNT(curves); i++) {
        if (!strcmp(curves[i].crv, crv))
            return fa_alg_named(curves[i].alg);
    }
    return NULL;
}

static bool fits(const fa_alg *alg, fa_key_type type, const json_t *jwk)
{
    if (alg->type != type)
        return false;
    return !alg->curve || alg == alg_of_curve(jwk);
}

/* RFC 7517 sections 4.2 and 4.3: is it meant to verify signatures? */
static const char *purpose_problem(const json_t *jwk, const char **skipped)
{
    const char *use = text_of(jwk, "use");
    const json_t *operations = json_object_get(jwk, "key_ops");
    const json_t *operation;
    size_t i;
    bool verifies = !operations;

    if (is_there(jwk, "use") && !use)
        return "its use is not a text";
    if (operations && !json_is_array(operations))
        return "its key_ops is not an array";
    json_array_foreach(operations, i, operation)
    {
        if (!json_is_string(operation))
            return "its key_ops is not an array of texts";
        if (!strcmp(json_string_value(operation), "verify"))
            verifies = true;
    }
    if (use && strcmp(use, "sig") != 0)
        *skipped = "its use is not sig";
    else if (!verifies)
        *skipped = "its key_ops has no verify";
    return NULL;
}

/* The algorithm of a JWK that names none. */
static const fa_alg *default_alg(const json_t *jwk, fa_key_type type,
                                 const apr_array_header_t *fallback)
{
    for (int i = 0; fallback && i < fallback->nelts; i++) {
        const fa_alg *alg = APR_ARRAY_IDX(fallback, i, const fa_alg *);

        if (fits(alg, type, jwk))
            return alg;
    }
    switch (type) {
    case FA_KEY_RSA:
        return fa_alg_named("RS256");
    case FA_KEY_EC:
    case FA_KEY_OKP:
        return alg_of_curve(jwk);
    case FA_KEY_OCT:
        break;
    }
    return NULL;
}

static const char *choose_alg(const json_t *jwk, fa_key_type type,
                              const apr_array_header_t *fallback,
                              const fa_alg **alg, const char **skipped)
{
    const char *name = text_of(jwk, "alg");
    const fa_alg *chosen;

    if (is_there(jwk, "alg") && !name)
        return "its alg is not a text";
    chosen = name ? fa_alg_named(name) : default_alg(jwk, type, fallback);
    if (chosen && !fits(chosen, type, jwk))
        return "its alg does not go with its kty or crv";
    if (!chosen && type == FA_KEY_OCT && !name)
        return "it is a secret and has no alg";
    if (!chosen)
        *skipped = name ? "its alg is none of ours" : "its crv is none of ours";
    *alg = chosen;
    return NULL;
}

static bool decode(apr_pool_t *pool, const json_t *jwk, const char *name,
                   unsigned char **bytes, size_t *size)
{
    const char *text = text_of(jwk, name);

    return text && fa_base64url_decode(pool, text, strlen(text), bytes, size) ==
                       APR_SUCCESS;
}

static EVP_PKEY *build(const char *type, OSSL_PARAM_BLD *builder)
{
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *made = NULL;

    if (params && context && EVP_PKEY_fromdata_init(context) == 1 &&
        EVP_PKEY_fromdata(context, &made, EVP_PKEY_PUBLIC_KEY, params) != 1)
        made = NULL;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    return made;
}

/* RFC 7518 section 6.3.1. */
static EVP_PKEY *rsa_key(apr_pool_t *pool, const json_t *jwk)
{
    unsigned char *n, *e;
    size_t n_size, e_size;
    OSSL_PARAM_BLD *builder;
    BIGNUM *modulus, *exponent;
    EVP_PKEY *made = NULL;

    if (!decode(pool, jwk, "n", &n, &n_size) ||
        !decode(pool, jwk, "e", &e, &e_size))
        return NULL;
    builder = OSSL_PARAM_BLD_new();
    modulus = BN_bin2bn(n, (int)n_size, NULL);
    exponent = BN_bin2bn(e, (int)e_size, NULL);
    if (builder && modulus && exponent &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent))
        made = build("RSA", builder);
    BN_free(exponent);
    BN_free(modulus);
    OSSL_PARAM_BLD_free(builder);
    return made;
}

/* RFC 7518 section 6.2.1: each coordinate has its full size. */
static EVP_PKEY *ec_key(apr_pool_t *pool, const fa_alg *alg, const json_t *jwk)
{
    unsigned char *x, *y, *point;
    size_t x_size, y_size, size = 1 + 2 * alg->coordinate;
    OSSL_PARAM_BLD *builder;
    EVP_PKEY *made = NULL;

    if (!decode(pool, jwk, "x", &x, &x_size) ||
        !decode(pool, jwk, "y", &y, &y_size) || x_size != alg->coordinate ||
        y_size != alg->coordinate)
        return NULL;
    point = apr_palloc(pool, size);
    point[0] = 0x04; /* uncompressed: SEC 1 section 2.3.3 */
    memcpy(point + 1, x, x_size);
    memcpy(point + 1 + x_size, y, y_size);
    builder = OSSL_PARAM_BLD_new();
    if (builder &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
                                        alg->curve, 0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
                                         point, size))
        made = build("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return made;
}

/* RFC 8037 section 2. */
static EVP_PKEY *okp_key(apr_pool_t *pool, const fa_alg *alg, const json_t *jwk)
{
    unsigned char *x;
    size_t size;

    if (!decode(pool, jwk, "x", &x, &size))
        return NULL;
    return EVP_PKEY_new_raw_public_key_ex(NULL, alg->curve, NULL, x, size);
}

/* RFC 7518 section 6.4.1. */
static const char *oct_key(apr_pool_t *pool, const fa_alg *alg, const char *kid,
                           const json_t *jwk, const fa_key **key)
{
    unsigned char *bytes;
    size_t size;
    const char *problem;

    if (!decode(pool, jwk, "k", &bytes, &size))
        return "its k is missing or malformed";
    problem = fa_key_from_secret(pool, alg, kid, bytes, size, key);
    OPENSSL_cleanse(bytes, size);
    return problem;
}

static const char *make_key(apr_pool_t *pool, const fa_alg *alg,
                            const json_t *jwk, const fa_key **key)
{
    const char *kid = text_of(jwk, "kid");
    EVP_PKEY *made = NULL;

    if (is_there(jwk, "kid") && !kid)
        return "its kid is not a text";
    switch (alg->type) {
    case FA_KEY_OCT:
        return oct_key(pool, alg, kid, jwk, key);
    case FA_KEY_RSA:
        made = rsa_key(pool, jwk);
        break;
    case FA_KEY_EC:
        made = ec_key(pool, alg, jwk);
        break;
    case FA_KEY_OKP:
        made = okp_key(pool, alg, jwk);
        break;
    }
    ERR_clear_error();
    if (!made)
        return "its public key is missing or malformed";
    return fa_key_from_evp(pool, alg, kid, made, key);
}

const char *fa_key_from_jwk(apr_pool_t *pool, const json_t *jwk,
                            const apr_array_header_t *fallback,
                            const fa_key **key, const char **skipped)
{
    const char *kty = text_of(jwk, "kty"), *why = NULL;
    const fa_alg *alg = NULL;
    fa_key_type type = FA_KEY_OCT;
    const char *problem = NULL;

    if (!kty)
        return "its kty is missing or not a text";
    if (!find_type(kty, &type))
        why = "its kty is none of ours";
    if (!why)
        problem = purpose_problem(jwk, &why);
    if (!problem && !why)
        problem = choose_alg(jwk, type, fallback, &alg, &why);
    if (!problem && !why)
        return make_key(pool, alg, jwk, key);
    if (!problem) {
        *key = NULL;
        *skipped = why;
    }
    return problem;
}
