/* Directives of a server: keys, tokens, API keys, paths.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_parse.h"

#include <string.h>

#include <apr_file_info.h>
#include <apr_strings.h>

#include "fa_jws.h"
#include "fa_text.h"

#define SAID "it is said already"

static const char *unknown_option(const fa_line *line, const char *word)
{
    return apr_psprintf(line->pool, "'%s' is no option of it", word);
}

static const char *parse_alg(const fa_line *line, const char *name,
                             const fa_alg **alg)
{
    *alg = fa_alg_named(name);
    if (*alg)
        return NULL;
    return apr_psprintf(line->pool, "'%s' is none of " FA_ALG_NAMES, name);
}

static const char *parse_kid(const fa_line *line, const char **kid)
{
    for (int i = 2; i < line->words->nelts; i++) {
        const char *word = fa_parse_word(line, i);

        if (strncmp(word, "kid=", 4) != 0 || *kid)
            return unknown_option(line, word);
        *kid = word + 4;
        if (!**kid || strlen(*kid) > FA_KID_MAX ||
            fa_text_has_control(*kid, strlen(*kid)))
            return apr_psprintf(line->pool,
                                "kid= takes 1 to %d bytes "
                                "without control characters",
                                FA_KID_MAX);
    }
    return NULL;
}

const char *fa_parse_token_key(fa_line *line)
{
    const char *kid = NULL, *bytes, *wrong;
    const fa_alg *alg;
    const fa_key *key;
    apr_size_t size;

    if (line->words->nelts < 2)
        return "it takes an algorithm and a source, env:NAME or file:PATH";
    if ((wrong = parse_alg(line, fa_parse_word(line, 0), &alg)) != NULL ||
        (wrong = parse_kid(line, &kid)) != NULL ||
        (wrong = fa_parse_source(line->pool, line->root, fa_parse_word(line, 1),
                                 alg->type == FA_KEY_OCT, &bytes, &size)))
        return wrong;
    wrong = alg->type == FA_KEY_OCT
                ? fa_key_from_secret(line->pool, alg, kid, bytes, size, &key)
                : fa_key_from_pem(line->pool, alg, kid, bytes, size, &key);
    if (wrong)
        return apr_psprintf(line->pool, "%s %s: %s", alg->name,
                            fa_parse_word(line, 1), wrong);
    wrong = fa_keyring_add(line->issuer->keys, key);
    return wrong ? apr_psprintf(line->pool, "kid=%s: %s", kid, wrong) : NULL;
}

static const char *parse_algs(const fa_line *line, const char *names,
                              apr_array_header_t **algs)
{
    apr_array_header_t *words = fa_parse_commas(line->pool, names);
    const char *wrong = NULL;

    if (!words)
        return "alg= takes algorithms with commas between them";
    *algs = apr_array_make(line->pool, words->nelts, sizeof(const fa_alg *));
    for (int i = 0; !wrong && i < words->nelts; i++)
        wrong = parse_alg(line, APR_ARRAY_IDX(words, i, const char *),
                          apr_array_push(*algs));
    return wrong;
}

const char *fa_parse_token_key_set(fa_line *line)
{
    apr_array_header_t *algs = NULL, *skipped;
    const char *wrong, *bytes;
    apr_size_t size;

    if (line->words->nelts < 1)
        return "it takes file:PATH, a JWK set";
    if (strncmp(fa_parse_word(line, 0), "file:", 5) != 0)
        return apr_psprintf(line->pool, "'%s' is no file:PATH of a JWK set",
                            fa_parse_word(line, 0));
    for (int i = 1; i < line->words->nelts; i++) {
        if (strncmp(fa_parse_word(line, i), "alg=", 4) != 0 || algs)
            return unknown_option(line, fa_parse_word(line, i));
        if ((wrong = parse_algs(line, fa_parse_word(line, i) + 4, &algs)) !=
            NULL)
            return wrong;
    }
    if ((wrong = fa_parse_source(line->pool, line->root, fa_parse_word(line, 0),
                                 false, &bytes, &size)) != NULL)
        return wrong;
    wrong = fa_keyring_add_set(line->pool, line->issuer->keys, bytes, size,
                               algs, &skipped);
    if (wrong)
        return apr_psprintf(line->pool, "%s: %s", fa_parse_word(line, 0),
                            wrong);
    for (int i = 0; i < skipped->nelts; i++)
        APR_ARRAY_PUSH(line->remarks, const char *) =
            apr_psprintf(line->pool, "%s: %s", fa_parse_word(line, 0),
                         APR_ARRAY_IDX(skipped, i, const char *));
    return NULL;
}

const char *fa_parse_token_audience(fa_line *line)
{
    if (line->words->nelts < 1)
        return "it takes at least one audience";
    if (line->issuer->audience)
        return SAID "; several audiences stand in one line";
    for (int i = 0; i < line->words->nelts; i++) {
        if (!*fa_parse_word(line, i))
            return "an audience is not empty";
    }
    line->issuer->audience = line->words;
    return NULL;
}

const char *fa_parse_token_type(fa_line *line)
{
    if (line->words->nelts != 1)
        return "it takes one type, as at+jwt or JWT";
    if (!fa_text_is_token(fa_parse_word(line, 0)))
        return apr_psprintf(line->pool,
                            "'%s' is no type, as at+jwt or JWT, without "
                            "application/",
                            fa_parse_word(line, 0));
    if (line->issuer->type)
        return SAID;
    line->issuer->type = fa_parse_word(line, 0);
    return NULL;
}

const char *fa_parse_token_leeway(fa_line *line)
{
    apr_int64_t seconds;
    const char *wrong;

    if (line->words->nelts != 1)
        return "it takes one duration, as 30s";
    if (line->issuer->leeway_s)
        return SAID;
    wrong = fa_text_duration(line->pool, fa_parse_word(line, 0), &seconds);
    if (wrong)
        return wrong;
    if (seconds > FA_LEEWAY_MAX_S)
        return apr_psprintf(line->pool, "'%s' is more than %ds",
                            fa_parse_word(line, 0), FA_LEEWAY_MAX_S);
    line->issuer->leeway_s = apr_pmemdup(line->pool, &seconds, sizeof seconds);
    return NULL;
}

static const char *parse_claim_list(fa_line *line, const char *word,
                                    fa_claim_names *names)
{
    const struct {
        const char *option;
        const apr_array_header_t **list;
    } options[] = {{"user=", &names->user},
                   {"scopes=", &names->scopes},
                   {"roles=", &names->roles},
                   {"permissions=", &names->permissions}};

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t size = strlen(options[i].option);

        if (strncmp(options[i].option, word, size) != 0)
            continue;
        if (*options[i].list)
            return apr_psprintf(line->pool, "%s is said already",
                                options[i].option);
        *options[i].list = fa_parse_commas(line->pool, word + size);
        return *options[i].list ? NULL
                                : apr_psprintf(line->pool,
                                               "%s takes claims with commas "
                                               "between them",
                                               options[i].option);
    }
    return apr_psprintf(line->pool,
                        "'%s' is none of user=, scopes=, roles=, "
                        "permissions=",
                        word);
}

const char *fa_parse_token_claims(fa_line *line)
{
    const char *wrong = NULL;

    if (line->words->nelts < 1)
        return "it takes user=, scopes=, roles= or permissions=";
    if (!line->issuer->claims)
        line->issuer->claims =
            apr_pcalloc(line->pool, sizeof *line->issuer->claims);
    for (int i = 0; !wrong && i < line->words->nelts; i++)
        wrong = parse_claim_list(line, fa_parse_word(line, i),
                                 line->issuer->claims);
    return wrong;
}

const char *fa_parse_api_keys(fa_line *line)
{
    const char *wrong;
    char *path;

    if (line->words->nelts != 1 ||
        strncmp(fa_parse_word(line, 0), "file:", 5) != 0 ||
        !fa_parse_word(line, 0)[5])
        return "it takes file:PATH";
    if (line->server->api_keys)
        return SAID;
    if (apr_filepath_merge(&path, line->root, fa_parse_word(line, 0) + 5,
                           APR_FILEPATH_TRUENAME, line->pool) != APR_SUCCESS)
        return apr_psprintf(line->pool, "'%s' is no path",
                            fa_parse_word(line, 0) + 5);
    line->server->api_keys = fa_keyfile_open(line->pool, path, &wrong);
    return wrong;
}

const char *fa_parse_ambiguous_path(fa_line *line)
{
    static const char *const choices[] = {"refuse", "allow", NULL};
    static const bool allow[] = {false, true};
    int choice;
    const char *wrong = fa_parse_choice(line, choices, &choice);

    if (wrong)
        return wrong;
    if (line->server->allow_ambiguous_path)
        return SAID;
    line->server->allow_ambiguous_path = &allow[choice];
    return NULL;
}
