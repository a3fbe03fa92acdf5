/* A path made from a template is one of it, however it is written, and one more
 * segment is too many. The first line of an input is the template, the second a
 * path. Target: fa_template. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <ctype.h>
#include <stdbool.h>
#include <strings.h>

#include <apr_strings.h>

#include "fa_path.h"
#include "fa_template.h"

static void count_one(void *context, const void *value)
{
    (void)value;
    ++*(int *)context;
}

/* By the matcher and by the template itself: the same. */
static bool is_one(const fa_matcher *matcher, const fa_template *read,
                   const char *path)
{
    int found = 0, others = 0;

    fa_matcher_find(matcher, path, FA_GET, count_one, &found);
    fa_matcher_find(matcher, path, FA_PUT, count_one, &others);
    FUZZ_CHECK(found == fa_template_matches(read, path) && others == 0);
    return found == 1;
}

/* A second implementation: all segments first, then one look at each. */
static bool is_one_slowly(apr_pool_t *pool, const fa_template *read,
                          const char *path)
{
    char *rest = apr_pstrdup(pool, path), *word;
    int count = 0;
    bool alike = true;

    while ((word = apr_strtok(rest, "/", &rest)) != NULL) {
        const fa_segment *due =
            count < read->segments->nelts
                ? &APR_ARRAY_IDX(read->segments, count, fa_segment)
                : NULL;

        alike = alike && due &&
                (due->is_parameter || strcasecmp(due->text, word) == 0);
        count++;
    }
    return alike && count == read->segments->nelts;
}

/* The template with a value for each parameter. */
static char *made_of(apr_pool_t *pool, const fa_template *read,
                     const char *slash)
{
    char *path = apr_pstrdup(pool, slash);

    for (int i = 0; i < read->segments->nelts; i++) {
        const fa_segment *one = &APR_ARRAY_IDX(read->segments, i, fa_segment);

        path = apr_pstrcat(pool, path, one->is_parameter ? "7%2f" : one->text,
                           slash, NULL);
    }
    return path;
}

static void check(apr_pool_t *pool, const fa_template *read, const char *path)
{
    fa_matcher *matcher = fa_matcher_create(pool);
    const fa_template *again;
    char *made = made_of(pool, read, "/");
    size_t segments = (size_t)read->segments->nelts;

    FUZZ_CHECK(!fa_matcher_add(matcher, read, FA_GET, read));
    FUZZ_CHECK(fa_matcher_add(matcher, read, FA_GET, "again") == read);
    FUZZ_CHECK(is_one(matcher, read, made));
    FUZZ_CHECK(is_one(matcher, read, made_of(pool, read, "///")));
    FUZZ_CHECK(!is_one(matcher, read, apr_pstrcat(pool, made, "x", NULL)));
    FUZZ_CHECK(fa_path_segments(made) == segments);
    FUZZ_CHECK(fa_path_segments(fa_path_behind(made, segments)) == 0);
    for (char *at = made; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    FUZZ_CHECK(is_one(matcher, read, made));
    FUZZ_CHECK(!fa_template_parse(pool, read->text, &again));
    FUZZ_CHECK(is_one(matcher, read, path) == is_one_slowly(pool, read, path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    char *text = apr_pstrmemdup(pool, (const char *)data, size);
    char *path = strchr(text, '\n');
    const fa_template *read = NULL;
    const char *wrong;

    if (path)
        *path++ = '\0';
    wrong = fa_template_parse(pool, text, &read);
    FUZZ_CHECK(!wrong == (read != NULL));
    if (read)
        check(pool, read, path ? path : "");
    apr_pool_destroy(pool);
    return 0;
}
