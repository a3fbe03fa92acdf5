/* The document as a page for people.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_docs.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_docs_part.h"

/* Up to so many operations are all open from the start. */
#define FEW 20

/* What the page has of its own. Two columns where there is room; nothing is
 * wider than a telephone: what is long wraps. */
static const char style[] =
    ":root{--raised:#f4f4f7;--reads:#0b4a8f;--writes:#14532d;"
    "--deletes:#8a1616}"
    "@media screen and (prefers-color-scheme:dark){:root{--raised:#202026;"
    "--reads:#9cc7ff;--writes:#8fe3b0;--deletes:#ffb3ab}}"
    "html{scroll-padding-top:1rem}"
    "body{max-width:76rem;overflow-wrap:anywhere}"
    "h1{font-size:2rem;line-height:1.2}"
    "h2{font-size:1.35rem;margin:2.5rem 0 .5rem}"
    "h3{display:inline;font-size:1rem;margin:0 .5rem 0 0}"
    "p,ul,pre{margin:.5rem 0}ul{padding-left:1.25rem}"
    "header p,section>p{max-width:42rem}"
    ".skip{position:absolute;left:-100rem}.skip:focus{position:static}"
    "nav ul{list-style:none;margin:0;padding:0}nav ul ul{display:none}"
    "nav a{display:inline-block;padding:.25rem 0;text-decoration:none}"
    "nav a:hover,nav a:focus{text-decoration:underline}"
    "nav>ul>li>a{font-weight:600}"
    "details{border:1px solid var(--line);border-radius:.5rem;"
    "margin:.375rem 0}details[open]{margin:1rem 0}"
    "summary{padding:.625rem .75rem;cursor:pointer;border-radius:.5rem}"
    "summary:hover{background:var(--raised)}"
    "details>div{padding:.25rem .75rem .75rem;scroll-margin-top:9rem}"
    ".reads,.writes,.deletes{font:700 .875rem ui-monospace,monospace}"
    ".reads{color:var(--reads)}.writes{color:var(--writes)}"
    ".deletes{color:var(--deletes)}"
    "var{font-style:normal;font-weight:700;color:var(--link)}"
    "h3 code{font-weight:500}.what{color:var(--soft);margin-right:.5rem}"
    "strong{border:1px solid;border-radius:.25rem;padding:0 .375rem;"
    "font-size:.875rem;font-weight:600}"
    "dl{margin:1rem 0}dt{font-weight:600}dd{margin:0 0 .75rem}"
    "div>dl dt,figcaption,table caption{font-size:.875rem;font-weight:600;"
    "color:var(--soft)}"
    "table,figure{margin:1rem 0}small code{font-size:.8125rem}"
    "thead th{overflow-wrap:normal}"
    "th[scope=row]{font-weight:600;min-width:3rem}"
    "pre{background:var(--raised);border-radius:.375rem;padding:.75rem;"
    "white-space:pre-wrap}"
    "pre code{-webkit-user-select:all;user-select:all}"
    "footer{margin-top:3rem;color:var(--soft);font-size:.875rem}"
    "@media(min-width:40rem){details>div{scroll-margin-top:5rem}"
    "div>dl{display:grid;"
    "grid-template-columns:7rem minmax(0,1fr)}"
    "div>dl dt{grid-column:1;line-height:1.7}div>dl dd{grid-column:2;"
    "margin:0 0 .25rem}}"
    "@media(min-width:62rem){body{display:grid;"
    "grid-template-columns:18rem minmax(0,1fr);column-gap:3rem;"
    "padding:2rem}header,footer,.skip{grid-column:1/-1}"
    "nav{position:sticky;top:0;align-self:start;max-height:100vh;"
    "overflow-y:auto;font-size:.9375rem}"
    "nav ul ul{display:block;padding:0 0 .5rem .75rem}"
    "nav details{border:0;margin:0}nav summary{padding:.25rem 0}}"
    "@media print{nav,.skip{display:none}body{display:block;max-width:none}"
    "details::details-content{content-visibility:visible;block-size:auto}"
    "figure,tr,summary{break-inside:avoid}}";

/* --- operations by tag ---------------------------------------------------- */

typedef struct group {
    const char *tag; /* NULL: of those without one */
    const char *description;
    apr_array_header_t *operations; /* const fa_documented * */
} group;

static group *add_group(apr_array_header_t *groups, const char *tag,
                        const char *description)
{
    group *added = apr_array_push(groups);

    *added =
        (group){tag, description,
                apr_array_make(groups->pool, 4, sizeof(const fa_documented *))};
    return added;
}

static group *group_of(apr_array_header_t *groups, const char *tag)
{
    for (int i = 0; i < groups->nelts; i++) {
        group *one = &APR_ARRAY_IDX(groups, i, group);

        if (strcmp(one->tag, tag) == 0)
            return one;
    }
    return add_group(groups, tag, NULL);
}

static const char *tag_of(const fa_documented *one)
{
    if (!one->said || !one->said->tags || one->said->tags->nelts == 0)
        return NULL;
    return APR_ARRAY_IDX(one->said->tags, 0, const char *);
}

/* Those of APITag in its order, then others as they appear, then the rest. */
static apr_array_header_t *groups_of(apr_pool_t *pool,
                                     const fa_document *document)
{
    apr_array_header_t *groups = apr_array_make(pool, 8, sizeof(group));
    apr_array_header_t *rest = apr_array_make(pool, 1, sizeof(group));
    const apr_array_header_t *tags = document->server->api_tags;
    group *untagged = add_group(rest, NULL, NULL);

    for (int i = 0; tags && i < tags->nelts; i++) {
        const fa_api_name *tag = &APR_ARRAY_IDX(tags, i, fa_api_name);

        add_group(groups, tag->name, tag->description);
    }
    for (int i = 0; i < document->operations->nelts; i++) {
        const fa_documented *one =
            &APR_ARRAY_IDX(document->operations, i, fa_documented);
        const char *tag = tag_of(one);
        group *its = tag ? group_of(groups, tag) : untagged;

        APR_ARRAY_PUSH(its->operations, const fa_documented *) = one;
    }
    apr_array_cat(groups, rest);
    return groups;
}

/* Text between tags. */
static const char *title_of(apr_pool_t *pool, const apr_array_header_t *groups,
                            const group *one)
{
    bool is_only = true;

    if (one->tag)
        return fa_html_escape(pool, one->tag);
    for (int i = 0; i < groups->nelts; i++) {
        const group *other = &APR_ARRAY_IDX(groups, i, group);

        is_only = is_only && (other == one || other->operations->nelts == 0);
    }
    return is_only ? "Operations" : "Other operations";
}

static const char *id_of(apr_pool_t *pool, const group *one)
{
    return one->tag
               ? apr_pstrcat(pool, "tag-", fa_html_id(pool, one->tag), NULL)
               : "untagged";
}

/* --- the head ------------------------------------------------------------- */

/* A line, its control characters and what is blank at its ends left out; text
 * is moved behind it. */
static const char *next_line(apr_pool_t *pool, const char **text)
{
    size_t size = strcspn(*text, "\n");
    char *line = apr_pstrmemdup(pool, *text, size), *to = line;

    *text += size + ((*text)[size] == '\n');
    for (const char *from = line; *from; from++) {
        if (*from == '\t' || !apr_iscntrl(*from))
            *to++ = *from;
    }
    *to = '\0';
    while (to > line && apr_isspace(to[-1]))
        *--to = '\0';
    return line + strspn(line, " \t");
}

/* Text with blank lines between its paragraphs. */
static void say_paragraphs(fa_html *page, const char *text)
{
    bool is_in = false;

    while (*text) {
        const char *line = next_line(page->pool, &text);

        if (*line)
            fa_html_say(page, is_in ? "\n" : "<p dir=\"auto\">",
                        fa_html_escape(page->pool, line), NULL);
        else if (is_in)
            fa_html_say(page, "</p>\n", NULL);
        is_in = *line != '\0';
    }
    if (is_in)
        fa_html_say(page, "</p>\n", NULL);
}

static void say_servers(fa_html *page, const apr_array_header_t *servers)
{
    if (!servers || servers->nelts == 0)
        return;
    fa_html_say(page,
                "<p id=\"servers\">Servers</p>\n"
                "<ul aria-labelledby=\"servers\">\n",
                NULL);
    for (int i = 0; i < servers->nelts; i++) {
        const fa_api_name *one = &APR_ARRAY_IDX(servers, i, fa_api_name);

        fa_html_say(page, "<li><code>", fa_html_escape(page->pool, one->name),
                    "</code>", NULL);
        if (one->description)
            fa_html_say(page, " <span dir=\"auto\">",
                        fa_html_escape(page->pool, one->description), "</span>",
                        NULL);
        fa_html_say(page, "</li>\n", NULL);
    }
    fa_html_say(page, "</ul>\n", NULL);
}

static void say_head(fa_html *page, const fa_document *document)
{
    const char *title = fa_document_title(document);

    fa_html_begin(page, apr_pstrcat(page->pool, title, ": API reference", NULL),
                  style);
    fa_html_say(page,
                "<a class=\"skip\" href=\"#main\">Skip to the operations</a>\n"
                "<header>\n<h1 dir=\"auto\">",
                fa_html_escape(page->pool, title), "</h1>\n<p>Version ",
                fa_html_escape(page->pool, fa_document_version(document)),
                "</p>\n", NULL);
    if (document->server->api_description)
        say_paragraphs(page, document->server->api_description);
    say_servers(page, document->server->api_servers);
    fa_html_say(page, "</header>\n", NULL);
}

/* --- contents, and all operations ----------------------------------------- */

static void say_links(fa_html *page, const group *of, bool is_few)
{
    const char *count =
        fa_html_number(page->pool, (uint64_t)of->operations->nelts);

    if (!is_few)
        fa_html_say(page, "<details>\n<summary>", count,
                    of->operations->nelts == 1 ? " operation" : " operations",
                    "</summary>\n", NULL);
    fa_html_say(page, "<ul>\n", NULL);
    for (int i = 0; i < of->operations->nelts; i++) {
        const fa_documented *one =
            APR_ARRAY_IDX(of->operations, i, const fa_documented *);

        fa_html_say(page, "<li><a href=\"#", fa_docs_id(page->pool, one), "\">",
                    fa_docs_name(page->pool, one), "</a></li>\n", NULL);
    }
    fa_html_say(page, "</ul>\n", is_few ? "" : "</details>\n", NULL);
}

static void say_contents(fa_html *page, const apr_array_header_t *groups,
                         bool is_few)
{
    fa_html_say(page,
                "<nav aria-labelledby=\"contents\">\n"
                "<h2 id=\"contents\">Contents</h2>\n<ul>\n<li>"
                "<a href=\"#identify\">How to identify yourself</a></li>\n",
                NULL);
    for (int i = 0; i < groups->nelts; i++) {
        const group *one = &APR_ARRAY_IDX(groups, i, group);

        if (one->operations->nelts == 0)
            continue;
        fa_html_say(page, "<li><a href=\"#", id_of(page->pool, one),
                    "\" dir=\"auto\">", title_of(page->pool, groups, one),
                    "</a>\n", NULL);
        say_links(page, one, is_few);
        fa_html_say(page, "</li>\n", NULL);
    }
    fa_html_say(page, "</ul>\n</nav>\n", NULL);
}

static void say_group(fa_html *page, const fa_document *document,
                      const apr_array_header_t *groups, const group *one,
                      bool is_few)
{
    const char *id = id_of(page->pool, one);

    if (one->operations->nelts == 0)
        return;
    fa_html_say(page, "<section aria-labelledby=\"", id, "\">\n<h2 id=\"", id,
                "\" dir=\"auto\">", title_of(page->pool, groups, one),
                "</h2>\n", NULL);
    if (one->description)
        say_paragraphs(page, one->description);
    for (int i = 0; i < one->operations->nelts; i++)
        fa_docs_operation(
            page, document,
            APR_ARRAY_IDX(one->operations, i, const fa_documented *), is_few);
    fa_html_say(page, "</section>\n", NULL);
}

static void say_page(fa_html *page, const fa_document *document)
{
    const apr_array_header_t *groups = groups_of(page->pool, document);
    bool is_few = document->operations->nelts <= FEW;

    say_head(page, document);
    say_contents(page, groups, is_few);
    fa_html_say(page, "<main id=\"main\" tabindex=\"-1\">\n", NULL);
    fa_docs_ways(page, document);
    for (int i = 0; i < groups->nelts; i++)
        say_group(page, document, groups, &APR_ARRAY_IDX(groups, i, group),
                  is_few);
    fa_html_say(page,
                "</main>\n<footer>\n<p>Written by mod_fastauth from the "
                "directives that the server enforces.</p>\n</footer>\n"
                "</body>\n</html>\n",
                NULL);
}

const char *fa_docs_page(apr_pool_t *pool, const fa_document *document)
{
    fa_html page = fa_html_create(pool);

    say_page(&page, document);
    return fa_html_text(pool, &page);
}

const char *fa_docs_page_policy(apr_pool_t *pool)
{
    return fa_html_policy(pool, style);
}
