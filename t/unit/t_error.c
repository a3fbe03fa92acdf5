/* The body of a refusal is small JSON of fixed sentences.
 * Tests of fa_error. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_error.h"

/* RFC 9110 section 15. */
static const struct {
    int status;
    const char *title, *type;
} statuses[] = {
    {400, "Bad Request", "bad_request"},
    {401, "Unauthorized", "authentication_error"},
    {403, "Forbidden", "authorization_error"},
    {404, "Not Found", "not_found"},
    {429, "Quota Exceeded", "rate_limit_exceeded"},
    {500, "Internal Server Error", "internal_error"},
    {503, "Service Unavailable", "service_unavailable"},
};

static size_t row_of(int status)
{
    for (size_t i = 0; i < UNIT_COUNT(statuses); i++) {
        if (statuses[i].status == status)
            return i;
    }
    ck_abort_msg("no title for %d", status);
    return 0;
}

/* The body as JSON, released with unit_pool. */
static json_t *body(fa_error_format format, const fa_decision *decision,
                    const char *expected_type)
{
    const char *type = NULL;
    const fa_policy policy = {.error_format = &format};
    const char *text = fa_error_body(unit_pool, &policy, decision, &type);
    json_t *json;

    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(strlen(text), 512);
    ck_assert_str_eq(type, expected_type);
    json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json != NULL, "%s", text);
    return json;
}

static void check_problem(const fa_decision *decision, const char *error)
{
    const fa_verdict_row *row = fa_verdict_row_of(decision->verdict);
    json_t *json = body(FA_ERROR_PROBLEM, decision, "application/problem+json");

    ck_assert_str_eq(
        unit_text(json, "type"),
        row->status == 429
            ? "https://iana.org/assignments/http-problem-types#quota-exceeded"
            : "about:blank");
    ck_assert_str_eq(unit_text(json, "title"),
                     statuses[row_of(row->status)].title);
    ck_assert_str_eq(unit_text(json, "detail"), row->detail);
    ck_assert_int_eq(json_integer_value(json_object_get(json, "status")),
                     row->status);
    ck_assert_pstr_eq(json_string_value(json_object_get(json, "error")), error);
    ck_assert_uint_eq(json_object_size(json),
                      error || row->status == 429 ? 5 : 4);
    json_decref(json);
}

static void check_fastopenapi(const fa_decision *decision)
{
    const fa_verdict_row *row = fa_verdict_row_of(decision->verdict);
    json_t *json = body(FA_ERROR_FASTOPENAPI, decision, "application/json");
    const json_t *error = json_object_get(json, "error");

    ck_assert_uint_eq(json_object_size(json), 1);
    ck_assert_uint_eq(json_object_size(error), 3);
    ck_assert_str_eq(unit_text(error, "type"),
                     statuses[row_of(row->status)].type);
    ck_assert_str_eq(unit_text(error, "message"), row->detail);
    ck_assert_int_eq(json_integer_value(json_object_get(error, "status")),
                     row->status);
    json_decref(json);
}

START_TEST(every_refusal_has_a_body)
{
    fa_scheme jwt = {.kind = FA_BEARER_JWT};
    fa_decision decision = {.verdict = (fa_verdict)_i};
    const fa_verdict_row *row = fa_verdict_row_of(decision.verdict);

    if (_i == FA_ALLOWED)
        return;
    check_problem(&decision,
                  row->challenge == FA_CHALLENGE_ALL ? NULL : row->error);
    check_fastopenapi(&decision);
    decision.presented = &jwt;
    check_problem(&decision, row->error);
    check_fastopenapi(&decision);
}
END_TEST

START_TEST(httpds_own_page_is_left_to_httpd)
{
    fa_decision decision = {.verdict = (fa_verdict)_i};
    const fa_error_format format = FA_ERROR_HTTPD;
    const fa_policy policy = {.error_format = &format};
    const char *type = "untouched";

    ck_assert_ptr_null(fa_error_body(unit_pool, &policy, &decision, &type));
    ck_assert_str_eq(type, "untouched");
}
END_TEST

/* A66: whatever came is not in it. */
START_TEST(nothing_of_a_request_is_reflected)
{
    fa_demand demand = {.kind = FA_DEMAND_SCOPE, .text = "secret-scope"};
    fa_identity identity = {.user = "secret-user"};
    fa_decision decision = {.verdict = (fa_verdict)_i,
                            .identity = &identity,
                            .failed = &demand,
                            .reason = "secret-reason"};
    static const fa_error_format formats[] = {FA_ERROR_PROBLEM,
                                              FA_ERROR_FASTOPENAPI};
    const char *type;

    for (size_t i = 0; i < UNIT_COUNT(formats); i++) {
        const fa_policy policy = {.error_format = &formats[i]};

        ck_assert_ptr_null(strstr(
            fa_error_body(unit_pool, &policy, &decision, &type), "secret-"));
    }
}
END_TEST

int main(void)
{
    TCase *error = unit_case("error");

    tcase_add_loop_test(error, every_refusal_has_a_body, 0, FA_VERDICT_COUNT);
    tcase_add_loop_test(error, httpds_own_page_is_left_to_httpd, 0,
                        FA_VERDICT_COUNT);
    tcase_add_loop_test(error, nothing_of_a_request_is_reflected, 0,
                        FA_VERDICT_COUNT);
    return unit_run("t_error", error, NULL);
}
