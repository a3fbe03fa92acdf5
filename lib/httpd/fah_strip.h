/* Credentials taken out before the handler runs (AuthStripCredentials).
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_STRIP_H
#define FAH_STRIP_H

#include "fah_module.h"

/* Take what the schemes in force read out of headers, cookies and query; all
 * else stays byte for byte. What was taken out can still be asked for below,
 * where an internal redirect is decided anew. */
void fah_strip_credentials(request_rec *r, const fa_policy *policy);

/* A header as the client sent it, or NULL where it was not touched. */
const char *fah_withheld_header(request_rec *r, const char *name);

/* The query to look for credentials in. */
const char *fah_original_query(request_rec *r);

#endif
