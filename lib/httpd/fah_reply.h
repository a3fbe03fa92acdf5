/* Every refusal, through one place.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_REPLY_H
#define FAH_REPLY_H

#include "fah_state.h"

/**
 * Answer a decision that is not FA_ALLOWED: one log line, the challenges,
 * no-store; the body follows when httpd writes its error (fah_write_problem).
 *
 * Returns the status for the hook to return.
 */
int fah_refuse(request_rec *r, fah_state *state);

/* The same for an outcome that no decision came to. */
int fah_refuse_as(request_rec *r, fa_verdict verdict, const char *reason);

/* Where the caller stands with the limits, on every answer that has any. */
void fah_tell_limits(request_rec *r, const fah_state *state);

/* Say, once, that an answer differs by a header of the request. */
void fah_vary_on(request_rec *r, const char *header);

/* The log line alone, for AuthReportOnly. */
void fah_log_refusal(request_rec *r, const fah_state *state, bool enforced);

#endif
