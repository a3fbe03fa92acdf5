/* Whose tokens are trusted, by which keys, and what they must say.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_issuer.h"

#include <apr_strings.h>

static fa_issuer *issuer_create(apr_pool_t *pool, const char *iss)
{
    fa_issuer *issuer = apr_pcalloc(pool, sizeof *issuer);

    issuer->iss = iss;
    issuer->keys = fa_keyring_create(pool);
    return issuer;
}

fa_trust *fa_trust_create(apr_pool_t *pool)
{
    fa_trust *trust = apr_palloc(pool, sizeof *trust);

    trust->own = issuer_create(pool, NULL);
    trust->issuers = apr_array_make(pool, 2, sizeof(fa_issuer *));
    trust->by_iss = apr_hash_make(pool);
    return trust;
}

const char *fa_trust_add(apr_pool_t *pool, fa_trust *trust, const char *iss,
                         fa_issuer **issuer)
{
    if (!*iss)
        return "an issuer has a name: the iss of its tokens";
    if (apr_hash_get(trust->by_iss, iss, APR_HASH_KEY_STRING))
        return apr_psprintf(pool, "the issuer '%s' has a block already", iss);
    *issuer = issuer_create(pool, apr_pstrdup(pool, iss));
    APR_ARRAY_PUSH(trust->issuers, fa_issuer *) = *issuer;
    apr_hash_set(trust->by_iss, (*issuer)->iss, APR_HASH_KEY_STRING, *issuer);
    return NULL;
}

static void settle(fa_issuer *issuer, const fa_issuer *server)
{
    if (!issuer->audience)
        issuer->audience = server->audience;
    if (!issuer->type)
        issuer->type = server->type;
    if (!issuer->leeway_s)
        issuer->leeway_s = server->leeway_s;
    if (!issuer->claims)
        issuer->claims = server->claims;
    if (!issuer->claims->user)
        issuer->claims->user = server->claims->user;
    if (!issuer->claims->scopes)
        issuer->claims->scopes = server->claims->scopes;
    if (!issuer->claims->roles)
        issuer->claims->roles = server->claims->roles;
    if (!issuer->claims->permissions)
        issuer->claims->permissions = server->claims->permissions;
}

void fa_trust_settle(apr_pool_t *pool, fa_trust *trust)
{
    static const apr_int64_t no_leeway = 0;
    fa_claim_names *usual =
        apr_pmemdup(pool, fa_claim_names_usual(pool), sizeof *usual);
    const fa_issuer said_nothing = {.leeway_s = &no_leeway, .claims = usual};

    settle(trust->own, &said_nothing);
    for (int i = 0; i < trust->issuers->nelts; i++)
        settle(APR_ARRAY_IDX(trust->issuers, i, fa_issuer *), trust->own);
}

const fa_issuer *fa_trust_issuer(const fa_trust *trust, const char *iss)
{
    const fa_issuer *issuer =
        iss ? apr_hash_get(trust->by_iss, iss, APR_HASH_KEY_STRING) : NULL;

    return issuer ? issuer : trust->own;
}
