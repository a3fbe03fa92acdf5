/* The store of counters, across the server's restarts.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_store.h"

#include <stdint.h>
#include <string.h>

#include <apr_shm.h>
#include <http_core.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#define ALIGNMENT     64
#define DEFAULT_BYTES ((size_t)32 * 1024 * 1024)

/* Kept in the process's own pool, where an unloaded module leaves it for the
 * next one: plain data, and apr's own cleanup. The number is the layout's. */
#define RETAINED "mod_fastauth store 1"

typedef struct retained {
    apr_shm_t *memory;
    size_t bytes;
} retained;

static fa_store *store;

fa_store *fah_store(void)
{
    return store;
}

/* --- what the configuration needs ----------------------------------------- */

static void use(bool uses[FA_STORE_KINDS][2], const fa_limit *limit)
{
    fa_store_kind kind = limit->on_failure          ? FA_STORE_FAILURE
                         : limit->by & FA_BY_HEADER ? FA_STORE_HEADER
                                                    : FA_STORE_OTHER;

    uses[kind][fa_store_is_large(&limit->rate)] = true;
}

static void find_uses(server_rec *s, bool uses[FA_STORE_KINDS][2])
{
    for (; s; s = s->next) {
        const apr_array_header_t *limits = fah_server_of(s)->said->limits;

        for (int i = 0; limits && i < limits->nelts; i++)
            use(uses, APR_ARRAY_IDX(limits, i, const fa_limit *));
    }
    /* The throttles that hold by themselves. */
    uses[FA_STORE_FAILURE][0] = true;
}

/* --- opened, or found ------------------------------------------------------
 */

/* The store wants its cache lines whole, and apr's memory starts behind a count
 * of its own. */
static void *aligned(const retained *kept)
{
    uintptr_t base = (uintptr_t)apr_shm_baseaddr_get(kept->memory);

    return (void *)((base + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

static fa_store *create(server_rec *s, retained *kept, size_t bytes)
{
    unsigned char secret[FA_STORE_KEY_SIZE];
    bool uses[FA_STORE_KINDS][2] = {{false}};
    fa_store *made;
    apr_status_t status = apr_shm_create(&kept->memory, bytes + ALIGNMENT, NULL,
                                         s->process->pool);

    if (status != APR_SUCCESS || RAND_bytes(secret, sizeof secret) != 1) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, status, s,
                     "RateLimitStore: %" APR_SIZE_T_FMT
                     " bytes of shared memory cannot be had",
                     bytes);
        return NULL;
    }
    /* Anonymous memory is zero, and is not touched before it is used. */
    find_uses(s, uses);
    made = fa_store_create(aligned(kept), bytes, uses, secret);
    OPENSSL_cleanse(secret, sizeof secret);
    kept->bytes = bytes;
    return made;
}

static fa_store *find(server_rec *s, const retained *kept, size_t bytes)
{
    if (kept->bytes != bytes)
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "RateLimitStore: the store stays at %" APR_SIZE_T_FMT
                     " bytes until a full restart, so that no counter is lost",
                     kept->bytes);
    return fa_store_attach(aligned(kept), kept->bytes);
}

static void say_room(server_rec *s)
{
    uint64_t failure = fa_store_room(store, FA_STORE_FAILURE);
    uint64_t header = fa_store_room(store, FA_STORE_HEADER);
    uint64_t other = fa_store_room(store, FA_STORE_OTHER);

    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                 "RateLimitStore holds %" APR_UINT64_T_FMT
                 " keys: %" APR_UINT64_T_FMT " of failures, %" APR_UINT64_T_FMT
                 " by header, %" APR_UINT64_T_FMT " others",
                 failure + header + other, failure, header, other);
}

int fah_open_store(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s)
{
    const size_t *said = fah_server_of(s)->said->store_bytes;
    size_t bytes = said ? *said : DEFAULT_BYTES;
    retained *kept = ap_retained_data_get(RETAINED);

    (void)pconf;
    (void)plog;
    (void)ptemp;
    store = NULL;
    /* httpd reads its configuration twice when it starts. */
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    if (!fah_has_limits(s))
        return OK;
    if (!kept)
        kept = ap_retained_data_create(RETAINED, sizeof *kept);
    store = kept->memory ? find(s, kept, bytes) : create(s, kept, bytes);
    if (!store)
        return HTTP_INTERNAL_SERVER_ERROR;
    say_room(s);
    return OK;
}
