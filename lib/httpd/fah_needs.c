/* What a scheme needs to know anybody by is somewhere configured.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

/* What was found in the configuration, and where it is asked for first. */
typedef struct needs {
    apr_pool_t *scratch;
    const ap_directive_t *bearer, *api_key, *basic;
    bool has_tokens, has_api_keys, has_passwords;
} needs;

static void look_at_scheme(const ap_directive_t *directive, void *context)
{
    needs *found = context;
    const char *args = directive->args;

    while (*args) {
        const char *word = ap_getword_conf(found->scratch, &args);

        if (strcmp(word, "bearer-jwt") == 0 || strcmp(word, "oauth2") == 0)
            found->bearer = directive;
        else if (strncmp(word, "api-key-", 8) == 0)
            found->api_key = directive;
        else if (strcmp(word, "basic") == 0)
            found->basic = directive;
    }
}

static void look_at_passwords(const ap_directive_t *directive, void *context)
{
    (void)directive;
    ((needs *)context)->has_passwords = true;
}

static bool has_keys(const fa_trust *trust)
{
    /* A block without a key is refused when it is read. */
    return trust &&
           (trust->own->keys->keys->nelts > 0 || trust->issuers->nelts > 0);
}

static bool check(server_rec *s, const ap_directive_t *asked, bool there,
                  const char *remedy)
{
    if (!asked || there)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "AuthScheme %s (%s:%d) can let nobody in: add %s", asked->args,
                 asked->filename, asked->line_num, remedy);
    return false;
}

bool fah_needs_are_met(apr_pool_t *scratch, server_rec *main_server)
{
    needs found = {.scratch = scratch};
    bool met;

    fah_each("AuthScheme", look_at_scheme, &found);
    fah_each("AuthPasswords", look_at_passwords, &found);
    for (server_rec *s = main_server; s; s = s->next) {
        const fa_server *said = fah_server_of(s)->said;

        found.has_tokens = found.has_tokens || has_keys(said->trust);
        found.has_api_keys = found.has_api_keys || said->api_keys;
    }
    met = check(main_server, found.bearer, found.has_tokens,
                "AuthTokenKey, AuthTokenKeySet or <AuthIssuer>");
    met =
        check(main_server, found.api_key, found.has_api_keys, "AuthAPIKeys") &&
        met;
    return check(main_server, found.basic, found.has_passwords,
                 "AuthPasswords") &&
           met;
}
