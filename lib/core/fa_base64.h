/* Base64 and base64url, one spelling for each value.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_BASE64_H
#define FA_BASE64_H

#include <stddef.h>

#include <apr_errno.h>
#include <apr_pools.h>

/* Text without padding in the URL-safe alphabet (RFC 7515 section 2, RFC 4648
 * section 5), or with padding in the standard one (RFC 4648 section 4).
 *
 * Strict, so that no two texts stand for the same bytes: a byte outside the
 * alphabet, wrong or missing padding, an impossible length and unused bits that
 * are not zero are all refused.
 *
 * text, length  what was received; need not end in NUL
 * bytes, size   receive the decoded bytes, in pool, with a NUL behind them that
 *               size does not count; zero bytes for empty text
 *
 * Return APR_SUCCESS or APR_EINVAL. */
apr_status_t fa_base64url_decode(apr_pool_t *pool, const char *text,
                                 size_t length, unsigned char **bytes,
                                 size_t *size);
apr_status_t fa_base64_decode(apr_pool_t *pool, const char *text, size_t length,
                              unsigned char **bytes, size_t *size);

#endif
