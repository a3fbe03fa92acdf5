/* A class of a regular expression (PCRE), read from its text.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_CLASS_H
#define FA_CLASS_H

#include <stdbool.h>

typedef struct fa_class {
    bool has[256]; /* by byte: httpd's patterns know no UTF-8 */
    bool is_open;  /* said by what it has not: [^/], \W */
} fa_class;

/**
 * Read a class: ranges, `\d \w \s` and their opposites, `[:alpha:]`, `[:^..:]`.
 *
 * at          behind the opening bracket; moved behind the closing one
 * folds_case  whether (?i) is in force
 *
 * Returns false where it does not end, or holds what is not understood.
 */
bool fa_class_read(const char **at, bool folds_case, fa_class *read);

/* Whether `\d`, `\W`... is a class, by the letter; and which one. */
bool fa_class_is_named(char letter);
void fa_class_of_letter(char letter, fa_class *read);

/* `\.`, `\n`, `\x2f`: one byte. at is behind the backslash, and is moved behind
 * the whole. False for anything else. */
bool fa_class_escaped(const char **at, unsigned char *byte);

/* The byte of a class that it is shown by in a path, or -1 where none would do:
 * no control character, and a slash where there is nothing else. */
int fa_class_choose(const fa_class *from);

#endif
