/* What this module remembers of one request.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_state.h"

#include <string.h>

#include <apr_strings.h>
#include <http_request.h>

fah_state *fah_state_own(request_rec *r)
{
    return ap_get_module_config(r->request_config, &fastauth_module);
}

/* Whether a decision is for one path alone. */
static bool tells_paths_apart(const fa_policy *policy)
{
    return fa_operations_demand(policy->operations) ||
           fa_demands_find(policy->demands, 1u << FA_DEMAND_OWNER);
}

static bool is_for(const fah_state *state, const request_rec *r)
{
    return state && state->per_dir_config == r->per_dir_config &&
           state->method_number == r->method_number &&
           (!tells_paths_apart(state->policy) ||
            (state->uri && strcmp(state->uri, r->uri) == 0));
}

fah_state *fah_state_current(request_rec *r)
{
    request_rec *from;

    for (from = r; from; from = from->prev ? from->prev : from->main) {
        fah_state *state = fah_state_own(from);

        if (is_for(state, r))
            return state;
        if (from->per_dir_config != r->per_dir_config)
            return NULL;
    }
    return NULL;
}

fah_state *fah_state_begin(request_rec *r)
{
    const fah_state *before = fah_state_own(r);
    fah_state *state = apr_pcalloc(r->pool, sizeof *state);

    state->counted = before && before->counted;
    state->reported = before ? before->reported : NULL;
    state->per_dir_config = r->per_dir_config;
    state->method_number = r->method_number;
    state->policy = fah_policy_of(r);
    /* A copy, for httpd changes paths where they stand. */
    if (tells_paths_apart(state->policy))
        state->uri = apr_pstrdup(r->pool, r->uri);
    ap_set_module_config(r->request_config, &fastauth_module, state);
    return state;
}

bool fah_is_part(const request_rec *r)
{
    return r->main || (r->prev && r->prev->status != HTTP_OK);
}

request_rec *fah_outermost(request_rec *r)
{
    while (r->prev || r->main)
        r = r->prev ? r->prev : r->main;
    return r;
}
