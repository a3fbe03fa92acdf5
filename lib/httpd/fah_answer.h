/* What the handlers of this module have in common.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_ANSWER_H
#define FAH_ANSWER_H

#include "fah_module.h"

/* Whether a request reads (GET, HEAD); else Allow is set, for a 405. */
bool fah_is_read(request_rec *r);

/* Answer with a text of size bytes, which lives as long as the request. Returns
 * OK. */
int fah_answer(request_rec *r, const char *type, const char *text, size_t size);

#endif
