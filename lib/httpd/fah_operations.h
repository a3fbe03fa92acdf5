/* The operations of a server, each proved against httpd's own sections.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_OPERATIONS_H
#define FAH_OPERATIONS_H

#include "fa_document.h"
#include "fah_module.h"

/**
 * Collect the operations of a server: those that APIOperation names, and each
 * plain <Location> with a policy or a handler of ours that has none at or below
 * it.
 *
 * collected  receives an array of fa_documented, in pool
 *
 * Logs what is wrong, with the line and the remedy, and returns false: a path
 * that cannot be printed or proved, an id or a template that is there twice,
 * something demanded of an identity where no AuthScheme is in force.
 */
bool fah_operations(apr_pool_t *pool, server_rec *s,
                    const apr_array_header_t **collected);

#endif
