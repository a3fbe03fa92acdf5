/* Whatever the configuration holds, JSON and metrics stay what they are, and
 * say every count once. Tests of fa_status and fa_status_machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_status.h"

#include <ctype.h>

#include <apr_hash.h>

/* --- Prometheus: exposition format 0.0.4, read strictly ------------------- */

static const char *metric_name(const char *at, char name[128])
{
    size_t size = 0;

    ck_assert(isalpha((unsigned char)*at) || *at == '_' || *at == ':');
    while (isalnum((unsigned char)*at) || *at == '_' || *at == ':') {
        ck_assert_uint_lt(size, 127);
        name[size++] = *at++;
    }
    name[size] = '\0';
    return at;
}

static const char *label(const char *at)
{
    char name[128];

    at = metric_name(at, name);
    ck_assert_ptr_eq(strchr(name, ':'), NULL);
    ck_assert(at[0] == '=' && at[1] == '"');
    for (at += 2; *at != '"'; at++) {
        ck_assert(*at != '\0' && *at != '\n');
        if (*at == '\\') {
            at++;
            ck_assert(*at == '\\' || *at == '"' || *at == 'n');
        }
    }
    return at + 1;
}

/* Name, labels, one integer; the text up to the number is the series. */
static const char *sample(const char *line, char name[128])
{
    const char *at = metric_name(line, name);

    if (*at == '{') {
        do
            at = label(at + 1);
        while (*at == ',');
        ck_assert_int_eq(*at++, '}');
    }
    ck_assert_int_eq(*at, ' ');
    ck_assert(isdigit((unsigned char)at[1]));
    ck_assert_uint_eq(strspn(at + 1, "0123456789"), strlen(at + 1));
    return at;
}

/* Each family has HELP and TYPE before its samples, once; no series twice.
 * Returns how many samples there are. */
static int check_metrics(const char *text)
{
    apr_hash_t *types = apr_hash_make(unit_pool);
    apr_hash_t *series = apr_hash_make(unit_pool);
    char name[128], *copy = apr_pstrdup(unit_pool, text), *end;
    int samples = 0;

    for (; *copy; copy = end + 1) {
        end = strchr(copy, '\n');
        ck_assert_msg(end != NULL, "no line feed at the end");
        *end = '\0';
        if (strncmp(copy, "# HELP ", 7) == 0) {
            ck_assert_int_eq(*metric_name(copy + 7, name), ' ');
            ck_assert_ptr_eq(apr_hash_get(types, name, APR_HASH_KEY_STRING),
                             NULL);
            ck_assert_ptr_eq(strchr(copy, '\\'), NULL);
        }
        else if (strncmp(copy, "# TYPE ", 7) == 0) {
            const char *type = metric_name(copy + 7, name);
            size_t size = strlen(name);

            ck_assert(strcmp(type, " counter") == 0 ||
                      strcmp(type, " gauge") == 0);
            ck_assert(strncmp(name, "fastauth_", 9) == 0);
            ck_assert_int_eq(strcmp(type, " counter") == 0,
                             size > 6 &&
                                 strcmp(name + size - 6, "_total") == 0);
            apr_hash_set(types, apr_pstrdup(unit_pool, name),
                         APR_HASH_KEY_STRING, type);
        }
        else {
            const char *key = apr_pstrmemdup(
                unit_pool, copy, (size_t)(sample(copy, name) - copy));

            ck_assert_msg(apr_hash_get(types, name, APR_HASH_KEY_STRING) !=
                              NULL,
                          "no TYPE before %s", copy);
            ck_assert_msg(apr_hash_get(series, key, APR_HASH_KEY_STRING) ==
                              NULL,
                          "twice: %s", copy);
            apr_hash_set(series, key, APR_HASH_KEY_STRING, "");
            samples++;
        }
    }
    return samples;
}

START_TEST(metrics_are_well_formed)
{
    const fa_status *status = unit_status(unit_hostile[_i]);
    int expected = 2 * FA_VERDICT_COUNT + 2 * 3 + 2 * 2 + 3 * 3 + 2 + 1 + 1;

    ck_assert_int_eq(check_metrics(fa_status_prometheus(status)), expected);
}
END_TEST

START_TEST(metrics_say_every_count)
{
    static const char *const lines[] = {
        "fastauth_decisions_total{verdict=\"allowed\",enforced=\"true\"} "
        "1001\n",
        "fastauth_decisions_total{verdict=\"undecided\",enforced=\"false\"} "
        "2000\n",
        "fastauth_section_decisions_total{server=\"main\",section=\"Location "
        "/api\",outcome=\"would_refuse\"} 13\n",
        "fastauth_section_decisions_total{server=\"h\\\"o'st\\\\:80\",section="
        "\"LocationMatch a\\\\x0ab\",outcome=\"allowed\"} 21\n",
        "fastauth_limit_requests_total{server=\"main\",section=\"LocationMatch "
        "30/1m\",limit=\"30/1m\",by=\"ip,claim:30/1m\",on=\"failure\",outcome="
        "\"refused\"} 32\n",
        "fastauth_store_keys{kind=\"header\"} 601\n",
        "fastauth_store_room_keys{kind=\"failure\"} 500\n",
        "fastauth_store_evictions_total{kind=\"other\"} 702\n",
        "fastauth_password_cache_lookups_total{result=\"hit\"} 51\n",
        "fastauth_password_cache_lookups_total{result=\"miss\"} 52\n",
        "fastauth_security_log_dropped_total 53\n",
        "fastauth_start_time_seconds 1795529689\n",
    };
    const char *text = fa_status_prometheus(unit_status("a\nb"));

    for (size_t i = 0; i < UNIT_COUNT(lines); i++)
        ck_assert_msg(strstr(text, lines[i]) != NULL, "%s in %s", lines[i],
                      text);
}
END_TEST

/* --- JSON ----------------------------------------------------------------- */

static json_t *parsed(const fa_status *status)
{
    const char *text = fa_status_json(status);
    json_error_t error;
    json_t *json;

    ck_assert_ptr_ne(text, NULL);
    json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "%s: %s", error.text, text);
    return json;
}

START_TEST(json_says_every_count)
{
    json_t *json = parsed(unit_status(unit_hostile[_i]));
    json_int_t allowed, undecided, refused, admitted, room, hits, since;
    json_int_t dropped;
    const char *server;
    size_t sections, limits;

    ck_assert_int_eq(
        json_unpack(json, "{s:I,s:{s:I},s:{s:I},s:{s:{s:I}},s:{s:I},s:{s:I}}",
                    "since", &since, "decisions", "allowed", &allowed,
                    "report_only", "undecided", &undecided, "store", "failure",
                    "room", &room, "password_cache", "hits", &hits,
                    "security_log", "dropped", &dropped),
        0);
    ck_assert_int_eq(since, 1795529689);
    ck_assert_int_eq(allowed, 1001);
    ck_assert_int_eq(undecided, 2000);
    ck_assert_int_eq(room, 500);
    ck_assert_int_eq(hits, 51);
    ck_assert_int_eq(dropped, 53);
    sections = json_array_size(json_object_get(json, "sections"));
    limits = json_array_size(json_object_get(json, "limits"));
    ck_assert_uint_eq(sections, 2);
    ck_assert_uint_eq(limits, 2);
    ck_assert_int_eq(
        json_unpack(json_array_get(json_object_get(json, "sections"), 1),
                    "{s:s,s:I}", "server", &server, "refused", &refused),
        0);
    ck_assert_str_eq(server, UNIT_STATUS_SERVER);
    ck_assert_int_eq(refused, 22);
    ck_assert_int_eq(
        json_unpack(json_array_get(json_object_get(json, "limits"), 1), "{s:I}",
                    "admitted", &admitted),
        0);
    ck_assert_int_eq(admitted, 41);
    json_decref(json);
}
END_TEST

START_TEST(nothing_counted_is_told_too)
{
    fa_status *status = fa_status_create(unit_pool);
    json_t *json = parsed(status);

    ck_assert_int_eq(check_metrics(fa_status_prometheus(status)),
                     2 * FA_VERDICT_COUNT + 2 + 1 + 1);
    ck_assert(json_is_null(json_object_get(json, "store")));
    json_decref(json);
}
END_TEST

/* --- gathered ------------------------------------------------------------- */

START_TEST(what_reads_the_same_is_one)
{
    static const fa_section here = {"Location", "/a", "one.conf", 1};
    static const fa_section again = {"Location", "/a", "two.conf", 2};
    fa_limit limit = unit_limit("x"), same = limit, other = limit;
    fa_status *status = fa_status_create(unit_pool);
    const fa_status_section *section;

    other.on_failure = true;
    fa_status_add_section(status, "main", &here, 1, 2, 3);
    fa_status_add_section(status, "main", &again, 10, 20, 30);
    fa_status_add_section(status, "host:80", &again, 1, 1, 1);
    fa_status_add_limit(status, "main", &limit, 1, 2);
    fa_status_add_limit(status, "main", &same, 10, 20);
    fa_status_add_limit(status, "main", &other, 1, 1);
    ck_assert_int_eq(status->sections->nelts, 2);
    ck_assert_int_eq(status->limits->nelts, 2);
    section = &APR_ARRAY_IDX(status->sections, 0, fa_status_section);
    ck_assert_uint_eq(section->allowed, 11);
    ck_assert_uint_eq(section->refused, 22);
    ck_assert_uint_eq(section->reported, 33);
    ck_assert_uint_eq(
        APR_ARRAY_IDX(status->limits, 0, fa_status_limit).admitted, 11);
    ck_assert_uint_eq(APR_ARRAY_IDX(status->limits, 0, fa_status_limit).refused,
                      22);
}
END_TEST

START_TEST(others_are_there_once_counted)
{
    fa_status *status = fa_status_create(unit_pool);

    fa_status_add_section(status, "main", NULL, 0, 0, 0);
    fa_status_add_limit(status, "main", NULL, 0, 0);
    ck_assert_int_eq(status->sections->nelts, 0);
    ck_assert_int_eq(status->limits->nelts, 0);
    fa_status_add_section(status, "main", NULL, 0, 1, 0);
    fa_status_add_limit(status, "main", NULL, 0, 1);
    ck_assert_int_eq(status->sections->nelts, 1);
    ck_assert_int_eq(status->limits->nelts, 1);
    check_metrics(fa_status_prometheus(status));
}
END_TEST

static const struct {
    unsigned by;
    const char *text;
} bys[] = {
    {FA_BY_IP, "ip"},
    {FA_BY_USER, "user"},
    {FA_BY_API_KEY, "api-key"},
    {FA_BY_LOCATION, "location"},
    {FA_BY_CLAIM, "claim:tenant"},
    {FA_BY_HEADER, "header:X-Org"},
    {~0u, "ip,user,api-key,location,claim:tenant,header:X-Org"},
};

START_TEST(by_reads_as_it_is_written)
{
    fa_limit limit = unit_limit("x");
    fa_status *status = fa_status_create(unit_pool);

    limit.by = bys[_i].by;
    limit.claim = "tenant";
    limit.header = "X-Org";
    fa_status_add_limit(status, "main", &limit, 0, 0);
    ck_assert_str_eq(APR_ARRAY_IDX(status->limits, 0, fa_status_limit).by,
                     bys[_i].text);
}
END_TEST

int main(void)
{
    TCase *status = unit_case("status");

    tcase_add_loop_test(status, metrics_are_well_formed, 0, UNIT_HOSTILE);
    tcase_add_test(status, metrics_say_every_count);
    tcase_add_loop_test(status, json_says_every_count, 0, UNIT_HOSTILE);
    tcase_add_test(status, nothing_counted_is_told_too);
    tcase_add_test(status, what_reads_the_same_is_one);
    tcase_add_test(status, others_are_there_once_counted);
    tcase_add_loop_test(status, by_reads_as_it_is_written, 0, UNIT_ROWS(bys));
    return unit_run("t_status", status, NULL);
}
