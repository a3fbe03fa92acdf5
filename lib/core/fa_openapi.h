/* The OpenAPI document.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_OPENAPI_H
#define FA_OPENAPI_H

#include <stdbool.h>

#include "fa_document.h"

/* The whole document as OpenAPI 3.1 in JSON, a line feed at its end: the same
 * bytes for the same configuration. In pool; NULL where memory is short. */
const char *fa_openapi(apr_pool_t *pool, const fa_document *document,
                       bool pretty);

#endif
