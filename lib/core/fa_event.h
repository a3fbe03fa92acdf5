/* What the security log says: one event, one line of JSON.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_EVENT_H
#define FA_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <apr_time.h>

#include "fa_decide.h"

/* OWASP's Application Logging Vocabulary: name and level. It has no event for a
 * server that cannot answer: sys_unavailable is ours. */
#define FA_EVENTS(EVENT)                                             \
    EVENT(FA_EVENT_LOGIN_SUCCESS, "authn_login_success", "INFO")     \
    EVENT(FA_EVENT_LOGIN_FAIL, "authn_login_fail", "WARN")           \
    EVENT(FA_EVENT_AUTHZ_FAIL, "authz_fail", "CRITICAL")             \
    EVENT(FA_EVENT_RATE_LIMIT, "excess_rate_limit_exceeded", "WARN") \
    EVENT(FA_EVENT_INPUT_INVALID, "input_validation_fail", "WARN")   \
    EVENT(FA_EVENT_UNAVAILABLE, "sys_unavailable", "WARN")

#define FA_EVENT_NAME(name, word, level) name,
typedef enum { FA_EVENTS(FA_EVENT_NAME) FA_EVENT_COUNT } fa_event_kind;
#undef FA_EVENT_NAME

/* A NULL, and a number that is 0, is left out of the line. Texts may hold any
 * bytes. Never in it: a credential, a query, a claim. */
typedef struct fa_event {
    apr_time_t time; /* microseconds UTC */
    fa_event_kind kind;
    fa_verdict verdict;
    bool enforced;           /* false: AuthReportOnly let it pass */
    const char *description; /* NULL: the verdict's sentence */
    const char *request_id;
    const char *server; /* as fastauth-status names it */
    const char *client; /* its address */
    const char *method;
    const char *path;           /* percent-encoded, without the query */
    const fa_section *location; /* whose policy it was */
    const char *subject;        /* who it was, or was said to be */
    bool authenticated;         /* subject: proven, not only claimed */
    const char *scheme;
    const char *issuer;
    const char *key; /* kid, or the API key's id */
    int status;
    const char *directive;   /* that refused */
    const fa_section *place; /* where that stands */
    const char *limit;       /* name of the limit that was exceeded */
    uint64_t dropped;        /* lines that were lost before this one */
} fa_event;

/* Most bytes of a line, its line feed included: what a pipe takes whole
 * (PIPE_BUF), so that lines of several processes never mix. */
#define FA_EVENT_LINE_MAX 4096

/* Most bytes of a text as it stands in the line, and of the path. */
#define FA_EVENT_TEXT_MAX 256
#define FA_EVENT_PATH_MAX 1024

/* What a refusal is called. FA_ALLOWED is a login. */
fa_event_kind fa_event_kind_of(fa_verdict verdict);

/**
 * What a decision that is a refusal has to tell: all members of event but time,
 * request_id, server, client, method, path and dropped. They live as long as
 * policy and decision.
 *
 * event  is set; what was in it is gone
 */
void fa_event_refused(const fa_policy *policy, const fa_decision *decision,
                      bool enforced, fa_event *event);

/**
 * The line of an event: one JSON object (RFC 8259), its members in a fixed
 * order (README), and a line feed. Whatever the texts hold, it is valid UTF-8
 * without a control character: those are escaped, bytes that are no UTF-8
 * become U+FFFD, and a text that is too long ends in "..." .
 *
 * line  receives it, without a NUL
 *
 * Returns its bytes. Does not allocate and cannot fail.
 */
size_t fa_event_line(const fa_event *event, char line[FA_EVENT_LINE_MAX]);

#endif
