/* What the sections that a request falls into say, put together.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_POLICY_H
#define FA_POLICY_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_cors.h"
#include "fa_demand.h"
#include "fa_limit.h"
#include "fa_operation.h"
#include "fa_scheme.h"
#include "fa_section.h"
#include "fa_security_headers.h"

typedef enum { FA_TLS_OFF, FA_TLS_ON, FA_TLS_UNLESS_LOOPBACK } fa_tls_rule;

typedef enum {
    FA_ERROR_PROBLEM,     /* application/problem+json (RFC 9457) */
    FA_ERROR_FASTOPENAPI, /* {"error":{...}} */
    FA_ERROR_HTTPD        /* httpd's own page */
} fa_error_format;

/* AuthReportOnly: whether a refusal is only told of, and where. */
typedef enum { FA_REPORT_OFF, FA_REPORT_ON, FA_REPORT_HEADER } fa_report_rule;

/* Where a bearer token is looked for. */
typedef enum {
    FA_TOKEN_HEADER,
    FA_TOKEN_COOKIE,
    FA_TOKEN_QUERY
} fa_token_place;

typedef struct fa_token_source {
    fa_token_place place;
    const char *name; /* of the cookie or parameter; NULL for the header */
} fa_token_source;

/* AuthPasswords. */
typedef struct fa_passwords {
    apr_array_header_t *providers; /* const char *, asked in this order */
    apr_int64_t cache_s;           /* seconds; 0: nothing is remembered */
    fa_section section;            /* where it stands */
} fa_passwords;

/* Every field once: type, name. All are pointers; NULL is "not said here"; what
 * a child section says replaces its parent's, but demands, operations and
 * limits add up, and of cors each directive counts by itself. */
#define FA_POLICY_FIELDS(FIELD)                                            \
    FIELD(const fa_section *, said) /* where the latest of it begins */    \
    FIELD(const fa_schemes *, schemes)                                     \
    FIELD(const fa_demands *, demands)                                     \
    FIELD(const fa_operations *, operations)                               \
    FIELD(const fa_limits *, limits)                                       \
    FIELD(const int *, limit_status)                 /* 429 or 403 */      \
    FIELD(const apr_array_header_t *, token_sources) /* fa_token_source */ \
    FIELD(const fa_passwords *, passwords)                                 \
    FIELD(const fa_tls_rule *, tls)                                        \
    FIELD(const fa_error_format *, error_format)                           \
    FIELD(const char *, identity_prefix) /* of headers; "": off */         \
    FIELD(const bool *, strip_credentials)                                 \
    FIELD(const fa_report_rule *, report_only)                             \
    FIELD(const fa_cors *, cors)                                           \
    FIELD(const fa_security_headers *, security_headers)

#define FA_POLICY_FIELD(type, name) type name;
typedef struct fa_policy {
    FA_POLICY_FIELDS(FA_POLICY_FIELD)
} fa_policy;
#undef FA_POLICY_FIELD

/* A policy that says nothing. */
fa_policy *fa_policy_create(apr_pool_t *pool);

/* A child section's policy over its parent's; neither is changed. */
fa_policy *fa_policy_merge(apr_pool_t *pool, const fa_policy *parent,
                           const fa_policy *child);

/* What is left of a policy where another one, of a section merged later, says
 * the same fields and kinds of demands again; neither is changed. */
fa_policy *fa_policy_less(apr_pool_t *pool, const fa_policy *policy,
                          const fa_policy *again);

/* A policy as it holds for one operation: the demands of the operations that a
 * path (decoded) and method (httpd's number) are among its own. In pool. */
const fa_policy *fa_policy_for(apr_pool_t *pool, const fa_policy *policy,
                               const char *path, int method_number);

/* Whether two policies come to the same: of the same lines. */
bool fa_policy_same(const fa_policy *a, const fa_policy *b);

/* Whether two policies of an operation (fa_policy_for) look the same to
 * callers, be they of other lines. */
bool fa_policy_alike(apr_pool_t *scratch, const fa_policy *a,
                     const fa_policy *b);

/**
 * What of a policy another one that is merged after it takes away or replaces,
 * where that decides who is let in: the directive's name, or NULL for nothing.
 * A scheme list of the same words is no replacement. Operations are looked at
 * by themselves (fa_operations_lose).
 */
const char *fa_policy_override(apr_pool_t *scratch, const fa_policy *policy,
                               const fa_policy *later);

/* Whether anything in it can refuse a request. */
bool fa_policy_in_force(const fa_policy *policy);

/**
 * The limits in force, the failure throttles that hold by themselves included.
 * Receives const fa_limit * in limits, which has room for FA_LIMITS_MAX.
 *
 * Returns how many; where that is above FA_LIMITS_MAX the rest is not received,
 * and no request can be weighed.
 */
size_t fa_policy_limits(const fa_policy *policy,
                        const fa_limit *limits[FA_LIMITS_MAX]);

/* Fields with what holds where nothing was said. */
fa_tls_rule fa_policy_tls(const fa_policy *policy);
fa_error_format fa_policy_error_format(const fa_policy *policy);
bool fa_policy_report_only(const fa_policy *policy);
bool fa_policy_reports_in_header(const fa_policy *policy);
bool fa_policy_strips_credentials(const fa_policy *policy);

/* The prefix of identity headers, or NULL for none. */
const char *fa_policy_identity_prefix(const fa_policy *policy);

#endif
