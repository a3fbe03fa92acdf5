/* Where a directive stands, and whether it may.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_section.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_path.h"

static bool is_container(const ap_directive_t *directive,
                         const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (strcasecmp(directive->directive, names[i]) == 0)
            return true;
    }
    return false;
}

bool fah_container_is_old_match(const ap_directive_t *container)
{
    return strncmp(container->args, "~", 1) == 0;
}

const char *fah_container_argument(apr_pool_t *pool,
                                   const ap_directive_t *container)
{
    char *text = apr_pstrdup(pool, container->args);
    size_t size = strlen(text);
    const char *rest = text;

    while (size > 0 && strchr("> \t", text[size - 1]))
        text[--size] = '\0';
    if (fah_container_is_old_match(container))
        ap_getword_conf(pool, &rest);
    return ap_getword_conf(pool, &rest);
}

static const char *kind_of(apr_pool_t *pool, const ap_directive_t *container)
{
    const char *kind = container->directive + 1;

    return fah_container_is_old_match(container)
               ? apr_pstrcat(pool, kind, "Match", NULL)
               : kind;
}

static const char *const sections[] = {
    "<Location",       "<LocationMatch", "<Directory",
    "<DirectoryMatch", "<Files",         "<FilesMatch",
    "<Proxy",          "<ProxyMatch",    NULL};
static const char *const methods[] = {"<Limit", "<LimitExcept", NULL};
static const char *const conditions[] = {"<If", "<ElseIf", "<Else", NULL};
static const char *const boolean[] = {"<RequireAll", "<RequireAny",
                                      "<RequireNone", NULL};
static const char *const files[] = {"<Files", "<FilesMatch", NULL};
static const char *const no_files[] = {"<If",    "<ElseIf",     "<Else",
                                       "<Proxy", "<ProxyMatch", NULL};

/* httpd registers a method of any spelling: <Limit delete> is not for DELETE.
 */
static const char *check_methods(apr_pool_t *pool,
                                 const ap_directive_t *container)
{
    const char *args = container->args;

    while (*args && *args != '>') {
        char *word = ap_getword_conf(pool, &args);
        char *upper;

        word[strcspn(word, ">")] = '\0';
        upper = apr_pstrdup(pool, word);
        ap_str_toupper(upper);
        if (strcmp(word, upper) != 0)
            return apr_psprintf(pool,
                                "%s %s>: the method is %s: methods are "
                                "told apart by case",
                                container->directive, word, upper);
    }
    return NULL;
}

/* Sections that httpd takes and never asks. */
static const char *check_reach(apr_pool_t *pool,
                               const ap_directive_t *container)
{
    const char *path;

    for (const ap_directive_t *up = container; up; up = up->parent) {
        if (is_container(up, no_files) && is_container(container, files))
            return apr_psprintf(pool, "%s> inside %s> is never looked at",
                                container->directive, up->directive);
    }
    if (strcasecmp(container->directive, "<Location") != 0 ||
        fah_container_is_old_match(container))
        return NULL;
    path = fah_container_argument(pool, container);
    if (!strchr("/*?[", *path) && !strstr(path, "://"))
        return apr_psprintf(pool,
                            "<Location %s> matches no path: it must start "
                            "with a slash",
                            path);
    /* httpd takes both out of a request's path before it looks. */
    if (*path == '/' && (strstr(path, "//") || fa_path_has_dots(path)))
        return apr_psprintf(pool,
                            "<Location %s> matches no path: it has two slashes "
                            "in a row, or a segment that is . or ..",
                            path);
    return NULL;
}

void fah_section_around(const cmd_parms *cmd, fa_section *section)
{
    const ap_directive_t *up = cmd->directive->parent;

    while (up && !is_container(up, sections))
        up = up->parent;
    if (!up)
        return;
    section->kind = kind_of(cmd->pool, up);
    section->pattern = fah_container_argument(cmd->pool, up);
}

static void add_within(fa_line *line, const ap_directive_t *container)
{
    line->within =
        apr_pstrcat(line->pool, fah_container_argument(line->pool, container),
                    " ", line->within, NULL);
}

/* What the containers around a directive mean for it, from the inside out;
 * section receives the innermost section, or NULL. */
static const char *read_containers(const cmd_parms *cmd, fa_line *line,
                                   const ap_directive_t **section)
{
    const ap_directive_t *container = cmd->directive->parent;
    const char *wrong = NULL;

    *section = NULL;
    line->conditional = false;
    line->within = "";
    line->methods = -1;
    for (; container && !wrong; container = container->parent) {
        if (is_container(container, boolean))
            return apr_psprintf(line->pool,
                                "it cannot stand in %s>, where it would count "
                                "by itself: write Require there",
                                container->directive);
        if (is_container(container, methods)) {
            line->methods = cmd->limited;
            wrong = check_methods(line->pool, container);
        }
        if (is_container(container, conditions)) {
            line->conditional = true;
            add_within(line, container);
        }
        if (!is_container(container, sections))
            continue;
        wrong = check_reach(line->pool, container);
        if (*section)
            add_within(line, container);
        else
            *section = container;
    }
    return wrong;
}

static const char *check_operation(const fa_line *line)
{
    if (strcasecmp(line->section.kind, "Location") != 0 &&
        strcasecmp(line->section.kind, "LocationMatch") != 0)
        return "it can stand in <Location> and <LocationMatch> alone";
    if (line->methods != -1)
        return "it cannot stand in <Limit> or <LimitExcept>: it names its "
               "methods itself";
    return line->conditional ? "it cannot stand in <If>" : NULL;
}

const char *fah_section_of(const cmd_parms *cmd, fa_place where, fa_line *line)
{
    const ap_directive_t *section;
    const char *wrong;

    line->section = (fa_section){.kind = "server",
                                 .pattern = "",
                                 .file = cmd->directive->filename,
                                 .line = cmd->directive->line_num};
    if ((wrong = read_containers(cmd, line, &section)) != NULL)
        return wrong;
    if (section) {
        line->section.kind = kind_of(line->pool, section);
        line->section.pattern = fah_container_argument(line->pool, section);
    }
    if (where == FA_IN_LOCATION)
        return check_operation(line);
    if (where == FA_IN_SECTION && line->methods != -1)
        return "it cannot stand in <Limit> or <LimitExcept>: it counts for "
               "every method, and would for some only";
    if (where == FA_IN_SECTION && line->conditional)
        return "it cannot stand in <If>: only Require directives can";
    if (where == FA_IN_SERVER && line->methods != -1)
        return "it cannot stand in <Limit> or <LimitExcept>";
    return NULL;
}
