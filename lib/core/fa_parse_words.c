/* The parts that directives share: sources, lists, choices.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <stdlib.h>
#include <string.h>

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_text.h"

/* No secret, key or key set is larger, in bytes. */
#define SOURCE_MAX ((apr_off_t)1024 * 1024)

static const char *read_file(apr_pool_t *pool, const char *path,
                             const char **bytes, apr_size_t *size)
{
    char reason[120];
    apr_finfo_t facts;
    apr_file_t *file;
    char *text = NULL;
    apr_status_t status = apr_file_open(&file, path, APR_FOPEN_READ, 0, pool);

    if (status == APR_SUCCESS) {
        status =
            apr_file_info_get(&facts, APR_FINFO_SIZE | APR_FINFO_TYPE, file);
        if (status == APR_SUCCESS &&
            (facts.filetype != APR_REG || facts.size > SOURCE_MAX))
            status = APR_EINVAL;
        if (status == APR_SUCCESS) {
            text = apr_pcalloc(pool, (apr_size_t)facts.size + 1);
            *size = (apr_size_t)facts.size;
            if (*size > 0)
                status = apr_file_read_full(file, text, *size, NULL);
        }
        apr_file_close(file);
    }
    if (status != APR_SUCCESS)
        return apr_psprintf(pool, "the file '%s' cannot be read: %s", path,
                            apr_strerror(status, reason, sizeof reason));
    *bytes = text;
    return NULL;
}

const char *fa_parse_source(apr_pool_t *pool, const char *root,
                            const char *source, bool trim, const char **bytes,
                            apr_size_t *size)
{
    const char *wrong;
    char *path;

    if (strncmp(source, "env:", 4) == 0) {
        const char *value = getenv(source + 4);

        if (!value || !*value)
            return apr_psprintf(pool, "the environment variable '%s' is %s",
                                source + 4, value ? "empty" : "not set");
        *bytes = apr_pstrdup(pool, value);
        *size = strlen(value);
        return NULL;
    }
    /* What follows may be the secret itself: it is not repeated. */
    if (strncmp(source, "file:", 5) != 0 || !source[5])
        return "the source must be env:NAME or file:PATH";
    if (apr_filepath_merge(&path, root, source + 5, APR_FILEPATH_TRUENAME,
                           pool) != APR_SUCCESS)
        return apr_psprintf(pool, "'%s' is no path", source + 5);
    if ((wrong = read_file(pool, path, bytes, size)) != NULL)
        return wrong;
    if (trim && *size > 0 && (*bytes)[*size - 1] == '\n')
        (*size)--;
    if (trim && *size > 0 && (*bytes)[*size - 1] == '\r')
        (*size)--;
    if (*size == 0)
        return apr_psprintf(pool, "the file '%s' is empty", path);
    return NULL;
}

const char *fa_parse_word(const fa_line *line, int index)
{
    return index < line->words->nelts
               ? APR_ARRAY_IDX(line->words, index, const char *)
               : NULL;
}

bool fa_parse_is_none(const fa_line *line)
{
    return line->words->nelts == 1 &&
           strcmp(fa_parse_word(line, 0), "none") == 0;
}

/* Copy up to the end of a word: a quote, or a space where quote is 0. Returns
 * what follows. */
static const char *copy_word(const char *from, char quote, char **to)
{
    while (*from && (quote ? *from != quote : !apr_isspace(*from))) {
        if (*from == '\\' && (from[1] == '\\' || (quote && from[1] == quote)))
            from++;
        *(*to)++ = *from++;
    }
    return quote && *from == quote ? from + 1 : from;
}

/* Where the value of `key="..."` begins, whose quote is closed; NULL: the word
 * is none. */
static const char *quoted_value(const char *word)
{
    const char *value = word + strspn(word, "abcdefghijklmnopqrstuvwxyz_-");

    if (value == word || *value++ != '=')
        return NULL;
    return (*value == '"' || *value == '\'') && strchr(value + 1, *value)
               ? value
               : NULL;
}

apr_array_header_t *fa_parse_split(apr_pool_t *pool, const char *line)
{
    apr_array_header_t *words = apr_array_make(pool, 4, sizeof(char *));

    for (;;) {
        char *word, *to;
        const char *value;

        while (apr_isspace(*line))
            line++;
        if (!*line)
            return words;
        word = to = apr_pcalloc(pool, strlen(line) + 1);
        APR_ARRAY_PUSH(words, const char *) = word;
        value = quoted_value(line);
        if (value) {
            memcpy(to, line, (size_t)(value - line));
            to += value - line;
            line = copy_word(value + 1, *value, &to);
        }
        else if (*line == '"' || *line == '\'') {
            line = copy_word(line + 1, *line, &to);
        }
        else {
            line = copy_word(line, 0, &to);
        }
    }
}

const char *fa_parse_text(apr_pool_t *pool, const char *text)
{
    size_t size = strlen(text);

    if (fa_text_is_utf8(text, size) && !fa_text_has_control(text, size))
        return NULL;
    return apr_psprintf(pool, "'%s' is not UTF-8 without control characters",
                        fa_text_log_value(pool, text, 120));
}

apr_array_header_t *fa_parse_commas(apr_pool_t *pool, const char *text)
{
    apr_array_header_t *words = apr_array_make(pool, 3, sizeof(char *));
    size_t size;

    for (;; text += size + 1) {
        size = strcspn(text, ",");
        if (size == 0)
            return NULL;
        APR_ARRAY_PUSH(words, const char *) = apr_pstrmemdup(pool, text, size);
        if (!text[size])
            return words;
    }
}

int fa_parse_index(const char *word, const char *const *choices)
{
    for (int i = 0; choices[i]; i++) {
        if (strcasecmp(choices[i], word) == 0)
            return i;
    }
    return -1;
}

const char *fa_parse_choice(const fa_line *line, const char *const *choices,
                            int *choice)
{
    const char *names = choices[0];
    const char *word = line->words->nelts == 1
                           ? APR_ARRAY_IDX(line->words, 0, const char *)
                           : NULL;
    int index = word ? fa_parse_index(word, choices) : -1;

    if (index >= 0) {
        *choice = index;
        return NULL;
    }
    for (int i = 1; choices[i]; i++)
        names = apr_pstrcat(line->pool, names, choices[i + 1] ? ", " : " or ",
                            choices[i], NULL);
    return word ? apr_psprintf(line->pool, "'%s' is not %s", word, names)
                : apr_pstrcat(line->pool, "it takes one word: ", names, NULL);
}
