/* A bearer token judged from its first byte to its claims.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_token.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_jws.h"
#include "fa_json.h"

static const char *parse_claims(apr_pool_t *pool, const fa_jws *jws,
                                json_t **claims)
{
    if (*claims || fa_json_object(pool, jws->payload, jws->payload_size,
                                  claims) == APR_SUCCESS)
        return NULL;
    return "the payload is no JSON object, or names a member twice";
}

/* Whose keys may judge it. Where there are no blocks, nothing of the payload is
 * read before the signature has been verified. */
static const char *choose_issuer(apr_pool_t *pool, const fa_trust *trust,
                                 const fa_jws *jws, json_t **claims,
                                 const fa_issuer **issuer)
{
    const char *reason;
    const json_t *iss;

    *issuer = trust->own;
    if (trust->issuers->nelts == 0)
        return NULL;
    if ((reason = parse_claims(pool, jws, claims)) != NULL)
        return reason;
    iss = json_object_get(*claims, "iss");
    if (iss && !json_is_string(iss))
        return "iss is no string";
    *issuer = fa_trust_issuer(trust, json_string_value(iss));
    return NULL;
}

static const char *verify_signature(const fa_jws *jws, const fa_issuer *issuer,
                                    const fa_key **key)
{
    *key = fa_keyring_select(issuer->keys, jws->alg, jws->kid);
    if (!*key)
        return "no key, or more than one, for the header's alg and kid";
    return fa_jws_verify(jws, *key) ? NULL : "the signature does not verify";
}

/* typ may carry the media type's tree (RFC 7515 section 4.1.9). */
static const char *judge_type(const fa_jws *jws, const char *type)
{
    const char *typ = jws->typ;

    if (!typ)
        return type ? "the token has no typ, AuthTokenType asks for one" : NULL;
    if (strncasecmp(typ, "application/", 12) == 0)
        typ += 12;
    if (strcasecmp(typ, type ? type : "JWT") != 0)
        return "the token's typ is not the one that AuthTokenType names (JWT, "
               "where it names none)";
    return NULL;
}

static const char *judge_names(const json_t *claims, const fa_issuer *issuer)
{
    const json_t *iss = json_object_get(claims, "iss");
    const json_t *use = json_object_get(claims, "token_use");
    const char *value = json_string_value(iss);

    if (iss && !value)
        return "iss is no string";
    if (issuer->iss && (!value || strcmp(value, issuer->iss) != 0))
        return "the token is by another issuer (iss)";
    if (use &&
        (!json_is_string(use) || strcmp(json_string_value(use), "access") != 0))
        return "the token is no access token (token_use)";
    return fa_claims_for_us(claims, issuer->audience);
}

fa_verdict fa_token_verify(apr_pool_t *pool, const fa_trust *trust,
                           const char *token, size_t length, apr_time_t now,
                           fa_identity **identity, const char **reason)
{
    fa_identity *found = apr_pcalloc(pool, sizeof *found);
    const fa_issuer *issuer;
    const fa_key *key;
    json_t *claims = NULL;
    fa_jws jws;
    fa_verdict in_time;

    if ((*reason = fa_jws_split(pool, token, length, &jws)) != NULL ||
        (*reason = choose_issuer(pool, trust, &jws, &claims, &issuer)) ||
        (*reason = verify_signature(&jws, issuer, &key)) != NULL ||
        (*reason = parse_claims(pool, &jws, &claims)) != NULL)
        return FA_BAD_CREDENTIAL;

    in_time = fa_claims_in_time(claims, *issuer->leeway_s, now, reason);
    if (in_time != FA_ALLOWED)
        return in_time;
    if ((*reason = judge_type(&jws, issuer->type)) != NULL ||
        (*reason = judge_names(claims, issuer)) != NULL ||
        (*reason = fa_claims_identify(pool, claims, issuer->claims, found)))
        return FA_BAD_CREDENTIAL;

    found->issuer =
        apr_pstrdup(pool, json_string_value(json_object_get(claims, "iss")));
    found->key = key->kid;
    found->claims = claims;
    found->payload = jws.payload;
    *identity = found;
    return FA_ALLOWED;
}
