/* Whatever a key file holds, a key that comes of it is whole.
 * Target: fa_key, fa_jwk, fa_keyring. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <openssl/err.h>

#include "fa_json.h"
#include "fa_keyring.h"

static const char *const algs[] = {"HS256", "RS256", "PS512", "ES256",
                                   "ES384", "ES512", "EdDSA"};

static void check(const fa_key *key)
{
    FUZZ_CHECK((key->alg->type == FA_KEY_OCT) == (key->secret != NULL));
    FUZZ_CHECK((key->secret == NULL) == (key->public_key != NULL));
    FUZZ_CHECK(!key->secret || key->secret_size >= key->alg->digest_size);
}

static void load_pem(apr_pool_t *pool, const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
        const fa_alg *alg = fa_alg_named(algs[i]);
        const fa_key *key;

        if (!fa_key_from_pem(pool, alg, NULL, text, size, &key))
            check(key);
        if (!fa_key_from_secret(pool, alg, NULL, text, size, &key))
            check(key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    fa_keyring *ring = fa_keyring_create(pool);
    const char *text = (const char *)data, *why;
    apr_array_header_t *skipped;
    const fa_key *key = NULL;
    json_t *jwk;

    load_pem(pool, text, size);
    if (!fa_json_object(pool, text, size, &jwk) &&
        !fa_key_from_jwk(pool, jwk, NULL, &key, &why) && key)
        check(key);
    if (!fa_keyring_add_set(pool, ring, text, size, NULL, &skipped))
        FUZZ_CHECK(ring->keys->nelts > 0);
    for (int i = 0; i < ring->keys->nelts; i++)
        check(APR_ARRAY_IDX(ring->keys, i, const fa_key *));
    FUZZ_CHECK(ERR_peek_error() == 0);
    apr_pool_destroy(pool);
    return 0;
}
