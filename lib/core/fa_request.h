/* What a decision knows of a request, and what it may ask.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_REQUEST_H
#define FA_REQUEST_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_time.h>

#include "fa_address.h"
#include "fa_apikey.h"
#include "fa_issuer.h"
#include "fa_limit.h"
#include "fa_policy.h"
#include "fa_roles.h"
#include "fa_verdict.h"

/* One limit that a request is weighed by. */
typedef struct fa_ask {
    const fa_limit *limit;
    const char *caller;    /* what tells this caller's counter from others' */
    size_t caller_size;    /* bytes */
    bool taken;            /* receives whether permits were taken */
    bool within;           /* receives whether they were to be had */
    bool free;             /* receives that it was not weighed at all */
    fa_rate_state state;   /* receives where the caller stands after */
    fa_rate_permit permit; /* receives what was taken */
} fa_ask;

/* Everything that only the server can know, asked where it is needed. The glue
 * answers from httpd; units answer from tables. context is fa_request's. */
typedef struct fa_answers {
    /* The value of a request header, several lines joined by ", "; NULL where
     * there is none. Name without regard to case. */
    const char *(*header)(void *context, const char *name);

    /* Microseconds UTC. */
    apr_time_t (*now)(void *context);

    /* Whether a password is this user's: FA_ALLOWED, FA_BAD_CREDENTIAL, or
     * FA_UNAVAILABLE where no provider could say. Both are UTF-8 without
     * control characters, the password at most FA_PASSWORD_MAX bytes. */
    fa_verdict (*check_password)(void *context, const fa_passwords *passwords,
                                 const char *user, const char *password);

    /* The named groups of a compiled pattern in a path, in the pattern's order:
     * fa_path_part; NULL where it does not match. */
    const apr_array_header_t *(*groups)(void *context, const void *pattern,
                                        const char *path);

    /* The owner that a prepared statement finds, with the parts of a path
     * (fa_path_part) bound as its parameters in order: FA_ALLOWED with owner,
     * which is NULL where there is no row, and empty where the row names
     * nobody; or FA_UNAVAILABLE with reason, a sentence for the log. */
    fa_verdict (*find_owner)(void *context, const char *label,
                             const apr_array_header_t *parts,
                             const char **owner, const char **reason);

    /* The API keys as they are now: FA_ALLOWED with keys set, or
     * FA_UNAVAILABLE. */
    fa_verdict (*api_keys)(void *context, const fa_apikeys **keys);

    /* Take the permits of all asks (count of them) or of none, each filled in;
     * whether they were taken. What this client's request has paid already is
     * not asked again. FA_UNAVAILABLE where the store cannot be asked. */
    fa_verdict (*take)(void *context, fa_ask *asks, size_t count);

    /* A permit of a failure throttle: the credential was good, or bad. */
    void (*settle)(void *context, const fa_ask *ask, bool was_good);
} fa_answers;

/* The most that bcrypt reads, in bytes: a longer password would be known by
 * its beginning. */
#define FA_PASSWORD_MAX 72

/* A part of a path that has a name. */
typedef struct fa_path_part {
    const char *name;
    const char *value; /* decoded; NULL: the group took no part */
} fa_path_part;

/* Whether a path still has escapes that a backend will decode. */
typedef enum {
    FA_ESCAPES_NONE,   /* what looks like one is a plain character */
    FA_ESCAPES_RAW,    /* a proxy passes the path on as it came */
    FA_ESCAPES_UNCLEAR /* either */
} fa_escapes;

typedef struct fa_request {
    apr_pool_t *pool;      /* of the request; results live in it */
    int method_number;     /* httpd's; HEAD is GET */
    const char *path;      /* as httpd chose the sections by it */
    fa_escapes escapes;    /* in it */
    const char *query;     /* after `?`, as received; NULL for none */
    bool tls;              /* the client came over TLS */
    bool has_address;      /* false where the client's address has no form */
    fa_address address;    /* the client's, as mod_remoteip established it */
    const fa_roles *roles; /* settled; NULL: no role permits anything */
    const fa_trust *trust; /* settled; NULL: no token is accepted */
    const fa_answers *answers;
    void *context;
} fa_request;

#endif
