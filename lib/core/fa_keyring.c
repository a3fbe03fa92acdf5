/* The keys of one issuer.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_keyring.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include "fa_json.h"
#include "fa_text.h"

fa_keyring *fa_keyring_create(apr_pool_t *pool)
{
    fa_keyring *ring = apr_pcalloc(pool, sizeof(*ring));

    ring->keys = apr_array_make(pool, 2, sizeof(const fa_key *));
    ring->by_kid = apr_hash_make(pool);
    return ring;
}

static const fa_key *key_at(const fa_keyring *ring, int i)
{
    return APR_ARRAY_IDX(ring->keys, i, const fa_key *);
}

const char *fa_keyring_add(fa_keyring *ring, const fa_key *key)
{
    if (key->kid) {
        if (apr_hash_get(ring->by_kid, key->kid, APR_HASH_KEY_STRING))
            return "there is a key of that kid already";
        apr_hash_set(ring->by_kid, key->kid, APR_HASH_KEY_STRING, key);
    }
    APR_ARRAY_PUSH(ring->keys, const fa_key *) = key;
    return NULL;
}

static bool has_public_key(const fa_keyring *ring)
{
    for (int i = 0; i < ring->keys->nelts; i++) {
        if (key_at(ring, i)->public_key)
            return true;
    }
    return false;
}

static bool is_symmetric(const json_t *jwk)
{
    const char *kty = json_string_value(json_object_get(jwk, "kty"));

    return kty && !strcmp(kty, "oct");
}

static const char *about(apr_pool_t *pool, size_t index, const json_t *jwk,
                         const char *sentence)
{
    const char *kid = json_string_value(json_object_get(jwk, "kid"));

    if (!kid)
        return apr_psprintf(pool, "key %" APR_SIZE_T_FMT " of the set: %s",
                            index + 1, sentence);
    return apr_psprintf(
        pool, "key %" APR_SIZE_T_FMT " of the set, kid '%s': %s", index + 1,
        fa_text_log_value(pool, kid, FA_KID_MAX), sentence);
}

static const char *add_jwk(apr_pool_t *pool, fa_keyring *ring,
                           const json_t *jwk,
                           const apr_array_header_t *fallback,
                           const char **skipped)
{
    const fa_key *key = NULL;
    const char *problem;

    *skipped = NULL;
    if (is_symmetric(jwk) && has_public_key(ring)) {
        *skipped = "a secret is not taken beside public keys";
        return NULL;
    }
    problem = fa_key_from_jwk(pool, jwk, fallback, &key, skipped);
    if (!problem && key)
        problem = fa_keyring_add(ring, key);
    return problem;
}

/* Public keys first, so that the secrets know whether there are any. */
static const char *add_jwks(apr_pool_t *pool, fa_keyring *ring,
                            const json_t *jwks,
                            const apr_array_header_t *fallback,
                            apr_array_header_t *skipped)
{
    for (int symmetric = 0; symmetric <= 1; symmetric++) {
        const json_t *jwk;
        size_t i;

        json_array_foreach(jwks, i, jwk)
        {
            const char *why, *problem;

            if (is_symmetric(jwk) != (bool)symmetric)
                continue;
            problem = add_jwk(pool, ring, jwk, fallback, &why);
            if (problem)
                return about(pool, i, jwk, problem);
            if (why)
                APR_ARRAY_PUSH(skipped, const char *) =
                    about(pool, i, jwk, why);
        }
    }
    return NULL;
}

/* Tried on a copy of the ring: a wrong set leaves it as it was. */
static const char *add_set(apr_pool_t *pool, fa_keyring *ring,
                           const json_t *jwks,
                           const apr_array_header_t *fallback,
                           apr_array_header_t **skipped)
{
    apr_pool_t *ring_pool = ring->keys->pool;
    fa_keyring tried = {apr_array_copy(ring_pool, ring->keys),
                        apr_hash_copy(ring_pool, ring->by_kid)};
    apr_array_header_t *left_out = apr_array_make(pool, 2, sizeof(char *));
    const char *problem = add_jwks(pool, &tried, jwks, fallback, left_out);

    if (problem)
        return problem;
    if (tried.keys->nelts == ring->keys->nelts)
        return "the set has no key that verifies signatures";
    *ring = tried;
    *skipped = left_out;
    return NULL;
}

const char *fa_keyring_add_set(apr_pool_t *pool, fa_keyring *ring,
                               const char *text, size_t size,
                               const apr_array_header_t *fallback,
                               apr_array_header_t **skipped)
{
    apr_pool_t *scratch;
    json_t *set, *jwks;
    const char *problem = "this is no JWK set";

    if (apr_pool_create(&scratch, pool) != APR_SUCCESS)
        return "there is no memory";
    if (fa_json_object(scratch, text, size, &set) == APR_SUCCESS) {
        jwks = json_object_get(set, "keys");
        if (json_is_array(jwks))
            problem = add_set(pool, ring, jwks, fallback, skipped);
    }
    apr_pool_destroy(scratch);
    return problem;
}

static const fa_key *only_key(const fa_keyring *ring, const char *alg)
{
    const fa_key *only = NULL;

    for (int i = 0; i < ring->keys->nelts; i++) {
        const fa_key *key = key_at(ring, i);

        if (strcmp(key->alg->name, alg) != 0)
            continue;
        if (only)
            return NULL;
        only = key;
    }
    return only;
}

const fa_key *fa_keyring_select(const fa_keyring *ring, const char *alg,
                                const char *kid)
{
    const fa_key *key;

    if (!kid)
        return only_key(ring, alg);
    key = apr_hash_get(ring->by_kid, kid, APR_HASH_KEY_STRING);
    return key && !strcmp(key->alg->name, alg) ? key : NULL;
}
