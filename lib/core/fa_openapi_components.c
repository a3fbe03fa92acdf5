/* The OpenAPI document: the schemas and headers that answers share.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_openapi_part.h"

#include <string.h>

/* Built value by value, not read from a text: where memory is short,
 * json_loads() may lose a byte of a string and say nothing. */

/* --- schemas -------------------------------------------------------------- */

typedef enum {
    TEXT,
    URI,
    NUMBER,
    COUNT,          /* no negative one */
    TEXTS,          /* an array */
    COUNTS,         /* an object, whatever its members' names */
    OBJECT,         /* of these members */
    OBJECTS,        /* an array of such */
    OBJECTS_OR_NONE /* an object of such, or null */
} member_kind;

typedef struct member {
    const char *name; /* NULL behind the last one */
    member_kind kind;
    const struct member *members; /* of objects */
    const char *description;      /* or NULL */
    bool is_optional;
} member;

#define END                           \
    {                                 \
        NULL, TEXT, NULL, NULL, false \
    }

/* What fa_error_body sends (RFC 9457). */
static const member problem[] = {
    {"type", URI, NULL, NULL, false},
    {"title", TEXT, NULL, NULL, false},
    {"status", NUMBER, NULL, NULL, false},
    {"detail", TEXT, NULL, NULL, false},
    {"error", TEXT, NULL,
     "The code of RFC 6750, where a bearer token was sent.", true},
    {"violated-policies", TEXTS, NULL,
     "The limits that were reached, by their names in RateLimit-Policy.", true},
    END};

static const member fastopenapi_inner[] = {
    {"type", TEXT, NULL, NULL, false},
    {"message", TEXT, NULL, NULL, false},
    {"status", NUMBER, NULL, NULL, false},
    END};
static const member fastopenapi[] = {
    {"error", OBJECT, fastopenapi_inner, NULL, false}, END};

/* What fa_status_json writes. */
static const member status_section[] = {
    {"server", TEXT, NULL, NULL, false},
    {"section", TEXT, NULL, NULL, false},
    {"allowed", COUNT, NULL, NULL, false},
    {"refused", COUNT, NULL, NULL, false},
    {"would_refuse", COUNT, NULL, "Let pass by AuthReportOnly.", false},
    END};
static const member status_limit[] = {
    {"server", TEXT, NULL, NULL, false},
    {"section", TEXT, NULL, NULL, false},
    {"limit", TEXT, NULL, NULL, false},
    {"by", TEXT, NULL, NULL, false},
    {"on", TEXT, NULL, "Either request or failure.", false},
    {"admitted", COUNT, NULL, NULL, false},
    {"refused", COUNT, NULL, NULL, false},
    END};
static const member status_store[] = {{"keys", COUNT, NULL, NULL, false},
                                      {"room", COUNT, NULL, NULL, false},
                                      {"evictions", COUNT, NULL, NULL, false},
                                      END};
static const member status_cache[] = {{"hits", COUNT, NULL, NULL, false},
                                      {"misses", COUNT, NULL, NULL, false},
                                      END};
static const member status_log[] = {{"dropped", COUNT, NULL, NULL, false}, END};
static const member status[] = {
    {"since", COUNT, NULL, "Seconds since 1970, UTC.", false},
    {"decisions", COUNTS, NULL, "Requests by verdict.", false},
    {"report_only", COUNTS, NULL, "Let pass by AuthReportOnly.", false},
    {"sections", OBJECTS, status_section, NULL, false},
    {"limits", OBJECTS, status_limit, NULL, false},
    {"store", OBJECTS_OR_NONE, status_store, NULL, false},
    {"password_cache", OBJECT, status_cache, NULL, false},
    {"security_log", OBJECT, status_log, NULL, false},
    END};

static json_t *object_schema(fa_openapi_part *part, const member *members,
                             const char *description);

static json_t *count_schema(void)
{
    return json_pack("{s:s,s:i}", "type", "integer", "minimum", 0);
}

/* An array's items, or what stands under any name of an object. */
static json_t *several(fa_openapi_part *part, const char *type,
                       const char *below, json_t *schema)
{
    json_t *object = json_pack("{s:s}", "type", type);

    fa_openapi_set(part, object, below, schema);
    return object;
}

static json_t *nullable(fa_openapi_part *part, const member *members)
{
    json_t *object = json_pack("{s:[s,s]}", "type", "object", "null");

    fa_openapi_set(part, object, "additionalProperties",
                   object_schema(part, members, NULL));
    return object;
}

static json_t *member_schema(fa_openapi_part *part, const member *one)
{
    switch (one->kind) {
    case TEXT:
        break;
    case URI:
        return json_pack("{s:s,s:s}", "type", "string", "format",
                         "uri-reference");
    case NUMBER:
        return json_pack("{s:s}", "type", "integer");
    case COUNT:
        return count_schema();
    case TEXTS:
        return several(part, "array", "items",
                       json_pack("{s:s}", "type", "string"));
    case COUNTS:
        return several(part, "object", "additionalProperties", count_schema());
    case OBJECT:
        return object_schema(part, one->members, NULL);
    case OBJECTS:
        return several(part, "array", "items",
                       object_schema(part, one->members, NULL));
    case OBJECTS_OR_NONE:
        return nullable(part, one->members);
    }
    return json_pack("{s:s}", "type", "string");
}

static json_t *object_schema(fa_openapi_part *part, const member *members,
                             const char *description)
{
    json_t *object = json_pack("{s:s}", "type", "object");
    json_t *required = json_array(), *properties = json_object();

    for (; members->name; members++) {
        json_t *schema = member_schema(part, members);

        if (members->description)
            fa_openapi_set(part, schema, "description",
                           json_string(members->description));
        if (!members->is_optional)
            fa_openapi_append(part, required, json_string(members->name));
        fa_openapi_set(part, properties, members->name, schema);
    }
    if (description)
        fa_openapi_set(part, object, "description", json_string(description));
    fa_openapi_set(part, object, "required", required);
    fa_openapi_set(part, object, "properties", properties);
    return object;
}

static bool is_used(const fa_openapi_part *part, const char *ref)
{
    return apr_hash_get(part->used, ref, APR_HASH_KEY_STRING) != NULL;
}

json_t *fa_openapi_schemas(fa_openapi_part *part)
{
    static const struct {
        const char *ref;
        const member *members;
        const char *description;
    } all[] = {
        {FA_OPENAPI_PROBLEM, problem, "Why a request was refused (RFC 9457)."},
        {FA_OPENAPI_FASTOPENAPI, fastopenapi, "Why a request was refused."},
        {FA_OPENAPI_STATUS, status, "What was decided, and what limits hold."},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (is_used(part, all[i].ref))
            fa_openapi_set(
                part, object, strrchr(all[i].ref, '/') + 1,
                object_schema(part, all[i].members, all[i].description));
    }
    return object;
}

/* --- headers -------------------------------------------------------------- */

json_t *fa_openapi_headers(fa_openapi_part *part)
{
    static const struct {
        const char *ref, *description, *type;
    } all[] = {
        {FA_OPENAPI_HEADER "WWW-Authenticate",
         "The ways to identify oneself here (RFC 9110 section 11.6.1).",
         "string"},
        {FA_OPENAPI_HEADER "Retry-After",
         "Seconds until it is worth trying again.", "integer"},
        {FA_OPENAPI_HEADER "RateLimit",
         "What is left of each limit, and when more of it returns.", "string"},
        {FA_OPENAPI_HEADER "RateLimit-Policy",
         "The limits: how many requests in how many seconds.", "string"},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (is_used(part, all[i].ref))
            fa_openapi_set(part, object, strrchr(all[i].ref, '/') + 1,
                           json_pack("{s:s,s:{s:s}}", "description",
                                     all[i].description, "schema", "type",
                                     all[i].type));
    }
    return object;
}
