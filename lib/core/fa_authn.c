/* Step 3 of a decision: who is asking.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_authn.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_token.h"
#include "fa_weigh.h"

static fa_verdict by_token(const fa_request *request,
                           const fa_credential *credential,
                           fa_identity **identity, const char **reason)
{
    if (!request->trust) {
        *reason = "no AuthTokenKey, AuthTokenKeySet or <AuthIssuer> is here to "
                  "verify a token";
        return FA_BAD_CREDENTIAL;
    }
    return fa_token_verify(request->pool, request->trust, credential->secret,
                           strlen(credential->secret),
                           request->answers->now(request->context), identity,
                           reason);
}

static fa_verdict by_api_key(const fa_request *request,
                             const fa_credential *credential,
                             fa_identity **identity, const char **reason)
{
    const fa_apikeys *keys;
    fa_verdict verdict = request->answers->api_keys(request->context, &keys);

    if (verdict != FA_ALLOWED) {
        *reason = "the API keys cannot be read";
        return verdict;
    }
    return fa_apikeys_identify(request->pool, keys, credential->secret,
                               request->answers->now(request->context),
                               identity, reason);
}

static fa_verdict by_password(const fa_request *request,
                              const fa_policy *policy,
                              const fa_credential *credential,
                              fa_identity **identity, const char **reason)
{
    fa_verdict verdict;

    if (!policy->passwords) {
        *reason = "AuthScheme basic without AuthPasswords";
        return FA_MISCONFIGURED;
    }
    if (strlen(credential->secret) > FA_PASSWORD_MAX) {
        *reason = "the password is longer than bcrypt reads";
        return FA_BAD_CREDENTIAL;
    }
    verdict =
        request->answers->check_password(request->context, policy->passwords,
                                         credential->user, credential->secret);
    if (verdict == FA_ALLOWED) {
        *identity = apr_pcalloc(request->pool, sizeof **identity);
        (*identity)->user = credential->user;
        return FA_ALLOWED;
    }
    *reason = verdict == FA_UNAVAILABLE
                  ? "the authentication provider failed"
                  : "the user is unknown or the password wrong";
    return verdict;
}

static fa_verdict nobody(const fa_policy *policy, const char **reason)
{
    if (policy->schemes->optional)
        return FA_ALLOWED;
    *reason = "no credential was sent";
    return FA_NO_CREDENTIAL;
}

static fa_verdict by_credential(const fa_request *request,
                                const fa_policy *policy,
                                const fa_credential *credential,
                                fa_identity **identity, const char **reason)
{
    switch (credential->kind) {
    case FA_CREDENTIAL_NONE:
        return nobody(policy, reason);
    case FA_CREDENTIAL_EMPTY:
        *reason = "the credential is empty";
        return FA_NO_CREDENTIAL;
    case FA_CREDENTIAL_TOKEN:
        return by_token(request, credential, identity, reason);
    case FA_CREDENTIAL_API_KEY:
        return by_api_key(request, credential, identity, reason);
    case FA_CREDENTIAL_BASIC:
        return by_password(request, policy, credential, identity, reason);
    }
    return FA_UNDECIDED;
}

fa_verdict fa_present(const fa_request *request, const fa_policy *policy,
                      fa_decision *decision)
{
    if (!fa_schemes_in_force(policy->schemes))
        return FA_ALLOWED;
    decision->found = fa_credential_find(request, policy, &decision->credential,
                                         &decision->reason);
    decision->presented = decision->credential.scheme;
    return FA_ALLOWED;
}

fa_verdict fa_identify(const fa_request *request, const fa_policy *policy,
                       fa_decision *decision)
{
    fa_identity *identity = NULL;
    fa_verdict verdict = decision->found;

    if (!fa_schemes_in_force(policy->schemes))
        return FA_ALLOWED;
    if (verdict == FA_ALLOWED)
        verdict = by_credential(request, policy, &decision->credential,
                                &identity, &decision->reason);
    fa_weigh_settle(request, decision, verdict);
    if (verdict == FA_ALLOWED && identity) {
        identity->scheme = decision->presented->name;
        decision->identity = identity;
    }
    return verdict;
}
