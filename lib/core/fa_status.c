/* What has happened: gathered, and the format that it is told in.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_status.h"

#include <stdlib.h>
#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_text.h"

fa_status *fa_status_create(apr_pool_t *pool)
{
    fa_status *status = apr_pcalloc(pool, sizeof *status);

    status->pool = pool;
    status->sections = apr_array_make(pool, 8, sizeof(fa_status_section));
    status->limits = apr_array_make(pool, 8, sizeof(fa_status_limit));
    return status;
}

/* --- gathered ------------------------------------------------------------- */

/* A configuration may hold any bytes; JSON and Prometheus read UTF-8 only. */
static const char *clean(apr_pool_t *pool, const char *text)
{
    size_t size = strlen(text);

    return fa_text_is_utf8(text, size) && !fa_text_has_control(text, size)
               ? text
               : fa_text_log_value(pool, text, size);
}

static const char *section_text(apr_pool_t *pool, const fa_section *section)
{
    const char *text = *section->pattern ? apr_pstrcat(pool, section->kind, " ",
                                                       section->pattern, NULL)
                                         : section->kind;

    return clean(pool, text);
}

static const char *by_text(apr_pool_t *pool, const fa_limit *limit)
{
    const char *text =
        apr_pstrcat(pool, limit->by & FA_BY_IP ? ",ip" : "",
                    limit->by & FA_BY_USER ? ",user" : "",
                    limit->by & FA_BY_API_KEY ? ",api-key" : "",
                    limit->by & FA_BY_LOCATION ? ",location" : "",
                    limit->by & FA_BY_CLAIM ? ",claim:" : "",
                    limit->by & FA_BY_CLAIM ? limit->claim : "",
                    limit->by & FA_BY_HEADER ? ",header:" : "",
                    limit->by & FA_BY_HEADER ? limit->header : "", NULL);

    return clean(pool, *text ? text + 1 : text);
}

void fa_status_add_section(fa_status *status, const char *server,
                           const fa_section *section, uint64_t allowed,
                           uint64_t refused, uint64_t reported)
{
    fa_status_section added = {clean(status->pool, server), "others", allowed,
                               refused, reported};

    if (!section && allowed + refused + reported == 0)
        return;
    if (section)
        added.section = section_text(status->pool, section);
    for (int i = 0; i < status->sections->nelts; i++) {
        fa_status_section *old =
            &APR_ARRAY_IDX(status->sections, i, fa_status_section);

        if (strcmp(old->server, added.server) == 0 &&
            strcmp(old->section, added.section) == 0) {
            old->allowed += allowed;
            old->refused += refused;
            old->reported += reported;
            return;
        }
    }
    APR_ARRAY_PUSH(status->sections, fa_status_section) = added;
}

static bool is_same(const fa_status_limit *a, const fa_status_limit *b)
{
    return strcmp(a->server, b->server) == 0 &&
           strcmp(a->section, b->section) == 0 &&
           strcmp(a->name, b->name) == 0 && strcmp(a->by, b->by) == 0 &&
           strcmp(a->on, b->on) == 0;
}

void fa_status_add_limit(fa_status *status, const char *server,
                         const fa_limit *limit, uint64_t admitted,
                         uint64_t refused)
{
    apr_pool_t *pool = status->pool;
    fa_status_limit added = {clean(pool, server), "others", "others", "",
                             "request",           admitted, refused};

    if (!limit && admitted + refused == 0)
        return;
    if (limit) {
        added.section = section_text(pool, &limit->section);
        added.name = clean(pool, limit->name);
        added.by = by_text(pool, limit);
        added.on = limit->on_failure ? "failure" : "request";
    }
    for (int i = 0; i < status->limits->nelts; i++) {
        fa_status_limit *old =
            &APR_ARRAY_IDX(status->limits, i, fa_status_limit);

        if (is_same(old, &added)) {
            old->admitted += admitted;
            old->refused += refused;
            return;
        }
    }
    APR_ARRAY_PUSH(status->limits, fa_status_limit) = added;
}

const char *fa_status_store_kind(fa_store_kind kind)
{
    switch (kind) {
    case FA_STORE_FAILURE:
        return "failure";
    case FA_STORE_HEADER:
        return "header";
    case FA_STORE_OTHER:
    case FA_STORE_KINDS:
        break;
    }
    return "other";
}

/* --- the format ----------------------------------------------------------- */

static const struct {
    const char *word, *media, *type;
} formats[] = {
    [FA_STATUS_PAGE] = {"page", "text/html", "text/html; charset=utf-8"},
    [FA_STATUS_JSON] = {"json", "application/json", "application/json"},
    [FA_STATUS_PROMETHEUS] = {"prometheus", "text/plain",
                              "text/plain; version=0.0.4; charset=utf-8"},
};

const char *fa_status_type(fa_status_format format)
{
    return formats[format < FA_STATUS_UNKNOWN ? format : FA_STATUS_PAGE].type;
}

static fa_status_format by_word(const char *word, size_t size)
{
    for (int i = 0; i < FA_STATUS_UNKNOWN; i++) {
        if (strlen(formats[i].word) == size &&
            strncmp(formats[i].word, word, size) == 0)
            return (fa_status_format)i;
    }
    return FA_STATUS_UNKNOWN;
}

/* How specific a media range names a type: 3 type/subtype, 2 type and any, 1
 * any at all, 0 another. */
static int specific(const char *range, const char *media)
{
    size_t type = strcspn(media, "/") + 1;

    if (strcasecmp(range, media) == 0)
        return 3;
    if (strncasecmp(range, media, type) == 0 && strcmp(range + type, "*") == 0)
        return 2;
    return strcmp(range, "*/*") == 0;
}

typedef struct media_range {
    const char *type;
    bool other_version; /* of Prometheus text */
    long quality;       /* thousandths */
} media_range;

/* A weight of RFC 9110 section 12.4.2 in thousandths: 0, 0.5, 1.000. */
static long thousandths(const char *text)
{
    long whole = *text == '1' ? 1000 : 0, unit = 100;

    if (text[0] && text[1] == '.') {
        for (text += 2; apr_isdigit(*text) && unit; text++, unit /= 10)
            whole += (*text - '0') * unit;
    }
    return whole > 1000 ? 1000 : whole;
}

static media_range read_range(char *text)
{
    media_range range = {"", false, 1000};
    char *state, *part = apr_strtok(text, "; \t", &state);

    /* Without a first word apr_strtok has set no state to go on from. */
    if (!part)
        return range;
    range.type = part;
    while ((part = apr_strtok(NULL, "; \t", &state)) != NULL) {
        if (strncasecmp(part, "q=", 2) == 0)
            range.quality = thousandths(part + 2);
        if (strncasecmp(part, "version=", 8) == 0)
            range.other_version = strcmp(part + 8, "0.0.4") != 0;
    }
    return range;
}

static fa_status_format by_accept(apr_pool_t *pool, const char *accept)
{
    char *state, *text = apr_pstrdup(pool, accept);
    int matched[FA_STATUS_UNKNOWN] = {0};
    long quality[FA_STATUS_UNKNOWN] = {0};
    fa_status_format best = FA_STATUS_PAGE;

    for (text = apr_strtok(text, ",", &state); text;
         text = apr_strtok(NULL, ",", &state)) {
        media_range range = read_range(text);

        for (int i = 0; i < FA_STATUS_UNKNOWN; i++) {
            int match = i == FA_STATUS_PROMETHEUS && range.other_version
                            ? 0
                            : specific(range.type, formats[i].media);

            if (match && match >= matched[i]) {
                quality[i] = match == matched[i] && quality[i] > range.quality
                                 ? quality[i]
                                 : range.quality;
                matched[i] = match;
            }
        }
    }
    for (int i = 1; i < FA_STATUS_UNKNOWN; i++) {
        if (quality[i] > quality[best])
            best = (fa_status_format)i;
    }
    return best;
}

fa_status_format fa_status_choose(apr_pool_t *pool, const char *query,
                                  const char *accept)
{
    while (query && *query) {
        size_t size = strcspn(query, "&");

        if (size >= 7 && strncmp(query, "format=", 7) == 0)
            return by_word(query + 7, size - 7);
        query += size + (query[size] == '&');
    }
    return accept ? by_accept(pool, accept) : FA_STATUS_PAGE;
}
