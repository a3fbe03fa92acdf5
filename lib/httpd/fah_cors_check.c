/* CORSOrigin * and CORSCredentials on must not come together by merging.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <http_core.h>

#include "fah_walk.h"

static bool judge(apr_pool_t *scratch, server_rec *s, const fa_section *said,
                  const fa_cors *cors)
{
    const char *wrong = fa_cors_contradiction(scratch, cors);

    if (!wrong)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "in <%s %s> (%s:%d) sections come together: %s", said->kind,
                 said->pattern, said->file, said->line, wrong);
    return false;
}

/* What holds where a section begins: of a pattern, as far as that is plain. */
static const fa_cors *around(apr_pool_t *scratch, server_rec *s,
                             const ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const char *path = fah_plain_path(section);

    return fah_policy_at(scratch, s,
                         path ? path : fah_plain_start(scratch, core->d))
        ->cors;
}

static bool locations_are_safe(apr_pool_t *scratch, server_rec *s)
{
    const apr_array_header_t *sections = fah_locations(s);
    bool safe = true;

    for (int i = 0; i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const fa_policy *policy = fah_policy_in(section);

        if (!policy || !policy->cors)
            continue;
        safe = judge(scratch, s, policy->said,
                     fah_plain_path(section)
                         ? around(scratch, s, section)
                         : fa_cors_merge(scratch, around(scratch, s, section),
                                         policy->cors)) &&
               safe;
    }
    return safe;
}

/* What holds in a directory, or in files of it, before the section itself. */
static bool inner_are_safe(apr_pool_t *scratch, server_rec *s,
                           const fa_cors *outer,
                           const apr_array_header_t *sections)
{
    bool safe = true;

    for (int i = 0; sections && i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const core_dir_config *core = ap_get_core_module_config(section);
        const fa_policy *policy = fah_policy_in(section);
        const fa_cors *cors = outer;

        /* Those around it are before it: httpd sorts them by depth. */
        for (int j = 0; j < i; j++) {
            const ap_conf_vector_t *other =
                APR_ARRAY_IDX(sections, j, ap_conf_vector_t *);
            const char *path = fah_plain_path(other);
            const fa_policy *more = fah_policy_in(other);

            if (more && path && fah_path_is_below(core->d, path))
                cors = fa_cors_merge(scratch, cors, more->cors);
        }
        if (policy)
            cors = fa_cors_merge(scratch, cors, policy->cors);
        if (policy && policy->cors)
            safe = judge(scratch, s, policy->said, cors) && safe;
        safe = inner_are_safe(scratch, s, cors, core->sec_file) && safe;
    }
    return safe;
}

bool fah_cors_is_safe(apr_pool_t *scratch, server_rec *main_server)
{
    bool safe = true;

    for (server_rec *s = main_server; s; s = s->next) {
        const core_server_config *core =
            ap_get_core_module_config(s->module_config);
        const core_dir_config *defaults =
            ap_get_core_module_config(s->lookup_defaults);
        const fa_policy *outer = fah_policy_in(s->lookup_defaults);

        if (outer->cors)
            safe = judge(scratch, s, outer->said, outer->cors) && safe;
        safe = inner_are_safe(scratch, s, outer->cors, core->sec_dir) && safe;
        safe =
            inner_are_safe(scratch, s, outer->cors, defaults->sec_file) && safe;
        safe = locations_are_safe(scratch, s) && safe;
    }
    return safe;
}
