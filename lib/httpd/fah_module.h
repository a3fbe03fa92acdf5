/* What the files of the glue share: the module, and its configuration.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_MODULE_H
#define FAH_MODULE_H

#include <ap_expr.h>
#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

#include "fa_parse.h"
#include "fa_policy.h"

extern module AP_MODULE_DECLARE_DATA fastauth_module;
APLOG_USE_MODULE(fastauth);

/* What this module keeps of a server or virtual host. */
typedef struct fah_server {
    fa_server *said;                 /* its directives, merged */
    bool guards;                     /* some section of it has a policy */
    apr_array_header_t *prefixes;    /* of identity headers of all servers */
    apr_array_header_t *query_names; /* of credentials in queries, of all */
    apr_hash_t *statements; /* fah_statement by label: of DBDPrepareSQL */
    const struct fah_document *document; /* NULL: no handler serves it */
    struct fah_log *log;                 /* NULL: no SecurityLog */
} fah_server;

/* The configuration of a server; of the sections that a request fell into. */
fah_server *fah_server_of(const server_rec *s);
const fa_policy *fah_policy_of(const request_rec *r);

/* httpd's life of the two, for the module record. */
void *fah_create_section(apr_pool_t *pool, char *path);
void *fah_merge_sections(apr_pool_t *pool, void *parent, void *child);
void *fah_create_server(apr_pool_t *pool, server_rec *s);
void *fah_merge_servers(apr_pool_t *pool, void *main, void *virtual_host);

/* Every directive (lib/directives.def). */
extern const command_rec fah_directives[];

/* The hooks, in the order in which a server and then a request meets them.
 * Each is explained where it is registered, in mod_fastauth.c. */
int fah_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *s);
void fah_dump(apr_pool_t *pconf, server_rec *s);
int fah_open_store(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s);
int fah_share_memory(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *s);
int fah_share_counters(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                       server_rec *s);
int fah_open_logs(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                  server_rec *s);
void fah_join_logs(apr_pool_t *pchild, server_rec *s);
void fah_join_counters(apr_pool_t *pchild, server_rec *s);
void fah_seed_hashes(apr_pool_t *pchild, server_rec *s);
void fah_register_requires(apr_pool_t *pool);

int fah_forget_identity(request_rec *r);
int fah_mask_status(request_rec *r);
int fah_unmask(request_rec *r, int lookup);
int fah_check_access(request_rec *r);
int fah_check_user(request_rec *r);
int fah_last_word(request_rec *r);
void fah_keep_private(request_rec *r);
void fah_write_problem(request_rec *r);
void fah_add_headers(request_rec *r);
void fah_tell_report(request_rec *r);
int fah_show_status(request_rec *r);
int fah_show_document(request_rec *r);
int fah_mask_log(request_rec *r);
int fah_log_outcome(request_rec *r);

/* fastauth('user') in expressions. */
int fah_find_function(ap_expr_lookup_parms *call);

/* Our part of mod_status' page, where that module is. */
void fah_register_status(apr_pool_t *pool);

/* Filters, registered by name. */
void fah_register_report(void);
void fah_register_filters(void);  /* of the answer */
void fah_register_headers(void);  /* of its headers */
void fah_register_trailers(void); /* of the request */

#endif
