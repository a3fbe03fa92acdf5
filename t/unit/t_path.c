/* A path that two servers read differently is ambiguous, and no other.
 * Tests of fa_path. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <ctype.h>

#include "fa_path.h"

static const struct {
    const char *path;
    bool ambiguous;
} paths[] = {
    {"", false},
    {"/", false},
    {"/api/users/7", false},
    {"/api//users", false},
    {"/a%20b", false},
    {"/a%", false},
    {"/a%2", false},
    {"/100%25", false},
    {"/%252f", false}, /* what is left of it is no escape for httpd */
    {"/a.b/..c/.d", false},
    {"/a?b%2fc", true}, /* a `?` that was escaped */
    {"/a?b", false},
    {"/a%3f%2g", false},
    {"/q/adm%2fx", true},
    {"/q/adm%2Fx", true},
    {"/q/..%2fq/adm/x", true},
    {"/a%5cb", true},
    {"/a%5Cb", true},
    {"/%2e%2e/a", true},
    {"/%2E/a", true},
    {"/.%2e/a", true},
    {"/d/adm;x/y", true},
    {";", true},
    {"/a\\b", true},
    {"\\", true},
    {"/a%2f?b", true},
    {"/a%%2f", true},
    {"/a%2%2f", true},
};

START_TEST(path_is_ambiguous_by_what_it_holds)
{
    ck_assert_msg(fa_path_is_ambiguous(paths[_i].path) == paths[_i].ambiguous,
                  "%s", paths[_i].path);
}
END_TEST

/* The same, slowly. */
static bool slow(const char *path)
{
    char *lower = apr_pstrdup(unit_pool, path);

    for (char *at = lower; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return strstr(lower, "%2f") || strstr(lower, "%5c") ||
           strstr(lower, "%2e") || strchr(lower, ';') || strchr(lower, '\\');
}

START_TEST(every_short_path_is_read_as_it_stands)
{
    static const char alphabet[] = "/%2fFeE5cC;\\?.a";
    size_t count = sizeof alphabet - 1;
    size_t all = count * count * count * count;

    for (size_t i = 0; i < all; i++) {
        char path[] = {alphabet[i % count], alphabet[i / count % count],
                       alphabet[i / count / count % count],
                       alphabet[i / count / count / count], '\0'};

        ck_assert_msg(fa_path_is_ambiguous(path) == slow(path), "%s", path);
    }
}
END_TEST

static const struct {
    const char *path;
    bool dots, encoded;
} received[] = {
    {"", false, false},          {"/", false, false},
    {"/a/b", false, false},      {"/.", true, false},
    {"/..", true, false},        {"/a/./b", true, false},
    {"/a/../b", true, false},    {"/a/..", true, false},
    {"/...", false, false},      {"/.a/..b/c..", false, false},
    {"//", false, false},        {"/a%2fb", false, true},
    {"/%41", false, true},       {"/%aF", false, true},
    {"/%", false, false},        {"/%4", false, false},
    {"/%4g%g4%%", false, false}, {"/%%41", false, true},
    {"/%2e%2e/", false, true},
};

START_TEST(path_as_received_has_dots_or_escapes)
{
    const char *path = received[_i].path;

    ck_assert_msg(fa_path_has_dots(path) == received[_i].dots, "%s", path);
    ck_assert_msg(fa_path_is_encoded(path) == received[_i].encoded, "%s", path);
}
END_TEST

static const char *const files[] = {
    "paths/traversal_exotic_fuzzdb.json", "patt/deep_traversal.json",
    "patt/directory_traversal.json", "patt/dotdotpwn.json"};

START_TEST(published_traversals_are_read_as_they_stand)
{
    const json_t *cases = json_object_get(unit_corpus(files[_i]), "cases");
    size_t i, count = 0;
    const json_t *path;

    json_array_foreach(cases, i, path)
    {
        const char *text = json_string_value(path);

        if (!text)
            continue;
        ck_assert_msg(fa_path_is_ambiguous(text) == slow(text), "%s", text);
        count++;
    }
    ck_assert_uint_gt(count, 50);
}
END_TEST

int main(void)
{
    TCase *path = unit_case("path");

    tcase_add_loop_test(path, path_is_ambiguous_by_what_it_holds, 0,
                        UNIT_ROWS(paths));
    tcase_add_test(path, every_short_path_is_read_as_it_stands);
    tcase_add_loop_test(path, path_as_received_has_dots_or_escapes, 0,
                        UNIT_ROWS(received));
    if (unit_has_corpus())
        tcase_add_loop_test(path, published_traversals_are_read_as_they_stand,
                            0, UNIT_ROWS(files));
    else
        unit_skip("t_path", UNIT_CORPUS_ABSENT);
    return unit_run("t_path", path, NULL);
}
