/* The file of API keys, read again when it changes.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_keyfile.h"

#include <stdatomic.h>
#include <stdbool.h>

#include <apr_file_io.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

/* Largest file, in bytes: some hundred thousand keys. */
#define MAX_BYTES ((apr_off_t)64 * 1024 * 1024)

/* One reading of the file. Requests hold it while they run, the keyfile while
 * it is the newest; the last one out frees it. */
typedef struct version {
    apr_pool_t *pool; /* NULL for the first, which lives in the keyfile's */
    atomic_int holders;
    apr_finfo_t file;
    bool settled;           /* was read after the clock's tick of its change */
    const fa_apikeys *keys; /* NULL where the file was wrong */
    const char *wrong;      /* why */
} version;

struct fa_keyfile {
    const char *path;
    apr_thread_mutex_t *lock; /* guards newest */
    version *newest;
};

#define FILE_FACTS                                                          \
    (APR_FINFO_MTIME | APR_FINFO_CTIME | APR_FINFO_SIZE | APR_FINFO_INODE | \
     APR_FINFO_TYPE)

static bool same_file(const apr_finfo_t *a, const apr_finfo_t *b)
{
    return a->mtime == b->mtime && a->ctime == b->ctime && a->size == b->size &&
           a->inode == b->inode;
}

static const char *load(apr_pool_t *pool, const char *path, apr_finfo_t *facts,
                        const fa_apikeys **keys)
{
    char reason[120];
    apr_file_t *file;
    apr_size_t size;
    char *text;
    const char *wrong;
    apr_status_t status;

    status = apr_file_open(&file, path, APR_FOPEN_READ, 0, pool);
    if (status == APR_SUCCESS)
        status = apr_file_info_get(facts, FILE_FACTS, file);
    else /* Known again, so that it is read, and told of, once. */
        apr_stat(facts, path, FILE_FACTS, pool);
    if (status != APR_SUCCESS)
        return apr_psprintf(pool, "'%s' cannot be read: %s", path,
                            apr_strerror(status, reason, sizeof reason));
    if (facts->filetype != APR_REG || facts->size > MAX_BYTES) {
        apr_file_close(file);
        return apr_psprintf(pool, "'%s' is no file of at most 64 MB", path);
    }
    size = (apr_size_t)facts->size;
    text = apr_pcalloc(pool, size + 1);
    status = apr_file_read_full(file, text, size, NULL);
    apr_file_close(file);
    if (status != APR_SUCCESS && size > 0)
        return apr_psprintf(pool, "'%s' cannot be read: %s", path,
                            apr_strerror(status, reason, sizeof reason));
    wrong = fa_apikeys_parse(pool, text, keys);
    return wrong ? apr_psprintf(pool, "'%s' %s", path, wrong) : NULL;
}

static version *read_version(apr_pool_t *pool, const char *path, apr_time_t now)
{
    version *read = apr_pcalloc(pool, sizeof *read);

    atomic_init(&read->holders, 1);
    read->wrong = load(pool, path, &read->file, &read->keys);
    /* A file changed twice within one tick of its clock looks unchanged. */
    read->settled = now > read->file.mtime + APR_USEC_PER_SEC;
    return read;
}

fa_keyfile *fa_keyfile_open(apr_pool_t *pool, const char *path,
                            const char **wrong)
{
    fa_keyfile *file = apr_palloc(pool, sizeof *file);

    file->path = apr_pstrdup(pool, path);
    file->newest = read_version(pool, path, 0);
    *wrong = file->newest->wrong;
    if (*wrong)
        return NULL;
    if (apr_thread_mutex_create(&file->lock, APR_THREAD_MUTEX_DEFAULT, pool) !=
        APR_SUCCESS) {
        *wrong = "no mutex can be made";
        return NULL;
    }
    return file;
}

static apr_status_t release(void *held)
{
    version *left = held;

    if (atomic_fetch_sub(&left->holders, 1) == 1 && left->pool)
        apr_pool_destroy(left->pool);
    return APR_SUCCESS;
}

/* The lock is held. */
static const char *look_again(fa_keyfile *file, apr_pool_t *scratch,
                              apr_time_t now)
{
    apr_finfo_t facts = {0};
    apr_pool_t *pool;
    version *read;

    /* A file that is gone has no facts, and is like no version that was. */
    apr_stat(&facts, file->path, FILE_FACTS, scratch);
    if (file->newest->settled && same_file(&facts, &file->newest->file))
        return NULL;
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return "out of memory";
    read = read_version(pool, file->path, now);
    read->pool = pool;
    release(file->newest);
    file->newest = read;
    return read->wrong ? apr_pstrdup(scratch, read->wrong) : NULL;
}

apr_status_t fa_keyfile_keys(fa_keyfile *file, apr_pool_t *pool, apr_time_t now,
                             const fa_apikeys **keys, const char **wrong)
{
    version *current;

    *wrong = NULL;
    if (apr_thread_mutex_lock(file->lock) != APR_SUCCESS)
        return APR_EGENERAL;
    *wrong = look_again(file, pool, now);
    current = file->newest;
    atomic_fetch_add(&current->holders, 1);
    apr_thread_mutex_unlock(file->lock);

    apr_pool_cleanup_register(pool, current, release, apr_pool_cleanup_null);
    if (!current->keys)
        return APR_EGENERAL;
    *keys = current->keys;
    return APR_SUCCESS;
}

const char *fa_keyfile_path(const fa_keyfile *file)
{
    return file->path;
}
