/* Requests that pages of other origins make.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_CORS_H
#define FAH_CORS_H

#include "fah_module.h"

/* What holds of CORS for a request, or NULL: nothing. The sections of the
 * client's own URL decide, which a preflight asks for too, whatever httpd has
 * made of it since (ErrorDocument, an internal redirect); where they say
 * nothing, those of the request itself. */
const fa_cors *fah_cors_of(request_rec *r);

/* Whether a request is a preflight where CORSOrigin is in force: 204 is all of
 * its answer, but for what fah_tell_cors adds. */
bool fah_is_preflight(request_rec *r);

/* The headers of an answer where CORSOrigin is in force, in the place of any
 * that a handler has set. Twice does no harm. */
void fah_tell_cors(request_rec *r);

#endif
