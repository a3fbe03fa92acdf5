/* A second opinion: what libjwt mints is verified here.
 * Tests of fa_jws, fa_keyring and fa_signature. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include <jwt.h>

#include "fa_jws.h"
#include "fa_keyring.h"

/* libjwt 1.10 knows no others. */
static const struct {
    const char *name;
    jwt_alg_t alg;
} algs[] = {
    {"HS256", JWT_ALG_HS256}, {"HS384", JWT_ALG_HS384},
    {"HS512", JWT_ALG_HS512}, {"RS256", JWT_ALG_RS256},
    {"RS384", JWT_ALG_RS384}, {"RS512", JWT_ALG_RS512},
    {"ES256", JWT_ALG_ES256}, {"ES384", JWT_ALG_ES384},
    {"ES512", JWT_ALG_ES512},
};

static const char *minted(const fa_alg *alg, jwt_alg_t jwt_alg)
{
    EVP_PKEY *key = unit_private_key(alg);
    const char *pem = key ? unit_private_pem(key, NULL) : NULL;
    const unsigned char *bytes = pem ? (const unsigned char *)pem : unit_secret;
    size_t size = pem ? strlen(pem) : sizeof(unit_secret);
    jwt_t *jwt;
    char *text;
    const char *token;

    ck_assert_int_eq(jwt_new(&jwt), 0);
    ck_assert_int_eq(jwt_add_grant(jwt, "sub", "second opinion"), 0);
    ck_assert_int_eq(jwt_add_grant_int(jwt, "exp", 4102444800L), 0);
    ck_assert_int_eq(jwt_add_header(jwt, "kid", "k1"), 0);
    ck_assert_int_eq(jwt_set_alg(jwt, jwt_alg, bytes, (int)size), 0);
    text = jwt_encode_str(jwt);
    ck_assert_ptr_nonnull(text);
    token = apr_pstrdup(unit_pool, text);
    free(text);
    jwt_free(jwt);
    return token;
}

/* As the module does: split, select, verify. */
static bool accepted(const fa_keyring *ring, const char *token)
{
    fa_jws jws;
    const fa_key *key;

    if (fa_jws_split(unit_pool, token, strlen(token), &jws))
        return false;
    key = fa_keyring_select(ring, jws.alg, jws.kid);
    return key && fa_jws_verify(&jws, key);
}

START_TEST(token_of_libjwt_is_accepted_until_a_bit_changes)
{
    const fa_alg *alg = unit_alg(algs[_i].name);
    fa_keyring *ring = fa_keyring_create(unit_pool);
    char *token = apr_pstrdup(unit_pool, minted(alg, algs[_i].alg));

    ck_assert_ptr_null(fa_keyring_add(ring, unit_verifier(alg, "k1")));
    ck_assert(accepted(ring, token));
    for (size_t i = 0; token[i]; i++) {
        token[i] ^= 0x01;
        ck_assert_msg(!accepted(ring, token), "byte %d", (int)i);
        token[i] ^= 0x01;
    }
    ck_assert(accepted(ring, token));
}
END_TEST

static char *read_sub(const char *token, const fa_alg *alg)
{
    EVP_PKEY *key = unit_private_key(alg);
    const char *pem = key ? unit_public_pem(key) : NULL;
    const unsigned char *bytes = pem ? (const unsigned char *)pem : unit_secret;
    size_t size = pem ? strlen(pem) : sizeof(unit_secret);
    jwt_t *jwt = NULL;
    char *sub;

    if (jwt_decode(&jwt, token, bytes, (int)size) != 0)
        return NULL;
    sub = apr_pstrdup(unit_pool, jwt_get_grant(jwt, "sub"));
    jwt_free(jwt);
    return sub;
}

START_TEST(token_of_ours_is_accepted_by_libjwt)
{
    const fa_alg *alg = unit_alg(algs[_i].name);
    const char *header =
        apr_psprintf(unit_pool, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", alg->name);
    const char *token = unit_token(alg, header, "{\"sub\":\"ours\"}");
    const char *sub = read_sub(token, alg);

    ck_assert_ptr_nonnull(sub);
    ck_assert_str_eq(sub, "ours");
}
END_TEST

int main(void)
{
    TCase *libjwt = unit_case("libjwt");

    unit_make_keys();
    tcase_add_loop_test(libjwt, token_of_libjwt_is_accepted_until_a_bit_changes,
                        0, UNIT_ROWS(algs));
    tcase_add_loop_test(libjwt, token_of_ours_is_accepted_by_libjwt, 0,
                        UNIT_ROWS(algs));
    return unit_run("t_libjwt", libjwt, NULL);
}
