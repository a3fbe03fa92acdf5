/* A header holds one credential, and that has one spelling.
 * Target: fa_credential. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <strings.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include "fa_credential.h"
#include "fa_text.h"

static const char *header(void *context, const char *name)
{
    return strcmp(name, "Authorization") == 0 ? context : NULL;
}

static fa_verdict find(apr_pool_t *pool, const char *value,
                       fa_credential *found)
{
    static const fa_answers answers = {.header = header};
    static const fa_section here = {"Location", "/", "fuzz", 1};
    fa_policy *policy = fa_policy_create(pool);
    fa_request request = {
        .pool = pool, .answers = &answers, .context = (void *)(uintptr_t)value};
    const char *reason;

    memset(found, 0, sizeof *found);
    FUZZ_CHECK(!fa_schemes_parse(pool, fa_text_words(pool, "bearer-jwt basic"),
                                 &here, &policy->schemes));
    return fa_credential_find(&request, policy, found, &reason);
}

static const char *encoded(apr_pool_t *pool, const char *text, size_t size)
{
    return apr_pencode_base64_binary(pool, (const unsigned char *)text,
                                     (apr_ssize_t)size, APR_ENCODE_NONE, NULL);
}

/* What stands behind the scheme, without the space around it; NULL where there
 * is no scheme of this name and a space. */
static const char *behind(apr_pool_t *pool, const char *value,
                          const char *scheme)
{
    size_t size;

    value += strspn(value, " \t");
    size = strlen(scheme);
    if (strncasecmp(value, scheme, size) != 0 || value[size] != ' ')
        return NULL;
    value += size + strspn(value + size, " ");
    size = strlen(value);
    while (size > 0 && strchr(" \t", value[size - 1]))
        size--;
    return apr_pstrmemdup(pool, value, size);
}

static void read_header(apr_pool_t *pool, const char *value)
{
    fa_credential found;
    const char *comma = strchr(value, ','), *rest;

    if (find(pool, value, &found) != FA_ALLOWED)
        return;
    /* Two credentials are never one: nothing but space and commas follows. */
    if (found.kind != FA_CREDENTIAL_NONE && comma)
        FUZZ_CHECK(strspn(comma, ", \t") == strlen(comma));
    if (found.kind == FA_CREDENTIAL_TOKEN) {
        rest = behind(pool, value, "Bearer");
        FUZZ_CHECK(rest && *rest && !strcmp(rest, found.secret));
    }
    if (found.kind == FA_CREDENTIAL_BASIC) {
        const char *pair =
            apr_pstrcat(pool, found.user, ":", found.secret, NULL);

        rest = behind(pool, value, "Basic");
        FUZZ_CHECK(rest && !strcmp(rest, encoded(pool, pair, strlen(pair))));
        FUZZ_CHECK(*found.user && *found.secret && !strchr(found.user, ':'));
        FUZZ_CHECK(!fa_text_has_control(pair, strlen(pair)));
    }
}

/* The bytes themselves as user:password: decode(encode(x)) = x. */
static void read_pair(apr_pool_t *pool, const char *pair, size_t size)
{
    const char *colon = memchr(pair, ':', size);
    size_t user = colon ? (size_t)(colon - pair) : 0;
    bool good = colon && user > 0 && user <= FA_USER_MAX && user + 1 < size &&
                !fa_text_has_control(pair, size) && fa_text_is_utf8(pair, size);
    fa_credential found;
    fa_verdict verdict =
        find(pool, apr_pstrcat(pool, "Basic ", encoded(pool, pair, size), NULL),
             &found);

    FUZZ_CHECK((verdict == FA_ALLOWED) == good);
    if (!good)
        return;
    FUZZ_CHECK(strlen(found.user) == user && !memcmp(found.user, pair, user));
    FUZZ_CHECK(strlen(found.secret) == size - user - 1 &&
               !memcmp(found.secret, colon + 1, size - user - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = apr_pstrmemdup(pool, (const char *)data, size);

    read_header(pool, text);
    if (size > 0)
        read_pair(pool, text, size);
    apr_pool_destroy(pool);
    return 0;
}
