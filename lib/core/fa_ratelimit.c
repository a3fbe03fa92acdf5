/* What a caller is told of limits.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_ratelimit.h"

#include <apr_strings.h>

#include "fa_text.h"

/* Where times are kept, a window is all that a caller waits: the tick that
 * they are rounded by is no second more. */
static int seconds_up(const fa_rate *rate, int64_t us)
{
    int64_t seconds = (us + 999999) / 1000000;
    int64_t window = rate->window_us / 1000000;

    if (rate->limit <= FA_RATE_STAMPS && seconds > window)
        seconds = window;
    return (int)(seconds < 1 ? 1 : seconds);
}

static bool is_told(const fa_ask *ask)
{
    return !ask->free && (!ask->limit->on_failure || !ask->within);
}

/* A String of RFC 9651 section 3.3.3 holds printable ASCII, quoted as a
 * quoted-string is; another byte of a name shows as `?`. */
static const char *sf_string(apr_pool_t *pool, const char *name)
{
    char *ascii = apr_pstrdup(pool, name);

    for (char *c = ascii; *c; c++) {
        if (*c < ' ' || *c > '~')
            *c = '?';
    }
    return fa_text_quoted(pool, ascii);
}

bool fa_ratelimit_of(apr_pool_t *pool, const fa_decision *decision,
                     fa_ratelimit *fields)
{
    *fields = (fa_ratelimit){"", "", 0};
    for (size_t i = 0; i < decision->ask_count; i++) {
        const fa_ask *ask = &decision->asks[i];
        const fa_rate *rate = &ask->limit->rate;
        const char *comma = *fields->policy ? ", " : "";
        const char *name;

        if (!is_told(ask))
            continue;
        name = sf_string(pool, ask->limit->name);
        fields->policy = apr_psprintf(pool, "%s%s%s;q=%u;w=%" APR_INT64_T_FMT,
                                      fields->policy, comma, name, rate->limit,
                                      (apr_int64_t)(rate->window_us / 1000000));
        fields->state = apr_psprintf(
            pool, "%s%s%s;r=%u;t=%d", fields->state, comma, name,
            ask->state.left,
            ask->state.reset_us ? seconds_up(rate, ask->state.reset_us) : 0);
        if (!ask->within &&
            fields->retry_after_s < seconds_up(rate, ask->state.retry_us))
            fields->retry_after_s = seconds_up(rate, ask->state.retry_us);
    }
    return *fields->policy != '\0';
}

const char *fa_ratelimit_violated(apr_pool_t *pool, const fa_decision *decision)
{
    json_t *names = json_array();
    const char *text = "[]";
    char *dumped;

    for (size_t i = 0; i < decision->ask_count; i++) {
        if (!decision->asks[i].within)
            json_array_append_new(names,
                                  json_string(decision->asks[i].limit->name));
    }
    dumped = json_dumps(names, JSON_COMPACT);
    if (dumped)
        text = apr_pstrdup(pool, dumped);
    free(dumped);
    json_decref(names);
    return text;
}
