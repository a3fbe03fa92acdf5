/* A page of HTML put together: text escaped, one style, nothing else loaded.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_HTML_H
#define FA_HTML_H

#include <stdint.h>

#include <apr_pools.h>
#include <apr_tables.h>

/* A page, or a part of one, as far as it is written. */
typedef struct fa_html {
    apr_pool_t *pool;
    apr_array_header_t *parts; /* const char * */
} fa_html;

/* One that is empty; pool holds what it is written from. */
fa_html fa_html_create(apr_pool_t *pool);

/* Write markup: const char * of ours, or what the functions below return; they
 * must outlive the page. NULL ends them. */
void fa_html_say(fa_html *page, ...) __attribute__((sentinel));

/* All that was written, in pool. */
const char *fa_html_text(apr_pool_t *pool, const fa_html *page);

/* Text as it may stand between tags, and in an attribute within quotes. */
const char *fa_html_escape(apr_pool_t *pool, const char *text);

/* A number, in decimal. */
const char *fa_html_number(apr_pool_t *pool, uint64_t number);

/* Text as a part of an id, and of a link to it: what is neither a letter, digit
 * nor one of `-._` is `~` and two hexadecimal digits; no two texts are one. */
const char *fa_html_id(apr_pool_t *pool, const char *text);

/* Write all that is before the body's content. style is what the page has of
 * its own besides what all pages have. */
void fa_html_begin(fa_html *page, const char *title, const char *style);

/* Write the beginning of a table, and its end; headings end with NULL. */
void fa_html_table(fa_html *page, const char *caption,
                   const char *const *headings);
void fa_html_end_table(fa_html *page);
#define FA_HTML_HEADINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The Content-Security-Policy of a page with this style: it loads nothing, and
 * nobody frames it. In pool. */
const char *fa_html_policy(apr_pool_t *pool, const char *style);

#endif
