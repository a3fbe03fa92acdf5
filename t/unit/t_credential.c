/* One request, one credential, and that of a form.
 * Tests of fa_credential. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include <apr_encode.h>

#include "fa_credential.h"

typedef struct sent {
    const char *schemes;      /* of AuthScheme */
    const char *name, *value; /* a header; "?" is the query */
    fa_verdict verdict;
    fa_credential_kind kind;
    const char *secret; /* NULL: not looked at */
} sent;

static fa_verdict find(const char *policy, unit_server *server,
                       const char *query, fa_credential *found)
{
    fa_request *request = unit_request(server);
    const char *reason = NULL;
    fa_verdict verdict;

    request->query = query;
    memset(found, 0, sizeof *found);
    verdict = fa_credential_find(request, unit_policy(policy), found, &reason);
    ck_assert((reason == NULL) == (verdict == FA_ALLOWED));
    return verdict;
}

static void check(const sent *row)
{
    bool is_query = strcmp(row->name, "?") == 0;
    unit_server server = {.headers = {{row->name, row->value}}};
    fa_credential found;
    fa_verdict verdict =
        find(apr_pstrcat(unit_pool, "AuthScheme ", row->schemes, NULL), &server,
             is_query ? row->value : NULL, &found);

    ck_assert_msg(verdict == row->verdict, "%s, %s: %s -> %s", row->schemes,
                  row->name, row->value, fa_verdict_row_of(verdict)->word);
    if (verdict != FA_TWO_CREDENTIALS)
        ck_assert_msg(found.kind == row->kind, "%s: %s -> %d", row->name,
                      row->value, (int)found.kind);
    if (row->secret)
        ck_assert_str_eq(found.secret, row->secret);
    if (found.kind != FA_CREDENTIAL_NONE)
        ck_assert_ptr_nonnull(found.scheme);
}

#define AUTH        "Authorization"
#define NONE        FA_ALLOWED, FA_CREDENTIAL_NONE, NULL
#define EMPTY       FA_ALLOWED, FA_CREDENTIAL_EMPTY, NULL
#define TOKEN(text) FA_ALLOWED, FA_CREDENTIAL_TOKEN, text
#define KEY(text)   FA_ALLOWED, FA_CREDENTIAL_API_KEY, text
#define TWO         FA_TWO_CREDENTIALS, FA_CREDENTIAL_NONE, NULL
#define BAD(kind)   FA_BAD_CREDENTIAL, FA_CREDENTIAL_##kind, NULL

/* A28, A30, S3 to S6, S15. */
static const sent authorizations[] = {
    {"bearer-jwt", AUTH, "Bearer abc", TOKEN("abc")},
    {"oauth2", AUTH, "Bearer abc", TOKEN("abc")},
    {"bearer-jwt", AUTH, "bearer abc", TOKEN("abc")},
    {"bearer-jwt", AUTH, "BEARER abc", TOKEN("abc")},
    {"bearer-jwt", AUTH, "Bearer  abc", TOKEN("abc")},
    {"bearer-jwt", AUTH, "Bearer abc \t", TOKEN("abc")},
    {"bearer-jwt", AUTH, " Bearer abc", TOKEN("abc")},
    {"bearer-jwt", AUTH, "Bearer a b", TOKEN("a b")},
    {"bearer-jwt", AUTH, "Bearer a\tb", TOKEN("a\tb")},
    {"bearer-jwt", AUTH, "Bearer \tabc", TOKEN("\tabc")},
    {"bearer-jwt", AUTH, "Bearer", EMPTY},
    {"bearer-jwt", AUTH, "Bearer ", EMPTY},
    {"bearer-jwt", AUTH, "Bearer,", EMPTY},
    {"bearer-jwt", AUTH, "Bearer\tabc", EMPTY},
    {"bearer-jwt", AUTH, "", NONE},
    {"bearer-jwt", AUTH, " ", NONE},
    {"bearer-jwt", AUTH, "Token abc", NONE},
    {"bearer-jwt", AUTH, "Bearerabc", NONE},
    {"bearer-jwt", AUTH, "Bearer:abc", NONE},
    {"bearer-jwt", AUTH, "Beare abc", NONE},
    {"bearer-jwt", AUTH, "abc", NONE},
    {"bearer-jwt", AUTH, "Basic YTpi", NONE},
    {"bearer-jwt", AUTH, "Digest username=\"a\", realm=\"b\"", NONE},
    {"bearer-jwt", "X-Authorization", "Bearer abc", NONE},
    {"bearer-jwt", AUTH, "Bearer a, Bearer b", TWO},
    {"bearer-jwt", AUTH, "Bearer a,Bearer b", TWO},
    {"bearer-jwt", AUTH, "Bearer a, Bearer a", TWO},
    {"bearer-jwt", AUTH, "Bearer a, Basic YTpi", TWO},
    {"bearer-jwt", AUTH, "Basic YTpi, Bearer a", TWO},
    {"bearer-jwt", AUTH, "Token a, bearer b", TWO},
    {"bearer-jwt", AUTH, ", Bearer a", TWO},
    {"bearer-jwt", AUTH, "Bearer , Bearer a", TWO},
    {"bearer-jwt", AUTH, "Bearer a, b", TWO},
    {"bearer-jwt", AUTH, "Bearer a,", TOKEN("a,")},
    {"bearer-jwt basic", AUTH, "Basic YTpi, Bearer b", TWO},
    {"bearer-jwt basic", AUTH, "Bearer b", TOKEN("b")},
    {"api-key-header", AUTH, "Bearer abc", NONE},
    {"basic", AUTH, "Bearer abc", NONE},
};

START_TEST(authorization_holds_one_credential)
{
    check(&authorizations[_i]);
}
END_TEST

/* A48, A49, S21, S22. */
static const sent keys[] = {
    {"api-key-header", "X-API-Key", "k1", KEY("k1")},
    {"api-key-header", "x-api-key", "k1", KEY("k1")},
    {"api-key-header", "X-API-Key", "k1 ", KEY("k1 ")},
    {"api-key-header", "X-API-Key", "%00", KEY("%00")},
    {"api-key-header", "X-API-Key", "\xc3\xa4", KEY("\xc3\xa4")},
    {"api-key-header", "X-API-Key", "", EMPTY},
    {"api-key-header", "X-API-Key", "k1, k2", TWO},
    {"api-key-header", "X-API-Key", "k1,k1", TWO},
    {"api-key-header", "X-API-Key", ",", TWO},
    {"api-key-header", "X-API-Keys", "k1", NONE},
    {"api-key-header", "X_API_Key", "k1", NONE},
    {"api-key-header:X-Other", "X-API-Key", "k1", NONE},
    {"api-key-header:X-Other", "X-Other", "k1", KEY("k1")},
    {"api-key-query", "?", "api_key=k1", KEY("k1")},
    {"api-key-query", "?", "a=b&api_key=k1&c=d", KEY("k1")},
    {"api-key-query", "?", "api_key=k%31", KEY("k1")},
    {"api-key-query", "?", "api_key=k+1", KEY("k 1")},
    {"api-key-query", "?", "api_key=k1=", KEY("k1=")},
    {"api-key-query", "?", "api_key=k1;x=y", KEY("k1;x=y")},
    {"api-key-query", "?", "api_key=", EMPTY},
    {"api-key-query", "?", "api_key", EMPTY},
    {"api-key-query", "?", "api_key=k1&api_key=k1", TWO},
    {"api-key-query", "?", "api_key=k1&api_key=", TWO},
    {"api-key-query", "?", "api_key&api_key=k1", TWO},
    {"api-key-query", "?", "api_key[]=k1", NONE},
    {"api-key-query", "?", "API_KEY=k1", NONE},
    {"api-key-query", "?", "api%5Fkey=k1", NONE},
    {"api-key-query", "?", "api_keys=k1", NONE},
    {"api-key-query", "?", "my_api_key=k1", NONE},
    {"api-key-query", "?", " api_key=k1", NONE},
    {"api-key-query", "?", "a=b;api_key=k1", NONE},
    {"api-key-query", "?", "a=b?api_key=k1", NONE},
    {"api-key-query", "?", "a=b#api_key=k1", NONE},
    {"api-key-query", "?", "a=b%26api_key=k1", NONE},
    {"api-key-query", "?", "", NONE},
    {"api-key-query", "?", "&&", NONE},
    {"api-key-query", "?", "api_key=%00", BAD(API_KEY)},
    {"api-key-query", "?", "api_key=k%0", BAD(API_KEY)},
    {"api-key-query", "?", "api_key=k%zz", BAD(API_KEY)},
    {"api-key-query", "X-API-Key", "k1", NONE},
    {"api-key-cookie:sid", "Cookie", "sid=k1", KEY("k1")},
    {"api-key-cookie:sid", "Cookie", "a=b; sid=k1; c=d", KEY("k1")},
    {"api-key-cookie:sid", "Cookie", "a=b;sid=k1", KEY("k1")},
    {"api-key-cookie:sid", "Cookie", "sid=\"k1\"", KEY("\"k1\"")},
    {"api-key-cookie:sid", "Cookie", "sid=k%31", KEY("k%31")},
    {"api-key-cookie:sid", "Cookie", "sid=k1 ; a=b", KEY("k1")},
    {"api-key-cookie:sid", "Cookie", "sid=", EMPTY},
    {"api-key-cookie:sid", "Cookie", "sid", EMPTY},
    {"api-key-cookie:sid", "Cookie", "sid=k1; sid=k2", BAD(API_KEY)},
    {"api-key-cookie:sid", "Cookie", "SID=k1", NONE},
    {"api-key-cookie:sid", "Cookie", "asid=k1", NONE},
    {"api-key-cookie:sid", "Cookie", "a=\"; sid=k1\"", KEY("k1\"")},
    {"api-key-cookie:sid", "Cookie", "", NONE},
};

START_TEST(api_key_comes_from_its_place)
{
    check(&keys[_i]);
}
END_TEST

START_TEST(long_key_is_found_whole)
{
    const char *value = unit_repeat("k", 10240);
    sent long_key = {"api-key-header", "X-API-Key", value, KEY(value)};

    check(&long_key);
}
END_TEST

/* Where AuthTokenSource says that tokens come from. */
static const struct {
    const char *sources;
    sent row;
} sources[] = {
    {"header", {"", AUTH, "Bearer t", TOKEN("t")}},
    {"cookie:t", {"", AUTH, "Bearer t", NONE}},
    {"cookie:t", {"", "Cookie", "t=abc", TOKEN("abc")}},
    {"cookie:t", {"", "Cookie", "t=", EMPTY}},
    {"cookie:t", {"", "Cookie", "t=a; t=b", BAD(TOKEN)}},
    {"cookie:a cookie:b", {"", "Cookie", "b=2; a=1", TOKEN("1")}},
    {"cookie:a cookie:b", {"", "Cookie", "b=2", TOKEN("2")}},
    {"query:t", {"", "?", "t=abc", TOKEN("abc")}},
    {"query:t", {"", "?", "t=abc&t=abc", TWO}},
    {"query:t", {"", AUTH, "Bearer t", NONE}},
    {"header", {"", "?", "access_token=abc", NONE}},
    {"query:a query:b", {"", "?", "a=1&b=2", TWO}},
};

START_TEST(token_comes_from_its_sources)
{
    const sent *row = &sources[_i].row;
    bool is_query = strcmp(row->name, "?") == 0;
    unit_server server = {.headers = {{row->name, row->value}}};
    fa_credential found;
    fa_verdict verdict =
        find(apr_pstrcat(unit_pool, "AuthScheme bearer-jwt\nAuthTokenSource ",
                         sources[_i].sources, NULL),
             &server, is_query ? row->value : NULL, &found);

    ck_assert_int_eq(verdict, row->verdict);
    if (verdict != FA_TWO_CREDENTIALS)
        ck_assert_int_eq(found.kind, row->kind);
    if (row->secret)
        ck_assert_str_eq(found.secret, row->secret);
}
END_TEST

/* A33: what came at once, and who wins. */
static const struct {
    const char *schemes;
    const char *authorization, *key, *cookie, *query;
    fa_verdict verdict;
    fa_credential_kind kind;
    const char *secret;
} mixes[] = {
    {"bearer-jwt api-key-header", "Bearer a", "b", NULL, NULL, TWO},
    {"bearer-jwt api-key-header", "Bearer", "b", NULL, NULL, TWO},
    {"bearer-jwt api-key-header", "Bearer a", "", NULL, NULL, TWO},
    {"bearer-jwt", "Bearer a", "b", NULL, NULL, TOKEN("a")},
    {"api-key-header", "Bearer a", "b", NULL, NULL, KEY("b")},
    {"basic api-key-header", "Basic YTpi", "b", NULL, NULL, TWO},
    {"api-key-header api-key-query", NULL, "a", NULL, "api_key=a", TWO},
    {"bearer-jwt api-key-query", "Bearer a", NULL, NULL, "api_key=b", TWO},
    {"bearer-jwt api-key-cookie:sid", "Bearer a", NULL, "sid=b", NULL,
     TOKEN("a")},
    {"api-key-cookie:sid bearer-jwt", "Bearer a", NULL, "sid=b", NULL,
     TOKEN("a")},
    {"bearer-jwt api-key-cookie:sid", "Bearer", NULL, "sid=b", NULL, EMPTY},
    {"bearer-jwt api-key-cookie:sid", "Bearer a, Bearer b", NULL, "sid=b", NULL,
     TWO},
    {"bearer-jwt api-key-cookie:sid", "Token a", NULL, "sid=b", NULL, KEY("b")},
    {"basic api-key-cookie:sid", "Basic !", NULL, "sid=b", NULL, BAD(BASIC)},
    {"api-key-query api-key-cookie:sid", NULL, NULL, "sid=b", "api_key=%00",
     BAD(API_KEY)},
    {"api-key-cookie:a api-key-cookie:b", NULL, NULL, "b=2; a=1", NULL,
     KEY("1")},
    {"api-key-cookie:a api-key-cookie:b", NULL, NULL, "b=2; a=", NULL, EMPTY},
    {"api-key-cookie:b api-key-cookie:a", NULL, NULL, "b=2; a=1", NULL,
     KEY("2")},
};

START_TEST(two_explicit_credentials_are_refused_and_a_cookie_never_joins)
{
    unit_server server = {.headers = {{AUTH, mixes[_i].authorization},
                                      {"X-API-Key", mixes[_i].key},
                                      {"Cookie", mixes[_i].cookie}}};
    fa_credential found;
    fa_verdict verdict =
        find(apr_pstrcat(unit_pool, "AuthScheme ", mixes[_i].schemes, NULL),
             &server, mixes[_i].query, &found);

    ck_assert_int_eq(verdict, mixes[_i].verdict);
    if (verdict != FA_TWO_CREDENTIALS)
        ck_assert_int_eq(found.kind, mixes[_i].kind);
    if (mixes[_i].secret)
        ck_assert_str_eq(found.secret, mixes[_i].secret);
}
END_TEST

/* --- Basic ---------------------------------------------------------------- */

/* A44, S23. */
static const struct {
    const char *credentials;
    const char *user, *password; /* NULL: refused */
} basics[] = {
    {"QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame"},
    {"dGVzdDoxMjPCow==", "test", "123\xc2\xa3"}, /* RFC 7617 section 2.1 */
    {"YTpiOmM=", "a", "b:c"},
    {" YTpi", "a", "b"},
    {"YTpi ", "a", "b"},
    {"YTo6", "a", ":"},
    {"dGVzdDoxMjOj", NULL, NULL}, /* Latin-1 */
    {"YTpi!!", NULL, NULL},
    {"QWxh!!", NULL, NULL},
    {"Y!Tpi", NULL, NULL},
    {"YTpi\tYTpi", NULL, NULL},
    {"YTpi YTpi", NULL, NULL},
    {"YTpiOmM", NULL, NULL},  /* padding is missing */
    {"YTpiOmN=", NULL, NULL}, /* bits that are not zero */
    {"YTpi====", NULL, NULL},
    {"YTr-", NULL, NULL},     /* the URL's alphabet */
    {"YWI=", NULL, NULL},     /* no colon */
    {"OmI=", NULL, NULL},     /* no user */
    {"YTo=", NULL, NULL},     /* no password */
    {"Og==", NULL, NULL},     /* neither */
    {"YQA6Yg==", NULL, NULL}, /* a NUL in the user */
    {"YTpiAGM=", NULL, NULL}, /* a NUL in the password */
    {"YQo6Yg==", NULL, NULL}, /* a line feed in the user */
    {"YTpiDQo=", NULL, NULL}, /* CR LF behind the password */
    {"YX86Yg==", NULL, NULL}, /* DEL */
    {"YTrAgA==", NULL, NULL}, /* an overlong NUL */
    {"=", NULL, NULL},
    {"a:b", NULL, NULL},
};

static void check_basic(const char *credentials, const char *user,
                        const char *password)
{
    unit_server server = {.headers = {{AUTH, apr_pstrcat(unit_pool, "Basic ",
                                                         credentials, NULL)}}};
    fa_credential found;
    fa_verdict verdict = find("AuthScheme basic", &server, NULL, &found);

    ck_assert_msg(verdict == (user ? FA_ALLOWED : FA_BAD_CREDENTIAL), "%s",
                  credentials);
    ck_assert_int_eq(found.kind, FA_CREDENTIAL_BASIC);
    if (!user)
        return;
    ck_assert_str_eq(found.user, user);
    ck_assert_str_eq(found.secret, password);
}

START_TEST(basic_is_one_spelling_of_user_and_password)
{
    check_basic(basics[_i].credentials, basics[_i].user, basics[_i].password);
}
END_TEST

static const sent basic_forms[] = {
    {"basic", AUTH, "basic YTpi", FA_ALLOWED, FA_CREDENTIAL_BASIC, "b"},
    {"basic", AUTH, "BASIC YTpi", FA_ALLOWED, FA_CREDENTIAL_BASIC, "b"},
    {"basic", AUTH, "Basic", EMPTY},
    {"basic", AUTH, "Basic ", EMPTY},
    {"basic", AUTH, "Basic\tYTpi", EMPTY},
    {"basic", AUTH, "BasicYTpi", NONE},
    {"basic", AUTH, "Basic YTpi, Basic YTpi", TWO},
    {"basic", AUTH, "Basic YTpi,YTpi", TWO},
};

START_TEST(basic_stands_alone_in_its_header)
{
    check(&basic_forms[_i]);
}
END_TEST

START_TEST(user_of_256_bytes_is_none)
{
    for (size_t size = 255; size <= 256; size++) {
        const char *user = unit_repeat("u", size);
        const char *text = apr_pstrcat(unit_pool, user, ":p", NULL);
        size_t length = strlen(text);
        char *encoded = apr_pstrdup(
            unit_pool, apr_pencode_base64_binary(
                           unit_pool, (const unsigned char *)text,
                           (apr_ssize_t)length, APR_ENCODE_NONE, NULL));

        check_basic(encoded, size == 255 ? user : NULL, "p");
    }
}
END_TEST

/* What others published, in both directions. */
START_TEST(published_basic_vectors_are_read)
{
    const json_t *cases =
        json_object_get(unit_corpus("basic/basic_vectors.json"), "cases");
    size_t i, count = 0;
    const json_t *vector;

    json_array_foreach(cases, i, vector)
    {
        const char *password =
            json_string_value(json_object_get(vector, "password"));
        const char *header =
            json_string_value(json_object_get(vector, "header"));
        unit_server server = {.headers = {{AUTH, header}}};
        fa_credential found;
        fa_verdict verdict;

        if (!header)
            server.headers[0][1] = apr_pstrcat(unit_pool, "Basic ",
                                               unit_text(vector, "b64"), NULL);
        verdict = find("AuthScheme basic", &server, NULL, &found);
        count++;
        ck_assert_msg(verdict == (password ? FA_ALLOWED : FA_BAD_CREDENTIAL),
                      "%s", server.headers[0][1]);
        if (!password)
            continue;
        ck_assert_str_eq(found.user, unit_text(vector, "user"));
        ck_assert_str_eq(found.secret, password);
    }
    ck_assert_uint_gt(count, 3);
}
END_TEST

int main(void)
{
    TCase *credential = unit_case("credential");

    tcase_add_loop_test(credential, authorization_holds_one_credential, 0,
                        UNIT_ROWS(authorizations));
    tcase_add_loop_test(credential, api_key_comes_from_its_place, 0,
                        UNIT_ROWS(keys));
    tcase_add_test(credential, long_key_is_found_whole);
    tcase_add_loop_test(credential, token_comes_from_its_sources, 0,
                        UNIT_ROWS(sources));
    tcase_add_loop_test(
        credential,
        two_explicit_credentials_are_refused_and_a_cookie_never_joins, 0,
        UNIT_ROWS(mixes));
    tcase_add_loop_test(credential, basic_is_one_spelling_of_user_and_password,
                        0, UNIT_ROWS(basics));
    tcase_add_loop_test(credential, basic_stands_alone_in_its_header, 0,
                        UNIT_ROWS(basic_forms));
    tcase_add_test(credential, user_of_256_bytes_is_none);
    if (unit_has_corpus())
        tcase_add_test(credential, published_basic_vectors_are_read);
    else
        unit_skip("t_credential", UNIT_CORPUS_ABSENT);
    return unit_run("t_credential", credential, NULL);
}
