/* Roles permit what they say, what they take in, and nothing else.
 * Tests of fa_roles: S29, S30, A34, A35. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_roles.h"
#include "fa_text.h"

/* Say "ROLE WORD...", one a line; the last line's number is in line. */
static const char *say(fa_roles *roles, const char *lines, int *line)
{
    char *rest = apr_pstrdup(unit_pool, lines), *one;
    const char *wrong = NULL;

    while (!wrong && (one = apr_strtok(rest, "\n", &rest)) != NULL) {
        fa_section place = {"server", "", "unit.conf", ++*line};
        char *words = one;
        const char *name = apr_strtok(words, " ", &words);

        wrong = fa_roles_add(unit_pool, roles, &place, name,
                             fa_text_words(unit_pool, words));
    }
    return wrong;
}

static fa_roles *settled(const char *lines)
{
    fa_roles *roles = fa_roles_create(unit_pool);
    int line = 0;
    const char *wrong = say(roles, lines, &line);

    if (!wrong)
        wrong = fa_roles_settle(unit_pool, roles);
    ck_assert_msg(!wrong, "%s", wrong);
    return roles;
}

/* --- rows to read --------------------------------------------------------- */

static const struct {
    const char *lines, *held, *permission;
    bool may;
} rows[] = {
    /* S29 */
    {"editor posts:read", "editor", "posts:read", true},
    {"editor posts:read", "editor", "posts:write", false},
    {"editor posts:read", "x editor", "posts:read", true},
    {"editor posts:read", "x", "posts:read", false},
    {"editor posts:read", "", "posts:read", false},
    {"editor posts:read\neditor posts:write", "editor", "posts:read", true},
    /* S30 */
    {"editor posts:*", "editor", "posts:delete", true},
    {"editor posts:*", "editor", "posts:archive", true},
    {"editor posts:*", "editor", "posts:own:archive", true},
    {"editor posts:*", "editor", "postscript:x", false},
    {"editor posts:*", "editor", "posts", false},
    {"editor posts:*", "editor", "posts:", false},
    {"editor posts:*", "editor", "Posts:delete", false},
    {"editor posts:*", "editor", "x:posts:delete", false},
    {"editor posts:*", "viewer", "posts:delete", false},
    {"editor posts:own:*", "editor", "posts:own:delete", true},
    {"editor posts:own:*", "editor", "posts:delete", false},
    {"admin *", "admin", "posts:archive", true},
    {"admin *", "admin", "anything", true},
    {"admin *", "other", "anything", false},
    /* hierarchy */
    {"admin @editor\neditor posts:*", "admin", "posts:archive", true},
    {"admin @editor\neditor posts:*", "editor", "admin", false},
    {"admin @editor users:*\neditor posts:*", "editor", "users:x", false},
    {"a @b\nb @c\nc p", "a", "p", true},
    {"a @b @c\nb @d\nc @d\nd p", "a", "p", true},
    {"root @admin\nadmin *", "root", "anything", true},
    /* A34: one role's name is no other's, nor a permission */
    {"editor posts:read", "Editor", "posts:read", false},
    {"editor posts:read", "editors", "posts:read", false},
    {"editor posts:read", "*", "posts:read", false},
    {"editor posts:read", "@editor", "posts:read", false},
    {"editor posts:read", "posts:read", "posts:read", false},
    {"editor posts:read", "editor", "editor", false},
    /* posts:* is not a word that a caller could ask for */
    {"editor posts:*", "editor", "posts:*", true},
    {"editor posts:read", "editor", "posts:*", false},
    {"editor posts:read", "editor", "*", false},
};

START_TEST(role_permits)
{
    ck_assert_msg(fa_roles_permit(settled(rows[_i].lines),
                                  fa_text_words(unit_pool, rows[_i].held),
                                  rows[_i].permission) == rows[_i].may,
                  "%s: %s -> %s", rows[_i].lines, rows[_i].held,
                  rows[_i].permission);
}
END_TEST

START_TEST(nothing_defined_permits_nothing)
{
    const apr_array_header_t *held = fa_text_words(unit_pool, "admin");

    ck_assert(!fa_roles_permit(NULL, held, "a"));
    ck_assert(!fa_roles_permit(settled("admin *"), NULL, "a"));
    ck_assert_int_eq(fa_roles_permissions(unit_pool, NULL, held, NULL)->nelts,
                     0);
}
END_TEST

/* A35. */
static const struct {
    const char *lines;
    const char *wrong[2];
} refused[] = {
    {"a @a", {"role a takes in @a (unit.conf:1)", "circle"}},
    {"a @b\nb @a", {"@a (unit.conf:2)", "circle"}},
    {"a p\na @b\nb @c\nc x @a", {"role c takes in @a (unit.conf:4)", "circle"}},
    {"x @a\na @b\nb @c\nc @b", {"role c takes in @b (unit.conf:4)", "circle"}},
    {"a @b", {"role a takes in @b (unit.conf:1)", "no RolePermissions"}},
    {"b p\na @B", {"@B (unit.conf:2)", "no RolePermissions"}},
    {"a p @@b", {"@@b", "no RolePermissions"}},
};

START_TEST(table_that_cannot_be_is_refused)
{
    fa_roles *roles = fa_roles_create(unit_pool);
    int line = 0;
    const char *wrong;

    ck_assert_ptr_null(say(roles, refused[_i].lines, &line));
    wrong = fa_roles_settle(unit_pool, roles);
    ck_assert_msg(wrong && strstr(wrong, refused[_i].wrong[0]) &&
                      strstr(wrong, refused[_i].wrong[1]),
                  "%s: %s", refused[_i].lines, wrong ? wrong : "taken");
}
END_TEST

/* However the lines stand: one in another so often is taken, once more not. */
START_TEST(depth_has_a_bound)
{
    for (int depth = FA_ROLES_DEPTH_MAX; depth < FA_ROLES_DEPTH_MAX + 2;
         depth++) {
        for (int upward = 0; upward < 2; upward++) {
            fa_roles *roles = fa_roles_create(unit_pool);
            int line = 0;
            const char *wrong;

            for (int i = 0; i <= depth; i++) {
                int from = upward ? depth - i : i;

                say(roles,
                    from == depth
                        ? apr_psprintf(unit_pool, "r%d p", from)
                        : apr_psprintf(unit_pool, "r%d @r%d", from, from + 1),
                    &line);
            }
            wrong = fa_roles_settle(unit_pool, roles);
            if (depth == FA_ROLES_DEPTH_MAX) {
                ck_assert_msg(!wrong, "%s", wrong);
                ck_assert(fa_roles_permit(roles, fa_text_words(unit_pool, "r0"),
                                          "p"));
            }
            else {
                ck_assert_msg(wrong && strstr(wrong, "more than 100"), "%s",
                              wrong ? wrong : "taken");
            }
        }
    }
}
END_TEST

START_TEST(what_roles_permit_is_told_once)
{
    const fa_roles *roles = settled("a p q @b\nb q posts:* *\nc r");
    const apr_array_header_t *told = fa_roles_permissions(
        unit_pool, roles, fa_text_words(unit_pool, "a b x"),
        fa_text_words(unit_pool, "own q"));

    ck_assert_str_eq(fa_text_join(unit_pool, told), "own q p posts:* *");
}
END_TEST

START_TEST(table_is_described)
{
    const fa_roles *roles = settled("b @a x\na p:* p:q\nb y");

    ck_assert_str_eq(
        apr_array_pstrcat(unit_pool, fa_roles_describe(unit_pool, roles), '|'),
        "role b may: x y p:* p:q|role a may: p:* p:q");
    ck_assert_int_eq(fa_roles_describe(unit_pool, NULL)->nelts, 0);
}
END_TEST

/* --- a model -------------------------------------------------------------- */

static uint32_t seed;

static unsigned below(unsigned bound)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % bound;
}

static const char *const words[] = {"a",     "a:b",  "a:b:c", "a:*",
                                    "a:b:*", "ab:*", "ab",    "ab:c",
                                    "b:a",   "*",    "a:b:*", "c:*"};
static const char *const asked[] = {"a",    "a:b", "a:b:c", "a:x", "a:b:x",
                                    "ab:x", "ab",  "b:a",   "c",   "c:d",
                                    "aa:b", "b",   "a:"};

#define ROLES  6
#define TABLES 500 /* a part */

typedef struct model {
    const char *said[ROLES][4]; /* NULL ends them */
    bool takes[ROLES][ROLES];
} model;

static bool one_permits(const char *said, const char *permission)
{
    size_t size = strlen(said);

    if (strcmp(said, "*") == 0 || strcmp(said, permission) == 0)
        return true;
    return said[size - 1] == '*' && strlen(permission) >= size &&
           strncmp(said, permission, size - 1) == 0;
}

static bool model_permits(const model *table, int role, const char *permission,
                          unsigned around)
{
    for (int i = 0; i < 4 && table->said[role][i]; i++) {
        if (one_permits(table->said[role][i], permission))
            return true;
    }
    for (int other = 0; other < ROLES; other++) {
        if (table->takes[role][other] && !(around >> other & 1) &&
            model_permits(table, other, permission, around | 1u << other))
            return true;
    }
    return false;
}

static bool reaches(const model *table, int from, int to, unsigned seen)
{
    for (int other = 0; other < ROLES; other++) {
        if (!table->takes[from][other] || seen >> other & 1)
            continue;
        if (other == to || reaches(table, other, to, seen | 1u << other))
            return true;
    }
    return false;
}

static const char *random_table(model *table)
{
    const char *lines = "";

    memset(table, 0, sizeof *table);
    for (int role = 0; role < ROLES; role++) {
        unsigned count = 1 + below(3);

        lines = apr_psprintf(unit_pool, "%sr%d", lines, role);
        for (unsigned i = 0; i < count; i++) {
            table->said[role][i] = words[below(UNIT_COUNT(words))];
            lines =
                apr_pstrcat(unit_pool, lines, " ", table->said[role][i], NULL);
        }
        while (below(3) == 0) {
            unsigned other = below(ROLES);

            table->takes[role][other] = true;
            lines = apr_psprintf(unit_pool, "%s @r%u", lines, other);
        }
        lines = apr_pstrcat(unit_pool, lines, "\n", NULL);
    }
    return lines;
}

static void compare(const model *table, const fa_roles *roles,
                    const char *lines)
{
    for (int role = 0; role < ROLES; role++) {
        const apr_array_header_t *held =
            fa_text_words(unit_pool, apr_psprintf(unit_pool, "r%d", role));

        for (size_t i = 0; i < UNIT_COUNT(asked); i++)
            ck_assert_msg(fa_roles_permit(roles, held, asked[i]) ==
                              model_permits(table, role, asked[i], 1u << role),
                          "%sr%d: %s", lines, role, asked[i]);
    }
}

START_TEST(table_is_what_a_plain_search_finds)
{
    int taken = 0;

    seed = (uint32_t)_i + 1;
    for (int i = 0; i < TABLES; i++) {
        fa_roles *roles = fa_roles_create(unit_pool);
        model table;
        const char *lines = random_table(&table);
        bool circle = false;
        int line = 0;

        for (int role = 0; role < ROLES; role++)
            circle = circle || reaches(&table, role, role, 0);
        ck_assert_ptr_null(say(roles, lines, &line));
        ck_assert_msg((fa_roles_settle(unit_pool, roles) != NULL) == circle,
                      "%s", lines);
        if (circle)
            continue;
        taken++;
        compare(&table, roles, lines);
    }
    ck_assert_int_gt(taken, TABLES / 10);
    ck_assert_int_lt(taken, TABLES);
}
END_TEST

/* --- many ----------------------------------------------------------------- */

/* A check does not grow with what is defined: what it looks at does not. */
static apr_time_t time_of(const fa_roles *roles)
{
    const apr_array_header_t *held = fa_text_words(unit_pool, "r0 r7 r9");
    apr_time_t best = APR_INT64_MAX;

    for (int i = 0; i < 20; i++) {
        apr_time_t start = apr_time_now();

        for (int j = 0; j < 20000; j++)
            ck_assert(!fa_roles_permit(roles, held, "none:of:them"));
        if (apr_time_now() - start < best)
            best = apr_time_now() - start;
    }
    return best;
}

static fa_roles *many(int count)
{
    fa_roles *roles = fa_roles_create(unit_pool);
    int line = 0;

    for (int i = 0; i < count; i++)
        ck_assert_ptr_null(say(
            roles,
            i < 10 ? apr_psprintf(unit_pool, "r%d p%d:read p%d:own:*", i, i, i)
                   : apr_psprintf(unit_pool, "r%d p%d:* p%d:read @r%d", i, i,
                                  i % 100, i / 10),
            &line));
    ck_assert_ptr_null(fa_roles_settle(unit_pool, roles));
    return roles;
}

START_TEST(ten_thousand_roles_cost_a_check_nothing)
{
    const fa_roles *few = many(10), *all = many(10000);
    const apr_array_header_t *held = fa_text_words(unit_pool, "r9999");

    ck_assert(fa_roles_permit(all, held, "p9999:x"));
    ck_assert(fa_roles_permit(all, held, "p99:read"));
    ck_assert(fa_roles_permit(all, held, "p9:read"));
    ck_assert(fa_roles_permit(all, held, "p9:own:x"));
    ck_assert(!fa_roles_permit(all, held, "p9998:x"));
    /* A thousand times as many; twenty leaves a builder room. */
    ck_assert_int_lt(time_of(all), 20 * time_of(few) + 1000);
}
END_TEST

int main(void)
{
    TCase *roles = unit_case("roles");

    tcase_add_loop_test(roles, role_permits, 0, UNIT_ROWS(rows));
    tcase_add_test(roles, nothing_defined_permits_nothing);
    tcase_add_loop_test(roles, table_that_cannot_be_is_refused, 0,
                        UNIT_ROWS(refused));
    tcase_add_test(roles, depth_has_a_bound);
    tcase_add_test(roles, what_roles_permit_is_told_once);
    tcase_add_test(roles, table_is_described);
    tcase_add_loop_test(roles, table_is_what_a_plain_search_finds, 0, 10);
    tcase_add_test(roles, ten_thousand_roles_cost_a_check_nothing);
    return unit_run("t_roles", roles, NULL);
}
