/* No text becomes markup, no two texts one id, and the policy is the style's.
 * Tests of fa_html. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_html.h"

#include <apr_encode.h>

#include "fa_digest.h"
#include "fa_html.h"

static const struct {
    const char *text, *escaped, *id;
} texts[] = {
    {"", "", ""},
    {"plain", "plain", "plain"},
    {"<b>", "&lt;b&gt;", "~3Cb~3E"},
    {"\"'", "&quot;&#39;", "~22~27"},
    {"&amp;", "&amp;amp;", "~26amp~3B"},
    {"a b", "a b", "a~20b"},
    {"a~20b", "a~20b", "a~7E20b"},
    {"-._Az09", "-._Az09", "-._Az09"},
    {"\xc3\xa9", "\xc3\xa9", "~C3~A9"},
};

START_TEST(text_is_no_markup)
{
    ck_assert_str_eq(fa_html_escape(unit_pool, texts[_i].text),
                     texts[_i].escaped);
    ck_assert_str_eq(fa_html_id(unit_pool, texts[_i].text), texts[_i].id);
}
END_TEST

START_TEST(page_is_what_was_written)
{
    fa_html page = fa_html_create(unit_pool);
    const char *text;

    fa_html_begin(&page, "<T>", "i{}");
    fa_html_table(&page, "C", FA_HTML_HEADINGS("A", "B"));
    fa_html_say(&page, "<tr><th scope=\"row\">",
                fa_html_number(unit_pool, UINT64_MAX), "</th><td>1</td></tr>",
                NULL);
    fa_html_end_table(&page);
    fa_html_say(&page, "</body></html>", NULL);
    text = fa_html_text(unit_pool, &page);
    unit_check_html(text);
    ck_assert_ptr_nonnull(strstr(text, "<title>&lt;T&gt;</title>"));
    ck_assert_ptr_nonnull(strstr(text, "<html lang=\"en\">"));
    ck_assert_ptr_nonnull(strstr(unit_html_seen(text),
                                 "C\nAB\n\n18446744073709551615"
                                 "1"));
}
END_TEST

/* Else a browser shows the page without its style. */
START_TEST(policy_allows_exactly_the_style)
{
    fa_html page = fa_html_create(unit_pool);
    const char *policy = fa_html_policy(unit_pool, "i{}"), *from, *text;
    unsigned char digest[FA_DIGEST_SIZE];

    fa_html_begin(&page, "T", "i{}");
    text = fa_html_text(unit_pool, &page);
    from = strstr(text, "<style>") + strlen("<style>");
    ck_assert(
        fa_digest(from, (size_t)(strstr(from, "</style>") - from), digest));
    ck_assert_str_eq(
        policy,
        apr_pstrcat(unit_pool, "default-src 'none'; style-src 'sha256-",
                    apr_pencode_base64_binary(unit_pool, digest, sizeof digest,
                                              APR_ENCODE_NONE, NULL),
                    "'; base-uri 'none'; form-action 'none'; "
                    "frame-ancestors 'none'",
                    NULL));
    ck_assert_str_ne(policy, fa_html_policy(unit_pool, "i{a:b}"));
}
END_TEST

int main(void)
{
    TCase *html = unit_case("html");

    tcase_add_loop_test(html, text_is_no_markup, 0, UNIT_ROWS(texts));
    tcase_add_test(html, page_is_what_was_written);
    tcase_add_test(html, policy_allows_exactly_the_style);
    return unit_run("t_html", html, NULL);
}
