/* The store of counters, across the server's restarts.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_STORE_H
#define FAH_STORE_H

#include "fa_store.h"
#include "fah_module.h"

/* The store, or NULL where there is none: no limit is configured, or its memory
 * could not be had. */
fa_store *fah_store(void);

/* Whether any limit is configured, the throttles of failures included. */
bool fah_has_limits(server_rec *s);

#endif
