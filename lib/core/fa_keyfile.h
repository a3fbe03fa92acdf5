/* The file of API keys, read again when it changes.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_KEYFILE_H
#define FA_KEYFILE_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>

#include "fa_apikey.h"

/* One of them a process and file; safe for many threads. */
typedef struct fa_keyfile fa_keyfile;

/**
 * Read the file for the first time.
 *
 * pool   holds the keyfile, for as long as requests run
 * path   absolute
 * wrong  receives what was wrong, with the line's number, or NULL
 *
 * Returns the keyfile, or NULL with wrong set.
 */
fa_keyfile *fa_keyfile_open(apr_pool_t *pool, const char *path,
                            const char **wrong);

/**
 * The keys as the file says now: it is looked at each time, and read when its
 * time, size or inode is another. A file that is gone or wrong holds no keys
 * at all: a key that was taken out must not live on for the sake of a typing
 * error beside it.
 *
 * pool   the request's; while it lives, so do the keys
 * now    microseconds UTC
 * keys   receives the keys
 * wrong  receives what was wrong, the first time that this version of the file
 *        is met, else NULL
 *
 * Returns APR_SUCCESS, or APR_EGENERAL where the file cannot be used.
 */
apr_status_t fa_keyfile_keys(fa_keyfile *file, apr_pool_t *pool, apr_time_t now,
                             const fa_apikeys **keys, const char **wrong);

/* The path it was opened with. */
const char *fa_keyfile_path(const fa_keyfile *file);

#endif
