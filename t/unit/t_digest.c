/* SHA-256 and its HMAC are those of the standards.
 * Tests of fa_digest. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_digest.h"

/* FIPS 180-4, NIST's examples. */
static const struct {
    const char *text;
    size_t times;
    const char *digest;
} digests[] = {
    {"", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a", 1000000,
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void check(const unsigned char *digest, const char *expected)
{
    size_t size;
    const unsigned char *bytes = unit_hex(expected, &size);

    ck_assert_uint_eq(size, FA_DIGEST_SIZE);
    ck_assert_mem_eq(digest, bytes, FA_DIGEST_SIZE);
}

START_TEST(digest_is_sha_256)
{
    const char *text = unit_repeat(digests[_i].text, digests[_i].times);
    unsigned char digest[FA_DIGEST_SIZE];

    ck_assert(fa_digest(text, strlen(text), digest));
    check(digest, digests[_i].digest);
}
END_TEST

/* RFC 4231 sections 4.2 to 4.8, without the truncated one. */
static const struct {
    const char *key, *text, *digest;
} macs[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
     "dddddddddddddddddddddddddddddddddd",
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"0102030405060708090a0b0c0d0e0f10111213141516171819",
     "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
     "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
};

START_TEST(keyed_digest_is_hmac)
{
    size_t key_size, size;
    const unsigned char *key = unit_hex(macs[_i].key, &key_size);
    const unsigned char *text = unit_hex(macs[_i].text, &size);
    unsigned char digest[FA_DIGEST_SIZE];

    ck_assert(fa_digest_keyed(key, key_size, text, size, digest));
    check(digest, macs[_i].digest);
}
END_TEST

START_TEST(key_over_a_block_is_hashed)
{
    unsigned char key[131], digest[FA_DIGEST_SIZE];
    static const char text[] =
        "Test Using Larger Than Block-Size Key - Hash Key First";

    memset(key, 0xaa, sizeof key);
    ck_assert(fa_digest_keyed(key, sizeof key, text, sizeof text - 1, digest));
    check(digest,
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

START_TEST(absurd_key_gives_no_digest)
{
    unsigned char digest[FA_DIGEST_SIZE], none[FA_DIGEST_SIZE] = {0};

    memset(digest, 0xaa, sizeof digest);
    ck_assert(!fa_digest_keyed(unit_repeat("k", 4097), 4097, "", 0, digest));
    ck_assert_mem_eq(digest, none, sizeof digest);
}
END_TEST

int main(void)
{
    TCase *digest = unit_case("digest");

    tcase_add_loop_test(digest, digest_is_sha_256, 0, UNIT_ROWS(digests));
    tcase_add_loop_test(digest, keyed_digest_is_hmac, 0, UNIT_ROWS(macs));
    tcase_add_test(digest, key_over_a_block_is_hashed);
    tcase_add_test(digest, absurd_key_gives_no_digest);
    return unit_run("t_digest", digest, NULL);
}
