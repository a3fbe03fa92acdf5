/* The file of API keys is what it says now, for whoever asks now.
 * Tests of fa_keyfile. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "fa_keyfile.h"

/* Later than any file that is written here. */
#define LATER (INT64_C(4000000000) * APR_USEC_PER_SEC)

/* sha256sum of "one" and "two". */
#define ONE "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
#define TWO "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"

static char folder[] = "/tmp/fastauth-keyfile-XXXXXX";
static const char *path;

static void make_folder(void)
{
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    path = apr_pstrcat(unit_pool, folder, "/keys", NULL);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(path);
    rmdir(folder);
}

/* Another inode each time, as editors and mv make it. */
static void put(const char *text)
{
    const char *beside = apr_pstrcat(unit_pool, path, ".new", NULL);
    FILE *file = fopen(beside, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    ck_assert_int_eq(rename(beside, path), 0);
}

static fa_keyfile *open_keys(const char *text)
{
    fa_keyfile *file;
    const char *wrong;

    put(text);
    file = fa_keyfile_open(unit_pool, path, &wrong);
    ck_assert_msg(!wrong, "%s", wrong);
    return file;
}

/* Whether key is one of the file's now. Receives what was wrong with it. */
static bool knows_and_tells(fa_keyfile *file, const char *key,
                            const char **wrong)
{
    const fa_apikeys *keys;
    fa_identity *identity;
    const char *reason;
    apr_pool_t *request;
    bool known;

    ck_assert_int_eq(apr_pool_create(&request, NULL), APR_SUCCESS);
    known =
        fa_keyfile_keys(file, request, LATER, &keys, wrong) == APR_SUCCESS &&
        fa_apikeys_identify(request, keys, key, LATER, &identity, &reason) ==
            FA_ALLOWED;
    *wrong = apr_pstrdup(unit_pool, *wrong);
    apr_pool_destroy(request);
    return known;
}

static bool knows(fa_keyfile *file, const char *key)
{
    const char *wrong;

    return knows_and_tells(file, key, &wrong);
}

START_TEST(file_is_read_again_when_it_changes)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");

    ck_assert_str_eq(fa_keyfile_path(file), path);
    ck_assert(knows(file, "one") && !knows(file, "two"));
    put(TWO " user=b\n");
    ck_assert(!knows(file, "one") && knows(file, "two"));
    put(ONE " user=a\n" TWO " user=b\n");
    ck_assert(knows(file, "one") && knows(file, "two"));
    put("");
    ck_assert(!knows(file, "one") && !knows(file, "two"));
}
END_TEST

/* As long as before, and its times set back: the inode's change tells. */
START_TEST(change_is_seen_by_more_than_size_and_time)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");
    struct utimbuf times = {1000, 1000};

    utime(path, &times);
    ck_assert(knows(file, "one"));
    put(TWO " user=a\n");
    utime(path, &times);
    ck_assert(!knows(file, "one") && knows(file, "two"));
}
END_TEST

/* Twice within one tick of the file's clock: what was read in that very second
 * is read again. */
START_TEST(change_in_the_same_second_is_not_missed)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");
    const char *wrong, *reason;
    const fa_apikeys *keys;
    fa_identity *identity;
    struct stat facts;
    FILE *same;

    ck_assert_int_eq(stat(path, &facts), 0);
    for (int i = 0; i < 300; i++) {
        same = fopen(path, "r+");
        ck_assert_ptr_nonnull(same);
        fputs(i % 2 ? ONE : TWO, same);
        fclose(same);
        ck_assert_int_eq(
            fa_keyfile_keys(file, unit_pool,
                            (apr_time_t)facts.st_mtime * APR_USEC_PER_SEC,
                            &keys, &wrong),
            APR_SUCCESS);
        ck_assert_int_eq(fa_apikeys_identify(unit_pool, keys,
                                             i % 2 ? "one" : "two", LATER,
                                             &identity, &reason),
                         FA_ALLOWED);
    }
}
END_TEST

static const struct {
    const char *text; /* NULL: the file is gone */
    const char *wrong;
} broken[] = {
    {NULL, "cannot be read"},
    {ONE " user=a\nx\n", "line 2"},
    {ONE " user=a\n" ONE " user=b\n", "line 2"},
    {ONE "\n", "line 1"},
    {"\xff\xfe\n", "line 1"},
};

START_TEST(broken_file_holds_no_key_at_all)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");
    const char *wrong;

    ck_assert(knows(file, "one"));
    if (broken[_i].text)
        put(broken[_i].text);
    else
        unlink(path);
    ck_assert(!knows_and_tells(file, "one", &wrong));
    ck_assert_msg(wrong && strstr(wrong, broken[_i].wrong) &&
                      strstr(wrong, path),
                  "%s", wrong);
    /* It is told once, not at every request. */
    for (int i = 0; i < 3; i++) {
        ck_assert(!knows_and_tells(file, "one", &wrong));
        ck_assert_ptr_null(wrong);
    }
    put(ONE " user=a\n");
    ck_assert(knows_and_tells(file, "one", &wrong));
    ck_assert_ptr_null(wrong);
}
END_TEST

START_TEST(directory_in_its_place_holds_no_key)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");
    const char *wrong;

    unlink(path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert(!knows_and_tells(file, "one", &wrong));
    ck_assert_ptr_nonnull(wrong);
    ck_assert(!knows_and_tells(file, "one", &wrong));
    ck_assert_ptr_null(wrong);
}
END_TEST

/* Root opens it when httpd starts; its children are somebody else. */
START_TEST(file_that_may_not_be_read_is_told_of_once)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");
    const char *wrong;

    ck_assert(knows(file, "one"));
    chmod(path, 0);
    chmod(folder, 0755);
    ck_assert(getuid() != 0 || seteuid(65534) == 0);
    ck_assert(!knows_and_tells(file, "one", &wrong));
    ck_assert_msg(wrong && strstr(wrong, "cannot be read"), "%s", wrong);
    ck_assert(!knows_and_tells(file, "one", &wrong));
    ck_assert_ptr_null(wrong);
    ck_assert(getuid() != 0 || seteuid(0) == 0);
}
END_TEST

START_TEST(wrong_file_is_not_opened)
{
    const char *wrong = NULL;

    ck_assert_ptr_null(fa_keyfile_open(unit_pool, folder, &wrong));
    ck_assert_msg(wrong && strstr(wrong, folder), "%s", wrong);
    ck_assert_ptr_null(fa_keyfile_open(unit_pool, path, &wrong));
    ck_assert_msg(wrong && strstr(wrong, path), "%s", wrong);
    put("nonsense\n");
    ck_assert_ptr_null(fa_keyfile_open(unit_pool, path, &wrong));
    ck_assert_msg(wrong && strstr(wrong, "line 1"), "%s", wrong);
}
END_TEST

START_TEST(keys_live_as_long_as_the_request_that_asked)
{
    fa_keyfile *file = open_keys(ONE " user=a\n");
    const fa_apikeys *old, *new;
    const char *wrong, *reason;
    fa_identity *identity;
    apr_pool_t *request;

    apr_pool_create(&request, NULL);
    for (int i = 0; i < 20; i++) {
        put(i % 2 ? ONE " user=a\n" : TWO " user=a\n");
        ck_assert_int_eq(fa_keyfile_keys(file, request, LATER, &old, &wrong),
                         APR_SUCCESS);
        put(i % 2 ? TWO " user=a\n" : ONE " user=a\n");
        ck_assert_int_eq(fa_keyfile_keys(file, unit_pool, LATER, &new, &wrong),
                         APR_SUCCESS);
        ck_assert_ptr_ne(old, new);
        ck_assert_int_eq(fa_apikeys_identify(request, old,
                                             i % 2 ? "one" : "two", LATER,
                                             &identity, &reason),
                         FA_ALLOWED);
    }
    apr_pool_destroy(request);
}
END_TEST

/* 400 readings of 3,000 keys; all of them at once would be 400 MB. */
START_TEST(versions_are_freed)
{
    fa_keyfile *file = open_keys("");
    apr_pool_t *scratch;
    struct rusage before, after;

    for (int i = 0; i < 400; i++) {
        char *text;

        if (i == 20)
            getrusage(RUSAGE_SELF, &before);
        apr_pool_create(&scratch, unit_pool);
        text = apr_palloc(scratch, 3001 * 80);
        for (int j = 0; j < 3000; j++)
            apr_snprintf(text + j * 73, 74, "%064x user=a\n\n", j * 400 + i);
        put(text);
        apr_pool_destroy(scratch);
        ck_assert(!knows(file, "one"));
    }
    getrusage(RUSAGE_SELF, &after);
    ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 60 * 1024);
}
END_TEST

/* --- threads ------------------------------------------------------------- */

static atomic_bool stop;
static atomic_int mistakes, asked;

/* Each file that is written has both keys or neither of them. */
static void *ask(void *context)
{
    fa_keyfile *file = context;
    apr_pool_t *request;

    while (!atomic_load(&stop)) {
        const fa_apikeys *keys;
        const char *wrong, *reason;
        fa_identity *one, *two;
        bool has_one, has_two;

        apr_pool_create(&request, NULL);
        if (fa_keyfile_keys(file, request, LATER, &keys, &wrong) ==
            APR_SUCCESS) {
            has_one = fa_apikeys_identify(request, keys, "one", LATER, &one,
                                          &reason) == FA_ALLOWED;
            has_two = fa_apikeys_identify(request, keys, "two", LATER, &two,
                                          &reason) == FA_ALLOWED;
            if (has_one != has_two ||
                (has_one && strcmp(one->user, two->user) != 0))
                atomic_fetch_add(&mistakes, 1);
        }
        apr_pool_destroy(request);
        atomic_fetch_add(&asked, 1);
    }
    return NULL;
}

START_TEST(threads_see_one_version_or_the_next)
{
    static const char *const files[] = {
        ONE " user=a\n" TWO " user=a\n", "# nobody\n",
        ONE " user=b\n" TWO " user=b\n", "broken\n"};
    fa_keyfile *file = open_keys(files[0]);
    pthread_t threads[8];

    for (size_t i = 0; i < UNIT_COUNT(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, file), 0);
    for (int i = 0; i < 1000 || atomic_load(&asked) < 1000; i++)
        put(files[i % 4]);
    atomic_store(&stop, true);
    for (size_t i = 0; i < UNIT_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&mistakes), 0);
}
END_TEST

int main(void)
{
    TCase *keyfile = unit_case("keyfile");

    tcase_add_checked_fixture(keyfile, make_folder, remove_folder);
    tcase_add_test(keyfile, file_is_read_again_when_it_changes);
    tcase_add_test(keyfile, change_is_seen_by_more_than_size_and_time);
    tcase_add_test(keyfile, change_in_the_same_second_is_not_missed);
    tcase_add_loop_test(keyfile, broken_file_holds_no_key_at_all, 0,
                        UNIT_ROWS(broken));
    tcase_add_test(keyfile, directory_in_its_place_holds_no_key);
    tcase_add_test(keyfile, file_that_may_not_be_read_is_told_of_once);
    tcase_add_test(keyfile, wrong_file_is_not_opened);
    tcase_add_test(keyfile, keys_live_as_long_as_the_request_that_asked);
    tcase_add_test(keyfile, versions_are_freed);
    tcase_add_test(keyfile, threads_see_one_version_or_the_next);
    return unit_run("t_keyfile", keyfile, NULL);
}
