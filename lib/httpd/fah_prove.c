/* A path for each operation, which httpd itself finds to be one of it.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_prove.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "fa_path.h"
#include "fah_endpoint.h"
#include "fah_walk.h"

/* What stands for a parameter where nothing else is known: identifiers are
 * mostly numbers, and then words. Three of each, for one may be a template's
 * literal, or have a section of its own. */
#define KINDS 2
#define EACH  3
static const char *const usual_values[KINDS][EACH] = {{"1", "7", "4711"},
                                                      {"a", "x1", "example"}};

static const char give_example[] =
    "no path that it is for could be made from its text: give one by "
    "example=/...";

/* --- in a <Location> ------------------------------------------------------ */

/* A section's path and a template behind it, one slash between them; the
 * template `/` is the section's own path. */
static const char *join(apr_pool_t *pool, const char *base, const char *behind)
{
    size_t size = strlen(base);

    if (strcmp(behind, "/") == 0)
        return base;
    while (size > 0 && base[size - 1] == '/')
        size--;
    return apr_pstrcat(pool, apr_pstrmemdup(pool, base, size), behind, NULL);
}

/* The template with a value in the place of each parameter; values has one for
 * each segment (NULL: the usual one). */
static const char *fill(apr_pool_t *pool, const fa_template *template,
                        const char *const *values, const char *usual)
{
    const char *path = "";

    for (int i = 0; i < template->segments->nelts; i++) {
        const fa_segment *segment =
            &APR_ARRAY_IDX(template->segments, i, fa_segment);
        const char *text = segment->text;

        if (segment->is_parameter)
            text = values && values[i] ? values[i] : usual;
        path = apr_pstrcat(pool, path, "/", text, NULL);
    }
    return *path ? path : "/";
}

/* A path, and what holds there. */
typedef struct witness {
    const char *path;
    const fa_policy *policy; /* NULL: another operation is what judges it */
    fa_endpoint endpoint;
} witness;

/* Ask what holds for a path, where a request for it would be judged by this
 * very operation. */
static witness ask(apr_pool_t *pool, server_rec *s, const fa_documented *one,
                   const char *path)
{
    request_rec *r = fah_walk(pool, s, path);
    const fa_policy *policy = fah_policy_of(r);
    bool is_it = fa_operations_have(policy->operations, one->said, path,
                                    (int)one->method);

    return (witness){path,
                     is_it ? fa_policy_for(pool, policy, path, (int)one->method)
                           : NULL,
                     fah_endpoint_at(r)};
}

static bool agree(apr_pool_t *scratch, const witness *a, const witness *b)
{
    return a->policy && b->policy && a->endpoint == b->endpoint &&
           fa_policy_alike(scratch, a->policy, b->policy);
}

bool fah_is_judged_by(apr_pool_t *pool, server_rec *s, const fa_documented *one,
                      const char *path)
{
    apr_pool_t *scratch;
    bool is_judged;

    apr_pool_create(&scratch, pool);
    is_judged = ask(scratch, s, one, path).policy != NULL;
    apr_pool_destroy(scratch);
    return is_judged;
}

/* The parameters of a template, with their values in a path behind base. */
static apr_array_header_t *parameters_of(apr_pool_t *pool,
                                         const fa_template *template,
                                         const char *path, size_t depth,
                                         const char *pattern)
{
    apr_array_header_t *found = apr_array_make(pool, 2, sizeof(fa_parameter));

    path = fa_path_behind(path, depth);
    for (int i = 0; i < template->segments->nelts; i++) {
        const fa_segment *segment =
            &APR_ARRAY_IDX(template->segments, i, fa_segment);
        fa_parameter parameter;
        const char *text;
        size_t size;

        fa_path_next(&path, &text, &size);
        if (segment->is_parameter) {
            parameter = fa_sample_parameter(
                pool, segment->text,
                pattern ? fa_sample_group(pool, pattern, segment->text) : NULL);
            parameter.example = apr_pstrmemdup(pool, text, size);
            APR_ARRAY_PUSH(found, fa_parameter) = parameter;
        }
    }
    return found;
}

/* The first of three that another one agrees with, or NULL: what holds for one
 * alone is that one's own. */
static const witness *agreed(apr_pool_t *scratch, const witness heard[EACH])
{
    for (int i = 0; i < EACH; i++) {
        for (int j = i + 1; j < EACH; j++) {
            if (agree(scratch, &heard[i], &heard[j]))
                return &heard[i];
        }
    }
    return NULL;
}

/* A sample of a template: sample receives a path of pool. Returns NULL, or what
 * is wrong. */
static const char *sample_of_template(apr_pool_t *pool, apr_pool_t *scratch,
                                      server_rec *s, const char *base,
                                      const fa_documented *one,
                                      const char **sample)
{
    witness heard[KINDS][EACH];
    const witness *found[KINDS], *best;

    for (int kind = 0; kind < KINDS; kind++) {
        for (int i = 0; i < EACH; i++) {
            const char *path = join(
                scratch, base,
                fill(scratch, one->said->path, NULL, usual_values[kind][i]));

            heard[kind][i] = ask(scratch, s, one, path);
        }
        found[kind] = agreed(scratch, heard[kind]);
    }
    best = found[0] ? found[0] : found[1];
    if (!best)
        return give_example;
    if (found[0] && found[1] && !agree(scratch, found[0], found[1]))
        return apr_psprintf(pool,
                            "other sections make %s and %s differ: say by "
                            "example= which of them the document describes, or "
                            "name the other by an operation of its own",
                            found[0]->path, found[1]->path);
    *sample = apr_pstrdup(pool, best->path);
    return NULL;
}

/* The path of an operation that is not an example's. */
static const char *find_sample(apr_pool_t *pool, server_rec *s,
                               const char *base, const fa_documented *one,
                               const char **sample)
{
    const fa_template *template = one->said->path;
    const char *path = template ? one->path : base, *wrong;
    apr_pool_t *scratch;

    if (!strchr(path, '{')) {
        *sample = path;
        return fah_is_judged_by(pool, s, one, path) ? NULL : give_example;
    }
    apr_pool_create(&scratch, pool);
    wrong = sample_of_template(pool, scratch, s, base, one, sample);
    apr_pool_destroy(scratch);
    return wrong;
}

static const char *prove_plain(apr_pool_t *pool, server_rec *s,
                               const char *base, fa_documented *one)
{
    const fa_template *template = one->said->path;
    const char *example = one->said->example, *wrong;

    one->path = template ? join(pool, base, template->text) : base;
    one->sample = example;
    if (example && !fah_is_judged_by(pool, s, one, example))
        return apr_psprintf(pool, "example=%s is not a path that it is for",
                            example);
    wrong = example ? NULL : find_sample(pool, s, base, one, &one->sample);
    if (!wrong && template)
        one->parameters = parameters_of(pool, template, one->sample,
                                        fa_path_segments(base), NULL);
    return wrong;
}

/* --- in a <LocationMatch> ------------------------------------------------- */

static bool is_matched(const core_dir_config *core, const char *path)
{
    return ap_regexec(core->r, path, 0, NULL, 0) == 0;
}

/* PATH filled in, each parameter by the group of its name where there is one.
 */
static const char *sample_of_path(apr_pool_t *pool, const core_dir_config *core,
                                  const fa_template *template)
{
    const char *values[FA_TEMPLATE_MAX_SEGMENTS];

    for (int i = 0; i < template->segments->nelts; i++) {
        const fa_segment *segment =
            &APR_ARRAY_IDX(template->segments, i, fa_segment);
        const char *group = segment->is_parameter
                                ? fa_sample_group(pool, core->d, segment->text)
                                : NULL;

        values[i] =
            group ? fa_sample_parameter(pool, segment->text, group).example
                  : NULL;
    }
    for (int i = 0; i < KINDS * EACH; i++) {
        const char *path =
            fill(pool, template, values, usual_values[i / EACH][i % EACH]);

        if (is_matched(core, path))
            return path;
    }
    return NULL;
}

static const char *prove_pattern(apr_pool_t *pool, const core_dir_config *core,
                                 fa_documented *one)
{
    const fa_operation *said = one->said;
    const fa_template *template = said->path;
    apr_array_header_t *parameters = NULL;
    const char *sample = said->example;

    one->path =
        template ? template->text : fa_sample_path(pool, core->d, &parameters);
    if (!one->path)
        return "the pattern does not say how its path is to be printed: "
               "write PATH, as /users/{user_id}, behind the method";
    if (sample && (!is_matched(core, sample) ||
                   (template && !fa_template_matches(template, sample))))
        return apr_psprintf(pool, "example=%s is not a path that it is for",
                            sample);
    if (!sample)
        sample = template ? sample_of_path(pool, core, template)
                          : fa_sample_of(pool, core->d);
    if (!sample || !is_matched(core, sample))
        return give_example;
    one->sample = sample;
    one->parameters = template
                          ? parameters_of(pool, template, sample, 0, core->d)
                          : parameters;
    return NULL;
}

const char *fah_prove(apr_pool_t *pool, server_rec *s,
                      const ap_conf_vector_t *section, fa_documented *one)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const char *wrong = core->r ? prove_pattern(pool, core, one)
                                : prove_plain(pool, s, core->d, one);

    /* Sections may have changed what httpd makes of the path. */
    if (!wrong && core->r && !fah_is_judged_by(pool, s, one, one->sample))
        return give_example;
    return wrong;
}
