/* What AuthReportOnly lets pass, and what it tells of that.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_REPORT_H
#define FAH_REPORT_H

#include "fah_state.h"

/* A refusal that AuthReportOnly lets pass: one log line, and it is remembered
 * for the security log and for X-Would-Refuse. */
void fah_report(request_rec *r, fah_state *state);

/* The same for a stock Require of ours that is not met. */
void fah_report_unmet(request_rec *r, fah_state *state,
                      const fa_demand *demand);

#endif
