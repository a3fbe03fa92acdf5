/* Directives of limits.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "fa_store.h"

static const char *drop(fa_line *line)
{
    bool failure_only = line->words->nelts == 2 &&
                        strcmp(fa_parse_word(line, 1), "on=failure") == 0;

    if (line->words->nelts > 1 && !failure_only)
        return "beside none stands nothing but on=failure";
    if (line->methods != -1)
        return "none cannot stand in <Limit>: it would drop what holds for "
               "other methods too";
    if (line->conditional)
        return "none cannot stand in <If>";
    line->policy->limits =
        fa_limits_drop(line->pool, line->policy->limits, failure_only);
    return NULL;
}

const char *fa_parse_rate_limit(fa_line *line)
{
    fa_section section = line->section;
    const fa_limit *limit;
    const char *wrong;

    if (line->words->nelts == 0)
        return "it takes N/WINDOW, as 100/1h, or none";
    if (strcmp(fa_parse_word(line, 0), "none") == 0)
        return drop(line);
    /* <Files x> in two directories are two sections, with two counters. */
    if (line->within)
        section.pattern =
            apr_pstrcat(line->pool, line->within, line->section.pattern, NULL);
    wrong = fa_limit_parse(line->pool, line->words, &section, line->methods,
                           &limit);
    if (wrong)
        return wrong;
    if (line->policy->limits && line->policy->limits->list &&
        line->policy->limits->list->nelts >= FA_LIMITS_MAX / 4)
        return apr_psprintf(line->pool, "more than %d limits in one section",
                            FA_LIMITS_MAX / 4);
    line->policy->limits =
        fa_limits_add(line->pool, line->policy->limits, limit);
    if (!line->server->limits)
        line->server->limits =
            apr_array_make(line->pool, 4, sizeof(const fa_limit *));
    APR_ARRAY_PUSH(line->server->limits, const fa_limit *) = limit;
    return NULL;
}

const char *fa_parse_rate_limit_status(fa_line *line)
{
    static const char *const choices[] = {"429", "403", NULL};
    static const int statuses[] = {429, 403};
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (line->policy->limit_status)
        return "it is said already in this section";
    line->policy->limit_status = &statuses[choice];
    return NULL;
}

/* A number of bytes, with K, M or G behind it. */
static bool parse_size(const char *text, size_t *bytes)
{
    static const char units[] = "KMG";
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;
    unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

    if (*text < '0' || *text > '9' || (*end && (!unit || end[1])) ||
        number > FA_STORE_SIZE_MAX >> shift)
        return false;
    *bytes = (size_t)number << shift;
    return *bytes >= FA_STORE_SIZE_MIN;
}

const char *fa_parse_rate_limit_store(fa_line *line)
{
    const char *word = line->words->nelts == 1 ? fa_parse_word(line, 0) : "";
    size_t bytes;

    if (strncmp(word, "shm", 3) != 0 || (word[3] && word[3] != ':'))
        return "it takes shm or shm:SIZE, as shm:64M";
    if (line->is_virtual)
        return "it is the main server's only: all virtual hosts share it";
    if (line->server->store_bytes)
        return "it is said already";
    if (!word[3])
        return NULL;
    if (!parse_size(word + 4, &bytes))
        return apr_psprintf(line->pool,
                            "'%s' is no size from 1M to 256G, as "
                            "64M",
                            word + 4);
    line->server->store_bytes = apr_pmemdup(line->pool, &bytes, sizeof bytes);
    return NULL;
}
