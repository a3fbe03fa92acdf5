/* A name finds what it names in a query or a Cookie header, and takes out that
 * and nothing else. The first line of an input is the name.
 * Target: fa_pairs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdbool.h>

#include <apr_strings.h>
#include <apr_tables.h>

#include "fa_pairs.h"

/* A second implementation: all pieces first, then one look at each. */
static apr_array_header_t *pieces(apr_pool_t *pool, const char *text,
                                  char separator)
{
    apr_array_header_t *list = apr_array_make(pool, 8, sizeof(char *));
    const char *end;

    for (; (end = strchr(text, separator)) != NULL; text = end + 1)
        APR_ARRAY_PUSH(list, char *) =
            apr_pstrmemdup(pool, text, (size_t)(end - text));
    APR_ARRAY_PUSH(list, char *) = apr_pstrdup(pool, text);
    return list;
}

/* The value where piece is of the name, else NULL. */
static const char *value_of(apr_pool_t *pool, const char *piece,
                            const char *name, bool cookie)
{
    const char *text = cookie ? piece + strspn(piece, " \t") : piece;
    const char *equals = strchr(text, '=');
    size_t size = equals ? (size_t)(equals - text) : strlen(text);

    if (size != strlen(name) || memcmp(text, name, size) != 0)
        return NULL;
    if (!equals)
        return "";
    size = strlen(equals + 1);
    while (cookie && size > 0 && strchr(" \t", equals[size]))
        size--;
    return apr_pstrmemdup(pool, equals + 1, size);
}

static void check(apr_pool_t *pool, const char *text, const char *name,
                  bool cookie)
{
    const apr_array_header_t *all = pieces(pool, text, cookie ? ';' : '&');
    const char *found = NULL, *expected = NULL, *kept = NULL, *left;
    int count = 0, times;

    for (int i = 0; i < all->nelts; i++) {
        const char *piece = APR_ARRAY_IDX(all, i, const char *);
        const char *value = value_of(pool, piece, name, cookie);

        if (value && count++ == 0)
            expected = value;
        if (!value)
            kept =
                kept ? apr_pstrcat(pool, kept, cookie ? ";" : "&", piece, NULL)
                     : piece;
    }
    times = cookie ? fa_cookie_find(pool, text, name, &found)
                   : fa_query_find(pool, text, name, &found);
    FUZZ_CHECK(times == count);
    FUZZ_CHECK(count == 0 || !strcmp(found, expected));

    left = cookie ? fa_cookie_without(pool, text, name)
                  : fa_query_without(pool, text, name);
    kept = kept ? kept : "";
    /* Space before the first cookie that is left is no part of it. */
    if (cookie) {
        kept += strspn(kept, " \t");
        left += strspn(left, " \t");
    }
    FUZZ_CHECK(!strcmp(left, kept));
    FUZZ_CHECK((cookie ? fa_cookie_find(pool, left, name, &found)
                       : fa_query_find(pool, left, name, &found)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    char *name = apr_pstrmemdup(pool, (const char *)data, size);
    char *text = strchr(name, '\n');

    if (text)
        *text++ = '\0';
    if (text && fa_query_is_name(name)) {
        check(pool, text, name, false);
        check(pool, text, name, true);
    }
    /* And what others published, which has no first line. */
    check(pool, apr_pstrmemdup(pool, (const char *)data, size), "id", false);
    check(pool, apr_pstrmemdup(pool, (const char *)data, size), "id", true);
    apr_pool_destroy(pool);
    return 0;
}
