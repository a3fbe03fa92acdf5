/* Whose a resource is.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_OWNER_H
#define FA_OWNER_H

#include "fa_decide.h"

/**
 * Whether the caller owns what is asked for, or has a role that need not.
 *
 * decision  its identity is judged; receives owner, as found, and reason
 *
 * Returns FA_ALLOWED; FA_OWNER_REFUSED, or FA_NOT_FOUND where that is hidden;
 * FA_NOT_FOUND where there is no such resource; FA_UNAVAILABLE where nobody
 * could say.
 */
fa_verdict fa_owner_judge(const fa_request *request, const fa_owner *owner,
                          fa_decision *decision);

/* How many parameters a statement of DBDPrepareSQL takes (`%s` and its like);
 * -1 where one of them is bytes (`%pDb`, `%pDc`). */
int fa_owner_parameters(const char *sql);

#endif
