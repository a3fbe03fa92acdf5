/* The credential that came with a request, of those that are looked at here.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CREDENTIAL_H
#define FA_CREDENTIAL_H

#include <apr_pools.h>

#include "fa_policy.h"
#include "fa_request.h"

typedef enum {
    FA_CREDENTIAL_NONE,  /* nothing of these schemes */
    FA_CREDENTIAL_EMPTY, /* a scheme's name or header with nothing behind */
    FA_CREDENTIAL_TOKEN, /* a bearer token */
    FA_CREDENTIAL_API_KEY,
    FA_CREDENTIAL_BASIC
} fa_credential_kind;

typedef struct fa_credential {
    fa_credential_kind kind;
    const fa_scheme *scheme; /* the one in force that it is for */
    const char *secret;      /* token, API key or password; may be of no form */
    const char *user;        /* FA_CREDENTIAL_BASIC */
    const char *claimed;     /* FA_CREDENTIAL_BASIC: the name as it came, of any
                                bytes, for a log; NULL where none was read */
} fa_credential;

/**
 * Find the credential.
 *
 * Looked at is only what the schemes in force name. Of Authorization (RFC 9110
 * section 11.6.2), API key headers and query parameters there may be one in
 * all, and that once: two say two things. A cookie is sent unasked: it counts
 * where nothing else was sent, the first one of the schemes' order.
 *
 * credential  receives it where the verdict is FA_ALLOWED; its kind, scheme
 *             and claimed name also where it is FA_BAD_CREDENTIAL
 * reason      receives a fixed sentence where it is not
 *
 * Returns FA_ALLOWED, FA_TWO_CREDENTIALS, or FA_BAD_CREDENTIAL where what came
 * cannot be a credential.
 */
fa_verdict fa_credential_find(const fa_request *request,
                              const fa_policy *policy,
                              fa_credential *credential, const char **reason);

#endif
