/* Where a directive stands, and whether it may.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_SECTION_H
#define FAH_SECTION_H

#include "fah_module.h"

/* Whether a section is written `<Location ~ PATTERN>`, the old way to say
 * `<LocationMatch PATTERN>`. */
bool fah_container_is_old_match(const ap_directive_t *container);

/* The argument of a container's line without quotes, `>` and such a `~`. */
const char *fah_container_argument(apr_pool_t *pool,
                                   const ap_directive_t *container);

/* The innermost section around a directive; section is left as it is where
 * there is none. */
void fah_section_around(const cmd_parms *cmd, fa_section *section);

/**
 * Fill in what a line's place means for it: section, methods, conditional.
 *
 * where  of lib/directives.def
 *
 * Returns NULL, or why the directive cannot stand there.
 */
const char *fah_section_of(const cmd_parms *cmd, fa_place where, fa_line *line);

#endif
