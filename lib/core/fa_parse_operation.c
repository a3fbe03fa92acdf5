/* APIOperation: an operation, and what it demands.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_fnmatch.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_path.h"
#include "fa_text.h"

static const char usual_options[] =
    "scope=S,... role=R,... permission=P,... owner= bypass=R,... hide id= "
    "summary= tag= example= deprecated";

static bool is_match_section(const fa_line *line)
{
    return strcasecmp(line->section.kind, "Location") != 0;
}

/* --- options -------------------------------------------------------------- */

/* One more demand of the operation: words of a list with commas. */
static const char *add_demand(const fa_line *line, fa_operation *operation,
                              fa_demand_kind kind, const char *value)
{
    apr_array_header_t *words = fa_parse_commas(line->pool, value);
    fa_demand *demand = apr_pcalloc(line->pool, sizeof *demand);

    if (fa_demands_find(operation->demands, 1u << kind))
        return "it is said twice";
    for (int i = 0; words && i < words->nelts; i++) {
        if (!fa_text_is_scope(APR_ARRAY_IDX(words, i, const char *)))
            words = NULL;
    }
    if (!words)
        return apr_psprintf(line->pool,
                            "'%s' is no list of words of printable ASCII with "
                            "commas between them",
                            fa_text_log_value(line->pool, value, 80));
    demand->kind = kind;
    demand->values = words;
    demand->text = fa_text_join(line->pool, words);
    demand->methods = operation->methods;
    demand->section = line->section;
    demand->of_operation = true;
    operation->demands = fa_demands_add(line->pool, operation->demands, demand);
    return NULL;
}

static const char *read_scope(const fa_line *line, fa_operation *operation,
                              const char *value)
{
    return add_demand(line, operation, FA_DEMAND_SCOPE, value);
}

static const char *read_role(const fa_line *line, fa_operation *operation,
                             const char *value)
{
    return add_demand(line, operation, FA_DEMAND_ROLE, value);
}

/* Text into a field that may be said once. */
static const char *read_text(const fa_line *line, const char **field,
                             const char *value)
{
    if (*field)
        return "it is said twice";
    *field = value;
    return fa_parse_text(line->pool, value);
}

static const char *read_permission(const fa_line *line, fa_operation *operation,
                                   const char *value)
{
    if (strchr(value, '*'))
        return "a demand names permissions one by one; wildcards are for "
               "RolePermissions";
    return add_demand(line, operation, FA_DEMAND_PERMISSION, value);
}

/* The owner= of the operation, which bypass= and hide are said of: it is still
 * being made. */
static fa_demand *owner_of(const fa_operation *operation)
{
    return (fa_demand *)fa_demands_find(operation->demands,
                                        1u << FA_DEMAND_OWNER);
}

/* What is said of it is part of what it demands. */
static fa_owner *say_more(const fa_line *line, fa_demand *demand,
                          const char *word, const char *value)
{
    demand->text =
        apr_pstrcat(line->pool, demand->text, " ", word, value, NULL);
    return (fa_owner *)demand->owner;
}

static const char *read_owner(const fa_line *line, fa_operation *operation,
                              const char *value)
{
    fa_owner *owner = apr_pcalloc(line->pool, sizeof *owner);
    fa_demand *demand;
    const char *wrong;

    if (owner_of(operation))
        return "it is said twice";
    if ((wrong = fa_parse_owner(line, operation->path, value, owner)) != NULL)
        return wrong;
    demand = fa_parse_demand(line, FA_DEMAND_OWNER);
    demand->text = value;
    demand->methods = operation->methods;
    demand->of_operation = true;
    demand->owner = owner;
    fa_parse_note_owner(line, demand);
    operation->demands = fa_demands_add(line->pool, operation->demands, demand);
    return NULL;
}

static const char *read_bypass(const fa_line *line, fa_operation *operation,
                               const char *value)
{
    fa_demand *demand = owner_of(operation);

    return demand ? fa_parse_bypass(
                        line, say_more(line, demand, "bypass=", value), value)
                  : "it stands behind owner=";
}

static const char *read_hide(const fa_line *line, fa_operation *operation)
{
    fa_demand *demand = owner_of(operation);

    if (!demand)
        return "hide stands behind owner=";
    if (demand->owner->hide)
        return "hide is said twice";
    say_more(line, demand, "hide", "")->hide = true;
    return NULL;
}

static const char *read_id(const fa_line *line, fa_operation *operation,
                           const char *value)
{
    for (const char *c = value; *c; c++) {
        if (!apr_isalnum(*c) && !strchr("_-.", *c))
            return apr_psprintf(line->pool,
                                "'%s': an id has letters, digits, _ - and .",
                                fa_text_log_value(line->pool, value, 80));
    }
    if (operation->methods & (operation->methods - 1))
        return "an id is of one operation: give each method a line";
    return read_text(line, &operation->id, value);
}

static const char *read_summary(const fa_line *line, fa_operation *operation,
                                const char *value)
{
    return read_text(line, &operation->summary, value);
}

static const char *read_tags(const fa_line *line, fa_operation *operation,
                             const char *value)
{
    apr_array_header_t *tags = fa_parse_commas(line->pool, value);

    if (operation->tags)
        return "it is said twice";
    if (!tags)
        return "a tag is empty";
    operation->tags = tags;
    return fa_parse_text(line->pool, value);
}

static const char *read_example(const fa_line *line, fa_operation *operation,
                                const char *value)
{
    if (*value != '/' || strpbrk(value, "%?#") || strstr(value, "//") ||
        fa_path_has_dots(value))
        return apr_psprintf(line->pool,
                            "'%s' is no path as httpd sees it: it starts with "
                            "a slash, nothing in it is percent-encoded, and no "
                            "segment is empty, . or ..",
                            fa_text_log_value(line->pool, value, 80));
    return read_text(line, &operation->example, value);
}

static const char *read_option(const fa_line *line, fa_operation *operation,
                               const char *word)
{
    static const struct {
        const char *name;
        const char *(*read)(const fa_line *line, fa_operation *operation,
                            const char *value);
    } options[] = {{"permission=", read_permission},
                   {"owner=", read_owner},
                   {"bypass=", read_bypass},
                   {"scope=", read_scope},
                   {"role=", read_role},
                   {"id=", read_id},
                   {"summary=", read_summary},
                   {"tag=", read_tags},
                   {"example=", read_example}};

    if (strcmp(word, "deprecated") == 0) {
        operation->deprecated = true;
        return NULL;
    }
    if (strcmp(word, "hide") == 0)
        return read_hide(line, operation);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t size = strlen(options[i].name);
        const char *wrong;

        if (strncmp(word, options[i].name, size) != 0)
            continue;
        wrong = word[size] ? options[i].read(line, operation, word + size)
                           : "there is nothing behind it";
        return wrong
                   ? apr_pstrcat(line->pool, options[i].name, ": ", wrong, NULL)
                   : NULL;
    }
    return apr_psprintf(line->pool, "'%s' is none of %s",
                        fa_text_log_value(line->pool, word, 80), usual_options);
}

/* --- the line ------------------------------------------------------------- */

static const char *read_methods(const fa_line *line, fa_operation *operation)
{
    const char *word = APR_ARRAY_IDX(line->words, 0, const char *);
    apr_array_header_t *names = fa_parse_commas(line->pool, word);

    for (int i = 0; names && i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);
        int method = fa_method_number(name);

        if (strcmp(name, "HEAD") == 0)
            return "HEAD is what GET is: name GET";
        if (method < 0)
            return apr_psprintf(line->pool,
                                "'%s' is none of GET, PUT, POST, DELETE, "
                                "OPTIONS, PATCH (methods are told apart by "
                                "case)",
                                fa_text_log_value(line->pool, name, 80));
        if (fa_methods_have(operation->methods, method))
            return apr_psprintf(line->pool, "%s is there twice", name);
        operation->methods |= (apr_int64_t)1 << method;
    }
    return names ? NULL : "a method is empty";
}

static const char *read_path(const fa_line *line, fa_operation *operation,
                             const char *word)
{
    const char *wrong = fa_template_parse(line->pool, word, &operation->path);

    return wrong ? apr_pstrcat(line->pool, "PATH: ", wrong, NULL) : NULL;
}

/* Where a path can be told from the section's. */
static const char *check_section(const fa_line *line)
{
    const char *pattern = line->section.pattern;

    if (is_match_section(line))
        return NULL;
    if (*pattern != '/')
        return apr_psprintf(line->pool,
                            "<Location %s> is no path: only one that starts "
                            "with a slash has operations",
                            pattern);
    if (apr_fnmatch_test(pattern) || strpbrk(pattern, "{}"))
        return apr_psprintf(line->pool,
                            "<Location %s> has a wildcard or a brace, and no "
                            "document can print that: write <LocationMatch>",
                            pattern);
    return NULL;
}

static const char *add(fa_line *line, const fa_operation *operation)
{
    const fa_operation *already =
        fa_operations_add(line->pool, &line->policy->operations, operation);

    if (!already)
        return NULL;
    return apr_psprintf(
        line->pool,
        "line %d has an operation of this method and %s in "
        "this section already%s",
        already->section.line, operation->path ? "path" : "of no other path",
        is_match_section(line) ? ": in a <LocationMatch> every operation is of "
                                 "all its paths"
                               : "");
}

static const char *read_none(fa_line *line)
{
    if (line->words->nelts > 1)
        return "nothing can stand beside none";
    if (line->policy->operations)
        return "none contradicts the operations of this section";
    fa_operations_hide(line->pool, &line->policy->operations);
    return NULL;
}

const char *fa_parse_operation(fa_line *line)
{
    fa_operation *operation = apr_pcalloc(line->pool, sizeof *operation);
    const char *wrong;

    if (line->words->nelts == 0)
        return "it takes a method, as GET, or none";
    if ((wrong = check_section(line)) != NULL)
        return wrong;
    if (strcmp(APR_ARRAY_IDX(line->words, 0, const char *), "none") == 0)
        return read_none(line);
    if (line->policy->operations &&
        fa_operations_own(line->policy->operations)->none)
        return "APIOperation none stands in this section";
    operation->section = line->section;
    wrong = read_methods(line, operation);
    for (int i = 1; !wrong && i < line->words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(line->words, i, const char *);

        wrong = i == 1 && *word == '/' ? read_path(line, operation, word)
                                       : read_option(line, operation, word);
    }
    if (!wrong)
        wrong = add(line, operation);
    return wrong ? wrong : fa_parse_no_identity(line);
}
