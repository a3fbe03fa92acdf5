/* What a document of a server's operations is written from.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_DOCUMENT_H
#define FA_DOCUMENT_H

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_method.h"
#include "fa_operation.h"
#include "fa_policy.h"
#include "fa_sample.h"
#include "fa_server.h"

/* A handler of this module, which knows what it answers. */
typedef enum {
    FA_ENDPOINT_NONE, /* somebody else's */
    FA_ENDPOINT_OPENAPI,
    FA_ENDPOINT_DOCS,
    FA_ENDPOINT_STATUS
} fa_endpoint;

/* The endpoint of a handler's name ("fastauth-status"). */
fa_endpoint fa_endpoint_of(const char *handler);

/* One operation in the document. Texts are UTF-8 without control characters. */
typedef struct fa_documented {
    const char *path;   /* printed: decoded, parameters as {name} */
    const char *sample; /* a path that is one of it, decoded */
    fa_method method;
    /* What holds there; the operation's own demands are among its demands
     * (fa_policy_for). */
    const fa_policy *policy;
    const fa_operation *said; /* NULL: a section that names no operation */
    const apr_array_header_t *parameters; /* fa_parameter, or NULL */
    const char *id;                       /* operationId, once in a document */
    fa_endpoint endpoint;
} fa_documented;

typedef struct fa_document {
    const fa_server *server;              /* title, tags... and trust */
    const apr_array_header_t *operations; /* fa_documented; those of one path
                                             stand together */
    const char *base; /* URL before a path, for people: "http://localhost:80";
                         no slash at its end */
} fa_document;

/* What holds where nothing is said: "API", "0.0.0"... */
const char *fa_document_title(const fa_document *document);
const char *fa_document_version(const fa_document *document);

/* The summary of an operation, or what stands for it: "GET /users/{id}". */
const char *fa_document_summary(apr_pool_t *pool, const fa_documented *one);

/* A text of the configuration, which may hold any bytes, as UTF-8. */
const char *fa_document_text(apr_pool_t *pool, const char *text);

/* What stands in a path as it is (RFC 3986 section 3.3), beside letters and
 * digits; slashes too. */
#define FA_DOCUMENT_PATH_MARKS "/-._~!$&'()*+,;=:@"

/* A path's segments percent-encoded (RFC 3986 section 3.3), braces and slashes
 * left as they are. */
const char *fa_document_path(apr_pool_t *pool, const char *path);

/**
 * What a policy asks of callers for a method, in sentences for people without
 * markup ("One of these roles: editor, admin."): const char *, in pool.
 * Schemes are not among them. Values of claims that name a user are left out;
 * nothing of a key, a file or a password is ever in them. That nothing is
 * enforced (AuthReportOnly) comes first.
 */
apr_array_header_t *fa_document_needs(apr_pool_t *pool,
                                      const fa_document *document,
                                      const fa_documented *one);

/* And how often: "At most 100 requests in 1 hour for each user." */
apr_array_header_t *fa_document_limits(apr_pool_t *pool,
                                       const fa_documented *one);

/* One status that an operation can be answered with. */
typedef struct fa_answer {
    int status;              /* 200 for what the handler answers */
    unsigned verdicts;       /* bits 1u << fa_verdict that come to it */
    const char *description; /* fixed sentences, one after another */
    const char *media_type;  /* of the body, several with ", " between them;
                                NULL: none, or not ours to say */
} fa_answer;

/* All that our policy and our handlers can answer, by status: fa_answer. Where
 * AuthReportOnly is on nothing is refused; no 200 is there where nobody can be
 * let in. */
apr_array_header_t *fa_document_answers(apr_pool_t *pool,
                                        const fa_documented *one);

/* A way to identify oneself: one element of what `security` lists. */
typedef struct fa_way {
    const fa_scheme *scheme;
    const fa_token_source *source; /* of a bearer token elsewhere than in the
                                      Authorization header; or NULL */
    const char *name;              /* of it in the document, [A-Za-z0-9._-]+ */
} fa_way;

/* The ways that let somebody in, in AuthScheme's order: fa_way. Empty where no
 * scheme is in force. A password brings no role: where one is demanded, it is
 * none. Where no way does, all: what was left would look open to everybody. */
apr_array_header_t *fa_document_ways(apr_pool_t *pool,
                                     const fa_documented *one);

#endif
