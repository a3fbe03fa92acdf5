/* A path meets its template however it is written, and the most specific one.
 * Tests of fa_template. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_path.h"
#include "fa_template.h"

#define SETS 3000 /* of random templates */
#define MANY 10000

static const fa_template *parsed(const char *text)
{
    const fa_template *read = NULL;
    const char *wrong = fa_template_parse(unit_pool, text, &read);

    ck_assert_msg(!wrong, "%s: %s", text, wrong);
    return read;
}

/* --- one template --------------------------------------------------------- */

static const struct {
    const char *template, *path;
    bool matches;
} pairs[] = {
    {"/users", "/users", true},
    {"/users", "/users/", true},
    {"/users", "/users//", true},
    {"/users", "//users", true},
    {"/users", "///users///", true},
    {"/users", "users", true}, /* what is left behind a section's path */
    {"/users", "/Users", true},
    {"/users", "/USERS/", true},
    {"/USERS", "/users", true},
    {"/users/", "/users", true},
    {"//users//", "/users", true},
    {"/users", "/", false},
    {"/users", "", false},
    {"/users", "/user", false},
    {"/users", "/userss", false},
    {"/users", "/users/7", false},
    {"/users", "/a/users", false},
    {"/", "/", true},
    {"/", "", true},
    {"/", "//", true},
    {"/", "/a", false},
    {"/{id}", "/a", true},
    {"/{id}", "/a/", true},
    {"/{id}", "/", false},
    {"/{id}", "//", false},
    {"/{id}", "/a/b", false},
    {"/users/{id}", "/users/7", true},
    {"/users/{id}", "/users//7//", true},
    {"/users/{id}", "/USERS/seven and more;%2f{}", true},
    {"/users/{id}", "/users", false},
    {"/users/{id}", "/users/", false},
    {"/users/{id}", "/users//", false},
    {"/users/{id}", "/users/7/orders", false},
    {"/users/{id}/orders", "/users/7/orders", true},
    {"/users/{id}/orders", "/users//orders", false}, /* nothing is no value */
    {"/{a}/{b}", "/x/y", true},
    {"/{a}/{b}", "/x//y", true},
    {"/{a}/{b}", "/x", false},
    {"/\xc3\xa9t\xc3\xa9", "/\xc3\xa9T\xc3\xa9", true},
    {"/\xc3\xa9", "/\xc3\x89", false}, /* the case of ASCII alone */
    {"/k", "/\xe2\x84\xaa", false},    /* the Kelvin sign is no k */
    {"/a-b_c.d~e:f@g", "/A-B_C.D~E:F@G", true},
    {"/a_b",
     "/a\x7f"
     "b",
     false},
    {"/a@b", "/a`b", false}, /* 32 apart, and no letters */
    {"/a.b", "/axb", false},
};

/* The same, by the matcher of one. */
static void count_one(void *context, const void *value)
{
    (void)value;
    ++*(int *)context;
}

START_TEST(path_meets_its_template)
{
    const fa_template *read = parsed(pairs[_i].template);
    fa_matcher *matcher = fa_matcher_create(unit_pool);
    int count = 0;

    ck_assert_msg(fa_template_matches(read, pairs[_i].path) ==
                      pairs[_i].matches,
                  "%s %s", pairs[_i].template, pairs[_i].path);
    fa_matcher_add(matcher, read, FA_GET, read);
    fa_matcher_find(matcher, pairs[_i].path, FA_GET, count_one, &count);
    ck_assert_msg(count == pairs[_i].matches, "%s %s", pairs[_i].template,
                  pairs[_i].path);
}
END_TEST

static const struct {
    const char *text, *wrong;
} wrongs[] = {
    {"", "'' does not start with a slash"},
    {"users", "'users' does not start with a slash"},
    {"{id}", "'{id}' does not start with a slash"},
    {"\n/a", "'\\x0a/a' does not start with a slash"},
    {"/a/./b", "the segment '.' is never in a path"},
    {"/a/..", "the segment '..' is never in a path"},
    {"/{", "the segment '{' is neither a literal nor {name}"},
    {"/}", "the segment '}' is neither a literal nor {name}"},
    {"/a{b}", "the segment 'a{b}' is neither a literal nor {name}"},
    {"/{a}.json", "the segment '{a}.json' is neither a literal nor {name}"},
    {"/a{\n", "the segment 'a{\\x0a' is neither a literal nor {name}"},
    {"/{}", "'{}': a parameter's name has letters, digits and underscores, no "
            "digit first"},
    {"/{1a}", "'{1a}': a parameter's name has letters, digits and "
              "underscores, no digit first"},
    {"/{a-b}", "'{a-b}': a parameter's name has letters, digits and "
               "underscores, no digit first"},
    {"/{{a}}", "'{{a}}': a parameter's name has letters, digits and "
               "underscores, no digit first"},
    {"/{a\n}", "'{a\\x0a}': a parameter's name has letters, digits and "
               "underscores, no digit first"},
    {"/{a}/x/{a}", "{a} is there twice"},
    {"/a%20b", "the segment 'a%20b' has a character that no template can have"},
    {"/a b", "the segment 'a b' has a character that no template can have"},
    {"/a?b", "the segment 'a?b' has a character that no template can have"},
    {"/a#b", "the segment 'a#b' has a character that no template can have"},
    {"/a;b", "the segment 'a;b' has a character that no template can have"},
    {"/a*", "the segment 'a*' has a character that no template can have"},
    {"/a\\b",
     "the segment 'a\\x5cb' has a character that no template can have"},
    {"/a\x01",
     "the segment 'a\\x01' has a character that no template can have"},
    {"/\xff", "the segment '\\xff' has a character that no template can have"},
};

START_TEST(wrong_template_is_named)
{
    const fa_template *read = NULL;
    const char *wrong = fa_template_parse(unit_pool, wrongs[_i].text, &read);

    ck_assert_pstr_eq(wrong, wrongs[_i].wrong);
    ck_assert_ptr_null(read);
}
END_TEST

START_TEST(template_keeps_its_text)
{
    char text[] = "/A/{b}//";
    const fa_template *read = parsed(text);

    memset(text, 'x', sizeof text - 1);
    ck_assert_str_eq(read->text, "/A/{b}//");
    ck_assert_int_eq(read->segments->nelts, 2);
    ck_assert_str_eq(APR_ARRAY_IDX(read->segments, 0, fa_segment).text, "A");
    ck_assert_str_eq(APR_ARRAY_IDX(read->segments, 1, fa_segment).text, "b");
    ck_assert(APR_ARRAY_IDX(read->segments, 1, fa_segment).is_parameter);
}
END_TEST

START_TEST(segments_have_a_limit)
{
    const char *most = unit_repeat("/a", FA_TEMPLATE_MAX_SEGMENTS);
    const fa_template *read = NULL;

    ck_assert(fa_template_matches(parsed(most), most));
    ck_assert(!fa_template_matches(parsed(most),
                                   apr_pstrcat(unit_pool, most, "/a", NULL)));
    ck_assert_str_eq(fa_template_parse(unit_pool,
                                       apr_pstrcat(unit_pool, most, "/a", NULL),
                                       &read),
                     "it has more than 64 segments");
    ck_assert_ptr_null(read);
}
END_TEST

static const struct {
    const char *path;
    size_t segments, skipped;
    const char *behind;
} paths[] = {
    {"", 0, 0, ""},
    {"/", 0, 0, "/"},
    {"/", 0, 1, ""},
    {"//", 0, 2, ""},
    {"/api", 1, 1, ""},
    {"/api/", 1, 1, "/"},
    {"/api/users/7", 3, 1, "/users/7"},
    {"//api//users", 2, 1, "//users"},
    {"/api/users", 2, 0, "/api/users"},
    {"/api/users", 2, 2, ""},
    {"/api/users", 2, 9, ""},
};

START_TEST(segments_are_counted_and_left_behind)
{
    ck_assert_uint_eq(fa_path_segments(paths[_i].path), paths[_i].segments);
    ck_assert_str_eq(fa_path_behind(paths[_i].path, paths[_i].skipped),
                     paths[_i].behind);
}
END_TEST

/* --- of several, the most specific ---------------------------------------- */

/* A matcher of "METHOD /template" lines, each of which stands for itself. */
static fa_matcher *matcher_of(const char *lines)
{
    fa_matcher *matcher = fa_matcher_create(unit_pool);
    char *rest = apr_pstrdup(unit_pool, lines), *line;

    while ((line = apr_strtok(rest, ",", &rest)) != NULL) {
        char *path;
        char *name = apr_strtok(line, " ", &path);

        ck_assert_ptr_null(fa_matcher_add(
            matcher, parsed(path), (fa_method)fa_method_number(name), path));
    }
    return matcher;
}

static void add_text(void *context, const void *value)
{
    const char **text = context;

    *text = apr_pstrcat(unit_pool, *text, **text ? " " : "", value, NULL);
}

static const char *found_by(const fa_matcher *matcher, const char *path,
                            int method)
{
    const char *text = "";

    fa_matcher_find(matcher, path, method, add_text, &text);
    return text;
}

#define USERS                                                             \
    "GET /users/{id},DELETE /users/{id},GET /users/me,PUT /users/me,GET " \
    "/users"
#define CROSSED "GET /a/{x}/c,GET /{y}/b/c,GET /{z}/b/d,GET /a/{x}/d/e"

static const struct {
    const char *lines, *asked, *found;
} several[] = {
    {USERS, "GET /users/7", "/users/{id}"},
    {USERS, "GET /users/me", "/users/me"},
    {USERS, "GET //users//me//", "/users/me"},
    {USERS, "PUT /users/me", "/users/me"},
    {USERS, "DELETE /users/me", "/users/{id}"}, /* it alone has DELETE */
    {USERS, "PUT /users/7", ""},
    {USERS, "GET /users", "/users"},
    {USERS, "DELETE /users", ""},
    {USERS, "PATCH /users/me", ""},
    {USERS, "GET /users/me/x", ""},
    {USERS, "GET /users/mee", "/users/{id}"},
    /* whose ME is, the backend decides: both hold */
    {USERS, "GET /users/ME", "/users/me /users/{id}"},
    {USERS, "GET /USERS/me", "/users/me /users/{id}"},
    {USERS, "GET /users/Me/", "/users/me /users/{id}"},
    {USERS, "DELETE /users/ME", "/users/{id}"},
    {"GET /A/b,GET /{x}/{y}", "GET /a/b", "/A/b /{x}/{y}"},
    {"GET /A/b,GET /{x}/{y}", "GET /A/b", "/A/b"},
    {"GET /a/b,GET /{x}/{y}", "GET /a/B", "/a/b /{x}/{y}"},
    {"GET /a/b,GET /a/{y},GET /{x}/{z}", "GET /a/B", "/a/b /a/{y}"},
    {"GET /a/b,GET /a/{y},GET /{x}/{z}", "GET /A/B", "/a/b /a/{y} /{x}/{z}"},
    {"GET /a/b,GET /{x}/B,GET /{x}/{z}", "GET /A/B", "/a/b /{x}/B"},
    /* from the left, and back where a way ends */
    {CROSSED, "GET /a/b/c", "/a/{x}/c"},
    {CROSSED, "GET /q/b/c", "/{y}/b/c"},
    {CROSSED, "GET /a/b/d", "/{z}/b/d"},
    {CROSSED, "GET /a/b/d/e", "/a/{x}/d/e"},
    {CROSSED, "GET /a/b/e", ""},
    {CROSSED, "GET /a/b", ""},
    {"GET /a/b/c,PUT /a/{x}/c,POST /{y}/b/c", "POST /a/b/c", "/{y}/b/c"},
    {"GET /a/b/c,PUT /a/{x}/c,POST /{y}/b/c", "PUT /a/b/c", "/a/{x}/c"},
    {"GET /", "GET ", "/"},
    {"GET /", "GET //", "/"},
    {"GET /", "GET /a", ""},
    {"GET /{a}", "GET /", ""},
    {"GET /{a},PUT /{b}", "PUT /x", "/{b}"},
};

START_TEST(most_specific_template_is_found)
{
    char *path;
    char *name =
        apr_strtok(apr_pstrdup(unit_pool, several[_i].asked), " ", &path);

    ck_assert_msg(strcmp(found_by(matcher_of(several[_i].lines), path,
                                  fa_method_number(name)),
                         several[_i].found) == 0,
                  "%s among %s: not %s", several[_i].asked, several[_i].lines,
                  several[_i].found);
}
END_TEST

START_TEST(methods_that_no_document_knows_match_nothing)
{
    static const int others[] = {-1, 4, 6, 8, 9, 26, 31, 32, 62, 63, 64, 1000};
    const fa_matcher *matcher =
        matcher_of("GET /a,PUT /a,POST /a,DELETE /a,OPTIONS /a,PATCH /a");

    for (size_t i = 0; i < UNIT_COUNT(others); i++)
        ck_assert_str_eq(found_by(matcher, "/a", others[i]), "");
    ck_assert_str_eq(found_by(matcher, "/a", FA_PATCH), "/a");
}
END_TEST

static const struct {
    const char *first, *second;
    bool equal;
} equals[] = {
    {"/users/{id}", "/users/{id}", true},
    {"/users/{id}", "/users/{user_id}", true},
    {"/users/{id}", "/Users/{ID}", true},
    {"/users/{id}", "//users/{id}/", true},
    {"/", "//", true},
    {"/{a}/b/{c}", "/{c}/B/{a}", true},
    {"/users/{id}", "/users/id", false},
    {"/users/{id}", "/users", false},
    {"/users/{id}", "/users/{id}/x", false},
    {"/\xc3\xa9", "/\xc3\x89", false},
};

START_TEST(equal_template_is_refused_and_the_first_stays)
{
    fa_matcher *matcher = fa_matcher_create(unit_pool);
    const fa_template *second = parsed(equals[_i].second);

    fa_matcher_add(matcher, parsed(equals[_i].first), FA_GET, "first");
    /* Another method has nothing to do with it. */
    ck_assert_ptr_null(fa_matcher_add(matcher, second, FA_PUT, "other"));
    ck_assert_pstr_eq(fa_matcher_add(matcher, second, FA_GET, "second"),
                      equals[_i].equal ? "first" : NULL);
    if (equals[_i].equal)
        ck_assert_str_eq(found_by(matcher, equals[_i].second, FA_GET), "first");
}
END_TEST

/* --- a second implementation ---------------------------------------------- */

static unsigned random_state;

/* Numerical Recipes' generator: the same templates everywhere. */
static unsigned below(unsigned limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 16) % limit;
}

static const char *random_path(bool is_template)
{
    static const char *const words[] = {"a", "b", "A", "aB", "c"};
    const char *path = "";
    unsigned segments = below(5);

    for (unsigned i = 0; i < segments; i++)
        path = is_template && below(2)
                   ? apr_psprintf(unit_pool, "%s/{p%u}", path, i)
                   : apr_psprintf(unit_pool, "%s/%s%s", path,
                                  !is_template && below(8) == 0 ? "/" : "",
                                  words[below(UNIT_COUNT(words))]);
    return *path ? path : "/";
}

static const fa_segment *segment(const fa_template *of, int i)
{
    return &APR_ARRAY_IDX(of->segments, i, fa_segment);
}

/* Which of two that match comes first: -1, 1, or 0 for equal ones. */
static int naive_order(const fa_template *a, const fa_template *b)
{
    if (a->segments->nelts != b->segments->nelts)
        return a->segments->nelts - b->segments->nelts;
    for (int i = 0; i < a->segments->nelts; i++) {
        const fa_segment *x = segment(a, i), *y = segment(b, i);

        if (x->is_parameter != y->is_parameter)
            return x->is_parameter ? 1 : -1;
        if (!x->is_parameter && strcasecmp(x->text, y->text) != 0)
            return strcasecmp(x->text, y->text);
    }
    return 0;
}

static bool naive_match(const fa_template *of, const char *path, bool by_letter)
{
    char *rest = apr_pstrdup(unit_pool, path), *word;
    int i = 0;

    while ((word = apr_strtok(rest, "/", &rest)) != NULL) {
        if (i >= of->segments->nelts)
            return false;
        if (!segment(of, i)->is_parameter &&
            (by_letter ? strcmp : strcasecmp)(segment(of, i)->text, word) != 0)
            return false;
        i++;
    }
    return i == of->segments->nelts;
}

/* All that match, in order, to the first that does letter by letter. */
static const char *naive_find(const apr_array_header_t *all, const char *path)
{
    const fa_template *last = NULL, *next;
    const char *text = "";

    do {
        next = NULL;
        for (int i = 0; i < all->nelts; i++) {
            const fa_template *one = APR_ARRAY_IDX(all, i, const fa_template *);

            if (naive_match(one, path, false) &&
                (!last || naive_order(last, one) < 0) &&
                (!next || naive_order(one, next) < 0))
                next = one;
        }
        if (next)
            add_text(&text, next->text);
        last = next;
    } while (next && !naive_match(next, path, true));
    return text;
}

static void compare_random_set(void)
{
    static const fa_method methods[] = {FA_GET, FA_PATCH};
    fa_matcher *matcher = fa_matcher_create(unit_pool);
    apr_array_header_t *all[2];
    unsigned count = below(24);

    for (size_t m = 0; m < UNIT_COUNT(methods); m++)
        all[m] = apr_array_make(unit_pool, 8, sizeof(const fa_template *));
    for (unsigned i = 0; i < count; i++) {
        const fa_template *read = parsed(random_path(true));
        size_t m = below(2);
        const fa_template *equal = NULL;

        for (int j = 0; j < all[m]->nelts; j++) {
            const fa_template *one =
                APR_ARRAY_IDX(all[m], j, const fa_template *);

            if (naive_order(one, read) == 0)
                equal = one;
        }
        ck_assert_pstr_eq(fa_matcher_add(matcher, read, methods[m], read->text),
                          equal ? equal->text : NULL);
        if (!equal)
            APR_ARRAY_PUSH(all[m], const fa_template *) = read;
    }
    for (int i = 0; i < 20; i++) {
        const char *path = random_path(false);
        size_t m = below(2);

        ck_assert_str_eq(found_by(matcher, path, (int)methods[m]),
                         naive_find(all[m], path));
    }
}

START_TEST(random_templates_are_found_as_by_a_naive_matcher)
{
    random_state = (unsigned)_i;
    for (int set = 0; set < SETS / 10; set++) {
        compare_random_set();
        if (set % 20 == 0)
            apr_pool_clear(unit_pool);
    }
}
END_TEST

/* --- many ----------------------------------------------------------------- */

static const char *numbered(int number, const char *id)
{
    /* 7919 and 10,000 have no common divisor: in no order. */
    return apr_psprintf(unit_pool, "/resource%d/%s", number * 7919 % MANY, id);
}

START_TEST(each_of_many_templates_is_found)
{
    fa_matcher *matcher = fa_matcher_create(unit_pool);

    for (int i = 0; i < MANY; i++) {
        const fa_template *read = parsed(numbered(i, "{id}"));

        ck_assert_ptr_null(fa_matcher_add(matcher, read, FA_GET, read->text));
    }
    for (int i = 0; i < MANY; i++) {
        ck_assert_str_eq(found_by(matcher, numbered(i, "7"), FA_GET),
                         numbered(i, "{id}"));
        ck_assert_pstr_eq(fa_matcher_add(matcher, parsed(numbered(i, "{x}")),
                                         FA_GET, "again"),
                          numbered(i, "{id}"));
    }
    ck_assert_str_eq(found_by(matcher, "/resource10000/7", FA_GET), "");
}
END_TEST

int main(void)
{
    TCase *one = unit_case("template"), *many = unit_case("matcher");

    tcase_add_loop_test(one, path_meets_its_template, 0, UNIT_ROWS(pairs));
    tcase_add_loop_test(one, wrong_template_is_named, 0, UNIT_ROWS(wrongs));
    tcase_add_test(one, template_keeps_its_text);
    tcase_add_test(one, segments_have_a_limit);
    tcase_add_loop_test(one, segments_are_counted_and_left_behind, 0,
                        UNIT_ROWS(paths));
    tcase_add_loop_test(many, most_specific_template_is_found, 0,
                        UNIT_ROWS(several));
    tcase_add_test(many, methods_that_no_document_knows_match_nothing);
    tcase_add_loop_test(many, equal_template_is_refused_and_the_first_stays, 0,
                        UNIT_ROWS(equals));
    tcase_add_loop_test(many, random_templates_are_found_as_by_a_naive_matcher,
                        0, 10);
    tcase_add_test(many, each_of_many_templates_is_found);
    return unit_run("t_template", one, many, NULL);
}
