/* The whole configuration judged: what is refused at `httpd -t`.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include <http_core.h>
#include <http_protocol.h>

#include <apr_strings.h>

#include "fa_notes.h"
#include "fah_document.h"
#include "fah_require.h"
#include "fah_section.h"

ap_directive_t *fah_tree(void)
{
    return ap_conftree;
}

static void each(const ap_directive_t *directive, const char *name,
                 fah_visit *visit, void *context)
{
    for (; directive; directive = directive->next) {
        if (strcasecmp(directive->directive, name) == 0)
            visit(directive, context);
        each(directive->first_child, name, visit, context);
    }
}

void fah_each(const char *name, fah_visit *visit, void *context)
{
    each(fah_tree(), name, visit, context);
}

/* The <VirtualHost> around a directive, or NULL. */
static const ap_directive_t *host_of(const ap_directive_t *directive)
{
    while (directive && strcasecmp(directive->directive, "<VirtualHost") != 0)
        directive = directive->parent;
    return directive;
}

bool fah_is_in_server(const ap_directive_t *directive, const server_rec *s)
{
    const ap_directive_t *host = host_of(directive);

    if (!host || !s->is_virtual)
        return !host && !s->is_virtual;
    return s->defn_name && strcmp(s->defn_name, host->filename) == 0 &&
           s->defn_line_number == (unsigned)host->line_num;
}

/* --- names that httpd must know of
 * ---------------------------------------------------- */

static void add_prefix(const ap_directive_t *directive, void *context)
{
    apr_array_header_t *prefixes = context;
    const char *args = directive->args;
    const char *prefix = ap_getword_conf(prefixes->pool, &args);

    if (strcasecmp(prefix, "off") != 0)
        APR_ARRAY_PUSH(prefixes, const char *) = prefix;
}

typedef struct header_names {
    apr_pool_t *scratch;
    apr_array_header_t *prefixes;
    const char *clash; /* a header that is both credential and identity */
} header_names;

static void check_header(const ap_directive_t *directive, void *context)
{
    header_names *names = context;
    const char *args = directive->args;

    while (*args) {
        const char *word = ap_getword_conf(names->scratch, &args);
        const char *header = strncmp(word, "api-key-header:", 15) == 0
                                 ? word + 15
                             : strcmp(word, "api-key-header") == 0 ? "X-API-Key"
                                                                   : NULL;

        for (int i = 0; header && i < names->prefixes->nelts; i++) {
            if (fa_note_is_header(
                    header, APR_ARRAY_IDX(names->prefixes, i, const char *)))
                names->clash = header;
        }
    }
}

static void add_query_name(const ap_directive_t *directive, void *context)
{
    apr_array_header_t *names = context;
    const char *args = directive->args;

    while (*args) {
        const char *word = ap_getword_conf(names->pool, &args);
        const char *name = NULL;

        if (strcmp(word, "api-key-query") == 0)
            name = "api_key";
        else if (strncmp(word, "api-key-query:", 14) == 0)
            name = word + 14;
        else if (strncmp(word, "query:", 6) == 0)
            name = word + 6;
        else if (strcmp(word, "bearer-jwt") == 0 || strcmp(word, "oauth2") == 0)
            /* Read here or not, clients put it there (RFC 6750 2.3). */
            name = "access_token";
        if (name)
            APR_ARRAY_PUSH(names, const char *) = name;
    }
}

static void find_query_names(apr_pool_t *pconf, server_rec *s)
{
    apr_array_header_t *names = apr_array_make(pconf, 2, sizeof(const char *));

    fah_each("AuthScheme", add_query_name, names);
    fah_each("AuthTokenSource", add_query_name, names);
    for (; s; s = s->next)
        fah_server_of(s)->query_names = names;
}

static bool headers_are_apart(apr_pool_t *pconf, apr_pool_t *scratch,
                              server_rec *main_server)
{
    apr_array_header_t *prefixes =
        apr_array_make(pconf, 2, sizeof(const char *));
    header_names names = {scratch, prefixes, NULL};

    fah_each("AuthIdentityHeaders", add_prefix, prefixes);
    for (server_rec *s = main_server; s; s = s->next)
        fah_server_of(s)->prefixes = prefixes->nelts > 0 ? prefixes : NULL;
    fah_each("AuthScheme", check_header, &names);
    if (!names.clash)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, main_server,
                 "AuthIdentityHeaders: a prefix makes %s the name of an "
                 "identity header, and AuthScheme reads an API key from it: "
                 "choose another prefix",
                 names.clash);
    return false;
}

/* --- all of it ------------------------------------------------------------ */

typedef struct guard_search {
    const server_rec *server;
    bool found;
} guard_search;

/* A directive of the main server counts for its virtual hosts too. */
static void find_guard(const ap_directive_t *directive, void *context)
{
    guard_search *search = context;
    const server_rec *s = search->server;
    const char *args = directive->args;
    char word[64];

    if (strcasecmp(directive->directive, "APIOperation") == 0 &&
        !strstr(args, "scope=") && !strstr(args, "role=") &&
        !strstr(args, "permission=") && !strstr(args, "owner="))
        return;
    apr_cpystrn(word, args, sizeof word);
    word[strcspn(word, " \t")] = '\0';
    if (strcasecmp(directive->directive, "Require") == 0 &&
        !fah_require_is_ours(word))
        return;
    if (!host_of(directive) || fah_is_in_server(directive, s))
        search->found = true;
}

/* Whether some section that a server's requests may fall into has a policy. */
static bool guards(const server_rec *s)
{
    static const char *const names[] = {
        "AuthScheme",     "RequireScope",   "RequireRole",      "RequireClaim",
        "RequireAddress", "AuthRequireTLS", "RateLimit",        "Require",
        "APIOperation",   "RequireOwner",   "RequirePermission"};
    guard_search search = {s, false};

    for (size_t i = 0; !search.found && i < sizeof names / sizeof *names; i++)
        fah_each(names[i], find_guard, &search);
    return search.found;
}

static bool requires_are_ours(server_rec *s)
{
    const char *taken = fah_require_taken();

    if (!taken)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "another module has taken `Require %s`: load fastauth_module "
                 "after it, or leave it out",
                 taken);
    return false;
}

static bool roles_are_settled(apr_pool_t *pconf, server_rec *s)
{
    fa_roles *roles = fah_server_of(s)->said->roles;
    const char *wrong = roles ? fa_roles_settle(pconf, roles) : NULL;

    if (!wrong)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s, "RolePermissions: %s", wrong);
    return false;
}

int fah_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *main_server)
{
    bool good = true;

    (void)plog;
    for (server_rec *s = main_server; s; s = s->next) {
        fah_server *server = fah_server_of(s);

        server->guards = guards(s);
        if (server->said->trust)
            fa_trust_settle(pconf, server->said->trust);
        good = roles_are_settled(pconf, s) && good;
    }
    find_query_names(pconf, main_server);
    /* All of them, so that one run names every mistake. */
    good = requires_are_ours(main_server) && good;
    good = headers_are_apart(pconf, ptemp, main_server) && good;
    good = fah_order_is_safe(ptemp, main_server) && good;
    good = fah_passwords_are_apart(ptemp, main_server) && good;
    good = fah_limit_names_agree(ptemp, main_server) && good;
    good = fah_limits_fit(ptemp, main_server) && good;
    good = fah_cors_is_safe(ptemp, main_server) && good;
    good = fah_needs_are_met(ptemp, main_server) && good;
    good = fah_statements_fit(pconf, main_server) && good;
    good = fah_documents_are_true(pconf, ptemp, main_server) && good;
    fah_warn(ptemp, main_server);
    return good ? OK : HTTP_INTERNAL_SERVER_ERROR;
}
