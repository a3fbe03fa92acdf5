/* What a policy asks of callers, in sentences.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_document.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_outcome.h"
#include "fa_text.h"

/* Say a sentence, unless it was said: two sections may demand one thing. */
static void say(apr_array_header_t *sentences, const char *sentence)
{
    if (!fa_text_has_word(sentences, sentence))
        APR_ARRAY_PUSH(sentences, const char *) = sentence;
}

/* `a, b, c`. */
static const char *listed(apr_pool_t *pool, const apr_array_header_t *words)
{
    const char *text = "";

    for (int i = 0; i < words->nelts; i++)
        text = apr_pstrcat(pool, text, i ? ", " : "",
                           APR_ARRAY_IDX(words, i, const char *), NULL);
    return fa_document_text(pool, text);
}

/* --- claims that name a user ---------------------------------------------- */

static bool has_name(const apr_array_header_t *names, const char *claim)
{
    return names && fa_text_has_word(names, claim);
}

static bool is_user_of(const fa_issuer *issuer, const char *claim)
{
    return issuer && issuer->claims && has_name(issuer->claims->user, claim);
}

/* Whether a claim's value is somebody: one of the usual names, at the end of a
 * dotted path or a URL too, or what the configuration reads a user from. */
static bool names_user(const fa_trust *trust, const char *claim)
{
    static const char *const usual[] = {"sub", "user_id", "email",
                                        "preferred_username", "upn"};
    const char *last = claim;
    bool found = trust && is_user_of(trust->own, claim);

    for (const char *at = claim; *at; at++) {
        if (strchr("./:", *at))
            last = at + 1;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        found = found || strcasecmp(usual[i], last) == 0;
    for (int i = 0; trust && i < trust->issuers->nelts; i++)
        found = found ||
                is_user_of(APR_ARRAY_IDX(trust->issuers, i, const fa_issuer *),
                           claim);
    return found;
}

/* --- demands -------------------------------------------------------------- */

static const char *claim_text(apr_pool_t *pool, const fa_trust *trust,
                              const fa_demand *demand)
{
    const char *name = fa_document_text(pool, demand->claim);

    if (names_user(trust, demand->claim))
        return apr_pstrcat(pool, "A certain ", name, ".", NULL);
    return apr_pstrcat(pool, "The claim ", name, " with ",
                       demand->values->nelts > 1 ? "one of these values: "
                                                 : "the value ",
                       listed(pool, demand->values), ".", NULL);
}

static const char *owner_text(apr_pool_t *pool, const fa_owner *owner)
{
    if (!owner->bypass)
        return "Only the owner.";
    return apr_pstrcat(pool, "Only the owner, or ",
                       owner->bypass->nelts > 1 ? "one of these roles: "
                                                : "the role ",
                       listed(pool, owner->bypass), ".", NULL);
}

static const char *demand_text(apr_pool_t *pool, const fa_trust *trust,
                               const fa_demand *demand)
{
    bool many = demand->values && demand->values->nelts > 1;

    switch (demand->kind) {
    case FA_DEMAND_ADDRESS:
        return apr_pstrcat(pool, "A client address in ", many ? "one of: " : "",
                           listed(pool, fa_text_words(pool, demand->text)), ".",
                           NULL);
    case FA_DEMAND_SCOPE:
        return apr_pstrcat(pool, many ? "All of these scopes: " : "The scope ",
                           listed(pool, demand->values), ".", NULL);
    case FA_DEMAND_ROLE:
        return apr_pstrcat(pool, many ? "One of these roles: " : "The role ",
                           listed(pool, demand->values), ".", NULL);
    case FA_DEMAND_CLAIM:
        return claim_text(pool, trust, demand);
    case FA_DEMAND_PERMISSION:
        return apr_pstrcat(
            pool, many ? "All of these permissions: " : "The permission ",
            listed(pool, demand->values), ".", NULL);
    case FA_DEMAND_OWNER:
        return owner_text(pool, demand->owner);
    }
    return "";
}

static void say_tls(apr_array_header_t *sentences, fa_tls_rule rule)
{
    switch (rule) {
    case FA_TLS_OFF:
        break;
    case FA_TLS_ON:
        say(sentences, "Over TLS only.");
        break;
    case FA_TLS_UNLESS_LOOPBACK:
        say(sentences,
            "Over TLS only, but for clients on the server's own machine.");
        break;
    }
}

apr_array_header_t *fa_document_needs(apr_pool_t *pool,
                                      const fa_document *document,
                                      const fa_documented *one)
{
    apr_array_header_t *sentences = apr_array_make(pool, 4, sizeof(char *));
    const fa_demands *demands = one->policy->demands;

    if (fa_policy_report_only(one->policy))
        say(sentences, "Nothing of this is enforced: AuthReportOnly is on.");
    say_tls(sentences, fa_policy_tls(one->policy));
    for (int i = 0; demands && demands->list && i < demands->list->nelts; i++) {
        const fa_demand *demand =
            APR_ARRAY_IDX(demands->list, i, const fa_demand *);

        if (fa_demand_is_for(demand, (int)one->method))
            say(sentences, demand_text(pool, document->server->trust, demand));
    }
    return sentences;
}

/* --- limits --------------------------------------------------------------- */

static const char *duration_text(apr_pool_t *pool, apr_int64_t seconds)
{
    static const struct {
        apr_int64_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t i = 0;

    while (seconds % units[i].seconds != 0)
        i++;
    return apr_psprintf(pool, "%" APR_INT64_T_FMT " %s%s",
                        seconds / units[i].seconds, units[i].name,
                        seconds == units[i].seconds ? "" : "s");
}

/* Who is counted apart from others: "each address and user". */
static const char *counted_text(apr_pool_t *pool, const fa_limit *limit)
{
    const struct {
        fa_limit_by by;
        const char *what, *name;
    } parts[] = {{FA_BY_IP, "address", ""},
                 /* Of a failure the user is who the caller claims to be. */
                 {FA_BY_USER, limit->on_failure ? "account" : "user", ""},
                 {FA_BY_API_KEY, "API key", ""},
                 {FA_BY_CLAIM, "value of the claim ", limit->claim},
                 {FA_BY_HEADER, "value of the header ", limit->header}};
    const char *text = "";

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (limit->by & parts[i].by)
            text = apr_pstrcat(pool, text, *text ? " and " : "each ",
                               parts[i].what, parts[i].name, NULL);
    }
    return *text ? fa_document_text(pool, text) : "all callers together";
}

static const char *limit_text(apr_pool_t *pool, const fa_limit *limit)
{
    bool one = limit->rate.limit == 1;
    const char *what = one ? "request" : "requests";
    const char *cost =
        limit->cost > 1
            ? apr_psprintf(pool, ", each of which counts %u times", limit->cost)
            : "";

    if (limit->on_failure)
        what = one ? "bad credential" : "bad credentials";
    if (limit->guessable_only)
        what = "bad passwords or API keys";
    return apr_psprintf(
        pool, "At most %u %s in %s for %s%s.", limit->rate.limit, what,
        duration_text(pool, (apr_int64_t)(limit->rate.window_us / 1000000)),
        counted_text(pool, limit), cost);
}

apr_array_header_t *fa_document_limits(apr_pool_t *pool,
                                       const fa_documented *one)
{
    apr_array_header_t *sentences = apr_array_make(pool, 4, sizeof(char *));
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_outcome_limits(one->policy, (int)one->method, limits);

    for (size_t i = 0; i < count; i++)
        say(sentences, limit_text(pool, limits[i]));
    return sentences;
}
