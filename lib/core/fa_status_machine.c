/* What has happened, for machines: JSON and Prometheus text.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_status.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <jansson.h>

/* --- JSON ----------------------------------------------------------------- */

/* Verdicts by their words, in a fixed order. */
static json_t *json_verdicts(const uint64_t counts[FA_VERDICT_COUNT])
{
    json_t *object = json_object();

    for (int i = 0; i < FA_VERDICT_COUNT; i++)
        json_object_set_new(object, fa_verdict_row_of((fa_verdict)i)->word,
                            json_integer((json_int_t)counts[i]));
    return object;
}

static json_t *json_sections(const fa_status *status)
{
    json_t *list = json_array();

    for (int i = 0; i < status->sections->nelts; i++) {
        const fa_status_section *s =
            &APR_ARRAY_IDX(status->sections, i, fa_status_section);

        json_array_append_new(list, json_pack("{s:s,s:s,s:I,s:I,s:I}", "server",
                                              s->server, "section", s->section,
                                              "allowed", (json_int_t)s->allowed,
                                              "refused", (json_int_t)s->refused,
                                              "would_refuse",
                                              (json_int_t)s->reported));
    }
    return list;
}

static json_t *json_limits(const fa_status *status)
{
    json_t *list = json_array();

    for (int i = 0; i < status->limits->nelts; i++) {
        const fa_status_limit *l =
            &APR_ARRAY_IDX(status->limits, i, fa_status_limit);

        json_array_append_new(
            list,
            json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:I}", "server", l->server,
                      "section", l->section, "limit", l->name, "by", l->by,
                      "on", l->on, "admitted", (json_int_t)l->admitted,
                      "refused", (json_int_t)l->refused));
    }
    return list;
}

static json_t *json_store(const fa_status *status)
{
    json_t *object = json_object();

    if (!status->has_store) {
        json_decref(object);
        return json_null();
    }
    for (int i = 0; i < FA_STORE_KINDS; i++) {
        const fa_store_fill *fill = &status->store[i];

        json_object_set_new(object, fa_status_store_kind((fa_store_kind)i),
                            json_pack("{s:I,s:I,s:I}", "keys",
                                      (json_int_t)fill->used, "room",
                                      (json_int_t)fill->slots, "evictions",
                                      (json_int_t)fill->dropped));
    }
    return object;
}

const char *fa_status_json(const fa_status *status)
{
    json_t *root = json_pack(
        "{s:I,s:o,s:o,s:o,s:o,s:o,s:{s:I,s:I},s:{s:I}}", "since",
        (json_int_t)(status->since / APR_USEC_PER_SEC), "decisions",
        json_verdicts(status->verdicts), "report_only",
        json_verdicts(status->reported), "sections", json_sections(status),
        "limits", json_limits(status), "store", json_store(status),
        "password_cache", "hits", (json_int_t)status->cache_hits, "misses",
        (json_int_t)status->cache_misses, "security_log", "dropped",
        (json_int_t)status->log_dropped);
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    const char *kept =
        text ? apr_pstrcat(status->pool, text, "\n", NULL) : NULL;

    free(text);
    json_decref(root);
    return kept;
}

/* --- Prometheus ----------------------------------------------------------- */

typedef struct metrics {
    apr_pool_t *pool;
    apr_array_header_t *parts; /* const char * */
} metrics;

static void say(metrics *out, const char *text)
{
    APR_ARRAY_PUSH(out->parts, const char *) = text;
}

static void family(metrics *out, const char *name, const char *type,
                   const char *help)
{
    say(out, apr_pstrcat(out->pool, "# HELP ", name, " ", help, "\n# TYPE ",
                         name, " ", type, "\n", NULL));
}

/* A label's value: `\`, `"` and line feed escaped. */
static const char *label_value(apr_pool_t *pool, const char *text)
{
    char *escaped = apr_palloc(pool, 2 * strlen(text) + 1), *to = escaped;

    for (; *text; text++) {
        if (*text == '\\' || *text == '"' || *text == '\n')
            *to++ = '\\';
        *to++ = *text == '\n' ? 'n' : *text;
    }
    *to = '\0';
    return escaped;
}

/* One sample; labels are name and value in turn, NULL at the end. */
static void sample(metrics *out, const char *name, uint64_t value,
                   const char *const *labels)
{
    say(out, name);
    for (size_t i = 0; labels[i]; i += 2)
        say(out,
            apr_pstrcat(out->pool, i ? "," : "{", labels[i], "=\"",
                        label_value(out->pool, labels[i + 1]), "\"", NULL));
    say(out, apr_psprintf(out->pool, "%s %" APR_UINT64_T_FMT "\n",
                          labels[0] ? "}" : "", (apr_uint64_t)value));
}

#define LABELS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void say_decisions(metrics *out, const fa_status *status)
{
    static const char name[] = "fastauth_decisions_total";

    family(out, name, "counter",
           "Requests decided, by verdict; enforced is false for refusals that "
           "AuthReportOnly let pass.");
    for (int i = 0; i < FA_VERDICT_COUNT; i++) {
        const char *word = fa_verdict_row_of((fa_verdict)i)->word;

        sample(out, name, status->verdicts[i],
               LABELS("verdict", word, "enforced", "true"));
        sample(out, name, status->reported[i],
               LABELS("verdict", word, "enforced", "false"));
    }
}

static void say_sections(metrics *out, const fa_status *status)
{
    static const char name[] = "fastauth_section_decisions_total";

    family(out, name, "counter",
           "Requests decided, by section of the configuration.");
    for (int i = 0; i < status->sections->nelts; i++) {
        const fa_status_section *s =
            &APR_ARRAY_IDX(status->sections, i, fa_status_section);

        sample(out, name, s->allowed,
               LABELS("server", s->server, "section", s->section, "outcome",
                      "allowed"));
        sample(out, name, s->refused,
               LABELS("server", s->server, "section", s->section, "outcome",
                      "refused"));
        sample(out, name, s->reported,
               LABELS("server", s->server, "section", s->section, "outcome",
                      "would_refuse"));
    }
}

static void say_limits(metrics *out, const fa_status *status)
{
    static const char name[] = "fastauth_limit_requests_total";

    family(out, name, "counter",
           "Requests weighed by a RateLimit: admitted, or refused by it.");
    for (int i = 0; i < status->limits->nelts; i++) {
        const fa_status_limit *l =
            &APR_ARRAY_IDX(status->limits, i, fa_status_limit);

        sample(out, name, l->admitted,
               LABELS("server", l->server, "section", l->section, "limit",
                      l->name, "by", l->by, "on", l->on, "outcome",
                      "admitted"));
        sample(out, name, l->refused,
               LABELS("server", l->server, "section", l->section, "limit",
                      l->name, "by", l->by, "on", l->on, "outcome", "refused"));
    }
}

static void say_store(metrics *out, const fa_status *status)
{
    static const char *const names[][3] = {
        {"fastauth_store_keys", "gauge",
         "Counters of callers that the store holds, by kind of limit."},
        {"fastauth_store_room_keys", "gauge",
         "Counters of callers that the store has room for."},
        {"fastauth_store_evictions_total", "counter",
         "Counters that still counted and were dropped, the store being "
         "full."}};

    for (int which = 0; which < 3; which++) {
        family(out, names[which][0], names[which][1], names[which][2]);
        for (int i = 0; i < FA_STORE_KINDS; i++) {
            const fa_store_fill *fill = &status->store[i];
            uint64_t values[] = {fill->used, fill->slots, fill->dropped};

            sample(out, names[which][0], values[which],
                   LABELS("kind", fa_status_store_kind((fa_store_kind)i)));
        }
    }
}

static void say_rest(metrics *out, const fa_status *status)
{
    static const char cache[] = "fastauth_password_cache_lookups_total";
    static const char dropped[] = "fastauth_security_log_dropped_total";
    static const char start[] = "fastauth_start_time_seconds";

    family(out, cache, "counter",
           "Basic passwords looked up among those verified before.");
    sample(out, cache, status->cache_hits, LABELS("result", "hit"));
    sample(out, cache, status->cache_misses, LABELS("result", "miss"));
    family(out, dropped, "counter", "Lines that a SecurityLog could not take.");
    sample(out, dropped, status->log_dropped, LABELS(NULL));
    family(out, start, "gauge", "When these counters began, Unix time.");
    sample(out, start, (uint64_t)(status->since / APR_USEC_PER_SEC),
           LABELS(NULL));
}

const char *fa_status_prometheus(const fa_status *status)
{
    metrics out = {status->pool,
                   apr_array_make(status->pool, 256, sizeof(const char *))};

    say_decisions(&out, status);
    say_sections(&out, status);
    say_limits(&out, status);
    if (status->has_store)
        say_store(&out, status);
    say_rest(&out, status);
    return apr_array_pstrcat(status->pool, out.parts, 0);
}
