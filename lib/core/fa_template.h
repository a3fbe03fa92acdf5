/* Path templates, and the one matcher of their segments.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_TEMPLATE_H
#define FA_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_method.h"

/* Segments in a template, at most: what a recursion over them may go down. */
#define FA_TEMPLATE_MAX_SEGMENTS 64

typedef struct fa_segment {
    const char *text;  /* a literal, decoded; or the parameter's name */
    bool is_parameter; /* {name}: any one non-empty segment */
} fa_segment;

/* `/users/{user_id}`: what a path must look like. Repeated slashes are one, a
 * slash at the end is nothing, literals compare without regard to case (of
 * ASCII). */
typedef struct fa_template {
    const char *text;             /* as written; a copy */
    apr_array_header_t *segments; /* fa_segment */
} fa_template;

/**
 * Read a template: it starts with a slash; a segment is a literal (UTF-8, not
 * percent-encoded) or `{name}`, no mixture; a name once, of letters, digits and
 * underscores.
 *
 * read  receives it, in pool
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_template_parse(apr_pool_t *pool, const char *text,
                              const fa_template **read);

/* Whether a path is one of the template's. */
bool fa_template_matches(const fa_template *read, const char *path);

/* Templates, each with what stands for a method there. Grows while the
 * configuration is read; const and shared by threads from then on. */
typedef struct fa_matcher fa_matcher;

fa_matcher *fa_matcher_create(apr_pool_t *pool);

/**
 * Add a template for one method, and what stands for it (not NULL); both live
 * as long as the matcher does.
 *
 * Returns NULL, or what stands there already: the same segments, whatever the
 * parameters' names; it stays.
 */
const void *fa_matcher_add(fa_matcher *matcher, const fa_template *read,
                           fa_method method, const void *value);

/* Receives one of what stands at a path. */
typedef void fa_matched(void *context, const void *value);

/**
 * What stands for a method (httpd's number) at a path: of several templates
 * that match, the most specific: a literal before a parameter, from the left.
 *
 * Where that one matches only without regard to case, the next one counts too,
 * until one matches letter by letter: whether /users/ME is /users/me or
 * /users/{id} is the backend's to say, and what guards both must hold.
 *
 * matched  is called for each, the most specific first
 *
 * Allocates nothing. Its time grows with the path's length and the logarithm of
 * the templates; where literals stand beside parameters, with the templates
 * that begin as the path does.
 */
void fa_matcher_find(const fa_matcher *matcher, const char *path,
                     int method_number, fa_matched *matched, void *context);

#endif
