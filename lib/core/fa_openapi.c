/* The OpenAPI document.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_openapi.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_openapi_part.h"
#include "fa_text.h"

/* --- JSON ----------------------------------------------------------------- */

void fa_openapi_set(fa_openapi_part *part, json_t *object, const char *name,
                    json_t *value)
{
    if (json_object_set_new(object, name, value) != 0)
        part->failed = true;
}

void fa_openapi_append(fa_openapi_part *part, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        part->failed = true;
}

json_t *fa_openapi_text(fa_openapi_part *part, const char *text)
{
    return json_string(fa_document_text(part->pool, text));
}

json_t *fa_openapi_texts(fa_openapi_part *part, const apr_array_header_t *texts)
{
    json_t *array = json_array();

    for (int i = 0; texts && i < texts->nelts; i++)
        fa_openapi_append(
            part, array,
            fa_openapi_text(part, APR_ARRAY_IDX(texts, i, const char *)));
    return array;
}

json_t *fa_openapi_ref(fa_openapi_part *part, const char *component)
{
    apr_hash_set(part->used, component, APR_HASH_KEY_STRING, component);
    return json_pack("{s:s}", "$ref", component);
}

/* --- the document's head -------------------------------------------------- */

/* An object of a name and what is said of it, which may be NULL. */
static json_t *named(fa_openapi_part *part, const char *member,
                     const char *name, const char *other, const char *text)
{
    json_t *object = json_object();

    fa_openapi_set(part, object, member, fa_openapi_text(part, name));
    if (text)
        fa_openapi_set(part, object, other, fa_openapi_text(part, text));
    return object;
}

static json_t *info(fa_openapi_part *part)
{
    const fa_document *document = part->document;
    const char *description = document->server->api_description;
    const fa_api_name *license = document->server->api_license;
    json_t *object = json_object();

    fa_openapi_set(part, object, "title",
                   fa_openapi_text(part, fa_document_title(document)));
    fa_openapi_set(part, object, "version",
                   fa_openapi_text(part, fa_document_version(document)));
    if (description)
        fa_openapi_set(part, object, "description",
                       fa_openapi_text(part, description));
    if (license)
        fa_openapi_set(
            part, object, "license",
            named(part, "name", license->name, "url", license->description));
    return object;
}

static json_t *servers(fa_openapi_part *part)
{
    const apr_array_header_t *list = part->document->server->api_servers;
    json_t *array = json_array();

    if (!list || list->nelts == 0)
        fa_openapi_append(part, array,
                          named(part, "url", "/", "description", NULL));
    for (int i = 0; list && i < list->nelts; i++) {
        const fa_api_name *one = &APR_ARRAY_IDX(list, i, fa_api_name);

        fa_openapi_append(
            part, array,
            named(part, "url", one->name, "description", one->description));
    }
    return array;
}

static json_t *tags(fa_openapi_part *part)
{
    const apr_array_header_t *list = part->document->server->api_tags;
    json_t *array = json_array();

    for (int i = 0; list && i < list->nelts; i++) {
        const fa_api_name *one = &APR_ARRAY_IDX(list, i, fa_api_name);

        fa_openapi_append(
            part, array,
            named(part, "name", one->name, "description", one->description));
    }
    return array;
}

/* --- operations ----------------------------------------------------------- */

/* Descriptions are CommonMark, and a scope may be `posts:*`. */
static const char *plain(apr_pool_t *pool, const char *text)
{
    char *escaped = apr_palloc(pool, 2 * strlen(text) + 1), *to = escaped;

    for (; *text; text++) {
        if (strchr("\\`*<&[]", *text))
            *to++ = '\\';
        *to++ = *text;
    }
    *to = '\0';
    return escaped;
}

/* Where nothing is enforced the ways in do not stand under security. */
static void say_ways(fa_openapi_part *part, const fa_documented *one,
                     apr_array_header_t *sentences)
{
    apr_array_header_t *ways = fa_document_ways(part->pool, one);
    const char *text = "";

    for (int i = 0; i < ways->nelts; i++)
        text = apr_pstrcat(part->pool, text, i ? ", " : "",
                           APR_ARRAY_IDX(ways, i, fa_way).name, NULL);
    if (*text)
        APR_ARRAY_PUSH(sentences, const char *) =
            apr_pstrcat(part->pool, "Callers identify themselves by ",
                        ways->nelts > 1 ? "one of: " : "", text, ".", NULL);
}

/* What is demanded, and how often one may come; NULL for nothing. */
static const char *description_of(fa_openapi_part *part,
                                  const fa_documented *one)
{
    apr_array_header_t *sentences =
        fa_document_needs(part->pool, part->document, one);

    if (fa_policy_report_only(one->policy))
        say_ways(part, one, sentences);
    apr_array_cat(sentences, fa_document_limits(part->pool, one));
    return sentences->nelts > 0
               ? plain(part->pool, fa_text_join(part->pool, sentences))
               : NULL;
}

static json_t *path_parameter(fa_openapi_part *part,
                              const fa_parameter *parameter)
{
    json_t *object = json_object(),
           *schema = json_pack("{s:s}", "type", "string");

    if (parameter->pattern)
        fa_openapi_set(part, schema, "pattern",
                       fa_openapi_text(part, parameter->pattern));
    fa_openapi_set(part, object, "name",
                   fa_openapi_text(part, parameter->name));
    fa_openapi_set(part, object, "in", json_string("path"));
    fa_openapi_set(part, object, "required", json_true());
    fa_openapi_set(part, object, "schema", schema);
    if (parameter->example)
        fa_openapi_set(part, object, "example",
                       fa_openapi_text(part, parameter->example));
    return object;
}

static json_t *parameters(fa_openapi_part *part, const fa_documented *one)
{
    json_t *array = json_array();

    for (int i = 0; one->parameters && i < one->parameters->nelts; i++)
        fa_openapi_append(
            part, array,
            path_parameter(part,
                           &APR_ARRAY_IDX(one->parameters, i, fa_parameter)));
    if (one->endpoint == FA_ENDPOINT_OPENAPI && one->method == FA_GET)
        fa_openapi_append(part, array,
                          json_pack("{s:s,s:s,s:s,s:{s:s}}", "name", "pretty",
                                    "in", "query", "description",
                                    "With line feeds, for people.", "schema",
                                    "type", "boolean"));
    if (one->endpoint == FA_ENDPOINT_STATUS && one->method == FA_GET)
        fa_openapi_append(part, array,
                          json_pack("{s:s,s:s,s:s,s:{s:s,s:[s,s,s]}}", "name",
                                    "format", "in", "query", "description",
                                    "Without it the Accept header decides.",
                                    "schema", "type", "string", "enum", "page",
                                    "json", "prometheus"));
    return array;
}

/* Empty ones are left out. */
static void set_filled(fa_openapi_part *part, json_t *object, const char *name,
                       json_t *value)
{
    bool is_empty =
        value && json_array_size(value) == 0 && json_object_size(value) == 0;

    if (is_empty)
        json_decref(value);
    else
        fa_openapi_set(part, object, name, value);
}

static json_t *operation(fa_openapi_part *part, const fa_documented *one)
{
    const char *description = description_of(part, one);
    json_t *object = json_object();

    if (one->said)
        set_filled(part, object, "tags",
                   fa_openapi_texts(part, one->said->tags));
    fa_openapi_set(part, object, "summary",
                   fa_openapi_text(part, fa_document_summary(part->pool, one)));
    if (description)
        fa_openapi_set(part, object, "description",
                       fa_openapi_text(part, description));
    if (one->id)
        fa_openapi_set(part, object, "operationId",
                       fa_openapi_text(part, one->id));
    set_filled(part, object, "parameters", parameters(part, one));
    fa_openapi_set(part, object, "responses", fa_openapi_responses(part, one));
    if (one->said && one->said->deprecated)
        fa_openapi_set(part, object, "deprecated", json_true());
    fa_openapi_set(part, object, "security", fa_openapi_security(part, one));
    return object;
}

/* The operations from this index on that are of the same path. */
static int same_path(const apr_array_header_t *all, int from)
{
    const char *path = APR_ARRAY_IDX(all, from, fa_documented).path;
    int count = 1;

    while (from + count < all->nelts &&
           strcmp(APR_ARRAY_IDX(all, from + count, fa_documented).path, path) ==
               0)
        count++;
    return count;
}

/* Those of one path, in the order of methods. */
static json_t *path_item(fa_openapi_part *part, const fa_documented *first,
                         int count)
{
    static const char *const members[FA_METHOD_NUMBERS] = {
        [FA_GET] = "get",       [FA_PUT] = "put",         [FA_POST] = "post",
        [FA_DELETE] = "delete", [FA_OPTIONS] = "options", [FA_PATCH] = "patch"};
    json_t *object = json_object();

    for (int method = 0; method < FA_METHOD_NUMBERS; method++) {
        for (int i = 0; members[method] && i < count; i++) {
            if ((int)first[i].method == method)
                fa_openapi_set(part, object, members[method],
                               operation(part, &first[i]));
        }
    }
    return object;
}

static json_t *paths(fa_openapi_part *part)
{
    const apr_array_header_t *all = part->document->operations;
    json_t *object = json_object();
    int count;

    for (int i = 0; i < all->nelts; i += count) {
        const fa_documented *first = &APR_ARRAY_IDX(all, i, fa_documented);

        count = same_path(all, i);
        fa_openapi_set(part, object, fa_document_path(part->pool, first->path),
                       path_item(part, first, count));
    }
    return object;
}

/* --- all together --------------------------------------------------------- */

static json_t *components(fa_openapi_part *part)
{
    json_t *object = json_object();

    set_filled(part, object, "schemas", fa_openapi_schemas(part));
    set_filled(part, object, "headers", fa_openapi_headers(part));
    set_filled(part, object, "securitySchemes",
               fa_openapi_security_schemes(part));
    return object;
}

static json_t *root(fa_openapi_part *part)
{
    json_t *object = json_object();

    fa_openapi_set(part, object, "openapi", json_string("3.1.0"));
    fa_openapi_set(part, object, "info", info(part));
    fa_openapi_set(part, object, "servers", servers(part));
    set_filled(part, object, "tags", tags(part));
    fa_openapi_set(part, object, "paths", paths(part));
    set_filled(part, object, "components", components(part));
    return object;
}

/* The text of a value, a line feed behind it. json_dumps() is no help: where
 * memory is short it may leave the name of a member out, and say nothing. */
static const char *dumped(apr_pool_t *pool, const json_t *value, size_t flags)
{
    size_t size = json_dumpb(value, NULL, 0, flags);
    char *text = apr_palloc(pool, size + 2);

    if (size == 0 || json_dumpb(value, text, size, flags) != size)
        return NULL;
    text[size] = '\n';
    text[size + 1] = '\0';
    return text;
}

const char *fa_openapi(apr_pool_t *pool, const fa_document *document,
                       bool pretty)
{
    fa_openapi_part part = {.pool = pool,
                            .document = document,
                            .used = apr_hash_make(pool),
                            .ways = apr_array_make(pool, 4, sizeof(fa_way)),
                            .scopes = apr_array_make(pool, 8, sizeof(char *)),
                            .by_name = apr_hash_make(pool),
                            .by_scope = apr_hash_make(pool)};
    json_t *object = root(&part);
    const char *text = NULL;

    if (!part.failed)
        text = dumped(pool, object, pretty ? JSON_INDENT(2) : JSON_COMPACT);
    json_decref(object);
    return text;
}
