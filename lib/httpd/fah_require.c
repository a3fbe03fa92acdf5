/* Require scope, role, token-claim: our demands in mod_authz_core's terms.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_require.h"

#include <string.h>

#include <ap_provider.h>
#include <http_request.h>
#include <apr_strings.h>
#include <mod_auth.h>

#include "fa_authz.h"
#include "fah_state.h"

static const char *parse(cmd_parms *cmd, const char *args, const void **parsed,
                         fa_parse *read)
{
    fa_policy *policy = fa_policy_create(cmd->pool);
    fa_line line = {
        .pool = cmd->pool,
        .words = apr_array_make(cmd->pool, 2, sizeof(char *)),
        .methods = -1,
        .section = {"Require", "", cmd->directive->filename,
                    cmd->directive->line_num},
        .policy = policy,
    };
    const char *wrong;

    while (*args)
        APR_ARRAY_PUSH(line.words, const char *) =
            ap_getword_conf(cmd->pool, &args);
    wrong = read(&line);
    if (!wrong && !(policy->demands && policy->demands->list))
        wrong = "none has no meaning here";
    if (!wrong)
        *parsed = APR_ARRAY_IDX(policy->demands->list, 0, const fa_demand *);
    return wrong;
}

static const char *parse_scope(cmd_parms *cmd, const char *args,
                               const void **parsed)
{
    return parse(cmd, args, parsed, fa_parse_require_scope);
}

static const char *parse_role(cmd_parms *cmd, const char *args,
                              const void **parsed)
{
    return parse(cmd, args, parsed, fa_parse_require_role);
}

static const char *parse_claim(cmd_parms *cmd, const char *args,
                               const void **parsed)
{
    return parse(cmd, args, parsed, fa_parse_require_claim);
}

const char *fah_demand_name(const fa_demand *demand)
{
    if (strcmp(demand->section.kind, "Require") != 0)
        return fa_demand_name(demand);
    switch (demand->kind) {
    case FA_DEMAND_SCOPE:
        return "Require scope";
    case FA_DEMAND_ROLE:
        return "Require role";
    case FA_DEMAND_CLAIM:
        return "Require token-claim";
    case FA_DEMAND_ADDRESS:
        break;
    }
    return "Require";
}

static authz_status check(request_rec *r, const char *args, const void *parsed)
{
    fah_state *state = fah_state_current(r);
    const fa_demand *demand = parsed;

    (void)args;
    /* No AuthScheme: authz_core then asks for a user, whom nobody brings. */
    if (!state || !state->decision.identity)
        return fa_policy_report_only(fah_policy_of(r)) ? AUTHZ_GRANTED
                                                       : AUTHZ_DENIED_NO_USER;
    if (fa_demand_is_met(demand, state->decision.identity))
        return AUTHZ_GRANTED;
    if (fa_policy_report_only(state->policy)) {
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "would refuse: %s %s (%s:%d)", fah_demand_name(demand),
                      demand->text, demand->section.file, demand->section.line);
        return AUTHZ_GRANTED;
    }
    state->unmet = demand;
    return AUTHZ_DENIED;
}

static const struct {
    const char *name;
    authz_provider provider;
} ours[] = {{"scope", {check, parse_scope}},
            {"role", {check, parse_role}},
            {"token-claim", {check, parse_claim}}};

void fah_register_requires(apr_pool_t *pool)
{
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        ap_register_auth_provider(pool, AUTHZ_PROVIDER_GROUP, ours[i].name,
                                  AUTHZ_PROVIDER_VERSION, &ours[i].provider,
                                  AP_AUTH_INTERNAL_PER_CONF);
}

const char *fah_require_taken(void)
{
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (ap_lookup_provider(AUTHZ_PROVIDER_GROUP, ours[i].name,
                               AUTHZ_PROVIDER_VERSION) != &ours[i].provider)
            return ours[i].name;
    }
    return NULL;
}

bool fah_require_is_ours(const char *name)
{
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (strcasecmp(ours[i].name, name) == 0)
            return true;
    }
    return false;
}
