/* API keys: known by their digest, with what each may do.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_apikey.h"

#include <string.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include "fa_text.h"

typedef struct fa_apikey {
    fa_identity identity;
    apr_time_t
        expires; /* microseconds UTC, the first moment too late; 0: never */
} fa_apikey;

/* The next word of a line: white space ends it, double quotes hold it together.
 * Returns NULL at the line's end; sets broken where a quote is not closed. */
static char *next_word(char **rest, bool *broken)
{
    char *from = *rest + strspn(*rest, " \t\r");
    char *word = from, *to = from;
    bool quoted = false;

    if (!*from)
        return NULL;
    for (; *from && (quoted || !strchr(" \t\r", *from)); from++) {
        if (*from == '"')
            quoted = !quoted;
        else
            *to++ = *from;
    }
    *broken = *broken || quoted;
    *rest = *from ? from + 1 : from;
    *to = '\0';
    return word;
}

static const char *parse_words(apr_pool_t *pool, const char *name,
                               const char *value,
                               const apr_array_header_t **words)
{
    apr_array_header_t *list = apr_array_make(pool, 4, sizeof(char *));
    char *rest = apr_pstrdup(pool, value);
    char *comma;

    do {
        comma = strchr(rest, ',');
        if (comma)
            *comma = '\0';
        if (!fa_text_is_scope(rest))
            return apr_psprintf(pool,
                                "%s= takes names with commas between "
                                "them, without space or quote",
                                name);
        APR_ARRAY_PUSH(list, const char *) = rest;
        rest = comma ? comma + 1 : rest;
    } while (comma);
    *words = list;
    return NULL;
}

static bool digits(const char **text, int count, int low, int high, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *value = *value * 10 + (**text - '0');
    }
    return *value >= low && *value <= high;
}

static bool literal(const char **text, char expected)
{
    return *(*text)++ == expected;
}

/* A date-time in UTC, or a date, which is good to its end (RFC 3339). Receives
 * the first moment at which it has passed. */
static bool parse_moment(const char *text, apr_time_t *moment)
{
    apr_time_exp_t when = {.tm_hour = 23, .tm_min = 59, .tm_sec = 59};
    apr_time_exp_t again;
    bool is_time;

    if (!digits(&text, 4, 1970, 9999, &when.tm_year) || !literal(&text, '-') ||
        !digits(&text, 2, 1, 12, &when.tm_mon) || !literal(&text, '-') ||
        !digits(&text, 2, 1, 31, &when.tm_mday))
        return false;
    is_time = *text != '\0';
    if (is_time &&
        (!literal(&text, 'T') || !digits(&text, 2, 0, 23, &when.tm_hour) ||
         !literal(&text, ':') || !digits(&text, 2, 0, 59, &when.tm_min) ||
         !literal(&text, ':') || !digits(&text, 2, 0, 59, &when.tm_sec) ||
         !literal(&text, 'Z') || *text))
        return false;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    /* There and back again: 30 February is no date. */
    if (apr_time_exp_gmt_get(moment, &when) != APR_SUCCESS ||
        apr_time_exp_gmt(&again, *moment) != APR_SUCCESS ||
        again.tm_mday != when.tm_mday || again.tm_mon != when.tm_mon)
        return false;
    if (!is_time)
        *moment += APR_USEC_PER_SEC;
    return true;
}

/* A word that is no option may be a key itself: it is not repeated. */
#define OPTIONS                                                      \
    "behind the digest stand user=, scopes=, roles=, permissions=, " \
    "expires= and id=, each with a value"

static const char *parse_option(apr_pool_t *pool, char *word, fa_apikey *key)
{
    char *value = strchr(word, '=');

    if (!value)
        return OPTIONS;
    *value++ = '\0';
    if (strcmp(word, "scopes") == 0)
        return parse_words(pool, word, value, &key->identity.scopes);
    if (strcmp(word, "roles") == 0)
        return parse_words(pool, word, value, &key->identity.roles);
    if (strcmp(word, "permissions") == 0)
        return parse_words(pool, word, value, &key->identity.permissions);
    if (strcmp(word, "expires") == 0)
        return parse_moment(value, &key->expires)
                   ? NULL
                   : apr_psprintf(pool,
                                  "expires=%s is no date as in "
                                  "2027-01-31 or 2027-01-31T12:00:00Z",
                                  value);
    if (strcmp(word, "user") != 0 && strcmp(word, "id") != 0)
        return OPTIONS;
    if (!fa_identity_is_user(value))
        return apr_psprintf(pool,
                            "%s= takes a name of 1 to %d bytes of UTF-8 "
                            "without control characters",
                            word, FA_USER_MAX);
    *(*word == 'u' ? &key->identity.user : &key->identity.key) = value;
    return NULL;
}

static const char *parse_line(apr_pool_t *pool, char *line, fa_apikeys *keys)
{
    fa_apikey *key = apr_pcalloc(pool, sizeof *key);
    unsigned char *digest = apr_palloc(pool, FA_DIGEST_SIZE);
    bool broken = false;
    char *word = next_word(&line, &broken);
    apr_size_t size = 0;
    const char *wrong = NULL;

    if (!word || *word == '#')
        return NULL;
    if (strlen(word) != 2 * FA_DIGEST_SIZE ||
        apr_decode_base16_binary(digest, word, 2 * FA_DIGEST_SIZE,
                                 APR_ENCODE_NONE, &size) != APR_SUCCESS ||
        size != FA_DIGEST_SIZE)
        return "a line starts with the SHA-256 of a key, 64 hexadecimal "
               "digits";
    if (apr_hash_get(keys->by_digest, digest, FA_DIGEST_SIZE))
        return "the same key stands in the file twice";
    key->identity.key = apr_pstrmemdup(pool, word, 12);

    while (!wrong && (word = next_word(&line, &broken)) != NULL)
        wrong = parse_option(pool, word, key);
    if (!wrong && broken)
        wrong = "a double quote is not closed";
    if (!wrong && !key->identity.user)
        wrong = "user= is missing";
    if (!wrong)
        apr_hash_set(keys->by_digest, digest, FA_DIGEST_SIZE, key);
    return wrong;
}

const char *fa_apikeys_parse(apr_pool_t *pool, const char *text,
                             const fa_apikeys **keys)
{
    fa_apikeys *parsed = apr_palloc(pool, sizeof *parsed);
    char *line = apr_pstrdup(pool, text);
    int number = 1;

    parsed->by_digest = apr_hash_make(pool);
    while (line) {
        char *end = strchr(line, '\n');
        const char *wrong;

        if (end)
            *end++ = '\0';
        wrong = parse_line(pool, line, parsed);
        if (wrong)
            return apr_psprintf(pool, "line %d: %s", number, wrong);
        line = end;
        number++;
    }
    *keys = parsed;
    return NULL;
}

fa_verdict fa_apikeys_identify(apr_pool_t *pool, const fa_apikeys *keys,
                               const char *key, apr_time_t now,
                               fa_identity **identity, const char **reason)
{
    unsigned char digest[FA_DIGEST_SIZE];
    const fa_apikey *found = NULL;
    size_t size = strlen(key);

    if (size <= FA_APIKEY_MAX && fa_digest(key, size, digest))
        found = apr_hash_get(keys->by_digest, digest, FA_DIGEST_SIZE);
    if (!found) {
        *reason = "the API key is unknown";
        return FA_BAD_CREDENTIAL;
    }
    if (found->expires && now >= found->expires) {
        *reason = "the API key has expired";
        return FA_EXPIRED_CREDENTIAL;
    }
    *identity = apr_pmemdup(pool, &found->identity, sizeof **identity);
    return FA_ALLOWED;
}
