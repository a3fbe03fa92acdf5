/* JSON is one bounded object without a second member of a name.
 * Tests of fa_json; replays JSONTestSuite. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_base64.h"
#include "fa_json.h"

static const char *const good[] = {
    "{}",
    " \t\r\n{ } \n",
    "{\"a\":1}",
    "{\"a\":[1,2,{\"b\":null}],\"b\":true}",
    "{\"a\":{\"a\":1}}",
    "{\"a\":\"[[[[{{{{\"}",
    "{\"a\":\"\\\"[[\\\\\"}",
    "{\"n\":9223372036854775807}",
    "{\"n\":-9223372036854775808}",
    "{\"caf\xc3\xa9\":\"\\u00e9\\ud83d\\ude00\"}",
};

static const char *const bad[] = {
    "",
    " ",
    "[]",
    "[{}]",
    "\"a\"",
    "1",
    "null",
    "true",
    "{",
    "}",
    "{}{}",
    "{}x",
    "{},",
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":\"\\u0000\"}",
    "{\"\\u0000\":1}",
    "{\"a\":\"\xff\"}",
    "{\"a\":\"\xed\xa0\x80\"}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":\"\n\"}",
    "{\"a\":9223372036854775808}",
    "{\"a\":1e309}",
    "{\"a\":NaN}",
    "{\"a\":01}",
    "\xef\xbb\xbf{}",
    "{\"a\":1}//",
    "eyJhIjoxfQ",
};

static apr_status_t parse(const char *text, size_t size, json_t **object)
{
    return fa_json_object(unit_pool, text, size, object);
}

START_TEST(object_is_taken)
{
    json_t *object = NULL;

    ck_assert_int_eq(parse(good[_i], strlen(good[_i]), &object), APR_SUCCESS);
    ck_assert(json_is_object(object));
}
END_TEST

START_TEST(anything_else_is_refused)
{
    json_t *object = NULL;

    ck_assert_msg(parse(bad[_i], strlen(bad[_i]), &object) == APR_EINVAL,
                  "'%s' was taken", bad[_i]);
    ck_assert_ptr_null(object);
}
END_TEST

START_TEST(exactly_size_bytes_are_read)
{
    json_t *object = NULL;

    ck_assert_int_eq(parse("{}xxx", 2, &object), APR_SUCCESS);
    ck_assert_int_eq(parse("{}\0", 3, &object), APR_EINVAL);
    ck_assert_int_eq(parse("{}\0junk", 7, &object), APR_EINVAL);
    ck_assert_int_eq(parse("{\"a\":1\0}", 8, &object), APR_EINVAL);
    ck_assert_int_eq(parse("{\"a\"\0:1}", 8, &object), APR_EINVAL);
    ck_assert_int_eq(parse("\0{}", 3, &object), APR_EINVAL);
    ck_assert_int_eq(parse("{\"a\":1}", 6, &object), APR_EINVAL);
    ck_assert_int_eq(parse("{\"a\":\"\\", 7, &object), APR_EINVAL);
}
END_TEST

/* A text whose deepest value stands in depth objects and arrays. */
static const char *nested(size_t depth, const char *open, const char *close)
{
    return apr_pstrcat(unit_pool, "{\"a\":", unit_repeat(open, depth - 1), "1",
                       unit_repeat(close, depth - 1), "}", NULL);
}

START_TEST(depth_is_bounded)
{
    static const size_t depths[] = {33, 34, 100, 3000, 100000, 1000000};
    const char *text;
    json_t *object;

    text = nested(FA_JSON_MAX_DEPTH, "[", "]");
    ck_assert_int_eq(parse(text, strlen(text), &object), APR_SUCCESS);
    text = nested(FA_JSON_MAX_DEPTH, "{\"a\":", "}");
    ck_assert_int_eq(parse(text, strlen(text), &object), APR_SUCCESS);
    for (size_t i = 0; i < UNIT_COUNT(depths); i++) {
        text = nested(depths[i], "[", "]");
        ck_assert_int_eq(parse(text, strlen(text), &object), APR_EINVAL);
        text = nested(depths[i], "{\"a\":", "}");
        ck_assert_int_eq(parse(text, strlen(text), &object), APR_EINVAL);
        text = unit_repeat("[", depths[i]);
        ck_assert_int_eq(parse(text, strlen(text), &object), APR_EINVAL);
    }
}
END_TEST

START_TEST(brackets_in_texts_are_not_depth)
{
    const char *text =
        apr_pstrcat(unit_pool, "{\"", unit_repeat("[{", 100), "\":\"\\\"",
                    unit_repeat("[{", 100), "\\\\\",\"b\":[[]]}", NULL);
    json_t *object;

    ck_assert_int_eq(parse(text, strlen(text), &object), APR_SUCCESS);
}
END_TEST

START_TEST(many_values_beside_one_another_are_not_depth)
{
    const char *text = apr_pstrcat(unit_pool, "{\"a\":[",
                                   unit_repeat("[],", 500), "[]]}", NULL);
    json_t *object;

    ck_assert_int_eq(parse(text, strlen(text), &object), APR_SUCCESS);
}
END_TEST

START_TEST(object_is_released_with_its_pool)
{
    apr_pool_t *pool;
    json_t *object;

    apr_pool_create(&pool, unit_pool);
    ck_assert_int_eq(fa_json_object(pool, "{\"a\":[]}", 8, &object),
                     APR_SUCCESS);
    json_incref(object);
    ck_assert_uint_eq(object->refcount, 2);
    apr_pool_destroy(pool);
    ck_assert_uint_eq(object->refcount, 1);
    json_decref(object);
}
END_TEST

static const char paths_in[] =
    "{\"sub\":\"a\",\"realm_access\":{\"roles\":\"b\",\"x\":{\"y\":\"c\"}},"
    "\"https://example.com/roles\":\"d\",\"a.b\":\"e\",\"a\":{\"b\":\"f\","
    "\"c\":\"g\"},\"list\":[\"h\"],\"none\":null,\"\":{\"\":\"i\"},"
    "\"deep\":{\"a.b\":\"j\"}}";

static const struct {
    const char *path;
    const char *value; /* NULL: no such member */
} paths[] = {
    {"sub", "a"},
    {"realm_access.roles", "b"},
    {"realm_access.x.y", "c"},
    {"https://example.com/roles", "d"},
    {"a.b", "e"},
    {"a.c", "g"},
    {".", "i"},
    {"missing", NULL},
    {"sub.x", NULL},
    {"realm_access.missing", NULL},
    {"realm_access.roles.x", NULL},
    {"list.0", NULL},
    {"none.x", NULL},
    {"a.", NULL},
    {".a", NULL},
    {"..", NULL},
    {"deep.a.b", NULL},
    {"SUB", NULL},
};

START_TEST(path_leads_to_its_value)
{
    json_t *object;

    ck_assert_int_eq(parse(paths_in, strlen(paths_in), &object), APR_SUCCESS);
    if (paths[_i].value)
        ck_assert_str_eq(json_string_value(fa_json_at(object, paths[_i].path)),
                         paths[_i].value);
    else
        ck_assert_ptr_null(fa_json_at(object, paths[_i].path));
}
END_TEST

START_TEST(null_is_a_value_and_long_paths_lead_nowhere)
{
    const char *name = unit_repeat("a", 255);
    const char *text = apr_psprintf(unit_pool, "{\"%s\":{\"b\":1}}", name);
    json_t *object;

    ck_assert_int_eq(parse(text, strlen(text), &object), APR_SUCCESS);
    ck_assert_ptr_nonnull(
        fa_json_at(object, apr_pstrcat(unit_pool, name, ".b", NULL)));
    ck_assert_ptr_null(
        fa_json_at(object, apr_pstrcat(unit_pool, name, "a.b", NULL)));

    ck_assert_int_eq(parse(paths_in, strlen(paths_in), &object), APR_SUCCESS);
    ck_assert(json_is_null(fa_json_at(object, "none")));
    ck_assert_ptr_null(fa_json_at(object, unit_repeat("a", 100000)));
    ck_assert_ptr_null(fa_json_at(object, unit_repeat("a.", 100000)));
}
END_TEST

/* The row's text; one of them is a pattern to repeat. */
static const char *suite_text(const json_t *row, size_t *size)
{
    const char *base64;
    unsigned char *bytes;

    if (json_object_get(row, "generate")) {
        *size = 250001;
        return apr_pstrcat(unit_pool, unit_repeat("[{\"\":", 50000), "\n",
                           NULL);
    }
    base64 = unit_text(row, "b64");
    ck_assert_int_eq(
        fa_base64_decode(unit_pool, base64, strlen(base64), &bytes, size),
        APR_SUCCESS);
    return (const char *)bytes;
}

/* Ours to refuse though it is JSON: NUL, and a name twice. */
static bool is_refused_here(const char *name)
{
    return strstr(name, "escaped_null") || strstr(name, "null_escape") ||
           strstr(name, "duplicated");
}

static void suite_row_is_judged(const json_t *row, size_t *taken)
{
    const char *name = unit_text(row, "name");
    char expected = *unit_text(row, "expect");
    size_t size;
    const char *text = suite_text(row, &size);
    char *member = apr_palloc(unit_pool, size + 6);
    json_t *object;
    bool bare = parse(text, size, &object) == APR_SUCCESS;
    bool inside;

    memcpy(member, "{\"a\":", 5);
    memcpy(member + 5, text, size);
    member[5 + size] = '}';
    inside = parse(member, size + 6, &object) == APR_SUCCESS;

    /* As it stands, only an object will do; as a value, all JSON will. */
    ck_assert_msg(!bare || (expected != 'n' && *text == '{'), "%s taken", name);
    ck_assert_msg(expected != 'n' || !inside, "%s taken inside", name);
    if (expected == 'y' && !is_refused_here(name)) {
        ck_assert_msg(bare || *text != '{', "%s refused", name);
        ck_assert_msg(inside, "%s refused inside", name);
    }
    *taken += bare + inside;
}

START_TEST(json_test_suite_is_judged_as_it_says)
{
    const json_t *row,
        *rows =
            json_object_get(unit_corpus("json/JSONTestSuite.json"), "cases");
    size_t i, taken = 0;

    json_array_foreach(rows, i, row) suite_row_is_judged(row, &taken);
    ck_assert_uint_gt(i, 200);
    ck_assert_uint_gt(taken, 50);
}
END_TEST

int main(void)
{
    TCase *json = unit_case("json");

    tcase_add_loop_test(json, object_is_taken, 0, UNIT_ROWS(good));
    tcase_add_loop_test(json, anything_else_is_refused, 0, UNIT_ROWS(bad));
    tcase_add_test(json, exactly_size_bytes_are_read);
    tcase_add_test(json, depth_is_bounded);
    tcase_add_test(json, brackets_in_texts_are_not_depth);
    tcase_add_test(json, many_values_beside_one_another_are_not_depth);
    tcase_add_test(json, object_is_released_with_its_pool);
    tcase_add_loop_test(json, path_leads_to_its_value, 0, UNIT_ROWS(paths));
    tcase_add_test(json, null_is_a_value_and_long_paths_lead_nowhere);
    if (unit_has_corpus())
        tcase_add_test(json, json_test_suite_is_judged_as_it_says);
    else
        unit_skip("t_json: JSONTestSuite", UNIT_CORPUS_ABSENT);
    return unit_run("t_json", json, NULL);
}
