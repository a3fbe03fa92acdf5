/* Where a directive stands, and whether it may.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_section.h"

#include <string.h>

#include <apr_strings.h>

static bool is_container(const ap_directive_t *directive,
                         const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (strcasecmp(directive->directive, names[i]) == 0)
            return true;
    }
    return false;
}

const char *fah_container_argument(apr_pool_t *pool,
                                   const ap_directive_t *container)
{
    char *text = apr_pstrdup(pool, container->args);
    size_t size = strlen(text);
    const char *rest = text;

    while (size > 0 && strchr("> \t", text[size - 1]))
        text[--size] = '\0';
    /* "~ pattern" is the old way to write a Match section. */
    if (strncmp(rest, "~ ", 2) == 0)
        return rest;
    return ap_getword_conf(pool, &rest);
}

const char *fah_section_of(const cmd_parms *cmd, fa_place where, fa_line *line)
{
    static const char *const sections[] = {"<Location",    "<LocationMatch",
                                           "<Directory",   "<DirectoryMatch",
                                           "<Files",       "<FilesMatch",
                                           "<Proxy",       "<ProxyMatch",
                                           "<VirtualHost", NULL};
    static const char *const methods[] = {"<Limit", "<LimitExcept", NULL};
    static const char *const conditions[] = {"<If", "<ElseIf", "<Else", NULL};
    static const char *const boolean[] = {"<RequireAll", "<RequireAny",
                                          "<RequireNone", NULL};
    const ap_directive_t *container = cmd->directive->parent;
    bool limited = false;

    line->conditional = false;
    line->section = (fa_section){.kind = "server",
                                 .pattern = "",
                                 .file = cmd->directive->filename,
                                 .line = cmd->directive->line_num};
    for (; container; container = container->parent) {
        if (is_container(container, boolean))
            return apr_psprintf(line->pool,
                                "it cannot stand in %s>, where it "
                                "would count by itself: write "
                                "Require there",
                                container->directive);
        limited = limited || is_container(container, methods);
        line->conditional =
            line->conditional || is_container(container, conditions);
        if (is_container(container, sections))
            break;
    }
    if (container && strcasecmp(container->directive, "<VirtualHost") != 0) {
        line->section.kind = container->directive + 1;
        line->section.pattern = fah_container_argument(line->pool, container);
    }
    line->methods = limited ? cmd->limited : -1;
    if (where == FA_IN_SECTION && limited)
        return "it cannot stand in <Limit> or <LimitExcept>: it counts for "
               "every method, and would for some only";
    if (where == FA_IN_SECTION && line->conditional)
        return "it cannot stand in <If>: only Require directives can";
    if (where == FA_IN_SERVER && limited)
        return "it cannot stand in <Limit> or <LimitExcept>";
    return NULL;
}
