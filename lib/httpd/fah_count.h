/* What has happened, counted for fastauth-status.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_COUNT_H
#define FAH_COUNT_H

#include "fa_status.h"
#include "fah_state.h"

/* Give the section and the limits of a line that was just read their numbers
 * among the counters. */
void fah_number(const cmd_parms *cmd, const fa_line *line);

/* Count the limits that a decision was weighed by. */
void fah_count_limits(const fa_decision *decision);

/**
 * Count what became of a client's request; once, and not what httpd asks for
 * itself (fah_is_part).
 *
 * enforced  false for a refusal that AuthReportOnly let pass
 */
void fah_count_outcome(request_rec *r, fah_state *state, bool enforced);

/* Count the look-up of a password among the verified ones. */
void fah_count_password(bool is_known);

/* Count a line that the security log could not take. */
void fah_count_dropped(void);

/* What a server is called: "main", or a virtual host's name and port. */
const char *fah_server_name(apr_pool_t *pool, const server_rec *s);

/* All counts of all processes as they are now, in pool; NULL where nothing is
 * counted, as shared memory could not be had. */
fa_status *fah_counted(apr_pool_t *pool);

#endif
