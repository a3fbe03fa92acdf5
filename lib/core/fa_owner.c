/* Whose a resource is.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_owner.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_path.h"

#include "fa_text.h"

/* The parameters of an operation's template in a path that it matches. */
static const apr_array_header_t *
parameters_in(apr_pool_t *pool, const fa_owner *owner, const char *path)
{
    const apr_array_header_t *segments = owner->path->segments;
    apr_array_header_t *parts =
        apr_array_make(pool, segments->nelts, sizeof(fa_path_part));

    path = fa_path_behind(path, owner->depth);
    for (int i = 0; i < segments->nelts; i++) {
        const fa_segment *segment = &APR_ARRAY_IDX(segments, i, fa_segment);
        const char *text;
        size_t size;

        fa_path_next(&path, &text, &size);
        if (segment->is_parameter)
            APR_ARRAY_PUSH(parts, fa_path_part) =
                (fa_path_part){segment->text, apr_pstrmemdup(pool, text, size)};
    }
    return parts;
}

/* A part as a backend will read it; NULL: it may be read in two ways. */
static const char *read_part(const fa_request *request, const char *value)
{
    if (!value || request->escapes == FA_ESCAPES_NONE ||
        !fa_path_is_encoded(value))
        return value;
    return request->escapes == FA_ESCAPES_RAW
               ? fa_path_decoded(request->pool, value)
               : NULL;
}

static const apr_array_header_t *parts_of(const fa_request *request,
                                          const fa_owner *owner)
{
    const apr_array_header_t *parts =
        owner->path ? parameters_in(request->pool, owner, request->path)
                    : request->answers->groups(request->context, owner->pattern,
                                               request->path);

    for (int i = 0; parts && i < parts->nelts; i++) {
        fa_path_part *part = &APR_ARRAY_IDX(parts, i, fa_path_part);
        const char *value = read_part(request, part->value);

        if (part->value && !value)
            return NULL;
        part->value = value;
    }
    return parts;
}

static const char *value_of(const apr_array_header_t *parts, const char *name)
{
    for (int i = 0; i < parts->nelts; i++) {
        const fa_path_part *part = &APR_ARRAY_IDX(parts, i, fa_path_part);

        if (strcmp(part->name, name) == 0)
            return part->value;
    }
    return NULL;
}

static bool may_pass_by(const fa_identity *identity, const fa_owner *owner)
{
    for (int i = 0; owner->bypass && i < owner->bypass->nelts; i++) {
        if (fa_identity_has_role(identity,
                                 APR_ARRAY_IDX(owner->bypass, i, const char *)))
            return true;
    }
    return false;
}

/* Databases keep text: other bytes name nothing there, and PostgreSQL takes
 * them for an error. */
static bool are_text(const apr_array_header_t *parts)
{
    for (int i = 0; i < parts->nelts; i++) {
        const char *value = APR_ARRAY_IDX(parts, i, fa_path_part).value;

        if (value && !fa_text_is_utf8(value, strlen(value)))
            return false;
    }
    return true;
}

/* The owner: NULL where there is no such resource, empty where it is nobody's.
 */
static fa_verdict find(const fa_request *request, const fa_owner *owner,
                       fa_decision *decision, const char **found)
{
    const apr_array_header_t *parts = parts_of(request, owner);

    if (!owner->is_query) {
        const char *value = parts ? value_of(parts, owner->name) : NULL;

        *found = value ? value : "";
        return FA_ALLOWED;
    }
    *found = NULL;
    if (!parts || !are_text(parts))
        return FA_ALLOWED;
    return request->answers->find_owner(request->context, owner->name, parts,
                                        found, &decision->reason);
}

fa_verdict fa_owner_judge(const fa_request *request, const fa_owner *owner,
                          fa_decision *decision)
{
    const char *found;
    fa_verdict verdict;

    if (may_pass_by(decision->identity, owner))
        return FA_ALLOWED;
    verdict = find(request, owner, decision, &found);
    if (verdict != FA_ALLOWED)
        return verdict;
    if (!found) {
        decision->reason = "there is no such resource";
        return FA_NOT_FOUND;
    }
    decision->owner = *found ? found : NULL;
    if (*found && strcmp(found, decision->identity->user) == 0)
        return FA_ALLOWED;
    decision->reason = owner->hide ? "it is not the caller's, and hidden"
                                   : "it is not the caller's";
    return owner->hide ? FA_NOT_FOUND : FA_OWNER_REFUSED;
}

/* As apr_dbd_prepare() counts them. */
int fa_owner_parameters(const char *sql)
{
    int count = 0;

    for (; *sql; sql++) {
        if (sql[0] != '%')
            continue;
        if (apr_isalpha(sql[1]))
            count++;
        else if (sql[1] == '%')
            sql++;
        /* Of bytes it would take a length too, which nobody hands it. */
        if (strncmp(sql, "%pDb", 4) == 0 || strncmp(sql, "%pDc", 4) == 0)
            return -1;
    }
    return count;
}
