/* mod_fastauth: security declared per Location, checked, told and documented.
 * Layer: module. The record and the hooks, each with its reason. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

static void register_hooks(apr_pool_t *pool)
{
    static const char *const after_access_compat[] = {"mod_access_compat.c",
                                                      NULL};

    /* --- while the server starts --- */

    /* `Require scope` and the like for mod_authz_core. */
    fah_register_requires(pool);

    /* Runs for `httpd -t` too: wrong configuration is refused here. */
    ap_hook_check_config(fah_check_config, NULL, NULL, APR_HOOK_MIDDLE);

    /* -DDUMP_FASTAUTH, once all has been checked. */
    ap_hook_test_config(fah_dump, NULL, NULL, APR_HOOK_MIDDLE);

    /* fastauth('user') in `Header ... expr=` and the like. */
    ap_hook_expr_lookup(fah_find_function, NULL, NULL, APR_HOOK_MIDDLE);

    /* SecurityLog, as root; before there are children. */
    ap_hook_open_logs(fah_open_logs, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(fah_join_logs, NULL, NULL, APR_HOOK_MIDDLE);

    /* The memory that children share is made by their parent. */
    ap_hook_post_config(fah_share_memory, NULL, NULL, APR_HOOK_MIDDLE);

    /* And the counters of limits, which outlive a graceful restart. */
    ap_hook_post_config(fah_open_store, NULL, NULL, APR_HOOK_MIDDLE);

    /* What fastauth-status counts, from this (re)start on; each child has a
     * row of its own. */
    ap_hook_post_config(fah_share_counters, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(fah_join_counters, NULL, NULL, APR_HOOK_MIDDLE);

    /* And our part of mod_status' page. */
    fah_register_status(pool);

    /* jansson's hash seed, before two threads would make it at once. */
    ap_hook_child_init(fah_seed_hashes, NULL, NULL, APR_HOOK_MIDDLE);

    /* --- for each request --- */

    /* Before anybody reads it: identity headers that the client made up. */
    ap_hook_post_read_request(fah_forget_identity, NULL, NULL,
                              APR_HOOK_REALLY_FIRST);

    /* Next httpd shows the request line on the status page: masked until then,
     * and no longer, for handlers read it too. */
    ap_hook_post_read_request(fah_mask_status, NULL, NULL,
                              APR_HOOK_REALLY_LAST);
    ap_hook_quick_handler(fah_unmask, NULL, NULL, APR_HOOK_REALLY_FIRST);

    /* The decision. After mod_access_compat, whose refusals are cheaper; not
     * for sub-requests of the same configuration. */
    ap_hook_check_access(fah_check_access, after_access_compat, NULL,
                         APR_HOOK_MIDDLE, AP_AUTH_INTERNAL_PER_CONF);

    /* Where stock Require wants a user: the one that was identified. Before
     * the modules that would ask for another. */
    ap_hook_check_authn(fah_check_user, NULL, NULL, APR_HOOK_FIRST,
                        AP_AUTH_INTERNAL_PER_CONF);

    /* The last word, when nobody can change configuration or handler any more:
     * no request goes on without a decision for exactly this one. */
    ap_hook_fixups(fah_last_word, NULL, NULL, APR_HOOK_REALLY_LAST);

    /* SetHandler fastauth-status; fastauth-openapi and fastauth-docs. */
    ap_hook_handler(fah_show_status, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(fah_show_document, NULL, NULL, APR_HOOK_MIDDLE);

    /* What AuthReportOnly header tells, with each answer. */
    ap_hook_insert_filter(fah_tell_report, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(fah_tell_report, NULL, NULL, APR_HOOK_LAST);

    /* Answers to one caller are not for a cache to give to another. */
    ap_hook_insert_filter(fah_keep_private, NULL, NULL, APR_HOOK_LAST);

    /* The body of a refusal, in the place of httpd's page. */
    ap_hook_insert_error_filter(fah_write_problem, NULL, NULL, APR_HOOK_LAST);

    /* What browsers are told, on every answer: behind mod_headers, and behind
     * the two above. */
    ap_hook_insert_filter(fah_add_headers, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_error_filter(fah_add_headers, NULL, NULL,
                                APR_HOOK_REALLY_LAST);

    /* Before mod_log_config writes the request's line. */
    ap_hook_log_transaction(fah_mask_log, NULL, NULL, APR_HOOK_REALLY_FIRST);

    /* A client's refusal for the security log: now it is known what was made of
     * the request. */
    ap_hook_log_transaction(fah_log_outcome, NULL, NULL, APR_HOOK_MIDDLE);

    fah_register_filters();
    fah_register_headers();
    fah_register_report();
    fah_register_trailers();
}

module AP_MODULE_DECLARE_DATA fastauth_module = {
    STANDARD20_MODULE_STUFF, fah_create_section, fah_merge_sections,
    fah_create_server,       fah_merge_servers,  fah_directives,
    register_hooks,          AP_MODULE_FLAG_NONE};
