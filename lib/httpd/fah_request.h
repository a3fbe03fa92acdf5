/* A request of httpd's as the core sees it.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_REQUEST_H
#define FAH_REQUEST_H

#include "fa_request.h"
#include "fah_module.h"

/* The view of a request; lives as long as it. */
void fah_view(request_rec *r, fa_request *view);

/* Microseconds of a clock that nobody sets (CLOCK_BOOTTIME). */
apr_time_t fah_boot_time(void);

/* Whether a password is this user's (fa_answers.check_password). */
fa_verdict fah_check_password(request_rec *r, const fa_passwords *passwords,
                              const char *user, const char *password);

/* Permits taken and settled (fa_answers.take, .settle). */
fa_verdict fah_take(request_rec *r, fa_ask *asks, size_t count);
void fah_settle(request_rec *r, const fa_ask *ask, bool was_good);

#endif
