/* Paths that two servers may read differently.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_path.h"

#include <string.h>
#include <strings.h>

bool fa_path_is_ambiguous(const char *path)
{
    static const char *const escapes[] = {"%2f", "%5c", "%2e"};

    while (*(path += strcspn(path, "%\\;?")) && *path != '?') {
        if (*path != '%')
            return true;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
            if (strncasecmp(path, escapes[i], 3) == 0)
                return true;
        }
        path++;
    }
    return false;
}
