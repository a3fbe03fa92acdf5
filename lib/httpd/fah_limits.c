/* Permits taken for a client's request, each once.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_request.h"

#include <stdatomic.h>
#include <string.h>

#include <apr_strings.h>

#include "fah_state.h"
#include "fah_store.h"

/* What one client's request has paid, whatever became of it inside httpd:
 * counter's name -> where it stood (fa_rate_state). In the outermost request's
 * pool. */
#define PAID "fastauth: paid"

static apr_hash_t *paid_by(request_rec *r)
{
    apr_pool_t *pool = fah_outermost(r)->pool;
    void *paid = NULL;

    apr_pool_userdata_get(&paid, PAID, pool);
    if (!paid) {
        paid = apr_hash_make(pool);
        apr_pool_userdata_setn(paid, PAID, NULL, pool);
    }
    return paid;
}

/* The name of a counter: the limit, the virtual host unless the limit has a
 * name, the caller. None of it shifts when a line is added elsewhere. */
static const char *counter_name(request_rec *r, const fa_ask *ask)
{
    const server_rec *s = r->server;

    if (ask->limit->is_named)
        return apr_psprintf(r->pool, "%s\1\1%s", ask->limit->counter,
                            ask->caller);
    return apr_psprintf(r->pool, "%s\1%s:%u:%s:%u\1%s", ask->limit->counter,
                        s->server_hostname ? s->server_hostname : "", s->port,
                        s->addrs && s->addrs->virthost ? s->addrs->virthost
                                                       : "",
                        s->addrs ? s->addrs->host_port : 0, ask->caller);
}

static fa_store_kind kind_of(const fa_limit *limit)
{
    if (limit->on_failure)
        return FA_STORE_FAILURE;
    return limit->by & FA_BY_HEADER ? FA_STORE_HEADER : FA_STORE_OTHER;
}

static fa_store_ask store_ask(fa_store *store, const char *name,
                              const fa_ask *ask)
{
    return (fa_store_ask){.kind = kind_of(ask->limit),
                          .key = fa_store_key(store, name, strlen(name)),
                          .rate = &ask->limit->rate,
                          .cost = ask->limit->cost,
                          .permit = ask->permit};
}

static void remember(apr_hash_t *paid, const char *name, const fa_ask *ask)
{
    apr_pool_t *pool = apr_hash_pool_get(paid);

    apr_hash_set(paid, apr_pstrdup(pool, name), APR_HASH_KEY_STRING,
                 apr_pmemdup(pool, &ask->state, sizeof ask->state));
}

/* A counter that still counted has made room: said once a minute and process at
 * the most. */
static void warn_of_drops(request_rec *r, const fa_store *store)
{
    static _Atomic uint64_t told;
    static _Atomic int64_t told_at;
    uint64_t dropped = fa_store_dropped(store);
    int64_t now = fah_boot_time();

    if (dropped == atomic_load(&told) ||
        now - atomic_load(&told_at) < 60 * APR_USEC_PER_SEC)
        return;
    atomic_store(&told, dropped);
    atomic_store(&told_at, now);
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "RateLimitStore is full: %" APR_UINT64_T_FMT
                  " counters were dropped before their time; give it a larger "
                  "SIZE",
                  dropped);
}

/* Refused, and none of the limits was exceeded. */
static bool is_locked_out(const fa_store_ask *asks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!asks[i].within)
            return false;
    }
    return true;
}

fa_verdict fah_take(request_rec *r, fa_ask *asks, size_t count)
{
    fa_store *store = fah_store();
    apr_hash_t *paid = paid_by(r);
    fa_store_ask wanted[FA_LIMITS_MAX];
    fa_ask *of[FA_LIMITS_MAX];
    const char *names[FA_LIMITS_MAX];
    size_t open = 0;
    bool within;

    if (!store || count > FA_LIMITS_MAX)
        return FA_UNAVAILABLE;
    for (size_t i = 0; i < count; i++) {
        const char *name = counter_name(r, &asks[i]);
        const fa_rate_state *before =
            apr_hash_get(paid, name, APR_HASH_KEY_STRING);

        asks[i].within = true;
        if (before)
            asks[i].state = *before;
        /* A guess is a guess, whatever part of a page it asks for. */
        asks[i].free = !before && fah_is_part(r) && !asks[i].limit->on_failure;
        if (before || asks[i].free)
            continue;
        names[open] = name;
        of[open] = &asks[i];
        wanted[open++] = store_ask(store, name, &asks[i]);
    }
    within = open == 0 || fa_store_take(store, wanted, open, fah_boot_time());
    warn_of_drops(r, store);
    if (!within && is_locked_out(wanted, open))
        return FA_UNAVAILABLE;
    for (size_t i = 0; i < open; i++) {
        of[i]->taken = within;
        of[i]->within = wanted[i].within;
        of[i]->state = wanted[i].state;
        of[i]->permit = wanted[i].permit;
        if (within)
            remember(paid, names[i], of[i]);
    }
    return within ? FA_ALLOWED : FA_RATE_EXCEEDED;
}

void fah_settle(request_rec *r, const fa_ask *ask, bool was_good)
{
    fa_store *store = fah_store();
    const char *name = counter_name(r, ask);
    fa_store_ask taken = store_ask(store, name, ask);

    if (!was_good) {
        fa_store_keep(store, &taken);
        return;
    }
    fa_store_give_back(store, &taken, fah_boot_time());
    apr_hash_set(paid_by(r), name, APR_HASH_KEY_STRING, NULL);
}
