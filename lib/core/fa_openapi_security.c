/* The OpenAPI document: how callers identify themselves.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_openapi_part.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_outcome.h"
#include "fa_text.h"

/* Most objects that one operation's security may hold. */
#define ALTERNATIVES_MAX 8

/* Whether it is documented by the flows of OAuth. */
static bool has_flows(const fa_way *way)
{
    return way->scheme->kind == FA_OAUTH2 && !way->source;
}

/* --- what is demanded ----------------------------------------------------- */

static const fa_demand *demand_at(const fa_documented *one, int index,
                                  fa_demand_kind kind)
{
    const fa_demand *demand =
        APR_ARRAY_IDX(one->policy->demands->list, index, const fa_demand *);

    return demand->kind == kind && fa_demand_is_for(demand, (int)one->method)
               ? demand
               : NULL;
}

static int demand_count(const fa_documented *one)
{
    const fa_demands *demands = one->policy->demands;

    return demands && demands->list ? demands->list->nelts : 0;
}

static void add_words(apr_array_header_t *words, const apr_array_header_t *more)
{
    for (int i = 0; i < more->nelts; i++) {
        const char *word = APR_ARRAY_IDX(more, i, const char *);

        if (!fa_text_has_word(words, word))
            APR_ARRAY_PUSH(words, const char *) = word;
    }
}

static apr_array_header_t *scopes_of(apr_pool_t *pool, const fa_documented *one)
{
    apr_array_header_t *scopes = apr_array_make(pool, 4, sizeof(char *));

    for (int i = 0; i < demand_count(one); i++) {
        const fa_demand *demand = demand_at(one, i, FA_DEMAND_SCOPE);

        if (demand)
            add_words(scopes, demand->values);
    }
    return scopes;
}

/* --- roles ---------------------------------------------------------------- */

typedef const apr_array_header_t role_set; /* const char * */

/* Each of the sets with each of the roles beside it. */
static apr_array_header_t *times(apr_pool_t *pool,
                                 const apr_array_header_t *sets,
                                 const apr_array_header_t *roles)
{
    apr_array_header_t *product =
        apr_array_make(pool, sets->nelts * roles->nelts, sizeof(role_set *));

    for (int i = 0; i < sets->nelts; i++) {
        for (int j = 0; j < roles->nelts; j++) {
            apr_array_header_t *set =
                apr_array_copy(pool, APR_ARRAY_IDX(sets, i, role_set *));
            const char *role = APR_ARRAY_IDX(roles, j, const char *);

            if (!fa_text_has_word(set, role))
                APR_ARRAY_PUSH(set, const char *) = role;
            APR_ARRAY_PUSH(product, role_set *) = set;
        }
    }
    return product;
}

static bool holds(role_set *set, role_set *other)
{
    for (int i = 0; i < other->nelts; i++) {
        if (!fa_text_has_word(set, APR_ARRAY_IDX(other, i, const char *)))
            return false;
    }
    return true;
}

/* Whether another set asks for less; of two that are the same, the first. */
static bool is_needless(const apr_array_header_t *sets, int index)
{
    role_set *set = APR_ARRAY_IDX(sets, index, role_set *);

    for (int i = 0; i < sets->nelts; i++) {
        role_set *other = APR_ARRAY_IDX(sets, i, role_set *);

        if (i != index && holds(set, other) &&
            (i < index || other->nelts < set->nelts))
            return true;
    }
    return false;
}

/* The sets of roles that do: role_set *. RequireRole is met by any of its
 * roles, and all of them hold. One empty set where no role is demanded, or
 * where there are more of them than most. */
static apr_array_header_t *role_sets(apr_pool_t *pool, const fa_documented *one,
                                     int most)
{
    apr_array_header_t *none = apr_array_make(pool, 1, sizeof(role_set *));
    apr_array_header_t *sets = none, *least;

    APR_ARRAY_PUSH(none, role_set *) = apr_array_make(pool, 1, sizeof(char *));
    for (int i = 0; i < demand_count(one); i++) {
        const fa_demand *demand = demand_at(one, i, FA_DEMAND_ROLE);

        if (demand && sets->nelts * demand->values->nelts > most)
            return none;
        if (demand)
            sets = times(pool, sets, demand->values);
    }
    least = apr_array_make(pool, sets->nelts, sizeof(role_set *));
    for (int i = 0; i < sets->nelts; i++) {
        if (!is_needless(sets, i))
            APR_ARRAY_PUSH(least, role_set *) =
                APR_ARRAY_IDX(sets, i, role_set *);
    }
    return least;
}

/* --- security of an operation --------------------------------------------- */

static void use_way(fa_openapi_part *part, const fa_way *way)
{
    if (apr_hash_get(part->by_name, way->name, APR_HASH_KEY_STRING))
        return;
    apr_hash_set(part->by_name, way->name, APR_HASH_KEY_STRING, way->name);
    APR_ARRAY_PUSH(part->ways, fa_way) = *way;
}

static void use_scopes(fa_openapi_part *part, const apr_array_header_t *scopes)
{
    for (int i = 0; i < scopes->nelts; i++) {
        const char *scope = APR_ARRAY_IDX(scopes, i, const char *);

        if (apr_hash_get(part->by_scope, scope, APR_HASH_KEY_STRING))
            continue;
        apr_hash_set(part->by_scope, scope, APR_HASH_KEY_STRING, scope);
        APR_ARRAY_PUSH(part->scopes, const char *) = scope;
    }
}

static void add_alternative(fa_openapi_part *part, json_t *array,
                            const fa_way *way, const apr_array_header_t *words)
{
    json_t *object = json_object();

    use_way(part, way);
    fa_openapi_set(part, object, way->name, fa_openapi_texts(part, words));
    fa_openapi_append(part, array, object);
}

/* How many sets of roles each way may have. */
static int room_for(const apr_array_header_t *ways)
{
    int with_flows = 0;

    for (int i = 0; i < ways->nelts; i++)
        with_flows += has_flows(&APR_ARRAY_IDX(ways, i, fa_way));
    return ways->nelts == with_flows
               ? 1
               : (ALTERNATIVES_MAX - with_flows) / (ways->nelts - with_flows);
}

json_t *fa_openapi_security(fa_openapi_part *part, const fa_documented *one)
{
    const fa_schemes *schemes = one->policy->schemes;
    apr_array_header_t *ways = fa_document_ways(part->pool, one);
    apr_array_header_t *scopes = scopes_of(part->pool, one);
    apr_array_header_t *sets = role_sets(part->pool, one, room_for(ways));
    json_t *array = json_array();

    if (fa_policy_report_only(one->policy))
        return array;
    for (int i = 0; i < ways->nelts; i++) {
        const fa_way *way = &APR_ARRAY_IDX(ways, i, fa_way);

        if (has_flows(way)) {
            use_scopes(part, scopes);
            add_alternative(part, array, way, scopes);
            continue;
        }
        for (int j = 0; j < sets->nelts; j++)
            add_alternative(part, array, way,
                            APR_ARRAY_IDX(sets, j, role_set *));
    }
    if (ways->nelts > 0 && schemes->optional &&
        !fa_outcome_needs_identity(one->policy, (int)one->method))
        fa_openapi_append(part, array, json_object());
    return array;
}

/* --- securitySchemes ------------------------------------------------------ */

static json_t *flow_scopes(fa_openapi_part *part)
{
    json_t *object = json_object();

    for (int i = 0; i < part->scopes->nelts; i++)
        fa_openapi_set(part, object,
                       APR_ARRAY_IDX(part->scopes, i, const char *),
                       json_string(""));
    return object;
}

static json_t *flow(fa_openapi_part *part, const fa_api_flow *one)
{
    const struct {
        const char *name, *url;
    } urls[] = {{"authorizationUrl", one->authorization},
                {"tokenUrl", one->token},
                {"refreshUrl", one->refresh}};
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        if (urls[i].url)
            fa_openapi_set(part, object, urls[i].name,
                           fa_openapi_text(part, urls[i].url));
    }
    fa_openapi_set(part, object, "scopes", flow_scopes(part));
    return object;
}

static json_t *flows(fa_openapi_part *part)
{
    static const char *const names[] = {
        [FA_FLOW_AUTHORIZATION_CODE] = "authorizationCode",
        [FA_FLOW_CLIENT_CREDENTIALS] = "clientCredentials",
        [FA_FLOW_PASSWORD] = "password",
        [FA_FLOW_IMPLICIT] = "implicit"};
    const apr_array_header_t *list = part->document->server->api_flows;
    json_t *object = json_object();

    for (int i = 0; list && i < list->nelts; i++) {
        const fa_api_flow *one = &APR_ARRAY_IDX(list, i, fa_api_flow);

        fa_openapi_set(part, object, names[one->kind], flow(part, one));
    }
    return object;
}

/* Where and under which name it is sent; NULL: in Authorization. */
static const char *place_of(const fa_way *way, const char **name)
{
    *name = way->source ? way->source->name : way->scheme->parameter;
    switch (way->scheme->kind) {
    case FA_BEARER_JWT:
    case FA_OAUTH2:
        break;
    case FA_API_KEY_HEADER:
        return "header";
    case FA_API_KEY_QUERY:
        return "query";
    case FA_API_KEY_COOKIE:
        return "cookie";
    case FA_BASIC:
        return NULL;
    }
    if (!way->source)
        return NULL;
    return way->source->place == FA_TOKEN_COOKIE ? "cookie" : "query";
}

static const char *way_text(apr_pool_t *pool, const fa_way *way)
{
    const char *name, *place = place_of(way, &name), *what = "An API key";

    switch (way->scheme->kind) {
    case FA_BEARER_JWT:
        what = "A signed JSON Web Token";
        break;
    case FA_OAUTH2:
        what = "An access token of OAuth 2.0";
        break;
    case FA_API_KEY_HEADER:
    case FA_API_KEY_QUERY:
    case FA_API_KEY_COOKIE:
        break;
    case FA_BASIC:
        what = "A user's name and password";
        break;
    }
    if (!place)
        return apr_pstrcat(pool, what, " in the Authorization header.", NULL);
    return apr_pstrcat(pool, what, " in the ", place,
                       strcmp(place, "query") == 0 ? " parameter " : " ", name,
                       ".", NULL);
}

static json_t *security_scheme(fa_openapi_part *part, const fa_way *way)
{
    const char *name, *place = place_of(way, &name);
    json_t *object = json_object();

    if (place) {
        fa_openapi_set(part, object, "type", json_string("apiKey"));
        fa_openapi_set(part, object, "in", json_string(place));
        fa_openapi_set(part, object, "name", fa_openapi_text(part, name));
    }
    else if (way->scheme->kind == FA_OAUTH2) {
        fa_openapi_set(part, object, "type", json_string("oauth2"));
        fa_openapi_set(part, object, "flows", flows(part));
    }
    else {
        bool is_basic = way->scheme->kind == FA_BASIC;

        fa_openapi_set(part, object, "type", json_string("http"));
        fa_openapi_set(part, object, "scheme",
                       json_string(is_basic ? "basic" : "bearer"));
        if (!is_basic)
            fa_openapi_set(part, object, "bearerFormat", json_string("JWT"));
    }
    fa_openapi_set(part, object, "description",
                   fa_openapi_text(part, way_text(part->pool, way)));
    return object;
}

json_t *fa_openapi_security_schemes(fa_openapi_part *part)
{
    json_t *object = json_object();

    for (int i = 0; i < part->ways->nelts; i++) {
        const fa_way *way = &APR_ARRAY_IDX(part->ways, i, fa_way);

        fa_openapi_set(part, object, way->name, security_scheme(part, way));
    }
    return object;
}
