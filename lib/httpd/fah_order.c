/* The order of sections must not open what a longer path closes.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "fah_walk.h"

/* A <Location> or <LocationMatch> of a server, in the order of their merge:
 * as written, a virtual host's after the main server's. */
typedef struct location {
    const fa_policy *policy; /* what it says itself */
    const char *path;        /* of a plain one; NULL: a pattern */
    const char *pattern;     /* as written */
} location;

static apr_array_header_t *locations_of(apr_pool_t *scratch,
                                        const server_rec *s)
{
    const apr_array_header_t *sections = fah_locations(s);
    apr_array_header_t *found =
        apr_array_make(scratch, sections->nelts, sizeof(location));

    for (int i = 0; i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const core_dir_config *core = ap_get_core_module_config(section);
        const fa_policy *policy = fah_policy_in(section);

        if (policy && policy->said)
            APR_ARRAY_PUSH(found, location) =
                (location){policy, fah_plain_path(section), core->d};
    }
    return found;
}

const char *fah_plain_start(apr_pool_t *scratch, const char *pattern)
{
    if (*pattern != '^')
        return "/";
    pattern++;
    return apr_pstrmemdup(scratch, pattern,
                          strcspn(pattern, "\\.[]{}()*+?|^$"));
}

/* Whether a plain section that is merged later takes in all that this one does,
 * and more. */
static bool is_wider(apr_pool_t *scratch, const location *later,
                     const location *longer)
{
    const char *path =
        longer->path ? longer->path : fah_plain_start(scratch, longer->pattern);

    return later->path && fah_path_is_below(path, later->path) &&
           (!longer->path || strlen(later->path) < strlen(longer->path));
}

/* Whether a section stands once more for what this one is for. */
static bool stands_for(const location *again, const location *longer)
{
    return !again->path == !longer->path &&
           strcmp(again->pattern, longer->pattern) == 0;
}

/* What of a later section counts where the longer one stands again behind it:
 * all that is not said there once more. */
static const fa_policy *not_repeated(apr_pool_t *scratch,
                                     const apr_array_header_t *locations,
                                     int later, const location *longer)
{
    const fa_policy *left = APR_ARRAY_IDX(locations, later, location).policy;

    for (int i = later + 1; i < locations->nelts; i++) {
        const location *again = &APR_ARRAY_IDX(locations, i, location);

        if (stands_for(again, longer))
            left = fa_policy_less(scratch, left, again->policy);
    }
    return left;
}

/* The operations of the last section behind an index that stands once more for
 * what this one is for; or NULL. */
static const fa_operations *said_again(const apr_array_header_t *locations,
                                       int index, const location *longer)
{
    const fa_operations *again = NULL;

    for (int i = index + 1; i < locations->nelts; i++) {
        const location *other = &APR_ARRAY_IDX(locations, i, location);

        if (stands_for(other, longer) && other->policy->operations)
            again = other->policy->operations;
    }
    return again;
}

/* The directive whose `none` in a later section takes a demand from an
 * operation that the longer one does not name again behind it; or NULL. */
static const char *lost_by_operation(const apr_array_header_t *locations,
                                     int later, const location *longer)
{
    const fa_demands *demands =
        APR_ARRAY_IDX(locations, later, location).policy->demands;
    const fa_demand *lost = fa_operations_lose(
        longer->policy->operations, demands ? demands->dropped : 0,
        said_again(locations, later, longer));

    return lost ? fa_demand_directive(lost->kind) : NULL;
}

/* The directive by which a later, shorter section opens this one, or NULL. */
static const char *opened_by(apr_pool_t *scratch,
                             const apr_array_header_t *locations, int later,
                             const location *longer)
{
    const char *what;

    if (!is_wider(scratch, &APR_ARRAY_IDX(locations, later, location), longer))
        return NULL;
    what = fa_policy_override(scratch, longer->policy,
                              not_repeated(scratch, locations, later, longer));
    return what ? what : lost_by_operation(locations, later, longer);
}

/* A plain path that is overridden is a mistake; a pattern may be meant so. */
static bool report(server_rec *s, const location *longer, const location *later,
                   const char *what)
{
    const fa_section *here = longer->policy->said;
    const fa_section *there = later->policy->said;

    ap_log_error(APLOG_MARK, longer->path ? APLOG_EMERG : APLOG_WARNING, 0, s,
                 "%s of <%s %s> (%s:%d) is overridden by the shorter <Location "
                 "%s> (%s:%d), which is merged later: write the shorter one "
                 "first; in a virtual host, repeat the longer one after it",
                 what, here->kind, longer->pattern, here->file, here->line,
                 later->pattern, there->file, there->line);
    return longer->path == NULL;
}

static bool judge_pairs(apr_pool_t *scratch, server_rec *s,
                        const apr_array_header_t *locations)
{
    bool safe = true;

    for (int i = 0; i < locations->nelts; i++) {
        const location *longer = &APR_ARRAY_IDX(locations, i, location);

        for (int j = i + 1; j < locations->nelts; j++) {
            const char *what = opened_by(scratch, locations, j, longer);

            if (what)
                safe = report(s, longer, &APR_ARRAY_IDX(locations, j, location),
                              what) &&
                       safe;
        }
    }
    return safe;
}

/* A demand of a section, or of an operation of it, that does not hold at the
 * section's own path and is not said again behind it; or NULL. */
static const fa_demand *lost_at(const fa_policy *own, const fa_policy *there,
                                const fa_operations *again)
{
    unsigned dropped = 0;

    for (int i = 0;
         own->demands && own->demands->list && i < own->demands->list->nelts;
         i++) {
        const fa_demand *demand =
            APR_ARRAY_IDX(own->demands->list, i, const fa_demand *);

        if (!fa_demands_hold(there->demands, demand))
            return demand;
    }
    for (int i = 0; own->operations && i < there->operations->sets->nelts;
         i++) {
        const fa_operations_in *in =
            &APR_ARRAY_IDX(there->operations->sets, i, fa_operations_in);

        if (in->set == fa_operations_own(own->operations))
            dropped = in->dropped;
    }
    return fa_operations_lose(own->operations, dropped, again);
}

/* The same of demands: a pattern that drops them may be meant so. */
static void warn_of_lost_demands(apr_pool_t *scratch, server_rec *s,
                                 const apr_array_header_t *locations)
{
    for (int i = 0; i < locations->nelts; i++) {
        const location *plain = &APR_ARRAY_IDX(locations, i, location);
        const fa_demand *lost =
            plain->path && (plain->policy->demands || plain->policy->operations)
                ? lost_at(plain->policy, fah_policy_at(scratch, s, plain->path),
                          said_again(locations, i, plain))
                : NULL;

        if (lost)
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "%s %s of <Location %s> (%s:%d) does not hold at its "
                         "own path: a section that comes later drops it",
                         fa_demand_name(lost), lost->text, plain->path,
                         lost->section.file, lost->section.line);
    }
}

/* A pattern that comes later may be meant to win at a plain path. */
static void warn_of_patterns(apr_pool_t *scratch, server_rec *s,
                             const apr_array_header_t *locations)
{
    for (int i = 0; i < locations->nelts; i++) {
        const location *plain = &APR_ARRAY_IDX(locations, i, location);
        const fa_schemes *own = plain->policy->schemes;
        const fa_schemes *winner;

        if (!plain->path || !own)
            continue;
        winner = fah_policy_at(scratch, s, plain->path)->schemes;
        if (winner == own || strcmp(winner->section.kind, "Location") == 0 ||
            strcmp(fa_schemes_text(scratch, winner),
                   fa_schemes_text(scratch, own)) == 0)
            continue;
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "AuthScheme of <Location %s> (%s:%d) does not hold at its "
                     "own path: <%s %s> (%s:%d) comes later and says %s",
                     plain->path, own->section.file, own->section.line,
                     winner->section.kind, winner->section.pattern,
                     winner->section.file, winner->section.line,
                     fa_schemes_text(scratch, winner));
    }
}

bool fah_order_is_safe(apr_pool_t *scratch, server_rec *main_server)
{
    bool safe = true;

    for (server_rec *s = main_server; s; s = s->next) {
        apr_array_header_t *locations = locations_of(scratch, s);

        safe = judge_pairs(scratch, s, locations) && safe;
        warn_of_patterns(scratch, s, locations);
        warn_of_lost_demands(scratch, s, locations);
    }
    return safe;
}
