/* A path for each operation, which httpd itself finds to be one of it.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_prove.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "fah_walk.h"

/* What stands for a parameter where nothing else is known: identifiers are
 * mostly numbers, and then words. Several, for one may be a template's literal.
 */
static const char *const usual_values[] = {"1", "a", "x1", "example"};
#define USUAL (sizeof usual_values / sizeof *usual_values)

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

/* Whether a request for a path would be judged by this very operation. */
static bool is_judged_by(apr_pool_t *pool, server_rec *s,
                         const fa_documented *one, const char *path)
{
    const fa_policy *policy = fah_policy_at(pool, s, path);

    return fa_operations_have(policy->operations, one->said, path,
                              (int)one->method);
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
        size_t size;

        path += strspn(path, "/");
        size = strcspn(path, "/");
        if (segment->is_parameter) {
            parameter = fa_sample_parameter(
                pool, segment->text,
                pattern ? fa_sample_group(pool, pattern, segment->text) : NULL);
            parameter.example = apr_pstrmemdup(pool, path, size);
            APR_ARRAY_PUSH(found, fa_parameter) = parameter;
        }
        path += size;
    }
    return found;
}

static const char *prove_plain(apr_pool_t *pool, server_rec *s,
                               const char *base, fa_documented *one)
{
    const fa_operation *said = one->said;
    const fa_template *template = said->path;
    const char *sample = said->example;

    one->path = template ? join(pool, base, template->text) : base;
    if (sample && !is_judged_by(pool, s, one, sample))
        return apr_psprintf(pool, "example=%s is not a path that it is for",
                            sample);
    for (size_t i = 0; !sample && i < USUAL; i++) {
        const char *path =
            template
                ? join(pool, base, fill(pool, template, NULL, usual_values[i]))
                : base;

        if (is_judged_by(pool, s, one, path))
            sample = path;
    }
    if (!sample)
        return give_example;
    one->sample = sample;
    if (template)
        one->parameters =
            parameters_of(pool, template, sample, fa_path_segments(base), NULL);
    return NULL;
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
    for (size_t i = 0; i < USUAL; i++) {
        const char *path = fill(pool, template, values, usual_values[i]);

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
    if (!wrong && core->r && !is_judged_by(pool, s, one, one->sample))
        return give_example;
    return wrong;
}
