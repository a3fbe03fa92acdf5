/* What has happened, for people: a page, and mod_status' part.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_status.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_html.h"

/* What the page has of its own: nothing is wider than a telephone. */
static const char style[] =
    "p{margin:.25rem 0;color:var(--soft)}"
    "nav{display:flex;gap:1.5rem}nav a{padding:.5rem 0}"
    "tbody th{font-weight:400;min-width:4.5rem}"
    "td,thead th+th{text-align:right;padding-right:0;padding-left:.5rem;"
    "font-variant-numeric:tabular-nums;overflow-wrap:normal}"
    "code+small{display:block}";

/* A row: its heading, as HTML, and numbers. */
static void row(fa_html *out, const char *heading, const uint64_t *numbers,
                size_t count)
{
    fa_html_say(out, "<tr><th scope=\"row\">", heading, "</th>", NULL);
    for (size_t i = 0; i < count; i++)
        fa_html_say(out, "<td>", fa_html_number(out->pool, numbers[i]), "</td>",
                    NULL);
    fa_html_say(out, "</tr>\n", NULL);
}

static void say_verdicts(fa_html *out, const fa_status *status)
{
    fa_html_table(out, "Decisions by verdict",
                  FA_HTML_HEADINGS("Verdict", "Requests", "Would refuse"));
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        const fa_verdict_row *verdict = fa_verdict_row_of((fa_verdict)i);
        uint64_t numbers[] = {status->verdicts[i], status->reported[i]};

        row(out,
            apr_psprintf(out->pool, "%s <small>%d</small>", verdict->word,
                         verdict->status),
            numbers, 2);
    }
    fa_html_end_table(out);
}

static void say_sections(fa_html *out, const fa_status *status)
{
    fa_html_table(
        out, "Decisions by section",
        FA_HTML_HEADINGS("Section", "Allowed", "Refused", "Would refuse"));
    for (int i = 0; i < status->sections->nelts; i++) {
        const fa_status_section *s =
            &APR_ARRAY_IDX(status->sections, i, fa_status_section);
        uint64_t numbers[] = {s->allowed, s->refused, s->reported};

        row(out,
            apr_pstrcat(out->pool, "<code>",
                        fa_html_escape(out->pool, s->section),
                        "</code> <small>", fa_html_escape(out->pool, s->server),
                        "</small>", NULL),
            numbers, 3);
    }
    fa_html_end_table(out);
}

static void say_limits(fa_html *out, const fa_status *status)
{
    fa_html_table(out, "Limits",
                  FA_HTML_HEADINGS("Limit", "Admitted", "Refused"));
    for (int i = 0; i < status->limits->nelts; i++) {
        const fa_status_limit *l =
            &APR_ARRAY_IDX(status->limits, i, fa_status_limit);
        uint64_t numbers[] = {l->admitted, l->refused};

        row(out,
            apr_pstrcat(out->pool, "<code>", fa_html_escape(out->pool, l->name),
                        *l->by ? " by=" : "", fa_html_escape(out->pool, l->by),
                        strcmp(l->on, "failure") == 0 ? " on=failure" : "",
                        "</code> <small>",
                        fa_html_escape(out->pool, l->section), ", ",
                        fa_html_escape(out->pool, l->server), "</small>", NULL),
            numbers, 2);
    }
    fa_html_end_table(out);
}

static void say_store(fa_html *out, const fa_status *status)
{
    static const char *const titles[] = {"Failure throttles",
                                         "Limits by header", "Other limits"};

    fa_html_table(
        out, "Store of limits",
        FA_HTML_HEADINGS("Kind", "Callers held", "Room", "Evicted too early"));
    for (int i = 0; i < FA_STORE_KINDS; i++) {
        const fa_store_fill *fill = &status->store[i];
        uint64_t numbers[] = {fill->used, fill->slots, fill->dropped};

        row(out, titles[i], numbers, 3);
    }
    fa_html_end_table(out);
}

static void say_cache(fa_html *out, const fa_status *status)
{
    uint64_t all = status->cache_hits + status->cache_misses;
    uint64_t numbers[] = {status->cache_hits, status->cache_misses};

    fa_html_table(out, "Verified passwords",
                  FA_HTML_HEADINGS("Passwords", "Remembered", "Asked anew"));
    row(out,
        all ? apr_psprintf(out->pool,
                           "Look-ups <small>hit rate %.1f %%</small>",
                           100.0 * (double)status->cache_hits / (double)all)
            : "Look-ups",
        numbers, 2);
    fa_html_end_table(out);
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

static void say_head(fa_html *out, const fa_status *status)
{
    fa_html_begin(out, "mod_fastauth: status", style);
    fa_html_say(out,
                "<header>\n<h1>mod_fastauth: status</h1>\n"
                "<p>All processes together, since ",
                moment(out->pool, status->since),
                "</p>\n<p><q>Would refuse</q>: let pass by "
                "AuthReportOnly.</p>\n<nav aria-label=\"Other formats\">"
                "<a href=\"?format=json\">JSON</a>"
                "<a href=\"?format=prometheus\">Prometheus text</a></nav>\n"
                "</header>\n<main>\n",
                NULL);
}

const char *fa_status_page(const fa_status *status)
{
    fa_html out = fa_html_create(status->pool);

    say_head(&out, status);
    say_verdicts(&out, status);
    if (status->sections->nelts > 0)
        say_sections(&out, status);
    if (status->limits->nelts > 0)
        say_limits(&out, status);
    if (status->has_store)
        say_store(&out, status);
    say_cache(&out, status);
    fa_html_say(&out, "</main>\n</body>\n</html>\n", NULL);
    return fa_html_text(status->pool, &out);
}

const char *fa_status_page_policy(apr_pool_t *pool)
{
    return fa_html_policy(pool, style);
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

static void brief(fa_html *out, fa_status_brief_form form, const char *name,
                  uint64_t value)
{
    fa_html_say(out, forms[form].before, name, forms[form].between,
                fa_html_number(out->pool, value), forms[form].after, NULL);
}

const char *fa_status_brief(const fa_status *status, fa_status_brief_form form)
{
    fa_html out = fa_html_create(status->pool);
    uint64_t reported = 0;

    fa_html_say(&out, forms[form].open, NULL);
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
    fa_html_say(&out, forms[form].close, NULL);
    return fa_html_text(status->pool, &out);
}
