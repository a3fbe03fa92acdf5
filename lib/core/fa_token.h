/* A bearer token judged from its first byte to its claims (RFC 7519, 8725).
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_TOKEN_H
#define FA_TOKEN_H

#include <apr_pools.h>
#include <apr_time.h>

#include "fa_identity.h"
#include "fa_issuer.h"
#include "fa_verdict.h"

/**
 * Judge a JWT.
 *
 * In this order: its form; the issuer, where <AuthIssuer> blocks make a choice
 * of keys (the iss is read for that choice only); the one key that the header
 * selects; the signature; then the claims: exp, nbf, iat, iss, aud, typ,
 * token_use ("access" where it is there), and the user.
 *
 * trust     settled (fa_trust_settle)
 * length    bytes of token, at most FA_JWS_MAX are read
 * now       microseconds UTC
 * identity  receives who is asking, in pool, scheme not filled in
 * reason    receives a fixed sentence for the log where the verdict is not
 *           FA_ALLOWED: nothing of the token
 *
 * Returns FA_ALLOWED, FA_BAD_CREDENTIAL or FA_EXPIRED_CREDENTIAL.
 */
fa_verdict fa_token_verify(apr_pool_t *pool, const fa_trust *trust,
                           const char *token, size_t length, apr_time_t now,
                           fa_identity **identity, const char **reason);

#endif
