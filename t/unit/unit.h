/* What every unit program needs: a pool a test, outside files, a runner.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <apr_pools.h>
#include <apr_strings.h>
#include <check.h>
#include <jansson.h>

#define UNIT_COUNT(table)  (sizeof(table) / sizeof((table)[0]))
#define UNIT_ROWS(table)   ((int)UNIT_COUNT(table))
#define UNIT_SKIPPED       77 /* what automake takes for "skipped" */
#define UNIT_TIMEOUT       60 /* seconds a test; a slow builder has time */
#define UNIT_CORPUS_ABSENT "the corpus is absent (see FASTAUTH_CORPUS)"

/* A pool that is made before each test of a unit_case and destroyed after. */
extern apr_pool_t *unit_pool;

/* A test case whose tests have unit_pool and UNIT_TIMEOUT. */
TCase *unit_case(const char *name);

/* Start APR and what else must be there before the first test; unit_run does
 * it too. */
void unit_start(void);

/* Run the cases, which a NULL ends. Returns what main returns. */
int unit_run(const char *name, ...) __attribute__((sentinel));

/* Say that a program, or a part of it, was skipped. Returns UNIT_SKIPPED. */
int unit_skip(const char *name, const char *why);

/* The corpus of outside test material: $FASTAUTH_CORPUS, else beside the
 * sources. None of it is part of the project. */
bool unit_has_corpus(void);

/* A file of the corpus as JSON, released with unit_pool; a failed test where it
 * cannot be read. */
json_t *unit_corpus(const char *file);

/* A member of type string; a failed test where there is none. */
const char *unit_text(const json_t *object, const char *name);

/* Bytes from hexadecimal, in unit_pool. */
unsigned char *unit_hex(const char *hex, size_t *size);

/* Bytes as base64url without padding, in unit_pool. */
const char *unit_base64url(const void *bytes, size_t size);

/* Count many text, such as "[[[": in unit_pool. */
const char *unit_repeat(const char *text, size_t count);

#endif
