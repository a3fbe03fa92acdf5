/* What the handler is told about the caller.
 * Layer: answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_NOTES_H
#define FA_NOTES_H

#include <stdbool.h>

#include <apr_pools.h>

#include "fa_identity.h"
#include "fa_roles.h"

/* One name in three spellings: note, environment variable, end of a header's
 * name behind the prefix. */
#define FA_NOTES(NOTE)                                                  \
    NOTE("fastauth.user", "FASTAUTH_USER", "User")                      \
    NOTE("fastauth.scheme", "FASTAUTH_SCHEME", "Scheme")                \
    NOTE("fastauth.scopes", "FASTAUTH_SCOPES", "Scopes")                \
    NOTE("fastauth.roles", "FASTAUTH_ROLES", "Roles")                   \
    NOTE("fastauth.permissions", "FASTAUTH_PERMISSIONS", "Permissions") \
    NOTE("fastauth.claims", "FASTAUTH_CLAIMS", "Claims")                \
    NOTE("fastauth.key", "FASTAUTH_KEY", "Key")                         \
    NOTE("fastauth.issuer", "FASTAUTH_ISSUER", "Issuer")                \
    NOTE("fastauth.owner", "FASTAUTH_OWNER", "Owner")

#define FA_NOTE_COUNT 9

typedef struct fa_note {
    const char *note;     /* key in r->notes */
    const char *variable; /* in the environment */
    const char *suffix;   /* of the request header */
    const char *value;    /* NULL: nothing to tell */
} fa_note;

/**
 * All names, with what there is to tell. Values live in pool or as long as
 * identity.
 *
 * identity  NULL: nothing of any
 * roles     what they permit joins the credential's permissions; may be NULL
 * owner     of the resource, as found; or NULL
 */
void fa_notes_of(apr_pool_t *pool, const fa_identity *identity,
                 const fa_roles *roles, const char *owner,
                 fa_note notes[FA_NOTE_COUNT]);

/**
 * Whether a header could reach a handler as one of our identity headers: its
 * name is prefix and suffix, without regard to case and to `-` or `_` (or
 * whatever else CGI turns into `_`).
 */
bool fa_note_is_header(const char *header, const char *prefix);

#endif
