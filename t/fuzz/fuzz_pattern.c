/* Whatever stands in a pattern, what is made of it is short, is text, and names
 * its parameters. Target: fa_sample. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <apr_strings.h>

#include "fa_sample.h"
#include "fa_text.h"

static void check_text(const char *text)
{
    FUZZ_CHECK(!fa_text_has_control(text, strlen(text)));
    FUZZ_CHECK(fa_text_is_utf8(text, strlen(text)));
}

static void check_parameter(apr_pool_t *pool, const char *pattern,
                            const char *path, const fa_parameter *one)
{
    const char *shown = apr_pstrcat(pool, "{", one->name, "}", NULL);

    FUZZ_CHECK(strstr(path, shown) != NULL);
    FUZZ_CHECK(fa_sample_group(pool, pattern, one->name) != NULL);
    if (one->example)
        check_text(one->example);
    if (one->pattern) {
        check_text(one->pattern);
        FUZZ_CHECK(*one->pattern == '^' &&
                   one->pattern[strlen(one->pattern) - 1] == '$');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *pattern = apr_pstrmemdup(pool, (const char *)data, size);
    const char *sample = fa_sample_of(pool, pattern);
    apr_array_header_t *parameters = NULL;
    const char *path = fa_sample_path(pool, pattern, &parameters);

    if (sample) {
        check_text(sample);
        FUZZ_CHECK(*sample && strlen(sample) <= 1024);
    }
    FUZZ_CHECK(!path == !parameters);
    if (path) {
        check_text(path);
        FUZZ_CHECK(*path == '/' && strlen(path) <= strlen(pattern));
    }
    for (int i = 0; path && i < parameters->nelts; i++)
        check_parameter(pool, pattern, path,
                        &APR_ARRAY_IDX(parameters, i, fa_parameter));
    fa_sample_group(pool, pattern, "id");
    apr_pool_destroy(pool);
    return 0;
}
