/* Words as HTTP and OAuth write them: checked, quoted, escaped, split.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_text.h"

#include <string.h>

#include <apr_escape.h>
#include <apr_lib.h>
#include <apr_strings.h>

#define DURATION_MAX APR_INT64_C(3155760000) /* 100 years of 365.25 days */

static apr_int64_t unit_seconds(const char *unit)
{
    if (!strcmp(unit, "") || !strcmp(unit, "s"))
        return 1;
    if (!strcmp(unit, "m"))
        return 60;
    if (!strcmp(unit, "h"))
        return 3600;
    if (!strcmp(unit, "d"))
        return 86400;
    return 0;
}

const char *fa_text_duration(apr_pool_t *pool, const char *text,
                             apr_int64_t *seconds)
{
    const char *shown = fa_text_log_value(pool, text, 32);
    const char *at = text;
    apr_int64_t number = 0, unit;

    for (; apr_isdigit(*at); at++) {
        number = number * 10 + (*at - '0');
        if (number > DURATION_MAX)
            return apr_psprintf(pool, "'%s' is over 100 years", shown);
    }
    if (at == text)
        return apr_psprintf(pool, "'%s' is no duration, such as 30s or 15m",
                            shown);
    unit = unit_seconds(at);
    if (!unit)
        return apr_psprintf(pool, "'%s' needs s, m, h or d", shown);
    if (number > DURATION_MAX / unit)
        return apr_psprintf(pool, "'%s' is over 100 years", shown);
    *seconds = number * unit;
    return NULL;
}

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

static bool is_printable(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

bool fa_text_is_scope(const char *text)
{
    const char *at;

    for (at = text; *at; at++) {
        if (!is_printable((unsigned char)*at) || strchr(" \"\\", *at))
            return false;
    }
    return at != text;
}

bool fa_text_is_token(const char *text)
{
    const char *at;

    for (at = text; *at; at++) {
        if ((unsigned char)*at > 0x7e ||
            (!apr_isalnum(*at) && !strchr("!#$%&'*+-.^_`|~", *at)))
            return false;
    }
    return at != text;
}

bool fa_text_has_control(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (is_control((unsigned char)text[i]))
            return true;
    }
    return false;
}

/* The table of RFC 3629 section 4: no surrogate, no longer spelling. */
size_t fa_text_character(const char *bytes, size_t size)
{
    const unsigned char *text = (const unsigned char *)bytes;
    unsigned char first = text[0], low = 0x80, high = 0xbf;
    size_t length = 4;

    if (first >= 0x01 && first <= 0x7f)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    if (first < 0xe0)
        length = 2;
    else if (first < 0xf0)
        length = 3;
    if (first == 0xe0)
        low = 0xa0;
    else if (first == 0xed)
        high = 0x9f;
    else if (first == 0xf0)
        low = 0x90;
    else if (first == 0xf4)
        high = 0x8f;
    if (size < length || text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

bool fa_text_is_utf8(const char *text, size_t size)
{
    while (size > 0) {
        size_t length = fa_text_character(text, size);

        if (length == 0)
            return false;
        text += length;
        size -= length;
    }
    return true;
}

const char *fa_text_quoted(apr_pool_t *pool, const char *text)
{
    char *quoted = apr_palloc(pool, 2 * strlen(text) + 3);
    char *to = quoted;

    *to++ = '"';
    for (; *text; text++) {
        if (is_control((unsigned char)*text))
            continue;
        if (*text == '"' || *text == '\\')
            *to++ = '\\';
        *to++ = *text;
    }
    *to++ = '"';
    *to = '\0';
    return quoted;
}

static char *put_hex(char *to, char c, const char *digits)
{
    *to++ = digits[((unsigned char)c) >> 4];
    *to++ = digits[((unsigned char)c) & 0x0f];
    return to;
}

const char *fa_text_header_value(apr_pool_t *pool, const char *text)
{
    size_t length = strlen(text);
    char *value = apr_palloc(pool, 3 * length + 1);
    char *to = value;

    for (size_t i = 0; i < length; i++) {
        /* A reader trims a field's ends: " admin" must not become "admin". */
        bool at_an_end = i == 0 || i + 1 == length;

        if (is_printable((unsigned char)text[i]) && text[i] != '%' &&
            !(text[i] == ' ' && at_an_end)) {
            *to++ = text[i];
            continue;
        }
        *to++ = '%';
        to = put_hex(to, text[i], "0123456789ABCDEF");
    }
    *to = '\0';
    return value;
}

const char *fa_text_log_value(apr_pool_t *pool, const char *text,
                              size_t max_bytes)
{
    size_t length = strlen(text);
    size_t shown = length < max_bytes ? length : max_bytes;
    char *value = apr_palloc(pool, 4 * shown + sizeof("..."));
    char *to = value;

    for (size_t i = 0; i < shown; i++) {
        if (is_printable((unsigned char)text[i]) && text[i] != '\\') {
            *to++ = text[i];
            continue;
        }
        *to++ = '\\';
        *to++ = 'x';
        to = put_hex(to, text[i], "0123456789abcdef");
    }
    memcpy(to, "...", sizeof("..."));
    if (shown == length)
        *to = '\0';
    return value;
}

const char *fa_text_form_value(apr_pool_t *pool, const char *text, size_t size)
{
    char *value;
    apr_status_t status;

    if (size == 0)
        return "";
    if (memchr(text, '\0', size))
        return NULL;
    value = apr_pstrmemdup(pool, text, size);
    status =
        apr_unescape_url(value, value, APR_ESCAPE_STRING, NULL, NULL, 1, NULL);
    /* APR_NOTFOUND: there was nothing to unescape. */
    return status == APR_SUCCESS || status == APR_NOTFOUND ? value : NULL;
}

apr_array_header_t *fa_text_words(apr_pool_t *pool, const char *text)
{
    apr_array_header_t *words = apr_array_make(pool, 4, sizeof(const char *));

    for (;;) {
        size_t length = strcspn(text, " ");

        if (length > 0)
            APR_ARRAY_PUSH(words, const char *) =
                apr_pstrmemdup(pool, text, length);
        if (text[length] == '\0')
            return words;
        text += length + 1;
    }
}

bool fa_text_has_word(const apr_array_header_t *words, const char *word)
{
    if (!words)
        return false;
    for (int i = 0; i < words->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(words, i, const char *), word))
            return true;
    }
    return false;
}

const char *fa_text_join(apr_pool_t *pool, const apr_array_header_t *words)
{
    if (!words || words->nelts == 0)
        return "";
    return apr_array_pstrcat(pool, words, ' ');
}

const char *fa_text_escaped(apr_pool_t *pool, const char *text,
                            const char *marks, char escape)
{
    static const char digits[] = "0123456789ABCDEF";
    char *escaped = apr_palloc(pool, 3 * strlen(text) + 1), *to = escaped;

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (apr_isalnum(byte) || strchr(marks, byte)) {
            *to++ = *text;
            continue;
        }
        *to++ = escape;
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
    *to = '\0';
    return escaped;
}
