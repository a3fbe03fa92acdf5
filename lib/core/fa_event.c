/* What the security log says: one event, one line of JSON.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_event.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_error.h"
#include "fa_text.h"

static const struct {
    const char *word, *level;
} events[] = {
#define FA_EVENT_ROW(name, word, level) {word, level},
    FA_EVENTS(FA_EVENT_ROW)
#undef FA_EVENT_ROW
};

/* --- a line --------------------------------------------------------------- */

/* By hand, into room that is known to be enough: nothing to allocate, so that
 * memory that is short loses no event and no member of one. */
typedef struct writer {
    char *at;
    bool follows; /* a member stands before the next one */
} writer;

static void put(writer *line, const char *text, size_t size)
{
    memcpy(line->at, text, size);
    line->at += size;
}

/* Most bytes that one character takes when it is escaped: two of \uXXXX. */
#define CHARACTER_MAX 12

/* Characters that no terminal or page should be shown as they are: controls of
 * C0 and C1, DEL, and what changes the direction of what follows. */
static bool is_active(unsigned code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e ||
           code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* The code of the character of length bytes at text, up to U+FFFF, as far as
 * is_active asks. */
static unsigned code_of(const unsigned char *text, size_t length)
{
    if (length == 1)
        return text[0];
    if (length == 2)
        return (text[0] & 0x1fu) << 6 | (text[1] & 0x3fu);
    if (length == 3)
        return (text[0] & 0x0fu) << 12 | (text[1] & 0x3fu) << 6 |
               (text[2] & 0x3fu);
    return 0x10000;
}

/* The first character of a text (size bytes, not 0) as JSON writes it (RFC 8259
 * section 7). Receives how many bytes it had; returns how many it takes. */
static size_t escape(const char *text, size_t size, size_t *had,
                     char escaped[CHARACTER_MAX + 1])
{
    size_t length = fa_text_character(text, size);
    unsigned code = length ? code_of((const unsigned char *)text, length)
                           : 0xfffd; /* the replacement character */

    *had = length ? length : 1;
    if (code == '"' || code == '\\') {
        escaped[0] = '\\';
        escaped[1] = (char)code;
        return 2;
    }
    if (!length || is_active(code)) {
        apr_snprintf(escaped, CHARACTER_MAX + 1, "\\u%04x", code);
        return 6;
    }
    memcpy(escaped, text, length);
    return length;
}

/* A text in at most max bytes; one that is longer is cut between characters, to
 * end in "...". */
static void put_text(writer *line, const char *text, size_t max)
{
    static const char mark[] = "...";
    size_t size = strlen(text);
    char *start = line->at, *cut = start;
    char escaped[CHARACTER_MAX + 1];

    while (size > 0) {
        size_t had, takes = escape(text, size, &had, escaped);
        size_t so_far = (size_t)(line->at - start);

        if (so_far + takes > max) {
            line->at = cut;
            put(line, mark, sizeof mark - 1);
            return;
        }
        put(line, escaped, takes);
        if (so_far + takes <= max - (sizeof mark - 1))
            cut = line->at;
        text += had;
        size -= had;
    }
}

static void put_name(writer *line, const char *name)
{
    if (line->follows)
        put(line, ",", 1);
    line->follows = true;
    put(line, "\"", 1);
    put(line, name, strlen(name));
    put(line, "\":", 2);
}

static void put_member(writer *line, const char *name, const char *value,
                       size_t max)
{
    if (!value)
        return;
    put_name(line, name);
    put(line, "\"", 1);
    put_text(line, value, max);
    put(line, "\"", 1);
}

static void put_string(writer *line, const char *name, const char *value)
{
    put_member(line, name, value, FA_EVENT_TEXT_MAX);
}

static void put_number(writer *line, const char *name, uint64_t value)
{
    char digits[24];

    put_name(line, name);
    put(line, digits,
        (size_t)apr_snprintf(digits, sizeof digits, "%" APR_UINT64_T_FMT,
                             (apr_uint64_t)value));
}

static void put_boolean(writer *line, const char *name, bool value)
{
    put_name(line, name);
    put(line, value ? "true" : "false", value ? 4 : 5);
}

/* "Location /api", "server"; "httpd.conf:12". */
static void put_location(writer *line, const fa_section *section)
{
    char text[2 * FA_EVENT_TEXT_MAX];

    if (!section)
        return;
    apr_snprintf(text, sizeof text, "%s%s%s", section->kind,
                 *section->pattern ? " " : "", section->pattern);
    put_string(line, "location", text);
}

static void put_place(writer *line, const fa_section *place)
{
    const char *file = place ? place->file : NULL;
    char text[2 * FA_EVENT_TEXT_MAX];

    if (!file)
        return;
    /* The line's number, and the end of a path, say more than its beginning. */
    if (strlen(file) > FA_EVENT_TEXT_MAX - 16)
        file += strlen(file) - (FA_EVENT_TEXT_MAX - 16);
    apr_snprintf(text, sizeof text, "%s:%d", file, place->line);
    put_string(line, "at", text);
}

/* RFC 3339 section 5.6, UTC, in milliseconds. */
static void put_time(writer *line, apr_time_t time)
{
    apr_time_exp_t utc;
    char text[40];

    apr_time_exp_gmt(&utc, time);
    apr_snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                 utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                 utc.tm_min, utc.tm_sec, utc.tm_usec / 1000);
    put_string(line, "datetime", text);
}

size_t fa_event_line(const fa_event *event, char line[FA_EVENT_LINE_MAX])
{
    const fa_verdict_row *row = fa_verdict_row_of(event->verdict);
    writer to = {line, false};

    put(&to, "{", 1);
    put_time(&to, event->time);
    put_string(&to, "event", events[event->kind].word);
    put_string(&to, "description",
               event->description ? event->description : row->detail);
    put_string(&to, "level", events[event->kind].level);
    put_member(&to, "request_id", event->request_id, 64);
    put_string(&to, "server", event->server);
    put_member(&to, "client", event->client, 64);
    put_member(&to, "method", event->method, 32);
    put_member(&to, "path", event->path, FA_EVENT_PATH_MAX);
    put_location(&to, event->location);
    put_string(&to, "subject", event->subject);
    if (event->subject)
        put_boolean(&to, "authenticated", event->authenticated);
    put_member(&to, "scheme", event->scheme, 32);
    put_string(&to, "issuer", event->issuer);
    put_string(&to, "key", event->key);
    put_member(&to, "verdict", row->word, 32);
    if (event->status)
        put_number(&to, "status", (uint64_t)event->status);
    put_member(&to, "directive", event->directive, 64);
    put_place(&to, event->place);
    put_string(&to, "limit", event->limit);
    put_boolean(&to, "enforced", event->enforced);
    if (event->dropped)
        put_number(&to, "dropped", event->dropped);
    put(&to, "}\n", 2);
    return (size_t)(to.at - line);
}

/* --- a refusal ------------------------------------------------------------ */

fa_event_kind fa_event_kind_of(fa_verdict verdict)
{
    switch (verdict) {
    case FA_ALLOWED:
        return FA_EVENT_LOGIN_SUCCESS;
    case FA_NO_CREDENTIAL:
    case FA_BAD_CREDENTIAL:
    case FA_EXPIRED_CREDENTIAL:
        return FA_EVENT_LOGIN_FAIL;
    case FA_TWO_CREDENTIALS:
    case FA_AMBIGUOUS_PATH:
        return FA_EVENT_INPUT_INVALID;
    case FA_TLS_REQUIRED:
    case FA_ADDRESS_REFUSED:
    case FA_SCOPE_MISSING:
    case FA_ROLE_MISSING:
    case FA_CLAIM_REFUSED:
    case FA_PERMISSION_MISSING:
    case FA_OWNER_REFUSED:
    case FA_NOT_FOUND:
        return FA_EVENT_AUTHZ_FAIL;
    case FA_RATE_EXCEEDED:
        return FA_EVENT_RATE_LIMIT;
    case FA_UNDECIDED:
    case FA_UNAVAILABLE:
    case FA_MISCONFIGURED:
    case FA_VERDICT_COUNT:
        break;
    }
    return FA_EVENT_UNAVAILABLE;
}

/* The first limit that had no room. */
static const fa_limit *exceeded(const fa_decision *decision)
{
    for (size_t i = 0;
         decision->verdict == FA_RATE_EXCEEDED && i < decision->ask_count;
         i++) {
        if (!decision->asks[i].within)
            return decision->asks[i].limit;
    }
    return NULL;
}

/* What refused, and where it stands. */
static void name_directive(const fa_policy *policy, const fa_decision *decision,
                           fa_event *event)
{
    const fa_limit *limit = exceeded(decision);

    if (limit) {
        event->directive = "RateLimit";
        event->place = &limit->section;
        event->limit = limit->name;
    }
    else if (decision->failed) {
        event->directive = fa_demand_name(decision->failed);
        event->place = &decision->failed->section;
    }
    else if (decision->verdict == FA_TLS_REQUIRED)
        event->directive = "AuthRequireTLS";
    else if (decision->verdict == FA_AMBIGUOUS_PATH)
        event->directive = "AuthAmbiguousPath";
    else if (fa_schemes_in_force(policy->schemes)) {
        event->directive = "AuthScheme";
        event->place = &policy->schemes->section;
    }
}

/* Who it was, or was said to be. */
static void name_caller(const fa_decision *decision, fa_event *event)
{
    const fa_identity *identity = decision->identity;

    if (decision->presented)
        event->scheme = decision->presented->name;
    event->subject = decision->credential.claimed;
    if (!identity)
        return;
    event->subject = identity->user;
    event->authenticated = true;
    event->issuer = identity->issuer;
    event->key = identity->key;
}

void fa_event_refused(const fa_policy *policy, const fa_decision *decision,
                      bool enforced, fa_event *event)
{
    *event = (fa_event){
        .kind = fa_event_kind_of(decision->verdict),
        .verdict = decision->verdict,
        .enforced = enforced,
        .description = decision->reason,
        .status = fa_error_status(policy, decision->verdict),
    };
    name_directive(policy, decision, event);
    name_caller(decision, event);
    /* As fastauth-status: whose AuthScheme it is, else whose demand or limit.
     */
    event->location = fa_schemes_in_force(policy->schemes)
                          ? &policy->schemes->section
                      : event->place ? event->place
                                     : policy->said;
}
