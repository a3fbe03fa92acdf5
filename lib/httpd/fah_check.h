/* Rules over the whole configuration, each a file's worth.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_CHECK_H
#define FAH_CHECK_H

#include "fah_module.h"

/* Each logs what it refuses, with the lines and the remedy, and returns whether
 * the configuration may be used. */

/* Where several sections name an AuthScheme for a path, the longest plain
 * <Location> must win, whatever order they were written in. */
bool fah_order_is_safe(apr_pool_t *scratch, server_rec *main_server);

/* A provider's directive (AuthUserFile...) must stand beside the AuthPasswords
 * that it is for: the remembered password of one file would open another. */
bool fah_passwords_are_apart(apr_pool_t *scratch, server_rec *main_server);

/* One name= of RateLimit is one limit: its counters are shared by all who name
 * it, which makes sense only where they count the same. */
bool fah_limit_names_agree(apr_pool_t *scratch, server_rec *main_server);

/* No path has more limits than can be weighed at once. */
bool fah_limits_fit(apr_pool_t *scratch, server_rec *main_server);

/* CORSOrigin * and CORSCredentials on do not come together by merging. */
bool fah_cors_is_safe(apr_pool_t *scratch, server_rec *main_server);

/* Read DBDPrepareSQL, and see whether each statement that is to find owners
 * takes what the path has. */
bool fah_statements_fit(apr_pool_t *pconf, server_rec *main_server);

/* Whether there are keys for bearer schemes, API keys for theirs, and passwords
 * for basic, in some server. */
bool fah_needs_are_met(apr_pool_t *scratch, server_rec *main_server);

/* Log what is allowed and hardly meant. */
void fah_warn(apr_pool_t *scratch, server_rec *main_server);

/* Visit each directive of a name in the configuration, without regard to case,
 * wherever it stands. */
typedef void fah_visit(const ap_directive_t *directive, void *context);
void fah_each(const char *name, fah_visit *visit, void *context);

/* Whether a directive stands in this very server or virtual host. */
bool fah_is_in_server(const ap_directive_t *directive, const server_rec *s);

/* The top of the configuration's tree while it is checked. */
ap_directive_t *fah_tree(void);

#endif
