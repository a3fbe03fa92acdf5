/* What a regular expression's text tells: a path of it, and how to print it.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_SAMPLE_H
#define FA_SAMPLE_H

#include <apr_pools.h>
#include <apr_tables.h>

/* A parameter of a printed path. */
typedef struct fa_parameter {
    const char *name;
    /* Of its values: "^[0-9]+$". NULL for any, and where JSON Schema's dialect
     * (ECMA-262) might read it otherwise. */
    const char *pattern;
    const char *example; /* one of them, decoded; or NULL */
} fa_parameter;

/**
 * A path that a pattern of <LocationMatch> (PCRE) should match, made from its
 * text: the first alternative, the fewest repetitions, at least one of each
 * class where that is open; a slash before it where the pattern allows one.
 *
 * Not to be believed until the compiled pattern has matched it.
 *
 * Returns it in pool, UTF-8 without control characters, or NULL where the text
 * holds something that is not understood (a look-around, a back reference...)
 * or where that would be over 1,024 bytes.
 */
const char *fa_sample_of(apr_pool_t *pool, const char *pattern);

/**
 * How the path of a pattern is printed: `^/api/users/(?<user_id>[0-9]+)$` is
 * `/api/users/{user_id}`. Outside of named groups only literals are understood,
 * with `^/` before and, if need be, `$` or `/?$` behind.
 *
 * parameters  receives an array of fa_parameter
 *
 * Returns it in pool, or NULL where there is anything else.
 */
const char *fa_sample_path(apr_pool_t *pool, const char *pattern,
                           apr_array_header_t **parameters);

/* The text of a named group of a pattern, as "[0-9]+"; NULL: no such group. The
 * rest of the pattern need not be understood. */
const char *fa_sample_group(apr_pool_t *pool, const char *pattern,
                            const char *name);

/* The parameter of this name that a group of this text stands for; NULL: any
 * one segment. In pool. */
fa_parameter fa_sample_parameter(apr_pool_t *pool, const char *name,
                                 const char *text);

#endif
