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

/* The log line alone. */
void fah_log_refusal(request_rec *r, const fah_state *state, bool enforced);

/* In a sub-request, a stock Require of ours is not met (state->unmet): should
 * its parent take its status over, it knows why (mod_dir). Every Require was
 * met after all: what one of them missed is of no account. */
void fah_tell_unmet(request_rec *r, const fah_state *state);
void fah_forget_unmet(request_rec *r, fah_state *state);

/* When all is over: the refusal that a request was answered with, its own, a
 * stock Require's of ours, or a sub-request's that it took over; NULL: none. */
const fah_state *fah_refusal_of(request_rec *r);

#endif
