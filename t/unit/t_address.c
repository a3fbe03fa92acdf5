/* An address has one form, a network no bits behind its prefix.
 * Tests of fa_address. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <arpa/inet.h>

#include "fa_address.h"

static const struct {
    const char *text;
    const char *bytes; /* NULL: no address */
} addresses[] = {
    {"10.0.0.1", "00000000000000000000ffff0a000001"},
    {"255.255.255.255", "00000000000000000000ffffffffffff"},
    {"::ffff:10.0.0.1", "00000000000000000000ffff0a000001"},
    {"::FFFF:a00:1", "00000000000000000000ffff0a000001"},
    {"::", "00000000000000000000000000000000"},
    {"::1", "00000000000000000000000000000001"},
    {"::10.0.0.1", "0000000000000000000000000a000001"},
    {"2001:DB8::a", "20010db800000000000000000000000a"},
    {"fe80::1%eth0", "fe800000000000000000000000000001"},
    {"fe80::1%a-very-long-name-of-an-interface-0123456789-0123456789",
     "fe800000000000000000000000000001"},
    {"1111:2222:3333:4444:5555:6666:111.222.133.144",
     "1111222233334444555566666fde8590"},
    {"", NULL},
    {" 10.0.0.1", NULL},
    {"10.0.0.1 ", NULL},
    {"010.0.0.1", NULL},
    {"10.0.0.01", NULL},
    {"127.1", NULL},
    {"0x7f.1", NULL},
    {"2130706433", NULL},
    {"10.0.0.256", NULL},
    {"10.0.0.1.", NULL},
    {"10.0.0.1:80", NULL},
    {"10.0.0.1%eth0", NULL},
    {"[::1]", NULL},
    {"[::1]:80", NULL},
    {"::1::", NULL},
    {"12345::", NULL},
    {"unknown", NULL},
    {"localhost", NULL},
    {"%eth0", NULL},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", NULL},
};

START_TEST(address_has_one_form)
{
    const char *text = addresses[_i].text;
    fa_address address;
    size_t size;

    memset(&address, 0x55, sizeof address);
    ck_assert_msg(fa_address_parse(text, &address) ==
                      (addresses[_i].bytes != NULL),
                  "%s", text);
    if (addresses[_i].bytes)
        ck_assert_mem_eq(address.bytes, unit_hex(addresses[_i].bytes, &size),
                         16);
    else
        ck_assert_int_eq(address.bytes[0], 0x55);
}
END_TEST

static const struct {
    const char *text;
    const char *wrong; /* NULL: fine */
} networks[] = {
    {"10.0.0.0/8", NULL},
    {"10.1.2.3", NULL},
    {"10.1.2.3/32", NULL},
    {"10.1.2.2/31", NULL},
    {"0.0.0.0/0", NULL},
    {"::/0", NULL},
    {"2001:db8::/32", NULL},
    {"2001:db8::2/127", NULL},
    {"2001:db8::1/128", NULL},
    {"::ffff:10.0.0.0/104", NULL},
    {"10.0.0.1/8", "bits set"},
    {"10.1.2.3/31", "bits set"},
    {"10.1.2.3/0", "bits set"},
    {"2001:db8::1/127", "bits set"},
    {"::1/0", "bits set"},
    {"10.0.0.0/33", "at most 32"},
    {"10.0.0.0/-1", "at most 32"},
    {"10.0.0.0/", "at most 32"},
    {"10.0.0.0/+8", "at most 32"},
    {"10.0.0.0/ 8", "at most 32"},
    {"10.0.0.0/8 ", "at most 32"},
    {"10.0.0.0/8/8", "at most 32"},
    {"10.0.0.0/0x8", "at most 32"},
    {"10.0.0.0/0008", "at most 32"},
    {"10.0.0.0/4294967304", "at most 32"},
    {"10.0.0.0/18446744073709551624", "at most 32"},
    {"10.0.0.0/255.0.0.0", "at most 32"},
    {"2001:db8::/129", "at most 128"},
    {"", "no IPv4 or IPv6 address"},
    {"/8", "no IPv4 or IPv6 address"},
    {"10/8", "no IPv4 or IPv6 address"},
    {"10.0.0/8", "no IPv4 or IPv6 address"},
    {"010.0.0.0/8", "no IPv4 or IPv6 address"},
    {"fe80::1%eth0", "no IPv4 or IPv6 address"},
    {"example.com", "no IPv4 or IPv6 address"},
    {"all", "no IPv4 or IPv6 address"},
};

START_TEST(network_is_read_or_refused_by_name)
{
    const char *text = networks[_i].text;
    fa_network network = {.bits = 999};
    const char *wrong = fa_network_parse(unit_pool, text, &network);

    if (!networks[_i].wrong) {
        ck_assert_msg(!wrong, "%s", wrong);
        return;
    }
    ck_assert_msg(wrong && strstr(wrong, networks[_i].wrong), "%s: %s", text,
                  wrong ? wrong : "taken");
    ck_assert_msg(strstr(wrong, apr_psprintf(unit_pool, "'%s'", text)) != NULL,
                  "%s", wrong);
    ck_assert_uint_eq(network.bits, 999);
}
END_TEST

static const struct {
    const char *network;
    const char *inside;
    const char *outside; /* NULL: there is nobody outside */
} edges[] = {
    {"10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
    {"10.0.0.0/8", "10.0.0.0", "9.255.255.255"},
    {"10.0.0.0/8", "::ffff:10.0.0.1", "::ffff:11.0.0.1"},
    {"10.0.0.0/8", "10.9.9.9", "::10.0.0.1"},
    {"::ffff:10.0.0.0/104", "10.0.0.1", "11.0.0.1"},
    {"10.1.2.2/31", "10.1.2.3", "10.1.2.4"},
    {"10.1.2.2/31", "10.1.2.2", "10.1.2.1"},
    {"10.1.2.3", "10.1.2.3", "10.1.2.2"},
    {"128.0.0.0/1", "255.0.0.1", "127.255.255.255"},
    {"0.0.0.0/0", "203.0.113.1", "2001:db8::1"},
    {"0.0.0.0/0", "0.0.0.0", "::1"},
    {"::/0", "2001:db8::1", NULL},
    {"2001:db8::2/127", "2001:db8::3", "2001:db8::4"},
    {"2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"},
    {"2001:db8::1", "2001:db8::1", "2001:db8::"},
    {"fe80::1", "fe80::1%eth0", "fe80::2%eth0"},
};

static bool has(const char *network, const char *address)
{
    fa_network in;
    fa_address at;
    const char *wrong = fa_network_parse(unit_pool, network, &in);

    ck_assert_msg(!wrong, "%s", wrong);
    ck_assert_msg(fa_address_parse(address, &at), "%s", address);
    return fa_network_has(&in, &at);
}

START_TEST(network_is_exact_at_its_edges)
{
    const char *network = edges[_i].network;

    ck_assert_msg(has(network, edges[_i].inside), "%s", edges[_i].inside);
    if (edges[_i].outside)
        ck_assert_msg(!has(network, edges[_i].outside), "%s",
                      edges[_i].outside);
}
END_TEST

/* Every prefix length, and the one bit that makes the difference. */
START_TEST(each_bit_of_the_prefix_counts_and_none_behind)
{
    fa_network network = {.bits = (unsigned)_i};

    for (unsigned i = 0; i < 128; i++) {
        fa_address address = {{0}};

        address.bytes[i / 8] = (unsigned char)(0x80u >> i % 8);
        ck_assert_int_eq(fa_network_has(&network, &address), i >= network.bits);
    }
}
END_TEST

static const struct {
    const char *text;
    bool loopback;
} machines[] = {
    {"127.0.0.1", true},
    {"127.255.255.254", true},
    {"::ffff:127.0.0.1", true},
    {"::1", true},
    {"::1%lo", true},
    {"::", false},
    {"0.0.0.0", false},
    {"128.0.0.1", false},
    {"126.0.0.1", false},
    {"::127.0.0.1", false},
    {"::2", false},
    {"7f00::1", false},
};

START_TEST(loopback_is_this_machine)
{
    fa_address address;

    ck_assert(fa_address_parse(machines[_i].text, &address));
    ck_assert_int_eq(fa_address_is_loopback(&address), machines[_i].loopback);
}
END_TEST

/* A74: whatever stands for 127.0.0.1 somewhere is what inet_pton says. */
START_TEST(address_is_what_inet_pton_says)
{
    const json_t *forms =
        json_object_get(unit_corpus("ip/localhost_forms_fuzzdb.json"), "cases");
    size_t i, count = 0;
    const json_t *form;

    json_array_foreach(forms, i, form)
    {
        const char *text = json_string_value(form);
        unsigned char bytes[16];
        fa_address address;
        bool is_address = inet_pton(AF_INET, text, bytes) == 1 ||
                          inet_pton(AF_INET6, text, bytes) == 1;

        ck_assert_msg(fa_address_parse(text, &address) == is_address, "%s",
                      text);
        count++;
    }
    ck_assert_uint_gt(count, 20);
}
END_TEST

int main(void)
{
    TCase *address = unit_case("address");

    tcase_add_loop_test(address, address_has_one_form, 0, UNIT_ROWS(addresses));
    tcase_add_loop_test(address, network_is_read_or_refused_by_name, 0,
                        UNIT_ROWS(networks));
    tcase_add_loop_test(address, network_is_exact_at_its_edges, 0,
                        UNIT_ROWS(edges));
    tcase_add_loop_test(address, each_bit_of_the_prefix_counts_and_none_behind,
                        0, 129);
    tcase_add_loop_test(address, loopback_is_this_machine, 0,
                        UNIT_ROWS(machines));
    if (unit_has_corpus())
        tcase_add_test(address, address_is_what_inet_pton_says);
    else
        unit_skip("t_address", UNIT_CORPUS_ABSENT);
    return unit_run("t_address", address, NULL);
}
