/* Policies from lines of configuration, and requests from tables.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

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
    line->remarks = apr_array_make(unit_pool, 1, sizeof(char *));
    return line;
}

const char *unit_say(fa_line *line, const char *text)
{
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
    static const fa_answers answers = {header,   now,  check_password,
                                       api_keys, take, settle};
    fa_request *request = apr_pcalloc(unit_pool, sizeof *request);

    request->pool = unit_pool;
    request->method_number = UNIT_GET;
    request->has_address = fa_address_parse("192.0.2.1", &request->address);
    request->answers = &answers;
    request->context = server;
    return request;
}
