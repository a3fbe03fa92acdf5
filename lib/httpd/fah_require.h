/* Require scope, permission, owner...: our demands in mod_authz_core's terms.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_REQUIRE_H
#define FAH_REQUIRE_H

#include "fa_demand.h"
#include "fah_module.h"

/* As what a demand was written: RequireScope, or Require scope. */
const char *fah_demand_name(const fa_demand *demand);

/* The name of a provider of ours that another module has taken over (the names
 * are one namespace, and the last LoadModule wins), or NULL. */
const char *fah_require_taken(void);

/* Whether `Require NAME` is ours. */
bool fah_require_is_ours(const char *name);

#endif
