/* What every unit program needs: a pool a test, outside files, a runner.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdarg.h>
#include <stdio.h>

#include <apr_encode.h>
#include <apr_file_info.h>
#include <apr_general.h>
#include <openssl/err.h>

apr_pool_t *unit_pool;

static void make_pool(void)
{
    unit_start();
    ck_assert_int_eq(apr_pool_create(&unit_pool, NULL), APR_SUCCESS);
}

static void destroy_pool(void)
{
    apr_pool_destroy(unit_pool);
    unit_pool = NULL;
}

/* Whoever calls OpenSSL leaves its queue empty, or httpd logs our errors. */
static void error_queue_is_empty(void)
{
    ck_assert_uint_eq(ERR_peek_error(), 0);
}

TCase *unit_case(const char *name)
{
    TCase *made = tcase_create(name);

    tcase_set_timeout(made, UNIT_TIMEOUT);
    tcase_add_checked_fixture(made, make_pool, destroy_pool);
    tcase_add_checked_fixture(made, NULL, error_queue_is_empty);
    return made;
}

void unit_start(void)
{
    static bool started;

    if (!started && apr_initialize() != APR_SUCCESS)
        abort();
    started = true;
    json_object_seed(1);
}

int unit_run(const char *name, ...)
{
    Suite *suite = suite_create(name);
    SRunner *runner;
    va_list cases;
    TCase *next;
    int failed;

    unit_start();
    va_start(cases, name);
    while ((next = va_arg(cases, TCase *)))
        suite_add_tcase(suite, next);
    va_end(cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    /* No test at all is no success. */
    failed = srunner_ntests_failed(runner) + (srunner_ntests_run(runner) == 0);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int unit_skip(const char *name, const char *why)
{
    printf("%s: skipped, %s\n", name, why);
    return UNIT_SKIPPED;
}

static const char *corpus_folder(apr_pool_t *pool)
{
    const char *named = getenv("FASTAUTH_CORPUS");
    const char *sources = getenv("top_srcdir");

    if (named && *named)
        return named;
    return apr_pstrcat(pool, sources && *sources ? sources : ".",
                       "/../shared/corpus", NULL);
}

bool unit_has_corpus(void)
{
    apr_pool_t *pool;
    apr_finfo_t found;
    apr_status_t status;

    unit_start();
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS)
        abort();
    status = apr_stat(&found, corpus_folder(pool), APR_FINFO_TYPE, pool);
    apr_pool_destroy(pool);
    return status == APR_SUCCESS && found.filetype == APR_DIR;
}

static apr_status_t release(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

json_t *unit_corpus(const char *file)
{
    const char *path =
        apr_pstrcat(unit_pool, corpus_folder(unit_pool), "/", file, NULL);
    json_error_t error;
    json_t *json = json_load_file(path, JSON_ALLOW_NUL, &error);

    ck_assert_msg(json != NULL, "%s: %s", path, error.text);
    apr_pool_cleanup_register(unit_pool, json, release, apr_pool_cleanup_null);
    return json;
}

const char *unit_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    ck_assert_msg(text != NULL, "no text '%s' in the corpus' row", name);
    return text;
}

unsigned char *unit_hex(const char *hex, size_t *size)
{
    unsigned char *bytes = apr_pcalloc(unit_pool, strlen(hex) / 2 + 1);
    apr_size_t written = 0;

    if (*hex)
        ck_assert_int_eq(apr_decode_base16_binary(bytes, hex, APR_ENCODE_STRING,
                                                  APR_ENCODE_NONE, &written),
                         APR_SUCCESS);
    *size = written;
    return bytes;
}

const char *unit_base64url(const void *bytes, size_t size)
{
    if (size == 0)
        return "";
    return apr_pencode_base64_binary(unit_pool, bytes, (apr_ssize_t)size,
                                     APR_ENCODE_BASE64URL, NULL);
}

const char *unit_repeat(const char *text, size_t count)
{
    size_t length = strlen(text);
    char *repeated = apr_palloc(unit_pool, length * count + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(repeated + i * length, text, length);
    repeated[length * count] = '\0';
    return repeated;
}
