/* A caller has exactly what one credential says.
 * Tests of fa_identity. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_identity.h"
#include "fa_json.h"
#include "fa_text.h"

static const struct {
    const char *text;
    bool is_user;
} users[] = {
    {"alice", true},
    {"a", true},
    {"alice smith", true},
    {"alice@example.com", true},
    {"../../etc/passwd", true},
    {"' OR 1=1 --", true},
    {"\xc3\x84rger", true},
    {"\xd0\xb0lice", true}, /* Cyrillic a: another user, not this one */
    {"\xf0\x9f\x98\x80", true},
    {"", false},
    {"alice\n", false},
    {"alice\r\nX-Auth-User: admin", false},
    {"\talice", false},
    {"\x1b[31malice", false},
    {"\x7f", false},
    {"\xc4rger", false},     /* Latin-1 */
    {"\xed\xa0\x80", false}, /* a surrogate */
    {"\xc0\xaf", false},     /* overlong */
    {"\xf4\x90\x80\x80", false},
};

START_TEST(user_is_a_name)
{
    ck_assert_msg(fa_identity_is_user(users[_i].text) == users[_i].is_user,
                  "%s", users[_i].text);
}
END_TEST

START_TEST(user_has_at_most_255_bytes)
{
    ck_assert(fa_identity_is_user(unit_repeat("a", FA_USER_MAX)));
    ck_assert(!fa_identity_is_user(unit_repeat("a", FA_USER_MAX + 1)));
    ck_assert(!fa_identity_is_user(unit_repeat("\xc3\xa4", 128)));
}
END_TEST

/* A34: what is like a scope is none. */
static const char *const near_misses[] = {
    "admin:rea",    "admin:readx",
    "Admin:read",   "ADMIN:READ",
    "admin",        "admin:",
    "admin:*",      "*",
    "admin:read ",  " admin:read",
    "admin%3Aread", "",
    "read",         "admin:read users:read",
};

START_TEST(scope_and_role_are_compared_whole)
{
    fa_identity identity = {
        .scopes = fa_text_words(unit_pool, "users:read admin:read"),
        .roles = fa_text_words(unit_pool, "users:read admin:read"),
    };
    const char *miss = near_misses[_i];

    ck_assert(fa_identity_has_scope(&identity, "admin:read"));
    ck_assert(fa_identity_has_role(&identity, "admin:read"));
    ck_assert(!fa_identity_has_scope(&identity, miss));
    ck_assert(!fa_identity_has_role(&identity, miss));
    /* And the other way round: a wildcard carried is just a word. */
    identity.scopes = identity.roles = fa_text_words(unit_pool, miss);
    if (!strstr(miss, " "))
        ck_assert(!fa_identity_has_scope(&identity, "admin:read"));
}
END_TEST

START_TEST(scope_is_no_role)
{
    fa_identity identity = {.scopes = fa_text_words(unit_pool, "admin")};

    ck_assert(!fa_identity_has_role(&identity, "admin"));
    identity.roles = identity.scopes;
    identity.scopes = NULL;
    ck_assert(!fa_identity_has_scope(&identity, "admin"));
}
END_TEST

static const char claims[] =
    "{\"tenant\":\"acme\",\"level\":42,\"text\":\"42\",\"paid\":true,"
    "\"not\":false,\"nothing\":null,\"half\":0.5,\"empty\":\"\","
    "\"groups\":[\"a\",\"b\",7,true,null,[\"c\"],{\"d\":1}],\"none\":[],"
    "\"org\":{\"id\":\"x\",\"name\":\"Acme\"},\"a.b\":\"dotted\","
    "\"a\":{\"b\":\"nested\"},\"big\":9007199254740993,\"minus\":-1}";

static const struct {
    const char *name;
    const char *value;
    bool has;
} values[] = {
    {"tenant", "acme", true},
    {"tenant", "acm", false},
    {"tenant", "Acme", false},
    {"tenant", "acme ", false},
    {"Tenant", "acme", false},
    {"tenan", "acme", false},
    {"", "acme", false},
    {"level", "42", true},
    {"level", "042", false},
    {"level", "42.0", false},
    {"level", "+42", false},
    {"text", "42", true},
    {"big", "9007199254740993", true},
    {"big", "9007199254740992", false},
    {"minus", "-1", true},
    {"paid", "true", true},
    {"paid", "1", false},
    {"paid", "false", false},
    {"not", "false", true},
    {"not", "", false},
    {"nothing", "null", false},
    {"nothing", "", false},
    {"half", "0.5", false},
    {"empty", "", true},
    {"groups", "a", true},
    {"groups", "b", true},
    {"groups", "7", true},
    {"groups", "true", true},
    {"groups", "null", false},
    {"groups", "c", false},
    {"groups", "a b", false},
    {"none", "", false},
    {"org", "x", false},
    {"org.id", "x", true},
    {"org.id", "Acme", false},
    {"org.id.", "x", false},
    {"org.", "x", false},
    {".org.id", "x", false},
    {"tenant.id", "acme", false},
    {"groups.0", "a", false},
    {"a.b", "dotted", true},
    {"a.b", "nested", false},
    {"missing", "", false},
};

START_TEST(claim_is_a_value_or_holds_it)
{
    json_t *object;
    fa_identity identity = {.user = "alice"};

    ck_assert(
        !fa_identity_has_claim(&identity, values[_i].name, values[_i].value));
    ck_assert_int_eq(
        fa_json_object(unit_pool, claims, sizeof claims - 1, &object),
        APR_SUCCESS);
    identity.claims = object;
    ck_assert_msg(fa_identity_has_claim(&identity, values[_i].name,
                                        values[_i].value) == values[_i].has,
                  "%s %s", values[_i].name, values[_i].value);
}
END_TEST

int main(void)
{
    TCase *identity = unit_case("identity");

    tcase_add_loop_test(identity, user_is_a_name, 0, UNIT_ROWS(users));
    tcase_add_test(identity, user_has_at_most_255_bytes);
    tcase_add_loop_test(identity, scope_and_role_are_compared_whole, 0,
                        UNIT_ROWS(near_misses));
    tcase_add_test(identity, scope_is_no_role);
    tcase_add_loop_test(identity, claim_is_a_value_or_holds_it, 0,
                        UNIT_ROWS(values));
    return unit_run("t_identity", identity, NULL);
}
