/* A name finds its own values, and takes out those alone.
 * Tests of fa_pairs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_pairs.h"

/* The name is "k" everywhere. */
static const struct {
    const char *query;
    int count;
    const char *first;
    const char *without;
} queries[] = {
    {"", 0, NULL, ""},
    {"k", 1, "", ""},
    {"k=", 1, "", ""},
    {"k=1", 1, "1", ""},
    {"k=1&k=2", 2, "1", ""},
    {"k&k=2", 2, "", ""},
    {"a=1&k=2&b=3", 1, "2", "a=1&b=3"},
    {"k=1&a=2", 1, "1", "a=2"},
    {"a=1&k=2", 1, "2", "a=1"},
    {"a=1&k", 1, "", "a=1"},
    {"k=1&a=2&k=3&b=4&k=5", 3, "1", "a=2&b=4"},
    {"kk=1&k1=2&k[]=3&K=4&%6b=5&a=k=6", 0, NULL,
     "kk=1&k1=2&k[]=3&K=4&%6b=5&a=k=6"},
    {"k=a=b", 1, "a=b", ""},
    {"k=1;a=2", 1, "1;a=2", ""},
    {"a;k=1", 0, NULL, "a;k=1"},
    {" k=1", 0, NULL, " k=1"},
    {"&", 0, NULL, "&"},
    {"&&k=1&&", 1, "1", "&&&"},
    {"a&&b&k=1", 1, "1", "a&&b"},
    {"a&k=1&", 1, "1", "a&"},
};

START_TEST(parameter_is_found_and_taken_out)
{
    const char *query = queries[_i].query, *value = NULL;

    ck_assert_int_eq(fa_query_find(unit_pool, query, "k", &value),
                     queries[_i].count);
    ck_assert_pstr_eq(value, queries[_i].first);
    ck_assert_str_eq(fa_query_without(unit_pool, query, "k"),
                     queries[_i].without);
}
END_TEST

static const struct {
    const char *cookies;
    int count;
    const char *first;
    const char *without;
} cookies[] = {
    {"", 0, NULL, ""},
    {"k=1", 1, "1", ""},
    {"k", 1, "", ""},
    {"k=", 1, "", ""},
    {" k=1 ", 1, "1", ""},
    {"a=1; k=2; b=3", 1, "2", "a=1; b=3"},
    {"k=1; a=2", 1, "1", "a=2"},
    {"a=1; k=2", 1, "2", "a=1"},
    {"a=1;k=2", 1, "2", "a=1"},
    {"k=1; k=2", 2, "1", ""},
    {"k=1;a=2;k=3;b=4", 2, "1", "a=2;b=4"},
    {"k=\"1\"", 1, "\"1\"", ""},
    {"k=a=b", 1, "a=b", ""},
    {"K=1; kk=2; k1=3; a=k=4", 0, NULL, "K=1; kk=2; k1=3; a=k=4"},
    {"a=1&k=2", 0, NULL, "a=1&k=2"},
    {"a=1, k=2", 0, NULL, "a=1, k=2"},
    {"a=1;\tk=2", 1, "2", "a=1"},
};

START_TEST(cookie_is_found_and_taken_out)
{
    const char *text = cookies[_i].cookies, *value = NULL;

    ck_assert_int_eq(fa_cookie_find(unit_pool, text, "k", &value),
                     cookies[_i].count);
    ck_assert_pstr_eq(value, cookies[_i].first);
    ck_assert_str_eq(fa_cookie_without(unit_pool, text, "k"),
                     cookies[_i].without);
}
END_TEST

START_TEST(what_is_taken_out_is_gone)
{
    static const char *const parts[] = {"k=1", "k", "a=2", "", "kk=3"};
    size_t count = UNIT_COUNT(parts);

    for (size_t i = 0; i < count * count * count; i++) {
        const char *query = apr_pstrcat(unit_pool, parts[i % count], "&",
                                        parts[i / count % count], "&",
                                        parts[i / count / count], NULL);
        const char *left = fa_query_without(unit_pool, query, "k"), *value;

        ck_assert_msg(fa_query_find(unit_pool, left, "k", &value) == 0,
                      "%s -> %s", query, left);
        ck_assert_str_eq(fa_query_without(unit_pool, left, "k"), left);
    }
}
END_TEST

static const struct {
    const char *name;
    bool is_name;
} names[] = {
    {"api_key", true}, {"access-token", true}, {"k", true},    {"", false},
    {"a b", false},    {"a&b", false},         {"a=b", false}, {"a%62", false},
    {"a+b", false},    {"a#b", false},         {"a[]", false},
};

START_TEST(name_in_a_query_needs_no_escape)
{
    ck_assert_int_eq(fa_query_is_name(names[_i].name), names[_i].is_name);
}
END_TEST

int main(void)
{
    TCase *pairs = unit_case("pairs");

    tcase_add_loop_test(pairs, parameter_is_found_and_taken_out, 0,
                        UNIT_ROWS(queries));
    tcase_add_loop_test(pairs, cookie_is_found_and_taken_out, 0,
                        UNIT_ROWS(cookies));
    tcase_add_test(pairs, what_is_taken_out_is_gone);
    tcase_add_loop_test(pairs, name_in_a_query_needs_no_escape, 0,
                        UNIT_ROWS(names));
    return unit_run("t_pairs", pairs, NULL);
}
