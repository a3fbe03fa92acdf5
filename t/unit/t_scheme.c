/* AuthScheme is read, and told again.
 * Tests of fa_scheme. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_scheme.h"
#include "fa_text.h"

static const fa_section here = {"Location", "/api", "httpd.conf", 7};

static const char *parse(const char *text, const fa_schemes **schemes)
{
    return fa_schemes_parse(unit_pool, fa_text_words(unit_pool, text), &here,
                            schemes);
}

static const struct {
    const char *text;
    const char *again; /* NULL: the same text */
} good[] = {
    {"bearer-jwt", NULL},
    {"oauth2", NULL},
    {"basic", NULL},
    {"none", NULL},
    {"bearer-jwt oauth2 basic", NULL},
    {"bearer-jwt optional", NULL},
    {"optional bearer-jwt", "bearer-jwt optional"},
    {"api-key-header", "api-key-header:X-API-Key"},
    {"api-key-query", "api-key-query:api_key"},
    {"api-key-header:X-Key api-key-query:key api-key-cookie:sid", NULL},
    {"api-key-header:X-A api-key-header:X-B", NULL},
    {"api-key-query:key api-key-query:Key", NULL},
    {"api-key-cookie:key api-key-cookie:Key", NULL},
};

START_TEST(schemes_are_told_as_written)
{
    const fa_schemes *schemes = NULL;
    const char *wrong = parse(good[_i].text, &schemes);

    ck_assert_msg(!wrong, "%s", wrong);
    ck_assert_str_eq(fa_schemes_text(unit_pool, schemes),
                     good[_i].again ? good[_i].again : good[_i].text);
    ck_assert_int_eq(schemes->optional,
                     strstr(good[_i].text, "optional") != NULL);
    ck_assert_int_eq(fa_schemes_in_force(schemes),
                     strcmp(good[_i].text, "none") != 0);
    ck_assert_int_eq(schemes->section.line, 7);
}
END_TEST

static const struct {
    const char *text;
    const char *wrong;
} bad[] = {
    {"bearer", "'bearer' is none of bearer-jwt"},
    {"Bearer-JWT", "'Bearer-JWT' is none of bearer-jwt"},
    {"bearer-jwt,basic", "'bearer-jwt,basic' is none of"},
    {"session", "'session' is none of"},
    {"mutual-tls", "'mutual-tls' is none of"},
    {"digest", "'digest' is none of"},
    {":x", "':x' is none of"},
    {"none none", "none stands alone"},
    {"none basic", "none stands alone"},
    {"basic none", "none stands alone"},
    {"optional none", "none stands alone"},
    {"optional", "optional stands beside a scheme"},
    {"basic basic", "'basic' stands there twice"},
    {"api-key-header api-key-header:x-api-key",
     "'api-key-header:x-api-key' stands there twice"},
    {"api-key-query api-key-query:api_key", "stands there twice"},
    {"api-key-cookie", "'api-key-cookie': api-key-cookie needs :NAME"},
    {"basic:x", "'basic:x': basic takes no name"},
    {"bearer-jwt:", "'bearer-jwt:': bearer-jwt takes no name"},
    {"api-key-header:", "is no token"},
    {"api-key-query:", "is no token"},
    {"api-key-cookie:a=b", "'api-key-cookie:a=b': the name is no token"},
    {"api-key-cookie:a;b", "is no token"},
    {"api-key-header:X:Y", "is no token"},
    {"api-key-header:X\tY", "is no token"},
    {"api-key-header:\"X\"", "is no token"},
    {"api-key-query:a&b", "'api-key-query:a&b': a query would escape"},
    {"api-key-query:a%62", "would escape"},
    {"api-key-query:a+b", "would escape"},
    {"api-key-query:a#b", "would escape"},
    {"api-key-header:Authorization", "another meaning"},
    {"api-key-header:cookie", "another meaning"},
    {"api-key-header:HOST", "another meaning"},
    {"api-key-header:Transfer-Encoding", "another meaning"},
};

START_TEST(mistake_is_told_by_name)
{
    const fa_schemes *schemes = NULL;
    const char *wrong = parse(bad[_i].text, &schemes);

    ck_assert_msg(wrong && strstr(wrong, bad[_i].wrong), "%s: %s", bad[_i].text,
                  wrong);
    ck_assert_ptr_null(schemes);
}
END_TEST

START_TEST(nothing_said_is_not_in_force)
{
    ck_assert(!fa_schemes_in_force(NULL));
    ck_assert_ptr_null(fa_schemes_find(NULL, FA_BASIC));
    ck_assert_ptr_null(fa_schemes_bearer(NULL));
    ck_assert_str_eq(fa_schemes_text(unit_pool, NULL), "none");
}
END_TEST

START_TEST(first_of_a_kind_is_found)
{
    const fa_schemes *schemes = NULL;
    const fa_scheme *list;

    parse("basic api-key-header:A api-key-header:B oauth2 bearer-jwt",
          &schemes);
    list = (const fa_scheme *)(const void *)schemes->list->elts;
    ck_assert_ptr_eq(fa_schemes_find(schemes, FA_BASIC), &list[0]);
    ck_assert_ptr_eq(fa_schemes_find(schemes, FA_API_KEY_HEADER), &list[1]);
    ck_assert_ptr_eq(fa_schemes_find(schemes, FA_BEARER_JWT), &list[4]);
    ck_assert_ptr_null(fa_schemes_find(schemes, FA_API_KEY_COOKIE));
    ck_assert_ptr_eq(fa_schemes_bearer(schemes), &list[3]);
    parse("basic", &schemes);
    ck_assert_ptr_null(fa_schemes_bearer(schemes));
}
END_TEST

int main(void)
{
    TCase *scheme = unit_case("scheme");

    tcase_add_loop_test(scheme, schemes_are_told_as_written, 0,
                        UNIT_ROWS(good));
    tcase_add_loop_test(scheme, mistake_is_told_by_name, 0, UNIT_ROWS(bad));
    tcase_add_test(scheme, nothing_said_is_not_in_force);
    tcase_add_test(scheme, first_of_a_kind_is_found);
    return unit_run("t_scheme", scheme, NULL);
}
