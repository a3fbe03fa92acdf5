/* Credentials in a query never reach a log or the status page.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_MASK_H
#define FAH_MASK_H

#include "fah_module.h"

/* Put *** in the place of the credentials that a policy looks for in the query,
 * in the request line, which CGI's REQUEST_URI and logs show. The query itself
 * stays. (fah_mask_status and fah_mask_log do so for the status page and the
 * access log, for every name that some section of the server reads.) */
void fah_mask_request(request_rec *r, const fa_policy *policy);

#endif
