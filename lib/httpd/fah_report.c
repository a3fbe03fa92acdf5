/* What AuthReportOnly lets pass, and what it tells of that.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_report.h"

#include <apr_strings.h>
#include <util_filter.h>

#include "fa_authz.h"
#include "fa_error.h"
#include "fah_reply.h"

#define HEADER "X-Would-Refuse"
#define FILTER "FASTAUTH_REPORT"

void fah_report(request_rec *r, fah_state *state)
{
    fah_log_refusal(r, state, false);
    if (!state->reported)
        state->reported = state;
}

void fah_report_unmet(request_rec *r, fah_state *state, const fa_demand *demand)
{
    fah_state *unmet = apr_pmemdup(r->pool, state, sizeof *state);

    unmet->decision.failed = demand;
    unmet->decision.verdict = fa_demand_verdict(demand);
    unmet->decision.reason = NULL;
    fah_log_refusal(r, unmet, false);
    if (!state->reported)
        state->reported = unmet;
}

/* As late as this: what the handler says in our header's name is not ours, and
 * httpd has changed its tables where it writes an error. */
static apr_status_t report_filter(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    apr_table_unset(f->r->headers_out, HEADER);
    apr_table_unset(f->r->err_headers_out, HEADER);
    if (f->ctx)
        apr_table_setn(f->r->err_headers_out, HEADER, f->ctx);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, brigade);
}

/* The first that was let pass on the way from the client to this request. */
static const fah_state *reported(request_rec *r)
{
    const fah_state *found = NULL;

    for (; r; r = r->prev) {
        const fah_state *state = fah_state_own(r);

        if (state && state->reported &&
            fa_policy_reports_in_header(state->reported->policy))
            found = state->reported;
    }
    return found;
}

/* Of the answer that is sent: parts of a page have no headers. */
void fah_tell_report(request_rec *r)
{
    const fah_state *state = r->main ? NULL : reported(r);
    char *text = NULL;

    if (r->main || (!state && !fa_policy_reports_in_header(fah_policy_of(r))))
        return;
    if (state) {
        fa_verdict verdict = state->decision.verdict;

        text = apr_psprintf(r->pool, "%d %s",
                            fa_error_status(state->policy, verdict),
                            fa_verdict_row_of(verdict)->word);
    }
    ap_add_output_filter(FILTER, text, r, r->connection);
}

void fah_register_report(void)
{
    ap_register_output_filter(FILTER, report_filter, NULL,
                              AP_FTYPE_CONTENT_SET);
}
