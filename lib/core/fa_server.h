/* What is said once for a server or virtual host.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_SERVER_H
#define FA_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_issuer.h"
#include "fa_keyfile.h"
#include "fa_roles.h"

/* A name of the document's, and what is said of it: APITag; a URL for APIServer
 * and APILicense. */
typedef struct fa_api_name {
    const char *name;
    const char *description; /* or NULL */
} fa_api_name;

typedef enum {
    FA_FLOW_AUTHORIZATION_CODE,
    FA_FLOW_CLIENT_CREDENTIALS,
    FA_FLOW_PASSWORD,
    FA_FLOW_IMPLICIT
} fa_api_flow_kind;

/* APIOAuth2: one OAuth flow, by URLs. */
typedef struct fa_api_flow {
    fa_api_flow_kind kind;
    const char *authorization; /* NULL where the flow has none */
    const char *token;         /* NULL where the flow has none */
    const char *refresh;       /* or NULL */
} fa_api_flow;

/* As with a policy, NULL is "not said", and a virtual host's word replaces the
 * main server's. */
#define FA_SERVER_FIELDS(FIELD)                                               \
    FIELD(fa_trust *, trust)                                                  \
    FIELD(fa_keyfile *, api_keys)                                             \
    FIELD(fa_roles *, roles)                   /* of RolePermissions */       \
    FIELD(apr_array_header_t *, owner_queries) /* const fa_demand *: owners   \
                                                  that statements find */     \
    FIELD(const bool *, allow_ambiguous_path)                                 \
    FIELD(const size_t *, store_bytes)  /* of RateLimitStore */               \
    FIELD(apr_array_header_t *, limits) /* const fa_limit *: all that it read \
                                           itself */                          \
    FIELD(const char *, security_log)   /* a path, or |PROGRAM */             \
    FIELD(const char *, api_title)                                            \
    FIELD(const char *, api_version)                                          \
    FIELD(const char *, api_description)                                      \
    FIELD(const fa_api_name *, api_license)  /* its URL is the description */ \
    FIELD(apr_array_header_t *, api_servers) /* fa_api_name */                \
    FIELD(apr_array_header_t *, api_tags)    /* fa_api_name */                \
    FIELD(apr_array_header_t *, api_flows)   /* fa_api_flow */

#define FA_SERVER_FIELD(type, name) type name;
typedef struct fa_server {
    FA_SERVER_FIELDS(FA_SERVER_FIELD)
} fa_server;
#undef FA_SERVER_FIELD

fa_server *fa_server_create(apr_pool_t *pool);
fa_server *fa_server_merge(apr_pool_t *pool, const fa_server *main,
                           const fa_server *virtual_host);

#endif
