/* Passwords checked by httpd's providers, and remembered for a while.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_request.h"

#include <string.h>

#include <ap_provider.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <mod_auth.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "fa_cache.h"
#include "fah_count.h"
#include "fah_log.h"
#include "fah_state.h"

/* Some 26,000 verified passwords. */
#define CACHE_BYTES ((apr_size_t)1024 * 1024)

/* Made by the parent before its children, shared by all of them; NULL where
 * there is none, and then every password is hashed. */
static fa_cache *verified;

int fah_share_memory(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *s)
{
    unsigned char key[FA_DIGEST_SIZE];
    apr_shm_t *memory;
    apr_status_t status;

    (void)plog;
    (void)ptemp;
    verified = NULL;
    status = apr_shm_create(&memory, CACHE_BYTES, NULL, pconf);
    if (status != APR_SUCCESS || RAND_bytes(key, sizeof key) != 1) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, status, s,
                     "no shared memory or no randomness: verified passwords "
                     "are not remembered");
        return OK;
    }
    memset(apr_shm_baseaddr_get(memory), 0, CACHE_BYTES);
    verified =
        fa_cache_create(pconf, apr_shm_baseaddr_get(memory), CACHE_BYTES, key);
    OPENSSL_cleanse(key, sizeof key);
    return OK;
}

/* An .htaccess may name another password file; nothing here would see it. */
static bool htaccess_was_read(const request_rec *r)
{
    const struct htaccess_result *result;

    for (result = r->htaccess; result; result = result->next) {
        if (result->htaccess)
            return true;
    }
    return false;
}

/* Of these we know the directives that say whom they let in, and that
 * fah_beside has looked at; of another anything may change from one section to
 * the next. */
static bool are_known(const fa_passwords *passwords)
{
    static const char *const known[] = {"file", "dbm", "dbd", "ldap", NULL};

    for (int i = 0; i < passwords->providers->nelts; i++) {
        if (fa_parse_index(APR_ARRAY_IDX(passwords->providers, i, const char *),
                           known) < 0)
            return false;
    }
    return true;
}

/* What was verified: this password of this user, by this AuthPasswords of this
 * virtual host. The addresses name these two, as all children have them from
 * one parent; the length keeps user and password apart. */
static bool digest_of(request_rec *r, const fa_passwords *passwords,
                      const char *user, const char *password,
                      unsigned char digest[FA_DIGEST_SIZE])
{
    char *text =
        apr_psprintf(r->pool, "%pp;%pp;%" APR_SIZE_T_FMT ":%s;%s", r->server,
                     passwords, strlen(user), user, password);
    size_t size = strlen(text);
    bool done = fa_digest_keyed(verified->key, sizeof verified->key, text, size,
                                digest);

    OPENSSL_cleanse(text, size);
    return done;
}

/* As mod_auth_basic asks them: the first that knows the user decides. */
static fa_verdict ask_providers(request_rec *r, const fa_passwords *passwords,
                                const char *user, const char *password)
{
    for (int i = 0; i < passwords->providers->nelts; i++) {
        const char *name = APR_ARRAY_IDX(passwords->providers, i, const char *);
        const authn_provider *provider = ap_lookup_provider(
            AUTHN_PROVIDER_GROUP, name, AUTHN_PROVIDER_VERSION);
        authn_status status = AUTH_GENERAL_ERROR;

        if (provider && provider->check_password) {
            apr_table_setn(r->notes, AUTHN_PROVIDER_NAME_NOTE, name);
            status = provider->check_password(r, user, password);
            apr_table_unset(r->notes, AUTHN_PROVIDER_NAME_NOTE);
        }
        switch (status) {
        case AUTH_GRANTED:
            fah_log_login(r, user);
            return FA_ALLOWED;
        case AUTH_DENIED:
            return FA_BAD_CREDENTIAL;
        case AUTH_USER_NOT_FOUND:
            continue;
        case AUTH_USER_FOUND:
        case AUTH_GENERAL_ERROR:
            return FA_UNAVAILABLE;
        }
    }
    return FA_BAD_CREDENTIAL;
}

/* What the providers said within one client's request, which may be made of
 * many (a listing, an included page): digest -> verdict. */
#define ASKED "fastauth: asked"

static apr_hash_t *asked_by(request_rec *r)
{
    apr_pool_t *pool = fah_outermost(r)->pool;
    void *asked = NULL;

    apr_pool_userdata_get(&asked, ASKED, pool);
    if (!asked) {
        asked = apr_hash_make(pool);
        apr_pool_userdata_setn(asked, ASKED, NULL, pool);
    }
    return asked;
}

static fa_verdict ask_once(request_rec *r, const fa_passwords *passwords,
                           const char *user, const char *password,
                           const unsigned char digest[FA_DIGEST_SIZE])
{
    apr_hash_t *asked = asked_by(r);
    const fa_verdict *before = apr_hash_get(asked, digest, FA_DIGEST_SIZE);
    apr_pool_t *pool = apr_hash_pool_get(asked);
    fa_verdict verdict;

    if (before)
        return *before;
    verdict = ask_providers(r, passwords, user, password);
    apr_hash_set(asked, apr_pmemdup(pool, digest, FA_DIGEST_SIZE),
                 FA_DIGEST_SIZE, apr_pmemdup(pool, &verdict, sizeof verdict));
    return verdict;
}

/* Whether an answer for this password would be the same the next time. */
static bool may_remember(request_rec *r, const fa_passwords *passwords,
                         const char *user, const char *password,
                         unsigned char digest[FA_DIGEST_SIZE])
{
    return verified && are_known(passwords) && !htaccess_was_read(r) &&
           digest_of(r, passwords, user, password, digest);
}

fa_verdict fah_check_password(request_rec *r, const fa_passwords *passwords,
                              const char *user, const char *password)
{
    unsigned char digest[FA_DIGEST_SIZE];
    apr_time_t now = fah_boot_time();
    fa_verdict verdict;

    if (!may_remember(r, passwords, user, password, digest))
        return ask_providers(r, passwords, user, password);
    if (passwords->cache_s > 0) {
        bool is_known = fa_cache_has(verified, digest, now);

        fah_count_password(is_known);
        if (is_known)
            return FA_ALLOWED;
    }
    verdict = ask_once(r, passwords, user, password, digest);
    if (passwords->cache_s > 0 && verdict == FA_ALLOWED)
        fa_cache_remember(verified, digest, now,
                          now + apr_time_from_sec(passwords->cache_s));
    return verdict;
}
