/* Words as HTTP and OAuth write them: checked, quoted, escaped, split.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_TEXT_H
#define FA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <apr_pools.h>
#include <apr_tables.h>

/**
 * A duration as httpd's directives write it: `30s`, `15m`, `24h`, `30d`; a bare
 * number is seconds.
 *
 * seconds  receives the duration in seconds, from 0 to 100 years
 *
 * Returns NULL, or what was wrong, without the directive's name.
 */
const char *fa_text_duration(apr_pool_t *pool, const char *text,
                             apr_int64_t *seconds);

/* A scope-token: printable ASCII without space, quote or backslash, at least
 * one character (RFC 6749 section 3.3). Roles are held to the same. */
bool fa_text_is_scope(const char *text);

/* A token as in header names and auth-schemes (RFC 9110 section 5.6.2). */
bool fa_text_is_token(const char *text);

/* A control character, C0 or DEL, in the first size bytes. */
bool fa_text_has_control(const char *text, size_t size);

/* Well-formed UTF-8 without NUL in the first size bytes (RFC 3629). */
bool fa_text_is_utf8(const char *text, size_t size);

/* How many bytes the well-formed UTF-8 character at text takes, of size (not
 * 0); 0 where there is none, as for NUL (RFC 3629). */
size_t fa_text_character(const char *text, size_t size);

/* A quoted-string, its quotes included, with `"` and `\` escaped and control
 * characters left out (RFC 9110 section 5.6.4). The result lives in pool. */
const char *fa_text_quoted(apr_pool_t *pool, const char *text);

/* Text fit for one header line: every byte outside printable ASCII, `%`, and a
 * space at either end (which a reader would trim, RFC 9110 section 5.5),
 * percent-encoded (RFC 3986 section 2.1). The result lives in pool. */
const char *fa_text_header_value(apr_pool_t *pool, const char *text);

/* Letters and digits of ASCII and the bytes of marks as they are, every other
 * byte as escape (a character) and two hexadecimal digits. Lives in pool. */
const char *fa_text_escaped(apr_pool_t *pool, const char *text,
                            const char *marks, char escape);

/* Text fit for one log line: control characters, `\` and bytes above 0x7e as
 * \xHH, cut after max_bytes of input with "...". Lives in pool. */
const char *fa_text_log_value(apr_pool_t *pool, const char *text,
                              size_t max_bytes);

/**
 * The form or query value of size bytes, decoded: `%HH` and `+` for space
 * (application/x-www-form-urlencoded).
 *
 * Returns the text in pool, or NULL where an escape is cut or not hexadecimal,
 * or makes a NUL.
 */
const char *fa_text_form_value(apr_pool_t *pool, const char *text, size_t size);

/* Split at single spaces, empty words left out: scope lists (RFC 6749 section
 * 3.3). Elements are const char *; array and words live in pool. */
apr_array_header_t *fa_text_words(apr_pool_t *pool, const char *text);

/* Whether words (of const char *, may be NULL) has exactly this word. */
bool fa_text_has_word(const apr_array_header_t *words, const char *word);

/* Words joined by single spaces; "" for NULL or none. Lives in pool. */
const char *fa_text_join(apr_pool_t *pool, const apr_array_header_t *words);

#endif
