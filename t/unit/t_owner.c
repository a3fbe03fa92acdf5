/* What is another's is not shown, and what a path says is never SQL.
 * Tests of fa_owner: S31, S32, A98. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_owner.h"
#include "fa_text.h"

/* The owner that the one line of a section demands. */
static const fa_owner *owner_of(const char *text)
{
    const fa_policy *policy = unit_policy(text);
    const fa_operation_set *set = fa_operations_own(policy->operations);
    const fa_demands *demands =
        set ? APR_ARRAY_IDX(set->list, 0, const fa_operation *)->demands
            : policy->demands;

    return fa_demands_find(demands, 1u << FA_DEMAND_OWNER)->owner;
}

static const fa_identity alice = {.user = "alice"};

static fa_verdict judge(const char *text, const char *path, unit_server *server,
                        fa_decision *decision)
{
    fa_request *request = unit_request(server);

    request->path = path;
    *decision = (fa_decision){.identity = &alice};
    return fa_owner_judge(request, owner_of(text), decision);
}

/* A proxy may pass on what httpd has not decoded (ProxyPass mapping=encoded):
 * the owner is whom the backend will read. */
START_TEST(path_is_read_as_a_backend_reads_it)
{
    static const struct {
        fa_escapes escapes;
        const char *path, *user;
        fa_verdict verdict;
    } rows[] = {
        {FA_ESCAPES_NONE, "/unit/a%40b", "a%40b", FA_ALLOWED},
        {FA_ESCAPES_NONE, "/unit/a%40b", "a@b", FA_OWNER_REFUSED},
        {FA_ESCAPES_RAW, "/unit/a%40b", "a@b", FA_ALLOWED},
        {FA_ESCAPES_RAW, "/unit/a%40b", "a%40b", FA_OWNER_REFUSED},
        {FA_ESCAPES_RAW, "/unit/a%00b", "a", FA_OWNER_REFUSED},
        {FA_ESCAPES_RAW, "/unit/alice", "alice", FA_ALLOWED},
        {FA_ESCAPES_UNCLEAR, "/unit/a%40b", "a@b", FA_OWNER_REFUSED},
        {FA_ESCAPES_UNCLEAR, "/unit/a%40b", "a%40b", FA_OWNER_REFUSED},
        {FA_ESCAPES_UNCLEAR, "/unit/alice", "alice", FA_ALLOWED},
    };

    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        unit_server server = {.password = FA_ALLOWED};
        fa_request *request = unit_request(&server);
        fa_identity caller = {.user = rows[i].user};
        fa_decision decision = {.identity = &caller};
        const fa_owner *owner =
            owner_of("APIOperation GET /{user} owner=path:user");

        request->path = rows[i].path;
        request->escapes = rows[i].escapes;
        ck_assert_msg(fa_owner_judge(request, owner, &decision) ==
                          rows[i].verdict,
                      "%d", (int)i);
    }
}
END_TEST

/* --- by the path ---------------------------------------------------------- */

#define GROUP  UNIT_MATCH "\nRequireOwner path:user_id"
#define HIDDEN GROUP " hide"
#define SECOND "^/(?<a>[^/]+)/(?<user>[^/]+)$\nRequireOwner path:user"
/* A group that need not take part. */
#define MAYBE "^/x/?(?<user>[^/]+)?$\nRequireOwner path:user"
/* In <Location /unit>. */
#define TEMPLATE "APIOperation GET /{a}/x/{user} owner=path:user"

static const struct {
    const char *text, *path;
    fa_verdict verdict;
} paths[] = {
    {GROUP, "/unit/alice", FA_ALLOWED},
    {GROUP, "/unit/bob", FA_OWNER_REFUSED},
    {HIDDEN, "/unit/alice", FA_ALLOWED},
    {HIDDEN, "/unit/bob", FA_NOT_FOUND},
    /* Byte for byte. */
    {GROUP, "/unit/Alice", FA_OWNER_REFUSED},
    {GROUP, "/unit/alice ", FA_OWNER_REFUSED},
    {GROUP, "/unit/ alice", FA_OWNER_REFUSED},
    {GROUP, "/unit/alic", FA_OWNER_REFUSED},
    {GROUP, "/unit/alice\xff", FA_OWNER_REFUSED},
    {GROUP, "/unit/%61lice", FA_OWNER_REFUSED},
    {SECOND, "/alice/bob", FA_OWNER_REFUSED},
    {SECOND, "/bob/alice", FA_ALLOWED},
    /* Nobody is named: whatever the reason, it is not the caller's. */
    {GROUP, "/elsewhere/alice", FA_OWNER_REFUSED},
    {HIDDEN, "/elsewhere/alice", FA_NOT_FOUND},
    {MAYBE, "/x/alice", FA_ALLOWED},
    {MAYBE, "/x", FA_OWNER_REFUSED},
    {TEMPLATE, "/unit/7/x/alice", FA_ALLOWED},
    {TEMPLATE, "/unit/7/x/bob", FA_OWNER_REFUSED},
    {TEMPLATE, "/unit/alice/x/bob", FA_OWNER_REFUSED},
    {TEMPLATE, "//unit///7//X/alice/", FA_ALLOWED},
    {TEMPLATE, "//unit///alice//x/bob//", FA_OWNER_REFUSED},
    {TEMPLATE, "/unit/7/x/ALICE", FA_OWNER_REFUSED},
};

START_TEST(owner_is_who_the_path_names)
{
    unit_server server = {.label = NULL};
    fa_decision decision;

    ck_assert_int_eq(judge(paths[_i].text, paths[_i].path, &server, &decision),
                     paths[_i].verdict);
    ck_assert_int_eq(decision.reason == NULL, paths[_i].verdict == FA_ALLOWED);
    if (paths[_i].verdict == FA_ALLOWED)
        ck_assert_str_eq(decision.owner, "alice");
    /* No database was asked. */
    ck_assert_ptr_null(server.label);
}
END_TEST

START_TEST(user_without_a_name_owns_nothing)
{
    static const fa_identity nobody = {.user = ""};
    unit_server server = {.database = FA_ALLOWED, .owner = ""};
    fa_request *request = unit_request(&server);
    fa_decision decision = {.identity = &nobody};

    request->path = "/x";
    ck_assert_int_eq(fa_owner_judge(request, owner_of(MAYBE), &decision),
                     FA_OWNER_REFUSED);
    request->path = "/unit/7";
    ck_assert_int_eq(
        fa_owner_judge(request, owner_of(UNIT_MATCH "\nRequireOwner query:q"),
                       &decision),
        FA_OWNER_REFUSED);
    ck_assert_ptr_null(decision.owner);
}
END_TEST

/* --- by a database -------------------------------------------------------- */

#define QUERY UNIT_MATCH "\nRequireOwner query:owner_of"

static const struct {
    const char *owner; /* as found; NULL: no row; "": nobody's */
    fa_verdict plain, hidden;
    fa_verdict database;
} found[] = {
    {"alice", FA_ALLOWED, FA_ALLOWED, FA_ALLOWED},
    {"bob", FA_OWNER_REFUSED, FA_NOT_FOUND, FA_ALLOWED},
    {"Alice", FA_OWNER_REFUSED, FA_NOT_FOUND, FA_ALLOWED},
    {"alice ", FA_OWNER_REFUSED, FA_NOT_FOUND, FA_ALLOWED},
    {"", FA_OWNER_REFUSED, FA_NOT_FOUND, FA_ALLOWED},
    {NULL, FA_NOT_FOUND, FA_NOT_FOUND, FA_ALLOWED},
    {"alice", FA_UNAVAILABLE, FA_UNAVAILABLE, FA_UNAVAILABLE},
    {"alice", FA_UNDECIDED, FA_UNDECIDED, FA_UNDECIDED},
};

START_TEST(owner_is_who_the_database_names)
{
    unit_server server = {.database = found[_i].database,
                          .owner = found[_i].owner};
    fa_decision decision;

    ck_assert_int_eq(judge(QUERY, "/unit/7", &server, &decision),
                     found[_i].plain);
    ck_assert_str_eq(server.label, "owner_of");
    ck_assert_int_eq(decision.reason == NULL, found[_i].plain == FA_ALLOWED);
    ck_assert_int_eq(judge(QUERY " hide", "/unit/7", &server, &decision),
                     found[_i].hidden);
    /* A98: who may pass by is not even asked about. */
    server.label = NULL;
    ck_assert_int_eq(judge(QUERY " bypass=x,r", "/unit/7", &server, &decision),
                     found[_i].plain);
    ck_assert_str_eq(server.label, "owner_of");
}
END_TEST

START_TEST(role_that_passes_by_does_not_look)
{
    static const char *const rows[][2] = {
        {QUERY " bypass=admin", "admin"},
        {QUERY " hide bypass=x,admin", "admin"},
        {GROUP " bypass=admin", "y admin"}};

    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        fa_identity identity = {.user = "root",
                                .roles = fa_text_words(unit_pool, rows[i][1])};
        unit_server server = {.database = FA_UNAVAILABLE};
        fa_request *request = unit_request(&server);
        fa_decision decision = {.identity = &identity};

        request->path = "/unit/7";
        ck_assert_int_eq(
            fa_owner_judge(request, owner_of(rows[i][0]), &decision),
            FA_ALLOWED);
        ck_assert_ptr_null(server.label);
        ck_assert_ptr_null(decision.owner);
        identity.roles = fa_text_words(unit_pool, "Admin admins *");
        ck_assert_int_ne(
            fa_owner_judge(request, owner_of(rows[i][0]), &decision),
            FA_ALLOWED);
    }
}
END_TEST

/* Each a value, as it came. */
static const char *const hostile[] = {
    "7",
    "01",
    "+1",
    "1.0",
    " 1",
    "1 ",
    "1' OR '1'='1",
    "1;DROP TABLE posts",
    "1--",
    "1/*",
    "\"1\"",
    "%s",
    "$1",
    "?",
    ":a",
    "\\",
    "'",
    "\n",
    "\x01",
    "18446744073709551617",
    "1\tunion select",
    "\xc3\xa4",
    "-1",
    "1e0",
    "0x1",
};

START_TEST(parts_are_bound_as_they_came)
{
    static const char lines[] =
        "^/u/(?<a>[^/]+)/(?<b>[^/]+)$\nRequireOwner query:owner_of";
    unit_server server = {.database = FA_ALLOWED, .owner = "alice"};
    fa_decision decision;
    const fa_path_part *parts;

    ck_assert_int_eq(judge(lines,
                           apr_pstrcat(unit_pool, "/u/x/", hostile[_i], NULL),
                           &server, &decision),
                     strchr(hostile[_i], '/') ? FA_NOT_FOUND : FA_ALLOWED);
    if (strchr(hostile[_i], '/'))
        return;
    ck_assert_int_eq(server.parts->nelts, 2);
    parts = (const fa_path_part *)server.parts->elts;
    ck_assert_str_eq(parts[0].name, "a");
    ck_assert_str_eq(parts[0].value, "x");
    ck_assert_str_eq(parts[1].name, "b");
    ck_assert_str_eq(parts[1].value, hostile[_i]);
    /* As an operation's parameters they are the same. */
    ck_assert_int_eq(
        judge("APIOperation GET /{a}/{b} owner=query:owner_of",
              apr_pstrcat(unit_pool, "/unit/x/", hostile[_i], NULL), &server,
              &decision),
        FA_ALLOWED);
    parts = (const fa_path_part *)server.parts->elts;
    ck_assert_str_eq(parts[1].value, hostile[_i]);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_nothing_there)
{
    static const char *const bytes[] = {"\xff", "a\x80", "\xc0\xaf",
                                        "\xed\xa0\x80", "\xf5\x80\x80\x80"};
    unit_server server = {.database = FA_ALLOWED, .owner = "alice"};
    fa_decision decision;

    for (size_t i = 0; i < UNIT_COUNT(bytes); i++) {
        ck_assert_int_eq(judge(QUERY,
                               apr_pstrcat(unit_pool, "/unit/", bytes[i], NULL),
                               &server, &decision),
                         FA_NOT_FOUND);
        ck_assert_ptr_null(server.label);
    }
}
END_TEST

/* --- statements ----------------------------------------------------------- */

static const struct {
    const char *sql;
    int parameters;
} statements[] = {
    {"", 0},
    {"SELECT owner FROM posts WHERE id = %s", 1},
    {"SELECT owner FROM posts WHERE id = %s AND blog = %s", 2},
    {"SELECT %d%u%lf%pDt", 4},
    {"SELECT '100%%s' || %s", 1},
    {"SELECT '%' || %s || '%'", 1},
    {"SELECT 7 % 2, %", 0},
    {"%", 0},
    {"%s%", 1},
    {"SELECT owner FROM posts WHERE id = %pDb", -1},
    {"SELECT %s, %pDc", -1},
};

START_TEST(parameters_of_a_statement_are_counted)
{
    ck_assert_int_eq(fa_owner_parameters(statements[_i].sql),
                     statements[_i].parameters);
}
END_TEST

/* What changes who may pass is part of what an operation demands. */
START_TEST(operation_with_another_bypass_demands_something_else)
{
    const char *const lines[] = {
        "APIOperation GET /{a} owner=path:a",
        "APIOperation GET /{a} owner=path:a bypass=r",
        "APIOperation GET /{a} owner=path:a bypass=s",
        "APIOperation GET /{a} owner=path:a hide",
        "APIOperation GET /{a} owner=query:a",
    };

    for (size_t i = 0; i < UNIT_COUNT(lines); i++) {
        for (size_t j = 0; j < UNIT_COUNT(lines); j++) {
            const fa_policy *a = unit_policy(lines[i]);
            const fa_policy *b = unit_policy(lines[j]);

            ck_assert_int_eq(fa_operations_lose(a->operations,
                                                1u << FA_DEMAND_OWNER,
                                                b->operations) == NULL,
                             i == j);
        }
    }
}
END_TEST

int main(void)
{
    TCase *owner = unit_case("owner");

    tcase_add_loop_test(owner, owner_is_who_the_path_names, 0,
                        UNIT_ROWS(paths));
    tcase_add_test(owner, path_is_read_as_a_backend_reads_it);
    tcase_add_test(owner, user_without_a_name_owns_nothing);
    tcase_add_loop_test(owner, owner_is_who_the_database_names, 0,
                        UNIT_ROWS(found));
    tcase_add_test(owner, role_that_passes_by_does_not_look);
    tcase_add_loop_test(owner, parts_are_bound_as_they_came, 0,
                        UNIT_ROWS(hostile));
    tcase_add_test(owner, bytes_that_are_no_text_are_nothing_there);
    tcase_add_loop_test(owner, parameters_of_a_statement_are_counted, 0,
                        UNIT_ROWS(statements));
    tcase_add_test(owner, operation_with_another_bypass_demands_something_else);
    return unit_run("t_owner", owner, NULL);
}
