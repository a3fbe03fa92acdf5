/* Paths by their segments, and what two servers may read differently.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_PATH_H
#define FA_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include <apr_pools.h>

/* The next segment of a path, which is moved behind it: size bytes, no slash
 * among them. Repeated slashes are one. False at the end. */
bool fa_path_next(const char **path, const char **segment, size_t *size);

/* The segments of a path. */
size_t fa_path_segments(const char *path);

/* What is left of a path behind its first count segments. */
const char *fa_path_behind(const char *path, size_t count);

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
