/* What roles permit: RolePermissions.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_roles.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "fa_text.h"

/* @ROLE, and where it stands. */
typedef struct taken_in {
    const char *name;
    const fa_section *place;
} taken_in;

typedef struct role {
    const char *name;
    apr_array_header_t *said;   /* const char *: permissions, as written */
    apr_array_header_t *others; /* taken_in */
    /* Once settled: all that it permits, `posts:*` as "posts:". */
    apr_array_header_t *all; /* const char *: as written */
    apr_hash_t *exact;
    apr_hash_t *below; /* what ends with a colon, for all under it */
    bool everything;   /* `*` */
    bool is_open;      /* being expanded: who meets it again is in a cycle */
    int height;        /* of the longest way down by @ROLE */
} role;

struct fa_roles {
    apr_hash_t *by_name;     /* role * */
    apr_array_header_t *all; /* role *, in the order written */
};

fa_roles *fa_roles_create(apr_pool_t *pool)
{
    fa_roles *roles = apr_palloc(pool, sizeof *roles);

    roles->by_name = apr_hash_make(pool);
    roles->all = apr_array_make(pool, 4, sizeof(role *));
    return roles;
}

bool fa_roles_is_permission(const char *text)
{
    return fa_text_is_scope(text) && !strchr(text, '*') && *text != '@';
}

/* --- while the configuration is read -------------------------------------- */

static role *find_or_make(apr_pool_t *pool, fa_roles *roles, const char *name)
{
    role *found = apr_hash_get(roles->by_name, name, APR_HASH_KEY_STRING);

    if (found)
        return found;
    found = apr_pcalloc(pool, sizeof *found);
    found->name = name;
    found->said = apr_array_make(pool, 4, sizeof(char *));
    found->others = apr_array_make(pool, 1, sizeof(taken_in));
    apr_hash_set(roles->by_name, name, APR_HASH_KEY_STRING, found);
    APR_ARRAY_PUSH(roles->all, role *) = found;
    return found;
}

/* A wildcard is a whole segment, the last. */
static bool is_wildcard(const char *text)
{
    size_t size = strlen(text);

    return fa_text_is_scope(text) && text[size - 1] == '*' &&
           strcspn(text, "*") == size - 1 &&
           (size == 1 || (size > 2 && text[size - 2] == ':'));
}

const char *fa_roles_add(apr_pool_t *pool, fa_roles *roles,
                         const fa_section *place, const char *name,
                         const apr_array_header_t *words)
{
    role *one;

    place = apr_pmemdup(pool, place, sizeof *place);
    if (!fa_text_is_scope(name) || *name == '@')
        return apr_psprintf(pool,
                            "'%s' is no role: printable ASCII without space, "
                            "quote or backslash",
                            fa_text_log_value(pool, name, 80));
    one = find_or_make(pool, roles, name);
    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);

        if (*word == '@' && fa_text_is_scope(word + 1))
            APR_ARRAY_PUSH(one->others, taken_in) = (taken_in){word + 1, place};
        else if (fa_roles_is_permission(word) || is_wildcard(word))
            APR_ARRAY_PUSH(one->said, const char *) = word;
        else
            return apr_psprintf(pool,
                                "'%s' is no permission (posts:read, posts:* "
                                "for all under posts:, * for all) and no @ROLE",
                                fa_text_log_value(pool, word, 80));
    }
    return NULL;
}

/* --- expanded ------------------------------------------------------------- */

/* Whether key is new to a set; it is in it then. */
static bool add(apr_hash_t *set, const char *key, size_t size)
{
    if (apr_hash_get(set, key, (apr_ssize_t)size))
        return false;
    apr_hash_set(set, key, (apr_ssize_t)size, key);
    return true;
}

static void permit(role *one, const char *permission)
{
    size_t size = strlen(permission);
    bool is_new;

    if (permission[size - 1] != '*') {
        is_new = add(one->exact, permission, size);
    }
    else if (size > 1) {
        is_new = add(one->below, permission, size - 1);
    }
    else {
        is_new = !one->everything;
        one->everything = true;
    }
    if (is_new)
        APR_ARRAY_PUSH(one->all, const char *) = permission;
}

/* What is wrong with one @ROLE, and where it stands. */
static const char *blame(apr_pool_t *pool, const role *one,
                         const taken_in *taken, const char *why)
{
    return apr_psprintf(pool, "role %s takes in @%s (%s:%d), %s", one->name,
                        taken->name, taken->place->file, taken->place->line,
                        why);
}

static const char *expand(apr_pool_t *pool, fa_roles *roles, role *one,
                          int depth);

static const char *take_in(apr_pool_t *pool, fa_roles *roles, role *one,
                           const taken_in *taken, int depth)
{
    role *other =
        apr_hash_get(roles->by_name, taken->name, APR_HASH_KEY_STRING);
    const char *wrong = NULL;

    if (!other)
        return blame(pool, one, taken, "which no RolePermissions defines");
    if (other->is_open)
        return blame(pool, one, taken,
                     "which takes it in itself, perhaps by way of others: take "
                     "one @ROLE of that circle out");
    if (depth < FA_ROLES_DEPTH_MAX)
        wrong = expand(pool, roles, other, depth + 1);
    if (wrong)
        return wrong;
    if (depth == FA_ROLES_DEPTH_MAX || other->height == FA_ROLES_DEPTH_MAX)
        return blame(pool, one, taken,
                     apr_psprintf(pool,
                                  "and so on: more than %d roles one in "
                                  "another: name permissions instead",
                                  FA_ROLES_DEPTH_MAX));
    if (one->height <= other->height)
        one->height = other->height + 1;
    for (int i = 0; i < other->all->nelts; i++)
        permit(one, APR_ARRAY_IDX(other->all, i, const char *));
    return NULL;
}

/* depth: how many roles are being expanded around this one. */
static const char *expand(apr_pool_t *pool, fa_roles *roles, role *one,
                          int depth)
{
    const char *wrong = NULL;

    if (one->all)
        return NULL;
    one->is_open = true;
    one->all = apr_array_make(pool, 8, sizeof(char *));
    one->exact = apr_hash_make(pool);
    one->below = apr_hash_make(pool);
    for (int i = 0; i < one->said->nelts; i++)
        permit(one, APR_ARRAY_IDX(one->said, i, const char *));
    for (int i = 0; !wrong && i < one->others->nelts; i++)
        wrong = take_in(pool, roles, one,
                        &APR_ARRAY_IDX(one->others, i, taken_in), depth);
    one->is_open = false;
    return wrong;
}

const char *fa_roles_settle(apr_pool_t *pool, fa_roles *roles)
{
    const char *wrong = NULL;

    for (int i = 0; !wrong && i < roles->all->nelts; i++)
        wrong = expand(pool, roles, APR_ARRAY_IDX(roles->all, i, role *), 0);
    return wrong;
}

/* --- asked ---------------------------------------------------------------- */

static const role *find(const fa_roles *roles, const char *name)
{
    return apr_hash_get(roles->by_name, name, APR_HASH_KEY_STRING);
}

static bool role_permits(const role *one, const char *permission)
{
    const char *colon = permission;

    if (one->everything ||
        apr_hash_get(one->exact, permission, APR_HASH_KEY_STRING))
        return true;
    while ((colon = strchr(colon, ':')) != NULL) {
        colon++;
        /* All under `posts:` are something under it. */
        if (*colon && apr_hash_get(one->below, permission, colon - permission))
            return true;
    }
    return false;
}

bool fa_roles_permit(const fa_roles *roles, const apr_array_header_t *held,
                     const char *permission)
{
    for (int i = 0; roles && held && i < held->nelts; i++) {
        const role *one = find(roles, APR_ARRAY_IDX(held, i, const char *));

        if (one && role_permits(one, permission))
            return true;
    }
    return false;
}

apr_array_header_t *fa_roles_permissions(apr_pool_t *pool,
                                         const fa_roles *roles,
                                         const apr_array_header_t *held,
                                         const apr_array_header_t *more)
{
    apr_array_header_t *all = more ? apr_array_copy(pool, more)
                                   : apr_array_make(pool, 4, sizeof(char *));
    apr_hash_t *seen = apr_hash_make(pool);

    for (int i = 0; i < all->nelts; i++)
        apr_hash_set(seen, APR_ARRAY_IDX(all, i, const char *),
                     APR_HASH_KEY_STRING, all);
    for (int i = 0; roles && held && i < held->nelts; i++) {
        const role *one = find(roles, APR_ARRAY_IDX(held, i, const char *));

        for (int j = 0; one && j < one->all->nelts; j++) {
            const char *permission = APR_ARRAY_IDX(one->all, j, const char *);

            if (add(seen, permission, strlen(permission)))
                APR_ARRAY_PUSH(all, const char *) = permission;
        }
    }
    return all;
}

apr_array_header_t *fa_roles_describe(apr_pool_t *pool, const fa_roles *roles)
{
    apr_array_header_t *lines = apr_array_make(pool, 4, sizeof(char *));

    for (int i = 0; roles && i < roles->all->nelts; i++) {
        const role *one = APR_ARRAY_IDX(roles->all, i, const role *);

        APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(
            pool, "role %s may: %s", one->name, fa_text_join(pool, one->all));
    }
    return lines;
}
