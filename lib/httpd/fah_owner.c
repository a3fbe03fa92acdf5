/* Parts of a path, and owners from a database.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_owner.h"

#include <string.h>

#include <apr_dbd.h>
#include <apr_optional.h>
#include <apr_strings.h>
#include <mod_dbd.h>

#include "fa_text.h"
#include "fah_statement.h"

/* A compiled pattern, and its groups: names by number (const char *, NULL for
 * one without). */
typedef struct pattern {
    ap_regex_t *regex;
    apr_array_header_t *names;
} pattern;

/* --- paths ---------------------------------------------------------------- */

const apr_array_header_t *fah_compile(apr_pool_t *pool, const char *text,
                                      const void **compiled)
{
    pattern *made = apr_palloc(pool, sizeof *made);
    apr_array_header_t *named = apr_array_make(pool, 2, sizeof(char *));

    /* As httpd compiles the section's own. */
    made->regex = ap_pregcomp(pool, text, AP_REG_EXTENDED);
    if (!made->regex)
        return NULL;
    made->names = apr_array_make(pool, 4, sizeof(char *));
    ap_regname(made->regex, made->names, NULL, 0);
    for (int i = 0; i < made->names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(made->names, i, const char *);

        if (name)
            APR_ARRAY_PUSH(named, const char *) = name;
    }
    *compiled = made;
    return named;
}

const apr_array_header_t *fah_groups(request_rec *r, const void *compiled,
                                     const char *path)
{
    const pattern *made = compiled;
    size_t count = (size_t)made->names->nelts;
    ap_regmatch_t *found =
        apr_pcalloc(r->pool, (count + 1) * sizeof(ap_regmatch_t));
    apr_array_header_t *parts =
        apr_array_make(r->pool, 2, sizeof(fa_path_part));

    if (ap_regexec(made->regex, path, count, found, 0) != 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = APR_ARRAY_IDX(made->names, (int)i, const char *);

        if (name)
            APR_ARRAY_PUSH(parts, fa_path_part) = (fa_path_part){
                name, found[i].rm_so < 0
                          ? NULL
                          : apr_pstrmemdup(
                                r->pool, path + found[i].rm_so,
                                (apr_size_t)(found[i].rm_eo - found[i].rm_so))};
    }
    return parts;
}

/* --- the database --------------------------------------------------------- */

/* What one look-up needs. */
typedef struct lookup {
    request_rec *r;
    apr_pool_t *scratch; /* gone before the connection is given back */
    const ap_dbd_t *dbd;
    const fah_statement *statement;
    const char **values;
} lookup;

/* The first row's first value; all rows are read, for that frees the result. */
static const char *first_value(const lookup *of, apr_dbd_results_t *results,
                               bool *has_row)
{
    apr_dbd_row_t *row = NULL;
    const char *value = NULL;

    *has_row = false;
    while (apr_dbd_get_row(of->dbd->driver, of->scratch, results, &row, -1) ==
           0) {
        const char *entry =
            *has_row ? NULL : apr_dbd_get_entry(of->dbd->driver, row, 0);

        if (entry)
            value = apr_pstrdup(of->r->pool, entry);
        *has_row = true;
    }
    return value;
}

/* At once, not row by row: PostgreSQL's driver would tell of no error. */
static int run(const lookup *of, apr_dbd_prepared_t *prepared,
               apr_dbd_results_t **results)
{
    *results = NULL;
    return apr_dbd_pselect(of->dbd->driver, of->scratch, of->dbd->handle,
                           results, prepared, 1, of->statement->parameters,
                           of->values);
}

/* A connection that PostgreSQL has lost and found again knows no statement any
 * more, and mod_dbd goes on with it: prepare ours once more. */
static int select_rows(const lookup *of, apr_dbd_results_t **results,
                       const char **wrong)
{
    apr_dbd_prepared_t *prepared = apr_hash_get(
        of->dbd->prepared, of->statement->label, APR_HASH_KEY_STRING);
    apr_dbd_prepared_t *again = NULL;
    int failed = prepared ? run(of, prepared, results) : 1;

    if (!failed)
        return 0;
    *wrong = apr_pstrdup(
        of->r->pool, apr_dbd_error(of->dbd->driver, of->dbd->handle, failed));
    /* Others keep what they prepare with the connection, longer than we live.
     */
    if (strcmp(apr_dbd_name(of->dbd->driver), "pgsql") != 0 ||
        apr_dbd_prepare(of->dbd->driver, of->r->pool, of->dbd->handle,
                        of->statement->sql, of->statement->label, &again) != 0)
        return failed;
    return run(of, again, results);
}

static fa_verdict unavailable(request_rec *r, const char *label,
                              const char *why, const char **reason)
{
    *reason = apr_psprintf(r->pool, "DBDPrepareSQL %s: %s", label, why);
    return FA_UNAVAILABLE;
}

static const char **bound(request_rec *r, const apr_array_header_t *parts)
{
    const char **values =
        apr_pcalloc(r->pool, (size_t)(parts->nelts + 1) * sizeof *values);

    for (int i = 0; i < parts->nelts; i++)
        values[i] = APR_ARRAY_IDX(parts, i, fa_path_part).value;
    return values;
}

static fa_verdict look_up(const lookup *of, const char **owner,
                          const char **reason)
{
    apr_dbd_results_t *results;
    const char *wrong = NULL, *value;
    bool has_row;

    if (select_rows(of, &results, &wrong) != 0) {
        if (!wrong)
            wrong = "the statement failed";
        /* What PostgreSQL says ends its line. */
        return unavailable(
            of->r, of->statement->label,
            fa_text_log_value(
                of->r->pool,
                apr_pstrmemdup(of->r->pool, wrong, strcspn(wrong, "\n")), 200),
            reason);
    }
    value = first_value(of, results, &has_row);
    /* A resource that is nobody's: there, and not the caller's. */
    *owner = has_row && !value ? "" : value;
    return FA_ALLOWED;
}

fa_verdict fah_find_owner(request_rec *r, const char *label,
                          const apr_array_header_t *parts, const char **owner,
                          const char **reason)
{
    APR_OPTIONAL_FN_TYPE(ap_dbd_open) *open_connection =
        APR_RETRIEVE_OPTIONAL_FN(ap_dbd_open);
    APR_OPTIONAL_FN_TYPE(ap_dbd_close) *close_connection =
        APR_RETRIEVE_OPTIONAL_FN(ap_dbd_close);
    apr_pool_t *scratch;
    ap_dbd_t *dbd;
    fa_verdict verdict;
    lookup of = {.r = r, .statement = fah_statement_of(r->server, label)};

    if (!open_connection || !close_connection || !of.statement)
        return unavailable(r, label, "there is none of this label", reason);
    /* apr_dbd takes what the statement says, and reads on behind what it got.
     */
    if (of.statement->parameters != parts->nelts)
        return unavailable(
            r, label,
            apr_psprintf(r->pool, "it takes %d parameters, and the path has %d",
                         of.statement->parameters, parts->nelts),
            reason);
    /* Not ap_dbd_acquire's, which goes back when the whole answer is sent: some
     * slow readers would keep all connections, and everybody waiting. */
    dbd = open_connection(r->pool, r->server);
    if (!dbd)
        return unavailable(r, label, "no connection to the database", reason);
    apr_pool_create(&scratch, r->pool);
    of.dbd = dbd;
    of.scratch = scratch;
    of.values = bound(r, parts);
    verdict = look_up(&of, owner, reason);
    apr_pool_destroy(scratch);
    close_connection(r->server, dbd);
    return verdict;
}
