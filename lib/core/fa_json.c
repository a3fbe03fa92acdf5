/* JSON from strangers, read by jansson within bounds.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_json.h"

#include <stdbool.h>
#include <string.h>

/* Before jansson sees it: brackets outside strings. What is not JSON may be
 * counted wrong; jansson refuses that after. */
static bool is_shallow(const char *bytes, size_t size)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < size; i++) {
        char c = bytes[i];

        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if ((c == '{' || c == '[') && ++depth > FA_JSON_MAX_DEPTH)
            return false;
        else if ((c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return true;
}

static apr_status_t release(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

apr_status_t fa_json_object(apr_pool_t *pool, const char *bytes, size_t size,
                            json_t **object)
{
    json_t *json;

    /* jansson 2.14 reads past a NUL that follows a number. */
    if (memchr(bytes, '\0', size) || !is_shallow(bytes, size))
        return APR_EINVAL;
    json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return APR_EINVAL;
    }
    apr_pool_cleanup_register(pool, json, release, apr_pool_cleanup_null);
    *object = json;
    return APR_SUCCESS;
}

/* The member whose name is the first length bytes of name. */
static json_t *member(const json_t *object, const char *name, size_t length)
{
    char whole[256];

    if (length >= sizeof(whole))
        return NULL;
    memcpy(whole, name, length);
    whole[length] = '\0';
    return json_object_get(object, whole);
}

json_t *fa_json_at(const json_t *object, const char *path)
{
    json_t *found = json_object_get(object, path);
    const json_t *here = object;

    if (found)
        return found;
    while (here) {
        size_t length = strcspn(path, ".");

        found = member(here, path, length);
        if (path[length] == '\0')
            return found;
        here = found;
        path += length + 1;
    }
    return NULL;
}
