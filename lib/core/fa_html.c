/* A page of HTML put together: text escaped, one style, nothing else loaded.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_html.h"

#include <stdarg.h>
#include <string.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include "fa_digest.h"
#include "fa_text.h"

/* What all pages look like. Colours keep a contrast of 7:1 in light and dark;
 * what is printed is light. */
static const char common[] =
    ":root{color-scheme:light;--ink:#1b1b1f;--soft:#4a4a52;--line:#c9c9d1;"
    "--paper:#fff;--link:#0b4a8f}"
    "@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;"
    "--ink:#ececf1;--soft:#b9b9c4;--line:#45454f;--paper:#17171b;"
    "--link:#9cc7ff}}"
    "body{margin:0 auto;max-width:46rem;padding:1rem;background:var(--paper);"
    "color:var(--ink);font:1rem/1.5 system-ui,sans-serif}"
    "h1{font-size:1.5rem;margin:0}"
    "a{color:var(--link)}:focus-visible{outline:3px solid;outline-offset:2px}"
    "table{border-collapse:collapse;width:100%;margin:1.5rem 0}"
    "caption{text-align:left;font-weight:600;font-size:1.15rem}"
    "th,td{padding:.35rem .5rem .35rem 0;border-bottom:1px solid var(--line);"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead th{color:var(--soft);font-size:.875rem;vertical-align:bottom}"
    "code{font:.95em ui-monospace,monospace}"
    "small{font-size:.875rem;color:var(--soft)}";

fa_html fa_html_create(apr_pool_t *pool)
{
    return (fa_html){pool, apr_array_make(pool, 256, sizeof(const char *))};
}

void fa_html_say(fa_html *page, ...)
{
    const char *part;
    va_list parts;

    va_start(parts, page);
    while ((part = va_arg(parts, const char *)) != NULL)
        APR_ARRAY_PUSH(page->parts, const char *) = part;
    va_end(parts);
}

const char *fa_html_text(apr_pool_t *pool, const fa_html *page)
{
    return apr_array_pstrcat(pool, page->parts, 0);
}

const char *fa_html_escape(apr_pool_t *pool, const char *text)
{
    static const char special[] = "&<>\"'";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                           "&#39;"};
    char *escaped, *to;

    if (!strpbrk(text, special))
        return text;
    escaped = to = apr_palloc(pool, 6 * strlen(text) + 1);
    for (; *text; text++) {
        const char *found = strchr(special, *text);

        if (found)
            to = apr_cpystrn(to, entities[found - special], 7);
        else
            *to++ = *text;
    }
    *to = '\0';
    return escaped;
}

const char *fa_html_number(apr_pool_t *pool, uint64_t number)
{
    return apr_psprintf(pool, "%" APR_UINT64_T_FMT, (apr_uint64_t)number);
}

const char *fa_html_id(apr_pool_t *pool, const char *text)
{
    return fa_text_escaped(pool, text, "-._", '~');
}

void fa_html_begin(fa_html *page, const char *title, const char *style)
{
    fa_html_say(page,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                "<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" "
                "content=\"width=device-width, initial-scale=1\">\n<title>",
                fa_html_escape(page->pool, title), "</title>\n<style>", common,
                style, "</style>\n</head>\n<body>\n", NULL);
}

void fa_html_table(fa_html *page, const char *caption,
                   const char *const *headings)
{
    fa_html_say(page, "<table>\n<caption>", caption, "</caption>\n<thead><tr>",
                NULL);
    for (; *headings; headings++)
        fa_html_say(page, "<th scope=\"col\">", *headings, "</th>", NULL);
    fa_html_say(page, "</tr></thead>\n<tbody>\n", NULL);
}

void fa_html_end_table(fa_html *page)
{
    fa_html_say(page, "</tbody>\n</table>\n", NULL);
}

const char *fa_html_policy(apr_pool_t *pool, const char *style)
{
    const char *all = apr_pstrcat(pool, common, style, NULL);
    unsigned char digest[FA_DIGEST_SIZE];

    if (!fa_digest(all, strlen(all), digest))
        return "default-src 'none'";
    /* CSP level 3 section 2.3.1: standard base64, with padding. */
    return apr_pstrcat(
        pool, "default-src 'none'; style-src 'sha256-",
        apr_pencode_base64_binary(pool, digest, sizeof digest, APR_ENCODE_NONE,
                                  NULL),
        "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", NULL);
}
