/* Names and values as queries and Cookie headers carry them.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <apr_strings.h>

#include "fa_credential.h"

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
