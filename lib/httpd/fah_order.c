/* The order of sections must not open what a longer path closes.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include "fah_walk.h"

/* httpd merges sections in the order written, a virtual host's after the main
 * server's: a later and shorter one overrides. */
static bool judge(apr_pool_t *scratch, server_rec *s, const char *path,
                  const fa_schemes *own)
{
    const fa_schemes *winner = fah_policy_at(scratch, s, path)->schemes;
    const fa_section *here = &own->section, *there = &winner->section;

    if (winner == own || strcmp(fa_schemes_text(scratch, winner),
                                fa_schemes_text(scratch, own)) == 0)
        return true;
    if (strcmp(there->kind, "Location") != 0 ||
        strpbrk(there->pattern, "*?[") != NULL) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "AuthScheme of <Location %s> (%s:%d) does not hold at its "
                     "own path: <%s %s> (%s:%d) comes later and says %s",
                     path, here->file, here->line, there->kind, there->pattern,
                     there->file, there->line,
                     fa_schemes_text(scratch, winner));
        return true;
    }
    if (strlen(there->pattern) >= strlen(path))
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "AuthScheme of <Location %s> (%s:%d) is overridden by that of "
                 "the shorter <Location %s> (%s:%d), which is merged later: "
                 "write the shorter one first; in a virtual host, repeat the "
                 "longer one after it",
                 path, here->file, here->line, there->pattern, there->file,
                 there->line);
    return false;
}

bool fah_order_is_safe(apr_pool_t *scratch, server_rec *main_server)
{
    bool safe = true;

    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *sections = fah_locations(s);

        for (int i = 0; i < sections->nelts; i++) {
            const ap_conf_vector_t *section =
                APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
            const fa_policy *policy = fah_policy_in(section);
            const char *path = fah_plain_path(section);

            if (path && policy && policy->schemes)
                safe = judge(scratch, s, path, policy->schemes) && safe;
        }
    }
    return safe;
}
