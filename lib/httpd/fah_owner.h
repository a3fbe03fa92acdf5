/* Parts of a path, and owners from a database.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_OWNER_H
#define FAH_OWNER_H

#include "fa_request.h"
#include "fah_module.h"

/* Of fa_line and fa_answers. */
const apr_array_header_t *fah_compile(apr_pool_t *pool, const char *pattern,
                                      const void **compiled);
const apr_array_header_t *fah_groups(request_rec *r, const void *compiled,
                                     const char *path);
fa_verdict fah_find_owner(request_rec *r, const char *label,
                          const apr_array_header_t *parts, const char **owner,
                          const char **reason);

#endif
