/* An operation as a command line of curl.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CURL_H
#define FA_CURL_H

#include "fa_document.h"

/**
 * A line for a POSIX shell that calls an operation by its sample path. Nothing
 * of a path or a name ends its quoting, and curl globs nothing in it.
 *
 * base  URL before the path
 * way   whose credential is sent, from a variable: $TOKEN, $API_KEY, or $USER,
 *       for whose password curl asks; NULL for none
 *
 * Returns the line in pool, without a line feed.
 */
const char *fa_curl(apr_pool_t *pool, const char *base,
                    const fa_documented *one, const fa_way *way);

#endif
