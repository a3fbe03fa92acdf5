/* Directives read: one function each, named in lib/directives.def.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_PARSE_H
#define FA_PARSE_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_issuer.h"
#include "fa_keyfile.h"
#include "fa_policy.h"
#include "fa_section.h"

/* What is said once for a server. As with a policy, NULL is "not said", and a
 * virtual host's word replaces the main server's. */
#define FA_SERVER_FIELDS(FIELD)                                               \
    FIELD(fa_trust *, trust)                                                  \
    FIELD(fa_keyfile *, api_keys)                                             \
    FIELD(const bool *, allow_ambiguous_path)                                 \
    FIELD(const size_t *, store_bytes)  /* of RateLimitStore */               \
    FIELD(apr_array_header_t *, limits) /* const fa_limit *: all that it read \
                                           itself */

#define FA_SERVER_FIELD(type, name) type name;
typedef struct fa_server {
    FA_SERVER_FIELDS(FA_SERVER_FIELD)
} fa_server;
#undef FA_SERVER_FIELD

fa_server *fa_server_create(apr_pool_t *pool);
fa_server *fa_server_merge(apr_pool_t *pool, const fa_server *main,
                           const fa_server *virtual_host);

/* Where a directive may stand, as lib/directives.def says. */
typedef enum { FA_IN_SERVER, FA_IN_SECTION, FA_IN_DEMAND } fa_place;

/* One line of configuration, and what it may change. */
typedef struct fa_line {
    apr_pool_t *pool;          /* the configuration's */
    const char *directive;     /* its name */
    apr_array_header_t *words; /* const char *: its arguments */
    const char *root;          /* ServerRoot, for relative paths */
    fa_section section;        /* where it stands */
    const char *within;        /* patterns of the sections around that one, each
                                  with a space behind; "" for none */
    apr_int64_t methods;       /* of <Limit>, bit 1 << number; -1: all */
    bool conditional;          /* in <If>, <ElseIf>, <Else> */
    bool is_virtual;           /* in a virtual host */
    fa_policy *policy;         /* of the section */
    fa_server *server;         /* of the server; has a trust for AuthToken... */
    fa_issuer *issuer; /* AuthToken...: the server's own, or a block's */
    /* Whether httpd has an authentication provider of this name. */
    bool (*has_provider)(const char *name);
    /* Receives sentences for the log that are no errors (const char *). */
    apr_array_header_t *remarks;
} fa_line;

/* Each returns NULL, or what was wrong, without the directive's name and never
 * with a secret in it. What is kept is copied to or lives in line->pool. */
typedef const char *fa_parse(fa_line *line);

#define FA_DIRECTIVE(name, where, parse, arguments, initial, example, effect) \
    fa_parse parse;
#define FA_CONTAINER(name, parse, arguments, example, effect)
#include "directives.def"
#undef FA_DIRECTIVE
#undef FA_CONTAINER

/**
 * The bytes that `env:NAME` or `file:PATH` stands for; one line feed (and
 * carriage return) at a file's end is left out where trim is set.
 *
 * bytes  receives them in pool, with a NUL behind that size does not count
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_parse_source(apr_pool_t *pool, const char *root,
                            const char *source, bool trim, const char **bytes,
                            apr_size_t *size);

/* `a,b,c` as an array of const char *; NULL where a word is empty. */
apr_array_header_t *fa_parse_commas(apr_pool_t *pool, const char *text);

/* The index of a word among choices (const char *, NULL at the end), without
 * regard to case, as httpd reads On and off; or -1. */
int fa_parse_index(const char *word, const char *const *choices);

/* The one word of a line that takes a choice (const char *, NULL at the end):
 * receives its index. Returns NULL, or what was wrong. */
const char *fa_parse_choice(const fa_line *line, const char *const *choices,
                            int *choice);

#endif
