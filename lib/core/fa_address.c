/* Client addresses and networks.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

static const unsigned char v4_mapped[12] = {0, 0, 0, 0, 0,    0,
                                            0, 0, 0, 0, 0xff, 0xff};

bool fa_address_parse(const char *text, fa_address *address)
{
    char plain[INET6_ADDRSTRLEN];
    size_t size = strcspn(text, "%");
    fa_address parsed;

    if (size >= sizeof plain || (text[size] == '%' && !strchr(text, ':')))
        return false;
    memcpy(plain, text, size);
    plain[size] = '\0';

    memcpy(parsed.bytes, v4_mapped, sizeof v4_mapped);
    if (inet_pton(AF_INET, plain, parsed.bytes + sizeof v4_mapped) != 1 &&
        inet_pton(AF_INET6, plain, parsed.bytes) != 1)
        return false;
    *address = parsed;
    return true;
}

static bool bit(const fa_address *address, unsigned index)
{
    return address->bytes[index / 8] & (0x80u >> index % 8);
}

const char *fa_network_parse(apr_pool_t *pool, const char *text,
                             fa_network *network)
{
    const char *slash = strchr(text, '/');
    const char *address =
        slash ? apr_pstrmemdup(pool, text, (size_t)(slash - text)) : text;
    unsigned offset = strchr(address, ':') ? 0 : 96;
    fa_network parsed = {.bits = 128};

    if (strchr(address, '%') || !fa_address_parse(address, &parsed.address))
        return apr_psprintf(pool, "'%s' is no IPv4 or IPv6 address or network",
                            text);
    if (slash) {
        char *end;
        unsigned long bits = strtoul(slash + 1, &end, 10);

        if (slash[1] < '0' || slash[1] > '9' || *end || end > slash + 4 ||
            bits > 128 - offset)
            return apr_psprintf(pool,
                                "'%s': the prefix is a number of bits, "
                                "at most %u",
                                text, 128 - offset);
        parsed.bits = (unsigned)bits + offset;
    }
    for (unsigned i = parsed.bits; i < 128; i++) {
        if (bit(&parsed.address, i))
            return apr_psprintf(pool, "'%s' has bits set behind its prefix",
                                text);
    }
    *network = parsed;
    return NULL;
}

bool fa_network_has(const fa_network *network, const fa_address *address)
{
    unsigned bytes = network->bits / 8;

    if (memcmp(network->address.bytes, address->bytes, bytes) != 0)
        return false;
    for (unsigned i = bytes * 8; i < network->bits; i++) {
        if (bit(&network->address, i) != bit(address, i))
            return false;
    }
    return true;
}

bool fa_address_is_loopback(const fa_address *address)
{
    static const fa_address v6 = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

    return memcmp(address, &v6, sizeof v6) == 0 ||
           (memcmp(address->bytes, v4_mapped, sizeof v4_mapped) == 0 &&
            address->bytes[12] == 127);
}
