/* Who is counted with whom, and what a request pays: all of it or nothing.
 * Tests of fa_weigh. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_policy.h"

#include "fa_authn.h"
#include "fa_weigh.h"

/* sha256sum of "one", its first eight bytes. */
#define ONE "7692c3ad3540bb80"

/* A server whose counters are a table without a clock. */
typedef struct desk {
    unit_server server; /* first: it is the context of every answer */
    struct {
        const char *name; /* counter and caller */
        uint32_t used;
    } counters[16];
    size_t count;
    fa_verdict broken; /* what take answers, where it is not zero */
    int broken_from;   /* from this call on, 0-based */
    int takes;
    int good, bad; /* permits settled */
} desk;

static uint32_t *counter_of(desk *table, const fa_ask *ask)
{
    const char *name =
        apr_pstrcat(unit_pool, ask->limit->counter, "|", ask->caller, NULL);

    ck_assert_uint_eq(strlen(ask->caller), ask->caller_size);
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->counters[i].name, name) == 0)
            return &table->counters[i].used;
    }
    ck_assert_uint_lt(table->count, UNIT_COUNT(table->counters));
    table->counters[table->count].name = name;
    return &table->counters[table->count++].used;
}

static fa_verdict take(void *context, fa_ask *asks, size_t count)
{
    desk *table = context;
    bool within = true;

    ck_assert_uint_gt(count, 0);
    if (table->takes++ >= table->broken_from && table->broken)
        return table->broken;
    for (size_t i = 0; i < count; i++) {
        const fa_limit *limit = asks[i].limit;

        ck_assert(!asks[i].taken);
        asks[i].within =
            *counter_of(table, &asks[i]) + limit->cost <= limit->rate.limit;
        within = within && asks[i].within;
    }
    for (size_t i = 0; within && i < count; i++) {
        asks[i].taken = true;
        *counter_of(table, &asks[i]) += asks[i].limit->cost;
    }
    return within ? FA_ALLOWED : FA_RATE_EXCEEDED;
}

static void settle(void *context, const fa_ask *ask, bool was_good)
{
    desk *table = context;

    ck_assert(ask->taken);
    table->good += was_good;
    table->bad += !was_good;
    if (was_good)
        *counter_of(table, ask) -= ask->limit->cost;
}

static fa_request *request_to(desk *table)
{
    fa_request *request = unit_request(&table->server);
    fa_answers *answers =
        apr_pmemdup(unit_pool, request->answers, sizeof *answers);

    answers->take = take;
    answers->settle = settle;
    request->answers = answers;
    return request;
}

/* Permits taken under the limit of this name, whoever took them. */
static uint32_t used(const desk *table, const fa_policy *policy,
                     const char *name)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_policy_limits(policy, limits);
    uint32_t sum = 0;
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        const char *start =
            apr_pstrcat(unit_pool, limits[i]->counter, "|", NULL);

        if (strcmp(limits[i]->name, name) != 0)
            continue;
        found = true;
        for (size_t j = 0; j < table->count; j++) {
            if (strncmp(table->counters[j].name, start, strlen(start)) == 0)
                sum += table->counters[j].used;
        }
    }
    ck_assert_msg(found, "no limit %s", name);
    return sum;
}

static void come_with(desk *table, const char *name, const char *value)
{
    table->server.headers[0][0] = name;
    table->server.headers[0][1] = value;
}

#define ALICE "Basic YWxpY2U6cHc=" /* alice:pw */
#define AliCE "Basic QWxpQ0U6cHc=" /* AliCE:pw */
#define BOB   "Basic Ym9iOnB3"     /* bob:pw */

/* --- whose counter ------------------------------------------------------- */

static const struct {
    const char *limit;
    const char *address;       /* NULL: it has no form */
    const char *headers[2][2]; /* the first may be the credential */
    const char *caller;
} firsts[] = {
    {"by=ip", "192.0.2.1", {{NULL}}, "ip8:c0000201"},
    {"by=ip", "::ffff:192.0.2.1", {{NULL}}, "ip8:c0000201"},
    {"by=ip", "2001:db8:1:2:3:4:5:6", {{NULL}}, "ip16:20010db800010002"},
    {"by=ip", "2001:db8:1:2::", {{NULL}}, "ip16:20010db800010002"},
    {"by=ip", "2001:db8:1:3::", {{NULL}}, "ip16:20010db800010003"},
    {"by=ip", "::1", {{NULL}}, "ip16:0000000000000000"},
    {"by=ip", NULL, {{NULL}}, "ip0:"},
    {"by=location", "192.0.2.1", {{NULL}}, ""},
    {"by=ip,location", "192.0.2.1", {{NULL}}, "ip8:c0000201"},
    {"by=header:X-T", "192.0.2.1", {{"x-t", "abc"}}, "header3:abc"},
    {"by=header:X-T", "192.0.2.1", {{"x-t", ""}}, "header0:"},
    {"by=header:X-T", "192.0.2.1", {{"X-U", "abc"}}, "ip8:c0000201"},
    {"by=header:X-T,ip", "192.0.2.1", {{"X-T", "a"}}, "ip8:c0000201header1:a"},
    {"by=user on=failure",
     "192.0.2.1",
     {{"Authorization", ALICE}},
     "claimed5:alice"},
    {"by=ip,user on=failure",
     "192.0.2.1",
     {{"Authorization", ALICE}},
     "ip8:c0000201claimed5:alice"},
    {"by=user on=failure",
     "192.0.2.1",
     {{"Authorization", AliCE}},
     "claimed5:alice"},
    {"by=user on=failure",
     "192.0.2.1",
     {{"Authorization", "Basic !"}},
     "ip8:c0000201"},
    {"by=user on=failure",
     "192.0.2.1",
     {{"Authorization", "Bearer one"}},
     "ip8:c0000201"},
    {"by=user on=failure", "192.0.2.1", {{"X-API-Key", "one"}}, "key16:" ONE},
    {"by=api-key on=failure",
     "192.0.2.1",
     {{"X-API-Key", "one"}},
     "key16:" ONE},
    {"by=api-key on=failure",
     "192.0.2.1",
     {{"Authorization", ALICE}},
     "claimed5:alice"},
    {"by=header:X-T on=failure",
     "192.0.2.1",
     {{"Authorization", ALICE}, {"X-T", "abc"}},
     "header3:abc"},
};

START_TEST(caller_before_the_credential_is_verified)
{
    desk table = {.server = {.password = FA_BAD_CREDENTIAL}};
    fa_request *request = request_to(&table);
    fa_decision decision = {.verdict = FA_UNDECIDED};
    const char *address = firsts[_i].address;
    const fa_policy *policy =
        unit_policy(apr_pstrcat(unit_pool,
                                "AuthScheme basic bearer-jwt api-key-header\n"
                                "RateLimit none\nRateLimit 3/1h ",
                                firsts[_i].limit, NULL));

    memcpy(table.server.headers, firsts[_i].headers, sizeof firsts[_i].headers);
    request->has_address =
        address && fa_address_parse(address, &request->address);
    ck_assert(request->has_address == (address != NULL));
    fa_present(request, policy, &decision);
    ck_assert_int_eq(fa_weigh_first(request, policy, &decision), FA_ALLOWED);
    ck_assert_uint_eq(decision.ask_count, 1);
    ck_assert_str_eq(decision.asks[0].caller, firsts[_i].caller);
    ck_assert(decision.asks[0].taken);
}
END_TEST

static const struct {
    const char *limit;
    const char *user, *scheme, *issuer, *key; /* user NULL: anonymous */
    const char *claims;
    const char *caller;
} owns[] = {
    {"by=user", NULL, NULL, NULL, NULL, NULL, "ip8:c0000201"},
    {"by=user", "alice", "basic", NULL, NULL, NULL, "of5:basicuser5:alice"},
    /* Of Basic, names in any case; of others, as they are. */
    {"by=user", "AliCE", "basic", NULL, NULL, NULL, "of5:basicuser5:alice"},
    {"by=user", "AliCE", "bearer-jwt", NULL, "k", "{}",
     "of6:beareruser5:AliCE"},
    {"by=user", "AliCE", "api-key-header", NULL, "k", NULL,
     "of7:api-keyuser5:AliCE"},
    /* One credential, wherever it is sent and whoever reads it. */
    {"by=user", "alice", "oauth2", NULL, "k", "{}", "of6:beareruser5:alice"},
    {"by=user", "alice", "api-key-query", NULL, "k", NULL,
     "of7:api-keyuser5:alice"},
    {"by=user", "alice", "api-key-cookie", NULL, "k", NULL,
     "of7:api-keyuser5:alice"},
    {"by=user", "alice", "bearer-jwt", "https://idp", "k", "{}",
     "of11:https://idpuser5:alice"},
    {"by=user", "alice", "bearer-jwt", NULL, "k", "{}",
     "of6:beareruser5:alice"},
    {"by=ip,user", "alice", "basic", NULL, NULL, NULL,
     "ip8:c0000201of5:basicuser5:alice"},
    {"by=ip,user", NULL, NULL, NULL, NULL, NULL, "ip8:c0000201ip8:c0000201"},
    {"by=user,location", "alice", "basic", NULL, NULL, NULL,
     "of5:basicuser5:alice"},
    {"by=api-key", "alice", "api-key-header", NULL, "k1", NULL, "key2:k1"},
    {"by=api-key", "alice", "api-key-cookie", NULL, "k1", NULL, "key2:k1"},
    {"by=api-key", "alice", "api-key-query", NULL, NULL, NULL,
     "of7:api-keyuser5:alice"},
    /* A token's kid is nobody's API key. */
    {"by=api-key", "alice", "bearer-jwt", "https://idp", "k1", "{}",
     "of11:https://idpuser5:alice"},
    {"by=api-key", NULL, NULL, NULL, NULL, NULL, "ip8:c0000201"},
    {"by=claim:org", "alice", "bearer-jwt", "i", "k", "{\"org\":\"acme\"}",
     "claim4:acme"},
    {"by=claim:org.id", "alice", "bearer-jwt", "i", "k",
     "{\"org\":{\"id\":42}}", "claim2:42"},
    {"by=claim:org", "alice", "bearer-jwt", "i", "k",
     "{\"org\":-9223372036854775807}", "claim20:-9223372036854775807"},
    {"by=claim:org", "alice", "bearer-jwt", "i", "k", "{\"org\":[\"acme\"]}",
     "of1:iuser5:alice"},
    {"by=claim:org", "alice", "bearer-jwt", "i", "k", "{\"org\":null}",
     "of1:iuser5:alice"},
    {"by=claim:org", "alice", "bearer-jwt", "i", "k", "{}", "of1:iuser5:alice"},
    {"by=claim:org", "alice", "basic", NULL, NULL, NULL,
     "of5:basicuser5:alice"},
    {"by=claim:org", NULL, NULL, NULL, NULL, NULL, "ip8:c0000201"},
    {"by=user,header:X-T", "alice", "basic", NULL, NULL, NULL,
     "of5:basicuser5:aliceheader3:abc"},
};

START_TEST(caller_when_it_is_known)
{
    desk table = {.server = {.headers = {{"X-T", "abc"}}}};
    fa_request *request = request_to(&table);
    json_t *claims =
        owns[_i].claims ? json_loads(owns[_i].claims, 0, NULL) : NULL;
    const fa_identity identity = {.user = owns[_i].user,
                                  .scheme = owns[_i].scheme,
                                  .issuer = owns[_i].issuer,
                                  .key = owns[_i].key,
                                  .claims = claims};
    fa_decision decision = {.identity = owns[_i].user ? &identity : NULL};
    const fa_policy *policy = unit_policy(
        apr_pstrcat(unit_pool, "RateLimit 3/1h ", owns[_i].limit, NULL));

    ck_assert_int_eq(fa_weigh_first(request, policy, &decision), FA_ALLOWED);
    ck_assert_uint_eq(decision.ask_count, 0);
    ck_assert_int_eq(fa_weigh_caller(request, policy, &decision), FA_ALLOWED);
    ck_assert_uint_eq(decision.ask_count, 1);
    ck_assert_str_eq(decision.asks[0].caller, owns[_i].caller);
    json_decref(claims);
}
END_TEST

/* Where one part ends and the next begins is never in doubt. */
START_TEST(no_two_callers_share_a_key)
{
    static const char *const pairs[][2] = {
        {"a", "bc"},   {"ab", "c"},   {"", "abc"},          {"abc", ""},
        {"a1:b", "c"}, {"a", "1:bc"}, {"1:aheader1:b", "c"}};
    const char *seen[UNIT_COUNT(pairs)];
    const fa_policy *policy =
        unit_policy("RateLimit 3/1h by=claim:org,header:X-T");

    for (size_t i = 0; i < UNIT_COUNT(pairs); i++) {
        desk table = {.server = {.headers = {{"X-T", pairs[i][1]}}}};
        fa_request *request = request_to(&table);
        json_t *claims = json_pack("{s:s}", "org", pairs[i][0]);
        const fa_identity identity = {
            .user = "u", .scheme = "bearer-jwt", .claims = claims};
        fa_decision decision = {.identity = &identity};

        ck_assert_int_eq(fa_weigh_first(request, policy, &decision),
                         FA_ALLOWED);
        ck_assert_int_eq(fa_weigh_caller(request, policy, &decision),
                         FA_ALLOWED);
        seen[i] = decision.asks[0].caller;
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(seen[i], seen[j]);
        json_decref(claims);
    }
}
END_TEST

/* --- what a whole decision pays ------------------------------------------ */

#define BASIC "AuthScheme basic\nAuthPasswords file\nRateLimit none\n"

static const struct {
    const char *name;
    const char *policy; /* limits are named: first, own, failed */
    fa_verdict password;
    fa_verdict verdict;
    uint32_t first, own, failed; /* permits that it costs */
    int good, bad;               /* settled, of whatever kind */
} payments[] = {
    {"allowed", "", FA_ALLOWED, FA_ALLOWED, 1, 1, 0, 1, 0},
    {"wrong password", "", FA_BAD_CREDENTIAL, FA_BAD_CREDENTIAL, 1, 0, 1, 0, 1},
    {"expired", "", FA_EXPIRED_CREDENTIAL, FA_EXPIRED_CREDENTIAL, 1, 0, 1, 0,
     1},
    {"nobody can say", "", FA_UNAVAILABLE, FA_UNAVAILABLE, 1, 0, 0, 1, 0},
    {"scope missing", "RequireScope x\n", FA_ALLOWED, FA_SCOPE_MISSING, 1, 0, 0,
     1, 0},
    {"role missing", "RequireRole x\n", FA_ALLOWED, FA_ROLE_MISSING, 1, 0, 0, 1,
     0},
    {"no TLS", "AuthRequireTLS on\n", FA_ALLOWED, FA_TLS_REQUIRED, 0, 0, 0, 0,
     0},
    {"other address", "RequireAddress 10.0.0.0/8\n", FA_ALLOWED,
     FA_ADDRESS_REFUSED, 0, 0, 0, 0, 0},
};

START_TEST(request_pays_for_what_it_reached)
{
    desk table = {.server = {.password = payments[_i].password}};
    const fa_policy *policy =
        unit_policy(apr_pstrcat(unit_pool, BASIC, payments[_i].policy,
                                "RateLimit 9/1h name=first\n"
                                "RateLimit 9/1h by=user name=own\n"
                                "RateLimit 9/1h by=user name=failed on=failure",
                                NULL));
    fa_decision decision;

    come_with(&table, "Authorization", ALICE);
    ck_assert_int_eq(fa_decide(request_to(&table), policy, &decision),
                     payments[_i].verdict);
    ck_assert_uint_eq(used(&table, policy, "first"), payments[_i].first);
    ck_assert_uint_eq(used(&table, policy, "own"), payments[_i].own);
    ck_assert_uint_eq(used(&table, policy, "failed"), payments[_i].failed);
    ck_assert_int_eq(table.good, payments[_i].good);
    ck_assert_int_eq(table.bad, payments[_i].bad);
}
END_TEST

START_TEST(refused_request_pays_nothing_in_either_step)
{
    desk table = {.server = {.password = FA_ALLOWED}};
    const fa_policy *policy =
        unit_policy(BASIC "RateLimit 9/1h name=first cost=2\n"
                          "RateLimit 1/1h by=user name=own\n"
                          "RateLimit 9/1h by=user name=failed on=failure");
    fa_request *request = request_to(&table);
    fa_decision decision;

    come_with(&table, "Authorization", ALICE);
    ck_assert_int_eq(fa_decide(request, policy, &decision), FA_ALLOWED);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(fa_decide(request, policy, &decision),
                         FA_RATE_EXCEEDED);
        ck_assert_ptr_nonnull(decision.identity);
        ck_assert_str_eq(decision.reason, "RateLimit");
        ck_assert_uint_eq(used(&table, policy, "first"), 2);
        ck_assert_uint_eq(used(&table, policy, "own"), 1);
        ck_assert_uint_eq(used(&table, policy, "failed"), 0);
    }
    come_with(&table, "Authorization", BOB);
    ck_assert_int_eq(fa_decide(request, policy, &decision), FA_ALLOWED);
    ck_assert_uint_eq(used(&table, policy, "first"), 4);
}
END_TEST

START_TEST(several_of_one_step_are_all_or_nothing)
{
    desk table = {.count = 0};
    const fa_policy *policy = unit_policy("RateLimit 9/1h name=wide\n"
                                          "RateLimit 2/1h name=narrow");
    fa_request *request = request_to(&table);
    fa_decision decision;

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(fa_decide(request, policy, &decision),
                         i < 2 ? FA_ALLOWED : FA_RATE_EXCEEDED);
    ck_assert_uint_eq(used(&table, policy, "wide"), 2);
    ck_assert_uint_eq(decision.ask_count, 2);
    ck_assert(decision.asks[0].within && !decision.asks[1].within);
    ck_assert(!decision.asks[0].taken && !decision.asks[1].taken);
}
END_TEST

/* --- failed logins ------------------------------------------------------- */

START_TEST(wrong_passwords_end_before_the_hash)
{
    desk table = {.server = {.password = FA_BAD_CREDENTIAL}};
    const fa_policy *policy =
        unit_policy(BASIC "RateLimit 5/1m by=ip,user on=failure");
    fa_request *request = request_to(&table);
    fa_decision decision;

    come_with(&table, "Authorization", ALICE);
    for (int i = 0; i < 8; i++) {
        table.server.user = NULL;
        ck_assert_int_eq(fa_decide(request, policy, &decision),
                         i < 5 ? FA_BAD_CREDENTIAL : FA_RATE_EXCEEDED);
        ck_assert((table.server.user != NULL) == (i < 5));
    }
    /* Right or wrong, it is not asked; another account is; and so is this one
     * from another address: nobody locks a victim out. */
    table.server.password = FA_ALLOWED;
    ck_assert_int_eq(fa_decide(request, policy, &decision), FA_RATE_EXCEEDED);
    come_with(&table, "Authorization", BOB);
    ck_assert_int_eq(fa_decide(request, policy, &decision), FA_ALLOWED);
    come_with(&table, "Authorization", ALICE);
    ck_assert(fa_address_parse("192.0.2.2", &request->address));
    ck_assert_int_eq(fa_decide(request, policy, &decision), FA_ALLOWED);
    ck_assert_int_eq(table.bad, 5);
    ck_assert_int_eq(table.good, 2);
}
END_TEST

START_TEST(right_password_is_never_throttled)
{
    desk table = {.server = {.password = FA_ALLOWED}};
    const fa_policy *policy = unit_policy("AuthScheme basic\n"
                                          "AuthPasswords file");
    fa_request *request = request_to(&table);
    fa_decision decision;

    come_with(&table, "Authorization", ALICE);
    for (int i = 0; i < 400; i++)
        ck_assert_int_eq(fa_decide(request, policy, &decision), FA_ALLOWED);
    table.server.password = FA_BAD_CREDENTIAL;
    for (int i = 0; i < 40; i++)
        ck_assert_int_eq(fa_decide(request, policy, &decision),
                         i < 30 ? FA_BAD_CREDENTIAL : FA_RATE_EXCEEDED);
    ck_assert_uint_eq(used(&table, policy, "300/1m"), 30);
}
END_TEST

static const struct {
    const char *name, *value; /* of a header */
    const char *query;
    fa_verdict verdict;
    int bad, good;
} without[] = {
    {NULL, NULL, NULL, FA_NO_CREDENTIAL, 0, 0},
    {"Authorization", "Digest x", NULL, FA_NO_CREDENTIAL, 0, 0},
    {"Authorization", ALICE, "api_key=k", FA_TWO_CREDENTIALS, 0, 0},
    {"Authorization", "Basic", NULL, FA_NO_CREDENTIAL, 0, 1},
    {"Authorization", "Basic !", NULL, FA_BAD_CREDENTIAL, 1, 0},
    {"Authorization", ALICE, NULL, FA_ALLOWED, 0, 1},
    {NULL, NULL, "api_key=%", FA_BAD_CREDENTIAL, 1, 0},
    {NULL, NULL, "api_key=", FA_NO_CREDENTIAL, 0, 1},
    {NULL, NULL, "api_key=k", FA_UNAVAILABLE, 0, 1},
};

START_TEST(only_a_credential_that_came_can_fail)
{
    desk table = {.server = {.password = FA_ALLOWED, .keys = FA_UNAVAILABLE}};
    const fa_policy *policy =
        unit_policy("AuthScheme basic api-key-query\nAuthPasswords file\n"
                    "RateLimit none\nRateLimit 5/1m by=user on=failure");
    fa_request *request = request_to(&table);
    fa_decision decision;

    come_with(&table, without[_i].name, without[_i].value);
    request->query = without[_i].query;
    ck_assert_int_eq(fa_decide(request, policy, &decision),
                     without[_i].verdict);
    ck_assert_int_eq(table.bad, without[_i].bad);
    ck_assert_int_eq(table.good, without[_i].good);
}
END_TEST

/* --- the rest ------------------------------------------------------------ */

START_TEST(limit_holds_for_its_methods)
{
    desk table = {.count = 0};
    fa_request *request = request_to(&table);
    fa_line *line = unit_line("/");
    fa_decision decision;

    line->methods = 1 << UNIT_POST;
    ck_assert_ptr_null(unit_say(line, "RateLimit 1/1h"));
    for (int i = 0; i < 3; i++) {
        request->method_number = UNIT_GET;
        ck_assert_int_eq(fa_decide(request, line->policy, &decision),
                         FA_ALLOWED);
        request->method_number = UNIT_POST;
        ck_assert_int_eq(fa_decide(request, line->policy, &decision),
                         i < 1 ? FA_ALLOWED : FA_RATE_EXCEEDED);
    }
    ck_assert_int_eq(table.takes, 3);
}
END_TEST

START_TEST(named_limit_of_two_sections_is_paid_once)
{
    static const char *const names[] = {"RateLimit 5/1h name=x",
                                        "RateLimit 5/1h by=user name=x"};
    desk table = {.server = {.password = FA_ALLOWED}};
    fa_line *child = unit_line("/");
    const fa_policy *policy;
    fa_decision decision;

    child->section.pattern = "/unit/child";
    ck_assert_ptr_null(unit_say(child, names[_i]));
    policy = fa_policy_merge(
        unit_pool, unit_policy(apr_pstrcat(unit_pool, BASIC, names[_i], NULL)),
        child->policy);
    come_with(&table, "Authorization", ALICE);
    ck_assert_int_eq(fa_decide(request_to(&table), policy, &decision),
                     FA_ALLOWED);
    ck_assert_uint_eq(decision.ask_count, 1);
    ck_assert_uint_eq(table.counters[0].used, 1);
}
END_TEST

/* What costs more counts, whichever section says it. */
START_TEST(named_limit_of_two_sections_costs_the_more)
{
    static const char *const costs[] = {"1", "4"};
    desk table = {.server = {.password = FA_ALLOWED}};
    fa_line *child = unit_line("/");
    const fa_policy *policy;
    fa_decision decision;

    child->section.pattern = "/unit/child";
    ck_assert_ptr_null(unit_say(
        child, apr_pstrcat(unit_pool, "RateLimit 5/1h name=x cost=", costs[!_i],
                           NULL)));
    policy = fa_policy_merge(
        unit_pool,
        unit_policy(apr_pstrcat(
            unit_pool, BASIC "RateLimit 5/1h name=x cost=", costs[_i], NULL)),
        child->policy);
    come_with(&table, "Authorization", ALICE);
    ck_assert_int_eq(fa_decide(request_to(&table), policy, &decision),
                     FA_ALLOWED);
    ck_assert_uint_eq(decision.ask_count, 1);
    ck_assert_uint_eq(table.counters[0].used, 4);
}
END_TEST

/* The store is away in the first step, or in the second. */
START_TEST(store_that_cannot_be_asked_lets_nobody_in)
{
    desk table = {
        {.password = FA_ALLOWED}, .broken = FA_UNAVAILABLE, .broken_from = _i};
    const fa_policy *policy = unit_policy(BASIC "RateLimit 9/1h name=first\n"
                                                "RateLimit 9/1h by=user");
    fa_decision decision;

    come_with(&table, "Authorization", ALICE);
    ck_assert_int_eq(fa_decide(request_to(&table), policy, &decision),
                     FA_UNAVAILABLE);
    ck_assert_str_eq(decision.reason, "the counters cannot be asked");
    ck_assert_int_eq(table.takes, _i + 1);
    ck_assert_uint_eq(used(&table, policy, "first"), 0);
    ck_assert((table.server.user != NULL) == (_i == 1));
}
END_TEST

START_TEST(policy_without_limits_asks_nothing)
{
    desk table = {.server = {.password = FA_ALLOWED}};
    fa_decision decision;

    come_with(&table, "Authorization", ALICE);
    ck_assert_int_eq(fa_decide(request_to(&table),
                               unit_policy(BASIC "RequireAddress 192.0.2.0/24"),
                               &decision),
                     FA_ALLOWED);
    ck_assert_int_eq(table.takes, 0);
    ck_assert_uint_eq(decision.ask_count, 0);
}
END_TEST

int main(void)
{
    TCase *caller = unit_case("caller"), *pays = unit_case("pays");

    tcase_add_loop_test(caller, caller_before_the_credential_is_verified, 0,
                        UNIT_ROWS(firsts));
    tcase_add_loop_test(caller, caller_when_it_is_known, 0, UNIT_ROWS(owns));
    tcase_add_test(caller, no_two_callers_share_a_key);
    tcase_add_loop_test(pays, request_pays_for_what_it_reached, 0,
                        UNIT_ROWS(payments));
    tcase_add_test(pays, refused_request_pays_nothing_in_either_step);
    tcase_add_test(pays, several_of_one_step_are_all_or_nothing);
    tcase_add_test(pays, wrong_passwords_end_before_the_hash);
    tcase_add_test(pays, right_password_is_never_throttled);
    tcase_add_loop_test(pays, only_a_credential_that_came_can_fail, 0,
                        UNIT_ROWS(without));
    tcase_add_test(pays, limit_holds_for_its_methods);
    tcase_add_loop_test(pays, named_limit_of_two_sections_is_paid_once, 0, 2);
    tcase_add_loop_test(pays, named_limit_of_two_sections_costs_the_more, 0, 2);
    tcase_add_loop_test(pays, store_that_cannot_be_asked_lets_nobody_in, 0, 2);
    tcase_add_test(pays, policy_without_limits_asks_nothing);
    return unit_run("t_weigh", caller, pays, NULL);
}
