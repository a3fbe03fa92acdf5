/* Base64 and base64url: checked here, decoded by APR.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_base64.h"

#include <stdbool.h>
#include <string.h>

#include <apr_encode.h>

/* RFC 4648 tables 1 and 2: they differ in their last two characters. */
#define COMMON "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char standard_alphabet[] = COMMON "+/";
static const char url_alphabet[] = COMMON "-_";

static bool is_letter(char c, const char *alphabet)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == alphabet[62] || c == alphabet[63];
}

static size_t value_of(char letter, const char *alphabet)
{
    return (size_t)(strchr(alphabet, letter) - alphabet);
}

/* RFC 4648 section 3.5: the bits that stand for no byte must be zero. */
static bool is_canonical(const char *text, size_t length, const char *alphabet)
{
    static const size_t unused_bits[] = {0, 0, 0x0f, 0x03};
    size_t unused = unused_bits[length % 4];

    if (length % 4 == 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_letter(text[i], alphabet))
            return false;
    }
    return unused == 0 || !(value_of(text[length - 1], alphabet) & unused);
}

static apr_status_t decode(apr_pool_t *pool, const char *text, size_t length,
                           unsigned char **bytes, size_t *size)
{
    unsigned char *decoded = apr_palloc(pool, length / 4 * 3 + 4);
    apr_size_t written = 0;

    if (length > 0 &&
        apr_decode_base64_binary(decoded, text, (apr_ssize_t)length,
                                 APR_ENCODE_NONE, &written) != APR_SUCCESS)
        return APR_EINVAL;
    decoded[written] = '\0';
    *bytes = decoded;
    *size = written;
    return APR_SUCCESS;
}

apr_status_t fa_base64url_decode(apr_pool_t *pool, const char *text,
                                 size_t length, unsigned char **bytes,
                                 size_t *size)
{
    if (!is_canonical(text, length, url_alphabet))
        return APR_EINVAL;
    return decode(pool, text, length, bytes, size);
}

apr_status_t fa_base64_decode(apr_pool_t *pool, const char *text, size_t length,
                              unsigned char **bytes, size_t *size)
{
    size_t padding = 0;

    if (length % 4 != 0)
        return APR_EINVAL;
    while (padding < 2 && padding < length && text[length - padding - 1] == '=')
        padding++;
    if (!is_canonical(text, length - padding, standard_alphabet))
        return APR_EINVAL;
    return decode(pool, text, length - padding, bytes, size);
}
