/* Steps 2 and 5 of a decision: how often.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_weigh.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_digest.h"
#include "fa_json.h"
#include "fa_text.h"

/* A caller's key: parts with their lengths, so that no two callers share one.
 */
typedef struct key {
    apr_pool_t *pool;
    const char *text;
} key;

static void add_part(key *made, const char *what, const char *value)
{
    made->text = apr_psprintf(made->pool, "%s%s%" APR_SIZE_T_FMT ":%s",
                              made->text, what, strlen(value), value);
}

/* IPv4 whole, IPv6 by its /64: one subscriber has all addresses of that. */
static void add_address(key *made, const fa_request *request)
{
    static const unsigned char v4_mapped[12] = {0, 0, 0, 0, 0,    0,
                                                0, 0, 0, 0, 0xff, 0xff};
    const unsigned char *bytes = request->address.bytes;
    bool is_v4 = memcmp(bytes, v4_mapped, sizeof v4_mapped) == 0;
    char text[2 * sizeof request->address.bytes + 1] = "";
    size_t first = is_v4 ? 12 : 0, last = is_v4 ? 16 : 8;

    for (size_t i = first; request->has_address && i < last; i++)
        apr_snprintf(text + 2 * (i - first), 3, "%02x", bytes[i]);
    add_part(made, "ip", text);
}

/* One credential is one caller, wherever it is sent and whichever of the two
 * bearer schemes reads it. */
static const char *family_of(const fa_identity *identity)
{
    if (identity->issuer)
        return identity->issuer;
    if (strncmp(identity->scheme, "api-key", 7) == 0)
        return "api-key";
    return strcmp(identity->scheme, "basic") == 0 ? "basic" : "bearer";
}

/* A directory or database behind Basic may not care for case: spellings of one
 * name share one counter. */
static void add_folded(key *made, const char *what, const char *user)
{
    char *folded = apr_pstrdup(made->pool, user);

    for (char *c = folded; *c; c++)
        *c = (char)apr_tolower(*c);
    add_part(made, what, folded);
}

static void add_user(key *made, const fa_identity *identity)
{
    const char *family = family_of(identity);

    add_part(made, "of", family);
    if (strcmp(family, "basic") == 0)
        add_folded(made, "user", identity->user);
    else
        add_part(made, "user", identity->user);
}

/* Who the caller claims to be, before it is believed. */
static void add_claimed(key *made, const fa_request *request,
                        const fa_credential *credential)
{
    unsigned char digest[FA_DIGEST_SIZE];
    char text[17] = "";

    if (credential->user) {
        add_folded(made, "claimed", credential->user);
        return;
    }
    if (credential->kind != FA_CREDENTIAL_API_KEY ||
        !fa_digest(credential->secret, strlen(credential->secret), digest)) {
        add_address(made, request);
        return;
    }
    for (size_t i = 0; i < sizeof text / 2; i++)
        apr_snprintf(text + 2 * i, 3, "%02x", digest[i]);
    add_part(made, "key", text);
}

/* A caller without the part that is asked for: by user if known, else by
 * address. */
static void add_instead(key *made, const fa_request *request,
                        const fa_identity *identity)
{
    if (identity)
        add_user(made, identity);
    else
        add_address(made, request);
}

static void add_claim(key *made, const fa_request *request,
                      const fa_identity *identity, const char *name)
{
    const json_t *claim = identity && identity->claims
                              ? fa_json_at(identity->claims, name)
                              : NULL;
    char number[32];

    if (json_is_string(claim)) {
        add_part(made, "claim", json_string_value(claim));
    }
    else if (json_is_integer(claim)) {
        /* APR does not know jansson's %lld. */
        apr_snprintf(number, sizeof number, "%" APR_INT64_T_FMT,
                     (apr_int64_t)json_integer_value(claim));
        add_part(made, "claim", number);
    }
    else {
        add_instead(made, request, identity);
    }
}

static void add_header(key *made, const fa_request *request, const char *name)
{
    const char *value = request->answers->header(request->context, name);

    if (value)
        add_part(made, "header", value);
    else
        add_address(made, request);
}

static const char *caller_of(const fa_request *request, const fa_limit *limit,
                             const fa_decision *decision)
{
    const fa_identity *identity = decision->identity;
    key made = {request->pool, ""};

    if (limit->by & FA_BY_IP)
        add_address(&made, request);
    if (limit->by & FA_BY_USER && limit->on_failure)
        add_claimed(&made, request, &decision->credential);
    else if (limit->by & FA_BY_USER)
        add_instead(&made, request, identity);
    if (limit->by & FA_BY_API_KEY && limit->on_failure)
        add_claimed(&made, request, &decision->credential);
    else if (limit->by & FA_BY_API_KEY && identity && identity->key &&
             strncmp(identity->scheme, "api-key", 7) == 0)
        add_part(&made, "key", identity->key);
    else if (limit->by & FA_BY_API_KEY)
        add_instead(&made, request, identity);
    if (limit->by & FA_BY_CLAIM)
        add_claim(&made, request, identity, limit->claim);
    if (limit->by & FA_BY_HEADER)
        add_header(&made, request, limit->header);
    return made.text;
}

static bool is_for(const fa_limit *limit, const fa_request *request)
{
    return fa_methods_have(limit->methods, request->method_number);
}

static void add_ask(const fa_request *request, const fa_limit *limit,
                    fa_decision *decision)
{
    fa_ask *ask;

    /* One name= in two sections is one limit: weighed once, at what costs
     * more. */
    for (size_t i = 0; i < decision->ask_count; i++) {
        if (strcmp(decision->asks[i].limit->counter, limit->counter) != 0)
            continue;
        if (decision->asks[i].limit->cost < limit->cost)
            decision->asks[i].limit = limit;
        return;
    }
    ask = &decision->asks[decision->ask_count++];
    *ask = (fa_ask){.limit = limit};
    ask->caller = caller_of(request, limit, decision);
    ask->caller_size = strlen(ask->caller);
}

static fa_verdict take(const fa_request *request, fa_decision *decision,
                       size_t from)
{
    size_t count = decision->ask_count - from;
    fa_verdict verdict;

    if (count == 0)
        return FA_ALLOWED;
    verdict =
        request->answers->take(request->context, &decision->asks[from], count);
    if (verdict == FA_RATE_EXCEEDED)
        decision->reason = "RateLimit";
    if (verdict == FA_UNAVAILABLE)
        decision->reason = "the counters cannot be asked";
    return verdict;
}

/* Whether a limit of failures has anything to do with what came. */
static bool may_fail(const fa_limit *limit, const fa_credential *credential)
{
    switch (credential->kind) {
    case FA_CREDENTIAL_NONE:
        return false;
    case FA_CREDENTIAL_EMPTY:
    case FA_CREDENTIAL_TOKEN:
        return !limit->guessable_only;
    case FA_CREDENTIAL_API_KEY:
    case FA_CREDENTIAL_BASIC:
        return true;
    }
    return true;
}

fa_verdict fa_weigh_first(const fa_request *request, const fa_policy *policy,
                          fa_decision *decision)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_policy_limits(policy, limits);

    if (count == 0)
        return FA_ALLOWED;
    if (count > FA_LIMITS_MAX) {
        decision->reason = "more limits in force than can be weighed at once";
        return FA_MISCONFIGURED;
    }
    decision->asks = apr_palloc(request->pool, count * sizeof(fa_ask));
    for (size_t i = 0; i < count; i++) {
        if (is_for(limits[i], request) && !fa_limit_needs_identity(limits[i]) &&
            (!limits[i]->on_failure ||
             may_fail(limits[i], &decision->credential)))
            add_ask(request, limits[i], decision);
    }
    return take(request, decision, 0);
}

void fa_weigh_settle(const fa_request *request, fa_decision *decision,
                     fa_verdict verdict)
{
    bool was_bad =
        verdict == FA_BAD_CREDENTIAL || verdict == FA_EXPIRED_CREDENTIAL;

    for (size_t i = 0; i < decision->ask_count; i++) {
        fa_ask *ask = &decision->asks[i];

        if (ask->limit->on_failure && ask->taken)
            request->answers->settle(request->context, ask, !was_bad);
    }
}

fa_verdict fa_weigh_caller(const fa_request *request, const fa_policy *policy,
                           fa_decision *decision)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_policy_limits(policy, limits);
    size_t before = decision->ask_count;
    fa_verdict verdict;

    for (size_t i = 0; i < count; i++) {
        if (is_for(limits[i], request) && fa_limit_needs_identity(limits[i]))
            add_ask(request, limits[i], decision);
    }
    verdict = take(request, decision, before);
    for (size_t i = 0; verdict != FA_ALLOWED && i < before; i++) {
        fa_ask *ask = &decision->asks[i];

        if (!ask->limit->on_failure && ask->taken)
            request->answers->settle(request->context, ask, true);
    }
    return verdict;
}
