/* Policies of nested sections come to one, and demands only narrow it.
 * Tests of fa_policy. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_text.h"

/* What one section may say; the first one says nothing. */
static const char *const sections[] = {
    "",
    "AuthScheme bearer-jwt",
    "AuthScheme basic optional\nAuthPasswords file",
    "AuthScheme none",
    "RequireScope a",
    "RequireScope none",
    "RequireRole r s\nRequireClaim c v\nAuthReportOnly off",
    "RequireRole none\nRequireScope b\nAuthErrorFormat httpd",
    "RequireAddress 192.0.2.0/24\nAuthRequireTLS on",
    "RequireAddress none\nAuthRequireTLS off\nAuthIdentityHeaders X-Auth-",
    "AuthScheme api-key-header\nAuthTokenSource query:t",
    "AuthStripCredentials on",
    "RequireClaim none\nAuthIdentityHeaders off\nAuthReportOnly on",
    "APIOperation GET /{a} scope=a role=r\nAPIOperation POST role=s",
    "RequireScope c\nRequireRole none\nAPIOperation GET /b scope=b",
    "APIOperation none",
    "CORSOrigin *\nCORSMethods PUT\nSecurityHeaders on",
    "CORSOrigin none\nCORSHeaders X-A\nCORSMaxAge 1",
    "CORSMaxAge 2\nCORSCredentials off\nSecurityHeaders off",
    "RequirePermission p\nAPIOperation GET /{a} owner=path:a permission=q",
    "RequirePermission none\nRequireOwner none",
    UNIT_MATCH "\nRequireOwner path:user_id",
};

static bool same_demands(const fa_demands *a, const fa_demands *b)
{
    int count = a && a->list ? a->list->nelts : 0;

    if (count != (b && b->list ? b->list->nelts : 0))
        return false;
    for (int i = 0; i < count; i++) {
        if (APR_ARRAY_IDX(a->list, i, const fa_demand *) !=
            APR_ARRAY_IDX(b->list, i, const fa_demand *))
            return false;
    }
    return true;
}

/* Every field the same; of demands, the same in the same order. */
static bool same(const fa_policy *a, const fa_policy *b)
{
    fa_policy x = *a, y = *b;
    bool demands = same_demands(a->demands, b->demands);

    demands = demands && fa_operations_same(a->operations, b->operations);
    x.demands = y.demands = NULL;
    x.operations = y.operations = NULL;
    demands = demands && fa_cors_same(a->cors, b->cors);
    x.cors = y.cors = NULL;
#define SAME(type, name) demands = demands && x.name == y.name;
    FA_POLICY_FIELDS(SAME)
#undef SAME
    return demands;
}

static unsigned dropped(const fa_policy *policy)
{
    return policy->demands ? policy->demands->dropped : 0;
}

static fa_policy *merge(const fa_policy *parent, const fa_policy *child)
{
    return fa_policy_merge(unit_pool, parent, child);
}

START_TEST(merge_is_associative)
{
    const fa_policy *a = unit_policy(sections[_i]);

    for (size_t i = 0; i < UNIT_COUNT(sections); i++) {
        const fa_policy *b = unit_policy(sections[i]);

        for (size_t j = 0; j < UNIT_COUNT(sections); j++) {
            const fa_policy *c = unit_policy(sections[j]);

            const fa_policy *left = merge(merge(a, b), c);
            const fa_policy *right = merge(a, merge(b, c));

            ck_assert_msg(same(left, right), "%d, %d, %d", _i, (int)i, (int)j);
            ck_assert_uint_eq(dropped(left), dropped(right));
        }
    }
}
END_TEST

START_TEST(merging_with_empty_changes_nothing)
{
    const fa_policy *a = unit_policy(sections[_i]);
    const fa_policy *empty = fa_policy_create(unit_pool);

    ck_assert(same(merge(a, empty), a));
    ck_assert(same(merge(empty, a), a));
}
END_TEST

START_TEST(each_field_of_a_child_replaces_its_parents)
{
    fa_policy parent, child, *merged;

    /* Any addresses do: a merge copies pointers. */
    memset(&parent, 0, sizeof parent);
    memset(&child, 0, sizeof child);
#define POINT(type, name)                                            \
    parent.name = (void *)apr_palloc(unit_pool, sizeof(fa_schemes)); \
    child.name = (void *)apr_palloc(unit_pool, sizeof(fa_schemes));
    FA_POLICY_FIELDS(POINT)
#undef POINT
    parent.demands = child.demands = NULL;
    parent.operations = child.operations = NULL;
    parent.limits = child.limits = NULL;
    parent.cors = child.cors = NULL;
    merged = merge(&parent, &child);
#define REPLACES(type, name) ck_assert_ptr_eq(merged->name, child.name);
    FA_POLICY_FIELDS(REPLACES)
#undef REPLACES
    memset(&child, 0, sizeof child);
    merged = merge(&parent, &child);
#define INHERITS(type, name) ck_assert_ptr_eq(merged->name, parent.name);
    FA_POLICY_FIELDS(INHERITS)
#undef INHERITS
}
END_TEST

START_TEST(none_is_the_way_out)
{
    const fa_policy *guarded = unit_policy(
        UNIT_MATCH "\nAuthScheme bearer-jwt\nRequireScope a\nRequireRole r\n"
                   "RequireClaim c v\nRequireAddress 10.0.0.0/8\n"
                   "RequirePermission p\nRequireOwner path:user_id");
    const fa_policy *open = merge(guarded, unit_policy("AuthScheme none"));

    ck_assert(!fa_schemes_in_force(open->schemes));
    ck_assert_ptr_null(fa_demands_find(open->demands, FA_DEMANDS_OF_IDENTITY));
    /* An address needs no identity. */
    ck_assert_ptr_nonnull(
        fa_demands_find(open->demands, 1u << FA_DEMAND_ADDRESS));
    ck_assert(fa_policy_in_force(open));
    open = merge(open, unit_policy("RequireAddress none"));
    ck_assert(!fa_policy_in_force(open));
}
END_TEST

static const struct {
    const char *text;
    bool in_force;
} forces[] = {
    {"APIOperation GET /a", false},
    {"APIOperation none", false},
    {"APIOperation GET /a scope=a", true},
    {"APIOperation GET role=a", true},
    {"", false},
    {"AuthScheme none", false},
    {"RequireScope none", false},
    {"AuthRequireTLS off", false},
    {"AuthReportOnly on", false},
    {"AuthPasswords file", false},
    {"AuthScheme basic", true},
    {"AuthScheme basic optional", true},
    {"AuthRequireTLS on", true},
    {"AuthRequireTLS loopback", true},
    {"RequireAddress 10.0.0.0/8", true},
    {"RequireScope a", true},
    {"RequireRole a", true},
    {"RequireClaim a b", true},
    {"RequirePermission a", true},
    {UNIT_MATCH "\nRequireOwner path:user_id", true},
    {"APIOperation GET /{a} owner=path:a", true},
};

START_TEST(policy_that_can_refuse_is_in_force)
{
    ck_assert_msg(fa_policy_in_force(unit_policy(forces[_i].text)) ==
                      forces[_i].in_force,
                  "%s", forces[_i].text);
}
END_TEST

START_TEST(what_nobody_said_is_the_default)
{
    const fa_policy *empty = fa_policy_create(unit_pool);

    ck_assert_int_eq(fa_policy_tls(empty), FA_TLS_OFF);
    ck_assert_int_eq(fa_policy_error_format(empty), FA_ERROR_PROBLEM);
    ck_assert(!fa_policy_report_only(empty));
    ck_assert(!fa_policy_strips_credentials(empty));
    ck_assert_ptr_null(fa_policy_identity_prefix(empty));
    ck_assert_ptr_null(fa_policy_identity_prefix(
        merge(unit_policy("AuthIdentityHeaders X-"),
              unit_policy("AuthIdentityHeaders off"))));
}
END_TEST

START_TEST(same_policies_are_of_the_same_lines)
{
    const fa_policy *a = unit_policy(sections[_i]);

    ck_assert(fa_policy_same(a, a));
    for (size_t i = 0; i < UNIT_COUNT(sections); i++) {
        const fa_policy *both = merge(a, unit_policy(sections[i]));

        ck_assert_int_eq(fa_policy_same(both, a), same(both, a));
        ck_assert_int_eq(fa_policy_same(a, both), same(a, both));
    }
}
END_TEST

/* --- what a later section may take away ------------------------------------
 */

static const struct {
    const char *policy, *later;
    const char *taken; /* NULL: nothing */
} overrides[] = {
    {"AuthScheme basic", "", NULL},
    {"", "AuthScheme basic", NULL},
    {"AuthScheme basic", "AuthScheme basic", NULL},
    {"AuthScheme basic", "AuthScheme none", "AuthScheme"},
    {"AuthScheme basic", "AuthScheme basic optional", "AuthScheme"},
    {"RequireScope a", "RequireScope b", NULL},
    {"RequireScope a", "RequireScope none", "RequireScope"},
    {"RequireScope a", "RequireRole none", NULL},
    {"RequireAddress ::1", "RequireAddress none", "RequireAddress"},
    {"RequireClaim a b", "AuthScheme none", "RequireClaim"},
    {"RequirePermission a", "RequirePermission none", "RequirePermission"},
    {"RequirePermission a", "RequireRole none", NULL},
    {UNIT_MATCH "\nRequireOwner path:user_id", "RequireOwner none",
     "RequireOwner"},
    {UNIT_MATCH "\nRequireOwner path:user_id", "AuthScheme none",
     "RequireOwner"},
    {"AuthPasswords file", "AuthPasswords dbm", "AuthPasswords"},
    {"AuthTokenSource header", "AuthTokenSource query:t", "AuthTokenSource"},
    {"AuthRequireTLS on", "AuthRequireTLS off", "AuthRequireTLS"},
    {"AuthRequireTLS on", "AuthRequireTLS on", NULL},
    {"AuthScheme basic", "AuthReportOnly on", "AuthReportOnly"},
    {"", "AuthReportOnly on", NULL},
    {"AuthErrorFormat problem", "AuthErrorFormat httpd", NULL},
    /* In force already only to report; for another scheme; a role dropped. */
    {"AuthScheme basic\nAuthReportOnly on", "AuthReportOnly on", NULL},
    {"RequireAddress ::1", "AuthReportOnly on", "AuthReportOnly"},
    {"RequireAddress ::1", "AuthScheme none", NULL},
    {"RequireRole a", "RequireRole none", "RequireRole"},
    {"AuthPasswords file", "AuthPasswords file", "AuthPasswords"},
    {"AuthScheme basic", "AuthIdentityHeaders X-\nAuthStripCredentials on",
     NULL},
    {"RateLimit 5/1m", "RateLimit none", "RateLimit"},
    {"RateLimit 5/1m", "RateLimit none on=failure", NULL},
    {"RateLimit 5/1m", "RateLimit 1/1m", NULL},
    /* The throttles that hold by themselves. */
    {"AuthScheme basic", "RateLimit none", "RateLimit"},
    {"AuthScheme basic", "RateLimit none on=failure", "RateLimit"},
    {"AuthScheme bearer-jwt api-key-header", "RateLimit none on=failure",
     "RateLimit"},
    {"AuthScheme bearer-jwt", "RateLimit none", NULL},
    {"AuthScheme basic\nRateLimit none on=failure", "RateLimit none", NULL},
};

START_TEST(what_lets_others_in_is_told)
{
    ck_assert_pstr_eq(fa_policy_override(unit_pool,
                                         unit_policy(overrides[_i].policy),
                                         unit_policy(overrides[_i].later)),
                      overrides[_i].taken);
}
END_TEST

static const struct {
    const char *later, *again;
    const char *left; /* of later, once again is said behind it */
} repeats[] = {
    {"AuthScheme none", "", "AuthScheme none"},
    {"AuthScheme none", "AuthErrorFormat httpd", "AuthScheme none"},
    {"AuthScheme none", "AuthScheme bearer-jwt\nRequireScope a",
     "RequireRole none\nRequireClaim none\nRequirePermission none\n"
     "RequireOwner none"},
    {"RequireScope none\nAuthReportOnly on", "AuthReportOnly off",
     "RequireScope none"},
    {"RequireScope none\nAuthReportOnly on", "RequireScope none",
     "AuthReportOnly on"},
    {"AuthPasswords file\nAuthTokenSource cookie:c\nAuthRequireTLS off",
     "AuthPasswords file\nAuthTokenSource header\nAuthRequireTLS on", ""},
};

START_TEST(policy_for_an_operation_has_its_demands)
{
    static const struct {
        const char *path;
        int method;
        const char *demands;
    } rows[] = {
        {"/unit/a/7", UNIT_GET, "own x y"},
        {"/unit//a/7/", UNIT_GET, "own x y"},
        {"/unit/a/me", UNIT_GET, "own x"},
        {"/unit/a/me", UNIT_PUT, "own z"},
        {"/unit/a/Me", UNIT_GET, "own x y"},
        {"/unit/b", UNIT_GET, "own x"},
        {"/unit/b", UNIT_POST, "own"},
        {"/unit", UNIT_GET, "own x"},
    };
    const fa_policy *policy = unit_policy(
        "AuthScheme bearer-jwt\nRequireScope own\nAPIOperation GET scope=x\n"
        "APIOperation GET /a/{id} role=y\nAPIOperation PUT /a/{id} role=z\n"
        "APIOperation GET /a/me");
    const fa_policy *whole =
        fa_policy_for(unit_pool, policy, rows[_i].path, rows[_i].method);
    apr_array_header_t *found = apr_array_make(unit_pool, 4, sizeof(char *));

    for (int i = 0; i < whole->demands->list->nelts; i++)
        APR_ARRAY_PUSH(found, const char *) =
            APR_ARRAY_IDX(whole->demands->list, i, const fa_demand *)->text;
    ck_assert_str_eq(fa_text_join(unit_pool, found), rows[_i].demands);
    ck_assert_ptr_null(whole->operations);
}
END_TEST

START_TEST(what_is_said_again_is_no_override)
{
    /* Everything that a section can lose. */
    static const char all[] =
        "AuthScheme basic\nAuthPasswords file\nAuthTokenSource query:t\n"
        "RequireScope a\nRequireRole b\nRequireClaim c d\nAuthRequireTLS on\n"
        "RequirePermission p\n" UNIT_MATCH "\nRequireOwner path:user_id";
    const fa_policy *later = unit_policy(repeats[_i].later);
    const fa_policy *again = unit_policy(repeats[_i].again);
    const fa_policy *wanted = unit_policy(repeats[_i].left);
    const fa_policy *left = fa_policy_less(unit_pool, later, again);

    ck_assert_pstr_eq(fa_policy_override(unit_pool, unit_policy(all), left),
                      fa_policy_override(unit_pool, unit_policy(all), wanted));
    ck_assert_uint_eq(dropped(left), dropped(wanted));
    ck_assert_ptr_null(fa_policy_override(
        unit_pool, unit_policy(all), fa_policy_less(unit_pool, later, later)));
}
END_TEST

/* --- demands only narrow ------------------------------------------------- */

static const char *const demands[] = {
    "RequireScope a",
    "RequireScope c",
    "RequireScope a b",
    "RequireRole r",
    "RequireRole x",
    "RequireClaim c v",
    "RequireClaim c w",
    "RequireAddress 192.0.2.0/24",
    "RequireAddress 10.0.0.1",
    "RequirePermission p",
    "RequirePermission q",
    UNIT_MATCH "\nRequireOwner path:user_id",
    UNIT_MATCH "\nRequireOwner query:q bypass=x",
};

static const char *const policies[] = {
    "",
    "AuthScheme none",
    "AuthScheme api-key-header",
    "AuthScheme api-key-header optional",
    "AuthScheme bearer-jwt",
    "AuthRequireTLS on",
    "AuthScheme api-key-header\nRequireScope a",
    "AuthScheme api-key-header\nRequireRole x",
};

static fa_verdict decide(const fa_policy *policy, const char *key)
{
    static const char file[] =
        /* sha256sum of "one" */
        "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed "
        "user=u scopes=a,b roles=r permissions=p";
    unit_server server = {
        .keys = FA_ALLOWED, .database = FA_ALLOWED, .owner = "u"};
    fa_request *request = unit_request(&server);
    fa_decision decision;

    if (key)
        server.headers[0][0] = "X-API-Key";
    server.headers[0][1] = key;
    ck_assert_ptr_null(fa_apikeys_parse(unit_pool, file, &server.file));
    request->path = "/unit/u";
    return fa_decide(request, policy, &decision);
}

START_TEST(one_demand_more_never_permits)
{
    static const char *const keys[] = {NULL, "", "one", "two"};
    const fa_policy *policy = unit_policy(policies[_i]);
    int permitted = 0, refused = 0;

    for (size_t k = 0; k < UNIT_COUNT(keys); k++) {
        fa_verdict before = decide(policy, keys[k]);

        for (size_t i = 0; i < UNIT_COUNT(demands); i++) {
            const fa_policy *more = merge(policy, unit_policy(demands[i]));

            for (size_t j = 0; j < UNIT_COUNT(demands); j++) {
                fa_verdict between = decide(more, keys[k]);
                fa_verdict after =
                    decide(merge(more, unit_policy(demands[j])), keys[k]);

                if (before != FA_ALLOWED)
                    ck_assert_int_ne(between, FA_ALLOWED);
                if (between != FA_ALLOWED)
                    ck_assert_int_ne(after, FA_ALLOWED);
                permitted += after == FA_ALLOWED;
                refused += after != FA_ALLOWED;
            }
        }
    }
    ck_assert_int_gt(refused, 0);
    ck_assert(permitted > 0 || strstr(policies[_i], "bearer") ||
              strstr(policies[_i], "TLS") || strstr(policies[_i], " x"));
}
END_TEST

int main(void)
{
    TCase *policy = unit_case("policy");

    tcase_add_loop_test(policy, merge_is_associative, 0, UNIT_ROWS(sections));
    tcase_add_loop_test(policy, merging_with_empty_changes_nothing, 0,
                        UNIT_ROWS(sections));
    tcase_add_test(policy, each_field_of_a_child_replaces_its_parents);
    tcase_add_test(policy, none_is_the_way_out);
    tcase_add_loop_test(policy, policy_for_an_operation_has_its_demands, 0, 8);
    tcase_add_loop_test(policy, policy_that_can_refuse_is_in_force, 0,
                        UNIT_ROWS(forces));
    tcase_add_test(policy, what_nobody_said_is_the_default);
    tcase_add_loop_test(policy, same_policies_are_of_the_same_lines, 0,
                        UNIT_ROWS(sections));
    tcase_add_loop_test(policy, what_lets_others_in_is_told, 0,
                        UNIT_ROWS(overrides));
    tcase_add_loop_test(policy, what_is_said_again_is_no_override, 0,
                        UNIT_ROWS(repeats));
    tcase_add_loop_test(policy, one_demand_more_never_permits, 0,
                        UNIT_ROWS(policies));
    return unit_run("t_policy", policy, NULL);
}
