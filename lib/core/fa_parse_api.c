/* What the document says of the whole API (APITitle...).
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_uri.h>

#include "fa_text.h"

#define SAID "it is said already in this server"

/* The one text of a line, into a field that may be said once. */
static const char *parse_text(const fa_line *line, const char **field)
{
    const char *text = fa_parse_word(line, 0), *wrong;

    if (line->words->nelts != 1 || !*text)
        return "it takes one text, in quotes where it has spaces";
    if (*field)
        return SAID;
    if ((wrong = fa_parse_text(line->pool, text)) != NULL)
        return wrong;
    *field = text;
    return NULL;
}

const char *fa_parse_api_title(fa_line *line)
{
    return parse_text(line, &line->server->api_title);
}

const char *fa_parse_api_version(fa_line *line)
{
    return parse_text(line, &line->server->api_version);
}

const char *fa_parse_api_description(fa_line *line)
{
    const char *word = fa_parse_word(line, 0), *text, *wrong;
    apr_size_t size;

    if (!word || strncmp(word, "file:", 5) != 0)
        return parse_text(line, &line->server->api_description);
    if (line->words->nelts > 1)
        return "it takes one text or file:PATH";
    if (line->server->api_description)
        return SAID;
    wrong = fa_parse_source(line->pool, line->root, word, true, &text, &size);
    if (wrong)
        return wrong;
    if (!fa_text_is_utf8(text, size))
        return apr_psprintf(line->pool, "'%s' is not UTF-8", word);
    line->server->api_description = text;
    return NULL;
}

/* --- lists ---------------------------------------------------------------- */

/* A name and what is said of it, into a list that has each name once. */
static const char *parse_name(const fa_line *line, apr_array_header_t **list)
{
    fa_api_name named = {fa_parse_word(line, 0), fa_parse_word(line, 1)};
    const char *wrong = fa_parse_text(line->pool, named.name);

    if (!wrong && named.description)
        wrong = fa_parse_text(line->pool, named.description);
    if (wrong)
        return wrong;
    if (!*list)
        *list = apr_array_make(line->pool, 2, sizeof(fa_api_name));
    for (int i = 0; i < (*list)->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(*list, i, fa_api_name).name, named.name) == 0)
            return apr_psprintf(line->pool, "'%s' is said already", named.name);
    }
    APR_ARRAY_PUSH(*list, fa_api_name) = named;
    return NULL;
}

/* An absolute URL of the web, without a fragment. */
static const char *check_url(const fa_line *line, const char *url)
{
    apr_uri_t parts;

    if (apr_uri_parse(line->pool, url, &parts) != APR_SUCCESS ||
        !parts.scheme || !parts.hostname || !*parts.hostname ||
        (strcasecmp(parts.scheme, "https") != 0 &&
         strcasecmp(parts.scheme, "http") != 0) ||
        parts.user || parts.password || strpbrk(url, "#\"<>\\^`{|} "))
        return apr_psprintf(line->pool,
                            "'%s' is no URL that starts with https:// or "
                            "http:// and holds no user, fragment or space",
                            fa_text_log_value(line->pool, url, 120));
    return fa_parse_text(line->pool, url);
}

const char *fa_parse_api_server(fa_line *line)
{
    const char *url = fa_parse_word(line, 0), *wrong;

    if (line->words->nelts < 1 || line->words->nelts > 2)
        return "it takes a URL and perhaps a description, in quotes";
    if ((wrong = check_url(line, url)) != NULL)
        return wrong;
    if (strchr(url, '?'))
        return apr_psprintf(line->pool, "'%s' has a query", url);
    if (url[strlen(url) - 1] == '/')
        return apr_psprintf(line->pool,
                            "'%s': leave the slash at its end out, for the "
                            "paths start with one",
                            url);
    return parse_name(line, &line->server->api_servers);
}

const char *fa_parse_api_license(fa_line *line)
{
    fa_api_name license = {fa_parse_word(line, 0), fa_parse_word(line, 1)};
    const char *wrong;

    if (line->words->nelts < 1 || line->words->nelts > 2 || !*license.name)
        return "it takes a licence's name and perhaps its URL";
    if (line->server->api_license)
        return SAID;
    wrong = fa_parse_text(line->pool, license.name);
    if (!wrong && license.description)
        wrong = check_url(line, license.description);
    if (!wrong)
        line->server->api_license =
            apr_pmemdup(line->pool, &license, sizeof license);
    return wrong;
}

const char *fa_parse_api_tag(fa_line *line)
{
    if (line->words->nelts < 1 || line->words->nelts > 2 ||
        !*fa_parse_word(line, 0))
        return "it takes a tag and perhaps a description, in quotes";
    return parse_name(line, &line->server->api_tags);
}

/* --- OAuth flows ---------------------------------------------------------- */

/* By fa_api_flow_kind: OpenAPI's names, and which URLs each must have. */
static const struct {
    const char *name;
    bool authorization, token;
} flows[] = {{"authorizationCode", true, true},
             {"clientCredentials", false, true},
             {"password", false, true},
             {"implicit", true, false}};

static const char *read_flow(const fa_line *line, const char *word,
                             fa_api_flow *flow)
{
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        if (strcasecmp(word, flows[i].name) == 0) {
            flow->kind = (fa_api_flow_kind)i;
            return NULL;
        }
    }
    return apr_psprintf(line->pool,
                        "flow='%s' is none of authorizationCode, "
                        "clientCredentials, password, implicit",
                        fa_text_log_value(line->pool, word, 80));
}

static const char *read_flow_word(const fa_line *line, const char *word,
                                  fa_api_flow *flow, bool *has_kind)
{
    const struct {
        const char *name;
        const char **url;
    } urls[] = {{"authorization=", &flow->authorization},
                {"token=", &flow->token},
                {"refresh=", &flow->refresh}};

    if (strncmp(word, "flow=", 5) == 0) {
        *has_kind = true;
        return read_flow(line, word + 5, flow);
    }
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        size_t size = strlen(urls[i].name);

        if (strncmp(word, urls[i].name, size) == 0) {
            *urls[i].url = word + size;
            return check_url(line, word + size);
        }
    }
    return apr_psprintf(line->pool,
                        "'%s' is none of flow= authorization= token= refresh=",
                        fa_text_log_value(line->pool, word, 80));
}

/* OpenAPI 3.1, the OAuth Flow Object: what a flow must have. */
static const char *check_flow(const fa_line *line, const fa_api_flow *flow)
{
    bool has[] = {flow->authorization != NULL, flow->token != NULL};
    bool due[] = {flows[flow->kind].authorization, flows[flow->kind].token};
    const char *names[] = {"authorization=", "token="};

    for (size_t i = 0; i < 2; i++) {
        if (has[i] != due[i])
            return apr_psprintf(line->pool, "flow=%s has %s %s",
                                flows[flow->kind].name, due[i] ? "a" : "no",
                                names[i]);
    }
    return NULL;
}

const char *fa_parse_api_oauth2(fa_line *line)
{
    fa_api_flow flow = {FA_FLOW_AUTHORIZATION_CODE, NULL, NULL, NULL};
    apr_array_header_t **list = &line->server->api_flows;
    const char *wrong = NULL;
    bool has_kind = false;

    for (int i = 0; !wrong && i < line->words->nelts; i++)
        wrong = read_flow_word(line, fa_parse_word(line, i), &flow, &has_kind);
    if (!wrong && !has_kind)
        wrong = "it takes flow=, as authorizationCode, and its URLs";
    if (!wrong)
        wrong = check_flow(line, &flow);
    if (!*list)
        *list = apr_array_make(line->pool, 1, sizeof(fa_api_flow));
    for (int i = 0; !wrong && i < (*list)->nelts; i++) {
        if (APR_ARRAY_IDX(*list, i, fa_api_flow).kind == flow.kind)
            wrong = "this flow is said already";
    }
    if (!wrong)
        APR_ARRAY_PUSH(*list, fa_api_flow) = flow;
    return wrong;
}
