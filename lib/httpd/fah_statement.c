/* Statements of DBDPrepareSQL that find owners.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_statement.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "fa_owner.h"
#include "fah_check.h"
#include "fah_require.h"

const fah_statement *fah_statement_of(const server_rec *s, const char *label)
{
    const fah_statement *found =
        apr_hash_get(fah_server_of(s)->statements, label, APR_HASH_KEY_STRING);

    return found && *found->sql ? found : NULL;
}

/* --- as mod_dbd reads them ------------------------------------------------ */

typedef struct reading {
    apr_pool_t *pool;
    const server_rec *server; /* whose they are */
    apr_hash_t *statements;   /* fah_statement by label */
} reading;

/* Of two with one label the later counts; a label alone takes one away. */
static void read_statement(const ap_directive_t *directive, void *context)
{
    const reading *into = context;
    const char *args = directive->args;
    fah_statement *read;

    if (!fah_is_in_server(directive, into->server))
        return;
    read = apr_palloc(into->pool, sizeof *read);
    read->sql = ap_getword_conf(into->pool, &args);
    read->label = ap_getword_conf(into->pool, &args);
    read->parameters = fa_owner_parameters(read->sql);
    if (!*read->label) {
        read->label = read->sql;
        read->sql = "";
    }
    apr_hash_set(into->statements, read->label, APR_HASH_KEY_STRING, read);
}

static void read_statements(apr_pool_t *pool, const server_rec *s,
                            const apr_hash_t *of_main)
{
    reading into = {pool, s, apr_hash_make(pool)};

    fah_each("DBDPrepareSQL", read_statement, &into);
    fah_server_of(s)->statements =
        of_main ? apr_hash_overlay(pool, into.statements, of_main)
                : into.statements;
}

/* --- whether they fit ----------------------------------------------------- */

static bool fits(const server_rec *s, const fa_demand *demand)
{
    const fa_owner *owner = demand->owner;
    const fah_statement *statement = fah_statement_of(s, owner->name);
    const char *file = demand->section.file;
    int line = demand->section.line;

    if (!ap_find_linked_module("mod_dbd.c")) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                     "%s query:%s (%s:%d) needs mod_dbd: LoadModule "
                     "dbd_module, with DBDriver, DBDParams and DBDPrepareSQL",
                     fah_demand_name(demand), owner->name, file, line);
        return false;
    }
    if (!statement) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "%s query:%s (%s:%d): no DBDPrepareSQL has that label: "
                     "503 to every caller who would be asked about",
                     fah_demand_name(demand), owner->name, file, line);
        return true;
    }
    if (statement->parameters == owner->parts)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "%s query:%s (%s:%d): the path has %d named parts, and the "
                 "statement takes %s: write one %%s for each named group or "
                 "{name}, in their order",
                 fah_demand_name(demand), owner->name, file, line, owner->parts,
                 statement->parameters < 0
                     ? "bytes (%pDb, %pDc)"
                     : apr_itoa(s->process->pconf, statement->parameters));
    return false;
}

bool fah_statements_fit(apr_pool_t *pconf, server_rec *main_server)
{
    const apr_array_header_t *of_main = NULL;
    bool good = true;

    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *queries =
            fah_server_of(s)->said->owner_queries;

        read_statements(
            pconf, s,
            s == main_server ? NULL : fah_server_of(main_server)->statements);
        /* What a virtual host has of the main server is judged there. */
        for (int i = 0; queries && queries != of_main && i < queries->nelts;
             i++)
            good =
                fits(s, APR_ARRAY_IDX(queries, i, const fa_demand *)) && good;
        if (s == main_server)
            of_main = queries;
    }
    return good;
}
