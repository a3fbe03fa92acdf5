/* Names and values as queries and Cookie headers carry them.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_pairs.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_text.h"

bool fa_query_is_name(const char *name)
{
    return fa_text_is_token(name) && !strpbrk(name, "%&+#");
}

/* Values of name among pairs with this separator between them. Names are
 * compared byte by byte: another spelling is another parameter. */
static int find(apr_pool_t *pool, const char *pairs, char separator,
                const char *name, const char **value)
{
    const char stop[] = {separator, '\0'};
    size_t length = strlen(name);
    int count = 0;

    for (;; pairs++) {
        size_t size;

        if (separator == ';')
            pairs += strspn(pairs, " \t");
        size = strcspn(pairs, stop);
        if (size >= length && strncmp(pairs, name, length) == 0 &&
            (size == length || pairs[length] == '=') && count++ == 0) {
            size_t start = size == length ? length : length + 1;

            while (separator == ';' && size > start &&
                   strchr(" \t", pairs[size - 1]))
                size--;
            *value = apr_pstrmemdup(pool, pairs + start, size - start);
        }
        pairs += strcspn(pairs, stop);
        if (!*pairs)
            return count;
    }
}

int fa_query_find(apr_pool_t *pool, const char *query, const char *name,
                  const char **value)
{
    return find(pool, query, '&', name, value);
}

int fa_cookie_find(apr_pool_t *pool, const char *cookies, const char *name,
                   const char **value)
{
    return find(pool, cookies, ';', name, value);
}

/* Pairs without those of a name; separators between the others stay. */
static char *without(apr_pool_t *pool, const char *pairs, char separator,
                     const char *name)
{
    const char stop[] = {separator, '\0'};
    size_t length = strlen(name);
    char *left = apr_pstrdup(pool, pairs), *from = left, *to = left;

    while (*from) {
        size_t space = separator == ';' ? strspn(from, " \t") : 0;
        size_t size = strcspn(from, stop);
        size_t whole = size + (from[size] != '\0');
        bool is_name = size - space >= length &&
                       strncmp(from + space, name, length) == 0 &&
                       (size - space == length || from[space + length] == '=');

        if (!is_name) {
            memmove(to, from, whole);
            to += whole;
        }
        from += whole;
    }
    *to = '\0';
    /* The last one is gone: its separator with it. */
    if (to > left && to[-1] == separator &&
        pairs[strlen(pairs) - 1] != separator)
        to[-1] = '\0';
    return left + (separator == ';' ? strspn(left, " \t") : 0);
}

char *fa_query_without(apr_pool_t *pool, const char *query, const char *name)
{
    return without(pool, query, '&', name);
}

char *fa_cookie_without(apr_pool_t *pool, const char *cookies, const char *name)
{
    return without(pool, cookies, ';', name);
}
