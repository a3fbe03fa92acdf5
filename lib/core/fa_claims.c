/* What a token says, read from its claims.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_claims.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_json.h"
#include "fa_text.h"

/* The largest integer that every JSON reader holds exactly (RFC 8259 section
 * 6), and far enough away. */
#define LATEST_S 9007199254740992.0

const fa_claim_names *fa_claim_names_usual(apr_pool_t *pool)
{
    fa_claim_names *names = apr_palloc(pool, sizeof *names);

    names->user = fa_text_words(pool, "sub user_id");
    names->scopes = fa_text_words(pool, "scope scopes scp");
    names->roles = fa_text_words(pool, "roles role");
    names->permissions = fa_text_words(pool, "permissions");
    return names;
}

/* A NumericDate (RFC 7519 section 2). False where it is there and none. */
static bool moment(const json_t *claims, const char *name, bool *present,
                   double *seconds)
{
    const json_t *value = json_object_get(claims, name);

    *present = value != NULL;
    *seconds = json_number_value(value);
    return !value ||
           (json_is_number(value) && *seconds >= 0 && *seconds <= LATEST_S &&
            (!json_is_integer(value) ||
             json_integer_value(value) <= (json_int_t)LATEST_S));
}

fa_verdict fa_claims_in_time(const json_t *claims, apr_int64_t leeway_s,
                             apr_time_t now, const char **reason)
{
    double now_s = (double)now / APR_USEC_PER_SEC;
    double skew_s = (double)leeway_s;
    bool has_exp, has_nbf, has_iat;
    double exp, nbf, iat;

    if (!moment(claims, "exp", &has_exp, &exp) ||
        !moment(claims, "nbf", &has_nbf, &nbf) ||
        !moment(claims, "iat", &has_iat, &iat)) {
        *reason = "exp, nbf or iat is no number of seconds";
        return FA_BAD_CREDENTIAL;
    }
    if (!has_exp) {
        *reason = "the token has no exp";
        return FA_BAD_CREDENTIAL;
    }
    if (now_s >= exp + skew_s) {
        *reason = "the token has expired (exp)";
        return FA_EXPIRED_CREDENTIAL;
    }
    if ((has_nbf && nbf > now_s + skew_s) ||
        (has_iat && iat > now_s + skew_s)) {
        *reason = "the token is of the future (nbf, iat)";
        return FA_BAD_CREDENTIAL;
    }
    return FA_ALLOWED;
}

const char *fa_claims_for_us(const json_t *claims,
                             const apr_array_header_t *audience)
{
    const json_t *aud = json_object_get(claims, "aud");
    bool ours = false;

    if (!aud)
        return audience ? "the token has no audience (aud)" : NULL;
    if (!audience)
        return "the token has an audience (aud), and no AuthTokenAudience says "
               "that it is this server";
    if (json_is_string(aud))
        ours = fa_text_has_word(audience, json_string_value(aud));
    for (size_t i = 0; i < json_array_size(aud); i++) {
        const char *one = json_string_value(json_array_get(aud, i));

        if (!one)
            return "aud holds something that is no string";
        ours = ours || fa_text_has_word(audience, one);
    }
    return ours ? NULL : "the token is for another audience (aud)";
}

static const json_t *first_present(const json_t *claims,
                                   const apr_array_header_t *names)
{
    const json_t *found = NULL;

    for (int i = 0; !found && i < names->nelts; i++)
        found = fa_json_at(claims, APR_ARRAY_IDX(names, i, const char *));
    return found;
}

static const apr_array_header_t *words(apr_pool_t *pool, const json_t *list)
{
    apr_array_header_t *words;

    if (json_is_string(list))
        return fa_text_words(pool, json_string_value(list));
    if (!json_is_array(list))
        return NULL;
    words = apr_array_make(pool, (int)json_array_size(list), sizeof(char *));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));

        /* Half a list might grant by what it leaves out: none of it counts. */
        if (!word)
            return NULL;
        APR_ARRAY_PUSH(words, const char *) = apr_pstrdup(pool, word);
    }
    return words;
}

static const char *user_name(apr_pool_t *pool, const json_t *claims,
                             const apr_array_header_t *names, const char **user)
{
    const json_t *sub = json_object_get(claims, "sub");
    const json_t *claim = first_present(claims, names);
    const char *name = NULL;

    if (sub &&
        (!json_is_string(sub) || !fa_identity_is_user(json_string_value(sub))))
        return "sub is no string that can name a user";
    if (json_is_string(claim) && fa_identity_is_user(json_string_value(claim)))
        name = apr_pstrdup(pool, json_string_value(claim));
    else if (json_is_integer(claim))
        /* APR does not know jansson's %lld. */
        name = apr_psprintf(pool, "%" APR_INT64_T_FMT,
                            (apr_int64_t)json_integer_value(claim));
    if (!name)
        return claim ? "the user's claim can name no user"
                     : "the token names no user (AuthTokenClaims user=)";
    *user = name;
    return NULL;
}

const char *fa_claims_identify(apr_pool_t *pool, const json_t *claims,
                               const fa_claim_names *names,
                               fa_identity *identity)
{
    const char *reason = user_name(pool, claims, names->user, &identity->user);

    if (reason)
        return reason;
    identity->scopes = words(pool, first_present(claims, names->scopes));
    identity->roles = words(pool, first_present(claims, names->roles));
    identity->permissions =
        words(pool, first_present(claims, names->permissions));
    return NULL;
}
