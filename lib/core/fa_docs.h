/* The document as a page for people.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DOCS_H
#define FA_DOCS_H

#include "fa_document.h"

/* One HTML document without scripts: the same bytes for the same configuration.
 * In pool. */
const char *fa_docs_page(apr_pool_t *pool, const fa_document *document);

/* Its Content-Security-Policy: nothing but its own style. In pool. */
const char *fa_docs_page_policy(apr_pool_t *pool);

#endif
