/* The whole configuration judged: what is refused at `httpd -t`.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include <http_core.h>
#include <http_protocol.h>

#include <apr_strings.h>

#include "fa_notes.h"
#include "fah_require.h"
#include "fah_section.h"

ap_directive_t *fah_tree(void)
{
    return ap_conftree;
}

/* --- identity headers ---------------------------------------------------- */

/* Every section's own policy, wherever it stands: name and arguments of each
 * directive of a name in the tree. */
static void each(const ap_directive_t *directive, const char *name,
                 void (*visit)(const ap_directive_t *directive, void *context),
                 void *context)
{
    for (; directive; directive = directive->next) {
        if (strcasecmp(directive->directive, name) == 0)
            visit(directive, context);
        each(directive->first_child, name, visit, context);
    }
}

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

static bool headers_are_apart(apr_pool_t *pconf, apr_pool_t *scratch,
                              server_rec *main_server)
{
    apr_array_header_t *prefixes =
        apr_array_make(pconf, 2, sizeof(const char *));
    header_names names = {scratch, prefixes, NULL};

    each(fah_tree(), "AuthIdentityHeaders", add_prefix, prefixes);
    for (server_rec *s = main_server; s; s = s->next)
        fah_server_of(s)->prefixes = prefixes->nelts > 0 ? prefixes : NULL;
    each(fah_tree(), "AuthScheme", check_header, &names);
    if (!names.clash)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, main_server,
                 "AuthIdentityHeaders: a prefix makes %s the name of an "
                 "identity header, and AuthScheme reads an API key from it: "
                 "choose another prefix",
                 names.clash);
    return false;
}

/* --- what is worth a warning --------------------------------------------- */

/* httpd reads `Require all granted` beside `Require scope x` as either. */
static void warn_of_any(const ap_directive_t *directive, void *context)
{
    const ap_directive_t *beside;
    const char *args = directive->args;
    apr_pool_t *scratch = ((header_names *)context)->scratch;

    if (!fah_require_is_ours(ap_getword_conf(scratch, &args)) ||
        (directive->parent &&
         (strcasecmp(directive->parent->directive, "<RequireAll") == 0 ||
          strcasecmp(directive->parent->directive, "<RequireNone") == 0)))
        return;
    beside = directive->parent ? directive->parent->first_child : fah_tree();
    for (; beside; beside = beside->next) {
        args = beside->args;
        if (strcasecmp(beside->directive, "Require") == 0 &&
            strcasecmp(ap_getword_conf(scratch, &args), "all") == 0 &&
            strcasecmp(ap_getword_conf(scratch, &args), "granted") == 0)
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, NULL,
                         "Require all granted (%s:%d) makes Require %s (%s:%d) "
                         "beside it void: httpd asks for any one of them; use "
                         "<RequireAll>",
                         beside->filename, beside->line_num, directive->args,
                         directive->filename, directive->line_num);
    }
}

static void warn_of_plain_basic(const ap_directive_t *directive, void *context)
{
    const char *args = directive->args;
    header_names *names = context;

    while (*args) {
        if (strcasecmp(ap_getword_conf(names->scratch, &args), "basic") == 0)
            names->clash = "basic";
    }
}

static bool serves_tls(const server_rec *main_server)
{
    for (const server_rec *s = main_server; s; s = s->next) {
        if (s->server_scheme && strcasecmp(s->server_scheme, "https") == 0)
            return true;
    }
    return ap_find_linked_module("mod_ssl.c") != NULL;
}

static void warn(apr_pool_t *scratch, server_rec *main_server)
{
    header_names names = {scratch, NULL, NULL};

    each(fah_tree(), "Require", warn_of_any, &names);
    each(fah_tree(), "AuthScheme", warn_of_plain_basic, &names);
    if (names.clash && !serves_tls(main_server))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
                     "AuthScheme basic on a server without TLS: passwords "
                     "cross the network in the clear (AuthRequireTLS, "
                     "ServerName https://...)");
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

    apr_cpystrn(word, args, sizeof word);
    word[strcspn(word, " \t")] = '\0';
    if (strcasecmp(directive->directive, "Require") == 0 &&
        !fah_require_is_ours(word))
        return;
    while (directive && strcasecmp(directive->directive, "<VirtualHost") != 0)
        directive = directive->parent;
    if (!directive || (s->is_virtual && s->defn_name &&
                       strcmp(s->defn_name, directive->filename) == 0 &&
                       s->defn_line_number == (unsigned)directive->line_num))
        search->found = true;
}

/* Whether some section that a server's requests may fall into has a policy. */
static bool guards(const server_rec *s)
{
    static const char *const names[] = {
        "AuthScheme",     "RequireScope",   "RequireRole", "RequireClaim",
        "RequireAddress", "AuthRequireTLS", "RateLimit",   "Require"};
    guard_search search = {s, false};

    for (size_t i = 0; !search.found && i < sizeof names / sizeof *names; i++)
        each(fah_tree(), names[i], find_guard, &search);
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

int fah_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *main_server)
{
    bool good;

    (void)plog;
    for (server_rec *s = main_server; s; s = s->next) {
        fah_server *server = fah_server_of(s);

        server->guards = guards(s);
        if (server->said->trust)
            fa_trust_settle(pconf, server->said->trust);
    }
    /* All of them, so that one run names every mistake. */
    good = requires_are_ours(main_server);
    good = headers_are_apart(pconf, ptemp, main_server) && good;
    good = fah_order_is_safe(ptemp, main_server) && good;
    good = fah_passwords_are_apart(ptemp, main_server) && good;
    good = fah_limit_names_agree(ptemp, main_server) && good;
    warn(ptemp, main_server);
    return good ? OK : HTTP_INTERNAL_SERVER_ERROR;
}
