/* Directives read: one function each, named in lib/directives.def.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_PARSE_H
#define FA_PARSE_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "fa_issuer.h"
#include "fa_policy.h"
#include "fa_section.h"
#include "fa_server.h"

/* Where a directive may stand, as lib/directives.def says. */
typedef enum {
    FA_IN_SERVER,
    FA_IN_SECTION,
    FA_IN_DEMAND,
    FA_IN_LOCATION
} fa_place;

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
    /* Compile a section's regular expression: receives it in compiled, for
     * fa_answers, and returns the names of its groups (const char *), or NULL
     * where it is none. */
    const apr_array_header_t *(*compile)(apr_pool_t *pool, const char *pattern,
                                         const void **compiled);
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

/* The word at an index, or NULL behind the last one. */
const char *fa_parse_word(const fa_line *line, int index);

/* Whether the line is `none` alone. */
bool fa_parse_is_none(const fa_line *line);

/**
 * Whose a resource is, of a section's or an operation's line: `path:NAME` or
 * `query:LABEL`.
 *
 * path   the operation's template, or NULL
 * owner  receives it
 *
 * Returns NULL, or what was wrong.
 */
const char *fa_parse_owner(const fa_line *line, const fa_template *path,
                           const char *word, fa_owner *owner);

/* bypass=, the roles that need not own it. Returns NULL, or what was wrong. */
const char *fa_parse_bypass(const fa_line *line, fa_owner *owner,
                            const char *value);

/* Note whom a statement is to find: once all is read, it must be there. */
void fa_parse_note_owner(const fa_line *line, const fa_demand *demand);

/* Add a demand of this line to its section's. Returns NULL, or what was wrong.
 */
const char *fa_parse_add_demand(fa_line *line, const fa_demand *demand);

/* `none` of one kind of demand. Returns NULL, or why it cannot stand here. */
const char *fa_parse_drop(fa_line *line, fa_demand_kind kind);

/* A demand of this line and of all its words, which its values are. */
fa_demand *fa_parse_demand(const fa_line *line, fa_demand_kind kind);

/* Whether AuthScheme none stands beside what needs an identity in one section:
 * nobody could pass. Returns NULL, or what was wrong. */
const char *fa_parse_no_identity(const fa_line *line);

/* The words of a directive's line, as httpd reads them: parted by spaces, or in
 * quotes with a backslash before a quote or backslash inside; and beyond that
 * `key="some words"` is one. Elements are const char *. */
apr_array_header_t *fa_parse_split(apr_pool_t *pool, const char *line);

/* Whether text can be shown: UTF-8 without control characters. Returns NULL, or
 * what was wrong. */
const char *fa_parse_text(apr_pool_t *pool, const char *text);

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
