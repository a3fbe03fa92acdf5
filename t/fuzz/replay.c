/* A main for fuzz targets without libFuzzer: feeds files, and what is in
 * folders, to the target. Feeding nothing is a failure. Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>

#include <apr_file_io.h>
#include <apr_file_info.h>
#include <apr_strings.h>

static int failed(const char *path, apr_status_t status)
{
    char reason[120];

    fprintf(stderr, "%s: %s\n", path,
            apr_strerror(status, reason, sizeof(reason)));
    return -1;
}

/* A copy of exactly size bytes, so that a sanitizer sees what reads on. */
static int feed_bytes(const char *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    FUZZ_CHECK(copy != NULL);
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 1;
}

static int feed_file(const char *path, apr_size_t size, apr_pool_t *pool)
{
    char *bytes = apr_palloc(pool, size + 1);
    apr_size_t got = 0;
    apr_file_t *file;
    apr_status_t status =
        apr_file_open(&file, path, APR_FOPEN_READ, APR_OS_DEFAULT, pool);

    if (status != APR_SUCCESS)
        return failed(path, status);
    if (size > 0)
        status = apr_file_read_full(file, bytes, size, &got);
    apr_file_close(file);
    if (status != APR_SUCCESS)
        return failed(path, status);
    return feed_bytes(bytes, got);
}

static int feed(const char *path, apr_pool_t *pool);

static int feed_folder(const char *path, apr_pool_t *pool)
{
    apr_dir_t *folder;
    apr_finfo_t entry;
    int fed = 0, more = 0;
    apr_status_t status = apr_dir_open(&folder, path, pool);

    if (status != APR_SUCCESS)
        return failed(path, status);
    while (more >= 0 &&
           apr_dir_read(&entry, APR_FINFO_NAME, folder) == APR_SUCCESS) {
        if (!strcmp(entry.name, ".") || !strcmp(entry.name, ".."))
            continue;
        more = feed(apr_pstrcat(pool, path, "/", entry.name, NULL), pool);
        fed += more;
    }
    apr_dir_close(folder);
    return more < 0 ? more : fed;
}

/* How many inputs were fed, or -1. */
static int feed(const char *path, apr_pool_t *pool)
{
    apr_finfo_t found;
    apr_status_t status =
        apr_stat(&found, path, APR_FINFO_TYPE | APR_FINFO_SIZE, pool);

    if (status != APR_SUCCESS)
        return failed(path, status);
    if (found.filetype == APR_DIR)
        return feed_folder(path, pool);
    return feed_file(path, (apr_size_t)found.size, pool);
}

int main(int count, char **paths)
{
    apr_pool_t *pool = fuzz_pool();
    int fed = 0;

    for (int i = 1; i < count; i++) {
        int more = feed(paths[i], pool);

        if (more < 0)
            return EXIT_FAILURE;
        fed += more;
    }
    printf("%s: %d inputs\n", paths[0], fed);
    return fed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
