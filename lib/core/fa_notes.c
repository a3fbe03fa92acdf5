/* What the handler is told about the caller.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_notes.h"

#include <ctype.h>
#include <string.h>

#include "fa_text.h"

#define FA_NOTE_ROW(note, variable, suffix) {note, variable, suffix, NULL},
static const fa_note rows[FA_NOTE_COUNT] = {FA_NOTES(FA_NOTE_ROW)};
#undef FA_NOTE_ROW

static const char *joined(apr_pool_t *pool, const apr_array_header_t *words)
{
    return words ? fa_text_join(pool, words) : NULL;
}

/* The credential's own and those of its roles. A credential's `posts:*` is left
 * out: a handler would take it for ours. */
static const char *permissions(apr_pool_t *pool, const fa_identity *identity,
                               const fa_roles *roles)
{
    const apr_array_header_t *own = identity->permissions;
    apr_array_header_t *plain = apr_array_make(pool, 4, sizeof(char *));

    if (!own && !(roles && identity->roles))
        return NULL;
    for (int i = 0; own && i < own->nelts; i++) {
        const char *word = APR_ARRAY_IDX(own, i, const char *);

        if (!strchr(word, '*'))
            APR_ARRAY_PUSH(plain, const char *) = word;
    }
    plain = fa_roles_permissions(pool, roles, identity->roles, plain);
    return own || plain->nelts > 0 ? fa_text_join(pool, plain) : NULL;
}

void fa_notes_of(apr_pool_t *pool, const fa_identity *identity,
                 const fa_roles *roles, const char *owner,
                 fa_note notes[FA_NOTE_COUNT])
{
    memcpy(notes, rows, sizeof rows);
    if (!identity)
        return;
    notes[0].value = identity->user;
    notes[1].value = identity->scheme;
    notes[2].value = joined(pool, identity->scopes);
    notes[3].value = joined(pool, identity->roles);
    notes[4].value = permissions(pool, identity, roles);
    notes[5].value = identity->payload;
    notes[6].value = identity->key;
    notes[7].value = identity->issuer;
    notes[8].value = owner;
}

/* As CGI spells it (RFC 3875 section 4.1.18, and httpd's own folding). */
static int folded(char c)
{
    return isalnum((unsigned char)c) ? tolower((unsigned char)c) : '_';
}

static bool starts(const char **text, const char *start)
{
    for (; *start; start++, ++*text) {
        if (!**text || folded(**text) != folded(*start))
            return false;
    }
    return true;
}

bool fa_note_is_header(const char *header, const char *prefix)
{
    if (!starts(&header, prefix))
        return false;
    for (size_t i = 0; i < FA_NOTE_COUNT; i++) {
        const char *rest = header;

        if (starts(&rest, rows[i].suffix) && !*rest)
            return true;
    }
    return false;
}
