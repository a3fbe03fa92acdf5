/* Claims are taken only where a second, slow reading takes them too.
 * Target: fa_token, fa_claims, fa_json. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <apr_encode.h>
#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "fa_jws.h"
#include "fa_text.h"
#include "fa_token.h"

/* 24 November 2026, noon; 30 seconds of leeway; an audience; usual names. */
#define NOW_S INT64_C(1795521600)

static const char secret[] = "the secret of the fuzz target, long enough";
static const char header[] = "eyJhbGciOiJIUzI1NiJ9"; /* {"alg":"HS256"} */

static fa_trust *make_trust(void)
{
    static const apr_int64_t leeway = 30;
    apr_pool_t *pool = fuzz_pool();
    fa_trust *trust = fa_trust_create(pool);
    const fa_key *key;

    FUZZ_CHECK(!fa_key_from_secret(pool, fa_alg_named("HS256"), NULL, secret,
                                   sizeof(secret) - 1, &key));
    FUZZ_CHECK(!fa_keyring_add(trust->own->keys, key));
    trust->own->audience = fa_text_words(pool, "us");
    trust->own->leeway_s = &leeway;
    fa_trust_settle(pool, trust);
    return trust;
}

static const char *encoded(apr_pool_t *pool, const void *bytes, size_t size)
{
    return size == 0 ? ""
                     : apr_pencode_base64_binary(pool, bytes, (apr_ssize_t)size,
                                                 APR_ENCODE_BASE64URL, NULL);
}

static const char *sign(apr_pool_t *pool, const uint8_t *data, size_t size)
{
    const char *text =
        apr_pstrcat(pool, header, ".", encoded(pool, data, size), NULL);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned made = 0;

    FUZZ_CHECK(HMAC(EVP_sha256(), secret, (int)sizeof(secret) - 1,
                    (const unsigned char *)text, strlen(text), mac, &made));
    return apr_pstrcat(pool, text, ".", encoded(pool, mac, made), NULL);
}

/* --- the second reading -------------------------------------------------- */

static int depth_of(const json_t *value)
{
    int deepest = 0;
    const json_t *child;
    const char *name;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)value, name, child)
    {
        int depth = depth_of(child);

        deepest = depth > deepest ? depth : deepest;
    }
    json_array_foreach(value, i, child)
    {
        int depth = depth_of(child);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + (json_is_object(value) || json_is_array(value));
}

/* Seconds; -1 for what is no moment. */
static double moment(const json_t *claims, const char *name, double absent)
{
    const json_t *value = json_object_get(claims, name);
    double seconds;

    if (!value)
        return absent;
    if (json_is_integer(value)) {
        json_int_t whole = json_integer_value(value);

        return whole < 0 || whole > INT64_C(1) << 53 ? -1 : (double)whole;
    }
    if (!json_is_real(value))
        return -1;
    seconds = json_real_value(value);
    return seconds >= 0 && seconds <= 9007199254740992.0 ? seconds : -1;
}

static int in_time(const json_t *claims)
{
    double exp = moment(claims, "exp", -1);
    double nbf = moment(claims, "nbf", 0), iat = moment(claims, "iat", 0);

    return exp > NOW_S - 30 && nbf >= 0 && nbf <= NOW_S + 30 && iat >= 0 &&
           iat <= NOW_S + 30;
}

static int for_us(const json_t *aud)
{
    const json_t *one;
    size_t i;
    int ours = 0;

    if (json_is_string(aud))
        return !strcmp(json_string_value(aud), "us");
    json_array_foreach(aud, i, one)
    {
        if (!json_is_string(one))
            return 0;
        ours |= !strcmp(json_string_value(one), "us");
    }
    return ours;
}

/* jansson has seen to the UTF-8. */
static int is_name(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t size = json_string_length(value);

    if (!text || size < 1 || size > 255)
        return 0;
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] < 32 || text[i] == 127)
            return 0;
    }
    return 1;
}

static int names_a_user(const json_t *claims)
{
    const json_t *sub = json_object_get(claims, "sub");
    const json_t *id = json_object_get(claims, "user_id");

    return sub ? is_name(sub) : is_name(id) || json_is_integer(id);
}

static int good(const uint8_t *data, size_t size)
{
    json_t *claims = memchr(data, 0, size)
                         ? NULL
                         : json_loadb((const char *)data, size,
                                      JSON_REJECT_DUPLICATES, NULL);
    const json_t *iss = json_object_get(claims, "iss");
    const json_t *use = json_object_get(claims, "token_use");
    int taken = json_is_object(claims) && depth_of(claims) <= 32 &&
                in_time(claims) && (!iss || json_is_string(iss)) &&
                (!use || (json_is_string(use) &&
                          !strcmp(json_string_value(use), "access"))) &&
                for_us(json_object_get(claims, "aud")) && names_a_user(claims);

    json_decref(claims);
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fa_trust *trust;
    apr_pool_t *pool = fuzz_pool();
    fa_identity *identity = NULL;
    const char *reason, *token;
    fa_verdict verdict;

    if (!trust)
        trust = make_trust();
    token = sign(pool, data, size);
    verdict = fa_token_verify(pool, trust, token, strlen(token),
                              NOW_S * APR_USEC_PER_SEC, &identity, &reason);
    FUZZ_CHECK((verdict == FA_ALLOWED) == (identity != NULL));
    /* As long as a token may be, both must agree. */
    FUZZ_CHECK((verdict == FA_ALLOWED) ==
               (strlen(token) <= FA_JWS_MAX && good(data, size)));
    FUZZ_CHECK(!identity || fa_identity_is_user(identity->user));
    apr_pool_destroy(pool);
    return 0;
}
