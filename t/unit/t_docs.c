/* The page for people says what the document holds, in words, and holds nothing
 * else. Tests of fa_docs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_html.h"
#include "unit_policy.h"

#include <apr_encode.h>

#include "fa_digest.h"
#include "fa_docs.h"

/* --- documents ------------------------------------------------------------ */

static fa_document *document(void)
{
    fa_document *made = apr_pcalloc(unit_pool, sizeof *made);

    made->server = fa_server_create(unit_pool);
    made->operations = apr_array_make(unit_pool, 4, sizeof(fa_documented));
    made->base = "http://h:80";
    return made;
}

/* One more operation: GET of a path that is its own sample, its id behind it;
 * of directives, the last of which may be an APIOperation. */
static fa_documented *add(fa_document *to, const char *path,
                          const char *directives)
{
    apr_array_header_t *list = (apr_array_header_t *)to->operations;
    fa_documented *one = apr_array_push(list);
    const fa_policy *policy =
        *directives ? unit_policy(directives) : fa_policy_create(unit_pool);
    const fa_operation_set *set = fa_operations_own(policy->operations);

    *one = (fa_documented){
        .path = path,
        .sample = path,
        .method = FA_GET,
        .policy = fa_policy_for(unit_pool, policy, path, UNIT_GET),
        .said = set ? APR_ARRAY_IDX(set->list, 0, const fa_operation *) : NULL,
        .id = apr_psprintf(unit_pool, "id%d", list->nelts)};
    return one;
}

/* A document of one operation, as it is seen. */
static const char *seen_of(const char *directives)
{
    fa_document *one = document();

    add(one, "/a", directives);
    return unit_html_seen(fa_docs_page(unit_pool, one));
}

static void check_seen(const char *seen, const char *text)
{
    ck_assert_msg(strstr(seen, text) != NULL, "not seen: %s\nin: %s", text,
                  seen);
}

/* --- what is said --------------------------------------------------------- */

static const struct {
    const char *directives, *seen;
} words[] = {
    {"", "Credential\nNo credential is needed.\n"},
    {"", "Nothing here asks for a credential."},
    {"AuthScheme none", "Credential\nNo credential is needed.\n"},
    {"AuthScheme bearer-jwt",
     "Credential\nSend a bearer token in the header Authorization.\n"},
    {"AuthScheme bearer-jwt optional",
     "A credential is optional. Send a bearer token in the header "
     "Authorization.\n"},
    {"AuthScheme bearer-jwt optional\nRequireScope a",
     "Credential\nSend a bearer token in the header Authorization.\n"},
    {"AuthScheme oauth2 api-key-header",
     "Send one of: an OAuth 2.0 access token in the header Authorization, or "
     "an API key in the header X-API-Key.\n"},
    {"AuthScheme api-key-query:k api-key-cookie:c basic\nAuthPasswords file",
     "Send one of: an API key in the query parameter k, an API key in the "
     "cookie c, or a user name and password.\n"},
    {"AuthScheme bearer-jwt\nAuthTokenSource cookie:t query:q",
     "Send one of: a bearer token in the cookie t, or a bearer token in the "
     "query parameter q.\n"},
    {"AuthScheme bearer-jwt", "Bearer token in the header Authorization\nSend "
                              "it as the header Authorization: Bearer TOKEN."},
    {"AuthScheme api-key-header:X-K",
     "API key in the header X-K\nSend it as the header X-K: KEY."},
    {"AuthScheme api-key-cookie:c",
     "API key in the cookie c\nSend it as the cookie c=KEY."},
    {"AuthScheme api-key-query:k",
     "Send it percent-encoded in the URL, as ?k=KEY. URLs are kept in logs"},
    {"AuthScheme basic\nAuthPasswords file",
     "User name and password\nSend them with HTTP Basic authentication."},
    {"AuthScheme api-key-header",
     "Example request\ncurl -H \"X-API-Key: $API_KEY\" 'http://h:80/a'\n"},
    {"APIOperation GET summary=\"Read it\"", "GET /a Read it\n"},
    {"APIOperation GET", "GET /a\n"},
    {"APIOperation GET deprecated",
     "GET /a Deprecated\n\nDeprecated: it still"},
    {"APIOperation GET tag=T", "\nT\n\nGET /a\n"},
    {"", "\nOperations\n\nGET /a\n"},
};

START_TEST(operation_is_told_in_words)
{
    check_seen(seen_of(words[_i].directives), words[_i].seen);
}
END_TEST

/* What the document says elsewhere is said here too, all of it. */
START_TEST(needs_limits_and_answers_are_there)
{
    fa_document *one = document();
    const fa_documented *it =
        add(one, "/a",
            "AuthScheme bearer-jwt basic\nAuthPasswords file\n"
            "RequireRole r s\nRequireClaim c v\nRequireAddress 10.0.0.0/8\n"
            "AuthRequireTLS on\nRateLimit 7/1h by=user\nRateLimit 5/1m\n"
            "RequireScope a");
    const char *seen = unit_html_seen(fa_docs_page(unit_pool, one));
    apr_array_header_t *lists[] = {fa_document_needs(unit_pool, one, it),
                                   fa_document_limits(unit_pool, it)};
    apr_array_header_t *answers = fa_document_answers(unit_pool, it);

    ck_assert_int_ge(lists[0]->nelts, 5);
    ck_assert_int_ge(lists[1]->nelts, 4);
    for (size_t i = 0; i < UNIT_COUNT(lists); i++) {
        for (int j = 0; j < lists[i]->nelts; j++)
            check_seen(seen, APR_ARRAY_IDX(lists[i], j, const char *));
    }
    ck_assert_int_ge(answers->nelts, 5);
    for (int i = 0; i < answers->nelts; i++) {
        const fa_answer *answer = &APR_ARRAY_IDX(answers, i, fa_answer);

        check_seen(seen,
                   apr_psprintf(unit_pool, "%d%s%s%s\n", answer->status,
                                answer->description,
                                answer->media_type ? "Body: " : "",
                                answer->media_type ? answer->media_type : ""));
    }
}
END_TEST

START_TEST(what_is_not_enforced_is_said_first)
{
    const char *seen = seen_of("AuthScheme bearer-jwt\nAuthReportOnly on");
    const char *needed = strstr(seen, "Needed\n");

    ck_assert_ptr_nonnull(needed);
    ck_assert(needed < strstr(seen, "Credential\n"));
}
END_TEST

START_TEST(parameters_are_told)
{
    fa_document *one = document();
    fa_documented *it = add(one, "/a/{p}/b/{q}", "");
    fa_parameter list[] = {{"p", "^[0-9]+$", "7"}, {"q", NULL, NULL}};
    apr_array_header_t *parameters =
        apr_array_make(unit_pool, 2, sizeof(fa_parameter));
    const char *page;

    for (size_t i = 0; i < UNIT_COUNT(list); i++)
        APR_ARRAY_PUSH(parameters, fa_parameter) = list[i];
    it->parameters = parameters;
    page = fa_docs_page(unit_pool, one);
    check_seen(unit_html_seen(page), "p^[0-9]+$7\nqanynone\n");
    ck_assert_uint_eq(unit_times(page, "<var>{p}</var>/b/"), 2);
}
END_TEST

START_TEST(head_says_what_the_api_is)
{
    static const char oauth2[] =
        "APIOAuth2 flow=authorizationCode authorization=https://i.test/a "
        "token=https://i.test/t refresh=https://i.test/r";
    fa_line *line = unit_line("/");
    fa_document *one = document();
    const char *lines[] = {"APITitle \"My API\"", "APIVersion 3.1",
                           "APIServer https://a.test Test", oauth2};
    const char *page, *seen;

    for (size_t i = 0; i < UNIT_COUNT(lines); i++)
        ck_assert_ptr_null(unit_say(line, lines[i]));
    one->server = line->server;
    add(one, "/a", "AuthScheme oauth2");
    page = fa_docs_page(unit_pool, one);
    seen = unit_html_seen(page);
    check_seen(page, "<title>My API: API reference</title>");
    check_seen(seen, "My API\nVersion 3.1\n");
    check_seen(seen, "Servers\n\nhttps://a.test Test\n");
    check_seen(seen, "By the authorization code flow. Sign in at "
                     "https://i.test/a. Get the token at https://i.test/t. "
                     "Refresh it at https://i.test/r.");
    check_seen(unit_html_seen(fa_docs_page(unit_pool, document())),
               "API\nVersion 0.0.0\n");
}
END_TEST

static const struct {
    const char *text, *markup;
} descriptions[] = {
    {"", "</p>\n</header>"},
    {"one", "<p dir=\"auto\">one</p>\n</header>"},
    {"a\nb", "<p dir=\"auto\">a\nb</p>\n</header>"},
    {"a\n\nb\n", "<p dir=\"auto\">a</p>\n<p dir=\"auto\">b</p>\n</header>"},
    {"\r\n a \r\n\t\r\n\n\nb\x01\x1b[2J\x7f",
     "<p dir=\"auto\">a</p>\n<p dir=\"auto\">b[2J</p>\n</header>"},
    {"<p>\n\n&", "<p dir=\"auto\">&lt;p&gt;</p>\n<p dir=\"auto\">&amp;</p>"},
};

START_TEST(blank_lines_part_paragraphs)
{
    fa_document *one = document();
    fa_server server = {.api_description = descriptions[_i].text};

    one->server = &server;
    check_seen(fa_docs_page(unit_pool, one), descriptions[_i].markup);
}
END_TEST

/* --- order ---------------------------------------------------------------- */

START_TEST(tags_stand_in_their_order)
{
    fa_line *line = unit_line("/");
    fa_document *all = document();
    const char *page, *main, *last;
    /* APITag's order, then those that appear, then the rest. */
    const char *order[] = {
        "<h2 id=\"tag-B\"",     "/4", "<h2 id=\"tag-A\"",    "/1", "/5",
        "<h2 id=\"tag-Z~20z\"", "/3", "<h2 id=\"untagged\"", "/2"};

    ck_assert_ptr_null(unit_say(line, "APITag B \"Of B.\""));
    ck_assert_ptr_null(unit_say(line, "APITag none"));
    ck_assert_ptr_null(unit_say(line, "APITag A"));
    all->server = line->server;
    add(all, "/1", "APIOperation GET tag=A,B");
    add(all, "/2", "");
    add(all, "/3", "APIOperation GET \"tag=Z z\"");
    add(all, "/4", "APIOperation GET tag=B");
    add(all, "/5", "APIOperation GET tag=A");
    page = fa_docs_page(unit_pool, all);
    unit_check_html(page);
    last = main = strstr(page, "<main");
    for (size_t i = 0; i < UNIT_COUNT(order); i++) {
        const char *at = strstr(main, order[i]);

        ck_assert_msg(at > last, "%s", order[i]);
        last = at;
    }
    ck_assert_ptr_nonnull(strstr(page, "<p dir=\"auto\">Of B.</p>"));
    ck_assert_ptr_null(strstr(page, "tag-none"));
    check_seen(unit_html_seen(page), "Other operations");
    for (int i = 1; i <= 5; i++) {
        const char *id = apr_psprintf(unit_pool, "id=\"op-id%d\"", i);
        const char *link = apr_psprintf(unit_pool, "href=\"#op-id%d\"", i);

        ck_assert_uint_eq(unit_times(page, id), 1);
        ck_assert_uint_eq(unit_times(page, link), 1);
    }
}
END_TEST

/* A thousand must not be scrolled past. */
START_TEST(few_are_open)
{
    static const int counts[] = {1, 20, 21};
    fa_document *all = document();
    int count = counts[_i];
    const char *page;

    for (int i = 0; i < count; i++)
        add(all, apr_psprintf(unit_pool, "/%d", i), "");
    page = fa_docs_page(unit_pool, all);
    unit_check_html(page);
    ck_assert_uint_eq(unit_times(page, "<details open>"),
                      count <= 20 ? (size_t)count : 0);
    /* Those of the contents are closed, too. */
    ck_assert_uint_eq(unit_times(page, "<details>"),
                      count <= 20 ? 0 : (size_t)count + 1);
    ck_assert_uint_eq(unit_times(page, "21 operations"), count == 21);
}
END_TEST

START_TEST(bytes_are_the_same_each_time)
{
    const char *pages[2];

    for (size_t i = 0; i < 2; i++) {
        fa_document *one = document();

        add(one, "/a",
            "AuthScheme oauth2 basic\nAuthPasswords file\n"
            "RateLimit 5/1m\nAPIOperation GET tag=T scope=s");
        add(one, "/b", "");
        pages[i] = fa_docs_page(unit_pool, one);
    }
    ck_assert_ptr_ne(pages[0], pages[1]);
    ck_assert_str_eq(pages[0], pages[1]);
}
END_TEST

START_TEST(nothing_is_said_twice)
{
    fa_document *both = document();
    const char *page, *seen;

    add(both, "/a", "AuthScheme bearer-jwt\nAPIOperation GET");
    add(both, "/b", "AuthScheme bearer-jwt\nAPIOperation GET");
    page = fa_docs_page(unit_pool, both);
    unit_check_html(page);
    seen = unit_html_seen(page);
    ck_assert_uint_eq(unit_times(seen, "Send it as the header"), 1);
    /* In the contents, and as the heading: no summary repeats it. */
    ck_assert_uint_eq(unit_times(seen, "GET /a"), 2);
}
END_TEST

/* --- for everybody, and nothing from elsewhere ---------------------------- */

/* What else a page could have, unit_check_html knows. */
START_TEST(page_needs_nothing_else)
{
    static const char *const absent[] = {"@import", "url(", "href=\"?",
                                         "javascript:"};
    fa_document *one = document();
    const char *page;

    add(one, "/a", "AuthScheme basic\nAuthPasswords file");
    unit_check_html(page = fa_docs_page(unit_pool, one));
    for (size_t i = 0; i < UNIT_COUNT(absent); i++)
        ck_assert_msg(!strstr(page, absent[i]), "%s", absent[i]);
}
END_TEST

START_TEST(policy_allows_exactly_the_style)
{
    const char *page = fa_docs_page(unit_pool, document());
    const char *style = strstr(page, "<style>") + strlen("<style>");
    unsigned char digest[FA_DIGEST_SIZE];

    ck_assert(
        fa_digest(style, (size_t)(strstr(style, "</style>") - style), digest));
    check_seen(fa_docs_page_policy(unit_pool),
               apr_pencode_base64_binary(unit_pool, digest, sizeof digest,
                                         APR_ENCODE_NONE, NULL));
}
END_TEST

START_TEST(landmarks_and_headings_are_there)
{
    static const char *const once[] = {"<html lang=\"en\">",
                                       "<header>",
                                       "<h1 ",
                                       "<main id=\"main\"",
                                       "<nav aria-labelledby=\"contents\">",
                                       "<footer>",
                                       "<a class=\"skip\" href=\"#main\">",
                                       "<caption>Path parameters<",
                                       "<caption>Responses<",
                                       "<summary><h3>"};
    fa_document *one = document();
    fa_documented *it = add(one, "/{p}", "");
    apr_array_header_t *parameters =
        apr_array_make(unit_pool, 1, sizeof(fa_parameter));
    const char *page;

    APR_ARRAY_PUSH(parameters, fa_parameter) = (fa_parameter){"p", NULL, NULL};
    it->parameters = parameters;
    page = fa_docs_page(unit_pool, one);
    unit_check_html(page);
    for (size_t i = 0; i < UNIT_COUNT(once); i++)
        ck_assert_msg(unit_times(page, once[i]) == 1, "%s", once[i]);
    ck_assert_uint_eq(unit_times(page, "<th"),
                      unit_times(page, "<th scope=\"") +
                          unit_times(page, "<thead>"));
}
END_TEST

int main(void)
{
    TCase *docs = unit_case("docs");

    tcase_add_loop_test(docs, operation_is_told_in_words, 0, UNIT_ROWS(words));
    tcase_add_test(docs, needs_limits_and_answers_are_there);
    tcase_add_test(docs, what_is_not_enforced_is_said_first);
    tcase_add_test(docs, parameters_are_told);
    tcase_add_test(docs, head_says_what_the_api_is);
    tcase_add_loop_test(docs, blank_lines_part_paragraphs, 0,
                        UNIT_ROWS(descriptions));
    tcase_add_test(docs, tags_stand_in_their_order);
    tcase_add_loop_test(docs, few_are_open, 0, 3);
    tcase_add_test(docs, bytes_are_the_same_each_time);
    tcase_add_test(docs, nothing_is_said_twice);
    tcase_add_test(docs, page_needs_nothing_else);
    tcase_add_test(docs, policy_allows_exactly_the_style);
    tcase_add_test(docs, landmarks_and_headings_are_there);
    return unit_run("t_docs", docs, NULL);
}
