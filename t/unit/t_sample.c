/* A pattern's text tells a path that it matches, and how that is printed.
 * Tests of fa_sample. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_sample.h"

/* Each was proved against PCRE; `name=pattern e.g. example` for a parameter. */
static const struct {
    const char *pattern, *sample, *path, *parameters;
} patterns[] = {
    {"^/api/users$", "/api/users", "/api/users", ""},
    {"^/api/users", "/api/users", "/api/users", ""},
    {"^/api/users/?$", "/api/users", "/api/users", ""},
    {"^/api/users\\/?$", "/api/users", "/api/users", ""},
    {"^\\/api\\/users$", "/api/users", "/api/users", ""},
    {"^/$", "/", "/", ""},
    {"^/?$", "/", "/", ""},
    {"^/openapi\\.json$", "/openapi.json", "/openapi.json", ""},
    {"^/a\\-b\\_c$", "/a-b_c", "/a-b_c", ""},
    {"^/\xc3\xa9/x$", "/\xc3\xa9/x", "/\xc3\xa9/x", ""},
    {"^/\\x41\\x2f$", "/A/", "/A/", ""},
    /* named groups */
    {"^/api/users/(?<user_id>[0-9]+)$", "/api/users/1", "/api/users/{user_id}",
     "user_id=^[0-9]+$ e.g. 1;"},
    {"^/u/(?P<id>\\d+)/?$", "/u/1", "/u/{id}", "id=^\\d+$ e.g. 1;"},
    {"^/u/(?'id'[a-z]{2,4})$", "/u/aa", "/u/{id}", "id=^[a-z]{2,4}$ e.g. aa;"},
    {"^/f/(?<n>[^/]+)\\.json$", "/f/x.json", "/f/{n}.json", "n=- e.g. x;"},
    {"^/(?<y>\\d{4})-(?<m>\\d{2})$", "/1111-11", "/{y}-{m}",
     "y=^\\d{4}$ e.g. 1111;m=^\\d{2}$ e.g. 11;"},
    {"^/(?<id>[0-9]+|me)$", "/1", "/{id}", "id=^(?:[0-9]+|me)$ e.g. 1;"},
    {"^/(?<s>[a-z0-9]+(?:-[a-z0-9]+)*)$", "/1", "/{s}",
     "s=^[a-z0-9]+(?:-[a-z0-9]+)*$ e.g. 1;"},
    {"^/(?<id>x(y(z))?)$", "/x", "/{id}", "id=^x(y(z))?$ e.g. x;"},
    {"^/(?<id>[)(]+)\\)$", "/()", "/{id})", "id=^[)(]+$ e.g. (;"},
    {"^/(?<id>[\\w.-]+?)$", "/1", "/{id}", "id=^[\\w.-]+?$ e.g. 1;"},
    /* what JSON Schema's dialect reads otherwise, or says nothing */
    {"^/(?<id>.+)$", "/x", "/{id}", "id=- e.g. x;"},
    {"^/(?<id>.*?)/$", "/x/", "/{id}/", "id=- e.g. x;"},
    {"^/(?<id>[0-9]++)$", "/1", "/{id}", "id=- e.g. 1;"},
    {"^/(?<id>[[:digit:]])$", "/1", "/{id}", "id=- e.g. 1;"},
    {"^/(?<id>[]a])$", "/a", "/{id}", "id=- e.g. a;"},
    {"^/(?<id>[]a[b])$", "/a", "/{id}", "id=- e.g. a;"},
    {"^/(?<id>[[a])$", "/a", "/{id}", "id=- e.g. a;"},
    {"^/(?<id>[\\w-.])$", "/1", "/{id}", "id=- e.g. 1;"},
    {"^/(?<id>(?i)[a-z]+)$", "/a", "/{id}", "id=- e.g. a;"},
    {"^/(?<id>a\\-b)$", "/a-b", "/{id}", "id=- e.g. a-b;"},
    {"^/(?<id>a\\sb)$", "/a b", "/{id}", "id=- e.g. a b;"},
    {"^/(?<id>(?>ab))$", "/ab", "/{id}", "id=- e.g. ab;"},
    {"^/(?<id>a{2}{2})$", NULL, "/{id}", "id=- e.g. -;"},
    {"^/(?<id>\xc3\xa9)$", "/\xc3\xa9", "/{id}", "id=- e.g. \xc3\xa9;"},
    {"^/x(?<id>)$", "/x", "/x{id}", "id=^$ e.g. -;"},
    {"^/(?<id>(?=a)a)$", NULL, "/{id}", "id=- e.g. -;"},
    /* literals and named groups alone are printed */
    {"^/api/v\\d+/items", "/api/v1/items", NULL, NULL},
    {"^/a.b$", "/axb", NULL, NULL},
    {"^/(a|b)$", "/a", NULL, NULL},
    {"^/(?:a)$", "/a", NULL, NULL},
    {"^/(?<id>[0-9]+)?$", "/", NULL, NULL},
    {"^/(?<id>[0-9]+)/(?<id>[0-9]+)$", "/1/1", NULL, NULL},
    {"^/x?$", "/", NULL, NULL},
    {"^/+$", "/", NULL, NULL},
    {"/api", "/api", NULL, NULL},
    {"^/a$|^/b$", "/a", NULL, NULL},
    {"^/\\{id\\}$", "/{id}", NULL, NULL},
    {"(?i)^/API$", "/API", NULL, NULL},
    /* unanchored: a path starts with a slash */
    {"\\.php$", "/.php", NULL, NULL},
    {"api/", "/api/", NULL, NULL},
    {"^.*\\.php$", "/x.php", NULL, NULL},
    {"^[^.]+/x$", "/x/x", NULL, NULL},
    {"\\A.+", "/x", NULL, NULL},
    {"^[^/]+$", "x", NULL, NULL}, /* no path, but what a segment may be */
    {"^api$", "api", NULL, NULL},
    {"(^/a|b)", "/a", NULL, NULL},
    {"a|^/b", "/a", NULL, NULL},
    {"", "/", NULL, NULL},
    {"[/]+", "/", NULL, NULL},
    {"\\A/x\\z", "/x", NULL, NULL},
    {"\\A/x\\Z", "/x", NULL, NULL},
    {"^/\\bword\\b", "/word", NULL, NULL},
    /* alternatives and groups */
    {"\\.(gif|jpe?g|png)$", "/.gif", NULL, NULL},
    {"^/(?:admin|private)(?:/|$)", "/admin/", NULL, NULL},
    {"^/(admin|[a-z]+)(/.*)?$", "/admin", NULL, NULL},
    {"^(|/a)/b", "/b", NULL, NULL},
    {"^(?:/[^/]+){2,5}$", "/x/x", NULL, NULL},
    {"^/(?>ab)+c$", "/abc", NULL, NULL},
    {"^/([a-z]+/){2}end$", "/a/a/end", NULL, NULL},
    {"^/([a-z]+/)*end$", "/end", NULL, NULL},
    /* repetitions: the fewest, but one of a class */
    {"^/x*y+z?$", "/y", NULL, NULL},
    {"^/x*?y+?z??$", "/y", NULL, NULL},
    {"^/x*+y++z?+$", "/y", NULL, NULL},
    {"^/[a-z]*[0-9]?$", "/a1", NULL, NULL},
    {"^/[a-z]{0}b{0,3}c{2,}d{1}$", "/ccd", NULL, NULL},
    {"^/files/.*$", "/files/x", NULL, NULL},
    {"^/a/[/]?b$", "/a/b", NULL, NULL},
    /* classes */
    {"^/[a-f0-9]{4}-[A-F]$", "/1111-A", NULL, NULL},
    {"^/[02-9]$", "/2", NULL, NULL},
    {"^/[^/]$", "/x", NULL, NULL},
    {"^/[^x]$", "/1", NULL, NULL},
    {"^/[^x1]$", "/a", NULL, NULL},
    {"^/[^a-zA-Z0-9]$", "/-", NULL, NULL},
    {"^/[]a]$", "/a", NULL, NULL},
    {"^/[^]x]$", "/1", NULL, NULL},
    {"^/[\\]\\[]$", "/[", NULL, NULL},
    {"^/[-+]$", "/-", NULL, NULL},
    {"^/[+-]$", "/-", NULL, NULL},
    {"^/[%;\\\\]$", "/%", NULL, NULL},
    {"^/[\\x30-\\x39]$", "/1", NULL, NULL},
    {"^/[^\\n\\r]$", "/x", NULL, NULL},
    {"^/\\d\\w\\D\\W\\S$", "/11x-x", NULL, NULL},
    {"^/[\\d][\\W][^\\w-]$", "/1-~", NULL, NULL},
    {"^/[[:alpha:]][[:digit:]_]$", "/a1", NULL, NULL},
    {"^/[[:^alpha:]][^[:space:]]$", "/1x", NULL, NULL},
    {"^/[[:upper:]][[:punct:]]$", "/A-", NULL, NULL},
    {"^/[a:]$", "/a", NULL, NULL},
    /* (?i): what is not of a class is not in either case */
    {"(?i)^/[^a-z]$", "/1", NULL, NULL},
    {"(?i:^/)[^A-Z0-9]$", "/x", NULL, NULL},
    {"^/((?i)a)[^X]$", "/ax", NULL, NULL},
    {"^/(?i)a[^X]$", "/a1", NULL, NULL},
    {"(?is)^/a$", "/a", NULL, NULL},
};

START_TEST(pattern_has_a_sample)
{
    const char *sample = fa_sample_of(unit_pool, patterns[_i].pattern);

    ck_assert_msg(!sample == !patterns[_i].sample &&
                      (!sample || strcmp(sample, patterns[_i].sample) == 0),
                  "%s: %s", patterns[_i].pattern, sample ? sample : "-");
}
END_TEST

static const char *told(const apr_array_header_t *parameters)
{
    const char *text = "";

    for (int i = 0; i < parameters->nelts; i++) {
        const fa_parameter *one = &APR_ARRAY_IDX(parameters, i, fa_parameter);

        text = apr_psprintf(unit_pool, "%s%s=%s e.g. %s;", text, one->name,
                            one->pattern ? one->pattern : "-",
                            one->example ? one->example : "-");
    }
    return text;
}

START_TEST(pattern_is_printed)
{
    apr_array_header_t *parameters = NULL;
    const char *path =
        fa_sample_path(unit_pool, patterns[_i].pattern, &parameters);

    ck_assert_msg(!path == !patterns[_i].path &&
                      (!path || strcmp(path, patterns[_i].path) == 0),
                  "%s: %s", patterns[_i].pattern, path ? path : "-");
    ck_assert(!path == !parameters);
    if (path && patterns[_i].parameters)
        ck_assert_str_eq(told(parameters), patterns[_i].parameters);
}
END_TEST

/* Not understood, or no pattern at all. */
static const char *const others[] = {
    "^/(?!public)",
    "^/(?=x)x",
    "/(?<!a)b",
    "/(?<=a)b",
    "^/(a)\\1",
    "^/(?<a>b)\\k<a>",
    "^/\\Qa\\E",
    "^/\\pL",
    "^/\\Ka",
    "^/\\x",
    "^/\\x{41}",
    "(*UTF8)^/a",
    "(?x)^/ a",
    "(?#a)^/a",
    "^/(?P=a)",
    "^/(?P>a)",
    "^/(?R)",
    "^/(?1)",
    "^/(?<1a>b)",
    "^/{id}",
    "^/a{,3}",
    "^/a{1,2,3}",
    "^/a{3,2}",
    "^/a{0,65536}",
    "^/a{0,4294967297}",
    "^/a{99999999999999999999}",
    "^/a**",
    "^/a{2}{3}",
    "*",
    "^/(*)",
    "^/a|+",
    "^/a)",
    "^/[az-a]",
    "^/[a-\\d]",
    "^/[[:nothing:]]",
    "^/[[:d:]]",
    "^/[[.a.]]",
    "^/[[=a=]]",
    "^/[^\\x00-\\xff]", /* nothing is of it */
    "^/[\\x80-\\xff]",  /* no UTF-8 */
    "^/\xff",
    "^/[\xc3\xa9]",
    "^/[\\n]",
    "^/a\\nb",
    "^/a\\x00b",
};

START_TEST(what_is_not_understood_has_no_sample)
{
    ck_assert_msg(!fa_sample_of(unit_pool, others[_i]), "%s", others[_i]);
}
END_TEST

/* Cut at every byte, in a buffer of just its size: a sanitizer sees what reads
 * on. */
static const char *const whole[] = {
    "^/(?<user_id>[0-9]{2,3}?)/(?P<a>[[:^alpha:]]|x)(?'b'\\x41*)(?i:[^]\\d-])$",
    "(?i)^/[a-z\\]-]+\\/(?>a|b)(?:c{1000}){0,}\\Qa\\E",
};

START_TEST(pattern_that_is_cut_is_not_read_on)
{
    for (size_t size = 0; size <= strlen(whole[_i]); size++) {
        char *cut = malloc(size + 1);
        apr_array_header_t *parameters;

        ck_assert_ptr_nonnull(cut);
        memcpy(cut, whole[_i], size);
        cut[size] = '\0';
        fa_sample_of(unit_pool, cut);
        fa_sample_path(unit_pool, cut, &parameters);
        fa_sample_group(unit_pool, cut, "b");
        free(cut);
    }
}
END_TEST

static const char *const open[] = {
    "^/(",   "^/(a",   "^/(a|",   "^/(?",   "^/(?:",  "^/(?i",
    "^/(?<", "^/(?<n", "^/(?<n>", "^/(?'n", "^/(?P",  "^/(?P<",
    "^/[",   "^/[^",   "^/[]",    "^/[a",   "^/[a-",  "^/[[:",
    "^/[\\", "^/\\",   "^/a{",    "^/a{1",  "^/a{1,", "^/[[:alpha:]",
};

START_TEST(what_is_open_has_no_sample)
{
    apr_array_header_t *parameters = NULL;

    ck_assert_msg(!fa_sample_of(unit_pool, open[_i]), "%s", open[_i]);
    ck_assert_msg(!fa_sample_path(unit_pool, open[_i], &parameters), "%s",
                  open[_i]);
    ck_assert_ptr_null(parameters);
}
END_TEST

static const char *nested(size_t depth)
{
    return apr_pstrcat(unit_pool, "^/", unit_repeat("(", depth), "a",
                       unit_repeat(")", depth), NULL);
}

START_TEST(sample_is_bounded)
{
    static const char *const large[] = {
        "^/a{1024}$", "a{1024}$", "^/(a{1000}){1000}", "^/[a-z]{1000}[a-z]{24}",
        "^/(((b|a{900}){60000}){60000}){60000}"};

    ck_assert_uint_eq(strlen(fa_sample_of(unit_pool, "^/a{1023}$")), 1024);
    ck_assert_uint_eq(strlen(fa_sample_of(unit_pool, "a{1023}$")), 1024);
    ck_assert_str_eq(
        fa_sample_of(unit_pool, "^/(?:(?:(?:b{0}){60000}){60000}){60000}$"),
        "/");
    for (size_t i = 0; i < UNIT_COUNT(large); i++)
        ck_assert_msg(!fa_sample_of(unit_pool, large[i]), "%s", large[i]);
    ck_assert_ptr_nonnull(
        fa_sample_of(unit_pool, apr_pstrcat(unit_pool, "^/",
                                            unit_repeat("(a)", 100), NULL)));
    ck_assert_str_eq(fa_sample_of(unit_pool, nested(32)), "/a");
    ck_assert_ptr_null(fa_sample_of(unit_pool, nested(33)));
    ck_assert_ptr_null(fa_sample_of(unit_pool, nested(100000)));
}
END_TEST

static const struct {
    const char *pattern, *text;
} groups[] = {
    {"^/(?<id>[0-9]+)$", "[0-9]+"},
    {"^/(?P<id>a(b)c)$", "a(b)c"},
    {"^/(?'id'[)])$", "[)]"},
    {"^/(?<id>[])]+)$", "[])]+"},
    {"^/(?<id>[^])]+)$", "[^])]+"},
    {"^/(?<id>[[:alpha:])]+)$", "[[:alpha:])]+"},
    {"^/(?<id>[[:)])$", "[[:)]"},
    {"^/(?<id>\\))$", "\\)"},
    {"^/(?<id>\\Q)\\E)$", "\\Q)\\E"},
    {"^/(?<id>)$", ""},
    {"^/(?<x>(?<id>a)b)$", "a"},
    {"^/(?<idx>a)(?<i>b)(?<id>c)$", "c"},
    {"^/(?!x)(?<id>[a-z]++)\\1$", "[a-z]++"}, /* the rest is not understood */
    {"^/\\(?<id>a$", NULL},
    {"^/[(?<id>a)]$", NULL},
    {"^/\\Q(?<id>a)\\E$", NULL},
    {"^/(?<ID>a)$", NULL},
    {"^/(?<id>a", NULL},
    {"^/(?<id>[a)", NULL},
    {"^/(?<id", NULL},
    {"^/(?<id'a)", NULL},
    {"^/(id)", NULL},
    {"", NULL},
};

START_TEST(named_group_has_its_text)
{
    const char *text = fa_sample_group(unit_pool, groups[_i].pattern, "id");

    ck_assert_msg(!text == !groups[_i].text &&
                      (!text || strcmp(text, groups[_i].text) == 0),
                  "%s: %s", groups[_i].pattern, text ? text : "-");
}
END_TEST

START_TEST(parameter_without_a_pattern_is_any_segment)
{
    fa_parameter any = fa_sample_parameter(unit_pool, "id", NULL);

    ck_assert_str_eq(any.name, "id");
    ck_assert_ptr_null(any.pattern);
    ck_assert_ptr_null(any.example);
}
END_TEST

int main(void)
{
    TCase *sample = unit_case("sample");

    tcase_add_loop_test(sample, pattern_has_a_sample, 0, UNIT_ROWS(patterns));
    tcase_add_loop_test(sample, pattern_is_printed, 0, UNIT_ROWS(patterns));
    tcase_add_loop_test(sample, what_is_not_understood_has_no_sample, 0,
                        UNIT_ROWS(others));
    tcase_add_loop_test(sample, pattern_that_is_cut_is_not_read_on, 0,
                        UNIT_ROWS(whole));
    tcase_add_loop_test(sample, what_is_open_has_no_sample, 0, UNIT_ROWS(open));
    tcase_add_test(sample, sample_is_bounded);
    tcase_add_loop_test(sample, named_group_has_its_text, 0, UNIT_ROWS(groups));
    tcase_add_test(sample, parameter_without_a_pattern_is_any_segment);
    return unit_run("t_sample", sample, NULL);
}
