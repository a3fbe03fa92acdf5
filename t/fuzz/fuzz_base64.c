/* Whatever is taken is the one spelling of its bytes; all bytes have one.
 * Target: fa_base64. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <apr_encode.h>

#include "fa_base64.h"

typedef apr_status_t (*decoder)(apr_pool_t *, const char *, size_t,
                                unsigned char **, size_t *);

static void encode_again(decoder decode, int flags, const uint8_t *data,
                         size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    unsigned char *bytes;
    size_t decoded, encoded = 0;
    const char *text;

    if (!decode(pool, (const char *)data, size, &bytes, &decoded) && size) {
        text = apr_pencode_base64_binary(pool, bytes, (apr_ssize_t)decoded,
                                         flags, &encoded);
        FUZZ_CHECK(encoded == size && !memcmp(text, data, size));
    }
    if (size > 0) {
        text = apr_pencode_base64_binary(pool, data, (apr_ssize_t)size, flags,
                                         &encoded);
        FUZZ_CHECK(!decode(pool, text, encoded, &bytes, &decoded));
        FUZZ_CHECK(decoded == size && !memcmp(bytes, data, size));
    }
    apr_pool_destroy(pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    encode_again(fa_base64url_decode, APR_ENCODE_BASE64URL, data, size);
    encode_again(fa_base64_decode, APR_ENCODE_NONE, data, size);
    return 0;
}
