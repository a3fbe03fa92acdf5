/* Directives of a section: schemes, demands, answers.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_pairs.h"
#include "fa_text.h"

#define SAID "it is said already in this section"

/* How long a verified password is remembered where nothing is said. */
#define PASSWORD_CACHE_S 60

/* And at the most: a day. */
#define PASSWORD_CACHE_MAX_S 86400

const char *fa_parse_no_identity(const fa_line *line)
{
    const fa_schemes *schemes = line->policy->schemes;
    const fa_demand *demand =
        fa_demands_find(line->policy->demands, FA_DEMANDS_OF_IDENTITY);

    if (!demand)
        demand = fa_operations_lose(line->policy->operations,
                                    FA_DEMANDS_OF_IDENTITY, NULL);
    if (!schemes || fa_schemes_in_force(schemes) || !demand)
        return NULL;
    return apr_psprintf(line->pool,
                        "AuthScheme none (line %d) and %s (line "
                        "%d) contradict each other in one section",
                        schemes->section.line, fa_demand_name(demand),
                        demand->section.line);
}

const char *fa_parse_scheme(fa_line *line)
{
    const char *wrong;

    if (line->words->nelts == 0)
        return "it takes at least one scheme, or none";
    if (line->policy->schemes)
        return SAID "; alternatives stand in one line";
    wrong = fa_schemes_parse(line->pool, line->words, &line->section,
                             &line->policy->schemes);
    if (wrong)
        return wrong;
    if (!fa_schemes_in_force(line->policy->schemes))
        line->policy->demands = fa_demands_drop(
            line->pool, line->policy->demands, FA_DEMANDS_OF_IDENTITY);
    return fa_parse_no_identity(line);
}

static const char *parse_source(fa_line *line, const char *word,
                                fa_token_source *source)
{
    const char *name = strchr(word, ':');

    if (strcmp(word, "header") == 0)
        *source = (fa_token_source){FA_TOKEN_HEADER, NULL};
    else if (strncmp(word, "cookie:", 7) == 0)
        *source = (fa_token_source){FA_TOKEN_COOKIE, name + 1};
    else if (strncmp(word, "query:", 6) == 0)
        *source = (fa_token_source){FA_TOKEN_QUERY, name + 1};
    else
        return apr_psprintf(line->pool,
                            "'%s' is none of header, cookie:NAME, "
                            "query:NAME",
                            word);
    if (source->name && !fa_text_is_token(source->name))
        return apr_psprintf(line->pool, "'%s': the name is no token of HTTP",
                            word);
    if (source->place == FA_TOKEN_QUERY && !fa_query_is_name(source->name))
        return apr_psprintf(line->pool, "'%s': a query would escape that name",
                            word);
    return NULL;
}

const char *fa_parse_token_source(fa_line *line)
{
    apr_array_header_t *sources;
    const char *wrong = NULL;

    if (line->words->nelts == 0)
        return "it takes header, cookie:NAME or query:NAME";
    if (line->policy->token_sources)
        return SAID;
    sources =
        apr_array_make(line->pool, line->words->nelts, sizeof(fa_token_source));
    for (int i = 0; !wrong && i < line->words->nelts; i++)
        wrong =
            parse_source(line, fa_parse_word(line, i), apr_array_push(sources));
    line->policy->token_sources = sources;
    return wrong;
}

const char *fa_parse_passwords(fa_line *line)
{
    fa_passwords *passwords = apr_pcalloc(line->pool, sizeof *passwords);
    const char *wrong;

    if (line->policy->passwords)
        return SAID;
    passwords->cache_s = PASSWORD_CACHE_S;
    passwords->section = line->section;
    passwords->providers = apr_array_make(line->pool, 2, sizeof(char *));
    for (int i = 0; i < line->words->nelts; i++) {
        const char *word = fa_parse_word(line, i);

        if (strncmp(word, "cache=", 6) == 0) {
            wrong = fa_text_duration(line->pool, word + 6, &passwords->cache_s);
            if (wrong)
                return wrong;
            if (passwords->cache_s > PASSWORD_CACHE_MAX_S)
                return apr_psprintf(line->pool, "'%s' is more than a day",
                                    word);
            continue;
        }
        if (!line->has_provider(word))
            return apr_psprintf(line->pool,
                                "httpd has no authentication "
                                "provider '%s': is its module "
                                "loaded before this line?",
                                word);
        APR_ARRAY_PUSH(passwords->providers, const char *) = word;
    }
    if (passwords->providers->nelts == 0)
        return "it takes at least one of httpd's authentication providers, as "
               "file";
    line->policy->passwords = passwords;
    return NULL;
}

const char *fa_parse_require_tls(fa_line *line)
{
    static const char *const choices[] = {"off", "on", "loopback", NULL};
    static const fa_tls_rule rules[] = {FA_TLS_OFF, FA_TLS_ON,
                                        FA_TLS_UNLESS_LOOPBACK};
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (line->policy->tls)
        return SAID;
    line->policy->tls = &rules[choice];
    return NULL;
}

/* on or off into one of a policy's fields. */
static const char *parse_switch(const fa_line *line, const bool **field)
{
    static const char *const choices[] = {"off", "on", NULL};
    static const bool values[] = {false, true};
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (*field)
        return SAID;
    *field = &values[choice];
    return NULL;
}

const char *fa_parse_report_only(fa_line *line)
{
    static const char *const choices[] = {"off", "on", "header", NULL};
    static const fa_report_rule rules[] = {FA_REPORT_OFF, FA_REPORT_ON,
                                           FA_REPORT_HEADER};
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (line->policy->report_only)
        return SAID;
    line->policy->report_only = &rules[choice];
    return NULL;
}

const char *fa_parse_strip_credentials(fa_line *line)
{
    return parse_switch(line, &line->policy->strip_credentials);
}

const char *fa_parse_error_format(fa_line *line)
{
    static const char *const choices[] = {"problem", "fastopenapi", "httpd",
                                          NULL};
    static const fa_error_format formats[] = {
        FA_ERROR_PROBLEM, FA_ERROR_FASTOPENAPI, FA_ERROR_HTTPD};
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (line->policy->error_format)
        return SAID;
    line->policy->error_format = &formats[choice];
    return NULL;
}

const char *fa_parse_identity_headers(fa_line *line)
{
    const char *prefix;

    if (line->words->nelts != 1)
        return "it takes a prefix, as X-Auth-, or off";
    if (line->policy->identity_prefix)
        return SAID;
    prefix = fa_parse_word(line, 0);
    if (strcasecmp(prefix, "off") == 0)
        prefix = "";
    else if (!fa_text_is_token(prefix))
        return apr_psprintf(line->pool, "'%s' is no start of a header's name",
                            prefix);
    line->policy->identity_prefix = prefix;
    return NULL;
}
