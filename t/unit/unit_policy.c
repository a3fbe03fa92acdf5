/* Policies from lines of configuration, and requests from tables.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include <regex.h>

static const struct {
    const char *name;
    fa_parse *parse;
} directives[] = {
#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    {#name, parse},
#define FA_CONTAINER(name, parse, arguments, example, effect)
#include "directives.def"
#undef FA_DIRECTIVE
#undef FA_CONTAINER
};

static bool has_provider(const char *name)
{
    return strcmp(name, "file") == 0 || strcmp(name, "dbm") == 0;
}

/* --- patterns with named groups, by POSIX's expressions ------------------- */

typedef struct pattern {
    regex_t regex;
    const apr_array_header_t *names; /* const char *: of all groups */
} pattern;

static apr_status_t forget(void *regex)
{
    regfree(regex);
    return APR_SUCCESS;
}

static const apr_array_header_t *compile(apr_pool_t *pool, const char *text,
                                         const void **compiled)
{
    pattern *made = apr_pcalloc(pool, sizeof *made);
    apr_array_header_t *names = apr_array_make(pool, 2, sizeof(char *));
    const char *named;
    char *plain = apr_pstrdup(pool, "");

    while ((named = strstr(text, "(?<")) != NULL) {
        const char *end = strchr(named, '>');

        APR_ARRAY_PUSH(names, const char *) =
            apr_pstrmemdup(pool, named + 3, (size_t)(end - named - 3));
        plain = apr_pstrcat(pool, plain,
                            apr_pstrmemdup(pool, text, (size_t)(named - text)),
                            "(", NULL);
        text = end + 1;
    }
    if (regcomp(&made->regex, apr_pstrcat(pool, plain, text, NULL),
                REG_EXTENDED) != 0)
        return NULL;
    apr_pool_cleanup_register(pool, &made->regex, forget,
                              apr_pool_cleanup_null);
    made->names = names;
    *compiled = made;
    return names;
}

static const apr_array_header_t *groups(void *context, const void *compiled,
                                        const char *path)
{
    const pattern *of = compiled;
    apr_array_header_t *parts =
        apr_array_make(unit_pool, 2, sizeof(fa_path_part));
    regmatch_t found[9];

    (void)context;
    if (regexec(&of->regex, path, UNIT_COUNT(found), found, 0) != 0)
        return NULL;
    for (int i = 0; i < of->names->nelts; i++) {
        regmatch_t at = found[i + 1];

        APR_ARRAY_PUSH(parts, fa_path_part) = (fa_path_part){
            APR_ARRAY_IDX(of->names, i, const char *),
            at.rm_so < 0 ? NULL
                         : apr_pstrmemdup(unit_pool, path + at.rm_so,
                                          (size_t)(at.rm_eo - at.rm_so))};
    }
    return parts;
}

/* --- lines of configuration ----------------------------------------------- */

fa_line *unit_line(const char *root)
{
    fa_line *line = apr_pcalloc(unit_pool, sizeof *line);

    line->pool = unit_pool;
    line->root = root;
    line->section = (fa_section){"Location", "/unit", "unit.conf", 0};
    line->methods = -1;
    line->policy = fa_policy_create(unit_pool);
    line->server = fa_server_create(unit_pool);
    line->server->trust = fa_trust_create(unit_pool);
    line->issuer = line->server->trust->own;
    line->has_provider = has_provider;
    line->compile = compile;
    line->remarks = apr_array_make(unit_pool, 1, sizeof(char *));
    return line;
}

const char *unit_say(fa_line *line, const char *text)
{
    if (*text == '^') {
        line->section.kind = "LocationMatch";
        line->section.pattern = text;
        return NULL;
    }
    line->words = fa_parse_split(unit_pool, text);
    line->directive = APR_ARRAY_IDX(line->words, 0, const char *);
    line->words->elts += line->words->elt_size;
    line->words->nelts--;
    line->words->nalloc--;
    line->section.line++;
    for (size_t i = 0; i < UNIT_COUNT(directives); i++) {
        if (strcmp(directives[i].name, line->directive) == 0)
            return directives[i].parse(line);
    }
    ck_abort_msg("no directive %s", line->directive);
    return NULL;
}

const fa_policy *unit_policy(const char *text)
{
    fa_line *line = unit_line("/");
    char *rest = apr_pstrdup(unit_pool, text), *one;

    while ((one = apr_strtok(rest, "\n", &rest)) != NULL) {
        const char *wrong = unit_say(line, one);

        ck_assert_msg(!wrong, "%s: %s", one, wrong);
    }
    return line->policy;
}

static const char *header(void *context, const char *name)
{
    unit_server *server = context;

    server->read_headers++;
    for (size_t i = 0; i < UNIT_COUNT(server->headers); i++) {
        if (server->headers[i][0] &&
            strcasecmp(server->headers[i][0], name) == 0)
            return server->headers[i][1];
    }
    return NULL;
}

static apr_time_t now(void *context)
{
    (void)context;
    return UNIT_NOW;
}

static fa_verdict check_password(void *context, const fa_passwords *passwords,
                                 const char *user, const char *password)
{
    unit_server *server = context;

    ck_assert_ptr_nonnull(passwords);
    server->user = user;
    server->secret = password;
    return server->password;
}

static fa_verdict api_keys(void *context, const fa_apikeys **keys)
{
    unit_server *server = context;

    *keys = server->file;
    return server->keys;
}

static fa_verdict find_owner(void *context, const char *label,
                             const apr_array_header_t *parts,
                             const char **owner, const char **reason)
{
    unit_server *server = context;

    server->label = label;
    server->parts = parts;
    if (server->database == FA_ALLOWED)
        *owner = server->owner;
    else
        *reason = "the database is down";
    return server->database;
}

/* Limits have a program of their own (t_weigh): here there is always room. */
static fa_verdict take(void *context, fa_ask *asks, size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++)
        asks[i].within = true;
    return FA_ALLOWED;
}

static void settle(void *context, const fa_ask *ask, bool was_good)
{
    (void)context;
    (void)ask;
    (void)was_good;
}

fa_request *unit_request(unit_server *server)
{
    static const fa_answers answers = {.header = header,
                                       .now = now,
                                       .check_password = check_password,
                                       .groups = groups,
                                       .find_owner = find_owner,
                                       .api_keys = api_keys,
                                       .take = take,
                                       .settle = settle};
    fa_request *request = apr_pcalloc(unit_pool, sizeof *request);

    request->pool = unit_pool;
    request->method_number = UNIT_GET;
    request->path = "/";
    request->has_address = fa_address_parse("192.0.2.1", &request->address);
    request->answers = &answers;
    request->context = server;
    return request;
}
