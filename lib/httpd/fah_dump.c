/* httpd -t -DDUMP_FASTAUTH: who may do what, section by section.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <stdio.h>

#include <http_core.h>
#include <http_protocol.h>

#include <apr_strings.h>

#include "fa_describe.h"
#include "fah_walk.h"

static const char *method_names(apr_pool_t *pool, apr_int64_t mask)
{
    const char *names = NULL;

    for (int i = 0; i < METHODS; i++) {
        /* HEAD has GET's number, and httpd may name either. */
        const char *name = !fa_methods_have(mask, i) ? NULL
                           : i == M_GET              ? "GET"
                                        : ap_method_name_of(pool, i);

        if (name)
            names = names ? apr_pstrcat(pool, names, ",", name, NULL) : name;
    }
    return names ? names : "no method";
}

static void print_lines(const apr_array_header_t *lines, const char *before)
{
    for (int i = 0; i < lines->nelts; i++)
        printf("%s%s\n", before, APR_ARRAY_IDX(lines, i, const char *));
}

static void print(apr_pool_t *pool, const char *title, const fa_policy *policy)
{
    apr_array_header_t *lines = fa_describe(pool, policy, method_names);

    printf("  %s\n", title);
    print_lines(lines, "    ");
    if (lines->nelts == 0)
        printf("    everybody may ask\n");
}

/* Sections that are not Locations: what each says by itself. */
static void print_sections(apr_pool_t *pool, const apr_array_header_t *sections,
                           const char *kind)
{
    for (int i = 0; sections && i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const core_dir_config *core = ap_get_core_module_config(section);
        const fa_policy *policy = fah_policy_in(section);

        if (policy)
            print(pool,
                  apr_psprintf(pool, "<%s%s %s>, on top of what it falls into",
                               kind, core->r ? "Match" : "", core->d),
                  policy);
        print_sections(pool, core->sec_file, "Files");
        print_sections(pool, core->sec_if, "If");
    }
}

static void print_locations(apr_pool_t *pool, server_rec *s)
{
    const apr_array_header_t *sections = fah_locations(s);

    for (int i = 0; i < sections->nelts; i++) {
        const ap_conf_vector_t *section =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const core_dir_config *core = ap_get_core_module_config(section);
        const char *path = fah_plain_path(section);

        if (!fah_policy_in(section))
            continue;
        if (path)
            print(pool, apr_psprintf(pool, "<Location %s>, all in all", path),
                  fah_policy_at(pool, s, path));
        else
            print(pool,
                  apr_psprintf(pool,
                               "<Location%s %s>, on top of what it falls "
                               "into",
                               core->r ? "Match" : "", core->d),
                  fah_policy_in(section));
        print_sections(pool, core->sec_if, "If");
    }
}

void fah_dump(apr_pool_t *pconf, server_rec *s)
{
    apr_pool_t *pool;

    if (!ap_exists_config_define("DUMP_FASTAUTH"))
        return;
    apr_pool_create(&pool, pconf);
    for (; s; s = s->next) {
        const core_server_config *core =
            ap_get_core_module_config(s->module_config);

        printf("%s %s:%u (%s)\n", s->is_virtual ? "virtual host" : "server",
               s->server_hostname ? s->server_hostname : "-", s->port,
               s->defn_name ? s->defn_name : "main");
        print_lines(fa_roles_describe(pool, fah_server_of(s)->said->roles),
                    "  ");
        print(pool, "outside every section",
              ap_get_module_config(s->lookup_defaults, &fastauth_module));
        print_sections(pool, core->sec_dir, "Directory");
        print_locations(pool, s);
    }
    /* httpd says `Syntax OK` on the other stream right after. */
    fflush(stdout);
    apr_pool_destroy(pool);
}
