/* Each directive is read, and a wrong word told with its value and remedy.
 * Tests of fa_parse_policy, fa_parse_trust, fa_parse_words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"
#include "unit_policy.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fa_text.h"

/* sha256sum of "one". */
#define ONE "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"

static const struct {
    const char *name;
    fa_place where;
    const char *example;
    const char *effect;
} directives[] = {
#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    {#name, where, example, effect},
#define FA_CONTAINER(name, parse, arguments, example, effect)
#include "directives.def"
#undef FA_DIRECTIVE
#undef FA_CONTAINER
};

/* --- a ServerRoot -------------------------------------------------------- */

static char root[] = "/tmp/fastauth-parse-XXXXXX";

static void put(const char *name, const char *bytes)
{
    FILE *file = fopen(apr_pstrcat(unit_pool, root, "/", name, NULL), "w");

    ck_assert_ptr_nonnull(file);
    fputs(bytes, file);
    fclose(file);
}

#define SECRET "a-good-secret-of-more-than-32-bytes"
#define SHORT  "hunter2-is-short"

static void make_root(void)
{
    EVP_PKEY *rsa = unit_private_key(unit_alg("RS256"));

    strcpy(root + sizeof root - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_int_eq(mkdir(apr_pstrcat(unit_pool, root, "/conf", NULL), 0700),
                     0);
    ck_assert_int_eq(mkdir(apr_pstrcat(unit_pool, root, "/logs", NULL), 0700),
                     0);
    put("conf/issuer.jwks",
        apr_pstrcat(unit_pool, "{\"keys\":[", unit_jwk(rsa, "\"kid\":\"r\""),
                    ",{\"kty\":\"new\"}]}", NULL));
    put("conf/api-keys", ONE " user=alice\n");
    put("conf/wrong-keys", ONE "\n");
    put("conf/plain-keys", "my-plain-key user=alice\n");
    put("conf/empty", "");
    put("conf/line-feed", "\r\n");
    put("conf/one", "x");
    put("conf/secret", SECRET);
    put("conf/secret-line", SECRET "\n");
    put("conf/secret-crlf", SECRET "\r\n");
    put("conf/short", SHORT);
    put("conf/weak", unit_repeat("s", 40));
    put("conf/rsa.pem", unit_public_pem(rsa));
    put("conf/rsa-private.pem", unit_private_pem(rsa, NULL));
    put("conf/none.jwks", "{\"keys\":[]}");
    put("conf/p384.pem", unit_public_pem(unit_private_key(unit_alg("ES384"))));
    setenv("JWT_SECRET_KEY", SECRET, 1);
    setenv("EMPTY", "", 1);
    setenv("SHORT", SHORT, 1);
    unsetenv("UNSET");
}

static void remove_root(void)
{
    const char *command = apr_pstrcat(unit_pool, "rm -r ", root, NULL);

    ck_assert_int_eq(system(command), 0);
}

/* --- what is right ------------------------------------------------------- */

START_TEST(example_of_each_directive_is_right)
{
    fa_line *line = unit_line(root);
    const char *example = directives[_i].example;
    const char *name = directives[_i].name;
    const char *wrong;

    ck_assert_msg(strncmp(example, name, strlen(name)) == 0 &&
                      example[strlen(name)] == ' ',
                  "%s", example);
    if (strcmp(name, "RequireOwner") == 0)
        unit_say(line, UNIT_MATCH);
    wrong = unit_say(line, example);
    ck_assert_msg(!wrong, "%s: %s", example, wrong);
    /* Whatever is for a section is kept in the policy, all else elsewhere. */
    ck_assert_int_eq(memcmp(line->policy, fa_policy_create(unit_pool),
                            sizeof(fa_policy)) != 0,
                     directives[_i].where != FA_IN_SERVER);
}
END_TEST

/* Lines that are right, and what shows it. */
static const char *const right[] = {
    "AuthScheme none",
    "AuthTokenSource header",
    "AuthTokenSource header cookie:t query:access_token",
    "AuthTokenKey HS256 file:conf/secret",
    "AuthTokenKey HS256 file:conf/secret-line",
    "AuthTokenKey RS256 file:conf/rsa.pem kid=r",
    "AuthTokenKey PS512 file:conf/rsa.pem \"kid=two words\"",
    "AuthTokenKeySet file:conf/issuer.jwks",
    "AuthTokenKeySet file:conf/issuer.jwks alg=PS256,ES256",
    "AuthTokenAudience a b \"c d\"",
    "AuthTokenType JWT",
    "AuthTokenLeeway 0",
    "AuthTokenLeeway 60",
    "AuthTokenLeeway 1m",
    "AuthTokenClaims user=https://example.com/user,sub",
    "AuthTokenClaims scopes=a roles=b permissions=c,d user=e",
    "AuthAPIKeys file:conf/api-keys",
    "AuthPasswords file",
    "AuthPasswords file dbm cache=0",
    "AuthPasswords cache=24h file",
    "AuthRequireTLS off",
    "AuthRequireTLS loopback",
    "AuthAmbiguousPath allow",
    "RequireScope none",
    "RequireScope a:b *",
    "RequireRole none",
    "RequirePermission none",
    "RequirePermission posts:read posts",
    "RolePermissions admin *",
    "RolePermissions editor posts:* posts:read:own @reader @admin",
    "RequireOwner none",
    "APIOperation GET /users/{id} owner=path:id hide bypass=admin,auditor",
    "APIOperation GET /users/{id}/{b} owner=query:owner-of_1 permission=a,b:c",
    "RequireClaim tenant none",
    "RequireClaim tenant \"\"",
    "RequireClaim none",
    "RequireAddress none",
    "RequireAddress ::1 10.0.0.1/32",
    "AuthReportOnly Off",
    "AuthReportOnly header",
    "AuthRequireTLS ON",
    "AuthIdentityHeaders Off",
    "AuthErrorFormat httpd",
    "AuthErrorFormat fastopenapi",
    "AuthIdentityHeaders off",
    "AuthIdentityHeaders X",
    "AuthStripCredentials off",
    "SecurityLog security.log",
    "SecurityLog /dev/null",
    "SecurityLog \"|/bin/cat -u\"",
    "SecurityLog \"||/bin/cat\"",
    "SecurityLog \"|$logger -t api | cat\"",
    "APIOperation none",
    "APIOperation GET",
    "APIOperation GET,PUT,POST,DELETE,OPTIONS,PATCH /a/{b}/c/",
    "APIOperation GET /",
    "APIOperation GET scope=a,b:c role=d,e deprecated tag=f,g",
    "APIOperation GET \"summary=two words\" id=get.two-words_1",
    "APIOperation GET summary='two words' tag=\"a tag,another\"",
    "APIOperation GET /{id} example=/unit/7",
    "APIOperation GET \"/gr\xc3\xbc\xc3\x9f"
    "e/{a_1}\"",
    "APITitle \"Orders & more\"",
    "APIVersion 2026-11-24",
    "APIDescription file:conf/secret-line",
    "APILicense Proprietary",
    "APIServer http://localhost:8080/v1",
    "APITag users",
    "APIOAuth2 flow=clientCredentials token=https://a.example/t",
    "APIOAuth2 flow=password token=https://a.example/t "
    "refresh=https://a.example/r",
    "APIOAuth2 flow=implicit authorization=https://a.example/a",
};

START_TEST(right_line_is_taken)
{
    const char *wrong = unit_say(unit_line(root), right[_i]);

    ck_assert_msg(!wrong, "%s: %s", right[_i], wrong);
}
END_TEST

START_TEST(words_over_64_all_count)
{
    fa_line *line = unit_line(root);
    const fa_demand *demand;

    ck_assert_ptr_null(
        unit_say(line, apr_pstrcat(unit_pool, "RequireScope",
                                   unit_repeat(" s", 200), " last", NULL)));
    demand = fa_demands_find(line->policy->demands, ~0u);
    ck_assert_int_eq(demand->values->nelts, 201);
    ck_assert(fa_text_has_word(demand->values, "last"));
}
END_TEST

START_TEST(secret_is_read_without_its_line_end)
{
    static const char *const files[] = {
        "file:conf/secret", "file:conf/secret-line", "file:conf/secret-crlf",
        "env:JWT_SECRET_KEY"};

    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        fa_line *line = unit_line(root);
        const fa_key *key;

        ck_assert_ptr_null(
            unit_say(line, apr_pstrcat(unit_pool, "AuthTokenKey HS256 ",
                                       files[i], NULL)));
        key = fa_keyring_select(line->issuer->keys, "HS256", NULL);
        ck_assert_uint_eq(key->secret_size, strlen(SECRET));
        ck_assert_mem_eq(key->secret, SECRET, strlen(SECRET));
    }
}
END_TEST

START_TEST(path_may_be_absolute)
{
    fa_line *line = unit_line("/nonexistent");

    ck_assert_ptr_null(
        unit_say(line, apr_pstrcat(unit_pool, "AuthAPIKeys file:", root,
                                   "/conf/api-keys", NULL)));
    ck_assert_ptr_nonnull(line->server->api_keys);
}
END_TEST

START_TEST(what_a_set_leaves_out_is_remarked)
{
    fa_line *line = unit_line(root);

    ck_assert_ptr_null(unit_say(line, "AuthTokenKeySet file:conf/issuer.jwks"));
    ck_assert_int_eq(line->remarks->nelts, 1);
    ck_assert_ptr_nonnull(strstr(APR_ARRAY_IDX(line->remarks, 0, const char *),
                                 "file:conf/issuer.jwks: key 2"));
}
END_TEST

/* --- what is wrong ------------------------------------------------------- */

/* The line, and two parts of what is said: the value, or where it is a secret
 * or none was given nothing; and the remedy. */
static const struct {
    const char *text, *value, *remedy;
} wrong_lines[] = {
    {"AuthScheme", "", "at least one scheme, or none"},
    {"AuthScheme bearer", "'bearer'", "bearer-jwt, oauth2"},
    {"AuthScheme basic none", "none", "stands alone"},
    {"AuthScheme \"\"", "''", "bearer-jwt, oauth2"},
    {"SecurityLog", "", "it takes a file, or \"|PROGRAM\""},
    {"SecurityLog a b", "", "in quotes"},
    {"SecurityLog conf", "/conf' is a folder", "name a file in it"},
    {"SecurityLog gone/a.log", "/gone/a.log'", "there is no folder"},
    {"SecurityLog conf/empty/a.log", "/empty/a.log'", "there is no folder"},
    {"SecurityLog \"|\"", "'|'", "no program stands behind the |"},
    {"SecurityLog \"|$ \"", "'|$ '", "no program stands behind the |"},
    {"SecurityLog \"|/nonexistent/x -a\"", "'/nonexistent/x'", "no program"},
    {"SecurityLog \"|/etc/passwd\"", "'/etc/passwd'", "no program"},
    {"SecurityLog \"|/\"", "'/'", "no program"},
    {"SecurityLog \"a\x01\"", "'a\\x01'", "without control characters"},
    {"AuthTokenSource", "", "header, cookie:NAME or query:NAME"},
    {"AuthTokenSource body", "'body'", "header, cookie:NAME, query:NAME"},
    {"AuthTokenSource Header", "'Header'", "header, cookie:NAME, query:NAME"},
    {"AuthTokenSource cookie:", "'cookie:'", "no token of HTTP"},
    {"AuthTokenSource \"cookie:a b\"", "'cookie:a b'", "no token of HTTP"},
    {"AuthTokenSource query:a%62", "'query:a%62'", "would escape"},
    {"AuthTokenKey", "", "an algorithm and a source"},
    {"AuthTokenKey HS256", "", "env:NAME or file:PATH"},
    {"AuthTokenKey none env:JWT_SECRET_KEY", "'none'", "HS256"},
    {"AuthTokenKey hs256 env:JWT_SECRET_KEY", "'hs256'", "HS256"},
    {"AuthTokenKey HS256 " SECRET, "", "env:NAME or file:PATH"},
    {"AuthTokenKey HS256 \"" SECRET "\"", "", "env:NAME or file:PATH"},
    {"AuthTokenKey HS256 key:" SECRET, "", "env:NAME or file:PATH"},
    {"AuthTokenKey HS256 file:", "", "env:NAME or file:PATH"},
    {"AuthTokenKey HS256 env:UNSET", "'UNSET'", "not set"},
    {"AuthTokenKey HS256 env:", "''", "not set"},
    {"AuthTokenKey HS256 env:EMPTY", "'EMPTY'", "empty"},
    {"AuthTokenKey HS256 env:SHORT", "env:SHORT", "32"},
    {"AuthTokenKey HS512 env:JWT_SECRET_KEY", "env:JWT_SECRET_KEY", "64"},
    {"AuthTokenKey HS256 file:conf/gone", "/conf/gone'", "cannot be read"},
    {"AuthTokenKey HS256 file:conf", "/conf'", "cannot be read"},
    {"AuthTokenKey HS256 file:conf/empty", "/conf/empty'", "empty"},
    {"AuthTokenKey HS256 file:conf/line-feed", "/conf/line-feed'", "empty"},
    {"AuthTokenKey HS256 file:conf/one", "file:conf/one", "32"},
    {"AuthTokenKey HS256 file:conf/weak", "file:conf/weak", "HS256"},
    {"AuthTokenKey HS256 file:conf/rsa.pem", "file:conf/rsa.pem", "PEM"},
    {"AuthTokenKey RS256 file:conf/secret", "file:conf/secret", "PEM"},
    {"AuthTokenKey RS256 file:conf/rsa-private.pem", "rsa-private.pem",
     "private"},
    {"AuthTokenKey ES256 file:conf/p384.pem", "file:conf/p384.pem", "ES256"},
    {"AuthTokenKey ES384 file:conf/rsa.pem", "file:conf/rsa.pem", "ES384"},
    {"AuthTokenKey HS256 env:JWT_SECRET_KEY sign", "'sign'", "option"},
    {"AuthTokenKey HS256 env:JWT_SECRET_KEY kid=", "kid=", "1 to 128"},
    {"AuthTokenKey HS256 env:JWT_SECRET_KEY kid=a kid=b", "'kid=b'", "option"},
    {"AuthTokenKeySet", "", "file:PATH"},
    {"AuthTokenKeySet https://issuer.example/jwks",
     "'https://issuer.example/jwks'", "file:PATH"},
    {"AuthTokenKeySet file:conf/gone", "/conf/gone'", "cannot be read"},
    {"AuthTokenKeySet file:conf/secret", "file:conf/secret", "no JWK set"},
    {"AuthTokenKeySet file:conf/none.jwks", "file:conf/none.jwks",
     "no key that verifies"},
    {"AuthTokenKeySet file:conf/issuer.jwks alg=none", "'none'", "RS256"},
    {"AuthTokenKeySet file:conf/issuer.jwks alg=", "alg=", "commas"},
    {"AuthTokenKeySet file:conf/issuer.jwks refresh=1h", "'refresh=1h'",
     "option"},
    {"AuthTokenAudience", "", "at least one audience"},
    {"AuthTokenAudience a \"\"", "", "not empty"},
    {"AuthTokenType", "", "as at+jwt or JWT"},
    {"AuthTokenType JWT at+jwt", "", "as at+jwt or JWT"},
    {"AuthTokenType application/at+jwt", "'application/at+jwt'",
     "without application/"},
    {"AuthTokenType \"\"", "''", "as at+jwt or JWT"},
    {"AuthTokenLeeway", "", "as 30s"},
    {"AuthTokenLeeway 61s", "'61s'", "more than 60s"},
    {"AuthTokenLeeway 2m", "'2m'", "more than 60s"},
    {"AuthTokenLeeway -1", "'-1'", "30s"},
    {"AuthTokenLeeway 30x", "'30x'", "s, m, h or d"},
    {"AuthTokenLeeway 10s 10s", "", "one duration"},
    {"AuthTokenClaims", "", "user=, scopes="},
    {"AuthTokenClaims sub", "'sub'", "user=, scopes="},
    {"AuthTokenClaims name=sub", "'name=sub'", "user=, scopes="},
    {"AuthTokenClaims user=", "user=", "commas"},
    {"AuthTokenClaims user=a,,b", "user=", "commas"},
    {"AuthTokenClaims user=a user=b", "user=", "already"},
    {"AuthAPIKeys", "", "file:PATH"},
    {"AuthAPIKeys conf/api-keys", "", "file:PATH"},
    {"AuthAPIKeys file:conf/api-keys file:conf/api-keys", "", "file:PATH"},
    {"AuthAPIKeys file:conf/gone", "/conf/gone'", "cannot be read"},
    {"AuthAPIKeys file:conf", "/conf'", "no file"},
    {"AuthAPIKeys file:conf/wrong-keys", "/conf/wrong-keys' line 1",
     "user= is missing"},
    {"AuthAPIKeys file:conf/plain-keys", "/conf/plain-keys' line 1", "SHA-256"},
    {"AuthPasswords", "", "as file"},
    {"AuthPasswords cache=60s", "", "as file"},
    {"AuthPasswords flie", "'flie'", "is its module loaded"},
    {"AuthPasswords file cache=2d", "'cache=2d'", "more than a day"},
    {"AuthPasswords file cache=soon", "'soon'", "30s"},
    {"AuthRequireTLS", "", "off, on or loopback"},
    {"AuthRequireTLS yes", "'yes'", "off, on or loopback"},
    {"AuthRequireTLS on off", "", "off, on or loopback"},
    {"AuthAmbiguousPath", "", "refuse or allow"},
    {"AuthAmbiguousPath deny", "'deny'", "refuse or allow"},
    {"RequireScope", "", "at least one scope, or none"},
    {"RequireScope a none", "'none'", "none stands alone"},
    {"RequireScope \"a b\"", "'a b'", "without space"},
    {"RequireScope a\\b", "'a\\b'", "backslash"},
    {"RequireScope \xc3\xa4", "'\xc3\xa4'", "printable ASCII"},
    {"RequireScope \"a\r\"", "'a\r'", "printable ASCII"},
    {"RequireScope \"\"", "''", "none stands alone"},
    {"RequireRole", "", "at least one role, or none"},
    {"RequireRole \"two words\"", "'two words'", "without space"},
    {"RequireRole none a", "'none'", "none stands alone"},
    {"RequirePermission", "", "at least one permission, or none"},
    {"RequirePermission a none", "'none'", "none stands alone"},
    {"RequirePermission \"\"", "''", "is no permission"}, /* A35 */
    {"RequirePermission posts:*", "'posts:*'", "wildcards are for"},
    {"RequirePermission *", "'*'", "wildcards are for"},
    {"RequirePermission @editor", "'@editor'", "one by one"},
    {"RolePermissions", "", "a role and at least one permission or @ROLE"},
    {"RolePermissions editor", "", "at least one permission or @ROLE"},
    {"RolePermissions editor \"\"", "''", "no permission"}, /* A35 */
    {"RolePermissions editor @", "'@'", "no @ROLE"},
    {"RolePermissions editor posts:re*", "'posts:re*'", "posts:* for all"},
    {"RolePermissions editor *:read", "'*:read'", "posts:* for all"},
    {"RolePermissions editor posts:*:own", "'posts:*:own'", "posts:* for all"},
    {"RolePermissions editor **", "'**'", "posts:* for all"},
    {"RolePermissions editor :*", "':*'", "posts:* for all"},
    {"RolePermissions @editor a", "'@editor'", "is no role"},
    {"RolePermissions \"two words\" a", "'two words'", "is no role"},
    {"RequireOwner", "", "path:GROUP, query:LABEL or none"},
    {"RequireOwner path:user_id", "", "stands in a <LocationMatch>"},
    {"RequireOwner query:q", "", "stands in a <LocationMatch>"},
    {"RequireOwner user_id", "'user_id'", "neither path:NAME"},
    {"RequireOwner path:", "'path:'", "letters, digits"},
    {"RequireOwner query:a'b", "'query:a'b'", "letters, digits"},
    {"APIOperation GET owner=path:id", "owner=", "nothing of the path"},
    {"APIOperation GET /a owner=query:q", "owner=", "nothing of the path"},
    {"APIOperation GET /{id} owner=path:di", "'path:di'", "it has id"},
    {"APIOperation GET /{id} owner=id", "'id'", "neither path:NAME"},
    {"APIOperation GET /{id} owner=path:id owner=path:id", "owner=", "twice"},
    {"APIOperation GET /{id} bypass=a", "bypass=", "behind owner="},
    {"APIOperation GET /{id} hide", "hide", "behind owner="},
    {"APIOperation GET /{id} owner=path:id hide hide", "hide", "twice"},
    {"APIOperation GET /{id} owner=path:id bypass=a,", "'a,'", "commas"},
    {"APIOperation GET permission=a:*", "permission=", "one by one"},
    {"RequireClaim", "", "a claim and at least one value, or none"},
    {"RequireClaim tenant", "", "at least one value"},
    {"RequireClaim \"\" acme", "", "a claim and"},
    {"RequireAddress", "", "at least one address or network, or none"},
    {"RequireAddress 10.0.0.1/8", "'10.0.0.1/8'", "bits set"},
    {"RequireAddress 10.0.0.0/8 all", "'all'", "no IPv4 or IPv6"},
    {"RequireAddress localhost", "'localhost'", "no IPv4 or IPv6"},
    {"RequireAddress none 10.0.0.1", "'none'", "no IPv4 or IPv6"},
    {"APIOperation", "", "a method, as GET, or none"},
    {"APIOperation none GET", "", "beside none"},
    {"APIOperation get", "'get'", "told apart by case"},
    {"APIOperation HEAD", "HEAD", "name GET"},
    {"APIOperation PROPFIND", "'PROPFIND'", "GET, PUT, POST"},
    {"APIOperation GET,", "", "a method is empty"},
    {"APIOperation GET,GET", "GET", "there twice"},
    {"APIOperation GET users", "'users'", "none of scope="},
    {"APIOperation GET /a /b", "'/b'", "none of scope="},
    {"APIOperation GET scope=a /b", "'/b'", "none of scope="},
    {"APIOperation GET /a/{b", "'{b'", "neither a literal nor {name}"},
    {"APIOperation GET /a/v{b}", "'v{b}'", "neither a literal nor {name}"},
    {"APIOperation GET /{}", "'{}'", "letters, digits and underscores"},
    {"APIOperation GET /{1a}", "'{1a}'", "no digit first"},
    {"APIOperation GET /{a-b}", "'{a-b}'", "letters, digits and underscores"},
    {"APIOperation GET /{a}/{a}", "{a}", "there twice"},
    {"APIOperation GET /a%20b", "'a%20b'", "no template can have"},
    {"APIOperation GET /a;b", "'a;b'", "no template can have"},
    {"APIOperation GET /a/../b", "'..'", "never in a path"},
    {"APIOperation GET scope=", "scope=", "nothing behind it"},
    {"APIOperation GET scope=a,,b", "'a,,b'", "commas"},
    {"APIOperation GET scope=a scope=b", "scope=", "said twice"},
    {"APIOperation GET \"role=a b\"", "'a b'", "commas"},
    {"APIOperation GET \"id=a b\"", "'a b'", "letters, digits"},
    {"APIOperation GET,PUT id=a", "id=", "give each method a line"},
    {"APIOperation GET tag=a,", "tag=", "empty"},
    {"APIOperation GET summary=\xff", "'\\xff'", "UTF-8"},
    {"APIOperation GET example=users/7", "'users/7'", "starts with a slash"},
    {"APIOperation GET example=/unit/%37", "'/unit/%37'", "percent-encoded"},
    {"APIOperation GET claim=a", "'claim=a'", "none of scope="},
    {"APITitle", "", "one text, in quotes"},
    {"APITitle Orders API", "", "one text, in quotes"},
    {"APITitle \"a\tb\"", "'a\\x09b'", "control characters"},
    {"APIVersion", "", "one text, in quotes"},
    {"APIVersion 1 0", "", "one text, in quotes"},
    {"APIDescription file:conf/gone", "/conf/gone'", "cannot be read"},
    {"APIDescription \"\"", "", "one text, in quotes"},
    {"APILicense", "", "a licence's name"},
    {"APILicense MIT mit.example", "'mit.example'", "https://"},
    {"APIServer", "", "a URL"},
    {"APIServer api.example.com", "'api.example.com'", "https://"},
    {"APIServer ftp://a.example", "'ftp://a.example'", "https://"},
    {"APIServer https://u:p@a.example", "'https://u:p@a.example'", "no user"},
    {"APIServer https://a.example/", "'https://a.example/'", "leave the slash"},
    {"APIServer https://a.example?b", "'https://a.example?b'", "query"},
    {"APITag", "", "a tag"},
    {"APITag a b c", "", "in quotes"},
    {"APIOAuth2", "", "flow="},
    {"APIOAuth2 flow=code", "'code'", "authorizationCode"},
    {"APIOAuth2 flow=password", "flow=password", "has a token="},
    {"APIOAuth2 flow=implicit authorization=https://a.example/a "
     "token=https://a.example/t",
     "flow=implicit", "has no token="},
    {"APIOAuth2 flow=password token=/t", "'/t'", "https://"},
    {"APIOAuth2 flow=password url=https://a.example", "'url=https://a.example'",
     "authorization="},
    {"AuthReportOnly", "", "off, on or header"},
    {"AuthReportOnly maybe", "'maybe'", "off, on or header"},
    {"AuthErrorFormat", "", "problem, fastopenapi or httpd"},
    {"AuthErrorFormat json", "'json'", "problem, fastopenapi or httpd"},
    {"AuthIdentityHeaders", "", "as X-Auth-, or off"},
    {"AuthIdentityHeaders \"X Auth\"", "'X Auth'", "header's name"},
    {"AuthIdentityHeaders X-Auth: a", "", "as X-Auth-"},
    {"AuthIdentityHeaders \"\"", "''", "header's name"},
    {"RateLimit", "", "N/WINDOW, as 100/1h, or none"},
    {"RateLimit 5/1x", "'1x'", "s, m, h or d"},
    {"RateLimit 0/1s", "'0/1s'", "N from 1"},
    {"RateLimit none by=ip", "", "nothing but on=failure"},
    {"RateLimitStatus 500", "'500'", "429 or 403"},
    {"RateLimitStatus", "", "429 or 403"},
    {"RateLimitStore redis://localhost", "", "shm:SIZE"},
    {"RateLimitStore shm:1K", "'1K'", "from 1M to 256G"},
    {"AuthStripCredentials", "", "off or on"},
    {"AuthStripCredentials maybe", "'maybe'", "off or on"},
    /* All of what is wrong with these is in t_cors, t_security_headers. */
    {"CORSOrigin null", "'null'", "cannot be let in"},
    {"CORSOrigin a.example", "'a.example'", "scheme://host:port"},
    {"CORSMethods put", "'put'", "PUT"},
    {"CORSMethods", "", "GET PUT DELETE, or *"},
    {"CORSHeaders X:A", "'X:A'", "header's name"},
    {"CORSHeaders * X-A", "'*'", "alone"},
    {"CORSExposeHeaders *", "'*'", "name each header"},
    {"CORSExposeHeaders", "", "Retry-After, or none"},
    {"CORSCredentials true", "'true'", "off or on"},
    {"CORSCredentials", "", "off or on"},
    {"CORSMaxAge 25h", "'25h'", "at most 24h"},
    {"CORSMaxAge", "", "10m"},
    {"SecurityHeaders yes", "'yes'", "off or on"},
    {"SecurityHeaders on frame=ALLOW", "'ALLOW'", "DENY, SAMEORIGIN or off"},
};

static bool is_of(const char *text, const char *directive)
{
    size_t size = strlen(directive);

    return strncmp(text, directive, size) == 0 &&
           (!text[size] || text[size] == ' ');
}

START_TEST(mistake_is_told_with_value_and_remedy)
{
    const char *text = wrong_lines[_i].text;
    const char *wrong = unit_say(unit_line(root), text);

    ck_assert_msg(wrong != NULL, "%s is taken", text);
    ck_assert_msg(strstr(wrong, wrong_lines[_i].value) &&
                      strstr(wrong, wrong_lines[_i].remedy),
                  "%s: %s", text, wrong);
    /* None of the secrets that were in reach. */
    ck_assert_msg(!strstr(wrong, SECRET) && !strstr(wrong, SHORT) &&
                      !strstr(wrong, unit_repeat("s", 40)) &&
                      !strstr(wrong, "my-plain-key") &&
                      !strstr(wrong, "-----") && !strstr(wrong, "MII"),
                  "%s: %s", text, wrong);
}
END_TEST

START_TEST(each_directive_has_a_mistake_here)
{
    int mistakes = 0;

    for (size_t i = 0; i < UNIT_COUNT(wrong_lines); i++)
        mistakes += is_of(wrong_lines[i].text, directives[_i].name);
    ck_assert_msg(mistakes >= 2, "%s: %d", directives[_i].name, mistakes);
    ck_assert_str_ne(directives[_i].effect, "");
}
END_TEST

/* Two that do not go together. */
static const struct {
    const char *first, *second;
    const char *wrong; /* NULL: they do */
} pairs[] = {
    {"AuthScheme basic", "AuthScheme bearer-jwt", "already"},
    {"AuthScheme none", "RequireScope a", "AuthScheme none (line 1)"},
    {"RequireRole a", "AuthScheme none", "RequireRole (line 1)"},
    {"RequireClaim a b", "AuthScheme none", "RequireClaim (line 1)"},
    {"RequirePermission a", "AuthScheme none", "RequirePermission (line 1)"},
    {"AuthScheme none", "APIOperation GET /{a} owner=path:a",
     "AuthScheme none (line 1)"},
    {UNIT_MATCH, "RequireOwner path:user_id bypass=a,b hide", NULL},
    {UNIT_MATCH, "RequireOwner query:owner_of", NULL},
    {UNIT_MATCH, "APIOperation GET owner=path:user_id", NULL},
    {UNIT_MATCH, "APIOperation GET /x/{a} owner=path:a", "it has user_id"},
    {UNIT_MATCH, "RequireOwner path:id", "'path:id': the path has no part"},
    {UNIT_MATCH, "RequireOwner path:user_id bypass=", "bypass=''"},
    {UNIT_MATCH, "RequireOwner path:user_id bypass=a bypass=b", "twice"},
    {UNIT_MATCH, "RequireOwner path:user_id nohide", "'nohide'"},
    {UNIT_MATCH, "RequireOwner none hide", "'none'"},
    {"^/unit/[0-9]+$", "RequireOwner query:owner_of", "named groups"},
    {"^/unit/(?<a>", "RequireOwner path:a", "named groups"},
    {"AuthScheme none", "RequireAddress 10.0.0.0/8", NULL},
    {"AuthScheme none", "RequireScope none", NULL},
    {"RequireScope a", "RequireScope b", NULL},
    {"RequireScope none", "RequireScope b", NULL},
    {"AuthTokenSource header", "AuthTokenSource cookie:a", "already"},
    {"AuthTokenKey HS256 env:JWT_SECRET_KEY kid=a",
     "AuthTokenKey HS256 env:JWT_SECRET_KEY kid=a", "kid=a: "},
    {"AuthTokenKey HS256 env:JWT_SECRET_KEY kid=a",
     "AuthTokenKey HS256 env:JWT_SECRET_KEY kid=b", NULL},
    {"AuthTokenKeySet file:conf/issuer.jwks",
     "AuthTokenKeySet file:conf/issuer.jwks", "kid 'r'"},
    {"AuthTokenAudience a", "AuthTokenAudience b", "already"},
    {"AuthTokenType a", "AuthTokenType a", "already"},
    {"AuthTokenLeeway 1", "AuthTokenLeeway 1", "already"},
    {"AuthTokenClaims user=a", "AuthTokenClaims roles=b", NULL},
    {"AuthTokenClaims user=a", "AuthTokenClaims user=b", "already"},
    {"AuthAPIKeys file:conf/api-keys", "AuthAPIKeys file:conf/api-keys",
     "already"},
    {"AuthPasswords file", "AuthPasswords dbm", "already"},
    {"AuthRequireTLS on", "AuthRequireTLS on", "already"},
    {"AuthAmbiguousPath allow", "AuthAmbiguousPath refuse", "already"},
    {"AuthReportOnly on", "AuthReportOnly off", "already"},
    {"AuthErrorFormat problem", "AuthErrorFormat problem", "already"},
    {"AuthIdentityHeaders X-", "AuthIdentityHeaders off", "already"},
    {"AuthStripCredentials on", "AuthStripCredentials off", "already"},
    {"SecurityHeaders on", "SecurityHeaders off", "already"},
    {"CORSOrigin *", "CORSOrigin none", "already"},
    {"CORSOrigin *", "CORSCredentials on", "CORSOrigin * (unit.conf:1)"},
    {"CORSCredentials on", "CORSOrigin *", "CORSOrigin * (unit.conf:2)"},
    {"CORSCredentials on", "CORSOrigin https://a.example", NULL},
    {"CORSCredentials off", "CORSOrigin *", NULL},
};

START_TEST(two_lines_of_one_section_are_compared)
{
    fa_line *line = unit_line(root);
    const char *wrong = unit_say(line, pairs[_i].first);

    ck_assert_msg(!wrong, "%s: %s", pairs[_i].first, wrong);
    wrong = unit_say(line, pairs[_i].second);
    if (!pairs[_i].wrong)
        ck_assert_msg(!wrong, "%s: %s", pairs[_i].second, wrong);
    else
        ck_assert_msg(wrong && strstr(wrong, pairs[_i].wrong), "%s: %s",
                      pairs[_i].second, wrong ? wrong : "taken");
}
END_TEST

static const char *const none_lines[] = {
    "RequireScope none",   "RequireRole none",       "RequireClaim none",
    "RequireAddress none", "RequirePermission none", "RequireOwner none"};

START_TEST(none_cannot_stand_for_some_requests_only)
{
    fa_line *line = unit_line(root);
    const char *wrong;

    line->methods = 1 << 2;
    wrong = unit_say(line, none_lines[_i]);
    ck_assert_msg(wrong && strstr(wrong, "<Limit>"), "%s", wrong);
    line->methods = -1;
    line->conditional = true;
    wrong = unit_say(line, none_lines[_i]);
    ck_assert_msg(wrong && strstr(wrong, "<If>"), "%s", wrong);
    ck_assert_ptr_null(line->policy->demands);
    line->conditional = false;
    ck_assert_ptr_null(unit_say(line, none_lines[_i]));
}
END_TEST

START_TEST(demand_remembers_methods_and_line)
{
    fa_line *line = unit_line(root);
    const fa_demand *demand;

    line->methods = 1 << 3;
    ck_assert_ptr_null(unit_say(line, "RequireClaim tenant acme \"x y\""));
    demand = fa_demands_find(line->policy->demands, ~0u);
    ck_assert_int_eq(demand->methods, 1 << 3);
    ck_assert_str_eq(demand->claim, "tenant");
    ck_assert_int_eq(demand->values->nelts, 2);
    ck_assert_str_eq(APR_ARRAY_IDX(demand->values, 0, const char *), "acme");
    ck_assert_str_eq(APR_ARRAY_IDX(demand->values, 1, const char *), "x y");
    ck_assert_int_eq(demand->section.line, 1);
}
END_TEST

/* What an AuthToken... line of a virtual host does to the main server's. */
START_TEST(virtual_host_replaces_as_a_whole)
{
    fa_line *main_line = unit_line(root), *host = unit_line(root);
    fa_server *merged;

    unit_say(main_line, "AuthTokenKey HS256 env:JWT_SECRET_KEY");
    unit_say(main_line, "AuthAPIKeys file:conf/api-keys");
    unit_say(host, "AuthTokenLeeway 10s");
    unit_say(host, "AuthAmbiguousPath allow");
    merged = fa_server_merge(unit_pool, main_line->server, host->server);
    ck_assert_ptr_eq(merged->trust, host->server->trust);
    ck_assert_int_eq(merged->trust->own->keys->keys->nelts, 0);
    ck_assert_ptr_eq(merged->api_keys, main_line->server->api_keys);
    ck_assert(*merged->allow_ambiguous_path);

    host->server->trust = NULL;
    merged = fa_server_merge(unit_pool, main_line->server, host->server);
    ck_assert_ptr_eq(merged->trust, main_line->server->trust);
}
END_TEST

int main(void)
{
    TCase *parse = unit_case("parse");

    unit_make_keys();
    tcase_add_checked_fixture(parse, make_root, remove_root);
    tcase_add_loop_test(parse, example_of_each_directive_is_right, 0,
                        UNIT_ROWS(directives));
    tcase_add_loop_test(parse, right_line_is_taken, 0, UNIT_ROWS(right));
    tcase_add_test(parse, words_over_64_all_count);
    tcase_add_test(parse, secret_is_read_without_its_line_end);
    tcase_add_test(parse, path_may_be_absolute);
    tcase_add_test(parse, what_a_set_leaves_out_is_remarked);
    tcase_add_loop_test(parse, mistake_is_told_with_value_and_remedy, 0,
                        UNIT_ROWS(wrong_lines));
    tcase_add_loop_test(parse, each_directive_has_a_mistake_here, 0,
                        UNIT_ROWS(directives));
    tcase_add_loop_test(parse, two_lines_of_one_section_are_compared, 0,
                        UNIT_ROWS(pairs));
    tcase_add_loop_test(parse, none_cannot_stand_for_some_requests_only, 0,
                        UNIT_ROWS(none_lines));
    tcase_add_test(parse, demand_remembers_methods_and_line);
    tcase_add_test(parse, virtual_host_replaces_as_a_whole);
    return unit_run("t_parse", parse, NULL);
}
