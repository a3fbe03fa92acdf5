/* Base64 has one spelling for each value.
 * Tests of fa_base64. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <apr_encode.h>

#include "fa_base64.h"

typedef struct row {
    const char *text;
    const char *bytes;
} row;

/* RFC 4648 section 10. */
static const row standard[] = {
    {"", ""},
    {"Zg==", "f"},
    {"Zm8=", "fo"},
    {"Zm9v", "foo"},
    {"Zm9vYg==", "foob"},
    {"Zm9vYmE=", "fooba"},
    {"Zm9vYmFy", "foobar"},
    {"+/+/", "\xfb\xff\xbf"},
};

static const row url[] = {
    {"", ""},
    {"Zg", "f"},
    {"Zm8", "fo"},
    {"Zm9v", "foo"},
    {"Zm9vYg", "foob"},
    {"Zm9vYmE", "fooba"},
    {"-_-_", "\xfb\xff\xbf"},
    /* RFC 7515 appendix C */
    {"A-z_4ME", "\x03\xec\xff\xe0\xc1"},
};

static const char *const bad_standard[] = {
    "Zg",       "Zg=",      "Zm8",      "Zm9vYg=",    "=",
    "==",       "====",     "Z===",     "Zm9=v",      "Zg==Zg==",
    "Zg===",    "Zm9v=",    "Zm9v====", "Zh==",       "Zm9=",
    "Zm9vYmF=", "-_-_",     "Zg==\n",   "\nZg==",     "Zm9v Zg=",
    "Zm 9",     "Zm9v\r\n", "Zg=\x01",  "\xc3\xa9Zg", "Zm9\x80",
};

static const char *const bad_url[] = {
    "Z",       "Zm9vY",   "Zg==",     "Zm8=",    "Zh",    "Zm9",     "Zm9vYh",
    "Zm9vYmF", "+/+/",    "Zm9v\n",   "Zm 9v",   "Zm9v.", "Z.",      "Zm9v=",
    "Zg\r\n",  "Zm9v!!!", "\xff\xff", "Zm\x01v", "~~~~",  "Zm9\xe9", "*AAA",
};

typedef apr_status_t (*decoder)(apr_pool_t *, const char *, size_t,
                                unsigned char **, size_t *);

static void check_row(decoder decode, const row *expected)
{
    unsigned char *bytes = NULL;
    size_t size = 99;

    ck_assert_int_eq(decode(unit_pool, expected->text, strlen(expected->text),
                            &bytes, &size),
                     APR_SUCCESS);
    ck_assert_uint_eq(size, strlen(expected->bytes));
    ck_assert_mem_eq(bytes, expected->bytes, size + 1);
}

static void check_bad(decoder decode, const char *text)
{
    unsigned char *bytes = NULL;
    size_t size = 99;

    ck_assert_msg(decode(unit_pool, text, strlen(text), &bytes, &size) ==
                      APR_EINVAL,
                  "'%s' was taken", text);
    ck_assert_ptr_null(bytes);
    ck_assert_uint_eq(size, 99);
}

START_TEST(standard_text_is_decoded)
{
    check_row(fa_base64_decode, &standard[_i]);
}
END_TEST

START_TEST(url_safe_text_is_decoded)
{
    check_row(fa_base64url_decode, &url[_i]);
}
END_TEST

START_TEST(bad_standard_text_is_refused)
{
    check_bad(fa_base64_decode, bad_standard[_i]);
}
END_TEST

START_TEST(bad_url_safe_text_is_refused)
{
    check_bad(fa_base64url_decode, bad_url[_i]);
}
END_TEST

START_TEST(nul_is_no_letter)
{
    unsigned char *bytes;
    size_t size;

    ck_assert_int_eq(
        fa_base64url_decode(unit_pool, "Zm9v\0AAA", 8, &bytes, &size),
        APR_EINVAL);
    ck_assert_int_eq(fa_base64_decode(unit_pool, "Zg=\0", 4, &bytes, &size),
                     APR_EINVAL);
}
END_TEST

START_TEST(text_behind_length_is_not_read)
{
    unsigned char *bytes;
    size_t size;

    ck_assert_int_eq(
        fa_base64url_decode(unit_pool, "Zm9v!!!!", 4, &bytes, &size),
        APR_SUCCESS);
    ck_assert_str_eq((char *)bytes, "foo");
}
END_TEST

/* Every text of up to three letters, both alphabets' and a few others: where it
 * is taken, encoding the bytes gives the text again. */
START_TEST(what_is_taken_is_the_only_spelling)
{
    static const char letters[] = "AZaz09+/-_=.Qgw8E\n ";
    const size_t count = sizeof(letters) - 1;
    size_t taken = 0;

    for (size_t i = 0; i < count * count * count * count; i++) {
        const char text[] = {letters[i % count], letters[i / count % count],
                             letters[i / count / count % count],
                             letters[i / count / count / count]};
        for (size_t length = 2; length <= 4; length++) {
            unsigned char *bytes;
            size_t size;

            if (fa_base64url_decode(unit_pool, text, length, &bytes, &size) !=
                APR_SUCCESS)
                continue;
            taken++;
            ck_assert_mem_eq(unit_base64url(bytes, size), text, length);
        }
        if (i % 1000 == 0)
            apr_pool_clear(unit_pool);
    }
    ck_assert_uint_gt(taken, 1000);
}
END_TEST

START_TEST(every_length_comes_back)
{
    unsigned char all[300], *bytes;
    size_t size;

    for (size_t length = 0; length < sizeof(all); length++) {
        const char *text;

        all[length] = (unsigned char)(length * 7);
        text = unit_base64url(all, length);
        ck_assert_int_eq(
            fa_base64url_decode(unit_pool, text, strlen(text), &bytes, &size),
            APR_SUCCESS);
        ck_assert_uint_eq(size, length);
        ck_assert_int_eq(memcmp(bytes, all, length), 0);
    }
}
END_TEST

int main(void)
{
    TCase *base64 = unit_case("base64");

    tcase_add_loop_test(base64, standard_text_is_decoded, 0,
                        UNIT_ROWS(standard));
    tcase_add_loop_test(base64, url_safe_text_is_decoded, 0, UNIT_ROWS(url));
    tcase_add_loop_test(base64, bad_standard_text_is_refused, 0,
                        UNIT_ROWS(bad_standard));
    tcase_add_loop_test(base64, bad_url_safe_text_is_refused, 0,
                        UNIT_ROWS(bad_url));
    tcase_add_test(base64, nul_is_no_letter);
    tcase_add_test(base64, text_behind_length_is_not_read);
    tcase_add_test(base64, what_is_taken_is_the_only_spelling);
    tcase_add_test(base64, every_length_comes_back);
    return unit_run("t_base64", base64, NULL);
}
