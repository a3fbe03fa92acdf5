/* Pages of HTML read as a browser reads them.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_HTML_H
#define UNIT_HTML_H

#include "unit.h"

/* A failed test unless each tag is one that our pages have and is closed, each
 * attribute is one of those and quoted, each `&` begins an entity; each id is
 * there once, each link leads to one; no heading's level is left out; there is
 * one style, and no script. */
void unit_check_html(const char *page);

/* What is between the tags of the body, entities undone. */
const char *unit_html_seen(const char *page);

/* How often a part is in a text. */
size_t unit_times(const char *text, const char *part);

#endif
