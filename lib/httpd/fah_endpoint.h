/* Which handler of ours answers where.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_ENDPOINT_H
#define FAH_ENDPOINT_H

#include <http_core.h>

#include "fa_document.h"
#include "fah_module.h"

/* The handler of ours that SetHandler chooses for a walked request (fah_walk),
 * while the configuration is checked; FA_ENDPOINT_NONE: another, or one that
 * depends on the request. */
fa_endpoint fah_endpoint_at(request_rec *r);

/* The same of what a section itself says. */
fa_endpoint fah_endpoint_of_section(const core_dir_config *core);

#endif
