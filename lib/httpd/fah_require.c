/* Require scope, permission, owner...: our demands in mod_authz_core's terms.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_require.h"

#include <string.h>

#include <ap_provider.h>
#include <http_request.h>
#include <apr_strings.h>
#include <mod_auth.h>

#include "fa_authz.h"
#include "fa_owner.h"
#include "fah_owner.h"
#include "fah_publish.h"
#include "fah_reply.h"
#include "fah_report.h"
#include "fah_request.h"
#include "fah_section.h"
#include "fah_state.h"

/* One Require line of ours. */
typedef struct requirement {
    fa_demand *demand;
    bool is_negated; /* who meets it is refused */
} requirement;

/* Whether who meets a line does not get in: each <RequireNone> and `not` turns
 * it over. */
static bool negates(const cmd_parms *cmd)
{
    const ap_directive_t *up = cmd->directive;
    const char *args = up->args;
    bool negated =
        strcasecmp(ap_getword_conf(cmd->temp_pool, &args), "not") == 0;

    while ((up = up->parent) != NULL) {
        if (strcasecmp(up->directive, "<RequireNone") == 0)
            negated = !negated;
    }
    return negated;
}

static const char *parse(cmd_parms *cmd, const char *args, const void **parsed,
                         fa_parse *read)
{
    requirement *made = apr_pcalloc(cmd->pool, sizeof *made);
    fa_policy *policy = fa_policy_create(cmd->pool);
    fa_line line = {
        .pool = cmd->pool,
        .words = fa_parse_split(cmd->pool, args),
        .methods = -1,
        .section = {"Require", "", cmd->directive->filename,
                    cmd->directive->line_num},
        .policy = policy,
        .server = fah_server_of(cmd->server)->said,
        .compile = fah_compile,
    };
    const char *wrong;

    /* Whose it is, a part of the section's own path says. */
    if (read == fa_parse_require_owner)
        fah_section_around(cmd, &line.section);
    wrong = read(&line);
    if (!wrong && !(policy->demands && policy->demands->list))
        wrong = "none has no meaning here";
    if (wrong)
        return wrong;
    made->demand = APR_ARRAY_IDX(policy->demands->list, 0, fa_demand *);
    made->demand->section.kind = "Require";
    made->is_negated = negates(cmd);
    if (made->demand->owner && made->demand->owner->hide)
        return "hide has no meaning here, where httpd answers 403: write "
               "RequireOwner";
    *parsed = made;
    return NULL;
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

static const char *parse_permission(cmd_parms *cmd, const char *args,
                                    const void **parsed)
{
    return parse(cmd, args, parsed, fa_parse_require_permission);
}

/* A provider that httpd was not told to be of the configuration alone: then it
 * asks again for each internal redirect and sub-request, whose path may be
 * another's even where the configuration is the same. */
static const authz_provider by_path;

static void ask_for_each_path(apr_pool_t *pconf)
{
    ap_register_provider(pconf, AUTHZ_PROVIDER_GROUP, "owner of each path",
                         AUTHZ_PROVIDER_VERSION, &by_path);
}

static const char *parse_owner(cmd_parms *cmd, const char *args,
                               const void **parsed)
{
    const char *wrong = parse(cmd, args, parsed, fa_parse_require_owner);

    if (!wrong)
        ask_for_each_path(cmd->pool);
    return wrong;
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
    case FA_DEMAND_PERMISSION:
        return "Require permission";
    case FA_DEMAND_OWNER:
        return "Require owner";
    case FA_DEMAND_ADDRESS:
        break;
    }
    return "Require";
}

/* Whose it is. A database that is down refuses, whatever stands around. */
static bool is_owner(request_rec *r, fah_state *state,
                     const requirement *required)
{
    fa_decision asked = state->decision;
    fa_request view;
    fa_verdict verdict;

    fah_view(r, &view);
    verdict = fa_owner_judge(&view, required->demand->owner, &asked);
    if (verdict == FA_UNAVAILABLE) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "Require owner %s: %s",
                      required->demand->text, asked.reason);
        return required->is_negated;
    }
    if (verdict != FA_ALLOWED)
        return false;
    state->decision.owner = asked.owner;
    fah_publish(r, state);
    return true;
}

static bool is_met(request_rec *r, fah_state *state,
                   const requirement *required)
{
    return required->demand->kind == FA_DEMAND_OWNER
               ? is_owner(r, state, required)
               : fa_demand_is_met(required->demand, state->decision.identity,
                                  fah_server_of(r->server)->said->roles);
}

/* What refuses nobody, where <RequireNone> and `not` turn it over too. */
static authz_status let_pass(const requirement *required)
{
    return required->is_negated ? AUTHZ_DENIED : AUTHZ_GRANTED;
}

static authz_status check(request_rec *r, const char *args, const void *parsed)
{
    fah_state *state = fah_state_current(r);
    const requirement *required = parsed;
    const fa_demand *demand = required->demand;
    bool met;

    (void)args;
    /* No AuthScheme: authz_core then asks for a user, whom nobody brings. */
    if (!state || !state->decision.identity)
        return fa_policy_report_only(fah_policy_of(r)) ? let_pass(required)
                                                       : AUTHZ_DENIED_NO_USER;
    met = is_met(r, state, required);
    if (fa_policy_report_only(state->policy)) {
        if (met == required->is_negated)
            fah_report_unmet(r, state, demand);
        return let_pass(required);
    }
    if (met)
        return AUTHZ_GRANTED;
    state->unmet = demand;
    fah_tell_unmet(r, state);
    return AUTHZ_DENIED;
}

static const authz_provider by_path = {check, parse_owner};

static const struct {
    const char *name;
    authz_provider provider;
} ours[] = {{"scope", {check, parse_scope}},
            {"role", {check, parse_role}},
            {"permission", {check, parse_permission}},
            {"owner", {check, parse_owner}},
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
