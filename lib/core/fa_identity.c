/* Who is asking, as one credential proved it.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_identity.h"

#include <string.h>

#include <apr_strings.h>

#include "fa_json.h"
#include "fa_text.h"

bool fa_identity_is_user(const char *text)
{
    size_t size = strlen(text);

    return size > 0 && size <= FA_USER_MAX &&
           !fa_text_has_control(text, size) && fa_text_is_utf8(text, size);
}

bool fa_identity_has_scope(const fa_identity *identity, const char *scope)
{
    return fa_text_has_word(identity->scopes, scope);
}

bool fa_identity_has_role(const fa_identity *identity, const char *role)
{
    return fa_text_has_word(identity->roles, role);
}

static bool is_value(const json_t *claim, const char *value)
{
    char number[32];

    if (json_is_string(claim))
        return strlen(value) == json_string_length(claim) &&
               strcmp(json_string_value(claim), value) == 0;
    if (json_is_boolean(claim))
        return strcmp(json_is_true(claim) ? "true" : "false", value) == 0;
    if (!json_is_integer(claim))
        return false;
    /* APR does not know jansson's %lld. */
    apr_snprintf(number, sizeof number, "%" APR_INT64_T_FMT,
                 (apr_int64_t)json_integer_value(claim));
    return strcmp(number, value) == 0;
}

bool fa_identity_has_claim(const fa_identity *identity, const char *name,
                           const char *value)
{
    const json_t *claim =
        identity->claims ? fa_json_at(identity->claims, name) : NULL;

    if (!json_is_array(claim))
        return is_value(claim, value);
    for (size_t i = 0; i < json_array_size(claim); i++) {
        if (is_value(json_array_get(claim, i), value))
            return true;
    }
    return false;
}
