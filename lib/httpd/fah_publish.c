/* The caller's identity told to the handler, and never another's.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_publish.h"

#include <string.h>

#include <apr_strings.h>
#include <util_filter.h>

#include "fa_notes.h"
#include "fa_text.h"

static bool is_identity(request_rec *r, const char *header)
{
    const apr_array_header_t *prefixes = fah_server_of(r->server)->prefixes;

    for (int i = 0; prefixes && i < prefixes->nelts; i++) {
        if (fa_note_is_header(header, APR_ARRAY_IDX(prefixes, i, const char *)))
            return true;
    }
    return false;
}

void fah_forget_headers(request_rec *r, apr_table_t *headers)
{
    const apr_array_header_t *all = apr_table_elts(headers);
    const apr_table_entry_t *entries = (const apr_table_entry_t *)all->elts;

    for (int i = 0; i < all->nelts;) {
        /* Unsetting moves what is behind; look at the same place again. */
        if (is_identity(r, entries[i].key))
            apr_table_unset(headers, apr_pstrdup(r->pool, entries[i].key));
        else
            i++;
    }
}

/* mod_proxy takes out what Connection lists, which it reads with a wide mind: a
 * client must not so name what we are about to set. */
static void forget_connection(request_rec *r)
{
    static const char between[] = ",; \t\"";
    const char *rest = apr_table_get(r->headers_in, "Connection");
    char *kept, *end, *word;
    bool changed = false;

    if (!rest)
        return;
    /* One buffer for all: a client may list thousands. */
    kept = end = apr_palloc(r->pool, 2 * strlen(rest) + 1);
    word = apr_palloc(r->pool, strlen(rest) + 1);
    for (; *(rest += strspn(rest, between)); rest += strlen(word)) {
        apr_cpystrn(word, rest, strcspn(rest, between) + 1);
        if (is_identity(r, word)) {
            changed = true;
            continue;
        }
        if (end != kept)
            *end++ = ',';
        end = apr_cpystrn(end, word, strlen(word) + 1);
    }
    *end = '\0';
    if (changed && *kept)
        apr_table_setn(r->headers_in, "Connection", kept);
    else if (changed)
        apr_table_unset(r->headers_in, "Connection");
}

/* Trailers join the headers once the body has been read (MergeTrailers). */
static apr_status_t trailer_filter(ap_filter_t *f, apr_bucket_brigade *brigade,
                                   ap_input_mode_t mode, apr_read_type_e block,
                                   apr_off_t bytes)
{
    apr_status_t status = ap_get_brigade(f->next, brigade, mode, block, bytes);
    request_rec *r = f->r;

    if (!apr_is_empty_table(r->trailers_in)) {
        fah_state *state = fah_state_current(r);

        fah_forget_headers(r, r->trailers_in);
        fah_forget_headers(r, r->headers_in);
        if (state)
            fah_publish(r, state);
    }
    return status;
}

int fah_forget_identity(request_rec *r)
{
    if (!fah_server_of(r->server)->prefixes)
        return DECLINED;
    fah_forget_headers(r, r->headers_in);
    forget_connection(r);
    if (apr_table_get(r->headers_in, "Transfer-Encoding") ||
        r->proto_num >= HTTP_VERSION(2, 0))
        ap_add_input_filter("FASTAUTH_TRAILERS", NULL, r, r->connection);
    return DECLINED;
}

static const char *auth_type(const fa_identity *identity)
{
    if (strcmp(identity->scheme, "basic") == 0)
        return "Basic";
    return strncmp(identity->scheme, "api-key", 7) == 0 ? "ApiKey" : "Bearer";
}

static void publish_header(request_rec *r, const char *prefix,
                           const fa_note *note)
{
    apr_table_setn(r->headers_in,
                   apr_pstrcat(r->pool, prefix, note->suffix, NULL),
                   fa_text_header_value(r->pool, note->value));
}

/* A sub-request starts with its parent's headers, the very table, and with a
 * copy of its environment, where mod_include has put them too. */
static void forget_parent(request_rec *r)
{
    const apr_array_header_t *all = apr_table_elts(r->subprocess_env);

    if (r->headers_in == r->main->headers_in)
        r->headers_in = apr_table_copy(r->pool, r->headers_in);
    apr_table_unset(r->subprocess_env, "REMOTE_USER");
    apr_table_unset(r->subprocess_env, "AUTH_TYPE");
    for (int i = 0; i < all->nelts;) {
        const char *name = APR_ARRAY_IDX(all, i, apr_table_entry_t).key;

        if (strncmp(name, "HTTP_", 5) == 0 && is_identity(r, name + 5))
            apr_table_unset(r->subprocess_env, apr_pstrdup(r->pool, name));
        else
            i++;
    }
}

static void forget(request_rec *r, const fa_note notes[FA_NOTE_COUNT])
{
    if (r->main)
        forget_parent(r);
    fah_forget_headers(r, r->headers_in);
    for (size_t i = 0; i < FA_NOTE_COUNT; i++) {
        apr_table_unset(r->notes, notes[i].note);
        apr_table_unset(r->subprocess_env, notes[i].variable);
    }
}

void fah_forget_former(request_rec *r)
{
    request_rec *from = r;
    fa_note notes[FA_NOTE_COUNT];

    while ((from = from->prev ? from->prev : from->main) != NULL) {
        const fah_state *state = fah_state_own(from);

        if (!state || !state->decision.identity)
            continue;
        fa_notes_of(r->pool, NULL, NULL, NULL, notes);
        forget(r, notes);
        return;
    }
}

void fah_publish(request_rec *r, const fah_state *state)
{
    const fa_identity *identity = state->decision.identity;
    const char *prefix = fa_policy_identity_prefix(state->policy);
    fa_note notes[FA_NOTE_COUNT];

    fa_notes_of(r->pool, identity, fah_server_of(r->server)->said->roles,
                state->decision.owner, notes);
    forget(r, notes);
    for (size_t i = 0; i < FA_NOTE_COUNT; i++) {
        if (!notes[i].value)
            continue;
        apr_table_setn(r->notes, notes[i].note, notes[i].value);
        apr_table_setn(r->subprocess_env, notes[i].variable, notes[i].value);
        if (prefix)
            publish_header(r, prefix, &notes[i]);
    }
    if (!identity)
        return;
    r->user = apr_pstrdup(r->pool, identity->user);
    r->ap_auth_type = apr_pstrdup(r->pool, auth_type(identity));
}

void fah_register_trailers(void)
{
    ap_register_input_filter("FASTAUTH_TRAILERS", trailer_filter, NULL,
                             AP_FTYPE_CONTENT_SET);
}
