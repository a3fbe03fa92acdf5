/* Paths that two servers may read differently.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_PATH_H
#define FA_PATH_H

#include <stdbool.h>

#include <apr_pools.h>

/**
 * Whether a path holds %2f, %5c, %2e (in either case), a backslash or a
 * semicolon: httpd chose its sections by one reading of it, and a backend may
 * answer by another. path is without a query; a `?` in it is a character that
 * was escaped.
 */
bool fa_path_is_ambiguous(const char *path);

/* Whether a path as received has a segment `.` or `..`, which httpd has
 * resolved and a backend that gets it raw has not. */
bool fa_path_has_dots(const char *path);

/* Whether a path still has escapes: `%` and two hexadecimal digits. */
bool fa_path_is_encoded(const char *path);

/* A path with its escapes decoded, in pool; NULL where it has none, or one that
 * makes a NUL. */
const char *fa_path_decoded(apr_pool_t *pool, const char *path);

#endif
