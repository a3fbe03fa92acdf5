/* Client addresses and networks.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_ADDRESS_H
#define FA_ADDRESS_H

#include <stdbool.h>

#include <apr_pools.h>

/* An IPv6 address; an IPv4 one as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2), so
 * that both spellings of a client are one. */
typedef struct fa_address {
    unsigned char bytes[16];
} fa_address;

typedef struct fa_network {
    fa_address address;
    unsigned bits; /* 0 to 128; an IPv4 prefix plus 96 */
} fa_network;

/* An address as inet_pton reads it, a zone id (%eth0) left out. False where it
 * is none: leading zeros, short forms and host names are none. */
bool fa_address_parse(const char *text, fa_address *address);

/**
 * A network as ADDRESS or ADDRESS/BITS (RFC 4632 section 3.1, RFC 4291 section
 * 2.3).
 *
 * Returns NULL, or what was wrong; bits set behind the prefix are wrong.
 */
const char *fa_network_parse(apr_pool_t *pool, const char *text,
                             fa_network *network);

bool fa_network_has(const fa_network *network, const fa_address *address);

/* 127.0.0.0/8 or ::1. */
bool fa_address_is_loopback(const fa_address *address);

#endif
