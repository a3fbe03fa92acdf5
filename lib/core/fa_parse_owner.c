/* Whose a resource is, and what roles permit.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_path.h"
#include "fa_text.h"

/* --- RequireOwner --------------------------------------------------------- */

static bool is_label(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (!apr_isalnum(*c) && !strchr("_-.", *c))
            return false;
    }
    return *text != '\0';
}

/* The names of a path's parts where the directive stands, or NULL. */
static const apr_array_header_t *
names_of(const fa_line *line, const fa_template *path, fa_owner *owner)
{
    apr_array_header_t *names;

    if (!path)
        return strcasecmp(line->section.kind, "LocationMatch") == 0
                   ? line->compile(line->pool, line->section.pattern,
                                   &owner->pattern)
                   : NULL;
    owner->path = path;
    owner->depth = fa_path_segments(line->section.pattern);
    names = apr_array_make(line->pool, 2, sizeof(char *));
    for (int i = 0; i < path->segments->nelts; i++) {
        const fa_segment *segment =
            &APR_ARRAY_IDX(path->segments, i, fa_segment);

        if (segment->is_parameter)
            APR_ARRAY_PUSH(names, const char *) = segment->text;
    }
    return names;
}

const char *fa_parse_owner(const fa_line *line, const fa_template *path,
                           const char *word, fa_owner *owner)
{
    /* In a <LocationMatch> an operation's PATH is only what is printed. */
    bool is_match = strcasecmp(line->section.kind, "LocationMatch") == 0;
    const apr_array_header_t *names =
        names_of(line, is_match ? NULL : path, owner);
    const char *name = strchr(word, ':');

    owner->is_query = strncmp(word, "query:", 6) == 0;
    if (!owner->is_query && strncmp(word, "path:", 5) != 0)
        return apr_psprintf(line->pool,
                            "'%s' is neither path:NAME, a part of the path, "
                            "nor query:LABEL, a statement of DBDPrepareSQL",
                            fa_text_log_value(line->pool, word, 80));
    owner->name = ++name;
    if (!is_label(name))
        return apr_psprintf(line->pool,
                            "'%s': the name has letters, digits, "
                            "_ - and .",
                            fa_text_log_value(line->pool, word, 80));
    if (!names || names->nelts == 0)
        return "nothing of the path has a name here: it stands in a "
               "<LocationMatch> with named groups, as (?<id>[0-9]+), or is "
               "owner= of an APIOperation with a {name}";
    owner->parts = names->nelts;
    if (!owner->is_query && !fa_text_has_word(names, name))
        return apr_psprintf(line->pool,
                            "'%s': the path has no part of that "
                            "name: it has %s",
                            word, fa_text_join(line->pool, names));
    return NULL;
}

static const char *read_option(const fa_line *line, fa_owner *owner,
                               const char *word)
{
    if (strcmp(word, "hide") == 0) {
        owner->hide = true;
        return NULL;
    }
    if (strncmp(word, "bypass=", 7) != 0)
        return apr_psprintf(line->pool,
                            "'%s' is neither bypass=ROLE,... nor "
                            "hide",
                            fa_text_log_value(line->pool, word, 80));
    return fa_parse_bypass(line, owner, word + 7);
}

const char *fa_parse_bypass(const fa_line *line, fa_owner *owner,
                            const char *value)
{
    apr_array_header_t *roles = fa_parse_commas(line->pool, value);

    if (owner->bypass)
        return "bypass= is said twice";
    for (int i = 0; roles && i < roles->nelts; i++) {
        if (!fa_text_is_scope(APR_ARRAY_IDX(roles, i, const char *)))
            roles = NULL;
    }
    owner->bypass = roles;
    return roles ? NULL
                 : apr_psprintf(line->pool,
                                "bypass='%s' is no list of roles "
                                "with commas between them",
                                fa_text_log_value(line->pool, value, 80));
}

const char *fa_parse_require_owner(fa_line *line)
{
    fa_owner *owner = apr_pcalloc(line->pool, sizeof *owner);
    fa_demand *demand;
    const char *wrong;

    if (fa_parse_is_none(line))
        return fa_parse_drop(line, FA_DEMAND_OWNER);
    if (line->words->nelts == 0)
        return "it takes path:GROUP, query:LABEL or none";
    wrong = fa_parse_owner(line, NULL, fa_parse_word(line, 0), owner);
    for (int i = 1; !wrong && i < line->words->nelts; i++)
        wrong = read_option(line, owner, fa_parse_word(line, i));
    if (wrong)
        return wrong;
    demand = fa_parse_demand(line, FA_DEMAND_OWNER);
    demand->owner = owner;
    fa_parse_note_owner(line, demand);
    return fa_parse_add_demand(line, demand);
}

void fa_parse_note_owner(const fa_line *line, const fa_demand *demand)
{
    apr_array_header_t **queries = &line->server->owner_queries;

    if (!demand->owner->is_query)
        return;
    if (!*queries)
        *queries = apr_array_make(line->pool, 2, sizeof(const fa_demand *));
    APR_ARRAY_PUSH(*queries, const fa_demand *) = demand;
}

/* --- RolePermissions ------------------------------------------------------ */

const char *fa_parse_role_permissions(fa_line *line)
{
    apr_array_header_t *words = apr_array_copy(line->pool, line->words);

    if (words->nelts < 2)
        return "it takes a role and at least one permission or @ROLE";
    words->elts += words->elt_size;
    words->nelts--;
    words->nalloc--;
    if (!line->server->roles)
        line->server->roles = fa_roles_create(line->pool);
    return fa_roles_add(line->pool, line->server->roles, &line->section,
                        fa_parse_word(line, 0), words);
}
