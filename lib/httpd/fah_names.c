/* Limits looked at together: names, number, whether there are any.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include "fah_store.h"
#include "fah_walk.h"

static bool agrees(server_rec *s, apr_hash_t *by_name, const fa_limit *limit)
{
    const fa_limit *first =
        apr_hash_get(by_name, limit->name, APR_HASH_KEY_STRING);

    if (!first) {
        apr_hash_set(by_name, limit->name, APR_HASH_KEY_STRING, limit);
        return true;
    }
    if (strcmp(first->counter, limit->counter) == 0)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "RateLimit: name=%s (%s:%d) is another limit at %s:%d: one "
                 "name has one N/WINDOW, by= and on=, or choose two names",
                 limit->name, limit->section.file, limit->section.line,
                 first->section.file, first->section.line);
    return false;
}

bool fah_limit_names_agree(apr_pool_t *scratch, server_rec *main_server)
{
    apr_hash_t *by_name = apr_hash_make(scratch);
    bool agree = true;

    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *limits = fah_server_of(s)->said->limits;

        for (int i = 0; limits && i < limits->nelts; i++) {
            const fa_limit *limit = APR_ARRAY_IDX(limits, i, const fa_limit *);

            if (limit->is_named)
                agree = agrees(s, by_name, limit) && agree;
        }
    }
    return agree;
}

static bool fits(server_rec *s, apr_pool_t *scratch, const char *path,
                 const fa_section *said)
{
    const fa_limit *limits[FA_LIMITS_MAX];
    size_t count = fa_policy_limits(fah_policy_at(scratch, s, path), limits);

    if (count <= FA_LIMITS_MAX)
        return true;
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                 "RateLimit: %" APR_SIZE_T_FMT " limits hold in <Location %s> "
                 "(%s:%d), the throttles of failures included: more than %d "
                 "cannot be weighed at once",
                 count, path, said->file, said->line, FA_LIMITS_MAX);
    return false;
}

bool fah_limits_fit(apr_pool_t *scratch, server_rec *main_server)
{
    bool fit = true;

    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *sections = fah_locations(s);

        for (int i = 0; i < sections->nelts; i++) {
            const ap_conf_vector_t *section =
                APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
            const fa_policy *policy = fah_policy_in(section);
            const char *path = fah_plain_path(section);

            if (path && policy && policy->limits)
                fit = fits(s, scratch, path, policy->said) && fit;
        }
    }
    return fit;
}

/* A scheme whose secrets can be guessed has throttles of its own. */
static void look_for_guessable(const ap_directive_t *directive, void *context)
{
    if (strstr(directive->args, "basic") || strstr(directive->args, "api-key"))
        *(bool *)context = true;
}

bool fah_has_limits(server_rec *s)
{
    bool found = false;

    for (; s && !found; s = s->next)
        found = fah_server_of(s)->said->limits != NULL;
    fah_each("AuthScheme", look_for_guessable, &found);
    return found;
}
