/* What can become of a request, and how each outcome is answered.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_VERDICT_H
#define FA_VERDICT_H

#include <stddef.h>

/* Which challenges go with an answer (WWW-Authenticate, RFC 9110 11.6.1). */
typedef enum {
    FA_CHALLENGE_NONE,   /* no challenge */
    FA_CHALLENGE_ALL,    /* one for every scheme in force */
    FA_CHALLENGE_BEARER, /* the Bearer one, where a bearer scheme is in force */
    FA_CHALLENGE_CALLER  /* the Bearer one, to a caller who used a bearer token
                          */
} fa_challenge_kind;

/* One row an outcome: name, status, challenges, word in logs, OAuth error code
 * (RFC 6750 section 3.1) or NULL, and the sentence that the caller reads. The
 * sentences are fixed: nothing of a request is ever reflected in an answer.
 * UNDECIDED is zero, so that forgetting to decide refuses. */
#define FA_VERDICTS(VERDICT)                                                 \
    VERDICT(FA_UNDECIDED, 500, NONE, "undecided", NULL,                      \
            "The request could not be decided.")                             \
    VERDICT(FA_ALLOWED, 200, NONE, "allowed", NULL, "Allowed.")              \
    VERDICT(FA_NO_CREDENTIAL, 401, ALL, "no-credential", NULL,               \
            "Authentication is required.")                                   \
    VERDICT(FA_BAD_CREDENTIAL, 401, ALL, "bad-credential", "invalid_token",  \
            "The credential is not valid.")                                  \
    VERDICT(FA_EXPIRED_CREDENTIAL, 401, ALL, "expired-credential",           \
            "invalid_token", "The credential has expired.")                  \
    VERDICT(FA_TWO_CREDENTIALS, 400, BEARER, "two-credentials",              \
            "invalid_request", "More than one credential was sent.")         \
    VERDICT(FA_AMBIGUOUS_PATH, 400, NONE, "ambiguous-path", NULL,            \
            "The path can be read in more than one way.")                    \
    VERDICT(FA_TLS_REQUIRED, 403, NONE, "tls-required", NULL,                \
            "This resource is served over TLS only.")                        \
    VERDICT(FA_ADDRESS_REFUSED, 403, NONE, "address-refused", NULL,          \
            "Requests from this address are not accepted.")                  \
    VERDICT(FA_SCOPE_MISSING, 403, CALLER, "scope-missing",                  \
            "insufficient_scope",                                            \
            "The credential lacks a scope that this resource requires.")     \
    VERDICT(FA_ROLE_MISSING, 403, NONE, "role-missing", NULL,                \
            "The caller has none of the roles that this resource requires.") \
    VERDICT(FA_CLAIM_REFUSED, 403, NONE, "claim-refused", NULL,              \
            "A claim of the credential is not accepted here.")               \
    VERDICT(FA_PERMISSION_MISSING, 403, NONE, "permission-missing", NULL,    \
            "The caller lacks a permission that this resource requires.")    \
    VERDICT(FA_OWNER_REFUSED, 403, NONE, "owner-refused", NULL,              \
            "This resource belongs to somebody else.")                       \
    VERDICT(FA_NOT_FOUND, 404, NONE, "not-found", NULL,                      \
            "There is no such resource.")                                    \
    VERDICT(FA_RATE_EXCEEDED, 429, NONE, "rate-exceeded", NULL,              \
            "More requests than are allowed here: come again later.")        \
    VERDICT(FA_UNAVAILABLE, 503, NONE, "unavailable", NULL,                  \
            "The request cannot be checked at the moment.")                  \
    VERDICT(FA_MISCONFIGURED, 500, NONE, "misconfigured", NULL,              \
            "The server's configuration does not allow an answer.")

#define FA_VERDICT_NAME(name, status, challenge, word, error, detail) name,
typedef enum { FA_VERDICTS(FA_VERDICT_NAME) FA_VERDICT_COUNT } fa_verdict;
#undef FA_VERDICT_NAME

typedef struct fa_verdict_row {
    int status;                  /* HTTP status code */
    fa_challenge_kind challenge; /* which challenges accompany it */
    const char *word;            /* for logs and counters */
    const char *error;           /* OAuth error code, or NULL */
    const char *detail;          /* one fixed sentence for the caller */
} fa_verdict_row;

/* The row of a verdict; of FA_UNDECIDED for anything out of range. */
const fa_verdict_row *fa_verdict_row_of(fa_verdict verdict);

#endif
