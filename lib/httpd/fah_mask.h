/* Credentials in a query never reach a log or the status page.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_MASK_H
#define FAH_MASK_H

#include "fah_module.h"

/* Put *** in the place of the credentials that a policy looks for in the query,
 * in the request line: access logs, server-status and CGI's REQUEST_URI show
 * it. The query itself stays. */
void fah_mask_request(request_rec *r, const fa_policy *policy);

#endif
