/* The handler is told who is asking, and no header tells it otherwise.
 * Tests of fa_notes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <ctype.h>

#include "fa_notes.h"
#include "fa_text.h"

static const struct {
    const char *note, *variable, *suffix, *value;
} rows[] = {
    {"fastauth.user", "FASTAUTH_USER", "User", "alice"},
    {"fastauth.scheme", "FASTAUTH_SCHEME", "Scheme", "basic"},
    {"fastauth.scopes", "FASTAUTH_SCOPES", "Scopes", "a b"},
    {"fastauth.roles", "FASTAUTH_ROLES", "Roles", "r"},
    {"fastauth.permissions", "FASTAUTH_PERMISSIONS", "Permissions",
     "p q posts:*"},
    {"fastauth.claims", "FASTAUTH_CLAIMS", "Claims", "{}"},
    {"fastauth.key", "FASTAUTH_KEY", "Key", "k"},
    {"fastauth.issuer", "FASTAUTH_ISSUER", "Issuer", "i"},
    {"fastauth.owner", "FASTAUTH_OWNER", "Owner", "bob"},
};

START_TEST(names_and_values_are_in_their_places)
{
    fa_identity identity = {
        .user = "alice",
        .scheme = "basic",
        .issuer = "i",
        .key = "k",
        .payload = "{}",
        .scopes = fa_text_words(unit_pool, "a b"),
        .roles = fa_text_words(unit_pool, "r"),
        .permissions = fa_text_words(unit_pool, "p q"),
    };
    fa_section place = {"server", "", "unit.conf", 1};
    fa_roles *roles = fa_roles_create(unit_pool);
    fa_note notes[FA_NOTE_COUNT];

    ck_assert_uint_eq(UNIT_COUNT(rows), FA_NOTE_COUNT);
    ck_assert_ptr_null(
        fa_roles_add(unit_pool, roles, &place, "r",
                     fa_text_words(unit_pool, "p posts:* posts:*")));
    ck_assert_ptr_null(fa_roles_settle(unit_pool, roles));
    fa_notes_of(unit_pool, &identity, roles, "bob", notes);
    for (size_t i = 0; i < FA_NOTE_COUNT; i++) {
        ck_assert_str_eq(notes[i].note, rows[i].note);
        ck_assert_str_eq(notes[i].variable, rows[i].variable);
        ck_assert_str_eq(notes[i].suffix, rows[i].suffix);
        ck_assert_pstr_eq(notes[i].value, rows[i].value);
    }
}
END_TEST

START_TEST(nobody_has_nothing_to_tell)
{
    fa_note notes[FA_NOTE_COUNT];
    fa_identity identity = {.user = "alice", .scheme = "basic"};

    fa_notes_of(unit_pool, NULL, NULL, "bob", notes);
    for (size_t i = 0; i < FA_NOTE_COUNT; i++)
        ck_assert_ptr_null(notes[i].value);
    /* No list is not an empty one. */
    fa_notes_of(unit_pool, &identity, NULL, NULL, notes);
    ck_assert_ptr_null(notes[2].value);
    ck_assert_ptr_null(notes[4].value);
    ck_assert_ptr_null(notes[8].value);
    identity.scopes = identity.permissions = fa_text_words(unit_pool, "");
    fa_notes_of(unit_pool, &identity, NULL, NULL, notes);
    ck_assert_str_eq(notes[2].value, "");
    ck_assert_str_eq(notes[4].value, "");
}
END_TEST

/* A34: a handler would take them for the server's. */
START_TEST(wildcards_of_a_credential_are_not_told)
{
    fa_identity identity = {.user = "alice",
                            .scheme = "bearer-jwt",
                            .permissions =
                                fa_text_words(unit_pool, "* a:* b c*d e:f")};
    fa_note notes[FA_NOTE_COUNT];

    fa_notes_of(unit_pool, &identity, NULL, NULL, notes);
    ck_assert_str_eq(notes[4].value, "b e:f");
}
END_TEST

/* A60. */
static const struct {
    const char *header;
    bool ours;
} headers[] = {
    {"X-Auth-User", true},
    {"x-auth-user", true},
    {"X_Auth_User", true},
    {"X-AUTH_user", true},
    {"X.Auth.User", true},
    {"X-Auth~User", true},
    {"X-Auth-Scheme", true},
    {"X-Auth-Scopes", true},
    {"X-Auth-Roles", true},
    {"X-Auth-Permissions", true},
    {"X-Auth-Claims", true},
    {"X-Auth-Key", true},
    {"X-Auth-Issuer", true},
    {"X-Auth-Owner", true},
    {"X-Auth-Users", false},
    {"X-Auth-Use", false},
    {"X-Auth-", false},
    {"X-Auth", false},
    {"X-AuthUser", false},
    {"X--Auth-User", false},
    {"Auth-User", false},
    {"XX-Auth-User", false},
    {"X-Auth-User-", false},
    {"X-Auth-Email", false},
    {"", false},
    {"User", false},
    {"Authorization", false},
    {"X-Auth--User", false},
};

START_TEST(header_that_reads_as_ours_is_ours)
{
    ck_assert_msg(fa_note_is_header(headers[_i].header, "X-Auth-") ==
                      headers[_i].ours,
                  "%s", headers[_i].header);
}
END_TEST

/* As CGI folds a name: whatever is the same variable is the same header. */
START_TEST(names_of_one_variable_are_one)
{
    for (int c = 1; c < 256; c++) {
        char header[] = "X-Auth-User";
        bool same = !isalnum(c);

        header[1] = (char)c;
        ck_assert_int_eq(fa_note_is_header(header, "X-Auth-"), same);
        header[1] = '-';
        header[6] = (char)c;
        ck_assert_int_eq(fa_note_is_header(header, "X-Auth-"), same);
    }
}
END_TEST

START_TEST(prefix_may_be_anything)
{
    ck_assert(fa_note_is_header("User", ""));
    ck_assert(fa_note_is_header("XUser", "X"));
    ck_assert(fa_note_is_header("X-API-Key", "X-API-"));
    ck_assert(!fa_note_is_header("X-API-Key", "X-API-Key"));
}
END_TEST

int main(void)
{
    TCase *notes = unit_case("notes");

    tcase_add_test(notes, names_and_values_are_in_their_places);
    tcase_add_test(notes, nobody_has_nothing_to_tell);
    tcase_add_test(notes, wildcards_of_a_credential_are_not_told);
    tcase_add_loop_test(notes, header_that_reads_as_ours_is_ours, 0,
                        UNIT_ROWS(headers));
    tcase_add_test(notes, names_of_one_variable_are_one);
    tcase_add_test(notes, prefix_may_be_anything);
    return unit_run("t_notes", notes, NULL);
}
