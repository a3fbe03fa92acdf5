/* Each outcome has a status, a word and a sentence, and refuses by default.
 * Tests of fa_verdict. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_text.h"
#include "fa_verdict.h"

static const fa_verdict_row *row_of(int verdict)
{
    return fa_verdict_row_of((fa_verdict)verdict);
}

START_TEST(forgetting_to_decide_refuses)
{
    ck_assert_int_eq(FA_UNDECIDED, 0);
    ck_assert_int_eq(row_of(FA_UNDECIDED)->status, 500);
    ck_assert_ptr_eq(row_of(FA_VERDICT_COUNT), row_of(FA_UNDECIDED));
    ck_assert_ptr_eq(row_of(FA_VERDICT_COUNT + 1), row_of(FA_UNDECIDED));
    ck_assert_ptr_eq(row_of(-1), row_of(FA_UNDECIDED));
}
END_TEST

START_TEST(one_outcome_alone_allows)
{
    for (int i = 0; i < FA_VERDICT_COUNT; i++)
        ck_assert_int_eq(row_of(i)->status < 400, i == FA_ALLOWED);
}
END_TEST

static const struct {
    const char *error;
    int status;
} errors[] = {
    /* RFC 6750 section 3.1 */
    {"invalid_request", 400},
    {"invalid_token", 401},
    {"insufficient_scope", 403},
};

START_TEST(oauth_error_goes_with_its_status)
{
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        const fa_verdict_row *row = row_of(i);
        int status = 0;

        for (size_t j = 0; row->error && j < UNIT_COUNT(errors); j++) {
            if (strcmp(errors[j].error, row->error) == 0)
                status = errors[j].status;
        }
        if (row->error)
            ck_assert_msg(status == row->status, "%s", row->word);
    }
}
END_TEST

/* RFC 9110 section 15.5.2: a 401 has a challenge; here only it and what RFC
 * 6750 asks for. */
START_TEST(challenge_goes_with_401_and_oauth_errors)
{
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        const fa_verdict_row *row = row_of(i);

        ck_assert_msg((row->status == 401) ==
                          (row->challenge == FA_CHALLENGE_ALL),
                      "%s", row->word);
        if (row->challenge != FA_CHALLENGE_ALL)
            ck_assert_msg((row->error != NULL) ==
                              (row->challenge != FA_CHALLENGE_NONE),
                          "%s", row->word);
    }
}
END_TEST

START_TEST(words_are_words_and_differ)
{
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        ck_assert(fa_text_is_token(row_of(i)->word));
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(row_of(i)->word, row_of(j)->word);
    }
}
END_TEST

/* They are put between quotes, in headers and in JSON, as they are. */
START_TEST(details_are_sentences_that_need_no_escape)
{
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        const char *detail = row_of(i)->detail;

        ck_assert_uint_eq(strcspn(detail, "\"\\<>&"), strlen(detail));
        ck_assert(!fa_text_has_control(detail, strlen(detail)));
        ck_assert(*detail >= 'A' && *detail <= 'Z');
        ck_assert_int_eq(detail[strlen(detail) - 1], '.');
    }
}
END_TEST

int main(void)
{
    TCase *verdict = unit_case("verdict");

    tcase_add_test(verdict, forgetting_to_decide_refuses);
    tcase_add_test(verdict, one_outcome_alone_allows);
    tcase_add_test(verdict, oauth_error_goes_with_its_status);
    tcase_add_test(verdict, challenge_goes_with_401_and_oauth_errors);
    tcase_add_test(verdict, words_are_words_and_differ);
    tcase_add_test(verdict, details_are_sentences_that_need_no_escape);
    return unit_run("t_verdict", verdict, NULL);
}
