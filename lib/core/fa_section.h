/* Where in the configuration something was said.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_SECTION_H
#define FA_SECTION_H

typedef struct fa_section {
    const char *kind;    /* "Location", "Files"...; "server" outside any */
    const char *pattern; /* as written; "" for the server */
    const char *file;    /* of the section's or directive's line */
    int line;            /* 1-based */
} fa_section;

#endif
