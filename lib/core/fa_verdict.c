/* The table of outcomes.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_verdict.h"

#define FA_VERDICT_ROW(name, status, challenge, word, error, detail) \
    {status, FA_CHALLENGE_##challenge, word, error, detail},
static const fa_verdict_row rows[] = {FA_VERDICTS(FA_VERDICT_ROW)};
#undef FA_VERDICT_ROW

const fa_verdict_row *fa_verdict_row_of(fa_verdict verdict)
{
    if ((unsigned)verdict >= FA_VERDICT_COUNT)
        verdict = FA_UNDECIDED;
    return &rows[verdict];
}
