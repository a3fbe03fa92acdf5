/* The parts of the OpenAPI document.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_OPENAPI_PART_H
#define FA_OPENAPI_PART_H

#include <stdbool.h>

#include <apr_hash.h>
#include <jansson.h>

#include "fa_document.h"

/* A document while it is written: components come last, when it is known which
 * of them are in use. */
typedef struct fa_openapi_part {
    apr_pool_t *pool;
    const fa_document *document;
    bool failed;                /* memory was short */
    apr_hash_t *used;           /* "#/components/..." that was referred to */
    apr_array_header_t *ways;   /* fa_way: in use, in order of first use */
    apr_array_header_t *scopes; /* const char *: of oauth2, likewise */
    apr_hash_t *by_name;        /* the name of a way -> itself */
    apr_hash_t *by_scope;       /* a scope -> itself */
} fa_openapi_part;

/* Put a value, which is taken over, into an object or an array; NULL says that
 * memory was short. */
void fa_openapi_set(fa_openapi_part *part, json_t *object, const char *name,
                    json_t *value);
void fa_openapi_append(fa_openapi_part *part, json_t *array, json_t *value);

/* A text, and an array of texts (const char *; may be NULL). */
json_t *fa_openapi_text(fa_openapi_part *part, const char *text);
json_t *fa_openapi_texts(fa_openapi_part *part,
                         const apr_array_header_t *texts);

/* The components that answers refer to. */
#define FA_OPENAPI_PROBLEM     "#/components/schemas/Problem"
#define FA_OPENAPI_FASTOPENAPI "#/components/schemas/FastOpenAPIError"
#define FA_OPENAPI_STATUS      "#/components/schemas/Status"
#define FA_OPENAPI_HEADER      "#/components/headers/"

/* {"$ref": "#/components/..."} to a component, which is then in use. */
json_t *fa_openapi_ref(fa_openapi_part *part, const char *component);

/* What stands under security of an operation: an array. */
json_t *fa_openapi_security(fa_openapi_part *part, const fa_documented *one);

/* What stands under responses of an operation: an object. */
json_t *fa_openapi_responses(fa_openapi_part *part, const fa_documented *one);

/* Components that are in use, each kind an object; empty where none is. */
json_t *fa_openapi_schemas(fa_openapi_part *part);
json_t *fa_openapi_headers(fa_openapi_part *part);
json_t *fa_openapi_security_schemes(fa_openapi_part *part);

#endif
