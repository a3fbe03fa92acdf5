/* Policies from lines of configuration, and requests from tables.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_POLICY_H
#define UNIT_POLICY_H

#include "unit.h"

#include "fa_decide.h"
#include "fa_parse.h"

/* 24 November 2026, noon, in seconds UTC: the clock stands still. */
#define UNIT_NOW_S INT64_C(1795521600)
#define UNIT_NOW   (UNIT_NOW_S * APR_USEC_PER_SEC)

/* httpd's numbers of methods; HEAD is GET. */
enum { UNIT_GET, UNIT_PUT, UNIT_POST, UNIT_DELETE };

/* A place in the configuration where nothing was said yet: a section, and a
 * server with a trust; root is ServerRoot. */
fa_line *unit_line(const char *root);

/* The section of RequireOwner's example. */
#define UNIT_MATCH "^/unit/(?<user_id>[^/]+)$"

/* Say one directive there. Words in double quotes may hold spaces. Returns what
 * the parser returned: NULL, or what was wrong. A pattern, which ^ begins,
 * makes the section the <LocationMatch> of it. */
const char *unit_say(fa_line *line, const char *text);

/* The policy of one section: its directives, a line feed between them; a failed
 * test where one is wrong. */
const fa_policy *unit_policy(const char *text);

/* What a server answers, and what it was asked. */
typedef struct unit_server {
    const char *headers[6][2];       /* name and value, NULL ends them */
    fa_verdict password;             /* the answer to every password */
    fa_verdict keys;                 /* the answer to where the API keys are */
    const fa_apikeys *file;          /* and those */
    const char *user, *secret;       /* the password that was asked about */
    int read_headers;                /* how many headers were asked for */
    fa_verdict database;             /* the answer to whose something is */
    const char *owner;               /* and that one, where it is FA_ALLOWED */
    const char *label;               /* the statement that was asked */
    const apr_array_header_t *parts; /* and what was bound; fa_path_part */
} unit_server;

/* A GET by 192.0.2.1 without TLS, which server answers for. */
fa_request *unit_request(unit_server *server);

#endif
