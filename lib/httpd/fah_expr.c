/* The identity in httpd's expressions: fastauth('user').
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_module.h"

#include <string.h>

#include <ap_expr.h>
#include <apr_strings.h>

#include "fa_text.h"

/* What fah_publish tells of a request's caller, by the name of its note. */
static const char *told(ap_expr_eval_ctx_t *ctx, const void *note)
{
    const char *value = ctx->r ? apr_table_get(ctx->r->notes, note) : NULL;

    return value ? value : "";
}

static const char *text_of(ap_expr_eval_ctx_t *ctx, const void *note,
                           const char *name)
{
    (void)name;
    return told(ctx, note);
}

/* Scopes, roles and permissions hold no space; a user's name may, and is one
 * word all the same. */
static apr_array_header_t *words_of(ap_expr_eval_ctx_t *ctx, const void *note,
                                    const char *name)
{
    const char *value = told(ctx, note);
    size_t size = strlen(name);
    apr_array_header_t *one;

    /* The names of lists alone are plurals. */
    if (size > 0 && name[size - 1] == 's')
        return fa_text_words(ctx->p, value);
    one = apr_array_make(ctx->p, 1, sizeof(const char *));
    if (*value)
        APR_ARRAY_PUSH(one, const char *) = value;
    return one;
}

int fah_find_function(ap_expr_lookup_parms *call)
{
    static const char *const names[] = {"user",        "scheme", "scopes",
                                        "roles",       "key",    "issuer",
                                        "permissions", "owner",  NULL};
    int which = call->arg ? fa_parse_index(call->arg, names) : -1;
    bool is_list = call->type == AP_EXPR_FUNC_LIST;

    if ((!is_list && call->type != AP_EXPR_FUNC_STRING) ||
        strcasecmp(call->name, "fastauth") != 0)
        return DECLINED;
    if (which < 0) {
        *call->err = apr_psprintf(
            call->ptemp,
            "fastauth('%s'): it takes one of 'user', 'scheme', 'scopes', "
            "'roles', 'permissions', 'key', 'issuer', 'owner'",
            call->arg ? call->arg : "...");
        return !OK;
    }
    *call->func = is_list ? (const void *)words_of : (const void *)text_of;
    *call->data = apr_pstrcat(call->pool, "fastauth.", names[which], NULL);
    return OK;
}
