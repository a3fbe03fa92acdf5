/* Counts for the tests of fa_status, with names that nobody would choose.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_STATUS_H
#define UNIT_STATUS_H

#include "fa_status.h"
#include "unit.h"

/* Patterns and names that would end a string, a label or a tag. */
#define UNIT_HOSTILE 20
extern const char *const unit_hostile[UNIT_HOSTILE];

/* The name of the server that the second section and limit stand in. */
#define UNIT_STATUS_SERVER "h\"o'st\\:80"

/* A limit of this name, by this claim, in a section of this pattern. */
fa_limit unit_limit(const char *name);

/* Two sections and two limits, the second of each of this name; every number
 * another: verdicts from 1000, reported ones from 2000. In unit_pool. */
fa_status *unit_status(const char *name);

#endif
