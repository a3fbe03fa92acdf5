/* The policy of a path that nobody has asked for.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_WALK_H
#define FAH_WALK_H

#include "fah_module.h"

/* A request that is never run, with what httpd's own merge of <Location> and
 * <LocationMatch> comes to for a path in a server (ap_location_walk); and the
 * policy of that alone. Both live in pool. */
request_rec *fah_walk(apr_pool_t *pool, server_rec *s, const char *path);
const fa_policy *fah_policy_at(apr_pool_t *pool, server_rec *s,
                               const char *path);

/* The path of a plain <Location> of a server, or NULL for a pattern or another
 * kind of section. */
const char *fah_plain_path(const ap_conf_vector_t *section);

/* What every path that a pattern matches starts with, as far as that is plain:
 * "^/priv/[0-9]+" starts with "/priv/". */
const char *fah_plain_start(apr_pool_t *scratch, const char *pattern);

/* All <Location> and <LocationMatch> sections of a server, the main server's
 * too, in the order of their merge: ap_conf_vector_t *. */
const apr_array_header_t *fah_locations(const server_rec *s);

/* Whether a path falls into a plain <Location> of top. */
bool fah_path_is_below(const char *path, const char *top);

/* What a section itself says; NULL: nothing of ours. */
const fa_policy *fah_policy_in(const ap_conf_vector_t *section);

#endif
