/* SecurityLog read.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_file_info.h>
#include <apr_lib.h>
#include <apr_strings.h>

static bool is_folder(apr_pool_t *pool, const char *path)
{
    apr_finfo_t found;

    return apr_stat(&found, path, APR_FINFO_TYPE, pool) == APR_SUCCESS &&
           found.filetype == APR_DIR;
}

/* Nothing is made yet: httpd -t leaves no file behind. */
static const char *check_file(apr_pool_t *pool, const char *path)
{
    char *folder = apr_pstrdup(pool, path);
    char *slash = strrchr(folder, '/');

    if (is_folder(pool, path))
        return apr_psprintf(pool, "'%s' is a folder: name a file in it", path);
    if (slash && slash != folder) {
        *slash = '\0';
        if (!is_folder(pool, folder))
            return apr_psprintf(pool, "'%s': there is no folder '%s'", path,
                                folder);
    }
    return NULL;
}

/* As in CustomLog: |PROGRAM, ||PROGRAM, or |$COMMAND for a shell. Only a whole
 * path can be looked at. */
static const char *check_program(apr_pool_t *pool, const char *said)
{
    const char *program = said + strspn(said, "|");
    bool is_shell = *program == '$';
    const char *path;
    apr_finfo_t found;

    program += is_shell ? 1 : 0;
    while (apr_isspace(*program))
        program++;
    if (!*program)
        return apr_psprintf(pool, "'%s': no program stands behind the |", said);
    path = apr_pstrmemdup(pool, program, strcspn(program, " \t"));
    if (is_shell || *path != '/')
        return NULL;
    if (apr_stat(&found, path, APR_FINFO_TYPE | APR_FINFO_PROT, pool) !=
            APR_SUCCESS ||
        found.filetype != APR_REG ||
        !(found.protection & (APR_FPROT_UEXECUTE | APR_FPROT_WEXECUTE)))
        return apr_psprintf(pool, "'%s': '%s' is no program", said, path);
    return NULL;
}

const char *fa_parse_security_log(fa_line *line)
{
    const char *said, *wrong;
    char *path;

    if (line->words->nelts != 1)
        return "it takes a file, or \"|PROGRAM\" in quotes";
    said = APR_ARRAY_IDX(line->words, 0, const char *);
    if (!*said)
        return "it takes a file, or \"|PROGRAM\" in quotes";
    if (line->server->security_log)
        return "it is said already in this server";
    if ((wrong = fa_parse_text(line->pool, said)) != NULL)
        return wrong;
    if (*said == '|') {
        line->server->security_log = said;
        return check_program(line->pool, said);
    }
    if (apr_filepath_merge(&path, line->root, said, APR_FILEPATH_TRUENAME,
                           line->pool) != APR_SUCCESS)
        return apr_psprintf(line->pool, "'%s' is no path", said);
    line->server->security_log = path;
    return check_file(line->pool, path);
}
