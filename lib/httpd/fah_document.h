/* fastauth-openapi and fastauth-docs.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_DOCUMENT_H
#define FAH_DOCUMENT_H

#include "fah_module.h"

/**
 * Prove the operations of every server, and where a handler serves them write
 * the document of each.
 *
 * Logs what is refused, and returns whether the configuration may be used.
 */
bool fah_documents_are_true(apr_pool_t *pconf, apr_pool_t *scratch,
                            server_rec *main_server);

#endif
