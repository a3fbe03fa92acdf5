/* The caller's identity told to the handler, and never another's.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_PUBLISH_H
#define FAH_PUBLISH_H

#include "fah_state.h"

/* Tell who is asking: r->user, notes, environment and, where the policy says,
 * request headers. Whatever was told before is taken back first. */
void fah_publish(request_rec *r, const fah_state *state);

/* Where nobody is identified, take back what was told to the request that this
 * one, an internal redirect or a sub-request, stems from. */
void fah_forget_former(request_rec *r);

/* Take every header out of a table that could be read as one of our identity
 * headers, of any server's prefix. */
void fah_forget_headers(request_rec *r, apr_table_t *headers);

#endif
