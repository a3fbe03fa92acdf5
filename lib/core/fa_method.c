/* The methods that an OpenAPI document knows.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_method.h"

#include <string.h>

#define FA_METHOD_NAME(name, number) [number] = #name,
static const char *const names[FA_METHOD_NUMBERS] = {
    FA_METHODS(FA_METHOD_NAME)};
#undef FA_METHOD_NAME

const char *fa_method_name(int number)
{
    return number >= 0 && number < FA_METHOD_NUMBERS && names[number]
               ? names[number]
               : "";
}

int fa_method_number(const char *name)
{
    for (int i = 0; i < FA_METHOD_NUMBERS; i++) {
        if (names[i] && strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}
