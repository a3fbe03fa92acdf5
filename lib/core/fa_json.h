/* JSON from strangers: one object, bounded, no member twice.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_JSON_H
#define FA_JSON_H

#include <stddef.h>

#include <apr_errno.h>
#include <apr_pools.h>
#include <jansson.h>

/* Objects and arrays may stand this deep in one another. jansson recurses for
 * each level, and a worker's stack may be 128 KiB (ThreadStackSize). */
#define FA_JSON_MAX_DEPTH 32

/**
 * One JSON object (RFC 8259) of exactly size bytes.
 *
 * Refused: anything but an object, a member named twice, trailing text, invalid
 * UTF-8, NUL, numbers that jansson cannot hold, more than FA_JSON_MAX_DEPTH
 * levels.
 *
 * object  receives the object; it is released with pool
 *
 * Returns APR_SUCCESS or APR_EINVAL.
 */
apr_status_t fa_json_object(apr_pool_t *pool, const char *bytes, size_t size,
                            json_t **object);

/**
 * The value at a path: first the member of that very name (a claim may be
 * called `https://example.com/roles`), then the way down at each dot
 * (`realm_access.roles`).
 *
 * Returns a borrowed reference, or NULL where there is no such member; JSON's
 * null is a value.
 */
json_t *fa_json_at(const json_t *object, const char *path);

#endif
