/* The credential that came with a request, of those that are looked at here.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_credential.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_base64.h"
#include "fa_pairs.h"
#include "fa_text.h"

/* What is looked for, and what has been found so far. */
typedef struct finder {
    const fa_request *request;
    const fa_policy *policy;
    const fa_scheme *bearer; /* NULL: no bearer scheme is in force */
    const fa_scheme *basic;
    int explicit_count;  /* credentials that the client sent on purpose */
    const char *trouble; /* why what came is no credential */
    fa_credential found;
} finder;

static const fa_token_source in_header = {FA_TOKEN_HEADER, NULL};

/* The token source at index; NULL behind the last. */
static const fa_token_source *token_source(const finder *search, int index)
{
    const apr_array_header_t *sources = search->policy->token_sources;

    if (!search->bearer)
        return NULL;
    if (!sources)
        return index == 0 ? &in_header : NULL;
    return index < sources->nelts
               ? &APR_ARRAY_IDX(sources, index, const fa_token_source)
               : NULL;
}

static bool takes_token_in_header(const finder *search)
{
    const fa_token_source *source;

    for (int i = 0; (source = token_source(search, i)) != NULL; i++) {
        if (source->place == FA_TOKEN_HEADER)
            return true;
    }
    return false;
}

static void found(finder *search, fa_credential_kind kind,
                  const fa_scheme *scheme, const char *secret)
{
    search->found.kind = *secret ? kind : FA_CREDENTIAL_EMPTY;
    search->found.scheme = scheme;
    search->found.secret = secret;
}

/* --- Authorization ----------------------------------------------------- */

/* The scheme in force that an element of Authorization starts with. */
static const fa_scheme *scheme_of(const finder *search, const char *element)
{
    size_t size = strcspn(element, " \t,");

    if (size == 6 && strncasecmp(element, "Bearer", 6) == 0 &&
        takes_token_in_header(search))
        return search->bearer;
    if (size == 5 && strncasecmp(element, "Basic", 5) == 0)
        return search->basic;
    return NULL;
}

/* httpd joins two lines of a header with a comma. */
static int count_credentials(const finder *search, const char *value)
{
    bool ours = scheme_of(search, value) != NULL;
    int count = ours;

    while ((value = strchr(value, ',')) != NULL) {
        value += 1 + strspn(value + 1, " \t");
        if (*value && *value != ',' && (ours || scheme_of(search, value)))
            count += ours ? 1 : 2;
    }
    return count;
}

/* user-pass (RFC 7617 section 2). */
static void read_basic(finder *search, const char *encoded)
{
    apr_pool_t *pool = search->request->pool;
    unsigned char *bytes;
    size_t size;
    char *user, *colon;

    search->trouble = "the Basic credential is no base64 of user:password";
    if (fa_base64_decode(pool, encoded, strlen(encoded), &bytes, &size) !=
            APR_SUCCESS ||
        (colon = memchr(bytes, ':', size)) == NULL)
        return;
    user = (char *)bytes;
    search->found.claimed = apr_pstrmemdup(pool, user, (size_t)(colon - user));
    if (fa_text_has_control(user, size) || !fa_text_is_utf8(user, size)) {
        search->trouble = "the Basic credential has control characters, or is "
                          "no UTF-8";
        return;
    }
    *colon = '\0';
    if (!fa_identity_is_user(user) || !colon[1]) {
        search->trouble = "the Basic credential has no user or no password";
        return;
    }
    search->trouble = NULL;
    search->found.user = user;
    search->found.secret = colon + 1;
}

static void look_at_authorization(finder *search)
{
    const fa_request *request = search->request;
    const fa_scheme *scheme;
    const char *value =
        request->answers->header(request->context, "Authorization");
    const char *rest;
    size_t size;
    int count;

    if (!value || (!search->basic && !takes_token_in_header(search)))
        return;
    value += strspn(value, " \t");
    count = count_credentials(search, value);
    scheme = scheme_of(search, value);
    search->explicit_count += count;
    if (count != 1 || !scheme)
        return;

    /* 1*SP, and white space behind does not count (RFC 9110 section 5.5). */
    rest = value + strcspn(value, " \t,");
    size = strlen(rest);
    while (size > 0 && (rest[size - 1] == ' ' || rest[size - 1] == '\t'))
        size--;
    rest = *rest == ' ' ? apr_pstrmemdup(request->pool, rest, size) : "";
    rest += strspn(rest, " ");
    found(search,
          scheme == search->basic ? FA_CREDENTIAL_BASIC : FA_CREDENTIAL_TOKEN,
          scheme, rest);
    if (search->found.kind == FA_CREDENTIAL_BASIC)
        read_basic(search, rest);
}

/* --- headers and queries of their own ---------------------------------- */

static void look_at_header(finder *search, const fa_scheme *scheme)
{
    const fa_request *request = search->request;
    const char *value =
        request->answers->header(request->context, scheme->parameter);

    if (!value)
        return;
    /* Two lines, joined; and so no key has a comma in it. */
    search->explicit_count += strchr(value, ',') ? 2 : 1;
    found(search, FA_CREDENTIAL_API_KEY, scheme, value);
}

static void look_at_query(finder *search, fa_credential_kind kind,
                          const fa_scheme *scheme, const char *name)
{
    const fa_request *request = search->request;
    const char *value, *decoded;
    int count = request->query
                    ? fa_query_find(request->pool, request->query, name, &value)
                    : 0;

    search->explicit_count += count;
    if (count != 1)
        return;
    decoded = fa_text_form_value(request->pool, value, strlen(value));
    found(search, kind, scheme, decoded ? decoded : value);
    if (!decoded)
        search->trouble = "the query parameter is not percent-encoded right";
}

static void look_at_cookie(finder *search, fa_credential_kind kind,
                           const fa_scheme *scheme, const char *name)
{
    const fa_request *request = search->request;
    const char *cookies = request->answers->header(request->context, "Cookie");
    const char *value;
    int count =
        cookies ? fa_cookie_find(request->pool, cookies, name, &value) : 0;

    if (count == 0 || search->found.kind != FA_CREDENTIAL_NONE)
        return;
    found(search, kind, scheme, value);
    if (count > 1)
        search->trouble = "the cookie came twice";
}

/* --- all together ------------------------------------------------------ */

static void look_for_explicit(finder *search)
{
    const apr_array_header_t *list = search->policy->schemes->list;
    const fa_token_source *source;

    look_at_authorization(search);
    for (int i = 0; (source = token_source(search, i)) != NULL; i++) {
        if (source->place == FA_TOKEN_QUERY)
            look_at_query(search, FA_CREDENTIAL_TOKEN, search->bearer,
                          source->name);
    }
    for (int i = 0; i < list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(list, i, fa_scheme);

        if (scheme->kind == FA_API_KEY_HEADER)
            look_at_header(search, scheme);
        if (scheme->kind == FA_API_KEY_QUERY)
            look_at_query(search, FA_CREDENTIAL_API_KEY, scheme,
                          scheme->parameter);
    }
}

static void look_for_cookies(finder *search)
{
    const apr_array_header_t *list = search->policy->schemes->list;
    const fa_token_source *source;

    for (int i = 0; i < list->nelts; i++) {
        const fa_scheme *scheme = &APR_ARRAY_IDX(list, i, fa_scheme);

        if (scheme->kind == FA_API_KEY_COOKIE)
            look_at_cookie(search, FA_CREDENTIAL_API_KEY, scheme,
                           scheme->parameter);
        if (scheme != search->bearer)
            continue;
        for (int j = 0; (source = token_source(search, j)) != NULL; j++) {
            if (source->place == FA_TOKEN_COOKIE)
                look_at_cookie(search, FA_CREDENTIAL_TOKEN, scheme,
                               source->name);
        }
    }
}

fa_verdict fa_credential_find(const fa_request *request,
                              const fa_policy *policy,
                              fa_credential *credential, const char **reason)
{
    finder search = {
        .request = request,
        .policy = policy,
        .bearer = fa_schemes_bearer(policy->schemes),
        .basic = fa_schemes_find(policy->schemes, FA_BASIC),
    };

    look_for_explicit(&search);
    if (search.explicit_count > 1) {
        *reason = "more than one credential was sent, or one twice";
        return FA_TWO_CREDENTIALS;
    }
    if (search.explicit_count == 0)
        look_for_cookies(&search);
    *credential = search.found;
    *reason = search.trouble;
    return search.trouble ? FA_BAD_CREDENTIAL : FA_ALLOWED;
}
