/* What has happened, for people: a page, and mod_status' part.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_status.h"

#include <string.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include "fa_digest.h"

/* All that the page loads. Colours keep a contrast of 7:1 in light and dark;
 * nothing is wider than a telephone. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1b1f;--soft:#4a4a52;--line:#c9c9d1;"
    "--paper:#fff;--link:#0b4a8f}"
    "@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--soft:#b9b9c4;"
    "--line:#45454f;--paper:#17171b;--link:#9cc7ff}}"
    "body{margin:0 auto;max-width:46rem;padding:1rem;background:var(--paper);"
    "color:var(--ink);font:1rem/1.5 system-ui,sans-serif}"
    "h1{font-size:1.5rem;margin:0}p{margin:.25rem 0;color:var(--soft)}"
    "a{color:var(--link)}a:focus-visible{outline:3px solid;outline-offset:2px}"
    "nav{display:flex;gap:1.5rem}nav a{padding:.5rem 0}"
    "table{border-collapse:collapse;width:100%;margin:1.5rem 0}"
    "caption{text-align:left;font-weight:600;font-size:1.15rem}"
    "th,td{padding:.35rem .5rem .35rem 0;border-bottom:1px solid var(--line);"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead th{color:var(--soft);font-size:.875rem;vertical-align:bottom}"
    "tbody th{font-weight:400;min-width:7rem}"
    "td,thead th+th{text-align:right;padding-right:0;padding-left:.5rem;"
    "font-variant-numeric:tabular-nums;overflow-wrap:normal}"
    "code{font:.95em ui-monospace,monospace}"
    "small{font-size:.875rem;color:var(--soft)}code+small{display:block}";

typedef struct page {
    apr_pool_t *pool;
    apr_array_header_t *parts; /* const char * */
} page;

static void say(page *out, const char *text)
{
    APR_ARRAY_PUSH(out->parts, const char *) = text;
}

/* Text between tags or in a quoted attribute. */
static const char *escape(apr_pool_t *pool, const char *text)
{
    static const char special[] = "&<>\"'";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                           "&#39;"};
    char *escaped = apr_palloc(pool, 6 * strlen(text) + 1), *to = escaped;

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

static const char *number(apr_pool_t *pool, uint64_t value)
{
    return apr_psprintf(pool, "%" APR_UINT64_T_FMT, (apr_uint64_t)value);
}

/* A table's beginning; headings end with NULL. */
static void table(page *out, const char *caption, const char *const *headings)
{
    say(out, apr_pstrcat(out->pool, "<table>\n<caption>", caption,
                         "</caption>\n<thead><tr>", NULL));
    for (; *headings; headings++)
        say(out, apr_pstrcat(out->pool, "<th scope=\"col\">", *headings,
                             "</th>", NULL));
    say(out, "</tr></thead>\n<tbody>\n");
}

static void end_table(page *out)
{
    say(out, "</tbody>\n</table>\n");
}

/* A row: its heading, as HTML, and numbers. */
static void row(page *out, const char *heading, const uint64_t *numbers,
                size_t count)
{
    say(out, apr_pstrcat(out->pool, "<tr><th scope=\"row\">", heading, "</th>",
                         NULL));
    for (size_t i = 0; i < count; i++)
        say(out, apr_pstrcat(out->pool, "<td>", number(out->pool, numbers[i]),
                             "</td>", NULL));
    say(out, "</tr>\n");
}

#define HEADINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void say_verdicts(page *out, const fa_status *status)
{
    table(out, "Decisions by verdict",
          HEADINGS("Verdict", "Requests", "Would refuse"));
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        const fa_verdict_row *verdict = fa_verdict_row_of((fa_verdict)i);
        uint64_t numbers[] = {status->verdicts[i], status->reported[i]};

        row(out,
            apr_psprintf(out->pool, "%s <small>%d</small>", verdict->word,
                         verdict->status),
            numbers, 2);
    }
    end_table(out);
}

static void say_sections(page *out, const fa_status *status)
{
    table(out, "Decisions by section",
          HEADINGS("Section", "Allowed", "Refused", "Would refuse"));
    for (int i = 0; i < status->sections->nelts; i++) {
        const fa_status_section *s =
            &APR_ARRAY_IDX(status->sections, i, fa_status_section);
        uint64_t numbers[] = {s->allowed, s->refused, s->reported};

        row(out,
            apr_pstrcat(out->pool, "<code>", escape(out->pool, s->section),
                        "</code> <small>", escape(out->pool, s->server),
                        "</small>", NULL),
            numbers, 3);
    }
    end_table(out);
}

static void say_limits(page *out, const fa_status *status)
{
    table(out, "Limits", HEADINGS("Limit", "Admitted", "Refused"));
    for (int i = 0; i < status->limits->nelts; i++) {
        const fa_status_limit *l =
            &APR_ARRAY_IDX(status->limits, i, fa_status_limit);
        uint64_t numbers[] = {l->admitted, l->refused};

        row(out,
            apr_pstrcat(out->pool, "<code>", escape(out->pool, l->name),
                        *l->by ? " by=" : "", escape(out->pool, l->by),
                        strcmp(l->on, "failure") == 0 ? " on=failure" : "",
                        "</code> <small>", escape(out->pool, l->section), ", ",
                        escape(out->pool, l->server), "</small>", NULL),
            numbers, 2);
    }
    end_table(out);
}

static void say_store(page *out, const fa_status *status)
{
    static const char *const titles[] = {"Failure throttles",
                                         "Limits by header", "Other limits"};

    table(out, "Store of limits",
          HEADINGS("Kind", "Callers held", "Room", "Evicted too early"));
    for (int i = 0; i < FA_STORE_KINDS; i++) {
        const fa_store_fill *fill = &status->store[i];
        uint64_t numbers[] = {fill->used, fill->slots, fill->dropped};

        row(out, titles[i], numbers, 3);
    }
    end_table(out);
}

static void say_cache(page *out, const fa_status *status)
{
    uint64_t all = status->cache_hits + status->cache_misses;
    uint64_t numbers[] = {status->cache_hits, status->cache_misses};

    table(out, "Verified passwords",
          HEADINGS("Passwords", "Remembered", "Asked anew"));
    row(out,
        all ? apr_psprintf(out->pool,
                           "Look-ups <small>hit rate %.1f %%</small>",
                           100.0 * (double)status->cache_hits / (double)all)
            : "Look-ups",
        numbers, 2);
    end_table(out);
}

static const char *moment(apr_pool_t *pool, apr_time_t time)
{
    apr_time_exp_t at;

    apr_time_exp_gmt(&at, time);
    return apr_psprintf(pool,
                        "<time datetime=\"%04d-%02d-%02dT%02d:%02d:%02dZ\">"
                        "%04d-%02d-%02d %02d:%02d:%02d UTC</time>",
                        at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
                        at.tm_hour, at.tm_min, at.tm_sec, at.tm_year + 1900,
                        at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min,
                        at.tm_sec);
}

static void say_head(page *out, const fa_status *status)
{
    say(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" "
             "content=\"width=device-width, initial-scale=1\">\n"
             "<title>mod_fastauth: status</title>\n<style>");
    say(out, style);
    say(out,
        "</style>\n</head>\n<body>\n<header>\n"
        "<h1>mod_fastauth: status</h1>\n<p>All processes together, since ");
    say(out, moment(out->pool, status->since));
    say(out, "</p>\n<p><q>Would refuse</q>: let pass by AuthReportOnly.</p>\n"
             "<nav aria-label=\"Other formats\">"
             "<a href=\"?format=json\">JSON</a>"
             "<a href=\"?format=prometheus\">Prometheus text</a></nav>\n"
             "</header>\n<main>\n");
}

const char *fa_status_page(const fa_status *status)
{
    page out = {status->pool,
                apr_array_make(status->pool, 256, sizeof(const char *))};

    say_head(&out, status);
    say_verdicts(&out, status);
    if (status->sections->nelts > 0)
        say_sections(&out, status);
    if (status->limits->nelts > 0)
        say_limits(&out, status);
    if (status->has_store)
        say_store(&out, status);
    say_cache(&out, status);
    say(&out, "</main>\n</body>\n</html>\n");
    return apr_array_pstrcat(status->pool, out.parts, 0);
}

const char *fa_status_page_policy(apr_pool_t *pool)
{
    unsigned char digest[FA_DIGEST_SIZE];

    if (!fa_digest(style, sizeof style - 1, digest))
        return "default-src 'none'";
    /* CSP level 3 section 2.3.1: standard base64, with padding. */
    return apr_pstrcat(
        pool, "default-src 'none'; style-src 'sha256-",
        apr_pencode_base64_binary(pool, digest, sizeof digest, APR_ENCODE_NONE,
                                  NULL),
        "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", NULL);
}

/* --- mod_status ----------------------------------------------------------- */

/* What stands around names and numbers of the summary, in each form. */
static const struct {
    const char *open, *before, *between, *after, *close;
} forms[] = {
    [FA_STATUS_LINES] = {"", "FastAuth-", ": ", "\n", ""},
    [FA_STATUS_TABLE] =
        {"<hr />\n<h1>mod_fastauth</h1>\n<table border=\"0\">\n",
         "<tr><th scope=\"row\" align=\"left\">", "</th><td align=\"right\">",
         "</td></tr>\n", "</table>\n"},
    [FA_STATUS_LIST] = {"<hr />\n<h1>mod_fastauth</h1>\n<dl>\n", "<dt>",
                        "</dt><dd>", "</dd>\n", "</dl>\n"},
};

static void brief(page *out, fa_status_brief_form form, const char *name,
                  uint64_t value)
{
    say(out,
        apr_pstrcat(out->pool, forms[form].before, name, forms[form].between,
                    number(out->pool, value), forms[form].after, NULL));
}

const char *fa_status_brief(const fa_status *status, fa_status_brief_form form)
{
    page out = {status->pool,
                apr_array_make(status->pool, 32, sizeof(const char *))};
    uint64_t reported = 0;

    say(&out, forms[form].open);
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        brief(&out, form, fa_verdict_row_of((fa_verdict)i)->word,
              status->verdicts[i]);
        reported += status->reported[i];
    }
    brief(&out, form, "would-refuse", reported);
    for (int i = 0; status->has_store && i < FA_STORE_KINDS; i++) {
        const char *kind = fa_status_store_kind((fa_store_kind)i);
        const fa_store_fill *fill = &status->store[i];

        brief(&out, form, apr_pstrcat(out.pool, "store-keys-", kind, NULL),
              fill->used);
        brief(&out, form, apr_pstrcat(out.pool, "store-room-", kind, NULL),
              fill->slots);
        brief(&out, form, apr_pstrcat(out.pool, "store-evictions-", kind, NULL),
              fill->dropped);
    }
    brief(&out, form, "password-cache-hits", status->cache_hits);
    brief(&out, form, "password-cache-misses", status->cache_misses);
    say(&out, forms[form].close);
    return apr_array_pstrcat(status->pool, out.parts, 0);
}
