/* What has happened, told to people and to machines (fastauth-status).
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_STATUS_H
#define FA_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

#include "fa_limit.h"
#include "fa_section.h"
#include "fa_store.h"
#include "fa_verdict.h"

/* Nothing of a request is in it, and no secret: verdicts, the patterns of
 * sections and the names of limits as the administrator wrote them, numbers. */

/* Texts are UTF-8 without control characters. */
typedef struct fa_status_section {
    const char *server;  /* "main", or a virtual host's name and port */
    const char *section; /* "Location /api" */
    uint64_t allowed, refused;
    uint64_t reported; /* refusals that AuthReportOnly let pass */
} fa_status_section;

typedef struct fa_status_limit {
    const char *server, *section; /* as above */
    const char *name;             /* name=, or N/WINDOW */
    const char *by;               /* as in by= */
    const char *on;               /* "request" or "failure" */
    uint64_t admitted;            /* requests let through; of a failure
                                     throttle, credentials let be checked */
    uint64_t refused;
} fa_status_limit;

typedef struct fa_status {
    apr_pool_t *pool;
    apr_time_t since;                    /* of the first count, UTC */
    uint64_t verdicts[FA_VERDICT_COUNT]; /* what was answered */
    uint64_t reported[FA_VERDICT_COUNT]; /* what AuthReportOnly let pass */
    apr_array_header_t *sections;        /* fa_status_section */
    apr_array_header_t *limits;          /* fa_status_limit */
    bool has_store;
    fa_store_fill store[FA_STORE_KINDS];
    uint64_t cache_hits, cache_misses; /* of verified passwords */
    uint64_t log_dropped; /* lines that a SecurityLog could not take */
} fa_status;

typedef enum {
    FA_STATUS_PAGE,
    FA_STATUS_JSON,
    FA_STATUS_PROMETHEUS,
    FA_STATUS_UNKNOWN
} fa_status_format;

/* One with all counts zero, to be filled in. */
fa_status *fa_status_create(apr_pool_t *pool);

/**
 * Add a section's counts, or a limit's. What reads the same is one: its counts
 * are summed, so that no metric is there twice.
 *
 * section, limit  NULL for the others, which are left out where all is zero
 */
void fa_status_add_section(fa_status *status, const char *server,
                           const fa_section *section, uint64_t allowed,
                           uint64_t refused, uint64_t reported);
void fa_status_add_limit(fa_status *status, const char *server,
                         const fa_limit *limit, uint64_t admitted,
                         uint64_t refused);

/**
 * The format that a client asks for: `format=page|json|prometheus` in the
 * query, else what the Accept header prefers (RFC 9110 section 12.5.1), the
 * page where that does not say.
 *
 * query, accept  as received; NULL where there is none
 *
 * Returns FA_STATUS_UNKNOWN where format= is something else.
 */
fa_status_format fa_status_choose(apr_pool_t *pool, const char *query,
                                  const char *accept);

/* The Content-Type of a format. */
const char *fa_status_type(fa_status_format format);

/* The whole answer, in status->pool: one HTML document without scripts, JSON,
 * or Prometheus text (exposition format 0.0.4). NULL where memory is short. */
const char *fa_status_page(const fa_status *status);
const char *fa_status_json(const fa_status *status);
const char *fa_status_prometheus(const fa_status *status);

/* The Content-Security-Policy of the page: nothing but its own style. In
 * pool. */
const char *fa_status_page_policy(apr_pool_t *pool);

/* A summary for mod_status: `Key: value` lines, or a part of its page, with or
 * without tables. */
typedef enum {
    FA_STATUS_LINES,
    FA_STATUS_TABLE,
    FA_STATUS_LIST
} fa_status_brief_form;
const char *fa_status_brief(const fa_status *status, fa_status_brief_form form);

/* Names of the store's kinds: "failure", "header", "other". */
const char *fa_status_store_kind(fa_store_kind kind);

#endif
