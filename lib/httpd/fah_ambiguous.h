/* Proxied requests that can be read in two ways (AuthAmbiguousPath).
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_AMBIGUOUS_H
#define FAH_AMBIGUOUS_H

#include "fah_module.h"

/* Whether the backend may read its path or method otherwise than httpd did when
 * it chose the sections. False where nothing is proxied, no section of the
 * server has a policy, or AuthAmbiguousPath allows it. */
bool fah_path_is_ambiguous(request_rec *r);

#endif
