/* A token is taken apart strictly and verified by one key.
 * Tests of fa_jws. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include "fa_jws.h"
#include "fa_keyring.h"

static const char *const algs[] = {
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
    "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
};

static const char *split(const char *token, fa_jws *jws)
{
    return fa_jws_split(unit_pool, token, strlen(token), jws);
}

static bool verifies(const char *token, const fa_key *key)
{
    fa_jws jws;

    return !split(token, &jws) && fa_jws_verify(&jws, key);
}

/* header.payload.signature, encoded; what the signature is does not matter. */
static const char *token_of(const char *header, const char *payload)
{
    return apr_pstrcat(unit_pool, unit_base64url(header, strlen(header)), ".",
                       unit_base64url(payload, strlen(payload)), ".c2ln", NULL);
}

/* RFC 7515 appendix A.1. */
static const char rfc_token[] =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEz"
    "MDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4C"
    "VP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

START_TEST(token_of_the_rfc_is_taken_apart)
{
    fa_jws jws;

    ck_assert_ptr_null(split(rfc_token, &jws));
    ck_assert_str_eq(jws.alg, "HS256");
    ck_assert_str_eq(jws.typ, "JWT");
    ck_assert_ptr_null(jws.kid);
    ck_assert_str_eq(jws.payload,
                     "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n"
                     " \"http://example.com/is_root\":true}");
    ck_assert_uint_eq(jws.payload_size, strlen(jws.payload));
    ck_assert_uint_eq(jws.signature_size, 32);
    ck_assert_uint_eq(jws.signature[0], 0x74);
    ck_assert_uint_eq(jws.signed_size, sizeof(rfc_token) - 1 - 44);
    ck_assert_int_eq(strncmp(jws.signed_text, rfc_token, jws.signed_size), 0);
}
END_TEST

START_TEST(token_is_verified_by_its_key_and_no_other)
{
    const char *name = algs[_i];
    const char *header = apr_psprintf(unit_pool, "{\"alg\":\"%s\"}", name);
    const char *token = unit_token(unit_alg(name), header, "{\"sub\":\"me\"}");

    for (size_t i = 0; i < UNIT_COUNT(algs); i++)
        ck_assert_msg(verifies(token, unit_verifier(unit_alg(algs[i]), NULL)) ==
                          (i == (size_t)_i),
                      "%s by a key of %s", name, algs[i]);
}
END_TEST

/* The header says one thing, the signature was made by another. */
START_TEST(alg_of_the_header_must_be_the_keys)
{
    static const char *const said[] = {
        "none",  "None", "NONE",  "nOnE",   "HS256", "hs512", "HS512",
        "RS256", "",     "RS512", "RS256 ", "PS256", "ES256", "EdDSA",
    };
    const fa_alg *alg = unit_alg(algs[_i]);
    const fa_key *key = unit_verifier(alg, NULL);

    for (size_t i = 0; i < UNIT_COUNT(said); i++) {
        const char *header =
            apr_psprintf(unit_pool, "{\"alg\":\"%s\"}", said[i]);

        ck_assert_msg(verifies(unit_token(alg, header, "{}"), key) ==
                          !strcmp(said[i], alg->name),
                      "'%s' under %s", said[i], alg->name);
    }
}
END_TEST

START_TEST(every_character_of_a_token_counts)
{
    static const char others[] = "AZaz09-_=.+/ \t\n!\x01\x7f\xff";
    const fa_alg *alg = unit_alg("EdDSA");
    const fa_key *key = unit_verifier(alg, NULL);
    char *token = apr_pstrdup(
        unit_pool, unit_token(alg, "{\"alg\":\"EdDSA\"}", "{\"a\":1}"));
    size_t length = strlen(token);

    ck_assert(verifies(token, key));
    for (size_t i = 0; i < length; i++) {
        char was = token[i];

        for (const char *other = others; *other; other++) {
            fa_jws jws;

            if (*other == was)
                continue;
            token[i] = *other;
            ck_assert_msg(fa_jws_split(unit_pool, token, length, &jws) ||
                              !fa_jws_verify(&jws, key),
                          "byte %d as %02x", (int)i, (unsigned char)*other);
        }
        token[i] = was;
    }
    ck_assert(verifies(token, key));
}
END_TEST

static const char *const behind[] = {
    "=",  "==",    "!!!", "\x01", " ",   "\t",   "\n",  "\r\n", ".",
    ".a", ".AAAA", "A",   "AA",   "AAA", "AAAA", "%00", ",",    ";",
};

START_TEST(nothing_stands_before_between_or_behind)
{
    const fa_alg *alg = unit_alg("HS256");
    const fa_key *key = unit_verifier(alg, NULL);
    const char *token = unit_token(alg, "{\"alg\":\"HS256\"}", "{\"a\":1}");
    const char *dot = strchr(token, '.');
    const char *last = strrchr(token, '.');
    const char *more = behind[_i];

    ck_assert(verifies(token, key));
    ck_assert(!verifies(apr_pstrcat(unit_pool, token, more, NULL), key));
    ck_assert(!verifies(apr_pstrcat(unit_pool, more, token, NULL), key));
    ck_assert(!verifies(apr_psprintf(unit_pool, "%.*s%s%s", (int)(dot - token),
                                     token, more, dot),
                        key));
    ck_assert(!verifies(apr_psprintf(unit_pool, "%.*s%s%s", (int)(last - token),
                                     token, more, last),
                        key));
}
END_TEST

/* {"alg":"HS256"} */
#define H "eyJhbGciOiJIUzI1NiJ9"

static const char *const no_tokens[] = {
    "",
    ".",
    "..",
    "...",
    "a",
    H,
    H ".",
    H "..",
    H ".e30",
    H ".e30.",
    H "..e30",
    "." H ".e30",
    ".e30.e30",
    "..e30",
    H ".e30.e30.",
    "." H ".e30.e30",
    H ".e30.e30.e30",
    H ".e30.e30.e30.e30",
    H " e30 e30",
    H ".e30 e30",
    H ".{}.e30",
    "{\"alg\":\"HS256\"}.e30.e30",
    "{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"e30\"}",
};

START_TEST(other_than_three_segments_is_refused)
{
    fa_jws jws;

    ck_assert_ptr_null(split(H ".e30.e30", &jws));
    ck_assert_msg(split(no_tokens[_i], &jws) != NULL, "'%s' was taken",
                  no_tokens[_i]);
}
END_TEST

static const char *const bad_headers[] = {
    /* alg: A3 of the abuse cases */
    "{}",
    "{\"typ\":\"JWT\"}",
    "{\"alg\":null}",
    "{\"alg\":1}",
    "{\"alg\":[]}",
    "{\"alg\":[\"HS256\"]}",
    "{\"alg\":true}",
    "{\"ALG\":\"HS256\"}",
    /* extensions */
    "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
    "{\"alg\":\"HS256\",\"crit\":[]}",
    "{\"alg\":\"HS256\",\"crit\":null}",
    "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
    "{\"alg\":\"HS256\",\"b64\":false}",
    "{\"alg\":\"HS256\",\"b64\":true}",
    "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
    "{\"alg\":\"HS256\",\"enc\":\"A128GCM\"}",
    /* kid and typ */
    "{\"alg\":\"HS256\",\"kid\":1}",
    "{\"alg\":\"HS256\",\"kid\":[\"a\"]}",
    "{\"alg\":\"HS256\",\"kid\":null}",
    "{\"alg\":\"HS256\",\"kid\":\"a\\nb\"}",
    "{\"alg\":\"HS256\",\"kid\":\"a\\u0000b\"}",
    "{\"alg\":\"HS256\",\"kid\":\"a\",\"kid\":\"b\"}",
    "{\"alg\":\"HS256\",\"typ\":1}",
    "{\"alg\":\"HS256\",\"typ\":null}",
    "{\"alg\":\"HS256\",\"typ\":[\"JWT\"]}",
    /* not one object */
    "{\"alg\":\"HS256\",\"alg\":\"none\"}",
    "{\"alg\":\"none\",\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
    "[{\"alg\":\"HS256\"}]",
    "\"alg\"",
    "null",
    " ",
    "{\"alg\":\"HS256\"",
    "{\"alg\":\"HS256\"}}",
    "{\"alg\":\"HS256\"}{}",
    "\xef\xbb\xbf{\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"x\":\"\xff\"}",
    "{'alg':'HS256'}",
    "{\"alg\":\"HS256\",}",
};

START_TEST(bad_header_is_refused)
{
    fa_jws jws;

    ck_assert_msg(split(token_of(bad_headers[_i], "{}"), &jws) != NULL,
                  "%s was taken", bad_headers[_i]);
}
END_TEST

static const char *const good_headers[] = {
    "{\"alg\":\"HS256\"}",
    " { \"alg\" : \"HS256\" } ",
    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"cty\":\"x\",\"kid\":\"\"}",
    "{\"alg\":\"HS256\",\"jwk\":{},\"jku\":\"http://127.0.0.1/\"}",
    "{\"alg\":\"HS256\",\"x5u\":\"file:///dev/null\",\"x5c\":[\"AAAA\"]}",
    "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}",
    "{\"alg\":\"anything\"}",
};

START_TEST(good_header_is_taken)
{
    fa_jws jws;
    const char *problem = split(token_of(good_headers[_i], "{}"), &jws);

    ck_assert_msg(!problem, "%s: %s", good_headers[_i], problem);
}
END_TEST

/* A token's own key verifies nothing: it is not looked at. */
START_TEST(key_in_the_header_is_not_used)
{
    EVP_PKEY *attacker = unit_private_key(unit_alg("EdDSA"));
    const char *header = apr_psprintf(
        unit_pool, "{\"alg\":\"EdDSA\",\"jwk\":%s}", unit_jwk(attacker, ""));
    const char *token = unit_token(unit_alg("EdDSA"), header, "{}");
    const char *ours = unit_public_pem(unit_new_key("ED25519"));
    const fa_key *key;

    ck_assert_ptr_null(fa_key_from_pem(unit_pool, unit_alg("EdDSA"), NULL, ours,
                                       strlen(ours), &key));
    ck_assert(!verifies(token, key));
}
END_TEST

START_TEST(sizes_are_bounded)
{
    fa_jws jws;
    const char *header = "{\"alg\":\"HS256\",\"x\":\"%s\"}";
    const char *fill = unit_repeat("a", FA_JWS_HEADER_MAX - 22);
    const char *kid = unit_repeat("k", FA_KID_MAX);

    ck_assert_ptr_null(
        split(token_of(apr_psprintf(unit_pool, header, fill), "{}"), &jws));
    fill = unit_repeat("a", FA_JWS_HEADER_MAX - 21);
    ck_assert_ptr_nonnull(
        split(token_of(apr_psprintf(unit_pool, header, fill), "{}"), &jws));
    header = "{\"alg\":\"HS256\",\"kid\":\"%s\"}";
    ck_assert_ptr_null(
        split(token_of(apr_psprintf(unit_pool, header, kid), "{}"), &jws));
    kid = unit_repeat("k", FA_KID_MAX + 1);
    ck_assert_ptr_nonnull(
        split(token_of(apr_psprintf(unit_pool, header, kid), "{}"), &jws));
    header = token_of("{\"alg\":\"HS256\"}", unit_repeat("a", 6120));
    ck_assert_uint_eq(strlen(header), 8186);
    ck_assert_ptr_null(split(header, &jws));
    header = token_of("{\"alg\":\"HS256\"}", unit_repeat("a", 6125));
    ck_assert_uint_eq(strlen(header), FA_JWS_MAX + 1);
    ck_assert_ptr_nonnull(split(header, &jws));
    ck_assert_ptr_nonnull(split(unit_repeat("a", 10000000), &jws));
}
END_TEST

START_TEST(token_ends_in_its_length)
{
    fa_jws jws;
    size_t length = sizeof(rfc_token) - 1;

    ck_assert_ptr_null(fa_jws_split(unit_pool, rfc_token, length, &jws));
    /* one letter less is a spelling that has unused bits, or none at all */
    ck_assert_ptr_nonnull(fa_jws_split(unit_pool, rfc_token, length - 1, &jws));
    ck_assert_ptr_nonnull(fa_jws_split(unit_pool, rfc_token, length + 1, &jws));
    ck_assert_ptr_nonnull(fa_jws_split(unit_pool, rfc_token, 0, &jws));
}
END_TEST

START_TEST(refusal_leaves_the_parts_alone_and_tells_nothing)
{
    fa_jws jws = {0};
    const char *problem = split(
        token_of("{\"alg\":\"HS256\",\"kid\":7,\"x\":\"SECRET\"}", "{}"), &jws);

    ck_assert_ptr_nonnull(problem);
    ck_assert_ptr_null(strstr(problem, "SECRET"));
    ck_assert_ptr_null(jws.alg);
    ck_assert_ptr_null(jws.payload);
}
END_TEST

START_TEST(payload_may_be_any_bytes)
{
    fa_jws jws;
    const char *token =
        apr_pstrcat(unit_pool, unit_base64url("{\"alg\":\"HS256\"}", 15), ".",
                    unit_base64url("a\0b", 3), ".c2ln", NULL);

    ck_assert_ptr_null(split(token, &jws));
    ck_assert_uint_eq(jws.payload_size, 3);
    ck_assert_mem_eq(jws.payload, "a\0b\0", 4);
}
END_TEST

/* The attack of the years: HS256 keyed with the public key's PEM. */
START_TEST(public_key_is_no_secret)
{
    const fa_alg *rs256 = unit_alg("RS256");
    const char *pem = unit_public_pem(unit_private_key(rs256));
    const char *text =
        apr_pstrcat(unit_pool, unit_base64url("{\"alg\":\"HS256\"}", 15), ".",
                    unit_base64url("{}", 2), NULL);
    unsigned char mac[32];
    size_t size;
    fa_keyring *ring = fa_keyring_create(unit_pool);
    fa_jws jws;

    ck_assert_ptr_nonnull(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, pem,
                                    strlen(pem), (const unsigned char *)text,
                                    strlen(text), mac, sizeof(mac), &size));
    fa_keyring_add(ring, unit_verifier(rs256, NULL));
    ck_assert_ptr_null(split(
        apr_pstrcat(unit_pool, text, ".", unit_base64url(mac, size), NULL),
        &jws));
    ck_assert_ptr_null(fa_keyring_select(ring, jws.alg, jws.kid));
    ck_assert(!fa_jws_verify(&jws, unit_verifier(rs256, NULL)));
}
END_TEST

int main(void)
{
    TCase *jws = unit_case("jws");

    unit_make_keys();
    tcase_add_test(jws, token_of_the_rfc_is_taken_apart);
    tcase_add_loop_test(jws, token_is_verified_by_its_key_and_no_other, 0,
                        UNIT_ROWS(algs));
    tcase_add_loop_test(jws, alg_of_the_header_must_be_the_keys, 0,
                        UNIT_ROWS(algs));
    tcase_add_test(jws, every_character_of_a_token_counts);
    tcase_add_loop_test(jws, nothing_stands_before_between_or_behind, 0,
                        UNIT_ROWS(behind));
    tcase_add_loop_test(jws, other_than_three_segments_is_refused, 0,
                        UNIT_ROWS(no_tokens));
    tcase_add_loop_test(jws, bad_header_is_refused, 0, UNIT_ROWS(bad_headers));
    tcase_add_loop_test(jws, good_header_is_taken, 0, UNIT_ROWS(good_headers));
    tcase_add_test(jws, key_in_the_header_is_not_used);
    tcase_add_test(jws, sizes_are_bounded);
    tcase_add_test(jws, token_ends_in_its_length);
    tcase_add_test(jws, refusal_leaves_the_parts_alone_and_tells_nothing);
    tcase_add_test(jws, payload_may_be_any_bytes);
    tcase_add_test(jws, public_key_is_no_secret);
    return unit_run("t_jws", jws, NULL);
}
