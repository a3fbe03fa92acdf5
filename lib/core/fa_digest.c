/* SHA-256, and HMAC with it, by OpenSSL.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_digest.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* Errors that OpenSSL has noted since the mark go, whatever came of it: where
 * memory was short it may have helped itself. */
static bool whole(bool done, unsigned size, unsigned char *digest)
{
    ERR_pop_to_mark();
    if (done && size == FA_DIGEST_SIZE)
        return true;
    memset(digest, 0, FA_DIGEST_SIZE);
    return false;
}

bool fa_digest(const void *bytes, size_t size,
               unsigned char digest[FA_DIGEST_SIZE])
{
    unsigned made = 0;
    bool done;

    ERR_set_mark();
    done = EVP_Digest(bytes, size, digest, &made, EVP_sha256(), NULL) == 1;
    return whole(done, made, digest);
}

bool fa_digest_keyed(const void *key, size_t key_size, const void *bytes,
                     size_t size, unsigned char digest[FA_DIGEST_SIZE])
{
    unsigned made = 0;
    bool done;

    ERR_set_mark();
    done = key_size <= 4096 && HMAC(EVP_sha256(), key, (int)key_size, bytes,
                                    size, digest, &made) != NULL;
    return whole(done, made, digest);
}
