/* A token that is taken apart comes together again, byte for byte.
 * Target: fa_jws, fa_keyring, fa_signature. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <apr_encode.h>
#include <apr_strings.h>
#include <openssl/err.h>

#include "fa_jws.h"
#include "fa_keyring.h"

/* The public keys of RFC 7515 A.3 and RFC 8037 A.2. */
static const char set[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\","
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

/* And a secret, of which no token of the seeds can know. */
static const char secret[] = "the secret of the fuzz target, long enough";

static apr_pool_t *ring_pool;

static void free_ring(void)
{
    apr_pool_destroy(ring_pool);
}

static fa_keyring *make_ring(void)
{
    apr_pool_t *pool = ring_pool = fuzz_pool();
    fa_keyring *ring = fa_keyring_create(pool);
    apr_array_header_t *skipped;
    const fa_key *key;

    FUZZ_CHECK(!fa_key_from_secret(pool, fa_alg_named("HS256"), NULL, secret,
                                   sizeof(secret) - 1, &key));
    FUZZ_CHECK(!fa_keyring_add(ring, key));
    FUZZ_CHECK(
        !fa_keyring_add_set(pool, ring, set, sizeof(set) - 1, NULL, &skipped));
    /* Before OpenSSL's own handler, which was registered earlier. */
    atexit(free_ring);
    return ring;
}

static const char *encoded(apr_pool_t *pool, const void *bytes, size_t size)
{
    return apr_pencode_base64_binary(pool, bytes, (apr_ssize_t)size,
                                     APR_ENCODE_BASE64URL, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fa_keyring *ring;
    apr_pool_t *pool = fuzz_pool();
    const fa_key *key;
    fa_jws jws;

    if (!ring)
        ring = make_ring();
    if (!fa_jws_split(pool, (const char *)data, size, &jws)) {
        const char *dot = memchr(jws.signed_text, '.', jws.signed_size);
        const char *again =
            apr_pstrcat(pool,
                        apr_pstrmemdup(pool, jws.signed_text,
                                       (size_t)(dot - jws.signed_text)),
                        ".", encoded(pool, jws.payload, jws.payload_size), ".",
                        encoded(pool, jws.signature, jws.signature_size), NULL);

        FUZZ_CHECK(strlen(again) == size && !memcmp(again, data, size));
        key = fa_keyring_select(ring, jws.alg, jws.kid);
        FUZZ_CHECK(!key || !strcmp(key->alg->name, jws.alg));
        if (key)
            fa_jws_verify(&jws, key);
    }
    FUZZ_CHECK(ERR_peek_error() == 0);
    apr_pool_destroy(pool);
    return 0;
}
