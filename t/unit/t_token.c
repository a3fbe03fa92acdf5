/* A token is judged from its first byte to its claims.
 * Tests of fa_token. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include <apr_encode.h>

#include "fa_jws.h"
#include "fa_text.h"
#include "fa_token.h"

#define NOW (INT64_C(1795521600) * APR_USEC_PER_SEC)

/* Members that a good token has. */
#define GOOD "\"exp\":1795521601,\"sub\":\"alice\""

static fa_trust *trust_of(fa_issuer **own)
{
    fa_trust *trust = fa_trust_create(unit_pool);

    fa_keyring_add(trust->own->keys, unit_verifier(unit_alg("HS256"), NULL));
    *own = trust->own;
    return trust;
}

static const char *sign(const char *header, const char *payload)
{
    return unit_token(unit_alg("HS256"), header, payload);
}

static fa_verdict verify(fa_trust *trust, const char *token,
                         fa_identity **identity, const char **reason)
{
    static const char untouched[] = "";
    fa_verdict verdict;

    *identity = NULL;
    *reason = untouched;
    fa_trust_settle(unit_pool, trust);
    verdict = fa_token_verify(unit_pool, trust, token, strlen(token), NOW,
                              identity, reason);
    /* Whoever is known was let in, and whoever was not is told why. */
    ck_assert((*identity != NULL) == (verdict == FA_ALLOWED));
    if (verdict != FA_ALLOWED)
        ck_assert(*reason && **reason);
    return verdict;
}

/* The verdict on a payload, signed, where nothing but the key is configured. */
static fa_verdict judge(const char *header, const char *payload)
{
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    fa_identity *identity;
    const char *reason;

    return verify(trust, sign(header, payload), &identity, &reason);
}

START_TEST(good_token_tells_who_is_asking)
{
    fa_issuer *own;
    fa_trust *trust = fa_trust_create(unit_pool);
    const char *payload = "{" GOOD ",\"iss\":\"me\",\"scope\":\"a b\","
                          "\"roles\":[\"r\"],\"permissions\":[\"p\"]}";
    fa_identity *identity;
    const char *reason;

    own = trust->own;
    fa_keyring_add(own->keys, unit_verifier(unit_alg("ES256"), "k"));
    ck_assert_int_eq(
        verify(trust,
               unit_token(unit_alg("ES256"),
                          "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"JWT\"}",
                          payload),
               &identity, &reason),
        FA_ALLOWED);
    ck_assert_str_eq(identity->user, "alice");
    ck_assert_str_eq(identity->issuer, "me");
    ck_assert_str_eq(identity->key, "k");
    ck_assert_str_eq(fa_text_join(unit_pool, identity->scopes), "a b");
    ck_assert_str_eq(fa_text_join(unit_pool, identity->roles), "r");
    ck_assert_str_eq(fa_text_join(unit_pool, identity->permissions), "p");
    ck_assert_str_eq(identity->payload, payload);
    ck_assert_str_eq(
        json_string_value(json_object_get(identity->claims, "iss")), "me");
    ck_assert_ptr_null(identity->scheme);
}
END_TEST

#define HS "{\"alg\":\"HS256\"}"

static const struct {
    const char *header, *payload;
    fa_verdict verdict;
} tokens[] = {
    {HS, "{" GOOD "}", FA_ALLOWED},
    {HS, " {" GOOD "} ", FA_ALLOWED},
    /* A11, S7 */
    {HS, "{\"sub\":\"alice\",\"exp\":1795521599}", FA_EXPIRED_CREDENTIAL},
    {HS, "{\"sub\":\"alice\",\"exp\":1795521600}", FA_EXPIRED_CREDENTIAL},
    /* A12, S9, S10 */
    {HS, "{\"sub\":\"alice\"}", FA_BAD_CREDENTIAL},
    {HS, "{\"sub\":\"alice\",\"exp\":\"9999999999\"}", FA_BAD_CREDENTIAL},
    {HS, "{\"sub\":\"alice\",\"exp\":1e11}", FA_ALLOWED},
    {HS, "{\"sub\":\"alice\",\"exp\":1e300}", FA_BAD_CREDENTIAL},
    {HS, "{\"sub\":\"alice\",\"exp\":1e309}", FA_BAD_CREDENTIAL},
    {HS, "{\"sub\":\"alice\",\"exp\":9999999999.5}", FA_ALLOWED},
    {HS, "{\"sub\":\"alice\",\"exp\":-1}", FA_BAD_CREDENTIAL},
    /* A13: none is ours */
    {HS, "{" GOOD ",\"aud\":\"us\"}", FA_BAD_CREDENTIAL},
    /* A14 */
    {HS, "{" GOOD ",\"iss\":\"anybody\"}", FA_ALLOWED},
    {HS, "{" GOOD ",\"iss\":[\"anybody\"]}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"iss\":null}", FA_BAD_CREDENTIAL},
    /* A15, S11 */
    {HS, "{" GOOD ",\"nbf\":1795521601}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"iat\":1795521601}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"iat\":\"1795521600\"}", FA_BAD_CREDENTIAL},
    /* A16 */
    {HS, "{" GOOD ",\"sub\":\"admin\"}", FA_BAD_CREDENTIAL},
    {HS, "{\"exp\":1,\"exp\":1795521601,\"sub\":\"alice\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"exp\":1}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"scope\":\"a\",\"scope\":\"b\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"x\":{\"y\":1,\"y\":2}}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"alg\":\"HS256\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    /* A20 */
    {HS, "{}", FA_BAD_CREDENTIAL},
    {HS, "[]", FA_BAD_CREDENTIAL},
    {HS, "[{" GOOD "}]", FA_BAD_CREDENTIAL},
    {HS, "\"alice\"", FA_BAD_CREDENTIAL},
    {HS, "1795521601", FA_BAD_CREDENTIAL},
    {HS, "null", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD "}{", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD "}x", FA_BAD_CREDENTIAL},
    {HS, "\xef\xbb\xbf{" GOOD "}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"x\":\"\xff\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"x\":\"\xc0\xaf\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"x\":\"\\u0000\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"x\\u0000\":1}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"x\":\"\\ud800\"}", FA_BAD_CREDENTIAL},
    /* A21, S12 */
    {HS, "{\"exp\":1795521601}", FA_BAD_CREDENTIAL},
    {HS, "{\"exp\":1795521601,\"user_id\":7}", FA_ALLOWED},
    {HS, "{\"exp\":1795521601,\"sub\":7}", FA_BAD_CREDENTIAL},
    {HS, "{\"exp\":1795521601,\"sub\":\"\"}", FA_BAD_CREDENTIAL},
    {HS, "{\"exp\":1795521601,\"sub\":\"a\\r\\nb\"}", FA_BAD_CREDENTIAL},
    {HS, "{\"exp\":1795521601,\"sub\":\"admin\\u0000x\"}", FA_BAD_CREDENTIAL},
    /* A25: what a token is for, where it says so */
    {HS, "{" GOOD ",\"token_use\":\"access\"}", FA_ALLOWED},
    {HS, "{" GOOD ",\"token_use\":\"refresh\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"token_use\":\"id\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"token_use\":\"Access\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"token_use\":\"\"}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"token_use\":null}", FA_BAD_CREDENTIAL},
    {HS, "{" GOOD ",\"token_use\":[\"access\"]}", FA_BAD_CREDENTIAL},
    /* typ: JWT or none */
    {"{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{" GOOD "}", FA_ALLOWED},
    {"{\"alg\":\"HS256\",\"typ\":\"jwt\"}", "{" GOOD "}", FA_ALLOWED},
    {"{\"alg\":\"HS256\",\"typ\":\"application/jwt\"}", "{" GOOD "}",
     FA_ALLOWED},
    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"typ\":\"dpop+jwt\"}", "{" GOOD "}",
     FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"typ\":\"\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"typ\":\"application/\"}", "{" GOOD "}",
     FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"typ\":\"JWT \"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"typ\":null}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"typ\":1}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    /* A2, A3, A7, A9, S8 */
    {"{\"alg\":\"none\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"hs256\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS512\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"RS256\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"crit\":[]}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"b64\":true}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    {"{\"alg\":\"HS256\",\"kid\":\"x\"}", "{" GOOD "}", FA_BAD_CREDENTIAL},
    /* A8: no key comes from a token */
    {"{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:1/\"}", "{" GOOD "}",
     FA_ALLOWED},
};

START_TEST(token_is_judged)
{
    fa_verdict verdict = judge(tokens[_i].header, tokens[_i].payload);

    ck_assert_msg(verdict == tokens[_i].verdict, "%s %s: %s", tokens[_i].header,
                  tokens[_i].payload, fa_verdict_row_of(verdict)->word);
}
END_TEST

START_TEST(only_expiry_is_told_apart)
{
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    char *token = apr_pstrdup(
        unit_pool, sign(HS, "{\"sub\":\"alice\",\"exp\":1795521599}"));
    fa_identity *identity;
    const char *reason;

    /* An old token with another signature is a bad one, not an old one. */
    ck_assert_int_eq(verify(trust, token, &identity, &reason),
                     FA_EXPIRED_CREDENTIAL);
    token[strlen(token) - 2] ^= 1;
    ck_assert_int_eq(verify(trust, token, &identity, &reason),
                     FA_BAD_CREDENTIAL);
}
END_TEST

START_TEST(leeway_is_granted)
{
    static const apr_int64_t leeway = 30;
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    fa_identity *identity;
    const char *reason;

    own->leeway_s = &leeway;
    for (int exp = 1795521569; exp <= 1795521572; exp++)
        ck_assert_int_eq(
            verify(trust,
                   sign(HS, apr_psprintf(unit_pool,
                                         "{\"sub\":\"a\",\"exp\":%d}", exp)),
                   &identity, &reason),
            exp > 1795521570 ? FA_ALLOWED : FA_EXPIRED_CREDENTIAL);
}
END_TEST

/* AuthTokenType at+jwt (RFC 9068 section 4). */
static const struct {
    const char *header;
    bool good;
} types[] = {
    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", true},
    {"{\"alg\":\"HS256\",\"typ\":\"AT+JWT\"}", true},
    {"{\"alg\":\"HS256\",\"typ\":\"application/at+jwt\"}", true},
    {"{\"alg\":\"HS256\",\"typ\":\"Application/at+jwt\"}", true},
    {"{\"alg\":\"HS256\",\"typ\":\"JWT\"}", false},
    {"{\"alg\":\"HS256\",\"typ\":\"at+jw\"}", false},
    {"{\"alg\":\"HS256\",\"typ\":\"at+jwts\"}", false},
    {"{\"alg\":\"HS256\",\"typ\":\"application/application/at+jwt\"}", false},
    {"{\"alg\":\"HS256\",\"typ\":\"text/at+jwt\"}", false},
    {"{\"alg\":\"HS256\",\"typ\":\"\"}", false},
    {"{\"alg\":\"HS256\"}", false},
};

START_TEST(type_is_the_configured_one)
{
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    fa_identity *identity;
    const char *reason;

    own->type = "at+jwt";
    ck_assert_msg(verify(trust, sign(types[_i].header, "{" GOOD "}"), &identity,
                         &reason) ==
                      (types[_i].good ? FA_ALLOWED : FA_BAD_CREDENTIAL),
                  "%s", types[_i].header);
}
END_TEST

START_TEST(audience_is_the_configured_one)
{
    static const struct {
        const char *payload;
        bool good;
    } rows[] = {
        {"{" GOOD ",\"aud\":\"us\"}", true},
        {"{" GOOD ",\"aud\":[\"a\",\"us\"]}", true},
        {"{" GOOD ",\"aud\":\"u\"}", false},
        {"{" GOOD ",\"aud\":{\"us\":1}}", false},
        {"{" GOOD "}", false},
    };
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    fa_identity *identity;
    const char *reason;

    own->audience = fa_text_words(unit_pool, "us");
    for (size_t i = 0; i < UNIT_COUNT(rows); i++)
        ck_assert_msg(
            verify(trust, sign(HS, rows[i].payload), &identity, &reason) ==
                (rows[i].good ? FA_ALLOWED : FA_BAD_CREDENTIAL),
            "%s", rows[i].payload);
}
END_TEST

/* --- several issuers ---------------------------------------------------- */

/* The server's own key is HS256, one's is ES256, two's is EdDSA. */
static fa_trust *three(void)
{
    fa_issuer *own, *one = NULL, *two = NULL;
    fa_trust *trust = trust_of(&own);

    fa_trust_add(unit_pool, trust, "https://one.example", &one);
    fa_keyring_add(one->keys, unit_verifier(unit_alg("ES256"), NULL));
    one->audience = fa_text_words(unit_pool, "us");
    fa_trust_add(unit_pool, trust, "https://two.example", &two);
    fa_keyring_add(two->keys, unit_verifier(unit_alg("EdDSA"), NULL));
    two->type = "at+jwt";
    return trust;
}

static const struct {
    const char *alg;
    const char *typ;
    const char *members;
    bool good;
} foreign[] = {
    {"HS256", "JWT", "", true},
    {"HS256", "JWT", ",\"iss\":\"https://else.example\"", true},
    {"HS256", "JWT", ",\"iss\":\"https://one.example/\"", true},
    /* the server's key signs for no block */
    {"HS256", "JWT", ",\"iss\":\"https://one.example\",\"aud\":\"us\"", false},
    {"HS256", "at+jwt", ",\"iss\":\"https://two.example\"", false},
    /* a block's key signs for its own iss alone */
    {"ES256", "JWT", ",\"iss\":\"https://one.example\",\"aud\":\"us\"", true},
    {"ES256", "JWT", "", false},
    {"ES256", "JWT", ",\"aud\":\"us\"", false},
    {"ES256", "JWT", ",\"iss\":\"https://one.example/\",\"aud\":\"us\"", false},
    {"ES256", "JWT", ",\"iss\":\"https://One.example\",\"aud\":\"us\"", false},
    {"ES256", "at+jwt", ",\"iss\":\"https://two.example\"", false},
    {"ES256", "JWT", ",\"iss\":[\"https://one.example\"],\"aud\":\"us\"",
     false},
    {"ES256", "JWT",
     ",\"iss\":\"https://one.example\",\"iss\":\"https://one.example\","
     "\"aud\":\"us\"",
     false},
    {"EdDSA", "at+jwt", ",\"iss\":\"https://two.example\"", true},
    {"EdDSA", "JWT", ",\"iss\":\"https://two.example\"", false},
    {"EdDSA", "JWT", ",\"iss\":\"https://one.example\",\"aud\":\"us\"", false},
    /* what a block demands beside */
    {"ES256", "JWT", ",\"iss\":\"https://one.example\"", false},
    {"ES256", "JWT", ",\"iss\":\"https://one.example\",\"aud\":\"them\"",
     false},
    {"EdDSA", "at+jwt", ",\"iss\":\"https://two.example\",\"aud\":\"us\"",
     false},
};

START_TEST(token_is_verified_by_its_issuers_keys_alone)
{
    const char *header =
        apr_psprintf(unit_pool, "{\"alg\":\"%s\",\"typ\":\"%s\"}",
                     foreign[_i].alg, foreign[_i].typ);
    const char *payload =
        apr_pstrcat(unit_pool, "{" GOOD, foreign[_i].members, "}", NULL);
    fa_identity *identity;
    const char *reason;
    fa_verdict verdict =
        verify(three(), unit_token(unit_alg(foreign[_i].alg), header, payload),
               &identity, &reason);

    ck_assert_msg(verdict ==
                      (foreign[_i].good ? FA_ALLOWED : FA_BAD_CREDENTIAL),
                  "%s %s: %s", foreign[_i].alg, payload, reason);
}
END_TEST

START_TEST(server_without_keys_of_its_own_takes_no_token_without_block)
{
    fa_trust *trust = fa_trust_create(unit_pool);
    fa_issuer *one = NULL;
    fa_identity *identity;
    const char *reason;

    fa_trust_add(unit_pool, trust, "one", &one);
    fa_keyring_add(one->keys, unit_verifier(unit_alg("HS256"), NULL));
    ck_assert_int_eq(verify(trust, sign(HS, "{" GOOD ",\"iss\":\"one\"}"),
                            &identity, &reason),
                     FA_ALLOWED);
    ck_assert_int_eq(verify(trust, sign(HS, "{" GOOD "}"), &identity, &reason),
                     FA_BAD_CREDENTIAL);
    ck_assert_int_eq(verify(trust, sign(HS, "{" GOOD ",\"iss\":\"two\"}"),
                            &identity, &reason),
                     FA_BAD_CREDENTIAL);
}
END_TEST

/* --- bounds -------------------------------------------------------------- */

/* A23: deep, and still a token of a length that is read. */
START_TEST(deep_claims_are_refused)
{
    static const struct {
        size_t depth;
        fa_verdict verdict;
    } rows[] = {{1, FA_ALLOWED},
                {30, FA_ALLOWED},
                {100, FA_BAD_CREDENTIAL},
                {2900, FA_BAD_CREDENTIAL},
                {100000, FA_BAD_CREDENTIAL}};
    const char *payload = apr_pstrcat(
        unit_pool, "{" GOOD ",\"x\":", unit_repeat("[", rows[_i].depth),
        unit_repeat("]", rows[_i].depth), "}", NULL);

    ck_assert_int_eq(judge(HS, payload), rows[_i].verdict);
}
END_TEST

/* A24. */
START_TEST(ten_thousand_members_are_too_many)
{
    char *members = "";

    for (int i = 0; i < 600; i++)
        members = apr_psprintf(unit_pool, "%s,\"%d\":1", members, i);
    ck_assert_int_eq(
        judge(HS, apr_pstrcat(unit_pool, "{" GOOD, members, "}", NULL)),
        FA_ALLOWED);
    ck_assert_int_eq(
        judge(HS,
              apr_pstrcat(unit_pool, "{" GOOD,
                          unit_repeat(",\"0123456789\":1", 10000), "}", NULL)),
        FA_BAD_CREDENTIAL);
}
END_TEST

START_TEST(length_ends_the_token)
{
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    const char *token = sign(HS, "{" GOOD "}");
    const char *longer = apr_pstrcat(unit_pool, token, "!!!", NULL);
    fa_identity *identity;
    const char *reason;

    fa_trust_settle(unit_pool, trust);
    ck_assert_int_eq(fa_token_verify(unit_pool, trust, longer, strlen(token),
                                     NOW, &identity, &reason),
                     FA_ALLOWED);
    ck_assert_int_eq(fa_token_verify(unit_pool, trust, longer, strlen(longer),
                                     NOW, &identity, &reason),
                     FA_BAD_CREDENTIAL);
    ck_assert_int_eq(
        fa_token_verify(unit_pool, trust, token, 0, NOW, &identity, &reason),
        FA_BAD_CREDENTIAL);
}
END_TEST

/* --- JSONTestSuite as payload, signed ------------------------------------ */

/* What is right JSON and still no token's: a member twice, U+0000. */
static bool is_refused_here(const char *name)
{
    static const char *const names[] = {
        "y_object_duplicated_key_and_value.json",
        "y_object_escaped_null_in_key.json",
        "y_string_null_escape.json",
    };

    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static fa_verdict judge_bytes(const char *before, const json_t *row,
                              const char *after)
{
    /* One of 250,001 bytes is known by its first ones. */
    const char *encoded =
        unit_text(row, json_object_get(row, "b64") ? "b64" : "head_b64");
    apr_size_t size = 0, head = strlen(before), tail = strlen(after);
    unsigned char *bytes =
        apr_palloc(unit_pool, head + strlen(encoded) + tail + 1);
    const char *text;
    unsigned char *signature;
    size_t signature_size;
    fa_issuer *own;
    fa_trust *trust = trust_of(&own);
    fa_identity *identity;
    const char *reason;

    memcpy(bytes, before, head);
    if (*encoded)
        apr_decode_base64_binary(bytes + head, encoded, APR_ENCODE_STRING,
                                 APR_ENCODE_NONE, &size);
    memcpy(bytes + head + size, after, tail);
    text = apr_pstrcat(unit_pool, unit_base64url(HS, strlen(HS)), ".",
                       unit_base64url(bytes, head + size + tail), NULL);
    signature =
        unit_sign(unit_alg("HS256"), text, strlen(text), &signature_size);
    return verify(trust,
                  apr_pstrcat(unit_pool, text, ".",
                              unit_base64url(signature, signature_size), NULL),
                  &identity, &reason);
}

START_TEST(json_test_suite_signed_is_read_or_refused_as_it_says)
{
    const json_t *rows =
        json_object_get(unit_corpus("json/JSONTestSuite.json"), "cases");
    size_t i, tried = 0;
    const json_t *row;

    json_array_foreach(rows, i, row)
    {
        const char *name = unit_text(row, "name");
        char expect = *unit_text(row, "expect");
        fa_verdict verdict;

        /* None of them has an exp and a user. */
        ck_assert_msg(judge_bytes("", row, "") == FA_BAD_CREDENTIAL, "%s",
                      name);
        verdict = judge_bytes("{" GOOD ",\"x\":", row, "}");
        if (expect == 'n' || is_refused_here(name))
            ck_assert_msg(verdict == FA_BAD_CREDENTIAL, "%s", name);
        else if (expect == 'y')
            ck_assert_msg(verdict == FA_ALLOWED, "%s", name);
        tried++;
    }
    ck_assert_uint_gt(tried, 200);
}
END_TEST

int main(void)
{
    TCase *token = unit_case("token");

    unit_make_keys();
    tcase_add_test(token, good_token_tells_who_is_asking);
    tcase_add_loop_test(token, token_is_judged, 0, UNIT_ROWS(tokens));
    tcase_add_test(token, only_expiry_is_told_apart);
    tcase_add_test(token, leeway_is_granted);
    tcase_add_loop_test(token, type_is_the_configured_one, 0, UNIT_ROWS(types));
    tcase_add_test(token, audience_is_the_configured_one);
    tcase_add_loop_test(token, token_is_verified_by_its_issuers_keys_alone, 0,
                        UNIT_ROWS(foreign));
    tcase_add_test(token,
                   server_without_keys_of_its_own_takes_no_token_without_block);
    tcase_add_loop_test(token, deep_claims_are_refused, 0, 5);
    tcase_add_test(token, ten_thousand_members_are_too_many);
    tcase_add_test(token, length_ends_the_token);
    if (unit_has_corpus())
        tcase_add_test(token,
                       json_test_suite_signed_is_read_or_refused_as_it_says);
    else
        unit_skip("t_token, JSONTestSuite", UNIT_CORPUS_ABSENT);
    return unit_run("t_token", token, NULL);
}
