/* Which handler of ours answers where.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_endpoint.h"

#include <string.h>

#include <ap_expr.h>
#include <apr_strings.h>

#include "fah_check.h"

/* httpd keeps SetHandler's argument as an expression, which tells the line it
 * was written on and not its text. */
typedef struct search {
    const ap_expr_info_t *wanted;
    fa_endpoint found;
} search;

static void compare(const ap_directive_t *directive, void *context)
{
    search *looking = context;
    const char *args = directive->args;
    char word[64];

    if ((unsigned)directive->line_num != looking->wanted->line_number ||
        strcmp(directive->filename, looking->wanted->filename) != 0)
        return;
    args += strspn(args, "\"' ");
    apr_cpystrn(word, args, sizeof word);
    word[strcspn(word, "\"' \t")] = '\0';
    looking->found = fa_endpoint_of(word);
}

fa_endpoint fah_endpoint_of_section(const core_dir_config *core)
{
    search looking = {core->expr_handler, FA_ENDPOINT_NONE};

    if (looking.wanted && looking.wanted->filename)
        fah_each("SetHandler", compare, &looking);
    return looking.found;
}

fa_endpoint fah_endpoint_at(request_rec *r)
{
    return fah_endpoint_of_section(
        ap_get_core_module_config(r->per_dir_config));
}
