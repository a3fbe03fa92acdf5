/* A request is decided in one order, and every outcome can be met.
 * Tests of fa_decide, fa_authn, fa_authz. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"
#include "unit_policy.h"

#include <apr_encode.h>

#include "fa_authz.h"
#include "fa_text.h"

/* sha256sum of "one" and of "old". */
#define ONE "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
#define OLD "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4"

static const char key_file[] =
    ONE " user=alice scopes=a,b roles=r permissions=p,w:*,a:b\n" OLD
        " user=old expires=2020-01-01";

/* One request, and what becomes of it. */
typedef struct story {
    fa_verdict verdict;
    const char *policy;
    const char *header, *value;
    const char *user;   /* who is identified; NULL: nobody */
    const char *failed; /* the directive of the demand not met, or NULL */
    fa_verdict answer;  /* to a password, and to where the keys are */
} story;

#define KEY   "AuthScheme api-key-header\n"
#define MAYBE "AuthScheme api-key-header optional\n"
#define BASIC "AuthScheme basic\nAuthPasswords file\n"
#define TOKEN "AuthScheme bearer-jwt\n"

/* Headers: a good key, none, an unknown one, one that has expired. */
#define WITH_KEY "X-API-Key", "one", "alice"
#define NOTHING  NULL, NULL, NULL
#define UNKNOWN  "X-API-Key", "two", NULL
#define EXPIRED  "X-API-Key", "old", NULL
#define PASSWORD "Authorization", "Basic YWxpY2U6b25l"

#define YES FA_ALLOWED

/* Whose it is: the path says, which is alice's, or a database. */
#define PATH  UNIT_MATCH "\n" KEY "RequireOwner path:user_id"
#define QUERY UNIT_MATCH "\n" KEY "RequireOwner query:q"

static const story stories[] = {
    /* nothing is in force */
    {FA_ALLOWED, "", NOTHING, NULL, YES},
    {FA_ALLOWED, "", "X-API-Key", "two", NULL, NULL, YES},
    {FA_ALLOWED, "AuthScheme none", NOTHING, NULL, YES},
    /* the way in; more of it below */
    {FA_TLS_REQUIRED, "AuthRequireTLS on", NOTHING, NULL, YES},
    {FA_ADDRESS_REFUSED, "RequireAddress 10.0.0.0/8", NOTHING, "RequireAddress",
     YES},
    {FA_ALLOWED, "RequireAddress 10.0.0.0/8 192.0.2.0/24", NOTHING, NULL, YES},
    {FA_ADDRESS_REFUSED,
     "RequireAddress 192.0.2.0/24\nRequireAddress 10.0.0.0/8", NOTHING,
     "RequireAddress", YES},
    /* who is asking */
    {FA_NO_CREDENTIAL, KEY, NOTHING, NULL, YES},
    {FA_NO_CREDENTIAL, KEY, "X-API-Key", "", NULL, NULL, YES},
    {FA_ALLOWED, KEY, WITH_KEY, NULL, YES},
    {FA_BAD_CREDENTIAL, KEY, UNKNOWN, NULL, YES},
    {FA_EXPIRED_CREDENTIAL, KEY, EXPIRED, NULL, YES},
    {FA_TWO_CREDENTIALS, KEY, "X-API-Key", "one, one", NULL, NULL, YES},
    {FA_ALLOWED, MAYBE, NOTHING, NULL, YES},
    {FA_ALLOWED, MAYBE, WITH_KEY, NULL, YES},
    {FA_NO_CREDENTIAL, MAYBE, "X-API-Key", "", NULL, NULL, YES}, /* S56 */
    {FA_BAD_CREDENTIAL, MAYBE, UNKNOWN, NULL, YES},
    {FA_EXPIRED_CREDENTIAL, MAYBE, EXPIRED, NULL, YES},
    {FA_TWO_CREDENTIALS, MAYBE, "X-API-Key", "a,b", NULL, NULL, YES},
    {FA_ALLOWED, BASIC, PASSWORD, "alice", NULL, YES},
    {FA_BAD_CREDENTIAL, BASIC, PASSWORD, NULL, NULL, FA_BAD_CREDENTIAL},
    {FA_BAD_CREDENTIAL, BASIC, "Authorization", "Basic !", NULL, NULL, YES},
    {FA_NO_CREDENTIAL, BASIC, "Authorization", "Basic", NULL, NULL, YES},
    {FA_MISCONFIGURED, "AuthScheme basic", PASSWORD, NULL, NULL, YES},
    {FA_NO_CREDENTIAL, "AuthScheme basic", NOTHING, NULL, YES},
    {FA_BAD_CREDENTIAL, TOKEN, "Authorization", "Bearer a.b.c", NULL, NULL,
     YES},
    /* what cannot be known refuses */
    {FA_UNAVAILABLE, KEY, "X-API-Key", "one", NULL, NULL, FA_UNAVAILABLE},
    {FA_UNAVAILABLE, BASIC, PASSWORD, NULL, NULL, FA_UNAVAILABLE},
    {FA_UNAVAILABLE, MAYBE, "X-API-Key", "one", NULL, NULL, FA_UNAVAILABLE},
    {FA_UNDECIDED, KEY, "X-API-Key", "one", NULL, NULL, FA_UNDECIDED},
    {FA_UNDECIDED, BASIC, PASSWORD, NULL, NULL, FA_UNDECIDED},
    {FA_UNDECIDED, MAYBE, "X-API-Key", "one", NULL, NULL, FA_UNDECIDED},
    /* what is demanded: S27 to S35 */
    {FA_ALLOWED, KEY "RequireScope a b", WITH_KEY, NULL, YES},
    {FA_SCOPE_MISSING, KEY "RequireScope a c", WITH_KEY, "RequireScope", YES},
    {FA_SCOPE_MISSING, KEY "RequireScope a\nRequireScope c", WITH_KEY,
     "RequireScope", YES},
    {FA_SCOPE_MISSING, KEY "RequireScope r", WITH_KEY, "RequireScope", YES},
    {FA_ALLOWED, KEY "RequireRole x r", WITH_KEY, NULL, YES},
    {FA_ROLE_MISSING, KEY "RequireRole x a", WITH_KEY, "RequireRole", YES},
    {FA_ROLE_MISSING, KEY "RequireRole r\nRequireRole x", WITH_KEY,
     "RequireRole", YES},
    {FA_CLAIM_REFUSED, KEY "RequireClaim sub alice", WITH_KEY, "RequireClaim",
     YES},
    {FA_ALLOWED, KEY "RequirePermission p", WITH_KEY, NULL, YES}, /* S29 */
    {FA_ALLOWED, KEY "RequirePermission a:b p", WITH_KEY, NULL, YES},
    {FA_PERMISSION_MISSING, KEY "RequirePermission p q", WITH_KEY,
     "RequirePermission", YES},
    {FA_PERMISSION_MISSING, KEY "RequirePermission r", WITH_KEY,
     "RequirePermission", YES},
    /* Wildcards of the caller's own mean nothing: A34, S30 */
    {FA_PERMISSION_MISSING, KEY "RequirePermission w:x", WITH_KEY,
     "RequirePermission", YES},
    {FA_PERMISSION_MISSING, BASIC "RequirePermission p", PASSWORD, "alice",
     "RequirePermission", YES},
    {FA_NO_CREDENTIAL, MAYBE "RequirePermission p", NOTHING,
     "RequirePermission", YES},
    {FA_MISCONFIGURED, "RequirePermission p", NOTHING, "RequirePermission",
     YES},
    /* S31; more of it in t_owner */
    {FA_ALLOWED, PATH, WITH_KEY, NULL, YES},
    {FA_OWNER_REFUSED, QUERY, WITH_KEY, "RequireOwner", YES},
    {FA_NOT_FOUND, QUERY " hide", WITH_KEY, "RequireOwner", YES},
    {FA_ALLOWED, QUERY " bypass=r", WITH_KEY, NULL, YES},
    {FA_NO_CREDENTIAL, PATH, NOTHING, NULL, YES},
    {FA_MISCONFIGURED, UNIT_MATCH "\nRequireOwner path:user_id", NOTHING,
     "RequireOwner", YES},
    /* Who may not come in at all learns nothing of what is there. */
    {FA_ROLE_MISSING, QUERY " hide\nRequireRole x", WITH_KEY, "RequireRole",
     YES},
    {FA_SCOPE_MISSING, QUERY " hide\nRequireScope c", WITH_KEY, "RequireScope",
     YES},
    {FA_ROLE_MISSING, KEY "RequireRole x\nRequireScope c", WITH_KEY,
     "RequireRole", YES},
    {FA_SCOPE_MISSING, KEY "RequireScope c\nRequireRole x", WITH_KEY,
     "RequireScope", YES},
    {FA_SCOPE_MISSING, BASIC "RequireScope a", PASSWORD, "alice",
     "RequireScope", YES},
    {FA_NO_CREDENTIAL, MAYBE "RequireScope a", NOTHING, "RequireScope", YES},
    {FA_NO_CREDENTIAL, MAYBE "RequireRole r", NOTHING, "RequireRole", YES},
    {FA_MISCONFIGURED, "RequireScope a", NOTHING, "RequireScope", YES},
    {FA_MISCONFIGURED, "RequireRole a", "X-API-Key", "one", NULL, "RequireRole",
     YES},
    {FA_MISCONFIGURED, "RequireClaim a b", NOTHING, "RequireClaim", YES},
    /* one thing before another */
    {FA_TLS_REQUIRED, "AuthRequireTLS on\nRequireAddress 10.0.0.0/8", NOTHING,
     NULL, YES},
    {FA_TLS_REQUIRED, KEY "AuthRequireTLS on", "X-API-Key", "a,b", NULL, NULL,
     YES},
    {FA_ADDRESS_REFUSED, KEY "RequireAddress 10.0.0.0/8\nRequireScope a",
     "X-API-Key", "one", NULL, "RequireAddress", YES},
    {FA_ADDRESS_REFUSED, "RequireScope a\nRequireAddress 10.0.0.0/8", NOTHING,
     "RequireAddress", YES},
    {FA_BAD_CREDENTIAL, KEY "RequireScope c", UNKNOWN, NULL, YES},
    {FA_NO_CREDENTIAL, KEY "RequireRole x", NOTHING, NULL, YES}, /* S28 */
};

static fa_verdict run(const story *told, unit_server *server,
                      fa_decision *decision)
{
    fa_request *request = unit_request(server);

    server->headers[0][0] = told->header;
    server->headers[0][1] = told->value;
    server->password = server->keys = told->answer;
    server->database = FA_ALLOWED;
    server->owner = "bob";
    request->path = "/unit/alice";
    ck_assert_ptr_null(fa_apikeys_parse(unit_pool, key_file, &server->file));
    memset(decision, 0xff, sizeof *decision);
    return fa_decide(request, unit_policy(told->policy), decision);
}

START_TEST(request_is_decided)
{
    const story *told = &stories[_i];
    unit_server server = {.read_headers = 0};
    fa_decision decision;
    fa_verdict verdict = run(told, &server, &decision);

    ck_assert_msg(verdict == told->verdict, "%s; %s -> %s: %s", told->policy,
                  told->value, fa_verdict_row_of(verdict)->word,
                  decision.reason);
    ck_assert_int_eq(decision.verdict, verdict);
    ck_assert_pstr_eq(decision.identity ? decision.identity->user : NULL,
                      told->user);
    ck_assert_pstr_eq(
        decision.failed ? fa_demand_directive(decision.failed->kind) : NULL,
        told->failed);
    /* Whatever is refused has a reason for the log. */
    if (verdict != FA_ALLOWED && verdict != FA_UNDECIDED)
        ck_assert(decision.reason || decision.failed);
}
END_TEST

static const struct {
    fa_verdict verdict;
    const char *policy;
    const char *address; /* "" has no form */
    bool tls;
} ways[] = {
    {FA_ALLOWED, "AuthRequireTLS off", "192.0.2.1", false},
    {FA_ALLOWED, "AuthRequireTLS on", "192.0.2.1", true},
    {FA_TLS_REQUIRED, "AuthRequireTLS on", "127.0.0.1", false},
    {FA_TLS_REQUIRED, "AuthRequireTLS loopback", "192.0.2.1", false},
    {FA_TLS_REQUIRED, "AuthRequireTLS loopback", "", false},
    {FA_ALLOWED, "AuthRequireTLS loopback", "127.0.0.2", false},
    {FA_ALLOWED, "AuthRequireTLS loopback", "::1", false},
    {FA_ALLOWED, "AuthRequireTLS loopback", "192.0.2.1", true},
    {FA_ALLOWED, "RequireAddress 10.0.0.0/8", "::ffff:10.1.2.3", false},
    {FA_ADDRESS_REFUSED, "RequireAddress 10.0.0.0/8", "11.0.0.0", true},
    {FA_ADDRESS_REFUSED, "RequireAddress 0.0.0.0/0 ::/0", "", true},
};

START_TEST(way_in_is_by_tls_and_address)
{
    unit_server server = {.read_headers = 0};
    fa_request *request = unit_request(&server);
    fa_decision decision;

    request->tls = ways[_i].tls;
    request->has_address =
        fa_address_parse(ways[_i].address, &request->address);
    ck_assert_int_eq(
        fa_decide(request, unit_policy(ways[_i].policy), &decision),
        ways[_i].verdict);
}
END_TEST

/* The list itself: none without a story, but for the one of the glue, which
 * knows what is about to be proxied (t/41-ambiguous.t), and limits, which have
 * a program of their own (t_weigh). */
START_TEST(every_verdict_is_reached)
{
    int reached = _i == FA_AMBIGUOUS_PATH || _i == FA_RATE_EXCEEDED;

    for (size_t i = 0; i < UNIT_COUNT(stories); i++)
        reached += stories[i].verdict == (fa_verdict)_i;
    ck_assert_msg(reached > 0, "%s", fa_verdict_row_of((fa_verdict)_i)->word);
}
END_TEST

START_TEST(credential_is_not_read_before_the_way_is_free)
{
    static const char *const closed[] = {KEY "AuthRequireTLS on",
                                         KEY "RequireAddress 10.0.0.0/8",
                                         BASIC "AuthRequireTLS on"};

    for (size_t i = 0; i < UNIT_COUNT(closed); i++) {
        unit_server server = {.read_headers = 0};
        fa_decision decision;
        story told = {.policy = closed[i],
                      .header = "Authorization",
                      .value = "Basic YWxpY2U6b25l",
                      .answer = FA_ALLOWED};

        ck_assert_int_ne(run(&told, &server, &decision), FA_ALLOWED);
        ck_assert_int_eq(server.read_headers, 0);
        ck_assert_ptr_null(server.user);
    }
}
END_TEST

START_TEST(identity_tells_how_it_was_proved)
{
    static const struct {
        const char *policy, *header, *value, *scheme;
    } rows[] = {
        {KEY, "X-API-Key", "one", "api-key-header"},
        {BASIC, PASSWORD, "basic"},
        {"AuthScheme api-key-cookie:sid", "Cookie", "sid=one",
         "api-key-cookie"},
    };

    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        unit_server server = {.read_headers = 0};
        fa_decision decision;
        story told = {.policy = rows[i].policy,
                      .header = rows[i].header,
                      .value = rows[i].value,
                      .answer = FA_ALLOWED};

        ck_assert_int_eq(run(&told, &server, &decision), FA_ALLOWED);
        ck_assert_str_eq(decision.identity->scheme, rows[i].scheme);
        ck_assert_str_eq(decision.presented->name, rows[i].scheme);
    }
}
END_TEST

/* A45, S20: nobody is known by the beginning of a password. */
START_TEST(password_of_73_bytes_is_not_asked_about)
{
    for (size_t size = FA_PASSWORD_MAX; size <= FA_PASSWORD_MAX + 1; size++) {
        const char *text =
            apr_pstrcat(unit_pool, "alice:", unit_repeat("p", size), NULL);
        unit_server server = {.read_headers = 0};
        fa_decision decision;
        story told = {
            .policy = BASIC, .header = "Authorization", .answer = FA_ALLOWED};
        bool fits = size == FA_PASSWORD_MAX;

        told.value =
            apr_pstrcat(unit_pool, "Basic ",
                        apr_pencode_base64_binary(
                            unit_pool, (const unsigned char *)text,
                            (apr_ssize_t)strlen(text), APR_ENCODE_NONE, NULL),
                        NULL);
        ck_assert_int_eq(run(&told, &server, &decision),
                         fits ? FA_ALLOWED : FA_BAD_CREDENTIAL);
        ck_assert_int_eq(server.user != NULL, fits);
    }
}
END_TEST

/* Demands in <Limit> are for their methods; `optional` stays optional for the
 * others. */
START_TEST(demand_holds_for_its_methods)
{
    static const struct {
        int method;
        fa_verdict anonymous, known;
    } rows[] = {{UNIT_GET, FA_ALLOWED, FA_ALLOWED},
                {UNIT_DELETE, FA_NO_CREDENTIAL, FA_SCOPE_MISSING},
                {UNIT_POST, FA_ALLOWED, FA_ALLOWED}};

    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        for (int known = 0; known < 2; known++) {
            fa_line *line = unit_line("/");
            unit_server server = {.keys = FA_ALLOWED};
            fa_request *request = unit_request(&server);
            fa_decision decision;

            unit_say(line, "AuthScheme api-key-header optional");
            line->methods = 1 << UNIT_DELETE;
            unit_say(line, "RequireScope delete");
            fa_apikeys_parse(unit_pool, key_file, &server.file);
            server.headers[0][0] = known ? "X-API-Key" : "X-Else";
            server.headers[0][1] = "one";
            request->method_number = rows[i].method;
            ck_assert_int_eq(fa_decide(request, line->policy, &decision),
                             known ? rows[i].known : rows[i].anonymous);
        }
    }
}
END_TEST

START_TEST(token_is_judged_by_the_servers_trust)
{
    fa_trust *trust = fa_trust_create(unit_pool);
    const char *payload =
        apr_psprintf(unit_pool,
                     "{\"sub\":\"alice\",\"exp\":%" APR_INT64_T_FMT
                     ",\"scope\":\"a\",\"tenant\":[\"acme\"]}",
                     UNIT_NOW_S + 1);
    static const struct {
        const char *policy;
        fa_verdict verdict;
    } rows[] = {
        {TOKEN, FA_ALLOWED},
        {"AuthScheme oauth2", FA_ALLOWED},
        {TOKEN "RequireScope a", FA_ALLOWED},
        {TOKEN "RequireScope b", FA_SCOPE_MISSING},
        {TOKEN "RequireClaim tenant globex acme", FA_ALLOWED},
        {TOKEN "RequireClaim tenant globex", FA_CLAIM_REFUSED},
    };

    fa_keyring_add(trust->own->keys, unit_verifier(unit_alg("HS256"), NULL));
    fa_trust_settle(unit_pool, trust);
    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        unit_server server = {
            .headers = {{"Authorization",
                         apr_pstrcat(unit_pool, "Bearer ",
                                     unit_token(unit_alg("HS256"),
                                                "{\"alg\":\"HS256\"}", payload),
                                     NULL)}}};
        fa_request *request = unit_request(&server);
        fa_decision decision;

        request->trust = trust;
        ck_assert_int_eq(
            fa_decide(request, unit_policy(rows[i].policy), &decision),
            rows[i].verdict);
        ck_assert_str_eq(decision.identity->user, "alice");
        /* Without a key nothing is believed. */
        request->trust = NULL;
        ck_assert_int_eq(
            fa_decide(request, unit_policy(rows[i].policy), &decision),
            FA_BAD_CREDENTIAL);
        ck_assert_ptr_null(decision.identity);
    }
}
END_TEST

/* An address is never met by an identity, whoever asks. */
START_TEST(demand_of_an_address_is_not_met_by_a_name)
{
    fa_identity identity = {.user = "10.0.0.1",
                            .scopes = fa_text_words(unit_pool, "10.0.0.1")};
    fa_demand demand = {.kind = FA_DEMAND_ADDRESS,
                        .values = fa_text_words(unit_pool, "10.0.0.1")};

    ck_assert(!fa_demand_is_met(&demand, &identity, NULL));
    for (int kind = FA_DEMAND_ADDRESS; kind <= FA_DEMAND_PERMISSION; kind++) {
        demand.kind = (fa_demand_kind)kind;
        ck_assert_int_eq(fa_verdict_row_of(fa_demand_verdict(&demand))->status,
                         403);
    }
}
END_TEST

int main(void)
{
    TCase *decide = unit_case("decide");

    unit_make_keys();
    tcase_add_loop_test(decide, request_is_decided, 0, UNIT_ROWS(stories));
    tcase_add_loop_test(decide, way_in_is_by_tls_and_address, 0,
                        UNIT_ROWS(ways));
    tcase_add_loop_test(decide, every_verdict_is_reached, 0, FA_VERDICT_COUNT);
    tcase_add_test(decide, credential_is_not_read_before_the_way_is_free);
    tcase_add_test(decide, identity_tells_how_it_was_proved);
    tcase_add_test(decide, password_of_73_bytes_is_not_asked_about);
    tcase_add_test(decide, demand_holds_for_its_methods);
    tcase_add_test(decide, token_is_judged_by_the_servers_trust);
    tcase_add_test(decide, demand_of_an_address_is_not_met_by_a_name);
    return unit_run("t_decide", decide, NULL);
}
