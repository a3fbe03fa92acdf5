/* Paths by their segments, and what two servers may read differently.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_path.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <apr_escape.h>
#include <apr_strings.h>

bool fa_path_next(const char **path, const char **segment, size_t *size)
{
    *path += strspn(*path, "/");
    *segment = *path;
    *size = strcspn(*path, "/");
    *path += *size;
    return *size > 0;
}

size_t fa_path_segments(const char *path)
{
    const char *segment;
    size_t size, count = 0;

    while (fa_path_next(&path, &segment, &size))
        count++;
    return count;
}

const char *fa_path_behind(const char *path, size_t count)
{
    const char *segment;
    size_t size;

    while (count > 0 && fa_path_next(&path, &segment, &size))
        count--;
    return path;
}

bool fa_path_is_ambiguous(const char *path)
{
    static const char *const escapes[] = {"%2f", "%5c", "%2e"};

    while (*(path += strcspn(path, "%\\;"))) {
        if (*path != '%')
            return true;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
            if (strncasecmp(path, escapes[i], 3) == 0)
                return true;
        }
        path++;
    }
    return false;
}

bool fa_path_has_dots(const char *path)
{
    while ((path = strchr(path, '/')) != NULL) {
        size_t size = strcspn(++path, "/");

        if ((size == 1 && path[0] == '.') ||
            (size == 2 && path[0] == '.' && path[1] == '.'))
            return true;
    }
    return false;
}

bool fa_path_is_encoded(const char *path)
{
    while ((path = strchr(path, '%')) != NULL) {
        path++;
        if (isxdigit((unsigned char)path[0]) &&
            isxdigit((unsigned char)path[1]))
            return true;
    }
    return false;
}

const char *fa_path_decoded(apr_pool_t *pool, const char *path)
{
    char *decoded;

    if (!fa_path_is_encoded(path))
        return NULL;
    decoded = apr_pstrdup(pool, path);
    return apr_unescape_url(decoded, path, APR_ESCAPE_STRING, NULL, NULL, 0,
                            NULL) == APR_SUCCESS
               ? decoded
               : NULL;
}
