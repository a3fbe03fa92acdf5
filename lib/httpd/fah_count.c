/* What has happened, counted for fastauth-status.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_count.h"

#include <string.h>

#include <ap_mpm.h>
#include <apr_shm.h>
#include <apr_strings.h>

#include "fa_count.h"
#include "fah_store.h"

/* Rows for processes; with more of them, some share one. */
#define PROCESSES_MAX 1024

/* Sections and limits by their numbers. In the configuration's pool, by this
 * name, while it is read; number 0 is the others. */
#define NUMBERED "mod_fastauth: numbered"

typedef struct numbered_section {
    const server_rec *server; /* that it stands in */
    fa_section section;
} numbered_section;

typedef struct numbered_limit {
    const server_rec *server;
    const fa_limit *limit;
    unsigned section; /* number of its section */
} numbered_limit;

typedef struct numbered {
    apr_array_header_t *sections; /* numbered_section */
    apr_array_header_t *limits;   /* numbered_limit */
} numbered;

static const numbered *known;
static fa_counts counts;
static apr_time_t since;

/* --- while the configuration is read -------------------------------------- */

static numbered *numbered_in(apr_pool_t *pconf)
{
    void *found = NULL;
    numbered *made;

    apr_pool_userdata_get(&found, NUMBERED, pconf);
    if (found)
        return found;
    made = apr_palloc(pconf, sizeof *made);
    made->sections = apr_array_make(pconf, 16, sizeof(numbered_section));
    made->limits = apr_array_make(pconf, 16, sizeof(numbered_limit));
    memset(apr_array_push(made->sections), 0, sizeof(numbered_section));
    memset(apr_array_push(made->limits), 0, sizeof(numbered_limit));
    apr_pool_userdata_setn(made, NUMBERED, NULL, pconf);
    return made;
}

static unsigned number_section(const numbered *all, const server_rec *s,
                               const fa_section *section)
{
    for (int i = 1; i < all->sections->nelts; i++) {
        const numbered_section *old =
            &APR_ARRAY_IDX(all->sections, i, numbered_section);

        if (old->server == s && strcmp(old->section.kind, section->kind) == 0 &&
            strcmp(old->section.pattern, section->pattern) == 0)
            return (unsigned)i;
    }
    if (all->sections->nelts > FA_COUNT_MAX)
        return 0;
    APR_ARRAY_PUSH(all->sections, numbered_section) =
        (numbered_section){s, *section};
    return (unsigned)all->sections->nelts - 1;
}

/* What was read a moment ago is ours to change: no request has seen it. */
static void number_limits(const numbered *all, const server_rec *s,
                          const fa_limits *limits)
{
    for (int i = 0; limits && limits->list && i < limits->list->nelts; i++) {
        fa_limit *limit = APR_ARRAY_IDX(limits->list, i, fa_limit *);

        if (limit->number || all->limits->nelts > FA_COUNT_MAX)
            continue;
        limit->number = (unsigned)all->limits->nelts;
        APR_ARRAY_PUSH(all->limits, numbered_limit) =
            (numbered_limit){s, limit, number_section(all, s, &limit->section)};
    }
}

static void number_demands(const numbered *all, const server_rec *s,
                           const fa_demands *demands)
{
    for (int i = 0; demands && demands->list && i < demands->list->nelts; i++) {
        fa_demand *demand = APR_ARRAY_IDX(demands->list, i, fa_demand *);

        if (!demand->number)
            demand->number = number_section(all, s, &demand->section);
    }
}

void fah_number(const cmd_parms *cmd, const fa_line *line)
{
    const numbered *all = numbered_in(cmd->pool);
    fa_schemes *schemes = (fa_schemes *)line->policy->schemes;
    const fa_operation_set *own = fa_operations_own(line->policy->operations);

    if (schemes && !schemes->number) {
        schemes->number = number_section(all, cmd->server, &schemes->section);
        number_limits(all, cmd->server, schemes->throttles);
    }
    number_demands(all, cmd->server, line->policy->demands);
    for (int i = 0; own && i < own->list->nelts; i++)
        number_demands(
            all, cmd->server,
            APR_ARRAY_IDX(own->list, i, const fa_operation *)->demands);
    number_limits(all, cmd->server, line->policy->limits);
}

/* --- while the server starts ---------------------------------------------- */

int fah_share_counters(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                       server_rec *s)
{
    const numbered *all = numbered_in(pconf);
    int processes = 1;
    apr_shm_t *memory;
    apr_status_t status;
    size_t bytes;

    (void)plog;
    (void)ptemp;
    known = all;
    since = apr_time_now();
    ap_mpm_query(AP_MPMQ_MAX_DAEMONS, &processes);
    if (processes > PROCESSES_MAX)
        processes = PROCESSES_MAX;
    bytes = fa_counts_plan(&counts, processes > 0 ? (unsigned)processes : 1,
                           (unsigned)all->sections->nelts - 1,
                           (unsigned)all->limits->nelts - 1);
    status = apr_shm_create(&memory, bytes, NULL, pconf);
    if (status != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, status, s,
                     "%" APR_SIZE_T_FMT " bytes of shared memory cannot be "
                     "had: nothing is counted, and fastauth-status answers 503",
                     bytes);
        return OK;
    }
    memset(apr_shm_baseaddr_get(memory), 0, bytes);
    fa_counts_open(&counts, apr_shm_baseaddr_get(memory));
    return OK;
}

void fah_join_counters(apr_pool_t *pchild, server_rec *s)
{
    (void)pchild;
    (void)s;
    fa_counts_join(&counts);
}

/* --- for each request ----------------------------------------------------- */

void fah_count_limits(const fa_decision *decision)
{
    for (size_t i = 0; i < decision->ask_count; i++) {
        const fa_ask *ask = &decision->asks[i];

        if (!ask->within)
            fa_count(&counts, FA_COUNT_LIMIT_REFUSED, ask->limit->number);
        /* What another limit refused gave its permits back. */
        else if (ask->taken && decision->verdict != FA_RATE_EXCEEDED)
            fa_count(&counts, FA_COUNT_LIMIT_ADMITTED, ask->limit->number);
    }
}

/* The section that a request is counted for: whose AuthScheme is in force, else
 * of the first demand or limit. */
static unsigned section_of(const fa_policy *policy)
{
    const fa_demand *demand = fa_demands_find(policy->demands, ~0u);
    const fa_limits *limits = policy->limits;

    if (fa_schemes_in_force(policy->schemes))
        return policy->schemes->number;
    if (demand)
        return demand->number;
    if (limits && limits->list && limits->list->nelts > 0) {
        unsigned number =
            APR_ARRAY_IDX(limits->list, 0, const fa_limit *)->number;

        return APR_ARRAY_IDX(known->limits, number, numbered_limit).section;
    }
    return 0;
}

void fah_count_outcome(request_rec *r, fah_state *state, bool enforced)
{
    unsigned section = section_of(state->policy);
    unsigned verdict = state->decision.verdict;

    if (state->counted || fah_is_part(r))
        return;
    state->counted = true;
    fa_count(&counts, enforced ? FA_COUNT_VERDICT : FA_COUNT_REPORTED, verdict);
    fa_count(&counts,
             verdict == FA_ALLOWED ? FA_COUNT_SECTION_ALLOWED
             : enforced            ? FA_COUNT_SECTION_REFUSED
                                   : FA_COUNT_SECTION_REPORTED,
             section);
}

void fah_count_password(bool is_known)
{
    fa_count(&counts, is_known ? FA_COUNT_CACHE_HIT : FA_COUNT_CACHE_MISS, 0);
}

void fah_count_dropped(void)
{
    fa_count(&counts, FA_COUNT_LOG_DROPPED, 0);
}

/* --- read ----------------------------------------------------------------- */

/* Known by now: a virtual host's name may stand below its sections. */
const char *fah_server_name(apr_pool_t *pool, const server_rec *s)
{
    unsigned port;

    if (!s || !s->is_virtual)
        return "main";
    port = s->port || !s->addrs ? s->port : s->addrs->host_port;
    return apr_psprintf(pool, "%s:%u",
                        s->server_hostname ? s->server_hostname : "", port);
}

static void read_sections(fa_status *status)
{
    for (int i = 0; i < known->sections->nelts; i++) {
        const numbered_section *section =
            &APR_ARRAY_IDX(known->sections, i, numbered_section);
        unsigned number = (unsigned)i;

        fa_status_add_section(
            status, fah_server_name(status->pool, section->server),
            i ? &section->section : NULL,
            fa_count_sum(&counts, FA_COUNT_SECTION_ALLOWED, number),
            fa_count_sum(&counts, FA_COUNT_SECTION_REFUSED, number),
            fa_count_sum(&counts, FA_COUNT_SECTION_REPORTED, number));
    }
}

static void read_limits(fa_status *status)
{
    for (int i = 0; i < known->limits->nelts; i++) {
        const numbered_limit *limit =
            &APR_ARRAY_IDX(known->limits, i, numbered_limit);
        unsigned number = (unsigned)i;

        fa_status_add_limit(
            status, fah_server_name(status->pool, limit->server), limit->limit,
            fa_count_sum(&counts, FA_COUNT_LIMIT_ADMITTED, number),
            fa_count_sum(&counts, FA_COUNT_LIMIT_REFUSED, number));
    }
}

fa_status *fah_counted(apr_pool_t *pool)
{
    fa_status *status;

    if (!counts.rows)
        return NULL;
    status = fa_status_create(pool);
    status->since = since;
    for (unsigned i = 0; i < FA_VERDICT_COUNT; i++) {
        status->verdicts[i] = fa_count_sum(&counts, FA_COUNT_VERDICT, i);
        status->reported[i] = fa_count_sum(&counts, FA_COUNT_REPORTED, i);
    }
    read_sections(status);
    read_limits(status);
    status->cache_hits = fa_count_sum(&counts, FA_COUNT_CACHE_HIT, 0);
    status->cache_misses = fa_count_sum(&counts, FA_COUNT_CACHE_MISS, 0);
    status->log_dropped = fa_count_sum(&counts, FA_COUNT_LOG_DROPPED, 0);
    status->has_store = fah_store() != NULL;
    for (int i = 0; status->has_store && i < FA_STORE_KINDS; i++)
        status->store[i] = fa_store_filled(fah_store(), (fa_store_kind)i);
    return status;
}
