/* What a section allows how often (RateLimit).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_limit.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "fa_text.h"

#define PARTS "ip, user, api-key, location, claim:NAME, header:NAME"

/* N of N/WINDOW; *text is left at what follows it. */
static bool parse_count(const char **text, uint32_t most, uint32_t *count)
{
    char *end;
    unsigned long long value = strtoull(*text, &end, 10);

    if (**text < '0' || **text > '9' || value < 1 || value > most)
        return false;
    *count = (uint32_t)value;
    *text = end;
    return true;
}

static const char *parse_rate(apr_pool_t *pool, const char *word, fa_rate *rate)
{
    const char *rest = word, *wrong;
    apr_int64_t seconds;

    if (!parse_count(&rest, FA_RATE_LIMIT_MAX, &rate->limit) || *rest != '/')
        return apr_psprintf(pool,
                            "'%s' is no N/WINDOW as in 100/1h, N from 1 "
                            "to %d",
                            word, FA_RATE_LIMIT_MAX);
    wrong = fa_text_duration(pool, rest + 1, &seconds);
    if (wrong)
        return apr_psprintf(pool, "window %s", wrong);
    if (seconds < 1 || seconds > FA_RATE_WINDOW_MAX_US / 1000000)
        return apr_psprintf(pool, "window '%s' is not from 1s to 100d",
                            rest + 1);
    rate->window_us = seconds * 1000000;
    return NULL;
}

static const char *parse_part(apr_pool_t *pool, const char *part,
                              fa_limit *limit)
{
    static const struct {
        const char *name;
        fa_limit_by by;
    } plain[] = {{"ip", FA_BY_IP},
                 {"user", FA_BY_USER},
                 {"api-key", FA_BY_API_KEY},
                 {"location", FA_BY_LOCATION}};
    unsigned by = 0;

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(plain[i].name, part) == 0)
            by = plain[i].by;
    }
    if (strncmp(part, "claim:", 6) == 0 && part[6]) {
        by = FA_BY_CLAIM;
        limit->claim = part + 6;
    }
    if (strncmp(part, "header:", 7) == 0 && fa_text_is_token(part + 7)) {
        by = FA_BY_HEADER;
        limit->header = part + 7;
    }
    if (!by)
        return apr_psprintf(pool, "by=: '%s' is none of " PARTS, part);
    if (limit->by & by)
        return apr_psprintf(pool, "by=: '%s' stands there twice", part);
    limit->by |= by;
    return NULL;
}

static const char *parse_by(apr_pool_t *pool, const char *text, fa_limit *limit)
{
    const char *wrong = NULL;

    if (limit->by)
        return "by= is said twice; parts stand with commas between them";
    while (!wrong) {
        size_t size = strcspn(text, ",");

        wrong = parse_part(pool, apr_pstrmemdup(pool, text, size), limit);
        if (!text[size])
            break;
        text += size + 1;
    }
    return wrong;
}

static const char *parse_option(apr_pool_t *pool, const char *word,
                                fa_limit *limit)
{
    const char *rest;

    if (strncmp(word, "by=", 3) == 0)
        return parse_by(pool, word + 3, limit);
    if (strcmp(word, "on=failure") == 0) {
        limit->on_failure = true;
        return NULL;
    }
    if (strncmp(word, "name=", 5) == 0) {
        if (limit->name || !word[5] ||
            fa_text_has_control(word, strlen(word)) ||
            !fa_text_is_utf8(word, strlen(word)) || strlen(word + 5) > 64)
            return "name= takes one name of 1 to 64 bytes of UTF-8, none of "
                   "them a control character";
        limit->name = word + 5;
        return NULL;
    }
    if (strncmp(word, "cost=", 5) == 0) {
        rest = word + 5;
        if (limit->cost ||
            !parse_count(&rest, limit->rate.limit, &limit->cost) || *rest)
            return apr_psprintf(pool,
                                "'%s' is no number from 1 to the limit, "
                                "%u",
                                word, limit->rate.limit);
        return NULL;
    }
    return apr_psprintf(pool, "'%s' is none of by=, name=, cost=, on=failure",
                        word);
}

/* Everything that makes it another limit, and nothing that moves when a line is
 * added above it: a graceful restart must find its counters again. */
static const char *counter_of(apr_pool_t *pool, const fa_limit *limit)
{
    return apr_psprintf(pool,
                        "%s%c%s%c%s%c%" APR_INT64_T_FMT
                        "%c%u%c%s%c%s%c%u/%" APR_INT64_T_FMT "%c%d",
                        limit->is_named ? limit->name : "", 1,
                        limit->is_named ? "" : limit->section.kind, 1,
                        limit->is_named ? "" : limit->section.pattern, 1,
                        limit->is_named ? (apr_int64_t)-1 : limit->methods, 1,
                        limit->by, 1, limit->claim ? limit->claim : "", 1,
                        limit->header ? limit->header : "", 1,
                        limit->rate.limit, (apr_int64_t)limit->rate.window_us,
                        1, limit->on_failure);
}

const char *fa_limit_parse(apr_pool_t *pool, const apr_array_header_t *words,
                           const fa_section *section, apr_int64_t methods,
                           const fa_limit **limit)
{
    fa_limit *parsed = apr_pcalloc(pool, sizeof *parsed);
    const char *rate = APR_ARRAY_IDX(words, 0, const char *);
    const char *wrong = parse_rate(pool, rate, &parsed->rate);

    parsed->section = *section;
    parsed->methods = methods;
    for (int i = 1; !wrong && i < words->nelts; i++)
        wrong =
            parse_option(pool, APR_ARRAY_IDX(words, i, const char *), parsed);
    if (!wrong && parsed->on_failure && parsed->by & FA_BY_CLAIM)
        wrong = "on=failure is weighed before there are claims: by=claim "
                "cannot stand beside it";
    if (wrong)
        return wrong;
    if (!parsed->by)
        parsed->by = FA_BY_IP;
    if (!parsed->cost)
        parsed->cost = 1;
    parsed->is_named = parsed->name != NULL;
    if (!parsed->name)
        parsed->name = rate;
    parsed->counter = counter_of(pool, parsed);
    *limit = parsed;
    return NULL;
}

static fa_limits *copy(apr_pool_t *pool, const fa_limits *limits)
{
    fa_limits *copied = apr_pcalloc(pool, sizeof *copied);

    if (limits)
        *copied = *limits;
    return copied;
}

const fa_limits *fa_limits_add(apr_pool_t *pool, const fa_limits *limits,
                               const fa_limit *limit)
{
    fa_limits *more = copy(pool, limits);
    apr_array_header_t *list =
        more->list ? apr_array_copy(pool, more->list)
                   : apr_array_make(pool, 2, sizeof(const fa_limit *));

    APR_ARRAY_PUSH(list, const fa_limit *) = limit;
    more->list = list;
    return more;
}

const fa_limits *fa_limits_drop(apr_pool_t *pool, const fa_limits *limits,
                                bool failure_only)
{
    fa_limits *less = copy(pool, limits);

    less->drops_failure = true;
    less->drops_all = less->drops_all || !failure_only;
    return less;
}

const fa_limits *fa_limits_merge(apr_pool_t *pool, const fa_limits *parent,
                                 const fa_limits *child)
{
    fa_limits *merged;
    apr_array_header_t *list;

    if (!parent || !child)
        return parent ? parent : child;
    merged = copy(pool, parent);
    merged->drops_all = parent->drops_all || child->drops_all;
    merged->drops_failure = parent->drops_failure || child->drops_failure;
    list = apr_array_make(pool, 4, sizeof(const fa_limit *));
    for (int i = 0; parent->list && i < parent->list->nelts; i++) {
        const fa_limit *limit =
            APR_ARRAY_IDX(parent->list, i, const fa_limit *);

        if (!child->drops_all && !(child->drops_failure && limit->on_failure))
            APR_ARRAY_PUSH(list, const fa_limit *) = limit;
    }
    if (child->list)
        apr_array_cat(list, child->list);
    merged->list = list;
    return merged;
}

const fa_limits *fa_limits_usual(apr_pool_t *pool, const fa_section *section)
{
    static const char *const lines[][3] = {
        {"30/1m", "by=ip,user", "on=failure"},
        {"300/1m", "by=ip", "on=failure"}};
    const fa_limits *limits = NULL;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        apr_array_header_t *words = apr_array_make(pool, 3, sizeof(char *));
        const fa_limit *limit;
        fa_limit *throttle;

        for (size_t j = 0; j < 3; j++)
            APR_ARRAY_PUSH(words, const char *) = lines[i][j];
        if (fa_limit_parse(pool, words, section, -1, &limit))
            continue;
        throttle = apr_pmemdup(pool, limit, sizeof *limit);
        throttle->guessable_only = true;
        limits = fa_limits_add(pool, limits, throttle);
    }
    return limits;
}

bool fa_limit_needs_identity(const fa_limit *limit)
{
    return !limit->on_failure &&
           limit->by & (FA_BY_USER | FA_BY_API_KEY | FA_BY_CLAIM);
}

bool fa_limits_same(const fa_limits *a, const fa_limits *b)
{
    int count_a = a && a->list ? a->list->nelts : 0;
    int count_b = b && b->list ? b->list->nelts : 0;

    return count_a == count_b &&
           (a && a->drops_failure) == (b && b->drops_failure) &&
           (count_a == 0 || memcmp(a->list->elts, b->list->elts,
                                   (size_t)count_a * sizeof(void *)) == 0);
}

bool fa_limits_lose(const fa_limits *limits, const fa_limits *later)
{
    for (int i = 0; limits && limits->list && i < limits->list->nelts; i++) {
        const fa_limit *limit =
            APR_ARRAY_IDX(limits->list, i, const fa_limit *);

        if (later->drops_all || (later->drops_failure && limit->on_failure))
            return true;
    }
    return false;
}
