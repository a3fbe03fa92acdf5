/* What a section demands: RequireScope and its like.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_address.h"
#include "fa_text.h"

const char *fa_parse_drop(fa_line *line, fa_demand_kind kind)
{
    if (line->methods != -1)
        return "none cannot stand in <Limit>: it would drop what holds for "
               "other methods too";
    if (line->conditional)
        return "none cannot stand in <If>";
    line->policy->demands =
        fa_demands_drop(line->pool, line->policy->demands, 1u << kind);
    return NULL;
}

fa_demand *fa_parse_demand(const fa_line *line, fa_demand_kind kind)
{
    fa_demand *demand = apr_pcalloc(line->pool, sizeof *demand);

    demand->kind = kind;
    demand->methods = line->methods;
    demand->section = line->section;
    demand->values = line->words;
    demand->text = fa_text_join(line->pool, line->words);
    return demand;
}

const char *fa_parse_add_demand(fa_line *line, const fa_demand *demand)
{
    line->policy->demands =
        fa_demands_add(line->pool, line->policy->demands, demand);
    return fa_parse_no_identity(line);
}

static const char *require_names(fa_line *line, fa_demand_kind kind,
                                 const char *what)
{
    if (fa_parse_is_none(line))
        return fa_parse_drop(line, kind);
    if (line->words->nelts == 0)
        return apr_psprintf(line->pool, "it takes at least one %s, or none",
                            what);
    for (int i = 0; i < line->words->nelts; i++) {
        const char *word = fa_parse_word(line, i);

        if (!fa_text_is_scope(word) || strcmp(word, "none") == 0)
            return apr_psprintf(line->pool,
                                "'%s' is no %s: printable ASCII "
                                "without space, quote and "
                                "backslash; none stands alone",
                                word, what);
    }
    return fa_parse_add_demand(line, fa_parse_demand(line, kind));
}

const char *fa_parse_require_scope(fa_line *line)
{
    return require_names(line, FA_DEMAND_SCOPE, "scope");
}

const char *fa_parse_require_role(fa_line *line)
{
    return require_names(line, FA_DEMAND_ROLE, "role");
}

const char *fa_parse_require_claim(fa_line *line)
{
    fa_demand *demand;
    apr_array_header_t *values;

    if (fa_parse_is_none(line))
        return fa_parse_drop(line, FA_DEMAND_CLAIM);
    if (line->words->nelts < 2 || !*fa_parse_word(line, 0))
        return "it takes a claim and at least one value, or none";
    demand = fa_parse_demand(line, FA_DEMAND_CLAIM);
    demand->claim = fa_parse_word(line, 0);
    values = apr_array_copy(line->pool, line->words);
    values->elts += values->elt_size;
    values->nelts--;
    values->nalloc--;
    demand->values = values;
    return fa_parse_add_demand(line, demand);
}

const char *fa_parse_require_address(fa_line *line)
{
    apr_array_header_t *networks;
    fa_demand *demand;
    const char *wrong = NULL;

    if (fa_parse_is_none(line))
        return fa_parse_drop(line, FA_DEMAND_ADDRESS);
    if (line->words->nelts == 0)
        return "it takes at least one address or network, or none";
    networks =
        apr_array_make(line->pool, line->words->nelts, sizeof(fa_network));
    for (int i = 0; !wrong && i < line->words->nelts; i++)
        wrong = fa_network_parse(line->pool, fa_parse_word(line, i),
                                 apr_array_push(networks));
    if (wrong)
        return wrong;
    demand = fa_parse_demand(line, FA_DEMAND_ADDRESS);
    demand->values = networks;
    return fa_parse_add_demand(line, demand);
}

const char *fa_parse_require_permission(fa_line *line)
{
    for (int i = 0; i < line->words->nelts; i++) {
        const char *word = fa_parse_word(line, i);

        if (fa_text_is_scope(word) && !fa_roles_is_permission(word))
            return apr_psprintf(line->pool,
                                "'%s': a demand names permissions one by one; "
                                "wildcards are for RolePermissions",
                                word);
    }
    return require_names(line, FA_DEMAND_PERMISSION, "permission");
}
