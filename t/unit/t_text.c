/* Words are checked, quoted, escaped and split.
 * Tests of fa_text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_text.h"

static const struct {
    const char *text;
    apr_int64_t seconds;
} durations[] = {
    {"0", 0},
    {"0s", 0},
    {"1", 1},
    {"30s", 30},
    {"15m", 900},
    {"24h", 86400},
    {"30d", 2592000},
    {"007m", 420},
    {"36525d", 3155760000},
    {"876600h", 3155760000},
    {"3155760000", 3155760000},
};

static const char *const bad_durations[] = {
    "",
    "s",
    "-1s",
    "+1s",
    " 1s",
    "1s ",
    "1 s",
    "1x",
    "1ms",
    "1S",
    "1.5h",
    "1h30m",
    "0x10",
    "1e3",
    "3155760001",
    "36526d",
    "876601h",
    "99999999999999999999",
    "18446744073709551617s",
    "106751991167301d",
};

static const struct {
    const char *text;
    bool is_scope;
    bool is_token;
} words[] = {
    {"read", true, true},
    {"admin:read", true, false},
    {"users/1", true, false},
    {"a", true, true},
    {"~", true, true},
    {"!", true, true},
    {"#$%&'*+-.^_`|", true, true},
    {"[]", true, false},
    {"", false, false},
    {"a b", false, false},
    {"a\"b", false, false},
    {"a\\b", false, false},
    {"a\tb", false, false},
    {"a\x7f", false, false},
    {"caf\xc3\xa9", false, false},
    {"a\n", false, false},
    {"X-API-Key", true, true},
    {"a,b", true, false},
    {"a=b", true, false},
    {"\xff", false, false},
};

/* RFC 3629 sections 4 and 10; the rows of Markus Kuhn's decoder test. */
static const struct {
    const char *text;
    bool is_utf8;
} utf8[] = {
    {"", true},
    {"plain", true},
    {"A\xe2\x89\xa2\xce\x91.", true},
    {"\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4", true},
    {"\xef\xbb\xbf\xf0\xa3\x8e\xb4", true},
    {"\xc2\x80", true},
    {"\xdf\xbf", true},
    {"\xe0\xa0\x80", true},
    {"\xed\x9f\xbf", true},
    {"\xee\x80\x80", true},
    {"\xef\xbf\xbf", true},
    {"\xf0\x90\x80\x80", true},
    {"\xf4\x8f\xbf\xbf", true},
    {"\x80", false},
    {"\xbf", false},
    {"\xc0\x80", false},
    {"\xc1\xbf", false},
    {"\xe0\x80\x80", false},
    {"\xe0\x9f\xbf", false},
    {"\xf0\x80\x80\x80", false},
    {"\xf0\x8f\xbf\xbf", false},
    {"\xed\xa0\x80", false},
    {"\xed\xbf\xbf", false},
    {"\xf4\x90\x80\x80", false},
    {"\xf5\x80\x80\x80", false},
    {"\xf8\x88\x80\x80\x80", false},
    {"\xfe", false},
    {"\xff", false},
    {"a\xc3", false},
    {"\xe2\x82", false},
    {"\xf0\x9f\x92", false},
    {"\xc3(", false},
    {"\xe2(\xa1", false},
    {"\xe2\x82(", false},
    {"\xf0\x9f\x92(", false},
};

static const struct {
    const char *text;
    const char *quoted;
    const char *header;
    const char *log;
} shown[] = {
    {"", "\"\"", "", ""},
    {"API", "\"API\"", "API", "API"},
    {"two words", "\"two words\"", "two words", "two words"},
    {" ends ", "\" ends \"", "%20ends%20", " ends "},
    {" ", "\" \"", "%20", " "},
    {"a\"b\\c", "\"a\\\"b\\\\c\"", "a\"b\\c", "a\"b\\x5cc"},
    {"a\r\nX: y", "\"aX: y\"", "a%0D%0AX: y", "a\\x0d\\x0aX: y"},
    {"\t\x1b[2J\x7f", "\"[2J\"", "%09%1B[2J%7F", "\\x09\\x1b[2J\\x7f"},
    {"100%", "\"100%\"", "100%25", "100%"},
    {"caf\xc3\xa9", "\"caf\xc3\xa9\"", "caf%C3%A9", "caf\\xc3\\xa9"},
    {"\xff", "\"\xff\"", "%FF", "\\xff"},
};

static const struct {
    const char *text;
    const char *value; /* NULL: refused */
} forms[] = {
    {"", ""},
    {"plain", "plain"},
    {"a+b", "a b"},
    {"a%20b", "a b"},
    {"%2B%2b", "++"},
    {"%41%5a%25", "AZ%"},
    {"%C3%A9", "\xc3\xa9"},
    {"%2541", "%41"},
    {"%0d%0A", "\r\n"},
    {"%26%3D", "&="},
    {"%", NULL},
    {"%4", NULL},
    {"abc%", NULL},
    {"abc%2", NULL},
    {"%zz", NULL},
    {"%4g", NULL},
    {"% 41", NULL},
    {"%u0041", NULL},
    {"%00", NULL},
    {"a%00b", NULL},
    {"%00%zz", NULL},
};

static const struct {
    const char *text;
    const char *joined;
    int count;
} lists[] = {
    {"", "", 0},
    {" ", "", 0},
    {"   ", "", 0},
    {"a", "a", 1},
    {"a b", "a b", 2},
    {" a  b ", "a b", 2},
    {"a\tb", "a\tb", 1},
    {"a b a", "a b a", 3},
    {"admin:read admin:write", "admin:read admin:write", 2},
};

START_TEST(duration_is_read)
{
    apr_int64_t seconds = -1;

    ck_assert_ptr_null(
        fa_text_duration(unit_pool, durations[_i].text, &seconds));
    ck_assert_int_eq(seconds, durations[_i].seconds);
}
END_TEST

START_TEST(bad_duration_is_refused_by_name)
{
    apr_int64_t seconds = -1;
    const char *problem =
        fa_text_duration(unit_pool, bad_durations[_i], &seconds);

    ck_assert_msg(problem != NULL, "'%s' was taken", bad_durations[_i]);
    ck_assert_ptr_nonnull(strstr(problem, bad_durations[_i]));
    ck_assert_int_eq(seconds, -1);
}
END_TEST

START_TEST(scope_and_token_keep_to_their_alphabets)
{
    ck_assert_int_eq(fa_text_is_scope(words[_i].text), words[_i].is_scope);
    ck_assert_int_eq(fa_text_is_token(words[_i].text), words[_i].is_token);
}
END_TEST

START_TEST(each_byte_is_a_scope_or_token_as_the_standards_say)
{
    for (int c = 1; c < 256; c++) {
        const char text[] = {(char)c, '\0'};
        bool scope = c == 0x21 || (c >= 0x23 && c <= 0x5b) ||
                     (c >= 0x5d && c <= 0x7e); /* RFC 6749 section 3.3 */
        bool token = c > 0x20 && c < 0x7f &&
                     !strchr("\"(),/:;<=>?@[\\]{}", c); /* RFC 9110 5.6.2 */

        ck_assert_msg(fa_text_is_scope(text) == scope, "scope %02x", c);
        ck_assert_msg(fa_text_is_token(text) == token, "token %02x", c);
        ck_assert_msg(fa_text_has_control(text, 1) == (c < 0x20 || c == 0x7f),
                      "control %02x", c);
    }
}
END_TEST

START_TEST(control_is_looked_for_in_size_bytes)
{
    ck_assert(fa_text_has_control("a\0b", 3));
    ck_assert(!fa_text_has_control("a\nb", 1));
    ck_assert(!fa_text_has_control("", 0));
}
END_TEST

START_TEST(utf8_is_told_from_other_bytes)
{
    ck_assert_int_eq(fa_text_is_utf8(utf8[_i].text, strlen(utf8[_i].text)),
                     utf8[_i].is_utf8);
}
END_TEST

START_TEST(utf8_has_no_nul_and_ends_in_size)
{
    ck_assert(!fa_text_is_utf8("a\0b", 3));
    ck_assert(!fa_text_is_utf8("\xc3\xa9", 1));
    ck_assert(fa_text_is_utf8("a\xc3", 1));
}
END_TEST

/* jansson has a decoder of its own: every text of four bytes out of those at
 * the bounds is judged the same. */
START_TEST(utf8_is_judged_as_jansson_does)
{
    static const char bytes[] =
        "\x01\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee"
        "\xef\xf0\xf1\xf3\xf4\xf5\xff";
    const size_t count = sizeof(bytes) - 1;

    for (size_t i = 0; i < count * count * count * count; i++) {
        const char text[] = {bytes[i % count], bytes[i / count % count],
                             bytes[i / count / count % count],
                             bytes[i / count / count / count]};
        json_t *other = json_stringn(text, sizeof(text));

        ck_assert_int_eq(fa_text_is_utf8(text, sizeof(text)), other != NULL);
        json_decref(other);
    }
}
END_TEST

START_TEST(text_is_fit_for_quotes_headers_and_logs)
{
    ck_assert_str_eq(fa_text_quoted(unit_pool, shown[_i].text),
                     shown[_i].quoted);
    ck_assert_str_eq(fa_text_header_value(unit_pool, shown[_i].text),
                     shown[_i].header);
    ck_assert_str_eq(fa_text_log_value(unit_pool, shown[_i].text, 100),
                     shown[_i].log);
}
END_TEST

START_TEST(long_text_is_cut_for_the_log)
{
    ck_assert_str_eq(fa_text_log_value(unit_pool, "abcdef", 6), "abcdef");
    ck_assert_str_eq(fa_text_log_value(unit_pool, "abcdef", 5), "abcde...");
    ck_assert_str_eq(fa_text_log_value(unit_pool, "\n\n\n", 2),
                     "\\x0a\\x0a...");
    ck_assert_str_eq(fa_text_log_value(unit_pool, "a", 0), "...");
    ck_assert_str_eq(fa_text_log_value(unit_pool, "", 0), "");
}
END_TEST

START_TEST(no_byte_escapes_from_a_header_or_a_log)
{
    char all[256];

    for (int c = 1; c < 256; c++)
        all[c - 1] = (char)c;
    all[255] = '\0';
    const char *header = fa_text_header_value(unit_pool, all);
    const char *log = fa_text_log_value(unit_pool, all, sizeof(all));
    for (const char *at = header; *at; at++)
        ck_assert(*at >= 0x20 && *at < 0x7f);
    for (const char *at = log; *at; at++)
        ck_assert(*at >= 0x20 && *at < 0x7f);
    ck_assert_str_eq(fa_text_form_value(unit_pool, "+", 1), " ");
}
END_TEST

START_TEST(form_value_is_decoded_or_refused)
{
    const char *value =
        fa_text_form_value(unit_pool, forms[_i].text, strlen(forms[_i].text));

    if (forms[_i].value)
        ck_assert_str_eq(value, forms[_i].value);
    else
        ck_assert_ptr_null(value);
}
END_TEST

START_TEST(form_value_ends_in_size)
{
    ck_assert_str_eq(fa_text_form_value(unit_pool, "a%20b", 4), "a ");
    ck_assert_ptr_null(fa_text_form_value(unit_pool, "a%20b", 3));
    ck_assert_ptr_null(fa_text_form_value(unit_pool, "a%20b", 2));
    ck_assert_ptr_null(fa_text_form_value(unit_pool, "a\0b", 3));
    ck_assert_str_eq(fa_text_form_value(unit_pool, "%41&b=%", 3), "A");
}
END_TEST

START_TEST(words_are_split_at_spaces)
{
    apr_array_header_t *found = fa_text_words(unit_pool, lists[_i].text);

    ck_assert_int_eq(found->nelts, lists[_i].count);
    ck_assert_str_eq(fa_text_join(unit_pool, found), lists[_i].joined);
    for (int i = 0; i < found->nelts; i++)
        ck_assert(
            fa_text_has_word(found, APR_ARRAY_IDX(found, i, const char *)));
}
END_TEST

START_TEST(only_the_whole_word_counts)
{
    apr_array_header_t *found = fa_text_words(unit_pool, "read users:write");

    ck_assert(fa_text_has_word(found, "read"));
    ck_assert(!fa_text_has_word(found, "rea"));
    ck_assert(!fa_text_has_word(found, "reads"));
    ck_assert(!fa_text_has_word(found, "READ"));
    ck_assert(!fa_text_has_word(found, "users"));
    ck_assert(!fa_text_has_word(found, ""));
    ck_assert(!fa_text_has_word(NULL, "read"));
    ck_assert_str_eq(fa_text_join(unit_pool, NULL), "");
}
END_TEST

int main(void)
{
    TCase *text = unit_case("text");

    tcase_add_loop_test(text, duration_is_read, 0, UNIT_ROWS(durations));
    tcase_add_loop_test(text, bad_duration_is_refused_by_name, 0,
                        UNIT_ROWS(bad_durations));
    tcase_add_loop_test(text, scope_and_token_keep_to_their_alphabets, 0,
                        UNIT_ROWS(words));
    tcase_add_test(text, each_byte_is_a_scope_or_token_as_the_standards_say);
    tcase_add_test(text, control_is_looked_for_in_size_bytes);
    tcase_add_loop_test(text, utf8_is_told_from_other_bytes, 0,
                        UNIT_ROWS(utf8));
    tcase_add_test(text, utf8_has_no_nul_and_ends_in_size);
    tcase_add_test(text, utf8_is_judged_as_jansson_does);
    tcase_add_loop_test(text, text_is_fit_for_quotes_headers_and_logs, 0,
                        UNIT_ROWS(shown));
    tcase_add_test(text, long_text_is_cut_for_the_log);
    tcase_add_test(text, no_byte_escapes_from_a_header_or_a_log);
    tcase_add_loop_test(text, form_value_is_decoded_or_refused, 0,
                        UNIT_ROWS(forms));
    tcase_add_test(text, form_value_ends_in_size);
    tcase_add_loop_test(text, words_are_split_at_spaces, 0, UNIT_ROWS(lists));
    tcase_add_test(text, only_the_whole_word_counts);
    return unit_run("t_text", text, NULL);
}
