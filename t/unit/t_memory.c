/* Memory that fails at any point lets nobody in (A92).
 * Tests of fa_token, fa_cache and fa_apikey with every allocation of jansson
 * and OpenSSL refused in its turn. APR itself ends the process. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"

#include <openssl/crypto.h>

#include "fa_apikey.h"
#include "fa_cache.h"
#include "fa_token.h"

#define NOW     (INT64_C(1795521600) * APR_USEC_PER_SEC)
#define PAYLOAD "{\"exp\":1795521601,\"sub\":\"alice\",\"scope\":\"a b\"}"

/* The allocation that fails, counted from 1; 0: none does. */
static long failing, counted;

static bool fails(void)
{
    return failing > 0 && ++counted == failing;
}

static void *json_allocate(size_t size)
{
    return fails() ? NULL : malloc(size);
}

static void *crypto_allocate(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : malloc(size);
}

static void *crypto_reallocate(void *old, size_t size, const char *file,
                               int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : realloc(old, size);
}

static void crypto_release(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

/* OpenSSL takes other functions only before its first allocation. */
__attribute__((constructor)) static void take_over(void)
{
    CRYPTO_set_mem_functions(crypto_allocate, crypto_reallocate,
                             crypto_release);
}

static const char *const algs[] = {"HS256", "RS256", "PS384",
                                   "ES256", "ES512", "EdDSA"};

static fa_trust *trust_of(const fa_alg *alg)
{
    fa_trust *trust = fa_trust_create(unit_pool);

    fa_keyring_add(trust->own->keys, unit_verifier(alg, NULL));
    fa_trust_settle(unit_pool, trust);
    return trust;
}

/* Judge a token with each allocation refused once, until none is left to
 * refuse. Returns how many times it was let in. */
static int judge_with_each_failure(const fa_trust *trust, const char *token)
{
    int let_in = 0;

    for (failing = 1;; failing++) {
        fa_identity *identity = NULL;
        const char *reason = NULL;
        fa_verdict verdict;

        counted = 0;
        verdict = fa_token_verify(unit_pool, trust, token, strlen(token), NOW,
                                  &identity, &reason);
        if (verdict == FA_ALLOWED) {
            /* Whole, or not at all. */
            ck_assert_str_eq(identity->user, "alice");
            ck_assert(fa_identity_has_scope(identity, "a"));
            ck_assert(fa_identity_has_scope(identity, "b"));
            let_in++;
        }
        if (counted < failing)
            break;
    }
    ck_assert_int_gt(failing, 3);
    failing = 0;
    return let_in;
}

static const char *token_of(const fa_alg *alg, const char *payload)
{
    return unit_token(
        alg, apr_pstrcat(unit_pool, "{\"alg\":\"", alg->name, "\"}", NULL),
        payload);
}

START_TEST(good_token_is_read_whole_or_not_at_all)
{
    const fa_alg *alg = unit_alg(algs[_i]);

    /* At least the last time, when nothing failed any more. */
    ck_assert_int_ge(
        judge_with_each_failure(trust_of(alg), token_of(alg, PAYLOAD)), 1);
}
END_TEST

START_TEST(bad_signature_is_never_let_in)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    char *token = apr_pstrdup(unit_pool, token_of(alg, PAYLOAD));
    char *signature = strrchr(token, '.') + 1;

    signature[4] = signature[4] == 'A' ? 'B' : 'A';
    ck_assert_int_eq(judge_with_each_failure(trust_of(alg), token), 0);
}
END_TEST

START_TEST(expired_token_is_never_let_in)
{
    const fa_alg *alg = unit_alg(algs[_i]);
    const char *token = token_of(
        alg, "{\"exp\":1795521599,\"sub\":\"alice\",\"scope\":\"a b\"}");

    ck_assert_int_eq(judge_with_each_failure(trust_of(alg), token), 0);
}
END_TEST

START_TEST(wrong_api_key_is_never_let_in)
{
    const fa_apikeys *keys;

    /* A digest of zeros, which is what a failed one leaves. */
    ck_assert_ptr_null(fa_apikeys_parse(
        unit_pool,
        "00000000000000000000000000000000000000000000000000000000000000"
        "00 user=zero\n",
        &keys));
    for (failing = 1;; failing++) {
        fa_identity *identity;
        const char *reason;

        counted = 0;
        ck_assert_int_ne(fa_apikeys_identify(unit_pool, keys, "wrong", NOW,
                                             &identity, &reason),
                         FA_ALLOWED);
        if (counted < failing)
            break;
    }
    failing = 0;
}
END_TEST

START_TEST(unknown_password_is_never_remembered)
{
    static const unsigned char key[FA_DIGEST_SIZE] = {1};
    static const unsigned char known[FA_DIGEST_SIZE] = {2};
    static const unsigned char unknown[FA_DIGEST_SIZE] = {2, 3};
    size_t size = 64 * 1024;
    fa_cache *cache =
        fa_cache_create(unit_pool, apr_pcalloc(unit_pool, size), size, key);

    fa_cache_remember(cache, known, 1, 1000);
    ck_assert(fa_cache_has(cache, known, 2));
    for (failing = 1;; failing++) {
        counted = 0;
        ck_assert(!fa_cache_has(cache, unknown, 2));
        fa_cache_remember(cache, known, 3, 1000);
        ck_assert(!fa_cache_has(cache, unknown, 4));
        if (counted < failing)
            break;
    }
    failing = 0;
}
END_TEST

int main(void)
{
    TCase *memory = unit_case("memory");
    int status;

    json_set_alloc_funcs(json_allocate, free);
    unit_make_keys();
    tcase_add_loop_test(memory, good_token_is_read_whole_or_not_at_all, 0,
                        UNIT_ROWS(algs));
    tcase_add_loop_test(memory, bad_signature_is_never_let_in, 0,
                        UNIT_ROWS(algs));
    tcase_add_loop_test(memory, expired_token_is_never_let_in, 0,
                        UNIT_ROWS(algs));
    tcase_add_test(memory, wrong_api_key_is_never_let_in);
    tcase_add_test(memory, unknown_password_is_never_remembered);
    status = unit_run("t_memory", memory, NULL);
    json_set_alloc_funcs(malloc, free);
    return status;
}
