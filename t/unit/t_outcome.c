/* What a policy can come to is what requests do come to: no more, no less.
 * Tests of fa_outcome, against fa_decide. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_keys.h"
#include "unit_policy.h"

#include "fa_outcome.h"

#define PARTS    10  /* of the run, each with its own random policies */
#define POLICIES 200 /* a part */
#define REQUESTS 60  /* random ones a policy and method */

/* The SHA-256 of all, none, scoped, roled, old, permitted, scoped-roled... */
#define ALL  "5ef5ef0364b6939c4ca61f34b393f7b368d1be8619647aaf83d5b395919ab629"
#define NONE "140bedbf9c3f6d56a9846d2ba7088798683f4da0c248231336e6a05679e4fdfe"
#define SCOPED \
    "abc3d82314f3edc1385fc7b9b0b092c801b9db30cefdc11fe04ee4be9685cd6d"
#define ROLED "de5f5a8b8f01b4f8bab1dcbfbbee0c33689057bc4829b9c632b8d4637c93eca2"
#define OLD   "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4"

#define PERMITTED \
    "739ffeedc343fd36de0fd870ef6f2b07b53a0e48b14978ec8d0ddcfc43a56504"
#define SCOPED_ROLED \
    "f442a1f37c1e8412f056fa4ba0158664bb589dd56a71a8557a2b7d984728e22c"
#define SCOPED_PERMITTED \
    "f695d04174c1b089d142449f2c1199b9a885f04668dc4f8fec36c03e2e9ef53e"
#define ROLED_PERMITTED \
    "315e196dff312eef89552bbb3e7d9af9123519821ceb1070bb396d29e957cd86"

#define S " scopes=a,b"
#define R " roles=r,s"
#define P " permissions=p,q"

static const char key_file[] =
    ALL " user=u" S R P "\n" NONE " user=u\n" SCOPED " user=u" S "\n" ROLED
        " user=u" R "\n" OLD " user=u expires=2020-01-01\n" PERMITTED
        " user=u" P "\n" SCOPED_ROLED " user=u" S R "\n" SCOPED_PERMITTED
        " user=u" S P "\n" ROLED_PERMITTED " user=u" R P;

/* --- random, but the same at every run ------------------------------------ */

static uint32_t seed;

static unsigned below(unsigned bound)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % bound;
}

static bool chance(unsigned percent)
{
    return below(100) < percent;
}

#define ONE_OF(list) (list)[below(UNIT_COUNT(list))]

/* --- requests ------------------------------------------------------------- */

/* What a client sends. */
typedef struct call {
    const char *header, *value, *query;
} call;

static call calls[120];
static size_t call_count;
static const fa_apikeys *keys;
static fa_trust *trust;

static void add_call(const char *header, const char *value, const char *query)
{
    ck_assert_uint_lt(call_count, UNIT_COUNT(calls));
    calls[call_count++] = (call){header, value, query};
}

static const char *join(const char *before, const char *text)
{
    return apr_pstrcat(unit_pool, before, text, NULL);
}

static void add_token(const char *token)
{
    add_call("Authorization", join("Bearer ", token), NULL);
    add_call("Cookie", join("tok=", token), NULL);
    add_call(NULL, NULL, join("tok=", token));
}

static void add_key(const char *key)
{
    add_call("X-API-Key", key, NULL);
    add_call("Cookie", join("sid=", key), NULL);
    add_call(NULL, NULL, join("api_key=", key));
}

static const char *token_of(int exp, const char *claims)
{
    return unit_token(unit_alg("HS256"), "{\"alg\":\"HS256\"}",
                      apr_psprintf(unit_pool,
                                   "{\"sub\":\"u\",\"exp\":%" APR_INT64_T_FMT
                                   "%s}",
                                   UNIT_NOW_S + exp, claims));
}

#define HAS_SCOPES     ",\"scope\":\"a b\""
#define HAS_ROLES      ",\"roles\":[\"r\",\"s\"]"
#define HAS_CLAIM      ",\"tenant\":[\"x\",\"y\"]"
#define HAS_PERMISSION ",\"permissions\":[\"p\",\"q\"]"

static void make_calls(void)
{
    static const char *const names[] = {"all",
                                        "none",
                                        "scoped",
                                        "roled",
                                        "old",
                                        "unknown",
                                        "permitted",
                                        "scoped-roled",
                                        "scoped-permitted",
                                        "roled-permitted"};
    static const char *const claims[] = {HAS_SCOPES, HAS_ROLES, HAS_CLAIM,
                                         HAS_PERMISSION};
    static const call others[] = {{NULL, NULL, NULL},
                                  {"Authorization", "Basic dTpw", NULL},
                                  {"Authorization", "Basic !", NULL},
                                  {"Authorization", "Basic", NULL},
                                  {"Authorization", "Basic a, Basic b", NULL},
                                  {"Authorization", "Bearer", NULL},
                                  {"Authorization", "Bearer a, Bearer b", NULL},
                                  {"Authorization", "Basic dTpw", "api_key=k"},
                                  {"X-API-Key", "", NULL},
                                  {"X-API-Key", "a, b", NULL},
                                  {"X-API-Key", "a", "tok=b"},
                                  {"Cookie", "sid=a; sid=b; tok=a; tok=b", ""},
                                  {"Cookie", "sid=; tok=", NULL},
                                  {NULL, NULL, "api_key=&tok="},
                                  {NULL, NULL, "api_key="},
                                  {NULL, NULL, "tok="},
                                  {NULL, NULL, "tok=a&tok=b"},
                                  {NULL, NULL, "api_key=a&api_key=b"}};

    call_count = 0;
    for (size_t i = 0; i < UNIT_COUNT(others); i++)
        calls[call_count++] = others[i];
    for (size_t i = 0; i < UNIT_COUNT(names); i++)
        add_key(names[i]);
    /* Each choice of them. */
    for (size_t i = 0; i < 1u << UNIT_COUNT(claims); i++) {
        const char *chosen = "";

        for (size_t j = 0; j < UNIT_COUNT(claims); j++)
            chosen = i >> j & 1 ? join(chosen, claims[j]) : chosen;
        add_token(token_of(1, chosen));
    }
    add_token(token_of(-1, ""));
    add_token("a.b.c");
    ck_assert_ptr_null(fa_apikeys_parse(unit_pool, key_file, &keys));
    trust = fa_trust_create(unit_pool);
    fa_keyring_add(trust->own->keys, unit_verifier(unit_alg("HS256"), NULL));
    fa_trust_settle(unit_pool, trust);
}

/* Whose a database says something is. */
typedef enum { MINE, OTHERS, GONE, DOWN } whose;

/* What the server answers to one request. */
typedef struct desk {
    unit_server server; /* first: it is the context of every answer */
    fa_verdict taken;   /* to limits, from that call on: 0-based */
    int from, takes;
    whose plain, hidden; /* the owner, by query:plain and query:hidden */
} desk;

static fa_verdict find_owner(void *context, const char *label,
                             const apr_array_header_t *parts,
                             const char **owner, const char **reason)
{
    const desk *table = context;
    whose one = strcmp(label, "plain") == 0 ? table->plain : table->hidden;

    ck_assert_int_eq(parts->nelts, 2);
    if (one == DOWN)
        *reason = "down";
    else
        *owner = one == MINE ? "u" : one == OTHERS ? "x" : NULL;
    return one == DOWN ? FA_UNAVAILABLE : FA_ALLOWED;
}

static fa_verdict take(void *context, fa_ask *asks, size_t count)
{
    desk *table = context;
    fa_verdict verdict =
        table->takes++ >= table->from ? table->taken : FA_ALLOWED;

    for (size_t i = 0; i < count; i++)
        asks[i].within = asks[i].taken = verdict == FA_ALLOWED;
    return verdict;
}

static const char *const addresses[] = {"10.1.2.3",    "10.2.0.1",  "192.0.2.1",
                                        "2001:db8::1", "127.0.0.1", ""};

typedef struct scene {
    const call *sent;
    const char *address;
    int method;
    bool tls;
    fa_verdict taken; /* FA_ALLOWED, FA_RATE_EXCEEDED, FA_UNAVAILABLE */
    int from;
    fa_verdict answer; /* to a password, and to where the keys are */
    const char *path;  /* NULL: the caller's own */
    whose plain, hidden;
} scene;

static fa_verdict play(const fa_policy *policy, const scene *of)
{
    fa_answers answers;
    desk table = {.server = {.headers = {{of->sent->header, of->sent->value}},
                             .password = of->answer,
                             .keys = of->answer == FA_UNAVAILABLE
                                         ? FA_UNAVAILABLE
                                         : FA_ALLOWED,
                             .file = keys},
                  .taken = of->taken,
                  .from = of->from,
                  .plain = of->plain,
                  .hidden = of->hidden};
    fa_request *request = unit_request(&table.server);
    apr_pool_t *own;
    fa_decision decision;
    fa_verdict verdict;

    apr_pool_create(&own, unit_pool);
    answers = *request->answers;
    answers.take = take;
    answers.find_owner = find_owner;
    request->pool = own;
    request->answers = &answers;
    request->trust = trust;
    request->query = of->sent->query;
    request->path = of->path ? of->path : "/unit/u/u";
    request->tls = of->tls;
    request->method_number = of->method;
    request->has_address = fa_address_parse(of->address, &request->address);
    verdict = fa_decide(request, policy, &decision);
    apr_pool_destroy(own);
    return verdict;
}

/* --- what is reached ------------------------------------------------------ */

/* An address that is let in, if there is one. */
static const char *good_address(const fa_policy *policy, int method)
{
    scene of = {.sent = &calls[0],
                .method = method,
                .tls = true,
                .taken = FA_ALLOWED,
                .answer = FA_ALLOWED};

    for (size_t i = 0; i < UNIT_COUNT(addresses); i++) {
        of.address = addresses[i];
        if (play(policy, &of) != FA_ADDRESS_REFUSED)
            return addresses[i];
    }
    return "";
}

/* Requests made for it: everything that can be sent, where all is well, where
 * a limit is reached, where nobody can say. */
static unsigned reached_by_design(const fa_policy *policy, int method)
{
    const char *address = good_address(policy, method);
#define OF(taken, answer, ...)                                     \
    {                                                              \
        NULL, address, method, true, taken, 0, answer, __VA_ARGS__ \
    }
    const scene moods[] = {
        OF(FA_ALLOWED, FA_ALLOWED, NULL, MINE, MINE),
        OF(FA_RATE_EXCEEDED, FA_ALLOWED, NULL, MINE, MINE),
        OF(FA_ALLOWED, FA_UNAVAILABLE, NULL, MINE, MINE),
        OF(FA_UNAVAILABLE, FA_ALLOWED, NULL, MINE, MINE),
        OF(FA_ALLOWED, FA_ALLOWED, "/unit/x/u", MINE, MINE),
        OF(FA_ALLOWED, FA_ALLOWED, "/unit/u/x", MINE, MINE),
        OF(FA_ALLOWED, FA_ALLOWED, NULL, OTHERS, MINE),
        OF(FA_ALLOWED, FA_ALLOWED, NULL, GONE, MINE),
        OF(FA_ALLOWED, FA_ALLOWED, NULL, DOWN, MINE),
        OF(FA_ALLOWED, FA_ALLOWED, NULL, MINE, OTHERS),
        OF(FA_ALLOWED, FA_ALLOWED, NULL, MINE, GONE),
        OF(FA_ALLOWED, FA_ALLOWED, NULL, MINE, DOWN),
#undef OF
    };
    const scene no_tls = {.sent = &calls[0],
                          .address = "192.0.2.1",
                          .method = method,
                          .taken = FA_ALLOWED,
                          .answer = FA_ALLOWED};
    const scene nowhere = {.sent = &calls[0],
                           .address = "",
                           .method = method,
                           .tls = true,
                           .taken = FA_ALLOWED,
                           .answer = FA_ALLOWED};
    unsigned reached =
        1u << play(policy, &no_tls) | 1u << play(policy, &nowhere);

    for (size_t i = 0; i < UNIT_COUNT(moods); i++) {
        for (size_t j = 0; j < call_count; j++) {
            scene of = moods[i];

            of.sent = &calls[j];
            reached |= 1u << play(policy, &of);
        }
    }
    return reached;
}

static unsigned reached_by_chance(const fa_policy *policy, int method)
{
    static const fa_verdict taken[] = {FA_ALLOWED, FA_ALLOWED, FA_RATE_EXCEEDED,
                                       FA_UNAVAILABLE};
    static const fa_verdict answer[] = {FA_ALLOWED, FA_ALLOWED,
                                        FA_BAD_CREDENTIAL, FA_UNAVAILABLE};
    static const char *const paths[] = {NULL, "/unit/u/x", "/unit/x/u"};
    unsigned reached = 0;

    for (int i = 0; i < REQUESTS; i++) {
        const scene of = {&calls[below((unsigned)call_count)],
                          ONE_OF(addresses),
                          method,
                          chance(70),
                          ONE_OF(taken),
                          (int)below(2),
                          ONE_OF(answer),
                          ONE_OF(paths),
                          (whose)below(4),
                          (whose)below(4)};

        reached |= 1u << play(policy, &of);
    }
    return reached;
}

static const char *words(unsigned set)
{
    const char *text = "";

    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        if (set & 1u << i)
            text = apr_pstrcat(unit_pool, text, *text ? " " : "",
                               fa_verdict_row_of((fa_verdict)i)->word, NULL);
    }
    return text;
}

/* --- policies ------------------------------------------------------------- */

/* Everything that was said, for whoever reads of a failure. */
static const char *said;

static void say(fa_line *line, const char *text)
{
    /* What contradicts itself is refused, and goes on as far as it was read:
     * the order holds for any policy. */
    unit_say(line, text);
    said = apr_psprintf(unit_pool, "%s%s [%" APR_INT64_T_FMT "]\n", said, text,
                        line->methods);
}

/* For some lines <Limit>. */
static void say_for_methods(fa_line *line, const char *text)
{
    static const apr_int64_t masks[] = {-1, -1, 1 << UNIT_GET, 1 << UNIT_POST,
                                        1 << UNIT_GET | 1 << UNIT_PUT};

    line->methods = ONE_OF(masks);
    say(line, text);
    line->methods = -1;
}

static const char *const scheme_lines[] = {
    "none",
    "bearer-jwt",
    "oauth2",
    "bearer-jwt oauth2",
    "basic",
    "api-key-header",
    "api-key-query",
    "api-key-cookie:sid",
    "bearer-jwt api-key-cookie:sid",
    "api-key-cookie:sid oauth2 basic",
    "basic api-key-header bearer-jwt api-key-query",
};

static void say_demands(fa_line *line)
{
    static const char *const lines[] = {
        "RequireScope a",
        "RequireScope a b",
        "RequireRole r",
        "RequireRole q s",
        "RequireClaim tenant x",
        "RequireClaim tenant y z",
        "RequireScope none",
        "RequireClaim none",
        "RequireRole none",
        "RequireAddress 10.0.0.0/8",
        "RequireAddress ::/0",
        "RequireAddress 10.1.0.0/16 192.0.2.0/24",
        "RequireAddress 0.0.0.0/0",
        "RequirePermission p",
        "RequirePermission q p",
        "RequirePermission none",
        "RequireOwner none"};

    for (unsigned i = chance(30) ? 0 : below(4); i > 0; i--) {
        const char *text = ONE_OF(lines);

        if (strstr(text, "none"))
            say(line, text);
        else
            say_for_methods(line, text);
    }
}

static void say_owners(fa_line *line)
{
    static const char *const lines[] = {
        "RequireOwner path:who",
        "RequireOwner path:too hide",
        "RequireOwner query:plain bypass=z",
        "RequireOwner query:hidden hide",
    };
    const fa_section section = line->section;

    unit_say(line, "^/unit/(?<who>[^/]+)/(?<too>[^/]+)$");
    for (unsigned i = chance(60) ? 0 : below(3); i > 0; i--)
        say_for_methods(line, ONE_OF(lines));
    line->section = section;
}

static void say_limits(fa_line *line)
{
    static const char *const lines[] = {
        "RateLimit 9/1m",
        "RateLimit 9/1m by=user",
        "RateLimit 9/1m by=api-key,ip",
        "RateLimit 9/1m by=claim:tenant",
        "RateLimit 9/1m by=location",
        "RateLimit 9/1m by=header:X-T name=n",
        "RateLimit 9/1m by=header:X-T name=n cost=2",
        "RateLimit 9/1m by=ip,user on=failure",
    };

    if (chance(30))
        say(line, chance(50) ? "RateLimit none" : "RateLimit none on=failure");
    for (unsigned i = chance(50) ? 0 : below(3); i > 0; i--)
        say_for_methods(line, ONE_OF(lines));
}

static const fa_policy *one_section(void)
{
    static const char *const tls[] = {"on", "off", "loopback"};
    static const char *const sources[] = {"header", "cookie:tok", "query:tok",
                                          "cookie:tok header"};
    fa_line *line = unit_line("/");

    line->section.pattern = apr_psprintf(unit_pool, "/unit/%u", below(1000));
    if (chance(75))
        say(line, apr_pstrcat(unit_pool, "AuthScheme ", ONE_OF(scheme_lines),
                              chance(30) ? " optional" : "", NULL));
    if (chance(70))
        say(line, "AuthPasswords file");
    if (chance(30))
        say(line, join("AuthTokenSource ", ONE_OF(sources)));
    if (chance(25))
        say(line, join("AuthRequireTLS ", ONE_OF(tls)));
    say_demands(line);
    say_owners(line);
    say_limits(line);
    for (int i = 0; i < 8 && chance(60); i++)
        say(line, "RateLimit 9/1m by=user");
    return line->policy;
}

static const fa_policy *any_policy(void)
{
    const fa_policy *policy;

    said = "";
    policy = one_section();
    for (unsigned i = chance(10) ? 6 : below(3); i > 0; i--) {
        said = join(said, "--\n");
        policy = fa_policy_merge(unit_pool, policy, one_section());
    }
    return policy;
}

/* --- the property --------------------------------------------------------- */

START_TEST(outcomes_are_what_requests_come_to)
{
    static const int methods[] = {UNIT_GET, UNIT_POST};
    unsigned met = 0, missed = 0;

    seed = (uint32_t)_i + 1;
    make_calls();
    for (int i = 0; i < POLICIES; i++) {
        const fa_policy *policy = any_policy();

        for (size_t j = 0; j < UNIT_COUNT(methods); j++) {
            const unsigned wrong = 1u << FA_MISCONFIGURED;
            unsigned set = fa_outcomes(policy, methods[j]);
            unsigned random = reached_by_chance(policy, methods[j]) & ~wrong;
            unsigned made = reached_by_design(policy, methods[j]) & ~wrong;

            ck_assert_msg(made == set, "%sreached: %s\nsaid: %s", said,
                          words(made), words(set));
            ck_assert_msg((random & ~set) == 0, "%sreached: %s\nsaid: %s", said,
                          words(random), words(set));
            met |= set;
            missed |= ~set;
        }
    }
    /* Of each verdict there was a policy with it, and one without. */
    for (int i = FA_ALLOWED; i < FA_VERDICT_COUNT; i++) {
        bool never = i == FA_AMBIGUOUS_PATH || i == FA_MISCONFIGURED;

        ck_assert_msg((met >> i & 1) == !never, "%s", words(1u << i));
        ck_assert_msg(missed >> i & 1, "%s", words(1u << i));
    }
}
END_TEST

/* --- rows to read --------------------------------------------------------- */

#define KEY    "AuthScheme api-key-header\n"
#define BASIC  "AuthScheme basic\nAuthPasswords file\n"
#define TOKEN  "AuthScheme bearer-jwt\n"
#define TAKEN  " rate-exceeded unavailable"
#define KNOWN  "allowed no-credential bad-credential "
#define TOKENS KNOWN "expired-credential"

static const struct {
    const char *policy, *set;
} rows[] = {
    {"", "allowed"},
    {"AuthScheme none", "allowed"},
    {TOKEN, TOKENS " two-credentials"},
    {TOKEN "AuthTokenSource cookie:t", TOKENS},
    {TOKEN "AuthTokenSource cookie:t query:t", TOKENS " two-credentials"},
    {KEY, TOKENS " two-credentials" TAKEN},
    {KEY "RateLimit none", TOKENS " two-credentials unavailable"},
    {"AuthScheme api-key-cookie:s\nRateLimit none", TOKENS " unavailable"},
    {BASIC, KNOWN "two-credentials" TAKEN},
    {TOKEN "RequireScope a", TOKENS " two-credentials scope-missing"},
    {TOKEN "RequireRole a", TOKENS " two-credentials role-missing"},
    {TOKEN "RequireClaim a b", TOKENS " two-credentials claim-refused"},
    {TOKEN "RequirePermission a", TOKENS " two-credentials permission-missing"},
    {UNIT_MATCH "\n" TOKEN "RequireOwner path:user_id",
     TOKENS " two-credentials owner-refused"},
    {UNIT_MATCH "\n" TOKEN "RequireOwner path:user_id hide",
     TOKENS " two-credentials not-found"},
    {UNIT_MATCH "\n" TOKEN "RequireOwner query:q",
     TOKENS " two-credentials owner-refused not-found unavailable"},
    {UNIT_MATCH "\n" TOKEN "RequireOwner query:q hide",
     TOKENS " two-credentials not-found unavailable"},
    /* Nobody comes so far as to be asked whose it is. */
    {UNIT_MATCH "\n" BASIC "RequireOwner query:q\nRequireRole r\n"
                "RateLimit none",
     "no-credential bad-credential two-credentials role-missing unavailable"},
    {TOKEN "RateLimit 1/1m", TOKENS " two-credentials" TAKEN},
    {"AuthRequireTLS on", "allowed tls-required"},
    {"AuthRequireTLS loopback", "allowed tls-required"},
    {"RequireAddress ::1", "allowed address-refused"},
    {"RequireAddress ::1\nRequireAddress ::2", "address-refused"},
    {"RateLimit 1/1m", "allowed" TAKEN},
    /* Failures of nothing are none. */
    {"RateLimit 1/1m on=failure", "allowed"},
    /* Nobody: a password has no role, and a key no claim. */
    {BASIC "RequireRole r\nRateLimit none\nRateLimit 1/1m by=user",
     "no-credential bad-credential two-credentials role-missing unavailable"},
    {KEY "RequireClaim a b\nRequireRole r\nRateLimit none",
     "no-credential bad-credential expired-credential two-credentials "
     "claim-refused unavailable"},
    {"RequireScope a\nRateLimit 1/1m by=user", ""},
    {"RequireScope a\nRateLimit 1/1m", "rate-exceeded unavailable"},
};

START_TEST(outcomes_of_a_policy)
{
    unsigned set = fa_outcomes(unit_policy(rows[_i].policy), UNIT_GET);
    char *rest = apr_pstrdup(unit_pool, rows[_i].set), *word;
    unsigned expected = 0;

    while ((word = apr_strtok(rest, " ", &rest)) != NULL) {
        int i = 0;

        while (strcmp(fa_verdict_row_of((fa_verdict)i)->word, word) != 0)
            ck_assert_int_lt(++i, FA_VERDICT_COUNT);
        expected |= 1u << i;
    }
    ck_assert_msg(set == expected, "%s: %s", rows[_i].policy, words(set));
}
END_TEST

START_TEST(method_of_limit_counts)
{
    fa_line *line = unit_line("/");

    unit_say(line, "AuthScheme bearer-jwt optional");
    line->methods = 1 << UNIT_DELETE;
    unit_say(line, "RequireScope a");
    unit_say(line, "RateLimit 1/1m");
    ck_assert(!(fa_outcomes(line->policy, UNIT_GET) &
                (1u << FA_SCOPE_MISSING | 1u << FA_RATE_EXCEEDED)));
    ck_assert(fa_outcomes(line->policy, UNIT_DELETE) & 1u << FA_SCOPE_MISSING);
    ck_assert(fa_outcomes(line->policy, UNIT_DELETE) & 1u << FA_RATE_EXCEEDED);
    ck_assert(!fa_outcome_needs_identity(line->policy, UNIT_GET));
    ck_assert(fa_outcome_needs_identity(line->policy, UNIT_DELETE));
}
END_TEST

static const struct {
    const char *policy;
    size_t count;
    unsigned cost; /* of the first */
} limits[] = {
    {"", 0, 0},
    {KEY, 2, 1},
    {KEY "RateLimit none", 0, 0},
    {KEY "RateLimit 5/1m cost=3", 3, 3},
    {"RateLimit 5/1m\nRateLimit 5/1m by=user", 2, 1},
    {"RateLimit 5/1m\nRateLimit 5/1m by=ip on=failure", 1, 1},
    {"RateLimit 5/1m name=x\nRateLimit 5/1m name=x cost=2", 1, 2},
    {"RateLimit 5/1m name=x cost=2\nRateLimit 5/1m name=x", 1, 2},
    {"RequireRole r\nRateLimit 5/1m by=user", 0, 0},
    {"RequireAddress ::1\nRequireAddress ::2\nRateLimit 5/1m", 0, 0},
};

START_TEST(limit_that_counts_nothing_is_none)
{
    const fa_limit *found[FA_LIMITS_MAX];
    size_t count =
        fa_outcome_limits(unit_policy(limits[_i].policy), UNIT_GET, found);

    ck_assert_uint_eq(count, limits[_i].count);
    if (count > 0)
        ck_assert_uint_eq(found[0]->cost, limits[_i].cost);
}
END_TEST

/* 33 limits, one more than are weighed; another method's count among them. */
START_TEST(more_limits_than_can_be_weighed_let_nobody_in)
{
    const scene of = {.sent = &calls[0],
                      .address = "192.0.2.1",
                      .method = UNIT_GET,
                      .tls = true,
                      .taken = FA_ALLOWED,
                      .answer = FA_ALLOWED};
    const fa_limit *found[FA_LIMITS_MAX];
    const fa_policy *policy = unit_policy("AuthRequireTLS on");

    for (int i = 0; i <= FA_LIMITS_MAX; i++) {
        fa_line *line = unit_line("/");
        bool fits = i < FA_LIMITS_MAX;

        line->section.pattern = apr_itoa(unit_pool, i);
        line->methods = i == 0 ? 1 << UNIT_POST : -1;
        ck_assert_ptr_null(unit_say(line, "RateLimit 5/1m"));
        policy = fa_policy_merge(unit_pool, policy, line->policy);
        ck_assert_int_eq(play(policy, &of),
                         fits ? FA_ALLOWED : FA_MISCONFIGURED);
        ck_assert_uint_eq(fa_outcome_limits(policy, UNIT_GET, found),
                          fits ? (size_t)i : 0);
    }
    ck_assert_uint_eq(fa_outcomes(policy, UNIT_GET), 1u << FA_TLS_REQUIRED);
}
END_TEST

START_TEST(way_that_cannot_bring_it_lets_nobody_in)
{
    static const struct {
        const char *policy;
        bool token, key, password;
    } ways[] = {
        {BASIC, true, true, true},
        {"AuthScheme basic", true, true, false},
        {BASIC "RequireScope a", true, true, false},
        {BASIC "RequireRole a", true, true, false},
        {BASIC "RequireClaim a b", true, false, false},
        {BASIC "RequireAddress ::1", true, true, true},
        {BASIC "RequirePermission a", true, true, false},
        {UNIT_MATCH "\n" BASIC "RequireOwner path:user_id", true, true, true}};

    for (size_t i = 0; i < UNIT_COUNT(ways); i++) {
        const fa_policy *policy = unit_policy(ways[i].policy);

        ck_assert_int_eq(fa_outcome_admits(policy, UNIT_GET, FA_OAUTH2),
                         ways[i].token);
        ck_assert_int_eq(fa_outcome_admits(policy, UNIT_GET, FA_API_KEY_QUERY),
                         ways[i].key);
        ck_assert_int_eq(fa_outcome_admits(policy, UNIT_GET, FA_BASIC),
                         ways[i].password);
    }
}
END_TEST

int main(void)
{
    TCase *rule = unit_case("rule"), *table = unit_case("table");

    tcase_add_loop_test(rule, outcomes_are_what_requests_come_to, 0, PARTS);
    tcase_add_loop_test(table, outcomes_of_a_policy, 0, UNIT_ROWS(rows));
    tcase_add_test(table, method_of_limit_counts);
    tcase_add_loop_test(table, limit_that_counts_nothing_is_none, 0,
                        UNIT_ROWS(limits));
    tcase_add_test(table, more_limits_than_can_be_weighed_let_nobody_in);
    tcase_add_test(table, way_that_cannot_bring_it_lets_nobody_in);
    return unit_run("t_outcome", rule, table, NULL);
}
