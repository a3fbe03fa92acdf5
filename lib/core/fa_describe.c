/* A policy in words, for -DDUMP_FASTAUTH.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_describe.h"

#include <apr_strings.h>

#include "fa_text.h"

static void say(apr_array_header_t *lines, const char *line)
{
    APR_ARRAY_PUSH(lines, const char *) = line;
}

static void say_schemes(apr_pool_t *pool, apr_array_header_t *lines,
                        const fa_schemes *schemes)
{
    if (!schemes)
        return;
    say(lines, apr_psprintf(pool, "identified by: %s   (AuthScheme, %s:%d)",
                            fa_schemes_text(pool, schemes),
                            schemes->section.file, schemes->section.line));
}

static void say_demand(apr_pool_t *pool, apr_array_header_t *lines,
                       const fa_demand *demand, const char *methods)
{
    static const char *const meaning[] = {
        [FA_DEMAND_ADDRESS] = "from one of the networks",
        [FA_DEMAND_SCOPE] = "with every scope of",
        [FA_DEMAND_ROLE] = "with one role of",
        [FA_DEMAND_CLAIM] = "with the claim and one value of",
        [FA_DEMAND_PERMISSION] = "with every permission of",
        [FA_DEMAND_OWNER] = "who owns it by"};

    say(lines,
        apr_psprintf(pool, "%s: %s: %s   (%s, %s:%d)",
                     methods ? methods : "all methods", meaning[demand->kind],
                     demand->text, fa_demand_name(demand), demand->section.file,
                     demand->section.line));
}

/* Demands, each of which may be of some methods. */
static void say_demands(apr_pool_t *pool, apr_array_header_t *lines,
                        const fa_demands *demands, fa_method_names *names)
{
    for (int i = 0; demands && demands->list && i < demands->list->nelts; i++) {
        const fa_demand *demand =
            APR_ARRAY_IDX(demands->list, i, const fa_demand *);

        say_demand(pool, lines, demand,
                   demand->methods == -1 ? NULL : names(pool, demand->methods));
    }
}

/* Operations that demand something, each with the path that it adds to its
 * section's. */
static void say_operations(apr_pool_t *pool, apr_array_header_t *lines,
                           const fa_operations_in *of, fa_method_names *names)
{
    for (int i = 0; i < of->set->list->nelts; i++) {
        const fa_operation *operation =
            APR_ARRAY_IDX(of->set->list, i, const fa_operation *);
        const fa_demands *demands =
            operation->demands
                ? fa_demands_kept(pool, operation->demands, of->dropped)
                : NULL;

        if (!fa_demands_find(demands, ~0u))
            continue;
        say(lines,
            apr_psprintf(pool, "%s of <%s %s>, of these:",
                         fa_operation_is_by_path(operation)
                             ? operation->path->text
                             : "every path",
                         operation->section.kind, operation->section.pattern));
        say_demands(pool, lines, demands, names);
    }
}

static const char *by_text(apr_pool_t *pool, const fa_limit *limit)
{
    const struct {
        fa_limit_by by;
        const char *what, *name;
    } parts[] = {{FA_BY_IP, "address", ""},
                 {FA_BY_USER, "user", ""},
                 {FA_BY_API_KEY, "API key", ""},
                 {FA_BY_LOCATION, "location", ""},
                 {FA_BY_CLAIM, "claim ", limit->claim},
                 {FA_BY_HEADER, "header ", limit->header}};
    const char *text = "";

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (limit->by & parts[i].by)
            text = apr_pstrcat(pool, text, *text ? " and " : "", parts[i].what,
                               parts[i].name, NULL);
    }
    return text;
}

static void say_limit(apr_pool_t *pool, apr_array_header_t *lines,
                      const fa_limit *limit, const char *methods)
{
    say(lines,
        apr_psprintf(
            pool,
            "%s: %s%u in %" APR_INT64_T_FMT "s by %s   (RateLimit, %s:%d)",
            methods ? methods : "all methods",
            limit->on_failure ? "bad credentials, " : "", limit->rate.limit,
            (apr_int64_t)(limit->rate.window_us / 1000000),
            by_text(pool, limit), limit->section.file, limit->section.line));
}

static const char *source_text(apr_pool_t *pool, const fa_token_source *source)
{
    switch (source->place) {
    case FA_TOKEN_HEADER:
        return "the Authorization header";
    case FA_TOKEN_COOKIE:
        return apr_pstrcat(pool, "the cookie ", source->name, NULL);
    case FA_TOKEN_QUERY:
        return apr_pstrcat(pool, "the query parameter ", source->name, NULL);
    }
    return "";
}

static void say_settings(apr_pool_t *pool, apr_array_header_t *lines,
                         const fa_policy *policy)
{
    for (int i = 0; policy->token_sources && i < policy->token_sources->nelts;
         i++)
        say(lines,
            apr_pstrcat(pool, "tokens are looked for in ",
                        source_text(pool, &APR_ARRAY_IDX(policy->token_sources,
                                                         i, fa_token_source)),
                        NULL));
    if (policy->passwords)
        say(lines,
            apr_psprintf(pool,
                         "passwords by: %s, remembered for %" APR_INT64_T_FMT
                         "s   (AuthPasswords, %s:%d)",
                         fa_text_join(pool, policy->passwords->providers),
                         policy->passwords->cache_s,
                         policy->passwords->section.file,
                         policy->passwords->section.line));
    if (fa_policy_tls(policy) != FA_TLS_OFF)
        say(lines, fa_policy_tls(policy) == FA_TLS_ON
                       ? "over TLS only"
                       : "over TLS only, but for clients on this machine");
    if (fa_policy_identity_prefix(policy))
        say(lines,
            apr_pstrcat(pool, "the backend reads the identity in ",
                        fa_policy_identity_prefix(policy), "User...", NULL));
    if (fa_policy_strips_credentials(policy))
        say(lines, "the credential is taken out before the handler");
    if (fa_policy_report_only(policy))
        say(lines, "REPORT ONLY: nothing of this is enforced");
}

apr_array_header_t *fa_describe(apr_pool_t *pool, const fa_policy *policy,
                                fa_method_names *method_names)
{
    apr_array_header_t *lines = apr_array_make(pool, 8, sizeof(char *));
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t limit_count;

    say_schemes(pool, lines, policy->schemes);
    say_demands(pool, lines, policy->demands, method_names);
    for (int i = 0; policy->operations && i < policy->operations->sets->nelts;
         i++)
        say_operations(
            pool, lines,
            &APR_ARRAY_IDX(policy->operations->sets, i, fa_operations_in),
            method_names);
    limit_count = fa_policy_limits(policy, limits);
    for (size_t i = 0; i < limit_count && i < FA_LIMITS_MAX; i++)
        say_limit(pool, lines, limits[i],
                  limits[i]->methods == -1
                      ? NULL
                      : method_names(pool, limits[i]->methods));
    say_settings(pool, lines, policy);
    fa_cors_describe(pool, policy->cors, lines);
    fa_security_headers_describe(pool, policy->security_headers, lines);
    return lines;
}
