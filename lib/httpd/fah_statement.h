/* Statements of DBDPrepareSQL that find owners.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_STATEMENT_H
#define FAH_STATEMENT_H

#include "fah_module.h"

/* One DBDPrepareSQL line. */
typedef struct fah_statement {
    const char *label, *sql; /* "": the label was taken back */
    int parameters; /* that it takes; -1: of a kind that nothing is bound to */
} fah_statement;

/* The statement of a label in a server, or NULL. */
const fah_statement *fah_statement_of(const server_rec *s, const char *label);

#endif
