/* The operations of a server, each proved against httpd's own sections.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_operations.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>

#include "fah_check.h"
#include "fah_endpoint.h"
#include "fah_prove.h"
#include "fah_walk.h"

_Static_assert((int)FA_GET == M_GET && (int)FA_PUT == M_PUT &&
                   (int)FA_POST == M_POST && (int)FA_DELETE == M_DELETE &&
                   (int)FA_OPTIONS == M_OPTIONS && (int)FA_PATCH == M_PATCH,
               "httpd's numbers of methods");

/* What is being collected. */
typedef struct collection {
    apr_pool_t *pool;
    server_rec *server;
    apr_array_header_t *found; /* fa_documented, as met */
    apr_hash_t *by_shape;      /* path without names -> fa_documented * */
    apr_hash_t *by_name;       /* method and path -> fa_documented * */
    apr_hash_t *by_id;         /* id that was said -> fa_documented * */
    bool is_scheme_elsewhere;  /* AuthScheme in <Directory> and the like */
    bool good;
} collection;

static void complain(collection *all, const fa_operation *said,
                     const char *what)
{
    all->good = false;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, all->server,
                 "APIOperation in <%s %s> (%s:%d): %s", said->section.kind,
                 said->section.pattern, said->section.file, said->section.line,
                 what);
}

/* "/a/{b}" and "/a/{c}" are one path (OpenAPI 3.1, Paths Object). */
static const char *shape_of(apr_pool_t *pool, const char *path)
{
    char *shape = apr_pstrdup(pool, path), *to = shape;

    for (; *path; path++) {
        *to++ = *path;
        if (*path == '{')
            path += strcspn(path, "}") - 1;
    }
    *to = '\0';
    return shape;
}

static bool is_printed_alike(collection *all, const fa_documented *one)
{
    const char *shape = shape_of(all->pool, one->path);
    const fa_documented *first =
        apr_hash_get(all->by_shape, shape, APR_HASH_KEY_STRING);

    if (!first)
        apr_hash_set(all->by_shape, shape, APR_HASH_KEY_STRING, one);
    return !first || strcmp(first->path, one->path) == 0;
}

/* The same path and method again: httpd lets the later line have the last word,
 * but only where both are of the same requests. */
static bool is_said_again(collection *all, const fa_documented *one)
{
    const char *key = apr_pstrcat(all->pool, fa_method_name((int)one->method),
                                  " ", one->path, NULL);
    const fa_documented *first =
        apr_hash_get(all->by_name, key, APR_HASH_KEY_STRING);

    apr_hash_set(all->by_name, key, APR_HASH_KEY_STRING, one);
    return !first ||
           fah_is_judged_by(all->pool, all->server, one, first->sample);
}

static bool has_its_id(collection *all, const fa_documented *one)
{
    const fa_documented *first;

    if (!one->id)
        return true;
    first = apr_hash_get(all->by_id, one->id, APR_HASH_KEY_STRING);
    if (!first)
        apr_hash_set(all->by_id, one->id, APR_HASH_KEY_STRING, one);
    return !first || (first->method == one->method &&
                      strcmp(first->path, one->path) == 0);
}

/* Whether some AuthScheme stands where a walk of Locations does not come: a
 * <Directory> may lie below any of them. */
static void look_for_scheme(const ap_directive_t *directive, void *context)
{
    for (const ap_directive_t *up = directive->parent; up; up = up->parent) {
        if (strcasecmp(up->directive, "<Location") == 0 ||
            strcasecmp(up->directive, "<LocationMatch") == 0)
            return;
        if (strcasecmp(up->directive, "<VirtualHost") != 0)
            *(bool *)context = true;
    }
}

static bool has_scheme_elsewhere(void)
{
    bool found = false;

    fah_each("AuthScheme", look_for_scheme, &found);
    return found;
}

/* --- operations that are named -------------------------------------------- */

static void judge(collection *all, const fa_documented *one)
{
    const fa_demand *demand = NULL;

    if (!is_printed_alike(all, one))
        complain(all, one->said,
                 apr_psprintf(all->pool,
                              "the document would print %s, which is another "
                              "operation's path under other names: give the "
                              "parameters the same ones",
                              one->path));
    if (!is_said_again(all, one))
        complain(all, one->said,
                 apr_psprintf(all->pool,
                              "the document prints %s %s for another operation "
                              "of other requests: give one of them another "
                              "PATH",
                              fa_method_name((int)one->method), one->path));
    if (!has_its_id(all, one))
        complain(all, one->said,
                 apr_psprintf(all->pool,
                              "id=%s is another operation's in this server",
                              one->id));
    if (!fa_schemes_in_force(one->policy->schemes) && !all->is_scheme_elsewhere)
        demand = fa_demands_for(one->policy->demands, FA_DEMANDS_OF_IDENTITY,
                                (int)one->method);
    if (demand)
        complain(all, one->said,
                 apr_psprintf(all->pool,
                              "%s %s asks for an identity, and no AuthScheme "
                              "is in force at %s: nobody could be let in",
                              fa_demand_name(demand), demand->text,
                              one->sample));
}

static void add(collection *all, const ap_conf_vector_t *section,
                const fa_operation *said, fa_method method)
{
    fa_documented *one = apr_pcalloc(all->pool, sizeof *one);
    const char *wrong;
    request_rec *r;

    one->said = said;
    one->method = method;
    one->id = said->id;
    wrong = fah_prove(all->pool, all->server, section, one);
    if (wrong) {
        complain(all, said, wrong);
        return;
    }
    r = fah_walk(all->pool, all->server, one->sample);
    one->policy =
        fa_policy_for(all->pool, fah_policy_of(r), one->sample, (int)method);
    one->endpoint = fah_endpoint_at(r);
    judge(all, one);
    APR_ARRAY_PUSH(all->found, fa_documented) = *one;
}

static void add_named(collection *all, const ap_conf_vector_t *section,
                      const fa_operation_set *set)
{
    for (int i = 0; i < set->list->nelts; i++) {
        const fa_operation *said =
            APR_ARRAY_IDX(set->list, i, const fa_operation *);

        for (int method = 0; method < FA_METHOD_NUMBERS; method++) {
            if (fa_methods_have(said->methods, method))
                add(all, section, said, (fa_method)method);
        }
    }
}

/* --- sections that name none ---------------------------------------------- */

/* What a section says of who may ask. */
static bool says_who(const fa_policy *policy)
{
    return policy && (policy->schemes || policy->demands || policy->limits ||
                      policy->tls);
}

/* Methods that a section sets apart by <Limit>, and GET. */
static apr_int64_t methods_of(const fa_policy *policy)
{
    const apr_array_header_t *demands =
        policy && policy->demands ? policy->demands->list : NULL;
    const apr_array_header_t *limits =
        policy && policy->limits ? policy->limits->list : NULL;
    apr_int64_t methods = 1 << FA_GET, mask;

    for (int i = 0; demands && i < demands->nelts; i++) {
        mask = APR_ARRAY_IDX(demands, i, const fa_demand *)->methods;
        methods |= mask == -1 ? 0 : mask;
    }
    for (int i = 0; limits && i < limits->nelts; i++) {
        mask = APR_ARRAY_IDX(limits, i, const fa_limit *)->methods;
        methods |= mask == -1 ? 0 : mask;
    }
    return methods;
}

static bool has_operation_below(const apr_array_header_t *named,
                                const char *path)
{
    for (int i = 0; i < named->nelts; i++) {
        /* As printed: a sample may happen to lie in another section. */
        if (fah_path_is_below(APR_ARRAY_IDX(named, i, fa_documented).path,
                              path))
            return true;
    }
    return false;
}

static void add_silent(collection *all, const ap_conf_vector_t *section,
                       const char *path)
{
    const fa_policy *own = fah_policy_in(section);
    request_rec *r = fah_walk(all->pool, all->server, path);
    apr_int64_t methods = methods_of(own);
    fa_documented one = {
        .path = path, .sample = path, .endpoint = fah_endpoint_at(r)};

    if (one.endpoint != FA_ENDPOINT_NONE)
        methods = 1 << FA_GET;
    for (int method = 0; method < FA_METHOD_NUMBERS; method++) {
        if (!fa_method_name(method)[0] || !fa_methods_have(methods, method))
            continue;
        one.method = (fa_method)method;
        one.policy = fa_policy_for(all->pool, fah_policy_of(r), path, method);
        APR_ARRAY_PUSH(all->found, fa_documented) = one;
    }
}

/* Whether a section without operations is one of its own: a plain path with a
 * policy, or with a handler of ours. */
static const char *silent_path(const ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const fa_policy *policy = fah_policy_in(section);
    const char *path = fah_plain_path(section);

    if (!path || *path != '/' || strpbrk(path, "{}"))
        return NULL;
    if (policy && fa_operations_own(policy->operations))
        return NULL;
    return says_who(policy) || fah_endpoint_of_section(core) ? path : NULL;
}

/* --- in the document's order ---------------------------------------------- */

/* Operations of one path together, each method once: what stands later has the
 * last word, as in httpd. */
static apr_array_header_t *grouped(apr_pool_t *pool,
                                   const apr_array_header_t *found)
{
    apr_hash_t *by_path = apr_hash_make(pool);
    apr_array_header_t *paths = apr_array_make(pool, 8, sizeof(void *));
    apr_array_header_t *ordered =
        apr_array_make(pool, found->nelts + 1, sizeof(fa_documented));

    for (int i = 0; i < found->nelts; i++) {
        const fa_documented *one = &APR_ARRAY_IDX(found, i, fa_documented);
        const fa_documented **of =
            apr_hash_get(by_path, one->path, APR_HASH_KEY_STRING);

        if (!of) {
            of = apr_pcalloc(pool, FA_METHOD_NUMBERS * sizeof *of);
            apr_hash_set(by_path, one->path, APR_HASH_KEY_STRING, of);
            APR_ARRAY_PUSH(paths, const fa_documented **) = of;
        }
        of[one->method] = one;
    }
    for (int i = 0; i < paths->nelts; i++) {
        const fa_documented **of =
            APR_ARRAY_IDX(paths, i, const fa_documented **);

        for (int method = 0; method < FA_METHOD_NUMBERS; method++) {
            if (of[method])
                APR_ARRAY_PUSH(ordered, fa_documented) = *of[method];
        }
    }
    return ordered;
}

/* An id made of method and path: "get_users_user_id". */
static const char *made_id(apr_pool_t *pool, const fa_documented *one)
{
    char *id = apr_pstrcat(pool, fa_method_name((int)one->method), "_",
                           one->path, NULL);
    char *to = id;

    for (const char *from = id; *from; from++) {
        if (apr_isalnum(*from))
            *to++ = (char)apr_tolower(*from);
        else if (to > id && to[-1] != '_')
            *to++ = '_';
    }
    while (to > id && to[-1] == '_')
        to--;
    *to = '\0';
    return id;
}

static void give_ids(collection *all, apr_array_header_t *ordered)
{
    for (int i = 0; i < ordered->nelts; i++) {
        fa_documented *one = &APR_ARRAY_IDX(ordered, i, fa_documented);
        const char *made;

        if (one->id)
            continue;
        made = one->id = made_id(all->pool, one);
        for (int n = 2; apr_hash_get(all->by_id, one->id, APR_HASH_KEY_STRING);
             n++)
            one->id = apr_psprintf(all->pool, "%s_%d", made, n);
        apr_hash_set(all->by_id, one->id, APR_HASH_KEY_STRING, one);
    }
}

bool fah_operations(apr_pool_t *pool, server_rec *s,
                    const apr_array_header_t **collected)
{
    const apr_array_header_t *sections = fah_locations(s);
    collection all = {pool,
                      s,
                      apr_array_make(pool, 8, sizeof(fa_documented)),
                      apr_hash_make(pool),
                      apr_hash_make(pool),
                      apr_hash_make(pool),
                      has_scheme_elsewhere(),
                      true};
    apr_array_header_t *ordered;
    apr_array_header_t *named;

    for (int i = 0; i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const fa_policy *policy = fah_policy_in(section);

        if (policy && policy->operations)
            add_named(&all, section, fa_operations_own(policy->operations));
    }
    named = apr_array_copy(pool, all.found);
    for (int i = 0; i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const char *path = silent_path(section);

        if (path && !has_operation_below(named, path))
            add_silent(&all, section, path);
    }
    if (!all.good)
        return false;
    ordered = grouped(pool, all.found);
    give_ids(&all, ordered);
    *collected = ordered;
    return true;
}
