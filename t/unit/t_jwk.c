/* A JWK becomes a key, is left out, or is refused.
 * Tests of fa_jwk. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

/* The algorithms whose keys are public ones. */
static const char *const algs[] = {
    "RS256", "RS384", "RS512", "PS256", "PS384",
    "PS512", "ES256", "ES384", "ES512", "EdDSA",
};

static const char *const ec_algs[] = {"ES256", "ES384", "ES512"};

/* What a JWK gives: a key, a reason to leave it out, or a problem. */
typedef struct outcome {
    const fa_key *key;
    const char *skipped;
    const char *problem;
} outcome;

static outcome from_jwk(const char *text, const char *fallback)
{
    apr_array_header_t *fallbacks = NULL;
    outcome came = {NULL, NULL, NULL};
    json_t *jwk = json_loads(text, 0, NULL);

    ck_assert_msg(jwk != NULL, "%s", text);
    if (fallback) {
        fallbacks = apr_array_make(unit_pool, 1, sizeof(const fa_alg *));
        APR_ARRAY_PUSH(fallbacks, const fa_alg *) = unit_alg("HS512");
        APR_ARRAY_PUSH(fallbacks, const fa_alg *) = unit_alg(fallback);
    }
    came.problem =
        fa_key_from_jwk(unit_pool, jwk, fallbacks, &came.key, &came.skipped);
    json_decref(jwk);
    ck_assert_int_eq((came.key != NULL) + (came.skipped != NULL) +
                         (came.problem != NULL),
                     1);
    return came;
}

START_TEST(jwk_gives_the_key_that_pem_gives)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    EVP_PKEY *key = unit_private_key(alg);
    outcome came;

    came = from_jwk(
        unit_jwk(key, apr_psprintf(unit_pool, "\"alg\":\"%s\",\"kid\":\"k1\"",
                                   alg->name)),
        NULL);
    ck_assert_ptr_nonnull(came.key);
    ck_assert_ptr_eq(came.key->alg, alg);
    ck_assert_str_eq(came.key->kid, "k1");
    ck_assert_int_eq(EVP_PKEY_eq(came.key->public_key, key), 1);
    ck_assert_ptr_null(came.key->secret);
}
END_TEST

START_TEST(jwk_of_a_secret_gives_the_secret)
{
    const char *jwk = apr_psprintf(
        unit_pool, "{\"kty\":\"oct\",\"alg\":\"HS384\",\"k\":\"%s\"}",
        unit_base64url(unit_secret, sizeof(unit_secret)));
    outcome came = from_jwk(jwk, NULL);

    ck_assert_ptr_nonnull(came.key);
    ck_assert_str_eq(came.key->alg->name, "HS384");
    ck_assert_ptr_null(came.key->kid);
    ck_assert_uint_eq(came.key->secret_size, 64);
    ck_assert_mem_eq(came.key->secret, unit_secret, 64);
}
END_TEST

static const struct {
    const char *key_of;   /* an algorithm whose key it is */
    const char *fallback; /* of the directive, or NULL */
    const char *alg;      /* what it becomes */
} defaults[] = {
    {"RS256", NULL, "RS256"},    {"RS256", "PS384", "PS384"},
    {"RS256", "ES256", "RS256"}, {"ES256", NULL, "ES256"},
    {"ES384", NULL, "ES384"},    {"ES512", NULL, "ES512"},
    {"EdDSA", NULL, "EdDSA"},    {"ES384", "ES256", "ES384"},
    {"EdDSA", "RS256", "EdDSA"}, {"ES256", "ES256", "ES256"},
};

START_TEST(jwk_without_alg_gets_a_fitting_one)
{
    EVP_PKEY *key = unit_private_key(unit_alg(defaults[_i].key_of));
    outcome came = from_jwk(unit_jwk(key, ""), defaults[_i].fallback);

    ck_assert_ptr_nonnull(came.key);
    ck_assert_str_eq(came.key->alg->name, defaults[_i].alg);
}
END_TEST

START_TEST(alg_of_the_jwk_goes_before_the_fallback)
{
    EVP_PKEY *key = unit_private_key(unit_alg("RS256"));
    outcome came = from_jwk(unit_jwk(key, "\"alg\":\"RS512\""), "PS256");

    ck_assert_str_eq(came.key->alg->name, "RS512");
}
END_TEST

typedef enum { KEY, SKIPPED, PROBLEM } came_to;

/* Members added to the JWK of a P-256 key. */
static const struct {
    const char *members;
    came_to result;
} additions[] = {
    {"\"use\":\"sig\"", KEY},
    {"\"key_ops\":[\"verify\"]", KEY},
    {"\"key_ops\":[\"sign\",\"verify\"]", KEY},
    {"\"use\":\"sig\",\"key_ops\":[\"verify\"],\"alg\":\"ES256\"", KEY},
    {"\"d\":\"ignored\",\"x5c\":1,\"x5t\":\"y\",\"unknown\":{}", KEY},
    {"\"use\":\"enc\"", SKIPPED},
    {"\"use\":\"SIG\"", SKIPPED},
    {"\"use\":\"\"", SKIPPED},
    {"\"key_ops\":[]", SKIPPED},
    {"\"key_ops\":[\"sign\"]", SKIPPED},
    {"\"key_ops\":[\"sign, verify\"]", SKIPPED},
    {"\"key_ops\":[\"encrypt\",\"deriveKey\"]", SKIPPED},
    {"\"use\":\"enc\",\"key_ops\":[\"verify\"]", SKIPPED},
    {"\"alg\":\"ECDH-ES\"", SKIPPED},
    {"\"alg\":\"none\"", SKIPPED},
    {"\"alg\":\"es256\"", SKIPPED},
    {"\"alg\":\"ES256K\"", SKIPPED},
    {"\"alg\":\"ES384\"", PROBLEM},
    {"\"alg\":\"RS256\"", PROBLEM},
    {"\"alg\":\"HS256\"", PROBLEM},
    {"\"alg\":\"EdDSA\"", PROBLEM},
    {"\"alg\":1", PROBLEM},
    {"\"alg\":null", PROBLEM},
    {"\"use\":[\"sig\"]", PROBLEM},
    {"\"key_ops\":\"verify\"", PROBLEM},
    {"\"key_ops\":{}", PROBLEM},
    {"\"key_ops\":[\"verify\",1]", PROBLEM},
    {"\"kid\":1", PROBLEM},
    {"\"kid\":null", PROBLEM},
    {"\"kid\":\"\"", PROBLEM},
    {"\"kid\":\"a\\nb\"", PROBLEM},
};

static came_to result_of(outcome came)
{
    return came.key ? KEY : came.skipped ? SKIPPED : PROBLEM;
}

START_TEST(members_of_a_jwk_decide_whether_it_is_ours)
{
    EVP_PKEY *key = unit_private_key(unit_alg("ES256"));
    outcome came = from_jwk(unit_jwk(key, additions[_i].members), NULL);

    ck_assert_msg(result_of(came) == additions[_i].result, "%s: %s %s",
                  additions[_i].members, came.problem ? came.problem : "",
                  came.skipped ? came.skipped : "");
}
END_TEST

#define X32 "GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGE"
#define K32 "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8"

static const struct {
    const char *jwk;
    came_to result;
} jwks[] = {
    {"{}", PROBLEM},
    {"[]", PROBLEM},
    {"{\"kty\":1}", PROBLEM},
    {"{\"kty\":\"AKP\"}", SKIPPED},
    {"{\"kty\":\"rsa\"}", SKIPPED},
    {"{\"kty\":\"RSA\"}", PROBLEM},
    {"{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", PROBLEM},
    {"{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}", PROBLEM},
    {"{\"kty\":\"RSA\",\"n\":1,\"e\":3}", PROBLEM},
    {"{\"kty\":\"EC\"}", SKIPPED},
    {"{\"kty\":\"EC\",\"crv\":\"secp256k1\"}", SKIPPED},
    {"{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"alg\":\"ES256\"}", PROBLEM},
    {"{\"kty\":\"EC\",\"crv\":\"Ed25519\",\"x\":\"" X32 "\"}", PROBLEM},
    {"{\"kty\":\"EC\",\"crv\":\"P-256\"}", PROBLEM},
    {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X32 "\",\"y\":\"" X32 "\"}",
     PROBLEM},
    {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}", PROBLEM},
    {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X32 "\"}", KEY},
    {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X32 "=\"}", PROBLEM},
    {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA" X32 "\"}", PROBLEM},
    {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", PROBLEM},
    {"{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"" X32 "\"}", SKIPPED},
    {"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X32 "\"}", SKIPPED},
    {"{\"kty\":\"OKP\",\"crv\":\"P-256\",\"x\":\"" X32 "\"}", PROBLEM},
    {"{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" K32 "\"}", KEY},
    {"{\"kty\":\"oct\",\"alg\":\"HS384\",\"k\":\"" K32 "\"}", PROBLEM},
    {"{\"kty\":\"oct\",\"k\":\"" K32 "\"}", PROBLEM},
    {"{\"kty\":\"oct\",\"alg\":\"HS256\"}", PROBLEM},
    {"{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"\"}", PROBLEM},
    {"{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" K32 "=\"}", PROBLEM},
    {"{\"kty\":\"oct\",\"alg\":\"A256KW\",\"k\":\"" K32 "\"}", SKIPPED},
    {"{\"kty\":\"oct\",\"alg\":\"RS256\",\"k\":\"" K32 "\"}", PROBLEM},
};

START_TEST(jwk_is_taken_left_out_or_refused)
{
    outcome came = from_jwk(jwks[_i].jwk, NULL);

    ck_assert_msg(result_of(came) == jwks[_i].result, "%s: %s %s", jwks[_i].jwk,
                  came.problem ? came.problem : "",
                  came.skipped ? came.skipped : "");
}
END_TEST

static const struct {
    const char *e;
    came_to result;
} exponents[] = {
    {"AQAB", KEY},   {"Aw", KEY},       {"AAEAAQ", KEY}, {"AQ", PROBLEM},
    {"Ag", PROBLEM}, {"AQAA", PROBLEM}, {"AA", PROBLEM}, {"", PROBLEM},
};

START_TEST(exponent_is_odd_and_over_one)
{
    EVP_PKEY *key = unit_private_key(unit_alg("RS256"));
    json_t *jwk = json_loads(unit_jwk(key, ""), 0, NULL);
    char *text;
    outcome came;

    json_object_set_new(jwk, "e", json_string(exponents[_i].e));
    text = json_dumps(jwk, 0);
    came = from_jwk(text, NULL);
    free(text);
    json_decref(jwk);
    ck_assert_msg(result_of(came) == exponents[_i].result, "%s: %s",
                  exponents[_i].e, came.problem ? came.problem : "taken");
}
END_TEST

START_TEST(rsa_modulus_is_bounded_and_sound)
{
    unsigned char n[4096];
    outcome came;

    memset(n, 0xff, sizeof(n));
    came = from_jwk(apr_psprintf(unit_pool,
                                 "{\"kty\":\"RSA\",\"e\":\"AQAB\","
                                 "\"n\":\"%s\"}",
                                 unit_base64url(n, sizeof(n))),
                    NULL);
    ck_assert_ptr_nonnull(strstr(came.problem, "bits"));
    n[255] = 0xfe;
    came = from_jwk(apr_psprintf(unit_pool,
                                 "{\"kty\":\"RSA\",\"e\":\"AQAB\","
                                 "\"n\":\"%s\"}",
                                 unit_base64url(n, 256)),
                    NULL);
    ck_assert_ptr_nonnull(came.problem);
}
END_TEST

START_TEST(point_off_its_curve_is_refused)
{
    EVP_PKEY *key = unit_private_key(unit_alg(ec_algs[_i]));
    json_t *jwk = json_loads(unit_jwk(key, ""), 0, NULL);
    const char *y = json_string_value(json_object_get(jwk, "y"));
    char *text, *other = apr_pstrdup(unit_pool, y);
    outcome came;

    other[10] = other[10] == 'A' ? 'B' : 'A';
    json_object_set_new(jwk, "y", json_string(other));
    text = json_dumps(jwk, 0);
    came = from_jwk(text, NULL);
    free(text);
    json_decref(jwk);
    ck_assert_ptr_nonnull(came.problem);
}
END_TEST

/* RFC 7518 section 6.2.1.2: cut elsewhere, the same bytes are no point. */
START_TEST(coordinates_have_their_full_size)
{
    EVP_PKEY *key = unit_private_key(unit_alg("ES256"));
    unsigned char point[65];
    size_t size;

    ck_assert_int_eq(EVP_PKEY_get_octet_string_param(
                         key, "encoded-pub-key", point, sizeof(point), &size),
                     1);
    ck_assert_uint_eq(size, sizeof(point));
    for (size_t cut = 31; cut <= 33; cut++) {
        const char *text = apr_psprintf(
            unit_pool,
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}",
            unit_base64url(point + 1, cut),
            unit_base64url(point + 1 + cut, 64 - cut));

        ck_assert_int_eq(from_jwk(text, NULL).key != NULL, cut == 32);
    }
}
END_TEST

int main(void)
{
    TCase *jwk = unit_case("jwk");

    unit_make_keys();
    tcase_add_loop_test(jwk, jwk_gives_the_key_that_pem_gives, 0,
                        UNIT_ROWS(algs));
    tcase_add_test(jwk, jwk_of_a_secret_gives_the_secret);
    tcase_add_loop_test(jwk, jwk_without_alg_gets_a_fitting_one, 0,
                        UNIT_ROWS(defaults));
    tcase_add_test(jwk, alg_of_the_jwk_goes_before_the_fallback);
    tcase_add_loop_test(jwk, members_of_a_jwk_decide_whether_it_is_ours, 0,
                        UNIT_ROWS(additions));
    tcase_add_loop_test(jwk, jwk_is_taken_left_out_or_refused, 0,
                        UNIT_ROWS(jwks));
    tcase_add_loop_test(jwk, exponent_is_odd_and_over_one, 0,
                        UNIT_ROWS(exponents));
    tcase_add_test(jwk, rsa_modulus_is_bounded_and_sound);
    tcase_add_loop_test(jwk, point_off_its_curve_is_refused, 0,
                        UNIT_ROWS(ec_algs));
    tcase_add_test(jwk, coordinates_have_their_full_size);
    return unit_run("t_jwk", jwk, NULL);
}
