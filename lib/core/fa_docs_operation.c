/* The page for people: one operation.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_docs_part.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_curl.h"
#include "fa_outcome.h"

/* --- its name ------------------------------------------------------------- */

/* What a method does to what it is asked of. */
static const char *effect(fa_method method)
{
    switch (method) {
    case FA_GET:
    case FA_OPTIONS:
        return "reads";
    case FA_PUT:
    case FA_POST:
    case FA_PATCH:
        return "writes";
    case FA_DELETE:
        return "deletes";
    case FA_METHOD_NUMBERS:
        break;
    }
    return "";
}

static const char *path_markup(apr_pool_t *pool, const char *path)
{
    fa_html markup = fa_html_create(pool);

    while (*path) {
        size_t literal = strcspn(path, "{");
        const char *close = strchr(path + literal, '}');

        if (!close)
            literal = strlen(path);
        fa_html_say(&markup,
                    fa_html_escape(pool, apr_pstrmemdup(pool, path, literal)),
                    NULL);
        path += literal;
        if (!*path)
            break;
        fa_html_say(
            &markup, "<wbr><var>",
            fa_html_escape(
                pool, apr_pstrmemdup(pool, path, (size_t)(close - path) + 1)),
            "</var>", NULL);
        path = close + 1;
    }
    return fa_html_text(pool, &markup);
}

const char *fa_docs_name(apr_pool_t *pool, const fa_documented *one)
{
    return apr_pstrcat(pool, "<span class=\"", effect(one->method), "\">",
                       fa_method_name((int)one->method), "</span> <code>",
                       path_markup(pool, one->path), "</code>", NULL);
}

const char *fa_docs_id(apr_pool_t *pool, const fa_documented *one)
{
    return apr_pstrcat(pool, "op-", fa_html_id(pool, one->id), NULL);
}

/* Method and path as one would say them. */
static const char *spoken(apr_pool_t *pool, const fa_documented *one)
{
    return apr_pstrcat(pool, fa_method_name((int)one->method), " ", one->path,
                       NULL);
}

/* --- what it takes -------------------------------------------------------- */

static void say_list(fa_html *page, const char *title,
                     const apr_array_header_t *sentences)
{
    if (sentences->nelts == 0)
        return;
    fa_html_say(page, "<dt>", title, "</dt>\n", NULL);
    for (int i = 0; i < sentences->nelts; i++)
        fa_html_say(page, "<dd dir=\"auto\">",
                    fa_html_escape(page->pool,
                                   APR_ARRAY_IDX(sentences, i, const char *)),
                    "</dd>\n", NULL);
}

static void say_security(fa_html *page, const fa_documented *one,
                         const apr_array_header_t *ways)
{
    const fa_schemes *schemes = one->policy->schemes;
    bool is_optional =
        schemes && schemes->optional &&
        !fa_outcome_needs_identity(one->policy, (int)one->method);

    fa_html_say(page, "<dt>Credential</dt>\n<dd>", NULL);
    if (ways->nelts == 0) {
        fa_html_say(page, "No credential is needed.</dd>\n", NULL);
        return;
    }
    fa_html_say(page, is_optional ? "A credential is optional. " : "",
                ways->nelts > 1 ? "Send one of: " : "Send ", NULL);
    for (int i = 0; i < ways->nelts; i++)
        fa_html_say(
            page,
            i == 0                ? ""
            : i + 1 < ways->nelts ? ", "
                                  : ", or ",
            fa_docs_way_link(page->pool, &APR_ARRAY_IDX(ways, i, fa_way)),
            NULL);
    fa_html_say(page, ".</dd>\n", NULL);
}

static void say_demands(fa_html *page, const fa_document *document,
                        const fa_documented *one,
                        const apr_array_header_t *ways)
{
    const apr_array_header_t *needs =
        fa_document_needs(page->pool, document, one);
    /* Then the first of them says that nothing behind it is enforced. */
    bool needs_first = fa_policy_report_only(one->policy);

    fa_html_say(page, "<dl>\n", NULL);
    if (needs_first)
        say_list(page, "Needed", needs);
    say_security(page, one, ways);
    if (!needs_first)
        say_list(page, "Needed", needs);
    say_list(page, "Limits", fa_document_limits(page->pool, one));
    fa_html_say(page, "</dl>\n", NULL);
}

static void say_value(fa_html *page, const char *value, const char *otherwise)
{
    if (value)
        fa_html_say(page, "<td><code>", fa_html_escape(page->pool, value),
                    "</code></td>", NULL);
    else
        fa_html_say(page, "<td>", otherwise, "</td>", NULL);
}

static void say_parameters(fa_html *page, const apr_array_header_t *parameters)
{
    if (!parameters || parameters->nelts == 0)
        return;
    fa_html_table(page, "Path parameters",
                  FA_HTML_HEADINGS("Name", "Pattern", "Example"));
    for (int i = 0; i < parameters->nelts; i++) {
        const fa_parameter *one = &APR_ARRAY_IDX(parameters, i, fa_parameter);

        fa_html_say(page, "<tr><th scope=\"row\"><code><var>",
                    fa_html_escape(page->pool, one->name), "</var></code></th>",
                    NULL);
        say_value(page, one->pattern, "any");
        say_value(page, one->example, "none");
        fa_html_say(page, "</tr>\n", NULL);
    }
    fa_html_end_table(page);
}

/* --- what it answers ------------------------------------------------------ */

static void say_answers(fa_html *page, const apr_array_header_t *answers)
{
    fa_html_table(page, "Responses", FA_HTML_HEADINGS("Status", "Meaning"));
    for (int i = 0; i < answers->nelts; i++) {
        const fa_answer *one = &APR_ARRAY_IDX(answers, i, fa_answer);

        fa_html_say(page, "<tr><th scope=\"row\">",
                    fa_html_number(page->pool, (uint64_t)one->status),
                    "</th><td>", fa_html_escape(page->pool, one->description),
                    NULL);
        if (one->media_type)
            fa_html_say(page, "<br><small>Body: <code>",
                        fa_html_escape(page->pool, one->media_type),
                        "</code></small>", NULL);
        fa_html_say(page, "</td></tr>\n", NULL);
    }
    fa_html_end_table(page);
}

static void say_command(fa_html *page, const fa_document *document,
                        const fa_documented *one,
                        const apr_array_header_t *ways)
{
    const fa_way *first =
        ways->nelts > 0 ? &APR_ARRAY_IDX(ways, 0, fa_way) : NULL;

    fa_html_say(page,
                "<figure>\n<figcaption>Example request</figcaption>\n"
                "<pre><code>",
                fa_html_escape(page->pool,
                               fa_curl(page->pool, document->base, one, first)),
                "</code></pre>\n</figure>\n", NULL);
}

/* --- together ------------------------------------------------------------- */

/* The line that is seen while the rest is not. */
static void say_summary(fa_html *page, const fa_documented *one)
{
    const char *summary = fa_document_summary(page->pool, one);

    fa_html_say(page, "<summary><h3>", fa_docs_name(page->pool, one), "</h3>",
                NULL);
    if (strcmp(summary, spoken(page->pool, one)) != 0)
        fa_html_say(page, " <span class=\"what\" dir=\"auto\">",
                    fa_html_escape(page->pool, summary), "</span>", NULL);
    if (one->said && one->said->deprecated)
        fa_html_say(page, " <strong>Deprecated</strong>", NULL);
    fa_html_say(page, "</summary>\n", NULL);
}

void fa_docs_operation(fa_html *page, const fa_document *document,
                       const fa_documented *one, bool is_open)
{
    apr_array_header_t *ways = fa_document_ways(page->pool, one);

    fa_html_say(page, "<details", is_open ? " open" : "", ">\n", NULL);
    say_summary(page, one);
    /* Inside, not on <details> itself: a link to it then opens it. */
    fa_html_say(page, "<div id=\"", fa_docs_id(page->pool, one), "\">\n", NULL);
    if (one->said && one->said->deprecated)
        fa_html_say(page,
                    "<p>Deprecated: it still works, and may be taken away. Do "
                    "not build on it.</p>\n",
                    NULL);
    say_demands(page, document, one, ways);
    say_parameters(page, one->parameters);
    say_command(page, document, one, ways);
    say_answers(page, fa_document_answers(page->pool, one));
    fa_html_say(page, "</div>\n</details>\n", NULL);
}
