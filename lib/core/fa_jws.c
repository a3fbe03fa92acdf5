/* JSON Web Signature, taken apart and verified.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_jws.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_base64.h"
#include "fa_json.h"
#include "fa_signature.h"
#include "fa_text.h"

/* Where the segments of a token are. */
typedef struct segment {
    const char *text;
    size_t size;
} segment;

/* Exactly three, none of them empty. */
static bool find_segments(const char *token, size_t length, segment found[3])
{
    const char *end = token + length;

    for (int i = 0; i < 3; i++) {
        const char *dot = memchr(token, '.', (size_t)(end - token));

        if ((dot != NULL) != (i < 2))
            return false;
        found[i].text = token;
        found[i].size = (size_t)((dot ? dot : end) - token);
        if (found[i].size == 0)
            return false;
        if (dot)
            token = dot + 1;
    }
    return true;
}

static bool decode(apr_pool_t *pool, const segment *from, unsigned char **bytes,
                   size_t *size)
{
    return fa_base64url_decode(pool, from->text, from->size, bytes, size) ==
           APR_SUCCESS;
}

/* A header that changes what the rest means is one we do not understand. */
static bool has_extension(const json_t *header)
{
    static const char *const names[] = {"crit", "b64", "zip", "enc"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (json_object_get(header, names[i]))
            return true;
    }
    return false;
}

/* True where a member is absent or a text; text receives NULL or the text. */
static bool optional_text(const json_t *header, const char *name,
                          const char **text)
{
    const json_t *member = json_object_get(header, name);

    *text = json_string_value(member);
    return !member || *text;
}

static const char *read_header(const json_t *header, fa_jws *jws)
{
    jws->alg = json_string_value(json_object_get(header, "alg"));
    if (!jws->alg)
        return "the header's alg is missing or not a text";
    if (has_extension(header))
        return "the header demands an extension";
    if (!optional_text(header, "typ", &jws->typ))
        return "the header's typ is not a text";
    if (!optional_text(header, "kid", &jws->kid))
        return "the header's kid is not a text";
    if (jws->kid && (strlen(jws->kid) > FA_KID_MAX ||
                     fa_text_has_control(jws->kid, strlen(jws->kid))))
        return "the header's kid is too long or has a control character";
    return NULL;
}

static const char *decode_segments(apr_pool_t *pool, const segment found[3],
                                   json_t **header, fa_jws *jws)
{
    unsigned char *text, *payload;
    size_t size;

    if (!decode(pool, &found[0], &text, &size) ||
        !decode(pool, &found[1], &payload, &jws->payload_size) ||
        !decode(pool, &found[2], &jws->signature, &jws->signature_size))
        return "a segment is not base64url";
    jws->payload = (const char *)payload;
    if (size > FA_JWS_HEADER_MAX)
        return "the header is too long";
    if (fa_json_object(pool, (const char *)text, size, header) != APR_SUCCESS)
        return "the header is no JSON object";
    return NULL;
}

const char *fa_jws_split(apr_pool_t *pool, const char *token, size_t length,
                         fa_jws *jws)
{
    fa_jws parts = {0};
    segment found[3];
    json_t *header;
    const char *problem;

    if (length == 0 || length > FA_JWS_MAX)
        return "the token is empty or too long";
    if (!find_segments(token, length, found))
        return "the token has not three segments";
    problem = decode_segments(pool, found, &header, &parts);
    if (!problem)
        problem = read_header(header, &parts);
    if (problem)
        return problem;
    parts.signed_size = found[0].size + 1 + found[1].size;
    parts.signed_text = apr_pstrmemdup(pool, token, parts.signed_size);
    *jws = parts;
    return NULL;
}

bool fa_jws_verify(const fa_jws *jws, const fa_key *key)
{
    return !strcmp(jws->alg, key->alg->name) &&
           fa_signature_verify(key, jws->signed_text, jws->signed_size,
                               jws->signature, jws->signature_size);
}
