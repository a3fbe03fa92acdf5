/* The parts that the page for people is made of.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DOCS_PART_H
#define FA_DOCS_PART_H

#include <stdbool.h>

#include "fa_document.h"
#include "fa_html.h"

/* How to identify oneself: an entry for each way that any operation has. */
void fa_docs_ways(fa_html *page, const fa_document *document);

/* What to send where, with a link to its entry: "an API key in the header
 * X-API-Key". Markup. */
const char *fa_docs_way_link(apr_pool_t *pool, const fa_way *way);

/* A method and a path, whose parameters stand out. Markup. */
const char *fa_docs_name(apr_pool_t *pool, const fa_documented *one);

/* The id of an operation's part. */
const char *fa_docs_id(apr_pool_t *pool, const fa_documented *one);

/* All that is said of one operation. */
void fa_docs_operation(fa_html *page, const fa_document *document,
                       const fa_documented *one, bool is_open);

#endif
