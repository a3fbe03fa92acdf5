/* What this module remembers of one request.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_STATE_H
#define FAH_STATE_H

#include "fa_decide.h"
#include "fah_module.h"

typedef struct fah_state {
    /* The configuration, method and path that the decision is for: httpd may
     * swap each under a request (mod_dir, internal redirects). The path counts
     * where operations are told apart by it, or owners. */
    const void *per_dir_config;
    int method_number;
    const char *uri; /* NULL: it does not count */
    const fa_policy *policy;
    fa_decision decision;
    bool refused;                  /* the answer is ours to write */
    bool counted;                  /* for fastauth-status */
    const fa_demand *unmet;        /* of a stock Require of ours, or NULL */
    const struct fah_state *below; /* last refusal of a sub-request, or NULL */
    apr_table_t *headers;          /* of a refusal below: what goes with it */
    /* The first refusal of this request that AuthReportOnly let pass. */
    const struct fah_state *reported;
} fah_state;

/* The decision that holds for this request as it is now: its own, or that of
 * the request it came from where httpd skipped the access checks because
 * configuration and method, and with operations or owners the path, are the
 * same. NULL: it is not decided. */
fah_state *fah_state_current(request_rec *r);

/* The request's own state, whatever it is for, or NULL. */
fah_state *fah_state_own(request_rec *r);

/* A new state of this request, as it is now, for a decision to be made. */
fah_state *fah_state_begin(request_rec *r);

/* The request that the client sent: every internal redirect and sub-request
 * stems from it. */
request_rec *fah_outermost(request_rec *r);

/* Whether httpd itself asks, for a part of another page or for the body of an
 * error: such a request costs the client nothing and is not counted. */
bool fah_is_part(const request_rec *r);

#endif
