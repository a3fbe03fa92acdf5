/* Directives of browsers: CORS, security headers.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_text.h"

#define SAID "it is said already in this section"

static const char *word_at(const fa_line *line, int index)
{
    return APR_ARRAY_IDX(line->words, index, const char *);
}

static bool stands_alone(const fa_line *line, const char *word)
{
    return line->words->nelts == 1 && strcmp(word_at(line, 0), word) == 0;
}

/* What the section says so far, to be added to. */
static fa_cors *cors_of(fa_line *line)
{
    fa_cors *own = apr_pcalloc(line->pool, sizeof *own);

    if (line->policy->cors)
        *own = *line->policy->cors;
    line->policy->cors = own;
    return own;
}

static const fa_section *place(const fa_line *line)
{
    return apr_pmemdup(line->pool, &line->section, sizeof line->section);
}

typedef const char *check(apr_pool_t *pool, const char *word);

/**
 * The words of a line as a list of const char *.
 *
 * also    "*" or "none", which stands alone; NULL for neither
 * check   what each word must be
 * expect  what is asked for where there is no word
 */
static const char *read_list(fa_line *line, const char *const *also,
                             check *is_wrong, const char *expect,
                             const apr_array_header_t **list)
{
    apr_array_header_t *read =
        apr_array_make(line->pool, line->words->nelts, sizeof(char *));
    const char *wrong = line->words->nelts > 0 ? NULL : expect;

    if (*list)
        return SAID;
    for (int i = 0; !wrong && i < line->words->nelts; i++) {
        const char *word = word_at(line, i);
        bool is_special = fa_parse_index(word, also) >= 0;

        if (is_special && line->words->nelts > 1)
            return apr_psprintf(line->pool, "'%s' stands alone", word);
        if (!is_special)
            wrong = is_wrong(line->pool, word);
        if (!wrong && fa_text_has_word(read, word))
            return apr_psprintf(line->pool, "'%s' is there twice", word);
        if (!stands_alone(line, "none") || !is_special)
            APR_ARRAY_PUSH(read, const char *) = word;
    }
    *list = read;
    return wrong;
}

static const char *method_is_wrong(apr_pool_t *pool, const char *word)
{
    char *upper = apr_pstrdup(pool, word);

    for (char *at = upper; *at; at++)
        *at = (char)apr_toupper(*at);
    if (!fa_text_is_token(word) || strchr(word, '*'))
        return apr_psprintf(pool, "'%s' is no method", word);
    if (strcmp(word, upper) != 0)
        return apr_psprintf(pool,
                            "'%s': methods are told apart by case: write %s",
                            word, upper);
    return NULL;
}

static const char *name_is_wrong(apr_pool_t *pool, const char *word)
{
    if (strcmp(word, "*") == 0)
        return "'*': name each header, so that none is exposed unseen";
    return fa_text_is_token(word) && !strchr(word, '*')
               ? NULL
               : apr_psprintf(pool, "'%s' is no header's name", word);
}

const char *fa_parse_cors_origin(fa_line *line)
{
    static const char *const also[] = {"*", "none", NULL};
    fa_cors *cors = cors_of(line);
    const char *wrong =
        read_list(line, also, fa_cors_origin_is_wrong,
                  "it takes origins, as https://app.example.com, or * or none",
                  &cors->origins);

    cors->origins_at = place(line);
    return wrong ? wrong : fa_cors_contradiction(line->pool, cors);
}

const char *fa_parse_cors_methods(fa_line *line)
{
    static const char *const also[] = {"*", NULL};

    return read_list(line, also, method_is_wrong,
                     "it takes methods, as GET PUT DELETE, or *",
                     &cors_of(line)->methods);
}

const char *fa_parse_cors_headers(fa_line *line)
{
    static const char *const also[] = {"*", "none", NULL};

    return read_list(line, also, name_is_wrong,
                     "it takes names of request headers, as Authorization "
                     "Content-Type, or * or none",
                     &cors_of(line)->headers);
}

const char *fa_parse_cors_expose_headers(fa_line *line)
{
    static const char *const also[] = {"none", NULL};

    return read_list(line, also, name_is_wrong,
                     "it takes names of response headers, as RateLimit "
                     "Retry-After, or none",
                     &cors_of(line)->exposed);
}

const char *fa_parse_cors_credentials(fa_line *line)
{
    static const char *const choices[] = {"off", "on", NULL};
    static const bool values[] = {false, true};
    fa_cors *cors = cors_of(line);
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (cors->credentials)
        return SAID;
    cors->credentials = &values[choice];
    cors->credentials_at = place(line);
    return fa_cors_contradiction(line->pool, cors);
}

const char *fa_parse_cors_max_age(fa_line *line)
{
    fa_cors *cors = cors_of(line);
    apr_int64_t seconds;
    const char *wrong;

    if (line->words->nelts != 1)
        return "it takes one duration, as 10m";
    if (cors->max_age_s)
        return SAID;
    wrong = fa_text_duration(line->pool, word_at(line, 0), &seconds);
    if (wrong)
        return wrong;
    if (seconds > FA_CORS_MAX_AGE_LIMIT_S)
        return apr_psprintf(line->pool,
                            "'%s' is more than a day, which no browser keeps: "
                            "at most 24h",
                            word_at(line, 0));
    cors->max_age_s = apr_pmemdup(line->pool, &seconds, sizeof seconds);
    return NULL;
}

/* --- SecurityHeaders ------------------------------------------------------ */

static const char *read_hsts(apr_pool_t *pool, const char *value,
                             fa_security_headers *headers)
{
    const char *wrong;

    if (strcasecmp(value, "off") == 0) {
        headers->hsts_s = -1;
        return NULL;
    }
    wrong = fa_text_duration(pool, value, &headers->hsts_s);
    return wrong ? apr_pstrcat(pool, "hsts=: ", wrong, ", or off", NULL) : NULL;
}

static const char *read_frame(apr_pool_t *pool, const char *value,
                              fa_security_headers *headers)
{
    static const char *const choices[] = {"off", "DENY", "SAMEORIGIN", NULL};
    int choice = fa_parse_index(value, choices);

    if (choice < 0)
        return apr_psprintf(pool, "frame=: '%s' is not DENY, SAMEORIGIN or off",
                            value);
    headers->frame = choice > 0 ? choices[choice] : NULL;
    return NULL;
}

static const char *read_csp(apr_pool_t *pool, const char *value,
                            fa_security_headers *headers)
{
    for (const char *at = value; *at; at++) {
        if (!apr_isascii(*at) || !apr_isprint(*at))
            return "csp=: a policy is printable ASCII";
    }
    if (!value[strspn(value, " ;")])
        return "csp=: there is nothing behind it: leave it out, or write "
               "csp=\"default-src 'none'\"";
    headers->csp = apr_pstrdup(pool, value);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*read)(apr_pool_t *pool, const char *value,
                        fa_security_headers *headers);
} options[] = {
    {"hsts=", read_hsts}, {"frame=", read_frame}, {"csp=", read_csp}};

#define OPTIONS (sizeof options / sizeof *options)

static const char *read_option(apr_pool_t *pool, const char *word,
                               unsigned *seen, fa_security_headers *headers)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        size_t size = strlen(options[i].name);

        if (strncmp(word, options[i].name, size) != 0)
            continue;
        if (*seen & 1u << i)
            return apr_pstrcat(pool, options[i].name, ": it is said twice",
                               NULL);
        *seen |= 1u << i;
        return options[i].read(pool, word + size, headers);
    }
    return apr_psprintf(pool,
                        "'%s' is none of hsts=SECONDS, frame=DENY, "
                        "csp=\"POLICY\"",
                        word);
}

const char *fa_parse_security_headers(fa_line *line)
{
    static const char *const choices[] = {"off", "on", NULL};
    fa_security_headers *headers = apr_pcalloc(line->pool, sizeof *headers);
    int on =
        line->words->nelts > 0 ? fa_parse_index(word_at(line, 0), choices) : -1;
    const char *wrong = NULL;
    unsigned seen = 0;

    if (on < 0)
        return line->words->nelts > 0
                   ? apr_psprintf(line->pool, "'%s' is not off or on",
                                  word_at(line, 0))
                   : "it takes on or off first";
    if (!on && line->words->nelts > 1)
        return "beside off stands nothing";
    if (line->policy->security_headers)
        return SAID;
    *headers = (fa_security_headers){.on = on == 1,
                                     .hsts_s = FA_HSTS_S,
                                     .frame = "DENY",
                                     .section = line->section};
    for (int i = 1; !wrong && i < line->words->nelts; i++)
        wrong = read_option(line->pool, word_at(line, i), &seen, headers);
    line->policy->security_headers = headers;
    return wrong;
}
