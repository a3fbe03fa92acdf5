/* The document says what is enforced, in the same bytes at every start.
 * Tests of fa_openapi. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_openapi.h"

/* The document of one operation: its section's directives, and the server's, a
 * line feed between them. */
static fa_document *document_of(const char *lines)
{
    fa_document *document = apr_pcalloc(unit_pool, sizeof *document);
    apr_array_header_t *all =
        apr_array_make(unit_pool, 4, sizeof(fa_documented));
    fa_documented *one = apr_array_push(all);
    fa_line *line = unit_line("/");
    char *rest = apr_pstrdup(unit_pool, lines), *text;

    while ((text = apr_strtok(rest, "\n", &rest)) != NULL) {
        const char *wrong = unit_say(line, text);

        ck_assert_msg(!wrong, "%s: %s", text, wrong);
    }
    *one = (fa_documented){.path = "/x",
                           .sample = "/x",
                           .method = FA_GET,
                           .policy = line->policy,
                           .id = "x"};
    document->server = line->server;
    document->operations = all;
    document->base = "http://localhost";
    return document;
}

static fa_documented *first_of(const fa_document *document)
{
    return &APR_ARRAY_IDX(document->operations, 0, fa_documented);
}

static json_t *parsed(const fa_document *document)
{
    const char *text = fa_openapi(unit_pool, document, false);
    json_t *json;

    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text + strlen(text) - 1, "\n");
    json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json != NULL, "%s", text);
    return json;
}

/* What stands at `a b c` of a document, its members as they are written; ""
 * where there is nothing. */
static const char *at(const fa_document *document, const char *place)
{
    json_t *json = parsed(document);
    const json_t *found = json;
    char *rest = apr_pstrdup(unit_pool, place), *name;
    const char *text = "";

    while ((name = apr_strtok(rest, " ", &rest)) != NULL)
        found = json_is_array(found)
                    ? json_array_get(found, strtoul(name, NULL, 10))
                    : json_object_get(found, name);
    if (found) {
        char *dumped = json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY);

        text = apr_pstrdup(unit_pool, dumped);
        free(dumped);
    }
    json_decref(json);
    return text;
}

/* The names of an object's members. */
static const char *names_at(const fa_document *document, const char *place)
{
    json_t *json = json_loads(at(document, place), 0, NULL);
    const char *text = "", *name;
    json_t *value;

    json_object_foreach(json, name, value) text =
        apr_pstrcat(unit_pool, text, *text ? " " : "", name, NULL);
    json_decref(json);
    return text;
}

#define OP       "paths /x get "
#define SCHEMES  "components securitySchemes "
#define TOKEN    "AuthScheme bearer-jwt\n"
#define OAUTH    "AuthScheme oauth2\n"
#define KEY      "AuthScheme api-key-header\nRateLimit none\n"
#define BASIC    "AuthScheme basic\nAuthPasswords file\nRateLimit none\n"
#define TWO_WAYS "AuthScheme bearer-jwt api-key-header\nRateLimit none\n"

static const struct {
    const char *lines, *place, *expected;
} rows[] = {
    /* the head */
    {"", "openapi", "\"3.1.0\""},
    {"", "info", "{\"title\":\"API\",\"version\":\"0.0.0\"}"},
    {"APITitle \"O <\xc3\xa9>\"\nAPIVersion 2\nAPIDescription \"It's *it*\"",
     "info",
     "{\"title\":\"O <\xc3\xa9>\",\"version\":\"2\",\"description\":"
     "\"It's *it*\"}"},
    {"", "servers", "[{\"url\":\"/\"}]"},
    {"APIServer https://a.example/v1 Here\nAPIServer https://b.example",
     "servers",
     "[{\"url\":\"https://a.example/v1\",\"description\":\"Here\"},"
     "{\"url\":\"https://b.example\"}]"},
    {"", "tags", ""},
    {"APITag b Bee\nAPITag a", "tags",
     "[{\"name\":\"b\",\"description\":\"Bee\"},{\"name\":\"a\"}]"},
    {"", "components", ""},
    /* an operation */
    {"", OP,
     "{\"summary\":\"GET /x\",\"operationId\":\"x\",\"responses\":{\"2XX\":"
     "{\"description\":\"What the handler answers.\"},\"4XX\":"
     "{\"description\":\"What the handler refuses by itself.\"}},"
     "\"security\":[]}"},
    {"", OP "description", ""},
    {TOKEN "RequireRole a b\nRateLimit 5/1m", OP "description",
     "\"One of these roles: a, b. At most 5 requests in 1 minute for each "
     "address.\""},
    /* CommonMark would make two stars vanish. */
    {TOKEN "RequireScope posts:* a_b <i>", OP "description",
     "\"All of these scopes: posts:\\\\*, a_b, \\\\<i>.\""},
    /* security: one of several ways */
    {"AuthScheme none", OP "security", "[]"},
    {TOKEN, OP "security", "[{\"bearer-jwt\":[]}]"},
    {"AuthScheme basic api-key-query bearer-jwt\nAuthPasswords file",
     OP "security",
     "[{\"basic\":[]},{\"api-key-query-api_key\":[]},{\"bearer-jwt\":[]}]"},
    {TOKEN "AuthTokenSource cookie:t header", OP "security",
     "[{\"bearer-jwt-cookie-t\":[]},{\"bearer-jwt\":[]}]"},
    {"AuthScheme bearer-jwt optional", OP "security",
     "[{\"bearer-jwt\":[]},{}]"},
    /* Who is asked for a scope is not anonymous. */
    {"AuthScheme bearer-jwt optional\nRequireClaim a b", OP "security",
     "[{\"bearer-jwt\":[]}]"},
    {"AuthScheme bearer-jwt optional\nRequireAddress ::1", OP "security",
     "[{\"bearer-jwt\":[]},{}]"},
    /* scopes on oauth2 alone */
    {"AuthScheme oauth2 bearer-jwt\nRequireScope b a\nRequireScope a c",
     OP "security", "[{\"oauth2\":[\"b\",\"a\",\"c\"]},{\"bearer-jwt\":[]}]"},
    {OAUTH "AuthTokenSource query:q\nRequireScope a", OP "security",
     "[{\"oauth2-query-q\":[]}]"},
    /* roles on others: any of a line, all lines */
    {TOKEN "RequireRole a", OP "security", "[{\"bearer-jwt\":[\"a\"]}]"},
    {TOKEN "RequireRole a b", OP "security",
     "[{\"bearer-jwt\":[\"a\"]},{\"bearer-jwt\":[\"b\"]}]"},
    {TOKEN "RequireRole a b\nRequireRole c", OP "security",
     "[{\"bearer-jwt\":[\"a\",\"c\"]},{\"bearer-jwt\":[\"b\",\"c\"]}]"},
    {TOKEN "RequireRole a b\nRequireRole c d", OP "security",
     "[{\"bearer-jwt\":[\"a\",\"c\"]},{\"bearer-jwt\":[\"a\",\"d\"]},"
     "{\"bearer-jwt\":[\"b\",\"c\"]},{\"bearer-jwt\":[\"b\",\"d\"]}]"},
    {TOKEN "RequireRole a\nRequireRole b a", OP "security",
     "[{\"bearer-jwt\":[\"a\"]}]"},
    {TOKEN "RequireRole a b\nRequireRole b a", OP "security",
     "[{\"bearer-jwt\":[\"a\"]},{\"bearer-jwt\":[\"b\"]}]"},
    {TOKEN "RequireRole a a", OP "security", "[{\"bearer-jwt\":[\"a\"]}]"},
    {OAUTH "RequireRole a b", OP "security", "[{\"oauth2\":[]}]"},
    {"AuthScheme oauth2 bearer-jwt\nRequireRole a b c d e f g", OP "security 7",
     "{\"bearer-jwt\":[\"g\"]}"},
    /* up to eight in all */
    {"AuthScheme oauth2 bearer-jwt\nRequireRole a b c d e f g h", OP "security",
     "[{\"oauth2\":[]},{\"bearer-jwt\":[]}]"},
    {TOKEN "RequireRole a b c d e f g h i", OP "security",
     "[{\"bearer-jwt\":[]}]"},
    {TOKEN "RequireRole a b c d e f g h i", OP "description",
     "\"One of these roles: a, b, c, d, e, f, g, h, i.\""},
    {TWO_WAYS "RequireRole a b c d e", OP "security",
     "[{\"bearer-jwt\":[]},{\"api-key-header-X-API-Key\":[]}]"},
    /* A way that cannot bring what is demanded is none. */
    {"AuthScheme basic bearer-jwt\nAuthPasswords file\nRequireScope a",
     OP "security", "[{\"bearer-jwt\":[]}]"},
    {TWO_WAYS "RequireClaim a b", OP "security", "[{\"bearer-jwt\":[]}]"},
    {BASIC "RequireRole a", OP "security", "[{\"basic\":[\"a\"]}]"},
    {BASIC "RequireRole a", OP "responses 2XX", ""},
    /* securitySchemes */
    {TOKEN, SCHEMES,
     "{\"bearer-jwt\":{\"type\":\"http\",\"scheme\":\"bearer\","
     "\"bearerFormat\":\"JWT\",\"description\":\"A signed JSON Web Token in "
     "the Authorization header.\"}}"},
    {BASIC, SCHEMES "basic",
     "{\"type\":\"http\",\"scheme\":\"basic\",\"description\":\"A user's name "
     "and password in the Authorization header.\"}"},
    {KEY, SCHEMES "api-key-header-X-API-Key",
     "{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-API-Key\","
     "\"description\":\"An API key in the header X-API-Key.\"}"},
    {"AuthScheme api-key-query:k", SCHEMES "api-key-query-k",
     "{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"k\",\"description\":"
     "\"An API key in the query parameter k.\"}"},
    {"AuthScheme api-key-cookie:k", SCHEMES "api-key-cookie-k",
     "{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"k\",\"description\":"
     "\"An API key in the cookie k.\"}"},
    {OAUTH "AuthTokenSource cookie:t", SCHEMES "oauth2-cookie-t",
     "{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"t\",\"description\":"
     "\"An access token of OAuth 2.0 in the cookie t.\"}"},
    {OAUTH, SCHEMES "oauth2",
     "{\"type\":\"oauth2\",\"flows\":{},\"description\":\"An access token of "
     "OAuth 2.0 in the Authorization header.\"}"},
    {OAUTH
     "RequireScope b a\n"
     "APIOAuth2 flow=clientCredentials token=https://t refresh=https://r\n"
     "APIOAuth2 flow=authorizationCode authorization=https://a "
     "token=https://t",
     SCHEMES "oauth2 flows",
     "{\"clientCredentials\":{\"tokenUrl\":\"https://t\",\"refreshUrl\":"
     "\"https://r\",\"scopes\":{\"b\":\"\",\"a\":\"\"}},"
     "\"authorizationCode\":{\"authorizationUrl\":\"https://a\",\"tokenUrl\":"
     "\"https://t\",\"scopes\":{\"b\":\"\",\"a\":\"\"}}}"},
    /* responses */
    {TOKEN, OP "responses 401",
     "{\"description\":\"Authentication is required. The credential is not "
     "valid. The credential has expired.\",\"headers\":{\"WWW-Authenticate\":"
     "{\"$ref\":\"#/components/headers/WWW-Authenticate\"}},\"content\":"
     "{\"application/problem+json\":{\"schema\":{\"$ref\":"
     "\"#/components/schemas/Problem\"}}}}"},
    {TOKEN "AuthErrorFormat fastopenapi", OP "responses 401 content",
     "{\"application/json\":{\"schema\":{\"$ref\":"
     "\"#/components/schemas/FastOpenAPIError\"}}}"},
    {TOKEN "AuthErrorFormat httpd", OP "responses 401 content",
     "{\"text/html\":{\"schema\":{\"type\":\"string\"}}}"},
    {TOKEN, OP "responses 400 headers",
     "{\"WWW-Authenticate\":{\"$ref\":"
     "\"#/components/headers/WWW-Authenticate\"}}"},
    {KEY, OP "responses 400 headers", ""},
    {TOKEN "RequireScope a", OP "responses 403 headers",
     "{\"WWW-Authenticate\":{\"description\":\"To a caller whose bearer token "
     "lacks a scope: which scopes are required.\",\"schema\":{\"type\":"
     "\"string\"}}}"},
    {KEY "RequireScope a", OP "responses 403 headers", ""},
    {TOKEN "RequireRole a", OP "responses 403 headers", ""},
    {KEY, OP "responses 503 headers",
     "{\"Retry-After\":{\"$ref\":\"#/components/headers/Retry-After\"}}"},
    {"RateLimit 1/1m", OP "responses 2XX headers",
     "{\"RateLimit\":{\"$ref\":\"#/components/headers/RateLimit\"},"
     "\"RateLimit-Policy\":{\"$ref\":"
     "\"#/components/headers/RateLimit-Policy\"}}"},
    /* A throttle of failures is told of to those who fail. */
    {"AuthScheme api-key-header", OP "responses 2XX headers", ""},
};

START_TEST(document_says)
{
    const fa_document *document = document_of(rows[_i].lines);

    ck_assert_str_eq(at(document, rows[_i].place), rows[_i].expected);
}
END_TEST

static const struct {
    const char *lines, *place, *names;
} lists[] = {
    {TOKEN "RateLimit 5/1m", "", "openapi info servers paths components"},
    {TOKEN "RateLimit 5/1m\nAPITag a", "components",
     "schemas headers securitySchemes"},
    {TOKEN "RateLimit 5/1m", OP,
     "summary description operationId responses security"},
    {TOKEN "RequireRole a\nRateLimit 5/1m", OP "responses",
     "2XX 400 401 403 429 503"},
    {TOKEN, OP "responses", "2XX 400 401"},
    {TOKEN "AuthTokenSource cookie:t", OP "responses", "2XX 401"},
    {BASIC, OP "responses", "2XX 400 401 503"},
    {"RateLimit 5/1m", OP "responses", "2XX 429 503"},
    {"RateLimit 5/1m\nRateLimitStatus 403", OP "responses", "2XX 403 503"},
    {"RateLimit 5/1m\nRateLimitStatus 403", OP "responses 403 headers",
     "Retry-After RateLimit RateLimit-Policy"},
    {"RateLimit 5/1m", OP "responses 429 headers",
     "Retry-After RateLimit RateLimit-Policy"},
    {"RequireAddress ::1", OP "responses", "2XX 403"},
    /* only what is referred to */
    {"AuthRequireTLS on", "components", "schemas"},
    {"AuthRequireTLS on\nAuthErrorFormat httpd", "components", ""},
    {TOKEN "AuthErrorFormat fastopenapi", "components schemas",
     "FastOpenAPIError"},
    {TOKEN, "components schemas", "Problem"},
    {TOKEN, "components headers", "WWW-Authenticate"},
    {KEY "RateLimit 5/1m", "components headers",
     "WWW-Authenticate Retry-After RateLimit RateLimit-Policy"},
};

START_TEST(members_are_in_their_order)
{
    ck_assert_str_eq(names_at(document_of(lists[_i].lines), lists[_i].place),
                     lists[_i].names);
}
END_TEST

START_TEST(nothing_is_enforced_in_report_only)
{
    const fa_document *document =
        document_of("AuthReportOnly on\nAuthScheme bearer-jwt api-key-header\n"
                    "RequireScope a\nRateLimit 5/1m");

    ck_assert_str_eq(names_at(document, OP "responses"), "2XX 4XX");
    ck_assert_str_eq(at(document, OP "security"), "[]");
    ck_assert_str_eq(at(document, SCHEMES), "");
    ck_assert_ptr_nonnull(
        strstr(at(document, OP "description"),
               "Nothing of this is enforced: AuthReportOnly is on. The scope "
               "a. Callers identify themselves by one of: bearer-jwt, "
               "api-key-header-X-API-Key. At most 5 requests"));
}
END_TEST

START_TEST(operation_says_what_was_said_of_it)
{
    const fa_document *document = document_of("");
    apr_array_header_t *tags = apr_array_make(unit_pool, 2, sizeof(char *));
    apr_array_header_t *all =
        apr_array_make(unit_pool, 2, sizeof(fa_parameter));
    const fa_operation said = {.summary = "\"R\" <b>\xe2\x82\xac</b> \\",
                               .tags = tags,
                               .deprecated = true};

    APR_ARRAY_PUSH(tags, const char *) = "b\"<\xc3\xa9";
    APR_ARRAY_PUSH(tags, const char *) = "a";
    APR_ARRAY_PUSH(all, fa_parameter) = (fa_parameter){"id", "^[0-9]+$", "7"};
    APR_ARRAY_PUSH(all, fa_parameter) = (fa_parameter){"name", NULL, NULL};
    first_of(document)->said = &said;
    first_of(document)->parameters = all;
    first_of(document)->path = "/a b/{id}/{name}";
    ck_assert_str_eq(names_at(document, "paths"), "/a%20b/{id}/{name}");
    ck_assert_str_eq(
        names_at(document, "paths /a%20b/{id}/{name} get"),
        "tags summary operationId parameters responses deprecated security");
    first_of(document)->path = "/x";
    ck_assert_str_eq(at(document, OP "tags"), "[\"b\\\"<\xc3\xa9\",\"a\"]");
    ck_assert_str_eq(at(document, OP "summary"),
                     "\"\\\"R\\\" <b>\xe2\x82\xac</b> \\\\\"");
    ck_assert_str_eq(at(document, OP "deprecated"), "true");
    ck_assert_str_eq(
        at(document, OP "parameters"),
        "[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":"
        "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"},\"example\":\"7\"},"
        "{\"name\":\"name\",\"in\":\"path\",\"required\":true,\"schema\":"
        "{\"type\":\"string\"}}]");
}
END_TEST

START_TEST(handler_of_ours_is_documented)
{
    static const struct {
        fa_endpoint endpoint;
        const char *responses, *types, *schema;
    } ours[] = {
        {FA_ENDPOINT_OPENAPI, "200 304 412", "application/json",
         "{\"type\":\"object\"}"},
        {FA_ENDPOINT_DOCS, "200 304 412", "text/html", ""},
        {FA_ENDPOINT_STATUS, "200 400", "application/json text/html text/plain",
         "{\"$ref\":\"#/components/schemas/Status\"}"},
    };

    for (size_t i = 0; i < UNIT_COUNT(ours); i++) {
        const fa_document *document = document_of("");

        first_of(document)->endpoint = ours[i].endpoint;
        ck_assert_str_eq(names_at(document, OP "responses"), ours[i].responses);
        ck_assert_str_eq(names_at(document, OP "responses 200 content"),
                         ours[i].types);
        ck_assert_str_eq(
            at(document, OP "responses 200 content application/json schema"),
            ours[i].schema);
    }
}
END_TEST

/* The format that an unknown one is refused beside. */
START_TEST(status_names_its_formats)
{
    const fa_document *document = document_of(TOKEN);

    first_of(document)->endpoint = FA_ENDPOINT_STATUS;
    ck_assert_str_eq(at(document, OP "parameters 0 schema enum"),
                     "[\"page\",\"json\",\"prometheus\"]");
    ck_assert_str_eq(names_at(document, OP "responses 400 content"),
                     "text/html application/problem+json");
    ck_assert_str_eq(names_at(document, "components schemas Status properties"),
                     "since decisions report_only sections limits store "
                     "password_cache security_log");
}
END_TEST

START_TEST(methods_of_a_path_are_in_their_order)
{
    const fa_document *document = document_of(OAUTH "RequireScope a");
    static const fa_method methods[] = {FA_PATCH, FA_DELETE, FA_OPTIONS,
                                        FA_POST, FA_PUT};
    const fa_documented get = *first_of(document);
    const fa_document *other = document_of(OAUTH "RequireScope b a");

    for (size_t i = 0; i < UNIT_COUNT(methods); i++) {
        fa_documented one = get;

        one.method = methods[i];
        one.policy = first_of(other)->policy;
        APR_ARRAY_PUSH((apr_array_header_t *)document->operations,
                       fa_documented) = one;
    }
    APR_ARRAY_PUSH((apr_array_header_t *)document->operations, fa_documented) =
        (fa_documented){.path = "/y", .policy = get.policy, .id = "y"};
    ck_assert_str_eq(names_at(document, "paths"), "/x /y");
    ck_assert_str_eq(names_at(document, "paths /x"),
                     "get put post delete options patch");
    ck_assert_str_eq(at(document, "paths /x patch security"),
                     "[{\"oauth2\":[\"b\",\"a\"]}]");
    ck_assert_str_eq(names_at(document, SCHEMES), "oauth2");
}
END_TEST

/* All of it, and nothing that is a secret's (A101). */
#define EVERYTHING                                                     \
    "AuthScheme bearer-jwt oauth2 basic api-key-header api-key-query " \
    "api-key-cookie:c optional\nAuthPasswords file dbm cache=7777s\n"  \
    "AuthTokenSource header cookie:t query:q\nAuthRequireTLS on\n"     \
    "AuthTokenKey HS256 env:UNIT_SECRET kid=unit-kid\n"                \
    "AuthIdentityHeaders X-Unit-\nRequireScope a b\nRequireRole r s\n" \
    "RequireClaim sub unit-alice\nRateLimit 5/1m name=unit by=user\n"  \
    "APIOAuth2 flow=password token=https://t\nAPITag t T\nAPITitle T"

static const fa_document *everything(void)
{
    ck_assert_int_eq(
        setenv("UNIT_SECRET", "unit-secret-of-more-than-32-bytes-0", 1), 0);
    return document_of(EVERYTHING);
}

START_TEST(nothing_secret_is_said)
{
    static const char *const secrets[] = {
        "unit-secret", "UNIT_SECRET", "unit-kid", "unit-alice",
        "X-Unit",      "dbm",         "7777",     "unit.conf"};
    const char *text = fa_openapi(unit_pool, everything(), true);

    ck_assert_ptr_nonnull(strstr(text, "A certain sub."));
    for (size_t i = 0; i < UNIT_COUNT(secrets); i++)
        ck_assert_msg(!strstr(text, secrets[i]), "%s", secrets[i]);
}
END_TEST

/* json_object_seed cannot be changed: what differs is where all of it lies. */
START_TEST(two_starts_give_the_same_bytes)
{
    const char *one = fa_openapi(unit_pool, everything(), _i);
    const char *two = fa_openapi(unit_pool, everything(), _i);

    ck_assert_str_eq(one, two);
    ck_assert((strchr(one, '\n')[1] != '\0') == (_i == 1));
}
END_TEST

/* --- memory --------------------------------------------------------------- */

static long failing, counted;

static void *allocate(size_t size)
{
    return failing > 0 && ++counted == failing ? NULL : malloc(size);
}

START_TEST(document_is_whole_or_none)
{
    const fa_document *document = everything();
    const char *whole;
    int written = 0;

    first_of(document)->endpoint = FA_ENDPOINT_STATUS;
    whole = fa_openapi(unit_pool, document, false);
    json_set_alloc_funcs(allocate, free);
    for (failing = 1;; failing++) {
        const char *text;

        counted = 0;
        text = fa_openapi(unit_pool, document, false);
        if (text)
            ck_assert_msg(strcmp(text, whole) == 0, "%ld", failing);
        written += text != NULL;
        if (counted < failing)
            break;
    }
    json_set_alloc_funcs(malloc, free);
    ck_assert_int_gt(failing, 100);
    ck_assert_int_ge(written, 1);
    failing = 0;
}
END_TEST

int main(void)
{
    TCase *tables = unit_case("tables"), *whole = unit_case("whole");

    tcase_add_loop_test(tables, document_says, 0, UNIT_ROWS(rows));
    tcase_add_loop_test(tables, members_are_in_their_order, 0,
                        UNIT_ROWS(lists));
    tcase_add_test(tables, nothing_is_enforced_in_report_only);
    tcase_add_test(tables, operation_says_what_was_said_of_it);
    tcase_add_test(tables, handler_of_ours_is_documented);
    tcase_add_test(tables, status_names_its_formats);
    tcase_add_test(tables, methods_of_a_path_are_in_their_order);
    tcase_add_test(whole, nothing_secret_is_said);
    tcase_add_loop_test(whole, two_starts_give_the_same_bytes, 0, 2);
    tcase_add_test(whole, document_is_whole_or_none);
    return unit_run("t_openapi", tables, whole, NULL);
}
