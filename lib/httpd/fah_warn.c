/* Configuration that httpd allows, and that hardly says what was meant.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include "fah_require.h"
#include "fah_section.h"

typedef struct findings {
    apr_pool_t *scratch;
    server_rec *server;
    bool basic;    /* AuthScheme basic somewhere */
    bool requires; /* Require of ours somewhere */
} findings;

static const char *first_word(apr_pool_t *scratch, const char *args)
{
    return ap_getword_conf(scratch, &args);
}

static bool is_in(const ap_directive_t *directive, const char *container)
{
    return directive->parent &&
           strcasecmp(directive->parent->directive, container) == 0;
}

/* Directives beside each other that no <RequireAll> holds together are
 * alternatives to httpd: bare in one section, any other Require makes ours
 * void; in <RequireAny> that is meant, but for `all granted`. */
static bool makes_void(const findings *found, const ap_directive_t *beside,
                       const ap_directive_t *ours)
{
    const char *word;

    if (strcasecmp(beside->directive, "Require") != 0 || beside == ours)
        return false;
    word = first_word(found->scratch, beside->args);
    if (is_in(ours, "<RequireAny"))
        return strcasecmp(word, "all") == 0;
    return !fah_require_is_ours(word) && strcasecmp(word, "not") != 0;
}

static void warn_of_any(const ap_directive_t *directive, void *context)
{
    findings *found = context;
    const ap_directive_t *beside;

    if (!fah_require_is_ours(first_word(found->scratch, directive->args)))
        return;
    found->requires = true;
    if (is_in(directive, "<RequireAll") || is_in(directive, "<RequireNone"))
        return;
    beside = directive->parent ? directive->parent->first_child : fah_tree();
    for (; beside; beside = beside->next) {
        if (makes_void(found, beside, directive))
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, found->server,
                         "Require %s (%s:%d) makes Require %s (%s:%d) beside "
                         "it void: httpd asks for any one of them; use "
                         "<RequireAll>",
                         beside->args, beside->filename, beside->line_num,
                         directive->args, directive->filename,
                         directive->line_num);
    }
}

static void warn_of_merging(const ap_directive_t *directive, void *context)
{
    findings *found = context;

    if (found->requires &&
        strcasecmp(first_word(found->scratch, directive->args), "Or") == 0)
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, found->server,
                     "AuthMerging Or (%s:%d): a parent's Require lets callers "
                     "in whom Require scope, role and the like would refuse",
                     directive->filename, directive->line_num);
}

static void look_for_basic(const ap_directive_t *directive, void *context)
{
    findings *found = context;
    const char *args = directive->args;

    while (*args) {
        if (strcasecmp(ap_getword_conf(found->scratch, &args), "basic") == 0)
            found->basic = true;
    }
}

static bool is_ours(const findings *found, const ap_directive_t *directive)
{
    static const char *const names[] = {
        "AuthScheme",     "RequireScope",      "RequireRole",  "RequireClaim",
        "RequireAddress", "RequirePermission", "RequireOwner", "RateLimit",
        "CORSOrigin",     "SecurityHeaders"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(directive->directive, names[i]) == 0)
            return true;
    }
    return strcasecmp(directive->directive, "Require") == 0 &&
           fah_require_is_ours(first_word(found->scratch, directive->args));
}

/* mod_proxy looks at <Proxy> where a request's URL is mapped, and not where its
 * handler is chosen. */
static void warn_of_proxy(const ap_directive_t *directive, void *context)
{
    findings *found = context;
    const ap_directive_t *inside = directive->first_child;

    for (; inside; inside = inside->next) {
        if (is_ours(found, inside))
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, found->server,
                         "%s in %s %s (%s:%d) does not count where SetHandler "
                         "or RewriteRule [P] in a directory sends a request "
                         "to the proxy: put it in the <Location> that they "
                         "serve",
                         inside->directive, directive->directive,
                         directive->args, inside->filename, inside->line_num);
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

void fah_warn(apr_pool_t *scratch, server_rec *main_server)
{
    findings found = {.scratch = scratch, .server = main_server};

    fah_each("Require", warn_of_any, &found);
    fah_each("AuthMerging", warn_of_merging, &found);
    fah_each("AuthScheme", look_for_basic, &found);
    fah_each("<Proxy", warn_of_proxy, &found);
    fah_each("<ProxyMatch", warn_of_proxy, &found);
    if (found.basic && !serves_tls(main_server))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
                     "AuthScheme basic on a server without TLS: passwords "
                     "cross the network in the clear (AuthRequireTLS, "
                     "ServerName https://...)");
}
