/* What operations demand comes on top, and is lost to nothing but `none`.
 * Tests of fa_operation. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_operation.h"

#define SCOPES 1u << FA_DEMAND_SCOPE
#define ROLES  1u << FA_DEMAND_ROLE

/* --- sections from lines -------------------------------------------------- */

static const fa_demands *demands_of(char *words)
{
    const fa_demands *demands = NULL;
    char *word;

    while ((word = apr_strtok(words, ",", &words)) != NULL) {
        fa_demand *made = apr_pcalloc(unit_pool, sizeof *made);

        made->kind = *word == 'r' ? FA_DEMAND_ROLE : FA_DEMAND_SCOPE;
        made->text = word;
        made->methods = -1;
        demands = fa_demands_add(unit_pool, demands, made);
    }
    return demands;
}

static apr_int64_t methods_of(char *names)
{
    apr_int64_t methods = 0;
    char *name;

    while ((name = apr_strtok(names, ",", &names)) != NULL)
        methods |= APR_INT64_C(1) << fa_method_number(name);
    return methods;
}

/* "GET,PUT /a/{b} sX,rY": methods, PATH or -, scopes and roles or -. */
static fa_operation *operation(const char *kind, const char *pattern,
                               const char *line)
{
    fa_operation *made = apr_pcalloc(unit_pool, sizeof *made);
    char *rest = apr_pstrdup(unit_pool, line);
    char *methods = apr_strtok(rest, " ", &rest);
    char *path = apr_strtok(rest, " ", &rest);
    char *demands = apr_strtok(rest, " ", &rest);

    made->section = (fa_section){kind, pattern, "unit.conf", 1};
    made->methods = methods_of(methods);
    if (strcmp(path, "-") != 0)
        ck_assert_ptr_null(fa_template_parse(unit_pool, path, &made->path));
    if (strcmp(demands, "-") != 0)
        made->demands = demands_of(demands);
    return made;
}

static const fa_operations *section(const char *kind, const char *pattern,
                                    const char *lines)
{
    const fa_operations *operations = NULL;
    char *rest = apr_pstrdup(unit_pool, lines), *line;

    while ((line = apr_strtok(rest, ";", &rest)) != NULL)
        ck_assert_ptr_null(fa_operations_add(unit_pool, &operations,
                                             operation(kind, pattern, line)));
    return operations;
}

static const fa_operations *location(const char *pattern, const char *lines)
{
    return section("Location", pattern, lines);
}

static const fa_operations *merge(const fa_operations *parent,
                                  const fa_operations *child, unsigned dropped)
{
    return fa_operations_merge(unit_pool, parent, child, dropped);
}

/* What a request must have: "sX rY". */
static const char *told(const fa_operations *operations, const char *path,
                        int method)
{
    const apr_array_header_t *list =
        fa_operations_demands(unit_pool, operations, path, method);
    const char *text = "";

    ck_assert(!list || list->nelts > 0);
    for (int i = 0; list && i < list->nelts; i++)
        text =
            apr_pstrcat(unit_pool, text, i ? " " : "",
                        APR_ARRAY_IDX(list, i, const fa_demand *)->text, NULL);
    return text;
}

/* --- one section ---------------------------------------------------------- */

#define USERS                                                    \
    "GET /users/{id} sread;DELETE /users/{id} sdelete,radmin;"   \
    "GET /users/me -;GET /users/{id}/orders sorders;PUT - sput;" \
    "PUT /users/{id} rwriter;POST,PATCH /users swrite"

static const struct {
    const char *asked, *demanded;
} requests[] = {
    {"GET /api/users/7", "sread"},
    {"GET /api/users/7/", "sread"},
    {"GET /api//users///7//", "sread"},
    {"GET //api/users/7", "sread"},
    {"GET /api/Users/7", "sread"},
    {"GET /api/USERS/7/ORDERS", "sorders"},
    {"GET /api/users/me", ""},
    {"GET /api/users/me/", ""},
    {"GET /api/users/ME", "sread"}, /* another user, to a backend */
    {"GET /api/users/mE/", "sread"},
    {"DELETE /api/users/7", "sdelete radmin"},
    {"DELETE /api/users/me", "sdelete radmin"},
    {"DELETE /api/users/", ""},
    {"PUT /api/users/7", "sput rwriter"}, /* of every path, and its own */
    {"PUT /api/users", "sput"},
    {"PUT /api", "sput"},
    {"POST /api/users", "swrite"},
    {"PATCH /api/users/", "swrite"},
    {"POST /api/users/7", ""},
    {"GET /api", ""},
    {"GET /api/", ""},
    {"OPTIONS /api/users/7", ""},
};

START_TEST(request_meets_the_demands_of_its_operation)
{
    char *path;
    char *method =
        apr_strtok(apr_pstrdup(unit_pool, requests[_i].asked), " ", &path);

    ck_assert_msg(
        strcmp(told(location("/api", USERS), path, fa_method_number(method)),
               requests[_i].demanded) == 0,
        "%s: %s", requests[_i].asked,
        told(location("/api", USERS), path, fa_method_number(method)));
}
END_TEST

static const struct {
    const char *pattern, *path;
} bases[] = {
    {"/", "/users/7"},
    {"/api", "/api/users/7"},
    {"/api/", "/api/users/7"},
    {"/api//v1", "/api/v1/users/7"},
    {"/a/b/c/", "/a/b/c/users/7"},
};

START_TEST(path_is_what_follows_the_sections)
{
    const fa_operations *read =
        location(bases[_i].pattern, "GET /users/{id} sread");

    ck_assert_str_eq(told(read, bases[_i].path, FA_GET), "sread");
    ck_assert_str_eq(
        told(read, apr_pstrcat(unit_pool, bases[_i].path, "/x", NULL), FA_GET),
        "");
}
END_TEST

START_TEST(other_methods_meet_no_operation)
{
    static const int others[] = {-1, 4, 6, 8, 9, 26, 31, 32, 63, 64, 1000};
    fa_operation *every = operation("Location", "/a", "GET - sall");
    fa_operation *own = operation("Location", "/a", "GET /b sown");
    const fa_operations *all = NULL;

    every->methods = own->methods = 0xaf; /* those that have a name */
    ck_assert_ptr_null(fa_operations_add(unit_pool, &all, every));
    ck_assert_ptr_null(fa_operations_add(unit_pool, &all, own));
    ck_assert_str_eq(told(all, "/a/b", FA_PATCH), "sall sown");
    for (size_t i = 0; i < UNIT_COUNT(others); i++) {
        ck_assert_str_eq(told(all, "/a/b", others[i]), "");
        ck_assert(!fa_operations_have(all, every, "/a/b", others[i]));
        ck_assert(!fa_operations_have(all, own, "/a/b", others[i]));
    }
}
END_TEST

/* In a <LocationMatch> PATH is what is printed, and decides nothing. */
START_TEST(pattern_decides_where_a_section_is_one)
{
    const fa_operations *all =
        section("LocationMatch", "^/u/[0-9]+$", "GET /u/{id} sread");

    ck_assert_str_eq(told(all, "/u/7", FA_GET), "sread");
    ck_assert_str_eq(told(all, "/anything/else", FA_GET), "sread");
    ck_assert_str_eq(told(all, "/u/7", FA_PUT), "");
}
END_TEST

static const struct {
    const char *kind, *first, *second;
    bool contradicts;
} twice[] = {
    {"Location", "GET /u/{id} -", "GET /U/{user}/ sx", true},
    {"Location", "GET /u/{id} -", "PUT,GET /u/{id} -", true},
    {"Location", "GET - -", "GET - sx", true},
    {"Location", "GET /u/{id} -", "PUT /u/{id} -", false},
    {"Location", "GET /u/{id} -", "GET /u/me -", false},
    {"Location", "GET /u/{id} -", "GET - -", false},
    {"Location", "GET / -", "GET - -", false},
    {"LocationMatch", "GET /u/{id} -", "GET /other -", true},
    {"LocationMatch", "GET /u/{id} -", "GET - -", true},
    {"LocationMatch", "GET /u/{id} -", "PUT /u/{id} -", false},
};

START_TEST(two_operations_of_one_template_are_refused)
{
    const fa_operation *first = operation(twice[_i].kind, "/", twice[_i].first);
    const fa_operation *second =
        operation(twice[_i].kind, "/", twice[_i].second);
    const fa_operations *all = NULL;

    ck_assert_ptr_null(fa_operations_add(unit_pool, &all, first));
    ck_assert_ptr_eq(fa_operations_add(unit_pool, &all, second),
                     twice[_i].contradicts ? first : NULL);
    ck_assert_int_eq(fa_operations_own(all)->list->nelts,
                     twice[_i].contradicts ? 1 : 2);
    if (twice[_i].contradicts) {
        ck_assert(fa_operations_have(all, first, "/u/7", FA_GET));
        ck_assert(!fa_operations_have(all, second, "/u/7", FA_GET));
    }
}
END_TEST

START_TEST(section_says_what_it_said)
{
    const fa_operations *none = NULL;
    const fa_operations *free = location("/a", "GET /b -;PUT - -");

    ck_assert_ptr_null(fa_operations_own(NULL));
    ck_assert(!fa_operations_demand(NULL));
    ck_assert(!fa_operations_demand(free));
    ck_assert(fa_operations_demand(location("/a", "GET /b -;PUT - sx")));
    ck_assert(fa_operations_demand(location("/a", "PUT - sx;GET /b -")));
    ck_assert(fa_operations_demand(merge(location("/a", "PUT - sx"), free, 0)));
    ck_assert(!fa_operations_own(free)->none);
    fa_operations_hide(unit_pool, &none);
    ck_assert(fa_operations_own(none)->none);
    ck_assert_int_eq(fa_operations_own(none)->list->nelts, 0);
    fa_operations_hide(unit_pool, &free);
    ck_assert_int_eq(fa_operations_own(free)->list->nelts, 2);
}
END_TEST

START_TEST(operation_is_among_those_of_a_request)
{
    fa_operation *any = operation("Location", "/api", "GET /users/{id} -");
    fa_operation *me = operation("Location", "/api", "GET /users/me -");
    fa_operation *every = operation("Location", "/api", "GET - -");
    const fa_operations *all = NULL, *below;

    fa_operations_add(unit_pool, &all, any);
    fa_operations_add(unit_pool, &all, me);
    fa_operations_add(unit_pool, &all, every);
    below = merge(all, location("/api/users", "GET /{x} -"), ~0u);
    ck_assert(fa_operations_have(below, any, "/api/users/7", FA_GET));
    ck_assert(!fa_operations_have(below, any, "/api/users/me", FA_GET));
    ck_assert(!fa_operations_have(below, me, "/api/users/7", FA_GET));
    ck_assert(fa_operations_have(below, me, "/api/users/me/", FA_GET));
    ck_assert(fa_operations_have(below, every, "/api/users/me", FA_GET));
    ck_assert(fa_operations_have(below, every, "/api", FA_GET));
    ck_assert(!fa_operations_have(below, every, "/api", FA_PUT));
    ck_assert(!fa_operations_have(NULL, any, "/api/users/7", FA_GET));
}
END_TEST

/* --- sections below others ------------------------------------------------ */

START_TEST(childs_operations_come_on_top)
{
    const fa_operations *parent =
        location("/api", "GET /users/{id} sread,rreader;GET - sany");
    const fa_operations *child = location("/api/users", "GET /{id} sown");
    const fa_operations *both = merge(parent, child, 0);

    ck_assert_str_eq(told(both, "/api/users/7", FA_GET),
                     "sany sread rreader sown");
    ck_assert_str_eq(told(both, "/api/users", FA_GET), "sany");
    /* Neither is changed. */
    ck_assert_str_eq(told(parent, "/api/users/7", FA_GET),
                     "sany sread rreader");
    ck_assert_str_eq(told(child, "/api/users/7", FA_GET), "sown");
}
END_TEST

START_TEST(none_drops_its_own_kind_of_what_is_above)
{
    const fa_operations *parent = location("/api", "GET /users/{id} sa,rb");
    const fa_operations *child = location("/api/users", "GET /{id} sc,rd");
    const fa_operations *below = location("/api/users/7", "GET / se,rf");

    ck_assert_str_eq(told(merge(parent, child, SCOPES), "/api/users/7", FA_GET),
                     "rb sc rd");
    ck_assert_str_eq(told(merge(parent, NULL, ROLES), "/api/users/7", FA_GET),
                     "sa");
    ck_assert_str_eq(
        told(merge(parent, NULL, SCOPES | ROLES), "/api/users/7", FA_GET), "");
    ck_assert_str_eq(told(merge(merge(parent, child, SCOPES), below, ROLES),
                          "/api/users/7", FA_GET),
                     "sc se rf");
    ck_assert_str_eq(told(parent, "/api/users/7", FA_GET), "sa rb");
}
END_TEST

/* Sections of no, one or two operations, with what they drop. */
typedef struct said {
    const fa_operations *operations;
    unsigned dropped;
} said;

static said numbered(unsigned number, const char *name)
{
    static const char *const lines[] = {"", "GET - s%s", "GET /{id} r%s",
                                        "GET / r%s;GET /{id} s%s,r%s"};
    said made = {NULL, 0};

    made.dropped = (number & 4 ? SCOPES : 0) | (number & 8 ? ROLES : 0);
    if (number & 3)
        made.operations = location(
            "/", apr_psprintf(unit_pool, lines[number & 3], name, name, name));
    return made;
}

static said merged(said a, said b)
{
    return (said){merge(a.operations, b.operations, b.dropped),
                  a.dropped | b.dropped};
}

START_TEST(merge_is_associative)
{
    said a = numbered((unsigned)_i, "a");

    for (unsigned i = 0; i < 16; i++) {
        for (unsigned j = 0; j < 16; j++) {
            said b = numbered(i, "b"), c = numbered(j, "c");
            said left = merged(merged(a, b), c),
                 right = merged(a, merged(b, c));

            ck_assert(fa_operations_same(left.operations, right.operations));
            ck_assert_str_eq(told(left.operations, "/x", FA_GET),
                             told(right.operations, "/x", FA_GET));
            ck_assert_str_eq(told(left.operations, "/", FA_GET),
                             told(right.operations, "/", FA_GET));
        }
    }
}
END_TEST

START_TEST(empty_section_changes_nothing)
{
    said a = numbered((unsigned)_i, "a");

    ck_assert_ptr_eq(merge(a.operations, NULL, 0), a.operations);
    ck_assert_ptr_eq(merge(NULL, a.operations, 0), a.operations);
    ck_assert_ptr_eq(merge(NULL, a.operations, ~0u), a.operations);
}
END_TEST

/* One operation more, in a section of its own or for every path, takes nothing
 * from any request; within one section a more specific PATH does, on purpose.
 */
START_TEST(one_operation_more_loses_no_demand)
{
    static const char *const paths[] = {"/", "/x", "/X", "/x/", "/x/y"};
    static const char *const more[] = {"GET - -",      "GET / -",
                                       "GET /x -",     "GET /{id} -",
                                       "GET /x/{y} -", "PUT /{id} sq"};
    said a = numbered((unsigned)_i, "a");

    for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
        const char *before = told(a.operations, paths[i], FA_GET);

        for (size_t j = 0; j < UNIT_COUNT(more); j++) {
            const fa_operations *other = location("/", more[j]);

            ck_assert_str_eq(
                told(merge(a.operations, other, 0), paths[i], FA_GET), before);
            ck_assert_str_eq(
                told(merge(other, a.operations, 0), paths[i], FA_GET), before);
        }
    }
}
END_TEST

START_TEST(same_operations_are_of_the_same_sections)
{
    const fa_operations *a = location("/a", "GET - sx");
    const fa_operations *again = location("/a", "GET - sx");
    const fa_operations *ab = merge(a, again, 0);

    ck_assert(fa_operations_same(NULL, NULL));
    ck_assert(fa_operations_same(a, a));
    ck_assert(fa_operations_same(ab, merge(a, again, 0)));
    ck_assert(!fa_operations_same(a, NULL));
    ck_assert(!fa_operations_same(NULL, a));
    ck_assert(!fa_operations_same(a, again)); /* other lines of those words */
    ck_assert(!fa_operations_same(a, ab));
    ck_assert(!fa_operations_same(ab, merge(again, a, 0)));
    ck_assert(!fa_operations_same(ab, merge(a, again, SCOPES)));
}
END_TEST

/* --- sections out of order ------------------------------------------------ */

static const struct {
    const char *lines;
    unsigned dropped;
    const char *again, *lost;
} losses[] = {
    {"GET /u sx", 0, NULL, NULL},
    {"GET /u sx", ROLES, NULL, NULL},
    {"GET /u sx", SCOPES, NULL, "sx"},
    {"GET /u sx,ry", ROLES, NULL, "ry"},
    {"GET /u -;PUT /u sx", SCOPES, NULL, "sx"},
    {"GET - sx", SCOPES, NULL, "sx"},
    {"GET /u -", ~0u, NULL, NULL},
    {"", ~0u, NULL, NULL},
    /* said once more behind it */
    {"GET /u sx", SCOPES, "GET /u sx", NULL},
    {"GET /u sx", SCOPES, "PUT /q -;GET /u sx", NULL},
    {"GET - sx", SCOPES, "GET - sx", NULL},
    {"GET /u sx;PUT /u sy", SCOPES, "GET /u sx", "sy"},
    /* said otherwise */
    {"GET /u sx", SCOPES, "PUT /u sx", "sx"},
    {"GET,PUT /u sx", SCOPES, "GET /u sx", "sx"},
    {"GET /u sx", SCOPES, "GET /v sx", "sx"},
    {"GET /u sx", SCOPES, "GET - sx", "sx"},
    {"GET - sx", SCOPES, "GET /u sx", "sx"},
    {"GET /u sx", SCOPES, "GET /u sy", "sx"},
    {"GET /u sx", SCOPES, "GET /u -", "sx"},
    {"GET /u sx", SCOPES, "GET /u rx", "sx"},
};

START_TEST(demand_is_lost_unless_it_is_said_again)
{
    const fa_operations *again =
        losses[_i].again ? location("/api", losses[_i].again) : NULL;
    const fa_demand *lost = fa_operations_lose(
        location("/api", losses[_i].lines), losses[_i].dropped, again);

    ck_assert_pstr_eq(lost ? lost->text : NULL, losses[_i].lost);
}
END_TEST

int main(void)
{
    TCase *one = unit_case("section"), *several = unit_case("sections");

    tcase_add_loop_test(one, request_meets_the_demands_of_its_operation, 0,
                        UNIT_ROWS(requests));
    tcase_add_loop_test(one, path_is_what_follows_the_sections, 0,
                        UNIT_ROWS(bases));
    tcase_add_test(one, other_methods_meet_no_operation);
    tcase_add_test(one, pattern_decides_where_a_section_is_one);
    tcase_add_loop_test(one, two_operations_of_one_template_are_refused, 0,
                        UNIT_ROWS(twice));
    tcase_add_test(one, section_says_what_it_said);
    tcase_add_test(one, operation_is_among_those_of_a_request);
    tcase_add_test(several, childs_operations_come_on_top);
    tcase_add_test(several, none_drops_its_own_kind_of_what_is_above);
    tcase_add_loop_test(several, merge_is_associative, 0, 16);
    tcase_add_loop_test(several, empty_section_changes_nothing, 0, 16);
    tcase_add_loop_test(several, one_operation_more_loses_no_demand, 0, 16);
    tcase_add_test(several, same_operations_are_of_the_same_sections);
    tcase_add_loop_test(several, demand_is_lost_unless_it_is_said_again, 0,
                        UNIT_ROWS(losses));
    return unit_run("t_operation", one, several, NULL);
}
