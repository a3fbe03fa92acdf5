/* httpd's table of directives, made from lib/directives.def.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <string.h>

#include <ap_provider.h>
#include <apr_strings.h>
#include <mod_auth.h>

#include "fah_count.h"
#include "fah_owner.h"
#include "fah_section.h"

typedef struct row {
    const char *name;
    fa_place where;
    fa_parse *parse;
    const char *arguments;
} row;

#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    ROW_##name,
#define FA_CONTAINER(name, parse, arguments, example, effect)
enum {
#include "directives.def"
};
#undef FA_DIRECTIVE

#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    {#name, where, parse, arguments},
static const row rows[] = {
#include "directives.def"
};
#undef FA_DIRECTIVE
#undef FA_CONTAINER

static bool has_provider(const char *name)
{
    return ap_lookup_provider(AUTHN_PROVIDER_GROUP, name,
                              AUTHN_PROVIDER_VERSION) != NULL;
}

/* The trust that the AuthToken... directives of a server fill. */
static fa_trust *trust_of(const cmd_parms *cmd)
{
    fa_server *said = fah_server_of(cmd->server)->said;

    if (!said->trust)
        said->trust = fa_trust_create(cmd->pool);
    return said->trust;
}

static bool is_token_directive(const char *name)
{
    return strncasecmp(name, "AuthToken", 9) == 0 &&
           strcasecmp(name, "AuthTokenSource") != 0;
}

/* The block that an AuthToken... line stands in, or the server's own. */
static fa_issuer *issuer_of(const cmd_parms *cmd, fa_trust *trust)
{
    const ap_directive_t *parent = cmd->directive->parent;

    if (!parent || strcasecmp(parent->directive, "<AuthIssuer") != 0)
        return trust->own;
    return apr_hash_get(trust->by_iss,
                        fah_container_argument(cmd->temp_pool, parent),
                        APR_HASH_KEY_STRING);
}

static void log_remarks(const cmd_parms *cmd, const fa_line *line)
{
    for (int i = 0; i < line->remarks->nelts; i++)
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, cmd->server, "%s: %s (%s:%d)",
                     line->directive,
                     APR_ARRAY_IDX(line->remarks, i, const char *),
                     line->section.file, line->section.line);
}

static const char *read_directive(cmd_parms *cmd, void *section,
                                  const char *args)
{
    const row *read = cmd->info;
    fa_line line = {
        .pool = cmd->pool,
        .directive = read->name,
        /* httpd's own TAKE_ARGV would leave out words behind the 64th. */
        .words = fa_parse_split(cmd->pool, args),
        .root = ap_server_root_relative(cmd->pool, ""),
        .is_virtual = cmd->server->is_virtual,
        .policy = section,
        .server = fah_server_of(cmd->server)->said,
        .has_provider = has_provider,
        .compile = fah_compile,
        .remarks = apr_array_make(cmd->pool, 1, sizeof(char *)),
    };
    /* AllowOverrideList could let it into an .htaccess otherwise. */
    const char *wrong = ap_check_cmd_context(cmd, NOT_IN_HTACCESS);

    if (!wrong)
        wrong = fah_section_of(cmd, read->where, &line);
    if (!wrong && is_token_directive(read->name))
        line.issuer = issuer_of(cmd, trust_of(cmd));
    if (!wrong)
        wrong = read->parse(&line);
    if (!wrong && read->where != FA_IN_SERVER && !line.policy->said)
        line.policy->said =
            apr_pmemdup(cmd->pool, &line.section, sizeof line.section);
    if (!wrong)
        fah_number(cmd, &line);
    log_remarks(cmd, &line);
    return wrong ? apr_psprintf(cmd->pool, "%s: %s (usage: %s %s)", read->name,
                                wrong, read->name, read->arguments)
                 : NULL;
}

/* Whether nothing but the closing `>` follows the first word. */
static bool is_one_word(apr_pool_t *pool, const char *args)
{
    ap_getword_conf(pool, &args);
    return !*args || strcmp(args, ">") == 0;
}

static const char *read_issuer(cmd_parms *cmd, void *section, const char *args)
{
    const ap_directive_t *inside = cmd->directive->first_child;
    fa_issuer *issuer;
    const char *wrong;

    (void)section;
    if (!strchr(args, '>'))
        return "<AuthIssuer: the closing > is missing";
    if (!is_one_word(cmd->temp_pool, args))
        return apr_psprintf(cmd->pool,
                            "<AuthIssuer %s: it takes one issuer and no "
                            "other word",
                            args);
    wrong = ap_check_cmd_context(cmd, NOT_IN_LIMIT | NOT_IN_DIR_LOC_FILE);
    if (wrong)
        return wrong;
    for (; inside; inside = inside->next) {
        if (!is_token_directive(inside->directive))
            return apr_psprintf(cmd->pool,
                                "<AuthIssuer>: %s cannot stand in "
                                "it: only AuthTokenKey, "
                                "AuthTokenKeySet, AuthTokenAudience, "
                                "AuthTokenType, AuthTokenLeeway and "
                                "AuthTokenClaims can",
                                inside->directive);
    }
    wrong = fa_trust_add(cmd->pool, trust_of(cmd),
                         fah_container_argument(cmd->pool, cmd->directive),
                         &issuer);
    if (wrong)
        return apr_psprintf(cmd->pool, "<AuthIssuer>: %s", wrong);
    wrong = ap_walk_config(cmd->directive->first_child, cmd, cmd->context);
    if (!wrong && issuer->keys->keys->nelts == 0)
        return apr_psprintf(cmd->pool,
                            "<AuthIssuer %s>: it has no "
                            "AuthTokenKey or AuthTokenKeySet",
                            issuer->iss);
    return wrong;
}

#define ALLOWED_IN(where) \
    ((where) == FA_IN_SERVER ? RSRC_CONF : RSRC_CONF | ACCESS_CONF)
#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    AP_INIT_RAW_ARGS(#name, read_directive, (void *)&rows[ROW_##name],        \
                     ALLOWED_IN(where), arguments ": " effect),
#define FA_CONTAINER(name, parse, arguments, example, effect) \
    AP_INIT_RAW_ARGS("<" #name, read_issuer, NULL, RSRC_CONF, \
                     arguments ": " effect),
const command_rec fah_directives[] = {
#include "directives.def"
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}};
