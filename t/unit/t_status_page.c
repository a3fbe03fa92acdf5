/* Whatever the configuration holds, the page stays what it is; and each client
 * gets the format that it asks for. Tests of fa_status and fa_status_page. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_status.h"

#include <apr_encode.h>

#include "fa_digest.h"

/* --- the page ------------------------------------------------------------- */

/* Every tag is one of ours and is closed; every `&` begins an entity. */
static void check_page(const char *page)
{
    static const char *const empty[] = {"meta", "!DOCTYPE"};
    static const char ours[] =
        " html head meta title style body header main h1 p q time nav a table "
        "caption thead tbody tr th td code small !DOCTYPE ";
    const char *open[32];
    size_t depth = 0, sizes[32];

    for (const char *at = strpbrk(page, "<>&"); at; at = strpbrk(at, "<>&")) {
        const char *name = at + 1;
        bool closes = *name == '/', is_empty = false;
        size_t size;

        ck_assert_msg(*at != '>', "a > at %.40s", at);
        if (*at == '&') {
            ck_assert_msg(strncmp(at, "&amp;", 5) == 0 ||
                              strncmp(at, "&lt;", 4) == 0 ||
                              strncmp(at, "&gt;", 4) == 0 ||
                              strncmp(at, "&quot;", 6) == 0 ||
                              strncmp(at, "&#39;", 5) == 0,
                          "%.40s", at);
            at++;
            continue;
        }
        name += closes;
        size = strcspn(name, " >");
        ck_assert_msg(strstr(ours, apr_psprintf(unit_pool, " %.*s ", (int)size,
                                                name)) != NULL,
                      "%.40s", at);
        for (size_t i = 0; i < UNIT_COUNT(empty); i++)
            is_empty = is_empty || strncmp(name, empty[i], size) == 0;
        if (closes) {
            ck_assert_uint_gt(depth, 0);
            depth--;
            ck_assert_msg(sizes[depth] == size &&
                              strncmp(open[depth], name, size) == 0,
                          "%.40s closes another", at);
        }
        else if (!is_empty) {
            ck_assert_uint_lt(depth, UNIT_COUNT(open));
            open[depth] = name;
            sizes[depth++] = size;
        }
        at = strchr(at, '>');
        ck_assert_ptr_ne(at, NULL);
        at++;
    }
    ck_assert_uint_eq(depth, 0);
}

static size_t times(const char *text, const char *part)
{
    size_t found = 0;

    for (text = strstr(text, part); text; text = strstr(text + 1, part))
        found++;
    return found;
}

START_TEST(page_is_well_formed)
{
    const char *page = fa_status_page(unit_status(unit_hostile[_i]));

    check_page(page);
    ck_assert_uint_eq(times(page, "<script"), 0);
    ck_assert_uint_eq(times(page, "<html lang=\"en\">"), 1);
    ck_assert_uint_eq(times(page, "<table>"), 5);
    ck_assert_uint_eq(times(page, "<caption>"), 5);
    /* Each row and each column has its heading. */
    ck_assert_uint_eq(times(page, "<tr>"),
                      5 + times(page, "<tr><th scope=\"row\">"));
    ck_assert_uint_eq(times(page, "<th"),
                      times(page, "<th scope=\"") + times(page, "<thead>"));
    for (int i = 0; i < FA_VERDICT_COUNT; i++)
        ck_assert_ptr_ne(strstr(page, fa_verdict_row_of((fa_verdict)i)->word),
                         NULL);
}
END_TEST

/* Else a browser shows the page without its style. */
START_TEST(policy_allows_exactly_the_style)
{
    const char *page = fa_status_page(unit_status("/"));
    const char *style = strstr(page, "<style>") + 7;
    const char *policy = fa_status_page_policy(unit_pool);
    unsigned char digest[FA_DIGEST_SIZE];

    ck_assert(
        fa_digest(style, (size_t)(strstr(style, "</style>") - style), digest));
    ck_assert_str_eq(
        policy,
        apr_pstrcat(unit_pool, "default-src 'none'; style-src 'sha256-",
                    apr_pencode_base64_binary(unit_pool, digest, sizeof digest,
                                              APR_ENCODE_NONE, NULL),
                    "'; base-uri 'none'; form-action 'none'; "
                    "frame-ancestors 'none'",
                    NULL));
    ck_assert_uint_eq(times(page, "style="), 0);
    ck_assert_uint_eq(times(page, "<style"), 1);
}
END_TEST

START_TEST(nothing_counted_is_a_page_too)
{
    fa_status *status = fa_status_create(unit_pool);

    check_page(fa_status_page(status));
    fa_status_add_section(status, "main", NULL, 0, 1, 0);
    fa_status_add_limit(status, "main", NULL, 0, 1);
    check_page(fa_status_page(status));
}
END_TEST

/* --- the format ----------------------------------------------------------- */

static const struct {
    const char *query, *accept;
    fa_status_format format;
} choices[] = {
    {NULL, NULL, FA_STATUS_PAGE},
    {NULL, "", FA_STATUS_PAGE},
    {"format=page", "application/json", FA_STATUS_PAGE},
    {"format=json", NULL, FA_STATUS_JSON},
    {"format=prometheus", "text/html", FA_STATUS_PROMETHEUS},
    {"a=1&format=json&b", NULL, FA_STATUS_JSON},
    {"a&format=json&format=page", NULL, FA_STATUS_JSON},
    {"format=", NULL, FA_STATUS_UNKNOWN},
    {"format=xml", NULL, FA_STATUS_UNKNOWN},
    {"format=jsonx", NULL, FA_STATUS_UNKNOWN},
    {"format=JSON", NULL, FA_STATUS_UNKNOWN},
    {"xformat=json", NULL, FA_STATUS_PAGE},
    {"format", NULL, FA_STATUS_PAGE},
    {"&&", NULL, FA_STATUS_PAGE},
    {NULL, "application/json", FA_STATUS_JSON},
    {NULL, "APPLICATION/JSON", FA_STATUS_JSON},
    {NULL, "application/*", FA_STATUS_JSON},
    {NULL, "text/*", FA_STATUS_PAGE},
    {NULL, "*/*", FA_STATUS_PAGE},
    {NULL, "text/plain", FA_STATUS_PROMETHEUS},
    {NULL, "text/plain;version=0.0.4", FA_STATUS_PROMETHEUS},
    {NULL, "text/plain; version=0.0.4", FA_STATUS_PROMETHEUS},
    {NULL, "text/plain;version=1.0.0", FA_STATUS_PAGE},
    {NULL, "application/xml", FA_STATUS_PAGE},
    {NULL, "text/html;q=0.5, application/json", FA_STATUS_JSON},
    {NULL, "text/html;q=0.5, application/json;q=0.6", FA_STATUS_JSON},
    {NULL, "text/html;q=0.599,application/json;q=0.6", FA_STATUS_JSON},
    {NULL, "text/html, application/json", FA_STATUS_PAGE},
    {NULL, "*/*;q=0.1, application/json;q=0", FA_STATUS_PAGE},
    {NULL, "*/*, text/html;q=0", FA_STATUS_JSON},
    {NULL, "application/json;version=2", FA_STATUS_JSON},
    {NULL, ",;,;;q=,=,/,*", FA_STATUS_PAGE},
    {NULL, ";", FA_STATUS_PAGE},
    /* Firefox; Prometheus 2 and 3 */
    {NULL, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
     FA_STATUS_PAGE},
    {NULL,
     "application/openmetrics-text;version=1.0.0;q=0.5,"
     "application/openmetrics-text;version=0.0.1;q=0.4,"
     "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
     FA_STATUS_PROMETHEUS},
    {NULL,
     "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
     "application/openmetrics-text;version=0.0.1;q=0.5,"
     "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
     "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
     FA_STATUS_PROMETHEUS},
};

START_TEST(format_is_what_was_asked_for)
{
    ck_assert_int_eq(
        fa_status_choose(unit_pool, choices[_i].query, choices[_i].accept),
        choices[_i].format);
}
END_TEST

START_TEST(formats_have_their_types)
{
    ck_assert_str_eq(fa_status_type(FA_STATUS_PAGE),
                     "text/html; charset=utf-8");
    ck_assert_str_eq(fa_status_type(FA_STATUS_JSON), "application/json");
    ck_assert_str_eq(fa_status_type(FA_STATUS_PROMETHEUS),
                     "text/plain; version=0.0.4; charset=utf-8");
}
END_TEST

/* --- mod_status ----------------------------------------------------------- */

START_TEST(brief_is_lines_or_part_of_a_page)
{
    const fa_status *status = unit_status("<script>");
    const char *lines = fa_status_brief(status, FA_STATUS_LINES);
    const char *table = fa_status_brief(status, FA_STATUS_TABLE);
    const char *list = fa_status_brief(status, FA_STATUS_LIST);
    size_t count = FA_VERDICT_COUNT + 1 + 3 * FA_STORE_KINDS + 2;
    unsigned reported = 0;

    for (unsigned i = 0; i < FA_VERDICT_COUNT; i++)
        reported += 2000 + i;

    ck_assert_uint_eq(times(lines, "\n"), count);
    ck_assert_uint_eq(times(lines, "FastAuth-"), count);
    ck_assert_uint_eq(times(lines, ": "), count);
    ck_assert_ptr_ne(strstr(lines, "FastAuth-allowed: 1001\n"), NULL);
    ck_assert_ptr_ne(
        strstr(lines, apr_psprintf(unit_pool, "FastAuth-would-refuse: %u\n",
                                   reported)),
        NULL);
    ck_assert_uint_eq(times(table, "<tr>"), count);
    ck_assert_uint_eq(times(table, "</tr>"), count);
    ck_assert_uint_eq(times(list, "<dt>"), count);
    ck_assert_uint_eq(times(list, "</dd>"), count);
    ck_assert_uint_eq(times(table, "script") + times(list, "script"), 0);
}
END_TEST

int main(void)
{
    TCase *page = unit_case("page");

    tcase_add_loop_test(page, page_is_well_formed, 0, UNIT_HOSTILE);
    tcase_add_test(page, policy_allows_exactly_the_style);
    tcase_add_test(page, nothing_counted_is_a_page_too);
    tcase_add_loop_test(page, format_is_what_was_asked_for, 0,
                        UNIT_ROWS(choices));
    tcase_add_test(page, formats_have_their_types);
    tcase_add_test(page, brief_is_lines_or_part_of_a_page);
    return unit_run("t_status_page", page, NULL);
}
