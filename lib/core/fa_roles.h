/* What roles permit: RolePermissions.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_ROLES_H
#define FA_ROLES_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_section.h"

/* So many roles may take each other in, one in another. */
#define FA_ROLES_DEPTH_MAX 100

/* Roles and what each permits. Grows while the configuration is read; const
 * and shared by threads once it is settled. */
typedef struct fa_roles fa_roles;

fa_roles *fa_roles_create(apr_pool_t *pool);

/**
 * Add what a role permits, to what it permits already.
 *
 * place  of the line that says it
 * words  const char *: a permission (`posts:read`), `posts:*` for all under
 *        `posts:`, `*` for all, or `@ROLE` for what another role permits
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_roles_add(apr_pool_t *pool, fa_roles *roles,
                         const fa_section *place, const char *role,
                         const apr_array_header_t *words);

/**
 * Expand every role, once all is said.
 *
 * Returns NULL, or what was wrong and in which line: a role that takes itself
 * in by way of others, one that nobody defines, or too many one in another.
 */
const char *fa_roles_settle(apr_pool_t *pool, fa_roles *roles);

/**
 * Whether one of a caller's roles permits this. Its time grows with the
 * caller's roles and the permission's segments, not with what is defined.
 *
 * roles    settled; NULL: nothing is defined
 * held     const char *, may be NULL
 */
bool fa_roles_permit(const fa_roles *roles, const apr_array_header_t *held,
                     const char *permission);

/* What a caller may do by roles: permissions as they are defined (`posts:*`
 * too), added behind those in more (may be NULL), each once. In pool. */
apr_array_header_t *fa_roles_permissions(apr_pool_t *pool,
                                         const fa_roles *roles,
                                         const apr_array_header_t *held,
                                         const apr_array_header_t *more);

/* "role editor may: posts:* posts:read" of each role, in the order written
 * (const char *). roles may be NULL. In pool. */
apr_array_header_t *fa_roles_describe(apr_pool_t *pool, const fa_roles *roles);

/* Whether text is one permission as a demand names it: no wildcard. */
bool fa_roles_is_permission(const char *text);

#endif
