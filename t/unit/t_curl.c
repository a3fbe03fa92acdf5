/* A shell makes of the line exactly the request that is meant, whatever paths
 * and names hold. Tests of fa_curl. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include <stdio.h>

#include "fa_curl.h"

static const fa_way *way_of(const char *policy)
{
    const fa_documented one = {.policy = *policy ? unit_policy(policy)
                                                 : fa_policy_create(unit_pool)};
    apr_array_header_t *ways = fa_document_ways(unit_pool, &one);

    return ways->nelts > 0 ? &APR_ARRAY_IDX(ways, 0, fa_way) : NULL;
}

static const char *line_of(const char *policy, fa_method method,
                           const char *sample)
{
    fa_documented one = {.method = method, .sample = sample};

    return fa_curl(unit_pool, "http://h:80", &one, way_of(policy));
}

static const struct {
    const char *policy;
    fa_method method;
    const char *sample, *line;
} lines[] = {
    {"", FA_GET, "/", "curl 'http://h:80/'"},
    {"", FA_DELETE, "/a", "curl -X DELETE 'http://h:80/a'"},
    {"", FA_GET, "/a b/\xc3\xa9?#%",
     "curl 'http://h:80/a%20b/%C3%A9%3F%23%25'"},
    {"", FA_GET, "/{a,b}[1-9]", "curl 'http://h:80/%7Ba,b%7D%5B1-9%5D'"},
    {"", FA_GET, "/it's", "curl 'http://h:80/it'\\''s'"},
    {"AuthScheme bearer-jwt api-key-header", FA_PATCH, "/a",
     "curl -X PATCH -H \"Authorization: Bearer $TOKEN\" 'http://h:80/a'"},
    {"AuthScheme oauth2", FA_GET, "/a",
     "curl -H \"Authorization: Bearer $TOKEN\" 'http://h:80/a'"},
    {"AuthScheme bearer-jwt\nAuthTokenSource cookie:t", FA_GET, "/a",
     "curl -b \"t=$TOKEN\" 'http://h:80/a'"},
    {"AuthScheme bearer-jwt\nAuthTokenSource query:t", FA_GET, "/a",
     "curl 'http://h:80/a?t='\"$TOKEN\""},
    {"AuthScheme api-key-header", FA_GET, "/a",
     "curl -H \"X-API-Key: $API_KEY\" 'http://h:80/a'"},
    {"AuthScheme api-key-query:k", FA_GET, "/a",
     "curl 'http://h:80/a?k='\"$API_KEY\""},
    {"AuthScheme api-key-cookie:c", FA_POST, "/a",
     "curl -X POST -b \"c=$API_KEY\" 'http://h:80/a'"},
    {"AuthScheme basic\nAuthPasswords file", FA_GET, "/a",
     "curl -u \"$USER\" 'http://h:80/a'"},
};

START_TEST(line_sends_the_first_way)
{
    ck_assert_str_eq(
        line_of(lines[_i].policy, lines[_i].method, lines[_i].sample),
        lines[_i].line);
}
END_TEST

/* --- a real shell --------------------------------------------------------- */

/* The words that a shell hands to curl, each within <>. */
static const char *words_of(const char *line)
{
    FILE *shell;
    char text[2048];
    size_t size;
    const char *script = apr_pstrcat(
        unit_pool, "exec 2>/dev/null; TOKEN='t o'; API_KEY='k\"$x'; USER=u; ",
        "curl() { printf '<%s>' \"$@\"; }\n", line, NULL);

    ck_assert_int_eq(setenv("UNIT_SCRIPT", script, 1), 0);
    shell = popen("sh -c \"$UNIT_SCRIPT\"", "r");
    ck_assert_ptr_nonnull(shell);
    size = fread(text, 1, sizeof text - 1, shell);
    text[size] = '\0';
    ck_assert_int_eq(pclose(shell), 0);
    return apr_pstrdup(unit_pool, text);
}

static const struct {
    fa_scheme_kind kind;
    const char *parameter, *sample, *words;
} evil[] = {
    {FA_API_KEY_HEADER, "X-K", "/$(id)`id`$HOME\\\"'\"",
     "<-H><X-K: k\"$x><http://h:80/$(id)%60id%60$HOME%5C%22'%22>"},
    {FA_API_KEY_HEADER, "X-'; id; '", "/a",
     "<-H><X-'; id; ': k\"$x><http://h:80/a>"},
    {FA_API_KEY_HEADER, "$HOME`id`!", "/a",
     "<-H><$HOME`id`!: k\"$x><http://h:80/a>"},
    {FA_API_KEY_HEADER, "\\", "/a", "<-H><\\: k\"$x><http://h:80/a>"},
    {FA_API_KEY_COOKIE, "a\"b'c", "/a", "<-b><a\"b'c=k\"$x><http://h:80/a>"},
    {FA_API_KEY_QUERY, "a&b=c'd e", "/a",
     "<http://h:80/a?a%26b%3Dc%27d%20e=k\"$x>"},
    {FA_BEARER_JWT, NULL, "/a\nb;c&d|e>f",
     "<-H><Authorization: Bearer t o><http://h:80/a%0Ab;c&d%7Ce%3Ef>"},
    {FA_BASIC, NULL, "/''", "<-u><u><http://h:80/''>"},
};

START_TEST(nothing_ends_the_quoting)
{
    fa_scheme scheme = {evil[_i].kind, "s", evil[_i].parameter};
    fa_way way = {&scheme, NULL, "s"};
    fa_documented one = {.method = FA_GET, .sample = evil[_i].sample};

    ck_assert_str_eq(words_of(fa_curl(unit_pool, "http://h:80", &one, &way)),
                     evil[_i].words);
}
END_TEST

int main(void)
{
    TCase *curl = unit_case("curl");

    tcase_add_loop_test(curl, line_sends_the_first_way, 0, UNIT_ROWS(lines));
    tcase_add_loop_test(curl, nothing_ends_the_quoting, 0, UNIT_ROWS(evil));
    return unit_run("t_curl", curl, NULL);
}
